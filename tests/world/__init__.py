"""A small world in one process: both emulators, the database, the intake and a worker; time can be skipped.

Everything between them is real but the network: the emulators are ASGI applications, their webhooks arrive at the intake
signed, and the worker runs the real workflows in the real sandbox. A pytest plugin: the fixture is `world`.
"""

from tests.world.names import PUBLIC, SHOP, SHOPIFY, TENANT, TRADING_GRID
from tests.world.opening import World, open_world, world
from tests.world.parts import HOUR, STEP, Recorder

__all__ = [
    "HOUR",
    "PUBLIC",
    "SHOP",
    "SHOPIFY",
    "STEP",
    "TENANT",
    "TRADING_GRID",
    "Recorder",
    "World",
    "open_world",
    "world",
]
