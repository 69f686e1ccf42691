"""The inbox: every event of either source, once, before anything is done about it."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from persistence.base import BigId, Json, JsonObject, Table, Timestamps, UtcDateTime, one_of

SOURCES = ("shopify", "trading_grid", "gridcase")
EVENT_STATUSES = ("received", "dispatched", "ignored", "parked", "failed")
UNSETTLED = text("status IN ('received', 'parked')")


class InboundEvent(Timestamps, table=True):
    """One delivery. The unique key decides what is a duplicate."""

    __tablename__ = "inbound_events"
    __table_args__ = (
        UniqueConstraint("source", "scope", "topic", "delivery_id"),
        # The sweep reads what is open; that is a handful of rows in a table of many.
        Index(
            "ix_inbound_events_unsettled",
            "received_at",
            "id",
            sqlite_where=UNSETTLED,
            postgresql_where=UNSETTLED,
        ),
        Index(None, "status", "id"),
        Index(None, "scope", "id"),
        Index("ix_inbound_events_same_body", "source", "scope", "topic", "body_sha256"),
        Index(None, "received_at"),
        one_of("source", SOURCES),
        one_of("status", EVENT_STATUSES),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigId)
    source: str
    scope: str = Field(description="shop id or tenant id")
    topic: str
    delivery_id: str
    body: bytes | None = Field(default=None, repr=False, description="null after 30 days")
    headers: JsonObject = Field(default_factory=dict, sa_type=Json)
    body_sha256: str
    received_at: datetime = Field(sa_type=UtcDateTime)
    status: str = "received"
    reason: str | None = None
    error: str | None = None
    attempts: int = 0
    next_attempt_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    case_ids: list[str] = Field(default_factory=list, sa_type=Json)
    dispatched_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class InboundEventCase(Table, table=True):
    """`InboundEvent.case_ids` once more, to ask by case with an index on both databases."""

    __tablename__ = "inbound_event_cases"

    event_id: int = Field(
        primary_key=True, foreign_key="inbound_events.id", ondelete="CASCADE", sa_type=BigId
    )
    case_id: str = Field(primary_key=True, foreign_key="cases.id", index=True)


class InboundEventWait(Table, table=True):
    """What a parked event waits for: a case reference that is not there yet."""

    __tablename__ = "inbound_event_waits"
    __table_args__ = (Index(None, "scope", "kind", "value"),)

    event_id: int = Field(
        primary_key=True, foreign_key="inbound_events.id", ondelete="CASCADE", sa_type=BigId
    )
    scope: str = Field(primary_key=True, description="shop or tenant id")
    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True)


class Watermark(Table, table=True):
    """Up to where reconciliation has seen one kind of object of a shop, or of a tenant."""

    __tablename__ = "watermarks"
    __table_args__ = (one_of("source", SOURCES),)

    source: str = Field(primary_key=True)
    scope: str = Field(primary_key=True, description="shop id or tenant id")
    object: str = Field(primary_key=True, description="orders, returns, events, ...")
    seen_until: datetime | None = Field(
        default=None, sa_type=UtcDateTime, description="all changes before it are in the inbox"
    )
    last_run_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_found: int = Field(default=0, description="put into the inbox by the last run")
    found: int = Field(default=0, description="put into the inbox by all runs")
    error: str | None = Field(default=None, description="why the last run stopped early")
