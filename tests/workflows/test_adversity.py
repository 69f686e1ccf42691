"""What reality does to orders and their partners: out of order, twice, at the same moment, and while somebody is away.

Both cases of an order are real here: that of its purchase orders, and that of the papers of each.
"""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from domain.shopify_ids import numeric_id
from persistence.repositories.inbound_events import Source
from persistence.tables import InboundEvent
from tests.intake.staging import arrived
from tests.workflows import exceptions, papers
from tests.workflows.papers import Ordered, bills, corrects, fulfillments, package, publishes, ships
from tests.workflows.purchase_orders import (
    HOUR,
    SCARF,
    SHIRT,
    SHOE,
    SHOES,
    TEXTILES,
    Purchase,
    day,
    furnish,
    ordered,
    purchased,
)
from tests.world import SHOP, TENANT, World

MINUTE = timedelta(minutes=1)


def papers_of(made: Purchase, po_number: str) -> Ordered:
    """A purchase order as the tests of papers see it."""
    return Ordered(po_number=po_number, case_id=made.case_id, lines=made.lines, order=made.order)


async def sent_to(made: Purchase, partner: str = TEXTILES) -> Ordered:
    return papers_of(made, (await made.sent(partner))["po_number"])


async def all_papers(world: World, made: Ordered, **skus: int) -> None:
    """Invoice and packing list over these pieces."""
    prices = {str(line["sku"]): str(line["price"]) for line in (SHIRT, SCARF, SHOE)}
    lines = [(sku.replace("_", "-"), count) for sku, count in skus.items()]
    await bills(world, made, *((sku, count, prices[sku]) for sku, count in lines))
    await publishes(world, made)


async def complete(world: World, made: Ordered) -> None:
    assert (await world.result(made.papers))["outcome"] == "complete"


async def in_shop(world: World, made: Ordered) -> dict[str, int]:
    """Pieces that were fulfilled, by SKU."""
    found: dict[str, int] = {}
    assert made.order is not None
    for one in (await world.order_in_shopify(made.order))["fulfillments"]:
        for line in one["lines"]:
            found[line["sku"]] = found.get(line["sku"], 0) + line["quantity"]
    return found


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


# What the merchant's staff and customers do.


async def test_an_order_edited_while_its_purchase_order_is_being_sent_is_taken_back_afterwards(
    world: World,
) -> None:
    await furnish(world, SHIRT)
    await world.faults("trading_grid", api={"down": True})
    made = await ordered(world, SHIRT)
    await world.until_told(made.case_id, "drop-ship lines; ordered from")
    await made.edit(("SHIRT-1", 3))
    await world.until_told(made.case_id, "The order was edited: SHIRT-1: 3 instead of 5")
    await world.faults("trading_grid")
    await world.sleep(10 * MINUTE)
    order = await sent_to(made)
    change = await made.until_change(TEXTILES)
    assert (change["purpose"], change["lines"][0]["quantity"]) == ("cancel", 2)
    await made.acknowledge(order.po_number)
    await made.accept(order.po_number)
    await ships(world, order, package(order, "T-1", SHIRT_1=3))
    assert await made.outcome() == "completed"
    assert await in_shop(world, order) == {"SHIRT-1": 3}


async def test_an_order_cancelled_while_its_purchase_order_is_being_sent_is_never_ordered(
    world: World,
) -> None:
    await furnish(world, SHIRT)
    await world.faults("trading_grid", api={"down": True})
    made = await ordered(world, SHIRT)
    await world.until_told(made.case_id, "drop-ship lines; ordered from")
    await made.cancel_order()
    await world.until_told(made.case_id, "cancelled in Shopify")
    await world.faults("trading_grid")
    await world.sleep(10 * MINUTE)
    assert await made.outcome() == "cancelled"
    assert await made.purchase_orders() == []


async def test_an_order_cancelled_while_it_is_confirmed_and_on_its_way_ends_with_what_shipped(
    world: World,
) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await made.accept(order.po_number)
    await world.until_status(made.case_id, "awaiting_other")
    await made.edit(("SHIRT-1", 2))
    change = await made.until_change(TEXTILES)
    assert change["lines"][0]["quantity"] == 3
    # The partner has shipped two already, and refuses nothing.
    await ships(world, order, package(order, "T-1", SHIRT_1=2))
    await made.until_line("SHIRT-1", shipped=2)
    await made.acknowledge(order.po_number)
    assert await made.outcome() == "completed"
    await all_papers(world, order, SHIRT_1=2)
    await complete(world, order)
    assert await in_shop(world, order) == {"SHIRT-1": 2}


async def test_a_line_added_while_all_else_ships_ships_too(world: World) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await made.accept(order.po_number)
    await world.until_status(made.case_id, "awaiting_other")
    await made.edit(add=[SCARF])
    await made.until_change(TEXTILES)
    order = papers_of(made, order.po_number)
    # Before it acknowledges the change, the partner ships and bills all that it knew of.
    await ships(world, order, package(order, "T-1", SHIRT_1=5))
    await all_papers(world, order, SHIRT_1=5)
    await made.until_line("SHIRT-1", shipped=5)
    seen = await world.until_status(order.papers, "awaiting_other")
    assert seen.waiting_for is not None
    assert seen.waiting_for.what == "the partner's answer to a change of it"
    await made.acknowledge(order.po_number)
    await made.until_line("SCARF-1", open=2)
    await bills(world, order, ("SCARF-1", 2, "12.00"), number="INV-2")
    await ships(world, order, package(order, "T-2", SCARF_1=2), number="SHP-2")
    assert await made.outcome() == "completed"
    await complete(world, order)
    assert await in_shop(world, order) == {"SHIRT-1": 5, "SCARF-1": 2}


async def test_goods_of_a_cancelled_order_that_come_all_the_same_are_said_and_not_fulfilled(
    world: World,
) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await made.accept(order.po_number)
    await world.until_status(made.case_id, "awaiting_other")
    await made.cancel_order()
    await made.until_change(TEXTILES)
    await made.acknowledge(order.po_number)
    assert await made.outcome() == "cancelled"
    await ships(world, order, package(order, "T-1", SHIRT_1=5))
    await world.until_notified("something does not fit")
    assert await fulfillments(world, order) == []


async def test_a_cancellation_refused_since_it_has_shipped_ends_with_the_merchants_word(
    world: World,
) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await made.accept(order.po_number)
    await world.until_status(made.case_id, "awaiting_other")
    await made.cancel_order()
    await made.until_change(TEXTILES)
    await made.acknowledge(order.po_number, refuse="It is on the lorry.")
    await made.until_asked("change_refused")
    await ships(world, order, package(order, "T-1", SHIRT_1=5))
    await world.until_told(order.papers, "5 × SHIRT-1 had shipped, or gone, in Shopify before")
    await made.until_line("SHIRT-1", shipped=5)
    await made.decide("accept")
    assert await made.outcome() == "completed"
    assert await fulfillments(world, order) == []


async def test_two_edits_before_the_partner_answers_the_first_end_at_the_last(
    world: World,
) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await made.accept(order.po_number)
    await world.until_status(made.case_id, "awaiting_other")
    await made.edit(("SHIRT-1", 3))
    await made.until_change(TEXTILES)
    await made.edit(("SHIRT-1", 7))
    await world.until_told(made.case_id, "7 instead of 3")
    await made.acknowledge(order.po_number)
    change = await made.until_change(TEXTILES, 2)
    assert [line["quantity"] for line in change["lines"]] == [7]
    await made.acknowledge(order.po_number, 2)
    await ships(world, order, package(order, "T-1", SHIRT_1=7))
    assert await made.outcome() == "completed"
    assert await in_shop(world, order) == {"SHIRT-1": 7}


async def test_an_edit_back_after_the_partner_refused_it_asks_for_nothing_more(
    world: World,
) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await made.accept(order.po_number)
    await world.until_status(made.case_id, "awaiting_other")
    await made.edit(("SHIRT-1", 3))
    await made.until_change(TEXTILES)
    await made.acknowledge(order.po_number, refuse="It is packed already.")
    await made.until_asked("change_refused")
    await made.edit(("SHIRT-1", 5))
    await world.until_status(made.case_id, "awaiting_other")
    assert len(await made.changes(TEXTILES)) == 1
    await ships(world, order, package(order, "T-1", SHIRT_1=5))
    assert await made.outcome() == "completed"


async def test_more_that_the_partner_refused_is_not_taken_back_of_what_it_ships(
    world: World,
) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await made.accept(order.po_number)
    await world.until_status(made.case_id, "awaiting_other")
    await made.edit(("SHIRT-1", 7))
    await made.until_change(TEXTILES)
    await made.acknowledge(order.po_number, refuse="There are no more.")
    await made.until_asked("change_refused")
    await made.edit(("SHIRT-1", 4))
    change = await made.until_change(TEXTILES, 2)
    assert (change["purpose"], change["lines"][0]["quantity"]) == ("cancel", 1)
    await made.acknowledge(order.po_number, 2)
    await ships(world, order, package(order, "T-1", SHIRT_1=4))
    assert await made.outcome() == "completed"


@pytest.mark.parametrize("cancelled", [False, True])
async def test_what_is_added_and_taken_off_before_the_partner_answers_is_taken_back(
    world: World, cancelled: bool
) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await made.accept(order.po_number)
    await world.until_status(made.case_id, "awaiting_other")
    await made.edit(add=[SCARF])
    await made.until_change(TEXTILES)
    if cancelled:
        await made.cancel_order()
        await made.until_change(TEXTILES, 2)
        await made.acknowledge(order.po_number, 2)
    else:
        await made.edit(("SCARF-1", 0))
        await world.until_told(made.case_id, "0 instead of 2")
    await made.acknowledge(order.po_number, 1)
    change = await made.until_change(TEXTILES, 3 if cancelled else 2)
    assert [(line["line_id"], line["quantity"]) for line in change["lines"]] == [
        (made.lines["SCARF-1"], 2)
    ]
    assert change["purpose"] == "cancel"
    await made.acknowledge(order.po_number, change["change_number"])
    if not cancelled:
        await ships(world, order, package(order, "T-1", SHIRT_1=5))
    assert await made.outcome() == ("cancelled" if cancelled else "completed")


async def test_staff_splitting_what_a_partner_ships_stops_nothing(world: World) -> None:
    made = await purchased(world, SHIRT, SCARF)
    order = await sent_to(made)
    await made.respond(order.po_number, made.said("SHIRT-1", "IB"), made.said("SCARF-1", "IA"))
    await made.until_held({"UNKNOWN_DELIVERY_DATE": {"SHIRT-1": 5}})
    for one in (await world.order_in_shopify(made.order))["fulfillment_orders"]:
        if one["status"] == "OPEN":
            path = f"/_emulator/shops/{SHOP}/fulfillment-orders/{numeric_id(one['id'])}/split"
            await world._post(world.shopify, path, {"lines": [{"sku": "SCARF-1", "quantity": 1}]})
    await ships(world, order, package(order, "T-1", SHIRT_1=5, SCARF_1=2))
    assert await made.outcome() == "completed"
    assert await in_shop(world, order) == {"SHIRT-1": 5, "SCARF-1": 2}
    assert await made.holds() == {}


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
