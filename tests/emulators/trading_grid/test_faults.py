import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid, Sink, Until

URL = "http://receiver.test/hook"


async def faults(grid: "Grid", **plan: Any) -> None:
    await grid.control("PUT", "/faults", plan)


async def test_throttle_is_429_with_retry_after(grid: "Grid") -> None:
    await faults(grid, api={"throttle": True, "retry_after_s": 7})
    answer = await grid.call("GET", "/cases")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert answer.json()["errorCode"] == "throttled"
    assert answer.headers["x-request-id"]


async def test_down_is_503_for_tokens_too_but_not_for_control_and_portal(grid: "Grid") -> None:
    await faults(grid, api={"down": True})
    assert (await grid.call("GET", "/cases")).status_code == 503
    assert (await grid.http.post("/tenants/demo/oauth2/token", data={})).status_code == 503
    assert (await grid.http.get("/portal")).status_code == 200
    assert (await grid.http.get("/healthz")).json() == {"status": "ok"}
    await faults(grid)
    await grid.get("/cases")


async def test_an_error_happens_before_anything_is_done(grid: "Grid") -> None:
    await faults(grid, api={"error_rate": 1.0})
    body = {"case_type": "general", "subject": "S", "partner_id": "acme"}
    await grid.post("/cases", body, 500)
    call = (await grid.control("GET", "/calls"))["calls"][0]
    assert (call["status"], call["outcome"], call["created"]) == (500, "fault", None)
    await faults(grid)
    assert (await grid.get("/cases"))["_embedded"]["collection"] == []


async def test_a_lost_answer_has_had_its_effect_and_the_key_finds_it(grid: "Grid") -> None:
    body = {"case_type": "general", "subject": "S", "partner_id": "acme"}
    key = "k"
    await faults(grid, api={"lost_answer_rate": 1.0})
    await grid.post("/cases", body, 504, key=key)
    await faults(grid)
    case = await grid.post("/cases", body, 201, key=key)
    assert [one["id"] for one in (await grid.get("/cases"))["_embedded"]["collection"]] == [
        case["id"]
    ]
    calls = (await grid.control("GET", "/calls"))["calls"]
    assert [call["outcome"] for call in calls] == ["created, answer lost", "replayed"]


async def test_latency_delays_the_answer(grid: "Grid") -> None:
    await faults(grid, api={"latency_ms": 50})
    started = asyncio.get_running_loop().time()
    await grid.get("/cases")
    assert asyncio.get_running_loop().time() - started >= 0.05


async def test_the_same_seed_gives_the_same_errors(grid: "Grid") -> None:
    runs = []
    for _ in range(2):
        await faults(grid, seed=7, api={"error_rate": 0.5})
        runs.append([(await grid.call("GET", "/cases")).status_code for _ in range(20)])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 500}


@pytest.mark.parametrize(
    "plan",
    [{"api": {"error_rate": 1.5}}, {"api": {"error": 1}}, {"webhooks": {"drop": -1}}, {"sed": 1}],
)
async def test_a_plan_that_makes_no_sense_is_refused(grid: "Grid", plan: dict[str, Any]) -> None:
    await grid.control("PUT", "/faults", plan, 422)


async def deliveries(grid: "Grid", until: "Until") -> Any:
    found: list[Any] = []

    async def none_pending() -> bool:
        found[:] = (await grid.control("GET", "/deliveries"))["deliveries"]
        return all(one["status"] != "pending" for one in found)

    await until(none_pending)
    return found


async def test_a_dropped_webhook_is_never_sent(grid: "Grid", sink: "Sink", until: "Until") -> None:
    await grid.post("/event-subscriptions", {"url": URL})
    await faults(grid, webhooks={"drop": 1.0})
    await grid.case()
    (delivery,) = await deliveries(grid, until)
    assert (delivery["status"], delivery["attempts"]) == ("dropped", [])
    assert sink.requests == []


async def test_a_duplicated_webhook_comes_twice_under_one_id(
    grid: "Grid", sink: "Sink", until: "Until"
) -> None:
    await grid.post("/event-subscriptions", {"url": URL})
    await faults(grid, webhooks={"duplicate": 1.0})
    await grid.case()

    async def twice() -> bool:
        return len(sink.requests) == 2

    await until(twice)
    assert len({one.headers["webhook-id"] for one in sink.requests}) == 1


async def test_a_delayed_webhook_waits(grid: "Grid", sink: "Sink", until: "Until") -> None:
    await grid.post("/event-subscriptions", {"url": URL})
    await faults(grid, webhooks={"delay_s": 0.1})
    await grid.case()
    await asyncio.sleep(0.03)
    assert sink.requests == []
    await deliveries(grid, until)
    assert len(sink.requests) == 1


async def test_reordered_webhooks_all_come_but_not_in_order(
    grid: "Grid", sink: "Sink", until: "Until"
) -> None:
    await grid.post("/event-subscriptions", {"url": URL})
    await faults(grid, webhooks={"reorder": True})
    cases = [(await grid.case())["id"] for _ in range(6)]
    await deliveries(grid, until)
    came = [json.loads(one.content)["data"]["id"] for one in sink.requests]
    assert sorted(came) == sorted(cases)
    assert came != cases


async def test_every_third_webhook_is_withheld_and_the_feed_has_it(
    grid: "Grid", sink: "Sink", until: "Until"
) -> None:
    await grid.post("/event-subscriptions", {"url": URL})
    await faults(grid, webhooks={"drop_every": 3})
    cases = [(await grid.case())["id"] for _ in range(7)]
    found = await deliveries(grid, until)
    assert [one["status"] for one in found] == [
        "dropped" if number in (3, 6) else "delivered" for number in range(1, 8)
    ]
    came = [json.loads(one.content)["data"]["id"] for one in sink.requests]
    assert came == [case for number, case in enumerate(cases, 1) if number not in (3, 6)]
    assert [event["data"]["id"] for event in await grid.events()] == cases


async def test_withholding_counts_anew_with_each_plan_and_ends_with_it(
    grid: "Grid", sink: "Sink", until: "Until"
) -> None:
    await grid.post("/event-subscriptions", {"url": URL})
    for _ in range(2):
        await faults(grid, webhooks={"drop_every": 2})
        await grid.case()
    await faults(grid)
    await grid.case()
    await grid.case()
    assert {one["status"] for one in await deliveries(grid, until)} == {"delivered"}
    assert len(sink.requests) == 4
