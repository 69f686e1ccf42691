"""Shipping documents: what a partner shipped against one purchase order, and the papers that prove it."""
