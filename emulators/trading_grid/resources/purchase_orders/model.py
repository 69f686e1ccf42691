"""A purchase order, its changes, and what the partner says to it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints

from emulators.trading_grid.errors import invalid
from emulators.trading_grid.query import COMMON_FIELDS, Value
from emulators.trading_grid.resources.cases.model import PositiveQuantity
from emulators.trading_grid.store import (
    Code,
    Currency,
    Entity,
    ExternalReference,
    Money,
    Name,
    Prose,
    Tenant,
    UtcTime,
    Wire,
)
from emulators.trading_grid.wire import Links, dump

OrderType = Literal["drop_ship", "replenishment"]
OrderStatus = Literal["sent", "acknowledged", "partially_shipped", "shipped", "cancelled"]
Purpose = Literal["change", "cancel"]
ChangeStatus = Literal["pending", "acknowledged", "refused"]

PoNumber = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{1,22}$")]
Quantity = Annotated[int, Field(ge=0, le=1_000_000_000)]

NOT_COMING = frozenset({"IR", "ID", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8"})
"""Line acknowledgements (X12 element 668) after which nothing of the line is shipped."""
FOR_ALL = {"AD": "IA", "AE": "IA", "AK": "IA", "AP": "IA", "AT": "IA", "RD": "IR", "RJ": "IR"}
"""Header acknowledgements (element 587) that, without lines, say the same of every line."""


class ShipTo(Wire):
    """Where a drop-ship order goes."""

    name: Prose | None = None
    company: Prose | None = None
    address1: Name
    address2: Prose | None = None
    city: Name
    province_code: Prose | None = None
    postal_code: Prose | None = None
    country_code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    phone: Prose | None = None


class OrderLine(Wire):
    """``quantity`` is what is ordered now: an acknowledged change moves it, 0 is a cancelled line."""

    line_id: Name
    sku: Name
    quantity: Quantity
    unit_price: Money | None = None
    currency: Currency | None = None


class OrderLineBody(OrderLine):
    quantity: PositiveQuantity


class PurchaseOrder(Entity):
    NAME: ClassVar[str] = "purchase_order"
    COLLECTION: ClassVar[str] = "purchase-orders"

    po_number: PoNumber
    order_type: OrderType
    partner_id: str
    status: OrderStatus = "sent"
    ship_to: ShipTo | None = None
    requested_ship_date: date | None = None
    lines: list[OrderLine]

    def number(self) -> tuple[str, str] | None:
        return ("po_number", self.po_number)

    def line(self, line_id: str) -> OrderLine | None:
        return next((line for line in self.lines if line.line_id == line_id), None)


class ChangeLine(Wire):
    """In a ``change``, what a line is to be: its new ``quantity`` (0 takes it out), ``unit_price`` or
    ``sku``; an unknown ``line_id`` is a new line, which needs ``sku`` and ``quantity``. In a ``cancel``,
    ``quantity`` is how many are taken back; without it, all of the line."""

    line_id: Name
    quantity: Quantity | None = None
    sku: Name | None = None
    unit_price: Money | None = None
    currency: Currency | None = None


class OrderChange(Entity):
    """``acknowledge_time`` and ``note`` are the partner's, None while ``status`` is pending."""

    NAME: ClassVar[str] = "purchase_order_change"
    COLLECTION: ClassVar[str] = "purchase-order-changes"

    purchase_order_id: str
    change_number: str | int
    purpose: Purpose
    lines: list[ChangeLine]
    status: ChangeStatus = "pending"
    acknowledge_time: UtcTime | None = None
    note: Prose | None = None

    def path(self) -> str:
        return f"/purchase-orders/{self.purchase_order_id}/changes/{self.change_number}"

    def owners(self) -> tuple[str, ...]:
        return (self.purchase_order_id,)

    def number(self) -> tuple[str, str] | None:
        return ("change_number", f"{self.purchase_order_id} {self.change_number}")


class ResponseLine(Wire):
    """What the partner says of a line. Values are taken as they come: lines that are not in the order,
    more than was ordered, codes nobody knows, dates that are none."""

    line_id: str
    ack_code: str
    quantity: int | None = None
    scheduled_ship_date: str | None = None
    scheduled_delivery_date: str | None = None
    unit_price: Money | None = None
    substitute_sku: str | None = None
    note: str | None = None


class OrderResponse(Entity):
    """A later ``sequence`` replaces the earlier one for the lines it names."""

    NAME: ClassVar[str] = "purchase_order_response"
    COLLECTION: ClassVar[str] = "purchase-order-responses"

    purchase_order_id: str
    sequence: int
    header_code: str
    lines: list[ResponseLine]

    def path(self) -> str:
        return f"/purchase-orders/{self.purchase_order_id}/responses/{self.id}"

    def owners(self) -> tuple[str, ...]:
        return (self.purchase_order_id,)


class OrderBody(Wire):
    """What a company sends to order."""

    po_number: PoNumber
    order_type: OrderType
    partner_id: Name
    ship_to: ShipTo | None = None
    requested_ship_date: date | None = None
    lines: list[OrderLineBody] = Field(min_length=1, max_length=1000)
    external_reference: ExternalReference | None = None


class ChangeBody(Wire):
    """What a company sends to change or cancel; ``cancel`` without lines is the whole order."""

    change_number: (
        Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
        | Annotated[int, Field(ge=0, le=1_000_000)]
    )
    purpose: Purpose
    lines: list[ChangeLine] = Field(default_factory=list, max_length=1000)


class ResponseBody(Wire):
    """What a partner answers: lines, or a ``header_code`` (X12 element 587) for the whole order. Without
    ``sequence`` the next; lines without ``header_code`` are AD where all are accepted, else AC."""

    sequence: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    header_code: Code | None = None
    lines: list[ResponseLine] = Field(default_factory=list, max_length=10_000)


class AcknowledgeBody(Wire):
    status: Literal["acknowledged", "refused"] = "acknowledged"
    note: Prose | None = None


ORDER_FIELDS: dict[str, type[Value]] = {
    **COMMON_FIELDS,
    "po_number": str,
    "order_type": str,
    "status": str,
}
CHANGE_FIELDS: dict[str, type[Value]] = {
    **COMMON_FIELDS,
    "purpose": str,
    "status": str,
    "acknowledge_time": datetime,
}
RESPONSE_FIELDS: dict[str, type[Value]] = {**COMMON_FIELDS, "sequence": int, "header_code": str}


def order_numbered(tenant: Tenant, partner_id: str, po_number: str) -> PurchaseOrder | None:
    """The partner's purchase order of this number; another partner's is none of its business."""
    order = tenant.table(PurchaseOrder).numbered(po_number)
    return order if order is not None and order.partner_id == partner_id else None


def only_order(tenant: Tenant, partner_id: str, po_numbers: Iterable[str]) -> PurchaseOrder | None:
    """The one purchase order that is named; None where there are several or it is unknown."""
    numbers = set(po_numbers)
    return order_numbered(tenant, partner_id, numbers.pop()) if len(numbers) == 1 else None


def check_lines(lines: Sequence[OrderLine | ChangeLine]) -> None:
    """Raises ApiError 422 for a line id that stands twice."""
    seen: set[str] = set()
    for number, line in enumerate(lines):
        if line.line_id in seen:
            raise invalid(f"line_id {line.line_id!r} stands twice.", f"lines.{number}.line_id")
        seen.add(line.line_id)


def render_order(order: PurchaseOrder, links: Links) -> dict[str, Any]:
    body = dump(order, links)
    for name in ("changes", "responses"):
        body["_links"][name] = {"href": links(f"{order.path()}/{name}")}
    return body


def render_child(child: OrderChange | OrderResponse, links: Links) -> dict[str, Any]:
    """A change or a response, with the way to its order."""
    body = dump(child, links)
    body["_links"]["purchase_order"] = {
        "href": links(f"/purchase-orders/{child.purchase_order_id}")
    }
    return body
