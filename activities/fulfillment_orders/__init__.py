"""Side effects on an order's fulfillment orders: holding, releasing, shipping, moving."""

from activities.fulfillment_orders.activities import FulfillmentOrderActivities

__all__ = ["FulfillmentOrderActivities"]
