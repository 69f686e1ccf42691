"""Refunds: read, suggested, made."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from emulators.shopify.admin.lookup import find
from emulators.shopify.admin.money import amount_of
from emulators.shopify.admin.returns import shipping_refund, suggested_transactions
from emulators.shopify.engine.connections import connect
from emulators.shopify.engine.registry import (
    Args,
    Context,
    access_denied,
    bad_request,
    mutation,
    query,
    reject,
    resolver,
)
from emulators.shopify.model.catalog import Location
from emulators.shopify.model.money import ZERO, Money
from emulators.shopify.model.orders import LineItem, Order, Transaction
from emulators.shopify.model.refunds import Refund, RefundLineItem
from emulators.shopify.model.returns import Return
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.refunds import Payback, RefundedLine, refund, suggest
from emulators.shopify.rules.refusal import Refused, UserError, refuse


@query("refund", scope="read_orders")
def refund_by_id(_: Any, context: Context, args: Args) -> Refund | None:
    return find(context, Refund, args["id"])


@resolver("Refund", "totalRefundedSet")
def total_refunded(refund_: Refund, _: Context, __: Args) -> Money:
    return refund_.order.money(refund_.total)


@resolver("Refund", "return")
def refunded_return(refund_: Refund, _: Context, __: Args) -> Return | None:
    return refund_.return_


@resolver("Refund", "processedAt")
@resolver("Refund", "updatedAt")
def moved_at(refund_: Refund, _: Context, __: Args) -> datetime:
    return refund_.created_at


@resolver("Refund", "duties")
def duties(_: Refund, __: Context, ___: Args) -> list[Any]:
    return []


@resolver("Refund", "transactions")
def transactions(refund_: Refund, _: Context, args: Args) -> dict[str, Any]:
    return connect(refund_.transactions, args)


@resolver("Refund", "refundLineItems")
def line_items(refund_: Refund, _: Context, args: Args) -> dict[str, Any]:
    return connect(refund_.line_items, args)


@resolver("Refund", "orderAdjustments")
def adjustments(refund_: Refund, _: Context, args: Args) -> dict[str, Any]:
    if refund_.discrepancy == ZERO:
        return connect([], args)
    entry = {
        "__typename": "OrderAdjustment",
        "id": f"gid://shopify/OrderAdjustment/{refund_.adjustment_id}",
        "reason": "REFUND_DISCREPANCY",
        "amountSet": refund_.order.money(refund_.discrepancy),
        "taxAmountSet": refund_.order.money(ZERO),
    }
    return connect([entry], args)


@resolver("RefundLineItem", "priceSet")
def price(item: RefundLineItem, _: Context, __: Args) -> Money:
    return Money(item.line_item.price_of(1), item.line_item.currency)


@resolver("RefundLineItem", "subtotalSet")
def subtotal(item: RefundLineItem, _: Context, __: Args) -> Money:
    return Money(item.subtotal, item.line_item.currency)


@resolver("RefundLineItem", "totalTaxSet")
def tax(item: RefundLineItem, _: Context, __: Args) -> Money:
    return Money(item.tax, item.line_item.currency)


@resolver("RefundLineItem", "restocked")
def restocked(item: RefundLineItem, _: Context, __: Args) -> bool:
    return item.location is not None


@resolver("Order", "suggestedRefund")
def suggested_refund(order: Order, context: Context, args: Args) -> dict[str, Any]:
    """What Shopify would give back for some pieces of the order, or for all that is left of it."""
    reject(args, *(["refundDuties"] if args.get("refundDuties") else []))
    if args.get("refundMethodAllocation", "ORIGINAL_PAYMENT_METHODS") != "ORIGINAL_PAYMENT_METHODS":
        raise access_denied("refundMethodAllocation")
    try:
        if args.get("suggestFullRefund"):
            left = [ln for ln in order.line_items if ln.refundable_quantity]
            lines = [RefundedLine(ln, ln.refundable_quantity) for ln in left]
            shipping = order.shipping - order.refunded_shipping
        else:
            lines = _lines(context, order, args.get("refundLineItems") or [])
            shipping = _shipping(order, args.get("refundShipping"), args.get("shippingAmount"))
        found = suggest(order, lines, shipping=shipping)
    except Refused as refused:
        raise bad_request(str(refused)) from None
    money = order.money
    return {
        "amountSet": money(found.amount),
        "discountedSubtotalSet": money(found.subtotal),
        "subtotalSet": money(found.original_subtotal),
        "maximumRefundableSet": money(order.refundable),
        "refundDuties": [],
        "refundLineItems": found.lines,
        "shipping": shipping_refund(found),
        "suggestedRefundMethods": [],
        "suggestedTransactions": suggested_transactions(found),
        "totalCartDiscountAmountSet": money(ZERO),
        "totalDutiesSet": money(ZERO),
        "totalTaxSet": money(found.tax),
    }


@mutation("refundCreate", scope="write_orders", idempotent=True)
def refund_create(act: Action, context: Context, args: Args) -> dict[str, Any]:
    given = args["input"]
    for name in ("refundDuties", "refundMethods", "processedAt"):
        if given.get(name):
            raise access_denied(f"{name} of RefundInput")
    order = find(context, Order, given["orderId"])
    if order is None:
        raise refuse("Order does not exist", field=("orderId",))
    if given.get("currency") not in (None, order.currency):
        raise refuse(f"Currency must be {order.currency}", field=("currency",))
    wanted = given.get("shipping") or {}
    made = refund(
        act,
        order,
        lines=_lines(context, order, given.get("refundLineItems") or []),
        paybacks=_paybacks(context, order, given.get("transactions") or []),
        shipping=_shipping(order, wanted.get("fullRefund"), wanted.get("amount")),
        note=given.get("note"),
        allow_over_refunding=bool(given.get("allowOverRefunding")),
    )
    return {"refund": made, "order": order}


def _shipping(order: Order, full: bool | None, amount: Any) -> Decimal:
    if full:
        return order.shipping - order.refunded_shipping
    return amount_of(amount, ("shipping", "amount")) if amount is not None else ZERO


def _lines(context: Context, order: Order, entries: list[dict[str, Any]]) -> list[RefundedLine]:
    lines, errors = [], []
    for index, entry in enumerate(entries):
        at = ("refundLineItems", str(index))
        item = find(context, LineItem, entry["lineItemId"])
        if item is None or item.order is not order:
            errors.append(UserError((*at, "lineItemId"), "Line item does not exist"))
            continue
        gid = entry.get("locationId")
        location = find(context, Location, gid) if gid is not None else None
        if gid is not None and location is None:
            errors.append(UserError((*at, "locationId"), "Location does not exist"))
            continue
        restock_type = entry.get("restockType") or "NO_RESTOCK"
        if restock_type == "LEGACY_RESTOCK":
            errors.append(UserError((*at, "restockType"), "Restock type is invalid"))
            continue
        lines.append(RefundedLine(item, entry["quantity"], restock_type, location))
    if errors:
        raise Refused(*errors)
    return lines


def _paybacks(context: Context, order: Order, entries: list[dict[str, Any]]) -> list[Payback]:
    paybacks, errors = [], []
    for index, entry in enumerate(entries):
        at = ("transactions", str(index))
        parent = find(context, Transaction, entry["parentId"]) if entry.get("parentId") else None
        if entry["kind"] != "REFUND":
            errors.append(UserError((*at, "kind"), "Kind must be refund"))
        elif entry["orderId"] != order.gid:
            errors.append(UserError((*at, "orderId"), "Order does not match"))
        elif parent is None:
            errors.append(UserError((*at, "parentId"), "Parent transaction does not exist"))
        elif entry["gateway"] != parent.gateway:
            errors.append(UserError((*at, "gateway"), "Gateway does not match the parent"))
        else:
            amount = amount_of(entry["amount"], (*at, "amount"))
            paybacks.append(Payback(parent, amount, (*at, "amount")))
    if errors:
        raise Refused(*errors)
    return paybacks
