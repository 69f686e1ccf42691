"""A replenishment in Shopify: one transfer, its arrival date, its shipments, its end."""

from datetime import UTC, datetime
from typing import Any

import pytest

from clients.shopify.whole import read_whole_transfer
from domain.failures import CONFLICT, SHOPIFY_REFUSED, UNAVAILABLE
from domain.purchase_order.transfers import (
    CancelTransfer,
    CreateTransfer,
    SetEta,
    ShipTransfer,
)
from domain.shop_order import Tracking
from domain.shopify_ids import numeric_id
from tests.activities.conftest import Hands
from tests.world import SHOP

PO = "ACME-4711-TEXT-1"
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)
CHRISTMAS = datetime(2026, 12, 24, tzinfo=UTC)


class Replenishing:
    """A shop with two items and a warehouse, and one purchase order for it."""

    def __init__(self, hands: Hands, location: str) -> None:
        self.hands = hands
        self.location = location

    @classmethod
    async def begun(cls, hands: Hands) -> "Replenishing":
        begun = cls(hands, numeric_id(await hands.world.location("Warehouse")))
        await begun.item("SHIRT")
        await begun.item("SHOE")
        return begun

    async def item(self, sku: str, **more: Any) -> None:
        answer = await self.hands.world.shopify.post(
            f"/_emulator/shops/{SHOP}/products", json={"sku": sku} | more
        )
        assert answer.is_success, answer.text

    def wanted(self, key: str = "k-1", quantities: dict[str, int] | None = None) -> CreateTransfer:
        return CreateTransfer(
            shop=SHOP,
            po_number=PO,
            location_id=self.location,
            quantities=quantities or {"SHIRT": 10, "SHOE": 4},
            note="Ordered from acme-textiles.",
            idempotency_key=key,
        )

    async def transfers(self) -> list[dict[str, Any]]:
        state = await self.hands.world.shopify_state()
        found: list[dict[str, Any]] = state["shops"][SHOP]["inventory_transfers"]
        return found

    async def created(self) -> str:
        made = await self.hands.call(self.hands.transfers.create_transfer, self.wanted())
        found: str = made.transfer_id
        return found

    async def until_done(self, activity: Any, request: Any) -> Any:
        for _ in range(6):
            before = len(await self.hands.world.shopify_writes())
            answer = await self.hands.call(activity, request)
            assert answer.changed is not answer.done
            writes = len(await self.hands.world.shopify_writes()) - before
            assert writes == int(answer.changed)
            if answer.done:
                return answer
        pytest.fail(f"never done: {answer}")

    async def eta(self, transfer: str, arrives_at: datetime) -> None:
        await self.until_done(
            self.hands.transfers.set_eta,
            SetEta(shop=SHOP, transfer_id=transfer, arrives_at=arrives_at, idempotency_key="k-eta"),
        )

    async def ship(self, transfer: str, number: str = "1Z-1", **quantities: int) -> Any:
        return await self.until_done(
            self.hands.transfers.mark_shipped, shipping(transfer, number, **quantities)
        )

    async def shipments(self) -> list[tuple[str, str | None, datetime | None, int]]:
        """Status, tracking number, arrival and pieces of each shipment."""
        [transfer] = await self.transfers()
        found = await read_whole_transfer(
            await self.hands.world.connections.shopify(SHOP), transfer["id"]
        )
        assert found is not None
        return [
            (
                one.details.status.value,
                one.details.tracking.tracking_number if one.details.tracking else None,
                one.details.tracking.arrives_at if one.details.tracking else None,
                sum(line.quantity for line in one.lines),
            )
            for one in found.shipments
        ]


def shipping(transfer: str, number: str = "1Z-1", **quantities: int) -> ShipTransfer:
    return ShipTransfer(
        shop=SHOP,
        transfer_id=transfer,
        tracking=Tracking(company="UPS", number=number),
        quantities=quantities,
        idempotency_key=f"k-{number}",
    )


async def test_a_purchase_order_gets_one_transfer(hands: Hands) -> None:
    goods = await Replenishing.begun(hands)
    made = await hands.call(hands.transfers.create_transfer, goods.wanted())
    assert (made.already, made.problems) == (False, {})
    [transfer] = await goods.transfers()
    assert (numeric_id(transfer["id"]), transfer["name"]) == (made.transfer_id, made.name)
    assert (transfer["status"], transfer["reference_name"]) == ("READY_TO_SHIP", PO)
    assert (transfer["destination"], transfer["tags"]) == ("Warehouse", [PO, "gridcase"])


async def test_it_is_found_again_under_another_key_a_day_later(hands: Hands) -> None:
    goods = await Replenishing.begun(hands)
    first = await hands.call(hands.transfers.create_transfer, goods.wanted("k-1"))
    again = await hands.call(hands.transfers.create_transfer, goods.wanted("k-2", {"SHIRT": 3}))
    assert (again.transfer_id, again.already) == (first.transfer_id, True)
    assert len(await goods.transfers()) == 1


async def test_a_lost_answer_creates_one_transfer(hands: Hands) -> None:
    goods = await Replenishing.begun(hands)
    hands.world.lose_answer_to = "inventoryTransferCreateAsReadyToShip"
    lost = await hands.refusal(hands.transfers.create_transfer, goods.wanted())
    assert (lost.type, lost.non_retryable) == (UNAVAILABLE, False)
    assert (await hands.call(hands.transfers.create_transfer, goods.wanted())).already
    assert len(await goods.transfers()) == 1


async def test_a_twin_that_the_search_does_not_show_yet_is_caught_by_the_key(
    hands: Hands,
) -> None:
    goods = await Replenishing.begun(hands)

    async def twin() -> None:
        await hands.call(hands.transfers.create_transfer, goods.wanted())

    hands.world.before_call["inventoryTransferCreateAsReadyToShip"] = twin
    made = await hands.call(hands.transfers.create_transfer, goods.wanted())
    [transfer] = await goods.transfers()
    assert made.transfer_id == numeric_id(transfer["id"])

    async def other_twin() -> None:
        await hands.call(hands.transfers.create_transfer, other)

    other = goods.wanted("k-3").model_copy(update={"po_number": "ACME-4712-TEXT-1"})
    changed = other.model_copy(update={"quantities": {"SHIRT": 1}})
    hands.world.before_call["inventoryTransferCreateAsReadyToShip"] = other_twin
    late = await hands.refusal(hands.transfers.create_transfer, changed)
    assert (late.type, late.non_retryable) == (UNAVAILABLE, False)
    assert (await hands.call(hands.transfers.create_transfer, changed)).already


async def test_an_unknown_and_an_ambiguous_sku_are_said_and_nothing_is_created(
    hands: Hands,
) -> None:
    goods = await Replenishing.begun(hands)
    await goods.item("TWIN")
    await goods.item("TWIN", duplicate=True)
    await goods.item("GIFT", tracked=False)
    request = goods.wanted(quantities={"SHIRT": 1, "TWIN": 1, "GIFT": 1, "NONE": 1})
    made = await hands.call(hands.transfers.create_transfer, request)
    assert made.transfer_id == ""
    assert made.problems == {
        "GIFT": "Shopify does not track the stock of this item.",
        "NONE": "The shop has no item of this SKU.",
        "TWIN": "Several items of the shop have this SKU.",
    }
    assert await goods.transfers() == []


async def test_skus_are_taken_by_the_letter_however_many(hands: Hands) -> None:
    goods = await Replenishing.begun(hands)
    skus = [f"SKU '{number}' OR x" for number in range(45)]
    for sku in [*skus, "shirt"]:
        await goods.item(sku)
    made = await hands.call(
        hands.transfers.create_transfer, goods.wanted(quantities=dict.fromkeys([*skus, "SHIRT"], 2))
    )
    assert made.problems == {}
    [transfer] = await goods.transfers()
    assert sorted(line["sku"] for line in transfer["lines"]) == sorted([*skus, "SHIRT"])


async def test_a_location_that_is_gone_is_refused(hands: Hands) -> None:
    goods = await Replenishing.begun(hands)
    request = goods.wanted().model_copy(update={"location_id": "999999"})
    refused = await hands.refusal(hands.transfers.create_transfer, request)
    assert (refused.type, refused.non_retryable) == (SHOPIFY_REFUSED, True)


async def test_an_arrival_date_is_set_once_and_set_again_when_it_changes(hands: Hands) -> None:
    goods = await Replenishing.begun(hands)
    transfer = await goods.created()
    for _ in range(2):
        await goods.eta(transfer, DECEMBER)
    assert await goods.shipments() == [("DRAFT", None, DECEMBER, 14)]
    for _ in range(2):
        await goods.eta(transfer, CHRISTMAS)
    assert await goods.shipments() == [("DRAFT", None, CHRISTMAS, 14)]
    assert await hands.world.shopify_writes("inventoryShipmentCreate") == [
        "inventoryShipmentCreate"
    ]
    assert len(await hands.world.shopify_writes("inventoryShipmentSetTracking")) == 1


async def test_all_of_it_ships_as_the_draft_it_was(hands: Hands) -> None:
    goods = await Replenishing.begun(hands)
    transfer = await goods.created()
    await goods.eta(transfer, DECEMBER)
    answer = await goods.ship(transfer, SHIRT=10, SHOE=4)
    assert (answer.shipped, answer.excess) == ({"SHIRT": 10, "SHOE": 4}, {})
    assert await goods.shipments() == [("IN_TRANSIT", "1Z-1", DECEMBER, 14)]
    assert await hands.world.shopify_writes("inventoryShipmentDelete") == []


async def test_a_part_ships_and_the_rest_gets_its_own_date(hands: Hands) -> None:
    goods = await Replenishing.begun(hands)
    transfer = await goods.created()
    await goods.eta(transfer, DECEMBER)
    answer = await goods.ship(transfer, SHIRT=6)
    assert answer.shipped == {"SHIRT": 6}
    await goods.eta(transfer, CHRISTMAS)
    assert sorted(await goods.shipments(), key=str) == [
        ("DRAFT", None, CHRISTMAS, 8),
        ("IN_TRANSIT", "1Z-1", None, 6),
    ]
    answer = await goods.ship(transfer, "1Z-2", SHIRT=4, SHOE=4)
    assert [(status, pieces) for status, _, _, pieces in await goods.shipments()] == [
        ("IN_TRANSIT", 6),
        ("IN_TRANSIT", 8),
    ]
    await goods.eta(transfer, DECEMBER)
    assert len(await goods.shipments()) == 2, "nothing is left to arrive on another date"


async def test_a_shipment_is_marked_once_and_says_what_there_was_no_room_for(
    hands: Hands,
) -> None:
    goods = await Replenishing.begun(hands)
    transfer = await goods.created()
    await goods.ship(transfer, SHIRT=6)
    hands.world.lose_answer_to = "inventoryShipmentCreateInTransit"
    request = shipping(transfer, "1Z-2", SHIRT=9, SHOE=1, HAT=2)
    assert (await hands.refusal(hands.transfers.mark_shipped, request)).type == UNAVAILABLE
    answer = await goods.until_done(hands.transfers.mark_shipped, request)
    assert answer.shipped == {"SHIRT": 4, "SHOE": 1}
    assert answer.excess == {"SHIRT": 5, "HAT": 2}
    assert [pieces for *_, pieces in await goods.shipments()] == [6, 5]


async def test_a_transfer_is_cancelled_with_its_draft_and_made_anew(hands: Hands) -> None:
    goods = await Replenishing.begun(hands)
    transfer = await goods.created()
    await goods.eta(transfer, DECEMBER)
    request = CancelTransfer(shop=SHOP, transfer_id=transfer)
    for _ in range(2):
        answer = await goods.until_done(hands.transfers.cancel_transfer, request)
        assert answer.refused == ""
    assert [one["status"] for one in await goods.transfers()] == ["CANCELED"]
    await goods.eta(transfer, CHRISTMAS)
    made = await hands.call(hands.transfers.create_transfer, goods.wanted("k-9"))
    assert (made.already, made.transfer_id != transfer) == (False, True)


async def test_a_transfer_on_its_way_is_not_cancelled(hands: Hands) -> None:
    goods = await Replenishing.begun(hands)
    transfer = await goods.created()
    await goods.ship(transfer, SHIRT=1)
    answer = await goods.until_done(
        hands.transfers.cancel_transfer, CancelTransfer(shop=SHOP, transfer_id=transfer)
    )
    assert "on their way or have arrived" in answer.refused
    assert [one["status"] for one in await goods.transfers()] == ["IN_PROGRESS"]


async def test_a_shipment_that_leaves_while_it_is_cancelled_is_read_again(hands: Hands) -> None:
    goods = await Replenishing.begun(hands)
    transfer = await goods.created()
    hands.world.before_call["inventoryTransferCancel"] = lambda: goods.ship(transfer, SHIRT=1)
    request = CancelTransfer(shop=SHOP, transfer_id=transfer)
    late = await hands.refusal(hands.transfers.cancel_transfer, request)
    assert (late.type, late.non_retryable) == (UNAVAILABLE, False)
    assert (await hands.call(hands.transfers.cancel_transfer, request)).refused


async def test_a_transfer_that_is_gone_is_cancelled_enough_and_nothing_else(hands: Hands) -> None:
    goods = await Replenishing.begun(hands)
    request = CancelTransfer(shop=SHOP, transfer_id="999999")
    assert (await hands.call(hands.transfers.cancel_transfer, request)).done
    gone = await hands.refusal(hands.transfers.mark_shipped, shipping("999999", SHIRT=1))
    assert (gone.type, gone.non_retryable) == (CONFLICT, True)
    transfer = await goods.created()
    unnumbered = await hands.refusal(hands.transfers.mark_shipped, shipping(transfer, " ", SHIRT=1))
    assert (unnumbered.type, unnumbered.non_retryable) == (CONFLICT, True)
