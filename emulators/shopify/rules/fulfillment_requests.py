"""What is asked of a fulfillment service, and the other turns of a fulfillment order.

UNSUBMITTED -submit-> SUBMITTED -accept-> ACCEPTED -fail-> CLOSED; SUBMITTED -reject-> REJECTED;
ACCEPTED -request_cancellation-> CANCELLATION_REQUESTED -reject_cancellation-> CANCELLATION_REJECTED.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from emulators.shopify.model.fulfillment_orders import AppRef, FulfillmentOrder
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.fulfillment_orders import (
    LineCodes,
    LineQuantity,
    carve,
    chosen,
    rest_of,
    settle,
)
from emulators.shopify.rules.refusal import refuse


def submit(
    act: Action,
    fo: FulfillmentOrder,
    *,
    message: str | None = None,
    lines: Sequence[LineQuantity] = (),
) -> FulfillmentOrder | None:
    """The merchant asks the location's service to ship; answers what was left out of the request."""
    if "REQUEST_FULFILLMENT" not in fo.supported_actions:
        raise refuse("Fulfillment can't be requested of this fulfillment order.", field=("id",))
    at = ("fulfillmentOrderLineItems",)
    rest = rest_of(fo, chosen(fo, lines, at=at, codes=LineCodes()))
    unsubmitted = carve(act, fo, rest) if rest else None
    fo.request_status = "SUBMITTED"
    settle(act, fo)
    request = f"gid://shopify/FulfillmentOrderMerchantRequest/{act.new_id()}"
    topic = "fulfillment_orders/fulfillment_request_submitted"
    act.tell(topic, fo, request=request, message=message)
    act.touch(fo.order)
    return unsubmitted


def accept(act: Action, fo: FulfillmentOrder, message: str | None = None) -> None:
    _require(fo, "SUBMITTED", "accepted")
    fo.request_status = "ACCEPTED"
    _told(act, fo, "fulfillment_request_accepted", message)


def reject(act: Action, fo: FulfillmentOrder, message: str | None = None) -> None:
    _require(fo, "SUBMITTED", "rejected")
    fo.request_status = "REJECTED"
    _told(act, fo, "fulfillment_request_rejected", message)


def fail(act: Action, fo: FulfillmentOrder, message: str | None = None) -> None:
    """The service can't ship what remains (``fulfillmentOrderClose``): INCOMPLETE, the merchant's again."""
    _require(fo, "ACCEPTED", "closed")
    fo.request_status = "CLOSED"
    _told(act, fo, "fulfillment_service_failed_to_complete", message)


def request_cancellation(act: Action, fo: FulfillmentOrder, message: str | None = None) -> None:
    _require(fo, "ACCEPTED", "asked to be cancelled")
    fo.request_status = "CANCELLATION_REQUESTED"
    settle(act, fo)
    request = f"gid://shopify/FulfillmentOrderMerchantRequest/{act.new_id()}"
    topic = "fulfillment_orders/cancellation_request_submitted"
    act.tell(topic, fo, request=request, message=message)
    act.touch(fo.order)


def reject_cancellation(act: Action, fo: FulfillmentOrder, message: str | None = None) -> None:
    _require(fo, "CANCELLATION_REQUESTED", "kept")
    fo.request_status = "CANCELLATION_REJECTED"
    _told(act, fo, "cancellation_request_rejected", message)


def cancel(act: Action, fo: FulfillmentOrder) -> FulfillmentOrder:
    """Cancels a fulfillment order; answers the new one that has what remained."""
    if fo.progress_reported:
        raise refuse(
            "The fulfillment order has manually reported progress.",
            code="FULFILLMENT_ORDER_HAS_MANUALLY_REPORTED_PROGRESS",
            field=("id",),
        )
    accepted = fo.with_service and fo.request_status != "SUBMITTED"
    if fo.ended or accepted or fo.status == "ON_HOLD":
        raise refuse("The fulfillment order can't be cancelled in its state.", field=("id",))
    fo.request_status = "UNSUBMITTED"
    replacement = carve(act, fo, rest_of(fo, {}))
    fo.status = "CANCELLED"
    act.tell("fulfillment_orders/cancelled", fo, replacement=replacement)
    act.touch(fo.order)
    return replacement


def report_progress(
    act: Action, fo: FulfillmentOrder, *, notes: str | None = None, app: AppRef | None = None
) -> None:
    """Somebody says by hand that the merchant's own location works on it."""
    if "REPORT_PROGRESS" not in fo.supported_actions:
        raise refuse(
            "The fulfillment order's status is invalid.",
            code="FULFILLMENT_ORDER_STATUS_INVALID",
            field=("id",),
        )
    before = fo.status
    fo.progress_reported = True
    settle(act, fo)
    act.tell("fulfillment_orders/progress_reported", fo, before=before, notes=notes, app=app)
    act.touch(fo.order)


def mark_open(act: Action, fo: FulfillmentOrder, *, app: AppRef | None = None) -> None:
    """A scheduled fulfillment order is wanted now, or reported progress is taken back."""
    if "MARK_AS_OPEN" not in fo.supported_actions:
        raise refuse("The fulfillment order can't be marked as open.", field=("id",))
    if fo.status == "SCHEDULED":
        fo.fulfill_at = act.now
        act.tell("fulfillment_orders/scheduled_fulfillment_order_ready", fo)
    else:
        fo.progress_reported = False
        act.tell("fulfillment_orders/manually_reported_progress_stopped", fo, app=app)
    settle(act, fo)
    act.touch(fo.order)


def reschedule(act: Action, fo: FulfillmentOrder, moment: datetime) -> None:
    """Another date for a scheduled one; Shopify may merge those of one date, the emulator does not."""
    if fo.status != "SCHEDULED":
        raise refuse("The fulfillment order is not scheduled.", field=("id",))
    if moment <= act.now:
        raise refuse("The date must be in the future.", field=("fulfillAt",))
    fo.fulfill_at = moment
    settle(act, fo)
    act.tell("fulfillment_orders/rescheduled", fo)
    act.touch(fo.order)


def set_deadline(act: Action, orders: Sequence[FulfillmentOrder], deadline: datetime) -> None:
    """The latest time to ship by; Shopify has no topic for it."""
    for fo in orders:
        fo.fulfill_by = deadline
        fo.updated_at = act.now
        act.touch(fo.order)


def _require(fo: FulfillmentOrder, request_status: str, done: str) -> None:
    if fo.request_status != request_status or fo.ended:
        status = fo.request_status.lower()
        message = f"The fulfillment order's request status is {status}; it can't be {done}."
        raise refuse(message, field=("id",))


def _told(act: Action, fo: FulfillmentOrder, kind: str, message: str | None) -> None:
    settle(act, fo)
    act.tell(f"fulfillment_orders/{kind}", fo, message=message)
    act.touch(fo.order)
