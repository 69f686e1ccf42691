"""Partners who say nothing: reminded, escalated, and then the merchant's; conversations beside the orders."""

from tests.workflows.claims import BOTH
from tests.workflows.purchase_orders import (
    DAY,
    HOUR,
    SCARF,
    SHIRT,
    SHOE,
    SHOES,
    TEXTILES,
    purchased,
)
from tests.world import World

SOON = {"answer_within": {"hours": 10}, "reminders": [0.5], "escalate_at": 0.8}


@BOTH
async def test_a_silent_partner_is_reminded_escalated_and_then_the_merchants(world: World) -> None:
    made = await purchased(world, SHIRT, **SOON)
    number = (await made.sent(TEXTILES))["po_number"]
    assert await world.partner_cases(TEXTILES) == [], "no conversation before there is a need"
    await world.sleep(6 * HOUR)
    case = await world.partner_case(TEXTILES)
    assert (case["case_type"], case["subject"]) == ("general", f"Purchase order {number}")
    await world.until_told(made.case_id, f"was reminded of {number}")
    await world.eventually(
        lambda: world.messages(TEXTILES),
        lambda found: any(f"please answer {number}" in text for text in found),
    )
    await world.sleep(3 * HOUR)
    await world.until_notified("Acme Textiles is late")
    await world.sleep(2 * HOUR)
    await made.until_asked("silence")
    seen = await world.until_status(made.case_id, "awaiting_merchant")
    assert seen.escalated == 2
    await made.decide("give_up")
    change = await made.until_change(TEXTILES)
    assert change["purpose"] == "cancel"
    await made.acknowledge(number)
    assert await made.outcome() == "cancelled"


async def test_the_merchant_waits_on_and_the_partner_has_its_time_again(world: World) -> None:
    made = await purchased(world, SHIRT, **SOON)
    number = (await made.sent(TEXTILES))["po_number"]
    await world.sleep(11 * HOUR)
    await made.until_asked("silence")
    await made.decide("wait")
    await world.until_status(made.case_id, "awaiting_partner")
    await made.accept(number)
    await world.until_status(made.case_id, "awaiting_other")


async def test_a_late_answer_ends_the_silence(world: World) -> None:
    made = await purchased(world, SHIRT, **SOON)
    number = (await made.sent(TEXTILES))["po_number"]
    await world.sleep(11 * HOUR)
    await made.until_asked("silence")
    await made.accept(number)
    await world.until_status(made.case_id, "awaiting_other")


async def test_silence_cancels_what_is_open_where_the_policy_says_so(world: World) -> None:
    made = await purchased(world, SHIRT, SCARF, at_deadline="decline", **SOON)
    number = (await made.sent(TEXTILES))["po_number"]
    await made.respond(number, made.said("SCARF-1", "IA"))
    await made.until_line("SCARF-1", confirmed=2)
    await world.sleep(11 * HOUR)
    change = await made.until_change(TEXTILES)
    assert [line["line_id"] for line in change["lines"]] == [made.lines["SHIRT-1"]]
    await made.acknowledge(number)
    await made.shipped(number, SCARF_1=2)
    assert await made.outcome() == "completed"


async def test_silence_only_escalates_where_the_policy_goes_on_waiting(world: World) -> None:
    made = await purchased(world, SHIRT, at_deadline="keep", **SOON)
    await world.sleep(11 * HOUR)
    await world.until_told(made.case_id, "did not answer")
    assert await made.questions() == []
    seen = await world.until_status(made.case_id, "awaiting_partner")
    assert seen.escalated == 2


async def test_a_lost_webhook_is_made_good_before_anybody_is_reminded(world: World) -> None:
    made = await purchased(world, SHIRT, **SOON)
    number = (await made.sent(TEXTILES))["po_number"]
    world.deliver = False
    await made.accept(number)
    await world.delivered()
    world.deliver = True
    await world.sleep(6 * HOUR)
    await world.until_status(made.case_id, "awaiting_other")
    assert await world.partner_cases(TEXTILES) == []


async def test_an_unacknowledged_change_is_reminded_of_and_then_the_merchants(world: World) -> None:
    made = await purchased(world, SHIRT, **SOON)
    number = (await made.sent(TEXTILES))["po_number"]
    await made.accept(number)
    await world.until_status(made.case_id, "awaiting_other")
    await made.edit(("SHIRT-1", 3))
    await made.until_change(TEXTILES)
    await world.sleep(6 * HOUR)
    await world.eventually(
        lambda: world.messages(TEXTILES),
        lambda found: any("please acknowledge change 1" in text for text in found),
    )
    await world.sleep(5 * HOUR)
    await made.until_asked("change_silent")
    await made.decide("give_up")
    await made.until_line("SHIRT-1", cancelled=2)
    await made.shipped(number, SHIRT_1=3)
    assert await made.outcome() == "completed"


@BOTH
async def test_goods_that_do_not_come_are_the_merchants_after_the_policys_time(
    world: World,
) -> None:
    made = await purchased(world, SHIRT, ship_within={"hours": 48})
    number = (await made.sent(TEXTILES))["po_number"]
    await made.accept(number)
    await world.until_status(made.case_id, "awaiting_other")
    await world.sleep(3 * DAY)
    await made.until_asked("not_shipped")
    await world.eventually(
        lambda: world.messages(TEXTILES),
        lambda found: any("send the shipment notice" in text for text in found),
    )
    await made.decide("wait")
    await world.until_status(made.case_id, "awaiting_other")
    await made.shipped(number, SHIRT_1=5)
    assert await made.outcome() == "completed"


async def test_a_message_opens_the_conversation_and_an_answer_given_there_is_refused_politely(
    world: World,
) -> None:
    made = await purchased(world, SHIRT, SHOE)
    await made.write(TEXTILES, "Please gift-wrap them.")
    await world.partner_case(TEXTILES)
    await world.eventually(
        lambda: world.messages(TEXTILES), lambda found: "Please gift-wrap them." in found
    )
    assert await world.partner_cases(SHOES) == []
    await world.answer(TEXTILES, "accept")
    await world.eventually(
        lambda: world.messages(TEXTILES),
        lambda found: any("answer the purchase order itself" in text for text in found),
    )
    assert (await made.line("SHIRT-1"))["open"] == 5
    await world.write_as_partner(TEXTILES, "With a ribbon?")
    await world.until_told(made.case_id, "From Acme Textiles: With a ribbon?")


async def test_a_nudge_reminds_and_an_extension_gives_time(world: World) -> None:
    made = await purchased(world, SHIRT, **SOON)
    number = (await made.sent(TEXTILES))["po_number"]
    await made.nudge(TEXTILES)
    await world.partner_case(TEXTILES)
    await world.eventually(
        lambda: world.messages(TEXTILES),
        lambda found: any(f"please see to {number}" in text for text in found),
    )
    await made.extend(TEXTILES, await world.now() + 3 * DAY)
    await world.sleep(11 * HOUR)
    assert await made.questions() == []
    await world.until_status(made.case_id, "awaiting_partner")
