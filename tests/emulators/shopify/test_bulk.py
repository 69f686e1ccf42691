"""Bulk operations: run, read, refused, cancelled, failed; the file; the webhook."""

from __future__ import annotations

import asyncio
import json
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.emulators.shopify.fulfillment import told
from tests.emulators.shopify.stock import made

if TYPE_CHECKING:
    from tests.emulators.shopify.conftest import Driver, Receiver

RUN = """mutation R($query: String!, $grouped: Boolean!) {
  bulkOperationRunQuery(query: $query, groupObjects: $grouped) {
    bulkOperation { id status url } userErrors { code field message } } }"""
ONE = """query B($id: ID!) { bulkOperation(id: $id) { id status type errorCode objectCount
  rootObjectCount fileSize url partialDataUrl createdAt completedAt query } }"""
CURRENT = "{ currentBulkOperation { id } }"
LIST = "query L($query: String) { bulkOperations(first: 5, query: $query) { nodes { id status } } }"
CANCEL = """mutation C($id: ID!) { bulkOperationCancel(id: $id) {
  bulkOperation { id status } userErrors { field message } } }"""
ITEMS = """query Items { inventoryItems { edges { node { id sku tracked duplicateSkuCount
  variants { nodes { id sku product { id vendor } } }
  inventoryLevels { edges { node { id isActive location { id }
    quantities(names: ["available"]) { name quantity } } } } } } } }"""


async def run(shop: Driver, query: str = ITEMS, *, grouped: bool = False) -> dict[str, Any]:
    payload = await shop.mutate(RUN, query=query, grouped=grouped)
    assert payload["userErrors"] == [], payload
    operation: dict[str, Any] = payload["bulkOperation"]
    return operation


async def ended(shop: Driver, operation: dict[str, Any]) -> dict[str, Any]:
    await asyncio.wait_for(shop.emulator.bulk.settle(), 60)
    found: dict[str, Any] = (await shop.ask(ONE, id=operation["id"]))["bulkOperation"]
    return found


async def lines(shop: Driver, address: str) -> list[dict[str, Any]]:
    response = await shop.http.get(address)
    assert response.status_code == 200
    return [json.loads(line) for line in response.text.splitlines()]


async def test_items_with_their_variants_and_levels_come_as_lines_of_a_file(
    shop: Driver, receiver: Receiver
) -> None:
    await shop.subscribe("BULK_OPERATIONS_FINISH")
    lamp, east = await made(shop, "LAMP", East=5, West=2)
    bulb, _ = await made(shop, "BULB", East=1)
    started = await run(shop)
    assert (started["status"], started["url"]) == ("CREATED", None)
    found = await ended(shop, started)
    assert (found["status"], found["type"], found["errorCode"]) == ("COMPLETED", "QUERY", None)
    assert (found["objectCount"], found["rootObjectCount"]) == ("7", "2")
    assert found["completedAt"] is not None
    assert found["query"] == ITEMS
    entries = await lines(shop, found["url"])
    assert int(found["fileSize"]) == len((await shop.http.get(found["url"])).content)
    roots = {e["id"]: e for e in entries if "__parentId" not in e}
    assert {(e["id"], e["sku"]) for e in roots.values()} == {(lamp, "LAMP"), (bulb, "BULB")}
    assert all(set(e) == {"id", "sku", "tracked", "duplicateSkuCount"} for e in roots.values())
    parts = [e for e in entries if e.get("__parentId") == lamp]
    (variant,) = [e for e in parts if "/ProductVariant/" in e["id"]]
    assert variant["product"]["vendor"] == "Acme"
    held = {e["location"]["id"]: e["quantities"][0]["quantity"] for e in parts if "location" in e}
    assert held[east] == 5
    assert sorted(held.values()) == [2, 5]
    assert await told(shop, receiver) == ["bulk_operations/finish"]
    payload = receiver.received[0].payload
    assert payload["admin_graphql_api_id"] == started["id"]
    assert (payload["status"], payload["type"]) == ("completed", "query")


async def test_only_grouped_lines_follow_their_parent(shop: Driver) -> None:
    for sku in ("LAMP", "BULB"):
        await made(shop, sku)
    kinds = {}
    for grouped in (False, True):
        found = await ended(shop, await run(shop, grouped=grouped))
        entries = await lines(shop, found["url"])
        kinds[grouped] = ["child" if "__parentId" in e else "root" for e in entries]
    assert kinds[False] == ["root"] * 2 + ["child"] * 4
    assert kinds[True] == ["root", "child", "child"] * 2


async def test_one_runs_at_a_time(shop: Driver) -> None:
    await made(shop)
    first = await run(shop)
    payload = await shop.mutate(RUN, query=ITEMS, grouped=False)
    (error,) = payload["userErrors"]
    assert error["code"] == "OPERATION_IN_PROGRESS"
    assert first["id"] in error["message"]
    await ended(shop, first)
    second = await run(shop)
    await ended(shop, second)
    assert (await shop.ask(CURRENT))["currentBulkOperation"]["id"] == second["id"]
    listed = (await shop.ask(LIST, query="status:completed"))["bulkOperations"]["nodes"]
    assert [node["id"] for node in listed] == [first["id"], second["id"]]
    assert (await shop.ask(LIST, query="status:running"))["bulkOperations"]["nodes"] == []


async def test_a_query_without_results_has_no_file(shop: Driver) -> None:
    found = await ended(shop, await run(shop))
    assert (found["status"], found["url"], found["objectCount"]) == ("COMPLETED", None, "0")


async def test_a_file_is_gone_after_a_week(shop: Driver) -> None:
    await made(shop)
    operation = await run(shop)
    assert (await ended(shop, operation))["url"] is not None
    shop.clock.pass_(days=7, seconds=1)
    await shop.sign_in()
    assert (await ended(shop, operation))["url"] is None
    assert (await shop.http.get("/_storage/unknown/file.jsonl")).status_code == 404


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("{ shop { id } }", "at least one connection"),
        ("{ nonsense }", "Invalid bulk query"),
        ("{ inventoryItems {", "Invalid bulk query"),
        ("mutation { bulkOperationCancel(id: 1) { userErrors { message } } }", "query"),
        (
            "{ inventoryItems { nodes { sku inventoryLevels { nodes { id } } } } }",
            "Connection fields without 'id': inventoryItems",
        ),
    ],
)
async def test_a_query_that_can_not_run_in_bulk_is_refused(
    shop: Driver, query: str, part: str
) -> None:
    payload = await shop.mutate(RUN, query=query, grouped=False)
    (error,) = payload["userErrors"]
    assert error["code"] == "INVALID"
    assert part in error["message"]
    assert payload["bulkOperation"] is None


async def test_a_cancelled_operation_ends_without_a_result(
    shop: Driver, receiver: Receiver
) -> None:
    await shop.subscribe("BULK_OPERATIONS_FINISH")
    await made(shop)
    await shop.control("/faults", {"bulk": {"delay_s": 0.2}}, verb="PUT")
    operation = await run(shop)
    payload = await shop.mutate(CANCEL, id=operation["id"])
    assert payload["bulkOperation"]["status"] == "CANCELING"
    found = await ended(shop, operation)
    assert (found["status"], found["url"]) == ("CANCELED", None)
    await told(shop, receiver)
    assert receiver.received[0].payload["status"] == "canceled"
    assert (await shop.mutate(CANCEL, id=operation["id"]))["userErrors"]


async def test_an_operation_may_fail(shop: Driver) -> None:
    await made(shop)
    await shop.control("/faults", {"bulk": {"error_code": "TIMEOUT"}}, verb="PUT")
    found = await ended(shop, await run(shop))
    assert (found["status"], found["errorCode"], found["url"]) == ("FAILED", "TIMEOUT", None)


async def test_50_000_items_are_read_while_others_are_answered(shop: Driver) -> None:
    body = {"count": 50_000, "prefix": "S", "available": {"East": 3}}
    await shop.control("/shops/acme/products/bulk", body)
    operation = await run(shop, "{ inventoryItems { nodes { id sku } } }")
    longest = 0.0
    while not (await shop.ask(ONE, id=operation["id"]))["bulkOperation"]["completedAt"]:
        started = perf_counter()
        await asyncio.sleep(0)
        longest = max(longest, perf_counter() - started)
    found = await ended(shop, operation)
    assert found["objectCount"] == "50000"
    assert longest < 5
    assert len(await lines(shop, found["url"])) == 50_000
