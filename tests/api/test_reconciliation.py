"""How far all is reconciled, and "sync this now"."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from api.services import Services
from intake.dispatch import Settled
from persistence.repositories import inbound_events, tenants, watermarks
from persistence.tables import InboundEvent

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


async def sync(api: Any, kind: str, id_: str, shop: str = "acme", scope: str = "operate") -> Any:
    body = {"shop": shop, "kind": kind, "id": id_}
    return await api.by(scope, "POST", "/reconciliation/sync", json=body)


async def kept(services: Services) -> list[InboundEvent]:
    async with services.database.read() as session:
        page = await inbound_events.page(session)
        return [await inbound_events.get(session, row.id) for row in page.items]


@pytest.fixture
def settles(network: Services, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """How every event is settled; for a test to say."""
    how: dict[str, Any] = {"status": "dispatched", "reason": None, "case_ids": ()}

    async def dispatch(event_id: int) -> Settled:
        async with network.database.begin() as session:
            await inbound_events.settle(session, event_id, now=NOON, **how)
        return Settled(how["status"])

    monkeypatch.setattr(network.dispatcher, "dispatch", dispatch)
    return how


async def test_every_watermark_is_shown_with_its_last_run(api: Any, network: Services) -> None:
    async with network.database.begin() as session:
        await watermarks.note_run(session, "shopify", "acme", "orders", NOON)
        await watermarks.move(session, "shopify", "acme", "orders", NOON, found=3)
        await watermarks.note_run(session, "trading_grid", "north", "events", NOON)
        await watermarks.note_error(session, "trading_grid", "north", "events", "No answer.")
    answer = await api.by("read", "GET", "/reconciliation")
    orders, feed = answer.json()["items"]
    assert orders == {
        "source": "shopify",
        "scope": "acme",
        "object": "orders",
        "seen_until": "2026-11-02T12:00:00Z",
        "last_run_at": "2026-11-02T12:00:00Z",
        "last_found": 3,
        "found": 3,
        "error": None,
    }
    assert (feed["scope"], feed["seen_until"], feed["error"]) == ("north", None, "No answer.")


async def test_a_shop_is_shown_with_the_feed_of_its_tenant_alone(
    api: Any, network: Services
) -> None:
    async with network.database.begin() as session:
        for source, scope in (
            ("shopify", "acme"),
            ("shopify", "north"),
            ("trading_grid", "north"),
            ("trading_grid", "south"),
        ):
            await watermarks.note_run(session, source, scope, "x", NOON)  # type: ignore[arg-type]
    answer = await api.by("read", "GET", "/reconciliation?shop=acme")
    found = [(one["source"], one["scope"]) for one in answer.json()["items"]]
    assert found == [("shopify", "acme"), ("trading_grid", "north")]
    assert (await api.by("read", "GET", "/reconciliation?shop=nobody")).status_code == 404


@pytest.mark.parametrize(
    ("kind", "id_", "scope", "body"),
    [
        ("order", "gid://shopify/Order/1", "acme", {"order_id": "1"}),
        ("return", "2", "acme", {"return_id": "2"}),
        ("dispute", "3", "acme", {"dispute_id": "3"}),
        ("partner", "p-1", "north", {"data": {"id": "p-1"}}),
    ],
)
async def test_what_is_synced_goes_the_way_of_an_event(
    api: Any,
    network: Services,
    settles: dict[str, Any],
    kind: str,
    id_: str,
    scope: str,
    body: dict[str, Any],
) -> None:
    answer = await sync(api, kind, id_)
    assert answer.status_code == 200, answer.text
    (row,) = await kept(network)
    assert (row.source, row.scope, row.topic) == ("gridcase", scope, f"sync/{kind}")
    assert json.loads(row.body or b"") == body
    assert answer.json() == {
        "event_id": row.id,
        "status": "dispatched",
        "reason": "",
        "case_ids": [],
    }
    assert (await sync(api, kind, id_)).status_code == 200
    assert len(await kept(network)) == 2


async def test_what_it_came_to_is_said(
    api: Any, network: Services, settles: dict[str, Any]
) -> None:
    settles |= {"status": "ignored", "reason": "Nothing of the order is an exception."}
    ignored = await sync(api, "order", "1")
    assert (ignored.status_code, ignored.json()["status"]) == (200, "ignored")
    assert ignored.json()["reason"] == "Nothing of the order is an exception."
    settles |= {"status": "failed", "reason": "The shop has no return 1."}
    failed = await sync(api, "return", "1")
    assert failed.status_code == 409
    assert failed.json()["type"] == "urn:gridcase:problem:refused-outside"
    assert failed.json()["detail"] == "The shop has no return 1."


async def test_what_can_not_be_reached_is_kept_and_synced_later(
    api: Any, network: Services
) -> None:
    answer = await sync(api, "order", "1")
    assert answer.status_code == 202, answer.text
    event = await api.by("read", "GET", answer.headers["location"])
    assert event.json()["status"] == answer.json()["status"] == "received"
    assert answer.json()["reason"]


async def test_a_partner_is_read_again_and_the_feed_of_its_tenant_is_read_on(
    api: Any, network: Services
) -> None:
    answer = await sync(api, "partner", "p-1")
    (row,) = await kept(network)
    assert answer.status_code == 202, answer.text  # nothing outside answers here
    assert row.status == "received"
    await network.background.drain(5)
    shown = await api.by("read", "GET", "/reconciliation?shop=acme")
    (feed,) = shown.json()["items"]
    assert (feed["source"], feed["scope"], feed["object"]) == ("trading_grid", "north", "events")
    assert feed["last_run_at"] is not None


async def test_only_a_partner_has_the_feed_read(api: Any, network: Services) -> None:
    await sync(api, "order", "1")
    await network.background.drain(5)
    assert (await api.by("read", "GET", "/reconciliation")).json()["items"] == []


@pytest.mark.parametrize(
    ("kind", "id_", "field"),
    [
        ("order", "#1001", "body.id"),
        ("order", "", "body.id"),
        ("return", "gid://shopify/Return/x", "body.id"),
        ("shipment", "1", "body.kind"),
    ],
)
async def test_a_bad_sync_is_refused_with_its_field(
    api: Any, network: Services, kind: str, id_: str, field: str
) -> None:
    answer = await sync(api, kind, id_)
    assert answer.status_code == 422
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert await kept(network) == []


async def test_unknown_shops_and_partners_are_404(api: Any, network: Services) -> None:
    async with network.database.begin() as session:
        await tenants.create(
            session,
            network.box,
            id="south",
            name="South",
            base_url="https://tg.example/v1",
            token_url="https://tg.example/token",
            client_id="client",
            client_secret="tenant secret",
            webhook_secrets=[],
        )
    assert (await sync(api, "order", "1", shop="nobody")).status_code == 404
    assert (await sync(api, "partner", "p-3")).status_code == 404
    assert await kept(network) == []


async def test_seeing_needs_read_and_syncing_needs_operate(api: Any, network: Services) -> None:
    assert (await api.get("/reconciliation")).status_code == 401
    assert (await sync(api, "order", "1", scope="read")).status_code == 403
