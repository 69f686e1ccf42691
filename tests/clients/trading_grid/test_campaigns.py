"""Campaigns: what the adapter sends, how it reads what comes back, and both against the emulator."""

import json
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from clients.trading_grid import errors
from clients.trading_grid.port import (
    CampaignPlan,
    ExternalReference,
    NewCampaign,
    NewCampaignProduct,
)
from clients.trading_grid.rest import RestTradingGrid
from tests.clients.trading_grid.emulated import World

OURS = ExternalReference(system="gridcase", id="campaign-readiness:acme:1/p1")
STARTS, ENDS = datetime(2026, 12, 1, 8, tzinfo=UTC), datetime(2026, 12, 31, 20, tzinfo=UTC)
LAMP = NewCampaignProduct(sku="LAMP", expected_quantity=200, ready_by=date(2026, 11, 28))
CHAIR = NewCampaignProduct(sku="CHAIR", expected_quantity=40)
NEW = NewCampaign(
    name="Spring",
    starts=STARTS,
    ends=ENDS,
    products=(LAMP, CHAIR),
    partner_id="p1",
    external_reference=OURS,
)
PLAN = CampaignPlan(name="Spring", starts=STARTS, ends=ENDS, products=(LAMP,))


def campaign(**changes: Any) -> dict[str, Any]:
    return {
        "id": "K1",
        "name": "Spring",
        "starts": "2026-12-01T08:00:00Z",
        "ends": "2026-12-31T20:00:00Z",
        "partner_id": "p1",
        "products": [{"sku": "LAMP", "expected_quantity": 200, "ready_by": "2026-11-28"}],
        "external_reference": OURS.model_dump(),
        "version": 1,
        **changes,
    }


def word(sequence: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"R{sequence}",
        "sequence": sequence,
        "campaign_version": 1,
        "commitments": [{"sku": "LAMP", "quantity": 200, "status": "committed"}],
        "issues": [],
        "create_time": "2026-11-20T08:00:00Z",
        **changes,
    }


def page(*items: dict[str, Any]) -> httpx.Response:
    return httpx.Response(200, json={"_embedded": {"collection": items}})


async def said(grid: Any, campaign_id: str = "K1", **above: Any) -> list[Any]:
    return [one async for one in grid.campaign_readiness(campaign_id, **above)]


async def test_a_campaign_is_shared_with_its_key_and_the_days_as_days(
    grid: RestTradingGrid, script: Any
) -> None:
    script(httpx.Response(201, json=campaign(), headers={"ETag": '"1"'}))
    made = await grid.create_campaign(NEW, idempotency_key="k1")
    sent = script.calls[0]
    assert (sent.method, sent.url.path) == ("POST", "/tradinggrid/v1/campaigns")
    assert sent.headers["Idempotency-Key"] == "k1"
    assert json.loads(sent.content) == {
        "name": "Spring",
        "starts": "2026-12-01T08:00:00Z",
        "ends": "2026-12-31T20:00:00Z",
        "products": [
            {"sku": "LAMP", "expected_quantity": 200, "ready_by": "2026-11-28"},
            {"sku": "CHAIR", "expected_quantity": 40},
        ],
        "partner_id": "p1",
        "external_reference": {"system": "gridcase", "id": OURS.id},
    }
    assert (made.id, made.version, made.etag) == ("K1", 1, '"1"')
    assert made.products[0].ready_by == date(2026, 11, 28)


async def test_a_campaign_that_was_shared_before_is_found_by_its_reference(
    grid: RestTradingGrid, script: Any
) -> None:
    existing = {"existing": {"href": "/tradinggrid/v1/campaigns/K9"}}
    script(
        httpx.Response(409, json={"message": "exists", "_links": existing}),
        httpx.Response(200, json=campaign(id="K9", version=3), headers={"ETag": '"3"'}),
    )
    made = await grid.create_campaign(NEW, idempotency_key="k1")
    assert (made.id, made.version, made.etag) == ("K9", 3, '"3"')


async def test_a_campaign_of_somebody_else_is_not_taken_for_ours(
    grid: RestTradingGrid, script: Any
) -> None:
    existing = {"existing": {"href": "/tradinggrid/v1/campaigns/K9"}}
    foreign = {"system": "gridcase", "id": "another"}
    script(
        httpx.Response(409, json={"message": "exists", "_links": existing}),
        httpx.Response(200, json=campaign(id="K9", external_reference=foreign)),
    )
    with pytest.raises(errors.ContractMismatch):
        await grid.create_campaign(NEW, idempotency_key="k1")


async def test_a_server_that_ignores_the_filter_does_not_hand_us_another_campaign(
    grid: RestTradingGrid, script: Any
) -> None:
    foreign = campaign(id="K0", external_reference={"system": "gridcase", "id": "another"})
    script(page(foreign, campaign()))
    found = await grid.find_campaign(OURS)
    assert found is not None
    assert found.id == "K1"
    assert script.calls[0].url.params["filter"] == (
        f"external_reference.system eq 'gridcase' and external_reference.id eq '{OURS.id}'"
    )
    script(page(foreign))
    assert await grid.find_campaign(OURS) is None


async def test_a_change_carries_the_etag_that_was_read(grid: RestTradingGrid, script: Any) -> None:
    script(httpx.Response(200, json=campaign(version=2), headers={"ETag": '"2"'}))
    changed = await grid.change_campaign("K1", PLAN, etag='"1"')
    sent = script.calls[0]
    assert (sent.method, sent.headers["If-Match"]) == ("PUT", '"1"')
    assert json.loads(sent.content)["products"] == [
        {"sku": "LAMP", "expected_quantity": 200, "ready_by": "2026-11-28"}
    ]
    assert (changed.version, changed.etag) == (2, '"2"')


async def test_an_entry_that_can_not_be_read_hides_neither_the_others_nor_what_follows(
    grid: RestTradingGrid, script: Any
) -> None:
    odd = word(
        1,
        commitments=[
            {"sku": "LAMP", "quantity": "many", "status": "committed"},
            {"sku": "CHAIR", "quantity": 5, "ready_by": "soon", "status": "who knows"},
            "nonsense",
        ],
        issues=[{"text": "no code"}, {"code": "capacity", "severity": "dire", "sku": None}],
    )
    script(page(odd, word(2, issues=None), word(3, commitments={"sku": "LAMP"})))
    first, second, third = await said(grid)
    assert [one.sku for one in first.commitments] == ["CHAIR"]
    assert (first.commitments[0].ready_by, first.commitments[0].status) == ("soon", "who knows")
    assert [issue.code for issue in first.issues] == ["capacity"]
    assert [text.split(":")[0] for text in first.unreadable] == [
        "commitments.0.quantity",
        "commitments.2",
        "issues.0.code",
    ]
    assert "many" not in "".join(first.unreadable)
    assert (second.sequence, second.issues, second.unreadable) == (2, (), ())
    assert (third.commitments, third.unreadable) == ((), ("commitments: is no list",))


async def test_readiness_is_asked_for_above_a_sequence_and_followed_over_all_pages(
    grid: RestTradingGrid, script: Any
) -> None:
    following = {"next": {"href": "/tradinggrid/v1/campaigns/K1/readiness?page=2"}}
    first = {"_embedded": {"collection": [word(5), word(1)]}, "_links": following}
    script(httpx.Response(200, json=first), page(word(2)))
    assert [one.sequence for one in await said(grid, above=1)] == [5, 2]
    assert script.calls[0].url.params["filter"] == "sequence gt 1"
    script(page())
    assert await said(grid) == []
    assert "filter" not in script.calls[-1].url.params


async def test_a_plan_is_shared_changed_and_answered_at_the_emulator(world: World) -> None:
    grid = world.grid
    made = await grid.create_campaign(NEW, idempotency_key="k1")
    assert made == await grid.create_campaign(NEW, idempotency_key="k1")
    again = await grid.create_campaign(NEW, idempotency_key="k2")
    assert (again.id, again.etag) == (made.id, '"1"')
    found = await grid.find_campaign(OURS)
    assert found is not None
    assert found.id == made.id

    changed = await grid.change_campaign(made.id, PLAN, etag='"1"')
    assert (changed.version, [one.sku for one in changed.products]) == (2, ["LAMP"])
    assert (await grid.change_campaign(made.id, PLAN, etag='"2"')).version == 2
    with pytest.raises(errors.PreconditionFailed):
        await grid.change_campaign(made.id, PLAN, etag='"1"')
    empty = PLAN.model_copy(update={"products": ()})
    assert (await grid.change_campaign(made.id, empty, etag='"2"')).products == ()


async def test_words_that_came_out_of_order_are_all_read_and_old_ones_left_out_when_asked(
    world: World,
) -> None:
    made = await world.grid.create_campaign(NEW, idempotency_key="k1")
    path = f"/campaigns/{made.id}/readiness"
    commitment = {"sku": "LAMP", "quantity": 100, "status": "partial", "ready_by": "2026-11-27"}
    for sequence in (3, 1, 7):
        body = {"sequence": sequence, "commitments": [commitment]}
        await world.partner_does(path, body)
    found = await said(world.grid, made.id)
    assert sorted(one.sequence for one in found) == [1, 3, 7]
    assert {one.campaign_version for one in found} == {1}
    assert [one.sequence for one in await said(world.grid, made.id, above=3)] == [7]
    assert await said(world.grid, made.id, above=7) == []
