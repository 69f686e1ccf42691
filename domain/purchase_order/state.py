"""What the workflow of purchase orders keeps, and what follows from it."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, Field

from domain.case import CaseState
from domain.message import Message
from domain.policy import PurchaseOrderPolicy
from domain.purchase_order.decision import Choice, Question, Topic, questions
from domain.purchase_order.lines import Line
from domain.purchase_order.names import Outcome, Position
from domain.purchase_order.orders import OrderStatus, PurchaseOrder
from domain.shop_order import hold_handle


class Phase(StrEnum):
    """Where the story is; the status others see is derived from it and the rest of the state."""

    OPENING = "opening"
    RUNNING = "running"
    ENDED = "ended"


class OrderedLine(Message):
    """A line of the order in Shopify that purchase orders cover; `quantity` is what was last acted upon. `elsewhere` of it
    had shipped before."""

    line_id: str
    sku: str
    name: str = ""
    quantity: int
    elsewhere: int = 0
    unit_price: Decimal = Decimal(0)


class ReassignStatus(StrEnum):
    CANCELLING = "cancelling"
    ORDERED = "ordered"
    DROPPED = "dropped"


class Reassignment(BaseModel):
    """Lines on their way from one partner to another."""

    number: int
    partner: str
    line_ids: tuple[str, ...]
    actor: str
    note: str = ""
    status: ReassignStatus = ReassignStatus.CANCELLING
    pieces: dict[str, int] = Field(default_factory=dict)
    """What the first partner has let go so far, by line."""


class HoldPlan(Message):
    """What one of the case's handles should hold, and why."""

    handle: str
    reason: str
    notes: str
    quantities: dict[str, int]


class PurchaseOrderState(BaseModel):
    """The one mutable object the case owns; the `current` query shows it as a snapshot (`standing`)."""

    case: CaseState = Field(default_factory=CaseState)
    phase: Phase = Phase.OPENING
    order_id: str = ""
    currency: str = ""
    ordered_at: datetime | None = None
    digits: str = ""
    """What the numbers of its purchase orders are told by: the order's name, or the replenishment's number."""
    spoilt_numbers: list[str] = Field(default_factory=list)
    """Numbers that were taken for the case and that Trading Grid has for something else."""
    order_gone: str = ""
    """Why the order in Shopify wants nothing any more; empty while it does."""
    known: dict[str, OrderedLine] = Field(default_factory=dict)
    policy: PurchaseOrderPolicy = Field(default_factory=PurchaseOrderPolicy)
    orders: list[PurchaseOrder] = Field(default_factory=list)
    decided: dict[str, Choice] = Field(default_factory=dict)
    """The merchant's words so far, by the question's key."""
    reassignments: list[Reassignment] = Field(default_factory=list)
    held: dict[str, dict[str, int]] = Field(default_factory=dict)
    """By reason, what we last saw held."""
    unholdable: dict[str, str] = Field(default_factory=dict)
    papers: list[str] = Field(default_factory=list)
    """Numbers of purchase orders whose papers have a case of their own."""
    others: list[str] = Field(default_factory=list)
    """LineItem numbers of the order that no purchase order covers: the merchant's own."""
    transfer_id: str = ""
    """The inventory transfer of a replenishment."""
    looking: bool = False
    """The order is being read again."""
    outcome: Outcome | None = None

    def order(self, number: str) -> PurchaseOrder | None:
        return next((order for order in self.orders if order.number == number), None)

    @property
    def partners(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(order.partner for order in self.orders))

    def of_line(self, line_id: str) -> Iterator[tuple[PurchaseOrder, Line]]:
        """The purchase orders that have a line of the order, the newest first."""
        for order in reversed(self.orders):
            if line_id in order.lines:
                yield order, order.lines[line_id]

    @property
    def asked(self) -> tuple[Question, ...]:
        """What only the merchant can say now (troubles aside)."""
        if self.phase is not Phase.RUNNING:
            return ()
        return questions(self.orders, self.decided)

    @property
    def accepted(self) -> frozenset[str]:
        return frozenset(key for key, choice in self.decided.items() if choice is Choice.ACCEPT)

    @property
    def settled(self) -> bool:
        """Whether every line is shipped, rejected and taken, or cancelled; and nothing is on its way to anybody."""
        reassigning = any(entry.status is ReassignStatus.CANCELLING for entry in self.reassignments)
        return not reassigning and not self.looking and all(o.settled for o in self.orders)

    @property
    def result(self) -> Outcome:
        """How the case ended, once it is settled."""
        if any(order.shipped for order in self.orders):
            return Outcome.COMPLETED
        if any(line.rejected for order in self.orders for line in order.lines.values()):
            return Outcome.REJECTED
        return Outcome.CANCELLED

    @property
    def covered_lines(self) -> list[str]:
        """The LineItem numbers that are still these purchase orders' business; those between two partners too."""
        moving = {
            line_id
            for entry in self.reassignments
            if entry.status is ReassignStatus.CANCELLING
            for line_id in entry.line_ids
        }
        return sorted(
            moving
            | {
                line.line_id
                for order in self.orders
                for line in order.lines.values()
                if not line.settled
            }
        )

    def position(self, number: str) -> Position:
        order = self.order(number)
        if order is None:
            return Position(found=False)
        return order.position(
            accepted=self.accepted,
            order_id=self.order_id,
            order_name=self.case.order_name,
            closed=self.outcome is not None,
        )

    def surplus(self, line_id: str) -> int:
        """Pieces of a line that partners promise and the order, as it is now, does not want; below zero: it wants more."""
        known = self.known[line_id]
        return self.promised(line_id) + known.elsewhere - known.quantity

    def promised(self, line_id: str) -> int:
        """Pieces of a line of the order that partners were asked for, ship or have shipped, and do not refuse; less what is
        being taken back, and with what is being added."""
        found = 0
        for order, line in self.of_line(line_id):
            found += line.gone + order.uncommitted(line)
            found += sum(change.adds(line_id) for change in order.pending_changes)
        return found

    # Holds.

    def holds(self, number: int) -> tuple[HoldPlan, ...]:
        """What should be held in Shopify now: pieces whose date is unknown, and pieces dated past the policy's limit.

        Not what is about to be written as shipped, and not where the merchant accepted the date. `number` is the case's.
        """
        undated: dict[str, int] = {}
        dated: dict[str, int] = {}
        for order in self.orders:
            if order.status is not OrderStatus.SENT or not order.policy.hold_backorders:
                continue
            for line in order.lines.values():
                pending, past = self._late(order, line)
                if pending:
                    undated[line.line_id] = undated.get(line.line_id, 0) + pending
                if past:
                    dated[line.line_id] = dated.get(line.line_id, 0) + past
        handle = hold_handle("purchase_order", number)
        return (
            HoldPlan(
                handle=handle,
                reason="UNKNOWN_DELIVERY_DATE",
                notes="The partner has not said when these ship.",
                quantities=undated,
            ),
            HoldPlan(
                handle=f"{handle}:dated",
                reason="INVENTORY_OUT_OF_STOCK",
                notes="Backordered past the policy's limit.",
                quantities=dated,
            ),
        )

    def _late(self, order: PurchaseOrder, line: Line) -> tuple[int, int]:
        """Pieces of a line without a date that should have one, and pieces dated too late."""
        parts = line.schedule()
        undated = sum(part.quantity for part in parts if part.owes_date)
        past = sum(part.quantity for part in parts if order.late(part))
        basis = line.answer.response_id if line.answer else ""
        if order.key(line.line_id, Topic.DATE, basis) in self.accepted:
            past = 0
        leaving = sum(taken.get(line.line_id, 0) for taken in order.announced.values())
        room = max(0, line.coming - leaving)
        undated = min(undated, room)
        return undated, min(past, room - undated)
