"""Each call on a partner's case: made twice, refused, on a case that has ended."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from domain.failures import PARTNER_REFUSED, PAUSED, UNAVAILABLE
from domain.partner_messages import (
    ClosePartnerCase,
    ExtendPartnerCase,
    FetchDocument,
    OpenPartnerCase,
    PostMessage,
    ReadPartnerCase,
    RequestedLine,
    SendDocument,
)
from domain.return_claim.lines import ClaimLine
from domain.return_claim.messages import ReadAuthorization, RequestAuthorization
from persistence.repositories import cases, documents
from tests.activities.conftest import CASE, Hands
from tests.workflows.claims import TEXTILES

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 17


def opening(key: str = "k-1") -> OpenPartnerCase:
    return OpenPartnerCase(
        tenant="demo",
        partner=TEXTILES,
        reference=f"{CASE}/{TEXTILES}",
        idempotency_key=key,
        case_type="return_claim",
        subject="Return #1001-R1",
        description="Please review.",
        due=datetime(2099, 1, 1, tzinfo=UTC),
        lines=(RequestedLine(line_id="1", sku="SHIRT-1", quantity=2, reason_code="DR"),),
    )


async def opened(hands: Hands) -> str:
    await hands.world.partner(TEXTILES)
    made = await hands.call(hands.partner.open_partner_case, opening())
    return str(made.remote_id)


def of(remote_id: str, **more: Any) -> dict[str, Any]:
    return {"tenant": "demo", "partner": TEXTILES, "remote_id": remote_id} | more


async def end(hands: Hands, remote_id: str) -> None:
    answer = await hands.world.trading_grid.post(f"/_emulator/cases/{remote_id}/close", json={})
    assert answer.is_success


async def test_opening_again_finds_the_first_case_also_under_another_key(hands: Hands) -> None:
    await hands.world.partner(TEXTILES)
    ids = {
        (await hands.call(hands.partner.open_partner_case, opening(key))).remote_id
        for key in ("k-1", "k-1", "k-2")
    }
    assert len(ids) == 1
    assert len(await hands.world.partner_cases(TEXTILES)) == 1


async def test_a_message_is_posted_once(hands: Hands) -> None:
    remote_id = await opened(hands)
    for key in ("m-1", "m-1", "m-2"):
        request = PostMessage(
            **of(remote_id, reference="c/p/message-1", idempotency_key=key, text="Hello.")
        )
        await hands.call(hands.partner.post_message, request)
    assert await hands.world.messages(TEXTILES) == ["Hello."]


async def test_writes_to_a_case_the_partner_has_ended_are_a_value(hands: Hands) -> None:
    remote_id = await opened(hands)
    await end(hands, remote_id)
    posted = await hands.call(
        hands.partner.post_message,
        PostMessage(**of(remote_id, reference="r", idempotency_key="k", text="Hello.")),
    )
    assert (posted.ended, posted.message_id) == (True, "")
    extended = await hands.call(
        hands.partner.extend_partner_case,
        ExtendPartnerCase(
            **of(remote_id, idempotency_key="k2", due=datetime.now(UTC) + timedelta(days=9))
        ),
    )
    assert extended.ended
    line = ClaimLine(line_id="1", line_item_id="1", fulfillment_line_item_id="1", quantity=2)
    requested = await hands.call(
        hands.reviews.request_authorization,
        RequestAuthorization(
            tenant="demo",
            partner=TEXTILES,
            partner_case_id=remote_id,
            reference="r2",
            idempotency_key="k3",
            lines=(line,),
        ),
    )
    assert requested.authorization_id == ""


async def test_closing_again_leaves_the_case_as_it_is(hands: Hands) -> None:
    remote_id = await opened(hands)
    for key in ("c-1", "c-2"):
        closed = await hands.call(
            hands.partner.close_partner_case,
            ClosePartnerCase(
                **of(remote_id, idempotency_key=key, action="resolve", resolution="Done.")
            ),
        )
        assert closed.status == "resolved"


async def test_a_case_whose_id_was_never_learnt_is_closed_by_its_reference(hands: Hands) -> None:
    request = ClosePartnerCase(
        **of("", idempotency_key="c", action="cancel", resolution="Given up."),
        reference=f"{CASE}/{TEXTILES}",
    )
    await hands.world.partner(TEXTILES)
    nothing = await hands.call(hands.partner.close_partner_case, request)
    assert nothing.status == "never_opened"
    await hands.call(hands.partner.open_partner_case, opening())
    closed = await hands.call(hands.partner.close_partner_case, request)
    assert closed.status == "cancelled"


async def test_an_authorisation_is_requested_once_and_read_with_mapped_locations(
    hands: Hands,
) -> None:
    remote_id = await opened(hands)
    line = ClaimLine(line_id="1", line_item_id="1", fulfillment_line_item_id="1", quantity=2)
    for key in ("a-1", "a-2"):
        requested = await hands.call(
            hands.reviews.request_authorization,
            RequestAuthorization(
                tenant="demo",
                partner=TEXTILES,
                partner_case_id=remote_id,
                reference=f"{CASE}/{TEXTILES}",
                idempotency_key=key,
                lines=(line,),
            ),
        )
    await hands.world.authorize(
        TEXTILES, lines=[{"line_id": "1", "received_quantity": 2, "location_code": "WH-7"}]
    )
    read = ReadAuthorization(
        shop="acme",
        tenant="demo",
        partner=TEXTILES,
        authorization_id=requested.authorization_id,
    )
    found = await hands.call(hands.reviews.read_authorization, read)
    assert (found.lines[0].location_code, found.lines[0].location_id) == ("WH-7", "")
    assert found.version > requested.version
    await hands.world.map_location(TEXTILES, "WH-7", "gid://shopify/Location/77")
    found = await hands.call(hands.reviews.read_authorization, read)
    assert found.lines[0].location_id == "77"


async def test_reading_a_case_gives_the_partners_words_only(hands: Hands) -> None:
    remote_id = await opened(hands)
    await hands.call(
        hands.partner.post_message,
        PostMessage(**of(remote_id, reference="r", idempotency_key="k", text="Ours.")),
    )
    await hands.world.write_as_partner(TEXTILES, "Theirs.")
    await hands.world.answer(TEXTILES, "decline", note="Worn.")
    facts = await hands.call(hands.partner.read_partner_case, ReadPartnerCase(**of(remote_id)))
    assert [message.body for message in facts.messages] == ["Theirs.", "Worn."]
    assert facts.answer is not None
    assert (facts.answer.kind, facts.answer.note) == ("decline", "Worn.")


async def a_case(hands: Hands) -> str:
    async with hands.world.database.begin() as session:
        case, _ = await cases.open_case(
            session,
            key=CASE,
            kind="return_claim",
            shop_id="acme",
            title="Claim",
            status="opening",
            now=datetime.now(UTC),
            references=(),
        )
    return case.id


async def test_a_document_is_sent_once(hands: Hands) -> None:
    remote_id, case_id = await opened(hands), await a_case(hands)
    stored = await hands.store.put(PNG)
    async with hands.world.database.begin() as session:
        row, _ = await documents.insert(
            session,
            case_id=case_id,
            shop_id="acme",
            tenant_id="demo",
            partner_id=TEXTILES,
            sha256=stored.sha256,
            size=stored.size,
            mime_type=stored.mime_type,
            file_name="seam.png",
            document_type="photo",
            direction="to_partner",
            now=datetime.now(UTC),
        )
    for key in ("d-1", "d-2"):
        request = SendDocument(
            **of(remote_id, reference="c/p/d", idempotency_key=key, document_id=row.id)
        )
        await hands.call(hands.partner.send_document, request)
    assert await hands.world.papers(TEXTILES) == ["seam.png"]


async def test_a_partners_document_is_kept_once_and_a_wrong_type_not_at_all(hands: Hands) -> None:
    remote_id, case_id = await opened(hands), await a_case(hands)
    await hands.world.document_of_partner(TEXTILES, "seam.png", PNG)
    await hands.world.document_of_partner(TEXTILES, "tool.exe", b"MZ" + b"\x90\x00" * 200)
    await hands.world.document_of_partner(TEXTILES, "large.png", PNG + b"\x00" * 1_000_000)
    facts = await hands.call(hands.partner.read_partner_case, ReadPartnerCase(**of(remote_id)))
    refused = {}
    for paper in (*facts.documents, *facts.documents):
        fetched = await hands.call(
            hands.partner.fetch_document,
            FetchDocument(
                shop="acme",
                tenant="demo",
                partner=TEXTILES,
                case_id=case_id,
                remote_document_id=paper.id,
            ),
        )
        refused[fetched.file_name] = fetched.refused
    assert refused["seam.png"] == ""
    assert "not accepted" in refused["tool.exe"]
    assert refused["large.png"] == "it is larger than 1 MB"
    async with hands.world.database.read() as session:
        rows = await documents.list_of_case(session, case_id)
    assert [row.file_name for row in rows] == ["seam.png"]


async def test_an_answers_dates_and_substitutes_are_read_and_a_date_that_is_none_hides_nothing(
    hands: Hands,
) -> None:
    remote_id = await opened(hands)
    said = await hands.world.trading_grid.post(
        f"/_emulator/cases/{remote_id}/answer",
        json={
            "kind": "partial",
            "lines": [
                {"line_id": "1", "code": "DR", "ship_date": "2026-12-01"},
                {"line_id": "2", "code": "IS", "substitute_sku": "SHIRT-2"},
                {"line_id": "3", "code": "DR", "ship_date": "after Easter", "note": "Sorry."},
                {"line_id": "4", "code": "DR", "ship_date": "9999-01-01"},
            ],
        },
    )
    assert said.is_success, said.text
    facts = await hands.call(hands.partner.read_partner_case, ReadPartnerCase(**of(remote_id)))
    first, second, third, fourth = facts.answer.lines
    assert (first.ship_date, first.note) == (date(2026, 12, 1), "")
    assert (second.substitute_sku, second.ship_date) == ("SHIRT-2", None)
    assert (third.ship_date, third.note) == (None, "Sorry. (ship date given as: after Easter)")
    assert (fourth.ship_date, fourth.note) == (None, "(ship date given as: 9999-01-01)")


async def test_a_paused_partner_is_not_called(hands: Hands) -> None:
    remote_id = await opened(hands)
    await hands.world.switch("pause", partner_id=TEXTILES)
    request = ReadPartnerCase(**of(remote_id))
    assert (await hands.refusal(hands.partner.read_partner_case, request)).type == PAUSED
    await hands.world.switch("pause", on=False, partner_id=TEXTILES)
    await hands.world.switch("pause", partner_id="somebody-else")
    await hands.call(hands.partner.read_partner_case, request)


async def test_an_outage_is_tried_again_ever_more_seldom_and_an_unknown_case_is_not(
    hands: Hands,
) -> None:
    remote_id = await opened(hands)
    await hands.world.faults("trading_grid", api={"down": True})
    request = ReadPartnerCase(**of(remote_id))
    down = await hands.refusal(hands.partner.read_partner_case, request, attempt=6)
    assert (down.type, down.non_retryable) == (UNAVAILABLE, False)
    assert down.next_retry_delay == timedelta(seconds=32)
    await hands.world.faults("trading_grid")
    missing = await hands.refusal(
        hands.partner.read_partner_case, ReadPartnerCase(**of("no-such-case"))
    )
    assert (missing.type, missing.non_retryable) == (PARTNER_REFUSED, True)
