"""The console's pages of order exceptions, purchase orders and shipping documents, from snapshots as workflows make them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from api.services import Services
from domain.case import CaseSnapshot, CaseState
from domain.clock import Clock
from domain.order_exception import standing as exception_standing
from domain.order_exception.decision import Choice, Decide
from domain.order_exception.lines import ExceptionLine, Offer, Said
from domain.order_exception.names import OrderExceptionInput, Reason
from domain.order_exception.state import AskedPartner, OrderExceptionState
from domain.order_exception.state import Phase as ExceptionPhase
from domain.partner_case import AnswerKind, PartnerAnswer, PartnerCase
from domain.policy import OrderExceptionPolicy
from domain.purchase_order.names import Position, PositionLine
from domain.shipping_documents import standing as papers_standing
from domain.shipping_documents.names import ShippingDocumentsInput
from domain.shipping_documents.papers import (
    Discrepancy,
    Invoice,
    InvoiceLine,
    Notice,
    NoticeItem,
    NoticePackage,
    Paper,
    Written,
)
from domain.shipping_documents.state import Phase as PapersPhase
from domain.shipping_documents.state import Shipment, ShippingDocumentsState
from persistence.repositories import cases
from persistence.repositories.cases import CaseFields
from tests.api.test_console import BROWSER, HOSTILE, words_of

OPENED = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


async def shown(api: Any, services: Services, key: str, snapshot: CaseSnapshot) -> str:
    """The page of a case that wrote this snapshot."""
    async with services.database.begin() as session:
        row, _ = await cases.open_case(
            session,
            key=key,
            kind=snapshot.kind,
            shop_id="acme",
            title=snapshot.title,
            status=snapshot.status,
            now=OPENED,
            order_name=snapshot.order_name,
            partners=list(snapshot.partners),
        )
        await cases.save_snapshot(
            session,
            row.id,
            run_id="run-1",
            revision=1,
            values=CaseFields(
                title=snapshot.title,
                status=snapshot.status.value,
                partners=list(snapshot.partners),
                order_name=snapshot.order_name,
                snapshot=snapshot.model_dump(mode="json"),
            ),
            now=OPENED,
        )
    answer = await api.by("read", "GET", f"/cases/{row.id}", headers=BROWSER)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def offered(html: str) -> list[str]:
    """The commands a page offers, in its order."""
    return [part.split("<")[0] for part in html.split("<code>")[1:] if "</a>" in part[:60]]


def exception(said: str = "Fine.") -> OrderExceptionState:
    state = OrderExceptionState(
        case=CaseState(title="Order #1001, late", order_name="#1001", opened_at=OPENED),
        phase=ExceptionPhase.OPEN,
        reason=Reason.LATE,
        note=said,
        order_id="1",
        unholdable={"12": said},
        held={"11": 2},
        partners={
            "p-1": AskedPartner(
                case=PartnerCase(
                    partner="p-1",
                    tenant="north",
                    name="Alpine Textiles",
                    line_ids=("11", "12"),
                    remote_id="tg-77",
                    remote_status="pending_company",
                    clock=Clock(start=OPENED, due=OPENED + timedelta(days=3)),
                    answer=PartnerAnswer(
                        message_id="m", time=OPENED, kind=AnswerKind.PARTIAL, note=said
                    ),
                ),
                policy=OrderExceptionPolicy(),
            )
        },
    )
    jersey = state.take_in(
        ExceptionLine(line_id="11", sku="JERSEY", name=said, quantity=5, partner="p-1")
    )
    lamp = state.take_in(ExceptionLine(line_id="12", sku="LAMP", quantity=1, partner="p-1"))
    state.take_in(ExceptionLine(line_id="13", sku="CARD", quantity=1))
    by = "partner:p-1"
    jersey.take(
        Said(
            line_id="11",
            offer=Offer.PART,
            by=by,
            code="BP",
            quantity=2,
            ship_date=date(2026, 12, 1),
            note=said,
        ),
        lambda _: True,
    )
    lamp.take(
        Said(line_id="12", offer=Offer.SUBSTITUTE, by=by, code="IS", substitute_sku=said),
        lambda _: True,
    )
    return state


def exception_snapshot(state: OrderExceptionState) -> CaseSnapshot:
    opened = OrderExceptionInput(
        case_id="order-exception:acme:1",
        number=1,
        shop="acme",
        order_id="1",
        reason=Reason.LATE,
        opened_by="test",
    )
    return exception_standing.snapshot(opened, state)


async def test_an_exception_says_what_was_said_and_settled_of_each_line(
    api: Any, network: Services
) -> None:
    html = await shown(
        api, network, "order-exception:acme:1", exception_snapshot(exception("Blue"))
    )
    said = words_of(html)
    for words in (
        "Order exception no. 1",
        "Reason late",
        "5 × Blue",
        "JERSEY · Alpine Textiles · line 11",
        "0 open 5 settled 0 gone 2 on hold by us",
        "2 ship at once, the rest on 2026-12-01 (Blue)",
        "2 × ships at once by partner Alpine Textiles",
        "3 × ships on 1 Dec 2026 by partner Alpine Textiles",
        "offers Blue instead",
        "can't be held: Blue",
        "there is no partner to ask",
        "case tg-77 in Trading Grid, pending company",
        "accepts in part, 2 Nov 2026, 09:30 UTC",
    ):
        assert words in said, words
    assert html.count("waits for the merchant</span>") == 2
    assert offered(html)[0] == "decide"
    assert "reassign" in offered(html)


async def test_an_exceptions_line_shows_the_merchants_word(api: Any, network: Services) -> None:
    state = exception()
    state.decide(Decide(choice=Choice.GIVE_UP, line_ids=("13",), actor="operator:maria"))
    state.decide(Decide(choice=Choice.ACCEPT, line_ids=("12",), actor="operator:maria"))
    html = await shown(api, network, "order-exception:acme:1", exception_snapshot(state))
    said = words_of(html)
    assert "1 × given up by maria" in said
    assert "1 × Fine. instead by maria" in said
    assert "waits for the merchant" not in said


def papers(said: str = "Fine.") -> ShippingDocumentsState:
    """Two shipments, one of them held up; a paper that is refused, an invoice that asks for too much."""
    item = NoticeItem(line_id="11", sku="JERSEY", quantity=2)
    package = NoticePackage(tracking_number="1Z1", items=(item,))
    first = Notice(
        id="N1",
        version=2,
        shipment_number="S-1",
        carrier=said,
        ship_date="2026-11-30",
        packages=(package,),
        document_ids=("D1",),
    )
    second = Notice(
        id="N2",
        shipment_number="S-2",
        packages=(package.model_copy(update={"tracking_number": "1Z2"}),),
    )
    return ShippingDocumentsState(
        case=CaseState(title="Papers of PO-1", order_name="#1001", opened_at=OPENED),
        phase=PapersPhase.COLLECTING,
        po_number="PO-1",
        partner="p-1",
        order_id="1",
        position=Position(
            found=True,
            currency="EUR",
            lines=(
                PositionLine(
                    line_id="11",
                    sku="JERSEY",
                    unit_price=Decimal("21.5"),
                    ordered=6,
                    confirmed=4,
                    backordered=1,
                    rejected=1,
                ),
            ),
        ),
        shipments={
            "S-1": Shipment(
                notice=first,
                written=[
                    Written(
                        number="1Z1",
                        company="UPS",
                        quantities={"11": 2},
                        fulfillments=("99",),
                        excess={"11": 1},
                    )
                ],
            ),
            "S-2": Shipment(notice=second, blocked={"11": said}),
        },
        invoices={
            "I-1": Invoice(
                id="I1",
                invoice_number="I-1",
                currency="EUR",
                lines=(
                    InvoiceLine(line_id="11", quantity=2, unit_price=Decimal("21.5")),
                    InvoiceLine(sku=said, quantity=1, unit_price=Decimal(1)),
                ),
                charges=Decimal("4"),
                total=Decimal("48"),
            )
        },
        papers={
            "D1": Paper(
                id="D1",
                document_type="certificate",
                file_name=said,
                document_id="doc-1",
                shipment_number="S-1",
            ),
            "D2": Paper(id="D2", document_type="photo", file_name=said, refused=said),
        },
        refused=[Discrepancy(about="N9", kind="other_partner", text=said)],
    )


def papers_snapshot(state: ShippingDocumentsState) -> CaseSnapshot:
    opened = ShippingDocumentsInput.model_validate(
        {
            "case_id": "shipping-documents:acme:PO-1",
            "number": 1,
            "shop": "acme",
            "tenant": "north",
            "partner": "p-1",
            "po_number": "PO-1",
            "purchase_order_case": "purchase-order:acme:1",
            "order_id": "1",
            "first": {"event_id": "1", "event_type": "x", "partner": "p-1"},
            "opened_by": "test",
        }
    )
    return papers_standing.snapshot(opened, state)


async def test_papers_say_what_came_what_is_missing_and_what_does_not_fit(
    api: Any, network: Services
) -> None:
    state = papers("Blue")
    state.waived = ["invoice"]
    html = await shown(api, network, "shipping-documents:acme:PO-1", papers_snapshot(state))
    said = words_of(html)
    for words in (
        "Shipping documents no. 1",
        "Purchase order PO-1",
        "shipment notice in",
        "packing list missing",
        "invoice gone without",
        "Shipment S-1 Blue · shipped 30 Nov 2026 · version 2",
        "1Z1 UPS : 2 pieces, in Shopify 1 more than Shopify has room for",
        "Shipment S-2 no carrier named waits for the merchant",
        "1Z2 not written yet",
        "JERSEY: Blue",
        "Blue certificate",
        "6 × JERSEY 21.50 each",
        "6 ordered 2 shipped here 4 confirmed 1 backordered 1 rejected 0 cancelled 0 will not come",
        "Invoice I-1 2 lines",
        "48.00 EUR with 4.00 EUR of charges",
        "1 × Blue invoiced, which was not ordered",
        "N9 other partner",
    ):
        assert words in said, words
    assert 'href="/cases/purchase-order:acme:1"' in html
    assert 'href="/documents/doc-1"' in html
    assert offered(html)[0] == "decide"


async def test_an_invoice_that_fits_says_so_and_what_was_accepted_alarms_nobody(
    api: Any, network: Services
) -> None:
    state = papers()
    state.invoices["I-1"] = state.invoices["I-1"].model_copy(
        update={"lines": state.invoices["I-1"].lines[:1], "total": Decimal("47")}
    )
    state.accepted = list(state.discrepancies())
    html = await shown(api, network, "shipping-documents:acme:PO-1", papers_snapshot(state))
    assert "fits the purchase order" in words_of(html)
    assert "other partner · accepted" in words_of(html)
    assert '<div class="card alarm-box">' not in html


@pytest.mark.parametrize(
    ("key", "snapshot", "times"),
    [
        ("order-exception:acme:1", exception_snapshot(exception(HOSTILE)), 6),
        ("shipping-documents:acme:PO-1", papers_snapshot(papers(HOSTILE)), 6),
    ],
    ids=["exception", "papers"],
)
async def test_what_partners_wrote_is_shown_as_text(
    api: Any, network: Services, key: str, snapshot: CaseSnapshot, times: int
) -> None:
    html = await shown(api, network, key, snapshot)
    assert "<script" not in html
    assert "<img" not in html
    assert html.count("&lt;script&gt;harmed()") >= times
