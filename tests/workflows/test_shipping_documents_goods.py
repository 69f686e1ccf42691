"""What ships, once: repeated and corrected notices, holds, the merchant's word, and what never comes."""

from domain.order_exception.names import order_exception_key
from domain.shop_order import hold_handle
from domain.shopify_ids import numeric_id
from intake.sweep import Sweep
from tests.workflows.claims import BOTH, refused_as
from tests.workflows.papers import (
    DAY,
    SHIRT,
    SHOE,
    TEXTILES,
    all_in,
    all_papers,
    announced,
    bills,
    corrects,
    decide,
    fulfillments,
    heard,
    held,
    ordered,
    owners,
    package,
    post,
    publishes,
    reads,
    released,
    reserve,
    ships,
    stands,
    terms,
)
from tests.world import SHOP, World


@BOTH
async def test_a_repeated_late_or_older_event_of_a_notice_ships_nothing_again(
    world: World,
) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    notice = await ships(world, made, package(made, "T-1", SHIRT_1=1))
    await world.until_told(made.papers, "Fulfilled in Shopify")
    await corrects(world, notice, package(made, "T-1", SHIRT_1=2))
    await world.delivered()
    for event_id, version in (("again", 2), ("late", 1), ("older", 1)):
        await announced(world, made, "shipment_notice.received", notice, version, event_id)
    await all_papers(world, made)
    assert (await world.result(made.papers))["outcome"] == "complete"
    assert await fulfillments(world, made) == [
        {"number": "T-1", "skus": {"SHIRT-1": 1}},
        {"number": "T-1", "skus": {"SHIRT-1": 1}},
    ]
    assert await reads(world, made.papers, "shipping_documents.read_notice") == 2


async def test_a_lost_answer_of_fulfillment_create_ships_nothing_twice(world: World) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    world.lose_answer_to = "fulfillmentCreate"
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await all_papers(world, made)
    assert (await world.result(made.papers))["outcome"] == "complete"
    assert await world.shopify_writes("fulfillmentCreate") == ["fulfillmentCreate"]
    assert await fulfillments(world, made) == [{"number": "T-1", "skus": {"SHIRT-1": 2}}]


async def test_a_corrected_tracking_number_is_corrected_and_ships_nothing(world: World) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    notice = await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await world.until_told(made.papers, "Fulfilled in Shopify")
    await corrects(world, notice, package(made, "T-2", SHIRT_1=2))
    await world.until_told(made.papers, "Parcel T-1 is DHL T-2 now.")
    await all_papers(world, made)
    assert (await world.result(made.papers))["outcome"] == "complete"
    assert await fulfillments(world, made) == [{"number": "T-2", "skus": {"SHIRT-1": 2}}]
    assert await world.shopify_writes("fulfillmentCreate", "fulfillmentTrackingInfoUpdate") == [
        "fulfillmentCreate",
        "fulfillmentTrackingInfoUpdate",
    ]


async def test_without_a_tracking_number_the_shipments_own_serves(world: World) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await ships(world, made, package(made, "", SHIRT_1=2))
    await all_papers(world, made)
    await world.result(made.papers)
    assert await fulfillments(world, made) == [{"number": "SHP-1", "skus": {"SHIRT-1": 2}}]


async def test_a_notice_that_takes_back_what_shipped_undoes_nothing_and_is_said(
    world: World,
) -> None:
    await world.partner(TEXTILES)
    async with owners(world):
        made = await ordered(world, SHIRT, SHOE, owned=True)
        notice = await ships(world, made, package(made, "T-1", SHIRT_1=2))
        await world.until_told(made.papers, "Fulfilled in Shopify")
        await corrects(world, notice, package(made, "T-1", SHIRT_1=1))
        said = await world.until_told(made.papers, "the notice now says 1")
    assert said == "SHP-1: 2 × SHIRT-1 shipped, but the notice now says 1"
    assert await fulfillments(world, made) == [{"number": "T-1", "skus": {"SHIRT-1": 2}}]


@BOTH
async def test_a_notice_that_names_three_purchase_orders_tells_three_cases(world: World) -> None:
    await world.partner(TEXTILES)
    made = [await ordered(world, SHIRT, po_number=f"ACME-100{place}-ACME-1") for place in (1, 2, 3)]
    await ships(
        world,
        made[0],
        *(package(one, f"T-{place}", SHIRT_1=2) for place, one in enumerate(made)),
        po_numbers=[one.po_number for one in made],
    )
    for place, one in enumerate(made):
        await all_papers(world, one)
        assert (await world.result(one.papers))["discrepancies"] == []
        assert await fulfillments(world, one) == [{"number": f"T-{place}", "skus": {"SHIRT-1": 2}}]


async def test_papers_of_an_unknown_number_wait_and_are_taken_up_once_it_is_known(
    world: World,
) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT, known=False)
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await all_papers(world, made)
    await world.delivered()
    assert await world.row_or_none(made.papers) is None
    await reserve(world, made)
    await Sweep(world.database, world.dispatcher, world.temporal).run()
    assert (await world.result(made.papers))["outcome"] == "complete"
    assert await fulfillments(world, made) == [{"number": "T-1", "skus": {"SHIRT-1": 2}}]


async def test_lines_that_were_not_ordered_or_are_too_many_never_ship(world: World) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await ships(world, made, package(made, "T-1", SHIRT_1=3, HAT_1=1))
    await all_papers(world, made)
    await world.until_status(made.papers, "awaiting_merchant")
    assert await fulfillments(world, made) == [{"number": "T-1", "skus": {"SHIRT-1": 2}}]
    await decide(world, made, "accept_discrepancies")
    result = await world.result(made.papers)
    assert result["outcome"] == "complete_with_discrepancies"
    assert result["discrepancies"] == [
        "SHP-1: 1 × HAT-1, which was not ordered",
        "SHP-1: 1 × SHIRT-1 more than is open",
    ]


async def test_what_was_fulfilled_by_hand_before_is_not_shipped_again_and_is_said(
    world: World,
) -> None:
    await world.partner(TEXTILES)
    async with owners(world):
        made = await ordered(world, SHIRT, owned=True)
        assert made.order is not None
        number = numeric_id(made.order["order_id"])
        await world.shopify.post(f"/_emulator/shops/{SHOP}/orders/{number}/fulfill", json={})
        await ships(world, made, package(made, "T-1", SHIRT_1=2))
        await all_papers(world, made)
        await world.until_status(made.papers, "awaiting_merchant")
        assert await heard(made) == {"SHP-1": {made.lines["SHIRT-1"]: 2}}
        await decide(world, made, "accept_discrepancies")
        result = await world.result(made.papers)
    assert result["discrepancies"] == ["SHP-1: 2 × SHIRT-1 had shipped, or gone, in Shopify before"]
    assert await world.shopify_writes("fulfillmentCreate") == []


# Holds.


async def test_our_own_hold_is_released_after_the_purchase_order_has_heard(world: World) -> None:
    await world.partner(TEXTILES)
    async with owners(world):
        made = await ordered(world, SHIRT, owned=True)
        handle = hold_handle("purchase_order", 1)
        await held(world, made, by="app", handle=handle, reason="UNKNOWN_DELIVERY_DATE")
        await ships(world, made, package(made, "T-1", SHIRT_1=2))
        await all_papers(world, made)
        assert (await world.result(made.papers))["outcome"] == "complete"
        assert await heard(made, about_to=True) == {"SHP-1": {made.lines["SHIRT-1"]: 2}}
    assert await world.shopify_writes("fulfillmentOrderReleaseHold", "fulfillmentCreate") == [
        "fulfillmentOrderReleaseHold",
        "fulfillmentCreate",
    ]


@BOTH
async def test_a_hold_of_somebody_else_is_the_merchants_and_ships_once_it_is_released(
    world: World,
) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await held(world, made)
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await all_papers(world, made)
    seen = await world.until_status(made.papers, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "is held by somebody else" in seen.waiting_for.what
    assert await fulfillments(world, made) == []
    await released(world, made)
    assert (await world.result(made.papers))["outcome"] == "complete"
    assert await fulfillments(world, made) == [{"number": "T-1", "skus": {"SHIRT-1": 2}}]


async def test_a_shipment_that_is_skipped_counts_as_shipped_and_is_not_written(
    world: World,
) -> None:
    await world.partner(TEXTILES)
    async with owners(world):
        made = await ordered(world, SHIRT, owned=True)
        await held(world, made)
        await ships(world, made, package(made, "T-1", SHIRT_1=2))
        await all_papers(world, made)
        await world.until_status(made.papers, "awaiting_merchant")
        # What was announced and could not be written is taken back: it may be held again.
        await world.eventually(lambda: heard(made), lambda found: found == {"SHP-1": {}})
        await decide(world, made, "skip", shipment_number="SHP-1")
        assert (await world.result(made.papers))["outcome"] == "complete"
        assert await heard(made) == {"SHP-1": {made.lines["SHIRT-1"]: 2}}
    assert await fulfillments(world, made) == []


async def test_a_blocked_shipment_nobody_sees_to_lets_the_case_expire(world: World) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await held(world, made)
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await all_papers(world, made)
    await world.until_status(made.papers, "awaiting_merchant")
    assert (await world.result(made.papers))["outcome"] == "expired"
    assert "shipment SHP-1 not fulfilled" in await world.until_told(made.papers, "expired")


# The merchant's word.


async def test_where_nothing_is_fulfilled_by_itself_the_merchant_is_asked(world: World) -> None:
    await world.partner(TEXTILES)
    await terms(world, auto_fulfil=False)
    made = await ordered(world, SHIRT)
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await all_papers(world, made)
    seen = await world.until_status(made.papers, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert seen.waiting_for.what == "the word to fulfil shipment SHP-1 in Shopify"
    await all_in(world, made)
    assert await fulfillments(world, made) == []
    await refused_as("InvalidCommand", decide(world, made, "fulfil", shipment_number="SHP-7"))
    await refused_as("NotNow", decide(world, made, "accept_missing"))
    await refused_as("NotNow", decide(world, made, "accept_discrepancies"))
    await decide(world, made, "fulfil")
    assert (await world.result(made.papers))["outcome"] == "complete"
    assert await fulfillments(world, made) == [{"number": "T-1", "skus": {"SHIRT-1": 2}}]


async def test_nothing_waits_for_a_word_where_everything_goes_by_itself(world: World) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await world.until_status(made.papers, "awaiting_partner")
    await refused_as("NotNow", decide(world, made, "fulfil"))
    await refused_as("InvalidCommand", decide(world, made, "accept_missing", shipment_number="S"))


# What never comes.


async def test_pieces_that_never_come_open_an_exception_where_no_purchase_order_watches(
    world: World,
) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT, SHOE)
    assert made.order is not None
    await ships(world, made, package(made, "T-1", SHIRT_1=2))
    await bills(world, made, ("SHIRT-1", 2, "30.00"))
    await publishes(world, made)
    await all_in(world, made)
    seen = await world.until_status(made.papers, "awaiting_partner")
    assert seen.waiting_for is not None
    assert seen.waiting_for.what == "1 × SHOE-1, still to ship"
    await world.sleep(2 * DAY)
    case = await world.partner_case(TEXTILES)
    assert [(line["sku"], line["quantity"]) for line in case["lines"]] == [("SHOE-1", 1)]
    await post(world, f"/cases/{case['id']}/answer", {"kind": "decline", "note": "Sold out."})
    assert (await world.result(made.papers))["outcome"] == "complete_with_discrepancies"
    exception = order_exception_key(SHOP, numeric_id(made.order["order_id"]))
    assert exception in await world.all_cases()
    seen = await world.until_status(exception, "awaiting_partner", "awaiting_merchant")
    lines = seen.detail["lines"]
    assert isinstance(lines, list)
    assert [line["sku"] for line in lines] == ["SHOE-1"]


async def test_while_a_purchase_order_watches_no_exception_opens_for_what_is_missing(
    world: World,
) -> None:
    await world.partner(TEXTILES)
    async with owners(world):
        made = await ordered(world, SHIRT, SHOE, owned=True)
        await ships(world, made, package(made, "T-1", SHIRT_1=2))
        await bills(world, made, ("SHIRT-1", 2, "30.00"))
        await publishes(world, made)
        await world.until_status(made.papers, "awaiting_other")
        await world.sleep(5 * DAY)
        assert await world.partner_cases(TEXTILES) == []
        # It ends with a line that never came: now somebody has to ask.
        await stands(world, made, closed=True)
        await world.sleep(DAY)
        seen = await world.until_status(made.papers, "awaiting_partner")
        assert seen.waiting_for is not None
        assert "SHOE-1, still to ship" in seen.waiting_for.what


async def test_a_purchase_order_whose_case_is_closed_is_a_line_in_the_timeline(
    world: World,
) -> None:
    await world.partner(TEXTILES)
    async with owners(world):
        made = await ordered(world, SHIRT, owned=True)
        await publishes(world, made)
        await world.until_status(made.papers, "awaiting_partner")
        await stands(world, made, closed=True)
        assert made.owner is not None
        await made.owner.result()
        await ships(world, made, package(made, "T-1", SHIRT_1=2))
        await bills(world, made, ("SHIRT-1", 2, "30.00"))
        assert (await world.result(made.papers))["outcome"] == "complete"
    said = await world.until_told(made.papers, "was not told of shipment SHP-1")
    assert said.startswith(f"The case of {made.po_number} is closed")
    assert await fulfillments(world, made) == [{"number": "T-1", "skus": {"SHIRT-1": 2}}]


async def test_two_shipments_under_one_tracking_number_both_ship(world: World) -> None:
    await world.partner(TEXTILES)
    made = await ordered(world, SHIRT)
    await ships(world, made, package(made, "T-1", SHIRT_1=1))
    await world.until_told(made.papers, "Fulfilled in Shopify")
    await ships(world, made, package(made, "T-1", SHIRT_1=1), number="SHP-2")
    await all_papers(world, made)
    assert (await world.result(made.papers))["outcome"] == "complete"
    assert await fulfillments(world, made) == [{"number": "T-1", "skus": {"SHIRT-1": 1}}] * 2


async def test_a_partner_that_sends_no_papers_opens_no_exception_while_a_purchase_order_watches(
    world: World,
) -> None:
    await world.partner(TEXTILES)
    await terms(world, required_documents=["asn", "certificate"])
    async with owners(world):
        made = await ordered(world, SHIRT, SHOE, owned=True)
        await ships(world, made, package(made, "T-1", SHIRT_1=2))
        await world.until_status(made.papers, "awaiting_partner")
        await world.sleep(2 * DAY)
        case = await world.partner_case(TEXTILES)
        assert case["lines"] == []
        await post(world, f"/cases/{case['id']}/answer", {"kind": "decline"})
        await world.until_status(made.papers, "awaiting_merchant")
        await decide(world, made, "accept_missing")
        await world.until_status(made.papers, "awaiting_other")
        told = await world.until_told(made.papers, "accept missing")
    assert told == "Decided: accept missing certificate"
    assert not [line for line in await world.timeline(made.papers) if line.startswith("Short")]
