"""Campaigns in the portal: committed to, changed by the company, and their issues."""

import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.emulators.trading_grid.pages import HOSTILE, Page, follow, parsed, post_form

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid, SetClock

PLAN: dict[str, Any] = {
    "name": "Spring launch",
    "starts": "2026-12-01T08:00:00Z",
    "ends": "2026-12-31T20:00:00Z",
}
LAMP = {"sku": "LAMP", "expected_quantity": 200, "ready_by": "2026-11-28"}
CHAIR = {"sku": "CHAIR", "expected_quantity": 40, "ready_by": "2026-11-29"}


def address(campaign: Any, *parts: str) -> str:
    return "/".join((f"/portal/acme/campaigns/{campaign['id']}", *parts))


def wrong_fields(page: Page) -> list[str]:
    return [key for key, one in page.controls.items() if one.get("aria-invalid")]


def plain(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


async def said(grid: "Grid", campaign: Any) -> Any:
    page = await grid.get(f"/campaigns/{campaign['id']}/readiness")
    return page["_embedded"]["collection"]


async def put(grid: "Grid", campaign: Any, *products: Any, match: str = "*", **change: Any) -> None:
    body = {**PLAN, "products": products, **change}
    path = f"/campaigns/{campaign['id']}"
    answer = await grid.call("PUT", path, json=body, headers={"If-Match": match})
    assert answer.status_code == 200, answer.text


async def send(grid: "Grid", campaign: Any, form: str, **fields: str) -> httpx.Response:
    return await post_form(grid, address(campaign, form), {"version": "1", **fields})


async def groups(grid: "Grid") -> dict[str, list[str]]:
    """The names in each section of the list."""
    answer = await grid.http.get("/portal/acme/campaigns")
    parsed(answer)
    sections = re.findall(
        r'<section aria-labelledby="group-(\w+)">(.*?)</section>', answer.text, re.S
    )
    return {name: re.findall(r"<h3><a [^>]*>(.*?)</a>", part) for name, part in sections}


async def test_the_list_begins_with_what_awaits_a_word(grid: "Grid", clock: "SetClock") -> None:
    later = {"name": "Later", "starts": "2026-12-09T08:00:00Z", "external_reference": None}
    await grid.campaign(**later)
    first = await grid.campaign()
    ended = {"name": "Short", "ends": "2026-12-02T08:00:00Z", "external_reference": None}
    await grid.campaign(**ended)
    assert await groups(grid) == {
        "waiting": ["Spring launch", "Short", "Later"],
        "open": [],
        "ended": [],
    }
    await follow(grid, await send(grid, first, "everything"))
    assert (await groups(grid))["open"] == ["Spring launch"]
    clock.forward(days=9)
    assert await groups(grid) == {
        "waiting": ["Later"],
        "open": ["Spring launch"],
        "ended": ["Short"],
    }
    text = plain((await grid.http.get("/portal/acme/campaigns")).text)
    for shown in ("3 without your word Starts in 7 days", "Started 1 day ago", "3 products"):
        assert shown in text


async def test_a_campaign_shows_window_products_and_labelled_forms(grid: "Grid") -> None:
    made = await grid.campaign()
    answer = await grid.http.get(address(made))
    page = parsed(answer)
    for shown in ("Spring launch", "in 8 days", "31 Dec 2026, 20:00 UTC", "28 Nov 2026", "TABLE"):
        assert shown in answer.text
    assert [form.rsplit("/", 1)[1] for form in page.forms] == [
        "everything",
        "commitments",
        "issues",
    ]


async def test_everything_open_is_committed_to_at_once(grid: "Grid") -> None:
    made = await grid.campaign()
    text = await follow(grid, await send(grid, made, "everything"))
    assert "You committed to everything that was open." in text
    assert "100 %" in text
    (word,) = await said(grid, made)
    assert [(one["sku"], one["status"], one["quantity"]) for one in word["commitments"]] == [
        ("LAMP", "committed", 200),
        ("CHAIR", "committed", 40),
        ("TABLE", "committed", 10),
    ]
    assert await grid.event_types() == ["campaign.readiness_updated"]


COMMITMENTS = {
    "product-0-status": "partial",
    "product-0-quantity": "150",
    "product-0-ready_by": "2026-11-27",
    "product-0-note": "The rest in January",
    "product-1-status": "declined",
    "product-1-quantity": "40",
    "product-1-ready_by": "2026-11-29",
    "product-2-status": "",
}


async def test_products_are_committed_to_one_by_one(grid: "Grid") -> None:
    made = await grid.campaign()
    text = await follow(grid, await send(grid, made, "commitments", **COMMITMENTS))
    for shown in ("Your word was sent.", "Partly (150)", "Declined (0)", "1 without your word"):
        assert shown in plain(text)
    assert "60 %" in text
    (word,) = await said(grid, made)
    assert word["commitments"] == [
        {
            "sku": "LAMP",
            "quantity": 150,
            "ready_by": "2026-11-27",
            "status": "partial",
            "note": "The rest in January",
        },
        {"sku": "CHAIR", "quantity": 0, "ready_by": None, "status": "declined", "note": None},
    ]
    # What waits comes first.
    page = parsed(await grid.http.get(address(made)))
    assert [key for key in page.controls if key.endswith("-status")] == [
        "commitments-product-2-status",
        "commitments-product-0-status",
        "commitments-product-1-status",
    ]


async def test_a_later_word_replaces_the_earlier(grid: "Grid") -> None:
    made = await grid.campaign()
    await follow(grid, await send(grid, made, "everything"))
    risk = {"product-1-status": "at_risk", "product-1-quantity": ""}
    text = plain(await follow(grid, await send(grid, made, "commitments", **risk)))
    assert "At risk (40)" in text
    # 210 of 250 pieces: what is at risk is not ready.
    assert "84 %" in text
    assert [one["sequence"] for one in await said(grid, made)] == [1, 2]


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"product-0-quantity": "200"}, "product-0-quantity", "fewer than all, at least 1."),
        ({"product-0-quantity": "0"}, "product-0-quantity", "fewer than all, at least 1."),
        ({"product-0-quantity": ""}, "product-0-quantity", "Enter how many of 200"),
        ({"product-0-quantity": "many"}, "product-0-quantity", "Enter a whole number"),
        (
            {"product-0-status": "committed", "product-0-quantity": "150"},
            "product-0-quantity",
            "200 are expected.",
        ),
        ({"product-0-status": "maybe"}, "product-0-status", "Choose one of the list."),
        ({"product-0-ready_by": "soon"}, "product-0-ready_by", "Enter a date"),
        ({"product-0-note": "x" * 501}, "product-0-note", "Shorten this to 500"),
    ],
)
async def test_a_wrong_word_is_told_by_its_field_and_keeps_what_was_typed(
    grid: "Grid", change: dict[str, str], field: str, words: str
) -> None:
    made = await grid.campaign()
    answer = await send(grid, made, "commitments", **{**COMMITMENTS, **change})
    page = parsed(answer, 422)
    assert wrong_fields(page) == [f"commitments-{field}"]
    assert words in answer.text
    assert "LAMP: " in answer.text
    assert page.controls["commitments-product-1-quantity"]["value"] == "40"
    assert await said(grid, made) == []


async def test_no_word_at_all_asks_for_one(grid: "Grid") -> None:
    made = await grid.campaign()
    answer = await send(grid, made, "commitments")
    parsed(answer, 422)
    assert "Say something of at least one product." in answer.text


async def test_a_change_is_shown_as_a_difference_and_opens_what_it_touches(grid: "Grid") -> None:
    made = await grid.campaign()
    await follow(grid, await send(grid, made, "everything"))
    sofa = {"sku": "SOFA", "expected_quantity": 5, "ready_by": None}
    more = {**LAMP, "expected_quantity": 250, "ready_by": "2026-11-26"}
    moved = {"name": "Winter launch", "starts": "2026-12-02T08:00:00Z"}
    await put(grid, made, more, CHAIR, sofa, **moved)
    answer = await grid.http.get(address(made))
    parsed(answer)
    text = plain(answer.text)
    for shown in (
        "Name · it was Spring launch",
        "Start · it was 1 Dec 2026, 08:00 UTC",
        "SOFA · Added · 5 expected",
        "LAMP · Changed · 250 expected by 26 Nov 2026 (it was 200 by 28 Nov 2026)",
        "TABLE · Removed",
        "Changed since you said: Committed (200)",
        "2 without your word",
    ):
        assert shown in text
    assert "CHAIR ·" not in text
    assert "End ·" not in text
    assert (await groups(grid))["waiting"] == ["Winter launch"]
    await put(grid, made, more, CHAIR, sofa, LAMP | {"sku": "MAT"}, **moved)
    answer = await grid.http.get(address(made))
    parsed(answer)
    assert "Earlier changes" in answer.text


async def test_a_long_difference_is_cut(grid: "Grid") -> None:
    made = await grid.campaign()
    await put(grid, made, *({**LAMP, "sku": f"NEW-{number}"} for number in range(30)))
    text = plain((await grid.http.get(address(made))).text)
    assert "NEW-19 · Added" in text
    assert "NEW-20 · Added" not in text
    assert "And 13 more." in text


@pytest.mark.parametrize("form", ["everything", "commitments", "issues"])
async def test_a_word_on_a_plan_that_changed_meanwhile_is_not_sent(grid: "Grid", form: str) -> None:
    made = await grid.campaign()
    await put(grid, made, CHAIR)
    issue = {"code": "capacity", "severity": "low", "text": "Booked"}
    answer = await send(grid, made, form, **COMMITMENTS, **issue)
    parsed(answer, 409)
    assert "The company changed the campaign meanwhile." in answer.text
    assert await said(grid, made) == []


async def test_a_campaign_that_is_over_or_called_off_says_so(
    grid: "Grid", clock: "SetClock"
) -> None:
    made = await grid.campaign()
    off = await grid.campaign(external_reference=None)
    await put(grid, off)
    answer = await grid.http.get(address(off))
    parsed(answer)
    assert "This campaign was called off" in answer.text
    clock.forward(days=60)
    answer = await grid.http.get(address(made))
    assert parsed(answer).forms == []
    assert "This campaign is over." in answer.text
    late = await send(grid, made, "everything")
    parsed(late, 409)
    assert "The campaign is over" in late.text


async def test_an_issue_is_brought_up(grid: "Grid") -> None:
    made = await grid.campaign()
    issue = {"code": "material", "sku": "LAMP", "severity": "high", "text": "No glass"}
    text = plain(await follow(grid, await send(grid, made, "issues", **issue)))
    for shown in ("The issue was sent.", "Launch issues 1", "Material · LAMP High No glass"):
        assert shown in text
    (word,) = await said(grid, made)
    assert (word["commitments"], word["issues"]) == ([], [issue])
    again = {**issue, "text": "Glass comes on Friday"}
    text = plain(await follow(grid, await send(grid, made, "issues", **again)))
    assert "Launch issues 1" in text
    assert "Glass comes on Friday" in text
    assert "No glass" not in text


@pytest.mark.parametrize("missing", ["code", "severity", "text"])
async def test_an_incomplete_issue_is_told_by_its_field(grid: "Grid", missing: str) -> None:
    made = await grid.campaign()
    issue = {"code": "material", "severity": "high", "text": "No glass", missing: ""}
    page = parsed(await send(grid, made, "issues", **issue), 422)
    assert wrong_fields(page) == [f"issue-{missing}"]
    assert await said(grid, made) == []


async def test_two_thousand_products_come_page_by_page(grid: "Grid") -> None:
    products = [{**LAMP, "sku": f"SKU-{number:04d}"} for number in range(2000)]
    made = await grid.campaign(products=products)
    answer = await grid.http.get(address(made) + "?page=40")
    page = parsed(answer)
    assert "Page 40 of 40" in answer.text
    assert len([key for key in page.controls if key.endswith("-status")]) == 50
    fields = {"page": "40", "product-1999-status": "partial", "product-1999-quantity": "x"}
    answer = await send(grid, made, "commitments", **fields)
    assert wrong_fields(parsed(answer, 422)) == ["commitments-product-1999-quantity"]
    fields["product-1999-quantity"] = "7"
    await follow(grid, await send(grid, made, "commitments", **fields))
    await follow(grid, await send(grid, made, "everything"))
    one, rest = await said(grid, made)
    assert [one["sku"] for one in one["commitments"]] == ["SKU-1999"]
    assert len(rest["commitments"]) == 1999


async def test_a_partner_sees_only_its_own_campaigns(grid: "Grid") -> None:
    await grid.control("POST", "/partners", {"id": "rival", "name": "Rival"}, 201)
    made = await grid.campaign(name="Secret launch")
    parsed(await grid.http.get(f"/portal/rival/campaigns/{made['id']}"), 404)
    assert "Secret launch" not in (await grid.http.get("/portal/rival/campaigns")).text


async def test_hostile_text_is_shown_as_text(grid: "Grid") -> None:
    made = await grid.campaign(name=HOSTILE, products=[{**LAMP, "sku": HOSTILE}])
    commitment = {"sku": HOSTILE, "status": "at_risk", "ready_by": HOSTILE, "note": HOSTILE}
    issue = {"code": HOSTILE, "sku": HOSTILE, "text": HOSTILE, "severity": HOSTILE}
    body = {"commitments": [commitment], "issues": [issue]}
    await grid.control("POST", f"/campaigns/{made['id']}/readiness", body)
    for path in ("/portal/acme/campaigns", address(made)):
        answer = await grid.http.get(path)
        parsed(answer)
        assert "&lt;script&gt;" in answer.text
    await put(grid, made, {**LAMP, "sku": HOSTILE + "2"}, name=HOSTILE + "2")
    fields = {"version": "2", "product-0-note": HOSTILE, "product-0-quantity": HOSTILE}
    typed = await send(grid, made, "commitments", **fields)
    parsed(typed, 422)
    assert "<script" not in typed.text
