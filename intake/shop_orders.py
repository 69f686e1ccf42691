"""An order of a shop in our words, whole, as Shopify has it now."""

from collections import Counter

from clients.shopify.admin import AdminApi
from clients.shopify.generated.fragments import FulfillmentOrderToShipFulfillmentHolds, OrderedLine
from clients.shopify.whole import (
    OrderToShip,
    WholeFulfillment,
    WholeFulfillmentOrder,
    read_order_to_ship,
)
from domain.shop_order import (
    FulfillmentOrder,
    FulfillmentOrderLine,
    Hold,
    OrderLine,
    Shipment,
    ShopOrder,
    Tracking,
)
from domain.shopify_ids import gid, numeric_id


async def read_shop_order(admin: AdminApi, order_id: str) -> ShopOrder | None:
    """The order (by number or GID) with all its pages; None if the shop has no such order (any more).

    Raises ShopifyError; ShopifyIncomplete with more than 100 fulfillments.
    """
    found = await read_order_to_ship(admin, gid("Order", order_id))
    return None if found is None else _order(found)


def _order(found: OrderToShip) -> ShopOrder:
    order = found.details
    return ShopOrder(
        order_id=numeric_id(order.id),
        name=order.name,
        currency=str(order.currency_code),
        created_at=order.created_at,
        updated_at=order.updated_at,
        cancelled=order.cancelled_at is not None,
        closed=order.closed,
        financial_status=str(order.display_financial_status or ""),
        tags=tuple(order.tags),
        number_of_orders=order.customer.number_of_orders if order.customer else 0,
        risk=str(order.risk.recommendation),
        lines=tuple(_line(line) for line in found.lines),
        fulfillment_orders=tuple(_fulfillment_order(one) for one in found.fulfillment_orders),
        shipments=tuple(_shipment(one) for one in found.fulfillments),
    )


def _line(line: OrderedLine) -> OrderLine:
    return OrderLine(
        line_id=numeric_id(line.id),
        sku=line.sku or "",
        vendor=line.vendor or "",
        name=line.name,
        quantity=line.current_quantity,
        unfulfilled=line.unfulfilled_quantity,
        requires_shipping=line.requires_shipping,
        unit_price=line.discounted_unit_price_set.shop_money.amount,
    )


def _fulfillment_order(found: WholeFulfillmentOrder) -> FulfillmentOrder:
    order = found.details
    assigned = order.assigned_location
    location = assigned.location
    service = location.fulfillment_service if location else None
    return FulfillmentOrder(
        id=numeric_id(order.id),
        status=str(order.status),
        request_status=str(order.request_status),
        location_id=numeric_id(location.id) if location else "",
        location_name=assigned.name,
        fulfillment_service=service.handle if service else "",
        actions=tuple(str(one.action) for one in order.supported_actions),
        holds=tuple(_hold(hold) for hold in order.fulfillment_holds),
        lines=tuple(
            FulfillmentOrderLine(
                id=numeric_id(line.id),
                line_id=numeric_id(line.line_item.id),
                total=line.total_quantity,
                remaining=line.remaining_quantity,
            )
            for line in found.lines
        ),
        fulfill_by=order.fulfill_by,
    )


def _hold(hold: FulfillmentOrderToShipFulfillmentHolds) -> Hold:
    return Hold(
        id=numeric_id(hold.id),
        handle=hold.handle or "",
        reason=str(hold.reason),
        notes=hold.reason_notes or "",
        by_this_app=hold.held_by_requesting_app,
    )


def _shipment(found: WholeFulfillment) -> Shipment:
    fulfillment = found.details
    quantities: Counter[str] = Counter()
    for line in found.lines:
        quantities[numeric_id(line.line_item.id)] += line.quantity or 0
    return Shipment(
        id=numeric_id(fulfillment.id),
        status=str(fulfillment.status),
        created_at=fulfillment.created_at,
        tracking=tuple(
            Tracking(company=one.company or "", number=one.number or "", url=one.url or "")
            for one in fulfillment.tracking_info
        ),
        quantities=dict(quantities),
    )
