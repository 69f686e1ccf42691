"""Opening order exceptions and purchase orders, and finding the papers of one."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from temporalio.client import Client

from api.services import Services
from domain.case import CaseKind, CaseStatus
from intake.dispatch import Settled
from intake.opening import OpenedCase
from persistence.repositories import cases, documents, inbound_events
from persistence.tables import InboundEvent

ORDER = {"shop": "acme", "order_id": "gid://shopify/Order/450789469"}


def exception(**changed: Any) -> dict[str, Any]:
    return ORDER | {"reason": "late", "note": "When?", "line_ids": ["466157049"]} | changed


def line(**changed: Any) -> dict[str, Any]:
    return {"line_id": "1", "sku": "JERSEY", "quantity": 4, "unit_price": "21.50"} | changed


def replenishment(**changed: Any) -> dict[str, Any]:
    return {
        "shop": "acme",
        "number": "R-1",
        "partner": "p-1",
        "location_id": "gid://shopify/Location/655441491",
        "currency": "EUR",
        "lines": [line()],
    } | changed


async def ask(api: Any, path: str, body: Any, key: str = "key-1", scope: str = "operate") -> Any:
    return await api.by(scope, "POST", path, json=body, headers={"Idempotency-Key": key})


async def kept(services: Services) -> list[InboundEvent]:
    async with services.database.read() as session:
        return [
            await inbound_events.get(session, row.id)
            for row in (await inbound_events.page(session)).items
        ]


@pytest.fixture
def dispatched(network: Services, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Events that were to be dispatched; each waits, since nothing is reached."""
    seen: list[int] = []

    async def note(event_id: int) -> Settled:
        seen.append(event_id)
        return Settled("received", "noted")

    monkeypatch.setattr(network.dispatcher, "dispatch", note)
    return seen


@pytest.mark.parametrize(
    ("path", "body", "topic", "said"),
    [
        (
            "/order-exceptions",
            exception(),
            "exceptions/create",
            {
                "order_id": "450789469",
                "reason": "late",
                "note": "When?",
                "line_ids": ["466157049"],
                "opened_by": "operator:operate-key",
                "again": False,
            },
        ),
        (
            "/purchase-orders",
            ORDER,
            "purchases/create",
            {"order_id": "450789469", "opened_by": "operator:operate-key", "again": False},
        ),
        (
            "/disputes",
            {"shop": "acme", "dispute_id": "gid://shopify/ShopifyPaymentsDispute/598735659"},
            "disputes/create",
            {"dispute_id": "598735659", "opened_by": "operator:operate-key", "again": False},
        ),
        (
            "/purchase-orders",
            replenishment(again=True),
            "replenishments/create",
            {
                "replenishment": {
                    "number": "R-1",
                    "tenant": "north",
                    "partner": "p-1",
                    "location_id": "655441491",
                    "currency": "EUR",
                    "lines": [line()],
                    "note": "",
                },
                "opened_by": "operator:operate-key",
                "again": True,
            },
        ),
    ],
)
async def test_a_request_is_kept_in_the_inbox_before_it_is_answered(
    api: Any,
    network: Services,
    dispatched: list[int],
    path: str,
    body: Any,
    topic: str,
    said: dict[str, Any],
) -> None:
    answer = await ask(api, path, body)
    assert answer.status_code == 202, answer.text
    (row,) = await kept(network)
    assert (row.source, row.scope, row.topic) == ("gridcase", "acme", topic)
    assert json.loads(row.body or b"") == said
    assert dispatched == [row.id]
    assert answer.headers["location"] == f"/inbound-events/{row.id}"
    again = await ask(api, path, body)
    assert (again.status_code, again.json()) == (202, answer.json())
    assert len(await kept(network)) == 1


@pytest.mark.parametrize("created", [True, False])
async def test_an_opened_case_is_named_with_its_address(
    api: Any, network: Services, monkeypatch: pytest.MonkeyPatch, created: bool
) -> None:
    async def opens(event_id: int) -> Settled:
        case = OpenedCase("order-exception:acme:450789469", 12, created)
        return Settled("dispatched", opened=case, case_ids=(case.case_id,))

    monkeypatch.setattr(network.dispatcher, "dispatch", opens)
    answer = await ask(api, "/order-exceptions", exception())
    assert answer.status_code == (201 if created else 200)
    assert answer.json() == {
        "case_id": "order-exception:acme:450789469",
        "number": 12,
        "created": created,
    }
    assert answer.headers["location"] == "/cases/order-exception:acme:450789469"


async def test_what_opens_no_case_is_a_409_with_the_reason(
    api: Any, network: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(event_id: int) -> Settled:
        async with network.database.begin() as session:
            await inbound_events.settle(
                session,
                event_id,
                status="ignored",
                reason="Nothing is left to ship.",
                now=datetime.now(UTC),
            )
        return Settled("ignored", "Nothing is left to ship.")

    monkeypatch.setattr(network.dispatcher, "dispatch", refuse)
    answer = await ask(api, "/order-exceptions", exception())
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:gridcase:problem:refused-outside"
    assert answer.json()["detail"] == "Nothing is left to ship."


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/order-exceptions", exception(order_id="#1001"), "body.order_id"),
        ("/order-exceptions", exception(reason="boring"), "body.reason"),
        ("/order-exceptions", exception(line_ids=["abc"]), "body.line_ids.0"),
        ("/order-exceptions", exception(lines=[]), "body.lines"),
        ("/order-exceptions", {"shop": "acme"}, "body.order_id"),
        ("/purchase-orders", ORDER | {"number": "R-1"}, "body.order.number"),
        ("/purchase-orders", ORDER | {"order_id": ""}, "body.order.order_id"),
        ("/purchase-orders", replenishment(lines=[]), "body.replenishment.lines"),
        ("/purchase-orders", replenishment(lines=[line(), line()]), "body.replenishment.lines"),
        (
            "/purchase-orders",
            replenishment(lines=[line(quantity=0)]),
            "body.replenishment.lines.0.quantity",
        ),
        (
            "/purchase-orders",
            replenishment(lines=[line(unit_price="-1")]),
            "body.replenishment.lines.0.unit_price",
        ),
        ("/purchase-orders", replenishment(currency="euro"), "body.replenishment.currency"),
        ("/purchase-orders", replenishment(number="a/b"), "body.replenishment.number"),
        ("/purchase-orders", replenishment(location_id="Berlin"), "body.replenishment.location_id"),
    ],
)
async def test_a_bad_request_is_refused_with_its_field(
    api: Any, network: Services, path: str, body: Any, field: str
) -> None:
    answer = await ask(api, path, body)
    assert answer.status_code == 422, answer.text
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert await kept(network) == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/order-exceptions", exception(shop="nobody")),
        ("/purchase-orders", ORDER | {"shop": "nobody"}),
        ("/purchase-orders", replenishment(partner="nobody")),
    ],
)
async def test_an_unknown_shop_or_partner_is_404(
    api: Any, network: Services, path: str, body: Any
) -> None:
    assert (await ask(api, path, body)).status_code == 404
    assert await kept(network) == []


@pytest.mark.parametrize("path", ["/order-exceptions", "/purchase-orders"])
async def test_opening_needs_the_scope_operate(api: Any, network: Services, path: str) -> None:
    assert (await ask(api, path, exception(), scope="read")).status_code == 403


async def test_a_replenishment_opens_a_case_with_its_workflow(
    api: Any, temporal: Client, network: Services
) -> None:
    answer = await ask(api, "/purchase-orders", replenishment(number="R-OPENS"))
    assert answer.status_code == 201, answer.text
    said = answer.json()
    assert said["case_id"] == "purchase-order:acme:replenishment-R-OPENS"
    handle = temporal.get_workflow_handle(said["case_id"])
    try:
        assert (await handle.describe()).workflow_type == "PurchaseOrder"
    finally:
        await handle.terminate()


async def papers_case(services: Services, po_number: str) -> str:
    async with services.database.begin() as session:
        case, _ = await cases.open_case(
            session,
            key=f"shipping-documents:acme:{po_number}",
            kind=CaseKind.SHIPPING_DOCUMENTS,
            shop_id="acme",
            title=f"Papers of {po_number}",
            status=CaseStatus.AWAITING_PARTNER,
            now=datetime.now(UTC),
            partners=["p-1"],
        )
    return case.id


async def a_paper(services: Services, case_id: str, content: bytes) -> str:
    """A document as it comes with a notice: published outside any case of Trading Grid."""
    stored = await services.documents.put(content)
    async with services.database.begin() as session:
        paper, _ = await documents.insert(
            session,
            case_id=case_id,
            shop_id="acme",
            tenant_id="north",
            partner_id="p-1",
            sha256=stored.sha256,
            size=stored.size,
            mime_type=stored.mime_type,
            file_name="packing list.txt",
            document_type="packing_list",
            direction="from_partner",
            now=datetime.now(UTC),
            remote_id="D1",
        )
    return paper.id


async def test_the_papers_of_a_purchase_order_are_found_by_its_number_and_downloaded(
    api: Any, network: Services
) -> None:
    case_id = await papers_case(network, "ACME-1001-P1-1")
    document_id = await a_paper(network, case_id, b"2 JERSEY\n")
    found = await api.by("read", "GET", "/shipping-documents/ACME-1001-P1-1?shop=acme")
    assert found.status_code == 200, found.text
    assert found.json()["case"]["id"] == case_id
    (paper,) = found.json()["documents"]
    assert (paper["id"], paper["document_type"]) == (document_id, "packing_list")
    listed = await api.by("read", "GET", f"/cases/{case_id}/documents")
    assert listed.json()["items"] == [paper]
    fetched = await api.by("read", "GET", f"/documents/{document_id}")
    assert fetched.content == b"2 JERSEY\n"
    assert fetched.headers["content-disposition"].startswith("attachment;")


async def test_a_person_is_sent_to_log_in_for_a_paper_and_back(api: Any, network: Services) -> None:
    document_id = await a_paper(network, await papers_case(network, "PO-1"), b"2 JERSEY\n")
    there = f"/documents/{document_id}"
    sent = await api.get(there, headers={"Accept": "text/html"})
    assert sent.status_code == 303
    assert sent.headers["location"].startswith("/login?")
    shown = await api.get(sent.headers["location"])
    assert there in shown.text
    logged_in = await api.post(
        sent.headers["location"],
        data={"api_key": await api.key("read"), "next": there},
        headers={"Origin": "http://gridcase.test"},
    )
    assert (logged_in.status_code, logged_in.headers["location"]) == (303, there)
    assert (await api.get(there)).content == b"2 JERSEY\n"


@pytest.mark.parametrize(
    "path",
    ["/shipping-documents/NOBODYS?shop=acme", "/shipping-documents/PO-1?shop=nobody"],
)
async def test_papers_nobody_has_are_404(api: Any, network: Services, path: str) -> None:
    await papers_case(network, "PO-1")
    assert (await api.by("read", "GET", path)).status_code == 404
