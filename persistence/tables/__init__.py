"""All tables. Importing this package fills `Table.metadata`."""

from persistence.base import Table
from persistence.tables.access import ApiKey, IdempotencyKey
from persistence.tables.campaigns import (
    Campaign,
    CampaignFlag,
    CampaignIssue,
    CampaignProduct,
    CampaignReading,
)
from persistence.tables.cases import (
    Case,
    CasePartner,
    CaseReference,
    CaseTimelineEntry,
    Document,
)
from persistence.tables.inbox import InboundEvent, InboundEventCase, InboundEventWait, Watermark
from persistence.tables.network import LocationMapping, Partner, Route, Shop, Tenant
from persistence.tables.steering import Policy, Switch
from persistence.tables.stock import (
    InventoryPosition,
    ItemRefresh,
    SkuMapping,
    StockAdvice,
    StockAdviceLine,
    StockPlace,
    StockPush,
    StockPushBatch,
    StockPushEntry,
)

metadata = Table.metadata

__all__ = [
    "ApiKey",
    "Campaign",
    "CampaignFlag",
    "CampaignIssue",
    "CampaignProduct",
    "CampaignReading",
    "Case",
    "CasePartner",
    "CaseReference",
    "CaseTimelineEntry",
    "Document",
    "IdempotencyKey",
    "InboundEvent",
    "InboundEventCase",
    "InboundEventWait",
    "InventoryPosition",
    "ItemRefresh",
    "LocationMapping",
    "Partner",
    "Policy",
    "Route",
    "Shop",
    "SkuMapping",
    "StockAdvice",
    "StockAdviceLine",
    "StockPlace",
    "StockPush",
    "StockPushBatch",
    "StockPushEntry",
    "Switch",
    "Tenant",
    "Watermark",
    "metadata",
]
