"""What happens to an order while its exception is open: more of it is late, a purchase order takes it over."""

from datetime import UTC, datetime
from typing import Any

from domain.case import CaseKind
from domain.order_exception.names import Reason
from domain.shopify_ids import numeric_id
from persistence.repositories import cases, routes
from persistence.repositories.case_references import Reference
from tests.workflows.exceptions import (
    LAMP,
    SHIRT,
    SHOE,
    SHOES,
    TEXTILES,
    asked,
    decide,
    held_by_staff,
    in_order,
    line,
    on_fulfillment_order,
    opened_on,
    ordered,
    outcome,
    partners_of,
    service,
    ships,
    terms,
    until_held,
)
from tests.world import SHOP, TENANT, World

BERLIN = {"location": "Berlin"}
HAMBURG = {"location": "Hamburg"}


async def case_on_shirts(world: World, *others: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A case on the shirts of an order that has more, each from a place of its own."""
    await partners_of(world, SHIRT, *others)
    await terms(world)
    order = await ordered(world, SHIRT | BERLIN, *(HAMBURG | one for one in others))
    case_id = await opened_on(world, order, lines=("SHIRT-1",))
    await world.until_status(case_id, "awaiting_partner")
    return case_id, order


async def test_a_new_hold_on_another_line_is_taken_into_the_open_case(world: World) -> None:
    case_id, order = await case_on_shirts(world, SHOE)
    await held_by_staff(world, order, lines=[{"sku": "SHOE-1", "quantity": 2}])
    await world.until_told(case_id, "Taken in as well: 2 × SHOE-1")
    await ships(world, order, SHOES, "SHOE-1")
    await ships(world, order, TEXTILES, "SHIRT-1")
    assert await outcome(world, case_id) == "resolved_by_partner"
    assert await world.all_cases() == [case_id]


async def test_a_rejected_request_is_taken_into_the_open_case(world: World) -> None:
    case_id, order = await case_on_shirts(world, SHOE | await service(world))
    place = next(
        number
        for number, one in enumerate(order["fulfillment_orders"])
        if one["line_items"][0]["sku"] == "SHOE-1"
    )
    await on_fulfillment_order(world, order, "submit", place)
    await on_fulfillment_order(world, order, "reject-request", place)
    await world.until_told(case_id, "Taken in as well: 2 × SHOE-1")
    assert await world.all_cases() == [case_id]


async def test_a_hold_for_another_reason_is_none_of_ours(world: World) -> None:
    case_id, order = await case_on_shirts(world, LAMP)
    await held_by_staff(
        world, order, reason="INCORRECT_ADDRESS", lines=[{"sku": "LAMP-1", "quantity": 1}]
    )
    await world.delivered()
    await ships(world, order, TEXTILES, "SHIRT-1")
    assert await outcome(world, case_id) == "resolved_by_partner"


async def test_lines_that_somebody_reports_are_taken_into_the_open_case(world: World) -> None:
    case_id, order = await case_on_shirts(world, LAMP)
    note = "Box 2 never came."
    again = await opened_on(world, order, Reason.SHORT_SHIPPED, lines=("LAMP-1",), note=note)
    assert again == case_id
    await world.until_told(case_id, "Taken in as well: 1 × LAMP-1")
    await world.until_told(case_id, "Once more: short shipped (Box 2 never came.)")
    await world.until_status(case_id, "awaiting_merchant")
    await until_held(world, order, SHIRT_1=5, LAMP_1=1)


async def test_a_partner_with_an_open_case_gets_one_with_the_new_line_too(world: World) -> None:
    scarf = {"sku": "SCARF-1", "quantity": 1, "vendor": "acme-textiles", "price": "12.00"}
    _, order = await case_on_shirts(world, scarf)
    await opened_on(world, order)
    found = await world.eventually(
        lambda: world.partner_cases(TEXTILES), lambda found: found if len(found) == 2 else None
    )
    assert sorted(entry["sku"] for entry in found[1]["lines"]) == ["SCARF-1", "SHIRT-1"]


async def test_pieces_that_come_back_are_asked_about_again(world: World) -> None:
    case_id, order = await asked(world, SHIRT, SHOE, hold_late_lines=False)
    await in_order(world, order, "edit", lines=[{"sku": "SHIRT-1", "quantity": 0}])
    await world.until_told(case_id, "5 × SHIRT-1 shipped or cancelled")
    await world.eventually(
        lambda: world.partner_cases(TEXTILES), lambda found: found[0]["status"] == "cancelled"
    )
    await in_order(world, order, "edit", lines=[{"sku": "SHIRT-1", "quantity": 5}])
    await world.until_told(case_id, "5 × SHIRT-1 are to ship again")
    found = await world.eventually(
        lambda: world.partner_cases(TEXTILES), lambda found: found if len(found) == 2 else None
    )
    assert [entry["quantity"] for entry in found[1]["lines"]] == [5]


async def drop_shipped(world: World, order: dict[str, Any]) -> None:
    """From now on a purchase order, whose workflow has not written anything yet, owns the shirts."""
    order_id = numeric_id(order["order_id"])
    async with world.database.begin() as session:
        await routes.create(
            session,
            shop_id=SHOP,
            match_kind="vendor",
            match_value=TEXTILES,
            tenant_id=TENANT,
            partner_id=TEXTILES,
            lifecycle="purchase_order",
        )
        await cases.open_case(
            session,
            key=f"purchase-order:{SHOP}:{order_id}",
            kind=CaseKind.PURCHASE_ORDER.value,
            shop_id=SHOP,
            title="Purchase orders",
            status="opening",
            now=datetime.now(UTC),
            order_id=order_id,
            references=[Reference(kind="order", value=order_id, scope=SHOP)],
        )


async def test_a_line_a_purchase_order_owns_is_not_asked_about(world: World) -> None:
    await partners_of(world, SHIRT, SHOE)
    order = await ordered(world, SHIRT, SHOE)
    await drop_shipped(world, order)
    case_id = await opened_on(world, order)
    await world.until_told(case_id, "A purchase order owns SHIRT-1")
    await ships(world, order, SHOES, "SHOE-1")
    assert await outcome(world, case_id) == "resolved_by_partner"
    assert await world.partner_cases(TEXTILES) == []


async def test_an_order_that_purchase_orders_own_opens_no_matter(world: World) -> None:
    await partners_of(world, SHIRT)
    order = await ordered(world, SHIRT)
    await drop_shipped(world, order)
    case_id = await opened_on(world, order)
    assert await outcome(world, case_id) == "overtaken"
    assert await world.grid_writes() == []


async def test_a_purchase_order_that_now_covers_a_line_takes_it_over(world: World) -> None:
    case_id, order = await asked(world, SHIRT, SHOE)
    await drop_shipped(world, order)
    await in_order(world, order, "edit", lines=[{"sku": "SHOE-1", "quantity": 1}])
    await world.until_told(case_id, "A purchase order owns SHIRT-1 now")
    await world.eventually(
        lambda: world.partner_cases(TEXTILES), lambda found: found[0]["status"] == "cancelled"
    )
    seen = await line(world, case_id, "SHIRT-1")
    assert (seen["covered"], seen["open"], seen["gone"]) == (True, 0, 5)
    await until_held(world, order, SHOE_1=1)
    await decide(world, case_id, "give_up")
    assert await outcome(world, case_id) == "resolved_by_merchant"


async def test_pieces_that_an_edit_takes_out_are_gone(world: World) -> None:
    case_id, order = await asked(world, SHIRT)
    await until_held(world, order, SHIRT_1=5)
    await in_order(world, order, "edit", lines=[{"sku": "SHIRT-1", "quantity": 2}])
    await world.until_told(case_id, "3 × SHIRT-1 shipped or cancelled")
    seen = await line(world, case_id, "SHIRT-1")
    assert (seen["open"], seen["gone"]) == (2, 3)
    await ships(world, order, TEXTILES, "SHIRT-1")
    assert await outcome(world, case_id) == "resolved_by_partner"


async def test_a_hold_of_staff_opens_a_case_on_what_it_holds(world: World) -> None:
    await partners_of(world, SHIRT, SHOE)
    order = await ordered(world, SHIRT | BERLIN, SHOE | HAMBURG)
    await held_by_staff(world, order, lines=[{"sku": "SHIRT-1", "quantity": 5}])
    case_id = f"order-exception:{SHOP}:{numeric_id(str(order['order_id']))}"
    seen = await world.until_status(case_id, "awaiting_partner")
    assert seen.detail["reason"] == "on_hold"
    lines = seen.detail["lines"]
    assert isinstance(lines, list)
    assert [entry["sku"] for entry in lines] == ["SHIRT-1"]
    await ships(world, order, TEXTILES, "SHIRT-1")
    assert await outcome(world, case_id) == "resolved_by_partner"


async def test_a_risk_assessment_opens_a_review_by_the_merchant(world: World) -> None:
    await partners_of(world, SHIRT)
    order = await ordered(world, SHIRT)
    await in_order(world, order, "risk", recommendation="INVESTIGATE")
    seen = await world.until_status(world.exception_id(order), "awaiting_merchant")
    assert (seen.detail["reason"], seen.detail["reviewing"]) == ("manual_review", True)
    assert await world.grid_writes() == []


async def test_a_rejected_request_opens_a_case_on_what_was_requested(world: World) -> None:
    await partners_of(world, SHIRT, SHOE)
    order = await ordered(world, SHIRT | await service(world), SHOE | HAMBURG)
    await on_fulfillment_order(world, order, "submit")
    await on_fulfillment_order(world, order, "reject-request")
    seen = await world.until_status(world.exception_id(order), "awaiting_partner")
    assert seen.detail["reason"] == "rejected"
    assert seen.partners == (TEXTILES,)


async def test_our_own_hold_opens_no_second_case(world: World) -> None:
    case_id, order = await asked(world, SHIRT)
    await until_held(world, order, SHIRT_1=5)
    await decide(world, case_id, "give_up", keep_hold=True)
    assert await outcome(world, case_id) == "resolved_by_merchant"
    await world.delivered()
    assert await world.all_cases() == [case_id]
