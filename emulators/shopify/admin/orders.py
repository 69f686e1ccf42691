"""Orders and their lines, read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from emulators.shopify.admin.lookup import find, searched
from emulators.shopify.engine.connections import connect, top
from emulators.shopify.engine.registry import (
    Args,
    Context,
    access_denied,
    mutation,
    query,
    reject,
    resolver,
)
from emulators.shopify.engine.search import parse
from emulators.shopify.model.money import Money
from emulators.shopify.model.orders import LineItem, Order, Transaction
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.refusal import refuse

OLD = timedelta(days=60)
"""Older orders are seen only with `read_all_orders` (Shopify's schema, `Order`)."""

SEARCH: dict[str, Callable[[Any], Any]] = {
    "id": lambda o: o.id,
    "name": lambda o: [o.name, o.name.lstrip("#")],
    "tag": lambda o: o.tags,
    "status": lambda o: _status(o),
    "financial_status": lambda o: o.financial_status,
    "fulfillment_status": lambda o: _fulfillment_words(o),
    "return_status": lambda o: o.return_status,
    "created_at": lambda o: o.created_at,
    "processed_at": lambda o: o.created_at,
    "updated_at": lambda o: o.updated_at,
    "sku": lambda o: [line.sku for line in o.line_items],
    "test": lambda o: True,
}

SORT: dict[str, Callable[[Order], Any]] = {
    "ID": lambda o: o.id,
    "CREATED_AT": lambda o: o.created_at,
    "PROCESSED_AT": lambda o: o.created_at,
    "UPDATED_AT": lambda o: o.updated_at,
    "ORDER_NUMBER": lambda o: o.number,
}

RETURN_SEARCH: dict[str, Callable[[Any], Any]] = {
    "id": lambda r: r.id,
    "name": lambda r: r.name,
    "status": lambda r: r.status,
    "created_at": lambda r: r.created_at,
}


@query("order", scope="read_orders")
def order(_: Any, context: Context, args: Args) -> Order | None:
    found = find(context, Order, args["id"])
    return found if found is not None and _visible(context, found) else None


@query("orders", scope="read_orders")
def orders(_: Any, context: Context, args: Args) -> dict[str, Any]:
    reject(args, "savedSearchId")
    search = searched(context, "orders", args, SEARCH, lambda o: o.name)
    key = SORT.get(args.get("sortKey", "PROCESSED_AT"))
    if key is None:
        raise access_denied(f"orders sorted by {args['sortKey']}")
    sort = key
    found = [o for o in context.shop.orders.values() if _visible(context, o) and search.matches(o)]
    if (lag := context.emulator.faults.plan.api.search_lag_s) and args.get("query"):
        newest = context.emulator.now() - timedelta(seconds=lag)
        found = [o for o in found if o.created_at <= newest]
    found.sort(key=lambda o: (sort(o), o.id))
    return connect(found, args)


@query("ordersCount", scope="read_orders")
def orders_count(_: Any, context: Context, args: Args) -> dict[str, Any]:
    reject(args, "savedSearchId")
    search = parse(args.get("query"), SEARCH, lambda o: o.name)
    count = sum(_visible(context, o) and search.matches(o) for o in context.shop.orders.values())
    return {"count": count, "precision": "EXACT"}


@mutation("orderUpdate", scope="write_orders")
def order_update(act: Action, context: Context, args: Args) -> dict[str, Any]:
    given = args["input"]
    for name in given:
        if name not in ("id", "note", "tags"):
            raise access_denied(f"{name} of OrderInput")
    found = find(context, Order, given["id"])
    if found is None:
        raise refuse("Order does not exist", field=("id",))
    if "note" in given:
        found.note = given["note"]
    if given.get("tags") is not None:
        found.tags = sorted({t.strip() for t in given["tags"] if t.strip()}, key=str.casefold)
    act.touch(found)
    return {"order": found}


@resolver("Order", "returns")
def returns(order_: Order, context: Context, args: Args) -> dict[str, Any]:
    if "read_returns" not in context.scopes:
        raise access_denied("returns", "read_returns")
    search = parse(args.get("query"), RETURN_SEARCH, lambda r: r.name)
    return connect([r for r in order_.returns if search.matches(r)], args)


@resolver("Order", "lineItems")
def line_items(order_: Order, _: Context, args: Args) -> dict[str, Any]:
    return connect(order_.line_items, args)


@resolver("Order", "fulfillments")
def fulfillments(order_: Order, _: Context, args: Args) -> list[Any]:
    reject(args, "query")
    return top(order_.fulfillments, args)


@resolver("Order", "fulfillmentsCount")
def fulfillments_count(order_: Order, _: Context, __: Args) -> dict[str, Any]:
    return {"count": len(order_.fulfillments), "precision": "EXACT"}


@resolver("Order", "fulfillmentOrders")
def fulfillment_orders(order_: Order, _: Context, args: Args) -> dict[str, Any]:
    reject(args, "query")
    return connect(order_.fulfillment_orders, args)


@resolver("Order", "refunds")
def refunds(order_: Order, _: Context, args: Args) -> list[Any]:
    return top(order_.refunds, args)


@resolver("Order", "transactions")
def transactions(order_: Order, _: Context, args: Args) -> list[Any]:
    reject(args, "capturable", "manuallyResolvable")
    return top(order_.transactions, args)


@resolver("Order", "displayFinancialStatus")
def financial_status(order_: Order, _: Context, __: Args) -> str:
    return order_.financial_status


@resolver("Order", "displayFulfillmentStatus")
def fulfillment_status(order_: Order, _: Context, __: Args) -> str:
    return order_.display_fulfillment_status


@resolver("Order", "currencyCode")
@resolver("Order", "presentmentCurrencyCode")
def currency(order_: Order, _: Context, __: Args) -> str:
    return order_.currency


@resolver("Order", "processedAt")
def processed_at(order_: Order, _: Context, __: Args) -> datetime:
    return order_.created_at


@resolver("Order", "closed")
def closed(order_: Order, _: Context, __: Args) -> bool:
    return order_.closed_at is not None


@resolver("Order", "test")
def test(_: Order, __: Context, ___: Args) -> bool:
    return True


@resolver("Order", "fullyPaid")
def fully_paid(order_: Order, _: Context, __: Args) -> bool:
    return order_.outstanding == 0


@resolver("Order", "customAttributes")
@resolver("LineItem", "customAttributes")
def custom_attributes(_: Any, __: Context, ___: Args) -> list[Any]:
    return []


def _amount(type_name: str, name: str, read: Callable[[Any], Decimal]) -> None:
    """Registers a field that shows an amount of an order, or of a line of it."""

    def resolve(source: Any, _: Context, __: Args) -> Money:
        return Money(read(source), source.currency)

    resolver(type_name, name)(resolve)


_amount("Order", "totalPriceSet", lambda o: o.total)
_amount("Order", "originalTotalPriceSet", lambda o: o.total)
_amount("Order", "subtotalPriceSet", lambda o: o.subtotal)
_amount("Order", "totalTaxSet", lambda o: o.tax)
_amount("Order", "totalShippingPriceSet", lambda o: o.shipping)
_amount(
    "Order", "totalDiscountsSet", lambda o: sum((ln.discount for ln in o.line_items), Decimal(0))
)
_amount("Order", "totalReceivedSet", lambda o: o.received)
_amount("Order", "totalRefundedSet", lambda o: o.refunded)
_amount("Order", "totalRefundedShippingSet", lambda o: o.refunded_shipping)
_amount("Order", "totalOutstandingSet", lambda o: o.outstanding)
_amount("Order", "netPaymentSet", lambda o: o.received - o.refunded)
_amount("Order", "currentTotalPriceSet", lambda o: o.current_total)
_amount("Order", "currentSubtotalPriceSet", lambda o: o.current_subtotal)
_amount("Order", "currentTotalTaxSet", lambda o: o.current_tax)
_amount(
    "Order", "refundDiscrepancySet", lambda o: sum((r.discrepancy for r in o.refunds), Decimal(0))
)
_amount("LineItem", "originalUnitPriceSet", lambda ln: ln.unit_price)
_amount("LineItem", "originalTotalSet", lambda ln: ln.original_total)
_amount("LineItem", "discountedTotalSet", lambda ln: ln.discounted_total)
_amount("LineItem", "totalDiscountSet", lambda ln: ln.discount)
_amount("LineItem", "discountedUnitPriceSet", lambda ln: ln.price_of(1))
_amount("LineItem", "discountedUnitPriceAfterAllDiscountsSet", lambda ln: ln.price_of(1))


@resolver("LineItem", "requiresShipping")
@resolver("LineItem", "taxable")
def always(_: LineItem, __: Context, ___: Args) -> bool:
    return True


@resolver("LineItem", "taxLines")
def tax_lines(line: LineItem, _: Context, args: Args) -> list[Any]:
    if not line.tax_rate:
        return []
    rate = {
        "title": "Tax",
        "rate": line.tax_rate,
        "ratePercentage": line.tax_rate * 100,
        "priceSet": Money(line.total_tax, line.currency),
    }
    return top([rate], args)


@resolver("OrderTransaction", "amountSet")
def transaction_amount(transaction: Transaction, _: Context, __: Args) -> Money:
    return transaction.order.money(transaction.amount)


@resolver("OrderTransaction", "parentTransaction")
def parent_transaction(transaction: Transaction, _: Context, __: Args) -> Transaction | None:
    return transaction.parent


@resolver("OrderTransaction", "maximumRefundableV2")
def maximum_refundable(transaction: Transaction, _: Context, __: Args) -> Money | None:
    if transaction.kind not in ("SALE", "CAPTURE"):
        return None
    return transaction.order.money(max(Decimal(0), transaction.refundable))


@resolver("OrderTransaction", "formattedGateway")
def formatted_gateway(transaction: Transaction, _: Context, __: Args) -> str:
    return transaction.gateway.replace("_", " ").capitalize()


@resolver("OrderTransaction", "processedAt")
def transaction_processed_at(transaction: Transaction, _: Context, __: Args) -> datetime:
    return transaction.created_at


def _visible(context: Context, order_: Order) -> bool:
    young = context.emulator.now() - order_.created_at < OLD
    return young or "read_all_orders" in context.scopes


def _status(order_: Order) -> list[str]:
    if order_.cancelled_at is not None:
        return ["cancelled", "any"]
    return ["closed" if order_.closed_at is not None else "open", "any"]


def _fulfillment_words(order_: Order) -> list[str]:
    words = {"FULFILLED": "shipped", "PARTIALLY_FULFILLED": "partial", "UNFULFILLED": "unshipped"}
    status = order_.fulfillment_status
    return [status, words[status], order_.display_fulfillment_status]
