"""Shops: where our app is installed."""

import re
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
from persistence.tables import Shop

EDITABLE = frozenset({"name", "admin_base", "api_version", "client_id"})

_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")


async def create(
    session: AsyncSession,
    box: SecretBox,
    *,
    id: str,
    domain: str,
    tenant_id: str,
    name: str,
    api_version: str,
    client_id: str,
    client_secret: str | SecretStr,
    access_token: str | SecretStr | None = None,
    admin_base: str | None = None,
) -> Shop:
    """Add a shop. Raises `BadValueError` (handle, domain), `AlreadyExistsError` (either taken)."""
    if _DOMAIN.fullmatch(domain) is None:
        raise BadValueError(f"shop domain {domain!r} is not <name>.myshopify.com in lower case")
    shop = Shop(
        id=check_slug("shop", id),
        domain=domain,
        tenant_id=tenant_id,
        name=name,
        admin_base=admin_base,
        api_version=api_version,
        client_id=client_id,
        client_secret="",
    )
    seal_into(box, shop, "client_secret", client_secret)
    seal_into(box, shop, "access_token", access_token)
    created = await insert_new(session, shop)
    if created is None:
        raise AlreadyExistsError("shop", f"{id} or {domain}")
    return created


async def get(session: AsyncSession, shop_id: str) -> Shop:
    """Get a shop by handle; raises `NotFoundError`."""
    return await require(session, Shop, shop_id, "shop")


async def find(session: AsyncSession, shop_id: str) -> Shop | None:
    """Get a shop by handle, or None."""
    return await session.get(Shop, shop_id)


async def find_by_domain(session: AsyncSession, domain: str) -> Shop | None:
    """Get the shop with this domain, in any case of letters, or None."""
    return (await session.exec(select(Shop).where(Shop.domain == domain.lower()))).one_or_none()


async def list_all(session: AsyncSession, *, tenant_id: str | None = None) -> list[Shop]:
    """List shops by handle."""
    statement = select(Shop).order_by(col(Shop.id))
    if tenant_id is not None:
        statement = statement.where(Shop.tenant_id == tenant_id)
    return list((await session.exec(statement)).all())


async def update(
    session: AsyncSession, box: SecretBox, shop_id: str, *, version: int, changes: Mapping[str, Any]
) -> Shop:
    """Edit the fields of `EDITABLE`, and `client_secret` and `access_token` given in clear.

    A new client secret keeps the one before as `previous_client_secret`, until
    `drop_previous_client_secret`. Raises `NotFoundError`, `StaleVersionError`, `BadValueError`.
    """
    plain = dict(changes)
    secrets = {name: plain.pop(name) for name in ("client_secret", "access_token") if name in plain}
    if "client_secret" in secrets and not secrets["client_secret"]:
        raise BadValueError("shop: client_secret must not be empty")
    shop = await edit(
        session, Shop, shop_id, what="shop", version=version, changes=plain, editable=EDITABLE
    )
    if "client_secret" in secrets:
        seal_into(box, shop, "previous_client_secret", client_secret(box, shop))
    for column, secret in secrets.items():
        seal_into(box, shop, column, secret)
    await session.flush()
    return shop


async def drop_previous_client_secret(session: AsyncSession, shop_id: str, now: datetime) -> Shop:
    """End a rotation: only the current client secret verifies webhooks from now on."""
    shop = await lock(session, Shop, shop_id, "shop")
    shop.previous_client_secret = None
    shop.updated_at = now
    await session.flush()
    return shop


async def set_access_token(
    session: AsyncSession, box: SecretBox, shop_id: str, token: str | SecretStr | None
) -> Shop:
    """Store the token that connecting obtained; None forgets it."""
    shop = await lock(session, Shop, shop_id, "shop")
    seal_into(box, shop, "access_token", token)
    await session.flush()
    return shop


async def note_connect(
    session: AsyncSession,
    shop_id: str,
    *,
    now: datetime,
    report: JsonObject,
    connected: bool,
    scopes: Sequence[str] | None = None,
    currency: str | None = None,
    time_zone: str | None = None,
) -> Shop:
    """Note a run of connect: its report, and what it learned. None leaves what is known.

    `connected_at` is of the first success since the app was installed: watermarks start there.
    """
    shop = await lock(session, Shop, shop_id, "shop")
    shop.last_connect = report
    if scopes is not None:
        shop.scopes = list(scopes)
    shop.currency = currency or shop.currency
    shop.time_zone = time_zone or shop.time_zone
    if connected:
        if shop.status != "connected":
            shop.connected_at = now
        shop.status = "connected"
    shop.updated_at = now
    await session.flush()
    return shop


async def note_uninstalled(session: AsyncSession, shop_id: str, now: datetime) -> Shop:
    """Note that the merchant removed the app: Shopify has revoked the token, so it is dropped."""
    shop = await lock(session, Shop, shop_id, "shop")
    shop.status = "uninstalled"
    shop.access_token = None
    shop.updated_at = now
    await session.flush()
    return shop


async def note_redacted(session: AsyncSession, shop_id: str, now: datetime) -> Shop:
    """Note that `shop/redact` was carried out."""
    shop = await lock(session, Shop, shop_id, "shop")
    shop.redacted_at = now
    shop.updated_at = now
    await session.flush()
    return shop


def client_secret(box: SecretBox, shop: Shop) -> SecretStr:
    """Open the app's client secret."""
    secret = open_from(box, shop, "client_secret")
    assert secret is not None, "the column is NOT NULL"
    return secret


def webhook_secrets(box: SecretBox, shop: Shop) -> list[SecretStr]:
    """Open the secrets that webhooks may be signed with: the current, and the one before it."""
    previous = open_from(box, shop, "previous_client_secret")
    return [client_secret(box, shop), *([previous] if previous else [])]


def access_token(box: SecretBox, shop: Shop) -> SecretStr | None:
    """Open the Admin API's access token; None before connecting."""
    return open_from(box, shop, "access_token")
