"""What a person or a test may set before the emulator starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SCHEMA_PATH = ROOT / "clients" / "shopify" / "schema.graphql"
"""Shopify's official schema, cut to the operations in use: a data file, read by path."""

LATEST_VERSION = "2026-10"
SUPPORTED_VERSIONS = ("2026-01", "2026-04", "2026-07", LATEST_VERSION)
"""Oldest first. A request for another version falls forward to the oldest (Shopify's versioning guide)."""

UNSTABLE_VERSION = "unstable"

SCOPES = (
    "read_orders",
    "write_orders",
    "read_all_orders",
    "read_products",
    "read_locations",
    "read_fulfillments",
    "write_fulfillments",
    "read_merchant_managed_fulfillment_orders",
    "write_merchant_managed_fulfillment_orders",
    "read_third_party_fulfillment_orders",
    "write_third_party_fulfillment_orders",
    "read_assigned_fulfillment_orders",
    "write_assigned_fulfillment_orders",
    "read_returns",
    "write_returns",
    "read_inventory",
    "write_inventory",
    "read_inventory_transfers",
    "write_inventory_transfers",
    "read_inventory_shipments",
    "write_inventory_shipments",
    "read_customers",
    "read_metaobjects",
    "write_metaobjects",
    "read_metaobject_definitions",
    "write_metaobject_definitions",
    "read_shopify_payments_disputes",
    "read_shopify_payments_dispute_evidences",
    "write_shopify_payments_dispute_evidences",
    "read_shopify_payments_dispute_file_uploads",
    "write_shopify_payments_dispute_file_uploads",
    "read_files",
    "write_files",
)

RETRY_SCHEDULE_S = (60.0, 120.0, 300.0, 600.0, 1200.0, 2400.0, 3600.0, 6120.0)
"""Eight retries over four hours at growing intervals; the intervals themselves are assumed."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """Settings of one emulator. Times are seconds; costs are Shopify's cost points."""

    client_id: str = "demo-client-id"
    client_secret: str = "demo-client-secret"
    app_id: int = 1234567
    app_title: str = "Gridcase"
    scopes: tuple[str, ...] = SCOPES
    schema_path: Path = SCHEMA_PATH
    bucket_size: float = 2000.0
    restore_rate: float = 100.0
    max_query_cost: int = 1000
    token_lifetime_s: int = 86399
    webhook_timeout_s: float = 5.0
    retry_schedule_s: tuple[float, ...] = RETRY_SCHEDULE_S
    fault_seed: int = 0
    first_id: int | None = None
    """First numeric id; by default taken from the clock, so that no two runs share an id."""

    @property
    def app_namespace(self) -> str:
        """What ``$app`` stands for in metafield namespaces and metaobject types."""
        return f"app--{self.app_id}"
