"""What becomes of a fulfillment order when the quantities in it change."""

from __future__ import annotations

from emulators.shopify.model.catalog import Location
from emulators.shopify.model.fulfillment_orders import FulfillmentOrder
from emulators.shopify.model.orders import LineItem
from emulators.shopify.rules.action import Action


def settle(act: Action, fo: FulfillmentOrder) -> None:
    """The status that follows from what remains. A fulfillment order that closes drops its holds, untold."""
    fo.updated_at = act.now
    if fo.ended:
        return
    if fo.remaining_quantity == 0:
        fo.status = "CLOSED"
        fo.progress_reported = False
        fo.holds.clear()
        if fo.request_status != "UNSUBMITTED":
            fo.request_status = "CLOSED"
    else:
        fo.status = "ON_HOLD" if fo.holds else fo.resting_status(act.now)


def take_off(act: Action, item: LineItem, quantity: int) -> list[tuple[Location, int]]:
    """Takes unfulfilled pieces of a line out of its fulfillment orders: out of those not on hold first.

    Says where they were to be shipped from.
    """
    places = []
    sources = [fo for fo in item.order.fulfillment_orders if not fo.ended]
    sources.sort(key=lambda fo: fo.status == "ON_HOLD")
    left = quantity
    for fo in sources:
        for line in fo.line_items:
            if line.line_item is item and left:
                taken = min(left, line.remaining_quantity)
                line.remaining_quantity -= taken
                line.total_quantity -= taken
                left -= taken
                places.append((fo.location, taken))
                settle(act, fo)
    return places
