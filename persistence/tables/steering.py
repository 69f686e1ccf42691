"""How cases are run: policies, and the switches that pause or shadow them."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from persistence.base import ANY, BigId, Json, JsonObject, Table, Timestamps, UtcDateTime, one_of

SWITCH_KINDS = ("pause", "shadow")


class Policy(Timestamps, table=True):
    """The terms of cases under one key; '*' in a part of the key means all."""

    __tablename__ = "policies"
    __table_args__ = (UniqueConstraint("shop_id", "lifecycle", "partner_id", "priority"),)

    id: int = Field(default=None, primary_key=True, sa_type=BigId)
    shop_id: str = ANY
    lifecycle: str = ANY
    partner_id: str = ANY
    priority: str = ANY
    terms: JsonObject = Field(sa_type=Json)
    version: int = Field(default=1, description="frozen into a case with its terms")


class Switch(Table, table=True):
    """A pause or shadow in force; '*' means all. A switch that is off has no row."""

    __tablename__ = "switches"
    __table_args__ = (
        UniqueConstraint("kind", "shop_id", "lifecycle", "partner_id"),
        one_of("kind", SWITCH_KINDS),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigId)
    kind: str
    shop_id: str = ANY
    lifecycle: str = ANY
    partner_id: str = ANY
    set_by: str
    reason: str
    since: datetime = Field(sa_type=UtcDateTime)
