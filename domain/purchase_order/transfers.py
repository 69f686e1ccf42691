"""What the activities on a replenishment's inventory transfer take and give.

A transfer gives a replenishment its place in Shopify: what comes, for which location, and when. Each activity makes at most
one mutation and reads before it; the caller repeats it until `done`, with the same key, so nothing happens twice.
"""

from datetime import datetime

from pydantic import Field

from domain.message import Message
from domain.shop_order import Tracking


class CreateTransfer(Message):
    """A transfer to a location, ready to ship, under the purchase order's number (`referenceName`).

    A transfer of this number that is not cancelled is found again, whatever became of the key, which Shopify keeps 24 hours.
    """

    shop: str
    po_number: str
    location_id: str
    quantities: dict[str, int]  # by SKU
    note: str = ""
    idempotency_key: str


class CreatedTransfer(Message):
    """`problems`: SKU -> why it cannot be transferred, in words; with one of them nothing is created."""

    transfer_id: str = ""
    name: str = ""
    already: bool = False
    problems: dict[str, str] = Field(default_factory=dict)


class SetEta(Message):
    """When the goods that have not left yet arrive: one date for all of them, so the last of their dates.

    It stands on a draft shipment of the transfer, which is made where there is none.
    """

    shop: str
    transfer_id: str
    arrives_at: datetime
    idempotency_key: str


class EtaSet(Message):
    """Nothing changes where nothing is left that has not left, or the transfer has ended."""

    done: bool
    changed: bool = False


class ShipTransfer(Message):
    """These quantities (by SKU) are in transit under this tracking number, which must not be empty.

    What shipments of this number have already is not shipped again, so `quantities` is all that travels under it. A draft
    of exactly these goods goes in transit; any other draft is deleted first: set the ETA of the rest anew afterwards.
    """

    shop: str
    transfer_id: str
    tracking: Tracking
    quantities: dict[str, int]
    shipped_at: datetime | None = None
    arrives_at: datetime | None = None
    idempotency_key: str


class TransferShipped(Message):
    """`shipped`: SKU -> what has left under the number. `excess`: SKU -> quantity the transfer has no room for."""

    done: bool
    changed: bool = False
    shipped: dict[str, int] = Field(default_factory=dict)
    excess: dict[str, int] = Field(default_factory=dict)


class CancelTransfer(Message):
    shop: str
    transfer_id: str


class TransferCancelled(Message):
    """`refused`: why it stays as it is, in words: goods of it are on their way, or have arrived."""

    done: bool
    changed: bool = False
    refused: str = ""
