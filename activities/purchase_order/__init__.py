"""Side effects of purchase orders: who gets which lines, the numbers, and what is sent to and read from Trading Grid."""

from activities.purchase_order.activities import PurchaseOrderActivities

__all__ = ["PurchaseOrderActivities"]
