"""Webhooks: who subscribed, what is sent, and how often it is tried."""
