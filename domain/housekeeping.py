"""What the scheduled workflows are called, take and give."""

from domain.message import Message

SWEEP = "Sweep"
CONNECT_SHOPS = "ConnectShops"
REFRESH_ITEMS = "RefreshItems"


class HousekeepingInput(Message):
    """Nothing yet; a message may only grow."""


class SweepResult(Message):
    dispatched: int
    orphans: tuple[str, ...] = ()
    purged: int = 0


class ConnectShopsResult(Message):
    """Shop -> what of its connection failed; empty where all is well."""

    failures: dict[str, tuple[str, ...]]


class RefreshShopItems(Message):
    """Read a shop's inventory items again, for its feeds."""

    shop: str


class ShopItemsRefreshed(Message):
    """`feeds`: how many were told; `skipped` says why nothing was read."""

    skus: int = 0
    feeds: int = 0
    skipped: str = ""
