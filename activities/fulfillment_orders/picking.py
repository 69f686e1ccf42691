"""Which lines of which fulfillment order a quantity of the order's lines means right now."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.shop_order import FulfillmentOrder, FulfillmentOrderLine

MOST_LINES = 250
"""Lines of one fulfillment order in one call: Shopify takes no longer lists."""


@dataclass(frozen=True)
class Pick:
    """Pieces of one fulfillment order."""

    fulfillment_order: FulfillmentOrder
    lines: tuple[tuple[FulfillmentOrderLine, int], ...]

    @property
    def by_line(self) -> Counter[str]:
        """LineItem number -> quantity."""
        return quantities((line.line_id, quantity) for line, quantity in self.lines)

    @property
    def whole(self) -> bool:
        """Whether it is all that the fulfillment order still has to ship."""
        return self.by_line == remaining(self.fulfillment_order)


@dataclass(frozen=True)
class Release:
    """Holds of ours on one fulfillment order, to be released by their numbers: never all there are."""

    fulfillment_order: FulfillmentOrder
    hold_ids: tuple[str, ...]


def quantities(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    """LineItem number -> quantity; what is not above zero is left out."""
    found: Counter[str] = Counter()
    for line_id, quantity in pairs:
        if quantity > 0:
            found[line_id] += quantity
    return found


def remaining(order: FulfillmentOrder) -> Counter[str]:
    """LineItem number -> what the fulfillment order still has to ship."""
    return quantities((line.line_id, line.remaining) for line in order.lines)


def pick(order: FulfillmentOrder, wanted: Mapping[str, int]) -> Pick | None:
    """What of the wanted quantities the fulfillment order has; None if nothing."""
    left = Counter(wanted)
    lines: list[tuple[FulfillmentOrderLine, int]] = []
    for line in order.lines:
        quantity = min(line.remaining, left[line.line_id])
        if quantity > 0 and len(lines) < MOST_LINES:
            left[line.line_id] -= quantity
            lines.append((line, quantity))
    return Pick(order, tuple(lines)) if lines else None


def release_ours(order: FulfillmentOrder) -> Release | None:
    """The release that frees a fulfillment order; None where something else holds it, or nothing does."""
    if not order.holds or not all(hold.ours for hold in order.holds):
        return None
    return Release(order, tuple(hold.id for hold in order.holds))
