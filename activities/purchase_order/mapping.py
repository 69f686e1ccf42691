"""Between Trading Grid's models, Shopify's address, and ours."""

from clients.shopify.generated.order_ship_to import OrderShipToOrderShippingAddress
from clients.trading_grid.port import (
    NewPurchaseOrderChange,
    NewPurchaseOrderChangeLine,
    PurchaseOrderChange,
    PurchaseOrderResponse,
    ShipTo,
)
from domain.purchase_order.messages import ChangeFacts, SentChangeLine
from domain.purchase_order.orders import Purpose
from domain.purchase_order.responses import Response, ResponseLine


class Undeliverable(Exception):
    """The order has no address that goods could be sent to; says what is missing, never what is there."""


def ship_to(address: OrderShipToOrderShippingAddress | None) -> ShipTo:
    """The address as Trading Grid takes it.

    Raises:
        Undeliverable: a part that every address needs is missing.
    """
    if address is None:
        raise Undeliverable("The order has no shipping address.")
    street, city, country = address.address_1, address.city, address.country_code_v_2
    if not street or not city or not country:
        missing = [
            name
            for name, value in (("street", street), ("city", city), ("country", country))
            if not value
        ]
        raise Undeliverable(f"The shipping address has no {' and no '.join(missing)}.")
    return ShipTo(
        name=address.name or None,
        company=address.company or None,
        address1=street,
        address2=address.address_2 or None,
        city=city,
        province_code=address.province_code or None,
        postal_code=address.zip_ or None,
        country_code=str(country),
        phone=address.phone or None,
    )


def response_of(found: PurchaseOrderResponse) -> Response:
    return Response(
        id=found.id,
        sequence=found.sequence,
        header_code=found.header_code,
        lines=tuple(
            ResponseLine(
                line_id=line.line_id,
                ack_code=line.ack_code,
                quantity=line.quantity,
                ship_date=line.scheduled_ship_date,
                delivery_date=line.scheduled_delivery_date,
                unit_price=line.unit_price,
                substitute_sku=line.substitute_sku,
                note=line.note,
            )
            for line in found.lines
        ),
        unreadable=found.unreadable,
    )


def change_facts(found: PurchaseOrderChange) -> ChangeFacts:
    return ChangeFacts(number=found.change_number, status=found.status, note=found.note)


def new_change(
    number: int, purpose: Purpose, lines: tuple[SentChangeLine, ...], currency: str
) -> NewPurchaseOrderChange:
    return NewPurchaseOrderChange(
        change_number=str(number),
        purpose=purpose.value,
        lines=tuple(
            NewPurchaseOrderChangeLine(
                line_id=line.line_id,
                sku=line.sku or None,
                quantity=line.quantity,
                unit_price=line.unit_price,
                currency=currency if line.unit_price is not None and currency else None,
            )
            for line in lines
        ),
    )
