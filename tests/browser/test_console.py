"""A person's way through the console on a phone: the open cases, one of them, its papers, its commands, and out."""

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from demo.furnish import SHOP

if TYPE_CHECKING:
    from tests.browser.conftest import Shop, Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PHONE = {"width": 360, "height": 740}
HOSTILE = '<img src="//hostile.example/x" onerror="window.harmed=1"> Which lamp?'
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


async def test_a_person_finds_a_case_reads_it_and_leaves(
    shop: "Shop", visit: "Visit", photo: bytes
) -> None:
    case = await shop.case({"sku": "CED-LAMP", "quantity": 1})
    sent = await shop.merchant.api.post(
        f"/cases/{case['id']}/documents",
        data={"partner": "cedar-outdoor", "document_type": "photo"},
        files={"file": ("lamp.png", photo, "image/png")},
    )
    assert sent.status_code == 201, sent.text
    remote = case["snapshot"]["detail"]["reviews"][0]["trading_grid_case"]
    await shop.merchant.post(
        shop.merchant.trading_grid,
        f"/_emulator/cases/{remote}/answer",
        {"kind": "request_info", "note": HOSTILE},
    )
    await shop.until(case["id"], "awaiting_merchant")

    page = visit.page
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await page.goto(shop.stack.api)
    await page.get_by_label("API key").fill(shop.key)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{shop.stack.api}/console")
    assert await page.evaluate(FITS)
    await page.get_by_label("Status").select_option("awaiting_merchant")
    await page.get_by_label("Partner").fill("cedar-outdoor")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Waiting for a partner", exact=True).last).to_be_hidden()

    link = page.locator(f'a[href="/cases/{case["id"]}"]')
    await link.focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{shop.stack.api}/cases/{case['id']}")
    assert await page.evaluate(FITS)
    box = page.get_by_role("region", name="Waiting for: merchant")
    await expect(box).to_be_in_viewport()
    await expect(box).to_contain_text("Which lamp?")
    await expect(page.locator("article.review")).to_contain_text(HOSTILE)
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="lamp.png").click()
    assert (await (await downloading.value).path()).read_bytes() == photo

    await page.get_by_role("link", name="message_partner").click()
    operation = page.locator("details:target")
    await expect(operation).to_be_in_viewport()
    await expect(operation).to_contain_text("/cases/{case_id}/message_partner")
    await page.go_back()
    await visit.unharmed()
    await page.get_by_role("button", name="Log out").click()
    await page.wait_for_url(f"{shop.stack.api}/login")
    assert await visit.context.cookies() == []
    assert visit.errors == []


async def test_the_documentation_begins_with_itself_on_a_phone(
    shop: "Shop", visit: "Visit"
) -> None:
    page = visit.page
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await page.goto(f"{shop.stack.api}/docs")
    await expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    assert await page.evaluate(FITS)
    link = page.get_by_role("link", name="Open a return claim")
    await expect(link).to_have_count(0)
    await page.get_by_text("All operations").click()
    await link.click()
    await expect(page.get_by_text("/return-claims", exact=True).first).to_be_in_viewport()


async def test_a_late_order_is_settled_with_what_its_page_says(
    shop: "Shop", visit: "Visit"
) -> None:
    order = await shop.merchant.order(
        {"sku": "CED-TENT", "quantity": 5, "price": "249.00", "vendor": "Cedar"}, fulfill=False
    )
    order_id = order["order_id"].rsplit("/", 1)[-1]
    opened = await shop.merchant.post(
        shop.merchant.api,
        "/order-exceptions",
        {"shop": SHOP, "order_id": order_id, "reason": "late", "note": "The trip is in May."},
        **{"Idempotency-Key": f"late-{order_id}"},
    )
    case = await shop.until(opened["case_id"], "awaiting_partner")
    (asked,) = case["snapshot"]["detail"]["partners"]
    (line,) = case["snapshot"]["detail"]["lines"]
    await shop.merchant.post(
        shop.merchant.trading_grid,
        f"/_emulator/cases/{asked['trading_grid_case']}/answer",
        {
            "kind": "partial",
            "lines": [{"line_id": line["line_id"], "code": "IS", "substitute_sku": HOSTILE}],
        },
    )
    await shop.until(case["id"], "awaiting_merchant")

    page = visit.page
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await page.goto(f"{shop.stack.api}/cases/{case['id']}")
    await page.get_by_label("API key").fill(shop.key)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{shop.stack.api}/cases/{case['id']}")
    assert await page.evaluate(FITS)
    shown = page.locator("article.line")
    await expect(shown).to_contain_text("5 open")
    await expect(shown).to_contain_text(f"offers {HOSTILE} instead")
    await expect(shown).to_contain_text("waits for the merchant")
    await page.get_by_role("link", name="decide", exact=True).click()
    await expect(page.locator("details:target")).to_contain_text("OrderExceptionDecideBody")
    await page.go_back()
    await visit.unharmed()

    await shop.tell(case["id"], "decide", choice="accept")
    await shop.until(case["id"], "resolved")
    await page.reload()
    await expect(page.get_by_role("heading", name="Closed")).to_be_visible()
    await expect(shown).to_contain_text("0 open")
    await expect(shown).to_contain_text("by maria")
    assert visit.errors == []
