"""The ports of the demo, each an environment variable, and a clear word where one is taken."""

import os
import socket
from dataclasses import dataclass, fields

_VARIABLES = {
    "api": ("GRIDCASE_API_PORT", 8000),
    "temporal": ("GRIDCASE_TEMPORAL_PORT", 7233),
    "temporal_ui": ("GRIDCASE_TEMPORAL_UI_PORT", 8233),
    "shopify": ("GRIDCASE_SHOPIFY_EMULATOR_PORT", 8101),
    "trading_grid": ("GRIDCASE_TRADING_GRID_EMULATOR_PORT", 8102),
}
_WHAT = {
    "api": "API",
    "temporal": "Temporal",
    "temporal_ui": "Temporal UI",
    "shopify": "Shopify emulator",
    "trading_grid": "Trading Grid emulator",
}


class PortTaken(RuntimeError):
    """A port that something else listens on; the message says which variable chooses another."""


@dataclass(frozen=True)
class Ports:
    api: int
    temporal: int
    temporal_ui: int
    shopify: int
    trading_grid: int

    @classmethod
    def from_environment(cls) -> "Ports":
        """The ports asked for.

        Raises:
            PortTaken: a variable holds no port.
        """
        chosen: dict[str, int] = {}
        for name, (variable, default) in _VARIABLES.items():
            text = os.environ.get(variable, str(default))
            if not text.isdecimal() or not 0 < int(text) < 65536:
                raise PortTaken(f"{variable}={text} is no port.")
            chosen[name] = int(text)
        return cls(**chosen)

    @classmethod
    def free(cls) -> "Ports":
        """Five free ports; held open together, so that none is given twice."""
        sockets = [socket.socket() for _ in fields(cls)]
        try:
            for each in sockets:
                each.bind(("127.0.0.1", 0))
            return cls(*(each.getsockname()[1] for each in sockets))
        finally:
            for each in sockets:
                each.close()

    def check(self) -> None:
        """Raise where one is taken.

        Raises:
            PortTaken: with every taken port and how to choose another.
        """
        taken = [name for name in _VARIABLES if _taken(getattr(self, name))]
        if taken:
            lines = [
                f"Port {getattr(self, name)} for the {_WHAT[name]} is taken. "
                f"Choose another: {_VARIABLES[name][0]}={getattr(self, name) + 1000} make demo"
                for name in taken
            ]
            raise PortTaken("\n".join(lines))


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        # As the servers themselves bind: a port whose last connections are dying is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False
