"""The emulator over any part of Shopify's schema: the tests' own, the app's, the whole one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from graphql import DocumentNode, parse, print_ast, separate_operations

from emulators.shopify.app import create_app
from emulators.shopify.engine.registry import FIELDS, MUTATIONS
from emulators.shopify.engine.schema import load_schema
from emulators.shopify.options import SCHEMA_PATH, Options
from tests.emulators.shopify.cut_schema import TARGET, written

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

OPERATIONS = SCHEMA_PATH.parent / "operations"
FULL = Path(__file__).parents[4] / "shared" / "reference" / "shopify" / "admin-2026-10.graphql.gz"
needs_full_schema = pytest.mark.skipif(not FULL.exists(), reason="the full schema is not here")
needs_operations = pytest.mark.skipif(
    not OPERATIONS.exists(), reason="the app's operations are not here"
)


@needs_full_schema
def test_the_tests_schema_is_cut_from_the_official_one() -> None:
    assert TARGET.read_text() == written(FULL), "run python -m tests.emulators.shopify.cut_schema"


@needs_full_schema
def test_every_resolver_answers_a_field_that_shopify_has() -> None:
    schema = load_schema(FULL)
    for type_name, field_name in FIELDS:
        kind = schema.get_type(type_name)
        assert kind is not None, type_name
        assert field_name in kind.fields, (type_name, field_name)  # type: ignore[attr-defined]
    assert schema.mutation_type is not None
    assert set(MUTATIONS) <= set(schema.mutation_type.fields)


class App:
    """The app's own operations, by name."""

    def __init__(self, http: httpx.AsyncClient, documents: dict[str, DocumentNode]) -> None:
        self.http = http
        self.documents = documents
        self.headers: dict[str, str] = {}
        self.used: set[str] = set()

    async def run(self, name: str, **variables: Any) -> dict[str, Any]:
        self.used.add(name)
        response = await self.http.post(
            "/acme/admin/api/2026-10/graphql.json",
            json={
                "query": print_ast(self.documents[name]),
                "variables": variables,
                "operationName": name,
            },
            headers=self.headers,
        )
        body: dict[str, Any] = response.json()
        assert "errors" not in body, (name, body["errors"])
        assert body["extensions"]["cost"]["requestedQueryCost"] <= 1000
        for payload in body["data"].values():
            if isinstance(payload, dict):
                assert not payload.get("userErrors"), (name, payload)
        data: dict[str, Any] = body["data"]
        return data

    async def control(self, path: str, body: Any) -> dict[str, Any]:
        response = await self.http.post(f"/_emulator{path}", json=body)
        assert response.status_code in (200, 201), response.text
        made: dict[str, Any] = response.json()
        return made


@pytest.fixture
async def app() -> AsyncIterator[App]:
    text = "\n".join(path.read_text() for path in sorted(OPERATIONS.glob("*.graphql")))
    asgi = create_app(Options(first_id=1))
    transport = httpx.ASGITransport(app=asgi)
    async with httpx.AsyncClient(transport=transport, base_url="http://shopify.test") as http:
        asgi.state.emulator.open_shop("acme")
        found = App(http, separate_operations(parse(text)))
        token = await http.post(
            "/acme/admin/oauth/access_token",
            data={
                "client_id": "demo-client-id",
                "client_secret": "demo-client-secret",
                "grant_type": "client_credentials",
            },
        )
        found.headers = {"X-Shopify-Access-Token": token.json()["access_token"]}
        yield found
    await asgi.state.emulator.aclose()


@needs_operations
async def test_the_app_s_operations_tell_the_whole_story_of_a_return(app: App) -> None:
    access = await app.run("AppAccess")
    assert access["shop"]["myshopifyDomain"] == "acme.myshopify.com"
    line = {"sku": "LAMP", "quantity": 4, "price": "25.00", "vendor": "Lux"}
    order = await app.control("/shops/acme/orders", {"lines": [line], "fulfill": True})
    order_id = order["order_id"]
    asked = {"order_id": order_id, "lines": [{"sku": "LAMP", "quantity": 2, "reason": "DEFECTIVE"}]}
    return_id = (await app.control("/shops/acme/returns", asked))["return_id"]
    found = (await app.run("ReturnForClaim", id=return_id))["return"]
    assert found["status"] == "REQUESTED"
    await app.run("ReturnApproveRequest", input={"id": return_id})
    assert (await app.run("CurrentReturnStatus", id=return_id))["return"]["status"] == "OPEN"
    found = (await app.run("ReturnForClaim", id=return_id))["return"]
    line_id = found["returnLineItems"]["nodes"][0]["id"]
    outcome = await app.run(
        "ReturnSuggestedOutcome",
        id=return_id,
        returnLineItems=[{"id": line_id, "quantity": 2}],
        exchangeLineItems=[],
    )
    transfer = outcome["return"]["suggestedFinancialOutcome"]["financialTransfer"]
    (suggested,) = transfer["suggestedTransactions"]
    money = suggested["amountSet"]["shopMoney"]
    assert money == {"amount": "50.0", "currencyCode": "USD"}
    goods = found["reverseFulfillmentOrders"]["nodes"][0]["lineItems"]["nodes"][0]["id"]
    disposition = {
        "reverseFulfillmentOrderLineItemId": goods,
        "quantity": 2,
        "dispositionType": "NOT_RESTOCKED",
    }
    transaction = {"parentId": suggested["parentTransaction"]["id"], "transactionAmount": money}
    processed = await app.run(
        "ReturnProcess",
        input={
            "returnId": return_id,
            "returnLineItems": [{"id": line_id, "quantity": 2, "dispositions": [disposition]}],
            "financialTransfer": {"issueRefund": {"orderTransactions": [transaction]}},
        },
    )
    shown = processed["returnProcess"]["return"]["returnLineItems"]["nodes"][0]
    assert (shown["processedQuantity"], shown["refundedQuantity"]) == (2, 2)
    closed = await app.run("ReturnClose", id=return_id)
    assert closed["returnClose"]["return"]["status"] == "CLOSED"
    refunds = (await app.run("OrderRefunds", id=order_id))["order"]["refunds"]
    assert [r["return"]["id"] for r in refunds] == [return_id]


@needs_operations
async def test_the_app_s_operations_write_the_order_and_find_it_again(app: App) -> None:
    line = {"sku": "LAMP", "quantity": 4, "price": "25.00", "vendor": "Lux"}
    order = await app.control("/shops/acme/orders", {"lines": [line], "fulfill": True})
    order_id = order["order_id"]
    await app.run("TagsAdd", id=order_id, tags=["gridcase"])
    field = {
        "ownerId": order_id,
        "namespace": "$app",
        "key": "return_claim",
        "type": "json",
        "value": json.dumps({"a": 1}),
        "compareDigest": None,
    }
    await app.run("MetafieldsSet", metafields=[field])
    fields = (await app.run("OrderGridcaseFields", id=order_id, namespace="$app"))["order"]
    assert fields["tags"] == ["gridcase"]
    assert fields["metafields"]["nodes"][0]["key"] == "return_claim"
    await app.run("TagsRemove", id=order_id, tags=["gridcase"])
    claim = await app.run("OrderForClaim", id=order_id)
    item = claim["returnableFulfillments"]["nodes"][0]["returnableFulfillmentLineItems"]["nodes"][0]
    assert item["quantity"] == 4
    routing = (await app.run("OrderForRouting", id=order_id))["order"]
    assert routing["lineItems"]["nodes"][0]["vendor"] == "Lux"
    reasons = await app.run("ReturnReasonDefinitions", first=50)
    reason = reasons["returnReasonDefinitions"]["nodes"][0]["id"]
    line_item = {
        "fulfillmentLineItemId": item["fulfillmentLineItem"]["id"],
        "quantity": 2,
        "returnReasonDefinitionId": reason,
        "returnReasonNote": "claim 7",
    }
    made = await app.run(
        "ReturnCreate", input={"orderId": order_id, "returnLineItems": [line_item]}
    )
    made_return = made["returnCreate"]["return"]
    listed = (await app.run("OrderReturns", orderId=order_id, first=5))["order"]["returns"]["nodes"]
    assert listed[0]["returnLineItems"]["nodes"][0]["returnReasonNote"] == "claim 7"
    found = await app.run("OrdersWithReturns", query="return_status:in_progress", first=10)
    assert [o["id"] for o in found["orders"]["nodes"]] == [order_id]
    removed = [
        {"returnLineItemId": made_return["returnLineItems"]["nodes"][0]["id"], "quantity": 1}
    ]
    await app.run("RemoveFromReturn", returnId=made_return["id"], returnLineItems=removed)
    await app.run("ReturnCancel", id=made_return["id"])
    lines = [{"lineItemId": order["line_items"][0]["id"], "quantity": 1}]
    suggestion = (await app.run("OrderSuggestedRefund", id=order_id, refundLineItems=lines))[
        "order"
    ]
    (transaction,) = suggestion["suggestedRefund"]["suggestedTransactions"]
    payment = {
        "orderId": order_id,
        "parentId": transaction["parentTransaction"]["id"],
        "gateway": transaction["gateway"],
        "kind": "REFUND",
        "amount": transaction["amountSet"]["shopMoney"]["amount"],
    }
    given = {"orderId": order_id, "refundLineItems": lines, "transactions": [payment]}
    await app.run("RefundCreate", input=given, idempotencyKey="one")


@needs_operations
async def test_the_app_s_operations_connect_a_shop(app: App) -> None:
    await app.run("ShopLocations", first=10, includeInactive=False)
    definition = {
        "name": "Return claim",
        "namespace": "$app",
        "key": "return_claim",
        "type": "json",
        "ownerType": "ORDER",
        "pin": True,
        "access": {"admin": "MERCHANT_READ"},
    }
    await app.run("MetafieldDefinitionCreate", definition=definition)
    listed = await app.run("MetafieldDefinitions", ownerType="ORDER", namespace="$app", first=10)
    assert len(listed["metafieldDefinitions"]["nodes"]) == 1
    subscription = {"uri": "https://app.test/webhooks", "includeFields": ["id", "updated_at"]}
    made = await app.run(
        "WebhookSubscriptionCreate", topic="RETURNS_REQUEST", subscription=subscription
    )
    gid = made["webhookSubscriptionCreate"]["webhookSubscription"]["id"]
    await app.run("WebhookSubscriptionUpdate", id=gid, subscription=subscription)
    found = await app.run("WebhookSubscriptions", first=10)
    assert [s["id"] for s in found["webhookSubscriptions"]["nodes"]] == [gid]
    await app.run("WebhookSubscriptionDelete", id=gid)


def number(gid: str) -> str:
    return gid.rpartition("/")[2]


@needs_operations
async def test_the_app_s_operations_hold_move_ship_and_track_an_order(app: App) -> None:
    lamp = {"sku": "LAMP", "quantity": 4, "price": "25.00", "vendor": "Lux"}
    await app.control("/shops/acme/locations", {"name": "East"})
    order = await app.control("/shops/acme/orders", {"lines": [lamp], "number_of_orders": 3})
    order_id = order["order_id"]
    found = (await app.run("OrderForFulfillment", id=order_id))["order"]
    assert found["customer"]["numberOfOrders"] == "3"
    (fo,) = found["fulfillmentOrders"]["nodes"]
    line = fo["lineItems"]["nodes"][0]["id"]
    held = {"reason": "INVENTORY_OUT_OF_STOCK", "handle": "gridcase:order_exception:1"}
    part = {"fulfillmentOrderLineItems": [{"id": line, "quantity": 1}]}
    made = (await app.run("FulfillmentOrderHold", id=fo["id"], hold=held | part))[
        "fulfillmentOrderHold"
    ]
    rest = made["remainingFulfillmentOrder"]["id"]
    shown = (await app.run("FulfillmentOrderOrder", id=fo["id"]))["fulfillmentOrder"]
    assert (shown["status"], shown["orderId"]) == ("ON_HOLD", order_id)
    assert shown["fulfillmentHolds"][0]["heldByRequestingApp"]
    locations = (await app.run("ShopLocations", first=10, includeInactive=False))["locations"]
    east = next(place["id"] for place in locations["nodes"] if place["name"] == "East")
    moved = await app.run("FulfillmentOrderMove", id=rest, newLocationId=east)
    assert moved["fulfillmentOrderMove"]["movedFulfillmentOrder"]["id"] == rest
    hold_id = made["fulfillmentHold"]["id"]
    await app.run("FulfillmentOrderReleaseHold", id=fo["id"], holdIds=[hold_id])
    shipment = {
        "lineItemsByFulfillmentOrder": [{"fulfillmentOrderId": rest}],
        "trackingInfo": {"company": "UPS", "numbers": ["A", "B"]},
    }
    fulfillment = (await app.run("FulfillmentCreate", fulfillment=shipment))["fulfillmentCreate"]
    gid = fulfillment["fulfillment"]["id"]
    corrected = {"company": "UPS", "number": "C"}
    await app.run(
        "FulfillmentTrackingInfoUpdate",
        fulfillmentId=gid,
        tracking=corrected,
        notifyCustomer=False,
    )
    (shipped,) = (await app.run("OrderFulfillments", id=order_id))["order"]["fulfillments"]
    assert [entry["number"] for entry in shipped["trackingInfo"]] == ["C"]
    assert shipped["fulfillmentLineItems"]["nodes"][0]["quantity"] == 3
    summary = (await app.run("OrderSummary", id=order_id))["order"]
    assert summary["displayFulfillmentStatus"] == "PARTIALLY_FULFILLED"
    ship_to = (await app.run("OrderShipTo", id=order_id))["order"]["shippingAddress"]
    assert ship_to["countryCodeV2"] == "US"


@needs_operations
async def test_the_app_s_operations_page_through_long_orders_and_find_what_changed(
    app: App,
) -> None:
    lines = [{"sku": f"S{index}", "quantity": 1} for index in range(25)]
    order = await app.control("/shops/acme/orders", {"lines": lines})
    order_id = order["order_id"]
    found = (await app.run("OrderForFulfillment", id=order_id))["order"]
    cursor = found["lineItems"]["pageInfo"]["endCursor"]
    more = await app.run("OrderedLinesAfter", id=order_id, after=cursor)
    assert len(more["order"]["lineItems"]["nodes"]) == 5
    (fo,) = found["fulfillmentOrders"]["nodes"]
    cursor = fo["lineItems"]["pageInfo"]["endCursor"]
    more = await app.run("LinesToShipAfter", fulfillmentOrderId=fo["id"], after=cursor)
    assert len(more["fulfillmentOrder"]["lineItems"]["nodes"]) == 15
    for sku in ("S0", "S1", "S2"):
        split = {"lines": [{"sku": sku, "quantity": 1}]}
        await app.control(f"/shops/acme/fulfillment-orders/{number(fo['id'])}/split", split)
    found = (await app.run("OrderForFulfillment", id=order_id))["order"]
    cursor = found["fulfillmentOrders"]["pageInfo"]["endCursor"]
    more = await app.run("FulfillmentOrdersAfter", orderId=order_id, after=cursor)
    assert len(more["order"]["fulfillmentOrders"]["nodes"]) == 1
    await app.control(f"/shops/acme/orders/{number(order_id)}/fulfill", {})
    fulfillments = (await app.run("OrderFulfillments", id=order_id))["order"]["fulfillments"]
    long = next(f for f in fulfillments if f["fulfillmentLineItems"]["pageInfo"]["hasNextPage"])
    cursor = long["fulfillmentLineItems"]["pageInfo"]["endCursor"]
    more = await app.run("LinesShippedAfter", fulfillmentId=long["id"], after=cursor)
    assert len(more["fulfillment"]["fulfillmentLineItems"]["nodes"]) == 12
    late = await app.control("/shops/acme/orders", {"lines": [{"sku": "LATE"}]})
    since = "updated_at:>='2020-01-01T00:00:00Z'"
    orders = (await app.run("OrdersUpdatedSince", query=since, first=10))["orders"]["nodes"]
    assert [entry["id"] for entry in orders] == [order_id, late["order_id"]]
    changed = await app.run("FulfillmentOrdersUpdatedSince", query=since, first=10)
    assert len(changed["fulfillmentOrders"]["nodes"]) == 5
    overdue = "financial_status:paid -fulfillment_status:shipped created_at:<'2999-01-01'"
    orders = (await app.run("OverdueOrders", query=overdue, first=10))["orders"]["nodes"]
    assert [entry["id"] for entry in orders] == [late["order_id"]]


@needs_operations
async def test_the_app_s_operations_replenish_a_location(app: App) -> None:
    made = await app.control("/shops/acme/products", {"sku": "LAMP"})
    items = (await app.run("InventoryItemsBySku", query="sku:'LAMP'"))["inventoryItems"]["nodes"]
    assert [item["id"] for item in items] == [made["inventory_item_id"]]
    (place,) = (await app.run("ShopLocations", first=5, includeInactive=False))["locations"][
        "nodes"
    ]
    lamps = [{"inventoryItemId": items[0]["id"], "quantity": 5}]
    plan = {
        "lineItems": lamps,
        "destinationLocationId": place["id"],
        "referenceName": "GC-1",
        "tags": ["GC-1"],
    }
    name = "InventoryTransferCreateAsReadyToShip"
    transfer = (await app.run(name, input=plan, idempotencyKey="t"))[name[0].lower() + name[1:]]
    gid = transfer["inventoryTransfer"]["id"]
    found = await app.run("InventoryTransfersFound", query="tag:'GC-1'")
    assert [node["id"] for node in found["inventoryTransfers"]["nodes"]] == [gid]

    def load(quantity: int) -> dict[str, Any]:
        return {"movementId": gid, "lineItems": [lamps[0] | {"quantity": quantity}]}

    drafts = [
        (await app.run("InventoryShipmentCreate", input=load(1), idempotencyKey=key))[
            "inventoryShipmentCreate"
        ]["inventoryShipment"]["id"]
        for key in ("a", "b")
    ]
    await app.run("InventoryShipmentMarkInTransit", id=drafts[0])
    arrival = {"arrivesAt": "2026-12-01T00:00:00Z"}
    await app.run("InventoryShipmentSetTracking", id=drafts[1], tracking=arrival)
    await app.run("InventoryShipmentDelete", id=drafts[1])
    await app.run("InventoryShipmentCreateInTransit", input=load(3), idempotencyKey="c")
    shown = (await app.run("InventoryTransferById", id=gid))["inventoryTransfer"]
    assert shown["status"] == "IN_PROGRESS"
    (line,) = shown["lineItems"]["nodes"]
    assert (line["shippedQuantity"], line["shippableQuantity"]) == (4, 1)
    assert [s["lineItemTotalQuantity"] for s in shown["shipments"]["nodes"]] == [1, 3]
    idle = (await app.run(name, input=plan, idempotencyKey="u"))[name[0].lower() + name[1:]]
    await app.run("InventoryTransferCancel", id=idle["inventoryTransfer"]["id"])
