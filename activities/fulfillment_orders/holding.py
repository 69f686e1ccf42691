"""From what a handle should hold to the next hold or release. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from activities.fulfillment_orders.obstacles import HOLD, already_held, obstacle
from activities.fulfillment_orders.picking import Pick, Release, pick, quantities, remaining
from domain.shop_order import FulfillmentOrder, ShopOrder


@dataclass(frozen=True)
class HoldPlan:
    """`release` comes before any of `placements`; with neither, the holds are as they should be."""

    held: Mapping[str, int]
    """LineItem number -> what the handle holds now."""
    release: Release | None = None
    placements: tuple[Pick, ...] = ()
    unholdable: Mapping[str, str] = field(default_factory=dict)


def plan_holds(order: ShopOrder, handle: str, wanted: Mapping[str, int]) -> HoldPlan:
    """A hold covers a whole fulfillment order: one that holds more than is wanted is released, then the part held anew.

    What is wanted beyond what the order still has to ship is left out: there is nothing to hold.
    """
    left = quantities(wanted.items())
    held = quantities(())
    release: Release | None = None
    free: list[FulfillmentOrder] = []
    for one in order.fulfillment_orders:
        if not one.open:
            continue
        own = tuple(hold.id for hold in one.holds if hold.by_this_app and hold.handle == handle)
        if not own:
            free.append(one)
            continue
        here = remaining(one)
        held += here
        if here <= left:
            left -= here
        elif release is None:
            release = Release(one, own)
    if release is not None:
        return HoldPlan(held, release)
    placements: list[Pick] = []
    # What nobody holds first: a part of it can be held apart.
    for one in sorted(free, key=lambda candidate: bool(candidate.holds)):
        found = pick(one, left)
        if found is not None and not _obstacle(found):
            left -= found.by_line
            placements.append(found)
    placed = {found.fulfillment_order.id for found in placements}
    unholdable: dict[str, str] = {}
    for one in free:
        found = pick(one, left) if one.id not in placed else None
        words = _obstacle(found) if found is not None else ""
        if found is not None and words:
            left -= found.by_line
            unholdable |= dict.fromkeys(found.by_line, words)
    return HoldPlan(held, None, tuple(placements), unholdable)


def _obstacle(found: Pick) -> str:
    """Shopify adds a second hold to a whole fulfillment order only (`FULFILLMENT_ORDER_NOT_SPLITTABLE`)."""
    order = found.fulfillment_order
    if order.holds and not found.whole:
        return already_held(order)
    return obstacle(order, HOLD)
