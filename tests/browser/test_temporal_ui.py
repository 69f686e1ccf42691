"""What an engineer reads in the Temporal UI: who is waited for, since when, until when, what then."""

from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.async_api import Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Shop, Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TENT = {"sku": "CED-TENT-2P", "quantity": 1}
WIDE = {"width": 1600, "height": 1000}


def words(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%d %b %Y %H:%M} UTC"


async def read(page: Page, what: str) -> str:
    """The summary, or the current details, as they read on the open workflow's page; with single spaces."""
    await page.get_by_role("tab", name="User Metadata").click()
    frame = page.locator(f"#user-metadata-{what}")
    text = frame.content_frame.locator("main")
    await expect(text).not_to_be_empty()
    await expect(frame).to_be_in_viewport(ratio=1)
    return " ".join((await text.inner_text()).split())


async def test_one_page_and_one_click_tell_who_is_waited_for_and_what_then(
    shop: "Shop", visit: "Visit"
) -> None:
    case = await shop.case(TENT)
    page, waiting = visit.page, case["snapshot"]["waiting_for"]
    await page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    # From the link that the API gives.
    await page.goto(case["temporal_ui"])
    details, summary = await read(page, "current-details"), await read(page, "summary")
    assert summary == f"Return {case['id'].rsplit(':', 1)[1]} · acme-store"
    assert details == (
        f"{case['title']} Status awaiting partner "
        f"Waiting for partner Cedar Outdoor: an answer for 1 line "
        f"Since {words(waiting['since'])} Until {words(waiting['until'])} "
        f"Then {waiting['then']} "
        f"case {case['number']} · order {case['order_name']} · partners cedar-outdoor"
    )
    assert "lines under 50.00 EUR are approved, others go to the merchant" in details

    # What was done, and the timer that runs, in words.
    await page.get_by_role("tab", name="Timeline").click()
    for done in (
        "Read the return",
        "Find the partners and their terms",
        "Open the case of Cedar Outdoor",
        "Request a return authorisation from Cedar Outdoor",
        "Show the case on the order",
        "Record: awaiting_partner",
        "Cedar Outdoor: remind",
    ):
        await expect(page.get_by_text(done).first).to_be_visible()
    await page.get_by_role("tab", name="Event History").click()
    row = page.get_by_role("row")
    timer = row.filter(has_text="Timer Started").filter(has_text="Cedar Outdoor: remind")
    await expect(timer.first).to_be_visible()
    opening = row.filter(has_text="Open the case of Cedar Outdoor")
    await expect(opening).to_contain_text("partner_case.open_partner_case")


async def test_the_list_finds_cases_by_where_they_stand_and_an_ended_one_tells_how(
    shop: "Shop", visit: "Visit"
) -> None:
    waits, ended = await shop.case(TENT), await shop.case(TENT)
    await shop.tell(ended["id"], "cancel", reason="Opened by mistake.")
    await shop.until(ended["id"], "cancelled")
    page = visit.page
    await page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    listed = f"{shop.stack.temporal_ui}/namespaces/default/workflows?query="
    rows = page.get_by_role("row")
    await page.goto(listed + quote('CaseStatus="awaiting_partner"'))
    await expect(rows.filter(has_text=waits["id"])).to_contain_text("Running")
    await expect(rows.filter(has_text=ended["id"])).to_have_count(0)

    await page.goto(listed + quote(f'CaseStatus="cancelled" AND OrderName="{ended["order_name"]}"'))
    found = rows.filter(has_text=ended["id"])
    await expect(found).to_contain_text("Completed")
    await expect(rows.filter(has_text=waits["id"])).to_have_count(0)
    await found.get_by_role("link", name=ended["id"]).click()
    await expect(page.get_by_text('"withdrawn"').first).to_be_visible()
    details = await read(page, "current-details")
    assert details.startswith(f"{ended['title']} Status cancelled: withdrawn")
