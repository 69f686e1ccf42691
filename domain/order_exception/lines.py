"""The lines of an exception: what a partner says of one, and how many of its pieces are settled, open or gone."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from enum import StrEnum

from pydantic import BaseModel, Field

from domain.message import Message
from domain.partner_case import AnswerKind, AnswerLine, PartnerAnswer

PARTNER = "partner:"  # how the actor of a partner's word begins


class ExceptionLine(Message):
    """A LineItem that cannot be fulfilled as promised. Ids are Shopify's numbers."""

    line_id: str
    sku: str = ""
    vendor: str = ""
    name: str = ""
    quantity: int = Field(gt=0)
    """How many pieces are wanted: what was still to ship when the line was taken in."""
    location: str = ""
    """The location that ships it; only for routing and for moves."""
    fulfillment_service: str = ""
    """Handle of the service that ships it, where one does; only for routing."""
    partner: str = ""
    """Empty: the merchant's own to settle."""

    @property
    def label(self) -> str:
        return self.sku or self.name or self.line_id


class Offer(StrEnum):
    """What a partner says of a line."""

    SHIPS = "ships"  # all of it, on a date
    PART = "part"  # a part at once, the rest on a date
    SUBSTITUTE = "substitute"
    CANNOT = "cannot"
    UNCLEAR = "unclear"  # a code that says none of these; kept as it is and shown to the merchant


# X12 element 668, as far as it says one of these of a line of a case (the contract names DR, BP, IS and IR).
OFFERS = {
    "DR": Offer.SHIPS,
    "IA": Offer.SHIPS,
    "BP": Offer.PART,
    "IS": Offer.SUBSTITUTE,
    "IR": Offer.CANNOT,
    "ID": Offer.CANNOT,
    "R1": Offer.CANNOT,
    "R2": Offer.CANNOT,
    "R3": Offer.CANNOT,
    "R4": Offer.CANNOT,
}


class Said(Message):
    """A partner's word on one line."""

    line_id: str
    offer: Offer
    by: str
    code: str = ""
    quantity: int = 0
    """With `part`: how many ship at once."""
    ship_date: date | None = None
    substitute_sku: str = ""
    note: str = ""

    @property
    def words(self) -> str:
        match self.offer:
            case Offer.SHIPS:
                said = f"ships on {self.ship_date}"
            case Offer.PART:
                said = f"{self.quantity} ship at once, the rest on {self.ship_date}"
            case Offer.SUBSTITUTE:
                said = f"offers {self.substitute_sku} instead"
            case Offer.CANNOT:
                said = "cannot be shipped"
            case Offer.UNCLEAR:
                said = f"answered with code {self.code}"
        return f"{said} ({self.note})" if self.note else said


class How(StrEnum):
    """How pieces of a line are settled."""

    SHIPS = "ships"
    SUBSTITUTE = "substitute"
    GIVEN_UP = "given_up"
    RESOLVED = "resolved"  # in another way, by the merchant


class Settlement(Message):
    """Pieces of a line that are settled. `ship_date` None with `ships`: at once. `by`: `partner:...` or an operator."""

    quantity: int = Field(gt=0)
    how: How
    by: str
    ship_date: date | None = None
    substitute_sku: str = ""
    keep_hold: bool = False
    """Given up, and to stay on hold after the end of the case."""

    @property
    def by_partner(self) -> bool:
        return self.by.startswith(PARTNER)


class Position(BaseModel):
    """How a line stands; mutable, owned by one workflow. At any time settled + open + gone = the line's quantity.

    What leaves the order is taken from what was settled first: of five pieces of which two were to ship at once, two that
    ship are those two.
    """

    line: ExceptionLine
    gone: int = 0
    """Pieces that were shipped, cancelled or taken over by a purchase order meanwhile."""
    gone_open: int = 0
    """Those of them that nobody had settled before."""
    covered: bool = False
    """A purchase order has taken the line over."""
    asked: bool = True
    """Off while the merchant reviews the order first: the partner is not told yet."""
    said: Said | None = None
    settlements: list[Settlement] = Field(default_factory=list)
    settled_before: int = 0
    """Pieces that were settled when the partner was last asked: a part it ships at once comes on top of them."""
    held_by_others: int = 0
    """The most pieces that somebody else held while we did not: theirs to release, never held by us as well."""

    @property
    def open(self) -> int:
        return self.line.quantity - self._ever_settled - self.gone_open

    @property
    def settled(self) -> int:
        """Pieces that are settled and have not left yet."""
        return self._ever_settled - (self.gone - self.gone_open)

    @property
    def _ever_settled(self) -> int:
        return sum(settlement.quantity for settlement in self.settlements)

    @property
    def kept_on_hold(self) -> int:
        """Pieces the merchant gave up and wants held."""
        kept = sum(entry.quantity for entry in self.settlements if entry.keep_hold)
        return min(kept, self.settled)

    def ask(self) -> None:
        """The partner is asked about what is open now, and about nothing else."""
        self.asked, self.settled_before = True, self._ever_settled

    def look(self, remaining: int) -> None:
        """Take what the order still has to ship of this line; of a line that a purchase order covers, nothing is left here.

        Pieces that come back (a cancelled fulfillment) are open again, before settled ones are.
        """
        left = 0 if self.covered else min(max(remaining, 0), self.line.quantity)
        more = self.line.quantity - left - self.gone
        if more > 0:
            self.gone_open += max(0, more - self.settled)
        else:
            self.gone_open -= min(-more, self.gone_open)
        self.gone += more

    def settle(self, how: How, by: str, *, quantity: int | None = None, **more: object) -> None:
        """Settle all that is open, or `quantity` of it at most."""
        pieces = self.open if quantity is None else min(quantity, self.open)
        if pieces > 0:
            self.settlements.append(
                Settlement.model_validate({"quantity": pieces, "how": how, "by": by} | more)
            )

    def take(self, said: Said, in_terms: Callable[[date], bool]) -> bool:
        """Take a partner's word; false where nothing is open any more, and nothing changes.

        It replaces the earlier word. Dates within the terms settle; everything else waits for the merchant.
        """
        if not self.open:
            return False
        self.said = said
        if said.offer is Offer.PART:
            first = said.quantity - (self._ever_settled - self.settled_before)
            if first > 0:
                self.settle(How.SHIPS, said.by, quantity=first)
        if said.offer in {Offer.SHIPS, Offer.PART} and said.ship_date and in_terms(said.ship_date):
            self.settle(How.SHIPS, said.by, ship_date=said.ship_date)
        return True


class Judgement(Message):
    """A partner's answer held against its lines: its words, or what is wrong with it in words the partner can act on."""

    said: tuple[Said, ...] = ()
    problems: tuple[str, ...] = ()


def judge(
    positions: Sequence[Position], answer: PartnerAnswer, by: str, *, today: date
) -> Judgement:
    """What an answer says of a partner's lines.

    `accept` ships every open line and needs a date for each; `decline` means that none, or none of the lines it names, can
    be shipped; `partial` says something else of each line it names. Lines left out of the last two stay open. An unknown
    line, a line named twice, a quantity or a date that cannot be, or a code without what it needs makes the whole answer a
    problem: half an answer is never applied. An unknown code is no problem: the merchant sees it.
    """
    if answer.kind not in {AnswerKind.ACCEPT, AnswerKind.DECLINE, AnswerKind.PARTIAL}:
        return Judgement(
            problems=(f"An answer of kind '{answer.raw_kind or answer.kind}' decides nothing.",)
        )
    known = {position.line.line_id: position for position in positions}
    named = Counter(entry.line_id for entry in answer.lines)
    problems = [
        f"Line {line_id} is not part of this case." for line_id in named if line_id not in known
    ]
    problems += [
        f"Line {line_id} is named {count} times."
        for line_id, count in named.items()
        if count > 1 and line_id in known
    ]
    if answer.kind is AnswerKind.PARTIAL and not answer.lines:
        problems.append("A partial answer names the lines it is about.")
    entries = {entry.line_id: entry for entry in answer.lines}
    whole = answer.kind is AnswerKind.ACCEPT or not answer.lines
    said: list[Said] = []
    for line_id, position in known.items():
        entry = entries.get(line_id)
        if entry is None and not (whole and position.open):
            continue
        found = _say(position, entry or AnswerLine(line_id=line_id), answer, by, today)
        if isinstance(found, str):
            problems.append(f"Line {line_id} ({position.line.label}): {found}")
        else:
            said.append(found)
    if problems:
        return Judgement(problems=tuple(problems))
    return Judgement(said=tuple(said))


def _say(
    position: Position, entry: AnswerLine, answer: PartnerAnswer, by: str, today: date
) -> Said | str:
    """One line's word, or what is wrong with it."""
    offer = _offer(entry, answer.kind)
    if offer is None:
        return "neither a code nor a date is given."
    wanted, quantity = position.line.quantity, entry.quantity
    if quantity is not None and not 0 <= quantity <= wanted:
        return f"{quantity} of {wanted} is not possible."
    if entry.ship_date is not None and entry.ship_date < today - timedelta(days=1):
        return f"the date {entry.ship_date} has passed."
    whole = {None, wanted, position.open}
    match offer:
        case Offer.SHIPS if entry.ship_date is None:
            return "say on which date it ships."
        case Offer.SHIPS if quantity not in whole:
            return "to ship a part, answer BP with what ships at once and the date of the rest."
        case Offer.PART if quantity is None or entry.ship_date is None:
            return "BP ships a part; say how many ship at once and when the rest does."
        case Offer.PART if quantity in {0, wanted}:
            return f"BP ships a part; {quantity} of {wanted} is none."
        case Offer.SUBSTITUTE if not entry.substitute_sku.strip():
            return "say which SKU you offer instead."
        case Offer.CANNOT if quantity not in whole | {0}:
            return "to ship a part, answer BP with what ships at once and the date of the rest."
        case _:
            return Said(
                line_id=entry.line_id,
                offer=offer,
                by=by,
                code=entry.code,
                quantity=quantity or 0,
                ship_date=entry.ship_date,
                substitute_sku=entry.substitute_sku.strip(),
                note=entry.note or answer.note,
            )


def _offer(entry: AnswerLine, kind: AnswerKind) -> Offer | None:
    code = entry.code.strip().upper()
    if code:
        return OFFERS.get(code, Offer.UNCLEAR)
    if kind is AnswerKind.DECLINE:
        return Offer.CANNOT
    if kind is AnswerKind.ACCEPT or entry.ship_date is not None:
        return Offer.SHIPS
    return None
