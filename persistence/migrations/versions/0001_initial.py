"""The tables of the first lifecycle, and what all lifecycles share.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_keys_prefix")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("body_sha256", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("running_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("response", JSON, nullable=True),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(
        op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False
    )

    op.create_table(
        "inbound_events",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("delivery_id", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("headers", JSON, nullable=False),
        sa.Column("body_sha256", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("case_ids", JSON, nullable=False),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "source IN ('shopify', 'trading_grid', 'gridcase')",
            name=op.f("ck_inbound_events_source"),
        ),
        sa.CheckConstraint(
            "status IN ('received', 'dispatched', 'ignored', 'parked', 'failed')",
            name=op.f("ck_inbound_events_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_events")),
        sa.UniqueConstraint(
            "source",
            "scope",
            "topic",
            "delivery_id",
            name=op.f("uq_inbound_events_source_scope_topic_delivery_id"),
        ),
    )
    op.create_index(
        op.f("ix_inbound_events_received_at"), "inbound_events", ["received_at"], unique=False
    )
    op.create_index(
        "ix_inbound_events_same_body",
        "inbound_events",
        ["source", "scope", "topic", "body_sha256"],
        unique=False,
    )
    op.create_index(
        op.f("ix_inbound_events_scope_id"), "inbound_events", ["scope", "id"], unique=False
    )
    op.create_index(
        op.f("ix_inbound_events_status_id"), "inbound_events", ["status", "id"], unique=False
    )
    op.create_index(
        "ix_inbound_events_unsettled",
        "inbound_events",
        ["received_at", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('received', 'parked')"),
        postgresql_where=sa.text("status IN ('received', 'parked')"),
    )

    op.create_table(
        "policies",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("lifecycle", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("terms", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policies")),
        sa.UniqueConstraint(
            "shop_id",
            "lifecycle",
            "partner_id",
            "priority",
            name=op.f("uq_policies_shop_id_lifecycle_partner_id_priority"),
        ),
    )
    op.create_table(
        "switches",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("lifecycle", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('pause', 'shadow')", name=op.f("ck_switches_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_switches")),
        sa.UniqueConstraint(
            "kind",
            "shop_id",
            "lifecycle",
            "partner_id",
            name=op.f("uq_switches_kind_shop_id_lifecycle_partner_id"),
        ),
    )
    op.create_table(
        "tenants",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("base_url", sa.String(), nullable=False),
        sa.Column("token_url", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("client_secret", sa.Text(), nullable=False),
        sa.Column("webhook_secrets", sa.Text(), nullable=True),
        sa.Column("subscription_id", sa.String(), nullable=True),
        sa.Column("paths", JSON, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("feed_position", sa.String(), nullable=True),
        sa.CheckConstraint("status IN ('active', 'suspended')", name=op.f("ck_tenants_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenants")),
    )
    op.create_table(
        "partners",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("roles", JSON, nullable=False),
        sa.Column("capabilities", JSON, nullable=False),
        sa.Column("contact_note", sa.String(), nullable=True),
        sa.CheckConstraint(
            "status IN ('active', 'suspended', 'retired')", name=op.f("ck_partners_status")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_partners_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_partners")),
    )
    op.create_table(
        "shops",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("admin_base", sa.String(), nullable=True),
        sa.Column("api_version", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("client_secret", sa.Text(), nullable=False),
        sa.Column("previous_client_secret", sa.Text(), nullable=True),
        sa.Column("access_token", sa.Text(), nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("time_zone", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_connect", JSON, nullable=True),
        sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('new', 'connected', 'uninstalled')", name=op.f("ck_shops_status")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_shops_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shops")),
        sa.UniqueConstraint("domain", name=op.f("uq_shops_domain")),
    )
    op.create_index(op.f("ix_shops_tenant_id"), "shops", ["tenant_id"], unique=False)

    op.create_table(
        "cases",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", BIG_ID, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("order_id", sa.String(), nullable=True),
        sa.Column("order_name", sa.String(), nullable=True),
        sa.Column("partners", JSON, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting_for", sa.String(), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("then_text", sa.String(), nullable=True),
        sa.Column("escalated", sa.Integer(), nullable=False),
        sa.Column("assignee", sa.String(), nullable=True),
        sa.Column("shadow", sa.Boolean(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("earlier_run_ids", JSON, nullable=False),
        sa.Column("snapshot", JSON, nullable=True),
        sa.Column("orphaned", sa.String(), nullable=True),
        sa.Column("opened_by_event_id", BIG_ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["opened_by_event_id"],
            ["inbound_events.id"],
            name=op.f("fk_cases_opened_by_event_id_inbound_events"),
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_cases_shop_id_shops")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_cases")),
        sa.UniqueConstraint("id", name=op.f("uq_cases_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_cases_key"), "cases", ["key"], unique=False)
    op.create_index(
        op.f("ix_cases_kind_status_updated_at"),
        "cases",
        ["kind", "status", "updated_at"],
        unique=False,
    )
    op.create_index(
        "ix_cases_open_due_at",
        "cases",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        op.f("ix_cases_opened_at_number"), "cases", ["opened_at", "number"], unique=False
    )
    op.create_index(op.f("ix_cases_order_name"), "cases", ["order_name"], unique=False)
    op.create_index(
        op.f("ix_cases_shop_id_updated_at"), "cases", ["shop_id", "updated_at"], unique=False
    )
    op.create_index(
        op.f("ix_cases_updated_at_number"), "cases", ["updated_at", "number"], unique=False
    )
    op.create_index(
        "uq_cases_one_open_per_key",
        "cases",
        ["key"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )

    op.create_table(
        "location_mappings",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("location_gid", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_location_mappings_shop_id_shops")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_location_mappings_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location_mappings")),
        sa.UniqueConstraint(
            "tenant_id",
            "partner_id",
            "code",
            name=op.f("uq_location_mappings_tenant_id_partner_id_code"),
        ),
    )
    op.create_index(
        op.f("ix_location_mappings_shop_id"), "location_mappings", ["shop_id"], unique=False
    )

    op.create_table(
        "routes",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("lifecycle", sa.String(), nullable=False),
        sa.Column("match_kind", sa.String(), nullable=False),
        sa.Column("match_value", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "match_kind IN ('vendor', 'location', 'sku_prefix', 'fulfillment_service')",
            name=op.f("ck_routes_match_kind"),
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_routes_shop_id_shops")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["partners.tenant_id", "partners.id"],
            name=op.f("fk_routes_tenant_id_partner_id_partners"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routes")),
        sa.UniqueConstraint(
            "shop_id",
            "lifecycle",
            "match_kind",
            "match_value",
            name=op.f("uq_routes_shop_id_lifecycle_match_kind_match_value"),
        ),
    )
    op.create_index(
        op.f("ix_routes_tenant_id_partner_id"), "routes", ["tenant_id", "partner_id"], unique=False
    )

    op.create_table(
        "case_partners",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_case_partners_case_id_cases"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("case_id", "partner_id", name=op.f("pk_case_partners")),
    )
    op.create_index(
        op.f("ix_case_partners_partner_id"), "case_partners", ["partner_id"], unique=False
    )

    op.create_table(
        "case_references",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_case_references_case_id_cases"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_references")),
        sa.UniqueConstraint(
            "scope",
            "kind",
            "value",
            "case_id",
            name=op.f("uq_case_references_scope_kind_value_case_id"),
        ),
    )
    op.create_index(
        op.f("ix_case_references_case_id"), "case_references", ["case_id"], unique=False
    )

    op.create_table(
        "case_timeline",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("data", JSON, nullable=True),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(run_id IS NULL) = (sequence IS NULL) AND NOT (run_id IS NULL AND event_id IS NULL)",
            name=op.f("ck_case_timeline_written_by"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_case_timeline_case_id_cases"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_timeline")),
        sa.UniqueConstraint(
            "case_id", "run_id", "sequence", name=op.f("uq_case_timeline_case_id_run_id_sequence")
        ),
    )
    op.create_index(
        op.f("ix_case_timeline_case_id_at_id"),
        "case_timeline",
        ["case_id", "at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_case_timeline_intake",
        "case_timeline",
        ["case_id", "event_id", "kind"],
        unique=True,
        sqlite_where=sa.text("run_id IS NULL"),
        postgresql_where=sa.text("run_id IS NULL"),
    )

    op.create_table(
        "documents",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", BIG_ID, nullable=False),
        sa.Column("mime_type", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("document_type", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("remote_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "direction IN ('from_partner', 'to_partner')", name=op.f("ck_documents_direction")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_documents_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_documents_shop_id_shops")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_documents_tenant_id_tenants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("case_id", "remote_id", name=op.f("uq_documents_case_id_remote_id")),
    )
    op.create_index(
        op.f("ix_documents_case_id_created_at"),
        "documents",
        ["case_id", "created_at"],
        unique=False,
    )
    op.create_index(op.f("ix_documents_sha256"), "documents", ["sha256"], unique=False)

    op.create_table(
        "inbound_event_cases",
        sa.Column("event_id", BIG_ID, nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_inbound_event_cases_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["inbound_events.id"],
            name=op.f("fk_inbound_event_cases_event_id_inbound_events"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "case_id", name=op.f("pk_inbound_event_cases")),
    )
    op.create_index(
        op.f("ix_inbound_event_cases_case_id"), "inbound_event_cases", ["case_id"], unique=False
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("inbound_event_cases")
    op.drop_table("documents")
    op.drop_table("case_timeline")
    op.drop_table("case_references")
    op.drop_table("case_partners")
    op.drop_table("routes")
    op.drop_table("location_mappings")
    op.drop_table("cases")
    op.drop_table("shops")
    op.drop_table("partners")
    op.drop_table("tenants")
    op.drop_table("switches")
    op.drop_table("policies")
    op.drop_table("inbound_events")
    op.drop_table("idempotency_keys")
    op.drop_table("api_keys")
