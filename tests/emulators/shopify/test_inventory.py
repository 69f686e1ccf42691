"""Inventory levels: read by id, set with a comparison, moved by orders, told by webhooks."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.emulators.shopify.fulfillment import number, told
from tests.emulators.shopify.stock import (
    ACTIVATE,
    ADJUST,
    LEVELS,
    OF_ITEM,
    SET,
    entry,
    levels,
    location,
    made,
    put,
    quantities,
)

if TYPE_CHECKING:
    from tests.emulators.shopify.conftest import Driver, Receiver

ORDERS = """query O($query: String, $first: Int!, $after: String) {
  orders(query: $query, first: $first, after: $after, sortKey: CREATED_AT) {
    pageInfo { hasNextPage endCursor }
    nodes { id createdAt lineItems(first: 5) { nodes { sku quantity } } } } }"""


def codes(payload: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [(error["code"], error["field"]) for error in payload["userErrors"]]


async def test_a_level_is_read_by_its_id_through_the_item_and_among_nodes(shop: Driver) -> None:
    item, east = await made(shop, East=5, West=2)
    found = (await shop.ask(OF_ITEM, id=item, location=east))["inventoryItem"]
    assert found["locationsCount"]["count"] == 2
    level = found["inventoryLevel"]
    assert level["id"].endswith(f"?inventory_item_id={number(item)}")
    assert level["location"]["name"] == "East"
    assert level["isActive"]
    assert level["canDeactivate"]
    assert level["quantities"][0]["quantity"] == 5
    ids = [node["id"] for node in found["inventoryLevels"]["nodes"]]
    unknown = "gid://shopify/InventoryLevel/1?inventory_item_id=999999"
    nodes = (await shop.ask(LEVELS, ids=[*ids, unknown]))["nodes"]
    assert [node and node["id"] for node in nodes] == [*ids, None]
    held = [{q["name"]: q["quantity"] for q in node["quantities"]} for node in nodes[:2]]
    assert [h["available"] for h in held] == [5, 2]
    one = await shop.ask("query L($id: ID!) { inventoryLevel(id: $id) { id } }", id=ids[1])
    assert one["inventoryLevel"]["id"] == ids[1]


async def test_levels_of_several_items_at_one_location_share_their_number_only(
    shop: Driver,
) -> None:
    await made(shop, "LAMP", East=1)
    await made(shop, "BULB", East=2)
    ids = [(await levels(shop, sku))[0]["id"] for sku in ("LAMP", "BULB")]
    assert len(set(ids)) == 2
    assert len({gid.partition("?")[0] for gid in ids}) == 1
    nodes = (await shop.ask(LEVELS, ids=ids))["nodes"]
    assert [node["quantities"][0]["quantity"] for node in nodes] == [1, 2]


async def test_a_quantity_name_that_does_not_exist_is_an_error_of_the_request(
    shop: Driver,
) -> None:
    await made(shop)
    gid = (await levels(shop))[0]["id"]
    query = """query L($id: ID!) { inventoryLevel(id: $id) { quantities(names: ["sellable"]) {
      quantity } } }"""
    assert "sellable" in (await shop.body(query, id=gid))["errors"][0]["message"]


async def test_setting_compares_and_answers_with_what_it_changed(shop: Driver) -> None:
    item, east = await made(shop)
    uri = "gid://gridcase/InventoryFeed/1"
    done = await put(shop, entry(item, east, 8, expected=5), referenceDocumentUri=uri)
    assert done["userErrors"] == []
    group = done["inventoryAdjustmentGroup"]
    assert (group["reason"], group["referenceDocumentUri"]) == ("correction", uri)
    assert {(c["name"], c["delta"], c["quantityAfterChange"]) for c in group["changes"]} == {
        ("available", 3, 8),
        ("on_hand", 3, 8),
    }
    again = await put(shop, entry(item, east, 8, expected=8), key="k2")
    assert again == {"inventoryAdjustmentGroup": None, "userErrors": []}
    await put(shop, entry(item, east, 1, expected=None), key="k3")
    assert await quantities(shop) == (1, 0, 1)


async def test_a_stale_entry_is_named_and_nothing_of_the_call_is_written(shop: Driver) -> None:
    lamp, east = await made(shop, "LAMP", East=5)
    bulb, _ = await made(shop, "BULB", East=7)
    cord, _ = await made(shop, "CORD", East=9)
    entries = [entry(lamp, east, 1, 5), entry(bulb, east, 1, 6), entry(cord, east, 1, 0)]
    done = await put(shop, *entries)
    assert codes(done) == [
        ("CHANGE_FROM_QUANTITY_STALE", ["input", "quantities", at, "changeFromQuantity"])
        for at in ("1", "2")
    ]
    assert done["inventoryAdjustmentGroup"] is None
    assert [(await quantities(shop, sku))[0] for sku in ("LAMP", "BULB", "CORD")] == [5, 7, 9]


async def test_what_is_on_hand_counts_promised_pieces(shop: Driver) -> None:
    item, east = await made(shop)
    await shop.order({"sku": "LAMP", "quantity": 2, "location": "East"}, fulfill=False)
    assert await quantities(shop) == (3, 2, 5)
    done = await put(shop, entry(item, east, 10, expected=5), name="on_hand")
    assert done["userErrors"] == []
    assert await quantities(shop) == (8, 2, 10)


async def test_without_a_word_on_what_is_replaced_the_request_fails(shop: Driver) -> None:
    item, east = await made(shop)
    given = entry(item, east, 8)
    del given["changeFromQuantity"]
    text = {"name": "available", "reason": "correction", "quantities": [given]}
    (error,) = (await shop.body(SET, input=text, key="k"))["errors"]
    assert error["extensions"]["code"] == "BAD_REQUEST"
    assert "must include the following argument: changeFromQuantity" in error["message"]
    assert (await quantities(shop))[0] == 5


async def test_without_a_key_the_request_fails_and_a_key_is_replayed_for_a_day(
    shop: Driver,
) -> None:
    item, east = await made(shop)
    without = """mutation S($input: InventorySetQuantitiesInput!) {
      inventorySetQuantities(input: $input) { userErrors { code } } }"""
    text = {"name": "available", "reason": "correction", "quantities": [entry(item, east, 6)]}
    (error,) = (await shop.body(without, input=text))["errors"]
    assert "@idempotent" in error["message"]
    first = await put(shop, entry(item, east, 6, expected=5))
    assert await put(shop, entry(item, east, 6, expected=5)) == first
    other = await put(shop, entry(item, east, 7, expected=6))
    assert [code for code, _ in codes(other)] == ["IDEMPOTENCY_KEY_PARAMETER_MISMATCH"]
    shop.clock.pass_(hours=24, seconds=1)
    await shop.sign_in()
    late = await put(shop, entry(item, east, 6, expected=5))
    assert [code for code, _ in codes(late)] == ["CHANGE_FROM_QUANTITY_STALE"]


async def test_a_call_takes_250_entries_and_no_more(shop: Driver) -> None:
    item, east = await made(shop)
    body = await shop.body(
        SET,
        input={
            "name": "available",
            "reason": "correction",
            "quantities": [entry(item, east, 1)] * 251,
        },
        key="k",
    )
    assert body["errors"][0]["extensions"]["code"] == "MAX_INPUT_SIZE_EXCEEDED"


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"name": "committed"}, "INVALID_NAME", ["input", "name"]),
        ({"reason": "because"}, "INVALID_REASON", ["input", "reason"]),
        (
            {"referenceDocumentUri": "no uri"},
            "INVALID_REFERENCE_DOCUMENT",
            ["input", "referenceDocumentUri"],
        ),
    ],
)
async def test_what_is_said_of_the_whole_call_must_be_right(
    shop: Driver, change: dict[str, Any], code: str, field: list[str]
) -> None:
    item, east = await made(shop)
    assert codes(await put(shop, entry(item, east, 1), **change)) == [(code, field)]


async def test_every_wrong_entry_is_named(shop: Driver) -> None:
    item, east = await made(shop)
    kit = {"sku": "KIT", "bundle": True}
    bundle = (await shop.control("/shops/acme/products", kit))["inventory_item_id"]
    done = await put(
        shop,
        entry("gid://shopify/InventoryItem/9999", east, 1),
        entry(item, "gid://shopify/Location/9999", 1),
        entry(item, east, 1_000_000_001),
        entry(item, east, 1),
        entry(bundle, east, 1),
        entry(bundle, await location(shop, "Main warehouse"), -1_000_000_001),
    )

    def at(index: int, name: str) -> list[str]:
        return ["input", "quantities", str(index), name]

    assert codes(done) == [
        ("INVALID_INVENTORY_ITEM", at(0, "inventoryItemId")),
        ("INVALID_LOCATION", at(1, "locationId")),
        ("INVALID_QUANTITY_TOO_HIGH", at(2, "quantity")),
        ("NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR", at(3, "locationId")),
        ("NON_MUTABLE_INVENTORY_ITEM", at(4, "inventoryItemId")),
        ("NON_MUTABLE_INVENTORY_ITEM", at(5, "inventoryItemId")),
        ("INVALID_QUANTITY_TOO_LOW", at(5, "quantity")),
    ]


async def test_writing_where_the_item_is_not_stocked_makes_an_inactive_level(
    shop: Driver, receiver: Receiver
) -> None:
    item, _ = await made(shop)
    await shop.control("/shops/acme/locations", {"name": "West"})
    west = await location(shop, "West")
    assert (await put(shop, entry(item, west, 4, expected=0)))["userErrors"] == []
    hidden = (await shop.ask(OF_ITEM, id=item, location=west))["inventoryItem"]
    assert hidden["inventoryLevel"] is None
    assert len(hidden["inventoryLevels"]["nodes"]) == 1
    shown = (await shop.ask(OF_ITEM, id=item, location=west, all=True))["inventoryItem"]
    assert not shown["inventoryLevel"]["isActive"]
    (node,) = (await shop.ask(LEVELS, ids=[shown["inventoryLevel"]["id"]]))["nodes"]
    assert (node["isActive"], node["quantities"][0]["quantity"]) == (False, 4)
    await shop.order({"sku": "LAMP", "quantity": 1, "location": "West"}, fulfill=False)
    assert await quantities(shop, place="West") == (4, 0, 4)
    await shop.subscribe("INVENTORY_LEVELS_CONNECT")
    done = await shop.mutate(ACTIVATE, item=item, location=west, key="a")
    assert done["userErrors"] == []
    level = done["inventoryLevel"]
    assert (level["isActive"], level["quantities"][0]["quantity"]) == (True, 4)
    assert await told(shop, receiver) == ["inventory_levels/connect"]


async def test_activating_takes_a_quantity_only_where_it_was_not_stocked(shop: Driver) -> None:
    item, east = await made(shop)
    done = await shop.mutate(ACTIVATE, item=item, location=east, available=9, key="a")
    assert "already active" in done["userErrors"][0]["message"]
    assert done["inventoryLevel"] is None
    home = await location(shop, "Main warehouse")
    both = await shop.mutate(ACTIVATE, item=item, location=home, available=1, onHand=1, key="b")
    assert both["userErrors"]
    done = await shop.mutate(ACTIVATE, item=item, location=home, onHand=3, key="c")
    assert done["inventoryLevel"]["quantities"][0]["quantity"] == 3
    done = await shop.mutate(ACTIVATE, item=item, location=home, key="d")
    assert done["userErrors"] == []


async def test_adjusting_adds_and_keeps_ledgers_apart(shop: Driver) -> None:
    item, east = await made(shop)

    async def adjust(key: str, name: str, **more: Any) -> dict[str, Any]:
        change = {"inventoryItemId": item, "locationId": east, "changeFromQuantity": None, **more}
        given = {"name": name, "reason": "damaged", "changes": [change]}
        return await shop.mutate(ADJUST, input=given, key=key)

    done = await adjust("a", "available", delta=-2, changeFromQuantity=5)
    assert done["inventoryAdjustmentGroup"]["changes"] == [{"name": "on_hand", "delta": -2}]
    stale = await adjust("b", "available", delta=-2, changeFromQuantity=5)
    at = ["input", "changes", "0"]
    assert codes(stale) == [("CHANGE_FROM_QUANTITY_STALE", [*at, "changeFromQuantity"])]
    bare = await adjust("c", "damaged", delta=2)
    assert codes(bare) == [("INVALID_QUANTITY_DOCUMENT", [*at, "ledgerDocumentUri"])]
    uri = "gid://gridcase/Claim/1"
    over = await adjust("d", "available", delta=2, ledgerDocumentUri=uri)
    assert codes(over) == [("INVALID_AVAILABLE_DOCUMENT", [*at, "ledgerDocumentUri"])]
    assert (await adjust("e", "damaged", delta=2, ledgerDocumentUri=uri))["userErrors"] == []
    assert await quantities(shop) == (3, 0, 5)


async def test_an_order_s_life_moves_stock(shop: Driver) -> None:
    await made(shop, East=10)
    order = await shop.order({"sku": "LAMP", "quantity": 4, "location": "East"}, fulfill=False)
    assert await quantities(shop) == (6, 4, 10)
    at = f"/shops/acme/orders/{number(order['order_id'])}"
    await shop.control(f"{at}/edit", {"lines": [{"sku": "LAMP", "quantity": 3}]})
    assert await quantities(shop) == (7, 3, 10)
    await shop.control(f"{at}/fulfill", {"lines": [{"sku": "LAMP", "quantity": 2}]})
    assert await quantities(shop) == (7, 1, 8)
    other = await shop.order({"sku": "LAMP", "quantity": 2, "location": "East"}, fulfill=False)
    await shop.control(f"/shops/acme/orders/{number(other['order_id'])}/cancel")
    assert await quantities(shop) == (7, 1, 8)
    return_id = await shop.opened(order, quantity=1)
    line = {"sku": "LAMP", "quantity": 1, "disposition": "RESTOCKED", "location": "East"}
    at = f"/shops/acme/returns/{number(return_id)}/process"
    await shop.control(at, {"lines": [line]})
    assert await quantities(shop) == (8, 1, 9)


async def test_pieces_ordered_before_they_were_stocked_are_not_counted_twice(shop: Driver) -> None:
    order = await shop.order({"sku": "LAMP", "quantity": 4, "location": "East"}, fulfill=False)
    await made(shop, East=10)
    await shop.control(f"/shops/acme/orders/{number(order['order_id'])}/fulfill")
    assert await quantities(shop) == (10, 0, 10)


async def test_each_change_of_a_level_is_told_once(shop: Driver, receiver: Receiver) -> None:
    item, east = await made(shop)
    await shop.subscribe("INVENTORY_LEVELS_UPDATE")
    lamp = {"sku": "LAMP", "location": "East"}
    await shop.order(lamp | {"quantity": 1}, lamp | {"quantity": 1}, fulfill=False)
    assert await told(shop, receiver) == ["inventory_levels/update"]
    payload = receiver.received[0].payload
    assert payload["available"] == 3
    assert payload["inventory_item_id"] == int(number(item))
    assert payload["location_id"] == int(number(east))
    assert payload["admin_graphql_api_id"] == (await levels(shop))[0]["id"]
    assert payload["updated_at"].endswith("Z")
    await put(shop, entry(item, east, 3, expected=3))
    assert len(await told(shop, receiver)) == 1
    await put(shop, entry(item, east, 9, expected=3), key="k2")
    assert len(await told(shop, receiver)) == 2


async def test_staff_edits_a_level_by_hand(shop: Driver, receiver: Receiver) -> None:
    await made(shop)
    await shop.subscribe("INVENTORY_LEVELS_UPDATE")
    await shop.subscribe("INVENTORY_LEVELS_DISCONNECT")
    at = "/shops/acme/inventory-levels"
    edited = await shop.control(at, {"sku": "LAMP", "location": "East", "available": 12})
    assert edited["quantities"]["available"] == 12
    assert await told(shop, receiver) == ["inventory_levels/update"]
    off = await shop.control(at, {"sku": "LAMP", "location": "East", "active": False})
    assert not off["active"]
    assert (await told(shop, receiver))[-1] == "inventory_levels/disconnect"
    assert set(receiver.received[-1].payload) == {"inventory_item_id", "location_id"}
    await shop.control(at, {"sku": "NONE", "available": 1}, status=422)
    await shop.control(at, {"sku": "LAMP"}, status=422)


async def test_a_sku_is_found_by_its_own_name_and_counted_where_it_comes_twice(
    shop: Driver,
) -> None:
    await made(shop)
    await shop.control("/shops/acme/products", {"sku": "LAMP", "duplicate": True})
    await made(shop, "LAMPSHADE")
    query = """query I($query: String!) { inventoryItems(query: $query, first: 5) {
      nodes { sku duplicateSkuCount } } }"""
    twice = [{"sku": "LAMP", "duplicateSkuCount": 1}] * 2
    for text in ("sku:LAMP", "sku:'lamp'", 'sku:"LAMP"'):
        assert (await shop.ask(query, query=text))["inventoryItems"]["nodes"] == twice
    found = (await shop.ask(query, query="sku:LAMP*"))["inventoryItems"]["nodes"]
    assert [node["sku"] for node in found] == ["LAMP", "LAMP", "LAMPSHADE"]


async def test_the_names_of_quantities_are_listed(shop: Driver) -> None:
    query = "{ inventoryProperties { quantityNames { name belongsTo comprises isInUse } } }"
    found = (await shop.ask(query))["inventoryProperties"]["quantityNames"]
    by_name = {entry_["name"]: entry_ for entry_ in found}
    assert "committed" in by_name["on_hand"]["comprises"]
    assert by_name["available"]["belongsTo"] == ["on_hand"]
    assert by_name["incoming"]["belongsTo"] == []


async def test_50_000_skus_are_there_in_seconds_and_250_levels_in_a_moment(shop: Driver) -> None:
    started = perf_counter()
    body = {"count": 50_000, "prefix": "S", "available": {"East": 3}}
    items = (await shop.control("/shops/acme/products/bulk", body))["inventory_items"]
    assert perf_counter() - started < 20
    assert len(items) == 50_000
    east = await location(shop, "East")
    some = [items[f"S{n}"] for n in range(1, 251)]
    ids = [(await levels(shop, f"S{n}"))[0]["id"] for n in range(1, 251)]
    started = perf_counter()
    nodes = (await shop.ask(LEVELS, ids=ids))["nodes"]
    read = perf_counter() - started
    assert len(nodes) == 250
    entries = [entry(item, east, 7, expected=3) for item in some]
    started = perf_counter()
    done = await put(shop, *entries)
    written = perf_counter() - started
    assert len(done["inventoryAdjustmentGroup"]["changes"]) == 500
    # Some tens of milliseconds on an idle machine; a walk over all SKUs for each would take minutes.
    assert max(read, written) < 2
    twice = {"skus": ["S1"]}
    await shop.control("/shops/acme/products/bulk", twice, status=422)


async def test_orders_since_a_time_are_paged_with_their_lines(shop: Driver) -> None:
    await shop.order({"sku": "OLD", "quantity": 1}, fulfill=False)
    shop.clock.pass_(hours=1)
    since = shop.clock.now().isoformat()
    for n in range(5):
        await shop.order({"sku": f"S{n}", "quantity": n + 1}, fulfill=False)
    seen: list[tuple[str, int]] = []
    after = None
    while True:
        query = f"created_at:>='{since}'"
        page = (await shop.ask(ORDERS, query=query, first=2, after=after))["orders"]
        seen += [
            (ln["sku"], ln["quantity"]) for o in page["nodes"] for ln in o["lineItems"]["nodes"]
        ]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [(f"S{n}", n + 1) for n in range(5)]


async def test_the_page_shows_the_levels_that_changed_last(shop: Driver) -> None:
    await made(shop, "LAMP", East=41)
    shop.clock.pass_(minutes=1)
    await made(shop, "BULB", East=17)
    page = (await shop.http.get("/")).text
    assert page.index("<td>BULB</td>") < page.index("<td>LAMP</td>")
    assert '<td class="num">41</td>' in page
