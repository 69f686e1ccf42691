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


async def test_a_purchase_order_leads_to_its_papers_and_they_are_downloaded_after_a_login(
    shop: "Shop", visit: "Visit"
) -> None:
    merchant, grid = shop.merchant, shop.merchant.trading_grid
    await merchant.post(
        merchant.api,
        "/routes",
        {
            "shop_id": SHOP,
            "partner_id": "cedar-outdoor",
            "lifecycle": "purchase_order",
            "match_kind": "sku_prefix",
            "match_value": "DROP-",
        },
    )
    order = await merchant.order(
        {"sku": "DROP-TENT", "quantity": 3, "price": "249.00", "vendor": "Cedar"}, fulfill=False
    )
    order_id = order["order_id"].rsplit("/", 1)[-1]
    purchase = await shop.until(f"purchase-order:{SHOP}:{order_id}", "awaiting_partner")
    (sent,) = purchase["snapshot"]["detail"]["purchase_orders"]
    (line,) = purchase["snapshot"]["detail"]["lines"]
    number = sent["number"]
    await merchant.post(
        grid,
        f"/_emulator/purchase-orders/{number}/responses",
        {
            "lines": [
                {"line_id": line["line_id"], "ack_code": "IQ", "quantity": 2, "note": HOSTILE},
                {"line_id": "99", "ack_code": "IA"},
            ]
        },
    )
    paper = await merchant.post(
        grid,
        "/_emulator/documents",
        {
            "document_type": "packing_list",
            "file_name": "packing list.txt",
            "mime_type": "text/plain",
            "text": "2 tents\n",
            "business_references": [{"type": "purchase_order", "value": number}],
        },
    )
    await merchant.post(
        grid,
        "/_emulator/shipment-notices",
        {
            "shipment_number": "S-1",
            "carrier": "UPS",
            "document_ids": [paper["id"]],
            "packages": [
                {
                    "tracking_number": "1Z999",
                    "items": [{"po_number": number, "sku": "DROP-TENT", "quantity": 2}],
                }
            ],
        },
    )
    await merchant.post(
        grid,
        "/_emulator/invoices",
        {
            "invoice_number": "I-1",
            "po_number": number,
            "currency": "EUR",
            "lines": [{"sku": "DROP-TENT", "quantity": 2, "unit_price": "999.00"}],
        },
    )
    papers = await shop.until(f"shipping-documents:{SHOP}:{number}", "awaiting_merchant")

    page = visit.page
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await page.goto(f"{shop.stack.api}/cases/{purchase['id']}")
    await page.get_by_label("API key").fill(shop.key)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{shop.stack.api}/cases/{purchase['id']}")
    assert await page.evaluate(FITS)
    await expect(page.locator("article.line")).to_contain_text("2 shipped")
    await expect(page.locator("article.review")).to_contain_text("line 99 is not in the order")
    await page.locator(f'a[href="/cases/{papers["id"]}"]').click()
    await page.wait_for_url(f"{shop.stack.api}/cases/{papers['id']}")
    assert await page.evaluate(FITS)
    await expect(page.get_by_text("in Shopify").first).to_be_visible()
    await expect(page.locator("main")).to_contain_text("DROP-TENT invoiced at 999.00")
    await visit.unharmed()
    link = page.get_by_role("link", name="packing list.txt").first
    address = f"{shop.stack.api}{await link.get_attribute('href')}"
    await page.get_by_role("button", name="Log out").click()

    # As from the order in Shopify: the link leads to our login first.
    await page.goto(address)
    await page.get_by_label("API key").fill(shop.key)
    async with page.expect_download() as downloading:
        await page.keyboard.press("Enter")
    assert (await (await downloading.value).path()).read_bytes() == b"2 tents\n"
    assert visit.errors == []
