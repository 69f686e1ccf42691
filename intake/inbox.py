"""The first step of every event: verify the signature over the raw bytes, then one insert that decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from clients.shopify.verify import InvalidHeader, read_headers, verify_signature
from clients.trading_grid.verify import verify_webhook
from persistence.encryption import SecretBox
from persistence.repositories import inbound_events, shops, tenants
from persistence.session import Database

_KEPT_HEADERS = (
    "x-shopify-topic",
    "x-shopify-shop-domain",
    "x-shopify-webhook-id",
    "x-shopify-event-id",
    "x-shopify-triggered-at",
    "x-shopify-api-version",
)


class UnknownSource(Exception):
    """A webhook for a shop or tenant that is not known here."""


@dataclass(frozen=True)
class Received:
    """An event in the inbox; `created` is false for a delivery that was already there."""

    event_id: int
    created: bool


async def receive_shopify(
    database: Database,
    box: SecretBox,
    *,
    body: bytes,
    headers: Mapping[str, str],
    now: datetime,
) -> Received:
    """Take a webhook of Shopify's.

    The shop is found by a header, which proves nothing: it only says whose secret to verify with. What the event is about
    is read from Shopify by dispatch.

    Raises:
        UnknownSource: the shop is not known.
        InvalidSignature, InvalidHeader: of `clients.shopify.verify`.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    domain = lower.get("x-shopify-shop-domain") or lower.get("shopify-shop-domain")
    if not domain:
        raise InvalidHeader("X-Shopify-Shop-Domain", "missing")
    async with database.read() as session:
        shop = await shops.find_by_domain(session, domain)
    if shop is None:
        raise UnknownSource(f"The shop {domain[:100]!r} is not known here.")
    secrets = [secret.get_secret_value() for secret in shops.webhook_secrets(box, shop)]
    verify_signature(body, headers, secrets)
    said = read_headers(headers)
    # Kept under today's names, whichever spelling they came in.
    named = {name if name.startswith("x-") else f"x-{name}": value for name, value in lower.items()}
    kept = {name: named[name] for name in _KEPT_HEADERS if name in named}
    async with database.begin() as session:
        event, created = await inbound_events.insert(
            session,
            source="shopify",
            scope=shop.id,
            topic=said.topic,
            delivery_id=said.webhook_id,
            body=body,
            headers=kept,
            now=now,
        )
    return Received(event.id, created)


async def receive_trading_grid(
    database: Database,
    box: SecretBox,
    tenant_id: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    now: datetime,
) -> Received:
    """Take a webhook of Trading Grid's for this tenant.

    Raises:
        UnknownSource: the tenant is not known.
        WebhookError: of `clients.trading_grid.verify`.
    """
    async with database.read() as session:
        tenant = await tenants.find(session, tenant_id)
    if tenant is None:
        raise UnknownSource(f"The tenant {tenant_id[:100]!r} is not known here.")
    secrets = [secret.get_secret_value() for secret in tenants.webhook_secrets(box, tenant)]
    event = verify_webhook(body, headers, secrets).event
    async with database.begin() as session:
        row, created = await inbound_events.insert(
            session,
            source="trading_grid",
            scope=tenant.id,
            topic=event.type,
            delivery_id=event.id,
            body=body,
            headers={},
            now=now,
        )
    return Received(row.id, created)


async def receive_own(
    database: Database, *, scope: str, topic: str, delivery_id: str, body: bytes, now: datetime
) -> Received:
    """Take an event of our own: an operator's request, or what reconciliation found. Same inbox, same way."""
    async with database.begin() as session:
        row, created = await inbound_events.insert(
            session,
            source="gridcase",
            scope=scope,
            topic=topic,
            delivery_id=delivery_id,
            body=body,
            headers={},
            now=now,
        )
    return Received(row.id, created)
