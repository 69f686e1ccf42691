"""What of an order, as Shopify has it now, is an exception. Pure; the same rule opens a case and takes lines into one."""

from collections.abc import Collection
from datetime import datetime

from domain.message import Message
from domain.order_exception.names import Reason
from domain.policy import OrderExceptionPolicy
from domain.shop_order import PAID, FulfillmentOrder, Hold, ShopOrder

# FulfillmentOrderRequestStatus of a request that the fulfillment service turned down.
_REJECTED = frozenset({"REJECTED", "CANCELLATION_REJECTED"})
# FulfillmentOrderStatus of what a fulfillment service could not complete, and of what is not to ship yet.
_INCOMPLETE = "INCOMPLETE"
_SCHEDULED = "SCHEDULED"
INVESTIGATE = "INVESTIGATE"  # OrderRiskSummary.recommendation


def exceptional_lines(order: ShopOrder, policy: OrderExceptionPolicy) -> dict[str, Reason]:
    """By LineItem number, what is still to ship and cannot, by a hold of somebody else or a rejected request."""
    found: dict[str, Reason] = {}
    for fulfillment_order in order.fulfillment_orders:
        reason = _reason(fulfillment_order, policy)
        if reason is None or not fulfillment_order.open:
            continue
        for line in fulfillment_order.lines:
            if line.remaining > 0:
                found.setdefault(line.line_id, reason)
    return found


def opens_on_hold(hold: Hold, policy: OrderExceptionPolicy) -> bool:
    """Whether a hold makes an exception: one of the policy's reasons, and none that this app placed itself."""
    return not hold.by_this_app and hold.reason in policy.open_on_hold_reasons


def wants_review(order: ShopOrder, policy: OrderExceptionPolicy) -> bool:
    """Whether Shopify's risk assessment sends the order to a manual review."""
    return policy.open_on_manual_review and order.risk == INVESTIGATE and not order.cancelled


def _reason(order: FulfillmentOrder, policy: OrderExceptionPolicy) -> Reason | None:
    if policy.open_on_rejected_request and (
        order.request_status in _REJECTED or order.status == _INCOMPLETE
    ):
        return Reason.REJECTED
    if any(opens_on_hold(hold, policy) for hold in order.holds):
        return Reason.ON_HOLD
    return None


class Exceptional(Message):
    """What a case opens with. Empty `line_ids`: all of the order that is still to ship."""

    reason: Reason
    line_ids: tuple[str, ...] = ()


def opens_case(
    order: ShopOrder, policy: OrderExceptionPolicy, covered: Collection[str] = ()
) -> Exceptional | None:
    """Whether the order, as it is now, is an exception; `covered` are the lines that a purchase order owns.

    A rejected request comes before a hold, a hold before a manual review. How long something may take (a partial shipment,
    a paid order) is asked by `short_shipped` and `overdue`.
    """
    if order.cancelled or not _to_ship(order, covered):
        return None
    lines = {
        line_id: reason
        for line_id, reason in exceptional_lines(order, policy).items()
        if line_id not in covered
    }
    for reason in (Reason.REJECTED, Reason.ON_HOLD):
        if concerned := tuple(line_id for line_id, why in lines.items() if why is reason):
            return Exceptional(reason=reason, line_ids=concerned)
    return Exceptional(reason=Reason.MANUAL_REVIEW) if wants_review(order, policy) else None


def short_shipped(
    order: ShopOrder, policy: OrderExceptionPolicy, covered: Collection[str] = ()
) -> tuple[Exceptional, datetime] | None:
    """What is left of an order of which a part has shipped, and when that becomes an exception; None if nothing is.

    The grace begins with the newest shipment.
    """
    shipped = [
        one.created_at for one in order.shipments if one.status == "SUCCESS" and one.created_at
    ]
    left = _due_lines(order, covered)
    if order.cancelled or not policy.open_on_short_shipment or not shipped or not left:
        return None
    due = policy.short_shipment_grace.after(max(shipped))
    return Exceptional(reason=Reason.SHORT_SHIPPED, line_ids=left), due


def overdue(
    order: ShopOrder, policy: OrderExceptionPolicy, now: datetime, covered: Collection[str] = ()
) -> Exceptional | None:
    """What of a paid order has waited longer than the policy allows; scheduled fulfillment orders are not due yet."""
    left = _due_lines(order, covered)
    if (
        order.cancelled
        or order.created_at is None
        or order.financial_status not in PAID
        or not left
    ):
        return None
    if now < policy.overdue_after.after(order.created_at):
        return None
    return Exceptional(reason=Reason.LATE, line_ids=left)


def _to_ship(order: ShopOrder, covered: Collection[str]) -> bool:
    return any(
        quantity > 0 and line_id not in covered for line_id, quantity in order.remaining.items()
    )


def _due_lines(order: ShopOrder, covered: Collection[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for one in order.fulfillment_orders:
        for line in one.lines if one.open and one.status != _SCHEDULED else ():
            if line.remaining > 0 and line.line_id not in covered:
                found[line.line_id] = None
    return tuple(found)
