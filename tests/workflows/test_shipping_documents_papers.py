"""The papers: what is refused, what does not fit, what is asked for again, and what goes wrong outside."""

import json

import httpx
import pytest

from domain.operator import PauseChanged
from domain.shopify_ids import numeric_id
from tests.workflows.claims import BOTH, extend
from tests.workflows.papers import (
    DAY,
    PDF,
    SHIRT,
    SHOE,
    TEXTILES,
    Ordered,
    all_papers,
    announced,
    attaches,
    bills,
    decide,
    fulfillments,
    links,
    metafield,
    ordered,
    owners,
    package,
    publishes,
    reads,
    retry,
    ships,
    terms,
    write,
    written_to,
)
from tests.world import World

# Documents.


async def test_a_document_that_comes_with_a_notice_is_fetched_once_and_stands_by_its_fulfillment(
    world: World,
) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    document = await publishes(world, made, "packing_list")
    await world.until_status(made.papers, "awaiting_partner")
    await ships(world, made, package(made, "T-1", SHIRT_1=2), document_ids=[document])
    await announced(world, made, "document.published", document, 1, "again")
    await bills(world, made, ("SHIRT-1", 2, "30.00"), document_id=document)
    assert (await world.result(made.papers))["outcome"] == "complete"
    assert await reads(world, made.papers, "partner_case.fetch_document") == 1
    [link] = await links(world, made)
    shown = await metafield(world, made, "shipping_documents")
    assert f"shipment SHP-1, parcel T-1; packing list {link}" in shown


PROGRAM = b"MZ\x90\x00" + b"\x00" * 200
REFUSALS = {
    "a program": (PROGRAM, "files like this are not accepted"),
    "a huge one": (PDF + b"\x00" * 25_000_001, "it is larger than 25 MB"),
}


@pytest.mark.parametrize("what", REFUSALS)
async def test_a_document_that_is_refused_is_told_to_the_partner_and_asked_for_again(
    world: World, what: str
) -> None:
    content, why = REFUSALS[what]
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await bills(world, made, ("SHIRT-1", 2, "30.00"))
    await publishes(world, made, "packing_list", content, name="list.pdf")
    case = await world.partner_case(TEXTILES)
    assert f"list.pdf again: {why}" in case["description"]
    assert await links(world, made) == []
    await publishes(world, made, "packing_list")
    assert (await world.result(made.papers))["outcome"] == "complete"
    [case] = await world.partner_cases(TEXTILES)
    assert case["status"] == "resolved"


async def test_a_document_that_leads_elsewhere_is_not_fetched(world: World) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    asked: list[str] = []

    async def elsewhere(response: httpx.Response) -> None:
        asked.append(str(response.request.url))
        if "/documents/" in response.request.url.path and response.is_success:
            body = await response.aread()
            response._content = body.replace(b"http://127.0.0.1:18102", b"http://evil.example")

    world.trading_grid.event_hooks["response"].append(elsewhere)
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await publishes(world, made, "packing_list")
    case = await world.partner_case(TEXTILES)
    assert "its link leads away from Trading Grid" in case["description"]
    assert not [url for url in asked if "evil" in url or url.endswith("/content")]


async def test_a_document_of_another_partner_or_order_is_not_taken(world: World) -> None:
    await world.partner(TEXTILES)
    await world.partner("north-shoes")
    made = await ordered(world, SHIRT)
    foreign = await publishes(world, made, partner_id="north-shoes", business_references=[])
    other = await publishes(
        world, made, business_references=[{"type": "purchase_order", "value": "OTHER-1"}]
    )
    await ships(world, made, package(made, "T-1", SHIRT_1=2), document_ids=[foreign, other])
    await world.until_told(made.papers, "was not taken: it is another partner's")
    await world.until_told(made.papers, "was not taken: it names other purchase orders (OTHER-1)")
    assert await links(world, made) == []


# Invoices.


@pytest.mark.parametrize(
    ("lines", "more", "wrong"),
    [
        ([("SHIRT-1", 2, "31.00")], {}, "SHIRT-1 invoiced at 31.00, ordered at 30.00"),
        ([("SHIRT-1", 3, "30.00")], {}, "3 × SHIRT-1 invoiced, 2 ordered"),
        ([("SHIRT-1", 1, "30.00")], {}, "1 × SHIRT-1 invoiced, 2 shipped"),
        (
            [("SHIRT-1", 2, "30.00")],
            {"total": "75.00", "charges": "5.00"},
            "the total is 75.00, lines and charges add up to 65.00",
        ),
        ([("SHIRT-1", 2, "30.00")], {"currency": "USD"}, "invoiced in USD, ordered in EUR"),
    ],
)
async def test_an_invoice_that_does_not_fit_is_said_and_a_corrected_one_settles_it(
    world: World, lines: list[tuple[str, int, str]], more: dict[str, str], wrong: str
) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await publishes(world, made)
    await bills(world, made, *lines, **more)
    assert await world.until_told(made.papers, wrong) == f"INV-1: {wrong}"
    await world.until_status(made.papers, "awaiting_merchant")
    await bills(world, made, ("SHIRT-1", 2, "30.00"))
    assert await world.result(made.papers) == {
        "outcome": "complete",
        "missing": [],
        "discrepancies": [],
    }


async def test_two_invoices_of_one_purchase_order_add_up(world: World) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await publishes(world, made)
    await bills(world, made, ("SHIRT-1", 1, "30.00"))
    await world.until_status(made.papers, "awaiting_merchant")
    await bills(world, made, ("SHIRT-1", 1, "30.00"), number="INV-2")
    assert (await world.result(made.papers))["outcome"] == "complete"


async def test_the_partner_is_asked_to_correct_what_does_not_fit(world: World) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await publishes(world, made)
    await bills(world, made, ("SHIRT-1", 2, "35.00"))
    await world.until_status(made.papers, "awaiting_merchant")
    await decide(world, made, "ask_partner")
    case = await world.partner_case(TEXTILES)
    assert "INV-1: SHIRT-1 invoiced at 35.00, ordered at 30.00" in case["description"]
    await world.until_status(made.papers, "awaiting_partner")
    await bills(world, made, ("SHIRT-1", 2, "30.00"))
    assert (await world.result(made.papers))["outcome"] == "complete"


async def test_a_partner_that_does_not_correct_leaves_it_to_the_merchant(world: World) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await publishes(world, made)
    await bills(world, made, ("SHIRT-1", 2, "35.00"))
    await world.until_status(made.papers, "awaiting_merchant")
    await decide(world, made, "ask_partner")
    await world.until_status(made.papers, "awaiting_partner")
    await world.answer(TEXTILES, "decline", note="That is our price now.")
    await world.until_status(made.papers, "awaiting_merchant")
    await decide(world, made, "accept_discrepancies")
    assert (await world.result(made.papers))["outcome"] == "complete_with_discrepancies"


# Chasing.


@BOTH
async def test_missing_papers_are_asked_for_in_time_and_close_the_partners_case_when_they_come(
    world: World,
) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await world.until_status(made.papers, "awaiting_partner")
    await world.sleep(0.5 * DAY)
    assert await world.partner_cases(TEXTILES) == []
    await world.sleep(DAY)
    case = await world.partner_case(TEXTILES)
    assert (
        case["description"] == f"Please send for {made.po_number}: the packing list; the invoice."
    )
    await world.answer(TEXTILES, "accept", note="On its way.")
    # A promise is not a paper: the reminders go on.
    await world.sleep(2 * DAY)
    assert len(await written_to(world, TEXTILES)) == 2
    await attaches(world, TEXTILES, "packing_list")
    await bills(world, made, ("SHIRT-1", 2, "30.00"))
    assert (await world.result(made.papers))["outcome"] == "complete"
    [case] = await world.partner_cases(TEXTILES)
    assert case["status"] == "resolved"
    assert len(await links(world, made)) == 1


async def test_silence_about_papers_is_the_merchants_who_may_give_more_time(world: World) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await world.until_status(made.papers, "awaiting_partner")
    await world.sleep(5 * DAY)
    seen = await world.until_status(made.papers, "awaiting_merchant")
    assert seen.escalated == 1
    until = await world.now() + 5 * DAY
    await extend(world, made.papers, TEXTILES, until)
    seen = await world.until_status(made.papers, "awaiting_partner")
    await all_papers(world, made)
    assert (await world.result(made.papers))["outcome"] == "complete"


async def test_what_the_policy_does_not_call_for_is_not_waited_for(world: World) -> None:
    await world.partner(TEXTILES)
    await terms(world, TEXTILES, required_documents=["asn"])
    made = await ordered(world, SHIRT)
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    assert (await world.result(made.papers))["outcome"] == "complete"


async def test_the_merchant_writes_to_a_partner_that_is_asked_nothing(world: World) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await world.until_status(made.papers, "awaiting_partner")
    await write(world, made.papers, "Which carton is it in?")
    await world.eventually(
        lambda: written_to(world, TEXTILES), lambda found: found == ["Which carton is it in?"]
    )
    # The same case asks for what is missing, once it is time for that.
    await world.sleep(2 * DAY)
    assert len(await world.partner_cases(TEXTILES)) == 1
    wanted = "Please send: the packing list; the invoice."
    assert (await written_to(world, TEXTILES))[1] == wanted
    await all_papers(world, made)
    assert (await world.result(made.papers))["outcome"] == "complete"


# Outside.


async def hide_the_purchase_order(world: World, made: Ordered) -> None:
    """Trading Grid comes to list purchase orders without this one (dispatch has found it by then)."""
    lists = 0

    async def hide(response: httpx.Response) -> None:
        nonlocal lists
        if response.request.url.path.endswith("/purchase-orders"):
            lists += 1
            if lists > 1:
                body = json.loads(await response.aread())
                body["_embedded"]["collection"] = []
                response._content = json.dumps(body).encode()

    world.trading_grid.event_hooks["response"].append(hide)


async def test_a_pause_holds_what_is_written_and_what_is_read(world: World) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await publishes(world, made)
    await world.until_status(made.papers, "awaiting_partner")
    await world.switch("pause", shop_id="acme", lifecycle="shipping_documents")
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await world.eventually(
        lambda: world.current(made.papers), lambda seen: seen.paused.startswith("stock-taking")
    )
    assert await fulfillments(world, made) == []
    await world.switch("pause", on=False, shop_id="acme", lifecycle="shipping_documents")
    await world.handle(made.papers).signal("pause_changed", PauseChanged(event_id="lifted"))
    await bills(world, made, ("SHIRT-1", 2, "30.00"))
    assert (await world.result(made.papers))["outcome"] == "complete"


async def test_a_purchase_order_that_nobody_knows_is_the_merchants_and_is_looked_for_on_retry(
    world: World,
) -> None:
    await world.partner(TEXTILES)
    await terms(world, show_on_order=False)
    made = await ordered(world, SHIRT)
    await hide_the_purchase_order(world, made)
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    seen = await world.until_status(made.papers, "awaiting_merchant")
    assert [trouble.type for trouble in seen.troubles] == ["Conflict"]
    world.trading_grid.event_hooks["response"].pop()
    await all_papers(world, made)
    await retry(world, made.papers)
    assert (await world.result(made.papers))["outcome"] == "complete"


async def test_a_cancelled_order_has_no_room_and_says_so(world: World) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    assert made.order is not None
    number = numeric_id(made.order["order_id"])
    await world.shopify.post(f"/_emulator/shops/acme/orders/{number}/cancel", json={})
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await all_papers(world, made)
    seen = await world.until_status(made.papers, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "had shipped, or gone, in Shopify before" in seen.waiting_for.what


async def test_a_partner_that_is_let_go_is_asked_again_in_another_case(world: World) -> None:
    await world.partner(TEXTILES)
    async with owners(world):
        made = await ordered(world, SHIRT, SHOE, owned=True)
        await ships(world, made, package(made, "T-1", SHIRT_1=2))
        await bills(world, made, ("SHIRT-1", 2, "30.00"), ("SHOE-1", 1, "80.00"))
        await publishes(world, made, "packing_list", PROGRAM)
        await world.partner_case(TEXTILES)
        await publishes(world, made, "packing_list", name="right.pdf")
        await world.until_told(made.papers, "owes nothing more")
        await publishes(world, made, "certificate", PROGRAM)
        await world.eventually(lambda: world.partner_cases(TEXTILES), lambda found: len(found) == 2)
        await publishes(world, made, "certificate", name="certificate.pdf")
        await ships(world, made, package(made, "T-2", SHOE_1=1), number="SHP-2")
        assert (await world.result(made.papers))["outcome"] == "complete"
    cases = await world.partner_cases(TEXTILES)
    assert [case["status"] for case in cases] == ["resolved", "resolved"]
    assert "certificate.pdf again" in cases[1]["description"]
