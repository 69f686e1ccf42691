"""A partner's clerk at the portal, the merchant behind the API, and what customer service sees."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Picture, Shop, Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TENTS = {"sku": "CED-TENT-2P", "quantity": 3}
STOVE = {"sku": "CED-STOVE", "quantity": 1, "price": "79.90"}


CREDENTIALS = {
    "client_id": "demo-client",
    "client_secret": "demo-secret",
    "grant_type": "client_credentials",
}


@dataclass(frozen=True)
class Network:
    """A Trading Grid of its own, with the company's hands on it: what only partner and network settle."""

    origin: str
    http: httpx.AsyncClient

    @property
    def portal(self) -> str:
        return f"{self.origin}/portal/cedar-outdoor"

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        answer = await self.http.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    async def listed(self, path: str) -> Any:
        answer = await self.http.get(f"/tradinggrid/v1{path}")
        return answer.json()["_embedded"]["collection"]

    async def order(self, number: str, *lines: dict[str, Any]) -> Any:
        """A purchase order for Cedar Outdoor."""
        return await self.post(
            "/tradinggrid/v1/purchase-orders",
            {
                "po_number": number,
                "order_type": "drop_ship",
                "partner_id": "cedar-outdoor",
                "lines": [
                    {
                        "line_id": str(place),
                        "sku": line["sku"],
                        "quantity": line["quantity"],
                        "unit_price": line.get("price", "249.00"),
                        "currency": "EUR",
                    }
                    for place, line in enumerate(lines, 1)
                ],
            },
        )


@pytest_asyncio.fixture(loop_scope="session")
async def network() -> AsyncIterator[Network]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "emulators.trading_grid",
        "--port",
        "0",
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), 30)
        found = re.search(rb"http://[^ ]+", line)
        assert found, line
        origin = found[0].decode()
        async with httpx.AsyncClient(base_url=origin, trust_env=False) as http:
            token = await http.post("/tenants/demo/oauth2/token", data=CREDENTIALS)
            http.headers["Authorization"] = f"Bearer {token.json()['access_token']}"
            made = Network(origin, http)
            partner = {"id": "cedar-outdoor", "name": "Cedar Outdoor"}
            await made.post("/_emulator/partners", partner)
            yield made
    finally:
        process.terminate()
        await process.wait()


async def open_from_inbox(page: Page, portal: str, title: str) -> None:
    await page.goto(portal)
    waiting = page.get_by_role("region", name="Waiting for you")
    await waiting.get_by_role("link", name=title).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(title)


async def see(page: Page, what: Locator) -> None:
    """The portal has no scripts: a clerk who waits for something loads the page again."""

    end = asyncio.get_running_loop().time() + 15
    while asyncio.get_running_loop().time() < end and not await what.is_visible():
        await asyncio.sleep(0.1)
        await page.reload()
    await expect(what).to_be_visible()


async def test_a_question_a_photo_part_of_the_goods_and_the_refund(
    shop: "Shop", visit: "Visit", picture: "Picture"
) -> None:
    page = visit.page
    case = await shop.case(TENTS, STOVE)
    case_id, title = case["id"], case["title"]

    # The partner asks, the merchant answers, and it is the partner's turn again.
    await open_from_inbox(page, shop.portal, title)
    await page.get_by_text("Ask for information first").click()
    await page.get_by_label("What do you need to know?").fill("Which poles are bent?")
    await page.get_by_role("button", name="Send the question").click()
    await expect(page.get_by_role("status")).to_have_text("Your question was sent.")
    await expect(page.get_by_text("You asked for information")).to_be_visible()
    asked = await shop.until(case_id, "awaiting_merchant")
    assert asked["snapshot"]["waiting_for"]["what"] == (
        "an answer to Cedar Outdoor: Which poles are bent?"
    )
    await shop.tell(
        case_id,
        "message_partner",
        partner="cedar-outdoor",
        text="The two at the entrance.",
        hand_back=True,
    )
    messages = page.get_by_role("region", name="Messages")
    await see(page, messages.get_by_text("The two at the entrance."))
    await see(page, page.locator(".heading").get_by_text("Waiting for you"))

    # A photo.
    await page.get_by_label("Add a document").set_input_files(picture("bent pole.png"))
    await page.get_by_role("button", name="Send the document").click()
    documents = page.get_by_role("region", name="Documents")
    await expect(documents.get_by_role("link", name="bent pole.png")).to_be_visible()

    # Part is accepted, line by line.
    await page.get_by_text("Decide line by line").click()
    tents = page.get_by_role("group", name="CED-TENT-2P")
    await tents.get_by_label("Decision").select_option(label="Accept, goods come back")
    await tents.get_by_label("Accepted quantity").fill("2")
    stove = page.get_by_role("group", name="CED-STOVE")
    await stove.get_by_label("Decision").select_option(
        label="Accept, customer keeps the goods with an allowance"
    )
    await page.get_by_role("button", name="Send this answer").click()
    await expect(page.get_by_text("You accepted part")).to_be_visible()
    answer = page.get_by_role("region", name="Your answer")
    await expect(answer.get_by_role("listitem").first).to_have_text(
        "CED-TENT-2P · 2 of 3 · Accept in part"
    )

    # Where the goods go.
    await page.get_by_label("RMA number").fill("RMA-2041")
    await page.get_by_label("Return address").fill("Cedar Outdoor\nReturns, Dock 4\nBergen")
    await page.get_by_label("Valid until").fill("2099-01-31")
    await page.get_by_role("button", name="Authorise the return").click()
    authorisation = page.get_by_role("region", name="Return authorisation")
    await expect(authorisation.get_by_text("RMA-2041")).to_be_visible()
    await expect(authorisation.get_by_text("31 Jan 2099, 23:59 UTC")).to_be_visible()

    # One piece of three was refused: the merchant decides.
    await shop.until(case_id, "awaiting_merchant")
    papers = (await shop.merchant.get(f"/cases/{case_id}/documents"))["items"]
    assert [(paper["file_name"], paper["mime_type"]) for paper in papers] == [
        ("bent pole.png", "image/png")
    ]
    await shop.tell(case_id, "decide", choice="approve_accepted")
    goods = await shop.until(case_id, "awaiting_other")
    assert goods["snapshot"]["waiting_for"]["what"] == "2 pieces to come back"
    await see(page, messages.get_by_text("on its way back: 2 × CED-TENT-2P"))

    # The goods arrive; the merchant has the last word on the refund.
    await page.get_by_text("Report goods received").click()
    arrived = page.get_by_role("group", name="CED-TENT-2P")
    await arrived.get_by_label("Arrived").fill("2")
    await arrived.get_by_label("What was done with it").select_option(label="Put back into stock")
    await arrived.get_by_label("Location code").fill("RETURNS-1")
    await page.get_by_role("button", name="Report what arrived").click()
    await expect(page.get_by_role("status")).to_have_text("What arrived was reported.")
    await expect(authorisation.get_by_text("Put back into stock, RETURNS-1")).to_be_visible()
    asked = await shop.until(case_id, "awaiting_merchant")
    assert asked["snapshot"]["detail"]["suggested_refund"] == "577.90 EUR"
    await shop.tell(case_id, "decide", choice="refund")
    ended = await shop.until(case_id, "resolved")
    assert ended["outcome"] == "closed_refunded"

    # The partner sees the end, and nothing is asked of it any more.
    await see(page, page.locator(".heading").get_by_text("Resolved"))
    await expect(page.get_by_text("The claim is approved, processed and refunded")).to_be_visible()
    await expect(page.get_by_role("region", name="Your answer").locator("form")).to_have_count(0)
    await expect(page.get_by_role("button")).to_have_count(0)
    await page.get_by_role("link", name="Cedar Outdoor", exact=True).click()
    settled = page.get_by_role("region", name="Settled")
    await expect(settled.get_by_role("link", name=title)).to_be_visible()

    # Customer service sees the money and the last word on the order.
    await page.goto(shop.stack.shopify)
    order = page.locator(f"#order-{case['order_number']}")
    await expect(order).to_contain_text("Refund of 577.90 EUR")
    await expect(order).to_contain_text(f"{title}: approved, processed and refunded (577.90 EUR).")
    await expect(order.get_by_text("Partially refunded")).to_be_visible()
    await expect(order.get_by_text(re.compile("gridcase-"))).to_have_count(0)
    assert visit.errors == []
    assert visit.outside == []


async def focused(page: Page) -> str:
    """The label, or the text, of what has the keyboard."""
    said: str = await page.evaluate(
        """() => {
            const at = document.activeElement;
            return (at.labels?.length ? at.labels[0].innerText : at.innerText || "").trim();
        }"""
    )
    return said


async def tab_to(page: Page, label: str, most: int = 40) -> None:
    for _ in range(most):
        await page.keyboard.press("Tab")
        if await focused(page) == label:
            return
    pytest.fail(f"{most} presses of Tab never reached {label!r}; now at {await focused(page)!r}")


async def test_a_partner_declines_with_a_reason_by_keyboard_alone(
    shop: "Shop", visit: "Visit"
) -> None:
    case = await shop.case(STOVE)
    page, keys = visit.page, visit.page.keyboard
    await page.goto(shop.portal)
    await keys.press("Tab")
    assert await focused(page) == "Skip to the content"
    await keys.press("Enter")
    await tab_to(page, case["title"])
    await keys.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text(case["title"])

    # Nothing chosen, nothing written: the errors lead to their fields.
    await tab_to(page, "Decline")
    await keys.press("Enter")
    await tab_to(page, "Decline all lines", most=4)
    await keys.press("Enter")
    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("Nothing was sent.")
    await expect(page).to_have_title(re.compile("^Error: "))
    await tab_to(page, "Choose a reason.")
    await keys.press("Enter")
    assert await focused(page) == "Reason"
    reason = page.locator(":focus")
    await expect(reason).to_have_attribute("aria-invalid", "true")
    await expect(reason).to_have_accessible_description("Choose a reason.")

    await keys.type("Outside")
    await expect(reason.locator("option:checked")).to_have_text("Outside the time limit")
    await keys.press("Tab")
    assert await focused(page) == "Explanation"
    await keys.type("It was bought three years ago.")
    await keys.press("Tab")
    await keys.press("Enter")
    await expect(page.get_by_role("status")).to_have_text("Your refusal was sent.")
    await expect(page.get_by_text("You declined")).to_be_visible()

    ended = await shop.until(case["id"], "resolved")
    assert ended["outcome"] == "declined"
    await page.goto(shop.stack.shopify)
    order = page.locator(f"#order-{case['order_number']}")
    await expect(order).to_contain_text("It was bought three years ago.")


async def test_what_is_wrong_is_said_by_its_field_and_nothing_is_sent(
    shop: "Shop", visit: "Visit"
) -> None:
    case = await shop.case(TENTS)
    page = visit.page
    await open_from_inbox(page, shop.portal, case["title"])
    await page.get_by_text("Decide line by line").click()
    await page.get_by_label("Accepted quantity").fill("4")
    await page.get_by_label("Credit amount").fill("a lot")
    await page.get_by_role("button", name="Send this answer").click()

    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("Nothing was sent.")
    await expect(alert).to_contain_text("CED-TENT-2P: Enter a whole number from 0 to 3.")
    quantity = page.get_by_label("Accepted quantity")
    await expect(quantity).to_be_visible()
    await expect(quantity).to_have_value("4")
    await expect(quantity).to_have_accessible_description("Enter a whole number from 0 to 3.")
    credit = page.get_by_label("Credit amount")
    await expect(credit).to_have_value("a lot")
    await expect(credit).to_have_accessible_description("Enter an amount like 12.50.")
    await expect(page.get_by_label("Decision")).not_to_have_attribute("aria-invalid", "true")
    await expect(page.locator(".heading").get_by_text("Waiting for you")).to_be_visible()

    await page.get_by_role("button", name="Authorise the return").click()
    rma = page.get_by_label("RMA number")
    await expect(rma).to_have_accessible_description("Enter the RMA number for the label.")
    still = await shop.merchant.get(f"/cases/{case['id']}")
    assert still["snapshot"]["detail"]["reviews"][0]["answer"] is None


@pytest.mark.parametrize("width", [360, 768])
async def test_pages_fit_a_narrow_screen(shop: "Shop", visit: "Visit", width: int) -> None:
    case = await shop.case({"sku": "CED-SLEEPING-BAG-DOWN-LONG", "quantity": 12})
    page = visit.page
    await page.set_viewport_size({"width": width, "height": 800})
    await open_from_inbox(page, shop.portal, case["title"])
    for address in (page.url, shop.portal, f"{shop.stack.trading_grid}/portal", shop.stack.shopify):
        await page.goto(address)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, address


async def test_a_purchase_order_is_answered_changed_shipped_and_billed(
    network: Network, visit: "Visit", picture: "Picture"
) -> None:
    page = visit.page
    order = await network.order("DEMO-1001-CEDA-1", TENTS, STOVE)
    await network.order("DEMO-1002-CEDA-1", STOVE)

    # The clerk finds it beside the cases and answers line by line.
    await page.goto(network.portal)
    await page.get_by_role("link", name="Purchase orders").click()
    waiting = page.get_by_role("region", name="Waiting for you")
    await waiting.get_by_role("link", name="DEMO-1001-CEDA-1").click()
    tents = page.get_by_role("group", name="CED-TENT-2P")
    await tents.get_by_label("Answer").select_option(label="Accepted, date rescheduled")
    await page.get_by_role("button", name="Send this answer").click()
    await expect(page.get_by_role("alert")).to_contain_text("CED-TENT-2P: Enter the new ship date.")
    await tents.get_by_label("Ship date").fill("2099-01-31")
    await page.get_by_role("button", name="Send this answer").click()
    await expect(page.get_by_role("status")).to_have_text("Your answer was sent.")
    ordered = page.get_by_role("region", name="What is ordered")
    await expect(ordered.get_by_role("row", name="CED-TENT-2P")).to_contain_text(
        "Accepted, date rescheduled (3)"
    )
    (response,) = await network.listed(f"/purchase-orders/{order['id']}/responses")
    assert [(one["ack_code"], one["scheduled_ship_date"]) for one in response["lines"]] == [
        ("DR", "2099-01-31"),
        ("IA", None),
    ]

    # A cancellation is refused only with words; then it is acknowledged.
    change = {"change_number": "1", "purpose": "cancel", "lines": [{"line_id": "1", "quantity": 1}]}
    await network.post(f"/tradinggrid/v1/purchase-orders/{order['id']}/changes", change)
    await page.reload()
    card = page.get_by_role("region", name="Cancellation 1")
    await card.get_by_role("button", name="Refuse").click()
    await expect(card.get_by_label("Note to the company")).to_have_accessible_description(
        re.compile("^Say why you refuse it.")
    )
    await card.get_by_role("button", name="Acknowledge").click()
    await expect(page.get_by_role("status")).to_have_text("The change was acknowledged.")
    await expect(card).to_have_count(0)

    # Two packages, the second for another purchase order.
    await page.get_by_role("link", name="Tell of a shipment").click()
    await page.get_by_label("Carrier", exact=True).fill("UPS")
    await page.get_by_label("SCAC").fill("UPSN")
    await page.get_by_label("Tracking number").fill("1Z001")
    await page.get_by_role("button", name="Add a package").click()
    second = page.get_by_role("group", name="Package 2")
    await second.get_by_label("Tracking number").fill("1Z002")
    await second.get_by_label("SSCC").fill("003456789012345675")
    await second.get_by_role("group", name="DEMO-1002-CEDA-1").get_by_label("CED-STOVE").fill("1")
    await page.get_by_role("button", name="Send the shipment notice").click()
    await expect(page.get_by_role("status")).to_have_text("The shipment notice was sent.")
    await expect(page.locator(".heading").get_by_text("Shipped")).to_be_visible()
    (notice,) = await network.listed("/shipment-notices")
    assert [
        (one["tracking_number"], [(item["sku"], item["quantity"]) for item in one["items"]])
        for one in notice["packages"]
    ] == [("1Z001", [("CED-TENT-2P", 2), ("CED-STOVE", 1)]), ("1Z002", [("CED-STOVE", 1)])]
    assert notice["po_numbers"] == ["DEMO-1001-CEDA-1", "DEMO-1002-CEDA-1"]

    # A wrong tracking number is put right.
    await page.get_by_text("Correct the tracking number").click()
    await page.get_by_label("Tracking number of package 1").fill("1Z009")
    await page.get_by_role("button", name="Send the correction").click()
    await expect(page.get_by_role("status")).to_have_text("The tracking number was corrected.")
    (corrected,) = await network.listed("/shipment-notices")
    assert (corrected["id"], corrected["version"]) == (notice["id"], 2)
    assert corrected["packages"][0]["tracking_number"] == "1Z009"

    # The bill with its paper, and one paper more.
    await page.get_by_text("Send an invoice").click()
    await page.get_by_label("Invoice number").fill("I-77")
    await page.get_by_label("Charges").fill("4.90")
    await page.get_by_label("The invoice as a file").set_input_files(picture("bill.png"))
    await page.get_by_role("button", name="Send the invoice").click()
    invoices = page.get_by_role("region", name="Invoices")
    await expect(invoices).to_contain_text("582.80 EUR")
    await page.get_by_label("Add a document").set_input_files(picture("packing.png"))
    await page.get_by_role("button", name="Send the document").click()
    papers = page.get_by_role("region", name="Documents")
    await expect(papers.get_by_role("link", name="packing.png")).to_be_visible()
    kinds = {one["file_name"]: one["document_type"] for one in await network.listed("/documents")}
    assert kinds == {"bill.png": "invoice", "packing.png": "packing_list"}
    assert visit.errors == []
    assert visit.outside == []


async def test_late_lines_are_dated_substituted_and_given_up(
    network: Network, visit: "Visit"
) -> None:
    page = visit.page
    skus = ("CED-TENT-2P", "CED-STOVE", "CED-LAMP", "CED-MAT")
    case = await network.post(
        "/tradinggrid/v1/cases",
        {
            "case_type": "order_exception",
            "subject": "Order #1001 is late",
            "partner_id": "cedar-outdoor",
            "lines": [
                {"line_id": str(place), "sku": sku, "quantity": 5}
                for place, sku in enumerate(skus, 1)
            ],
        },
    )
    await open_from_inbox(page, network.portal, "Order #1001 is late")
    becomes = {
        "CED-TENT-2P": ("Ships on a date", {"Ship date": "2099-01-31"}),
        "CED-STOVE": (
            "Ships part now, the rest on a date",
            {"Ship date": "2099-02-01", "Ships now": "2"},
        ),
        "CED-LAMP": ("A substitute ships", {"Substitute SKU": "CED-LAMP-2"}),
        "CED-MAT": ("Cannot ship", {}),
    }
    for sku, (what, filled) in becomes.items():
        line = page.get_by_role("group", name=re.compile(f"^{sku} "))
        await line.get_by_label("What becomes of it").select_option(label=what)
        for label, value in filled.items():
            await line.get_by_label(label).fill(value)
    await page.get_by_role("button", name="Send this answer").click()
    await expect(page.get_by_role("status")).to_have_text("Your answer was sent.")
    given = page.get_by_role("region", name="Your answer").get_by_role("listitem")
    await expect(given).to_have_text(
        [
            "CED-TENT-2P · 5 of 5 · Accepted, date rescheduled · 2099-01-31",
            "CED-STOVE · 2 of 5 · Part ships, rest backordered · 2099-02-01",
            "CED-LAMP · 5 of 5 · Substituted · CED-LAMP-2 instead",
            "CED-MAT · 5 of 5 · Rejected",
        ]
    )
    answer = (await network.http.get(f"/tradinggrid/v1/cases/{case['id']}")).json()["answer"]
    assert answer["kind"] == "partial"
    assert [one["code"] for one in answer["lines"]] == ["DR", "BP", "IS", "IR"]


async def test_stock_is_published_by_hand_and_as_a_file(network: Network, visit: "Visit") -> None:
    page = visit.page
    await page.goto(network.portal)
    await page.get_by_role("link", name="Inventory").click()
    await page.get_by_label("Place").fill("OSLO-1")
    first = page.get_by_role("group", name="Line 1")
    await first.get_by_label("SKU").fill("CED-TENT-2P")
    await first.get_by_text("More, or a constraint").click()
    await first.get_by_label("Constraint").select_option(label="Stop selling")
    await first.get_by_label("Holds until").fill("2099-01-31")
    await first.get_by_label("For this company").fill("many")
    await page.get_by_role("button", name="Publish").click()
    await expect(page.get_by_role("alert")).to_contain_text("CED-TENT-2P: Enter a whole number")
    # What is wrong lies in the part that was folded away, and is seen all the same.
    await expect(first.get_by_label("For this company")).to_be_visible()
    await first.get_by_label("For this company").fill("")
    await page.get_by_role("button", name="Add lines").click()
    await expect(first.get_by_label("Holds until")).to_be_visible()
    last = page.get_by_role("group", name="Line 8")
    await last.get_by_label("SKU").fill("CED-MAT")
    await last.get_by_label("Available", exact=True).fill("12")
    await page.get_by_text("Or give the lines as CSV").click()
    rows = b"sku,available,allocation\nCED-STOVE,40,25\n"
    await page.get_by_label("A CSV file").set_input_files(
        {"name": "stock.csv", "mimeType": "text/csv", "buffer": rows}
    )
    await page.get_by_role("button", name="Publish").click()
    await expect(page.get_by_role("status")).to_have_text("Your stock was published.")
    tents = page.get_by_role("row", name="CED-TENT-2P")
    await expect(tents).to_contain_text("Stop selling")
    (advice,) = await network.listed("/inventory-advices")
    read = await network.http.get(f"/tradinggrid/v1/inventory-advices/{advice['id']}")
    assert [
        (one["sku"], one["available"], one["allocation"], (one["constraint"] or {}).get("until"))
        for one in read.json()["lines"]
    ] == [
        ("CED-TENT-2P", None, None, "2099-01-31"),
        ("CED-MAT", 12, None, None),
        ("CED-STOVE", 40, 25, None),
    ]
    assert visit.errors == []
    assert visit.outside == []


async def test_a_campaign_is_committed_to_changed_and_committed_to_anew(
    network: Network, visit: "Visit"
) -> None:
    page = visit.page
    plan = {
        "name": "Spring launch",
        "starts": "2099-03-01T08:00:00Z",
        "ends": "2099-03-31T20:00:00Z",
        "products": [
            {"sku": "CED-TENT-2P", "expected_quantity": 200, "ready_by": "2099-02-20"},
            {"sku": "CED-STOVE", "expected_quantity": 40},
        ],
    }
    made = await network.post("/tradinggrid/v1/campaigns", {**plan, "partner_id": "cedar-outdoor"})
    await page.goto(network.portal)
    await page.get_by_role("link", name="Campaigns").click()
    waiting = page.get_by_role("region", name="Waiting for you")
    await waiting.get_by_role("link", name="Spring launch").click()

    # Half of the tents, all of the stoves, and why.
    await page.get_by_text("Say it product by product").click()
    tents = page.get_by_role("group", name="CED-TENT-2P")
    await tents.get_by_label("Your word").select_option(label="Partly")
    await page.get_by_role("button", name="Send your word").click()
    await expect(page.get_by_role("alert")).to_contain_text("CED-TENT-2P: Enter how many of 200")
    await tents.get_by_label("Quantity").fill("100")
    await page.get_by_role("button", name="Send your word").click()
    await expect(page.get_by_role("status")).to_have_text("Your word was sent.")
    products = page.get_by_role("region", name="Products")
    await expect(products.get_by_role("row", name="CED-TENT-2P")).to_contain_text("Partly (100)")
    await page.get_by_label("What is it about?").select_option(label="Material")
    await page.get_by_label("What is wrong?").fill("The poles are late.")
    await page.get_by_role("button", name="Bring it up").click()
    issues = page.get_by_role("region", name="Launch issues")
    await expect(issues.get_by_role("listitem")).to_contain_text("The poles are late.")

    # The company wants fewer tents: the word on them is asked for anew, and given at once.
    plan["products"][0]["expected_quantity"] = 100  # type: ignore[index]
    answer = await network.http.put(
        f"/tradinggrid/v1/campaigns/{made['id']}", json=plan, headers={"If-Match": '"1"'}
    )
    assert answer.is_success, answer.text
    await page.reload()
    changed = page.get_by_role("region", name="What the company changed")
    await expect(changed.get_by_role("listitem")).to_contain_text("100 expected")
    await page.get_by_role("button", name="Commit to all that is open (1)").click()
    await expect(page.locator(".heading").get_by_text("Answered")).to_be_visible()
    await expect(page.get_by_text("100 %")).to_be_visible()
    words = await network.listed(f"/campaigns/{made['id']}/readiness")
    assert [
        [(one["sku"], one["status"], one["quantity"]) for one in word["commitments"]]
        for word in words
    ] == [
        [("CED-TENT-2P", "partial", 100), ("CED-STOVE", "committed", 40)],
        [],
        [("CED-TENT-2P", "committed", 100)],
    ]
    assert visit.errors == []
    assert visit.outside == []


DISPUTE = {
    "case_type": "dispute",
    "subject": "Chargeback on #1001",
    "description": "The customer's bank says that nothing arrived.",
    "partner_id": "cedar-outdoor",
    "business_references": [
        {"type": "requested_document", "value": kind}
        for kind in ("proof_of_delivery", "inspection_report")
    ],
    "lines": [{"line_id": "1", "sku": "CED-SLEEPING-BAG-DOWN-LONG", "quantity": 2}],
}


async def test_a_dispute_is_proved_with_papers_and_a_statement(
    network: Network, visit: "Visit", picture: "Picture"
) -> None:
    page = visit.page
    case = await network.post("/tradinggrid/v1/cases", DISPUTE)
    await open_from_inbox(page, network.portal, "Chargeback on #1001")
    asked = page.get_by_role("region", name="What is asked")
    await expect(asked.get_by_text("Not sent yet")).to_have_count(2)
    await page.get_by_label("Add a document").set_input_files(picture("signed.png"))
    await expect(page.get_by_label("What is it?")).to_have_value("proof_of_delivery")
    await page.get_by_role("button", name="Send the document").click()
    await expect(asked.get_by_role("listitem").first).to_have_text("Proof of delivery Sent")
    await expect(page.get_by_label("What is it?")).to_have_value("inspection_report")
    await page.get_by_label("Statement").fill("Signed for on 3 November.")
    await page.get_by_role("button", name="Send the statement").click()
    await expect(page.get_by_role("status")).to_have_text("Your statement was sent.")
    messages = page.get_by_role("region", name="Messages")
    await expect(messages.get_by_text("Signed for on 3 November.")).to_be_visible()
    read = (await network.http.get(f"/tradinggrid/v1/cases/{case['id']}")).json()
    assert (read["status"], read["answer"]["kind"]) == ("pending_company", "accept")
    (paper,) = await network.listed(f"/cases/{case['id']}/documents")
    assert (paper["document_type"], paper["file_name"]) == ("proof_of_delivery", "signed.png")
    assert visit.errors == []
    assert visit.outside == []


@pytest.mark.parametrize("width", [360, 768])
async def test_pages_of_stock_campaigns_and_disputes_fit_a_narrow_screen(
    network: Network, visit: "Visit", width: int
) -> None:
    sku = "CED-SLEEPING-BAG-DOWN-LONG"
    product = {"sku": sku, "expected_quantity": 1_000_000, "ready_by": "2099-02-20"}
    plan = {
        "name": "L" * 60,
        "starts": "2099-03-01T08:00:00Z",
        "ends": "2099-03-31T20:00:00Z",
        "products": [product],
    }
    campaign = await network.post(
        "/tradinggrid/v1/campaigns", {**plan, "partner_id": "cedar-outdoor"}
    )
    await network.post(
        f"/_emulator/campaigns/{campaign['id']}/readiness",
        {
            "commitments": [{"sku": sku, "status": "at_risk", "note": "From Oslo " * 9}],
            "issues": [{"code": "C" * 60, "sku": sku, "text": "T" * 90, "severity": "high"}],
        },
    )
    plan["products"] = [{**product, "expected_quantity": 2_000_000}]
    path = f"/tradinggrid/v1/campaigns/{campaign['id']}"
    answer = await network.http.put(path, json=plan, headers={"If-Match": '"1"'})
    assert answer.is_success, answer.text
    constraint = {"code": "stop_sell", "until": "2099-02-20", "text": "Recall " * 20}
    line = {"sku": sku, "available": 1_000_000, "allocation": 1_000_000, "constraint": constraint}
    advice = await network.post(
        "/_emulator/inventory-advices",
        {"partner_id": "cedar-outdoor", "location_code": "W" * 50, "lines": [line]},
    )
    case = await network.post("/tradinggrid/v1/cases", DISPUTE)
    page = visit.page
    await page.set_viewport_size({"width": width, "height": 800})
    for place in (
        "/inventory",
        f"/inventory/{advice['id']}",
        "/campaigns",
        f"/campaigns/{campaign['id']}",
        f"/cases/{case['id']}",
    ):
        await page.goto(network.portal + place)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.evaluate(
            """() => document.querySelectorAll("details").forEach((part) => {
                part.removeAttribute("name");
                part.open = true;
            })"""
        )
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, place


@pytest.mark.parametrize("width", [360, 768])
async def test_pages_of_purchase_orders_fit_a_narrow_screen(
    network: Network, visit: "Visit", width: int
) -> None:
    long = {"sku": "CED-SLEEPING-BAG-DOWN-LONG", "quantity": 12}
    order = await network.order("W" * 22, long)
    change = {"change_number": "1", "purpose": "cancel"}
    await network.post(f"/tradinggrid/v1/purchase-orders/{order['id']}/changes", change)
    said = {"line_id": "1", "ack_code": "IB", "quantity": 12, "note": "From Oslo " * 9}
    await network.post("/_emulator/purchase-orders/" + "W" * 22 + "/responses", {"lines": [said]})
    item = {"po_number": "W" * 22, "line_id": "1", "sku": long["sku"], "quantity": 5}
    package = {"tracking_number": "1Z" + "0" * 60, "items": [item]}
    await network.post("/_emulator/shipment-notices", {"packages": [package]})
    page = visit.page
    await page.set_viewport_size({"width": width, "height": 800})
    listed = f"{network.portal}/purchase-orders"
    for address in (listed, f"{listed}/{order['id']}", f"{listed}/{order['id']}/shipment"):
        await page.goto(address)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, address
