"""One test an ending, as a sentence; on the time-skipping server."""

from tests.workflows.claims import BOTH
from tests.workflows.papers import (
    DAY,
    SHIRT,
    SHOE,
    TEXTILES,
    all_papers,
    bills,
    cancel,
    decide,
    fulfillments,
    heard,
    links,
    ordered,
    owners,
    package,
    post,
    publishes,
    ships,
    stands,
    terms,
    text_on,
)
from tests.world import World


@BOTH
async def test_a_shipment_with_all_its_papers_is_fulfilled_linked_and_complete(
    world: World,
) -> None:
    await world.partner(TEXTILES)
    async with owners(world):
        made = await ordered(world, SHIRT, SHOE, owned=True)
        await ships(world, made, package(made, "T-1", SHIRT_1=2), package(made, "T-2", SHOE_1=1))
        await all_papers(world, made)
        result = await world.result(made.papers)
        all_of_it = {made.lines["SHIRT-1"]: 2, made.lines["SHOE-1"]: 1}
        assert await heard(made) == {"SHP-1": all_of_it}
        assert (await heard(made, about_to=True)) == {"SHP-1": all_of_it}
    assert result == {"outcome": "complete", "missing": [], "discrepancies": []}
    assert await fulfillments(world, made) == [
        {"number": "T-1", "skus": {"SHIRT-1": 2}},
        {"number": "T-2", "skus": {"SHOE-1": 1}},
    ]
    row = await world.row(made.papers)
    assert (row.status, row.outcome) == ("resolved", "complete")
    assert row.order_name == "#1001"
    [link] = await links(world, made)
    assert link.startswith("http://127.0.0.1:18000/documents/")
    assert await text_on(world, made) == f"Papers of {made.po_number} for order #1001: complete."
    await world.tagged(made.order or {})
    assert await world.partner_cases(TEXTILES) == []


async def test_papers_that_come_before_the_notice_wait_for_it(world: World) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await all_papers(world, made)
    await world.until_status(made.papers, "awaiting_partner")
    await ships(world, made, package(made, SHIRT_1=2))
    assert (await world.result(made.papers))["outcome"] == "complete"


async def test_an_order_shipped_in_parts_is_complete_with_the_last_of_them(world: World) -> None:
    await world.partner(TEXTILES)
    async with owners(world):
        made = await ordered(world, SHIRT, SHOE, owned=True)
        await ships(world, made, package(made, "T-1", SHIRT_1=2))
        await all_papers(world, made)
        seen = await world.until_status(made.papers, "awaiting_other")
        assert seen.waiting_for is not None
        assert seen.waiting_for.what == "1 piece to ship"
        await ships(world, made, package(made, "T-2", SHOE_1=1), number="SHP-2")
        assert (await world.result(made.papers))["outcome"] == "complete"
        assert list(await heard(made)) == ["SHP-1", "SHP-2"]


async def test_a_line_that_is_cancelled_meanwhile_is_not_waited_for(world: World) -> None:
    await world.partner(TEXTILES)
    async with owners(world):
        made = await ordered(world, SHIRT, SHOE, owned=True)
        await ships(world, made, package(made, "T-1", SHIRT_1=2))
        await bills(world, made, ("SHIRT-1", 2, "30.00"))
        await publishes(world, made)
        await world.until_status(made.papers, "awaiting_other")
        await stands(world, made, SHOE_1={"cancelled": 1})
        assert (await world.result(made.papers))["outcome"] == "complete"


async def test_what_does_not_fit_is_accepted_by_the_merchant(world: World) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await ships(world, made, package(made, SHIRT_1=2))
    await bills(world, made, ("SHIRT-1", 2, "35.00"))
    await publishes(world, made)
    seen = await world.until_status(made.papers, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "SHIRT-1 invoiced at 35.00, ordered at 30.00" in seen.waiting_for.what
    await decide(world, made, "accept_discrepancies", note="agreed by phone")
    assert await world.result(made.papers) == {
        "outcome": "complete_with_discrepancies",
        "missing": [],
        "discrepancies": ["INV-1: SHIRT-1 invoiced at 35.00, ordered at 30.00"],
    }
    assert await text_on(world, made) == (
        f"Papers of {made.po_number}: complete, with discrepancies "
        "(INV-1: SHIRT-1 invoiced at 35.00, ordered at 30.00)."
    )


async def test_what_does_not_fit_and_nobody_minds_is_complete_with_it(world: World) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await ships(world, made, package(made, SHIRT_1=2))
    await bills(world, made, ("SHIRT-1", 2, "35.00"))
    await publishes(world, made)
    await world.until_status(made.papers, "awaiting_merchant")
    assert (await world.result(made.papers))["outcome"] == "complete_with_discrepancies"


async def test_missing_papers_that_nobody_sends_or_waives_let_the_case_expire(
    world: World,
) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await ships(world, made, package(made, SHIRT_1=2))
    result = await world.result(made.papers)
    assert result["outcome"] == "expired"
    assert result["missing"] == ["packing_list", "invoice"]
    [case] = await world.partner_cases(TEXTILES)
    assert (case["case_type"], case["status"]) == ("shipment_document", "cancelled")
    assert await world.messages(TEXTILES)
    await world.until_notified("expired")
    assert "expired: papers are missing (packing list, invoice)" in await text_on(world, made)


async def test_the_merchant_goes_without_papers_that_do_not_come(world: World) -> None:
    await world.partner(TEXTILES)
    await terms(world, required_documents=["asn", "certificate"])
    made = await ordered(world, SHIRT)
    await ships(world, made, package(made, SHIRT_1=2))
    await world.until_status(made.papers, "awaiting_partner")
    await world.sleep(2 * DAY)
    case = await world.partner_case(TEXTILES)
    await post(world, f"/cases/{case['id']}/answer", {"kind": "decline", "note": "We have none."})
    seen = await world.until_status(made.papers, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "certificate" in seen.waiting_for.what
    await decide(world, made, "accept_missing")
    result = await world.result(made.papers)
    assert (result["outcome"], result["missing"]) == ("complete_with_discrepancies", [])


async def test_the_merchant_gives_it_up(world: World) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await ships(world, made, package(made, SHIRT_1=2))
    await world.until_status(made.papers, "awaiting_partner")
    await cancel(world, made.papers)
    assert (await world.result(made.papers))["outcome"] == "cancelled"
    assert (await world.row(made.papers)).status == "cancelled"


async def test_temporals_cancel_gives_it_up(world: World) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await ships(world, made, package(made, SHIRT_1=2))
    await world.until_status(made.papers, "awaiting_partner")
    await world.handle(made.papers).cancel()
    assert (await world.result(made.papers))["outcome"] == "cancelled"


async def test_a_purchase_order_that_is_cancelled_as_a_whole_wants_no_papers(world: World) -> None:
    await world.partner(TEXTILES)
    async with owners(world):
        made = await ordered(world, SHIRT, owned=True)
        await publishes(world, made, "certificate")
        await world.until_status(made.papers, "awaiting_partner")
        await stands(world, made, closed=True, SHIRT_1={"cancelled": 2})
        assert (await world.result(made.papers))["outcome"] == "complete"


@BOTH
async def test_a_replenishment_is_told_to_its_purchase_order_and_to_nobody_in_shopify(
    world: World,
) -> None:
    await world.partner(TEXTILES)
    async with owners(world):
        made = await ordered(world, SHIRT, owned=True, replenishment=True)
        await ships(world, made, package(made, "T-1", SHIRT_1=2))
        await all_papers(world, made)
        assert (await world.result(made.papers))["outcome"] == "complete"
        assert await heard(made) == {"SHP-1": {"R-0": 2}}
    assert await world.shopify_writes() == []


async def test_in_shadow_mode_nothing_is_written_and_the_timeline_says_what_would_be(
    world: World,
) -> None:
    await world.partner(TEXTILES)
    await world.switch("shadow", shop_id="acme", lifecycle="shipping_documents")
    async with owners(world):
        made = await ordered(world, SHIRT, owned=True)
        await ships(world, made, package(made, "T-1", SHIRT_1=2))
        await all_papers(world, made)
        assert (await world.result(made.papers))["outcome"] == "complete"
        assert await heard(made) == {}
    assert await world.shopify_writes() == []
    told = await world.timeline(made.papers)
    assert "Would: Fulfil T-1 in Shopify" in told
    assert "Would: Link 1 document on the order" in told


async def test_a_closed_case_takes_no_word_and_a_late_paper_is_flagged(world: World) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await ships(world, made, package(made, SHIRT_1=2))
    await all_papers(world, made)
    await world.result(made.papers)
    await publishes(world, made, "certificate")
    await world.delivered()
    late = await world.until_told(made.papers, "came after the case had ended")
    assert late.startswith("document.published")
    assert [entry.flagged for entry in await world.entries(made.papers)][-1]
    assert len(await links(world, made)) == 1
