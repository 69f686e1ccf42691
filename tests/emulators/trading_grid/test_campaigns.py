"""Campaigns: planned and changed by the company, answered by the partner and its bots."""

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid, SetClock, Until

REFERENCE = {"system": "gridcase", "id": "campaign-readiness:1/acme"}
LAMP = {"sku": "LAMP", "expected_quantity": 200, "ready_by": "2026-11-28"}
CHAIR = {"sku": "CHAIR", "expected_quantity": 40, "ready_by": "2026-11-29"}
TABLE = {"sku": "TABLE", "expected_quantity": 10, "ready_by": None}
PLAN: dict[str, Any] = {
    "name": "Spring launch",
    "starts": "2026-12-01T08:00:00Z",
    "ends": "2026-12-31T20:00:00Z",
    "products": [LAMP, CHAIR, TABLE],
}


def commitment(sku: str, status: str = "committed", **more: Any) -> dict[str, Any]:
    return {"sku": sku, "status": status, **more}


async def put(
    grid: "Grid", campaign: Any, status: int = 200, match: str | None = '"1"', **change: Any
) -> Any:
    headers = {} if match is None else {"If-Match": match}
    path = f"/campaigns/{campaign['id']}"
    answer = await grid.call("PUT", path, json={**PLAN, **change}, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def say(grid: "Grid", campaign: Any, status: int = 201, **body: Any) -> Any:
    return await grid.control("POST", f"/campaigns/{campaign['id']}/readiness", body, status)


async def said(grid: "Grid", campaign: Any) -> Any:
    page = await grid.get(f"/campaigns/{campaign['id']}/readiness")
    return page["_embedded"]["collection"]


async def changes(grid: "Grid") -> Any:
    (tenant,) = (await grid.control("GET", "/state"))["tenants"]
    return tenant.get("campaign_changes", [])


async def test_a_campaign_is_kept_as_it_was_planned(grid: "Grid") -> None:
    made = await grid.campaign()
    answer = await grid.call("GET", f"/campaigns/{made['id']}")
    assert (answer.json(), answer.headers["etag"]) == (made, '"1"')
    links = made.pop("_links")
    own = f"http://grid.test/tradinggrid/v1/campaigns/{made['id']}"
    assert links == {"self": {"href": own}, "readiness": {"href": f"{own}/readiness"}}
    assert made == {
        "id": made["id"],
        "partner_id": "acme",
        "external_reference": REFERENCE,
        "version": 1,
        "create_time": "2026-11-23T12:00:00Z",
        "update_time": "2026-11-23T12:00:00Z",
        **PLAN,
    }
    assert await grid.events() == []


async def test_two_thousand_products_come_whole(grid: "Grid") -> None:
    products: list[dict[str, Any]] = [{**LAMP, "sku": f"SKU-{number}"} for number in range(2000)]
    made = await grid.campaign(products=products)
    assert (await grid.get(f"/campaigns/{made['id']}"))["products"] == products
    (listed,) = (await grid.get("/campaigns"))["_embedded"]["collection"]
    assert listed == made
    commitments = [commitment(one["sku"], quantity=1) for one in products]
    await say(grid, made, commitments=commitments)
    (readiness,) = await said(grid, made)
    assert len(readiness["commitments"]) == 2000


async def test_a_key_and_a_reference_make_it_once(grid: "Grid") -> None:
    body = {**PLAN, "partner_id": "acme", "external_reference": REFERENCE}
    first = await grid.post("/campaigns", body, key="k")
    assert (await grid.post("/campaigns", body, key="k"))["id"] == first["id"]
    taken = await grid.post("/campaigns", body, 409, key="other")
    assert taken["errorCode"] == "duplicate_external_reference"
    assert taken["_links"]["existing"]["href"] == first["_links"]["self"]["href"]
    found = await grid.get("/campaigns", filter=f"external_reference.id eq '{REFERENCE['id']}'")
    assert [one["id"] for one in found["_embedded"]["collection"]] == [first["id"]]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"partner_id": "nobody"}, "partner_id"),
        ({"products": []}, "products"),
        ({"products": [LAMP, LAMP]}, "products.1.sku"),
        ({"products": [{"sku": "A"}]}, "products.0.expected_quantity"),
        ({"products": [{**LAMP, "ready_by": "soon"}]}, "products.0.ready_by"),
        ({"ends": "2026-12-01T08:00:00Z"}, "ends"),
        ({"starts": "2026-12-01"}, "starts"),
    ],
)
async def test_a_wrong_plan_is_422(grid: "Grid", change: dict[str, Any], field: str) -> None:
    error = await grid.post("/campaigns", {**PLAN, "partner_id": "acme", **change}, 422)
    assert field in [detail["field"] for detail in error["details"]]


async def test_a_plan_is_put_anew_under_its_etag(grid: "Grid", clock: "SetClock") -> None:
    made = await grid.campaign()
    assert (await put(grid, made, 428, None))["errorCode"] == "precondition_required"
    clock.forward(minutes=1)
    more = {**LAMP, "expected_quantity": 250}
    sofa = {"sku": "SOFA", "expected_quantity": 5, "ready_by": None}
    changed = await put(grid, made, products=[more, TABLE, sofa], ends="2027-01-15T20:00:00Z")
    assert (changed["version"], changed["update_time"]) == (2, "2026-11-23T12:01:00Z")
    assert changed["products"] == [more, TABLE, sofa]
    assert changed["external_reference"] == REFERENCE
    assert await put(grid, made, 412)
    assert await grid.get(f"/campaigns/{made['id']}") == changed
    (difference,) = await changes(grid)
    assert difference["campaign_version"] == 2
    assert difference["added"] == [sofa]
    assert difference["removed"] == [CHAIR]
    assert difference["changed"] == [{"before": LAMP, "after": more}]
    assert difference["ends_before"] == "2026-12-31T20:00:00Z"
    assert (difference["name_before"], difference["starts_before"]) == (None, None)


async def test_the_same_plan_again_changes_nothing(grid: "Grid") -> None:
    made = await grid.campaign()
    again = await put(grid, made, partner_id="acme", external_reference=REFERENCE)
    assert again == await grid.get(f"/campaigns/{made['id']}") == made
    assert await changes(grid) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"partner_id": "rival"}, "partner_id"),
        ({"external_reference": {"system": "gridcase", "id": "2"}}, "external_reference"),
        ({"products": [LAMP, LAMP]}, "products.1.sku"),
        ({"ends": "2026-11-01T00:00:00Z"}, "ends"),
    ],
)
async def test_partner_and_reference_of_a_plan_stay(
    grid: "Grid", change: dict[str, Any], field: str
) -> None:
    made = await grid.campaign()
    error = await put(grid, made, 422, **change)
    assert field in [detail["field"] for detail in error["details"]]
    assert await grid.get(f"/campaigns/{made['id']}") == made


async def test_a_campaign_is_called_off_by_no_products(grid: "Grid") -> None:
    made = await grid.campaign()
    assert (await put(grid, made, products=[]))["products"] == []
    (difference,) = await changes(grid)
    assert difference["removed"] == [LAMP, CHAIR, TABLE]


async def test_readiness_is_listed_by_sequence_and_told_of_thinly(grid: "Grid") -> None:
    made = await grid.campaign()
    commitments = [
        commitment("LAMP", "partial", quantity=150, ready_by="2026-11-27", note="The rest later"),
        commitment("NOBODY-ASKED", "declined"),
    ]
    issue = {"code": "capacity", "sku": "LAMP", "text": "Line booked", "severity": "high"}
    third = await say(grid, made, sequence=3, commitments=commitments, issues=[issue])
    first = await say(grid, made, sequence=1, issues=[issue])
    fourth = await say(grid, made, commitments=[commitment("LAMP")])
    assert [one["sequence"] for one in await said(grid, made)] == [1, 3, 4]
    assert await said(grid, made) == [first, third, fourth]
    assert third["commitments"] == [
        commitments[0],
        {**commitments[1], "quantity": None, "ready_by": None, "note": None},
    ]
    assert third["issues"] == [issue]
    assert (third["campaign_id"], third["campaign_version"]) == (made["id"], 1)
    events = await grid.events()
    assert [event["type"] for event in events] == ["campaign.readiness_updated"] * 3
    href = f"/tradinggrid/v1/campaigns/{made['id']}/readiness/{third['id']}"
    assert events[0]["data"] == {
        "id": third["id"],
        "resource": "campaign_readiness",
        "href": href,
        "version": 1,
        "external_reference": REFERENCE,
        "partner_id": "acme",
        "campaign_id": made["id"],
    }
    assert await grid.get(href.removeprefix("/tradinggrid/v1")) == third
    assert (await grid.get(f"/campaigns/{made['id']}"))["version"] == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "validation_failed"),
        ({"commitments": [{"sku": "LAMP"}]}, 422, "validation_failed"),
        ({"commitments": [commitment("LAMP", "maybe")]}, 422, "validation_failed"),
        ({"issues": [{"code": "x"}]}, 422, "validation_failed"),
        ({"sequence": 1, "commitments": [commitment("LAMP")]}, 409, "duplicate_sequence"),
    ],
)
async def test_a_wrong_word_is_refused_and_tells_nobody(
    grid: "Grid", body: dict[str, Any], status: int, code: str
) -> None:
    made = await grid.campaign()
    await say(grid, made, commitments=[commitment("LAMP")])
    assert (await say(grid, made, status, **body))["errorCode"] == code
    assert len(await said(grid, made)) == len(await grid.events()) == 1


async def test_the_company_can_enter_a_partners_word_once(grid: "Grid") -> None:
    made = await grid.campaign()
    path = f"/campaigns/{made['id']}/readiness"
    body = {"commitments": [commitment("LAMP")]}
    first = await grid.post(path, body, key="k")
    assert await grid.post(path, body, key="k") == first
    assert await said(grid, made) == [first]


async def test_a_word_of_another_campaign_is_not_found_here(grid: "Grid") -> None:
    one, other = await grid.campaign(), await grid.campaign(external_reference=None)
    word = await say(grid, other, commitments=[commitment("LAMP")])
    answer = await grid.call("GET", f"/campaigns/{one['id']}/readiness/{word['id']}")
    assert answer.status_code == 404
    await say(grid, {"id": "nothing"}, 404, commitments=[commitment("LAMP")])


async def behave(grid: "Grid", behaviour: str, **settings: Any) -> None:
    body = {"id": "acme", "behaviour": behaviour, "answer_delay_s": 0, **settings}
    await grid.control("POST", "/partners", body, 200)


async def words(grid: "Grid", until: "Until", campaign: Any, count: int = 1) -> Any:
    async def enough() -> bool:
        return len(await said(grid, campaign)) >= count

    await until(enough)
    return await said(grid, campaign)


@pytest.mark.parametrize("behaviour", ["prompt", "slow"])
async def test_it_commits_to_everything(grid: "Grid", until: "Until", behaviour: str) -> None:
    await behave(grid, behaviour, answer_delay_s=0.01)
    made = await grid.campaign()
    (word,) = await words(grid, until, made)
    assert [
        (one["sku"], one["status"], one["quantity"], one["ready_by"]) for one in word["commitments"]
    ] == [
        ("LAMP", "committed", 200, "2026-11-28"),
        ("CHAIR", "committed", 40, "2026-11-29"),
        ("TABLE", "committed", 10, None),
    ]
    assert word["issues"] == []


async def test_a_change_is_committed_to_where_it_touches(grid: "Grid", until: "Until") -> None:
    await behave(grid, "prompt")
    made = await grid.campaign()
    await words(grid, until, made)
    sofa = {"sku": "SOFA", "expected_quantity": 5, "ready_by": None}
    await put(grid, made, products=[{**LAMP, "ready_by": "2026-11-26"}, TABLE, sofa])
    _, second = await words(grid, until, made, 2)
    assert [(one["sku"], one["ready_by"]) for one in second["commitments"]] == [
        ("LAMP", "2026-11-26"),
        ("SOFA", None),
    ]
    assert second["campaign_version"] == 2
    await put(grid, made, match='"2"', products=[TABLE])
    await asyncio.sleep(0.03)
    assert len(await said(grid, made)) == 2


async def test_a_contrary_partner_is_half_ready_and_says_why(grid: "Grid", until: "Until") -> None:
    await behave(grid, "contrary")
    made = await grid.campaign()
    (word,) = await words(grid, until, made)
    assert [(one["sku"], one["status"], one["quantity"]) for one in word["commitments"]] == [
        ("LAMP", "partial", 100),
        ("CHAIR", "at_risk", 40),
        ("TABLE", "partial", 5),
    ]
    assert all(one["note"] for one in word["commitments"])
    (issue,) = word["issues"]
    assert (issue["code"], issue["sku"], issue["severity"]) == ("capacity", "CHAIR", "high")


@pytest.mark.parametrize(
    ("behaviour", "delay"), [("silent", 0.0), ("manual", 0.0), ("slow", None), ("prompt", 30.0)]
)
async def test_others_say_nothing_yet(grid: "Grid", behaviour: str, delay: float | None) -> None:
    await behave(grid, behaviour, answer_delay_s=delay)
    made = await grid.campaign()
    await asyncio.sleep(0.03)
    assert await said(grid, made) == []


async def test_a_campaign_that_is_over_is_left_alone(
    grid: "Grid", until: "Until", clock: "SetClock"
) -> None:
    made = await grid.campaign(ends="2026-12-01T09:00:00Z")
    running = await grid.campaign(external_reference=None)
    clock.forward(days=8)
    grid = await grid.login("demo", "demo-client", "demo-secret")
    await behave(grid, "prompt")
    await words(grid, until, running)
    assert await said(grid, made) == []
