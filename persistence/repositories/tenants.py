"""Tenants: a company's account in Trading Grid."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import SecretStr
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from persistence.base import JsonObject
from persistence.encryption import SecretBox
from persistence.errors import AlreadyExistsError, BadValueError
from persistence.sealed import open_from, seal_into
from persistence.statements import check_slug, edit, insert_new, lock, require
from persistence.tables import Tenant

EDITABLE = frozenset({"name", "base_url", "token_url", "client_id", "paths", "status"})
WEBHOOK_SECRETS_KEPT = 2
"""The newest and the one before: the sender signs with both while a rotation lasts."""


async def create(
    session: AsyncSession,
    box: SecretBox,
    *,
    id: str,
    name: str,
    base_url: str,
    token_url: str,
    client_id: str,
    client_secret: str | SecretStr,
    webhook_secrets: Sequence[str] = (),
    paths: JsonObject | None = None,
) -> Tenant:
    """Add a tenant. Raises `BadValueError` for a bad handle, `AlreadyExistsError`."""
    tenant = Tenant(
        id=check_slug("tenant", id),
        name=name,
        base_url=base_url,
        token_url=token_url,
        client_id=client_id,
        client_secret="",
        paths=paths or {},
    )
    seal_into(box, tenant, "client_secret", client_secret)
    _seal_webhook_secrets(box, tenant, webhook_secrets)
    created = await insert_new(session, tenant)
    if created is None:
        raise AlreadyExistsError("tenant", id)
    return created


async def get(session: AsyncSession, tenant_id: str) -> Tenant:
    """Get a tenant; raises `NotFoundError`."""
    return await require(session, Tenant, tenant_id, "tenant")


async def find(session: AsyncSession, tenant_id: str) -> Tenant | None:
    """Get a tenant, or None."""
    return await session.get(Tenant, tenant_id)


async def list_all(session: AsyncSession) -> list[Tenant]:
    """List all tenants by handle."""
    return list((await session.exec(select(Tenant).order_by(col(Tenant.id)))).all())


async def update(
    session: AsyncSession,
    box: SecretBox,
    tenant_id: str,
    *,
    version: int,
    changes: Mapping[str, Any],
) -> Tenant:
    """Edit the fields of `EDITABLE`, and `client_secret` given in clear.

    Raises `NotFoundError`, `StaleVersionError`, `BadValueError`.
    """
    plain = dict(changes)
    secret = plain.pop("client_secret", None)
    if "client_secret" in changes and not secret:
        raise BadValueError("tenant: client_secret must not be empty")
    tenant = await edit(
        session, Tenant, tenant_id, what="tenant", version=version, changes=plain, editable=EDITABLE
    )
    if secret:
        seal_into(box, tenant, "client_secret", secret)
        await session.flush()
    return tenant


def client_secret(box: SecretBox, tenant: Tenant) -> SecretStr:
    """Open the OAuth2 client's secret."""
    secret = open_from(box, tenant, "client_secret")
    assert secret is not None, "the column is NOT NULL"
    return secret


def webhook_secrets(box: SecretBox, tenant: Tenant) -> list[SecretStr]:
    """Open the secrets that webhooks may be signed with, newest first; none before connecting."""
    opened = open_from(box, tenant, "webhook_secrets")
    if opened is None:
        return []
    return [SecretStr(secret) for secret in json.loads(opened.get_secret_value())]


async def add_webhook_secret(
    session: AsyncSession, box: SecretBox, tenant_id: str, secret: str | SecretStr
) -> Tenant:
    """Put a new webhook secret first; the one before stays valid. The same one again: no change."""
    tenant = await lock(session, Tenant, tenant_id, "tenant")
    clear = secret.get_secret_value() if isinstance(secret, SecretStr) else secret
    if not clear:
        raise BadValueError("tenant: a webhook secret must not be empty")
    known = [old.get_secret_value() for old in webhook_secrets(box, tenant)]
    if known[:1] != [clear]:
        kept = [clear, *(old for old in known if old != clear)][:WEBHOOK_SECRETS_KEPT]
        _seal_webhook_secrets(box, tenant, kept)
        await session.flush()
    return tenant


async def note_subscription(
    session: AsyncSession, tenant_id: str, subscription_id: str | None
) -> None:
    """Note the event subscription that connecting made; None when it is gone."""
    tenant = await lock(session, Tenant, tenant_id, "tenant")
    tenant.subscription_id = subscription_id
    await session.flush()


async def note_feed_position(
    session: AsyncSession, tenant_id: str, position: str, now: datetime
) -> None:
    """Note where the events feed was left."""
    tenant = await lock(session, Tenant, tenant_id, "tenant")
    tenant.feed_position = position
    tenant.updated_at = now
    await session.flush()


def _seal_webhook_secrets(box: SecretBox, tenant: Tenant, secrets: Sequence[str]) -> None:
    seal_into(box, tenant, "webhook_secrets", json.dumps(list(secrets)) if secrets else None)
