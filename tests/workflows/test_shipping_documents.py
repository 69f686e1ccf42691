"""One test an ending, as a sentence; on the time-skipping server."""

from tests.workflows.claims import BOTH
from tests.workflows.papers import (
    SHIRT,
    SHOE,
    TEXTILES,
    all_papers,
    fulfillments,
    ordered,
    package,
    ships,
)
from tests.world import World


@BOTH
async def test_a_shipment_with_all_its_papers_is_fulfilled_linked_and_complete(
    world: World,
) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT, SHOE)
    await ships(world, made, package(made, "T-1", SHIRT_1=2), package(made, "T-2", SHOE_1=1))
    await all_papers(world, made)
    result = await world.result(made.papers)
    assert result == {"outcome": "complete", "missing": [], "discrepancies": []}
    assert await fulfillments(world, made) == [
        {"number": "T-1", "skus": {"SHIRT-1": 2}},
        {"number": "T-2", "skus": {"SHOE-1": 1}},
    ]
