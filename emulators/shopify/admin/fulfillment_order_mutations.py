"""Fulfillment orders, written: held, released, moved, split, merged, asked for, given a date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from emulators.shopify.admin.lookup import find, moment_of
from emulators.shopify.engine.registry import (
    Args,
    Context,
    Mutator,
    access_denied,
    bad_request,
    mutation,
)
from emulators.shopify.model.catalog import Location
from emulators.shopify.model.fulfillment_orders import AppRef, FulfillmentOrder
from emulators.shopify.model.resource import parse_gid
from emulators.shopify.rules import fulfillment_requests, holds, rearranging
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.fulfillment_orders import LineQuantity
from emulators.shopify.rules.rearranging import Intent
from emulators.shopify.rules.refusal import refuse

MANAGED = (
    "write_merchant_managed_fulfillment_orders",
    "write_third_party_fulfillment_orders",
)
ASSIGNED = ("write_assigned_fulfillment_orders",)
NOT_FOUND = "FULFILLMENT_ORDER_NOT_FOUND"


def managed(name: str, scopes: tuple[str, ...] = MANAGED) -> Callable[[Mutator], Mutator]:
    """Registers a mutation that needs one of several scopes."""

    def register(function: Mutator) -> Mutator:
        def guarded(act: Action, context: Context, args: Args) -> dict[str, Any]:
            if not context.scopes.intersection(scopes):
                raise access_denied(name, scopes[0])
            return function(act, context, args)

        mutation(name)(guarded)
        return function

    return register


def requesting_app(context: Context) -> AppRef:
    """The app that sends this request."""
    options = context.emulator.options
    return AppRef(options.app_id, options.app_title, requesting=True)


def line_quantities(given: Sequence[dict[str, Any]] | None) -> list[LineQuantity]:
    """FulfillmentOrderLineItemInputs; an id of another form is an error of the request."""
    lines = []
    for entry in given or ():
        number = parse_gid(entry["id"], "FulfillmentOrderLineItem")
        if number is None:
            gid = entry["id"]
            raise bad_request(f"Invalid global id '{gid}'", "argumentLiteralsIncompatible")
        lines.append(LineQuantity(number, entry["quantity"]))
    return lines


@managed("fulfillmentOrderHold")
def hold(act: Action, context: Context, args: Args) -> dict[str, Any]:
    fo = _order(context, args["id"], NOT_FOUND)
    given = args["fulfillmentHold"]
    placed, remaining = holds.place(
        act,
        fo,
        reason=given["reason"],
        notes=given.get("reasonNotes"),
        handle=given.get("handle") or "",
        app=requesting_app(context),
        lines=line_quantities(given.get("fulfillmentOrderLineItems")),
    )
    return {
        "fulfillmentHold": placed,
        "fulfillmentOrder": fo,
        "remainingFulfillmentOrder": remaining,
    }


@managed("fulfillmentOrderReleaseHold")
def release_hold(act: Action, context: Context, args: Args) -> dict[str, Any]:
    fo = _order(context, args["id"], NOT_FOUND)
    numbers = []
    for gid in args.get("holdIds") or ():
        number = parse_gid(gid, "FulfillmentHold")
        if number is None:
            raise bad_request(f"Invalid global id '{gid}'", "argumentLiteralsIncompatible")
        numbers.append(number)
    holds.release(act, fo, numbers)
    return {"fulfillmentOrder": fo}


@managed("fulfillmentOrderMove")
def move(act: Action, context: Context, args: Args) -> dict[str, Any]:
    fo = _order(context, args["id"])
    location = find(context, Location, args["newLocationId"])
    if location is None:
        raise refuse("Location not found.", field=("newLocationId",))
    lines = line_quantities(args.get("fulfillmentOrderLineItems"))
    done = rearranging.move(act, fo, location, lines)
    return {
        "movedFulfillmentOrder": done.moved,
        "originalFulfillmentOrder": done.original,
        "remainingFulfillmentOrder": done.remaining,
    }


@managed("fulfillmentOrderSplit")
def split(act: Action, context: Context, args: Args) -> dict[str, Any]:
    intents = []
    for index, entry in enumerate(args["fulfillmentOrderSplits"]):
        at = ("fulfillmentOrderSplits", str(index), "fulfillmentOrderId")
        fo = _order(context, entry["fulfillmentOrderId"], NOT_FOUND, field=at)
        intents.append(Intent(fo, line_quantities(entry["fulfillmentOrderLineItems"])))
    made = rearranging.split(act, intents)
    return {
        "fulfillmentOrderSplits": [
            {
                "fulfillmentOrder": original,
                "remainingFulfillmentOrder": new,
                "replacementFulfillmentOrder": None,
            }
            for original, new in made
        ]
    }


@managed("fulfillmentOrderMerge")
def merge(act: Action, context: Context, args: Args) -> dict[str, Any]:
    merges = []
    for index, entry in enumerate(args["fulfillmentOrderMergeInputs"]):
        intents = []
        for place, intent in enumerate(entry["mergeIntents"]):
            at = ("fulfillmentOrderMergeInputs", str(index), "mergeIntents", str(place))
            field = (*at, "fulfillmentOrderId")
            fo = _order(context, intent["fulfillmentOrderId"], NOT_FOUND, field=field)
            intents.append(Intent(fo, line_quantities(intent.get("fulfillmentOrderLineItems"))))
        merges.append(intents)
    targets = [rearranging.merge(act, intents, index=i) for i, intents in enumerate(merges)]
    return {"fulfillmentOrderMerges": [{"fulfillmentOrder": target} for target in targets]}


@managed("fulfillmentOrdersSetFulfillmentDeadline")
def set_deadline(act: Action, context: Context, args: Args) -> dict[str, Any]:
    code, field = "FULFILLMENT_ORDERS_NOT_FOUND", ("fulfillmentOrderIds",)
    orders = [_order(context, gid, code, field=field) for gid in args["fulfillmentOrderIds"]]
    fulfillment_requests.set_deadline(act, orders, moment_of(args["fulfillmentDeadline"]))
    return {"success": True}


@managed("fulfillmentOrderReschedule")
def reschedule(act: Action, context: Context, args: Args) -> dict[str, Any]:
    fo = _order(context, args["id"], NOT_FOUND)
    fulfillment_requests.reschedule(act, fo, moment_of(args["fulfillAt"]))
    return {"fulfillmentOrder": fo}


@managed("fulfillmentOrderCancel")
def cancel(act: Action, context: Context, args: Args) -> dict[str, Any]:
    fo = _order(context, args["id"])
    replacement = fulfillment_requests.cancel(act, fo)
    return {"fulfillmentOrder": fo, "replacementFulfillmentOrder": replacement}


@managed("fulfillmentOrderOpen")
def mark_open(act: Action, context: Context, args: Args) -> dict[str, Any]:
    fo = _order(context, args["id"])
    fulfillment_requests.mark_open(act, fo, app=requesting_app(context))
    return {"fulfillmentOrder": fo}


@managed("fulfillmentOrderReportProgress")
def report_progress(act: Action, context: Context, args: Args) -> dict[str, Any]:
    fo = _order(context, args["id"], NOT_FOUND)
    notes = (args.get("progressReport") or {}).get("reasonNotes")
    fulfillment_requests.report_progress(act, fo, notes=notes, app=requesting_app(context))
    return {"fulfillmentOrder": fo}


@managed("fulfillmentOrderSubmitFulfillmentRequest")
def submit(act: Action, context: Context, args: Args) -> dict[str, Any]:
    fo = _order(context, args["id"])
    lines = line_quantities(args.get("fulfillmentOrderLineItems"))
    rest = fulfillment_requests.submit(act, fo, message=args.get("message"), lines=lines)
    return {
        "originalFulfillmentOrder": fo,
        "submittedFulfillmentOrder": fo,
        "unsubmittedFulfillmentOrder": rest,
    }


@managed("fulfillmentOrderAcceptFulfillmentRequest", ASSIGNED)
def accept(act: Action, context: Context, args: Args) -> dict[str, Any]:
    fo = _order(context, args["id"])
    fulfillment_requests.accept(act, fo, args.get("message"))
    return {"fulfillmentOrder": fo}


@managed("fulfillmentOrderRejectFulfillmentRequest", ASSIGNED)
def reject_request(act: Action, context: Context, args: Args) -> dict[str, Any]:
    fo = _order(context, args["id"])
    fulfillment_requests.reject(act, fo, args.get("message"))
    return {"fulfillmentOrder": fo}


@managed("fulfillmentOrderClose", ASSIGNED)
def close(act: Action, context: Context, args: Args) -> dict[str, Any]:
    fo = _order(context, args["id"])
    fulfillment_requests.fail(act, fo, args.get("message"))
    return {"fulfillmentOrder": fo}


@managed("fulfillmentOrderSubmitCancellationRequest")
def request_cancellation(act: Action, context: Context, args: Args) -> dict[str, Any]:
    fo = _order(context, args["id"])
    fulfillment_requests.request_cancellation(act, fo, args.get("message"))
    return {"fulfillmentOrder": fo}


@managed("fulfillmentOrderRejectCancellationRequest", ASSIGNED)
def reject_cancellation(act: Action, context: Context, args: Args) -> dict[str, Any]:
    fo = _order(context, args["id"])
    fulfillment_requests.reject_cancellation(act, fo, args.get("message"))
    return {"fulfillmentOrder": fo}


def _order(
    context: Context, gid: str, code: str | None = None, *, field: tuple[str, ...] = ("id",)
) -> FulfillmentOrder:
    found = find(context, FulfillmentOrder, gid)
    if found is None:
        raise refuse("Fulfillment order not found.", code=code, field=field)
    return found
