"""A campaign's plan: where it comes from, what of it can't be read, and what a change of it does."""

from typing import Any

from domain.campaign_readiness.plan import PlannedProduct
from domain.shopify_ids import numeric_id
from persistence.repositories import inbound_events, partners
from tests.workflows.campaigns import (
    DAY,
    HOUR,
    SHIRTS,
    SHOES,
    change,
    collection,
    commit,
    decide,
    expected_of,
    furnished,
    given,
    go,
    metaobjects,
    opened,
    outcome,
    plan,
    plan_file,
    planned_in_shopify,
    share,
    shares,
    stop,
    terms,
    totals,
    until_expected,
    until_metaobject,
    until_readiness,
    window,
)
from tests.workflows.claims import BOTH, refused_as
from tests.world import SHOP, TENANT, World


async def dates(world: World) -> dict[str, str]:
    """A window, as staff writes it."""
    when = await window(world, starts=2 * DAY)
    return {
        "title": "Spring",
        "starts_at": when.starts_at.isoformat(),
        "ends_at": when.ends_at.isoformat(),
    }


def case_of(metaobject_id: str) -> str:
    return f"campaign-readiness:{SHOP}:{metaobject_id}"


# Where it comes from.


@BOTH
async def test_a_campaign_planned_in_shopify_asks_for_every_variant_of_its_collections(
    world: World,
) -> None:
    await furnished(world, "SHIRT-1", "SHIRT-2", "SHOE-1", partners=(SHIRTS, SHOES))
    first, second = await collection(world, "SHIRT-1", "SHOE-1"), await collection(world, "SHIRT-2")
    metaobject_id = await planned_in_shopify(
        world,
        **await dates(world),
        collections=f'["{first}", "{second}"]',
        expected_quantity="40",
    )
    await until_expected(world, SHIRTS, SHIRT_1=40, SHIRT_2=40)
    await until_expected(world, SHOES, SHOE_1=40)
    seen = await world.current(case_of(metaobject_id))
    assert seen.title == "Campaign Spring"
    assert totals(seen) == {"products": 3, "open": 3, "expected": 120}
    shown = await until_metaobject(world, "readiness_text", "0 % ready (0 of 120 pieces)")
    assert shown["title"] == "Spring"
    await stop(world, case_of(metaobject_id))


async def test_a_file_names_quantities_and_days_and_the_named_partners_alone_are_asked(
    world: World,
) -> None:
    await furnished(world, "SHIRT-1", "SHOE-1", "LAMP-1", partners=(SHIRTS, SHOES))
    file_id = await plan_file(
        world, "sku;expected_quantity;ready_by\nSHIRT-1;100;2030-05-01\nSHOE-1;20;\nLAMP-1;3;\n"
    )
    metaobject_id = await planned_in_shopify(
        world, **await dates(world), plan=file_id, partners=f'["{SHIRTS}"]'
    )
    told = await share(world)
    assert told["products"] == [
        {"sku": "SHIRT-1", "expected_quantity": 100, "ready_by": "2030-05-01"}
    ]
    seen = await world.current(case_of(metaobject_id))
    assert seen.detail["own"]["products"] == 2  # type: ignore[index]
    assert await shares(world, SHOES) == []
    await world.until_told(case_of(metaobject_id), "2 products without a partner")


async def test_products_of_a_suspended_partner_are_the_merchants_own(world: World) -> None:
    await furnished(world, "SHIRT-1", "SHOE-1", partners=(SHIRTS, SHOES))
    async with world.database.begin() as session:
        found = await partners.get(session, TENANT, SHOES)
        found.status = "suspended"
    case_id = await given(world, plan(await window(world, starts=2 * DAY), SHIRT_1=10, SHOE_1=5))
    await share(world)
    await world.until_told(case_id, "is suspended. Its products are the merchant's.")
    seen = await world.current(case_id)
    assert totals(seen)["expected"] == 10
    assert seen.detail["readiness_words"].startswith("0 % ready (0 of 10 pieces)")  # type: ignore[attr-defined]


async def test_an_api_campaign_is_written_to_shopify_and_its_echo_opens_no_second_case(
    world: World,
) -> None:
    case_id = await opened(world)
    shown = await until_metaobject(world, "readiness_text", "0 % ready")
    assert shown["title"] == "Spring"
    [made] = await metaobjects(world)
    assert made["handle"] == "gridcase-spring-27-" + made["handle"].rpartition("-")[2]
    await world.delivered()
    assert await world.all_cases() == [case_id]
    seen = await world.current(case_id)
    assert seen.detail["metaobject_id"] == numeric_id(made["metaobject_id"])
    assert (await share(world))["version"] == 1


# What can't be read.


@BOTH
async def test_a_plan_that_cannot_be_read_waits_for_the_merchant_with_every_problem(
    world: World,
) -> None:
    await furnished(world, "SHIRT-1")
    file_id = await plan_file(world, "sku,expected_quantity\nSHIRT-1,ten\nSHIRT-1,5\n,3\n")
    metaobject_id = await planned_in_shopify(world, title="Spring", plan=file_id)
    case_id = case_of(metaobject_id)
    seen = await world.until_status(case_id, "awaiting_merchant")
    problems: Any = seen.detail["problems"]
    told = " ".join(problems)
    for part in ("no start", "no end", "Line 2", "ten", "Line 4"):
        assert part in told, told
    assert seen.waiting_for is not None
    assert seen.waiting_for.what.startswith("a plan that can be read:")
    await world.until_notified("the plan cannot be read")
    # It is read again at each update; nothing was shared before.
    assert await shares(world, SHIRTS) == []
    mended = await plan_file(world, "sku,expected_quantity\nSHIRT-1,10\n", "mended.csv")
    await planned_in_shopify(world, **await dates(world), plan=mended)
    await until_expected(world, SHIRTS, SHIRT_1=10)
    await world.until_told(case_id, "The plan can be read now.")
    assert (await world.current(case_id)).detail["problems"] == []


async def test_a_plan_that_ends_before_it_starts_is_mended_by_the_merchants_change(
    world: World,
) -> None:
    await furnished(world, "SHIRT-1")
    when = await dates(world)
    first = await collection(world, "SHIRT-1")
    metaobject_id = await planned_in_shopify(
        world,
        title="Spring",
        starts_at=when["ends_at"],
        ends_at=when["starts_at"],
        collections=f'["{first}"]',
        expected_quantity="10",
    )
    case_id = case_of(metaobject_id)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert "The campaign ends before it starts." in str(seen.detail["problems"])
    said = await refused_as("NotNow", go(world, case_id))
    assert "not read yet" in said
    good = await window(world, starts=2 * DAY)
    await change(world, case_id, starts_at=good.starts_at, ends_at=good.ends_at)
    await until_expected(world, SHIRTS, SHIRT_1=10)


async def test_a_campaign_whose_metaobject_is_deleted_before_it_can_be_read_is_stopped(
    world: World,
) -> None:
    metaobject_id = await planned_in_shopify(world, title="Spring")
    case_id = case_of(metaobject_id)
    await world.until_status(case_id, "awaiting_merchant")
    await deleted(world, metaobject_id)
    assert await outcome(world, case_id) == "stopped"


async def deleted(world: World, metaobject_id: str) -> None:
    path = f"/_emulator/shops/{SHOP}/metaobjects/{metaobject_id}/delete"
    await world._post(world.shopify, path, {})


# What a change does.


@BOTH
async def test_a_changed_campaign_is_shared_as_a_difference_and_reopens_only_what_it_touches(
    world: World,
) -> None:
    await furnished(world, "SHIRT-1", "SHIRT-2", "SHIRT-3", "SHOE-1", partners=(SHIRTS, SHOES))
    when = await window(world, starts=2 * DAY)
    case_id = await given(world, plan(when, SHIRT_1=100, SHIRT_2=50, SHOE_1=20))
    await share(world, SHOES)
    await commit(world, SHIRT_1=100, SHIRT_2=50)
    await commit(world, SHOES, SHOE_1=20)
    await until_readiness(world, case_id, 1.0)
    # SHIRT-1 stays, SHIRT-2 is changed, SHIRT-3 comes; the shoes stay as they are.
    await given(
        world,
        plan(None, SHIRT_1=100, SHIRT_2=70, SHIRT_3=30, SHOE_1=20).model_copy(
            update={"window": when}
        ),
    )
    await until_expected(world, SHIRTS, SHIRT_1=100, SHIRT_2=70, SHIRT_3=30)
    seen = await until_readiness(world, case_id, 120 / 220)
    assert totals(seen) == {"products": 4, "open": 2, "committed": 2, "expected": 220, "ready": 120}
    assert seen.status == "awaiting_partner"
    assert (await share(world, SHIRTS))["version"] == 2
    assert (await share(world, SHOES))["version"] == 1, "who has no difference hears nothing"
    await world.until_told(case_id, "1 added, 1 changed, 0 taken out")
    await commit(world, SHIRT_2=70, SHIRT_3=30)
    await until_readiness(world, case_id, 1.0)


async def test_a_partner_joins_and_one_leaves_with_an_edit_in_shopify(world: World) -> None:
    await furnished(world, "SHIRT-1", "SHOE-1", partners=(SHIRTS, SHOES))
    shirts = await plan_file(world, "sku,expected_quantity\nSHIRT-1,10\n")
    metaobject_id = await planned_in_shopify(world, **await dates(world), plan=shirts)
    await until_expected(world, SHIRTS, SHIRT_1=10)
    shoes = await plan_file(world, "sku,expected_quantity\nSHOE-1,4\n", "shoes.csv")
    await planned_in_shopify(world, plan=shoes)
    await until_expected(world, SHOES, SHOE_1=4)
    await until_expected(world, SHIRTS)
    case_id = case_of(metaobject_id)
    await world.until_told(case_id, "was told that nothing is wanted of it")
    seen = await world.current(case_id)
    assert seen.partners == (SHOES,)
    assert totals(seen) == {"products": 1, "open": 1, "expected": 4}


async def test_our_own_write_is_no_edit_and_an_edit_beside_it_is_not_lost(world: World) -> None:
    case_id = await opened(world)
    await until_metaobject(world, "readiness_text", "0 % ready")
    await world.delivered()
    assert (await world.current(case_id)).detail["plan_version"] == 2, "one look at the echo"
    assert len(await told_plans(world, case_id)) == 1
    # Staff edits our campaign in Shopify: the title alone is taken from there.
    handle = (await metaobjects(world))[0]["handle"]
    await planned_in_shopify(world, handle, title="Summer")
    await world.eventually(lambda: share(world), lambda found: found["name"] == "Summer")
    seen = await world.current(case_id)
    assert seen.title == "Campaign Summer"
    assert expected_of(await share(world)) == {"SHIRT-1": 100}


async def told_plans(world: World, case_id: str) -> list[str]:
    return [
        line
        for line in await world.timeline(case_id)
        if line.startswith(("Plan:", "The plan has changed:"))
    ]


async def test_clocks_follow_a_start_that_is_moved(world: World) -> None:
    case_id = await opened(world, lasts=2 * DAY)
    await commit(world, SHIRT_1=100)
    await until_readiness(world, case_id, 1.0)
    await go(world, case_id)
    before = await window(world, starts=2 * DAY)
    later = await window(world, starts=4 * DAY, lasts=2 * DAY)
    await change(world, case_id, starts_at=later.starts_at, ends_at=later.ends_at)
    await world.eventually(
        lambda: share(world), lambda found: found["starts"][:19] == later.starts_at.isoformat()[:19]
    )
    await world.until_told(case_id, "Told Acme Textiles when the campaign runs now.")
    seen = await world.current(case_id)
    assert seen.waiting_for is not None
    assert seen.waiting_for.until == later.starts_at
    assert totals(seen)["ready"] == 100, "a moved window reopens nothing"
    await world.sleep(before.starts_at - (await world.now()) + 2 * HOUR)
    assert (await world.current(case_id)).status == "awaiting_other"
    await world.sleep(2 * DAY)
    await world.until_status(case_id, "active")
    said = await refused_as("InvalidCommand", change(world, case_id, starts_at=later.ends_at))
    assert "has started" in said


async def test_the_merchant_changes_products_with_a_command(world: World) -> None:
    case_id = await opened(world)
    await share(world)
    line = PlannedProduct(sku="SHIRT-1", expected_quantity=80)
    await change(world, case_id, products=(line,), title="Spring sale")
    await until_expected(world, SHIRTS, SHIRT_1=80)
    assert (await share(world))["name"] == "Spring sale"
    await world.until_told(case_id, "Change: called Spring sale, with 1 product")
    past = await window(world, starts=-2 * DAY)
    await refused_as("InvalidCommand", change(world, case_id, starts_at=past.starts_at))


async def test_the_plan_is_shared_on_the_merchants_word_where_the_policy_says_so(
    world: World,
) -> None:
    case_id = await opened(world, policy={"auto_share": False})
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert seen.waiting_for.what == "the word to share the plan with 1 partner"
    assert await shares(world, SHIRTS) == []
    assert "decide `share` first" in await refused_as("NotNow", go(world, case_id))
    await decide(world, case_id, "share")
    await until_expected(world, SHIRTS, SHIRT_1=100)
    assert (await world.until_status(case_id, "awaiting_partner")).waiting_for is not None


# Its metaobject goes.


async def test_the_merchant_keeps_a_campaign_whose_metaobject_was_deleted(world: World) -> None:
    case_id = await opened(world)
    await until_metaobject(world, "readiness_text", "0 % ready")
    await world.delivered()
    await deleted(world, numeric_id((await metaobjects(world))[0]["metaobject_id"]))
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "metaobject was deleted" in seen.waiting_for.what
    await decide(world, case_id, "keep")
    await commit(world, SHIRT_1=100)
    await until_readiness(world, case_id, 1.0)
    await go(world, case_id)
    assert await outcome(world, case_id) == "completed"
    assert await metaobjects(world) == []


async def test_a_deleted_metaobject_does_not_hold_the_campaign_up(world: World) -> None:
    case_id = await opened(world)
    await until_metaobject(world, "readiness_text", "0 % ready")
    await world.delivered()
    await go(world, case_id)
    await deleted(world, numeric_id((await metaobjects(world))[0]["metaobject_id"]))
    await world.until_status(case_id, "awaiting_merchant")
    assert await outcome(world, case_id) == "completed"


async def test_terms_are_frozen_when_the_campaign_opens(world: World) -> None:
    case_id = await opened(world, policy={"ready_from": 0.5})
    await terms(world, ready_from=0.9)
    await change(world, case_id, title="Spring sale")
    await world.eventually(lambda: share(world), lambda found: found["name"] == "Spring sale")
    assert (await world.current(case_id)).detail["ready_from"] == 0.5


async def test_a_change_that_comes_with_a_deletion_nobody_told_of_is_not_lost(world: World) -> None:
    case_id = await opened(world)
    await until_metaobject(world, "readiness_text", "0 % ready")
    await world.delivered()
    world.deliver = False
    await deleted(world, numeric_id((await metaobjects(world))[0]["metaobject_id"]))
    await world.delivered()
    world.deliver = True
    await change(world, case_id, title="Spring sale")
    await world.eventually(lambda: share(world), lambda found: found["name"] == "Spring sale")
    line = PlannedProduct(sku="SHIRT-1", expected_quantity=80)
    await change(world, case_id, products=(line,))
    await until_expected(world, SHIRTS, SHIRT_1=80)
    await world.until_told(case_id, "The campaign's metaobject was deleted in Shopify")
    assert (await world.current(case_id)).status == "awaiting_merchant"


async def test_a_plan_that_is_kept_no_longer_waits_for_another_one(world: World) -> None:
    case_id = await opened(world)
    await share(world)
    await world.switch("pause", shop_id=SHOP, lifecycle="campaign_readiness")
    when = await window(world, starts=2 * DAY)
    await given(world, plan(when, SHIRT_1=50))
    async with world.database.begin() as session:
        for row in (await inbound_events.page(session)).items:
            found = await inbound_events.get(session, row.id)
            found.body = None if b'"expected_quantity": 50' in (found.body or b"") else found.body
    await world.switch("pause", on=False, shop_id=SHOP, lifecycle="campaign_readiness")
    await world.sleep(HOUR)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert "is not kept any more" in str(seen.detail["problems"])
    assert expected_of(await share(world)) == {"SHIRT-1": 100}, "the last good plan holds"
    await given(world, plan(when, SHIRT_1=60))
    await until_expected(world, SHIRTS, SHIRT_1=60)
    await world.until_status(case_id, "awaiting_partner")
