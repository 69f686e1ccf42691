"""Shadow mode, pauses, refusals and lost answers of an exception: nothing happens twice, nothing is left behind."""

import pytest

from persistence.repositories import partners, routes
from tests.workflows.exceptions import (
    SHIRT,
    TEXTILES,
    asked,
    cancel,
    decide,
    opened_on,
    ordered,
    our_holds,
    outcome,
    partners_of,
    retry,
    says,
    ships,
    terms,
    until_held,
)
from tests.world import SHOP, TENANT, World


async def test_in_shadow_mode_nothing_is_written_and_the_timeline_says_what_would_be(
    world: World,
) -> None:
    await world.switch("shadow", shop_id=SHOP, lifecycle="order_exception")
    await partners_of(world, SHIRT)
    order = await ordered(world, SHIRT)
    case_id = await opened_on(world, order)
    await world.until_told(case_id, "Would: Hold what is late")
    await world.until_told(case_id, "Would: Open the case of Acme Textiles")
    await world.until_status(case_id, "awaiting_partner")
    await decide(world, case_id, "resolve")
    assert await outcome(world, case_id) == "resolved_by_merchant"
    assert await world.shopify_writes() == []
    assert await world.grid_writes() == []
    assert (await world.row(case_id)).shadow


async def test_a_paused_case_goes_on_where_it_stood(world: World) -> None:
    await partners_of(world, SHIRT)
    order = await ordered(world, SHIRT)
    await world.switch("pause", shop_id=SHOP, lifecycle="order_exception")
    case_id = await opened_on(world, order)
    await world.until_told(case_id, "Paused: stock-taking")
    assert await world.grid_writes() == []
    await world.switch("pause", on=False, shop_id=SHOP, lifecycle="order_exception")
    await world.handle(case_id).signal("pause_changed", {"event_id": "lifted"})
    await world.until_status(case_id, "awaiting_partner")
    await until_held(world, order, SHIRT_1=5)
    await ships(world, order, TEXTILES, "SHIRT-1")
    assert await outcome(world, case_id) == "resolved_by_partner"


async def test_a_refusal_waits_for_the_merchants_retry(world: World) -> None:
    async with world.database.begin() as session:
        await partners.create(session, tenant_id=TENANT, id=TEXTILES, name="Acme Textiles")
        await routes.create(
            session,
            shop_id=SHOP,
            match_kind="vendor",
            match_value=TEXTILES,
            tenant_id=TENANT,
            partner_id=TEXTILES,
        )
    order = await ordered(world, SHIRT)
    case_id = await opened_on(world, order)  # Trading Grid does not know the partner yet
    seen = await world.until_status(case_id, "awaiting_merchant")
    [trouble] = seen.troubles
    assert (trouble.type, trouble.step) == ("TradingGridRefused", "Open the case of Acme Textiles")
    await world._post(
        world.trading_grid,
        "/_emulator/partners",
        {"id": TEXTILES, "name": "Acme Textiles", "behaviour": "manual"},
    )
    await retry(world, case_id)
    await world.until_status(case_id, "awaiting_partner")
    await ships(world, order, TEXTILES, "SHIRT-1")
    assert await outcome(world, case_id) == "resolved_by_partner"


@pytest.mark.parametrize("mutation", ["fulfillmentOrderHold", "fulfillmentOrderReleaseHold"])
async def test_a_hold_whose_answer_is_lost_is_not_done_twice(world: World, mutation: str) -> None:
    world.lose_answer_to = mutation
    case_id, order = await asked(world, SHIRT)
    await until_held(world, order, SHIRT_1=5)
    await ships(world, order, TEXTILES, "SHIRT-1")
    assert await outcome(world, case_id) == "resolved_by_partner"
    await until_held(world, order)
    assert world.lose_answer_to == ""
    assert await world.shopify_writes(mutation) == [mutation]


async def test_a_case_cancelled_while_shopify_is_down_still_lets_go(world: World) -> None:
    case_id, order = await asked(world, SHIRT)
    await until_held(world, order, SHIRT_1=5)
    await world.faults("shopify", api={"down": True})
    await cancel(world, case_id)
    await world.until_told(case_id, "Cancelled by")
    await world.faults("shopify")
    assert await outcome(world, case_id) == "overtaken"
    assert await our_holds(world, order) == {}


async def test_a_partner_that_is_not_active_here_leaves_its_lines_to_the_merchant(
    world: World,
) -> None:
    await partners_of(world, SHIRT)
    async with world.database.begin() as session:
        known = await partners.get(session, TENANT, TEXTILES)
        await partners.update(
            session, TENANT, TEXTILES, version=known.version, changes={"status": "suspended"}
        )
    case_id = await opened_on(world, await ordered(world, SHIRT))
    await world.until_told(case_id, "Acme Textiles is suspended. Its lines are the merchant's.")
    await world.until_status(case_id, "awaiting_merchant")
    await decide(world, case_id, "give_up")
    assert await outcome(world, case_id) == "resolved_by_merchant"


async def test_terms_that_cannot_be_read_wait_for_a_person(world: World) -> None:
    await partners_of(world, SHIRT)
    await terms(world, answer_within={"hours": -1})
    order = await ordered(world, SHIRT)
    case_id = await opened_on(world, order)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "is not valid" in seen.waiting_for.what
    await terms(world, answer_within={"hours": 10})
    await retry(world, case_id)
    await world.until_status(case_id, "awaiting_partner")
    await says(world, order, TEXTILES, {"sku": "SHIRT-1", "code": "IR"})
    await world.until_status(case_id, "awaiting_merchant")
