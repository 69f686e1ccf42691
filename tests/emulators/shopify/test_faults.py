"""Misbehaviour on demand."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.emulators.shopify.conftest import Driver, Receiver

TAG = 'mutation T($id: ID!) { tagsAdd(id: $id, tags: ["seen"]) { userErrors { message } } }'


async def settle(shop: Driver) -> None:
    await asyncio.wait_for(shop.emulator.courier.settle(), 10)


async def test_a_dropped_webhook_is_never_sent_but_is_on_record(
    shop: Driver, receiver: Receiver
) -> None:
    await shop.subscribe("ORDERS_CREATE")
    await shop.control("/faults", {"webhooks": {"drop": 1.0}}, verb="PUT")
    await shop.order(fulfill=False)
    await settle(shop)
    assert receiver.received == []
    shown = await shop.control("/deliveries", verb="GET")
    assert [d["state"] for d in shown["deliveries"]] == ["dropped"]


async def test_every_third_webhook_is_withheld_counted_from_when_it_was_asked_for(
    shop: Driver, receiver: Receiver
) -> None:
    await shop.subscribe("ORDERS_CREATE", includeFields=["name"])
    await shop.order(fulfill=False)
    await shop.control("/faults", {"webhooks": {"drop_every": 3}}, verb="PUT")
    for _ in range(7):
        await shop.order(fulfill=False)
    await settle(shop)
    names = [r.payload["name"] for r in receiver.received]
    assert sorted(names) == ["#1001", "#1002", "#1003", "#1005", "#1006", "#1008"]
    assert "Faults are on" in (await shop.http.get("/")).text
    shown = await shop.control("/deliveries", verb="GET")
    dropped = [d["payload"]["name"] for d in shown["deliveries"] if d["state"] == "dropped"]
    assert dropped == ["#1004", "#1007"]
    await shop.control("/faults", {"webhooks": {"drop_every": 0}}, verb="PUT", status=422)


async def test_a_duplicate_has_the_same_webhook_id(shop: Driver, receiver: Receiver) -> None:
    await shop.subscribe("ORDERS_CREATE")
    await shop.control("/faults", {"webhooks": {"duplicate": 1.0}}, verb="PUT")
    await shop.order(fulfill=False)
    await settle(shop)
    assert len(receiver.received) == 2
    assert len({r.headers["x-shopify-webhook-id"] for r in receiver.received}) == 1


async def test_webhooks_are_delayed(shop: Driver, receiver: Receiver) -> None:
    await shop.subscribe("ORDERS_CREATE")
    await shop.control("/faults", {"webhooks": {"delay_s": 0.2}}, verb="PUT")
    started = time.monotonic()
    await shop.order(fulfill=False)
    await settle(shop)
    assert time.monotonic() - started >= 0.2
    assert receiver.topics == ["orders/create"]


async def test_webhooks_are_reordered_the_same_way_for_the_same_seed(
    shop: Driver, receiver: Receiver
) -> None:
    await shop.subscribe("ORDERS_CREATE", includeFields=["name"])
    orders = []
    for _ in range(2):
        await shop.control("/faults", {"webhooks": {"reorder": True}, "seed": 7}, verb="PUT")
        receiver.received.clear()
        for _ in range(6):
            await shop.order(fulfill=False)
        await settle(shop)
        names = [r.payload["name"] for r in receiver.received]
        orders.append([int(name[1:]) for name in names])
    assert orders[0] != sorted(orders[0])
    assert [n - 1001 for n in orders[0]] == [n - 1007 for n in orders[1]]


async def test_errors_strike_at_their_rate_and_execute_nothing(shop: Driver) -> None:
    order = await shop.order()
    await shop.control("/faults", {"api": {"error_rate": 1.0}}, verb="PUT")
    assert (await shop.post(TAG, id=order["order_id"])).status_code in (500, 502, 503)
    await shop.control("/faults", {"api": {"error_rate": 0.5}, "seed": 1}, verb="PUT")
    statuses = [(await shop.post("{ shop { id } }")).status_code for _ in range(40)]
    assert 5 < statuses.count(200) < 35
    state = await shop.control("/state", verb="GET")
    assert state["shops"]["acme"]["orders"][0]["tags"] == []


async def test_a_lost_answer_was_executed(shop: Driver) -> None:
    order = await shop.order()
    await shop.control("/faults", {"api": {"lost_answer_rate": 1.0}}, verb="PUT")
    assert (await shop.post(TAG, id=order["order_id"])).status_code == 502
    state = await shop.control("/state", verb="GET")
    assert state["shops"]["acme"]["orders"][0]["tags"] == ["seen"]


async def test_a_shop_that_is_down_answers_503_until_it_is_up_again(shop: Driver) -> None:
    await shop.control("/faults", {"api": {"down": True}}, verb="PUT")
    response = await shop.post("{ shop { id } }")
    assert response.status_code == 503
    assert response.headers["x-request-id"]
    token = await shop.http.post("/acme/admin/oauth/access_token", json={})
    assert token.status_code == 503
    assert token.headers["x-request-id"]
    await shop.control("/faults", {}, verb="PUT")
    assert (await shop.post("{ shop { id } }")).status_code == 200


async def test_latency_is_added(shop: Driver) -> None:
    await shop.control("/faults", {"api": {"latency_ms": 120}}, verb="PUT")
    started = time.monotonic()
    await shop.post("{ shop { id } }")
    assert time.monotonic() - started >= 0.12


async def test_a_fault_that_does_not_exist_is_refused(shop: Driver) -> None:
    answer = await shop.control("/faults", {"webhooks": {"dorp": 1}}, status=422, verb="PUT")
    assert answer["details"][0]["loc"] == ["webhooks", "dorp"]
    await shop.control("/faults", {"webhooks": {"drop": 1.5}}, status=422, verb="PUT")
    assert (await shop.control("/faults", verb="GET"))["webhooks"]["drop"] == 0.0


async def test_a_new_order_takes_its_stock_before_a_search_finds_it(shop: Driver) -> None:
    await shop.control("/faults", {"api": {"search_lag_s": 60}}, verb="PUT")
    made = await shop.order(fulfill=False)
    listed = "query L($query: String) { orders(first: 5, query: $query) { nodes { id } } }"
    query = "created_at:>='2020-01-01'"
    assert (await shop.ask(listed, query=query))["orders"]["nodes"] == []
    by_id = await shop.ask("query O($id: ID!) { order(id: $id) { id } }", id=made["order_id"])
    assert by_id["order"] is not None
    await shop.control("/faults", {}, verb="PUT")
    assert len((await shop.ask(listed, query=query))["orders"]["nodes"]) == 1
