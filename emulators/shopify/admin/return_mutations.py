"""What an app does to returns."""

from __future__ import annotations

from typing import Any

from emulators.shopify.admin.lookup import find
from emulators.shopify.admin.money import amount_of, money_input
from emulators.shopify.engine.registry import Args, Context, access_denied, bad_request, mutation
from emulators.shopify.model.catalog import Location
from emulators.shopify.model.fulfillment_orders import FulfillmentLineItem
from emulators.shopify.model.money import ZERO
from emulators.shopify.model.orders import Order, Transaction
from emulators.shopify.model.returns import (
    Return,
    ReturnLineItem,
    ReturnReasonDefinition,
    ReverseFulfillmentOrderLineItem,
)
from emulators.shopify.rules import processing, returns
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.processing import Disposed, MoneyBack, Processed
from emulators.shopify.rules.refunds import Payback
from emulators.shopify.rules.refusal import Refused, UserError, refuse
from emulators.shopify.rules.returns import ReturnedLine

Path = tuple[str, ...]


@mutation("returnApproveRequest", scope="write_returns")
def approve(act: Action, context: Context, args: Args) -> dict[str, Any]:
    return_ = _return(context, args["input"]["id"], ("input", "id"))
    returns.approve(act, return_)
    return {"return": return_}


@mutation("returnDeclineRequest", scope="write_returns")
def decline(act: Action, context: Context, args: Args) -> dict[str, Any]:
    given = args["input"]
    return_ = _return(context, given["id"], ("input", "id"))
    returns.decline(act, return_, given["declineReason"], given.get("declineNote"))
    return {"return": return_}


@mutation("returnCancel", scope="write_returns")
def cancel(act: Action, context: Context, args: Args) -> dict[str, Any]:
    return_ = _return(context, args["id"], ("id",))
    returns.cancel(act, return_)
    return {"return": return_}


@mutation("returnClose", scope="write_returns")
def close(act: Action, context: Context, args: Args) -> dict[str, Any]:
    return_ = _return(context, args["id"], ("id",))
    returns.close(act, return_)
    return {"return": return_}


@mutation("returnReopen", scope="write_returns")
def reopen(act: Action, context: Context, args: Args) -> dict[str, Any]:
    return_ = _return(context, args["id"], ("id",))
    returns.reopen(act, return_)
    return {"return": return_}


@mutation("removeFromReturn", scope="write_returns")
def remove(act: Action, context: Context, args: Args) -> dict[str, Any]:
    return_ = _return(context, args["returnId"], ("returnId",))
    if args.get("exchangeLineItems"):
        where = ("exchangeLineItems", "0", "exchangeLineItemId")
        raise refuse("Exchange line item not found.", code="NOT_FOUND", field=where)
    quantities = []
    for entry in args.get("returnLineItems") or []:
        line = find(context, ReturnLineItem, entry["returnLineItemId"])
        quantities.append((line.id if line is not None else 0, entry["quantity"]))
    returns.remove(act, return_, quantities)
    return {"return": return_}


@mutation("returnRequest", scope="write_returns")
def request(act: Action, context: Context, args: Args) -> dict[str, Any]:
    given = args["input"]
    _refuse_fees_and_exchanges(given)
    order = _order(context, given["orderId"])
    lines = _returned_lines(context, order, given["returnLineItems"])
    return {"return": returns.request(act, order, lines)}


@mutation("returnCreate", scope="write_returns")
def create(act: Action, context: Context, args: Args) -> dict[str, Any]:
    given = args["returnInput"]
    _refuse_fees_and_exchanges(given)
    order = _order(context, given["orderId"])
    lines = _returned_lines(context, order, given["returnLineItems"])
    return {"return": returns.create(act, order, lines)}


@mutation("returnProcess", scope="write_returns")
def process(act: Action, context: Context, args: Args) -> dict[str, Any]:
    given = args["input"]
    return_ = _return(context, given["returnId"], ("input", "returnId"))
    for name in ("exchangeLineItems", "refundDuties", "tipLineId"):
        if given.get(name):
            raise access_denied(f"{name} of ReturnProcessInput")
    lines, errors = [], []
    for index, entry in enumerate(given.get("returnLineItems") or []):
        at: Path = ("input", "returnLineItems", str(index))
        line = find(context, ReturnLineItem, entry["id"])
        if line is None or line.return_ is not return_:
            errors.append(UserError((*at, "id"), "Return line item not found.", "NOT_FOUND"))
            continue
        disposed, problems = _dispositions(context, entry.get("dispositions") or [], at)
        errors += problems
        lines.append(Processed(line, entry["quantity"], tuple(disposed), at))
    money, problems = _money_back(context, return_, given)
    errors += problems
    if errors:
        raise Refused(*errors)
    processing.process(act, return_, lines, money=money, note=given.get("note"))
    return {"return": return_}


@mutation("reverseFulfillmentOrderDispose", scope="write_returns")
def dispose(act: Action, context: Context, args: Args) -> dict[str, Any]:
    disposed, errors = _dispositions(context, args["dispositionInputs"], (), "dispositionInputs")
    if errors:
        raise Refused(*errors)
    processing.dispose(act, disposed)
    items: list[ReverseFulfillmentOrderLineItem] = []
    for entry in disposed:
        if entry.item not in items:
            items.append(entry.item)
    return {"reverseFulfillmentOrderLineItems": items}


def _return(context: Context, gid: str, field: Path) -> Return:
    found = find(context, Return, gid)
    if found is None:
        raise refuse("Return not found.", code="NOT_FOUND", field=field)
    return found


def _order(context: Context, gid: str) -> Order:
    found = find(context, Order, gid)
    if found is None:
        raise refuse("Order not found.", code="NOT_FOUND", field=("orderId",))
    return found


def _refuse_fees_and_exchanges(given: dict[str, Any]) -> None:
    for name in ("returnShippingFee", "exchangeLineItems", "requestedAt"):
        if given.get(name):
            message = f"{name} is not enabled on this shop."
            raise refuse(message, code="FEATURE_NOT_ENABLED", field=(name,))


def _returned_lines(
    context: Context, order: Order, entries: list[dict[str, Any]]
) -> list[ReturnedLine]:
    lines, errors = [], []
    for index, entry in enumerate(entries):
        at: Path = ("returnLineItems", str(index))
        item = find(context, FulfillmentLineItem, entry["fulfillmentLineItemId"])
        if item is None or item.fulfillment.order is not order:
            where = (*at, "fulfillmentLineItemId")
            errors.append(UserError(where, "Fulfillment line item not found.", "NOT_FOUND"))
            continue
        reason = _reason(context, entry)
        if reason is None:
            where = (*at, "returnReasonDefinitionId")
            errors.append(UserError(where, "Return reason definition not found.", "NOT_FOUND"))
            continue
        fee = entry.get("restockingFee")
        lines.append(
            ReturnedLine(
                item=item,
                quantity=entry["quantity"],
                reason=reason,
                reason_note=entry.get("returnReasonNote") or "",
                customer_note=entry.get("customerNote"),
                restocking_fee=amount_of(fee["percentage"], at) if fee else ZERO,
            )
        )
    if errors:
        raise Refused(*errors)
    return lines


def _reason(context: Context, entry: dict[str, Any]) -> ReturnReasonDefinition | None:
    """By definition, by the deprecated enum value, else the definition of UNKNOWN."""
    gid = entry.get("returnReasonDefinitionId")
    if gid is not None:
        found = find(context, ReturnReasonDefinition, gid)
        return None if found is None or found.deleted else found
    value = entry.get("returnReason") or "UNKNOWN"
    return next(d for d in context.shop.return_reasons.values() if d.reason == value)


def _dispositions(
    context: Context, entries: list[dict[str, Any]], at: Path, name: str = "dispositions"
) -> tuple[list[Disposed], list[UserError]]:
    disposed, errors = [], []
    for index, entry in enumerate(entries):
        where = (*at, name, str(index))
        item = find(
            context, ReverseFulfillmentOrderLineItem, entry["reverseFulfillmentOrderLineItemId"]
        )
        if item is None:
            message = "Reverse fulfillment order line item not found."
            field = (*where, "reverseFulfillmentOrderLineItemId")
            errors.append(UserError(field, message, "NOT_FOUND"))
            continue
        gid = entry.get("locationId")
        location = find(context, Location, gid) if gid is not None else None
        disposed.append(
            Disposed(
                item=item,
                quantity=entry["quantity"],
                type=entry["dispositionType"],
                location=location,
                field=where,
                location_known=gid is None or location is not None,
            )
        )
    return disposed, errors


def _money_back(
    context: Context, return_: Return, given: dict[str, Any]
) -> tuple[MoneyBack | None, list[UserError]]:
    order = return_.order
    shipping = ZERO
    wanted = given.get("refundShipping")
    if wanted and wanted.get("fullRefund"):
        shipping = order.shipping - order.refunded_shipping
    elif wanted and wanted.get("shippingRefundAmount"):
        wanted_at = ("input", "refundShipping", "shippingRefundAmount")
        shipping = money_input(wanted["shippingRefundAmount"], order.currency, wanted_at)
    transfer = given.get("financialTransfer")
    if transfer is None:
        if shipping:
            message = "Shipping can't be refunded without a financial transfer."
            return None, [UserError(("input", "refundShipping"), message, "INVALID")]
        return None, []
    if len(transfer) != 1 or transfer.get("issueRefund") is None:
        raise bad_request(
            "ReturnProcessFinancialTransferInput requires exactly one argument, but none was given."
        )
    refund = transfer["issueRefund"]
    if refund.get("refundMethods"):
        raise access_denied("refundMethods of ReturnProcessRefundInput")
    paybacks, errors = [], []
    for index, entry in enumerate(refund["orderTransactions"]):
        at: Path = ("input", "financialTransfer", "issueRefund", "orderTransactions", str(index))
        parent = find(context, Transaction, entry["parentId"])
        if parent is None:
            where = (*at, "parentId")
            errors.append(UserError(where, "Parent transaction not found.", "NOT_FOUND"))
            continue
        amount = money_input(entry["transactionAmount"], order.currency, (*at, "transactionAmount"))
        paybacks.append(Payback(parent, amount, (*at, "transactionAmount")))
    allow = bool(refund.get("allowOverRefunding"))
    return MoneyBack(tuple(paybacks), allow, shipping), errors
