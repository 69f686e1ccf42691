"""Shipment notices and invoices: sent by the partner, read by the company."""

from emulators.trading_grid.resources.shipping.routes import ENDPOINTS

__all__ = ["ENDPOINTS"]
