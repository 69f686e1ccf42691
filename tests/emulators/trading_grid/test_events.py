from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid, SetClock


async def test_the_feed_is_read_page_by_page_in_order(grid: "Grid") -> None:
    cases = [await grid.case() for _ in range(5)]
    seen: list[str] = []
    position: Any = 0
    for expected_more in (True, True, False):
        page = await grid.get("/events", **{"position": position, "items-per-page": 2})
        seen += [event["data"]["id"] for event in page["events"]]
        assert page["position"] == page["events"][-1]["position"] > position
        assert page["has_more"] is expected_more
        position = page["position"]
    assert seen == [case["id"] for case in cases]
    assert await grid.get("/events", position=position) == {
        "events": [],
        "position": position,
        "has_more": False,
    }


async def test_an_event_is_thin_and_has_id_and_position(grid: "Grid") -> None:
    await grid.case()
    (event,) = await grid.events()
    assert set(event) == {"id", "type", "timestamp", "position", "data"}
    assert event["timestamp"] == "2026-11-23T12:00:00.000Z"


async def test_without_position_the_feed_goes_on_from_the_stored_one(grid: "Grid") -> None:
    await grid.case()
    (event,) = (await grid.get("/events"))["events"]
    stored = await grid.post("/events/position", {"position": event["position"]}, 200)
    assert stored == {"position": event["position"]}
    second = await grid.case()
    assert [one["data"]["id"] for one in (await grid.get("/events"))["events"]] == [second["id"]]


async def test_the_stored_position_can_be_set_by_time(grid: "Grid", clock: "SetClock") -> None:
    await grid.case()
    clock.forward(minutes=5)
    second = await grid.case()
    await grid.post("/events/position", {"timestamp": "2026-11-23T12:05:00Z"}, 200)
    assert [one["data"]["id"] for one in (await grid.get("/events"))["events"]] == [second["id"]]
    await grid.post("/events/position", {"timestamp": "2026-11-23T12:06:00Z"}, 200)
    assert (await grid.get("/events"))["events"] == []


@pytest.mark.parametrize(
    "body",
    [{}, {"position": -1}, {"position": "5"}, {"position": 1, "timestamp": "2026-11-23T12:00:00Z"}],
)
async def test_a_position_that_is_none_is_422(grid: "Grid", body: dict[str, Any]) -> None:
    await grid.post("/events/position", body, 422)


@pytest.mark.parametrize("params", [{"position": "last"}, {"items-per-page": "0"}, {"page": "1"}])
async def test_a_parameter_the_feed_does_not_know_is_400(
    grid: "Grid", params: dict[str, str]
) -> None:
    assert (await grid.call("GET", "/events", params=params)).status_code == 400


async def test_events_are_kept_30_days_and_an_older_position_is_gone(
    grid: "Grid", clock: "SetClock"
) -> None:
    first = await grid.case()
    await grid.case()
    old = (await grid.events())[0]["position"]
    clock.forward(days=29)
    grid = await grid.login("demo", "demo-client", "demo-secret")
    third = await grid.case()
    assert (await grid.events())[0]["data"]["id"] == first["id"]
    clock.forward(days=1)
    grid = await grid.login("demo", "demo-client", "demo-secret")
    assert [event["data"]["id"] for event in await grid.events()] == [third["id"]]
    gone = await grid.call("GET", "/events", params={"position": old})
    assert (gone.status_code, gone.json()["errorCode"]) == (410, "position_expired")


async def test_positions_grow_across_a_reset_so_that_a_reader_misses_nothing(
    grid: "Grid", clock: "SetClock"
) -> None:
    await grid.case()
    before = (await grid.events())[0]
    await grid.control("POST", "/reset", status=204)
    clock.forward(seconds=1)
    again = await grid.login("demo", "demo-client", "demo-secret")
    await again.control("POST", "/partners", {"id": "acme", "name": "Acme"})
    await again.case()
    (after,) = await again.events()
    assert after["position"] > before["position"]
    assert after["id"] != before["id"]
