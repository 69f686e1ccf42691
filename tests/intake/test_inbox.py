"""What is taken in, what is turned away, and that nothing is taken twice."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook

from clients.shopify.verify import InvalidHeader, InvalidSignature
from clients.trading_grid.verify import (
    WebhookForged,
    WebhookOutOfTime,
    WebhookSecretUnusable,
    WebhookUnreadable,
    WebhookUnsigned,
)
from intake.inbox import Received, UnknownSource, receive_own, receive_shopify, receive_trading_grid
from persistence.repositories import inbound_events, shops, tenants
from persistence.tables import InboundEvent
from tests.intake.conftest import World

BODY = json.dumps({"id": 7894, "admin_graphql_api_id": "gid://shopify/Return/7894"}).encode()
SECRET = "demo-client-secret"
NOW = datetime.now(UTC)


def signed(body: bytes = BODY, secret: str = SECRET, **changed: str) -> dict[str, str]:
    """Shopify's headers; `changed` by their names without prefix."""
    digest = hmac.digest(secret.encode(), body, hashlib.sha256)
    values = {
        "topic": "returns/request",
        "shop_domain": "acme.myshopify.com",
        "webhook_id": "delivery-1",
        "event_id": "event-1",
        "triggered_at": "2026-11-02T08:15:30.123456789Z",
        "api_version": "2026-10",
        "hmac_sha256": base64.b64encode(digest).decode(),
    } | changed
    return {
        "X-Shopify-" + "-".join(part.capitalize() for part in name.split("_")): value
        for name, value in values.items()
        if value
    }


def without(headers: dict[str, str], name: str) -> dict[str, str]:
    wanted = name.replace("_", "-")
    return {key: value for key, value in headers.items() if not key.lower().endswith(wanted)}


async def take(world: World, headers: dict[str, str], body: bytes = BODY) -> Received:
    return await receive_shopify(world.database, world.box, body=body, headers=headers, now=NOW)


async def rows(world: World) -> list[InboundEvent]:
    async with world.database.read() as session:
        return (await inbound_events.page(session)).items


async def test_a_signed_webhook_of_shopify_is_kept_as_it_came(world: World) -> None:
    received = await take(world, signed())
    assert received.created
    [row] = await rows(world)
    assert (row.id, row.source, row.scope, row.topic) == (
        received.event_id,
        "shopify",
        "acme",
        "returns/request",
    )
    assert (row.delivery_id, row.body, row.status) == ("delivery-1", BODY, "received")
    assert row.headers["x-shopify-event-id"] == "event-1"
    assert "x-shopify-hmac-sha256" not in row.headers


async def test_a_signature_with_another_secret_is_refused(world: World) -> None:
    with pytest.raises(InvalidSignature):
        await take(world, signed(secret="somebody-elses"))
    assert await rows(world) == []


async def test_a_signature_over_another_body_is_refused(world: World) -> None:
    with pytest.raises(InvalidSignature):
        await take(world, signed(), body=BODY + b" ")
    assert await rows(world) == []


async def test_a_webhook_without_a_signature_is_refused(world: World) -> None:
    with pytest.raises(InvalidHeader, match="Hmac-Sha256 is missing"):
        await take(world, signed(hmac_sha256=""))
    assert await rows(world) == []


@pytest.mark.parametrize("name", ["topic", "webhook_id", "shop_domain", "triggered_at"])
async def test_a_signed_webhook_without_what_places_it_is_refused(world: World, name: str) -> None:
    with pytest.raises(InvalidHeader, match="missing"):
        await take(world, without(signed(), name))
    assert await rows(world) == []


async def test_both_secrets_verify_while_the_apps_secret_is_rotated(world: World) -> None:
    async with world.database.begin() as session:
        shop = await shops.get(session, "acme")
        await shops.update(
            session,
            world.box,
            "acme",
            version=shop.version,
            changes={"client_secret": "the-new-secret"},
        )
    assert (await take(world, signed(webhook_id="old"))).created
    assert (await take(world, signed(secret="the-new-secret", webhook_id="new"))).created
    async with world.database.begin() as session:
        await shops.drop_previous_client_secret(session, "acme", NOW)
    with pytest.raises(InvalidSignature):
        await take(world, signed(webhook_id="late"))
    assert (await take(world, signed(secret="the-new-secret", webhook_id="newer"))).created


async def test_a_webhook_of_an_unknown_shop_is_turned_away(world: World) -> None:
    with pytest.raises(UnknownSource, match="stranger"):
        await take(world, signed(shop_domain="stranger.myshopify.com"))
    assert await rows(world) == []


async def test_the_same_delivery_twice_is_one_row(world: World) -> None:
    first = await take(world, signed())
    second = await take(world, signed())
    assert (second.event_id, second.created) == (first.event_id, False)
    assert len(await rows(world)) == 1


async def test_the_same_body_under_another_delivery_id_is_another_row(world: World) -> None:
    first = await take(world, signed())
    second = await take(world, signed(webhook_id="delivery-2"))
    assert second.created
    assert second.event_id != first.event_id


async def test_one_delivery_id_of_two_topics_is_two_rows(world: World) -> None:
    await take(world, signed())
    assert (await take(world, signed(topic="returns/approve"))).created


async def test_the_next_spelling_of_the_headers_is_read_too(world: World) -> None:
    headers = {name.replace("X-Shopify-", "shopify-"): value for name, value in signed().items()}
    assert (await take(world, headers)).created
    [row] = await rows(world)
    assert row.headers["x-shopify-event-id"] == "event-1"


# Trading Grid.

KEYS = ["whsec_" + base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2, 3)]
EVENT = json.dumps(
    {
        "type": "case.answered",
        "timestamp": "2026-11-02T08:15:30Z",
        "data": {"id": "case-88", "partner_id": "north", "version": 3},
    }
).encode()


def sealed(body: bytes = EVENT, key: str = KEYS[0], at: datetime | None = None) -> dict[str, str]:
    at = at or datetime.now(UTC)
    return {
        "webhook-id": "evt-1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(key).sign("evt-1", at, body.decode()),
    }


async def with_keys(world: World, *keys: str) -> None:
    async with world.database.begin() as session:
        for key in keys:
            await tenants.add_webhook_secret(session, world.box, "demo", key)


async def take_grid(
    world: World, headers: dict[str, str], body: bytes = EVENT, tenant: str = "demo"
) -> Received:
    return await receive_trading_grid(
        world.database, world.box, tenant, body=body, headers=headers, now=NOW
    )


async def test_a_signed_webhook_of_trading_grid_is_kept_once(world: World) -> None:
    await with_keys(world, KEYS[0])
    first = await take_grid(world, sealed())
    again = await take_grid(world, sealed())
    assert first.created
    assert (again.event_id, again.created) == (first.event_id, False)
    [row] = await rows(world)
    assert (row.source, row.scope, row.topic, row.delivery_id, row.body) == (
        "trading_grid",
        "demo",
        "case.answered",
        "evt-1",
        EVENT,
    )


async def test_either_of_trading_grids_secrets_verifies_during_a_rotation(world: World) -> None:
    await with_keys(world, KEYS[0], KEYS[1])
    assert (await take_grid(world, sealed(key=KEYS[0]))).created
    assert not (await take_grid(world, sealed(key=KEYS[1]))).created
    await with_keys(world, KEYS[2])
    with pytest.raises(WebhookForged):
        await take_grid(world, sealed(key=KEYS[0]))


@pytest.mark.parametrize(
    ("headers", "error"),
    [
        (lambda: sealed(key=KEYS[1]), WebhookForged),
        (lambda: sealed(EVENT + b" "), WebhookForged),
        (lambda: without(sealed(), "webhook-signature"), WebhookUnsigned),
        (lambda: without(sealed(), "webhook-id"), WebhookUnsigned),
        (lambda: sealed() | {"webhook-id": "evt-2"}, WebhookForged),
        (lambda: sealed(at=datetime(2026, 1, 1, tzinfo=UTC)), WebhookOutOfTime),
    ],
    ids=["other secret", "other body", "no signature", "no id", "other id", "long ago"],
)
async def test_what_trading_grid_did_not_sign_is_refused(
    world: World, headers: Any, error: type[Exception]
) -> None:
    await with_keys(world, KEYS[0])
    with pytest.raises(error):
        await take_grid(world, headers())
    assert await rows(world) == []


async def test_a_signed_body_that_is_no_event_is_refused(world: World) -> None:
    await with_keys(world, KEYS[0])
    for body in (b"not json", b"{}", b'{"type": "case.updated", "data": {}}'):
        with pytest.raises(WebhookUnreadable):
            await take_grid(world, sealed(body), body=body)
    assert await rows(world) == []


async def test_a_tenant_without_a_secret_takes_nothing(world: World) -> None:
    with pytest.raises(WebhookSecretUnusable):
        await take_grid(world, sealed())


async def test_a_webhook_for_an_unknown_tenant_is_turned_away(world: World) -> None:
    with pytest.raises(UnknownSource, match="nobody"):
        await take_grid(world, sealed(), tenant="nobody")


async def test_an_own_request_goes_the_same_way_and_is_kept_once(world: World) -> None:
    async def ask() -> Received:
        return await receive_own(
            world.database,
            scope="acme",
            topic="claims/create",
            delivery_id="request-1",
            body=b"{}",
            now=NOW,
        )

    first, again = await ask(), await ask()
    assert first.created
    assert (again.event_id, again.created) == (first.event_id, False)
    [row] = await rows(world)
    assert (row.source, row.scope, row.topic) == ("gridcase", "acme", "claims/create")
