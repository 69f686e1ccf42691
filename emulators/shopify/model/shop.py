"""A shop: everything that belongs to one tenant of the platform."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from emulators.shopify.model.bulk import BulkOperation
from emulators.shopify.model.catalog import InventoryItem, Location, Product, Variant
from emulators.shopify.model.disputes import Dispute, DisputeEvidence, DisputeFileUpload
from emulators.shopify.model.inventory import InventoryLevel
from emulators.shopify.model.metafields import Metafield, MetafieldDefinition
from emulators.shopify.model.metaobjects import (
    Collection,
    GenericFile,
    Metaobject,
    MetaobjectDefinition,
)
from emulators.shopify.model.orders import Order
from emulators.shopify.model.refunds import Refund
from emulators.shopify.model.resource import Resource, gid_type, parse_gid
from emulators.shopify.model.returns import (
    Return,
    ReturnReasonDefinition,
    ReverseFulfillmentOrder,
)
from emulators.shopify.model.transfers import InventoryTransfer

if TYPE_CHECKING:
    from emulators.shopify.webhooks.subscriptions import Subscription

RETURN_REASONS = (
    ("unknown", "Unknown", "UNKNOWN"),
    ("size-too-small", "Size was too small", "SIZE_TOO_SMALL"),
    ("size-too-large", "Size was too large", "SIZE_TOO_LARGE"),
    ("unwanted", "Customer changed their mind", "UNWANTED"),
    ("not-as-described", "Item not as described", "NOT_AS_DESCRIBED"),
    ("wrong-item", "Received the wrong item", "WRONG_ITEM"),
    ("defective", "Damaged or defective", "DEFECTIVE"),
    ("style", "Style", "STYLE"),
    ("color", "Color", "COLOR"),
    ("other", "Other", "OTHER"),
)
"""One definition for each value of the deprecated enum; handles and names are assumed."""


@dataclass(eq=False, repr=False)
class Shop(Resource):
    """``new_id`` gives ids that no other object of the emulator has."""

    gql_type: ClassVar[str] = "Shop"
    id: int
    handle: str
    new_id: Callable[[], int]
    created_at: datetime
    display_name: str
    installation_id: int
    currency: str = "USD"
    iana_timezone: str = "America/New_York"
    installed: bool = True
    next_order_number: int = 1001
    locations: dict[int, Location] = field(default_factory=dict)
    products: dict[int, Product] = field(default_factory=dict)
    """Added by ``add_product`` only, which keeps the three below."""
    variants: dict[int, Variant] = field(default_factory=dict)
    inventory_items: dict[int, InventoryItem] = field(default_factory=dict)
    variants_by_sku: dict[str, list[Variant]] = field(default_factory=dict)
    """By casefolded SKU; a shop may have several of one."""
    level_numbers: dict[int, int] = field(default_factory=dict)
    """What the ids of inventory levels begin with, by location id."""
    orders: dict[int, Order] = field(default_factory=dict)
    returns: dict[int, Return] = field(default_factory=dict)
    reverse_fulfillment_orders: dict[int, ReverseFulfillmentOrder] = field(default_factory=dict)
    refunds: dict[int, Refund] = field(default_factory=dict)
    transfers: dict[int, InventoryTransfer] = field(default_factory=dict)
    return_reasons: dict[int, ReturnReasonDefinition] = field(default_factory=dict)
    metafields: dict[str, dict[tuple[str, str], Metafield]] = field(default_factory=dict)
    """By owner GID, then by namespace and key."""
    definitions: dict[int, MetafieldDefinition] = field(default_factory=dict)
    disputes: dict[int, Dispute] = field(default_factory=dict)
    dispute_evidences: dict[int, DisputeEvidence] = field(default_factory=dict)
    dispute_files: dict[int, DisputeFileUpload] = field(default_factory=dict)
    metaobject_definitions: dict[int, MetaobjectDefinition] = field(default_factory=dict)
    metaobjects: dict[int, Metaobject] = field(default_factory=dict)
    collections: dict[int, Collection] = field(default_factory=dict)
    files: dict[int, GenericFile] = field(default_factory=dict)
    bulk_operations: dict[int, BulkOperation] = field(default_factory=dict)
    subscriptions: dict[int, Subscription] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        return f"{self.handle}.myshopify.com"

    def add_product(self, product: Product) -> None:
        self.products[product.id] = product
        for variant in product.variants:
            self.variants[variant.id] = variant
            self.inventory_items[variant.inventory_item_id] = variant.inventory_item
            self.variants_by_sku.setdefault(variant.sku.casefold(), []).append(variant)

    def variant(self, sku: str) -> Variant | None:
        same = self.variants_by_sku.get(sku.casefold(), ())
        return next((variant for variant in same if variant.sku == sku), None)

    def location_named(self, name: str) -> Location | None:
        return next((loc for loc in self.locations.values() if loc.name == name), None)

    def find(self, gid: str) -> Resource | None:
        """The object with this GID, of any type the emulator knows."""
        number = parse_gid(gid)
        if number is None:
            return None
        name = gid_type(gid) or ""
        if name == "InventoryLevel":
            return self._level(gid, number)
        table = self._tables().get(name)
        if table is not None:
            return table.get(number)
        return next((item for item in self._parts(name) if item.id == number), None)

    def _level(self, gid: str, number: int) -> InventoryLevel | None:
        """``gid://shopify/InventoryLevel/{number}?inventory_item_id={item}``."""
        _, _, item_id = gid.partition("?inventory_item_id=")
        item = self.inventory_items.get(int(item_id)) if item_id.isdecimal() else None
        levels = item.levels.values() if item is not None else ()
        return next((level for level in levels if level.id == number), None)

    def metafields_of(self, owner: Resource) -> list[Metafield]:
        return list(self.metafields.get(owner.gid, {}).values())

    def _tables(self) -> dict[str, Mapping[int, Resource]]:
        return {
            "Shop": {self.id: self},
            "Order": self.orders,
            "Return": self.returns,
            "Refund": self.refunds,
            "Location": self.locations,
            "Product": self.products,
            "ProductVariant": self.variants,
            "InventoryItem": self.inventory_items,
            "InventoryTransfer": self.transfers,
            "ReverseFulfillmentOrder": self.reverse_fulfillment_orders,
            "ReturnReasonDefinition": self.return_reasons,
            "MetafieldDefinition": self.definitions,
            "BulkOperation": self.bulk_operations,
            "Collection": self.collections,
            "GenericFile": self.files,
            "Metaobject": self.metaobjects,
            "MetaobjectDefinition": self.metaobject_definitions,
            "ShopifyPaymentsDispute": self.disputes,
            "ShopifyPaymentsDisputeEvidence": self.dispute_evidences,
            "ShopifyPaymentsDisputeFileUpload": self.dispute_files,
            "WebhookSubscription": self.subscriptions,
        }

    def _parts(self, name: str) -> Iterable[Resource]:
        orders = self.orders.values()
        match name:
            case "InventoryShipment":
                return (s for t in self.transfers.values() for s in t.shipments)
            case "LineItem":
                return (line for o in orders for line in o.line_items)
            case "FulfillmentOrder":
                return (fo for o in orders for fo in o.fulfillment_orders)
            case "FulfillmentOrderLineItem":
                return (ln for o in orders for fo in o.fulfillment_orders for ln in fo.line_items)
            case "FulfillmentHold":
                return (h for o in orders for fo in o.fulfillment_orders for h in fo.holds)
            case "Fulfillment":
                return (f for o in orders for f in o.fulfillments)
            case "FulfillmentLineItem":
                return (item for o in orders for f in o.fulfillments for item in f.line_items)
            case "OrderTransaction":
                return (t for o in orders for t in o.transactions)
            case "ReturnLineItem":
                return (line for r in self.returns.values() for line in r.line_items)
            case "ReverseFulfillmentOrderLineItem":
                rfos = self.reverse_fulfillment_orders.values()
                return (item for rfo in rfos for item in rfo.line_items)
            case "Metafield":
                return (m for owned in self.metafields.values() for m in owned.values())
            case _:
                return ()
