"""What reality does to orders and their partners: out of order, twice, and while somebody is away.

Both cases of an order are real here: that of its purchase orders, and that of the papers of each.
"""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from persistence.repositories.inbound_events import Source
from persistence.tables import InboundEvent
from tests.intake.staging import arrived
from tests.workflows import exceptions, papers
from tests.workflows.papers import corrects, fulfillments, package, ships
from tests.workflows.purchase_orders import (
    HOUR,
    SCARF,
    SHIRT,
    SHOE,
    SHOES,
    TEXTILES,
    day,
    furnish,
    ordered,
    purchased,
)
from tests.workflows.whole_orders import all_papers, complete, in_shop, sent_to
from tests.world import TENANT, World

MINUTE = timedelta(minutes=1)


# Events out of order, and twice.


async def post(world: World, *topics: str) -> None:
    """Have Shopify's webhooks that were held back arrive after all: topic after topic, each webhook twice at once."""
    sent = (await world.shopify.get("/_emulator/deliveries")).json()["deliveries"]
    world.deliver = True
    for topic in topics:
        held = [one for one in sent if one["topic"] == topic]
        assert held, f"no {topic} was sent"
        await asyncio.gather(
            *(arrives(world, topic, one["payload"], one["id"], "shopify") for one in held * 2)
        )


async def arrives(world: World, topic: str, body: Any, delivery: str, source: Source) -> None:
    """A webhook past its signature, as the API takes it."""
    event_id = await arrived(world, topic, body, source=source, delivery=delivery)
    await world.dispatcher.dispatch(event_id)


async def test_paid_before_created_and_each_of_them_twice_at_once_is_one_purchase_order(
    world: World,
) -> None:
    await furnish(world, SHIRT)
    world.deliver = False
    made = await ordered(world, SHIRT)
    await world.delivered()
    await post(world, "orders/paid", "orders/create", "orders/paid")
    sent = await sent_to(made)
    await world.delivered()
    assert await world.all_cases() == [made.case_id]
    assert [one["po_number"] for one in await made.purchase_orders()] == [sent.po_number]


async def test_cancelled_before_paid_is_never_ordered(world: World) -> None:
    await furnish(world, SHIRT)
    world.deliver = False
    made = await ordered(world, SHIRT)
    await made.cancel_order()
    await world.delivered()
    await post(world, "orders/cancelled", "orders/paid", "orders/create")
    assert await world.all_cases() == []
    assert await made.purchase_orders() == []


async def test_every_webhook_twice_and_in_disorder_ships_each_piece_once(world: World) -> None:
    for emulator in ("shopify", "trading_grid"):
        await world.faults(emulator, webhooks={"duplicate": 1.0, "reorder": True})
    made = await purchased(world, SHIRT, SHOE)
    textiles, shoes = await sent_to(made), await sent_to(made, SHOES)
    await made.respond(textiles.po_number, made.said("SHIRT-1", "IB"))
    await made.respond(textiles.po_number, made.said("SHIRT-1", "DR", scheduled_ship_date=day(3)))
    await made.accept(shoes.po_number)
    await ships(world, textiles, package(textiles, "T-1", SHIRT_1=2))
    await ships(world, textiles, package(textiles, "T-2", SHIRT_1=3), number="SHP-2")
    await ships(world, shoes, package(shoes, "T-3", SHOE_1=1), number="SHP-3", partner_id=SHOES)
    assert await made.outcome() == "completed"
    await all_papers(world, textiles, SHIRT_1=5)
    await complete(world, textiles)
    assert await in_shop(world, textiles) == {"SHIRT-1": 5, "SHOE-1": 1}
    assert len(await fulfillments(world, textiles)) == 3
    assert await made.holds() == {}


# What partners do.


async def test_a_shipment_before_the_confirmation_ships_and_the_confirmation_is_kept(
    world: World,
) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await ships(world, order, package(order, "T-1", SHIRT_1=3))
    await made.until_line("SHIRT-1", shipped=3)
    await made.accept(order.po_number)
    await world.until_status(made.case_id, "awaiting_other")
    line = await made.line("SHIRT-1")
    assert (line["shipped"], line["confirmed"], line["open"]) == (3, 5, 0)
    await ships(world, order, package(order, "T-2", SHIRT_1=2), number="SHP-2")
    assert await made.outcome() == "completed"
    assert await in_shop(world, order) == {"SHIRT-1": 5}


async def test_a_confirmation_after_all_has_shipped_is_a_flagged_line(world: World) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await ships(world, order, package(order, "T-1", SHIRT_1=5))
    assert await made.outcome() == "completed"
    await made.accept(order.po_number)

    async def flagged() -> list[str]:
        return [one.text for one in await world.entries(made.case_id) if one.flagged]

    await world.eventually(flagged, lambda texts: any("response_received" in one for one in texts))


async def test_a_correction_that_overtakes_its_notice_ships_what_it_says_once(
    world: World,
) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await made.accept(order.po_number)
    await world.delivered()
    world.deliver = False
    notice = await ships(world, order, package(order, "T-WRONG", SHIRT_1=4))
    await corrects(world, notice, package(order, "T-1", SHIRT_1=5))
    await world.delivered()
    world.deliver = True
    state = (await world.trading_grid.get("/_emulator/state")).json()
    events = next(entry for entry in state["tenants"] if entry["id"] == TENANT)["events"]
    lost = [one for one in events if one["type"] == "shipment_notice.received"]
    assert [one["data"]["version"] for one in lost] == [1, 2]
    for one in reversed(lost):
        await arrives(world, one["type"], one, one["id"], "trading_grid")
    assert await made.outcome() == "completed"
    assert await fulfillments(world, order) == [{"number": "T-1", "skus": {"SHIRT-1": 5}}]


async def test_an_invoice_and_a_packing_list_before_the_notice_are_papers_already(
    world: World,
) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await all_papers(world, order, SHIRT_1=5)
    await world.until_status(order.papers, "applying", "awaiting_partner")
    await world.eventually(
        lambda: world.current(order.papers), lambda seen: seen.detail["missing"] == ["asn"]
    )
    await ships(world, order, package(order, "T-1", SHIRT_1=5))
    await complete(world, order)
    assert await made.outcome() == "completed"


async def test_a_partner_suspended_meanwhile_still_ships_what_it_confirmed(world: World) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await made.accept(order.po_number)
    await world.until_status(made.case_id, "awaiting_other")
    await suspended(world)
    await ships(world, order, package(order, "T-1", SHIRT_1=5))
    await all_papers(world, order, SHIRT_1=5)
    assert await made.outcome() == "completed"
    await complete(world, order)


async def test_a_line_that_an_edit_adds_for_a_suspended_partner_is_the_merchants(
    world: World,
) -> None:
    made = await purchased(world, SHIRT, SHOE)
    shoes = await sent_to(made, SHOES)
    await ships(world, shoes, package(shoes, "T-3", SHOE_1=1), number="S-3", partner_id=SHOES)
    await made.until_line("SHOE-1", shipped=1)
    await suspended(world)
    await made.edit(add=[SCARF])
    await world.until_told(made.case_id, "Its lines are the merchant's own.")
    assert await made.changes(TEXTILES) == []


async def suspended(world: World, partner: str = TEXTILES) -> None:
    """Trading Grid suspends a partner, and we hear of it."""
    await world._post(
        world.trading_grid,
        "/_emulator/partners",
        {
            "id": partner,
            "name": partner.replace("-", " ").title(),
            "behaviour": "manual",
            "status": "suspended",
        },
    )
    await world.delivered()


# What is away.


async def test_trading_grid_away_for_hours_loses_nothing_and_orders_nothing_twice(
    world: World,
) -> None:
    await furnish(world, SHIRT)
    await world.faults("trading_grid", api={"down": True})
    made = await ordered(world, SHIRT)
    await world.until_told(made.case_id, "drop-ship lines; ordered from")
    await world.sleep(5 * HOUR)
    assert await made.purchase_orders() == []
    await world.faults("trading_grid")
    await world.sleep(10 * MINUTE)
    order = await sent_to(made)
    await made.accept(order.po_number)
    await world.until_status(made.case_id, "awaiting_other")

    await world.faults("trading_grid", api={"down": True})
    await ships(world, order, package(order, "T-1", SHIRT_1=5))
    await all_papers(world, order, SHIRT_1=5)
    await world.delivered()
    await world.sleep(3 * HOUR)
    await world.faults("trading_grid")
    await taken_up(world)
    assert await made.outcome() == "completed"
    await complete(world, order)
    assert await in_shop(world, order) == {"SHIRT-1": 5}
    assert len(await made.purchase_orders()) == 1


async def taken_up(world: World) -> None:
    """What the inbox could not place is placed, as the sweep does it, only sooner."""
    async with world.database.read() as session:
        rows = (await session.exec(select(InboundEvent))).all()
        left = [row.id for row in rows if row.status in {"received", "parked"}]
    assert left
    for event_id in left:
        settled = await world.dispatcher.dispatch(event_id)
        assert settled is not None
        assert settled.status == "dispatched", settled.reason


@pytest.mark.parametrize("fault", [{"throttle": True}, {"down": True}])
async def test_shopify_throttled_or_away_delays_what_is_written_and_writes_it_once(
    world: World, fault: dict[str, bool]
) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await made.accept(order.po_number)
    await world.until_status(made.case_id, "awaiting_other")
    await world.faults("shopify", api=fault)
    await ships(world, order, package(order, "T-1", SHIRT_1=5))
    await all_papers(world, order, SHIRT_1=5)
    await world.until_status(order.papers, "applying")
    await world.sleep(2 * HOUR)
    assert await fulfillments(world, order) == []
    await world.faults("shopify")
    await world.sleep(10 * MINUTE)
    assert await made.outcome() == "completed"
    await complete(world, order)
    assert await fulfillments(world, order) == [{"number": "T-1", "skus": {"SHIRT-1": 5}}]
    shown = (await world.order_in_shopify(made.order))["metafields"]
    entry = next(one["value"] for one in shown if one["key"] == "purchase_order")
    assert "completed" in json.dumps(entry)


# Two lifecycles on one order.


async def test_staff_holding_a_drop_shipped_order_opens_no_exception_and_the_hold_stays_theirs(
    world: World,
) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await exceptions.held_by_staff(world, made.order)
    await made.accept(order.po_number)
    await ships(world, order, package(order, "T-1", SHIRT_1=5))
    await world.until_status(order.papers, "awaiting_merchant")
    assert await in_shop(world, order) == {}
    await papers.released(world, order)
    assert await made.outcome() == "completed"
    assert await in_shop(world, order) == {"SHIRT-1": 5}
    assert [case for case in await world.all_cases() if case.startswith("order-exception")] == []


async def test_what_the_merchant_ships_and_what_a_partner_ships_go_their_own_ways(
    world: World,
) -> None:
    """One order: shirts are drop-shipped, shoes are the merchant's own and late."""
    await furnish(world, SHIRT)
    await world.partner(SHOES)
    made = await ordered(world, SHIRT, SHOE)
    order = await sent_to(made)
    await exceptions.held_by_staff(world, made.order, lines=[{"sku": "SHOE-1", "quantity": 1}])
    case_id = world.exception_id(made.order)
    await world.until_status(case_id, "awaiting_partner")
    await made.respond(order.po_number, made.said("SHIRT-1", "IB"))
    await made.until_held({"UNKNOWN_DELIVERY_DATE": {"SHIRT-1": 5}})
    await ships(world, order, package(order, "T-1", SHIRT_1=5))
    assert await made.outcome() == "completed"
    assert (await world.current(case_id)).status == "awaiting_partner"
    await exceptions.ships(world, made.order, SHOES, "SHOE-1")
    assert (await world.result(case_id))["outcome"] == "resolved_by_partner"
    assert await in_shop(world, order) == {"SHIRT-1": 5}
    assert await made.holds() == {}
