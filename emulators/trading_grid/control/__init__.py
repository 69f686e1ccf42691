"""``/_emulator``: what tests, the demo and a person do to the emulator. No part of the contract."""

from starlette.routing import Route

from emulators.trading_grid.bots import Bots
from emulators.trading_grid.control.campaigns import CampaignControl
from emulators.trading_grid.control.general import GeneralControl
from emulators.trading_grid.control.orders import OrderControl
from emulators.trading_grid.control.stock import StockControl
from emulators.trading_grid.emulator import Emulator

__all__ = ["control_routes"]


def control_routes(emulator: Emulator, bots: Bots) -> list[Route]:
    groups = (GeneralControl, OrderControl, StockControl, CampaignControl)
    return [route for group in groups for route in group(emulator, bots).routes()]
