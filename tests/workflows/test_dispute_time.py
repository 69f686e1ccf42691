"""A dispute against the clock: short notice, dates that move, pauses, and workers that are down when it matters."""

from datetime import timedelta

from tests.workflows.disputes import (
    DAY,
    HOUR,
    SHIRT,
    STATED,
    TEXTILES,
    add_evidence,
    answers,
    asked,
    decide,
    decided,
    disputed,
    draft,
    in_shopify,
    newest_cases,
    outcome,
    proves,
    seconds_until,
    sends,
    submissions,
    terms,
    until_drafted,
    until_submitted,
    until_written,
)
from tests.workflows.exceptions import partners_of
from tests.world import SHOP, World


async def test_with_less_time_than_the_margin_everybody_is_called_at_once(world: World) -> None:
    case_id, _ = await asked(world, dispute={"due": 8 * HOUR})
    await world.until_notified("little time")
    [case] = await newest_cases(world, TEXTILES)
    assert case["priority"] == "urgent"
    seen = await world.current(case_id)
    assert seen.detail["short_notice"] is True
    await sends(world, TEXTILES)
    await until_drafted(world, case_id, "proof of delivery")
    await world.sleep(7 * HOUR - HOUR / 12)
    assert await submissions(world, case_id) == {}
    await world.sleep(HOUR / 6)
    await until_submitted(world, case_id)


async def test_without_a_due_date_the_partners_time_stands_in_for_it(world: World) -> None:
    case_id, _ = await asked(world, dispute={"due": None}, answer_within={"hours": 48})
    await world.until_notified("little time")
    await sends(world, TEXTILES)
    await until_drafted(world, case_id, "proof of delivery")
    await world.sleep(2 * DAY + HOUR)
    await until_submitted(world, case_id)


async def test_a_due_date_that_comes_nearer_takes_everybodys_time_with_it(world: World) -> None:
    case_id, _ = await asked(world, dispute={"due": 10 * DAY}, answer_within={"hours": 216})
    await proves_in_part(world, case_id)
    await moved_due(world, case_id, 3 * DAY)
    await world.until_told(case_id, "Evidence is due by")
    await world.until_told(case_id, "Acme Textiles has until")
    await world.sleep(2 * DAY + HOUR)
    await until_submitted(world, case_id)


async def test_a_due_date_that_goes_further_off_gives_time(world: World) -> None:
    case_id, _ = await asked(world, dispute={"due": 3 * DAY})
    await proves_in_part(world, case_id)
    await moved_due(world, case_id, 10 * DAY)
    await world.until_told(case_id, "Evidence is due by")
    await world.sleep(3 * DAY)
    assert await submissions(world, case_id) == {}
    await world.sleep(6 * DAY + HOUR)
    await until_submitted(world, case_id)


async def test_what_nobody_can_prove_is_not_submitted_empty_and_ends_loudly(
    world: World,
) -> None:
    await partners_of(world, SHIRT)
    await terms(world)
    order = await world.order(SHIRT, fulfill=False)
    case_id, _ = await disputed(world, order=order, due=2 * DAY)
    await world.until_status(case_id, "awaiting_partner")
    await answers_no(world)
    await world.sleep(DAY + HOUR)
    await world.until_notified("there is nothing to submit")
    assert await outcome(world, case_id) == "not_answered"
    assert await submissions(world, case_id) == {}
    await world.until_notified("not answered")


async def test_what_comes_after_an_empty_try_is_submitted_at_once(world: World) -> None:
    await terms(world)
    order = await world.order(
        {"sku": "LAMP-1", "quantity": 1, "vendor": "x", "price": "15"}, fulfill=False
    )
    case_id, _ = await disputed(world, order=order, due=2 * DAY)
    await world.until_status(case_id, "awaiting_merchant")
    await world.sleep(DAY + HOUR)
    await world.until_notified("there is nothing to submit")
    await add_evidence(world, case_id, "It was collected in the shop.")
    await until_submitted(world, case_id)
    assert "It was collected in the shop." in await draft(world, case_id)


async def test_the_facts_we_hold_are_evidence(world: World) -> None:
    case_id, _ = await asked(world, dispute={"due": 2 * DAY})
    await world.sleep(DAY + HOUR)
    await until_submitted(world, case_id)
    assert "Shipped on" in await draft(world, case_id)


async def test_a_paused_dispute_calls_people_while_there_is_time(world: World) -> None:
    case_id, _ = await asked(world, dispute={"due": 3 * DAY})
    await sends(world, TEXTILES)
    await until_drafted(world, case_id, "proof of delivery")
    await world.switch("pause", shop_id=SHOP, lifecycle="dispute")
    await world.sleep(2 * DAY + HOUR)
    await world.until_notified("paused, and evidence is due")
    assert await submissions(world, case_id) == {}
    await world.switch("pause", on=False, shop_id=SHOP, lifecycle="dispute")
    await world.sleep(6 * HOUR)
    await until_submitted(world, case_id)
    assert (await world.row(case_id)).escalated >= 1


async def test_a_dispute_that_may_not_even_be_read_calls_people_too(world: World) -> None:
    await partners_of(world, SHIRT)
    await world.switch("pause", shop_id=SHOP, lifecycle="*")
    case_id, _ = await disputed(world, SHIRT, due=3 * DAY)
    await world.until_status(case_id, "opening")
    await world.eventually(
        lambda: world.current(case_id), lambda seen: True if seen.paused else None
    )
    await world.sleep(DAY + 2 * HOUR)
    await world.until_notified("paused, and evidence is due")


async def test_a_conceded_dispute_is_not_answered_and_its_end_is_shopifys(world: World) -> None:
    case_id, _ = await asked(world, dispute={"due": 3 * DAY})
    await proves(world)
    await until_drafted(world, case_id, STATED)
    await decide(world, case_id, "concede", note="It was lost.")
    await until_written(world, TEXTILES, "not contested")
    seen = await world.until_status(case_id, "awaiting_other")
    assert seen.waiting_for is not None
    await world.sleep(4 * DAY)
    assert await submissions(world, case_id) == {}
    await decided(world, case_id, "accepted")
    assert await outcome(world, case_id) == "accepted"


async def test_the_merchant_may_contest_after_all_while_there_is_time(world: World) -> None:
    case_id, _ = await asked(world, dispute={"due": 5 * DAY})
    await proves(world)
    await decide(world, case_id, "concede")
    await world.until_status(case_id, "awaiting_other")
    await decide(world, case_id, "contest")
    await world.until_status(case_id, "awaiting_partner")
    await world.sleep(4 * DAY + HOUR)
    await until_submitted(world, case_id)
    assert STATED in await draft(world, case_id)


async def test_a_margin_of_business_days_keeps_the_weekend_out(world: World) -> None:
    now = await world.now()
    # The due date is the next Monday but one, 09:00 UTC: one business day before is the Friday.
    monday = (now + (14 - now.weekday()) * DAY).replace(hour=9, minute=0, second=0, microsecond=0)
    case_id, _ = await asked(
        world,
        dispute={"due": monday - now},
        margin={"business_days": 1, "time_zone": "UTC"},
    )
    await sends(world, TEXTILES)
    await until_drafted(world, case_id, "proof of delivery")
    friday = monday - 3 * DAY
    await world.sleep(friday - await world.now() - HOUR)
    assert await submissions(world, case_id) == {}
    await world.sleep(2 * HOUR)
    await until_submitted(world, case_id)


async def test_a_dispute_that_is_heard_of_too_late_is_told_loudly(world: World) -> None:
    await partners_of(world, SHIRT)
    await terms(world)
    case_id, _ = await disputed(world, SHIRT, due=-HOUR)
    assert await outcome(world, case_id) == "not_answered"
    await world.until_notified("not answered")
    assert await submissions(world, case_id) == {}
    assert await world.partner_cases(TEXTILES) == []


# Helpers.


async def proves_in_part(world: World, case_id: str) -> None:
    await sends(world, TEXTILES)
    await until_drafted(world, case_id, "proof of delivery")


async def answers_no(world: World) -> None:
    await answers(world, TEXTILES, "decline", "We know nothing of it.")


async def moved_due(world: World, case_id: str, due: timedelta) -> None:
    await in_shopify(world, case_id, "due", evidence_due_in_s=await seconds_until(world, due))
