"""What the scheduled workflows are called, take and give."""

from domain.message import Message

SWEEP = "Sweep"
CONNECT_SHOPS = "ConnectShops"


class HousekeepingInput(Message):
    """Nothing yet; a message may only grow."""


class SweepResult(Message):
    dispatched: int
    orphans: tuple[str, ...] = ()
    purged: int = 0


class ConnectShopsResult(Message):
    """Shop -> what of its connection failed; empty where all is well."""

    failures: dict[str, tuple[str, ...]]
