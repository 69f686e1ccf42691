"""Clients of the outside: one attempt a call, typed errors. Retries belong to Temporal."""
