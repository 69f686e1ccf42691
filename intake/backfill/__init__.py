"""What happened before a shop was connected: find what would open a case, and put it into the inbox like any event.

`returns` and `orders` say what is found; `storing` keeps and places it.
"""

from intake.backfill.orders import OrdersReport, backfill_orders
from intake.backfill.returns import BackfillReport, backfill_returns
from intake.backfill.storing import EventDispatcher

__all__ = [
    "BackfillReport",
    "EventDispatcher",
    "OrdersReport",
    "backfill_orders",
    "backfill_returns",
]
