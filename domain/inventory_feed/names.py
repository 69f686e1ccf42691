"""Names, keys and endings of the lifecycle."""

from enum import StrEnum

from domain.case import CaseStatus, check_handle
from domain.message import Message

WORKFLOW = "InventoryFeed"


class Outcome(StrEnum):
    """How a feed ends; each outcome names its final status."""

    SUSPENDED = "suspended"
    RETIRED = "retired"
    STOPPED = "stopped"

    @property
    def status(self) -> CaseStatus:
        return CaseStatus.CANCELLED

    @property
    def words(self) -> str:
        return {
            Outcome.SUSPENDED: "ended: the partner is suspended",
            Outcome.RETIRED: "ended: the partner is retired",
            Outcome.STOPPED: "stopped",
        }[self]


def inventory_feed_key(shop: str, partner: str) -> str:
    """The business key of a partner's feed into a shop. The next one, after the first has ended, is `{key}~2`."""
    return f"inventory-feed:{check_handle(shop)}:{check_handle(partner)}"


class InventoryFeedInput(Message):
    """What a feed is opened with."""

    case_id: str
    number: int
    shop: str
    tenant: str
    partner: str
    opened_by: str
    event_id: str = ""
