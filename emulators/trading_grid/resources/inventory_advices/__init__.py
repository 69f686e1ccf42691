"""Inventory advices: published by the partner, read by the company."""

from emulators.trading_grid.resources.inventory_advices.routes import ENDPOINTS

__all__ = ["ENDPOINTS"]
