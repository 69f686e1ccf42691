"""Who there is: tenants of Trading Grid, their partners, shops, and what leads to whom."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from persistence.base import (
    ANY,
    BigId,
    Edited,
    Json,
    JsonObject,
    SealedText,
    UtcDateTime,
    one_of,
)

TENANT_STATUSES = ("active", "suspended")
SHOP_STATUSES = ("new", "connected", "uninstalled")
PARTNER_STATUSES = ("active", "suspended", "retired")
MATCH_KINDS = ("vendor", "location", "sku_prefix", "fulfillment_service")


class Tenant(Edited, table=True):
    """A company's account in Trading Grid: addresses, credentials, webhook secrets."""

    __tablename__ = "tenants"
    __table_args__ = (one_of("status", TENANT_STATUSES),)

    id: str = Field(primary_key=True, description="our handle, a slug; part of webhook addresses")
    name: str
    base_url: str
    token_url: str
    client_id: str
    client_secret: str = Field(sa_type=SealedText, repr=False)
    webhook_secrets: str | None = Field(
        default=None,
        sa_type=SealedText,
        repr=False,
        description="sealed JSON list, newest first; several hold during a rotation",
    )
    subscription_id: str | None = None
    paths: JsonObject = Field(default_factory=dict, sa_type=Json)
    status: str = "active"
    feed_position: str | None = Field(default=None, description="where the events feed was left")


class Shop(Edited, table=True):
    """A Shopify shop that has installed our app, or is about to."""

    __tablename__ = "shops"
    __table_args__ = (one_of("status", SHOP_STATUSES),)

    id: str = Field(primary_key=True, description="the shop's handle, a slug")
    domain: str = Field(unique=True, description="acme.myshopify.com, in lower case")
    tenant_id: str = Field(foreign_key="tenants.id", index=True)
    name: str
    admin_base: str | None = Field(
        default=None, description="template of the Admin API's address; null is Shopify's own"
    )
    api_version: str
    client_id: str
    client_secret: str = Field(sa_type=SealedText, repr=False)
    previous_client_secret: str | None = Field(
        default=None,
        sa_type=SealedText,
        repr=False,
        description="still signs webhooks while Shopify rotates the app's secret",
    )
    access_token: str | None = Field(default=None, sa_type=SealedText, repr=False)
    currency: str | None = None
    time_zone: str | None = Field(default=None, description="IANA name")
    status: str = "new"
    scopes: list[str] = Field(default_factory=list, sa_type=Json)
    connected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_connect: JsonObject | None = Field(
        default=None, sa_type=Json, description="report of the steps of the last connect"
    )
    redacted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Partner(Edited, table=True):
    """A supplier, distributor or logistics provider, as a tenant's Trading Grid knows it."""

    __tablename__ = "partners"
    __table_args__ = (one_of("status", PARTNER_STATUSES),)

    tenant_id: str = Field(primary_key=True, foreign_key="tenants.id")
    id: str = Field(primary_key=True, description="Trading Grid's id of the partner")
    name: str
    status: str = "active"
    suspended_by: str | None = Field(
        default=None, description="while suspended: `here`, by a person, or `trading_grid`"
    )
    roles: list[str] = Field(default_factory=list, sa_type=Json)
    capabilities: list[str] = Field(default_factory=list, sa_type=Json)
    contact_note: str | None = Field(default=None, description="free text; no personal data")


class Route(Edited, table=True):
    """Which partner a vendor, location, SKU prefix or fulfillment service of a shop means."""

    __tablename__ = "routes"
    __table_args__ = (
        UniqueConstraint("shop_id", "lifecycle", "match_kind", "match_value"),
        ForeignKeyConstraint(["tenant_id", "partner_id"], ["partners.tenant_id", "partners.id"]),
        Index(None, "tenant_id", "partner_id"),
        one_of("match_kind", MATCH_KINDS),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BigId)
    shop_id: str = Field(foreign_key="shops.id")
    lifecycle: str = ANY
    match_kind: str
    match_value: str
    tenant_id: str
    partner_id: str
    priority: int = Field(default=0, description="the higher is asked first")


class LocationMapping(Edited, table=True):
    """A location code a tenant's partners use -> a shop and its Shopify location."""

    __tablename__ = "location_mappings"
    __table_args__ = (UniqueConstraint("tenant_id", "partner_id", "code"),)

    id: int = Field(default=None, primary_key=True, sa_type=BigId)
    tenant_id: str = Field(foreign_key="tenants.id")
    partner_id: str = Field(default=ANY, description="'*': the code means the same to all")
    code: str
    shop_id: str = Field(foreign_key="shops.id", index=True)
    location_gid: str
