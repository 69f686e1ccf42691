"""A partner's clerk proves a delivery at the portal with a real PDF: it stands in Shopify's draft until it is submitted."""

import asyncio
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from demo.furnish import SHOP
from tests.browser.conftest import CEDAR
from tests.browser.test_partner_portal import open_from_inbox, see
from tests.workflows.disputes import pdf

if TYPE_CHECKING:
    from tests.browser.conftest import Shop, Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SIGNED = "Signed for by the customer on 3 November."


async def in_shop(shop: "Shop", number: str) -> dict[str, Any]:
    state = (await shop.merchant.shopify.get("/_emulator/state")).json()
    found: dict[str, Any] = next(
        one
        for one in state["shops"][SHOP]["disputes"]
        if one["dispute_id"].rpartition("/")[2] == number
    )
    return found


async def until_proved(shop: "Shop", number: str) -> dict[str, Any]:
    """The dispute in Shopify, once the paper and the statement are in its draft."""
    end = asyncio.get_running_loop().time() + 20
    while True:
        found = await in_shop(shop, number)
        text = found["texts"].get("uncategorizedText", "")
        if "shippingDocumentationFile" in found["files"] and SIGNED in text and "proof.pdf" in text:
            return found
        assert asyncio.get_running_loop().time() < end, found
        await asyncio.sleep(0.1)


async def test_a_delivery_is_proved_at_the_portal_and_stands_in_shopifys_draft(
    shop: "Shop", visit: "Visit"
) -> None:
    page, merchant = visit.page, shop.merchant
    line = {"sku": "CED-TENT-2P", "quantity": 1, "price": "249.00", "vendor": CEDAR.vendor}
    order = await merchant.order(line)
    made = await merchant.post(
        merchant.shopify,
        f"/_emulator/shops/{SHOP}/disputes",
        {"order_id": order["order_id"], "reason": "product_not_received"},
    )
    number = made["dispute_id"].rpartition("/")[2]
    case_id = f"dispute:{SHOP}:{number}"
    await shop.until(case_id, "awaiting_partner")

    # The clerk sends the paper, then states what happened.
    asked = (await merchant.trading_grid.get("/_emulator/state")).json()
    tenant = next(entry for entry in asked["tenants"] if entry["id"] == "demo")
    [subject] = [
        one["subject"]
        for one in tenant["cases"]
        if one["external_reference"]["id"].startswith(case_id)
    ]
    await open_from_inbox(page, shop.portal, subject)
    wanted = page.get_by_role("region", name="What is asked")
    await expect(wanted.get_by_role("listitem").first).to_have_text(
        "Proof of delivery Not sent yet"
    )
    content = pdf("Delivered")
    await page.get_by_label("Add a document").set_input_files(
        {"name": "proof.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    await expect(page.get_by_label("What is it?")).to_have_value("proof_of_delivery")
    await page.get_by_role("button", name="Send the document").click()
    await expect(wanted.get_by_role("listitem").first).to_have_text("Proof of delivery Sent")
    await page.get_by_label("Statement").fill(SIGNED)
    await page.get_by_role("button", name="Send the statement").click()
    await expect(page.get_by_role("status")).to_have_text("Your statement was sent.")

    # It is in Shopify's draft: the PDF as it was sent, and the words.
    found = await until_proved(shop, number)
    assert not found["submitted"]
    name = f"gridcase-{sha256(content).hexdigest()[:16]}.pdf"
    assert found["files"] == {"shippingDocumentationFile": name}
    await page.goto(shop.stack.shopify)
    card = page.locator(f"#dispute-{number}")
    await card.get_by_text("uncategorizedText").click()
    await expect(card.get_by_text(SIGNED)).to_be_visible()
    await expect(card.get_by_text(name)).to_be_visible()

    # The merchant submits, the bank decides, and the clerk reads how it ended.
    await shop.tell(case_id, "submit")
    await shop.until(case_id, "awaiting_other")
    assert (await in_shop(shop, number))["submissions"] == {"CHARGEBACK": 1}
    await merchant.post(
        merchant.shopify, f"/_emulator/shops/{SHOP}/disputes/{number}/decide", {"status": "won"}
    )
    ended = await shop.until(case_id, "resolved")
    assert ended["outcome"] == "won"
    await page.goto(shop.portal)
    await page.get_by_role("link", name=subject).click()
    await see(page, page.get_by_text("won", exact=False).first)
    assert visit.errors == []
    assert visit.outside == []
