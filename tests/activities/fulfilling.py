"""An order on its way out: what tests of holding, shipping and moving have in common."""

from typing import Any

import pytest

from activities.fulfillment_orders import FulfillmentOrderActivities
from domain.fulfillment_orders import (
    AlignHolds,
    CreateFulfillment,
    MoveLines,
    ReadOrder,
)
from domain.shop_order import ShopOrder, Tracking, hold_handle
from domain.shopify_ids import numeric_id
from tests.activities.conftest import Hands
from tests.world import SHOP

OURS = hold_handle("order_exception", 7)
OTHER_CASE = hold_handle("purchase_order", 8)
LATE = "UNKNOWN_DELIVERY_DATE"


def line(sku: str, quantity: int, **more: Any) -> dict[str, Any]:
    return {"sku": sku, "quantity": quantity, "vendor": "acme-textiles", "price": "30.00"} | more


class Outgoing:
    """One order, the activities on it, and what others do to it meanwhile."""

    def __init__(self, hands: Hands, order_id: str) -> None:
        self.hands = hands
        self.order_id = order_id
        self.skus: dict[str, str] = {}

    @classmethod
    async def placed(cls, hands: Hands, *lines: dict[str, Any], **more: Any) -> "Outgoing":
        made = await hands.world.order(*lines, fulfill=False, **more)
        outgoing = cls(hands, numeric_id(made["order_id"]))
        outgoing.skus = {one.line_id: one.sku for one in (await outgoing.read()).lines}
        return outgoing

    @property
    def do(self) -> FulfillmentOrderActivities:
        return self.hands.fulfillment

    async def read(self) -> ShopOrder:
        found = await self.hands.call(
            self.do.read_order, ReadOrder(shop=SHOP, order_id=self.order_id)
        )
        order: ShopOrder | None = found.order
        assert order is not None
        return order

    def by_line(self, by_sku: dict[str, int]) -> dict[str, int]:
        numbers = {sku: number for number, sku in self.skus.items()}
        return {numbers[sku]: quantity for sku, quantity in by_sku.items()}

    def by_sku(self, by_line: dict[str, Any]) -> dict[str, Any]:
        return {self.skus[number]: value for number, value in by_line.items()}

    def holds(self, handle: str = OURS, **by_sku: int) -> AlignHolds:
        return AlignHolds(
            shop=SHOP,
            order_id=self.order_id,
            handle=handle,
            reason=LATE,
            notes="Late by two weeks.",
            quantities=self.by_line(by_sku),
        )

    def ships(self, number: str = "1Z-1", **by_sku: int) -> CreateFulfillment:
        return CreateFulfillment(
            shop=SHOP,
            order_id=self.order_id,
            tracking=Tracking(company="UPS", number=number),
            quantities=self.by_line(by_sku),
        )

    def moves(self, location_id: str, **by_sku: int) -> MoveLines:
        return MoveLines(
            shop=SHOP,
            order_id=self.order_id,
            location_id=numeric_id(location_id),
            quantities=self.by_line(by_sku),
        )

    async def until_done(self, activity: Any, request: Any, within: int = 8) -> Any:
        """Repeat the call as a workflow does; its last answer."""
        for _ in range(within):
            answer = await self.hands.call(activity, request)
            assert answer.changed is not answer.done
            if answer.done:
                return answer
        pytest.fail(f"not done within {within} calls: {answer}")

    async def align(self, handle: str = OURS, **by_sku: int) -> Any:
        """Align until done; `held` and `unholdable` by SKU."""
        answer = await self.until_done(self.do.align_holds, self.holds(handle, **by_sku))
        return self.by_sku(answer.held), self.by_sku(answer.unholdable)

    async def ship(self, number: str = "1Z-1", **by_sku: int) -> Any:
        return await self.until_done(self.do.create_fulfillment, self.ships(number, **by_sku))

    async def writes(self, mutation: str) -> int:
        """How often Shopify has done this for us."""
        return len(await self.hands.world.shopify_writes(mutation))

    async def state(self) -> dict[str, list[tuple[str, int, str]]]:
        """SKU -> (location, remaining, who holds it: `-` for nobody), of what may still ship."""
        found: dict[str, list[tuple[str, int, str]]] = {}
        for order in (await self.read()).fulfillment_orders:
            who = "+".join(hold.handle or "somebody" for hold in order.holds) or "-"
            for one in order.lines if order.open else ():
                if one.remaining:
                    entry = (order.location_name, one.remaining, who)
                    found.setdefault(self.skus[one.line_id], []).append(entry)
        return {sku: sorted(entries) for sku, entries in found.items()}

    async def elsewhere(self, sku: str, action: str, **body: Any) -> None:
        """Somebody else acts on the fulfillment order that has the SKU."""
        number = self.by_line({sku: 1}).popitem()[0]
        order = next(
            one
            for one in (await self.read()).fulfillment_orders
            if one.open and any(entry.line_id == number for entry in one.lines)
        )
        answer = await self.hands.world.shopify.post(
            f"/_emulator/shops/{SHOP}/fulfillment-orders/{order.id}/{action}", json=body
        )
        assert answer.is_success, answer.text

    async def somebody_ships(self, number: str, **by_sku: int) -> None:
        """Staff record a shipment in Shopify's admin."""
        lines = [{"sku": sku, "quantity": quantity} for sku, quantity in by_sku.items()]
        answer = await self.hands.world.shopify.post(
            f"/_emulator/shops/{SHOP}/orders/{self.order_id}/fulfill",
            json={"lines": lines, "tracking": {"company": "UPS", "number": number}},
        )
        assert answer.is_success, answer.text
