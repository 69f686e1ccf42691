"""From what a location should ship to the next release or move. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from activities.fulfillment_orders.obstacles import MOVE, obstacle
from activities.fulfillment_orders.picking import (
    Pick,
    Release,
    pick,
    quantities,
    release_ours,
    remaining,
)
from domain.shop_order import ShopOrder


@dataclass(frozen=True)
class MovingPlan:
    """`release` comes before any of `moves`; with neither, nothing is left that could be moved."""

    release: Release | None = None
    moves: tuple[Pick, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)


def plan_moves(order: ShopOrder, location_id: str, wanted: Mapping[str, int]) -> MovingPlan:
    """What the location ships already counts; what the order no longer has to ship is left out."""
    left = quantities(wanted.items())
    elsewhere = []
    for one in order.fulfillment_orders:
        if one.open and one.location_id == location_id:
            left -= remaining(one)
        elif one.open:
            elsewhere.append(one)
    moves: list[Pick] = []
    release: Release | None = None
    refused: dict[str, str] = {}
    for one in elsewhere:
        ready = pick(one, left) if not obstacle(one, MOVE) else None
        if ready is not None:
            left -= ready.by_line
            moves.append(ready)
    for one in elsewhere:
        words = obstacle(one, MOVE)
        stuck = pick(one, left) if words else None
        if stuck is None:
            continue
        left -= stuck.by_line
        own = release_ours(one)
        if own is None:
            refused |= dict.fromkeys(stuck.by_line, words)
        else:
            release = release or own
    return MovingPlan(release, () if release else tuple(moves), refused)
