"""Where a campaign stands, for people: in the metaobject, written only where it differs; and what was sold in the end."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from activities.campaign_readiness import sales as sales_activities
from clients.shopify import whole
from domain.campaign_readiness.messages import (
    CountSold,
    ReadConstraints,
    Sold,
    SoldLine,
    Summarise,
    Summary,
    WriteMetaobject,
)
from domain.campaign_readiness.plan import Window
from domain.failures import THROTTLED
from persistence.repositories import shops
from persistence.tables import InventoryPosition
from tests.activities.campaigning import CASE, DEFAULT_HANDLE, WINDOW, Campaigns, product
from tests.activities.conftest import Hands
from tests.world import SHOP

SHIRTS = "acme-textiles"
UPSERT, UPDATE = "metaobjectUpsert", "metaobjectUpdate"


@pytest.fixture
async def campaign(hands: Hands) -> Campaigns:
    """A partner who is asked for 100 and 20 shirts, and the merchant's own lamp."""
    made = Campaigns(hands)
    await made.open()
    await hands.world.partner(SHIRTS)
    await made.route(SHIRTS, "SHIRT-")
    await made.given(product("SHIRT-1", 100), product("SHIRT-2", 20), product("LAMP-1", 50))
    return made


async def summary(campaign: Campaigns) -> Summary:
    found: Summary = await campaign.call(campaign.display.summarise, Summarise(case_id=CASE))
    return found


# In numbers.


async def test_a_summary_counts_what_partners_are_asked_for_and_shows_the_worst_first(
    campaign: Campaigns,
) -> None:
    await campaign.share(SHIRTS)
    issue = {"code": "capacity", "sku": "SHIRT-1", "text": "x" * 400, "severity": "high"}
    minor = {"code": "label", "text": "A new label.", "severity": "low"}
    said = {"sku": "SHIRT-1", "quantity": 95, "status": "partial", "note": "y" * 400}
    await campaign.say(SHIRTS, said, {"sku": "HAT-1", "status": "declined"}, issues=[issue, minor])
    await campaign.hear(SHIRTS)
    found = await summary(campaign)
    assert (found.figures.products, found.figures.expected, found.figures.ready) == (2, 120, 95)
    assert [(one.sku, one.partner, one.expected, one.ready) for one in found.worst] == [
        ("SHIRT-2", SHIRTS, 20, 0),
        ("SHIRT-1", SHIRTS, 100, 95),
    ]
    assert [(one.code, one.partner) for one in found.issues] == [("capacity", SHIRTS)]
    assert (found.issue_count, found.flag_count) == (2, 1)
    assert max(len(found.worst[1].note), len(found.issues[0].text)) == 120


# In Shopify.


async def test_a_metaobject_is_made_once_and_changed_only_where_it_differs(
    campaign: Campaigns,
) -> None:
    made = await campaign.show(create=True, handle=DEFAULT_HANDLE, window=WINDOW)
    fields = await campaign.fields()
    assert (made.changed, made.gone) == (True, False)
    assert (fields["title"], fields["status"]) == ("Spring", "Preparing")
    assert fields["starts_at"].startswith(WINDOW.starts_at.date().isoformat())
    # The answer was lost: the repeat finds it made.
    again = await campaign.show(create=True, handle=DEFAULT_HANDLE, window=WINDOW)
    assert (again.changed, again.metaobject_id) == (False, made.metaobject_id)
    shown = await campaign.show(
        metaobject_id=made.metaobject_id,
        text="60 of\n120 pieces",
        readiness=0.5,
        summary=await summary(campaign),
    )
    assert shown.changed
    fields = await campaign.fields()
    assert (fields["readiness_text"], float(fields["readiness"])) == ("60 of 120 pieces", 0.5)
    same = await campaign.show(
        metaobject_id=made.metaobject_id,
        text="60 of 120 pieces",
        readiness=0.50001,
        summary=await summary(campaign),
    )
    assert not same.changed
    assert await campaign.world.shopify_writes(UPSERT, UPDATE) == [UPSERT, UPDATE]


async def test_what_staff_edits_meanwhile_stays_as_they_wrote_it(campaign: Campaigns) -> None:
    metaobject = await campaign.planned_in_shopify(title="By staff", readiness_data='["junk"]')

    async def edit() -> None:
        await campaign.planned_in_shopify(title="By staff, again", ends_at="2027-02-01T00:00:00Z")

    campaign.world.before_call[UPDATE] = edit
    assert (await campaign.show(metaobject_id=metaobject)).changed
    fields = await campaign.fields()
    assert (fields["title"], fields["status"]) == ("By staff, again", "Preparing")
    assert fields["ends_at"].startswith("2027-02-01")


async def test_a_metaobject_of_an_earlier_case_is_planned_anew_and_one_of_ours_is_staffs(
    campaign: Campaigns,
) -> None:
    await campaign.planned_in_shopify(DEFAULT_HANDLE, title="Last year's", status="Completed")
    first = await campaign.show(create=True, handle=DEFAULT_HANDLE, window=WINDOW)
    assert (await campaign.fields())["title"] == "Spring"
    await campaign.planned_in_shopify(DEFAULT_HANDLE, title="Staff's")
    again = await campaign.show(create=True, handle=DEFAULT_HANDLE, window=WINDOW)
    assert (again.changed, again.metaobject_id) == (False, first.metaobject_id)
    assert (await campaign.fields())["title"] == "Staff's"


async def test_a_metaobject_that_was_deleted_stays_deleted(campaign: Campaigns) -> None:
    made = await campaign.show(create=True, handle=DEFAULT_HANDLE, window=WINDOW)

    async def delete() -> None:
        path = f"/_emulator/shops/{SHOP}/metaobjects/{made.metaobject_id}/delete"
        await campaign.world._post(campaign.world.shopify, path, {})

    campaign.world.before_call[UPDATE] = delete
    assert (await campaign.show(metaobject_id=made.metaobject_id, status="Running")).gone
    assert (await campaign.show(metaobject_id=made.metaobject_id, status="Running")).gone
    state = await campaign.world.shopify_state()
    assert state["shops"][SHOP]["metaobjects"] == []


async def test_the_most_that_is_shown_fits_into_the_field(campaign: Campaigns) -> None:
    await campaign.given(*(product(f"SHIRT-{'Ü' * 110}{n}", 9) for n in range(60)))
    shown = await campaign.show(
        create=True, handle=DEFAULT_HANDLE, window=WINDOW, summary=await summary(campaign)
    )
    assert shown.changed
    assert 10_000 < len((await campaign.fields())["readiness_data"].encode()) < 64_000


# Against it.


async def test_stock_constraints_of_asked_products_are_found_where_there_are_feeds(
    campaign: Campaigns,
) -> None:
    request = ReadConstraints(shop=SHOP, case_id=CASE)
    assert (await campaign.call(campaign.sales.read_constraints, request)).count == 0
    today = datetime.now(UTC).date()
    positions = [
        (SHIRTS, "SHIRT-1", "stop_sell", today),
        (SHIRTS, "SHIRT-1", "stop_sell", today + timedelta(days=3)),
        (SHIRTS, "SHIRT-2", "stop_sell", today - timedelta(days=1)),
        (SHIRTS, "SHIRT-2", "limited", None),
        (SHIRTS, "SHIRT-2", "", None),
        (SHIRTS, "SHIRT-9", "stop_sell", None),
        ("another", "SHIRT-1", "discontinued", None),
    ]
    now = datetime.now(UTC)
    async with campaign.database.begin() as session:
        session.add_all(
            InventoryPosition(
                shop_id=SHOP,
                partner_id=partner,
                location_code=f"PLACE-{number}",
                sku=sku,
                as_of=now,
                sequence=1,
                advice_id="advice",
                advice_version=1,
                constraint_code=code,
                constraint_until=until,
            )
            for number, (partner, sku, code, until) in enumerate(positions)
        )
    found = await campaign.call(campaign.sales.read_constraints, request)
    assert [(one.sku, one.code, _day(one.until)) for one in found.found] == [
        ("SHIRT-1", "stop_sell", today + timedelta(days=4)),
        ("SHIRT-2", "limited", None),
    ]


def _day(at: datetime | None) -> date | None:
    return at.date() if at is not None else None


# In the end.

RAN = Window(
    title="Spring",
    starts_at=datetime(2026, 11, 20, 8, tzinfo=UTC),
    ends_at=datetime(2026, 11, 25, 8, tzinfo=UTC),
)


async def ordered(campaign: Campaigns, at: datetime, *lines: tuple[str, int]) -> dict[str, Any]:
    return await campaign.world.order(
        *(
            {"sku": sku, "quantity": pieces, "vendor": SHIRTS, "price": "9.00"}
            for sku, pieces in lines
        ),
        created_at=at.isoformat(),
        fulfill=False,
    )


async def count(campaign: Campaigns, window: Window = RAN) -> Sold:
    request = CountSold(shop=SHOP, case_id=CASE, window=window)
    found: Sold = await campaign.call(campaign.sales.count_sold, request)
    return found


async def test_what_was_ordered_while_it_ran_is_counted_and_nothing_else(
    campaign: Campaigns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sales_activities, "ORDERS_A_STEP", 2)
    await campaign.share(SHIRTS)
    await campaign.say(SHIRTS, {"sku": "SHIRT-1", "quantity": 5, "status": "partial"})
    await campaign.hear(SHIRTS)
    start, end, second = RAN.starts_at, RAN.ends_at, timedelta(seconds=1)
    await ordered(campaign, start - second, ("SHIRT-1", 100))
    await ordered(campaign, start, ("SHIRT-1", 1), ("HAT-1", 9))
    await ordered(campaign, start + second, ("SHIRT-1", 2), ("LAMP-1", 3))
    for pieces in (1, 1, 1):
        await ordered(campaign, start + 2 * second, ("SHIRT-1", pieces))
    await ordered(campaign, start + 3 * second, ("HAT-1", 4))
    cancelled = await ordered(campaign, start + 4 * second, ("SHIRT-1", 50))
    await campaign.world._post(
        campaign.world.shopify,
        f"/_emulator/shops/{SHOP}/orders/{cancelled['order_id'].rpartition('/')[2]}/cancel",
        {},
    )
    await ordered(campaign, end - second, ("SHIRT-2", 4), ("SHIRT-1", 1))
    await ordered(campaign, end, ("SHIRT-1", 100))
    found = await count(campaign)
    assert (found.orders, found.committed, found.sold) == (6, 5, 14)
    assert found.oversold == (
        SoldLine(sku="SHIRT-2", partner=SHIRTS, committed=0, sold=4),
        SoldLine(sku="SHIRT-1", partner=SHIRTS, committed=5, sold=7),
    )
    assert found.oversold_count == 2
    calls = len(await _orders_calls(campaign))
    assert await count(campaign) == found
    assert len(await _orders_calls(campaign)) == calls
    # Another window is another count.
    longer = RAN.model_copy(update={"ends_at": end + second})
    assert (await count(campaign, longer)).sold == 114


async def _orders_calls(campaign: Campaigns) -> list[Any]:
    calls = (await campaign.world.shopify.get("/_emulator/calls?queries=true")).json()["calls"]
    return [call for call in calls if call["operation"] == "OrdersPlaced"]


async def test_a_count_says_from_when_on_shopify_shows_orders(campaign: Campaigns) -> None:
    old = RAN.model_copy(update={"starts_at": datetime.now(UTC) - timedelta(days=90)})
    hidden = (await count(campaign, old)).hidden_before
    async with campaign.database.begin() as session:
        shop = await shops.get(session, SHOP)
        assert (hidden is None) == ("read_all_orders" in shop.scopes)
        shop.scopes = [*shop.scopes, "read_all_orders"]
        session.add(shop)
    assert (await count(campaign, old)).hidden_before is None
    async with campaign.database.begin() as session:
        shop = await shops.get(session, SHOP)
        shop.scopes = [one for one in shop.scopes if one != "read_all_orders"]
        session.add(shop)
    hidden = (await count(campaign, old)).hidden_before
    assert hidden is not None
    assert timedelta(days=59) < datetime.now(UTC) - hidden < timedelta(days=62)
    assert (await count(campaign)).hidden_before is None


async def test_a_count_that_broke_off_goes_on_and_counts_nothing_twice(
    campaign: Campaigns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sales_activities, "ORDERS_A_STEP", 2)
    monkeypatch.setattr(sales_activities, "QUERY_ORDERS", 4)
    for number in range(11):
        # Three orders a second: a second is never counted whole in one step.
        await ordered(campaign, RAN.starts_at + timedelta(seconds=number // 3), ("SHIRT-1", 1))
    placed = whole.placed_orders
    broken = 0

    async def breaking(admin: Any, query: str) -> Any:
        nonlocal broken
        seen = 0
        async for order in placed(admin, query):
            seen += 1
            if seen > 3 and broken < 4:
                broken += 1
                raise ConnectionError("the worker fell")
            yield order

    monkeypatch.setattr(sales_activities, "placed_orders", breaking)
    for _ in range(4):
        with pytest.raises(ConnectionError):
            await count(campaign)
    found = await count(campaign)
    assert (found.orders, found.sold, broken) == (11, 11, 4)


async def test_a_long_count_waits_where_shopify_throttles_it(
    campaign: Campaigns, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ordered(campaign, RAN.starts_at, ("SHIRT-1", 1))
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        await campaign.world.faults("shopify")

    monkeypatch.setattr("clients.shopify.admin.asyncio.sleep", sleep)
    await campaign.world.faults("shopify", api={"throttle": True})
    assert (await count(campaign)).sold == 1
    assert len(waited) == 1
    # A short call does not wait: its retry does.
    await campaign.world.faults("shopify", api={"throttle": True})
    refused = await campaign.hands.refusal(
        campaign.display.write_metaobject, _write(), workflow_id=CASE
    )
    assert refused.type == THROTTLED
    assert len(waited) == 1


def _write() -> WriteMetaobject:
    return WriteMetaobject(shop=SHOP, case_id=CASE, metaobject_id="1", status="x", text="x")
