"""What partners do with a dispute: questions, refusals, halves, silence, the last minute, and papers that come too late."""

from typing import Any

import pytest

from domain import operator
from domain.operator import Extend, MessagePartner
from persistence.repositories import partners
from tests.workflows.claims import refused_as
from tests.workflows.disputes import (
    DAY,
    HOUR,
    LAMP,
    MARIA,
    SHIRT,
    STATED,
    TEXTILES,
    add_evidence,
    answers,
    asked,
    decided,
    dispute,
    disputed,
    draft,
    newest_cases,
    outcome,
    pdf,
    proves,
    sends,
    submissions,
    submit,
    until_attached,
    until_drafted,
    until_submitted,
    until_written,
)
from tests.workflows.exceptions import letters
from tests.world import TENANT, World


async def partner_of(world: World, case_id: str) -> dict[str, object]:
    found: dict[str, object] = (await world.current(case_id)).detail["partners"][0]  # type: ignore[index]
    return found


async def test_a_question_is_the_merchants_and_the_due_date_does_not_move_for_it(
    world: World,
) -> None:
    case_id, _ = await asked(world, dispute={"due": 4 * DAY}, answer_within={"hours": 96})
    before = (await partner_of(world, case_id))["due"]
    await answers(world, TEXTILES, "request_info", "Which parcel do you mean?")
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "Which parcel do you mean?" in seen.waiting_for.what
    await world.sleep(2 * DAY)
    told = MessagePartner(actor=MARIA, partner=TEXTILES, text="The one of 3 March.")
    await world.update(case_id, operator.MESSAGE_PARTNER, told)
    await world.until_status(case_id, "awaiting_partner")
    # Its time stood still for two days, and what the bank gives did not: it ends before the due date all the same.
    partner = await partner_of(world, case_id)
    due = (await world.current(case_id)).detail["due"]
    assert str(before) < str(partner["due"]) <= str(due)
    await proves(world)
    await until_drafted(world, case_id, STATED)
    await world.sleep(DAY + HOUR)
    await until_submitted(world, case_id)


async def test_a_question_nobody_answers_does_not_hold_the_submission_up(world: World) -> None:
    case_id, _ = await asked(world, dispute={"due": 3 * DAY})
    await sends(world, TEXTILES)
    await until_drafted(world, case_id, "proof of delivery")
    await answers(world, TEXTILES, "request_info", "Which parcel do you mean?")
    await world.until_status(case_id, "awaiting_merchant")
    await world.sleep(2 * DAY + HOUR)
    await until_submitted(world, case_id)


async def test_a_refusal_is_told_to_the_merchant_and_never_to_the_bank(world: World) -> None:
    case_id, _ = await asked(world)
    await answers(world, TEXTILES, "decline", "The carrier lost the parcel.")
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    await world.until_told(case_id, "The carrier lost the parcel.")
    await add_evidence(world, case_id, "The customer was offered another parcel.")
    text = await until_drafted(world, case_id, "offered another parcel")
    assert "lost" not in text


async def test_half_an_answer_is_drafted_and_the_partner_goes_on_being_reminded(
    world: World,
) -> None:
    case_id, _ = await asked(
        world, dispute={"due": 5 * DAY}, answer_within={"hours": 96}, reminders=[0.5]
    )
    await answers(world, TEXTILES, "partial", "The rest follows.")
    await until_drafted(world, case_id, "Acme Textiles states: The rest follows.")
    await world.sleep(2 * DAY + HOUR)
    await until_written(world, TEXTILES, "A reminder")
    await proves(world)
    await world.until_status(case_id, "awaiting_merchant")
    text = await until_drafted(world, case_id, STATED)
    assert "The rest follows." not in text


async def test_an_acceptance_with_nothing_in_it_is_waited_for_until_its_papers_come(
    world: World,
) -> None:
    case_id, _ = await asked(world)
    await answers(world, TEXTILES, "accept")
    await world.until_told(case_id, "answered: accept")
    assert (await world.current(case_id)).status.value == "awaiting_partner"
    await sends(world, TEXTILES)
    await world.until_status(case_id, "awaiting_merchant")
    await until_drafted(world, case_id, "proof of delivery")


async def test_a_silent_partner_is_reminded_three_times_and_its_late_word_still_counts(
    world: World,
) -> None:
    case_id, _ = await asked(world, dispute={"due": 10 * DAY}, answer_within={"hours": 96})
    await world.sleep(4 * DAY + HOUR)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    reminders = [text for text in await letters(world, TEXTILES) if "A reminder" in text]
    assert len(reminders) == 3
    await proves(world)
    await until_drafted(world, case_id, STATED)
    await submit(world, case_id)
    await until_submitted(world, case_id)


async def test_an_answer_in_the_last_minute_before_the_margin_is_submitted_with_the_rest(
    world: World,
) -> None:
    case_id, _ = await asked(world, dispute={"due": 3 * DAY})
    # So lost is the webhook that only the look before the submission finds the answer.
    await world.sleep(2 * DAY - HOUR / 60)
    world.deliver = False
    await proves(world)
    await world.sleep(HOUR)
    world.deliver = True
    await until_submitted(world, case_id)
    assert STATED in await draft(world, case_id)
    assert set((await dispute(world, case_id))["files"]) == {"shippingDocumentationFile"}


async def test_what_comes_after_the_submission_is_kept_and_shown_as_too_late(
    world: World,
) -> None:
    case_id, _ = await asked(world, dispute={"due": 3 * DAY})
    await sends(world, TEXTILES)
    await until_drafted(world, case_id, "proof of delivery")
    await world.sleep(2 * DAY + HOUR)
    await until_submitted(world, case_id)
    before = await draft(world, case_id)
    await sends(world, TEXTILES, "packing_list")
    await answers(world, TEXTILES, "accept", STATED)
    await world.until_told(case_id, "packing_list.pdf came from Acme Textiles after the evidence")
    await world.until_told(case_id, "after the decision; not applied")
    papers: Any = (await world.current(case_id)).detail["papers"]
    assert [one["late"] for one in papers] == [False, True]
    assert await draft(world, case_id) == before
    await decided(world, case_id, "won")
    assert await outcome(world, case_id) == "won"
    assert await submissions(world, case_id) == {"CHARGEBACK": 1}


async def test_nobody_is_given_time_beyond_the_due_date(world: World) -> None:
    case_id, _ = await asked(world, dispute={"due": 4 * DAY})
    now = await world.now()
    for until, refused in ((now + 5 * DAY, True), (now + 3 * DAY + HOUR, False)):
        command = Extend(actor=MARIA, partner=TEXTILES, until=until)
        if refused:
            await refused_as("InvalidCommand", world.update(case_id, operator.EXTEND, command))
        else:
            await world.update(case_id, operator.EXTEND, command)
    await world.until_told(case_id, "Acme Textiles has until")
    [case] = await newest_cases(world, TEXTILES)
    assert case["due_time"].startswith((now + 3 * DAY + HOUR).isoformat()[:16])
    command = Extend(actor=MARIA, partner="", until=now + DAY)
    await refused_as("NotNow", world.update(case_id, operator.EXTEND, command))


async def test_a_paper_that_cannot_be_taken_is_told_and_the_others_go(world: World) -> None:
    case_id, _ = await asked(world)
    await sends(world, TEXTILES, "packing_list", content=pdf("locked", encrypted=True))
    await sends(world, TEXTILES, "bill_of_lading", content=b"\x7fELF not a paper at all")
    await sends(world, TEXTILES)
    await until_attached(world, case_id, "shippingDocumentationFile")
    text = await until_drafted(world, case_id, "Attached under shipping documentation: proof of")
    assert "Held by the merchant and available on request: packing list" in text
    assert "bill of lading" not in text
    await world.until_notified("a paper is not attached")
    refused = (await world.current(case_id)).detail["refused_papers"]
    assert "packing_list.pdf" in refused  # type: ignore[operator]
    await until_written(world, TEXTILES, "bill_of_lading.pdf could not be taken")


@pytest.mark.parametrize("kind", ["decline", "accept"])
async def test_a_partner_may_change_its_mind_until_the_evidence_is_submitted(
    world: World, kind: str
) -> None:
    case_id, _ = await asked(world)
    await answers(world, TEXTILES, "accept", STATED)
    await until_drafted(world, case_id, STATED)
    await answers(world, TEXTILES, kind, "It was another parcel.")

    async def text() -> str:
        return await draft(world, case_id)

    await world.eventually(text, lambda found: STATED not in found)
    assert ("It was another parcel." in await text()) == (kind == "accept")


async def test_lines_of_a_partner_that_is_suspended_are_the_merchants(world: World) -> None:
    await world.partner(TEXTILES)
    async with world.database.begin() as session:
        found = await partners.find(session, TENANT, TEXTILES)
        assert found is not None
        found.status = "suspended"
    case_id, _ = await disputed(world, SHIRT, LAMP)
    await world.until_told(case_id, "It is not asked for evidence.")
    assert await world.partner_cases(TEXTILES) == []
    await world.until_status(case_id, "awaiting_merchant")
