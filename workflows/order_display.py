"""Keeps the order in Shopify showing where a case stands: metafields and tags, the latest state only."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.order_fields import OrderFieldActivities
    from domain.order_fields import AddTags, OrderEntry, RemoveTags, WriteOrderFields
    from workflows.options import SHOPIFY_WRITE
    from workflows.outside import Outside
    from workflows.waiting import Stopped, hold


class OrderDisplay:
    """Customer service sees the case on its order. What changed during a write goes with the next."""

    def __init__(self, outside: Outside, *, shop: str, lifecycle: str) -> None:
        self._outside = outside
        self._shop = shop
        self._lifecycle = lifecycle
        self._order_id = ""
        self._object_id = ""
        self._wanted: OrderEntry | None = None
        self._written: OrderEntry | None = None
        self._closing = False

    def want(self, order_id: str, object_id: str, entry: OrderEntry) -> None:
        """This is what the order should show."""
        self._order_id, self._object_id, self._wanted = order_id, object_id, entry

    async def keep(self) -> None:
        """Write whenever something else is wanted, until `close`."""
        while True:
            await hold(lambda: self._wanted != self._written or self._closing)
            if self._wanted is None or self._wanted == self._written:
                return
            try:
                await self._write(self._wanted)
            except Stopped:
                # The case was stopped while the write was refused; the last state is tried once more at the end.
                await hold(lambda: self._closing)

    def close(self) -> None:
        """Let `keep` end once the last state is shown."""
        self._closing = True

    async def _write(self, entry: OrderEntry) -> None:
        shop, order_id = self._shop, self._order_id
        self._written = entry
        written = await self._outside.write(
            OrderFieldActivities.write_order_fields,
            lambda _: WriteOrderFields(
                shop=shop,
                order_id=order_id,
                lifecycle=self._lifecycle,
                object_id=self._object_id,
                entry=entry,
            ),
            SHOPIFY_WRITE,
            "Show the case on the order",
        )
        if written is None:
            return
        if written.add_tags:
            await self._outside.write(
                OrderFieldActivities.add_tags,
                lambda _: AddTags(shop=shop, order_id=order_id, tags=written.add_tags),
                SHOPIFY_WRITE,
                "Tag the order",
            )
        if written.remove_tags:
            await self._outside.write(
                OrderFieldActivities.remove_tags,
                lambda _: RemoveTags(shop=shop, order_id=order_id, tags=written.remove_tags),
                SHOPIFY_WRITE,
                "Take old tags off the order",
            )
