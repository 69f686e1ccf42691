"""What becomes of a partner that does not answer, and of answers that come late."""

from datetime import timedelta

from tests.workflows.claims import (
    BOTH,
    DAY,
    HOUR,
    SHIRT,
    SHOE,
    SHOES,
    TEXTILES,
    asked,
    decide,
    extend,
    nudge,
    outcome,
    refused_as,
    return_of,
)
from tests.world import World

SHORT = {"answer_within": {"hours": 10}, "reminders": (0.5,), "escalate_at": 0.8}
APPROVE_UNDER_100 = {
    **SHORT,
    "at_deadline": "approve_under",
    "approve_under": {"amount": "100.00", "currency": "EUR"},
}


@BOTH
async def test_a_silent_partner_is_reminded_then_escalated_then_the_merchant_is_asked(
    world: World,
) -> None:
    case_id = await asked(
        world, SHIRT, **SHORT, notify=("console:",), escalate_to=("mailto:boss@example.com",)
    )
    await world.sleep(timedelta(hours=5, minutes=1))
    await world.until_told(case_id, "was reminded")
    assert any("A reminder" in text for text in await world.messages(TEXTILES))
    assert (await world.current(case_id)).escalated == 0
    await world.sleep(3 * HOUR)
    await world.eventually(
        lambda: world.current(case_id), lambda seen: seen if seen.escalated == 1 else None
    )
    await world.eventually(
        _told(world), lambda told: "mailto:boss@example.com" in [who for who, _ in told]
    )
    await world.sleep(2 * HOUR)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "did not answer in time" in seen.waiting_for.what
    assert (await world.messages(TEXTILES))[1:] == []


def _told(world: World):  # type: ignore[no-untyped-def]
    async def look():  # type: ignore[no-untyped-def]
        return world.recorder.told

    return look


async def test_silence_approves_what_is_worth_less_than_the_policys_amount(world: World) -> None:
    case_id = await asked(world, SHIRT, **APPROVE_UNDER_100)
    await world.sleep(11 * HOUR)
    await world.until_status(case_id, "awaiting_other")
    assert await world.shopify_writes("returnApproveRequest") == ["returnApproveRequest"]


async def test_silence_asks_about_what_is_worth_just_the_policys_amount(world: World) -> None:
    terms = APPROVE_UNDER_100 | {"approve_under": {"amount": "60.00", "currency": "EUR"}}
    case_id = await asked(world, SHIRT, **terms)
    await world.sleep(11 * HOUR)
    await world.until_status(case_id, "awaiting_merchant")
    assert await world.shopify_writes("returnApproveRequest") == []


async def test_silence_asks_about_what_is_worth_more(world: World) -> None:
    terms = APPROVE_UNDER_100 | {"approve_under": {"amount": "59.99", "currency": "EUR"}}
    case_id = await asked(world, SHIRT, **terms)
    await world.sleep(11 * HOUR)
    await world.until_status(case_id, "awaiting_merchant")


async def test_silence_asks_where_the_policys_amount_is_in_another_currency(world: World) -> None:
    terms = APPROVE_UNDER_100 | {"approve_under": {"amount": "100.00", "currency": "USD"}}
    case_id = await asked(world, SHIRT, **terms)
    await world.sleep(11 * HOUR)
    await world.until_status(case_id, "awaiting_merchant")


async def test_silence_declines_where_the_policy_says_so(world: World) -> None:
    case_id = await asked(world, SHIRT, **SHORT, at_deadline="decline")
    assert await outcome(world, case_id) == "declined"
    found = await world.return_in_shopify(return_of(case_id))
    assert found["decline"]["note"] == "No answer in time."


async def test_a_policy_that_keeps_waiting_only_escalates(world: World) -> None:
    case_id = await asked(world, SHIRT, **SHORT, at_deadline="keep")
    await world.sleep(20 * DAY)
    seen = await world.until_status(case_id, "awaiting_partner")
    assert seen.escalated == 2
    assert seen.waiting_for is not None
    assert seen.waiting_for.until is None
    assert "the wait goes on" in seen.waiting_for.then
    await world.answer(TEXTILES, "decline", note="Worn.")
    assert await outcome(world, case_id) == "declined"


async def test_a_partner_that_closes_its_case_is_silent_even_where_the_policy_keeps_waiting(
    world: World,
) -> None:
    case_id = await asked(world, SHIRT, **SHORT, at_deadline="keep")
    case = await world.partner_case(TEXTILES)
    await world.trading_grid.post(f"/_emulator/cases/{case['id']}/close", json={})
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "did not answer" in seen.waiting_for.what


async def test_business_days_pass_over_weekends_and_holidays(world: World) -> None:
    start = await world.now()
    free = [(start + timedelta(days=ahead)).date().isoformat() for ahead in range(1, 4)]
    case_id = await asked(
        world,
        SHIRT,
        answer_within={"business_days": 2, "time_zone": "Europe/Berlin", "holidays": free},
    )
    seen = await world.current(case_id)
    assert seen.waiting_for is not None
    assert seen.waiting_for.until is not None
    due = seen.waiting_for.until
    assert due - start > 4 * DAY
    assert due.weekday() < 5
    assert due.date().isoformat() not in free


async def test_an_answer_at_the_last_minute_counts(world: World) -> None:
    case_id = await asked(world, SHIRT, **SHORT, at_deadline="decline", refund="automatic")
    await world.sleep(timedelta(hours=9, minutes=59))
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")


@BOTH
async def test_an_answer_whose_webhook_was_lost_is_found_at_the_deadline(world: World) -> None:
    case_id = await asked(world, SHIRT, **SHORT | {"reminders": ()}, at_deadline="decline")
    await world.sleep(9 * HOUR)
    world.deliver = False
    await world.answer(TEXTILES, "accept")
    await world.delivered()
    world.deliver = True
    await world.sleep(2 * HOUR)
    await world.until_status(case_id, "awaiting_other")
    assert await world.shopify_writes("returnDeclineRequest") == []


async def test_an_answer_whose_webhook_was_lost_is_found_before_a_reminder(world: World) -> None:
    case_id = await asked(world, SHIRT, **SHORT)
    world.deliver = False
    await world.answer(TEXTILES, "accept")
    await world.delivered()
    world.deliver = True
    await world.sleep(6 * HOUR)
    await world.until_status(case_id, "awaiting_other")
    assert not any("A reminder" in text for text in await world.messages(TEXTILES))


async def test_a_late_answer_counts_until_the_merchant_has_decided(world: World) -> None:
    case_id = await asked(world, SHIRT, **SHORT)
    await world.sleep(11 * HOUR)
    await world.until_status(case_id, "awaiting_merchant")
    await world.answer(TEXTILES, "decline", note="Worn.")
    assert await outcome(world, case_id) == "declined"


async def test_an_answer_after_the_decision_is_flagged_and_not_applied(world: World) -> None:
    case_id = await asked(world, SHIRT)
    await decide(world, case_id, "approve")
    await world.until_status(case_id, "awaiting_other")
    await world.answer(TEXTILES, "decline", note="Worn.")
    await world.until_told(case_id, "after the decision; not applied")
    [entry] = [e for e in await world.entries(case_id) if "not applied" in e.text]
    assert entry.flagged
    assert (await world.return_in_shopify(return_of(case_id)))["status"] == "OPEN"
    lines = (await world.current(case_id)).detail["lines"]
    assert [line["verdict"]["accepted"] for line in lines] == [2]  # type: ignore[attr-defined]


async def test_a_partner_that_gets_more_time_is_asked_to_the_new_end(world: World) -> None:
    case_id = await asked(world, SHIRT, **SHORT, at_deadline="decline")
    until = await world.now() + 3 * DAY
    await extend(world, case_id, TEXTILES, until)
    await world.until_told(case_id, "has until")
    seen = await world.current(case_id)
    assert seen.waiting_for is not None
    assert seen.waiting_for.until == until
    await world.sleep(2 * DAY)
    assert (await world.current(case_id)).status == "awaiting_partner"
    assert await outcome(world, case_id) == "declined"


async def test_a_silent_partner_that_gets_more_time_is_waited_for_again(world: World) -> None:
    case_id = await asked(world, SHIRT, **SHORT)
    await world.sleep(11 * HOUR)
    await world.until_status(case_id, "awaiting_merchant")
    await extend(world, case_id, TEXTILES, await world.now() + DAY)
    await world.until_status(case_id, "awaiting_partner")
    await world.answer(TEXTILES, "decline", note="Worn.")
    assert await outcome(world, case_id) == "declined"


async def test_the_merchant_gives_itself_more_time(world: World) -> None:
    case_id = await asked(world, SHIRT, **SHORT, merchant_within={"hours": 5})
    await world.sleep(11 * HOUR)
    await world.until_status(case_id, "awaiting_merchant")
    await extend(world, case_id, "", await world.now() + 30 * DAY)
    await world.sleep(10 * DAY)
    assert (await world.current(case_id)).status == "awaiting_merchant"
    await decide(world, case_id, "decline")
    assert await outcome(world, case_id) == "declined"


async def test_a_moment_that_has_passed_is_no_extension(world: World) -> None:
    case_id = await asked(world, SHIRT)
    gone = await world.now() - HOUR
    await refused_as("InvalidCommand", extend(world, case_id, TEXTILES, gone))
    await refused_as("NotNow", extend(world, case_id, "", gone + DAY))


async def test_a_nudge_reminds_at_once(world: World) -> None:
    case_id = await asked(world, SHIRT)
    await nudge(world, case_id, TEXTILES)
    await world.until_told(case_id, "was nudged")
    assert "please answer this case by" in (await world.messages(TEXTILES))[-1]
    await refused_as("UnknownPartner", nudge(world, case_id, "somebody-else"))


async def test_two_silent_partners_are_one_question_to_the_merchant(world: World) -> None:
    case_id = await asked(world, SHIRT, SHOE, **SHORT)
    await world.answer(SHOES, "accept")
    await world.sleep(11 * HOUR)
    await world.until_status(case_id, "awaiting_merchant")
    await decide(world, case_id, "approve")
    await world.until_status(case_id, "awaiting_other")
