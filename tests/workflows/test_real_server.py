"""The same stories on the real dev server: it checks what the time-skipping one lets pass."""

from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from persistence.session import Database
from tests.workflows.claims import SHIRT, TEXTILES, asked, outcome
from tests.world import open_world


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
