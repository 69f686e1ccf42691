"""What parked events wait for, and up to where reconciliation has seen.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "inbound_event_waits",
        sa.Column("event_id", BIG_ID, nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["inbound_events.id"],
            name=op.f("fk_inbound_event_waits_event_id_inbound_events"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "event_id", "scope", "kind", "value", name=op.f("pk_inbound_event_waits")
        ),
    )
    op.create_index(
        op.f("ix_inbound_event_waits_scope_kind_value"),
        "inbound_event_waits",
        ["scope", "kind", "value"],
        unique=False,
    )
    op.create_table(
        "watermarks",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("seen_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_found", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.CheckConstraint(
            "source IN ('shopify', 'trading_grid', 'gridcase')", name=op.f("ck_watermarks_source")
        ),
        sa.PrimaryKeyConstraint("source", "scope", "object", name=op.f("pk_watermarks")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("watermarks")
    op.drop_table("inbound_event_waits")
