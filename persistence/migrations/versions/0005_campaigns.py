"""What is expected of whom in a campaign, what partners said of it, and what was sold.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "campaign_flags",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("sequence", BIG_ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("flag", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_campaign_flags_case_id_cases"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "case_id", "partner_id", "sequence", "place", name=op.f("pk_campaign_flags")
        ),
    )
    op.create_table(
        "campaign_issues",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("sequence", BIG_ID, nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("serious", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_campaign_issues_case_id_cases"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "case_id", "partner_id", "code", "sku", name=op.f("pk_campaign_issues")
        ),
    )
    op.create_table(
        "campaign_products",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("expected", BIG_ID, nullable=False),
        sa.Column("ready_by", sa.Date(), nullable=True),
        sa.Column("told_expected", BIG_ID, nullable=True),
        sa.Column("told_ready_by", sa.Date(), nullable=True),
        sa.Column("unsure_since", BIG_ID, nullable=True),
        sa.Column("touched", BIG_ID, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("quantity", BIG_ID, nullable=False),
        sa.Column("said_ready_by", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("sequence", BIG_ID, nullable=False),
        sa.Column("campaign_version", BIG_ID, nullable=False),
        sa.Column("flags", JSON, nullable=False),
        sa.Column("ready", BIG_ID, nullable=False),
        sa.Column("missing", BIG_ID, nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("sold", BIG_ID, nullable=False),
        sa.CheckConstraint(
            "expected >= 0 AND quantity >= 0 AND sold >= 0",
            name=op.f("ck_campaign_products_pieces"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_campaign_products_case_id_cases"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("case_id", "partner_id", "sku", name=op.f("pk_campaign_products")),
    )
    op.create_index(
        op.f("ix_campaign_products_case_id_missing"),
        "campaign_products",
        ["case_id", "missing"],
        unique=False,
    )
    op.create_index(
        "uq_campaign_products_one_listed_per_sku",
        "campaign_products",
        ["case_id", "sku"],
        unique=True,
        sqlite_where=sa.text("listed"),
        postgresql_where=sa.text("listed"),
    )
    op.create_table(
        "campaign_readings",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("sequence", BIG_ID, nullable=False),
        sa.Column("remote_id", sa.String(), nullable=False),
        sa.Column("campaign_version", BIG_ID, nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_campaign_readings_case_id_cases"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "case_id", "partner_id", "sequence", name=op.f("pk_campaign_readings")
        ),
    )
    op.create_table(
        "campaigns",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("counted_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_orders", JSON, nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_campaigns_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_campaigns")),
    )


def downgrade() -> None:
    """Take back."""
    for table in (
        "campaigns",
        "campaign_readings",
        "campaign_products",
        "campaign_issues",
        "campaign_flags",
    ):
        op.drop_table(table)
