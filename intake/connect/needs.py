"""What Gridcase needs in a shop and in Trading Grid: scopes, topics, fields. A new lifecycle adds its lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from domain import order_fields
from domain.case import CaseKind

REQUIRED_SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "read_orders": "orders, their lines, shipments and refunds",
        "write_orders": "refunds, tags and metafields of orders",
        "read_returns": "returns and what may still be returned",
        "write_returns": "approving, declining, processing and closing returns",
        "read_locations": "where goods were shipped from and are restocked",
        "read_customers": "how many orders a customer has made, for the priority; nothing else of a customer",
        "read_fulfillments": "which fulfillment service shipped a line",
        "write_fulfillments": "shipments with their tracking",
        "read_merchant_managed_fulfillment_orders": "which of the merchant's locations ships a line",
        "write_merchant_managed_fulfillment_orders": "holding, releasing and moving what the merchant ships",
        "read_third_party_fulfillment_orders": "which third party ships a line",
        "write_third_party_fulfillment_orders": "holding, releasing and moving what a third party ships",
        "read_inventory": "which inventory item a SKU means, and how many pieces it has",
        "write_inventory": "the quantities that partners' stock feeds say",
        "read_inventory_transfers": "replenishments that are on their way",
        "write_inventory_transfers": "a transfer for each replenishment",
        "read_inventory_shipments": "when a replenishment arrives",
        "write_inventory_shipments": "arrival dates and tracking of replenishments",
        "read_metaobject_definitions": "whether the campaign metaobject is defined",
        "write_metaobject_definitions": "defining the campaign metaobject",
        "read_metaobjects": "campaigns that staff plans",
        "write_metaobjects": "how ready a campaign is",
        "read_products": "which products are in a campaign's collections, and whose they are",
        "read_files": "a campaign's plan as a file",
    }
)
"""Scope -> what it is for. From the operations in `clients/shopify/operations` and the scopes Shopify's schema asks for
them. For orders no product is read: SKU and vendor stand on the order's line."""

USEFUL_SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "read_all_orders": "orders older than 60 days, and so their returns",
        "read_inventory": "the items of a replenishment, by their SKU",
        "write_inventory_transfers": "a replenishment's place among the shop's transfers",
        "read_shopify_payments_disputes": "chargebacks and inquiries, in shops with Shopify Payments",
        "read_shopify_payments_dispute_evidences": "the evidence of a dispute, as staff see it",
        "write_shopify_payments_dispute_evidences": "writing a dispute's evidence, and submitting it",
        "write_shopify_payments_dispute_file_uploads": "attaching papers to a dispute's evidence",
    }
)
"""Without these Gridcase works, with a gap that the report names."""

DISPUTES_SCOPE = "read_shopify_payments_disputes"
OPTIONAL_TOPICS: Mapping[str, str] = MappingProxyType(
    {"disputes/create": DISPUTES_SCOPE, "disputes/update": DISPUTES_SCOPE}
)
"""Topic -> the useful scope it needs. A shop that has not granted it, or that Shopify refuses it for (without Shopify
Payments there are no disputes), is connected all the same."""

_ALWAYS = ("id", "admin_graphql_api_id", "name", "updated_at")

_DISPUTE = ("order_id", "type", "status", "evidence_due_by", "evidence_sent_on", "finalized_on")
_FULFILLMENT_ORDER = ("fulfillment_order.id", "fulfillment_order.status")
_REQUEST = (*_FULFILLMENT_ORDER, "fulfillment_order.request_status")

SHOPIFY_TOPICS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        topic: (*_ALWAYS, *more)
        for topic, more in {
            # The order is `order` here and `order_id` there, as Shopify's payloads have it. Nothing of a line but
            # ids and quantities: customers write notes there.
            "returns/request": ("status", "order.id", "order.admin_graphql_api_id"),
            "returns/approve": ("status", "order.id", "order.admin_graphql_api_id"),
            "returns/decline": ("status", "order.id", "order.admin_graphql_api_id"),
            "returns/cancel": ("status", "order_id"),
            "returns/close": ("status", "order_id"),
            "returns/reopen": ("status", "order_id"),
            # What changed is included because Shopify drops a payload that equals the one just before it, and these
            # have no `updated_at`: with ids alone, the second change within a moment would go unheard.
            "returns/process": (
                "status",
                "order.id",
                "order.admin_graphql_api_id",
                "return_line_items.id",
                "return_line_items.quantity",
            ),
            "returns/update": ("return_line_items", "restocking_fees", "return_shipping_fees"),
            "orders/create": ("financial_status",),
            "orders/paid": ("financial_status",),
            "orders/cancelled": ("cancelled_at",),
            "orders/edited": ("order_edit.id", "order_edit.order_id"),
            "orders/partially_fulfilled": ("fulfillment_status",),
            "orders/fulfilled": ("fulfillment_status",),
            "orders/risk_assessment_changed": ("order_id", "risk_level", "created_at"),
            "fulfillments/create": ("order_id", "status"),
            "fulfillments/update": ("order_id", "status"),
            # These name a fulfillment order, and have neither its order nor a time. The hold is included whole but for
            # the notes, where people write.
            "fulfillment_holds/added": (
                "fulfillment_order.id",
                "fulfillment_hold.id",
                "fulfillment_hold.reason",
                "fulfillment_hold.handle",
                "fulfillment_hold.held_by_requesting_app",
            ),
            "fulfillment_orders/placed_on_hold": _FULFILLMENT_ORDER,
            "fulfillment_orders/hold_released": _FULFILLMENT_ORDER,
            "fulfillment_orders/cancelled": _FULFILLMENT_ORDER,
            "fulfillment_orders/rescheduled": (*_FULFILLMENT_ORDER, "fulfillment_order.fulfill_at"),
            "fulfillment_orders/split": (
                *_FULFILLMENT_ORDER,
                "remaining_fulfillment_order.id",
                "split_line_items",
            ),
            "fulfillment_orders/merged": ("fulfillment_order_merges", "merge_intents"),
            "fulfillment_orders/moved": (
                "original_fulfillment_order.id",
                "moved_fulfillment_order.id",
                "destination_location_id",
                "fulfillment_order_line_items_requested",
            ),
            "fulfillment_orders/fulfillment_request_rejected": _REQUEST,
            "fulfillment_orders/fulfillment_service_failed_to_complete": _REQUEST,
            "fulfillment_orders/cancellation_request_rejected": _REQUEST,
            "inventory_transfers/complete": ("status",),
            "inventory_transfers/cancel": ("status",),
            # Whole but for amount and reason, for the same cause.
            "disputes/create": _DISPUTE,
            "disputes/update": _DISPUTE,
            "refunds/create": (
                "order_id",
                "created_at",
                "return.id",
                "return.admin_graphql_api_id",
            ),
            # Only of our own type: these have a filter (`FILTERED_TOPICS`). No value: what staff planned is read.
            "metaobjects/create": ("type", "handle"),
            "metaobjects/update": ("type", "handle"),
            "metaobjects/delete": ("type", "handle"),
            "app/uninstalled": (),
            "app/scopes_update": ("previous", "current"),
        }.items()
    }
)
"""Topic -> `includeFields`: no more of a payload than places the event. The object itself is read when it is handled."""

FILTERED_TOPICS = frozenset({"metaobjects/create", "metaobjects/update", "metaobjects/delete"})
"""Shopify takes no subscription to these without `filter: "type:..."`, with the type in full, not as `$app:...`."""

PRIVACY_TOPICS = ("customers/data_request", "customers/redact", "shop/redact")
"""Mandatory, and set in the app's own configuration: the Admin API takes no subscriptions to them."""

SHOPIFY_PATH = "/webhooks/shopify"


def trading_grid_path(tenant_id: str) -> str:
    return f"/webhooks/trading-grid/{tenant_id}"


TRADING_GRID_EVENTS = (
    "campaign.readiness_updated",
    "case.answered",
    "case.closed",
    "case.document_added",
    "case.message_added",
    "case.resolved",
    "case.updated",
    "document.published",
    "inventory_advice.received",
    "invoice.received",
    "partner.updated",
    "purchase_order.change_acknowledged",
    "purchase_order.response_received",
    "return_authorization.updated",
    "shipment_notice.received",
)


@dataclass(frozen=True)
class OrderField:
    """An order metafield that customer service sees."""

    key: str
    type: str
    name: str
    description: str


_OBJECTS = {
    CaseKind.ORDER_EXCEPTION: ("Order exceptions", "order exception", "order"),
    CaseKind.PURCHASE_ORDER: ("Purchase orders", "purchase order", "order"),
    CaseKind.SHIPPING_DOCUMENTS: ("Shipping documents", "purchase order's papers", "number"),
    CaseKind.RETURN_CLAIM: ("Return claims", "return claim", "return"),
    CaseKind.DISPUTE: ("Disputes", "dispute", "dispute"),
}
"""The lifecycles that an order shows: feeds and campaigns concern no single order."""


def _fields_of(kind: CaseKind) -> tuple[OrderField, OrderField]:
    """The JSON and the line of text of one lifecycle."""
    title, noun, by = _OBJECTS[kind]
    return (
        OrderField(
            order_fields.json_key(kind),
            "json",
            f"{title} (data)",
            f"The state of each {noun} of this order, by {by}.",
        ),
        OrderField(
            order_fields.text_key(kind),
            "single_line_text_field",
            title,
            f"The state of this order's {title.lower()} in words.",
        ),
    )


ORDER_FIELDS = (
    *(field for kind in _OBJECTS for field in _fields_of(kind)),
    OrderField(
        order_fields.DOCUMENTS,
        "list.url",
        "Documents",
        "The papers of this order's shipments, the newest 100; the links lead to a login.",
    ),
)
