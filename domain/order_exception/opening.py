"""What of an order, as Shopify has it now, is an exception. Pure; the same rule opens a case and takes lines into one."""

from domain.order_exception.names import Reason
from domain.policy import OrderExceptionPolicy
from domain.shop_order import FulfillmentOrder, Hold, ShopOrder

# FulfillmentOrderRequestStatus of a request that the fulfillment service turned down.
_REJECTED = frozenset({"REJECTED"})
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
    if policy.open_on_rejected_request and order.request_status in _REJECTED:
        return Reason.REJECTED
    if any(opens_on_hold(hold, policy) for hold in order.holds):
        return Reason.ON_HOLD
    return None
