"""Who may call the API, and what was answered to a request that must not be done twice."""

from datetime import datetime
from typing import Any

from sqlmodel import Field

from persistence.base import Json, Table, UtcDateTime


class ApiKey(Table, table=True):
    """A key to the API. Its secret is shown once and kept only as an HMAC."""

    __tablename__ = "api_keys"

    id: str = Field(primary_key=True)
    name: str
    prefix: str = Field(unique=True, description="public part, finds the row")
    hash: str = Field(repr=False)
    scopes: list[str] = Field(sa_type=Json)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_used_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, description="written at most once a minute"
    )
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class IdempotencyKey(Table, table=True):
    """The first request under a key of an actor, and its answer once there is one."""

    __tablename__ = "idempotency_keys"

    actor: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    route: str
    body_sha256: str
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
    running_until: datetime | None = Field(
        default=None, sa_type=UtcDateTime, description="null once finished"
    )
    status_code: int | None = None
    response: Any = Field(default=None, sa_type=Json, nullable=True)
