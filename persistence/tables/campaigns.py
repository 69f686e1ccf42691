"""Campaigns: what is expected of whom, what partners said of it, and what was sold; too much for a workflow to carry."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from persistence.base import BigId, Json, JsonObject, Table, UtcDateTime

LISTED = text("listed")


class Campaign(Table, table=True):
    """Which version of its plan the other tables have, and how far what was sold has been counted.

    Orders are counted by the time they were placed, in steps of one transaction each: `counted_until` is the time of the
    last one counted, to Shopify's whole second, and `counted_orders` are those of that second.
    """

    __tablename__ = "campaigns"

    case_id: str = Field(primary_key=True, foreign_key="cases.id", ondelete="CASCADE")
    plan_version: int = 0
    counted_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
    counted_to: datetime | None = Field(default=None, sa_type=UtcDateTime)
    counted_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    counted_orders: list[str] = Field(default_factory=list, sa_type=Json)
    orders: int = Field(default=0, description="that had at least one of the products")
    counted: bool = Field(default=False, description="to the end")


class CampaignProduct(Table, table=True):
    """What one partner is to have ready of one SKU, what it was told, what it said, and what was sold.

    A product that left the plan, or went to another partner, stays unlisted until its partner was told.
    """

    __tablename__ = "campaign_products"
    __table_args__ = (
        Index(
            "uq_campaign_products_one_listed_per_sku",
            "case_id",
            "sku",
            unique=True,
            sqlite_where=LISTED,
            postgresql_where=LISTED,
        ),
        Index(None, "case_id", "missing"),
        CheckConstraint("expected >= 0 AND quantity >= 0 AND sold >= 0", name="pieces"),
    )

    case_id: str = Field(primary_key=True, foreign_key="cases.id", ondelete="CASCADE")
    partner_id: str = Field(primary_key=True, description="empty: the merchant's own")
    sku: str = Field(primary_key=True)
    listed: bool = True
    plan_version: int = Field(description="of the plan that last changed it")
    expected: int = Field(sa_type=BigId)
    ready_by: date | None = None
    told_expected: int | None = Field(
        default=None, sa_type=BigId, description="null: the partner was not told of it"
    )
    told_ready_by: date | None = None
    unsure_since: int | None = Field(
        default=None,
        sa_type=BigId,
        description="version the partner's campaign had when this was about to be told otherwise",
    )
    touched: int = Field(
        default=0,
        sa_type=BigId,
        description="version of the partner's campaign that last changed it",
    )
    status: str = "open"
    quantity: int = Field(default=0, sa_type=BigId)
    said_ready_by: date | None = None
    note: str = ""
    sequence: int = Field(default=0, sa_type=BigId, description="of the word that holds")
    campaign_version: int = Field(
        default=0, sa_type=BigId, description="that the word that holds was said of"
    )
    flags: list[str] = Field(default_factory=list, sa_type=Json)
    ready: int = Field(default=0, sa_type=BigId, description="pieces that can be counted on")
    missing: int = Field(default=0, sa_type=BigId)
    late: bool = False
    sold: int = Field(default=0, sa_type=BigId)


class CampaignIssue(Table, table=True):
    """What may keep a launch from going well; a later word of the partner on the same code and SKU replaces it."""

    __tablename__ = "campaign_issues"

    case_id: str = Field(primary_key=True, foreign_key="cases.id", ondelete="CASCADE")
    partner_id: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    sku: str = Field(primary_key=True, description="empty: the launch as a whole")
    sequence: int = Field(sa_type=BigId)
    severity: str
    serious: bool = False
    text: str


class CampaignReading(Table, table=True):
    """One word of a partner that was taken, and what came of it: an attempt that is repeated answers the same."""

    __tablename__ = "campaign_readings"

    case_id: str = Field(primary_key=True, foreign_key="cases.id", ondelete="CASCADE")
    partner_id: str = Field(primary_key=True)
    sequence: int = Field(primary_key=True, sa_type=BigId)
    remote_id: str
    campaign_version: int | None = Field(default=None, sa_type=BigId)
    said_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    report: JsonObject = Field(sa_type=Json)


class CampaignFlag(Table, table=True):
    """Something in a partner's word that was not, or not wholly, applied."""

    __tablename__ = "campaign_flags"

    case_id: str = Field(primary_key=True, foreign_key="cases.id", ondelete="CASCADE")
    partner_id: str = Field(primary_key=True)
    sequence: int = Field(primary_key=True, sa_type=BigId)
    place: int = Field(primary_key=True, description="in the word, counted from 0")
    sku: str
    flag: str
    text: str
