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
from domain.policy import OrderExceptionPolicy, PurchaseOrderPolicy
from domain.purchase_order import standing as purchase_standing
from domain.purchase_order.lines import Ledger, Line, apply_response, apply_shipment
from domain.purchase_order.names import Position, PositionLine, PurchaseOrderInput
from domain.purchase_order.orders import (
    Change,
    ChangedLine,
    ChangeStatus,
    OrderStatus,
    PurchaseOrder,
    Purpose,
)
from domain.purchase_order.responses import Response, ResponseLine
from domain.purchase_order.state import OrderedLine, PurchaseOrderState, Reassignment
from domain.purchase_order.state import Phase as PurchasePhase
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
            order_id=snapshot.order_id or None,
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
                order_id=snapshot.order_id or None,
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
        "Partners P-1 p-1",
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


def purchases(said: str = "Fine.") -> PurchaseOrderState:
    """One purchase order with an answer in parts, something flagged and a change refused; another not answered."""
    jersey = Line(line_id="11", sku="JERSEY", unit_price=Decimal("21.5"), ordered=6)
    lamp = Line(line_id="12", sku="LAMP", unit_price=Decimal("8"), ordered=1)
    answer = Response(
        id="r1",
        sequence=1,
        header_code="AC",
        lines=(
            ResponseLine(line_id="11", ack_code="IA", quantity=3, ship_date=date(2026, 12, 1)),
            ResponseLine(line_id="11", ack_code="IB", quantity=2, note=said),
            ResponseLine(line_id="11", ack_code="IR", quantity=1),
            ResponseLine(line_id="99", ack_code="IA", quantity=1),
        ),
        unreadable=(f"lines.4.quantity: {said}",),
    )
    ledger = apply_response(Ledger(lines={"11": jersey, "12": lamp}), answer)
    ledger = apply_shipment(ledger, "S-1", {"11": 2}, version=1)
    policy = PurchaseOrderPolicy()
    first = PurchaseOrder(
        number="ACME-1-P1-1",
        partner="p-1",
        tenant="north",
        name="Alpine Textiles",
        policy=policy,
        currency="EUR",
        requested_ship_date=date(2026, 11, 20),
        status=OrderStatus.SENT,
        remote_id="tg-po-1",
        ledger=ledger,
        changes=[
            Change(
                number=1,
                purpose=Purpose.CANCEL,
                lines={"12": ChangedLine(pieces=1)},
                why=said,
                status=ChangeStatus.REFUSED,
                note=said,
            )
        ],
        reminders_sent=1,
    )
    second = PurchaseOrder(
        number="ACME-1-P2-1",
        partner="p-2",
        tenant="north",
        policy=policy,
        status=OrderStatus.SENT,
        ledger=Ledger(lines={"13": jersey.model_copy(update={"line_id": "13"})}),
        clock=Clock(start=OPENED, due=OPENED + timedelta(days=3)),
    )
    return PurchaseOrderState(
        case=CaseState(title="Purchase orders of #1001", order_name="#1001", opened_at=OPENED),
        phase=PurchasePhase.RUNNING,
        order_id="1",
        currency="EUR",
        known={"11": OrderedLine(line_id="11", sku="JERSEY", name=said, quantity=6)},
        orders=[first, second],
        reassignments=[
            Reassignment(number=1, partner="p-2", line_ids=("12",), actor="operator:maria")
        ],
        held={"INVENTORY_OUT_OF_STOCK": {"11": 2}},
        unholdable={"12": said},
    )


def purchases_snapshot(state: PurchaseOrderState) -> CaseSnapshot:
    opened = PurchaseOrderInput(
        case_id="purchase-order:acme:1", number=1, shop="acme", order_id="1", opened_by="test"
    )
    return purchase_standing.snapshot(opened, state)


async def test_purchase_orders_say_what_became_of_every_piece(api: Any, network: Services) -> None:
    html = await shown(api, network, "purchase-order:acme:1", purchases_snapshot(purchases("Blue")))
    said = words_of(html)
    for words in (
        "Purchase order no. 1",
        "What is asked of the merchant 1 × JERSEY are rejected by Alpine Textiles",
        "rejected · ACME-1-P1-1 · line 11 · answers: accept, give_up",
        "Alpine Textiles drop ship, purchase order tg-po-1 in Trading Grid shipping",
        "Wanted by 20 Nov 2026",
        "no. 1 code AC , 4 lines flagged",
        "1 reminder sent",
        "no. 1, cancellation: Blue refused Blue",
        "Attention: line 99 is not in the order",
        "Attention: could not be read: lines.4.quantity: Blue",
        "6 × Blue JERSEY · 21.50 each · line 11",
        "6 ordered 3 confirmed 2 backordered 1 rejected 0 cancelled 0 not answered 2 shipped",
        "1 confirmed, ships 1 Dec 2026 2 backordered no date yet",
        "On hold 2, inventory out of stock",
        "can't be held: Blue",
        "p-2 drop ship, not in Trading Grid yet sent",
        "none yet , expected by 5 Nov 2026, 09:30 UTC",
        "0 confirmed 0 backordered 0 rejected 0 cancelled 6 not answered 0 shipped",
        "line 12 to P-2, cancelling by maria",
    ):
        assert words in said, words
    assert {"decide", "reassign"} <= set(offered(html))


async def test_a_replenishment_names_its_transfer(api: Any, network: Services) -> None:
    opened = PurchaseOrderInput.model_validate(
        {
            "case_id": "purchase-order:acme:replenishment-R-1",
            "number": 1,
            "shop": "acme",
            "opened_by": "test",
            "replenishment": {
                "number": "R-1",
                "tenant": "north",
                "partner": "p-1",
                "location_id": "1",
                "currency": "EUR",
                "lines": [{"line_id": "1", "sku": "A", "quantity": 1, "unit_price": "1"}],
            },
        }
    )
    state = PurchaseOrderState(
        case=CaseState(title="Replenishment R-1", opened_at=OPENED), transfer_id="77"
    )
    snapshot = purchase_standing.snapshot(opened, state)
    html = await shown(api, network, snapshot.case_id, snapshot)
    assert "Replenishment R-1 inventory transfer 77 in Shopify" in words_of(html)


async def test_a_replenishments_papers_are_found_by_the_numbers_it_sent(
    api: Any, network: Services
) -> None:
    homeless = {"order_id": ""}
    sent = purchases_snapshot(purchases()).model_copy(update=homeless)
    for number in ("ACME-1-P1-1", "ACME-9-P1-1"):
        await shown(
            api,
            network,
            f"shipping-documents:acme:{number}",
            papers_snapshot(papers()).model_copy(update=homeless),
        )
    html = await shown(api, network, "purchase-order:acme:replenishment-R-1", sent)
    assert 'href="/cases/shipping-documents:acme:ACME-1-P1-1"' in html
    assert "ACME-9-P1-1" not in html


async def test_cases_of_one_matter_lead_to_each_other(api: Any, network: Services) -> None:
    purchase = purchases_snapshot(purchases())
    await shown(api, network, "shipping-documents:acme:ACME-1-P1-1", papers_snapshot(papers()))
    await shown(
        api,
        network,
        "return-claim:acme:9",
        exception_snapshot(exception()).model_copy(update={"order_id": "2"}),
    )
    html = await shown(api, network, "purchase-order:acme:1", purchase)
    related = words_of(html).split("Related cases")[1].split("Documents")[0]
    assert "Papers of PO-1 Shipping documents no. 1, waiting for the merchant" in related
    assert "Order #1001" not in related
    assert "Purchase orders of #1001" not in related, "a case is not related to itself"
    assert 'href="/cases/shipping-documents:acme:ACME-1-P1-1"' in html
    late = await shown(api, network, "order-exception:acme:1", exception_snapshot(exception()))
    assert 'href="/cases/purchase-order:acme:1"' in late


@pytest.mark.parametrize(
    ("key", "snapshot", "times"),
    [
        ("order-exception:acme:1", exception_snapshot(exception(HOSTILE)), 6),
        ("shipping-documents:acme:PO-1", papers_snapshot(papers(HOSTILE)), 6),
        ("purchase-order:acme:1", purchases_snapshot(purchases(HOSTILE)), 6),
    ],
    ids=["exception", "papers", "purchases"],
)
async def test_what_partners_wrote_is_shown_as_text(
    api: Any, network: Services, key: str, snapshot: CaseSnapshot, times: int
) -> None:
    html = await shown(api, network, key, snapshot)
    assert "<script" not in html
    assert "<img" not in html
    assert html.count("&lt;script&gt;harmed()") >= times
