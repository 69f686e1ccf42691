"""Inventory feed: a partner's stock becomes the store's sellable quantity."""
