"""Cases as lists and pages show them: a projection each workflow writes, and its documents."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from persistence.base import BigId, Json, JsonObject, Table, Timestamps, UtcDateTime, one_of

DIRECTIONS = ("from_partner", "to_partner")
OPEN = text("closed_at IS NULL")
NOT_BY_THE_WORKFLOW = text("run_id IS NULL")


class Case(Timestamps, table=True):
    """One case: the row dispatch inserts to open it, then the workflow's latest snapshot.

    `number` is the primary key because that is the one column both databases number by themselves;
    it is never used twice, and may skip. Everything else refers to `id`, the workflow id.
    """

    __tablename__ = "cases"
    __table_args__ = (
        # The rule "at most one open case a key" is this index; open_case leans on it.
        Index(
            "uq_cases_one_open_per_key",
            "key",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index(None, "key"),
        Index(None, "updated_at", "number"),
        Index(None, "opened_at", "number"),
        Index(None, "shop_id", "updated_at"),
        Index(None, "kind", "status", "updated_at"),
        Index(None, "order_name"),
        Index("ix_cases_open_due_at", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
        {"sqlite_autoincrement": True},
    )

    number: int = Field(default=None, primary_key=True, sa_type=BigId)
    id: str = Field(unique=True, description="workflow id: the key, or the key~2")
    key: str
    kind: str
    shop_id: str = Field(foreign_key="shops.id")
    title: str
    status: str
    outcome: str | None = None
    order_id: str | None = None
    order_name: str | None = None
    partners: list[str] = Field(default_factory=list, sa_type=Json)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    waiting_for: str | None = None
    waiting_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    then_text: str | None = Field(default=None, description="what happens when due_at passes")
    escalated: int = Field(default=0, description="level; 0 is none")
    assignee: str | None = None
    shadow: bool = False
    run_id: str | None = Field(default=None, description="the run that wrote the snapshot")
    revision: int = Field(default=0, description="counts the snapshots of one run")
    earlier_run_ids: list[str] = Field(
        default_factory=list, sa_type=Json, description="runs that were replaced, as by a reset"
    )
    snapshot: JsonObject | None = Field(default=None, sa_type=Json)
    orphaned: str | None = Field(default=None, description="why Temporal no longer runs it")
    opened_by_event_id: int | None = Field(
        default=None, foreign_key="inbound_events.id", sa_type=BigId
    )
    workflow: str | None = Field(default=None, description="the workflow's name")
    argument: JsonObject | None = Field(
        default=None,
        sa_type=Json,
        description="what the workflow starts with; null once it has written a snapshot",
    )


class CasePartner(Table, table=True):
    """`Case.partners` once more, to ask by partner with an index on both databases."""

    __tablename__ = "case_partners"

    case_id: str = Field(primary_key=True, foreign_key="cases.id", ondelete="CASCADE")
    partner_id: str = Field(primary_key=True, index=True)


class CaseReference(Table, table=True):
    """What the outside calls a matter -> our case: return, order, Trading Grid case, ..."""

    __tablename__ = "case_references"
    __table_args__ = (UniqueConstraint("scope", "kind", "value", "case_id"),)

    id: int = Field(default=None, primary_key=True, sa_type=BigId)
    scope: str = Field(description="the shop's or the tenant's id in which the value is unique")
    kind: str
    value: str
    case_id: str = Field(foreign_key="cases.id", ondelete="CASCADE", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)


class CaseTimelineEntry(Table, table=True):
    """What happened in a case. Append only.

    Written by the workflow, with run id and sequence, or by the intake, with an event id.
    """

    __tablename__ = "case_timeline"
    __table_args__ = (
        UniqueConstraint("case_id", "run_id", "sequence"),
        Index(
            "uq_case_timeline_intake",
            "case_id",
            "event_id",
            "kind",
            unique=True,
            sqlite_where=NOT_BY_THE_WORKFLOW,
            postgresql_where=NOT_BY_THE_WORKFLOW,
        ),
        Index(None, "case_id", "at", "id"),
        CheckConstraint(
            "(run_id IS NULL) = (sequence IS NULL) AND NOT (run_id IS NULL AND event_id IS NULL)",
            name="written_by",
        ),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigId)
    case_id: str = Field(foreign_key="cases.id", ondelete="CASCADE")
    run_id: str | None = None
    sequence: int | None = None
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str
    kind: str
    text: str
    data: JsonObject | None = Field(default=None, sa_type=Json)
    flagged: bool = False
    event_id: str | None = Field(
        default=None, description="the message that caused it: an inbound event, an update"
    )


class Document(Table, table=True):
    """A file of a case; the bytes are in the document store under their SHA-256."""

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("case_id", "remote_id"),
        Index(None, "case_id", "created_at"),
        one_of("direction", DIRECTIONS),
    )

    id: str = Field(primary_key=True)
    case_id: str = Field(foreign_key="cases.id", ondelete="CASCADE")
    shop_id: str = Field(foreign_key="shops.id")
    tenant_id: str = Field(foreign_key="tenants.id")
    partner_id: str
    sha256: str = Field(index=True)
    size: int = Field(sa_type=BigId, description="bytes")
    mime_type: str
    file_name: str
    document_type: str
    direction: str
    remote_id: str | None = Field(default=None, description="Trading Grid's id, once there is one")
    created_at: datetime = Field(sa_type=UtcDateTime)
