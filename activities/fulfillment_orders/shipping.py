"""From what left under a tracking number to the next release or fulfillment. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from activities.fulfillment_orders.obstacles import SHIP, obstacle
from activities.fulfillment_orders.picking import Pick, Release, pick, quantities, release_ours
from domain.shop_order import Shipment, ShopOrder, Tracking

_UNDONE = frozenset({"CANCELLED", "ERROR", "FAILURE"})
"""Fulfillments with these statuses shipped nothing."""


@dataclass(frozen=True)
class ShippingPlan:
    """`release` comes before any of `parcels`; with neither, nothing is left that could be shipped."""

    found: Mapping[str, Mapping[str, int]]
    """Fulfillment number -> what it ships of the wanted lines, from before."""
    release: Release | None = None
    parcels: tuple[tuple[Pick, ...], ...] = ()
    """What ships together: from one location each."""
    blocked: Mapping[str, str] = field(default_factory=dict)
    excess: Mapping[str, int] = field(default_factory=dict)


def plan_shipping(order: ShopOrder, number: str, wanted: Mapping[str, int]) -> ShippingPlan:
    """A fulfillment of the same tracking number counts for the lines it has, whoever made it, and for no other.

    What is ready ships before what we hold ourselves, so that no more is released than must be.
    """
    left = quantities(wanted.items())
    found: dict[str, dict[str, int]] = {}
    for shipment in order.shipments:
        shipped = {line: n for line, n in shipment.quantities.items() if line in wanted and n > 0}
        if shipped and _of_number(shipment, number):
            found[shipment.id] = shipped
            left -= quantities(shipped.items())
    still_open = [one for one in order.fulfillment_orders if one.open]
    parcels: dict[str, list[Pick]] = {}
    release: Release | None = None
    blocked: dict[str, str] = {}
    for one in still_open:
        ready = pick(one, left) if not obstacle(one, SHIP) else None
        if ready is not None:
            left -= ready.by_line
            parcels.setdefault(one.location_id, []).append(ready)
    for one in still_open:
        own = release_ours(one)
        freed = pick(one, left) if own is not None else None
        if freed is not None:
            left -= freed.by_line
            release = release or own
    for one in still_open:
        words = obstacle(one, SHIP) if release_ours(one) is None else ""
        stuck = pick(one, left) if words else None
        if stuck is not None:
            left -= stuck.by_line
            blocked |= dict.fromkeys(stuck.by_line, words)
    return ShippingPlan(
        found,
        release,
        () if release else tuple(tuple(picks) for picks in parcels.values()),
        blocked,
        dict(left),
    )


class NotCorrectable(Exception):
    """A fulfillment whose tracking a person must look at; in words."""


def needs_correction(order: ShopOrder, fulfillment_id: str, wanted: Tracking) -> bool:
    """Whether the fulfillment's tracking says something else; what we do not know of it is Shopify's to fill in.

    Raises:
        NotCorrectable: it is gone or cancelled, or has several numbers of which ours is none.
    """
    found = next((one for one in order.shipments if one.id == fulfillment_id), None)
    if found is None:
        raise NotCorrectable(f"The fulfillment {fulfillment_id} is gone from Shopify.")
    if found.status in _UNDONE:
        raise NotCorrectable(f"The fulfillment {fulfillment_id} was cancelled.")
    if any(_says(tracking, wanted) for tracking in found.tracking):
        return False
    if len(found.tracking) > 1:
        raise NotCorrectable(
            f"The fulfillment {fulfillment_id} has {len(found.tracking)} tracking numbers: which of them"
            f" {wanted.number} replaces must be said in Shopify."
        )
    return True


def _says(found: Tracking, wanted: Tracking) -> bool:
    return (
        same_number(found.number, wanted.number)
        and wanted.company in ("", found.company)
        and wanted.url in ("", found.url)
    )


def _of_number(shipment: Shipment, number: str) -> bool:
    return shipment.status not in _UNDONE and any(
        same_number(tracking.number, number) for tracking in shipment.tracking
    )


def same_number(one: str, other: str) -> bool:
    """Whether two tracking numbers are the same but for spaces and case, which people change."""
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()
