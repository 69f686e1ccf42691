"""One purchase order with one partner: its ledger, the changes asked of it, and how long each thing is waited for."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, Field

from domain.clock import Clock
from domain.message import Message
from domain.policy import PurchaseOrderPolicy
from domain.purchase_order.codes import Ask, Bucket
from domain.purchase_order.lines import (
    Ledger,
    Line,
    Part,
    apply_cancellation,
    apply_change,
)
from domain.purchase_order.names import Position, PositionLine


class OrderType(StrEnum):
    """Trading Grid's words."""

    DROP_SHIP = "drop_ship"
    REPLENISHMENT = "replenishment"


class OrderStatus(StrEnum):
    PLANNED = "planned"  # nothing has been sent, or nobody knows whether it arrived
    SENT = "sent"
    UNSENT = "unsent"  # it will not be sent: the matter was gone before


class Purpose(StrEnum):
    """Trading Grid's words."""

    CHANGE = "change"
    CANCEL = "cancel"


class ChangeStatus(StrEnum):
    ASKED = "asked"  # the merchant's word is wanted before it is sent
    WANTED = "wanted"
    SENT = "sent"  # the partner has to acknowledge it
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"  # by the partner; the merchant is asked
    DROPPED = "dropped"

    @property
    def pending(self) -> bool:
        """Whether something may still come of it by itself or by the merchant's word."""
        return self not in {ChangeStatus.ACKNOWLEDGED, ChangeStatus.DROPPED}


class ChangedLine(Message):
    """In a cancellation `pieces` are taken back; in a change they are added, and `unit_price` is what holds from then on."""

    pieces: int = 0
    sku: str = ""
    unit_price: Decimal | None = None


class Change(BaseModel):
    """A change or cancellation of a purchase order; one at a time is with the partner."""

    number: int
    purpose: Purpose
    lines: dict[str, ChangedLine]
    why: str
    status: ChangeStatus
    remote_id: str = ""
    note: str = ""
    """The partner's words on it."""
    clock: Clock | None = None
    silent_since: datetime | None = None
    reassignment: int = 0
    """The reassignment it is for; 0: none."""
    taken_back: dict[str, int] = Field(default_factory=dict)
    """Of an acknowledged cancellation, what was really there to be taken back, by line."""

    def takes(self, line_id: str) -> int:
        """Pieces of a line that this cancellation is about to take."""
        line = self.lines.get(line_id)
        return line.pieces if line and self.purpose is Purpose.CANCEL else 0

    def adds(self, line_id: str) -> int:
        """Pieces of a line that this change is about to add."""
        line = self.lines.get(line_id)
        return line.pieces if line and self.purpose is Purpose.CHANGE else 0

    def forget(self, line_id: str, count: int) -> int:
        """Want up to so many pieces of a line less changed; with nothing left it is dropped. How many that were."""
        entry = self.lines.get(line_id)
        pieces = min(count, entry.pieces) if entry else 0
        if entry is None or pieces <= 0:
            return 0
        if pieces < entry.pieces:
            self.lines[line_id] = entry.model_copy(update={"pieces": entry.pieces - pieces})
        else:
            del self.lines[line_id]
        if not self.lines:
            self.status = ChangeStatus.DROPPED
        return pieces


class PurchaseOrder(BaseModel):
    """A purchase order as its case knows it; mutable, owned by one workflow."""

    number: str
    partner: str
    tenant: str
    name: str = ""
    policy: PurchaseOrderPolicy
    currency: str = ""
    order_type: OrderType = OrderType.DROP_SHIP
    requested_ship_date: date | None = None
    status: OrderStatus = OrderStatus.PLANNED
    asked_for: bool = False
    """We set out to send it; `remote_id` is there once we know that it arrived."""
    send_word: bool = False
    """The merchant's word to send it, where the policy wants one."""
    remote_id: str = ""
    version: int = 0
    ledger: Ledger = Field(default_factory=Ledger)
    changes: list[Change] = Field(default_factory=list)
    announced: dict[str, dict[str, int]] = Field(default_factory=dict)
    """By shipment, what is about to be written to Shopify: it must not be held again."""
    sent_at: datetime | None = None
    clock: Clock | None = None
    """The partner's time to answer."""
    silent_since: datetime | None = None
    ship_clock: Clock | None = None
    overdue_since: datetime | None = None
    reminders_sent: int = 0
    late_after: date | None = None
    """The last day for which pieces may be promised without being held, and without the merchant's word."""
    asked_again: list[str] = Field(default_factory=list)
    """`{line}/{response}` where the merchant chose to wait for another word of the partner."""

    @property
    def who(self) -> str:
        return self.name or self.partner

    @property
    def lines(self) -> dict[str, Line]:
        return self.ledger.lines

    @property
    def coming(self) -> int:
        return sum(line.coming for line in self.lines.values())

    @property
    def shipped(self) -> int:
        return sum(line.shipped for line in self.lines.values())

    @property
    def pending_changes(self) -> list[Change]:
        return [change for change in self.changes if change.status.pending]

    @property
    def settled(self) -> bool:
        """Whether nothing of it is waited for any more, by anybody."""
        return self.ledger.settled and not self.pending_changes

    def unanswered(self, line: Line) -> int:
        """Pieces for which the partner owes an answer, or a date; not those on which the merchant has to say something."""
        if not line.coming:
            return 0
        answer = line.answer
        if answer is not None and f"{line.line_id}/{answer.response_id}" in self.asked_again:
            return line.coming
        open_, undated = line.open, sum(p.quantity for p in line.schedule() if p.owes_date)
        offers = {Ask.SUBSTITUTE, Ask.HELD, Ask.UNKNOWN_CODE}
        if answer is not None and offers & set(answer.asks):
            open_ = max(0, open_ - answer.pieces(Bucket.OPEN))
        return open_ + undated

    @property
    def expects_answer(self) -> bool:
        return self.status is OrderStatus.SENT and any(
            self.unanswered(line) for line in self.lines.values()
        )

    @property
    def expects_shipment(self) -> bool:
        """Whether nothing but the goods is waited for."""
        return (
            self.status is OrderStatus.SENT
            and self.coming > 0
            and not self.expects_answer
            and not self.pending_changes
        )

    @property
    def last_date(self) -> date | None:
        """The latest day on which something of it is to leave."""
        days = [
            day
            for line in self.lines.values()
            for part in line.schedule()
            if (day := part.day) is not None
        ]
        return max(days, default=None)

    def uncommitted(self, line: Line) -> int:
        """Pieces that are still to come and that no cancellation under way is about to take."""
        taken = sum(change.takes(line.line_id) for change in self.pending_changes)
        return max(0, line.coming - taken)

    def key(self, line_id: str, topic: str, basis: str) -> str:
        """The key of a question about it (`decision.Question`)."""
        return f"{self.number}/{line_id}/{topic}/{basis}"

    def late(self, part: Part) -> bool:
        """Whether pieces are promised for later than the policy allows."""
        day, limit = part.day, self.late_after
        return bool(day and limit and day > limit) and part.bucket is not Bucket.OPEN

    def agreed_price(self, line: Line, accepted: Collection[str] = ()) -> Decimal:
        """The price that holds: the partner's where it is within the tolerance, or among the `accepted` questions' keys."""
        answer = line.answer
        if answer is None or answer.unit_price is None:
            return line.unit_price
        fits = within_tolerance(line.unit_price, answer.unit_price, self.policy.price_tolerance)
        taken = self.key(line.line_id, "price", answer.response_id) in accepted
        return answer.unit_price if fits or taken else line.unit_price

    def plan(
        self,
        purpose: Purpose,
        lines: Mapping[str, ChangedLine],
        why: str,
        *,
        asks: bool = False,
        reassignment: int = 0,
    ) -> Change | None:
        """Ask for a change or a cancellation. What was never sent is changed at once, and nobody is told (None)."""
        if not self.asked_for:
            self.apply(purpose, lines)
            return None
        change = Change(
            number=len(self.changes) + 1,
            purpose=purpose,
            lines=dict(lines),
            why=why,
            status=ChangeStatus.ASKED if asks else ChangeStatus.WANTED,
            reassignment=reassignment,
        )
        self.changes.append(change)
        return change

    def acknowledge(self, change: Change) -> None:
        """The partner agrees, or the merchant does without its word: the change holds from now on."""
        before = {line_id: line.cancelled for line_id, line in self.lines.items()}
        self.apply(change.purpose, change.lines)
        change.status = ChangeStatus.ACKNOWLEDGED
        change.taken_back = {
            line_id: gone
            for line_id in change.lines
            if (gone := self.lines[line_id].cancelled - before.get(line_id, 0)) > 0
        }

    def apply(self, purpose: Purpose, lines: Mapping[str, ChangedLine]) -> None:
        """What was acknowledged, or never had to be."""
        if purpose is Purpose.CANCEL:
            pieces = {line_id: entry.pieces for line_id, entry in lines.items()}
            self.ledger = apply_cancellation(self.ledger, pieces)
            return
        for line_id, entry in lines.items():
            self.ledger = apply_change(
                self.ledger,
                line_id,
                self.wanted_after(line_id, entry),
                sku=entry.sku,
                unit_price=entry.unit_price,
            )

    def undo(self, purpose: Purpose, line_id: str, count: int) -> int:
        """Take up to so many pieces out of what the partner refused, or the merchant has not let go: the order in Shopify
        does not want that change any more. How many that were."""
        undone = 0
        for change in self.changes:
            idle = change.status in {ChangeStatus.REFUSED, ChangeStatus.ASKED}
            if change.purpose is purpose and idle and not change.reassignment:
                undone += change.forget(line_id, count - undone)
        return undone

    def wanted_after(self, line_id: str, entry: ChangedLine) -> int:
        """What a line's quantity is to be once a change holds."""
        line = self.lines.get(line_id)
        return (line.wanted if line else 0) + entry.pieces

    def position(
        self,
        *,
        accepted: Collection[str],
        order_id: str,
        order_name: str,
        closed: bool,
    ) -> Position:
        return Position(
            found=True,
            po_number=self.number,
            partner=self.partner,
            tenant=self.tenant,
            currency=self.currency,
            order_id=order_id,
            order_name=order_name,
            closed=closed,
            changing=not closed and bool(self.pending_changes),
            lines=tuple(
                PositionLine(
                    line_id=line.line_id,
                    sku=line.sku,
                    unit_price=self.agreed_price(line, accepted),
                    ordered=line.ordered,
                    confirmed=line.confirmed,
                    backordered=line.backordered,
                    rejected=line.rejected,
                    cancelled=line.cancelled,
                    shipped=line.shipped,
                )
                for line in self.lines.values()
            ),
        )


def within_tolerance(ours: Decimal, theirs: Decimal, share: Decimal) -> bool:
    """Whether a price differs by at most this share of ours; a lower one always fits."""
    return theirs <= ours + ours * share
