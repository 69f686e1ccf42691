"""Goods are back: their dispositions, and ``returnProcess`` with its refund."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from emulators.shopify.model.catalog import Location
from emulators.shopify.model.money import ZERO
from emulators.shopify.model.refunds import Refund
from emulators.shopify.model.returns import (
    Disposition,
    Return,
    ReturnLineItem,
    ReverseFulfillmentOrder,
    ReverseFulfillmentOrderLineItem,
)
from emulators.shopify.rules import stock
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.refunds import Payback, RefundedLine, check_paybacks, record
from emulators.shopify.rules.refusal import Refused, UserError, refuse


@dataclass(frozen=True)
class Disposed:
    """What is done with some pieces. ``field`` is where the caller's input names it.

    ``location_known`` is false where the input named a location that the shop does not have.
    """

    item: ReverseFulfillmentOrderLineItem
    quantity: int
    type: str
    location: Location | None
    field: tuple[str, ...] = ()
    location_known: bool = True


@dataclass(frozen=True)
class Processed:
    """Pieces of a return line that are back, and what is done with them."""

    line: ReturnLineItem
    quantity: int
    dispositions: tuple[Disposed, ...] = ()
    field: tuple[str, ...] = ()


@dataclass(frozen=True)
class MoneyBack:
    """The refund that goes with a processing."""

    paybacks: tuple[Payback, ...]
    allow_over_refunding: bool = False
    shipping: Decimal = ZERO


def process(
    act: Action,
    return_: Return,
    lines: Sequence[Processed],
    *,
    money: MoneyBack | None = None,
    note: str | None = None,
) -> Refund | None:
    """Processes pieces of an open return and, with ``money``, refunds them in the same step."""
    if return_.status != "OPEN":
        raise refuse(
            "Return must be open to be processed.", code="INVALID_STATE", field=("returnId",)
        )
    if not lines and money is None:
        raise refuse("Nothing to process.", code="BLANK", field=("input",))
    errors = _check_quantities(lines)
    errors += _check_dispositions([d for line in lines for d in line.dispositions])
    for line in lines:
        errors += _check_own_dispositions(line)
    if money is not None:
        errors += _check_money(return_, money)
    if errors:
        raise Refused(*errors)
    for disposed in (d for line in lines for d in line.dispositions):
        _apply(act, disposed)
    refunded = _refunded_pieces(lines) if money is not None else []
    for line in lines:
        line.line.processed_quantity += line.quantity
    refund = None
    if money is not None:
        # The lines are priced before the return counts them as refunded.
        refund = record(
            act,
            return_.order,
            lines=[piece for _, piece in refunded],
            paybacks=money.paybacks,
            shipping=money.shipping,
            note=note,
            return_=return_,
        )
        for return_line, piece in refunded:
            return_line.refunded_quantity += piece.quantity
    act.tell("returns/process", return_, processed=[(ln.line, ln.quantity) for ln in lines])
    act.touch(return_.order)
    return refund


def dispose(act: Action, dispositions: Sequence[Disposed]) -> None:
    """Says what is done with goods of open reverse fulfillment orders, without processing them."""
    if not dispositions:
        raise refuse(
            "Specify at least one disposition.", code="BLANK", field=("dispositionInputs",)
        )
    errors = _check_dispositions(dispositions)
    if errors:
        raise Refused(*errors)
    told: list[ReverseFulfillmentOrder] = []
    for disposed in dispositions:
        _apply(act, disposed)
        rfo = disposed.item.reverse_fulfillment_order
        if rfo not in told:
            told.append(rfo)
    for rfo in told:
        act.tell("reverse_fulfillment_orders/dispose", rfo)
        act.touch(rfo.return_.order)


def _check_quantities(lines: Sequence[Processed]) -> list[UserError]:
    errors = []
    wanted: dict[int, int] = {}
    for processed in lines:
        line = processed.line
        where = (*processed.field, "quantity")
        wanted[line.id] = wanted.get(line.id, 0) + processed.quantity
        if processed.quantity <= 0:
            errors.append(UserError(where, "Quantity must be greater than 0.", "GREATER_THAN"))
        elif wanted[line.id] > line.processable_quantity:
            message = "Quantity is greater than the processable quantity."
            errors.append(UserError(where, message, "LESS_THAN_OR_EQUAL_TO"))
    return errors


def _check_own_dispositions(processed: Processed) -> list[UserError]:
    errors = []
    for disposed in processed.dispositions:
        if disposed.item.fulfillment_line_item is not processed.line.fulfillment_line_item:
            message = "Reverse fulfillment order line item belongs to another line item."
            where = (*disposed.field, "reverseFulfillmentOrderLineItemId")
            errors.append(UserError(where, message, "INVALID"))
    if sum(d.quantity for d in processed.dispositions) > processed.quantity:
        message = "Dispositions are for more items than are processed."
        errors.append(UserError((*processed.field, "dispositions"), message, "INVALID"))
    return errors


def _check_dispositions(dispositions: Sequence[Disposed]) -> list[UserError]:
    errors = []
    wanted: dict[int, int] = {}
    for disposed in dispositions:
        item = disposed.item
        wanted[item.id] = wanted.get(item.id, 0) + disposed.quantity
        if item.reverse_fulfillment_order.status != "OPEN":
            message = "Reverse fulfillment order must be open."
            errors.append(UserError(disposed.field, message, "INVALID_STATE"))
        if disposed.quantity <= 0:
            where = (*disposed.field, "quantity")
            errors.append(UserError(where, "Quantity must be greater than 0.", "GREATER_THAN"))
        elif wanted[item.id] > _room(item, disposed.type):
            where = (*disposed.field, "quantity")
            message = "Quantity is greater than what is left to dispose of."
            errors.append(UserError(where, message, "LESS_THAN_OR_EQUAL_TO"))
        where = (*disposed.field, "locationId")
        if not disposed.location_known:
            errors.append(UserError(where, "Location not found.", "NOT_FOUND"))
        elif disposed.type == "RESTOCKED" and disposed.location is None:
            message = "Location is required when the disposition is restocked."
            errors.append(UserError(where, message, "BLANK"))
    return errors


def _room(item: ReverseFulfillmentOrderLineItem, kind: str) -> int:
    """Only a final disposition may take pieces that are marked PROCESSING_REQUIRED."""
    if kind == "PROCESSING_REQUIRED":
        return item.total_quantity - sum(d.quantity for d in item.dispositions)
    return item.disposable_quantity


def _apply(act: Action, disposed: Disposed) -> None:
    item = disposed.item
    undisposed = item.total_quantity - sum(d.quantity for d in item.dispositions)
    replaced = max(0, disposed.quantity - undisposed)
    for earlier in item.dispositions:
        if earlier.type == "PROCESSING_REQUIRED" and replaced:
            taken = min(replaced, earlier.quantity)
            earlier.quantity -= taken
            replaced -= taken
    item.dispositions = [d for d in item.dispositions if d.quantity > 0]
    item.dispositions.append(
        Disposition(
            id=act.new_id(),
            type=disposed.type,
            quantity=disposed.quantity,
            location=disposed.location,
            created_at=act.now,
        )
    )
    if disposed.type == "RESTOCKED" and disposed.location is not None:
        variant = item.fulfillment_line_item.line_item.variant
        stock.restock(act, variant, disposed.location, disposed.quantity)


def _check_money(return_: Return, money: MoneyBack) -> list[UserError]:
    order = return_.order
    errors = check_paybacks(order, money.paybacks, allow_over_refunding=money.allow_over_refunding)
    if not ZERO <= money.shipping <= order.shipping - order.refunded_shipping:
        message = "Shipping amount is greater than what is refundable."
        errors.append(UserError(("refundShipping",), message, "LESS_THAN_OR_EQUAL_TO"))
    if not money.paybacks:
        message = "Specify at least one transaction."
        where = ("financialTransfer", "issueRefund", "orderTransactions")
        errors.append(UserError(where, message, "BLANK"))
    return errors


def _refunded_pieces(lines: Sequence[Processed]) -> list[tuple[ReturnLineItem, RefundedLine]]:
    """Of the processed pieces those that were not refunded before."""
    pieces = []
    taken: dict[int, int] = {}
    for processed in lines:
        item = processed.line.fulfillment_line_item.line_item
        left = item.refundable_quantity - taken.get(item.id, 0)
        quantity = min(processed.quantity, processed.line.refundable_quantity, left)
        if quantity > 0:
            taken[item.id] = taken.get(item.id, 0) + quantity
            pieces.append((processed.line, RefundedLine(item, quantity, "RETURN")))
    return pieces
