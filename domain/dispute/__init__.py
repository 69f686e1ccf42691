"""Dispute: a chargeback or inquiry that needs the partner's evidence in time."""
