"""What a webhook carries: Shopify's REST-shaped JSON, in the fields that its payload examples have.

Note what is *not* there: the payloads of returns have no ``updated_at``, and ``returns/update`` has no
``id``; cancel, close and reopen name their order by ``order_id``, the others by ``order.id``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from emulators.shopify.model.bulk import BulkOperation
from emulators.shopify.model.catalog import Location, Product
from emulators.shopify.model.disputes import Dispute
from emulators.shopify.model.fulfillment_orders import Fulfillment
from emulators.shopify.model.metaobjects import Collection, Metaobject
from emulators.shopify.model.money import rest_amount
from emulators.shopify.model.orders import Address, LineItem, Order, Transaction
from emulators.shopify.model.refunds import Refund
from emulators.shopify.model.resource import Resource
from emulators.shopify.model.returns import Return, ReturnLineItem, ReverseFulfillmentOrder
from emulators.shopify.rules.action import Event
from emulators.shopify.webhooks.fulfillment_payloads import FULFILLMENT_ORDERS, hold_event
from emulators.shopify.webhooks.inventory_payloads import (
    INVENTORY_LEVELS,
    INVENTORY_SHIPMENTS,
    INVENTORY_TRANSFERS,
)

Payload = dict[str, Any]


def payload_of(event: Event) -> Payload:
    """The JSON of an event; raises KeyError for a topic that has no payload here."""
    family, _, kind = event.topic.partition("/")
    if family in EVENTS:
        return EVENTS[family][kind](event)
    if event.topic in SINGLE:
        return SINGLE[event.topic](event)
    return FAMILIES[family](event.resource)


def moment(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _ids(resource: Resource) -> Payload:
    return {"id": resource.id, "admin_graphql_api_id": resource.gid}


def order(resource: Resource) -> Payload:
    assert isinstance(resource, Order)
    status = {"FULFILLED": "fulfilled", "PARTIALLY_FULFILLED": "partial"}
    return _ids(resource) | {
        "name": resource.name,
        "order_number": resource.number,
        "created_at": moment(resource.created_at),
        "updated_at": moment(resource.updated_at),
        "processed_at": moment(resource.created_at),
        "cancelled_at": moment(resource.cancelled_at),
        "cancel_reason": resource.cancel_reason.lower() if resource.cancel_reason else None,
        "closed_at": moment(resource.closed_at),
        "currency": resource.currency,
        "financial_status": resource.financial_status.lower(),
        "fulfillment_status": status.get(resource.fulfillment_status),
        "tags": ", ".join(resource.tags),
        "note": resource.note,
        "total_price": rest_amount(resource.total),
        "subtotal_price": rest_amount(resource.subtotal),
        "total_tax": rest_amount(resource.tax),
        "current_total_price": rest_amount(resource.current_total),
        "test": True,
        "shipping_address": _address(resource.ship_to),
        "line_items": [_line_item(item) for item in resource.line_items],
    }


def _line_item(item: LineItem) -> Payload:
    return _ids(item) | {
        "sku": item.sku,
        "vendor": item.vendor,
        "name": item.name,
        "title": item.title,
        "quantity": item.quantity,
        "current_quantity": item.current_quantity,
        "fulfillable_quantity": item.unfulfilled_quantity,
        "price": rest_amount(item.unit_price),
        "total_discount": rest_amount(item.discount),
        "variant_id": item.variant.id,
        "product_id": item.variant.product.id,
    }


def _address(place: Address) -> Payload:
    return {
        "first_name": place.first_name,
        "last_name": place.last_name,
        "name": place.name,
        "company": place.company,
        "address1": place.address1,
        "address2": place.address2,
        "city": place.city,
        "province": place.province,
        "province_code": place.province_code,
        "zip": place.zip,
        "country": place.country,
        "country_code": place.country_code,
        "phone": place.phone,
    }


def _order_edited(event: Event) -> Payload:
    """Not an order but its edit: what was added and removed, by line item number."""
    assert isinstance(event.resource, Order)

    def deltas(changed: list[tuple[LineItem, int]]) -> list[Payload]:
        return [{"id": item.id, "delta": quantity} for item, quantity in changed]

    none: Payload = {"additions": [], "removals": []}
    return {
        "order_edit": {
            "id": event.detail["edit_id"],
            "app_id": None,
            "created_at": moment(event.resource.updated_at),
            "notify_customer": False,
            "order_id": event.resource.id,
            "staff_note": "",
            "user_id": None,
            "line_items": {
                "additions": deltas(event.detail["added"]),
                "removals": deltas(event.detail["removed"]),
            },
            "discounts": {"line_item": none},
            "shipping_lines": none,
        }
    }


def _risk_assessed(event: Event) -> Payload:
    """An assessment and its level; the recommendation is only in the order itself."""
    assert isinstance(event.resource, Order)
    levels = {"ACCEPT": "low", "INVESTIGATE": "medium", "CANCEL": "high"}
    return {
        "provider_id": None,
        "provider_title": None,
        "risk_level": levels.get(event.resource.risk, "none"),
        "created_at": moment(event.resource.updated_at),
        "order_id": event.resource.id,
        "admin_graphql_api_order_id": event.resource.gid,
    }


def fulfillment(resource: Resource) -> Payload:
    assert isinstance(resource, Fulfillment)
    numbers = [t.number for t in resource.tracking if t.number]
    urls = [t.url for t in resource.tracking if t.url]
    companies = [t.company for t in resource.tracking if t.company]
    return _ids(resource) | {
        "order_id": resource.order.id,
        "name": resource.name,
        "status": resource.status.lower(),
        "created_at": moment(resource.created_at),
        "updated_at": moment(resource.updated_at),
        "location_id": resource.location.id,
        "tracking_company": companies[0] if companies else None,
        "tracking_number": numbers[0] if numbers else None,
        "tracking_numbers": numbers,
        "tracking_url": urls[0] if urls else None,
        "tracking_urls": urls,
        "destination": _address(resource.order.ship_to),
        "line_items": [
            _line_item(item.line_item) | {"quantity": item.quantity} for item in resource.line_items
        ],
    }


def refund(resource: Resource) -> Payload:
    assert isinstance(resource, Refund)
    return _ids(resource) | {
        "order_id": resource.order.id,
        "created_at": moment(resource.created_at),
        "processed_at": moment(resource.created_at),
        "note": resource.note,
        "return": _ids(resource.return_) if resource.return_ is not None else None,
        "refund_line_items": [
            {
                "id": item.id,
                "line_item_id": item.line_item.id,
                "quantity": item.quantity,
                "restock_type": item.restock_type.lower(),
                "location_id": item.location.id if item.location else None,
                "subtotal": rest_amount(item.subtotal),
                "total_tax": rest_amount(item.tax),
            }
            for item in resource.line_items
        ],
        "transactions": [transaction(t) for t in resource.transactions],
    }


def transaction(resource: Resource) -> Payload:
    assert isinstance(resource, Transaction)
    return _ids(resource) | {
        "order_id": resource.order.id,
        "kind": resource.kind.lower(),
        "status": resource.status.lower(),
        "amount": rest_amount(resource.amount),
        "currency": resource.order.currency,
        "gateway": resource.gateway,
        "parent_id": resource.parent.id if resource.parent else None,
        "created_at": moment(resource.created_at),
        "test": True,
    }


def location(resource: Resource) -> Payload:
    assert isinstance(resource, Location)
    return _ids(resource) | {
        "name": resource.name,
        "active": resource.is_active,
        "country_code": resource.country_code,
        "created_at": moment(resource.created_at),
        "updated_at": moment(resource.updated_at),
    }


def product(resource: Resource) -> Payload:
    assert isinstance(resource, Product)
    return _ids(resource) | {
        "title": resource.title,
        "vendor": resource.vendor,
        "created_at": moment(resource.created_at),
        "updated_at": moment(resource.updated_at),
        "variants": [
            _ids(v) | {"sku": v.sku, "price": rest_amount(v.price)} for v in resource.variants
        ],
    }


def reverse_fulfillment_order(resource: Resource) -> Payload:
    assert isinstance(resource, ReverseFulfillmentOrder)
    made = [
        _ids(d) | {"disposition_type": d.type.lower(), "quantity": d.quantity}
        for item in resource.line_items
        for d in item.dispositions
    ]
    return _ids(resource) | {"dispositions": made, "total_dispositions": len(made)}


def dispute(resource: Resource) -> Payload:
    """Without the GID, and without a time of the change."""
    assert isinstance(resource, Dispute)
    return {
        "id": resource.id,
        "order_id": resource.order.id,
        "type": resource.type.lower(),
        "amount": rest_amount(resource.amount),
        "currency": resource.order.currency,
        "reason": resource.reason.lower(),
        "network_reason_code": resource.network_reason_code,
        "status": resource.status.lower(),
        "evidence_due_by": moment(resource.evidence_due_by),
        "evidence_sent_on": moment(resource.evidence_sent_on),
        "finalized_on": moment(resource.finalized_on),
        "initiated_at": moment(resource.initiated_at),
    }


def collection(resource: Resource) -> Payload:
    assert isinstance(resource, Collection)
    return _ids(resource) | {
        "handle": resource.handle,
        "title": resource.title,
        "updated_at": moment(resource.updated_at),
    }


def _metaobject(event: Event) -> Payload:
    """With the GID as its id, and its values as texts by key (as integrations read it)."""
    known = event.resource
    assert isinstance(known, Metaobject)
    return {
        "id": known.gid,
        "type": known.type,
        "handle": known.handle,
        "display_name": known.display_name,
        "fields": dict(known.texts),
        "created_at": moment(known.created_at),
        "updated_at": moment(known.updated_at),
    }


def _metaobject_deleted(event: Event) -> Payload:
    known = event.resource
    assert isinstance(known, Metaobject)
    return {"id": known.gid, "type": known.type, "handle": known.handle}


def shop(resource: Resource) -> Payload:
    return _ids(resource)


def _return(event: Event) -> Return:
    assert isinstance(event.resource, Return)
    return event.resource


def _return_line(line: ReturnLineItem) -> Payload:
    item = line.fulfillment_line_item
    return _ids(line) | {
        "fulfillment_line_item": _ids(item) | {"line_item": _ids(item.line_item)},
        "quantity": line.quantity,
        "return_reason": line.reason.reason.lower(),
        "return_reason_note": line.reason_note,
        "customer_note": line.customer_note,
    }


def _return_whole(event: Event) -> Payload:
    return_ = _return(event)
    return _ids(return_) | {
        "status": return_.status.lower(),
        "order": _ids(return_.order),
        "name": return_.name,
        "total_return_line_items": len(return_.line_items),
        "return_line_items": [_return_line(line) for line in return_.line_items],
        "total_exchange_line_items": 0,
        "exchange_line_items": [],
        "return_shipping_fees": [],
    }


def _return_declined(event: Event) -> Payload:
    return_ = _return(event)
    assert return_.decline is not None
    return _ids(return_) | {
        "status": return_.status.lower(),
        "order": _ids(return_.order),
        "decline": {"reason": return_.decline.reason.lower(), "note": return_.decline.note},
    }


def _return_ended(event: Event) -> Payload:
    return_ = _return(event)
    status = return_.status.lower()
    return _ids(return_) | {"order_id": return_.order.id, "status": status}


def _return_updated(event: Event) -> Payload:
    removed = [_ids(line) | {"delta": -n} for line, n in event.detail.get("removed", [])]
    return {
        "admin_graphql_api_id": _return(event).gid,
        "return_line_items": {"removals": removed},
        "restocking_fees": {"updates": []},
        "return_shipping_fees": {"updates": []},
    }


def _return_processed(event: Event) -> Payload:
    return_ = _return(event)
    processed = [_ids(line) | {"quantity": n} for line, n in event.detail.get("processed", [])]
    return _ids(return_) | {
        "status": return_.status.lower(),
        "order": _ids(return_.order),
        "return_line_items": processed,
    }


RETURNS: dict[str, Callable[[Event], Payload]] = {
    "request": _return_whole,
    "approve": _return_whole,
    "decline": _return_declined,
    "cancel": _return_ended,
    "close": _return_ended,
    "reopen": _return_ended,
    "update": _return_updated,
    "process": _return_processed,
}

EVENTS: dict[str, Mapping[str, Callable[[Event], Payload]]] = {
    "returns": RETURNS,
    "fulfillment_orders": FULFILLMENT_ORDERS,
    "fulfillment_holds": {"added": hold_event, "released": hold_event},
    "metaobjects": {
        "create": _metaobject,
        "update": _metaobject,
        "delete": _metaobject_deleted,
    },
    "inventory_levels": INVENTORY_LEVELS,
    "inventory_transfers": INVENTORY_TRANSFERS,
    "inventory_shipments": INVENTORY_SHIPMENTS,
}


def _bulk_finished(event: Event) -> Payload:
    operation = event.resource
    assert isinstance(operation, BulkOperation)
    return {
        "admin_graphql_api_id": operation.gid,
        "completed_at": moment(operation.completed_at),
        "created_at": moment(operation.created_at),
        "error_code": operation.error_code.lower() if operation.error_code else None,
        "status": operation.status.lower(),
        "type": "query",
    }


SINGLE: dict[str, Callable[[Event], Payload]] = {
    "bulk_operations/finish": _bulk_finished,
    "orders/edited": _order_edited,
    "orders/risk_assessment_changed": _risk_assessed,
}

FAMILIES: dict[str, Callable[[Resource], Payload]] = {
    "orders": order,
    "fulfillments": fulfillment,
    "refunds": refund,
    "order_transactions": transaction,
    "locations": location,
    "products": product,
    "reverse_fulfillment_orders": reverse_fulfillment_order,
    "collections": collection,
    "disputes": dispute,
    "app": shop,
}
