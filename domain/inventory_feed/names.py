"""Names, keys and endings of the lifecycle."""

import re
from enum import StrEnum
from hashlib import sha256

from domain.case import CaseStatus, check_handle
from domain.message import Message
from domain.operator import Command

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
    return f"inventory-feed:{check_handle(shop)}:{_in_key(partner)}"


def _in_key(partner: str) -> str:
    """A partner's id may be anything; in a key it stands as it is where it is a handle, else with a digest of it."""
    try:
        return check_handle(partner)
    except ValueError:
        words = re.sub(r"[^a-z0-9]+", "-", partner.lower()).strip("-")[:40].strip("-")
        digest = sha256(partner.encode()).hexdigest()[:12]
        return f"{words}-{digest}" if words else digest


REFRESH = "refresh"  # update: read terms and inventory items again, look for advices
FEED_CHANGED = "feed_changed"  # signal: something of ours that the feed depends on changed


class Changed(StrEnum):
    """What of ours changed; the feed reads it again."""

    PARTNER = "partner"  # its status, or its terms
    LOCATIONS = "locations"  # its location mappings
    ITEMS = "items"  # the shop's inventory items were read again


class FeedChanged(Message):
    event_id: str
    what: Changed


class Refresh(Command):
    """Read terms, partner and the shop's inventory items again, and look for advices that nobody told of."""
