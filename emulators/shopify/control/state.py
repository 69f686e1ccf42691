"""The whole state of a shop as JSON, for people and for assertions."""

from __future__ import annotations

from typing import Any

from emulators.shopify.control.campaigns import shown as shown_metaobject
from emulators.shopify.control.disputes import shown as shown_dispute
from emulators.shopify.control.fulfillment_orders import shown as shown_fulfillment_order
from emulators.shopify.control.returns import shown as shown_return
from emulators.shopify.model.orders import Order
from emulators.shopify.model.returns import Return
from emulators.shopify.model.shop import Shop
from emulators.shopify.model.transfers import InventoryTransfer
from emulators.shopify.webhooks.payloads import moment


def shop_state(shop: Shop) -> dict[str, Any]:
    return {
        "id": shop.gid,
        "domain": shop.domain,
        "installed": shop.installed,
        "currency": shop.currency,
        "locations": [
            {"id": loc.gid, "name": loc.name, "active": loc.is_active}
            for loc in shop.locations.values()
        ],
        "variants": [
            {
                "sku": variant.sku,
                "vendor": product.vendor,
                "available": {shop.locations[i].name: n for i, n in variant.available.items()},
            }
            for product in shop.products.values()
            for variant in product.variants
        ],
        "orders": [_order(shop, order) for order in shop.orders.values()],
        "returns": [_return(return_) for return_ in shop.returns.values()],
        "disputes": [shown_dispute(dispute) for dispute in shop.disputes.values()],
        "metaobjects": [shown_metaobject(known) for known in shop.metaobjects.values()],
        "inventory_transfers": [_transfer(transfer) for transfer in shop.transfers.values()],
        "metafield_definitions": [
            {"namespace": d.namespace, "key": d.key, "owner_type": d.owner_type, "type": d.type}
            for d in shop.definitions.values()
        ],
        "webhook_subscriptions": [
            {
                "id": s.gid,
                "topic": s.topic.text,
                "uri": s.uri,
                "include_fields": s.include_fields,
                "filter": s.filter,
            }
            for s in shop.subscriptions.values()
        ],
    }


def _order(shop: Shop, order: Order) -> dict[str, Any]:
    return {
        "id": order.gid,
        "name": order.name,
        "tags": order.tags,
        "note": order.note,
        "created_at": moment(order.created_at),
        "updated_at": moment(order.updated_at),
        "cancelled_at": moment(order.cancelled_at),
        "financial_status": order.financial_status,
        "fulfillment_status": order.fulfillment_status,
        "return_status": order.return_status,
        "total": str(order.total),
        "received": str(order.received),
        "refunded": str(order.refunded),
        "lines": [
            {
                "id": line.gid,
                "sku": line.sku,
                "vendor": line.vendor,
                "quantity": line.quantity,
                "current_quantity": line.current_quantity,
                "unfulfilled_quantity": line.unfulfilled_quantity,
                "refundable_quantity": line.refundable_quantity,
            }
            for line in order.line_items
        ],
        "number_of_orders": order.number_of_orders,
        "risk": order.risk,
        "fulfillment_orders": [shown_fulfillment_order(fo) for fo in order.fulfillment_orders],
        "fulfillments": [
            {
                "id": f.gid,
                "status": f.status,
                "location": f.location.name,
                "tracking": [
                    {"company": t.company, "number": t.number, "url": t.url} for t in f.tracking
                ],
                "lines": [{"sku": i.line_item.sku, "quantity": i.quantity} for i in f.line_items],
            }
            for f in order.fulfillments
        ],
        "refunds": [
            {
                "id": refund.gid,
                "amount": str(refund.total),
                "note": refund.note,
                "return_id": refund.return_.gid if refund.return_ is not None else None,
                "lines": [
                    {"sku": i.line_item.sku, "quantity": i.quantity} for i in refund.line_items
                ],
            }
            for refund in order.refunds
        ],
        "metafields": [
            {"namespace": m.namespace, "key": m.key, "type": m.type, "value": m.value}
            for m in shop.metafields_of(order)
        ],
    }


def _transfer(transfer: InventoryTransfer) -> dict[str, Any]:
    return {
        "id": transfer.gid,
        "name": transfer.name,
        "status": transfer.status,
        "reference_name": transfer.reference_name,
        "note": transfer.note,
        "tags": transfer.tags,
        "destination": transfer.destination.name if transfer.destination is not None else None,
        "lines": [
            {"sku": line.inventory_item.variant.sku, "quantity": line.total_quantity}
            for line in transfer.line_items
        ],
        "shipments": [
            {
                "id": shipment.gid,
                "status": shipment.status,
                "arrives_at": moment(shipment.tracking.arrives_at) if shipment.tracking else None,
                "quantity": shipment.line_item_total_quantity,
            }
            for shipment in transfer.shipments
        ],
    }


def _return(return_: Return) -> dict[str, Any]:
    decline = return_.decline
    return shown_return(return_) | {
        "order_id": return_.order.gid,
        "decline": {"reason": decline.reason, "note": decline.note} if decline else None,
        "dispositions": [
            {
                "sku": item.fulfillment_line_item.line_item.sku,
                "type": d.type,
                "quantity": d.quantity,
                "location": d.location.name if d.location is not None else None,
            }
            for rfo in return_.reverse_fulfillment_orders
            for item in rfo.line_items
            for d in item.dispositions
        ],
    }
