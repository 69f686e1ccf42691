"""What goes wrong outside: answers are lost, calls refused, switches turned; nothing is ordered twice."""

import json
from typing import Any

from tests.workflows.claims import BOTH
from tests.workflows.purchase_orders import (
    HOUR,
    SHIP_TO,
    SHIRT,
    SHOE,
    SHOES,
    TEXTILES,
    Purchase,
    furnish,
    ordered,
    purchased,
)
from tests.world import SHOP, TENANT, World


@BOTH
async def test_a_purchase_order_whose_answer_was_lost_is_found_again_and_never_sent_twice(
    world: World,
) -> None:
    await furnish(world, SHIRT)
    await world.faults("trading_grid", api={"lost_answer_rate": 1.0})
    made = await ordered(world, SHIRT)
    await world.eventually(made.purchase_orders, lambda orders: orders or None)
    await world.faults("trading_grid")
    await made.sent(TEXTILES)
    assert len(await made.purchase_orders()) == 1


async def test_a_change_whose_answer_was_lost_is_asked_for_once(world: World) -> None:
    made = await purchased(world, SHIRT)
    number = (await made.sent(TEXTILES))["po_number"]
    await made.accept(number)
    await world.until_status(made.case_id, "awaiting_other")
    await world.faults("trading_grid", api={"lost_answer_rate": 1.0})
    await made.edit(("SHIRT-1", 3))
    await world.eventually(lambda: made.changes(TEXTILES), lambda changes: changes or None)
    await world.faults("trading_grid")
    await made.until_change(TEXTILES)
    assert len(await made.changes(TEXTILES)) == 1
    await made.acknowledge(number)
    await made.until_line("SHIRT-1", cancelled=2)


async def status_there(world: World, status: str) -> None:
    """The partner's status in Trading Grid; a suspended one takes no order."""
    await world._post(
        world.trading_grid,
        "/_emulator/partners",
        {"id": TEXTILES, "name": "Acme Textiles", "behaviour": "manual", "status": status},
    )
    await world.delivered()


async def refused(world: World) -> Purchase:
    """An order whose purchase order Trading Grid refuses."""
    await furnish(world, SHIRT, auto_send=False)
    made = await ordered(world, SHIRT)
    await made.until_asked("send")
    await status_there(world, "suspended")
    await made.decide("accept")
    await world.until_notified("something was refused")
    return made


async def test_a_refused_purchase_order_is_a_trouble_that_a_retry_mends(world: World) -> None:
    made = await refused(world)
    seen = await world.until_status(made.case_id, "awaiting_merchant")
    assert [trouble.step for trouble in seen.troubles] == [
        f"Send {seen.detail['purchase_orders'][0]['number']} to Acme Textiles"  # type: ignore[index]
    ]
    await status_there(world, "active")
    await made.retry()
    await made.sent(TEXTILES)
    await world.until_status(made.case_id, "awaiting_partner")


async def test_an_order_cancelled_while_its_purchase_order_is_refused_sends_none(
    world: World,
) -> None:
    made = await refused(world)
    await made.cancel_order()
    assert await made.outcome() == "cancelled"
    assert await made.purchase_orders() == []
    assert "was not sent: The order was cancelled." in " ".join(await world.timeline(made.case_id))


async def test_an_order_without_an_address_is_a_trouble_in_words(world: World) -> None:
    await furnish(world, SHIRT)
    made = await ordered(world, SHIRT, ship_to={"city": ""})
    seen = await world.until_status(made.case_id, "awaiting_merchant")
    assert "has no city" in seen.troubles[0].message
    assert await made.purchase_orders() == []


@BOTH
async def test_nothing_of_the_address_is_kept_anywhere_but_at_trading_grid(
    world: World, capsys: Any
) -> None:
    await furnish(world, SHIRT)
    # Trading Grid takes no such country, and says so in words that quote the address.
    made = await ordered(world, SHIRT, ship_to=SHIP_TO | {"address2": "x" * 20_000})
    await world.until_status(made.case_id, "awaiting_merchant")
    sent = await ordered(world, SHIRT, ship_to=SHIP_TO)
    number = (await sent.sent(TEXTILES))["po_number"]
    assert sent.address(number)["city"] == SHIP_TO["city"]
    kept = [
        json.dumps((await world.current(one.case_id)).model_dump(mode="json"))
        for one in (made, sent)
    ]
    kept += [(await world.history(one.case_id)).to_json() for one in (made, sent)]
    kept += await world.timeline(made.case_id) + await world.timeline(sent.case_id)
    kept += [notice.text for _, notice in world.recorder.told]
    captured = capsys.readouterr()
    for text in [*kept, captured.out, captured.err]:
        for secret in SHIP_TO.values():
            assert secret not in text


async def test_a_number_that_another_system_used_is_left_to_it(world: World) -> None:
    await furnish(world, SHIRT, auto_send=False)
    made = await ordered(world, SHIRT)
    await made.until_asked("send")
    detail: Any = (await world.current(made.case_id)).detail
    number = detail["purchase_orders"][0]["number"]
    grid = await world.connections.trading_grid(TENANT)
    await grid.create_purchase_order(_foreign(number), idempotency_key="foreign")
    await made.decide("accept")
    await world.until_told(made.case_id, f"{number} is taken")
    mine = await made.sent(TEXTILES, 2)
    assert mine["po_number"] != number


def _foreign(number: str) -> Any:
    from clients.trading_grid.port import ExternalReference, NewPurchaseOrder, NewPurchaseOrderLine

    return NewPurchaseOrder(
        po_number=number,
        order_type="drop_ship",
        partner_id=TEXTILES,
        lines=(NewPurchaseOrderLine(line_id="1", sku="X", quantity=1),),
        external_reference=ExternalReference(system="erp", id="1"),
    )


@BOTH
async def test_in_shadow_mode_nothing_is_sent_and_the_timeline_says_what_would_have_been(
    world: World,
) -> None:
    await world.switch("shadow", shop_id=SHOP, lifecycle="purchase_order")
    await furnish(world, SHIRT)
    made = await ordered(world, SHIRT)
    await world.eventually(world.all_cases, lambda found: found or None)
    assert await made.outcome() == "cancelled"
    assert await made.purchase_orders() == []
    assert await world.shopify_writes() == []
    assert any(line.startswith("Would: Send") for line in await world.timeline(made.case_id))


async def test_a_pause_holds_every_call_until_it_is_lifted(world: World) -> None:
    await furnish(world, SHIRT)
    await world.switch("pause", shop_id=SHOP, lifecycle="purchase_order")
    made = await ordered(world, SHIRT)
    await world.until_told(made.case_id, "Paused")
    assert await made.purchase_orders() == []
    await world.switch("pause", on=False, shop_id=SHOP, lifecycle="purchase_order")
    await world.sleep(HOUR)
    await made.sent(TEXTILES)


async def test_a_partner_that_is_not_active_gets_nothing_and_the_others_their_own(
    world: World,
) -> None:
    from persistence.repositories import partners

    await furnish(world, SHIRT, SHOE)
    async with world.database.begin() as session:
        await partners.update(session, TENANT, SHOES, version=1, changes={"status": "suspended"})
    made = await ordered(world, SHIRT, SHOE)
    await made.sent(TEXTILES)
    assert await made.purchase_orders(SHOES) == []
    await world.until_told(made.case_id, "Its lines are the merchant's own.")


async def test_a_cancelled_case_takes_back_a_purchase_order_whose_answer_never_came(
    world: World,
) -> None:
    await furnish(world, SHIRT)
    await world.faults("trading_grid", api={"lost_answer_rate": 1.0})
    made = await ordered(world, SHIRT)
    await world.eventually(made.purchase_orders, lambda orders: orders or None)
    await made.cancel()
    await world.sleep(HOUR)
    await world.faults("trading_grid")
    assert await made.outcome() == "cancelled"
    assert len(await made.purchase_orders()) == 1
    [change] = await made.changes(TEXTILES)
    assert change["purpose"] == "cancel"
