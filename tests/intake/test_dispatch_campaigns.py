"""Events of campaigns: which open a case, which tell one, and which are the echoes of what we wrote ourselves."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from clients.trading_grid.port import ExternalReference, NewCampaign, NewCampaignProduct
from domain.campaign_readiness.names import metaobject_handle
from domain.campaign_readiness.plan import GivenPlan, PlannedProduct, Window, fields_digest
from domain.reconciliation import Compared, Source
from intake.dispatch import OWN_SYSTEM
from intake.openings import campaign_body, campaign_plan_body
from intake.reconciliation import Reconciler
from persistence.repositories import case_timeline, cases
from tests.intake.staging import (
    BOTH,
    all_cases,
    arrived,
    ended,
    event_row,
    placed,
    shared_server,
    signals,
    stage,
    stage_url,
)
from tests.workflows.campaigns import planned_in_shopify
from tests.world import SHOP, World

__all__ = ["shared_server", "stage", "stage_url"]  # fixtures

TEXTILES = "acme-textiles"
DAY = timedelta(days=1)


@pytest.fixture
def reference() -> str:
    """One that no other stage has: they share one server."""
    return f"SPRING-{uuid4().hex[:10]}"


def window(starts: timedelta = 20 * DAY) -> Window:
    start = datetime.now(UTC).replace(microsecond=0) + starts
    return Window(title="Spring", starts_at=start, ends_at=start + 5 * DAY)


def plan(pieces: int = 10) -> GivenPlan:
    product = PlannedProduct(sku="SHIRT-1", expected_quantity=pieces)
    return GivenPlan(window=window(), products=(product,))


async def made(stage: World, reference: str, **more: Any) -> str:
    """A case that the API asked for."""
    body, _ = campaign_body(plan(), external_reference=reference, opened_by="operator:maria")
    settled = await placed(stage, "campaigns/create", body, source="gridcase", **more)
    assert settled.opened is not None
    assert settled.opened.created
    return settled.opened.case_id


def about(metaobject_id: str, handle: str = "spring") -> dict[str, Any]:
    return {
        "id": f"gid://shopify/Metaobject/{metaobject_id}",
        "type": "app--1234567--partner_campaign",
        "handle": handle,
    }


async def planned(stage: World, **fields: str) -> str:
    return await planned_in_shopify(
        stage, f"spring-{uuid4().hex[:8]}", **{"title": "Spring"} | fields
    )


# In Shopify.


@BOTH
@pytest.mark.parametrize("topic", ["metaobjects/create", "metaobjects/update"])
async def test_a_metaobject_opens_its_case_once_and_then_tells_it(stage: World, topic: str) -> None:
    metaobject_id = await planned(stage)
    first = await placed(stage, topic, about(metaobject_id))
    assert first.opened is not None
    assert first.opened.created
    case_id = f"campaign-readiness:{SHOP}:{metaobject_id}"
    assert first.opened.case_id == case_id
    again = await placed(stage, "metaobjects/update", about(metaobject_id))
    assert again.case_ids == (case_id,)
    assert [one["signal"] for one in await signals(stage, case_id)] == ["shopify_changed"]


async def test_one_that_is_over_or_gone_or_of_another_type_opens_nothing(stage: World) -> None:
    over = await planned(stage, ends_at="2020-01-01T00:00:00Z")
    settled = await placed(stage, "metaobjects/update", about(over))
    assert (settled.status, settled.reason) == ("ignored", "The campaign was over on 01 Jan 2020.")
    settled = await placed(stage, "metaobjects/create", about("999"))
    assert settled.reason == "The shop has no campaign 999."
    other = about(over) | {"type": "app--1234567--lookbook"}
    assert "are no campaigns" in (await placed(stage, "metaobjects/create", other)).reason
    settled = await placed(stage, "metaobjects/delete", about("999"))
    assert settled.reason == "It belongs to no case of ours."
    settled = await placed(stage, "metaobjects/create", {"handle": "spring"})
    assert (settled.status, settled.reason) == ("failed", "The body names no id.")
    assert await all_cases(stage) == []


async def test_the_echo_of_our_own_metaobject_finds_its_case_by_the_handle(
    stage: World, reference: str
) -> None:
    case_id = await made(stage, reference)
    handle = metaobject_handle(reference)
    metaobject_id = await planned_in_shopify(stage, handle, title="Spring")
    # The payload may have lost its handle: then the metaobject is read.
    for body in (about(metaobject_id, handle), about(metaobject_id) | {"handle": None}):
        settled = await placed(stage, "metaobjects/create", body)
        assert settled.case_ids == (case_id,)
    assert [case.id for case in await all_cases(stage)] == [case_id]


async def test_after_the_end_an_edit_of_staff_is_flagged_and_our_own_last_write_is_not(
    stage: World,
) -> None:
    metaobject_id = await planned(stage)
    await placed(stage, "metaobjects/create", about(metaobject_id))
    case_id = f"campaign-readiness:{SHOP}:{metaobject_id}"
    detail = {"fields_digest": fields_digest({"title": "Spring"})}
    await ended(stage, case_id)
    await recorded_detail(stage, case_id, detail)
    echo = await placed(stage, "metaobjects/update", about(metaobject_id))
    assert "what our last write sounds like" in echo.reason
    [found] = [
        one["handle"]
        for one in (await stage.shopify_state())["shops"][SHOP]["metaobjects"]
        if one["metaobject_id"].endswith(f"/{metaobject_id}")
    ]
    await planned_in_shopify(stage, found, title="Summer")
    edit = await placed(stage, "metaobjects/update", about(metaobject_id))
    assert "noted there" in edit.reason
    async with stage.database.read() as session:
        lines = (await case_timeline.page(session, case_id)).items
    assert [line.flagged for line in lines] == [True]
    assert lines[0].text.startswith("title: edited in Shopify after the campaign had ended")


async def recorded_detail(stage: World, case_id: str, detail: dict[str, Any]) -> None:
    async with stage.database.begin() as session:
        row = await cases.get(session, case_id)
        row.snapshot = {"detail": detail}


# Through the API.


@BOTH
async def test_a_campaign_opens_once_a_reference_and_a_second_plan_is_given_to_it(
    stage: World, reference: str
) -> None:
    case_id = await made(stage, reference)
    assert case_id == f"campaign-readiness:{SHOP}:campaign-{reference}"
    body, _ = campaign_body(plan(20), external_reference=reference, opened_by="operator:ben")
    event_id = await arrived(stage, "campaigns/create", body, source="gridcase")
    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert settled.opened is not None
    assert not settled.opened.created
    [told] = await signals(stage, case_id)
    assert told["signal"] == "plan_given"
    assert (told["plan_event_id"], told["actor"]) == (event_id, "operator:ben")


async def test_another_campaign_of_a_reference_opens_on_the_operators_word_under_another_handle(
    stage: World, reference: str
) -> None:
    case_id = await made(stage, reference)
    await ended(stage, case_id)
    body, _ = campaign_body(plan(), external_reference=reference, opened_by="x")
    assert (await placed(stage, "campaigns/create", body, source="gridcase")).status == "ignored"
    body, _ = campaign_body(plan(), external_reference=reference, opened_by="x", again=True)
    settled = await placed(stage, "campaigns/create", body, source="gridcase")
    assert settled.opened is not None
    assert settled.opened.case_id == f"{case_id}~2"
    handle = f"{metaobject_handle(reference)}-2"
    metaobject_id = await planned_in_shopify(stage, handle, title="Spring")
    echo = await placed(stage, "metaobjects/create", about(metaobject_id, handle))
    assert echo.case_ids == (f"{case_id}~2",)


async def test_a_plan_for_an_open_case_is_given_to_it_and_one_for_no_case_fails(
    stage: World, reference: str
) -> None:
    case_id = await made(stage, reference)
    body, _ = campaign_plan_body(plan(5), case_id=case_id, actor="operator:maria")
    settled = await placed(stage, "campaigns/plan", body, source="gridcase")
    assert settled.case_ids == (case_id,)
    for strange in ("campaign-readiness:acme:404", ""):
        body, _ = campaign_plan_body(plan(5), case_id=strange, actor="operator:maria")
        settled = await placed(stage, "campaigns/plan", body, source="gridcase")
        assert (settled.status, settled.case_ids) == ("failed", ())
    await ended(stage, case_id)
    body, _ = campaign_plan_body(plan(6), case_id=case_id, actor="operator:maria")
    settled = await placed(stage, "campaigns/plan", body, source="gridcase")
    assert "has ended" in settled.reason


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({}, "names no external_reference"),
        ({"external_reference": "X", "plan": {"products": []}}, "when the campaign runs"),
        ({"external_reference": "X", "plan": {"products": [{"sku": ""}]}}, ""),
        ({"external_reference": "X"}, ""),
    ],
)
async def test_a_request_that_is_no_plan_fails_and_opens_nothing(
    stage: World, body: dict[str, Any], why: str
) -> None:
    settled = await placed(stage, "campaigns/create", body, source="gridcase")
    assert settled.status == "failed"
    assert why in settled.reason
    assert await all_cases(stage) == []


# In Trading Grid.


def said(reference: str, partner: str = TEXTILES, **more: Any) -> dict[str, Any]:
    data = {
        "id": "r-1",
        "campaign_id": "c-1",
        "partner_id": partner,
        "version": 1,
        "external_reference": {"system": OWN_SYSTEM, "id": reference},
    }
    return {"data": data | more}


@BOTH
async def test_a_partners_word_finds_its_case_by_our_reference_or_by_its_campaign(
    stage: World, reference: str
) -> None:
    case_id = await made(stage, reference)
    topic = "campaign.readiness_updated"
    body = said(f"{case_id}/{TEXTILES}")
    settled = await placed(stage, topic, body, source="trading_grid")
    assert settled.case_ids == (case_id,)
    # Without the reference in the event, Trading Grid's campaign says whose it is.
    await stage.partner(TEXTILES)
    grid = await stage.connections.trading_grid("demo")
    when = window()
    share = await grid.create_campaign(
        NewCampaign(
            name="Spring",
            starts=when.starts_at,
            ends=when.ends_at,
            partner_id=TEXTILES,
            products=(NewCampaignProduct(sku="SHIRT-1", expected_quantity=1),),
            external_reference=ExternalReference(system=OWN_SYSTEM, id=f"{case_id}/{TEXTILES}"),
        ),
        idempotency_key="k-1",
    )
    body = said("", external_reference=None, campaign_id=share.id)
    assert (await placed(stage, topic, body, source="trading_grid")).case_ids == (case_id,)
    told = await signals(stage, case_id)
    assert [one["partner"] for one in told] == [TEXTILES, TEXTILES]


async def test_a_word_of_somebody_else_or_of_no_case_is_not_placed(
    stage: World, reference: str
) -> None:
    case_id = await made(stage, reference)
    topic = "campaign.readiness_updated"
    other = await placed(
        stage, topic, said(f"{case_id}/{TEXTILES}", partner="north-shoes"), source="trading_grid"
    )
    assert (other.status, other.reason) == (
        "failed",
        "north-shoes speaks of a share of acme-textiles.",
    )
    nobody = said("", external_reference=None)
    assert (await placed(stage, topic, nobody, source="trading_grid")).status == "ignored"
    ghost = await placed(
        stage, topic, said(f"campaign-readiness:acme:404/{TEXTILES}"), source="trading_grid"
    )
    assert ghost.status in {"failed", "ignored"}
    assert await signals(stage, case_id) == []


# Reconciliation.


@BOTH
async def test_a_campaign_that_no_webhook_told_of_is_found_once(stage: World) -> None:
    metaobject_id = await planned(stage)
    reconciler = Reconciler(stage.database, stage.connections, stage.dispatcher)
    assert await reconciler.compare(Source.SHOPIFY, SHOP, Compared.CAMPAIGNS) == 1
    [case] = await all_cases(stage)
    assert case.id == f"campaign-readiness:{SHOP}:{metaobject_id}"
    assert await reconciler.compare(Source.SHOPIFY, SHOP, Compared.CAMPAIGNS) == 0
    # An edit whose webhook was lost makes the case look again.
    [found] = (await stage.shopify_state())["shops"][SHOP]["metaobjects"]
    row = await event_row(stage, case.opened_by_event_id or 0)
    assert row.topic == "sync/campaign"
    async with stage.database.begin() as session:
        (await session.get(type(row), row.id)).received_at -= DAY  # type: ignore[union-attr]
    await asyncio.sleep(1.1)  # Shopify's times are whole seconds
    await planned_in_shopify(stage, found["handle"], title="Summer")
    assert await reconciler.compare(Source.SHOPIFY, SHOP, Compared.CAMPAIGNS) == 1
    assert [one["topic"] for one in await signals(stage, case.id)] == ["sync/campaign"]
