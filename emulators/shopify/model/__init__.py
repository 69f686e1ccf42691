"""The state of a shop: plain objects, no rules beyond what follows from their own numbers."""
