"""What comes back, and what becomes of it."""

from typing import Any

import pytest

from domain.shopify_ids import numeric_id
from tests.workflows.claims import (
    BOTH,
    SHIRT,
    SHOE,
    TEXTILES,
    asked,
    decide,
    goods,
    line_ids,
    outcome,
    refused_as,
    retry,
    return_of,
)
from tests.world import World


async def approved(world: World, *lines: dict[str, Any], **terms: object) -> str:
    case_id = await asked(world, *(lines or (SHIRT,)), **({"refund": "automatic"} | terms))
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")
    return case_id


async def dispositions(world: World, case_id: str) -> list[tuple[str, int, str | None]]:
    found = await world.return_in_shopify(return_of(case_id))
    return [
        (entry["type"], entry["quantity"], entry["location"]) for entry in found["dispositions"]
    ]


async def report(world: World, case_id: str, received: int, **more: Any) -> None:
    ids = await line_ids(world, case_id)
    line = {"line_id": ids["SHIRT-1"], "received_quantity": received} | more
    await world.authorize(TEXTILES, lines=[line])


@BOTH
async def test_goods_are_put_back_into_stock_where_the_partners_location_is_mapped(
    world: World,
) -> None:
    place = await world.location("Hamburg")
    await world.map_location(TEXTILES, "WH-7", place)
    case_id = await approved(world)
    await world.receive_all(TEXTILES, location="WH-7")
    assert await outcome(world, case_id) == "closed_refunded"
    assert await dispositions(world, case_id) == [("RESTOCKED", 2, "Hamburg")]


async def test_a_location_nobody_mapped_is_asked_about_and_works_once_mapped(world: World) -> None:
    place = await world.location("Hamburg")
    case_id = await approved(world)
    await world.receive_all(TEXTILES, location="WH-7")
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "'WH-7' is mapped to no Shopify location" in seen.waiting_for.what
    assert await world.shopify_writes("returnProcess") == []
    await world.map_location(TEXTILES, "WH-7", place)
    await retry(world, case_id)
    assert await outcome(world, case_id) == "closed_refunded"
    assert await dispositions(world, case_id) == [("RESTOCKED", 2, "Hamburg")]


async def test_fewer_than_accepted_are_missing_and_not_refunded(world: World) -> None:
    case_id = await approved(world)
    await report(world, case_id, 1, disposition_code="DI")
    assert (await world.result(case_id))["refunded"] == {"amount": "30.0", "currency": "EUR"}
    assert sorted(await dispositions(world, case_id)) == [
        ("MISSING", 1, None),
        ("NOT_RESTOCKED", 1, None),
    ]


async def test_more_than_accepted_is_a_question_to_the_merchant(world: World) -> None:
    case_id = await approved(world)
    await report(world, case_id, 3)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "reports 3 received, 2 were accepted" in seen.waiting_for.what
    await world.until_notified("what came back is unclear")
    ids = await line_ids(world, case_id)
    await goods(world, case_id, (ids["SHIRT-1"], 2, "NOT_RESTOCKED", ""))
    assert await outcome(world, case_id) == "closed_refunded"


async def test_the_merchants_word_on_the_goods_comes_before_the_partners(world: World) -> None:
    place = await world.location("Backroom")
    case_id = await approved(world)
    ids = await line_ids(world, case_id)
    shirt = ids["SHIRT-1"]
    await goods(
        world,
        case_id,
        (shirt, 1, "RESTOCKED", numeric_id(place)),
        (shirt, 1, "PROCESSING_REQUIRED", ""),
    )
    assert (await world.result(case_id))["refunded"] == {"amount": "60.0", "currency": "EUR"}
    assert sorted(await dispositions(world, case_id)) == [
        ("PROCESSING_REQUIRED", 1, None),
        ("RESTOCKED", 1, "Backroom"),
    ]


@pytest.mark.parametrize(
    ("quantity", "disposition", "told"),
    [
        (1, "MISSING", "use MISSING for those that did not come"),
        (3, "MISSING", "3 pieces are accounted for, 2 were accepted"),
        (2, "RESTOCKED", "a location is needed to restock"),
    ],
)
async def test_goods_that_do_not_add_up_are_refused(
    world: World, quantity: int, disposition: str, told: str
) -> None:
    case_id = await approved(world)
    ids = await line_ids(world, case_id)
    word = goods(world, case_id, (ids["SHIRT-1"], quantity, disposition, ""))
    assert told in await refused_as("InvalidCommand", word)


async def test_goods_are_not_counted_before_anything_is_accepted(world: World) -> None:
    case_id = await asked(world, SHIRT)
    ids = await line_ids(world, case_id)
    await refused_as("NotNow", goods(world, case_id, (ids["SHIRT-1"], 2, "MISSING", "")))


async def test_goods_the_customer_keeps_are_not_waited_for(world: World) -> None:
    case_id = await asked(world, SHIRT, {**SHOE, "vendor": TEXTILES}, refund="automatic")
    ids = await line_ids(world, case_id)
    await world.answer(
        TEXTILES,
        "partial",
        lines=[
            {"line_id": ids["SHIRT-1"], "disposition_code": "KA"},
            {"line_id": ids["SHOE-1"], "disposition_code": "RA"},
        ],
    )
    seen = await world.until_status(case_id, "awaiting_other")
    assert seen.waiting_for is not None
    assert "1 piece to come back" in seen.waiting_for.what
    await world.authorize(TEXTILES, lines=[{"line_id": ids["SHOE-1"], "received_quantity": 1}])
    assert (await world.result(case_id))["refunded"] == {"amount": "140.0", "currency": "EUR"}
    assert [entry[:2] for entry in await dispositions(world, case_id)] == [
        ("NOT_RESTOCKED", 2),
        ("NOT_RESTOCKED", 1),
    ]


async def test_where_all_is_kept_nothing_is_waited_for(world: World) -> None:
    case_id = await asked(world, SHIRT, refund="automatic")
    ids = await line_ids(world, case_id)
    await world.answer(
        TEXTILES, "partial", lines=[{"line_id": ids["SHIRT-1"], "disposition_code": "DI"}]
    )
    assert await outcome(world, case_id) == "closed_refunded"


async def test_goods_counted_anew_before_the_refund_change_what_is_suggested(world: World) -> None:
    case_id = await approved(world, refund="ask_merchant")
    await report(world, case_id, 2)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "60.00 EUR" in seen.waiting_for.what
    ids = await line_ids(world, case_id)
    shirt = ids["SHIRT-1"]
    await goods(world, case_id, (shirt, 1, "MISSING", ""), (shirt, 1, "NOT_RESTOCKED", ""))
    await world.eventually(
        lambda: world.current(case_id),
        lambda found: found.waiting_for is not None and "30.00 EUR" in found.waiting_for.what,
    )
    await decide(world, case_id, "refund")
    assert (await world.result(case_id))["refunded"] == {"amount": "30.0", "currency": "EUR"}


async def test_what_a_partner_reports_after_the_count_moves_no_money(world: World) -> None:
    case_id = await approved(world, refund="ask_merchant")
    await report(world, case_id, 2)
    await world.until_status(case_id, "awaiting_merchant")
    await report(world, case_id, 0)
    await world.until_told(case_id, "reported otherwise after the goods were counted")
    await decide(world, case_id, "refund")
    assert (await world.result(case_id))["refunded"] == {"amount": "60.0", "currency": "EUR"}
    assert [entry[:2] for entry in await dispositions(world, case_id)] == [("NOT_RESTOCKED", 2)]


async def test_the_rma_is_passed_on_to_customer_service(world: World) -> None:
    case_id = await approved(world)
    await world.authorize(
        TEXTILES,
        status="authorized",
        rma_number="RMA-9",
        return_to="Dock 4, Hamburg",
        expires="2027-01-31T00:00:00Z",
    )
    await world.until_told(case_id, "RMA RMA-9; send to Dock 4, Hamburg; until 2027-01-31")
    seen = await world.current(case_id)
    state = await world.eventually(
        world.shopify_state, lambda found: found if "RMA-9" in str(found) else None
    )
    [order] = state["shops"]["acme"]["orders"]
    assert "Dock 4, Hamburg" in str(order["metafields"])
    assert seen.status == "awaiting_other"
