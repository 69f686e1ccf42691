"""Fulfillment orders with their holds, and the fulfillments that they become."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from emulators.shopify.model.catalog import Location
from emulators.shopify.model.resource import Resource

if TYPE_CHECKING:
    from emulators.shopify.model.orders import LineItem, Order

ENDED = frozenset({"CLOSED", "CANCELLED"})
"""A fulfillment order in one of these statuses is worked on no more."""

WITH_SERVICE = frozenset(
    {"SUBMITTED", "ACCEPTED", "CANCELLATION_REQUESTED", "CANCELLATION_REJECTED"}
)
"""A fulfillment service has its say; the location can't be changed (docs of `fulfillmentOrderMove`)."""

DISPLAY_REASONS = {
    "AWAITING_PAYMENT": "Awaiting payment",
    "AWAITING_RETURN_ITEMS": "Awaiting return items",
    "HIGH_RISK_OF_FRAUD": "High risk of fraud",
    "INCORRECT_ADDRESS": "Incorrect address",
    "INVENTORY_OUT_OF_STOCK": "Inventory out of stock",
    "ONLINE_STORE_POST_PURCHASE_CROSS_SELL": "Waiting for post-purchase offers",
    "OTHER": "Other",
    "UNKNOWN_DELIVERY_DATE": "Unknown delivery date",
}


@dataclass(frozen=True)
class AppRef:
    """An app by its number. ``requesting``: it is the app that talks to this emulator."""

    id: int
    title: str
    requesting: bool = False

    @property
    def gid(self) -> str:
        return f"gid://shopify/App/{self.id}"


@dataclass(eq=False, repr=False)
class FulfillmentHold(Resource):
    """Why a fulfillment order waits. ``app`` is who placed it; None where staff did."""

    gql_type: ClassVar[str] = "FulfillmentHold"
    id: int
    reason: str
    created_at: datetime
    reason_notes: str | None = None
    handle: str | None = None
    app: AppRef | None = None

    @property
    def display_reason(self) -> str:
        return DISPLAY_REASONS[self.reason]

    @property
    def held_by_requesting_app(self) -> bool:
        return self.app is not None and self.app.requesting


@dataclass(eq=False, repr=False)
class FulfillmentOrderLineItem(Resource):
    gql_type: ClassVar[str] = "FulfillmentOrderLineItem"
    id: int
    line_item: LineItem
    total_quantity: int
    remaining_quantity: int


@dataclass(eq=False, repr=False)
class FulfillmentOrder(Resource):
    """What one location is to ship.

    ``progress_reported``: somebody said by hand that work has begun. ``unsplittable`` is set by a control
    call only, to see what an app does when lines can't be held apart.
    """

    gql_type: ClassVar[str] = "FulfillmentOrder"
    id: int
    order: Order
    location: Location
    created_at: datetime
    updated_at: datetime
    line_items: list[FulfillmentOrderLineItem] = field(default_factory=list)
    holds: list[FulfillmentHold] = field(default_factory=list)
    status: str = "OPEN"
    request_status: str = "UNSUBMITTED"
    fulfill_at: datetime | None = None
    fulfill_by: datetime | None = None
    progress_reported: bool = False
    unsplittable: bool = False

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def with_service(self) -> bool:
        return self.request_status in WITH_SERVICE

    @property
    def remaining_quantity(self) -> int:
        return sum(line.remaining_quantity for line in self.line_items)

    @property
    def partly_shipped(self) -> bool:
        return any(
            item.fulfillment_order_line_item in self.line_items
            for fulfillment in self.order.fulfillments
            if fulfillment.status == "SUCCESS"
            for item in fulfillment.line_items
        )

    def resting_status(self, now: datetime) -> str:
        """The status of a fulfillment order that is neither ended nor on hold.

        A closed request with something left is one that the service could not complete.
        """
        if self.fulfill_at is not None and self.fulfill_at > now:
            return "SCHEDULED"
        if self.request_status == "CLOSED":
            return "INCOMPLETE"
        accepted = self.request_status in WITH_SERVICE - {"SUBMITTED"}
        working = accepted or self.progress_reported or self.partly_shipped
        return "IN_PROGRESS" if working else "OPEN"

    def mergeable_with(self, other: FulfillmentOrder) -> bool:
        """Open, untouched, for the same order and location, and with nobody else."""
        return all(
            fo.status == "OPEN" and not fo.with_service and not fo.partly_shipped
            for fo in (self, other)
        ) and (self.order is other.order and self.location is other.location and self is not other)

    @property
    def supported_actions(self) -> list[str]:
        """What may be done next (`FulfillmentOrderAction`); several combinations are assumed."""
        if self.ended:
            return []
        if self.status == "ON_HOLD":
            return ["RELEASE_HOLD", "HOLD"]
        if self.status == "SCHEDULED":
            return ["MARK_AS_OPEN", "HOLD"]
        if self.status == "INCOMPLETE":
            return ["REQUEST_FULFILLMENT", "CREATE_FULFILLMENT", "MOVE"]
        match self.request_status:
            case "SUBMITTED":
                return ["CANCEL_FULFILLMENT_ORDER"]
            case "ACCEPTED":
                return ["REQUEST_CANCELLATION", "CREATE_FULFILLMENT"]
            case "CANCELLATION_REQUESTED" | "CANCELLATION_REJECTED":
                return ["CREATE_FULFILLMENT"]
        if self.progress_reported:
            return ["CREATE_FULFILLMENT", "MARK_AS_OPEN"]
        actions = ["CREATE_FULFILLMENT", "MOVE", "HOLD"]
        if self.location.fulfillment_service is not None:
            actions.insert(0, "REQUEST_FULFILLMENT")
        else:
            actions.append("REPORT_PROGRESS")
        if self.remaining_quantity > 1 and not self.unsplittable:
            actions.append("SPLIT")
        if any(self.mergeable_with(other) for other in self.order.fulfillment_orders):
            actions.append("MERGE")
        return actions


@dataclass(frozen=True)
class Tracking:
    company: str | None = None
    number: str | None = None
    url: str | None = None


@dataclass(eq=False, repr=False)
class FulfillmentLineItem(Resource):
    gql_type: ClassVar[str] = "FulfillmentLineItem"
    id: int
    fulfillment: Fulfillment
    line_item: LineItem
    quantity: int
    fulfillment_order_line_item: FulfillmentOrderLineItem


@dataclass(eq=False, repr=False)
class Fulfillment(Resource):
    """What was shipped together, from one location, for one or several fulfillment orders."""

    gql_type: ClassVar[str] = "Fulfillment"
    id: int
    name: str
    order: Order
    fulfillment_orders: list[FulfillmentOrder]
    location: Location
    created_at: datetime
    updated_at: datetime
    line_items: list[FulfillmentLineItem] = field(default_factory=list)
    tracking: list[Tracking] = field(default_factory=list)
    status: str = "SUCCESS"
