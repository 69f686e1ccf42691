"""Subscriptions and deliveries: headers, signature, filters, retries, deletion."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from emulators.shopify.webhooks.payloads import EVENTS, SINGLE
from emulators.shopify.webhooks.subscriptions import topics

if TYPE_CHECKING:
    from tests.emulators.shopify.conftest import Driver, Receiver

SECRET = "a-client-secret"
LIST = """{ webhookSubscriptions(first: 50) { nodes { id topic uri filter includeFields format
  apiVersion { handle supported } } } }"""
CREATE = """mutation S($topic: WebhookSubscriptionTopic!, $s: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $s) {
    webhookSubscription { id topic uri } userErrors { field message } } }"""


async def settle(shop: Driver) -> None:
    await asyncio.wait_for(shop.emulator.courier.settle(), 10)


async def subscriptions(shop: Driver) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = (await shop.ask(LIST))["webhookSubscriptions"]["nodes"]
    return nodes


async def deliveries(shop: Driver) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await shop.control("/deliveries", verb="GET"))["deliveries"]
    return found


async def test_a_delivery_carries_shopify_s_headers_and_a_true_signature(
    shop: Driver, receiver: Receiver
) -> None:
    await shop.subscribe("RETURNS_REQUEST", name="returns")
    order = await shop.order()
    return_id = await shop.requested(order)
    await settle(shop)
    (received,) = receiver.received
    assert received.path == "/webhooks"
    assert received.signed_with(SECRET)
    assert not received.signed_with("another")
    headers = received.headers
    assert headers["x-shopify-topic"] == "returns/request"
    assert headers["x-shopify-shop-domain"] == "acme.myshopify.com"
    assert headers["x-shopify-api-version"] == "2026-10"
    assert headers["x-shopify-triggered-at"].endswith("Z")
    assert headers["x-shopify-name"] == "returns"
    assert headers["x-shopify-webhook-id"] != headers["x-shopify-event-id"]
    payload = received.payload
    assert payload["admin_graphql_api_id"] == return_id
    assert payload["id"] == int(return_id.rpartition("/")[2])
    assert payload["status"] == "requested"
    assert payload["order"]["admin_graphql_api_id"] == order["order_id"]
    assert payload["return_line_items"][0]["return_reason"] == "defective"


async def test_all_deliveries_of_one_action_share_the_event_id_only(
    shop: Driver, receiver: Receiver
) -> None:
    await shop.subscribe("RETURNS_REQUEST")
    await shop.subscribe("ORDERS_UPDATED")
    order = await shop.order(fulfill=True)
    await settle(shop)
    receiver.received.clear()
    await shop.requested(order)
    await settle(shop)
    assert sorted(receiver.topics) == ["orders/updated", "returns/request"]
    assert len({r.headers["x-shopify-event-id"] for r in receiver.received}) == 1
    assert len({r.headers["x-shopify-webhook-id"] for r in receiver.received}) == 2


async def test_what_the_app_writes_echoes(shop: Driver, receiver: Receiver) -> None:
    for topic in ("APPROVE", "DECLINE", "PROCESS", "CLOSE", "UPDATE", "CANCEL", "REOPEN"):
        await shop.subscribe(f"RETURNS_{topic}")
    for topic in ("REFUNDS_CREATE", "ORDERS_UPDATED", "ORDER_TRANSACTIONS_CREATE"):
        await shop.subscribe(topic)
    order = await shop.order({"sku": "LAMP", "quantity": 9, "price": "10.00"})
    await settle(shop)
    receiver.received.clear()
    first = await shop.requested(order, quantity=2)
    second = await shop.requested(order, quantity=1)
    third = await shop.opened(order, quantity=1)
    await shop.mutate(
        """mutation A($id: ID!) { returnApproveRequest(input: {id: $id}) {
          userErrors { message } } }""",
        id=first,
    )
    await shop.mutate(
        """mutation D($id: ID!) { returnDeclineRequest(input: {id: $id, declineReason: OTHER,
          declineNote: "no"}) { userErrors { message } } }""",
        id=second,
    )
    await shop.mutate(
        "mutation C($id: ID!) { returnCancel(id: $id) { userErrors { message } } }", id=third
    )
    lines = await shop.ask(
        """query L($id: ID!) { return(id: $id) {
          returnLineItems(first: 1) { nodes { id } } } }""",
        id=first,
    )
    line = lines["return"]["returnLineItems"]["nodes"][0]["id"]
    await shop.mutate(
        """mutation R($id: ID!, $line: ID!) { removeFromReturn(returnId: $id,
          returnLineItems: [{returnLineItemId: $line, quantity: 1}]) {
          userErrors { message } } }""",
        id=first,
        line=line,
    )
    await shop.mutate(
        """mutation P($input: ReturnProcessInput!) { returnProcess(input: $input) {
          userErrors { message } } }""",
        input={
            "returnId": first,
            "returnLineItems": [{"id": line, "quantity": 1}],
            "financialTransfer": {
                "issueRefund": {
                    "orderTransactions": [
                        {
                            "parentId": order["transactions"][0]["id"],
                            "transactionAmount": {"amount": "10.00", "currencyCode": "USD"},
                        }
                    ]
                }
            },
        },
    )
    await shop.mutate(
        "mutation C($id: ID!) { returnClose(id: $id) { userErrors { message } } }", id=first
    )
    await shop.mutate(
        "mutation C($id: ID!) { returnReopen(id: $id) { userErrors { message } } }", id=first
    )
    await settle(shop)
    assert set(receiver.topics) == {
        "returns/approve",
        "returns/decline",
        "returns/cancel",
        "returns/update",
        "returns/process",
        "returns/close",
        "returns/reopen",
        "refunds/create",
        "order_transactions/create",
        "orders/updated",
    }
    number = int(first.rpartition("/")[2])
    assert receiver.last("returns/close").payload == {
        "id": number,
        "admin_graphql_api_id": first,
        "order_id": int(order["order_id"].rpartition("/")[2]),
        "status": "closed",
    }
    assert receiver.last("returns/decline").payload["decline"] == {"reason": "other", "note": "no"}
    update = receiver.last("returns/update").payload
    assert update["admin_graphql_api_id"] == first
    assert update["return_line_items"]["removals"][0]["delta"] == -1
    assert receiver.last("refunds/create").payload["return"]["id"] == number
    assert receiver.last("orders/updated").payload["name"] == "#1001"
    assert receiver.last("orders/updated").payload["updated_at"] == "2026-11-02T09:00:00Z"


async def test_orders_tell_their_whole_life(shop: Driver, receiver: Receiver) -> None:
    topics = ("CREATE", "PAID", "PARTIALLY_FULFILLED", "FULFILLED", "EDITED", "CANCELLED")
    for topic in topics:
        await shop.subscribe(f"ORDERS_{topic}")
    await shop.subscribe("FULFILLMENTS_CREATE")
    order = await shop.order(fulfill=False, paid=False)
    path = f"/shops/acme/orders/{order['order_id'].rpartition('/')[2]}"
    await shop.control(f"{path}/pay")
    await shop.control(f"{path}/fulfill", {"lines": [{"sku": "LAMP", "quantity": 1}]})
    await shop.control(f"{path}/edit", {"lines": [{"sku": "LAMP", "quantity": 2}]})
    await shop.control(f"{path}/fulfill")
    other = await shop.order(fulfill=False)
    await shop.control(f"/shops/acme/orders/{other['order_id'].rpartition('/')[2]}/cancel")
    await settle(shop)
    counted = {topic: receiver.topics.count(topic) for topic in receiver.topics}
    assert counted == {
        "orders/create": 2,
        "orders/paid": 2,
        "orders/partially_fulfilled": 1,
        "orders/edited": 1,
        "orders/fulfilled": 1,
        "orders/cancelled": 1,
        "fulfillments/create": 2,
    }


async def test_an_edit_is_told_by_what_it_added_and_removed(
    shop: Driver, receiver: Receiver
) -> None:
    order = await shop.order(
        {"sku": "LAMP", "quantity": 3}, {"sku": "CHAIR", "quantity": 2}, fulfill=False
    )
    lamp, chair = (int(line["id"].rpartition("/")[2]) for line in order["line_items"])
    number = order["order_id"].rpartition("/")[2]
    await shop.subscribe("ORDERS_EDITED")
    await shop.subscribe("ORDERS_UPDATED")
    edit = {
        "lines": [{"sku": "LAMP", "quantity": 5}, {"sku": "CHAIR", "quantity": 0}],
        "add": [{"sku": "BULB", "quantity": 4}],
    }
    edited = await shop.control(f"/shops/acme/orders/{number}/edit", edit)
    bulb = int(edited["line_items"][2]["id"].rpartition("/")[2])
    await settle(shop)
    assert sorted(receiver.topics) == ["orders/edited", "orders/updated"]
    told = receiver.last("orders/edited").payload["order_edit"]
    assert told["order_id"] == int(number)
    assert told["line_items"] == {
        "additions": [{"id": lamp, "delta": 2}, {"id": bulb, "delta": 4}],
        "removals": [{"id": chair, "delta": 2}],
    }


async def test_a_risk_is_told_by_its_level_only(shop: Driver, receiver: Receiver) -> None:
    order = await shop.order(fulfill=False)
    number = order["order_id"].rpartition("/")[2]
    await shop.subscribe("ORDERS_RISK_ASSESSMENT_CHANGED")
    body = {"recommendation": "INVESTIGATE"}
    await shop.control(f"/shops/acme/orders/{number}/risk", body)
    await settle(shop)
    assert receiver.last("orders/risk_assessment_changed").payload == {
        "provider_id": None,
        "provider_title": None,
        "risk_level": "medium",
        "created_at": "2026-11-02T09:00:00Z",
        "order_id": int(number),
        "admin_graphql_api_order_id": order["order_id"],
    }


async def test_only_included_fields_are_sent(shop: Driver, receiver: Receiver) -> None:
    fields = ["id", "admin_graphql_api_id", "name", "updated_at", "line_items.sku"]
    await shop.subscribe("ORDERS_CREATE", includeFields=fields)
    order = await shop.order()
    await settle(shop)
    assert receiver.last("orders/create").payload == {
        "id": int(order["order_id"].rpartition("/")[2]),
        "admin_graphql_api_id": order["order_id"],
        "name": "#1001",
        "updated_at": "2026-11-02T09:00:00Z",
        "line_items": [{"sku": "LAMP"}],
    }


async def test_a_filter_lets_only_matches_through_and_an_unknown_field_nothing(
    shop: Driver, receiver: Receiver
) -> None:
    await shop.subscribe("ORDERS_CREATE", filter="line_items.sku:LAMP total_price:>=20")
    await shop.subscribe("ORDERS_CREATE", filter="no_such_field:1")
    await shop.order({"sku": "CHAIR", "quantity": 3, "price": "10.00"})
    await shop.order({"sku": "LAMP", "quantity": 1, "price": "10.00"})
    await shop.order({"sku": "LAMP", "quantity": 3, "price": "10.00"})
    await settle(shop)
    assert [r.payload["name"] for r in receiver.received] == ["#1003"]


@pytest.mark.parametrize("failure", [500, 404, 302])
async def test_a_failure_is_retried_with_the_same_id_and_body(
    shop: Driver, receiver: Receiver, failure: int
) -> None:
    await shop.subscribe("ORDERS_CREATE")
    receiver.statuses = [failure, failure]
    await shop.order(fulfill=False)
    await settle(shop)
    assert len(receiver.received) == 3
    assert len({r.headers["x-shopify-webhook-id"] for r in receiver.received}) == 1
    assert len({r.body for r in receiver.received}) == 1
    (delivery,) = await deliveries(shop)
    assert delivery["status_codes"] == [failure, failure, 200]
    assert delivery["state"] == "delivered"


async def test_a_subscription_is_deleted_when_eight_retries_have_failed(
    shop: Driver, receiver: Receiver
) -> None:
    await shop.subscribe("ORDERS_CREATE")
    receiver.always = 503
    await shop.order(fulfill=False)
    await settle(shop)
    assert len(receiver.received) == 9
    assert (await deliveries(shop))[0]["state"] == "failed"
    assert await subscriptions(shop) == []
    receiver.always = 200
    await shop.order(fulfill=False)
    await settle(shop)
    assert len(receiver.received) == 9


async def test_a_subscription_that_recovers_is_kept(shop: Driver, receiver: Receiver) -> None:
    await shop.subscribe("ORDERS_CREATE")
    receiver.statuses = [500] * 8
    await shop.order(fulfill=False)
    await settle(shop)
    assert len(receiver.received) == 9
    assert len(await subscriptions(shop)) == 1


async def test_a_late_answer_is_a_failure(shop: Driver, receiver: Receiver) -> None:
    settings = {"timeout_s": 0.05, "retry_schedule_s": [0]}
    await shop.control("/webhooks", settings, verb="PUT")

    async def slow(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(5)
        return httpx.Response(200)

    shop.emulator.courier.client = httpx.AsyncClient(transport=httpx.MockTransport(slow))
    await shop.subscribe("ORDERS_CREATE")
    await shop.order(fulfill=False)
    await settle(shop)
    (delivery,) = await deliveries(shop)
    assert [a["error"] for a in delivery["attempts"]] == ["no answer within 0.05 s"] * 2
    assert delivery["status_codes"] == [None, None]


async def test_an_address_that_refuses_connections_is_a_failure(shop: Driver) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    shop.emulator.courier.client = httpx.AsyncClient(transport=httpx.MockTransport(refuse))
    await shop.subscribe("ORDERS_CREATE")
    await shop.order(fulfill=False)
    await settle(shop)
    assert {a["error"] for a in (await deliveries(shop))[0]["attempts"]} == {"refused"}


async def test_subscriptions_are_listed_changed_and_deleted(
    shop: Driver, receiver: Receiver
) -> None:
    gid = await shop.subscribe("ORDERS_CREATE", includeFields=["id"])
    (listed,) = await subscriptions(shop)
    assert listed == {
        "id": gid,
        "topic": "ORDERS_CREATE",
        "uri": "https://app.test/webhooks",
        "filter": None,
        "includeFields": ["id"],
        "format": "JSON",
        "apiVersion": {"handle": "2026-10", "supported": True},
    }
    update = """mutation U($id: ID!, $s: WebhookSubscriptionInput!) {
      webhookSubscriptionUpdate(id: $id, webhookSubscription: $s) {
        webhookSubscription { uri includeFields } userErrors { message } } }"""
    payload = await shop.mutate(update, id=gid, s={"uri": "https://app.test/new"})
    assert payload["webhookSubscription"] == {
        "uri": "https://app.test/new",
        "includeFields": ["id"],
    }
    await shop.order(fulfill=False)
    await settle(shop)
    assert receiver.received[0].path == "/new"
    delete = """mutation D($id: ID!) { webhookSubscriptionDelete(id: $id) {
      deletedWebhookSubscriptionId userErrors { message } } }"""
    assert (await shop.mutate(delete, id=gid))["deletedWebhookSubscriptionId"] == gid
    assert await subscriptions(shop) == []
    assert (await shop.mutate(delete, id=gid))["userErrors"][0]["message"]


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"uri": "https://app.test/webhooks"}, "already been taken"),
        ({"uri": "http://app.test/webhooks"}, "not supported"),
        ({"uri": "nonsense"}, "not supported"),
        ({}, "can't be blank"),
        ({"uri": "https://app.test/x", "format": "XML"}, "XML"),
        (
            {"uri": "https://app.test/x", "filter": "name:x", "includeFields": ["id"]},
            "must contain the fields",
        ),
    ],
)
async def test_a_subscription_that_can_not_work_is_refused(
    shop: Driver, given: dict[str, Any], part: str
) -> None:
    await shop.subscribe("ORDERS_CREATE")
    payload = await shop.mutate(CREATE, topic="ORDERS_CREATE", s=given)
    assert part in payload["userErrors"][0]["message"]
    assert payload["webhookSubscription"] is None
    assert len(await subscriptions(shop)) == 1


def test_every_event_with_a_payload_has_a_topic_and_every_topic_real_scopes() -> None:
    known = {topic.text for topic in topics().values()}
    told = {f"{family}/{kind}" for family, kinds in EVENTS.items() for kind in kinds}
    assert told | set(SINGLE) <= known
    scopes = {scope for topic in topics().values() for scope in topic.scopes}
    assert [scope for scope in scopes if not scope.startswith("read_")] == []


async def test_a_topic_needs_its_scope(shop: Driver) -> None:
    payload = await shop.mutate(
        CREATE, topic="DISCOUNTS_CREATE", s={"uri": "https://app.test/webhooks"}
    )
    assert "read_discounts" in payload["userErrors"][0]["message"]


async def test_an_uninstalled_app_is_told_and_locked_out(shop: Driver, receiver: Receiver) -> None:
    await shop.subscribe("APP_UNINSTALLED")
    await shop.control("/shops/acme/uninstall")
    await settle(shop)
    assert receiver.topics == ["app/uninstalled"]
    assert (await shop.post("{ shop { id } }")).status_code == 401
