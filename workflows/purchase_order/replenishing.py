"""A replenishment's place in Shopify: an inventory transfer that shows what comes, and when."""

from datetime import date, datetime, time

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.inventory_transfers import InventoryTransferActivities
    from domain import references
    from domain.notification import Severity
    from domain.purchase_order.names import ReplenishmentRequest
    from domain.purchase_order.orders import OrderStatus, PurchaseOrder
    from domain.purchase_order.transfers import (
        CancelTransfer,
        CreateTransfer,
        SetEta,
        ShipTransfer,
    )
    from domain.shop_order import Tracking
    from workflows.options import SHOPIFY_WRITE
    from workflows.purchase_order.office import Office
    from workflows.waiting import Stopped, hold


class TransferKeeper:
    """One task that keeps the transfer as the purchase order is: created, dated, shipped, cancelled when nothing comes."""

    def __init__(self, office: Office, asked: ReplenishmentRequest) -> None:
        self._office = office
        self._asked = asked
        self._eta: date | None = None
        self._shipped: dict[str, dict[str, int]] = {}
        self._closing = False

    async def keep(self) -> None:
        """Follow the purchase order until `close`."""
        try:
            await hold(lambda: self._sent or self._closing)
            if self._sent:
                await self._create()
            while self._office.state.transfer_id:
                await hold(lambda: self._behind or self._closing)
                if not self._behind:
                    break
                await self._follow()
        except Stopped:
            await hold(lambda: self._closing)
        if self._office.state.transfer_id and not self._order.shipped:
            await self._cancel()

    def close(self) -> None:
        """Let `keep` end once the transfer is as it should be."""
        self._closing = True

    @property
    def _order(self) -> PurchaseOrder:
        return self._office.state.orders[0]

    @property
    def _sent(self) -> bool:
        orders = self._office.state.orders
        return bool(orders) and orders[0].status is OrderStatus.SENT

    @property
    def _behind(self) -> bool:
        eta = self._order.last_date
        return self._to_ship() is not None or (eta is not None and eta != self._eta)

    def _to_ship(self) -> str | None:
        """A shipment that the transfer does not have as it is now."""
        return next(
            (one for one, pieces in self._shipments().items() if self._shipped.get(one) != pieces),
            None,
        )

    def _shipments(self) -> dict[str, dict[str, int]]:
        """By shipment, what it took along, by SKU."""
        found: dict[str, dict[str, int]] = {}
        for line in self._order.lines.values():
            for number, taken in line.shipments.items():
                if taken.quantity:
                    pieces = found.setdefault(number, {})
                    pieces[line.sku] = pieces.get(line.sku, 0) + taken.quantity
        return found

    async def _create(self) -> None:
        ctx, order = self._office.ctx, self._order
        quantities: dict[str, int] = {}
        for line in order.lines.values():
            if line.wanted:
                quantities[line.sku] = quantities.get(line.sku, 0) + line.wanted
        created = await ctx.outside.write(
            InventoryTransferActivities.create_transfer,
            lambda key: CreateTransfer(
                shop=ctx.input.shop,
                po_number=order.number,
                location_id=self._asked.location_id,
                quantities=quantities,
                note=self._asked.note,
                idempotency_key=key,
            ),
            SHOPIFY_WRITE,
            "Create the inventory transfer",
        )
        if created is None:
            return
        if created.problems:
            text = "; ".join(f"{sku} {why}" for sku, why in created.problems.items())
            ctx.file.note("transfer", f"No inventory transfer: {text}", flagged=True)
            ctx.notices.send(order.policy.notify, Severity.WARNING, "no inventory transfer", text)
            return
        ctx.state.transfer_id = created.transfer_id
        ctx.file.refer(references.INVENTORY_TRANSFER, created.transfer_id)
        ctx.file.note("transfer", f"Inventory transfer {created.name} in Shopify.")
        ctx.show()

    async def _follow(self) -> None:
        if (number := self._to_ship()) is not None:
            await self._ship(number)
            self._eta = None  # a shipment takes the draft that bore the date along
        else:
            await self._date()

    async def _ship(self, number: str) -> None:
        ctx, pieces = self._office.ctx, self._shipments()[number]
        excess: dict[str, int] = {}
        while True:
            shipped = await ctx.outside.write(
                InventoryTransferActivities.mark_shipped,
                lambda key: ShipTransfer(
                    shop=ctx.input.shop,
                    transfer_id=ctx.state.transfer_id,
                    tracking=Tracking(number=number),
                    quantities=pieces,
                    shipped_at=workflow.now(),
                    idempotency_key=key,
                ),
                SHOPIFY_WRITE,
                f"Put shipment {number} in transit",
            )
            if shipped is None or shipped.done:
                excess = shipped.excess if shipped else {}
                break
        self._shipped[number] = pieces
        words = ", ".join(f"{count} × {sku}" for sku, count in pieces.items())
        ctx.file.note("transfer", f"Shipment {number} is in transit: {words}.")
        if excess:
            more = ", ".join(f"{count} × {sku}" for sku, count in excess.items())
            ctx.file.note("transfer", f"The transfer has no room for {more}.", flagged=True)

    async def _date(self) -> None:
        ctx, eta = self._office.ctx, self._order.last_date
        if eta is None:
            return
        self._eta = eta
        arrives = datetime.combine(eta, time(12), tzinfo=workflow.now().tzinfo)
        while True:
            done = await ctx.outside.write(
                InventoryTransferActivities.set_eta,
                lambda key: SetEta(
                    shop=ctx.input.shop,
                    transfer_id=ctx.state.transfer_id,
                    arrives_at=arrives,
                    idempotency_key=key,
                ),
                SHOPIFY_WRITE,
                "Set the transfer's arrival date",
            )
            if done is None or done.done:
                return

    async def _cancel(self) -> None:
        ctx = self._office.ctx
        while True:
            cancelled = await ctx.outside.write(
                InventoryTransferActivities.cancel_transfer,
                lambda _: CancelTransfer(shop=ctx.input.shop, transfer_id=ctx.state.transfer_id),
                SHOPIFY_WRITE,
                "Cancel the inventory transfer",
            )
            if cancelled is None or cancelled.done:
                break
        if cancelled is not None:
            words = f"stays: {cancelled.refused}" if cancelled.refused else "is cancelled."
            ctx.file.note(
                "transfer", f"The inventory transfer {words}", flagged=bool(cancelled.refused)
            )
