"""Inventory feed: what a partner says is read and taken in (`advices`), what differs is planned (`planning`) and written
(`writing`), the shop's items are known (`items`)."""

from activities.inventory_feed.activities import InventoryFeedActivities

__all__ = ["InventoryFeedActivities"]
