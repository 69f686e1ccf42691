"""Papers beside the case that owns their purchase order, from the paid order on; and the same on the real server."""

from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from persistence.session import Database
from tests.workflows import purchase_orders
from tests.workflows.claims import BOTH
from tests.workflows.papers import (
    TEXTILES,
    Ordered,
    bills,
    bought,
    corrects,
    fulfillments,
    links,
    package,
    publishes,
    ships,
    terms,
)
from tests.workflows.purchase_orders import SCARF, SHIRT, purchased
from tests.world import World, open_world


async def bill_and_publish(world: World, made: Ordered) -> None:
    await bills(world, made, ("SHIRT-1", 5, "30.00"), ("SCARF-1", 2, "12.00"))
    await publishes(world, made)


@BOTH
async def test_an_order_is_bought_shipped_in_two_parts_and_proven(world: World) -> None:
    purchase = await purchased(world, SHIRT, SCARF)
    made = await bought(purchase)
    await purchase.accept(made.po_number)
    await ships(world, made, package(made, "T-1", SHIRT_1=3, SCARF_1=2))
    await purchase.until_line("SHIRT-1", shipped=3)
    await bill_and_publish(world, made)
    seen = await world.until_status(made.papers, "awaiting_other")
    assert seen.waiting_for is not None
    assert seen.waiting_for.what == "2 pieces to ship"
    await ships(world, made, package(made, "T-2", SHIRT_1=2), number="SHP-2")
    assert await purchase.outcome() == "completed"
    assert (await world.result(made.papers))["outcome"] == "complete"
    assert await fulfillments(world, made) == [
        {"number": "T-1", "skus": {"SHIRT-1": 3, "SCARF-1": 2}},
        {"number": "T-2", "skus": {"SHIRT-1": 2}},
    ]
    assert len(await links(world, made)) == 1
    await world.tagged(purchase.order)
    row = await world.row(made.papers)
    assert row.order_name == purchase.order["name"]


async def test_papers_are_read_and_completed_after_their_purchase_order_has_ended(
    world: World,
) -> None:
    purchase = await purchased(world, SHIRT, SCARF)
    made = await bought(purchase)
    await purchase.accept(made.po_number)
    await ships(world, made, package(made, "T-1", SHIRT_1=5, SCARF_1=2))
    assert await purchase.outcome() == "completed"
    await bill_and_publish(world, made)
    assert (await world.result(made.papers))["outcome"] == "complete"


async def test_a_line_that_is_held_for_its_backorder_is_released_ships_and_is_not_held_again(
    world: World,
) -> None:
    purchase = await purchased(world, SHIRT, SCARF)
    made = await bought(purchase)
    await purchase.respond(
        made.po_number,
        purchase.said("SHIRT-1", "IB", 5, scheduled_ship_date=purchase_orders.day(30)),
        purchase.said("SCARF-1", "IA", 2),
    )
    await purchase.until_held({"INVENTORY_OUT_OF_STOCK": {"SHIRT-1": 5}})
    await ships(world, made, package(made, "T-1", SHIRT_1=5, SCARF_1=2))
    await bill_and_publish(world, made)
    assert (await world.result(made.papers))["outcome"] == "complete"
    assert await purchase.outcome() == "completed"
    assert await purchase.holds() == {}
    # One location, one parcel: what is free and what was held ship under the same number.
    shipped = [one["skus"] for one in await fulfillments(world, made)]
    assert {sku: sum(one.get(sku, 0) for one in shipped) for sku in purchase.lines} == {
        "SHIRT-1": 5,
        "SCARF-1": 2,
    }


async def test_lines_taken_out_of_the_order_are_not_waited_for(world: World) -> None:
    purchase = await purchased(world, SHIRT, SCARF)
    made = await bought(purchase)
    await purchase.accept(made.po_number)
    await ships(world, made, package(made, "T-1", SHIRT_1=5))
    await bills(world, made, ("SHIRT-1", 5, "30.00"))
    await publishes(world, made)
    await world.until_status(made.papers, "awaiting_other")
    await purchase.edit(("SCARF-1", 0))
    await purchase.until_change(TEXTILES)
    await purchase.acknowledge(made.po_number)
    assert (await world.result(made.papers))["outcome"] == "complete"


async def test_papers_run_to_their_end_on_the_real_server(
    dev_server: WorkflowEnvironment, database: Database, tmp_path: Path
) -> None:
    async with open_world(dev_server.client, database, tmp_path) as world:
        await terms(world, required_documents=["asn", "invoice"])
        purchase = await purchased(world, SHIRT)
        made = await bought(purchase)
        await purchase.accept(made.po_number)
        await ships(world, made, package(made, "T-1", SHIRT_1=5))
        await bills(world, made, ("SHIRT-1", 5, "30.00"))
        assert (await world.result(made.papers))["outcome"] == "complete"
        assert await purchase.outcome() == "completed"
        described = await world.handle(made.papers).describe()
        names = {pair.key.name: pair.value for pair in described.typed_search_attributes}
        assert (names["CaseStatus"], names["Partner"]) == ("resolved", [TEXTILES])
        assert names["OrderName"] == purchase.order["name"]


async def test_temporals_cancel_ends_papers_on_the_real_server(
    dev_server: WorkflowEnvironment, database: Database, tmp_path: Path
) -> None:
    async with open_world(dev_server.client, database, tmp_path) as world:
        purchase = await purchased(world, SHIRT)
        made = await bought(purchase)
        await ships(world, made, package(made, "T-1", SHIRT_1=1))
        await world.until_told(made.papers, "Fulfilled in Shopify")
        await world.handle(made.papers).cancel()
        assert (await world.result(made.papers))["outcome"] == "cancelled"
        assert (await world.row(made.papers)).outcome == "cancelled"


async def test_a_shipment_that_is_sent_anew_corrects_what_the_purchase_order_knows(
    world: World,
) -> None:
    purchase = await purchased(world, SHIRT, SCARF)
    made = await bought(purchase)
    await purchase.accept(made.po_number)
    notice = await ships(world, made, package(made, "T-1", SHIRT_1=1))
    await purchase.until_line("SHIRT-1", shipped=1)
    await corrects(world, notice, package(made, "T-1", SHIRT_1=2))
    await purchase.until_line("SHIRT-1", shipped=2)
    # The same shipment as another resource, whose versions begin again.
    await ships(world, made, package(made, "T-1", SHIRT_1=5, SCARF_1=2))
    await bill_and_publish(world, made)
    assert (await world.result(made.papers))["outcome"] == "complete"
    assert await purchase.outcome() == "completed"
