"""A campaign's plan: read from wherever it is made, split among partners, and nothing of it lost or half taken."""

from datetime import date, timedelta
from typing import Any

import pytest

from activities.campaign_readiness import sources
from clients.shopify.files import NoContent, read_file_content
from domain.campaign_readiness.messages import PlanRead, ReadPlan
from domain.campaign_readiness.plan import GivenPlan, PlanSource, SourceKind, share_digest
from domain.failures import PAUSED
from persistence.repositories import inbound_events
from persistence.repositories.campaigns import plans
from tests.activities.campaigning import CASE, DEFAULT_HANDLE, WINDOW, Campaigns, product
from tests.activities.conftest import Hands
from tests.world import SHOP

SHIRTS, SHOES = "acme-textiles", "north-shoes"
DATES = {"starts_at": WINDOW.starts_at.isoformat(), "ends_at": WINDOW.ends_at.isoformat()}
STAFF = {"title": "Spring", **DATES}


@pytest.fixture
async def campaign(hands: Hands) -> Campaigns:
    """Products of two partners in the shop, and one of a vendor nobody is routed to."""
    made = Campaigns(hands)
    await made.open()
    for partner in (SHIRTS, SHOES):
        await hands.world.partner(partner)
    for sku, vendor in {
        "SHIRT-1": SHIRTS,
        "SHIRT-2": SHIRTS,
        "SHOE-1": SHOES,
        "LAMP-1": "x",
    }.items():
        await made.world._post(
            made.world.shopify,
            f"/_emulator/shops/{SHOP}/products",
            {"sku": sku, "vendor": vendor},
        )
    return made


def shares(read: PlanRead) -> dict[str, int]:
    return {one.partner: one.figures.expected for one in read.partners}


async def collection(campaign: Campaigns, *skus: str, title: str = "Spring") -> str:
    made = await campaign.world._post(
        campaign.world.shopify,
        f"/_emulator/shops/{SHOP}/collections",
        {"title": title, "skus": list(skus)},
    )
    return str(made["collection_id"])


async def file(campaign: Campaigns, content: str) -> str:
    made = await campaign.world._post(
        campaign.world.shopify,
        f"/_emulator/shops/{SHOP}/files",
        {"filename": "plan.csv", "content": content},
    )
    return str(made["file_id"])


def quoted(*texts: str) -> str:
    return "[" + ", ".join(f'"{text}"' for text in texts) + "]"


# Given through the API.


async def test_products_that_were_given_go_to_whose_they_are(campaign: Campaigns) -> None:
    read = await campaign.given(
        product("SHIRT-1", 100, ready_by=date(2027, 1, 5)),
        product("SHIRT-2", 20),
        product("SHOE-1", 7),
        product("LAMP-1", 3),
        product("GHOST-1", 4),
    )
    assert (read.problems, read.unchanged, read.gone) == ((), False, False)
    assert shares(read) == {SHIRTS: 120, SHOES: 7}
    assert (read.own.products, read.own.expected) == (2, 7)
    assert read.window == WINDOW
    assert read.source == PlanSource(kind=SourceKind.GIVEN)
    shirts = next(one for one in read.partners if one.partner == SHIRTS)
    assert (shirts.name, shirts.tenant, shirts.policy) == ("Acme Textiles", "demo", None)
    assert shirts.figures.open == 2
    assert shirts.digest == share_digest(
        WINDOW, [product("SHIRT-2", 20), product("SHIRT-1", 100, ready_by=date(2027, 1, 5))]
    )
    rows = await campaign.rows()
    assert rows[SHIRTS, "SHIRT-1"].ready_by == date(2027, 1, 5)
    assert ("", "GHOST-1") in rows


async def test_a_repeat_of_a_reading_answers_the_same(campaign: Campaigns) -> None:
    event = await campaign.event(GivenPlan(window=WINDOW, products=(product("SHIRT-1"),)))
    first = await campaign.read(event_id=event)
    campaign.version -= 1
    assert await campaign.read(event_id=event) == first


async def test_an_attempt_that_was_overtaken_does_not_bring_an_old_plan_back(
    campaign: Campaigns,
) -> None:
    await campaign.given(product("SHIRT-1", 10))
    await campaign.given(product("SHIRT-1", 20))
    campaign.version = 0
    with pytest.raises(Exception, match="version 2"):
        await campaign.given(product("SHIRT-1", 10))
    assert (await campaign.rows())[SHIRTS, "SHIRT-1"].expected == 20


async def test_a_plan_that_names_partners_asks_nobody_else(campaign: Campaigns) -> None:
    plan = GivenPlan(
        window=WINDOW,
        products=(product("SHIRT-1"), product("SHOE-1")),
        partners=(SHOES, "nobody"),
    )
    read = await campaign.read(event_id=await campaign.event(plan))
    assert shares(read) == {SHOES: 10}
    assert read.own.products == 1
    assert list(read.unasked) == ["nobody"]
    assert read.source is not None
    assert read.source.partners == (SHOES, "nobody")


async def test_a_plan_whose_event_is_not_kept_any_more_is_a_problem_for_the_merchant(
    campaign: Campaigns,
) -> None:
    """No retry would bring it back, and a retry would keep the next plan waiting."""

    async def problems(event_id: int) -> tuple[str, ...]:
        return (await campaign.read(event_id=event_id)).problems

    assert await problems(4711) == (
        "The plan of event 4711 is not kept any more; give it once more.",
    )
    event = await campaign.event(GivenPlan(window=WINDOW, products=(product("SHIRT-1"),)))
    async with campaign.database.begin() as session:
        (await inbound_events.get(session, event)).body = b'{"plan": {"products": 5}}'
    [problem] = await problems(event)
    assert "has no plan that can be read" in problem


async def test_a_sku_that_stands_twice_is_a_problem_and_nothing_is_written(
    campaign: Campaigns,
) -> None:
    read = await campaign.given(product("SHIRT-1"), product("SHIRT-1", 5))
    assert read.problems == ("The SKU SHIRT-1 stands twice.",)
    assert (read.window, read.problem_count) == (WINDOW, 1)
    async with campaign.database.read() as session:
        assert await plans.lines_of(session, CASE) == []


async def test_another_window_alone_keeps_the_products(campaign: Campaigns) -> None:
    first = await campaign.given(product("SHIRT-1"))
    later = WINDOW.model_copy(update={"ends_at": WINDOW.ends_at + timedelta(days=2)})
    moved = await campaign.read(
        event_id=await campaign.event(GivenPlan(window=later)), source=first.source
    )
    assert (moved.window, shares(moved)) == (later, {SHIRTS: 10})
    again = await campaign.read(window=WINDOW, source=first.source, look_again=True)
    assert (again.window, again.digest) == (WINDOW, first.digest)
    assert moved.digest != first.digest


async def test_a_product_of_another_vendor_now_goes_to_the_other_partner(
    campaign: Campaigns,
) -> None:
    first = await campaign.given(product("SHIRT-1"), product("SHOE-1"))
    shop = campaign.world.emulators["shopify"].state.emulator.shops[SHOP]
    shop.variant("SHIRT-1").product.vendor = SHOES
    unseen = await campaign.read(source=first.source, window=WINDOW)
    assert unseen.unchanged
    read = await campaign.read(source=first.source, window=WINDOW, look_again=True)
    assert shares(read) == {SHOES: 20}
    assert read.digest != first.digest


async def test_a_collection_through_the_api_is_read_again_each_time(campaign: Campaigns) -> None:
    spring = await collection(campaign, "SHIRT-1", "SHOE-1")
    plan = GivenPlan(window=WINDOW, collection_id=spring, expected_quantity=6)
    first = await campaign.read(event_id=await campaign.event(plan))
    assert shares(first) == {SHIRTS: 6, SHOES: 6}
    await campaign.world._post(
        campaign.world.shopify,
        f"/_emulator/shops/{SHOP}/collections/{spring.rpartition('/')[2]}/products",
        {"add": ["SHIRT-2"], "remove": ["SHOE-1"]},
    )
    read = await campaign.read(source=first.source, window=WINDOW, look_again=True)
    assert shares(read) == {SHIRTS: 12}


async def test_a_pause_keeps_the_plan_unread(campaign: Campaigns) -> None:
    await campaign.world.switch("pause", shop_id=SHOP, lifecycle="campaign_readiness")
    assert (await _refused(campaign, look_again=True)).type == PAUSED


# Made by staff, as a metaobject.


async def test_a_metaobject_with_collections_and_a_file_is_one_plan(campaign: Campaigns) -> None:
    metaobject = await campaign.planned_in_shopify(
        **STAFF,
        collections=quoted(await collection(campaign, "SHIRT-1", "SHIRT-2", "SHOE-1")),
        plan=await file(
            campaign, "sku;expected_quantity;ready_by\nSHIRT-1;99;2027-01-05\nSHOE-1;;\n"
        ),
        expected_quantity="6",
        ready_by="2027-01-09",
    )
    read = await campaign.read(metaobject_id=metaobject)
    assert read.problems == ()
    assert shares(read) == {SHIRTS: 105, SHOES: 6}
    assert (read.metaobject_id, read.window) == (metaobject, WINDOW)
    rows = await campaign.rows()
    assert rows[SHIRTS, "SHIRT-1"].ready_by == date(2027, 1, 5)
    assert rows[SHIRTS, "SHIRT-2"].ready_by == date(2027, 1, 9)
    again = await campaign.read(
        metaobject_id=metaobject,
        fields_digest=read.fields_digest,
        source=read.source,
        window=read.window,
    )
    assert again.unchanged


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": "Spring"}, ["no start", "no end", "no products"]),
        ({**DATES, "plan": "FILE"}, ["no title"]),
        ({**STAFF, "ends_at": STAFF["starts_at"], "plan": "FILE"}, ["ends before it starts"]),
        (STAFF, ["names no products"]),
        ({**STAFF, "plan": "BAD FILE"}, ["Line 2", "Line 3"]),
        ({**STAFF, "collections": "COLLECTION"}, ["no expected quantity"]),
        ({**STAFF, "collections": "EMPTY", "expected_quantity": "5"}, ["names no products"]),
        ({**STAFF, "plan": "FILE", "expected_quantity": "0"}, ["expected quantity"]),
        ({**STAFF, "plan": "FILE", "partners": '{"a": 1}'}, ["partners"]),
    ],
)
async def test_a_metaobject_that_is_no_plan_says_why_and_nothing_is_written(
    campaign: Campaigns, fields: dict[str, str], words: list[str]
) -> None:
    made = dict(fields)
    if made.get("plan") == "FILE":
        made["plan"] = await file(campaign, "sku,expected_quantity\nSHIRT-1,5\n")
    if made.get("plan") == "BAD FILE":
        made["plan"] = await file(campaign, "sku,expected_quantity\nSHIRT-1,many\nSHIRT-2,-1\n")
    if made.get("collections") == "COLLECTION":
        made["collections"] = quoted(await collection(campaign, "SHIRT-1"))
    if made.get("collections") == "EMPTY":
        made["collections"] = quoted(await collection(campaign))
    metaobject = await campaign.planned_in_shopify(**{"title": "", **made})
    read = await campaign.read(metaobject_id=metaobject)
    assert len(read.problems) == len(words) == read.problem_count
    for problem, word in zip(read.problems, words, strict=True):
        assert word in problem
    assert read.digest == ""
    async with campaign.database.read() as session:
        assert await plans.lines_of(session, CASE) == []


async def test_a_collection_or_file_that_is_gone_is_a_problem_until_it_is_mended(
    campaign: Campaigns,
) -> None:
    spring = await collection(campaign, "SHIRT-1")
    plan = await file(campaign, "sku,expected_quantity\nSHOE-1,5\n")
    metaobject = await campaign.planned_in_shopify(
        **STAFF, collections=quoted(spring), plan=plan, expected_quantity="5"
    )
    shop = campaign.world.emulators["shopify"].state.emulator.shops[SHOP]
    collections, files = dict(shop.collections), dict(shop.files)
    shop.collections.clear()
    shop.files.clear()
    read = await campaign.read(metaobject_id=metaobject)
    assert len(read.problems) == 2
    assert "file is not there" in read.problems[0]
    assert "no collection" in read.problems[1]
    shop.collections.update(collections)
    shop.files.update(files)
    mended = await campaign.read(
        metaobject_id=metaobject, fields_digest=read.fields_digest, look_again=True
    )
    assert shares(mended) == {SHIRTS: 5, SHOES: 5}


async def test_a_file_that_shopify_still_works_on_is_waited_for(
    campaign: Campaigns, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []

    async def busy(*args: Any, **more: Any) -> Any:
        looks.append(1)
        return NoContent.NOT_READY if len(looks) < 3 else await read_file_content(*args, **more)

    monkeypatch.setattr(sources, "read_file_content", busy)
    monkeypatch.setattr(sources, "_READY_EVERY_S", 0.0)
    metaobject = await campaign.planned_in_shopify(
        **STAFF, plan=await file(campaign, "sku,expected_quantity\nSHIRT-1,5\n")
    )
    assert shares(await campaign.read(metaobject_id=metaobject)) == {SHIRTS: 5}
    assert len(looks) == 3


async def test_a_variant_without_a_sku_is_left_out_and_told(campaign: Campaigns) -> None:
    spring = await collection(campaign, "SHIRT-1", "SHIRT-2")
    shop = campaign.world.emulators["shopify"].state.emulator.shops[SHOP]
    shop.variant("SHIRT-2").sku = ""
    metaobject = await campaign.planned_in_shopify(
        **STAFF, collections=quoted(spring), expected_quantity="5"
    )
    read = await campaign.read(metaobject_id=metaobject)
    assert shares(read) == {SHIRTS: 5}
    assert "1 variant" in read.left_out[0]


async def test_a_metaobject_that_was_deleted_is_gone(campaign: Campaigns) -> None:
    assert (await campaign.read(metaobject_id="4711")).gone
    # Under a handle there may be none yet.
    read = await campaign.given(product("SHIRT-1"), handle=DEFAULT_HANDLE)
    assert (read.gone, read.metaobject_id, shares(read)) == (False, "", {SHIRTS: 10})


async def test_without_its_metaobject_a_campaign_goes_on_with_the_products_it_had(
    campaign: Campaigns,
) -> None:
    plan = await file(campaign, "sku,expected_quantity\nSHIRT-1,5\nSHOE-1,6\n")
    metaobject = await campaign.planned_in_shopify(**STAFF, plan=plan, partners=quoted(SHIRTS))
    first = await campaign.read(metaobject_id=metaobject)
    read = await campaign.read(source=first.source, window=first.window, look_again=True)
    assert (read.problems, shares(read), read.own.expected) == ((), {SHIRTS: 5}, 6)


# Edited in two places.


async def test_only_what_staff_edited_goes_before_what_was_said_elsewhere(
    campaign: Campaigns,
) -> None:
    plan = await file(campaign, "sku,expected_quantity\nSHIRT-1,5\n")
    metaobject = await campaign.planned_in_shopify(**STAFF, plan=plan)
    first = await campaign.read(metaobject_id=metaobject)
    # The merchant moves the end and gives other products through the API; the metaobject keeps the old ones.
    later = WINDOW.model_copy(update={"ends_at": WINDOW.ends_at + timedelta(days=2)})
    changed = await campaign.read(
        metaobject_id=metaobject,
        fields_digest=first.fields_digest,
        event_id=await campaign.event(GivenPlan(window=later, products=(product("SHOE-1", 8),))),
        source=first.source,
        window=first.window,
    )
    assert (changed.window, shares(changed)) == (later, {SHOES: 8})
    # Staff corrects the title: neither the end nor the products go back.
    await campaign.planned_in_shopify(title="Spring 27")
    named = await campaign.read(
        metaobject_id=metaobject,
        fields_digest=changed.fields_digest,
        source=changed.source,
        window=changed.window,
    )
    assert named.window == later.model_copy(update={"title": "Spring 27"})
    assert shares(named) == {SHOES: 8}
    # Staff uploads another file: that is the newest word on the products.
    await campaign.planned_in_shopify(
        plan=await file(campaign, "sku,expected_quantity\nSHIRT-2,3\n")
    )
    filed = await campaign.read(
        metaobject_id=metaobject,
        fields_digest=named.fields_digest,
        source=named.source,
        window=named.window,
    )
    assert (filed.window, shares(filed)) == (named.window, {SHIRTS: 3})


async def test_what_staff_takes_out_again_is_an_edit_too(campaign: Campaigns) -> None:
    plan = await file(campaign, "sku,expected_quantity\nSHIRT-1,5\nSHOE-1,5\n")
    metaobject = await campaign.planned_in_shopify(**STAFF, plan=plan, partners=quoted(SHOES))
    first = await campaign.read(metaobject_id=metaobject)
    assert shares(first) == {SHOES: 5}
    await campaign.planned_in_shopify(partners="")
    read = await campaign.read(
        metaobject_id=metaobject,
        fields_digest=first.fields_digest,
        source=first.source,
        window=first.window,
    )
    assert shares(read) == {SHIRTS: 5, SHOES: 5}
    await campaign.planned_in_shopify(plan="")
    emptied = await campaign.read(
        metaobject_id=metaobject,
        fields_digest=read.fields_digest,
        source=read.source,
        window=read.window,
    )
    assert emptied.problems == ("The plan names no products.",)
    assert len(await campaign.rows()) == 2


async def test_the_echo_of_a_metaobject_we_made_is_no_edit_and_staffs_first_edit_is(
    campaign: Campaigns,
) -> None:
    first = await campaign.given(product("SHIRT-1"))
    made = await campaign.show(create=True, handle=DEFAULT_HANDLE, window=WINDOW)
    later = WINDOW.model_copy(update={"title": "Spring, by the merchant"})
    # Nobody has looked at it since it was made, and the merchant has changed the title meanwhile.
    echo = await campaign.read(
        metaobject_id=made.metaobject_id, window=later, source=first.source, look_again=True
    )
    assert echo.window == later
    await campaign.planned_in_shopify(
        DEFAULT_HANDLE, ends_at=_text(WINDOW.ends_at + timedelta(days=1))
    )
    edit = await campaign.read(metaobject_id=made.metaobject_id, window=later, source=first.source)
    assert edit.window == later.model_copy(update={"ends_at": WINDOW.ends_at + timedelta(days=1)})
    assert shares(edit) == {SHIRTS: 10}


async def test_a_plan_that_was_just_given_goes_before_an_old_metaobject_of_the_same_name(
    campaign: Campaigns,
) -> None:
    await campaign.planned_in_shopify(DEFAULT_HANDLE, **{**STAFF, "title": "Last year's"})
    read = await campaign.given(product("SHIRT-1"), handle=DEFAULT_HANDLE)
    assert read.window == WINDOW
    assert read.metaobject_id
    again = await campaign.read(
        metaobject_id=read.metaobject_id,
        fields_digest=read.fields_digest,
        source=read.source,
        window=WINDOW,
    )
    assert again.unchanged


def _text(at: Any) -> str:
    return str(at.isoformat())


async def _refused(campaign: Campaigns, **more: Any) -> Any:
    request = ReadPlan(shop=SHOP, case_id=CASE, version=9, **more)
    return await campaign.refusal(campaign.plans.read_plan, request)
