"""Returns, read: lines, reverse fulfillment orders, what may be returned, what would be refunded."""

from __future__ import annotations

from typing import Any

from emulators.shopify.admin.lookup import find
from emulators.shopify.admin.money import money_input
from emulators.shopify.engine.connections import connect
from emulators.shopify.engine.registry import (
    Args,
    Context,
    access_denied,
    bad_request,
    query,
    reject,
    resolver,
)
from emulators.shopify.engine.search import parse
from emulators.shopify.model.fulfillment_orders import Fulfillment
from emulators.shopify.model.money import ZERO, Money
from emulators.shopify.model.orders import Order
from emulators.shopify.model.resource import parse_gid
from emulators.shopify.model.returns import (
    Return,
    ReturnLineItem,
    ReverseFulfillmentOrder,
    ReverseFulfillmentOrderLineItem,
)
from emulators.shopify.rules.refunds import RefundedLine, Suggestion, suggest
from emulators.shopify.rules.refusal import Refused
from emulators.shopify.rules.returns import returnable_quantity

REASON_SEARCH = {
    "id": lambda d: d.id,
    "handle": lambda d: d.handle,
    "name": lambda d: d.name,
    "deleted": lambda d: d.deleted,
}


@query("return", scope="read_returns")
def return_by_id(_: Any, context: Context, args: Args) -> Return | None:
    return find(context, Return, args["id"])


@query("returnReasonDefinitions", scope="read_returns")
def return_reason_definitions(_: Any, context: Context, args: Args) -> dict[str, Any]:
    search = parse(args.get("query"), REASON_SEARCH, lambda d: d.name)
    ids, handles = args.get("ids"), args.get("handles")
    found = [
        definition
        for definition in context.shop.return_reasons.values()
        if (ids is None or definition.gid in ids)
        and (handles is None or definition.handle in handles)
        and search.matches(definition)
    ]
    key = {"NAME": "name", "HANDLE": "handle"}.get(args.get("sortKey", "ID"), "id")
    found.sort(key=lambda d: getattr(d, key))
    return connect(found, args)


@query("returnableFulfillments", scope="read_returns")
def returnable_fulfillments(_: Any, context: Context, args: Args) -> dict[str, Any]:
    order = find(context, Order, args["orderId"])
    if order is None:
        return connect([], args)
    found = [_returnable(f) for f in order.fulfillments if _has_returnable(f)]
    return connect(found, args)


@query("returnableFulfillment", scope="read_returns")
def returnable_fulfillment(_: Any, context: Context, args: Args) -> dict[str, Any] | None:
    number = parse_gid(args["id"], "ReturnableFulfillment")
    found = context.shop.find(f"gid://shopify/Fulfillment/{number}")
    return _returnable(found) if isinstance(found, Fulfillment) else None


@resolver("ReturnableFulfillment", "returnableFulfillmentLineItems")
def returnable_lines(source: dict[str, Any], _: Context, args: Args) -> dict[str, Any]:
    fulfillment: Fulfillment = source["fulfillment"]
    lines = [
        {"fulfillmentLineItem": item, "quantity": returnable_quantity(item)}
        for item in fulfillment.line_items
        if returnable_quantity(item)
    ]
    return connect(lines, args)


@resolver("Return", "returnLineItems")
def return_line_items(return_: Return, _: Context, args: Args) -> dict[str, Any]:
    lines = return_.line_items
    match args.get("processingStatus"):
        case "PROCESSABLE":
            lines = [line for line in lines if line.processable_quantity]
        case "PROCESSED":
            lines = [line for line in lines if line.processed_quantity]
    return connect(lines, args)


@resolver("Return", "exchangeLineItems")
def exchange_line_items(_: Return, __: Context, args: Args) -> dict[str, Any]:
    return connect([], args)


@resolver("Return", "returnShippingFees")
def return_shipping_fees(_: Return, __: Context, ___: Args) -> list[Any]:
    return []


@resolver("Return", "staffMember")
def staff_member(_: Return, __: Context, ___: Args) -> None:
    """The app's returns have none."""


@resolver("Return", "reverseFulfillmentOrders")
def reverse_fulfillment_orders(return_: Return, _: Context, args: Args) -> dict[str, Any]:
    return connect(return_.reverse_fulfillment_orders, args)


@resolver("Return", "refunds")
def refunds(return_: Return, _: Context, args: Args) -> dict[str, Any]:
    return connect([r for r in return_.order.refunds if r.return_ is return_], args)


@resolver("Return", "transactions")
def transactions(return_: Return, _: Context, args: Args) -> dict[str, Any]:
    refunded = [r for r in return_.order.refunds if r.return_ is return_]
    return connect([t for r in refunded for t in r.transactions], args)


@resolver("ReturnLineItem", "returnReason")
def return_reason(line: ReturnLineItem, _: Context, __: Args) -> str:
    return line.reason.reason


@resolver("ReturnLineItem", "returnReasonDefinition")
def return_reason_definition(line: ReturnLineItem, _: Context, __: Args) -> Any:
    return line.reason


@resolver("ReturnLineItem", "returnReasonNote")
def return_reason_note(line: ReturnLineItem, _: Context, __: Args) -> str:
    return line.reason_note


@resolver("ReturnLineItem", "withCodeDiscountedTotalPriceSet")
def line_price(line: ReturnLineItem, _: Context, __: Args) -> Money:
    return line.return_.order.money(line.price)


@resolver("ReturnLineItem", "restockingFee")
def restocking_fee(line: ReturnLineItem, _: Context, __: Args) -> dict[str, Any] | None:
    if line.restocking_fee_id is None:
        return None
    return {
        "__typename": "RestockingFee",
        "id": f"gid://shopify/RestockingFee/{line.restocking_fee_id}",
        "percentage": line.restocking_fee_percentage,
        "amountSet": line.return_.order.money(line.restocking_fee(line.price)),
    }


@resolver("ReverseFulfillmentOrder", "lineItems")
def reverse_lines(rfo: ReverseFulfillmentOrder, _: Context, args: Args) -> dict[str, Any]:
    return connect(rfo.line_items, args)


@resolver("ReverseFulfillmentOrder", "reverseDeliveries")
def reverse_deliveries(_: ReverseFulfillmentOrder, __: Context, args: Args) -> dict[str, Any]:
    return connect([], args)


@resolver("ReverseFulfillmentOrder", "order")
def reverse_order(rfo: ReverseFulfillmentOrder, _: Context, __: Args) -> Order:
    return rfo.return_.order


@query("reverseFulfillmentOrder", scope="read_returns")
def reverse_fulfillment_order(
    _: Any, context: Context, args: Args
) -> ReverseFulfillmentOrder | None:
    return find(context, ReverseFulfillmentOrder, args["id"])


@resolver("ReverseFulfillmentOrderLineItem", "dispositions")
def dispositions(item: ReverseFulfillmentOrderLineItem, _: Context, __: Args) -> list[Any]:
    return list(item.dispositions)


@resolver("Return", "suggestedFinancialOutcome")
def suggested_financial_outcome(return_: Return, _: Context, args: Args) -> dict[str, Any]:
    """The price of the pieces named, less restocking fees, and the payments it would go back on."""
    reject(args, *(["exchangeLineItems"] if args["exchangeLineItems"] else []))
    reject(args, "tipLineId", *(["refundDuties"] if args.get("refundDuties") else []))
    if args.get("refundMethodAllocation", "ORIGINAL_PAYMENT_METHODS") != "ORIGINAL_PAYMENT_METHODS":
        raise access_denied("refundMethodAllocation")
    lines, fees = _suggested_lines(return_, args["returnLineItems"])
    order = return_.order
    try:
        shipping = ZERO
        wanted = args.get("refundShipping")
        if wanted and wanted.get("fullRefund"):
            shipping = order.shipping - order.refunded_shipping
        elif wanted and wanted.get("shippingRefundAmount"):
            amount = wanted["shippingRefundAmount"]
            shipping = money_input(amount, order.currency, ("refundShipping",))
        suggestion = suggest(order, lines, shipping=shipping, fees=fees)
    except Refused as refused:
        raise bad_request(str(refused)) from None
    return _outcome(order, suggestion)


def _suggested_lines(
    return_: Return, wanted: list[dict[str, Any]]
) -> tuple[list[RefundedLine], Any]:
    by_gid = {line.gid: line for line in return_.line_items}
    lines, fees = [], ZERO
    seen: dict[str, int] = {}
    for entry in wanted:
        line = by_gid.get(entry["id"])
        if line is None:
            raise bad_request(f"Return line item {entry['id']} not found.", "NOT_FOUND")
        seen[line.gid] = seen.get(line.gid, 0) + entry["quantity"]
        if entry["quantity"] <= 0 or seen[line.gid] > line.refundable_quantity:
            raise bad_request(
                f"Quantity of {line.gid} must be between 1 and {line.refundable_quantity}."
            )
        item = line.fulfillment_line_item.line_item
        lines.append(RefundedLine(item, entry["quantity"]))
        fees += line.restocking_fee(item.price_of(entry["quantity"]))
    return lines, fees


def _outcome(order: Order, suggestion: Suggestion) -> dict[str, Any]:
    money = order.money
    return {
        "discountedSubtotal": money(suggestion.subtotal),
        "maximumRefundable": money(order.refundable),
        "refundDuties": [],
        "shipping": shipping_refund(suggestion),
        "totalAdditionalFees": money(suggestion.fees),
        "totalCartDiscountAmount": money(ZERO),
        "totalDuties": money(ZERO),
        "totalTax": money(suggestion.tax),
        "totalReturnAmount": money(suggestion.worth),
        "financialTransfer": {
            "__typename": "RefundReturnOutcome",
            "amount": money(suggestion.amount),
            "suggestedRefundMethods": [],
            "suggestedTransactions": suggested_transactions(suggestion),
        },
    }


def shipping_refund(suggestion: Suggestion) -> dict[str, Any]:
    money = suggestion.order.money
    return {
        "amount": suggestion.shipping,
        "amountSet": money(suggestion.shipping),
        "maximumRefundable": suggestion.shipping_refundable,
        "maximumRefundableSet": money(suggestion.shipping_refundable),
        "tax": ZERO,
        "taxSet": money(ZERO),
    }


def suggested_transactions(suggestion: Suggestion) -> list[dict[str, Any]]:
    money = suggestion.order.money
    return [
        {
            "kind": "SUGGESTED_REFUND",
            "gateway": entry.parent.gateway,
            "formattedGateway": entry.parent.gateway.capitalize(),
            "accountNumber": None,
            "paymentDetails": None,
            "amountSet": money(entry.amount),
            "maximumRefundableSet": money(entry.parent.refundable),
            "parentTransaction": entry.parent,
        }
        for entry in suggestion.transactions
    ]


def _has_returnable(fulfillment: Fulfillment) -> bool:
    return any(returnable_quantity(item) for item in fulfillment.line_items)


def _returnable(fulfillment: Fulfillment) -> dict[str, Any]:
    return {
        "__typename": "ReturnableFulfillment",
        "id": f"gid://shopify/ReturnableFulfillment/{fulfillment.id}",
        "fulfillment": fulfillment,
    }
