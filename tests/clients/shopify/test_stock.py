"""Levels, orders since a moment and the bulk file, against the emulator."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from clients.shopify.admin import AdminApi
from clients.shopify.bulk import (
    BulkBusy,
    ItemSeen,
    LevelOfItem,
    items_and_levels,
    start_reading_items,
)
from clients.shopify.credentials import ShopCredentials
from clients.shopify.errors import (
    ShopifyRefused,
    ShopifyReplyUnreadable,
    ShopifyUnavailable,
    ShopifyUserErrors,
)
from clients.shopify.factory import ShopifyClients
from clients.shopify.generated.enums import BulkOperationStatus
from clients.shopify.generated.input_types import (
    InventoryQuantityInput,
    InventorySetQuantitiesInput,
)
from clients.shopify.stock import LevelSeen, levels_at, ordered_since
from emulators.shopify.app import create_app

ORIGIN = "http://localhost:8101"


class Shop:
    def __init__(self, admin: AdminApi, control: httpx.AsyncClient, emulator: Any) -> None:
        self.admin = admin
        self.control = control
        self.emulator = emulator

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = await self.control.post(f"/_emulator/shops/acme{path}", json=body)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def location(self, name: str) -> str:
        made = await self.post("/locations", {"name": name, "country_code": "DE"})
        return str(made["location_id"])

    async def product(self, sku: str, **more: Any) -> str:
        made = await self.post("/products", {"sku": sku, **more})
        return str(made["inventory_item_id"])


@pytest.fixture
async def emulated() -> AsyncIterator[Shop]:
    app = create_app()
    transport = httpx.ASGITransport(app)
    async with (
        httpx.AsyncClient(transport=transport, base_url=ORIGIN) as control,
        httpx.AsyncClient(transport=transport) as http,
    ):
        await control.post("/_emulator/shops/acme", json={"name": "Acme"})
        credentials = ShopCredentials(
            shop="acme",
            base_url=f"{ORIGIN}/acme",
            client_id="demo-client-id",
            client_secret="demo-client-secret",
        )
        yield Shop(ShopifyClients(http).for_shop(credentials), control, app.state.emulator)
        await app.state.emulator.aclose()


async def test_levels_say_what_is_there_what_is_inactive_and_what_is_not(emulated: Shop) -> None:
    north = await emulated.location("North")
    stocked = await emulated.product("A", available={"North": 5})
    idle = await emulated.product("B", available={"North": 2}, tracked=False)
    await emulated.post("/inventory-levels", {"sku": "B", "location": "North", "active": False})
    absent = await emulated.product("C")
    found = await levels_at(
        emulated.admin, north, [stocked, idle, absent, "gid://shopify/InventoryItem/1"]
    )
    assert found == {
        stocked: LevelSeen(stocked, "A", True, True, 5),
        idle: LevelSeen(idle, "B", False, False, 2),
        absent: LevelSeen(absent, "C", True, False, None),
    }


async def test_two_hundred_and_fifty_levels_fit_into_one_query(emulated: Shop) -> None:
    north = await emulated.location("North")
    made = await emulated.post(
        "/products/bulk", {"count": 250, "prefix": "S", "available": {"North": 3}}
    )
    found = await levels_at(emulated.admin, north, list(made["inventory_items"].values()))
    assert len(found) == 250
    cost = emulated.admin.last_cost
    assert cost is not None
    assert cost.requested <= 1000


async def ordered(shop: Shop, since: datetime) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    after: str | None = None
    while True:
        page = await ordered_since(shop.admin, since, after)
        for pieces in page.pieces:
            key = (pieces.location_gid, pieces.item_gid)
            found[key] = found.get(key, 0) + pieces.quantity
        after = page.after
        if after is None:
            return found


async def test_orders_count_where_they_ship_from_and_only_what_is_still_wanted(
    emulated: Shop,
) -> None:
    north, south = await emulated.location("North"), await emulated.location("South")
    item = await emulated.product("A", available={"North": 50, "South": 50})
    now = datetime.now(UTC)

    async def order(quantity: int, placed: datetime, **more: Any) -> dict[str, Any]:
        line = {"sku": "A", "quantity": quantity, "vendor": "v", "price": "1"} | more
        return await emulated.post(
            "/orders", {"lines": [line], "created_at": placed.isoformat(), "fulfill": False}
        )

    await order(1, now - timedelta(hours=2), location="North")  # before
    await order(2, now - timedelta(minutes=30), location="North")
    both = await order(
        7, now - timedelta(minutes=29), locations={"North": 3, "South": 4}, location=None
    )
    gone = await order(11, now - timedelta(minutes=28), location="North")
    await emulated.post(f"/orders/{gone['order_id'].rsplit('/', 1)[1]}/cancel", {})
    less = await order(13, now - timedelta(minutes=27), location="South")
    number = less["order_id"].rsplit("/", 1)[1]
    await emulated.post(f"/orders/{number}/edit", {"lines": [{"sku": "A", "quantity": 5}]})
    await emulated.post(f"/orders/{both['order_id'].rsplit('/', 1)[1]}/fulfill", {})
    assert await ordered(emulated, now - timedelta(hours=1)) == {
        (north, item): 5,
        (south, item): 9,
    }


async def test_an_order_of_the_same_second_counts(emulated: Shop) -> None:
    north = await emulated.location("North")
    item = await emulated.product("A", available={"North": 5})
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
    line = {"sku": "A", "quantity": 1, "vendor": "v", "price": "1", "location": "North"}
    await emulated.post(
        "/orders", {"lines": [line], "created_at": at.isoformat(), "fulfill": False}
    )
    assert await ordered(emulated, at + timedelta(milliseconds=900)) == {(north, item): 1}
    assert await ordered(emulated, at + timedelta(seconds=1)) == {}


async def test_orders_with_many_lines_and_places_are_read_to_the_end(emulated: Shop) -> None:
    lines = [
        {
            "sku": f"S{number}",
            "quantity": 1,
            "vendor": "v",
            "price": "1",
            "location": f"Place {number % 4}",
        }
        for number in range(48)
    ]
    for _ in range(22):
        await emulated.post("/orders", {"lines": lines, "fulfill": False})
    found = await ordered(emulated, datetime.now(UTC) - timedelta(hours=1))
    assert len(found) == 48
    assert set(found.values()) == {22}


async def read_file(shop: Shop) -> tuple[list[ItemSeen], list[LevelOfItem]]:
    operation = await start_reading_items(shop.admin)
    await shop.emulator.bulk.settle()
    state = (await shop.admin.bulk_operation_by_id(id=operation.id)).bulk_operation
    assert state is not None
    assert state.status is BulkOperationStatus.COMPLETED
    assert state.url is not None
    items: list[ItemSeen] = []
    levels: list[LevelOfItem] = []
    async for line in items_and_levels(shop.admin, state.url):
        if isinstance(line, ItemSeen):
            items.append(line)
        else:
            levels.append(line)
    return items, levels


async def test_the_bulk_file_has_every_item_and_level(emulated: Shop) -> None:
    north, south = await emulated.location("North"), await emulated.location("South")
    a = await emulated.product("A", available={"North": 5, "South": 0})
    twin = await emulated.product("A", duplicate=True, tracked=False)
    items, levels = await read_file(emulated)
    assert set(items) == {ItemSeen(a, "A", True), ItemSeen(twin, "A", False)}
    assert set(levels) == {LevelOfItem(a, north, 5), LevelOfItem(a, south, 0)}


async def test_an_operation_that_runs_already_is_not_started_again(emulated: Shop) -> None:
    await emulated.control.put("/_emulator/faults", json={"bulk": {"delay_s": 0.2}})
    first = await start_reading_items(emulated.admin)
    assert (await start_reading_items(emulated.admin)).id == first.id


async def test_anothers_operation_is_waited_for(emulated: Shop) -> None:
    await emulated.control.put("/_emulator/faults", json={"bulk": {"delay_s": 0.2}})
    await emulated.admin.bulk_operation_run_query(
        query="{ inventoryItems { edges { node { id } } } }"
    )
    with pytest.raises(BulkBusy):
        await start_reading_items(emulated.admin)


async def test_entries_that_are_stale_are_named_by_their_index(emulated: Shop) -> None:
    north = await emulated.location("North")
    a = await emulated.product("A", available={"North": 5})
    b = await emulated.product("B", available={"North": 6})

    def entry(item: str, seen: int) -> InventoryQuantityInput:
        return InventoryQuantityInput(
            inventory_item_id=item, location_id=north, quantity=1, change_from_quantity=seen
        )

    with pytest.raises(ShopifyUserErrors) as refused:
        await emulated.admin.inventory_set_quantities(
            input=InventorySetQuantitiesInput(
                name="available", reason="correction", quantities=[entry(a, 5), entry(b, 5)]
            ),
            idempotency_key="k1",
        )
    [error] = refused.value.errors
    assert error.code == "CHANGE_FROM_QUANTITY_STALE"
    assert error.field[:3] == ("input", "quantities", "1")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (httpx.Response(403, text="expired"), ShopifyRefused),
        (httpx.Response(302, headers={"location": "https://x.example"}), ShopifyRefused),
        (httpx.Response(503), ShopifyUnavailable),
        (
            httpx.Response(200, text='{"id":"gid://shopify/InventoryItem/1"}\n'),
            ShopifyReplyUnreadable,
        ),
        (httpx.Response(200, text='{"id":"gi'), ShopifyReplyUnreadable),
        (httpx.Response(200, text="[1]"), ShopifyReplyUnreadable),
        (httpx.ReadError("broke off"), ShopifyUnavailable),
    ],
)
async def test_a_file_that_is_not_what_it_says_is_refused(
    answer: httpx.Response | Exception, expected: type[Exception], credentials: ShopCredentials
) -> None:
    def serve(request: httpx.Request) -> httpx.Response:
        assert "x-shopify-access-token" not in request.headers
        if isinstance(answer, Exception):
            raise answer
        return answer

    async with httpx.AsyncClient(transport=httpx.MockTransport(serve)) as http:
        admin = ShopifyClients(http).for_shop(credentials)
        with pytest.raises(expected):
            [line async for line in items_and_levels(admin, "https://storage.example/f")]


@pytest.mark.parametrize("url", ["http://storage.example/f", "file:///etc/passwd", "", "https"])
async def test_only_https_files_are_fetched(url: str, credentials: ShopCredentials) -> None:
    def nobody(_: httpx.Request) -> httpx.Response:
        raise AssertionError("nothing is fetched")

    async with httpx.AsyncClient(transport=httpx.MockTransport(nobody)) as http:
        admin = ShopifyClients(http).for_shop(credentials)
        with pytest.raises(ShopifyRefused):
            [line async for line in admin.file_lines(url)]
