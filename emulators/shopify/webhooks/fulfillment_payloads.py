"""Webhooks of fulfillment orders and holds: GIDs and small-letter statuses, as Shopify's examples have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from emulators.shopify.model.fulfillment_orders import AppRef, FulfillmentHold, FulfillmentOrder
from emulators.shopify.rules.action import Event

Payload = dict[str, Any]


def _order(event: Event) -> FulfillmentOrder:
    assert isinstance(event.resource, FulfillmentOrder)
    return event.resource


def _short(fo: FulfillmentOrder | None) -> Payload | None:
    return None if fo is None else {"id": fo.gid, "status": fo.status.lower()}


def _asked(fo: FulfillmentOrder) -> Payload:
    return {
        "id": fo.gid,
        "status": fo.status.lower(),
        "request_status": fo.request_status.lower(),
    }


def _app(app: AppRef | None) -> Payload | None:
    return None if app is None else {"id": app.gid}


def _hold(hold: FulfillmentHold) -> Payload:
    return {
        "id": hold.gid,
        "reason": hold.reason.lower(),
        "reason_notes": hold.reason_notes,
        "held_by_requesting_app": hold.held_by_requesting_app,
        "handle": hold.handle,
        "held_by_app": _app(hold.app),
    }


def _lines(lines: list[tuple[str, int]]) -> list[Payload]:
    return [{"id": gid, "quantity": quantity} for gid, quantity in lines]


def hold_event(event: Event) -> Payload:
    """``fulfillment_holds/added`` and ``released``: they say neither the order nor a status."""
    hold = _hold(event.detail["hold"])
    return {"fulfillment_order": {"id": _order(event).gid}, "fulfillment_hold": hold}


def _placed_on_hold(event: Event) -> Payload:
    fo = _order(event)
    held = [(line.gid, quantity) for line, quantity in event.detail["held"]]
    holds = [_hold(hold) for hold in fo.holds]
    return {
        "fulfillment_order": (_short(fo) or {}) | {"fulfillment_holds": holds},
        "remaining_fulfillment_order": _short(event.detail["remaining"]),
        "held_fulfillment_order_line_items": _lines(held),
        "created_fulfillment_hold": _hold(event.detail["hold"]),
    }


def _alone(event: Event) -> Payload:
    return {"fulfillment_order": _short(_order(event))}


def _answered(event: Event) -> Payload:
    """An answer of the service, with its message."""
    return {"fulfillment_order": _asked(_order(event)), "message": event.detail["message"]}


def _merchant_request(event: Event) -> Payload:
    return {"id": event.detail["request"], "message": event.detail["message"]}


def _request_submitted(event: Event) -> Payload:
    asked = _asked(_order(event))
    return {
        "original_fulfillment_order": asked,
        "submitted_fulfillment_order": asked,
        "fulfillment_order_merchant_request": _merchant_request(event),
    }


def _cancellation_submitted(event: Event) -> Payload:
    return {
        "fulfillment_order": _asked(_order(event)),
        "fulfillment_order_merchant_request": _merchant_request(event),
    }


def _cancelled(event: Event) -> Payload:
    replacement = _short(event.detail["replacement"])
    return {
        "fulfillment_order": _short(_order(event)),
        "replacement_fulfillment_order": replacement,
    }


def _moved(event: Event) -> Payload:
    moved, original = _order(event), event.detail["original"]

    def placed(fo: FulfillmentOrder) -> Payload:
        return (_short(fo) or {}) | {"assigned_location_id": fo.location.gid}

    return {
        "original_fulfillment_order": placed(original),
        "moved_fulfillment_order": placed(moved),
        "destination_location_id": moved.location.gid,
        "fulfillment_order_line_items_requested": _lines(event.detail["requested"]),
        "source_location": {"id": event.detail["source"].gid},
    }


def _split(event: Event) -> Payload:
    return {
        "split_line_items": _lines(event.detail["lines"]),
        "fulfillment_order": _short(_order(event)),
        "remaining_fulfillment_order": _short(event.detail["remaining"]),
        "replacement_fulfillment_order": None,
    }


def _merged(event: Event) -> Payload:
    """The intents have numbers where all else has GIDs; so does Shopify's example."""
    intents = [
        {
            "fulfillment_order_id": fo.id,
            "fulfillment_order_line_items": [
                {"id": int(gid.rpartition("/")[2]), "quantity": quantity} for gid, quantity in lines
            ],
        }
        for fo, lines in event.detail["intents"]
    ]
    merged = {"fulfillment_order": _short(_order(event))}
    return {"merge_intents": intents, "fulfillment_order_merges": merged}


def _rescheduled(event: Event) -> Payload:
    fo = _order(event)
    return {"fulfillment_order": (_short(fo) or {}) | {"fulfill_at": _moment(fo.fulfill_at)}}


def _progress_reported(event: Event) -> Payload:
    return {
        "fulfillment_order": _short(_order(event)),
        "progress_report": {
            "reason_notes": event.detail["notes"],
            "progress_reported_by_app": _app(event.detail["app"]),
            "progress_reported_by_user": None,
        },
        "initial_status": event.detail["before"].lower(),
    }


def _progress_stopped(event: Event) -> Payload:
    return {
        "fulfillment_order": _short(_order(event)),
        "progress_stopped_by_app": _app(event.detail["app"]),
        "progress_stopped_by_user": None,
    }


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


FULFILLMENT_ORDERS: dict[str, Callable[[Event], Payload]] = {
    "placed_on_hold": _placed_on_hold,
    "hold_released": _alone,
    "moved": _moved,
    "split": _split,
    "merged": _merged,
    "cancelled": _cancelled,
    "rescheduled": _rescheduled,
    "progress_reported": _progress_reported,
    "manually_reported_progress_stopped": _progress_stopped,
    "scheduled_fulfillment_order_ready": _alone,
    "fulfillment_request_submitted": _request_submitted,
    "fulfillment_request_accepted": _answered,
    "fulfillment_request_rejected": _answered,
    "fulfillment_service_failed_to_complete": _answered,
    "cancellation_request_submitted": _cancellation_submitted,
    "cancellation_request_rejected": _answered,
}
