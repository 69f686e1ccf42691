"""What a lost webhook would have told us: found by looking, and put into the inbox like any event.

`run` compares one kind of object of a shop, or a tenant's feed of events, with what is known here; `orders`,
`fulfillment_orders`, `returns`, `overdue` and `feed` say how each is compared; `comparing` is what they share.
Temporal runs it by `intake.schedules`; one object alone is looked at by an event `sync/...` (see `intake.routes`).

Watermarks start at the moment of connection and move only after all of a page is in the inbox. What goes in is what has no
case and should have one, or whose open case has not looked since the change.
"""

from intake.reconciliation.run import Reconciler

__all__ = ["Reconciler"]
