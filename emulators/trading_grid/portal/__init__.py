"""The partner portal: what a partner sees and does, as server-rendered pages without JavaScript."""

from emulators.trading_grid.portal.routes import portal_routes

__all__ = ["portal_routes"]
