"""The adapter against the emulator, an independent reading of the same contract."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clients.trading_grid import errors
from clients.trading_grid.port import (
    Case,
    CaseChange,
    ExternalReference,
    NewCase,
    NewCaseLine,
    NewDocument,
    NewMessage,
    NewReturnAuthorization,
    NewReturnAuthorizationLine,
)
from clients.trading_grid.rest import TradingGridConnection
from clients.trading_grid.verify import WebhookForged, verify_webhook
from tests.clients.trading_grid.emulated import World

RECEIVER = "https://gridcase.example.com/webhooks/trading-grid/demo"
PDF = b"%PDF-1.7\n" + b"evidence " * 500


def reference(kind: str) -> ExternalReference:
    return ExternalReference(system="gridcase", id=f"return-claim:acme:1:{kind}")


NEW_CASE = NewCase(
    case_type="return_claim",
    subject="Return 1",
    partner_id="p1",
    external_reference=reference("p1"),
    lines=(NewCaseLine(line_id="11", sku="A", quantity=2, reason_code="DA"),),
)


async def opened(world: World) -> Case:
    return await world.grid.open_case(NEW_CASE, idempotency_key="open-1")


async def test_the_credentials_are_checked(world: World) -> None:
    await world.grid.check()
    wrong = TradingGridConnection(
        tenant="demo",
        base_url=world.connection.base_url,
        token_url=world.connection.token_url,
        client_id="demo-client",
        client_secret="wrong",
    )
    with pytest.raises(errors.Unauthorized):
        await world.clients.for_tenant(wrong).check()


async def test_an_expired_token_is_renewed_without_a_word(world: World) -> None:
    await world.grid.check()
    await world.control.post("/_emulator/tenants/demo/expire-tokens")
    assert (await world.grid.read_partner("p1")).status == "active"


async def test_partners_are_listed_over_pages(world: World) -> None:
    for number in range(2, 6):
        await world.partner_does("/partners", {"id": f"p{number}"})
    listed = await world.grid.list_partners()
    assert sorted(partner.id for partner in listed) == ["p1", "p2", "p3", "p4", "p5"]
    with pytest.raises(errors.NotFound) as caught:
        await world.grid.read_partner("p9")
    assert caught.value.request_id is not None


async def test_a_case_opened_twice_is_one_case(world: World) -> None:
    first = await opened(world)
    assert first.status == "pending_partner"
    assert (await opened(world)).id == first.id
    later = await world.grid.open_case(NEW_CASE, idempotency_key="after-24-hours")
    assert later.id == first.id
    found = await world.grid.find_case(NEW_CASE.external_reference)
    assert found is not None
    assert found.id == first.id
    assert await world.grid.find_case(reference("o'neil")) is None


async def test_the_same_key_with_another_body_is_unprocessable(world: World) -> None:
    await opened(world)
    other = NEW_CASE.model_copy(
        update={"subject": "Another", "external_reference": reference("other")}
    )
    with pytest.raises(errors.Unprocessable):
        await world.grid.open_case(other, idempotency_key="open-1")


async def test_an_answer_is_read_and_the_case_handed_back(world: World) -> None:
    case = await opened(world)
    await world.partner_does(
        f"/cases/{case.id}/answer",
        {
            "kind": "partial",
            "note": "One is ours.",
            "lines": [
                {
                    "line_id": "11",
                    "code": "BP",
                    "quantity": 1,
                    "disposition_code": "PA",
                    "credit_amount": "12.50",
                }
            ],
        },
    )
    answered = await world.grid.read_case(case.id)
    assert answered.status == "pending_company"
    assert answered.version > case.version
    assert answered.answer is not None
    assert answered.answer.kind == "partial"
    assert str(answered.answer.lines[0].credit_amount) == "12.50"

    new = NewMessage(body="Please look again.", hand_back=True, external_reference=reference("m1"))
    posted = await world.grid.post_message(case.id, new, idempotency_key="m1")
    assert posted.author.type == "company"
    assert (await world.grid.read_case(case.id)).status == "pending_partner"
    again = await world.grid.post_message(case.id, new, idempotency_key="m1-after-24-hours")
    assert again.id == posted.id
    thread = await world.grid.list_messages(case.id)
    assert [message.author.type for message in thread] == ["partner", "company"]


async def test_a_case_is_changed_with_its_etag_and_extended_and_closed(world: World) -> None:
    case = await opened(world)
    assert case.etag is not None
    changed = await world.grid.change_case(case.id, CaseChange(priority="high"), etag=case.etag)
    assert changed.priority == "high"
    with pytest.raises(errors.PreconditionFailed):
        await world.grid.change_case(case.id, CaseChange(priority="low"), etag=case.etag)

    due = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    extended = await world.grid.act_on_case(case.id, "extend", due_time=due, idempotency_key="a1")
    assert extended.due_time == due
    closed = await world.grid.act_on_case(
        case.id, "close", resolution="overtaken", note="Done.", idempotency_key="a2"
    )
    assert (closed.status, closed.resolution) == ("closed", "overtaken")
    with pytest.raises(errors.Conflict) as caught:
        await world.grid.act_on_case(case.id, "resolve", idempotency_key="a3")
    assert caught.value.existing is None


async def test_a_file_goes_up_becomes_a_document_and_comes_down(world: World) -> None:
    case = await opened(world)

    async def content() -> AsyncIterator[bytes]:
        yield PDF[:1000]
        yield PDF[1000:]

    file = await world.grid.upload_file(
        content, file_name="Prüfung.pdf", mime_type="application/pdf", idempotency_key="f1"
    )
    assert file.original_file_name == "Prüfung.pdf"
    assert file.sha256 == hashlib.sha256(PDF).hexdigest()
    new = NewDocument(
        file_id=file.id,
        document_type="evidence",
        file_name="evidence.pdf",
        external_reference=reference("d1"),
    )
    ours = await world.grid.attach_document(case.id, new, idempotency_key="d1")
    again = await world.grid.attach_document(case.id, new, idempotency_key="d1-after-24-hours")
    assert again.id == ours.id

    await world.partner_does(
        f"/cases/{case.id}/documents",
        {"file_name": "report.txt", "mime_type": "text/plain", "text": "inspected"},
    )
    listed = await world.grid.list_case_documents(case.id)
    assert [document.author.type for document in listed if document.author] == [
        "company",
        "partner",
    ]
    theirs = await world.grid.read_document(listed[1].id)
    received = [chunk async for chunk in world.grid.download(theirs, max_bytes=100)]
    assert b"".join(received) == b"inspected"
    with pytest.raises(errors.TooLarge):
        await anext(world.grid.download(ours, max_bytes=100))


async def test_a_return_authorization_is_asked_for_and_followed(world: World) -> None:
    case = await opened(world)
    new = NewReturnAuthorization(
        case_id=case.id,
        partner_id="p1",
        external_reference=reference("rma"),
        lines=(NewReturnAuthorizationLine(line_id="11", sku="A", quantity=2, reason_code="DA"),),
    )
    asked = await world.grid.request_return_authorization(new, idempotency_key="r1")
    assert asked.status == "requested"
    again = await world.grid.request_return_authorization(new, idempotency_key="r1-later")
    assert again.id == asked.id
    await world.partner_does(
        f"/return-authorizations/{asked.id}",
        {
            "status": "authorized",
            "rma_number": "RMA-7",
            "return_to": "Dock 4, Ulm",
            "expires": "2027-01-01T00:00:00Z",
            "lines": [
                {
                    "line_id": "11",
                    "disposition_code": "RA",
                    "received_quantity": 1,
                    "location_code": "WH-1",
                }
            ],
        },
    )
    (given,) = await world.grid.list_return_authorizations(case.id)
    assert (given.status, given.rma_number, given.case_id) == ("authorized", "RMA-7", case.id)
    assert given.return_to is not None
    assert given.return_to.lines == ("Dock 4, Ulm",)
    assert (given.lines[0].received_quantity, given.lines[0].location_code) == (1, "WH-1")
    assert await world.grid.list_return_authorizations("another") == ()


async def test_the_feed_is_read_in_pages_and_goes_on_from_the_kept_position(world: World) -> None:
    case = await opened(world)
    await world.partner_does(f"/cases/{case.id}/messages", {"body": "One."})
    await world.partner_does(f"/cases/{case.id}/answer", {"kind": "accept"})
    seen: list[tuple[str, str | None]] = []
    position: str | None = "0"
    more = True
    while more:
        page = await world.grid.read_events(position, limit=2)
        seen += [(event.type, event.data.case_id or event.data.id) for event in page.events]
        position, more = page.position, page.has_more
    assert [kind for kind, where in seen if where == case.id] == [
        "case.updated",
        "case.message_added",
        "case.answered",
    ]
    assert position is not None
    await world.grid.set_position(position)
    assert (await world.grid.read_events(None)).events == ()


async def test_a_subscription_delivers_what_verifies_also_after_a_rotation(world: World) -> None:
    made = await world.grid.subscribe(RECEIVER, ["case.answered"], idempotency_key="s1")
    assert made.secret is not None
    tested = await world.grid.test_subscription(made.id)
    assert (tested.delivered, tested.status_code) == (True, 200)
    old = made.secret.get_secret_value()
    first = world.webhooks.pop()
    verified = verify_webhook(first.content, first.headers, [old])
    assert verified.event.id == first.headers["webhook-id"]

    rotated = await world.grid.rotate_secret(made.id)
    assert rotated.secret is not None
    new = rotated.secret.get_secret_value()
    await world.grid.test_subscription(made.id)
    second = world.webhooks.pop()
    for secrets in ([old], [new], [new, old]):
        assert verify_webhook(second.content, second.headers, secrets).event.data.id == made.id
    with pytest.raises(WebhookForged):
        verify_webhook(second.content + b" ", second.headers, [old, new])

    await world.grid.disable_subscription(made.id)
    (listed,) = await world.grid.list_subscriptions()
    assert (listed.status, listed.secret) == ("disabled", None)
    await world.grid.enable_subscription(made.id)
    await world.grid.delete_subscription(made.id)
    await world.grid.delete_subscription(made.id)
    assert await world.grid.list_subscriptions() == ()


@pytest.mark.parametrize(
    ("faults", "kind"),
    [
        ({"api": {"throttle": True}}, errors.TradingGridThrottled),
        ({"api": {"error_rate": 1.0}}, errors.TradingGridUnavailable),
        ({"api": {"down": True}}, errors.TradingGridUnavailable),
    ],
)
async def test_what_ails_the_emulator_is_the_right_error(
    world: World, faults: dict[str, Any], kind: type[errors.TradingGridError]
) -> None:
    await world.grid.check()
    response = await world.control.put("/_emulator/faults", json=faults)
    assert response.is_success, response.text
    with pytest.raises(kind) as caught:
        await world.grid.check()
    assert caught.value.retryable
