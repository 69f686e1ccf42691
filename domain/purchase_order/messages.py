"""What the activities of purchase orders take and give: one frozen model in, one out, each used by one activity.

Nothing here knows where the goods go: the activity that sends a purchase order reads that and passes it straight on.
"""

from datetime import date
from decimal import Decimal

from pydantic import Field

from domain.message import Message
from domain.policy import PurchaseOrderPolicy
from domain.purchase_order.orders import OrderType, Purpose
from domain.purchase_order.responses import Response
from domain.routing import Traits


class RoutedLine(Message):
    line_id: str
    traits: Traits


class PlanOrders(Message):
    """Which of these lines are drop-ship, and whose. `tags` and `number_of_orders` make the order's priority."""

    shop: str
    lines: tuple[RoutedLine, ...]
    tags: tuple[str, ...] = ()
    number_of_orders: int = 0


class PlannedPartner(Message):
    partner: str
    tenant: str
    name: str
    policy: PurchaseOrderPolicy


class OrdersPlan(Message):
    """`lines`: line id -> partner, drop-ship lines of active partners alone. `unasked`: partner -> why it gets nothing."""

    lines: dict[str, str] = Field(default_factory=dict)
    partners: dict[str, PlannedPartner] = Field(default_factory=dict)
    policy: PurchaseOrderPolicy
    shadow: bool = False
    unasked: dict[str, str] = Field(default_factory=dict)


class FindPartner(Message):
    """A partner somebody named, and the terms with it."""

    shop: str
    partner: str
    tenant: str = ""
    """Empty: the shop's own."""


class FoundPartner(Message):
    """`refused` says why it cannot be ordered from; empty where it can."""

    partner: PlannedPartner | None = None
    policy: PurchaseOrderPolicy
    shadow: bool = False
    refused: str = ""


class ReserveNumbers(Message):
    """Numbers for new purchase orders, one for each of these partners. `known` are those the case has already."""

    case_id: str
    shop: str
    digits: str
    """What the number is told by: the order's name, or the replenishment's number."""
    partners: tuple[tuple[str, str], ...]
    """(tenant, partner), in the order in which numbers are wanted."""
    known: tuple[str, ...] = ()


class ReservedNumbers(Message):
    numbers: tuple[str, ...]


class SentLine(Message):
    line_id: str
    sku: str
    quantity: int
    unit_price: Decimal


class SendOrder(Message):
    """`reference` is unique for this purchase order: a repeat finds what was sent, even after 24 hours.

    Goods go to the shipping address of `order_id`, or to `location_id` of the shop.
    """

    shop: str
    tenant: str
    partner: str
    number: str
    reference: str
    idempotency_key: str
    order_type: OrderType
    order_id: str = ""
    location_id: str = ""
    requested_ship_date: date | None = None
    currency: str
    lines: tuple[SentLine, ...]


class SentOrder(Message):
    """`unsent` says why nothing was sent; empty where the purchase order is there. `number_taken`: Trading Grid has that
    number for something that is not ours; another one is wanted."""

    remote_id: str = ""
    version: int = 0
    unsent: str = ""
    number_taken: bool = False


class ReadPurchaseOrder(Message):
    tenant: str
    partner: str
    remote_id: str


class ChangeFacts(Message):
    """A change as Trading Grid has it; `status`: pending, acknowledged, refused."""

    number: str
    status: str
    note: str = ""


class PurchaseOrderFacts(Message):
    """A purchase order with everything the partner said about it, responses by sequence."""

    version: int
    status: str = ""
    responses: tuple[Response, ...] = ()
    changes: tuple[ChangeFacts, ...] = ()


class SentChangeLine(Message):
    """`quantity`: of a change, what the line is to be; of a cancellation, what is taken back."""

    line_id: str
    quantity: int
    sku: str = ""
    unit_price: Decimal | None = None


class SendChange(Message):
    tenant: str
    partner: str
    remote_id: str
    number: int
    idempotency_key: str
    purpose: Purpose
    currency: str
    lines: tuple[SentChangeLine, ...]


class SentChange(Message):
    """`closed`: the order takes no change any more; nothing was written."""

    remote_id: str = ""
    status: str = ""
    closed: bool = False


class WithdrawOrder(Message):
    """Take back all that is still to come, at the end of a case. Where `remote_id` is empty, the answer to our sending never
    came: the order is looked for by its reference."""

    tenant: str
    partner: str
    remote_id: str
    reference: str
    number: int
    """Of the change."""
    idempotency_key: str
    lines: tuple[SentChangeLine, ...]


class WithdrawnOrder(Message):
    """`found`: there was an order to take back from, and it took the word."""

    found: bool
