"""A replenishment's inventory transfer: created, given an arrival date, shipped, cancelled.

One mutation a call at the most. Transfers are found by a search that lags behind, so creating one leans on Shopify's
idempotency key as well; what is done to a known transfer is decided on the transfer as just read. Its drafts are ours.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.failures import conflict, translated
from activities.fulfillment_orders.shipping import same_number
from activities.pauses import Pauses
from clients.shopify.admin import AdminApi
from clients.shopify.errors import ShopifyUserErrors
from clients.shopify.generated.base_model import UNSET
from clients.shopify.generated.enums import InventoryShipmentStatus, InventoryTransferStatus
from clients.shopify.generated.input_types import (
    InventoryShipmentCreateInput,
    InventoryShipmentLineItemInput,
    InventoryShipmentTrackingInput,
    InventoryTransferCreateAsReadyToShipInput,
    InventoryTransferLineItemInput,
)
from clients.shopify.generated.inventory_items_by_sku import (
    InventoryItemsBySkuInventoryItemsNodes,
)
from clients.shopify.pages import all_inventory_items, all_inventory_transfers
from clients.shopify.search import any_of, term
from clients.shopify.whole import WholeTransfer, WholeTransferShipment, read_whole_transfer
from domain.failures import UNAVAILABLE
from domain.purchase_order.transfers import (
    CancelTransfer,
    CreatedTransfer,
    CreateTransfer,
    EtaSet,
    SetEta,
    ShipTransfer,
    TransferCancelled,
    TransferShipped,
)
from domain.shopify_ids import gid, numeric_id
from intake.connections import Connections

_TAG = "gridcase"
_SKUS_A_SEARCH = 20
_KEYS = uuid.UUID("0b5c2a0e-6f0c-5a39-9d0c-6f1f6c1d6b57")  # namespace of the keys of shipments
_MISMATCH = "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"
_ENDED = frozenset({InventoryTransferStatus.CANCELED, InventoryTransferStatus.TRANSFERRED})
_ON_ITS_WAY = frozenset({"SHIPMENT_EXISTS", "INVALID_TRANSFER_STATUS"})


class InventoryTransferActivities:
    def __init__(self, connections: Connections, pauses: Pauses) -> None:
        self._connections = connections
        self._pauses = pauses

    @activity.defn(name="inventory_transfers.create_transfer")
    async def create_transfer(self, request: CreateTransfer) -> CreatedTransfer:
        """Create the purchase order's transfer, once; a SKU that means no one item is said, and then nothing is created."""
        await self._pauses.check()
        with translated():
            admin = await self._connections.shopify(request.shop)
            found = await _transfer_of(admin, request.po_number)
            if found is not None:
                return found
            items, problems = await _items(admin, sorted(request.quantities))
            if problems:
                return CreatedTransfer(problems=problems)
            try:
                answer = await admin.inventory_transfer_create_as_ready_to_ship(
                    input=InventoryTransferCreateAsReadyToShipInput(
                        destination_location_id=gid("Location", request.location_id),
                        line_items=[
                            InventoryTransferLineItemInput(
                                inventory_item_id=items[sku], quantity=request.quantities[sku]
                            )
                            for sku in sorted(items)
                        ],
                        reference_name=request.po_number,
                        note=request.note or None,
                        tags=[_TAG, request.po_number],
                    ),
                    idempotency_key=request.idempotency_key,
                )
            except ShopifyUserErrors as error:
                if _MISMATCH in error.codes:
                    # An earlier attempt went through with other items; the search will come to know its transfer.
                    raise ApplicationError(str(error), type=UNAVAILABLE) from error
                raise
        made = answer.inventory_transfer_create_as_ready_to_ship
        if made is None or made.inventory_transfer is None:
            raise ApplicationError("Shopify named no transfer.", type=UNAVAILABLE)
        return CreatedTransfer(
            transfer_id=numeric_id(made.inventory_transfer.id), name=made.inventory_transfer.name
        )

    @activity.defn(name="inventory_transfers.set_eta")
    async def set_eta(self, request: SetEta) -> EtaSet:
        """Put the arrival date on the draft of what has not left; a date that stands there is not written again."""
        await self._pauses.check()
        with translated():
            admin = await self._connections.shopify(request.shop)
            transfer = await _known(admin, request.transfer_id)
            if transfer.details.status in _ENDED:
                return EtaSet(done=True)
            for draft in _drafts(transfer):
                tracking = draft.details.tracking
                if tracking is None or tracking.arrives_at != request.arrives_at:
                    await admin.inventory_shipment_set_tracking(
                        id=draft.details.id,
                        tracking=InventoryShipmentTrackingInput(arrives_at=request.arrives_at),
                    )
                    return EtaSet(done=False, changed=True)
            waiting = _waiting(transfer)
            if not waiting:
                return EtaSet(done=True)
            await admin.inventory_shipment_create(
                input=InventoryShipmentCreateInput(
                    movement_id=transfer.details.id,
                    line_items=_lines(waiting),
                    tracking_input=InventoryShipmentTrackingInput(arrives_at=request.arrives_at),
                ),
                idempotency_key=_key(request.idempotency_key, waiting),
            )
        return EtaSet(done=False, changed=True)

    @activity.defn(name="inventory_transfers.mark_shipped")
    async def mark_shipped(self, request: ShipTransfer) -> TransferShipped:
        """Put what a partner shipped in transit, once."""
        number = request.tracking.number.strip()
        if not number:
            raise conflict("A shipment without a tracking number cannot be told from another.")
        await self._pauses.check()
        with translated():
            admin = await self._connections.shopify(request.shop)
            transfer = await _known(admin, request.transfer_id)
            sku_of, item_of = _skus(transfer)
            shipped = _under(transfer, number)
            by_sku = {sku_of[item]: n for item, n in shipped.items() if item in sku_of}
            left = Counter(
                {item_of.get(sku, sku): n for sku, n in request.quantities.items() if n > 0}
            )
            left -= shipped
            unshipped = _waiting(transfer) + _drafted(transfer)
            going = left & unshipped
            answer = TransferShipped(
                done=False,
                changed=True,
                shipped=by_sku,
                excess={sku_of.get(item, item): n for item, n in (left - going).items()},
            )
            if not going:
                return answer.model_copy(update={"done": True, "changed": False})
            drafts = _drafts(transfer)
            same = next((one for one in drafts if _pieces(one) == going), None)
            if same is not None:
                await self._send(admin, same, request)
            elif drafts:
                await admin.inventory_shipment_delete(id=drafts[0].details.id)
            else:
                await admin.inventory_shipment_create_in_transit(
                    input=InventoryShipmentCreateInput(
                        movement_id=transfer.details.id,
                        line_items=_lines(going),
                        tracking_input=_tracking(request),
                    ),
                    idempotency_key=_key(request.idempotency_key, going),
                )
        return answer

    async def _send(
        self, admin: AdminApi, draft: WholeTransferShipment, request: ShipTransfer
    ) -> None:
        """The tracking first, so that a draft in transit always has its number."""
        tracking = draft.details.tracking
        if tracking is None or not same_number(
            tracking.tracking_number or "", request.tracking.number
        ):
            await admin.inventory_shipment_set_tracking(
                id=draft.details.id, tracking=_tracking(request, draft)
            )
        else:
            await admin.inventory_shipment_mark_in_transit(
                id=draft.details.id, date_shipped=request.shipped_at or UNSET
            )

    @activity.defn(name="inventory_transfers.cancel_transfer")
    async def cancel_transfer(self, request: CancelTransfer) -> TransferCancelled:
        """Cancel a transfer of which nothing has left, its drafts first; one that is gone is cancelled enough."""
        await self._pauses.check()
        with translated():
            admin = await self._connections.shopify(request.shop)
            transfer = await read_whole_transfer(
                admin, gid("InventoryTransfer", request.transfer_id)
            )
            if transfer is None or transfer.details.status == InventoryTransferStatus.CANCELED:
                return TransferCancelled(done=True)
            name = transfer.details.name
            if len(_drafts(transfer)) < len(transfer.shipments):
                return TransferCancelled(
                    done=True,
                    refused=f"Goods of the transfer {name} are on their way or have arrived.",
                )
            if drafts := _drafts(transfer):
                await admin.inventory_shipment_delete(id=drafts[0].details.id)
                return TransferCancelled(done=False, changed=True)
            try:
                await admin.inventory_transfer_cancel(id=transfer.details.id)
            except ShopifyUserErrors as error:
                if not error.codes & _ON_ITS_WAY:
                    raise
                now = await _known(admin, request.transfer_id)
                if (now.details.status, now.shipments) != (
                    transfer.details.status,
                    transfer.shipments,
                ):
                    raise ApplicationError(str(error), type=UNAVAILABLE) from error
                return TransferCancelled(
                    done=True,
                    refused=f"The transfer {name} cannot be cancelled: {error.errors[0].message}",
                )
        return TransferCancelled(done=False, changed=True)


async def _transfer_of(admin: AdminApi, po_number: str) -> CreatedTransfer | None:
    for one in await all_inventory_transfers(admin, term("tag", po_number)):
        if one.reference_name == po_number and one.status != InventoryTransferStatus.CANCELED:
            return CreatedTransfer(transfer_id=numeric_id(one.id), name=one.name, already=True)
    return None


async def _items(admin: AdminApi, skus: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """SKU -> inventory item, and SKU -> why there is none that it means."""
    found: defaultdict[str, list[InventoryItemsBySkuInventoryItemsNodes]] = defaultdict(list)
    for start in range(0, len(skus), _SKUS_A_SEARCH):
        search = any_of("sku", skus[start : start + _SKUS_A_SEARCH])
        for item in await all_inventory_items(admin, search):
            # The search ignores case and finds parts; a SKU means itself.
            found[item.sku or ""].append(item)
    items: dict[str, str] = {}
    problems: dict[str, str] = {}
    for sku in skus:
        if not found[sku]:
            problems[sku] = "The shop has no item of this SKU."
        # Whether the count has the item itself in it, Shopify does not say: above one, there is another either way.
        elif len(found[sku]) > 1 or found[sku][0].duplicate_sku_count > 1:
            problems[sku] = "Several items of the shop have this SKU."
        elif not found[sku][0].tracked:
            problems[sku] = "Shopify does not track the stock of this item."
        else:
            items[sku] = found[sku][0].id
    return items, problems


async def _known(admin: AdminApi, transfer_id: str) -> WholeTransfer:
    found = await read_whole_transfer(admin, gid("InventoryTransfer", transfer_id))
    if found is None:
        raise conflict(f"The inventory transfer {transfer_id} is gone from Shopify.")
    return found


def _drafts(transfer: WholeTransfer) -> list[WholeTransferShipment]:
    return [
        one for one in transfer.shipments if one.details.status == InventoryShipmentStatus.DRAFT
    ]


def _skus(transfer: WholeTransfer) -> tuple[dict[str, str], dict[str, str]]:
    """Inventory item -> SKU and back, of the transfer's own lines."""
    items = [line.inventory_item for line in transfer.lines if line.inventory_item is not None]
    return (
        {item.id: item.sku or "" for item in items},
        {item.sku: item.id for item in items if item.sku},
    )


def _waiting(transfer: WholeTransfer) -> Counter[str]:
    """Inventory item -> what is in no shipment yet, drafts included."""
    return +Counter(
        {
            line.inventory_item.id: line.shippable_quantity
            for line in transfer.lines
            if line.inventory_item is not None
        }
    )


def _pieces(shipment: WholeTransferShipment) -> Counter[str]:
    total: Counter[str] = Counter()
    for line in shipment.lines:
        if line.inventory_item is not None:
            total[line.inventory_item.id] += line.quantity
    return total


def _drafted(transfer: WholeTransfer) -> Counter[str]:
    total: Counter[str] = Counter()
    for draft in _drafts(transfer):
        total += _pieces(draft)
    return total


def _under(transfer: WholeTransfer, number: str) -> Counter[str]:
    """Inventory item -> what has left under the tracking number."""
    total: Counter[str] = Counter()
    for shipment in transfer.shipments:
        tracking = shipment.details.tracking
        left = shipment.details.status != InventoryShipmentStatus.DRAFT
        if left and tracking is not None and same_number(tracking.tracking_number or "", number):
            total += _pieces(shipment)
    return total


def _lines(quantities: Mapping[str, int]) -> list[InventoryShipmentLineItemInput]:
    return [
        InventoryShipmentLineItemInput(inventory_item_id=item, quantity=quantities[item])
        for item in sorted(quantities)
    ]


def _tracking(
    request: ShipTransfer, draft: WholeTransferShipment | None = None
) -> InventoryShipmentTrackingInput:
    """Only what is known; a draft's arrival date stays where no other is given."""
    before = draft.details.tracking.arrives_at if draft and draft.details.tracking else None
    known = {
        "tracking_number": request.tracking.number.strip(),
        "company": request.tracking.company,
        "tracking_url": request.tracking.url,
        "arrives_at": request.arrives_at or before,
    }
    return InventoryShipmentTrackingInput(**{key: value for key, value in known.items() if value})


def _key(key: str, quantities: Mapping[str, int]) -> str:
    """Shopify's key for a shipment: another one for other quantities, since a key is good for one input only."""
    content = ",".join(f"{item}={quantities[item]}" for item in sorted(quantities))
    return str(uuid.uuid5(_KEYS, f"{key}/{content}"))
