"""What stands in the way of holding, shipping or moving, in words for the merchant."""

from domain.shop_order import FulfillmentOrder

HOLD = "HOLD"
SHIP = "CREATE_FULFILLMENT"
MOVE = "MOVE"

NOT_SPLITTABLE = "FULFILLMENT_ORDER_NOT_SPLITTABLE"

_OF_CODE = {
    NOT_SPLITTABLE: "cannot be held apart from the rest of its fulfillment order",
    "FULFILLMENT_ORDER_HOLD_LIMIT_REACHED": "has as many holds as Shopify allows already",
    "CANNOT_MOVE_FULFILLMENT_ORDER_WITH_REPORTED_PROGRESS": "is being worked on already",
}

_OF_REQUEST = {
    "SUBMITTED": "has been requested of {who}",
    "ACCEPTED": "has been accepted by {who}",
    "CANCELLATION_REQUESTED": "waits for {who} to agree to a cancellation",
    "CANCELLATION_REJECTED": "is kept by {who}, who refused a cancellation",
}


def obstacle(order: FulfillmentOrder, action: str) -> str:
    """Why the fulfillment order does not take the action (`FulfillmentOrderAction`) now; empty if it does."""
    if action == SHIP and order.holds:
        return _held(order)
    if action in order.actions:
        return ""
    if order.holds:
        return _held(order)
    who = order.fulfillment_service or order.location_name or "the fulfillment service"
    if order.request_status in _OF_REQUEST:
        return _OF_REQUEST[order.request_status].format(who=who)
    match order.status:
        case "SCHEDULED":
            return "is scheduled for later"
        case "IN_PROGRESS":
            return f"is being worked on at {order.location_name or 'its location'} already"
    return f"cannot be changed while its fulfillment order is {_plain(order.status)}"


def already_held(order: FulfillmentOrder) -> str:
    """Why a part of a held fulfillment order cannot be held apart."""
    return f"{_held(order)}, and so cannot be held apart"


def refused(code: str | None, message: str) -> str:
    """What Shopify's refusal says: our words for a code we know, else its own."""
    return _OF_CODE.get(code or "") or f"is refused by Shopify: {message}"


def _held(order: FulfillmentOrder) -> str:
    foreign = [hold for hold in order.holds if not hold.ours]
    if not foreign:
        return "is held by another case of ours"
    return f"is held by somebody else ({', '.join(_plain(hold.reason) for hold in foreign)})"


def _plain(word: str) -> str:
    return word.replace("_", " ").lower()
