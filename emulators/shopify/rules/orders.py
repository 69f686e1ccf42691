"""Orders: placed, paid, edited, cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from emulators.shopify.model.catalog import Location, Product, Variant
from emulators.shopify.model.fulfillment_orders import FulfillmentOrder
from emulators.shopify.model.money import ZERO
from emulators.shopify.model.orders import Address, LineItem, Order, Transaction
from emulators.shopify.rules import stock
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.fulfillment_orders import expect, settle, take_off
from emulators.shopify.rules.refusal import refuse


@dataclass(frozen=True)
class OrderedLine:
    """A line to order. ``discount`` is of the whole line, ``tax_rate`` a fraction.

    ``locations`` says how many pieces each location ships; without it ``location`` ships them all.
    """

    sku: str
    quantity: int
    price: Decimal
    vendor: str = "Acme"
    title: str | None = None
    location: str | None = None
    locations: Mapping[str, int] | None = None
    discount: Decimal = ZERO
    tax_rate: Decimal = ZERO


def place_order(
    act: Action,
    lines: Sequence[OrderedLine],
    *,
    tags: Sequence[str] = (),
    shipping: Decimal = ZERO,
    paid: bool = True,
    note: str | None = None,
    created_at: datetime | None = None,
    number_of_orders: int = 1,
    ship_to: Address | None = None,
    fulfill_at: datetime | None = None,
) -> Order:
    """A customer checks out. SKUs and locations that the shop does not have yet are added to it.

    With ``fulfill_at`` in the future the fulfillment orders are SCHEDULED, as for a pre-order.
    """
    if not lines:
        raise refuse("An order needs at least one line", field=("lines",))
    shop = act.shop
    order = Order(
        id=act.new_id(),
        number=shop.next_order_number,
        currency=shop.currency,
        created_at=created_at or act.now,
        updated_at=act.now,
        tags=sorted(set(tags), key=str.casefold),
        shipping=shipping,
        note=note,
        number_of_orders=number_of_orders,
        ship_to=ship_to or Address(),
    )
    shop.next_order_number += 1
    for line in lines:
        _add_line(act, order, line)
    for fo in order.fulfillment_orders:
        fo.fulfill_at = fulfill_at
        settle(act, fo)
    shop.orders[order.id] = order
    act.tell("orders/create", order)
    if paid:
        pay(act, order)
    return order


def stocked_variant(act: Action, line: OrderedLine) -> Variant:
    """The shop's variant with this SKU; a new product where there is none."""
    return act.shop.variant(line.sku) or new_variant(act, line)


def new_variant(act: Action, line: OrderedLine) -> Variant:
    """A new product with this SKU, which another may have too."""
    product = Product(
        id=act.new_id(),
        title=line.title or line.sku,
        vendor=line.vendor,
        created_at=act.now,
        updated_at=act.now,
    )
    variant = Variant(
        id=act.new_id(),
        product=product,
        sku=line.sku,
        price=line.price,
        inventory_item_id=act.new_id(),
    )
    product.variants.append(variant)
    act.shop.add_product(product)
    return variant


def ensure_location(act: Action, name: str | None) -> Location:
    """The shop's location of this name, added if new; without a name the shop's first."""
    if name is None:
        return next(iter(act.shop.locations.values()))
    found = act.shop.location_named(name)
    if found is None:
        found = Location(id=act.new_id(), name=name, created_at=act.now, updated_at=act.now)
        act.shop.locations[found.id] = found
        act.tell("locations/create", found)
    return found


def pay(act: Action, order: Order) -> Transaction | None:
    """The customer pays what is outstanding; None where that is nothing."""
    if order.cancelled_at is not None:
        raise refuse("A cancelled order can't be paid")
    amount = order.outstanding
    if amount == ZERO:
        return None
    transaction = Transaction(
        id=act.new_id(),
        order=order,
        kind="SALE",
        amount=amount,
        gateway="bogus",
        created_at=act.now,
    )
    order.transactions.append(transaction)
    act.tell("order_transactions/create", transaction)
    act.tell("orders/paid", order)
    act.touch(order)
    return transaction


def cancel(act: Action, order: Order, reason: str = "CUSTOMER") -> None:
    """Cancels what was not fulfilled at all; the money stays, as with a cancellation without refund."""
    if order.cancelled_at is not None:
        raise refuse("Order has already been cancelled")
    if any(f.status == "SUCCESS" for f in order.fulfillments):
        raise refuse("Cannot cancel an order that has fulfillments")
    order.cancelled_at = act.now
    order.cancel_reason = reason
    for item in order.line_items:
        _remove(act, item, item.quantity - item.removed)
    act.tell("orders/cancelled", order)
    act.touch(order)


def edit(
    act: Action, order: Order, *, quantities: Mapping[int, int], add: Sequence[OrderedLine]
) -> None:
    """Sets what is left of lines (by line item id; 0 takes a line off) and adds lines.

    Shipped pieces can't be taken off. More pieces go to an untouched fulfillment order of the line's
    location, or to a new one.
    """
    if order.cancelled_at is not None:
        raise refuse("A cancelled order can't be edited")
    by_id = {item.id: item for item in order.line_items}
    for line_id, left in quantities.items():
        item = by_id.get(line_id)
        if item is None:
            raise refuse(f"Line item {line_id} is not on the order")
        if left < item.fulfilled:
            raise refuse(f"Line item {line_id} can't be set to {left}")
    added: list[tuple[LineItem, int]] = []
    removed: list[tuple[LineItem, int]] = []
    for line_id, left in quantities.items():
        item = by_id[line_id]
        change = left - (item.quantity - item.removed)
        if change < 0:
            _remove(act, item, -change)
            removed.append((item, -change))
        elif change > 0:
            item.quantity += change
            _expect(act, order, item, {item.location: change})
            added.append((item, change))
    for line in add:
        item = _add_line(act, order, line)
        added.append((item, item.quantity))
    order.edited = True
    act.tell("orders/edited", order, edit_id=act.new_id(), added=added, removed=removed)
    act.touch(order)


def assess(act: Action, order: Order, recommendation: str) -> None:
    """Somebody assesses the order's risk: ACCEPT, CANCEL, INVESTIGATE or NONE."""
    order.risk = recommendation
    act.tell("orders/risk_assessment_changed", order)
    act.touch(order)


def _add_line(act: Action, order: Order, line: OrderedLine) -> LineItem:
    """A new line in the fulfillment orders of its locations; stock is taken there."""
    shares = {ensure_location(act, name): n for name, n in (line.locations or {}).items()}
    shares = shares or {ensure_location(act, line.location): line.quantity}
    item = LineItem(
        id=act.new_id(),
        order=order,
        variant=stocked_variant(act, line),
        quantity=line.quantity,
        unit_price=line.price,
        location=next(iter(shares)),
        discount=line.discount,
        tax_rate=line.tax_rate,
    )
    order.line_items.append(item)
    _expect(act, order, item, shares)
    return item


def _remove(act: Action, item: LineItem, quantity: int) -> None:
    item.removed += quantity
    for location, taken in take_off(act, item, quantity):
        stock.give(act, item.variant, location, taken)


def _expect(act: Action, order: Order, item: LineItem, shares: Mapping[Location, int]) -> None:
    for location, quantity in shares.items():
        expect(act, _open_at(act, order, location), item, quantity)
        stock.take(act, item.variant, location, quantity)


def _open_at(act: Action, order: Order, location: Location) -> FulfillmentOrder:
    """The fulfillment order of a location that nobody works on yet; a new one where there is none."""
    for fo in order.fulfillment_orders:
        if fo.location is location and fo.status == "OPEN" and not fo.with_service:
            fo.updated_at = act.now
            return fo
    new = FulfillmentOrder(
        id=act.new_id(), order=order, location=location, created_at=act.now, updated_at=act.now
    )
    order.fulfillment_orders.append(new)
    return new
