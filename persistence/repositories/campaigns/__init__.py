"""Campaigns: their products, what partners said of them, and what was sold."""
