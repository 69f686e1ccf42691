"""What an exception's workflow keeps, and what follows from it."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, Field

from domain.case import CaseState
from domain.message import Message
from domain.order_exception.decision import Choice, Decide, apply, concerned
from domain.order_exception.lines import ExceptionLine, How, Position
from domain.order_exception.messages import PlannedPartner
from domain.order_exception.names import Outcome, Reason
from domain.order_exception.opening import exceptional_lines
from domain.partner_case import PartnerCase
from domain.policy import AtDeadline, OrderExceptionPolicy
from domain.priority import Priority
from domain.shop_order import ShopOrder


class Phase(StrEnum):
    """Where the story is; the status others see is derived from it and the rest of the state."""

    OPENING = "opening"
    OPEN = "open"
    ENDED = "ended"


class OrderExceptionResult(Message):
    outcome: Outcome


class AskedPartner(BaseModel):
    """A partner that is asked: its case in Trading Grid, its terms. `round` counts its cases here."""

    case: PartnerCase
    policy: OrderExceptionPolicy
    round: int = 1

    @property
    def silent(self) -> bool:
        return self.case.silent_since is not None


class OrderExceptionState(BaseModel):
    """The one mutable object an exception owns; the `current` query shows it as a snapshot (`standing`)."""

    case: CaseState = Field(default_factory=CaseState)
    phase: Phase = Phase.OPENING
    reason: Reason = Reason.OTHER
    note: str = ""
    order_id: str = ""
    order: ShopOrder | None = None
    """As it was last read; read again before each decision that hangs on it."""
    priority: Priority = Priority.NORMAL
    policy: OrderExceptionPolicy = Field(default_factory=OrderExceptionPolicy)
    positions: dict[str, Position] = Field(default_factory=dict)
    planned: dict[str, PlannedPartner] = Field(default_factory=dict)
    """Partners that routes name, or lines were given to, with their terms; asked or not."""
    partners: dict[str, AskedPartner] = Field(default_factory=dict)
    reviewing: bool = False
    """The merchant reviews the order first; partners are asked on its word only."""
    hold_anyway: bool = False
    """The merchant wants the late pieces held, whatever the policy says, and with what they ship with where need be."""
    moving: set[str] = Field(default_factory=set)
    """Lines on their way to another location: Shopify moves nothing that is on hold."""
    held: dict[str, int] = Field(default_factory=dict)
    unholdable: dict[str, str] = Field(default_factory=dict)
    """LineItem number -> why it is not held though it should be."""
    not_apart: set[str] = Field(default_factory=set)
    """Lines that were ever not to be held apart."""
    outcome: Outcome | None = None

    # Lines.

    def take_unholdable(self, found: dict[str, str]) -> dict[str, str]:
        """What cannot be held now; of it, what was not known before."""
        new = {line_id: why for line_id, why in found.items() if line_id not in self.not_apart}
        self.unholdable = dict(found)
        self.not_apart |= set(found)
        return new

    def take_in(self, line: ExceptionLine) -> Position:
        """A line that the case is about from now on."""
        position = Position(line=line, asked=not self.reviewing)
        self.positions[line.line_id] = position
        return position

    def of_partner(self, partner: str) -> list[Position]:
        """The lines a partner is asked about, settled ones included."""
        return [
            position
            for position in self.positions.values()
            if position.asked and position.line.partner == partner
        ]

    def unanswered(self, partner: str) -> list[Position]:
        return [one for one in self.of_partner(partner) if one.open and one.said is None]

    def open_of(self, partner: str) -> list[Position]:
        return [one for one in self.of_partner(partner) if one.open]

    @property
    def open_lines(self) -> list[Position]:
        return [position for position in self.positions.values() if position.open]

    @property
    def settled(self) -> bool:
        return not self.open_lines

    def outcome_of_lines(self) -> Outcome:
        """What the case comes to once nothing is open: the merchant's word wins, then a partner's, else it was overtaken."""
        words = [entry for one in self.positions.values() for entry in one.settlements]
        if any(not word.by_partner for word in words):
            return Outcome.RESOLVED_BY_MERCHANT
        return Outcome.RESOLVED_BY_PARTNER if words else Outcome.OVERTAKEN

    def outcome_when_stopped(self) -> Outcome:
        """Given up, or gone from Shopify: words that settled some lines before do not settle the others."""
        return Outcome.OVERTAKEN

    # What Shopify says.

    def take_order(self, order: ShopOrder) -> list[tuple[Position, int]]:
        """Take the order as it is now; the lines of which pieces went (or, below zero, came back), with how many."""
        self.order = order
        moved: list[tuple[Position, int]] = []
        for line_id, position in self.positions.items():
            before = position.gone
            position.look(order.remaining.get(line_id, 0))
            if position.gone != before:
                moved.append((position, position.gone - before))
            theirs = self._held_by_others(order, line_id)
            position.held_by_others = max(position.held_by_others, theirs)
        return moved

    def news_of(self, order: ShopOrder) -> dict[str, Reason]:
        """Lines that have become exceptional and are not in the case yet."""
        found = exceptional_lines(order, self.policy)
        return {line_id: why for line_id, why in found.items() if line_id not in self.positions}

    def cover(self, line_id: str) -> bool:
        """A purchase order owns the line from now on; false where that is known, or no such line is here."""
        position = self.positions.get(line_id)
        if position is None or position.covered:
            return False
        position.covered = True
        position.look(0)
        return True

    def _held_by_others(self, order: ShopOrder, line_id: str) -> int:
        """How many pieces of a line somebody holds, and nobody of ours."""
        return sum(
            line.remaining
            for one in order.fulfillment_orders
            if one.open and one.holds and not any(hold.ours for hold in one.holds)
            for line in one.lines
            if line.line_id == line_id
        )

    # Our holds.

    @property
    def wanted_holds(self) -> dict[str, int]:
        """By LineItem number, how many pieces should be on hold by us now.

        What is open, while the case lasts; what the merchant gave up and wants held, also after its end.
        """
        found = {key: one.kept_on_hold for key, one in self.positions.items() if one.kept_on_hold}
        if self.phase is not Phase.OPEN or self.case.stop:
            return found
        if self.policy.hold_late_lines or self.hold_anyway:
            for line_id, one in self.positions.items():
                late = one.open - one.held_by_others
                if late > 0 and line_id not in self.moving:
                    found[line_id] = found.get(line_id, 0) + late
        return self._with_what_ships_along(found) if self.hold_anyway else found

    @property
    def left_on_hold(self) -> list[Position]:
        """Lines that are to ship, and that somebody else still held when the order was last read."""
        return [
            one
            for line_id, one in self.positions.items()
            if self.order is not None
            and one.settled
            and any(entry.how is not How.GIVEN_UP for entry in one.settlements)
            and self._held_by_others(self.order, line_id)
        ]

    def _with_what_ships_along(self, wanted: dict[str, int]) -> dict[str, int]:
        """With everything else of the fulfillment orders whose lines could not be held apart."""
        found = dict(wanted)
        stuck = self.not_apart & set(wanted)
        for one in self.order.fulfillment_orders if self.order else ():
            if one.open and any(line.line_id in stuck for line in one.lines):
                for line in one.lines:
                    found[line.line_id] = max(found.get(line.line_id, 0), line.remaining)
        return {line_id: quantity for line_id, quantity in found.items() if quantity > 0}

    # Partners and the merchant.

    def in_terms(self, partner: str, ship_date: date, now: datetime) -> bool:
        """Whether a partner's ship date settles a line by itself."""
        asked = self.partners.get(partner)
        within = (asked.policy if asked else self.policy).accept_dates_within
        return within is None or ship_date <= within.after(now).date()

    def concerned(self, decision: Decide) -> list[Position]:
        return concerned(self.positions, decision)

    def decide(self, decision: Decide) -> list[Position]:
        """Take the merchant's word; the lines it holds for."""
        lines = self.concerned(decision)
        for position in lines:
            apply(position, decision)
        if decision.choice is Choice.HOLD:
            self.hold_anyway = True
        if decision.choice is Choice.ASK_PARTNER:
            self.reviewing = any(not one.asked for one in self.open_lines)
        return lines

    def wants_decision(self, position: Position) -> bool:
        """Whether only the merchant can bring a line on."""
        if not position.open:
            return False
        partner = position.line.partner
        if not partner or not position.asked or position.said is not None:
            return True
        asked = self.partners.get(partner)
        return asked is not None and asked.silent

    @property
    def for_merchant(self) -> list[Position]:
        return [position for position in self.positions.values() if self.wants_decision(position)]

    @property
    def questions(self) -> list[PartnerCase]:
        return [one.case for one in self.partners.values() if one.case.asked]

    @property
    def wants_merchant(self) -> bool:
        """Whether the merchant holds the case up with something only it can say (troubles aside)."""
        return self.phase is Phase.OPEN and bool(self.questions or self.for_merchant)

    def why_merchant(self, position: Position) -> str:
        """Why a line waits for the merchant, in a few words."""
        if position.said is not None:
            return position.said.words
        if not position.asked:
            return "to be reviewed"
        if not position.line.partner:
            return "belongs to no partner"
        asked = self.partners.get(position.line.partner)
        declined = asked is not None and asked.policy.at_deadline is AtDeadline.DECLINE
        return "no answer in time, so it cannot be shipped" if declined else "no answer in time"

    def ship_dates(self) -> dict[str, str]:
        """What customer service can pass on, by line: when how many ship, what comes instead, what was given up."""
        facts: dict[str, str] = {}
        for position in self.positions.values():
            for entry in position.settlements:
                match entry.how:
                    case How.SHIPS:
                        key, what = "ship", str(entry.ship_date or "at once")
                    case How.SUBSTITUTE:
                        key, what = "substitute", entry.substitute_sku
                    case How.GIVEN_UP:
                        key, what = "given_up", "given up"
                    case How.RESOLVED:
                        key, what = "resolved", "settled by the merchant"
                name, words = f"{key}:{position.line.label}", f"{what} × {entry.quantity}"
                facts[name] = f"{facts[name]}, {words}" if name in facts else words
        return facts
