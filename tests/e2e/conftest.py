"""The whole stack as processes, on free ports, in a folder of the test's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from demo.furnish import DemoPartner, Merchant, make_key
from demo.ports import Ports
from demo.stack import Stack

PARTNERS = (
    DemoPartner("alpine-textiles", "Alpine Textiles", "Alpine", "prompt"),
    DemoPartner("borealis-electronics", "Borealis Electronics", "Borealis", "contrary"),
    DemoPartner("cedar-outdoor", "Cedar Outdoor", "Cedar", "manual"),
)


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    """Every process, killed or not in between, ends with 0 when asked in the end."""
    made = Stack(Ports.free(), tmp_path, {"GRIDCASE_SWEEP_SECONDS": "5"})
    try:
        yield made
    finally:
        codes = await made.stop()
    assert codes == dict.fromkeys(("api", "worker", "shopify", "trading_grid", "temporal"), 0)


@pytest.fixture
async def merchant(stack: Stack) -> AsyncIterator[Merchant]:
    key = await make_key(stack)
    await stack.start()
    async with Merchant(stack, key) as made:
        await made.furnish(PARTNERS)
        yield made
