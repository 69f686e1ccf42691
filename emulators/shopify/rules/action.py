"""One action of a merchant, a customer or an app: what it changes is told by webhooks once it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from emulators.shopify.model.inventory import InventoryLevel
from emulators.shopify.model.orders import Order
from emulators.shopify.model.resource import Resource
from emulators.shopify.model.shop import Shop


@dataclass(frozen=True)
class Event:
    """Something that a topic tells about an object at a time.

    ``detail`` is what the object itself does not hold.
    """

    topic: str
    resource: Resource
    at: datetime
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass
class Action:
    """Collects the events of one action on one shop."""

    shop: Shop
    now: datetime
    events: list[Event] = field(default_factory=list)
    _levels: set[str] = field(default_factory=set)

    @property
    def new_id(self) -> Callable[[], int]:
        return self.shop.new_id

    def tell(self, topic: str, resource: Resource, **detail: Any) -> None:
        self.events.append(Event(topic, resource, self.now, detail))

    def touch_level(self, level: InventoryLevel) -> None:
        """Stock was changed: ``updatedAt`` moves, and ``inventory_levels/update`` is told once."""
        level.updated_at = self.now
        if level.gid not in self._levels:
            self._levels.add(level.gid)
            self.tell("inventory_levels/update", level)

    def touch(self, order: Order) -> None:
        """The order was changed: ``updatedAt`` moves, and ``orders/updated`` is told once."""
        order.updated_at = self.now
        if not any(e.topic == "orders/updated" and e.resource is order for e in self.events):
            self.tell("orders/updated", order)
