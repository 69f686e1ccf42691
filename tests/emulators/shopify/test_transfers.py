"""Replenishment: items by SKU, transfers, shipments with their arrival."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.emulators.shopify.fulfillment import told

if TYPE_CHECKING:
    from tests.emulators.shopify.conftest import Driver, Receiver

ITEMS = """query I($query: String!) { inventoryItems(query: $query, first: 10) { nodes {
  id sku tracked duplicateSkuCount variants(first: 2) { nodes { sku product { title } } } } } }"""
PRODUCTS = """query P($query: String!) { products(query: $query, first: 10) { nodes { id title
  variants(first: 5) { nodes { sku inventoryItem { id } } } } } }"""
VARIANTS = """query V($query: String!) { productVariants(query: $query, first: 10) { nodes {
  sku product { vendor } inventoryItem { id sku } } } }"""
CREATE = """mutation C($input: InventoryTransferCreateInput!, $key: String!) {
  inventoryTransferCreate(input: $input) @idempotent(key: $key) {
    inventoryTransfer { id name status } userErrors { code field message } } }"""
READY = """mutation R($input: InventoryTransferCreateAsReadyToShipInput!, $key: String!) {
  inventoryTransferCreateAsReadyToShip(input: $input) @idempotent(key: $key) {
    inventoryTransfer { id name status referenceName } userErrors { code field message } } }"""
MARK = """mutation M($id: ID!) { inventoryTransferMarkAsReadyToShip(id: $id) {
  inventoryTransfer { id status } userErrors { code field message } } }"""
CANCEL = """mutation X($id: ID!) { inventoryTransferCancel(id: $id) {
  inventoryTransfer { id status } userErrors { code field message } } }"""
SHIP = """mutation S($input: InventoryShipmentCreateInput!, $key: String!) {
  inventoryShipmentCreate(input: $input) @idempotent(key: $key) {
    inventoryShipment { id name status } userErrors { code field message } } }"""
SENT = """mutation T($input: InventoryShipmentCreateInput!, $key: String!) {
  inventoryShipmentCreateInTransit(input: $input) @idempotent(key: $key) {
    inventoryShipment { id status dateShipped } userErrors { code field message } } }"""
LEAVE = """mutation L($id: ID!, $at: DateTime) {
  inventoryShipmentMarkInTransit(id: $id, dateShipped: $at) {
    inventoryShipment { id status dateShipped } userErrors { code field message } } }"""
TRACK = """mutation K($id: ID!, $tracking: InventoryShipmentTrackingInput!) {
  inventoryShipmentSetTracking(id: $id, tracking: $tracking) {
    inventoryShipment { id tracking { arrivesAt company trackingNumber trackingUrl } }
    userErrors { code field message } } }"""
DELETE = """mutation D($id: ID!) { inventoryShipmentDelete(id: $id) {
  id userErrors { code field message } } }"""
ONE = """query O($id: ID!) { inventoryTransfer(id: $id) { id status referenceName note tags
  totalQuantity receivedQuantity origin { name } destination { name location { id } }
  lineItems(first: 5) { nodes { id title totalQuantity shippedQuantity shippableQuantity
    pickedForShipmentQuantity inventoryItem { sku } } }
  shipments(first: 5) { nodes { id status lineItemTotalQuantity tracking { arrivesAt }
    lineItems(first: 5) { nodes { quantity inventoryItem { id } } } } } } }"""
LIST = """query L($query: String) { inventoryTransfers(query: $query, first: 10) {
  nodes { name } } }"""
SHIPMENT = """query H($id: ID!) { inventoryShipment(id: $id) { id status
  lineItems(first: 5) { nodes { quantity } } } }"""


async def item(shop: Driver, sku: str, **more: Any) -> str:
    made = await shop.control("/shops/acme/products", {"sku": sku, **more})
    return str(made["inventory_item_id"])


async def home(shop: Driver) -> str:
    state = (await shop.control("/state", verb="GET"))["shops"]["acme"]
    return str(state["locations"][0]["id"])


async def ready(shop: Driver, key: str = "k", lamps: int = 5, **more: Any) -> dict[str, Any]:
    lamp = await item(shop, "LAMP")
    given = {
        "lineItems": [{"inventoryItemId": lamp, "quantity": lamps}],
        "destinationLocationId": await home(shop),
        **more,
    }
    made = await shop.mutate(READY, input=given, key=key)
    assert made["userErrors"] == []
    transfer: dict[str, Any] = made["inventoryTransfer"]
    return transfer | {"lamp": lamp}


def load(transfer: dict[str, Any], lamps: int, **more: Any) -> dict[str, Any]:
    line = {"inventoryItemId": transfer["lamp"], "quantity": lamps}
    return {"movementId": transfer["id"], "lineItems": [line], **more}


async def test_an_item_is_found_by_its_sku_and_says_how_many_share_it(shop: Driver) -> None:
    lamp = await item(shop, "LAMP O'Hara", title="A lamp")
    chair, other = await item(shop, "CHAIR"), await item(shop, "CHAIR", duplicate=True)
    found = (await shop.ask(ITEMS, query=r"sku:'LAMP O\'Hara'"))["inventoryItems"]["nodes"]
    assert found == [
        {
            "id": lamp,
            "sku": "LAMP O'Hara",
            "tracked": True,
            "duplicateSkuCount": 0,
            "variants": {"nodes": [{"sku": "LAMP O'Hara", "product": {"title": "A lamp"}}]},
        }
    ]
    twins = (await shop.ask(ITEMS, query="sku:CHAIR OR sku:NONE"))["inventoryItems"]["nodes"]
    assert [(i["id"], i["duplicateSkuCount"]) for i in twins] == [(chair, 1), (other, 1)]
    (product,) = (await shop.ask(PRODUCTS, query="title:'A lamp'"))["products"]["nodes"]
    assert product["variants"]["nodes"][0]["inventoryItem"]["id"] == lamp
    variants = (await shop.ask(VARIANTS, query="sku:CHAIR"))["productVariants"]["nodes"]
    assert [v["inventoryItem"]["id"] for v in variants] == [chair, other]


async def test_a_transfer_is_planned_made_ready_and_told(shop: Driver, receiver: Receiver) -> None:
    lamp = await item(shop, "LAMP")
    await shop.subscribe("INVENTORY_TRANSFERS_READY_TO_SHIP")
    given = {
        "lineItems": [{"inventoryItemId": lamp, "quantity": 5}],
        "destinationLocationId": await home(shop),
        "referenceName": "GC-1001-lux",
        "note": "From the supplier",
        "tags": ["gridcase", "GC-1001-lux"],
    }
    made = await shop.mutate(CREATE, input=given, key="one")
    transfer = made["inventoryTransfer"]
    assert (transfer["name"], transfer["status"]) == ("#T0001", "DRAFT")
    again = await shop.mutate(CREATE, input=given, key="one")
    assert again["inventoryTransfer"]["id"] == transfer["id"]
    other = await shop.mutate(CREATE, input=given | {"note": "Other"}, key="one")
    assert other["userErrors"][0]["code"] == "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"
    marked = await shop.mutate(MARK, id=transfer["id"])
    assert marked["inventoryTransfer"]["status"] == "READY_TO_SHIP"
    assert (await shop.mutate(MARK, id=transfer["id"]))["userErrors"][0]["code"] == (
        "INVALID_TRANSFER_STATUS"
    )
    found = (await shop.ask(ONE, id=transfer["id"]))["inventoryTransfer"]
    (line,) = found["lineItems"]["nodes"]
    assert (line["totalQuantity"], line["shippableQuantity"]) == (5, 5)
    assert (found["origin"], found["destination"]["name"]) == (None, "Main warehouse")
    assert found["tags"] == ["GC-1001-lux", "gridcase"]
    await told(shop, receiver)
    payload = receiver.last("inventory_transfers/ready_to_ship").payload
    assert payload["status"] == "READY_TO_SHIP"
    assert payload["line_items"] == [{"id": line["id"], "quantity": 5}]
    assert payload["origin"] is None


async def test_what_moves_goods_needs_an_idempotency_key(shop: Driver) -> None:
    body = await shop.body(
        """mutation C($input: InventoryTransferCreateInput!) { inventoryTransferCreate(input: $input) {
          inventoryTransfer { id } userErrors { code } } }""",
        input={"lineItems": []},
    )
    assert "@idempotent directive is required" in body["errors"][0]["message"]


async def test_transfers_are_found_by_tag_and_status_but_not_by_reference(shop: Driver) -> None:
    await ready(shop, "a", referenceName="GC-1", tags=["GC-1"])
    second = await ready(shop, "b", referenceName="GC-2", tags=["GC-2"])
    await shop.mutate(CANCEL, id=second["id"])

    async def names(query: str | None) -> list[str]:
        found = (await shop.ask(LIST, query=query))["inventoryTransfers"]["nodes"]
        return [node["name"] for node in found]

    assert await names("tag:'GC-1'") == ["#T0001"]
    assert await names("status:CANCELED") == ["#T0002"]
    assert await names(None) == ["#T0001", "#T0002"]
    body = await shop.body(LIST, query="reference_name:GC-1")
    assert len(body["data"]["inventoryTransfers"]["nodes"]) == 2
    assert body["extensions"]["search"][0]["warnings"][0]["field"] == "reference_name"


async def test_a_wrong_transfer_is_refused_by_its_codes(shop: Driver) -> None:
    lamp, loose = await item(shop, "LAMP"), await item(shop, "LOOSE", tracked=False)
    place = await home(shop)
    shut = await shop.control("/shops/acme/locations", {"name": "Shut", "active": False})

    async def codes(**given: Any) -> list[str]:
        made = await shop.mutate(READY, input=given, key=str(given))
        return [error["code"] for error in made["userErrors"]]

    one = {"inventoryItemId": lamp, "quantity": 1}
    there = {"destinationLocationId": place}
    unknown = {"inventoryItemId": "gid://shopify/InventoryItem/99999", "quantity": 1}
    assert await codes(lineItems=[], **there) == ["ITEMS_EMPTY"]
    assert await codes(lineItems=[one]) == ["LOCATION_REQUIRED"]
    assert await codes(lineItems=[one, one], **there) == ["DUPLICATE_ITEM"]
    assert await codes(lineItems=[one | {"quantity": 0}], **there) == ["INVALID_QUANTITY"]
    assert await codes(lineItems=[unknown], **there) == ["ITEM_NOT_FOUND"]
    assert await codes(lineItems=[one | {"inventoryItemId": loose}], **there) == ["UNTRACKED_ITEM"]
    assert await codes(lineItems=[one], destinationLocationId=shut["location_id"]) == [
        "LOCATION_NOT_ACTIVE"
    ]
    assert await codes(lineItems=[one], originLocationId=place, **there) == [
        "TRANSFER_ORIGIN_CANNOT_BE_THE_SAME_AS_DESTINATION"
    ]
    nowhere = "gid://shopify/Location/99999"
    assert await codes(lineItems=[one], destinationLocationId=nowhere) == ["LOCATION_NOT_FOUND"]
    assert (await shop.ask(LIST, query=None))["inventoryTransfers"]["nodes"] == []


async def test_a_shipment_leaves_with_its_arrival_date(shop: Driver, receiver: Receiver) -> None:
    transfer = await ready(shop)
    for kind in ("CREATE", "MARK_IN_TRANSIT", "UPDATE_TRACKING"):
        await shop.subscribe(f"INVENTORY_SHIPMENTS_{kind}")
    arrival = {"arrivesAt": "2026-11-20T00:00:00Z", "company": "UPS"}
    made = await shop.mutate(SENT, input=load(transfer, 3, trackingInput=arrival), key="s")
    shipment = made["inventoryShipment"]
    assert shipment["status"] == "IN_TRANSIT"
    assert shipment["dateShipped"] == "2026-11-02T09:00:00Z"
    found = (await shop.ask(ONE, id=transfer["id"]))["inventoryTransfer"]
    assert found["status"] == "IN_PROGRESS"
    (line,) = found["lineItems"]["nodes"]
    assert (line["shippedQuantity"], line["shippableQuantity"]) == (3, 2)
    (shown,) = found["shipments"]["nodes"]
    assert shown["tracking"]["arrivesAt"] == "2026-11-20T00:00:00Z"
    later = {"arrivesAt": "2026-11-25T00:00:00Z", "trackingNumber": "1Z"}
    tracked = await shop.mutate(TRACK, id=shipment["id"], tracking=later)
    assert tracked["inventoryShipment"]["tracking"] == {
        "arrivesAt": "2026-11-25T00:00:00Z",
        "company": None,
        "trackingNumber": "1Z",
        "trackingUrl": None,
    }
    await told(shop, receiver)
    assert receiver.last("inventory_shipments/create").payload["line_items"][0]["quantity"] == 3
    assert receiver.last("inventory_shipments/mark_in_transit").payload["id"] == shipment["id"]
    update = receiver.last("inventory_shipments/update_tracking").payload
    assert update["shipment_id"] == shipment["id"]
    assert update["updated_tracking"]["arrives_at"] == "2026-11-25T00:00:00Z"
    page = (await shop.http.get("/")).text
    assert "3 of 5 × LAMP shipped" in page
    assert "expected 2026-11-25" in page


async def test_a_draft_reserves_keeps_its_transfer_and_can_be_taken_back(shop: Driver) -> None:
    transfer = await ready(shop)
    draft = (await shop.mutate(SHIP, input=load(transfer, 4), key="s"))["inventoryShipment"]
    assert (draft["status"], draft["name"]) == ("DRAFT", "#T0001-1")
    (line,) = (await shop.ask(ONE, id=transfer["id"]))["inventoryTransfer"]["lineItems"]["nodes"]
    assert (line["pickedForShipmentQuantity"], line["shippableQuantity"]) == (4, 1)
    kept = await shop.mutate(CANCEL, id=transfer["id"])
    assert kept["userErrors"][0]["code"] == "SHIPMENT_EXISTS"
    assert (await shop.mutate(DELETE, id=draft["id"]))["id"] == draft["id"]
    assert (await shop.ask(SHIPMENT, id=draft["id"]))["inventoryShipment"] is None
    cancelled = await shop.mutate(CANCEL, id=transfer["id"])
    assert cancelled["inventoryTransfer"]["status"] == "CANCELED"
    refused = await shop.mutate(SHIP, input=load(transfer, 1), key="late")
    assert refused["userErrors"][0]["code"] == "INVALID_TRANSFER_STATUS"


async def test_a_draft_leaves_once(shop: Driver) -> None:
    transfer = await ready(shop)
    draft = (await shop.mutate(SHIP, input=load(transfer, 4), key="s"))["inventoryShipment"]
    left = await shop.mutate(LEAVE, id=draft["id"], at="2026-11-01T08:00:00Z")
    assert left["inventoryShipment"]["dateShipped"] == "2026-11-01T08:00:00Z"
    for mutation in (LEAVE, DELETE):
        again = await shop.mutate(mutation, id=draft["id"])
        assert again["userErrors"][0]["code"] == "INVALID_SHIPMENT_STATUS"
    gone = await shop.mutate(LEAVE, id="gid://shopify/InventoryShipment/99999")
    assert gone["userErrors"][0]["code"] == "SHIPMENT_NOT_FOUND"


@pytest.mark.parametrize(("lamps", "code"), [(6, "INVALID_QUANTITY"), (0, "INVALID_QUANTITY")])
async def test_a_shipment_carries_no_more_than_its_transfer(
    shop: Driver, lamps: int, code: str
) -> None:
    transfer = await ready(shop)
    made = await shop.mutate(SHIP, input=load(transfer, lamps), key="s")
    assert [error["code"] for error in made["userErrors"]] == [code]


async def test_a_shipment_of_other_things_is_refused(shop: Driver) -> None:
    transfer = await ready(shop)
    chair = await item(shop, "CHAIR")
    made = await shop.mutate(SHIP, input=load(transfer | {"lamp": chair}, 1), key="s")
    assert made["userErrors"][0]["code"] == "INVALID_ITEM"
    empty = {"movementId": transfer["id"], "lineItems": []}
    assert (await shop.mutate(SHIP, input=empty, key="e"))["userErrors"][0]["code"] == (
        "EMPTY_SHIPMENT_INPUT"
    )
    url = {"trackingUrl": "ftp://carrier.test"}
    made = await shop.mutate(SHIP, input=load(transfer, 1, trackingInput=url), key="u")
    assert made["userErrors"][0]["code"] == "INVALID_URL"
    nothing = load(transfer, 1) | {"movementId": "gid://shopify/InventoryTransfer/99999"}
    made = await shop.mutate(SENT, input=nothing, key="n")
    assert made["userErrors"][0]["code"] == "TRANSFER_NOT_FOUND"
