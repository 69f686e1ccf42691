"""The same stories on the real dev server: it checks what the time-skipping one lets pass."""

from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from persistence.session import Database
from tests.workflows import exceptions
from tests.workflows.claims import SHIRT, SHOE, SHOES, TEXTILES, asked, outcome
from tests.workflows.papers import bills, bought, package, publishes, ships
from tests.workflows.purchase_orders import day, purchased
from tests.world import World, open_world


async def test_a_claim_runs_to_its_end(
    dev_server: WorkflowEnvironment, database: Database, tmp_path: Path
) -> None:
    async with open_world(dev_server.client, database, tmp_path) as world:
        case_id = await asked(world, SHIRT, refund="automatic")
        await world.answer(TEXTILES, "accept")
        await world.until_status(case_id, "awaiting_other")
        await world.receive_all(TEXTILES)
        assert await outcome(world, case_id) == "closed_refunded"
        description = await world.handle(case_id).describe()
        names = {pair.key.name: pair.value for pair in description.typed_search_attributes}
        assert (names["CaseStatus"], names["Partner"]) == ("resolved", [TEXTILES])


async def test_temporals_cancel_closes_what_is_open(
    dev_server: WorkflowEnvironment, database: Database, tmp_path: Path
) -> None:
    async with open_world(dev_server.client, database, tmp_path) as world:
        case_id = await asked(world, SHIRT)
        await world.handle(case_id).cancel()
        assert await outcome(world, case_id) == "withdrawn"
        assert [case["status"] for case in await world.partner_cases(TEXTILES)] == ["cancelled"]
        assert (await world.row(case_id)).outcome == "withdrawn"


async def named(world: World, case_id: str) -> dict[str, object]:
    """The search attributes of a case, by name."""
    description = await world.handle(case_id).describe()
    return {pair.key.name: pair.value for pair in description.typed_search_attributes}


async def test_purchase_orders_run_to_their_end_with_their_papers(
    dev_server: WorkflowEnvironment, database: Database, tmp_path: Path
) -> None:
    async with open_world(dev_server.client, database, tmp_path) as world:
        made = await purchased(world, SHIRT, SHOE)
        textiles = await bought(made)
        shoes = (await made.sent(SHOES))["po_number"]
        await made.respond(textiles.po_number, made.said("SHIRT-1", "IB"))
        await made.until_held({"UNKNOWN_DELIVERY_DATE": {"SHIRT-1": 2}})
        await made.respond(
            textiles.po_number, made.said("SHIRT-1", "DR", scheduled_ship_date=day(3))
        )
        await made.until_held({})
        await made.respond(shoes, made.said("SHOE-1", "IR", 0))
        await made.until_asked("rejected")
        await made.decide("accept")
        await world.until_status(made.case_id, "awaiting_other")
        await ships(world, textiles, package(textiles, "T-1", SHIRT_1=2))
        assert await made.outcome() == "completed"
        attributes = await named(world, made.case_id)
        assert attributes["CaseStatus"] == "resolved"
        assert sorted(attributes["Partner"]) == [TEXTILES, SHOES]  # type: ignore[call-overload]
        await bills(world, textiles, ("SHIRT-1", 2, "30.00"))
        await publishes(world, textiles)
        assert await outcome(world, textiles.papers) == "complete"
        order = await world.order_in_shopify(made.order)
        assert [one["tracking"][0]["number"] for one in order["fulfillments"]] == ["T-1"]


async def test_temporals_cancel_takes_purchase_orders_back(
    dev_server: WorkflowEnvironment, database: Database, tmp_path: Path
) -> None:
    async with open_world(dev_server.client, database, tmp_path) as world:
        made = await purchased(world, SHIRT)
        await made.respond((await made.sent(TEXTILES))["po_number"], made.said("SHIRT-1", "IB"))
        await made.until_held({"UNKNOWN_DELIVERY_DATE": {"SHIRT-1": 2}})
        await world.handle(made.case_id).cancel()
        assert await made.outcome() == "cancelled"
        assert [change["purpose"] for change in await made.changes(TEXTILES)] == ["cancel"]
        assert await made.holds() == {}
        assert (await world.row(made.case_id)).outcome == "cancelled"


async def test_an_exception_runs_to_its_end(
    dev_server: WorkflowEnvironment, database: Database, tmp_path: Path
) -> None:
    async with open_world(dev_server.client, database, tmp_path) as world:
        case_id, order = await exceptions.asked(world, exceptions.SHIRT)
        await exceptions.until_held(world, order, SHIRT_1=5)
        await exceptions.ships(world, order, TEXTILES, "SHIRT-1")
        assert await outcome(world, case_id) == "resolved_by_partner"
        assert await exceptions.our_holds(world, order) == {}
        attributes = await named(world, case_id)
        assert (attributes["CaseStatus"], attributes["Partner"]) == ("resolved", [TEXTILES])


async def test_temporals_cancel_releases_what_an_exception_holds(
    dev_server: WorkflowEnvironment, database: Database, tmp_path: Path
) -> None:
    async with open_world(dev_server.client, database, tmp_path) as world:
        case_id, order = await exceptions.asked(world, exceptions.SHIRT)
        await exceptions.until_held(world, order, SHIRT_1=5)
        await world.handle(case_id).cancel()
        await world.result(case_id)
        assert await exceptions.our_holds(world, order) == {}
        assert [case["status"] for case in await world.partner_cases(TEXTILES)] == ["cancelled"]
        assert (await world.row(case_id)).status == "cancelled"
