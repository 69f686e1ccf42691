"""Deliveries, checked by a reading of Standard Webhooks that is not the emulator's."""

import asyncio
import base64
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from emulators.trading_grid.options import Options
from emulators.trading_grid.webhooks import new_secret, secret_bytes

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid, SetClock, Sink, Until

URL = "http://receiver.test/webhooks/trading-grid/demo"


def signed_by(request: httpx.Request, secret: str) -> bool:
    """Whether one of the request's signatures is by the secret."""
    key = base64.b64decode(secret[len("whsec_") :])
    content = (
        request.headers["webhook-id"].encode()
        + b"."
        + request.headers["webhook-timestamp"].encode()
        + b"."
        + request.content
    )
    expected = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    signatures = request.headers["webhook-signature"].split(" ")
    assert all(signature.startswith("v1,") for signature in signatures)
    return f"v1,{expected}" in signatures


async def subscribe(grid: "Grid", **fields: Any) -> Any:
    return await grid.post("/event-subscriptions", {"url": URL, **fields})


async def settled(grid: "Grid", until: "Until") -> list[dict[str, Any]]:
    """The deliveries, once none is pending."""
    found: list[dict[str, Any]] = []

    async def none_pending() -> bool:
        found[:] = (await grid.control("GET", "/deliveries"))["deliveries"]
        return all(one["status"] != "pending" for one in found)

    await until(none_pending)
    return found


async def test_an_event_is_delivered_thin_and_signed(
    grid: "Grid", sink: "Sink", until: "Until"
) -> None:
    subscription = await subscribe(grid)
    case = await grid.case()
    (delivery,) = await settled(grid, until)
    (request,) = sink.requests
    (event,) = await grid.events()
    assert str(request.url) == URL
    assert json.loads(request.content) == {key: event[key] for key in ("type", "timestamp", "data")}
    assert request.headers["webhook-id"] == event["id"]
    assert request.headers["webhook-timestamp"] == "1795435200"
    assert signed_by(request, subscription["secret"])
    assert not signed_by(request, new_secret())
    assert json.loads(request.content)["data"]["id"] == case["id"]
    assert (delivery["id"], delivery["type"]) == (event["id"], "case.updated")
    assert (delivery["status"], delivery["attempts"][0]["status_code"]) == ("delivered", 204)


async def test_the_secret_is_shown_once(grid: "Grid") -> None:
    subscription = await subscribe(grid)
    assert len(secret_bytes(subscription["secret"])) == 32
    path = f"/event-subscriptions/{subscription['id']}"
    assert "secret" not in await grid.get(path)
    page = await grid.get("/event-subscriptions")
    assert "secret" not in page["_embedded"]["collection"][0]
    assert subscription["secret"] not in json.dumps(await grid.control("GET", "/state"))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"url": "receiver.test/hook"}, "url"),
        ({"url": "ftp://receiver.test"}, "url"),
        ({"event_types": ["case.created"]}, "event_types"),
        ({"secret": ""}, "secret"),
        ({"secret": "plain"}, "secret"),
        ({"secret": "whsec_%%%"}, "secret"),
        ({"secret": "whsec_c2hvcnQ="}, "secret"),
    ],
)
async def test_a_bad_subscription_is_422(grid: "Grid", fields: dict[str, Any], field: str) -> None:
    refused = await grid.post("/event-subscriptions", {"url": URL, **fields}, 422)
    assert refused["details"][0]["field"] == field


async def test_a_secret_of_ones_own_is_taken(grid: "Grid", sink: "Sink", until: "Until") -> None:
    secret = "whsec_" + base64.b64encode(b"k" * 24).decode()
    await subscribe(grid, secret=secret)
    await grid.case()
    await settled(grid, until)
    assert signed_by(sink.requests[0], secret)


async def test_only_the_types_asked_for_come(grid: "Grid", sink: "Sink", until: "Until") -> None:
    await subscribe(grid, event_types=["case.answered"])
    case = await grid.case()
    await grid.control("POST", f"/cases/{case['id']}/answer", {"kind": "accept"})
    await settled(grid, until)
    assert [json.loads(one.content)["type"] for one in sink.requests] == ["case.answered"]


async def test_events_come_in_order(grid: "Grid", sink: "Sink", until: "Until") -> None:
    await subscribe(grid)
    for _ in range(5):
        await grid.case()
    await settled(grid, until)
    ids = [event["id"] for event in await grid.events()]
    assert [request.headers["webhook-id"] for request in sink.requests] == ids


async def test_a_failure_is_tried_again_signed_anew_under_the_same_id(
    grid: "Grid", sink: "Sink", clock: "SetClock", until: "Until"
) -> None:
    subscription = await subscribe(grid)
    sink.answers = [500, httpx.ConnectError("refused")]
    await grid.control("PUT", "/webhooks", {"retry_schedule_s": [0.05, 0.01]})
    await grid.case()

    async def first_failed() -> bool:
        return len(sink.requests) == 1

    await until(first_failed)
    clock.forward(seconds=5)
    (delivery,) = await settled(grid, until)
    assert delivery["status"] == "delivered"
    assert [one["status_code"] for one in delivery["attempts"]] == [500, None, 204]
    assert "ConnectError" in delivery["attempts"][1]["error"]
    assert len({one.headers["webhook-id"] for one in sink.requests}) == 1
    assert all(signed_by(one, subscription["secret"]) for one in sink.requests)
    first, second, _ = sink.requests
    assert int(second.headers["webhook-timestamp"]) == 5 + int(first.headers["webhook-timestamp"])
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]


async def test_after_the_last_retry_the_delivery_has_failed_and_the_feed_still_has_it(
    grid: "Grid", sink: "Sink", until: "Until"
) -> None:
    await subscribe(grid)
    sink.answers = [404, 301, 500]
    await grid.case()
    (delivery,) = await settled(grid, until)
    assert (delivery["status"], len(delivery["attempts"])) == ("failed", 3)
    assert len(await grid.events()) == 1


async def test_a_failing_delivery_holds_up_no_other(
    grid: "Grid", sink: "Sink", until: "Until"
) -> None:
    await grid.control("PUT", "/webhooks", {"retry_schedule_s": [30]})
    await subscribe(grid)
    sink.answers = [500]
    await grid.case()
    await grid.case()

    async def second_delivered() -> bool:
        found = (await grid.control("GET", "/deliveries"))["deliveries"]
        return [one["status"] for one in found] == ["pending", "delivered"]

    await until(second_delivered)


async def test_a_shortened_schedule_also_holds_for_what_is_waiting(
    grid: "Grid", sink: "Sink", until: "Until"
) -> None:
    settings = await grid.control("PUT", "/webhooks", {"retry_schedule_s": [3600]})
    assert settings["retry_schedule_s"] == [3600]
    await subscribe(grid)
    sink.answers = [500]
    await grid.case()

    async def tried() -> bool:
        return len(sink.requests) == 1

    await until(tried)
    await asyncio.sleep(0.02)
    assert len(sink.requests) == 1
    await grid.control("PUT", "/webhooks", {"retry_schedule_s": [0.01]})
    (delivery,) = await settled(grid, until)
    assert delivery["status"] == "delivered"


def test_the_default_schedule_is_the_standards() -> None:
    hours = [wait / 3600 for wait in Options().retry_schedule_s[3:]]
    assert Options().retry_schedule_s[:3] == (5, 5 * 60, 30 * 60)
    assert hours == [2, 5, 10, 14, 20, 24]


async def test_both_secrets_sign_for_a_day_after_a_rotation(
    grid: "Grid", sink: "Sink", clock: "SetClock", until: "Until"
) -> None:
    old = (subscription := await subscribe(grid))["secret"]
    path = f"/event-subscriptions/{subscription['id']}"
    new = (await grid.post(path, {"action": "rotate_secret"}, 200))["secret"]
    await grid.case()
    await settled(grid, until)
    assert signed_by(sink.requests[0], old)
    assert signed_by(sink.requests[0], new)
    clock.forward(hours=24)
    grid = await grid.login("demo", "demo-client", "demo-secret")
    await grid.case()
    await settled(grid, until)
    assert signed_by(sink.requests[1], new)
    assert not signed_by(sink.requests[1], old)


async def test_a_disabled_subscription_gets_nothing(
    grid: "Grid", sink: "Sink", until: "Until"
) -> None:
    subscription = await subscribe(grid)
    path = f"/event-subscriptions/{subscription['id']}"
    assert (await grid.post(path, {"action": "disable"}, 200))["status"] == "disabled"
    await grid.case()
    assert (await grid.post(path, {"action": "enable"}, 200))["status"] == "enabled"
    second = await grid.case()
    await settled(grid, until)
    assert [json.loads(one.content)["data"]["id"] for one in sink.requests] == [second["id"]]


async def test_the_test_action_delivers_once_and_says_how_it_went(
    grid: "Grid", sink: "Sink"
) -> None:
    subscription = await subscribe(grid)
    path = f"/event-subscriptions/{subscription['id']}"
    good = await grid.post(path, {"action": "test"}, 200)
    assert (good["delivered"], good["status_code"]) == (True, 204)
    assert signed_by(sink.requests[0], subscription["secret"])
    assert sink.requests[0].headers["webhook-id"] == good["event_id"]
    sink.answers = [401]
    bad = await grid.post(path, {"action": "test"}, 200)
    assert (bad["delivered"], bad["status_code"]) == (False, 401)
    assert await grid.events() == []


async def test_a_patched_subscription_goes_to_the_new_address(
    grid: "Grid", sink: "Sink", until: "Until"
) -> None:
    subscription = await subscribe(grid)
    path = f"/event-subscriptions/{subscription['id']}"
    change = {"url": "http://elsewhere.test/x", "event_types": ["case.updated"]}
    assert (await grid.call("PATCH", path, json=change)).status_code == 428
    patched = await grid.call("PATCH", path, json=change, headers={"If-Match": '"1"'})
    assert patched.json()["version"] == 2
    await grid.case()
    await settled(grid, until)
    assert str(sink.requests[0].url) == "http://elsewhere.test/x"


async def test_a_deleted_subscription_stops_its_retries(
    grid: "Grid", sink: "Sink", until: "Until"
) -> None:
    await grid.control("PUT", "/webhooks", {"retry_schedule_s": [0.05]})
    subscription = await subscribe(grid)
    sink.answers = [500]
    await grid.case()

    async def tried() -> bool:
        return len(sink.requests) == 1

    await until(tried)
    path = f"/event-subscriptions/{subscription['id']}"
    assert (await grid.call("DELETE", path)).status_code == 204
    assert (await grid.call("GET", path)).status_code == 404
    await asyncio.sleep(0.1)
    assert len(sink.requests) == 1
    (delivery,) = await settled(grid, until)
    assert delivery["status"] == "cancelled"


async def test_each_tenant_hears_only_of_its_own(
    grid: "Grid", sink: "Sink", until: "Until"
) -> None:
    await grid.control("POST", "/tenants", {"id": "other", "clients": {"c": "s"}})
    other = await grid.login("other", "c", "s")
    await subscribe(other)
    await grid.case()
    assert await settled(grid, until) == []
    assert sink.requests == []
