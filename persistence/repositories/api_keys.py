"""API keys: ``gck_<prefix>_<secret>``, shown once.

Kept is HMAC-SHA-256 of the key under a pepper from the settings. The secret is 256 random bits, so
there is nothing to guess and a slow password hash would only slow each request; the pepper makes a
copied table useless for adding a key of one's own. A changed pepper invalidates all keys.
"""

import hashlib
import hmac
import re
import secrets
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal, get_args

from pydantic import SecretStr
from sqlalchemy import or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from persistence.errors import BadValueError
from persistence.statements import lock, require
from persistence.tables import ApiKey

ApiScope = Literal["read", "operate", "admin"]

_TOKEN = re.compile(r"gck_([a-z2-7]{10})_([A-Za-z0-9_-]{43})")
_PREFIX_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_TOUCH_EVERY = timedelta(minutes=1)
_MIN_PEPPER_BYTES = 16


async def create(
    session: AsyncSession,
    pepper: bytes,
    *,
    name: str,
    scopes: Collection[ApiScope],
    now: datetime,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, SecretStr]:
    """Make a key; the second value is the whole key, which can't be had again.

    Raises `BadValueError` for no or unknown scopes, an end in the past, or too short a pepper.
    """
    unknown = sorted(set(scopes) - set(get_args(ApiScope)))
    if unknown or not scopes:
        raise BadValueError(f"scopes must be some of {get_args(ApiScope)}, not {list(scopes)}")
    if expires_at is not None and expires_at <= now:
        raise BadValueError("expires_at is in the past")
    prefix = "".join(secrets.choice(_PREFIX_ALPHABET) for _ in range(10))
    token = f"gck_{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey(
        id=str(uuid.uuid4()),
        name=name,
        prefix=prefix,
        hash=_hash(pepper, token),
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=expires_at,
    )
    session.add(key)
    await session.flush()
    return key, SecretStr(token)


async def verify(
    session: AsyncSession, pepper: bytes, token: str | SecretStr, now: datetime
) -> ApiKey | None:
    """Find the key this is, or None: unknown, wrong, revoked or expired.

    Only reads, so that a request needs no write: see `touch`. The secret is compared in constant
    time; that a prefix exists is no secret.
    """
    clear = token.get_secret_value() if isinstance(token, SecretStr) else token
    match = _TOKEN.fullmatch(clear)
    if match is None:
        return None
    key = (await session.exec(select(ApiKey).where(ApiKey.prefix == match[1]))).one_or_none()
    if key is None or not hmac.compare_digest(key.hash, _hash(pepper, clear)):
        return None
    if key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now):
        return None
    return key


def needs_touch(key: ApiKey, now: datetime) -> bool:
    """Whether `touch` would write."""
    return key.last_used_at is None or key.last_used_at <= now - _TOUCH_EVERY


async def touch(session: AsyncSession, key_id: str, now: datetime) -> bool:
    """Note that the key was used, at most once a minute; whether it was written."""
    last_used_at = col(ApiKey.last_used_at)
    statement = (
        update(ApiKey)
        .where(
            col(ApiKey.id) == key_id,
            or_(last_used_at.is_(None), last_used_at <= now - _TOUCH_EVERY),
        )
        .values(last_used_at=now)
        .execution_options(synchronize_session=False)
    )
    return (await session.exec(statement)).rowcount == 1


async def get(session: AsyncSession, key_id: str) -> ApiKey:
    """Get a key's row; raises `NotFoundError`."""
    return await require(session, ApiKey, key_id, "API key")


async def revoke(session: AsyncSession, key_id: str, now: datetime) -> ApiKey:
    """Revoke a key for good; the first time stands. Raises `NotFoundError`."""
    key = await lock(session, ApiKey, key_id, "API key")
    key.revoked_at = key.revoked_at or now
    await session.flush()
    return key


async def list_all(session: AsyncSession) -> list[ApiKey]:
    """List all keys, revoked ones too, newest first."""
    statement = select(ApiKey).order_by(col(ApiKey.created_at).desc(), col(ApiKey.id))
    return list((await session.exec(statement)).all())


def _hash(pepper: bytes, token: str) -> str:
    if len(pepper) < _MIN_PEPPER_BYTES:
        raise BadValueError(f"the pepper of API keys needs at least {_MIN_PEPPER_BYTES} bytes")
    return hmac.new(pepper, token.encode(), hashlib.sha256).hexdigest()
