"""Partners' stock: advices, positions, inventory items, pushes.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "stock_advice_lines",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("advice_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("available", sa.Integer(), nullable=True),
        sa.Column("allocation", sa.Integer(), nullable=True),
        sa.Column("available_date", sa.Date(), nullable=True),
        sa.Column("constraint_code", sa.String(), nullable=False),
        sa.Column("constraint_until", sa.Date(), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint(
            "shop_id", "partner_id", "advice_id", "number", name=op.f("pk_stock_advice_lines")
        ),
    )
    op.create_index(
        op.f("ix_stock_advice_lines_shop_id_partner_id_advice_id_sku"),
        "stock_advice_lines",
        ["shop_id", "partner_id", "advice_id", "sku"],
        unique=False,
    )
    op.create_table(
        "stock_places",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("location_code", sa.String(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("advice_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint(
            "shop_id", "partner_id", "location_code", name=op.f("pk_stock_places")
        ),
    )
    op.create_table(
        "stock_push_batches",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("push", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("result", JSON, nullable=True),
        sa.PrimaryKeyConstraint(
            "shop_id", "partner_id", "push", "round", "batch", name=op.f("pk_stock_push_batches")
        ),
    )
    op.create_table(
        "stock_push_entries",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("push", sa.Integer(), nullable=False),
        sa.Column("location_code", sa.String(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("item_gid", sa.String(), nullable=False),
        sa.Column("location_gid", sa.String(), nullable=False),
        sa.Column("change_from", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ordered", sa.Integer(), nullable=False),
        sa.Column("believed", sa.Integer(), nullable=False),
        sa.Column("believed_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.Column("advice_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'left', 'written', 'refused')",
            name=op.f("ck_stock_push_entries_state"),
        ),
        sa.PrimaryKeyConstraint(
            "shop_id",
            "partner_id",
            "push",
            "location_code",
            "sku",
            name=op.f("pk_stock_push_entries"),
        ),
    )
    op.create_index(
        op.f("ix_stock_push_entries_shop_id_partner_id_push_round_batch"),
        "stock_push_entries",
        ["shop_id", "partner_id", "push", "round", "batch"],
        unique=False,
    )
    op.create_table(
        "inventory_positions",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("location_code", sa.String(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("available", sa.Integer(), nullable=True),
        sa.Column("allocation", sa.Integer(), nullable=True),
        sa.Column("available_date", sa.Date(), nullable=True),
        sa.Column("constraint_code", sa.String(), nullable=False),
        sa.Column("constraint_until", sa.Date(), nullable=True),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("advice_id", sa.String(), nullable=False),
        sa.Column("advice_version", sa.Integer(), nullable=False),
        sa.Column("said_problem", sa.String(), nullable=True),
        sa.Column("said_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("location_gid", sa.String(), nullable=True),
        sa.Column("item_gid", sa.String(), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("problem_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("look_again", sa.Boolean(), nullable=False),
        sa.Column("settled_base", sa.Integer(), nullable=True),
        sa.Column("settled_as_of", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unconfirmed", sa.Boolean(), nullable=False),
        sa.Column("anchor", sa.Integer(), nullable=True),
        sa.Column("ordered_then", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("believed", sa.Integer(), nullable=False),
        sa.Column("believed_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_inventory_positions_shop_id_shops")
        ),
        sa.PrimaryKeyConstraint(
            "shop_id", "partner_id", "location_code", "sku", name=op.f("pk_inventory_positions")
        ),
    )
    op.create_index(
        op.f("ix_inventory_positions_shop_id_item_gid_location_gid"),
        "inventory_positions",
        ["shop_id", "item_gid", "location_gid"],
        unique=False,
    )
    op.create_index(
        op.f("ix_inventory_positions_shop_id_sku"),
        "inventory_positions",
        ["shop_id", "sku"],
        unique=False,
    )
    op.create_table(
        "item_refreshes",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("requests", JSON, nullable=False),
        sa.Column("operation_gid", sa.String(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", JSON, nullable=True),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_item_refreshes_shop_id_shops")
        ),
        sa.PrimaryKeyConstraint("shop_id", name=op.f("pk_item_refreshes")),
    )
    op.create_table(
        "sku_mappings",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("item_gid", sa.String(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("tracked", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_sku_mappings_shop_id_shops")
        ),
        sa.PrimaryKeyConstraint("shop_id", "item_gid", name=op.f("pk_sku_mappings")),
    )
    op.create_index(
        op.f("ix_sku_mappings_shop_id_sku"), "sku_mappings", ["shop_id", "sku"], unique=False
    )
    op.create_table(
        "stock_advices",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("advice_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("location_code", sa.String(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("next_page", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("unreadable", sa.Integer(), nullable=False),
        sa.Column("nameless", sa.Integer(), nullable=False),
        sa.Column("result", JSON, nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('reading', 'staged', 'applied', 'discarded')",
            name=op.f("ck_stock_advices_state"),
        ),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_stock_advices_shop_id_shops")
        ),
        sa.PrimaryKeyConstraint(
            "shop_id", "partner_id", "advice_id", name=op.f("pk_stock_advices")
        ),
    )
    op.create_table(
        "stock_pushes",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("push", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("plan", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_stock_pushes_shop_id_shops")
        ),
        sa.PrimaryKeyConstraint(
            "shop_id", "partner_id", "push", "round", name=op.f("pk_stock_pushes")
        ),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("stock_pushes")
    op.drop_table("stock_advices")
    op.drop_table("sku_mappings")
    op.drop_table("item_refreshes")
    op.drop_table("inventory_positions")
    op.drop_table("stock_push_entries")
    op.drop_table("stock_push_batches")
    op.drop_table("stock_places")
    op.drop_table("stock_advice_lines")
