"""Answers that differ, partners that ask, and answers that cannot be taken."""

import asyncio
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256

from clients.documents.object_store import open_document_store
from persistence.repositories import documents, partners
from tests.workflows.claims import (
    BOTH,
    HOUR,
    LAMP,
    SHIRT,
    SHOE,
    SHOES,
    TEXTILES,
    accepting,
    asked,
    decide,
    line_ids,
    opened,
    outcome,
    refused_as,
    return_of,
    write,
)
from tests.world import SHOP, TENANT, World

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 17


async def mixed(world: World, **terms: object) -> str:
    """Textiles accept, shoes decline: the merchant is asked."""
    case_id = await asked(world, SHIRT, SHOE, **terms)
    await world.answer(TEXTILES, "accept")
    await world.answer(SHOES, "decline", note="Worn.")
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "mixed" in seen.waiting_for.what
    return case_id


async def in_return(world: World, case_id: str) -> dict[str, int]:
    found = await world.return_in_shopify(return_of(case_id))
    return {line["sku"]: line["quantity"] for line in found["lines"]}


async def test_the_merchant_approves_all_of_a_mixed_return(world: World) -> None:
    case_id = await mixed(world)
    await decide(world, case_id, "approve")
    await world.until_status(case_id, "awaiting_other")
    assert await in_return(world, case_id) == {"SHIRT-1": 2, "SHOE-1": 1}
    assert await world.shopify_writes("removeFromReturn") == []


async def test_the_merchant_declines_all_of_a_mixed_return(world: World) -> None:
    case_id = await mixed(world)
    await decide(world, case_id, "decline")
    assert await outcome(world, case_id) == "declined"
    found = await world.return_in_shopify(return_of(case_id))
    assert found["decline"]["note"] == "Worn."


@BOTH
async def test_the_merchant_approves_what_was_accepted_and_the_rest_is_taken_out(
    world: World,
) -> None:
    case_id = await mixed(world, refund="automatic")
    await decide(world, case_id, "approve_accepted")
    await world.until_status(case_id, "awaiting_other")
    assert await in_return(world, case_id) == {"SHIRT-1": 2}
    await world.receive_all(TEXTILES)
    assert (await world.result(case_id))["refunded"] == {"amount": "60.0", "currency": "EUR"}
    assert await world.shopify_writes("removeFromReturn") == ["removeFromReturn"]


async def test_the_merchant_rules_line_by_line(world: World) -> None:
    case_id = await mixed(world)
    ids = await line_ids(world, case_id)
    await decide(
        world,
        case_id,
        "approve_accepted",
        lines=accepting(**{ids["SHIRT-1"]: 1, ids["SHOE-1"]: 1}),
    )
    await world.until_status(case_id, "awaiting_other")
    assert await in_return(world, case_id) == {"SHIRT-1": 1, "SHOE-1": 1}


async def test_a_decision_that_does_not_fit_the_claim_is_refused(world: World) -> None:
    case_id = await mixed(world)
    ids = await line_ids(world, case_id)
    for lines in (accepting(unknown=1), accepting(**{ids["SHIRT-1"]: 3})):
        await refused_as("InvalidCommand", decide(world, case_id, "approve_accepted", lines=lines))
    await decide(world, case_id, "approve")
    await refused_as("AlreadyDecided", decide(world, case_id, "decline"))


async def test_a_part_of_a_line_is_accepted(world: World) -> None:
    case_id = await asked(world, SHIRT, refund="automatic")
    ids = await line_ids(world, case_id)
    await world.answer(
        TEXTILES,
        "partial",
        lines=[{"line_id": ids["SHIRT-1"], "disposition_code": "PA", "quantity": 1}],
    )
    await world.until_status(case_id, "awaiting_merchant")
    await decide(world, case_id, "approve_accepted")
    await world.until_status(case_id, "awaiting_other")
    assert await in_return(world, case_id) == {"SHIRT-1": 1}
    await world.authorize(TEXTILES, lines=[{"line_id": ids["SHIRT-1"], "received_quantity": 1}])
    assert (await world.result(case_id))["refunded"] == {"amount": "30.0", "currency": "EUR"}


async def test_lines_without_a_partner_make_the_merchant_speak_for_them(world: World) -> None:
    case_id = await asked(world, SHIRT, LAMP)
    await world.answer(TEXTILES, "accept")
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "belong to no partner" in seen.waiting_for.what
    ids = await line_ids(world, case_id)
    await decide(world, case_id, "approve_accepted", lines=accepting(**{ids["LAMP-1"]: 0}))
    await world.until_status(case_id, "awaiting_other")
    assert await in_return(world, case_id) == {"SHIRT-1": 2}


async def test_a_suspended_partner_is_asked_nothing(world: World) -> None:
    await world.partner(TEXTILES)
    async with world.database.begin() as session:
        known = await partners.find(session, TENANT, TEXTILES)
        assert known is not None
        await partners.update(
            session, TENANT, TEXTILES, version=known.version, changes={"status": "suspended"}
        )
    case_id = await opened(world, SHIRT)
    await world.until_status(case_id, "awaiting_merchant")
    assert await world.partner_cases(TEXTILES) == []


@BOTH
async def test_a_partners_question_is_answered_with_text_and_a_file_while_its_clock_stands_still(
    world: World,
) -> None:
    case_id = await asked(world, SHIRT, answer_within={"hours": 10}, at_deadline="decline")
    before = (await world.current(case_id)).waiting_for
    assert before is not None
    assert before.until is not None
    await world.answer(TEXTILES, "request_info", note="A photo of the seam, please.")
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "A photo of the seam" in seen.waiting_for.what
    await world.sleep(20 * HOUR)
    assert (await world.current(case_id)).status == "awaiting_merchant"
    stored = await open_document_store(world.settings.document_store_url).put(PNG)
    async with world.database.begin() as session:
        row, _ = await documents.insert(
            session,
            case_id=case_id,
            shop_id=SHOP,
            tenant_id=TENANT,
            partner_id=TEXTILES,
            sha256=stored.sha256,
            size=stored.size,
            mime_type=stored.mime_type,
            file_name="seam.png",
            document_type="photo",
            direction="to_partner",
            now=datetime.now(UTC),
        )
    await write(world, case_id, TEXTILES, "Here it is.", row.id)
    seen = await world.until_status(case_id, "awaiting_partner")
    assert seen.waiting_for is not None
    assert seen.waiting_for.until is not None
    assert seen.waiting_for.until - before.until > 20 * HOUR
    assert await world.papers(TEXTILES) == ["seam.png"]
    assert (await world.messages(TEXTILES))[-1] == "Here it is."
    assert (await world.partner_case(TEXTILES))["status"] == "pending_partner"
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")


async def test_a_question_takes_back_an_earlier_answer(world: World) -> None:
    case_id = await asked(world, SHIRT, SHOE)
    await world.answer(TEXTILES, "accept")
    await world.until_told(case_id, "answered: accept")
    await world.answer(TEXTILES, "request_info", note="Wait: which seam?")
    await world.until_status(case_id, "awaiting_merchant")
    await world.answer(SHOES, "accept")
    await world.until_told(case_id, "North Shoes answered: accept")
    assert (await world.current(case_id)).status == "awaiting_merchant"
    assert await world.shopify_writes("returnApproveRequest") == []


def _holding(part: str, texts: list[str]) -> str | None:
    return next((text for text in texts if part in text), None)


async def test_an_answer_that_cannot_be_taken_is_told_and_handed_back(world: World) -> None:
    case_id = await asked(world, SHIRT, {**SHOE, "vendor": TEXTILES}, refund="automatic")
    ids = await line_ids(world, case_id)
    shirt, shoe = ids["SHIRT-1"], ids["SHOE-1"]
    wrong = {
        "is not part of this case": [{"line_id": "4711", "quantity": 1}],
        "3 of 2 claimed is not possible": [
            {"line_id": shirt, "quantity": 3},
            {"line_id": shoe, "quantity": 1},
        ],
        "is not answered": [{"line_id": shirt, "quantity": 1}],
        "is not known here": [
            {"line_id": shirt, "disposition_code": "ZZ"},
            {"line_id": shoe, "quantity": 1},
        ],
        "to refuse a part, answer PA": [
            {"line_id": shirt, "disposition_code": "RD", "quantity": 1},
            {"line_id": shoe, "quantity": 1},
        ],
    }
    for told, lines in wrong.items():
        await world.answer(TEXTILES, "partial", lines=lines)
        text = await world.eventually(
            lambda: world.messages(TEXTILES),
            partial(_holding, told),
        )
        assert "Please answer again." in text
        await world.eventually(
            lambda: world.partner_cases(TEXTILES),
            lambda found: found[0]["status"] == "pending_partner",
        )
    assert (await world.current(case_id)).status == "awaiting_partner"
    assert await world.shopify_writes("returnApproveRequest", "returnDeclineRequest") == []
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")


async def test_a_partners_document_is_fetched_and_stored(world: World) -> None:
    case_id = await asked(world, SHIRT)
    await world.document_of_partner(TEXTILES, "seam.png", PNG)
    await world.until_told(case_id, "seam.png (photo) from Acme Textiles")
    async with world.database.read() as session:
        [row] = await documents.list_of_case(session, case_id)
    assert (row.sha256, row.mime_type) == (sha256(PNG).hexdigest(), "image/png")


async def test_a_document_of_a_refused_type_is_told_to_the_partner_and_not_kept(
    world: World,
) -> None:
    case_id = await asked(world, SHIRT)
    await world.document_of_partner(TEXTILES, "tool.exe", b"MZ" + b"\x90\x00" * 200)
    await world.until_told(case_id, "tool.exe from Acme Textiles was not taken")
    await world.eventually(
        lambda: world.messages(TEXTILES),
        lambda found: any("tool.exe could not be taken" in text for text in found),
    )
    async with world.database.read() as session:
        assert await documents.list_of_case(session, case_id) == []


async def test_lines_taken_out_in_shopify_during_the_review_are_told_and_reviewed_no_more(
    world: World,
) -> None:
    await world.partner(TEXTILES)
    await world.partner(SHOES)
    await world.policy(open_on_open_return=True)
    case_id = await opened(world, SHIRT, SHOE, open=True)
    await world.until_status(case_id, "awaiting_partner")
    ids = await line_ids(world, case_id)
    await world.answer(TEXTILES, "partial", lines=[{"line_id": ids["SHIRT-1"], "quantity": 2}])
    await world.until_told(case_id, "answered: partial")
    await world.in_shopify(return_of(case_id), "remove-line", sku="SHIRT-1", quantity=1)
    # Two of two no longer fit one: asked again.
    await world.until_told(case_id, "1 instead of 2")
    await world.eventually(
        lambda: world.messages(TEXTILES),
        lambda found: any("Please answer again." in text for text in found),
    )
    await world.in_shopify(return_of(case_id), "remove-line", sku="SHOE-1", quantity=1)
    await world.until_told(case_id, "SHOE-1 was taken out.")
    await world.eventually(
        lambda: world.partner_cases(SHOES), lambda found: found[0]["status"] == "cancelled"
    )
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")


async def test_many_events_at_once_are_one_look(world: World) -> None:
    case_id = await asked(world, SHIRT)
    await world.faults("trading_grid", api={"latency_ms": 300})
    await asyncio.gather(*(world.write_as_partner(TEXTILES, f"word {n}") for n in range(8)))
    await world.until_told(case_id, "word 7")
    history = await world.history(case_id)
    looks = [
        event
        for event in history.events
        if event.activity_task_scheduled_event_attributes.activity_type.name
        == "partner_case.read_partner_case"
    ]
    assert len(looks) <= 4
    told = await world.timeline(case_id)
    assert [line for line in told if "word" in line] == [
        f"From Acme Textiles: word {n}" for n in range(8)
    ]
