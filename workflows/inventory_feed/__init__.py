"""Inventory feed: `workflow` tells the story; beside it `reading` takes in what the partner says, `pushing` writes what
differs to Shopify, `items` knows the shop's SKUs, `looking` the terms and how it all stands, `moments` what happens by
itself; each on the same `context`. `deciding` takes the merchant's words."""

from workflows.inventory_feed.workflow import InventoryFeedWorkflow

__all__ = ["InventoryFeedWorkflow"]
