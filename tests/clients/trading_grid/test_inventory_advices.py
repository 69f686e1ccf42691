"""Inventory advices: one bad line loses no other, and half an advice is never taken for a whole one."""

from typing import Any

import httpx
import pytest

from clients.trading_grid import errors
from clients.trading_grid.port import AdviceLine, UnreadableAdviceLine
from clients.trading_grid.port.inventory_advices import LINES_A_PAGE
from clients.trading_grid.rest import RestTradingGrid
from tests.clients.trading_grid.conftest import Script
from tests.clients.trading_grid.emulated import World

HEAD: dict[str, Any] = {
    "id": "a1",
    "partner_id": "p1",
    "location_code": "WH-1",
    "as_of": "2026-11-20T06:00:00Z",
    "sequence": 7,
    "kind": "snapshot",
    "version": 2,
}


def answer(**changes: Any) -> httpx.Response:
    return httpx.Response(200, json={**HEAD, **changes})


async def read_lines(
    grid: RestTradingGrid, script: Script, *lines: Any
) -> tuple[tuple[AdviceLine, ...], tuple[UnreadableAdviceLine, ...]]:
    script(answer(lines=list(lines)))
    page = await grid.inventory_advice_lines("a1")
    return tuple(line for _, line in page.lines), page.unreadable


async def test_a_line_that_cannot_be_read_loses_no_other(
    grid: RestTradingGrid, script: Script
) -> None:
    readable, unreadable = await read_lines(
        grid,
        script,
        {"sku": "A", "available": 5, "allocation": 3},
        {"sku": "B", "available": "many"},
        {"available": 1},
        "C",
        {"sku": "D", "available": True},
        {"sku": "E"},
        {"sku": "F", "available": -2},
        {"sku": "G", "available": 1, "constraint": {"code": "stop_sell", "until": "soon"}},
        {"sku": 12, "available": "7", "gtin": None, "surprise": 1},
    )
    assert [(line.sku, line.available, line.allocation) for line in readable] == [
        ("A", 5, 3),
        ("F", -2, None),
        ("12", 7, None),
    ]
    assert [(line.number, line.sku) for line in unreadable] == [
        (1, "B"),
        (2, ""),
        (3, ""),
        (4, "D"),
        (5, "E"),
        (7, "G"),
    ]
    assert "many" not in unreadable[0].problem
    assert "lines.1.available" in unreadable[0].problem


async def test_a_line_may_be_about_a_constraint_alone(
    grid: RestTradingGrid, script: Script
) -> None:
    readable, unreadable = await read_lines(
        grid,
        script,
        {"sku": "A", "constraint": {"code": " STOP_SELL", "until": "2026-12-01T00:00"}},
    )
    assert unreadable == ()
    constraint = readable[0].constraint
    assert constraint is not None
    assert (constraint.code, str(constraint.until)) == ("stop_sell", "2026-12-01")


@pytest.mark.parametrize("lines", [None, {}, "none"])
async def test_an_advice_without_a_list_of_lines_is_not_an_empty_one(
    grid: RestTradingGrid, script: Script, lines: Any
) -> None:
    script(answer(lines=lines))
    with pytest.raises(errors.ContractMismatch):
        await grid.inventory_advice_lines("a1")


@pytest.mark.parametrize(
    "wrong", [{"kind": "mood"}, {"as_of": "yesterday"}, {"location_code": ""}, {"sequence": "x"}]
)
async def test_a_head_that_cannot_be_read_is_refused_by_field(
    grid: RestTradingGrid, script: Script, wrong: dict[str, Any]
) -> None:
    script(answer(lines=[], **wrong))
    with pytest.raises(errors.ContractMismatch, match=next(iter(wrong))):
        await grid.inventory_advice("a1")


async def test_more_lines_than_asked_for_are_refused(grid: RestTradingGrid, script: Script) -> None:
    script(answer(lines=[{"sku": "A", "available": 1}] * (LINES_A_PAGE + 1)))
    with pytest.raises(errors.ContractMismatch):
        await grid.inventory_advice_lines("a1")


async def test_pages_are_followed_to_the_last_and_number_their_lines(world: World) -> None:
    made = await world.partner_does(
        "/inventory-advices",
        {"partner_id": "p1", "location_code": "WH-1", "generate": {"lines": LINES_A_PAGE + 2}},
    )
    first = await world.grid.inventory_advice_lines(made["id"])
    second = await world.grid.inventory_advice_lines(made["id"], page=2)
    assert (len(first.lines), first.has_more) == (LINES_A_PAGE, True)
    assert [number for number, _ in second.lines] == [LINES_A_PAGE, LINES_A_PAGE + 1]
    assert not second.has_more
    head = await world.grid.inventory_advice(made["id"])
    assert (head.location_code, head.kind, head.line_count) == ("WH-1", "snapshot", 1002)
    with pytest.raises(errors.NotFound):
        await world.grid.inventory_advice("none")


async def test_the_newest_advices_of_a_partner_are_found(world: World) -> None:
    await world.partner_does("/partners", {"id": "p2", "behaviour": "manual"})
    for partner, day in (("p1", 1), ("p1", 3), ("p2", 4), ("p1", 2)):
        await world.partner_does(
            "/inventory-advices",
            {
                "partner_id": partner,
                "location_code": "WH-1",
                "as_of": f"2026-11-0{day}T00:00:00Z",
                "lines": [],
            },
        )
    found = await world.grid.newest_inventory_advices("p1")
    assert [one.as_of.day for one in found] == [3, 2, 1]
    assert [one.as_of.day for one in await world.grid.newest_inventory_advices("p1", limit=1)] == [
        3
    ]
