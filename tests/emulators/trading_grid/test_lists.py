from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid, SetClock


async def subjects(grid: "Grid", **params: Any) -> list[str]:
    page = await grid.get("/cases", **params)
    return [case["subject"] for case in page["_embedded"]["collection"]]


async def fill(grid: "Grid", clock: "SetClock") -> None:
    for subject, priority in (("B", "high"), ("C", "low"), ("A", "high"), ("It's", "normal")):
        await grid.case(subject=subject, priority=priority)
        clock.forward(minutes=1)


async def test_a_list_is_hal_in_order_of_creation(grid: "Grid", clock: "SetClock") -> None:
    await fill(grid, clock)
    page = await grid.get("/cases")
    assert set(page) == {"_embedded", "_links"}
    assert await subjects(grid) == ["B", "C", "A", "It's"]
    assert set(page["_links"]) == {"self", "first"}
    one = page["_embedded"]["collection"][0]
    assert one["_links"]["self"]["href"] == f"http://grid.test/tradinggrid/v1/cases/{one['id']}"
    assert one["create_time"] == "2026-11-23T12:00:00Z"


async def test_next_leads_through_all_pages_and_keeps_the_parameters(
    grid: "Grid", clock: "SetClock"
) -> None:
    await fill(grid, clock)
    params: dict[str, Any] = {
        "items-per-page": 1,
        "include-total": "true",
        "filter": "priority eq 'high'",
        "sortby": "subject",
    }
    page = await grid.get("/cases", **params)
    seen = []
    while True:
        seen += [case["subject"] for case in page["_embedded"]["collection"]]
        assert page["total"] == 2
        following = page["_links"].get("next")
        if following is None:
            break
        headers = {"Authorization": f"Bearer {grid.token}"}
        page = (await grid.http.get(following["href"], headers=headers)).json()
    assert seen == ["A", "B"]
    assert "prev" in page["_links"]


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        ("priority eq 'high'", ["B", "A"]),
        ("priority ne 'high'", ["C", "It's"]),
        ("priority eq 'high' and subject gt 'A'", ["B"]),
        ("priority in ('low', 'normal')", ["C", "It's"]),
        ("subject eq 'It''s'", ["It's"]),
        ("create_time ge '2026-11-23T12:02:00Z'", ["A", "It's"]),
        ("create_time lt '2026-11-23T13:01:00+01:00'", ["B"]),
        ("version eq 1", ["B", "C", "A", "It's"]),
        ("due_time eq '2026-11-23T12:00:00Z'", []),
        ("external_reference.id ne 'x'", ["B", "C", "A", "It's"]),
        ("status eq 'open'", []),
    ],
)
async def test_the_documented_filters_work(
    grid: "Grid", clock: "SetClock", filter_: str, expected: list[str]
) -> None:
    await fill(grid, clock)
    assert await subjects(grid, filter=filter_) == expected


async def test_an_external_reference_can_be_looked_up(grid: "Grid") -> None:
    await grid.case(subject="X", external_reference={"system": "gridcase", "id": "a:1"})
    await grid.case(subject="Y", external_reference={"system": "gridcase", "id": "a:2"})
    wanted = "external_reference.system eq 'gridcase' and external_reference.id eq 'a:2'"
    assert await subjects(grid, filter=wanted) == ["Y"]


@pytest.mark.parametrize(
    "filter_",
    [
        "status",
        "status = 'open'",
        "status eq open",
        "status eq 'open' or status eq 'new'",
        "not (status eq 'open')",
        "contains(subject, 'x')",
        "colour eq 'red'",
        "status eq 5",
        "version eq '1'",
        "create_time gt 'yesterday'",
        "create_time gt '2026-11-23T12:00:00'",
        "status eq 'open' and",
        "status eq 'open' 'x'",
    ],
)
async def test_any_other_filter_is_400(grid: "Grid", filter_: str) -> None:
    answer = await grid.call("GET", "/cases", params={"filter": filter_})
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "invalid_filter")


@pytest.mark.parametrize(
    ("sortby", "expected"),
    [
        ("subject", ["A", "B", "C", "It's"]),
        ("subject desc", ["It's", "C", "B", "A"]),
        ("update_time desc", ["It's", "A", "C", "B"]),
        ("priority asc, subject desc", ["B", "A", "C", "It's"]),
        ("due_time", ["B", "C", "A", "It's"]),
    ],
)
async def test_lists_are_sorted_as_asked(
    grid: "Grid", clock: "SetClock", sortby: str, expected: list[str]
) -> None:
    await fill(grid, clock)
    assert await subjects(grid, sortby=sortby) == expected


@pytest.mark.parametrize(
    "params",
    [
        {"page": "0"},
        {"page": "two"},
        {"items-per-page": "201"},
        {"items-per-page": "0"},
        {"items_per_page": "5"},
        {"include-total": "yes"},
        {"sortby": "colour"},
        {"sortby": "subject upwards"},
    ],
)
async def test_a_parameter_that_makes_no_sense_is_400(grid: "Grid", params: dict[str, str]) -> None:
    assert (await grid.call("GET", "/cases", params=params)).status_code == 400


async def test_a_page_past_the_end_is_empty(grid: "Grid") -> None:
    await grid.case()
    page = await grid.get("/cases", page=5)
    assert page["_embedded"]["collection"] == []
    assert "next" not in page["_links"]
