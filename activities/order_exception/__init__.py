"""Side effects of an order exception that it shares with no other lifecycle: who is asked about which lines."""

from activities.order_exception.activities import OrderExceptionActivities

__all__ = ["OrderExceptionActivities"]
