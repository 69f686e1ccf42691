"""Reading what partners send, and linking it on the order: what is not theirs, or not of this order, is never taken."""

import json
from typing import Any

import httpx

from activities.pauses import Pauses
from activities.shipping_documents import ShippingDocumentsActivities
from domain.failures import CONFLICT, NOT_CONFIGURED, PARTNER_REFUSED, UNAVAILABLE
from domain.order_fields import DOCUMENTS, LinkDocuments, merge_links
from domain.partner_messages import FetchDocument
from domain.shipping_documents.messages import (
    ReadInvoice,
    ReadNotice,
    ReadPosition,
    ReadTerms,
)
from domain.shopify_ids import numeric_id
from tests.activities.conftest import Hands
from tests.workflows.papers import (
    SHIRT,
    SHOE,
    TEXTILES,
    Ordered,
    bills,
    corrects,
    ordered,
    package,
    publishes,
    ships,
    terms,
)

OTHER = "north-shoes"


def reader(hands: Hands) -> ShippingDocumentsActivities:
    world = hands.world
    return ShippingDocumentsActivities(
        world.connections,
        world.database,
        Pauses(world.database),
        world.temporal,
        document_link="https://cases.example/documents/{id}",
    )


async def read_notice(hands: Hands, made: Ordered, notice: str, partner: str = TEXTILES) -> Any:
    request = ReadNotice(tenant="demo", partner=partner, po_number=made.po_number, notice_id=notice)
    return await hands.call(reader(hands).read_notice, request)


async def read_invoice(hands: Hands, made: Ordered, invoice: str, partner: str = TEXTILES) -> Any:
    request = ReadInvoice(
        tenant="demo", partner=partner, po_number=made.po_number, invoice_id=invoice
    )
    return await hands.call(reader(hands).read_invoice, request)


async def test_a_notice_is_read_with_the_items_of_one_purchase_order_alone(hands: Hands) -> None:
    await hands.world.partner(TEXTILES)
    mine = await ordered(hands.world, SHIRT, known=False)
    other = await ordered(hands.world, SHOE, known=False, po_number="ACME-1002-ACME-1")
    notice = await ships(
        hands.world, mine, package(mine, "T-1", SHIRT_1=2), package(other, "T-1", SHOE_1=1)
    )
    found = (await read_notice(hands, mine, notice)).notice
    assert [(parcel.number, parcel.company) for parcel in found.parcels()] == [("T-1", "DHL")]
    assert [item.sku for package in found.packages for item in package.items] == ["SHIRT-1"]
    await corrects(hands.world, notice, package(mine, "T-2", SHIRT_1=2))
    assert (await read_notice(hands, mine, notice)).notice.version == found.version + 1


async def test_papers_of_another_partner_or_order_and_papers_that_are_gone_are_refused(
    hands: Hands,
) -> None:
    await hands.world.partner(TEXTILES)
    await hands.world.partner(OTHER)
    made = await ordered(hands.world, SHIRT, known=False)
    other = await ordered(hands.world, SHOE, known=False, po_number="ACME-1002-ACME-1")
    notice = await ships(hands.world, made, package(made, SHIRT_1=2))
    invoice = await bills(hands.world, made, ("SHIRT-1", 2, "30.00"))
    for found in (
        await read_notice(hands, made, notice, partner=OTHER),
        await read_invoice(hands, made, invoice, partner=OTHER),
    ):
        assert found.refused == "it is another partner's"
    found = await read_invoice(hands, other, invoice)
    assert (found.invoice, found.refused) == (
        None,
        f"it is for the purchase order {made.po_number} now",
    )
    assert (await read_notice(hands, made, "nothing")).refused == "it is gone from Trading Grid"
    assert (await read_invoice(hands, made, "nothing")).refused == "it is gone from Trading Grid"


async def test_a_purchase_order_without_a_case_stands_as_trading_grid_has_it(hands: Hands) -> None:
    await hands.world.partner(TEXTILES)
    made = await ordered(hands.world, SHIRT, known=False)

    def ask(po_number: str, partner: str = TEXTILES) -> ReadPosition:
        return ReadPosition(tenant="demo", partner=partner, po_number=po_number, case_id="")

    read = await hands.call(reader(hands).read_position, ask(made.po_number))
    assert not read.owned
    assert read.position.currency == "EUR"
    [line] = read.position.lines
    assert (line.sku, line.ordered, str(line.unit_price), line.open) == ("SHIRT-1", 2, "30.00", 2)
    for unknown in (ask("ACME-9-X-1"), ask(made.po_number, OTHER)):
        assert (await hands.refusal(reader(hands).read_position, unknown)).type == CONFLICT


async def test_terms_are_the_partners_own_and_a_spoilt_policy_is_no_default(hands: Hands) -> None:
    await hands.world.partner(TEXTILES)
    await terms(hands.world, TEXTILES, required_documents=["asn"])
    request = ReadTerms(shop="acme", tenant="demo", partner=TEXTILES)
    read = await hands.call(reader(hands).read_terms, request)
    assert (read.name, read.shadow) == ("Acme Textiles", False)
    assert read.policy.required_documents == ("asn",)
    assert read.document_link == "https://cases.example/documents/{id}"
    await terms(hands.world, TEXTILES, chase_after="soon")
    assert (await hands.refusal(reader(hands).read_terms, request)).type == NOT_CONFIGURED


# Documents.


async def test_a_content_that_never_fits_its_checksum_is_refused_and_a_cut_one_tried_again(
    hands: Hands,
) -> None:
    await hands.world.partner(TEXTILES)
    made = await ordered(hands.world, SHIRT, known=False)
    document = await publishes(hands.world, made)

    async def cut(response: httpx.Response) -> None:
        if response.request.url.path.endswith(f"/documents/{document}"):
            body = json.loads(await response.aread())
            response._content = json.dumps(body | {"sha256": "0" * 64}).encode()

    hands.world.trading_grid.event_hooks["response"].append(cut)
    request = FetchDocument(
        shop="acme", tenant="demo", partner=TEXTILES, case_id="c", remote_document_id=document
    )
    early = await hands.refusal(hands.partner.fetch_document, request)
    assert (early.type, early.non_retryable) == (UNAVAILABLE, False)
    late = await hands.call(hands.partner.fetch_document, request, attempt=5)
    assert late.refused == "its content is not what its size and checksum say"
    assert (late.document_id, late.document_type) == ("", "packing_list")


async def test_a_document_that_is_gone_is_refused_and_another_refusal_is_a_trouble(
    hands: Hands,
) -> None:
    request = FetchDocument(
        shop="acme", tenant="demo", partner=TEXTILES, case_id="c", remote_document_id="nothing"
    )
    fetched = await hands.call(hands.partner.fetch_document, request)
    assert fetched.refused == "it is gone from Trading Grid"

    async def forbid(response: httpx.Response) -> None:
        if "/documents/" in response.request.url.path:
            response.status_code = 403

    hands.world.trading_grid.event_hooks["response"].append(forbid)
    assert (await hands.refusal(hands.partner.fetch_document, request)).type == PARTNER_REFUSED


# Links.


async def links(hands: Hands, order: dict[str, Any]) -> list[str]:
    fields = (await hands.world.order_in_shopify(order))["metafields"]
    [value] = [field["value"] for field in fields if field["key"] == DOCUMENTS]
    found: list[str] = json.loads(value)
    return found


def link(order: dict[str, Any], *names: str) -> LinkDocuments:
    urls = tuple(f"https://cases.example/documents/{name}" for name in names)
    return LinkDocuments(shop="acme", order_id=numeric_id(order["order_id"]), urls=urls)


async def test_links_are_added_in_front_once(hands: Hands) -> None:
    order = await hands.world.order(SHIRT)
    assert (await hands.call(hands.fields.link_documents, link(order, "b", "a"))).changed
    assert not (await hands.call(hands.fields.link_documents, link(order, "a"))).changed
    assert (await hands.call(hands.fields.link_documents, link(order, "c", "b"))).changed
    assert [url[-1] for url in await links(hands, order)] == ["c", "b", "a"]
    assert len(await hands.world.shopify_calls("metafieldsSet")) == 2


async def test_a_faster_writer_of_links_is_not_overwritten(hands: Hands) -> None:
    order = await hands.world.order(SHIRT)
    await hands.call(hands.fields.link_documents, link(order, "a"))

    async def faster() -> None:
        await hands.call(hands.fields.link_documents, link(order, "b"))

    hands.world.before_call["metafieldsSet"] = faster
    stale = await hands.refusal(hands.fields.link_documents, link(order, "c"))
    assert (stale.type, stale.non_retryable) == (UNAVAILABLE, False)
    await hands.call(hands.fields.link_documents, link(order, "c"), attempt=2)
    assert [url[-1] for url in await links(hands, order)] == ["c", "b", "a"]


def test_the_newest_hundred_links_are_kept_and_what_is_no_list_is_replaced() -> None:
    full = merge_links(None, [f"https://x.example/{number}" for number in range(100)])
    kept = json.loads(merge_links(full, ["https://x.example/new"]))
    assert len(kept) == 100
    assert kept[0] == "https://x.example/new"
    assert "https://x.example/99" not in kept
    for spoilt in ("", "nonsense", '{"a": 1}', "7"):
        assert merge_links(spoilt, ["https://x.example/1"]) == '["https://x.example/1"]'
