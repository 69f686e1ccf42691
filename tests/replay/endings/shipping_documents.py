"""How shipping documents end, each played to its close. Times are short, since the dev server's clock is the real one."""

from typing import Any

from tests.replay.endings.return_claim import quiet
from tests.replay.recording import Play
from tests.workflows.papers import (
    SHIRT,
    SHOE,
    TEXTILES,
    Ordered,
    bills,
    bought,
    cancel,
    corrects,
    decide,
    held,
    ordered,
    package,
    publishes,
    released,
    ships,
    terms,
)
from tests.workflows.purchase_orders import purchased
from tests.world import World

SOON = {"hours": 3 / 3600}
ONCE_SHIPPED = {"hours": 8 / 3600}  # on a busy machine too, Shopify has the shipment by then


async def opened(world: World, *lines: dict[str, Any], **more: Any) -> Ordered:
    await world.partner(TEXTILES)
    await terms(world, **more)
    return await ordered(world, *(lines or (SHIRT,)))


async def shipped(world: World, made: Ordered) -> None:
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await world.until_told(made.papers, "Fulfilled in Shopify")
    await quiet(world, made.papers)


async def shipped_with_all_papers(world: World) -> str:
    """Beside the purchase order's own case; the other plays have none, and read Trading Grid's purchase order."""
    purchase = await purchased(world, SHIRT)
    made = await bought(purchase)
    await purchase.accept(made.po_number)
    await purchase.until_line("SHIRT-1", confirmed=2)
    await shipped(world, made)
    await bills(world, made, ("SHIRT-1", 2, "30.00"))
    await quiet(world, made.papers)
    await publishes(world, made)
    return made.papers


async def tracking_corrected(world: World) -> str:
    made = await opened(world)
    notice = await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await world.until_told(made.papers, "Fulfilled in Shopify")
    await quiet(world, made.papers)
    await corrects(world, notice, package(made, "T-2", SHIRT_1=2))
    await world.until_told(made.papers, "Parcel T-1 is DHL T-2 now.")
    await quiet(world, made.papers)
    await bills(world, made, ("SHIRT-1", 2, "30.00"))
    await quiet(world, made.papers)
    await publishes(world, made)
    return made.papers


async def held_by_somebody_else_and_released(world: World) -> str:
    made = await opened(world, required_documents=["asn"])
    await held(world, made)
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await world.until_status(made.papers, "awaiting_merchant")
    await quiet(world, made.papers)
    await released(world, made)
    return made.papers


async def wrong_price_accepted(world: World) -> str:
    made = await opened(world, required_documents=["asn", "invoice"])
    await shipped(world, made)
    await bills(world, made, ("SHIRT-1", 2, "35.00"))
    await world.until_status(made.papers, "awaiting_merchant")
    await quiet(world, made.papers)
    await decide(world, made, "accept_discrepancies")
    return made.papers


async def papers_never_come(world: World) -> str:
    made = await opened(
        world,
        chase_after=ONCE_SHIPPED,
        answer_within=SOON,
        reminders=[0.5],
        merchant_within=SOON,
        merchant_reminders=[],
    )
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    return made.papers


async def missing_papers_chased_and_sent(world: World) -> str:
    made = await opened(world, chase_after=ONCE_SHIPPED, required_documents=["asn", "certificate"])
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await world.partner_case(TEXTILES)
    await quiet(world, made.papers)
    await publishes(world, made, "certificate")
    return made.papers


async def short_and_an_exception_opened(world: World) -> str:
    made = await opened(
        world,
        SHIRT,
        SHOE,
        chase_after=ONCE_SHIPPED,
        answer_within=SOON,
        reminders=[],
        required_documents=[],
    )
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    return made.papers


async def given_up_by_the_merchant(world: World) -> str:
    made = await opened(world)
    await shipped(world, made)
    await cancel(world, made.papers)
    return made.papers


async def cancelled_in_temporal(world: World) -> str:
    made = await opened(world)
    await shipped(world, made)
    await world.handle(made.papers).cancel()
    return made.papers


ENDINGS: dict[str, Play] = {
    play.__name__: play
    for play in (
        shipped_with_all_papers,
        tracking_corrected,
        held_by_somebody_else_and_released,
        wrong_price_accepted,
        papers_never_come,
        missing_papers_chased_and_sent,
        short_and_an_exception_opened,
        given_up_by_the_merchant,
        cancelled_in_temporal,
    )
}
