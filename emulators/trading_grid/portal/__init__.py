"""The partner portal: what a partner sees and does, as server-rendered pages without JavaScript."""

from starlette.routing import Route

from emulators.trading_grid.emulator import Emulator
from emulators.trading_grid.portal.campaigns.routes import CampaignPages
from emulators.trading_grid.portal.orders.routes import OrderPages
from emulators.trading_grid.portal.routes import CasePages
from emulators.trading_grid.portal.stock.routes import StockPages

__all__ = ["portal_routes"]


def portal_routes(emulator: Emulator) -> list[Route]:
    sites = (CasePages, OrderPages, StockPages, CampaignPages)
    return [route for site in sites for route in site(emulator).routes()]
