"""Opening claims."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.worker import Worker

from api.services import Services
from intake.dispatch import Settled
from persistence.repositories import cases, documents, idempotency_keys, inbound_events
from persistence.tables import Case


def claim(reference: str, **changed: Any) -> dict[str, Any]:
    return {
        "shop": "acme",
        "kind": "damage",
        "external_reference": reference,
        "order_id": "gid://shopify/Order/450789469",
        "lines": [{"line_item_id": "466157049", "quantity": 1, "reason_code": "DT"}],
        "note": "The box arrived crushed.",
    } | changed


async def open_claim(api: Any, body: Any, key: str = "key-1") -> Any:
    headers = {"Idempotency-Key": key}
    return await api.by("operate", "POST", "/return-claims", json=body, headers=headers)


async def test_a_claim_opens_a_case_with_its_workflow(
    api: Any, temporal: Client, network: Services, worker: Worker
) -> None:
    answer = await open_claim(api, claim("OPENS-1"))
    assert answer.status_code == 201, answer.text
    said = answer.json()
    assert said["case_id"] == "return-claim:acme:claim-OPENS-1"
    assert said["created"] is True
    assert answer.headers["location"] == f"/cases/{said['case_id']}"
    live = await api.by("read", "GET", f"{answer.headers['location']}?live=true")
    assert live.json()["number"] == said["number"]
    async with network.database.read() as session:
        event = await inbound_events.get(session, 1)
    assert (event.source, event.status) == ("gridcase", "dispatched")


async def test_a_repeat_gets_the_first_answer_and_another_key_finds_the_case(
    api: Any, temporal: Client, network: Services, worker: Worker
) -> None:
    first = await open_claim(api, claim("TWICE-1"))
    again = await open_claim(api, claim("TWICE-1"))
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    other = await open_claim(api, claim("TWICE-1"), key="key-2")
    assert other.status_code == 200
    assert other.json()["created"] is False
    assert other.json()["case_id"] == first.json()["case_id"]
    async with network.database.read() as session:
        assert len((await cases.page(session)).items) == 1


async def test_another_body_under_a_key_is_refused(
    api: Any, temporal: Client, network: Services, worker: Worker
) -> None:
    assert (await open_claim(api, claim("BODY-1"))).status_code == 201
    answer = await open_claim(api, claim("BODY-2"))
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:gridcase:problem:idempotency-key-reused"


async def test_a_request_that_is_at_work_is_told_to_wait(api: Any, network: Services) -> None:
    body = claim("WAIT-1")
    await open_claim(api, body, key="other")  # makes the key's row
    from api.idempotency import digest_of
    from api.return_claims import ROUTE, ForClaim

    async with network.database.begin() as session:
        from persistence.repositories import api_keys

        caller = (await api_keys.list_all(session))[0]
        await idempotency_keys.begin(
            session,
            actor=caller.id,
            key="key-1",
            route=ROUTE,
            body_sha256=digest_of(ForClaim.model_validate(body).model_dump(mode="json")),
            now=datetime.now(UTC),
            running_at_most=timedelta(seconds=30),
        )
    answer = await open_claim(api, body)
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:gridcase:problem:request-running"
    assert 0 < int(answer.headers["retry-after"]) <= 30


async def test_while_temporal_is_down_a_claim_is_kept_and_opened_later(
    api: Any, network: Services
) -> None:
    answer = await open_claim(api, claim("LATER-1"))
    assert answer.status_code == 202, answer.text
    event = await api.by("read", "GET", answer.headers["location"])
    assert event.json()["id"] == answer.json()["event_id"]
    assert event.json()["status"] == "received"
    assert event.json()["next_attempt_at"] is not None


async def test_a_return_is_opened_while_shopify_is_down_as_soon_as_it_answers(
    api: Any, network: Services
) -> None:
    answer = await open_claim(api, {"shop": "acme", "return_id": "gid://shopify/Return/7894"})
    assert answer.status_code == 202
    assert answer.headers["location"].startswith("/inbound-events/")


async def test_what_can_not_be_opened_is_refused_and_may_be_tried_again(
    api: Any, network: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[tuple[int, str]] = []

    async def refuse(event_id: int) -> Settled:
        async with network.database.read() as session:
            tried.append((event_id, (await inbound_events.get(session, event_id)).status))
        settled = Settled("failed", "The shop has no return 7894.")
        async with network.database.begin() as session:
            await inbound_events.settle(
                session, event_id, status="failed", reason=settled.reason, now=datetime.now(UTC)
            )
        return settled

    monkeypatch.setattr(network.dispatcher, "dispatch", refuse)
    for _ in range(2):
        answer = await open_claim(api, {"shop": "acme", "return_id": "7894"})
        assert answer.status_code == 409
        assert answer.json()["type"] == "urn:gridcase:problem:refused-outside"
        assert answer.json()["detail"] == "The shop has no return 7894."
    mended = await open_claim(api, {"shop": "acme", "return_id": "7895"})
    assert mended.status_code == 409
    assert tried == [(1, "received"), (1, "received"), (2, "received")]


async def test_a_second_case_is_asked_for_by_again(
    api: Any, network: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies: list[Any] = []

    async def note(event_id: int) -> Settled:
        async with network.database.read() as session:
            bodies.append((await inbound_events.get(session, event_id)).body)
        return Settled("received", "noted")

    monkeypatch.setattr(network.dispatcher, "dispatch", note)
    for key in ("key-1", "key-2"):
        await open_claim(api, {"shop": "acme", "return_id": "7894", "again": True}, key=key)
    assert len(bodies) == 2
    assert b'"again": true' in bodies[0]
    assert b'"opened_by": "operator:operate-key"' in bodies[0]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body.claim.shop"),
        ({"shop": "acme", "return_id": "abc"}, "body.return.return_id"),
        ({"shop": "acme", "return_id": "1", "kind": "damage"}, "body.return.kind"),
        (claim("x", kind="return"), "body.claim.kind"),
        (claim("a/b"), "body.claim.external_reference"),
        (claim("a~2"), "body.claim.external_reference"),
        (claim("x", lines=[]), "body.claim.lines"),
        (claim("x", lines=[{"line_item_id": "1", "quantity": 0}]), "body.claim.lines.0.quantity"),
        (claim("x", order_id="#1001"), "body.claim.order_id"),
        (claim("x", document_ids=["nobodys"]), "body.document_ids.0"),
    ],
)
async def test_a_bad_claim_is_refused_with_its_field(
    api: Any, network: Services, body: Any, field: str
) -> None:
    answer = await open_claim(api, body)
    assert answer.status_code == 422, answer.text
    assert field in [error["field"] for error in answer.json()["errors"]]
    async with network.database.read() as session:
        assert (await inbound_events.page(session)).items == []


async def test_an_unknown_shop_is_404(api: Any, network: Services) -> None:
    assert (await open_claim(api, claim("x", shop="nobody"))).status_code == 404


async def test_a_claim_may_name_documents_of_its_shop(
    api: Any, network: Services, case: Case
) -> None:
    async with network.database.begin() as session:
        document, _ = await documents.insert(
            session,
            case_id=case.id,
            shop_id="acme",
            tenant_id="north",
            partner_id="p-1",
            sha256="0" * 64,
            size=1,
            mime_type="image/png",
            file_name="a.png",
            document_type="photo",
            direction="to_partner",
            now=datetime.now(UTC),
        )
    answer = await open_claim(api, claim("DOC-1", document_ids=[document.id]))
    assert answer.status_code == 202, answer.text
