"""What a person meets at the API's address: its documentation, the login, links from notifications, documents."""

import asyncio
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest
from playwright.async_api import Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Shop, Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def log_in(page: Page, key: str) -> None:
    await page.get_by_label("API key").fill(key)
    await page.get_by_role("button", name="Log in").click()


async def ask_as_partner(shop: "Shop", case_id: str, question: str) -> None:
    """The partner asks; the merchant is notified."""
    case = await shop.merchant.get(f"/cases/{case_id}")
    remote = case["snapshot"]["detail"]["reviews"][0]["trading_grid_case"]
    await shop.merchant.post(
        shop.merchant.trading_grid,
        f"/_emulator/cases/{remote}/answer",
        {"kind": "request_info", "note": question},
    )
    await shop.until(case_id, "awaiting_merchant")


async def notified_link(shop: "Shop", case_id: str) -> str:
    """The address in the notification on the console, which is the worker's log."""
    log = shop.stack.processes["worker"].log
    for _ in range(50):
        text = re.sub(r"\x1b\[[0-9;]*m", "", log.read_text())
        for line in text.splitlines():
            found = re.search(r"link=(\S+)", line)
            if found and " notification " in line and case_id in line:
                return found[1]
        await asyncio.sleep(0.1)
    pytest.fail(f"nobody was notified of {case_id}:\n{text[-2000:]}")


async def test_the_documentation_needs_no_other_machine(shop: "Shop", visit: "Visit") -> None:
    page = visit.page
    await page.goto(f"{shop.stack.api}/docs")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Gridcase")
    decide = page.locator("details").filter(has_text="/cases/{case_id}/decide").first
    await decide.locator("summary").click()
    await expect(decide.get_by_text("approve_accepted").first).to_be_visible()
    await page.get_by_role("link", name="Open a return claim").click()
    await expect(page.get_by_text("/return-claims", exact=True).first).to_be_in_viewport()
    await page.get_by_role("link", name="openapi.json").click()
    await expect(page.locator("body")).to_contain_text('"openapi"')
    assert len(visit.requests) >= 2
    assert visit.outside == []
    assert visit.errors == []


async def test_a_wrong_key_is_refused_in_words_and_the_right_one_lets_in(
    shop: "Shop", visit: "Visit"
) -> None:
    page = visit.page
    await page.goto(f"{shop.stack.api}/login")
    await expect(page.get_by_label("API key")).to_be_focused()
    await log_in(page, "gck_nobody_nothing")
    await expect(page.get_by_role("alert")).to_have_text("This key is not valid here.")
    field = page.get_by_label("API key")
    await expect(field).to_have_accessible_description("This key is not valid here.")
    await expect(field).to_have_value("")
    assert await visit.context.cookies() == []

    await log_in(page, shop.key)
    await page.wait_for_url(f"{shop.stack.api}/console")
    (cookie,) = await visit.context.cookies()
    assert cookie.get("httpOnly") is True
    assert cookie.get("sameSite") == "Lax"
    assert shop.key not in str(cookie.get("value"))
    await page.goto(f"{shop.stack.api}/login?next=/docs")
    await expect(page).to_have_url(f"{shop.stack.api}/docs")


async def test_a_link_in_a_notification_leads_through_the_login_to_the_case_until_the_logout(
    shop: "Shop", visit: "Visit"
) -> None:
    case = await shop.case({"sku": "CED-LAMP", "quantity": 1})
    await ask_as_partner(shop, case["id"], "Which lamp?")
    link = await notified_link(shop, case["id"])
    assert link == f"{shop.stack.api}/cases/{case['id']}"

    page = visit.page
    await page.goto(link)
    assert urlsplit(page.url).path == "/login"
    assert urlsplit(page.url).query == f"next={quote('/cases/' + case['id'], safe='/')}"
    await log_in(page, shop.key)
    await page.wait_for_url(link)
    await expect(page.locator("body")).to_contain_text("an answer to Cedar Outdoor: Which lamp?")

    await page.get_by_role("button", name="Log out").click()
    await expect(page).to_have_url(f"{shop.stack.api}/login")
    await page.goto(link)
    assert urlsplit(page.url).path == "/login"


@pytest.mark.parametrize(
    "target",
    [
        "https://hostile.example/",
        "//hostile.example/",
        "/\\hostile.example/",
        "\\\\hostile.example",
        "/\t/hostile.example/",
        "javascript:alert(1)",
    ],
)
async def test_a_login_never_leads_to_another_site(
    shop: "Shop", visit: "Visit", target: str
) -> None:
    page = visit.page
    await page.goto(f"{shop.stack.api}/login?next={quote(target, safe='')}")
    await log_in(page, shop.key)
    await page.wait_for_url(f"{shop.stack.api}/console")
    assert visit.outside == []
    assert visit.dialogs == []


async def test_a_document_comes_as_a_download_after_the_login(
    shop: "Shop", visit: "Visit", photo: bytes
) -> None:
    case = await shop.case({"sku": "CED-LAMP", "quantity": 1})
    answer = await shop.merchant.api.post(
        f"/cases/{case['id']}/documents",
        data={"partner": "cedar-outdoor", "document_type": "photo"},
        files={"file": ("zerbrochene Lampe.png", photo, "image/png")},
    )
    assert answer.status_code == 201, answer.text
    page = visit.page
    address = f"{shop.stack.api}/documents/{answer.json()['id']}"
    await page.goto(address)
    assert urlsplit(page.url).path == "/login"
    async with page.expect_download() as downloading:
        await log_in(page, shop.key)
    download = await downloading.value
    assert download.suggested_filename == "zerbrochene Lampe.png"
    assert (await download.path()).read_bytes() == photo
    # Nothing of it was opened in the page.
    assert urlsplit(page.url).path == "/login"
