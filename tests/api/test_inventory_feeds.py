"""Inventory feeds by the API: opening one, its positions and problems by pages, its page, and edits it hears of."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.services import Services
from domain.case import CaseKind, CaseSnapshot, CaseStatus
from domain.inventory_feed import standing
from domain.inventory_feed.advices import Advice, AdviceKind, Judgement
from domain.inventory_feed.messages import FeedStanding, SeenProblem
from domain.inventory_feed.names import inventory_feed_key
from domain.inventory_feed.problems import Problem
from domain.inventory_feed.state import (
    Fate,
    HeldAdvice,
    InventoryFeedInput,
    InventoryFeedState,
    LastPush,
    Phase,
    SeenAdvice,
)
from persistence.repositories import cases, inbound_events
from persistence.repositories.cases import CaseFields
from persistence.tables import InboundEvent, InventoryPosition
from tests.api.test_console import BROWSER, HOSTILE, words_of

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
KEY = inventory_feed_key("acme", "p-1")


async def ask(api: Any, body: Any, key: str = "key-1", scope: str = "operate") -> Any:
    headers = {"Idempotency-Key": key}
    return await api.by(scope, "POST", "/inventory-feeds", json=body, headers=headers)


async def kept(services: Services, topic: str) -> list[InboundEvent]:
    async with services.database.read() as session:
        rows = (await inbound_events.page(session)).items
        return [await inbound_events.get(session, row.id) for row in rows if row.topic == topic]


def feed_of(state: InventoryFeedState) -> CaseSnapshot:
    opened = InventoryFeedInput(
        case_id=KEY, number=1, shop="acme", tenant="north", partner="p-1", opened_by="trading_grid"
    )
    return standing.snapshot(opened, state)


@pytest.fixture
async def feed(network: Services) -> str:
    """A feed of the partner `p-1`; no workflow runs it."""
    await opened(network, feed_of(InventoryFeedState(phase=Phase.RUNNING)))
    return KEY


async def opened(services: Services, snapshot: CaseSnapshot) -> None:
    async with services.database.begin() as session:
        row, _ = await cases.open_case(
            session,
            key=KEY,
            kind=CaseKind.INVENTORY_FEED,
            shop_id="acme",
            title=snapshot.title,
            status=CaseStatus.ACTIVE,
            now=NOW,
        )
        await cases.save_snapshot(
            session,
            row.id,
            run_id="run-1",
            revision=1,
            values=CaseFields(
                title=snapshot.title,
                status=snapshot.status.value,
                partners=list(snapshot.partners),
                snapshot=snapshot.model_dump(mode="json"),
            ),
            now=NOW,
        )


async def said(services: Services, *rows: dict[str, Any], partner: str = "p-1") -> None:
    async with services.database.begin() as session:
        for row in rows:
            given: dict[str, Any] = {
                "shop_id": "acme",
                "partner_id": partner,
                "location_code": "WH-1",
                "available": 5,
                "as_of": NOW,
                "sequence": 3,
                "advice_id": "A-1",
                "advice_version": 1,
            }
            session.add(InventoryPosition(**given | row))


# Opening one.


async def test_a_request_is_kept_before_it_is_answered(api: Any, network: Services) -> None:
    response = await ask(api, {"shop": "acme", "partner": "p-1"})
    assert response.status_code == 202, response.text
    [event] = await kept(network, "feeds/create")
    assert (event.scope, event.source) == ("acme", "gridcase")
    body = json.loads(event.body or b"")
    assert (body["partner"], body["opened_by"]) == ("p-1", "operator:operate-key")
    # A repeat is the same request.
    again = await ask(api, {"shop": "acme", "partner": "p-1"})
    assert again.status_code == 202
    assert len(await kept(network, "feeds/create")) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"shop": "acme", "partner": "nobody"}, 404),
        ({"shop": "nowhere", "partner": "p-1"}, 404),
        ({"shop": "acme"}, 422),
        ({"shop": "acme", "partner": ""}, 422),
        ({"shop": "acme", "partner": "p-1", "tenant": "north"}, 422),
    ],
)
@pytest.mark.usefixtures("network")
async def test_a_request_that_can_mean_no_feed_is_refused_at_once(
    api: Any, body: dict[str, Any], status: int
) -> None:
    assert (await ask(api, body)).status_code == status


async def test_who_may_only_read_opens_nothing(api: Any, network: Services) -> None:
    assert (await ask(api, {"shop": "acme", "partner": "p-1"}, scope="read")).status_code == 403
    assert await kept(network, "feeds/create") == []


# What stands in it.


async def test_positions_come_by_pages_and_filters(api: Any, network: Services, feed: str) -> None:
    await said(
        network,
        *({"sku": f"SKU-{number:02}"} for number in range(5)),
        {"sku": "SKU-01", "location_code": "DEPOT", "problem": "not_stocked", "problem_since": NOW},
    )
    await said(network, {"sku": "THEIRS"}, partner="p-2")
    path = f"/inventory-feeds/{feed}/positions"
    found: list[tuple[str, str]] = []
    cursor: str | None = ""
    while cursor is not None:
        query = f"?limit=4&cursor={cursor}" if cursor else "?limit=4"
        page = (await api.by("read", "GET", path + query)).json()
        found += [(one["location_code"], one["sku"]) for one in page["items"]]
        cursor = page["next_cursor"]
    assert found == [("DEPOT", "SKU-01"), *(("WH-1", f"SKU-{number:02}") for number in range(5))]
    for query, count in (("sku=SKU-01", 2), ("location=DEPOT", 1), ("problem=not_stocked", 1)):
        page = (await api.by("read", "GET", f"{path}?{query}")).json()
        assert len(page["items"]) == count, query


async def test_problems_are_listed_with_what_they_mean_and_who_mends_them(
    api: Any, network: Services, feed: str
) -> None:
    since = NOW - timedelta(hours=2)
    await said(
        network,
        {"sku": "FINE"},
        {"sku": "LOST", "problem": "sku_unknown", "problem_since": since},
        {
            "sku": "BOTH",
            "problem": "not_tracked",
            "problem_since": since,
            "said_problem": "unreadable",
            "said_since": NOW,
        },
        {"sku": "SHOWN", "said_problem": "constraint_unknown", "said_since": NOW},
    )
    path = f"/inventory-feeds/{feed}/problems"
    page = (await api.by("read", "GET", path)).json()
    assert [(one["sku"], one["problem"], one["holds_back"]) for one in page["items"]] == [
        ("BOTH", "unreadable", True),
        ("BOTH", "not_tracked", True),
        ("LOST", "sku_unknown", True),
        ("SHOWN", "constraint_unknown", False),
    ]
    lost = page["items"][2]
    assert lost["words"] == "no item of the shop has this SKU"
    assert lost["partner_mends"] is True
    assert datetime.fromisoformat(lost["since"]) == since
    page = (await api.by("read", "GET", f"{path}?problem=not_tracked")).json()
    assert [(one["sku"], one["problem"]) for one in page["items"]] == [("BOTH", "not_tracked")]


@pytest.mark.parametrize("what", ["positions", "problems"])
async def test_another_case_and_a_bad_question_are_told(
    api: Any, network: Services, case: Any, feed: str, what: str
) -> None:
    assert (await api.by("read", "GET", f"/inventory-feeds/{case.id}/{what}")).status_code == 404
    assert (await api.by("read", "GET", f"/inventory-feeds/none/{what}")).status_code == 404
    bad = await api.by("read", "GET", f"/inventory-feeds/{feed}/{what}?problem=bad_mood")
    assert bad.status_code == 422
    bad = await api.by("read", "GET", f"/inventory-feeds/{feed}/{what}?cursor=xyz")
    assert bad.status_code == 422


# Its page.


async def test_the_page_of_a_feed_shows_how_it_stands_and_what_waits(
    api: Any, network: Services
) -> None:
    advice = Advice(
        id="A-2", version=1, location_code=HOSTILE, as_of=NOW, sequence=2, kind=AdviceKind.SNAPSHOT
    )
    state = InventoryFeedState(
        phase=Phase.RUNNING,
        partner_name="Northern Mill",
        newest=NOW,
        items=40,
        held={
            HOSTILE: HeldAdvice(
                advice=advice,
                lines=40,
                judgement=Judgement(for_sale=40, to_zero=30),
                since=NOW,
            )
        },
        advices=[
            SeenAdvice(id="A-2", words=advice.words, fate=Fate.HELD, at=NOW, text=HOSTILE),
            SeenAdvice(
                id="A-1", words="snapshot of WH-1", fate=Fate.APPLIED, at=NOW, text="40 lines"
            ),
        ],
        last_push=LastPush(number=3, at=NOW, seconds=1.5, considered=40, written=38, refused=2),
        standing=FeedStanding(
            skus=40,
            for_sale=39,
            problems={Problem.SKU_UNKNOWN: 2},
            first_problems=(
                SeenProblem(
                    problem=Problem.SKU_UNKNOWN, sku=HOSTILE, location_code="WH-1", since=NOW
                ),
            ),
        ),
    )
    await opened(network, feed_of(state))
    page = await api.by("read", "GET", f"/cases/{KEY}", headers=BROWSER)
    assert page.status_code == 200
    assert HOSTILE not in page.text
    words = words_of(page.text)
    for part in (
        "Inventory feed no.",
        "It would take 30 of 40 SKUs for sale to zero.",
        "38 of 40 written",
        "2 refused",
        "no item of the shop has this SKU",
        "40, 39 for sale",
        "40 known",
        "Last advices",
    ):
        assert part in words, part


async def test_a_feed_that_has_just_been_opened_has_a_page(api: Any, feed: str) -> None:
    page = await api.by("read", "GET", f"/cases/{feed}", headers=BROWSER)
    assert page.status_code == 200
    assert "none yet" in words_of(page.text)
    for command in ("refresh", "cancel", "add_note"):
        assert f"<code>{command}</code>" in page.text
    assert "<code>message_partner</code>" not in page.text


# Edits that feeds hear of.


async def test_a_partner_that_is_edited_is_told_to_its_feeds(api: Any, network: Services) -> None:
    edited = await api.by(
        "admin",
        "PATCH",
        "/tenants/north/partners/p-1",
        json={"status": "suspended"},
        headers={"If-Match": '"1"'},
    )
    assert edited.status_code == 200, edited.text
    [event] = await kept(network, "feeds/changed")
    assert event.scope == "north"
    assert json.loads(event.body or b"")["what"] == "partner"
    assert json.loads(event.body or b"")["partner"] == "p-1"


async def test_each_edit_of_a_location_mapping_is_told_to_the_feeds(
    api: Any, network: Services
) -> None:
    body = {"tenant_id": "north", "code": "WH-1", "shop_id": "acme", "location_id": "5"}
    made = await api.by("admin", "POST", "/location-mappings", json=body)
    assert made.status_code == 201, made.text
    path = f"/location-mappings/{made.json()['id']}"
    edit = {"location_id": "6"}
    await api.by("admin", "PATCH", path, json=edit, headers={"If-Match": '"1"'})
    assert (await api.by("admin", "DELETE", path)).status_code == 204
    csv = "code,shop_id,location_id\nWH-2,acme,7\n"
    loaded = await api.by(
        "admin",
        "POST",
        "/tenants/north/location-mappings/import?dry_run=false",
        content=csv,
        headers={"Content-Type": "text/csv"},
    )
    assert loaded.json()["applied"] is True
    events = await kept(network, "feeds/changed")
    assert {json.loads(one.body or b"")["what"] for one in events} == {"locations"}
    assert len(events) == 4


async def test_an_edit_that_is_refused_is_told_to_nobody(api: Any, network: Services) -> None:
    refused = await api.by(
        "admin",
        "PATCH",
        "/tenants/north/partners/p-1",
        json={"status": "suspended"},
        headers={"If-Match": '"7"'},
    )
    assert refused.status_code == 412
    assert await kept(network, "feeds/changed") == []
