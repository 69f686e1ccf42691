"""What a partner writes is text wherever it is shown: never an element, a script, a link or a request."""

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.async_api import expect

if TYPE_CHECKING:
    from tests.browser.conftest import Picture, Shop, Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SCRIPT = "<script>window.harmed=1</script>"
IMAGE = "<img src=//hostile.example/x.png onerror=window.harmed=1>"
BREAKOUT = f"\"'></textarea></title></dd>{SCRIPT}"


async def test_in_the_portal_and_on_the_order(
    shop: "Shop", visit: "Visit", picture: "Picture"
) -> None:
    page = visit.page
    case = await shop.case({"sku": "CED-TENT-2P", "quantity": 1, "note": f"Torn {SCRIPT}{IMAGE}"})
    await page.goto(shop.portal)
    await page.get_by_role("link", name=case["title"]).click()

    await page.get_by_label("Write to the company").fill(f"Message {SCRIPT}{IMAGE}")
    await page.get_by_role("button", name="Send the message").click()
    messages = page.get_by_role("region", name="Messages")
    await expect(messages.get_by_text(f"Message {SCRIPT}{IMAGE}", exact=True)).to_be_visible()

    name = f"{IMAGE.replace('/', '_')}.png"
    await page.get_by_label("Add a document").set_input_files(picture(name))
    await page.get_by_role("button", name="Send the document").click()
    documents = page.get_by_role("region", name="Documents")
    await expect(documents.get_by_text(name, exact=True)).to_be_visible()

    # A form that comes back with errors has what was typed in it.
    await page.get_by_text("Decline", exact=True).click()
    await page.get_by_label("Explanation").fill(BREAKOUT)
    await page.get_by_role("button", name="Decline all lines").click()
    await expect(page.get_by_role("alert")).to_contain_text("Nothing was sent.")
    await expect(page.get_by_label("Explanation")).to_have_value(BREAKOUT)
    await visit.unharmed()

    await page.get_by_text("Ask for information first").click()
    await page.get_by_label("What do you need to know?").fill(f"Question {SCRIPT}{BREAKOUT}")
    await page.get_by_role("button", name="Send the question").click()
    answer = page.get_by_role("region", name="Your answer")
    await expect(answer.get_by_text(f"Question {SCRIPT}{BREAKOUT}", exact=True)).to_be_visible()
    await visit.unharmed()

    await page.get_by_label("RMA number").fill(SCRIPT)
    await page.get_by_label("Return address").fill(f"Dock {IMAGE}")
    await page.get_by_role("button", name="Authorise the return").click()
    authorisation = page.get_by_role("region", name="Return authorisation")
    await expect(authorisation.get_by_text(f"Dock {IMAGE}", exact=True).first).to_be_visible()
    await visit.unharmed()

    # Customer service sees the question on the order, and the customer's own words.
    await shop.until(case["id"], "awaiting_merchant")
    order = page.locator(f"#order-{case['order_number']}")
    await page.goto(shop.stack.shopify)
    await expect(order).to_contain_text(f"Torn {SCRIPT}{IMAGE}")
    await expect(order).to_contain_text(f"an answer to Cedar Outdoor: Question {SCRIPT}")
    await visit.unharmed()


async def test_in_the_login_and_in_what_the_api_says(shop: "Shop", visit: "Visit") -> None:
    page = visit.page
    case = await shop.case({"sku": "CED-TENT-2P", "quantity": 1})
    path = f"/cases/{case['id']}?{BREAKOUT}{IMAGE}"
    await page.goto(f"{shop.stack.api}/login?next={quote(path, safe='')}")
    hidden = page.locator("input[name=next]")
    await expect(hidden).to_have_value(path)
    await page.get_by_label("API key").fill(f"{BREAKOUT}{IMAGE}")
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("alert")).to_have_text("This key is not valid here.")
    await expect(hidden).to_have_value(path)
    await visit.unharmed()

    await shop.tell(case["id"], "add_note", text=f"Note {SCRIPT}{IMAGE}")
    await page.get_by_label("API key").fill(shop.key)
    await page.get_by_role("button", name="Log in").click()
    await page.wait_for_url("**/cases/**")
    await page.goto(f"{shop.stack.api}/cases/{case['id']}/timeline")
    await expect(page.locator("body")).to_contain_text(f"Note {SCRIPT}")
    await visit.unharmed()
    await page.goto(f"{shop.stack.api}/cases/{quote(IMAGE, safe='')}")
    await expect(page.locator("body")).to_contain_text("urn:gridcase:problem:not-found")
    await visit.unharmed()


async def test_in_the_temporal_ui(shop: "Shop", visit: "Visit") -> None:
    page = visit.page
    case = await shop.case({"sku": "CED-TENT-2P", "quantity": 1})
    question = (
        f"{SCRIPT} <img src=http://hostile.example/x.png> ![y](http://hostile.example/y.png) "
        "[here](http://hostile.example/) *a* _b_ `c`"
    )
    await page.goto(shop.portal)
    await page.get_by_role("link", name=case["title"]).click()
    await page.get_by_text("Ask for information first").click()
    await page.get_by_label("What do you need to know?").fill(question)
    await page.get_by_role("button", name="Send the question").click()
    await shop.until(case["id"], "awaiting_merchant")

    await page.goto(case["temporal_ui"])
    await page.get_by_role("tab", name="User Metadata").click()
    inside = page.frame_locator("#user-metadata-current-details").locator("main")
    await expect(inside).to_contain_text("an answer to Cedar Outdoor: ")
    await visit.unharmed()
    await expect(inside).to_contain_text(question)
