"""Inventory advices, as partners publish and the company reads them."""

import asyncio
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid, SetClock, Until

LAMP = {
    "sku": "LAMP",
    "gtin": "4012345678901",
    "available": 7,
    "on_hand": 9,
    "projected": 40,
    "allocation": 5,
    "available_date": None,
    "constraint": None,
}
CHAIR = {
    "sku": "CHAIR",
    "gtin": None,
    "available": -2,
    "on_hand": None,
    "projected": None,
    "allocation": None,
    "available_date": "2026-12-01",
    "constraint": {"code": "stop_sell", "until": "2026-12-01", "text": "Recall of lot 7"},
}


async def publish(grid: "Grid", status: int = 201, **fields: Any) -> Any:
    body = {"partner_id": "acme", "location_code": "OSLO-1", **fields}
    if "generate" not in body:
        body.setdefault("lines", [LAMP, CHAIR])
    return await grid.control("POST", "/inventory-advices", body, status)


async def listed(grid: "Grid", **params: Any) -> Any:
    return (await grid.get("/inventory-advices", **params))["_embedded"]["collection"]


async def whole(grid: "Grid", advice_id: str, size: int = 1000) -> list[Any]:
    """Every line, as a client reads them that follows ``next``."""
    page = await grid.get(f"/inventory-advices/{advice_id}", **{"items-per-page": size})
    lines = page["lines"]
    while "next" in page["_links"]:
        answer = await grid.http.get(
            page["_links"]["next"]["href"], headers={"Authorization": f"Bearer {grid.token}"}
        )
        page = answer.json()
        lines += page["lines"]
    return list(lines)


async def test_an_advice_is_read_with_its_lines_and_told_of_thinly(grid: "Grid") -> None:
    reference = {"system": "acme-erp", "id": "846-1"}
    made = await publish(
        grid,
        as_of="2026-11-23T13:30:00+02:00",
        sequence=41,
        kind="delta",
        external_reference=reference,
    )
    answer = await grid.call("GET", f"/inventory-advices/{made['id']}")
    assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')
    read = answer.json()
    links = read.pop("_links")
    own = f"http://grid.test/tradinggrid/v1/inventory-advices/{made['id']}"
    assert links["self"]["href"] == own
    assert "next" not in links
    assert read == {
        "id": made["id"],
        "partner_id": "acme",
        "external_reference": reference,
        "version": 1,
        "create_time": "2026-11-23T12:00:00Z",
        "update_time": "2026-11-23T12:00:00Z",
        "location_code": "OSLO-1",
        "as_of": "2026-11-23T11:30:00Z",
        "sequence": 41,
        "kind": "delta",
        "line_count": 2,
        "lines": [LAMP, CHAIR],
    }
    (event,) = await grid.events()
    assert event["type"] == "inventory_advice.received"
    assert event["data"] == {
        "id": made["id"],
        "resource": "inventory_advice",
        "href": f"/tradinggrid/v1/inventory-advices/{made['id']}",
        "version": 1,
        "external_reference": reference,
        "partner_id": "acme",
    }


async def test_time_and_sequence_left_out_are_now_and_the_next_of_the_place(
    grid: "Grid", clock: "SetClock"
) -> None:
    await publish(grid, sequence=7)
    clock.forward(minutes=5)
    following = await publish(grid)
    assert (following["sequence"], following["as_of"]) == (8, "2026-11-23T12:05:00Z")
    assert following["kind"] == "snapshot"
    await publish(grid, sequence=3, as_of="2026-11-20T00:00:00Z")
    assert (await publish(grid))["sequence"] == 9
    assert (await publish(grid, location_code="BERGEN"))["sequence"] == 1


async def test_the_same_word_may_come_twice_but_not_under_the_same_reference(grid: "Grid") -> None:
    again: dict[str, Any] = {"as_of": "2026-11-23T11:00:00Z", "sequence": 1}
    await publish(grid, **again)
    await publish(grid, **again, external_reference={"system": "erp", "id": "1"})
    taken = await publish(grid, 409, external_reference={"system": "erp", "id": "1"})
    assert taken["errorCode"] == "duplicate_external_reference"
    assert len(await listed(grid)) == len(await grid.events()) == 2


async def test_the_list_shows_advices_without_their_lines(grid: "Grid") -> None:
    first = await publish(grid, as_of="2026-11-22T00:00:00Z")
    second = await publish(grid, location_code="BERGEN", kind="delta", lines=[LAMP])
    assert await listed(grid) == [first, second]
    assert "lines" not in first
    for filter_, found in (
        ("location_code eq 'BERGEN'", [second]),
        ("kind eq 'snapshot'", [first]),
        ("partner_id eq 'acme' and as_of ge '2026-11-23T00:00:00Z'", [second]),
        ("line_count gt 1", [first]),
    ):
        assert await listed(grid, filter=filter_) == found


async def test_lines_come_in_pages_and_can_be_looked_up(grid: "Grid") -> None:
    made = await publish(grid, generate={"lines": 120, "seed": 3})
    path = f"/inventory-advices/{made['id']}"
    first = await grid.get(path, **{"include-total": "true"})
    assert (len(first["lines"]), first["total"], first["line_count"]) == (50, 120, 120)
    last = await grid.get(path, page=3)
    assert [len(last["lines"]), "next" in last["_links"], "prev" in last["_links"]] == [
        20,
        False,
        True,
    ]
    assert [one["sku"] for one in await whole(grid, made["id"], 7)] == [
        f"SKU-{number:06d}" for number in range(1, 121)
    ]
    found = await grid.get(path, filter="sku eq 'SKU-000077'")
    assert [one["sku"] for one in found["lines"]] == ["SKU-000077"]
    most = await grid.get(path, sortby="available desc")
    assert most["lines"][0]["available"] == max(
        one["available"] for one in await whole(grid, made["id"])
    )
    answer = await grid.call("GET", path, params={"items-per-page": "1001"})
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "invalid_parameter")


async def test_fifty_thousand_lines_are_made_by_seed_and_read_fast(grid: "Grid") -> None:
    began = time.perf_counter()
    made = await publish(grid, generate={"seed": 7, "empty": 0.05})
    lines = await whole(grid, made["id"])
    took = time.perf_counter() - began
    assert len(lines) == made["line_count"] == 50_000
    assert len({one["sku"] for one in lines}) == 50_000
    assert 1_500 < sum(one["available"] == 0 for one in lines) < 3_500
    assert {one["constraint"]["code"] for one in lines if one["constraint"]} == {
        "stop_sell",
        "limited",
        "discontinued",
    }
    # It takes about half a second; the bound finds what grows with the square.
    assert took < 15
    same = await publish(grid, generate={"seed": 7, "empty": 0.05}, location_code="BERGEN")
    assert await whole(grid, same["id"]) == lines
    other = await publish(grid, generate={"seed": 8, "empty": 0.05}, location_code="BERGEN")
    assert await whole(grid, other["id"]) != lines
    (tenant,) = (await grid.control("GET", "/state"))["tenants"]
    assert [one["line_count"] for one in tenant["inventory_advices"]] == [50_000] * 3
    assert "lines" not in tenant["inventory_advices"][0]


async def test_fifty_thousand_lines_may_be_sent_in_one_body(grid: "Grid") -> None:
    lines = [{**LAMP, "sku": f"A-{number}", "available": number} for number in range(50_000)]
    made = await publish(grid, lines=lines)
    read = await whole(grid, made["id"])
    assert read == lines


async def test_an_empty_snapshot_is_possible(grid: "Grid") -> None:
    made = await publish(grid, lines=[])
    assert (await grid.get(f"/inventory-advices/{made['id']}"))["lines"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lines": None}, "body"),
        ({"lines": [], "generate": {}}, "body"),
        ({"kind": "rumour"}, "kind"),
        ({"as_of": "2026-11-23T12:00:00"}, "as_of"),
        ({"lines": [{"available": 1}]}, "lines.0.sku"),
        ({"lines": [{"sku": "A", "available": "1"}]}, "lines.0.available"),
        ({"lines": [{"sku": "A", "colour": "red"}]}, "lines.0.colour"),
        ({"lines": [{"sku": "A", "constraint": {"until": "x"}}]}, "lines.0.constraint.code"),
        ({"generate": {"lines": 0}}, "generate.lines"),
    ],
)
async def test_a_wrong_advice_is_422_and_tells_nobody(
    grid: "Grid", change: dict[str, Any], field: str
) -> None:
    error = await publish(grid, 422, **change)
    assert field in [detail["field"] for detail in error["details"]]
    assert await grid.events() == []


async def test_an_advice_of_nobody_is_404(grid: "Grid") -> None:
    await publish(grid, 404, partner_id="nobody")
    assert (await grid.call("GET", "/inventory-advices/nothing")).status_code == 404
    answer = await grid.call("POST", "/inventory-advices", json={})
    assert answer.status_code == 405


async def test_tenants_see_nothing_of_one_anothers_stock(grid: "Grid") -> None:
    made = await publish(grid)
    await grid.control("POST", "/tenants", {"id": "other", "clients": {"c": "s"}}, 201)
    await grid.control("POST", "/partners", {"id": "acme", "name": "Acme", "tenant": "other"}, 201)
    other = await grid.login("other", "c", "s")
    assert await listed(other) == []
    assert (await other.call("GET", f"/inventory-advices/{made['id']}")).status_code == 404
    theirs = await publish(grid, tenant="other")
    assert (theirs["sequence"], await listed(other)) == (1, [theirs])


async def behave(grid: "Grid", behaviour: str, **settings: Any) -> None:
    body = {"id": "acme", "behaviour": behaviour, **settings}
    await grid.control("POST", "/partners", body, 200)


async def test_a_prompt_partner_tells_of_small_changes_when_asked_to(
    grid: "Grid", until: "Until"
) -> None:
    base = await publish(grid, generate={"lines": 20})
    said = {one["sku"]: one["available"] for one in await whole(grid, base["id"])}
    await behave(grid, "prompt", stock_interval_s=0.02)

    async def two_more() -> bool:
        return len(await listed(grid)) >= 3

    await until(two_more)
    await behave(grid, "prompt", stock_interval_s=None)
    deltas = (await listed(grid))[1:3]
    assert [(one["kind"], one["sequence"], one["location_code"]) for one in deltas] == [
        ("delta", 2, "OSLO-1"),
        ("delta", 3, "OSLO-1"),
    ]
    for delta in deltas:
        lines = await whole(grid, delta["id"])
        assert len({one["sku"] for one in lines}) == 3
        for line in lines:
            assert abs(line["available"] - said[line["sku"]]) <= 5
            assert line["available"] >= 0
    stopped = len(await listed(grid))
    await asyncio.sleep(0.06)
    assert len(await listed(grid)) == stopped


@pytest.mark.parametrize(
    ("behaviour", "interval"),
    [("prompt", None), ("silent", 0.01), ("manual", 0.01), ("contrary", 0.01)],
)
async def test_nobody_tells_of_stock_unasked(
    grid: "Grid", behaviour: str, interval: float | None
) -> None:
    await publish(grid)
    await behave(grid, behaviour, stock_interval_s=interval)
    await asyncio.sleep(0.05)
    assert len(await listed(grid)) == 1


async def test_who_never_told_of_stock_has_nothing_to_change(grid: "Grid", until: "Until") -> None:
    await behave(grid, "prompt", stock_interval_s=0.01)
    await asyncio.sleep(0.03)
    assert await listed(grid) == []
    await publish(grid)

    async def told() -> bool:
        return len(await listed(grid)) > 1

    await until(told)
