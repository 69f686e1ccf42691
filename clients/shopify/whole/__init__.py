"""Objects with all of their pages, or a clear refusal: half of one would be decided wrongly."""

from clients.shopify.whole.collections import (
    CollectedVariant,
    WholeCollection,
    read_whole_collection,
)
from clients.shopify.whole.orders import (
    OrderToShip,
    WholeFulfillment,
    WholeFulfillmentOrder,
    read_order_to_ship,
)
from clients.shopify.whole.placed import PlacedOrder, placed_orders
from clients.shopify.whole.returns import (
    ClaimableOrder,
    WholeReturn,
    read_claimable_order,
    read_whole_return,
)
from clients.shopify.whole.transfers import (
    WholeTransfer,
    WholeTransferShipment,
    read_whole_transfer,
)

__all__ = [
    "ClaimableOrder",
    "CollectedVariant",
    "OrderToShip",
    "PlacedOrder",
    "WholeCollection",
    "WholeFulfillment",
    "WholeFulfillmentOrder",
    "WholeReturn",
    "WholeTransfer",
    "WholeTransferShipment",
    "placed_orders",
    "read_claimable_order",
    "read_order_to_ship",
    "read_whole_collection",
    "read_whole_return",
    "read_whole_transfer",
]
