"""Calls that drive the emulator. They are no part of Shopify's contract."""
