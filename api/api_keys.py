"""API keys: made once, shown once, revoked for good."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path
from pydantic import AwareDatetime, Field

from api.access import Admin
from api.errors import INVALID, NOT_FOUND, documented
from api.pages import Deps, Input, Output
from persistence.repositories import api_keys
from persistence.repositories.api_keys import ApiScope

router = APIRouter(prefix="/api-keys", tags=["administration"])


class KeyIn(Input):
    """`name` is the actor in timelines: `operator:{name}`. A scope includes those before it: read, operate, admin."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,79}$")
    scopes: list[ApiScope] = Field(min_length=1, max_length=3)
    expires_at: AwareDatetime | None = None


class KeyOut(Output):
    """Without the key: only its HMAC is kept."""

    id: str
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class NewKey(KeyOut):
    key: str = Field(description="Shown this once.")


_EXAMPLE: dict[str, Any] = {"name": "helpdesk", "scopes": ["operate"]}


@router.get("", summary="List API keys")
async def list_keys(services: Deps, _: Admin) -> list[KeyOut]:
    async with services.database.read() as session:
        return [KeyOut.model_validate(row) for row in await api_keys.list_all(session)]


@router.post("", summary="Make an API key", status_code=201, responses=documented(INVALID))
async def create_key(
    body: Annotated[KeyIn, Body(examples=[_EXAMPLE])], services: Deps, _: Admin
) -> NewKey:
    """The answer holds the key; it can't be had again."""
    async with services.database.begin() as session:
        row, secret = await api_keys.create(
            session,
            services.peppers[0],
            name=body.name,
            scopes=body.scopes,
            now=services.now(),
            expires_at=body.expires_at,
        )
    return NewKey(**KeyOut.model_validate(row).model_dump(), key=secret.get_secret_value())


@router.delete("/{key}", summary="Revoke an API key", responses=documented(NOT_FOUND))
async def revoke_key(
    key: Annotated[str, Path(max_length=64, description="Its id.")], services: Deps, _: Admin
) -> KeyOut:
    """For good, and at once: sessions that stand for it end too."""
    async with services.database.begin() as session:
        row = await api_keys.revoke(session, key, services.now())
    return KeyOut.model_validate(row)
