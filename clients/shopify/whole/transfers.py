"""Inventory transfers with all their lines and shipments."""

from dataclasses import dataclass

from clients.shopify.admin import AdminApi
from clients.shopify.generated.fragments import (
    TransferLine,
    TransferShipment,
    TransferShipmentLine,
)
from clients.shopify.generated.inventory_transfer_by_id import (
    InventoryTransferByIdInventoryTransfer,
)
from clients.shopify.whole.reading import Page, Reading


@dataclass(frozen=True)
class WholeTransferShipment:
    """`details` holds a first page of lines only: use `lines`."""

    details: TransferShipment
    lines: tuple[TransferShipmentLine, ...]


@dataclass(frozen=True)
class WholeTransfer:
    """`details` holds first pages only: use `lines` and `shipments`."""

    details: InventoryTransferByIdInventoryTransfer
    lines: tuple[TransferLine, ...]
    shipments: tuple[WholeTransferShipment, ...]


async def read_whole_transfer(admin: AdminApi, transfer_id: str) -> WholeTransfer | None:
    """Reads an inventory transfer (by GID) and follows its pages; None if the shop has none of this id.

    Raises ShopifyError.
    """
    details = (await admin.inventory_transfer_by_id(id=transfer_id)).inventory_transfer
    if details is None:
        return None
    reading = Reading(admin, "InventoryTransferById", transfer_id)

    async def more_lines(after: str) -> Page[TransferLine]:
        answer = await admin.transfer_lines_after(id=transfer_id, after=after)
        return reading.still_there(answer.inventory_transfer).line_items

    async def more_shipments(after: str) -> Page[TransferShipment]:
        answer = await admin.transfer_shipments_after(id=transfer_id, after=after)
        return reading.still_there(answer.inventory_transfer).shipments

    first_lines: Page[TransferLine] = details.line_items
    first_shipments: Page[TransferShipment] = details.shipments
    shipments = await reading.all_of(first_shipments, more_shipments)
    return WholeTransfer(
        details=details,
        lines=tuple(await reading.all_of(first_lines, more_lines)),
        shipments=tuple([await _shipment(reading, one) for one in shipments]),
    )


async def _shipment(reading: Reading, shipment: TransferShipment) -> WholeTransferShipment:
    async def more(after: str) -> Page[TransferShipmentLine]:
        answer = await reading.admin.transfer_shipment_lines_after(
            shipment_id=shipment.id, after=after
        )
        lines = reading.still_there(answer.inventory_shipment).line_items
        return reading.still_there(lines)

    first: Page[TransferShipmentLine] | None = shipment.line_items
    lines = await reading.all_of(first, more) if first is not None else []
    return WholeTransferShipment(shipment, tuple(lines))
