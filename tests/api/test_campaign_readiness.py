"""Campaigns through the API: plans that are refused whole, plans that are kept, products in pages and as a table."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from api.services import Services
from domain.campaign_readiness import standing
from domain.campaign_readiness.messages import LaunchIssue, Sold, SoldLine, Summary, WorstLine
from domain.campaign_readiness.names import CampaignReadinessInput
from domain.campaign_readiness.plan import PlannedProduct, Window
from domain.campaign_readiness.positions import Commitment, Figures, Position
from domain.campaign_readiness.state import (
    Asked,
    CampaignPartner,
    CampaignReadinessState,
    Stage,
)
from domain.case import CaseState
from domain.clock import Clock
from persistence.repositories import cases
from persistence.repositories.campaigns import plans, positions
from persistence.repositories.campaigns.plans import PlanLine
from tests.api.test_console import HOSTILE, words_of
from tests.api.test_console_orders import OPENED, shown
from tests.api.test_openings import ask, dispatched, kept

__all__ = ["dispatched"]  # fixture

START = datetime(2099, 3, 1, 8, tzinfo=UTC)
CASE = "campaign-readiness:acme:campaign-SPRING"


def campaign(**more: Any) -> dict[str, Any]:
    return {
        "shop": "acme",
        "external_reference": "SPRING",
        "title": "Spring",
        "starts_at": "2099-03-01T08:00:00+01:00",
        "ends_at": "2099-03-21T20:00:00Z",
        "products": [{"sku": " JERSEY-M ", "expected_quantity": 400, "ready_by": "2099-02-20"}],
    } | more


def table(csv: str, **more: Any) -> dict[str, Any]:
    body = campaign(csv=csv, **more)
    del body["products"]
    return body


async def test_a_plan_is_kept_in_the_inbox_before_it_is_answered(
    api: Any, network: Services, dispatched: list[int]
) -> None:
    answer = await ask(api, "/campaigns", campaign())
    assert answer.status_code == 202, answer.text
    (row,) = await kept(network)
    assert (row.source, row.scope, row.topic) == ("gridcase", "acme", "campaigns/create")
    body = json.loads(row.body or b"")
    assert (body["external_reference"], body["opened_by"]) == ("SPRING", "operator:operate-key")
    assert body["plan"]["products"] == [
        {"sku": "JERSEY-M", "expected_quantity": 400, "ready_by": "2099-02-20"}
    ]
    assert body["plan"]["window"]["starts_at"] == "2099-03-01T08:00:00+01:00"


async def test_a_table_is_read_at_once_and_ten_thousand_lines_are_taken(
    api: Any, network: Services, dispatched: list[int]
) -> None:
    lines = "".join(f"SKU-{number},{number + 1}\n" for number in range(10_000))
    answer = await ask(
        api, "/campaigns", table("sku;expected_quantity\n" + lines.replace(",", ";"))
    )
    assert answer.status_code == 202, answer.text
    (row,) = await kept(network)
    products = json.loads(row.body or b"")["plan"]["products"]
    assert len(products) == 10_000
    assert products[41] == {"sku": "SKU-41", "expected_quantity": 42, "ready_by": None}
    listed = campaign(
        products=[{"sku": f"SKU-{one}", "expected_quantity": 1} for one in range(10_000)]
    )
    assert (await ask(api, "/campaigns", listed, key="key-2")).status_code == 202


async def test_all_errors_of_a_table_are_told_at_once_by_line(api: Any, network: Services) -> None:
    answer = await ask(
        api,
        "/campaigns",
        table(
            "sku,expected_quantity,ready_by\nA,ten,\nB,5,soon\nA,1,\nC,0,\nD,7,2099-01-01\n,3,\n"
        ),
    )
    assert answer.status_code == 422
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    lines = [error["field"] for error in problem["errors"]]
    assert lines == [f"body.csv, line {line}" for line in (2, 3, 5, 7)]
    assert "ten" in problem["errors"][0]["message"]
    assert problem["detail"].startswith("The plan can't be read. body.csv, line 2: ")
    assert await kept(network) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (campaign(ends_at="2099-03-01T07:00:00+01:00"), "ends before it starts"),
        (
            campaign(starts_at="2020-03-01T07:00:00Z", ends_at="2020-03-02T07:00:00Z"),
            "over already",
        ),
        (campaign(starts_at="2099-03-01T08:00:00"), "timezone"),
        (campaign(products=[]), "say what is in the campaign"),
        (campaign(csv="sku,expected_quantity\nA,1\n"), "one of them"),
        (campaign(products=[], collection_id="gid://shopify/Collection/1"), "expected_quantity"),
        (campaign(external_reference="a/b"), "pattern"),
        (campaign(title="  "), "pattern"),
        (campaign(products=[{"sku": "A", "expected_quantity": 0}]), "greater than or equal to 1"),
        (
            campaign(products=[{"sku": one, "expected_quantity": 1} for one in ("A", "B", " A")]),
            "The SKU A stands in products.0 too.",
        ),
        (campaign(discount=5), "Extra inputs"),
    ],
)
async def test_a_bad_plan_is_refused_with_what_is_wrong_and_nothing_is_kept(
    api: Any, network: Services, body: Any, said: str
) -> None:
    answer = await ask(api, "/campaigns", body)
    assert answer.status_code == 422, answer.text
    assert said in answer.text
    assert await kept(network) == []


async def test_opening_needs_a_known_shop_and_the_scope_operate(
    api: Any, network: Services
) -> None:
    assert (await ask(api, "/campaigns", campaign(shop="nobody"))).status_code == 404
    assert (await ask(api, "/campaigns", campaign(), scope="read")).status_code == 403


async def planned(services: Services) -> str:
    """A campaign with three products in the table; its case."""
    async with services.database.begin() as session:
        row, _ = await cases.open_case(
            session,
            key=CASE,
            kind="campaign_readiness",
            shop_id="acme",
            title="Campaign Spring",
            status="awaiting_partner",
            now=OPENED,
        )
        lines = [
            PlanLine(PlannedProduct(sku=sku, expected_quantity=pieces), partner)
            for sku, pieces, partner in (
                ("=HAT", 30, "p-1"),
                ("JERSEY", 100, "p-1"),
                ("SOCKS", 50, ""),
            )
        ]
        await plans.replace(session, row.id, 1, lines)
        found = await positions.list_page(session, row.id, positions.ProductFilter(partner="p-1"))
        jersey = next(one for one in found.items if one.sku == "JERSEY")
        said = Position(
            sku="JERSEY", expected=100, status=Commitment.AT_RISK, quantity=60, note="+49 call me"
        )
        positions.hold(jersey, said)
    return row.id


async def test_products_are_listed_by_sku_worst_first_by_partner_and_by_status(
    api: Any, network: Services
) -> None:
    case_id = await planned(network)

    async def skus(**query: Any) -> list[str]:
        answer = await api.by("read", "GET", f"/campaigns/{case_id}/products", params=query)
        assert answer.status_code == 200, answer.text
        return [one["sku"] for one in answer.json()["items"]]

    assert await skus() == ["=HAT", "JERSEY", "SOCKS"]
    assert await skus(worst=True) == ["JERSEY", "SOCKS", "=HAT"]
    assert await skus(partner="p-1") == ["=HAT", "JERSEY"]
    assert await skus(partner="") == ["SOCKS"]
    assert await skus(status="at_risk") == ["JERSEY"]
    assert await skus(in_doubt=False) == ["=HAT", "SOCKS"]
    first = await api.by(
        "read", "GET", f"/campaigns/{case_id}/products", params={"worst": True, "limit": 1}
    )
    assert [one["sku"] for one in first.json()["items"]] == ["JERSEY"]
    assert 'rel="next"' in first.headers["link"]
    cursor = first.json()["next_cursor"]
    assert await skus(worst=True, limit=1, cursor=cursor) == ["SOCKS"]
    refused = await api.by(
        "read", "GET", f"/campaigns/{case_id}/products", params={"cursor": cursor}
    )
    assert refused.status_code == 422
    assert (await api.by("read", "GET", f"/campaigns/{case_id}/flags")).json()["items"] == []


async def test_the_table_is_whole_and_nothing_in_it_calculates(api: Any, network: Services) -> None:
    case_id = await planned(network)
    answer = await api.by("read", "GET", f"/campaigns/{case_id}/products.csv")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["sku"] for row in rows] == ["'=HAT", "JERSEY", "SOCKS"]
    assert rows[1]["note"] == "'+49 call me"
    assert (rows[1]["expected"], rows[1]["missing"]) == ("100", "100")


async def test_what_is_no_campaign_has_no_products(api: Any, case: Any) -> None:
    for path in ("products", "products.csv", "flags"):
        assert (await api.by("read", "GET", f"/campaigns/{case.id}/{path}")).status_code == 404
    plan = {"products": [{"sku": "A", "expected_quantity": 1}]}
    assert (await ask(api, f"/campaigns/{case.id}/plan", plan)).status_code == 404


async def test_another_plan_goes_to_the_case_by_the_inbox(
    api: Any, network: Services, dispatched: list[int]
) -> None:
    case_id = await planned(network)
    plan = {"products": [{"sku": "A", "expected_quantity": 1}]}
    answer = await ask(api, f"/campaigns/{case_id}/plan", plan)
    assert answer.status_code == 202, answer.text
    (row,) = await kept(network)
    body = json.loads(row.body or b"")
    assert (row.topic, body["case_id"], body["actor"]) == (
        "campaigns/plan",
        case_id,
        "operator:operate-key",
    )
    assert body["plan"]["window"] is None
    half = {"title": "Summer", "starts_at": "2099-03-01T08:00:00Z"}
    assert (await ask(api, f"/campaigns/{case_id}/plan", half)).status_code == 422
    assert (await ask(api, f"/campaigns/{case_id}/plan", {})).status_code == 422


# The console.


def campaign_state() -> CampaignReadinessState:
    figures = Figures(products=3, open=1, at_risk=1, committed=1, expected=130, ready=30)
    state = CampaignReadinessState(
        case=CaseState(title="Campaign Spring", opened_at=OPENED),
        stage=Stage.PREPARING,
        window=Window(title="Spring", starts_at=START, ends_at=START + timedelta(days=5)),
        digest="d",
        own=Figures(products=1, open=1, expected=50),
        unasked={"p-2": "The partner Two is suspended."},
        summary=Summary(
            worst=(
                WorstLine(
                    sku="JERSEY",
                    partner="p-1",
                    expected=100,
                    ready=0,
                    status=Commitment.AT_RISK,
                    note=HOSTILE,
                ),
            ),
            issues=(LaunchIssue(code="dye", text=HOSTILE, severity="urgent", partner="p-1"),),
            issue_count=1,
            flag_count=7,
        ),
        asked=Asked(since=OPENED, why="23 % ready"),
    )
    state.case.merchant_clock = Clock(start=OPENED, due=START)
    state.partners["p-1"] = CampaignPartner(
        partner="p-1",
        tenant="north",
        name="Acme Textiles",
        wanted="d",
        shared="d",
        remote_id="c-1",
        figures=figures,
        clock=Clock(start=OPENED, due=START),
        reminders_sent=2,
    )
    return state


async def test_the_page_of_a_campaign_says_who_is_ready_for_what(
    api: Any, network: Services
) -> None:
    state = campaign_state()
    opened = CampaignReadinessInput(
        case_id=CASE, number=1, shop="acme", external_reference="SPRING", opened_by="x"
    )
    html = await shown(api, network, f"{CASE}-{uuid4().hex[:6]}", standing.snapshot(opened, state))
    page = words_of(html)
    for part in (
        "Waiting for: merchant",
        "go, change or stop: 23 % ready",
        "23 % ready (30 of 130 pieces), 1 product without a word, 1 product at risk",
        "The partner Two is suspended.",
        "7 flagged words",
        "100 missing",
        "campaign c-1 in Trading Grid",
        "2 reminders sent",
        "let the campaign start as planned waited for",
    ):
        assert part in page, part
    assert "<script>harmed" not in html
    assert "<img src=x" not in html


async def test_the_page_of_a_campaign_shows_what_was_sold_and_what_a_plan_lacks(
    api: Any, network: Services
) -> None:
    state = campaign_state()
    state.sold = Sold(
        orders=4,
        committed=30,
        sold=41,
        oversold=(SoldLine(sku="HAT", partner="p-1", committed=30, sold=41),),
        oversold_count=1,
    )
    state.problems, state.problem_count = (f"Line 2: {HOSTILE}",), 9
    opened = CampaignReadinessInput(case_id=CASE, number=1, shop="acme", opened_by="x")
    html = await shown(api, network, f"{CASE}-{uuid4().hex[:6]}", standing.snapshot(opened, state))
    page = words_of(html)
    for part in ("HAT: 41 sold of 30 committed", "And 8 more.", "a plan that can be read"):
        assert part in page, part
    assert "<script>harmed" not in html
