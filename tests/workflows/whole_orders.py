"""What tests share that have both cases of an order: its purchase orders', and that of the papers of each."""

from tests.workflows.papers import Ordered, bills, publishes
from tests.workflows.purchase_orders import (
    SCARF,
    SHIRT,
    SHOE,
    TEXTILES,
    Purchase,
)
from tests.world import World


def papers_of(made: Purchase, po_number: str) -> Ordered:
    """A purchase order as the tests of papers see it."""
    return Ordered(po_number=po_number, case_id=made.case_id, lines=made.lines, order=made.order)


async def sent_to(made: Purchase, partner: str = TEXTILES) -> Ordered:
    return papers_of(made, (await made.sent(partner))["po_number"])


async def all_papers(world: World, made: Ordered, **skus: int) -> None:
    """Invoice and packing list over these pieces."""
    prices = {str(line["sku"]): str(line["price"]) for line in (SHIRT, SCARF, SHOE)}
    lines = [(sku.replace("_", "-"), count) for sku, count in skus.items()]
    await bills(world, made, *((sku, count, prices[sku]) for sku, count in lines))
    await publishes(world, made)


async def complete(world: World, made: Ordered) -> None:
    assert (await world.result(made.papers))["outcome"] == "complete"


async def in_shop(world: World, made: Ordered) -> dict[str, int]:
    """Pieces that were fulfilled, by SKU."""
    found: dict[str, int] = {}
    assert made.order is not None
    for one in (await world.order_in_shopify(made.order))["fulfillments"]:
        for line in one["lines"]:
            found[line["sku"]] = found.get(line["sku"], 0) + line["quantity"]
    return found
