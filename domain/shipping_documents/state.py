"""What the workflow of shipping documents keeps, and what follows from it."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, Field

from domain.case import CaseState
from domain.message import Message
from domain.partner_case import AnswerKind, PartnerCase
from domain.policy import ShippingDocumentsPolicy
from domain.purchase_order.names import Position, PositionLine
from domain.shipping_documents.decision import Choice
from domain.shipping_documents.invoice import check_invoices
from domain.shipping_documents.matching import Match, Plan, added, match_notices, plan, wanted
from domain.shipping_documents.names import Outcome
from domain.shipping_documents.papers import (
    Discrepancy,
    Invoice,
    Notice,
    Paper,
    Written,
    missing_papers,
    newer,
    paper_words,
)


class Phase(StrEnum):
    """Where the story is; what is waited for is derived from the rest of the state."""

    OPENING = "opening"
    COLLECTING = "collecting"
    ENDED = "ended"


class ShippingDocumentsResult(Message):
    outcome: Outcome
    missing: tuple[str, ...] = ()
    discrepancies: tuple[str, ...] = ()


class Shipment(BaseModel):
    """A notice as it is now, and what became of it."""

    notice: Notice
    written: list[Written] = Field(default_factory=list)
    word: Choice | None = None
    """What the merchant said to it, for the version it said it to."""
    word_for: int = -1
    blocked: dict[str, str] = Field(default_factory=dict)
    """Line id -> whose hold, or what else, stands in the way; tried again on the merchant's word."""
    announced: bool = False
    """The purchase order was told that some of it is about to ship, and not yet what came of that."""
    told: dict[str, int] = Field(default_factory=dict)
    """What the purchase order was told has shipped."""

    @property
    def settled(self) -> dict[str, int]:
        return added(parcel.quantities for parcel in self.written)

    @property
    def decided(self) -> Choice | None:
        """The merchant's word on the notice as it is now."""
        return self.word if self.word_for >= self.notice.version else None


class ShippingDocumentsState(BaseModel):
    """The one mutable object a case owns; the `current` query shows it as a snapshot (`standing`)."""

    case: CaseState = Field(default_factory=CaseState)
    phase: Phase = Phase.OPENING
    po_number: str = ""
    partner: str = ""
    partner_name: str = ""
    order_id: str = ""
    policy: ShippingDocumentsPolicy = Field(default_factory=ShippingDocumentsPolicy)
    position: Position = Field(default_factory=lambda: Position(found=False))
    owned: bool = False
    """A purchase order's case of ours is open and watches over lines that are still to ship."""
    shipments: dict[str, Shipment] = Field(default_factory=dict)
    """By shipment number, in the order they came."""
    invoices: dict[str, Invoice] = Field(default_factory=dict)
    papers: dict[str, Paper] = Field(default_factory=dict)
    """By Trading Grid's document id."""
    versions: dict[str, int] = Field(default_factory=dict)
    """The newest version of each resource that was read."""
    reading: int = 0
    """Papers that are announced and not read yet."""
    refused: list[Discrepancy] = Field(default_factory=list)
    """Notices and invoices that are not taken at all, with the reason."""
    said: list[Discrepancy] = Field(default_factory=list)
    """What people were told of."""
    accepted: list[Discrepancy] = Field(default_factory=list)
    waived: list[str] = Field(default_factory=list)
    """Document types the merchant goes without."""
    chase_at: datetime | None = None
    asked: list[Discrepancy] = Field(default_factory=list)
    """What the merchant has us ask the partner to correct."""
    listed: list[str] = Field(default_factory=list)
    """What the partner's case names already."""
    rounds: int = 0
    """How many cases the partner was asked in."""
    chasing: PartnerCase | None = None
    """The partner's case that asks for what is missing, or is a mere conversation."""
    asking: bool = False
    """It asks for something, and its time runs."""
    short: dict[str, int] = Field(default_factory=dict)
    """Pieces by line that will not come; an order exception has them."""
    document_link: str = ""
    """Our own address of a stored document, with `{id}`."""
    linked: list[str] = Field(default_factory=list)
    """Our document ids that the order links."""
    outcome: Outcome | None = None

    # What came.

    def take_notice(self, notice: Notice) -> bool:
        """Take a notice, or its correction; false for one that is known already, or older."""
        known = self.shipments.get(notice.shipment_number)
        if not newer(notice, known.notice if known else None):
            return False
        if known is None:
            self.shipments[notice.shipment_number] = Shipment(notice=notice)
        else:
            known.notice = notice
            known.blocked = {}
        return True

    def take_invoice(self, invoice: Invoice) -> bool:
        """Take an invoice, or its correction; false for one that is known already, or older."""
        if not newer(invoice, self.invoices.get(invoice.invoice_number)):
            return False
        self.invoices[invoice.invoice_number] = invoice
        return True

    # The goods.

    @property
    def lines(self) -> tuple[PositionLine, ...]:
        return self.position.lines

    @property
    def shipped(self) -> dict[str, int]:
        """Pieces by line that are settled here."""
        return added(shipment.settled for shipment in self.shipments.values())

    def matches(self) -> dict[str, Match]:
        return match_notices(
            [shipment.notice for shipment in self.shipments.values()],
            self.lines,
            written={number: shipment.written for number, shipment in self.shipments.items()},
        )

    def plans(self) -> dict[str, Plan]:
        """What is still to be written of each shipment, by its number."""
        matches = self.matches()
        return {
            number: plan(number, matches[number], shipment.written, self.lines)
            for number, shipment in self.shipments.items()
        }

    @property
    def fulfils(self) -> bool:
        """Whether shipments are written to Shopify at all; a replenishment's are not."""
        return bool(self.order_id)

    def may_write(self, shipment: Shipment) -> bool:
        """Whether a shipment goes to Shopify without a further word of the merchant.

        A correction of one that was skipped is asked about again: what stands in Shopify of it, we don't know.
        """
        if not self.fulfils or shipment.decided is not None:
            return True
        return self.policy.auto_fulfil and shipment.word is not Choice.SKIP

    def waiting_shipments(self) -> tuple[str, ...]:
        """Shipments that wait for the merchant: its word, or a hold of somebody else."""
        plans = self.plans()
        return tuple(
            number
            for number, shipment in self.shipments.items()
            if (plans[number].ship and (shipment.blocked or not self.may_write(shipment)))
            or (plans[number].renumber and not self.may_write(shipment))
        )

    def to_write(self) -> str:
        """The first shipment that is to be written now; empty where there is none."""
        plans = self.plans()
        for number, shipment in self.shipments.items():
            todo = plans[number].renumber or (plans[number].ship and not shipment.blocked)
            if todo and self.may_write(shipment):
                return number
        return ""

    def to_tell(self) -> str:
        """The first shipment of which the purchase order has not heard all; empty where there is none."""
        return next(
            (
                number
                for number, shipment in self.shipments.items()
                if shipment.announced or shipment.settled != shipment.told
            ),
            "",
        )

    def under(self, number: str) -> dict[str, int]:
        """What stands in Shopify under a number, of whichever of our shipments."""
        return added(
            parcel.in_shopify
            for shipment in self.shipments.values()
            for parcel in shipment.written
            if parcel.number == number
        )

    def open_lines(self) -> dict[str, int]:
        """Pieces by line that are still to ship, and of which nobody has said that they will not."""
        gone = self._all_that_shipped()
        left = {
            line.line_id: wanted(line) - gone[line.line_id] - self.short.get(line.line_id, 0)
            for line in self.lines
        }
        return {line_id: count for line_id, count in left.items() if count > 0}

    @property
    def awaits_order(self) -> bool:
        """Whether the purchase order's case is to say how it goes on: it owes lines, or is being changed."""
        return self.owned and (bool(self.open_lines()) or self.position.changing)

    def all_shipped(self) -> bool:
        return not self.open_lines() and not self.to_write() and not self.waiting_shipments()

    def nothing_ships(self) -> bool:
        """Every line was rejected or cancelled: no papers are called for."""
        return bool(self.lines) and not self.shipments and not any(map(wanted, self.lines))

    # The papers.

    def missing(self) -> tuple[str, ...]:
        """The document types that are required, not in, and not waived."""
        if self.nothing_ships():
            return ()
        found = missing_papers(
            self.policy.required_documents,
            noticed=any(entry.notice.parcels() for entry in self.shipments.values()),
            invoiced=bool(self.invoices),
            papers=self.papers.values(),
        )
        return tuple(kind for kind in found if kind not in self.waived)

    def refused_papers(self) -> tuple[Paper, ...]:
        """Documents that were refused, and for which none of their type has come since."""
        there = {paper.document_type for paper in self.papers.values() if paper.document_id}
        return tuple(
            paper
            for paper in self.papers.values()
            if paper.refused
            and paper.document_type not in there
            and paper.document_type not in self.waived
        )

    def discrepancies(self) -> tuple[Discrepancy, ...]:
        """Everything that does not fit, as it is now."""
        found = list(self.refused)
        if not self.lines:  # nothing is known yet to hold it against
            return tuple(found)
        matches, plans = self.matches(), self.plans()
        for number, shipment in self.shipments.items():
            found += matches[number].discrepancies
            found += plans[number].discrepancies
            names = {line.line_id: line.sku or f"line {line.line_id}" for line in self.lines}
            for line_id, count in added(parcel.excess for parcel in shipment.written).items():
                text = f"{count} × {names.get(line_id, line_id)} had shipped, or gone, in Shopify before"
                found.append(Discrepancy(about=number, kind="excess", text=text))
        found += check_invoices(
            tuple(self.invoices.values()),
            self.lines,
            currency=self.position.currency,
            tolerance=self.policy.invoice_tolerance,
            shipped=self._all_that_shipped() if self.all_shipped() else None,
        )
        found += [
            Discrepancy(about=paper.file_name or paper.id, kind="refused", text=paper.refused)
            for paper in self.refused_papers()
        ]
        return tuple(found)

    def _all_that_shipped(self) -> dict[str, int]:
        """By line; the purchase order may know of more than came through here."""
        shipped = self.shipped
        return {
            line.line_id: max(line.shipped, shipped.get(line.line_id, 0)) for line in self.lines
        }

    def open_discrepancies(self) -> tuple[Discrepancy, ...]:
        """Those the merchant has not accepted."""
        return tuple(entry for entry in self.discrepancies() if entry not in self.accepted)

    def unlinked(self) -> tuple[str, ...]:
        """Our documents that the order in Shopify does not link yet, the newest first."""
        if not self.order_id or not self.policy.show_on_order:
            return ()
        found = [paper.document_id for paper in self.papers.values() if paper.document_id]
        return tuple(one for one in reversed(found) if one not in self.linked)

    # Who is waited for.

    def wanted_of_partner(self) -> tuple[str, ...]:
        """What the partner owes us, in words: papers, corrections, and the rest of the goods where nobody else asks."""
        words = [f"the {paper_words([kind])}" for kind in self.missing()]
        words += self.urgent()
        if not self.owned:
            names = {line.line_id: line.sku or f"line {line.line_id}" for line in self.lines}
            words += [
                f"{count} × {names[line_id]}, still to ship"
                for line_id, count in self.open_lines().items()
            ]
        return tuple(words)

    def urgent(self) -> tuple[str, ...]:
        """What the partner is asked for at once, in words: papers that were refused, and corrections."""
        still = self.discrepancies()
        refused = [
            f"{paper.file_name or paper.id} again: {paper.refused}"
            for paper in self.refused_papers()
        ]
        return (
            *refused,
            *(f"{entry.about}: {entry.text}" for entry in self.asked if entry in still),
        )

    def chase(self, now: datetime) -> bool:
        """Whether the partner is to be asked: for what was refused or is to be corrected at once, for the rest in time."""
        if self.phase is not Phase.COLLECTING or not self.wanted_of_partner():
            return False
        return bool(self.urgent()) or (self.chase_at is not None and now >= self.chase_at)

    @property
    def being_asked(self) -> bool:
        """The partner is asked for something, and has time."""
        case = self.chasing
        return case is not None and self.asking and not case.closing and not self.given_up

    @property
    def given_up(self) -> bool:
        """The partner has said that nothing more comes, or has not answered in time."""
        case = self.chasing
        if case is None or case.closing:
            return False
        declined = case.answer is not None and case.answer.kind is AnswerKind.DECLINE
        return declined or case.silent_since is not None

    @property
    def question(self) -> str:
        case = self.chasing
        return case.question if case is not None and case.asked and not case.closing else ""

    @property
    def wants_merchant(self) -> bool:
        """Whether the merchant holds the case up with something only it can say (troubles aside)."""
        if self.phase is not Phase.COLLECTING:
            return False
        if self.waiting_shipments() or self.question:
            return True
        if self.missing() or self.open_lines():
            return bool(self.missing()) and self.given_up
        return bool(self.open_discrepancies()) and not self.being_asked

    def complete(self) -> bool:
        """Every line is shipped, rejected or cancelled, the papers are in, and nothing waits for a word."""
        return (
            bool(self.lines)
            and not self.reading
            and self.all_shipped()
            and not self.awaits_order
            and not self.missing()
            and not self.open_discrepancies()
        )

    def all_said(self) -> bool:
        """Whether the purchase order and the order in Shopify know all that they are to know."""
        return not self.to_tell() and not self.unlinked()

    def final_outcome(self) -> Outcome:
        """How a case that is complete ends: with discrepancies where some were accepted, papers were waived, or goods
        will not come."""
        return Outcome.COMPLETE_WITH_DISCREPANCIES if self.blemishes() else Outcome.COMPLETE

    def blemishes(self) -> tuple[str, ...]:
        """What is not as it should be, in words, though nobody is waited for any more."""
        names = {line.line_id: line.sku or f"line {line.line_id}" for line in self.lines}
        words = [f"{entry.about}: {entry.text}" for entry in self.discrepancies()]
        if self.waived:
            words.append(f"without {paper_words(self.waived)}")
        words += [f"{count} × {names[line_id]} short" for line_id, count in self.short.items()]
        return tuple(words)

    def lacking(self) -> tuple[str, ...]:
        """What is missing of a complete case, in words: what it expires with."""
        words = [paper_words(self.missing())] if self.missing() else []
        words += [f"shipment {number} not fulfilled" for number in self.waiting_shipments()]
        return tuple(words)
