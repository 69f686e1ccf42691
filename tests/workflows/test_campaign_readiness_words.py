"""What partners say of a campaign: in any order, of any plan, readable or not; and what people hear of it."""

from datetime import date, datetime

import pytest

from domain.operator import Extend, MessagePartner, Nudge
from persistence.repositories.campaigns import constraints
from persistence.repositories.campaigns.constraints import StockConstraint
from tests.workflows.campaigns import (
    DAY,
    HOUR,
    MARIA,
    SHIRTS,
    SHOES,
    change,
    commit,
    data,
    given,
    go,
    metaobject,
    opened,
    outcome,
    plan,
    say,
    share,
    sold,
    stop,
    totals,
    until_expected,
    until_metaobject,
    until_readiness,
    window,
    worst,
)
from tests.workflows.claims import BOTH
from tests.workflows.exceptions import in_order
from tests.world import World


@BOTH
async def test_readiness_counts_what_is_committed_and_nothing_that_is_at_risk(world: World) -> None:
    case_id = await opened(world, SHIRT_1=100, SHIRT_2=100, SHIRT_3=100, SHIRT_4=100, SHIRT_5=10)
    await say(
        world,
        SHIRTS,
        {"sku": "SHIRT-1", "status": "committed", "quantity": 100},
        {"sku": "SHIRT-2", "status": "partial", "quantity": 60, "note": "The rest in May."},
        {"sku": "SHIRT-3", "status": "at_risk", "quantity": 100},
        {"sku": "SHIRT-4", "status": "declined"},
    )
    seen = await until_readiness(world, case_id, 160 / 410)
    assert totals(seen) == {
        "products": 5,
        "open": 1,
        "committed": 1,
        "partial": 1,
        "at_risk": 1,
        "declined": 1,
        "expected": 410,
        "ready": 160,
    }
    seen = await world.eventually(
        lambda: world.current(case_id), lambda seen: seen if worst(seen) else None
    )
    await world.sleep(HOUR)
    seen = await world.current(case_id)
    assert list(worst(seen).items()) == [
        ("SHIRT-3", 100),
        ("SHIRT-4", 100),
        ("SHIRT-2", 40),
        ("SHIRT-5", 10),
    ]
    shown = await until_metaobject(world, "readiness_text", "39 % ready (160 of 410 pieces)")
    assert [line["sku"] for line in data(shown)["worst"]] == list(worst(seen))
    assert data(shown)["totals"]["at_risk"] == 1
    assert seen.status == "awaiting_partner"
    assert seen.waiting_for is not None
    assert seen.waiting_for.what == "a word on 1 product"


@BOTH
async def test_a_later_word_holds_whatever_order_they_come_in(world: World) -> None:
    case_id = await opened(world, SHIRT_1=100, SHIRT_2=100)
    both = [{"sku": sku, "status": "committed", "quantity": 100} for sku in ("SHIRT-1", "SHIRT-2")]
    await say(world, SHIRTS, both[0] | {"quantity": 70}, sequence=3)
    await until_readiness(world, case_id, 0.35)
    await say(world, SHIRTS, *both, sequence=1)  # of SHIRT-1 a later word is known
    await until_readiness(world, case_id, 0.85)
    await say(world, SHIRTS, {"sku": "SHIRT-2", "status": "declined"}, sequence=2)
    await until_readiness(world, case_id, 0.35)
    await world.until_told(case_id, "1 product with fewer pieces than before (SHIRT-2)")
    entries = [entry for entry in await world.entries(case_id) if entry.flagged]
    assert [entry.kind for entry in entries] == ["readiness"]
    # A webhook that comes twice is one word.
    await world.update(case_id, "nudge", Nudge(actor=MARIA, partner=SHIRTS))
    assert totals(await world.current(case_id))["ready"] == 70


@BOTH
async def test_what_cannot_be_applied_is_kept_flagged_and_shown(world: World) -> None:
    case_id = await opened(world, SHIRT_1=100, SHIRT_2=100)
    await say(
        world,
        SHIRTS,
        {"sku": "SHIRT-1", "status": "committed", "quantity": 250, "ready_by": "soon"},
        {"sku": "GHOST-9", "status": "committed", "quantity": 5},
        {"sku": "SHIRT-2", "status": "committed", "quantity": -3},
    )
    seen = await until_readiness(world, case_id, 0.5)
    assert totals(seen)["ready"] == 100, "no more than is expected counts"
    line = await world.until_told(case_id, "word 1: ")
    for part in ("SHIRT-1", "more than was expected", "a day that cannot be read", "GHOST-9"):
        assert part in line, line
    await world.sleep(HOUR)
    assert (await world.current(case_id)).detail["flag_count"] == 4


async def test_a_word_on_an_older_plan_is_flagged_and_not_applied(world: World) -> None:
    case_id = await opened(world, SHIRT_1=100, SHIRT_2=100)
    await share(world)
    world.deliver = False
    # The partner commits to the first plan; before we hear of it, SHIRT-1 is changed.
    await commit(world, SHIRT_1=100, SHIRT_2=100)
    await world.delivered()
    world.deliver = True
    await given(
        world,
        plan(await window(world, starts=2 * DAY), SHIRT_1=120, SHIRT_2=100),
    )
    await until_expected(world, SHIRTS, SHIRT_1=120, SHIRT_2=100)
    await say(world, SHIRTS, issues=({"code": "note", "text": "Hello."},))
    seen = await until_readiness(world, case_id, 100 / 220)
    assert totals(seen)["open"] == 1
    await world.until_told(case_id, "SHIRT-1 was said of an older plan")


async def test_a_serious_issue_is_told_to_people_at_once_and_another_is_only_noted(
    world: World,
) -> None:
    case_id = await opened(world)
    await say(
        world,
        SHIRTS,
        issues=(
            {"code": "dye", "sku": "SHIRT-1", "text": "The red is off.", "severity": "urgent"},
            {"code": "box", "text": "Plain boxes.", "severity": "low"},
        ),
    )
    await world.until_notified("Acme Textiles brings something up")
    await world.until_told(case_id, "low issue box: Plain boxes.")
    assert (await world.current(case_id)).escalated == 1
    await world.sleep(HOUR)
    seen = await world.current(case_id)
    assert [one["code"] for one in seen.detail["issues"]] == ["dye"]  # type: ignore[attr-defined]
    assert seen.detail["issue_count"] == 2
    # The same issue again replaces it, and is heard again.
    again = {"code": "dye", "sku": "SHIRT-1", "text": "Mended.", "severity": "normal"}
    await say(world, SHIRTS, issues=(again,))
    await world.until_told(case_id, "normal issue dye (SHIRT-1): Mended.")
    await world.sleep(HOUR)
    assert (await world.current(case_id)).detail["issues"] == []


async def test_a_lost_webhook_is_made_up_for_before_anyone_is_reminded(world: World) -> None:
    case_id = await opened(world, policy={"answer_within": {"hours": 10}})
    await share(world)
    world.deliver = False
    await commit(world, SHIRT_1=100)
    await world.delivered()
    world.deliver = True
    await world.sleep(6 * HOUR)  # the first reminder is due at half the time
    await until_readiness(world, case_id, 1.0)
    assert await world.messages(SHIRTS) == []


async def test_a_silent_partner_is_reminded_escalated_and_counts_as_not_ready(world: World) -> None:
    case_id = await opened(
        world, policy={"answer_within": {"hours": 10}, "reminders": [0.5], "gates": []}
    )
    await world.sleep(6 * HOUR)
    await world.until_told(case_id, "Acme Textiles was reminded of 1 product.")
    [word] = await world.messages(SHIRTS)
    assert "how ready you are for Campaign Spring: 1 product open" in word
    await world.sleep(5 * HOUR)
    await world.until_told(case_id, "did not say how ready it is in time")
    await world.until_notified("Acme Textiles is late")
    seen = await world.current(case_id)
    assert seen.status == "awaiting_other"
    assert seen.escalated == 1
    # What it says after all is taken.
    await commit(world, SHIRT_1=100)
    await until_readiness(world, case_id, 1.0)


async def test_an_extension_gives_the_partner_its_time_again(world: World) -> None:
    case_id = await opened(
        world, policy={"answer_within": {"hours": 4}, "reminders": [], "gates": []}
    )
    await world.sleep(5 * HOUR)
    assert (await world.current(case_id)).status == "awaiting_other"
    until = await world.now() + 10 * HOUR
    await world.update(case_id, "extend", Extend(actor=MARIA, partner=SHIRTS, until=until))
    seen = await world.until_status(case_id, "awaiting_partner")
    assert seen.waiting_for is not None
    assert seen.waiting_for.until == until


async def test_the_conversation_opens_with_the_first_word_and_answers_lead_to_the_campaign(
    world: World,
) -> None:
    case_id = await opened(world)
    await share(world)
    assert await world.partner_cases(SHIRTS) == []
    command = MessagePartner(actor=MARIA, partner=SHIRTS, text="Red or blue?")
    await world.update(case_id, "message_partner", command)
    case = await world.partner_case(SHIRTS)
    assert case["case_type"] == "campaign_readiness"
    await world.answer(SHIRTS, "accept")
    await world.until_told(case_id, "not applied")
    await world.eventually(
        lambda: world.messages(SHIRTS),
        lambda found: any("on the campaign itself" in one for one in found),
    )
    await stop(world, case_id)
    assert await outcome(world, case_id) == "stopped"


# While it runs.


async def running(world: World, **more: object) -> str:
    case_id = await opened(world, lasts=3 * DAY, **more)  # type: ignore[arg-type]
    await commit(world, SHIRT_1=100)
    await until_readiness(world, case_id, 1.0)
    await go(world, case_id)
    await world.sleep(2 * DAY + HOUR)
    await world.until_status(case_id, "active")
    return case_id


async def test_what_is_taken_back_while_the_campaign_runs_is_escalated(world: World) -> None:
    case_id = await running(world)
    before = (await world.current(case_id)).escalated
    await commit(world, SHIRT_1=30)
    await world.until_notified("Acme Textiles brings something up")
    await world.until_told(case_id, "1 product with fewer pieces than before (SHIRT-1)")
    assert (await world.current(case_id)).escalated == before + 1


async def test_a_constraint_of_the_partners_stock_is_shown_and_escalated_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = date(2030, 5, 1)
    found = [StockConstraint(sku="SHIRT-1", partner=SHIRTS, code="stop_sell", until=until)]

    async def against(*_: object, **__: object) -> list[StockConstraint]:
        return found

    monkeypatch.setattr(constraints, "against", against)
    case_id = await running(world)
    await world.until_told(case_id, "acme-textiles: SHIRT-1 is stop sell until 02 May 2030 00:00")
    await world.until_notified("1 product held back by stock")
    await world.sleep(DAY)
    seen = await world.current(case_id)
    assert seen.detail["constraint_count"] == 1
    told = [one for one in world.recorder.subjects() if "held back by stock" in one]
    assert len(told) == 1


async def test_what_was_sold_is_counted_without_what_was_cancelled_or_sold_before(
    world: World,
) -> None:
    case_id = await opened(world, SHIRT_1=10, SHIRT_2=5)
    await commit(world, SHIRT_1=10, SHIRT_2=5)
    seen = await until_readiness(world, case_id, 1.0)
    assert seen.detail["window"] is not None
    await go(world, case_id)
    await world.sleep(2 * DAY + HOUR)
    starts = datetime.fromisoformat(seen.detail["window"]["starts_at"])  # type: ignore[index]
    await sold(world, starts + HOUR, "SHIRT-1", 12)
    await sold(world, starts + HOUR, "SHIRT-2", 1)
    await sold(world, starts - HOUR, "SHIRT-1", 4)
    await sold(world, starts + 25 * HOUR, "SHIRT-2", 4)
    await sold(world, starts + 2 * HOUR, "LAMP-1", 9)
    cancelled = await sold(world, starts + HOUR, "SHIRT-2", 3)
    await in_order(world, cancelled, "cancel")
    assert await outcome(world, case_id) == "completed"
    detail = (await world.current(case_id)).detail
    assert detail["sold"] == {
        "orders": 2,
        "committed": 15,
        "sold": 13,
        "oversold": [{"sku": "SHIRT-1", "partner": SHIRTS, "committed": 10, "sold": 12}],
        "oversold_count": 1,
        "hidden_before": None,
    }
    shown = await metaobject(world)
    assert "1 product sold beyond what was committed" in shown["readiness_text"]


async def test_the_partners_are_heard_of_an_end_that_was_moved(world: World) -> None:
    case_id = await running(world)
    later = await world.now() + 10 * DAY
    await change(world, case_id, ends_at=later)
    await world.eventually(
        lambda: share(world), lambda found: found["ends"][:19] == later.isoformat()[:19]
    )
    await world.sleep(4 * DAY)
    assert (await world.current(case_id)).status == "active"
    assert SHOES not in (await world.current(case_id)).partners
