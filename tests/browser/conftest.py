"""The real stack and a real Chromium, started once; each test opens its own case and its own browser context."""

import asyncio
import logging
import shutil
import struct
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4
from zlib import compress, crc32

import pytest
import pytest_asyncio
from playwright.async_api import (
    Browser,
    BrowserContext,
    Dialog,
    FilePayload,
    Page,
    async_playwright,
    expect,
)

from demo.furnish import SHOP, DemoPartner, Merchant, make_key
from demo.ports import Ports
from demo.stack import Stack

CHROMIUM = shutil.which("chromium")
LOOPBACK = "127.0.0.1"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # What a page asks of another host fails at once, as on a machine without a network.
    f"--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE {LOOPBACK}",
)
CEDAR = DemoPartner("cedar-outdoor", "Cedar Outdoor", "Cedar", "manual")
# The merchant is asked for its word on the refund; silence is as in the demo.
TERMS = {
    "answer_within": {"hours": 72},
    "at_deadline": "approve_under",
    "approve_under": {"amount": "50.00", "currency": "EUR"},
    "refund": "ask_merchant",
}
PATIENCE_MS = 10_000

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM is not None:
        return
    here = Path(__file__).parent
    no_browser = pytest.mark.skip(reason="There is no `chromium` on the PATH; install it.")
    for item in items:
        if here in item.path.parents:
            item.add_marker(no_browser)


@dataclass(frozen=True)
class Shop:
    """The running stack, with the merchant's hands on it."""

    stack: Stack
    key: str
    merchant: Merchant

    @property
    def portal(self) -> str:
        return f"{self.stack.trading_grid}/portal/{CEDAR.id}"

    async def case(self, *lines: Mapping[str, Any]) -> dict[str, Any]:
        """A return of these articles (sku, quantity, price, note) that waits for Cedar Outdoor."""
        order = await self.merchant.order(
            *(
                {
                    "sku": line["sku"],
                    "quantity": line["quantity"],
                    "price": line.get("price", "249.00"),
                    "vendor": CEDAR.vendor,
                }
                for line in lines
            )
        )
        return_id = await self.merchant.ask_for_return(
            order,
            *(
                {
                    "sku": line["sku"],
                    "quantity": line["quantity"],
                    "reason": "DEFECTIVE",
                    "note": line.get("note", ""),
                }
                for line in lines
            ),
        )
        case = await self.until(f"return-claim:{SHOP}:{return_id}", "awaiting_partner")
        return case | {"order_number": order["order_id"].rsplit("/", 1)[-1]}

    async def until(self, case_id: str, status: str, within: float = 20) -> dict[str, Any]:
        """The case, once it stands there; fails with where it stands instead."""
        end = asyncio.get_running_loop().time() + within
        while True:
            answer = await self.merchant.api.get(f"/cases/{quote(case_id)}")
            found: dict[str, Any] = answer.json()
            if answer.is_success and found["status"] == status:
                return found
            if asyncio.get_running_loop().time() > end:
                pytest.fail(f"{case_id} did not come to {status}: {answer.text[:2000]}")
            await asyncio.sleep(0.1)

    async def tell(self, case_id: str, command: str, **body: Any) -> dict[str, Any]:
        """An operator's command; it must be taken."""
        return await self.merchant.post(
            self.merchant.api,
            f"/cases/{quote(case_id)}/{command}",
            body,
            **{"Idempotency-Key": uuid4().hex},
        )


@dataclass
class Visit:
    """A browser context with one page, and what must never happen in it."""

    context: BrowserContext
    page: Page
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def outside(self) -> list[str]:
        """Requests that would leave this machine."""
        return [url for url in self.requests if urlsplit(url).hostname != LOOPBACK]

    async def unharmed(self) -> None:
        """Nothing of what a partner wrote ran, was made an element, or was fetched."""
        assert self.dialogs == []
        for frame in self.page.frames:
            assert await frame.evaluate("() => window.harmed === undefined")
            assert (
                await frame.locator("img[src*=hostile], a[href*=hostile], [onerror]").count() == 0
            )
        assert [url for url in self.outside if "hostile" in url] == []


Picture = Callable[[str], FilePayload]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    # Every poll of the API would be a line in a failing test's log.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    stack = Stack(Ports.free(), tmp_path_factory.mktemp("browser"), {"GRIDCASE_SWEEP_SECONDS": "5"})
    try:
        key = await make_key(stack, "maria")
        await stack.start()
        async with Merchant(stack, key) as merchant:
            await merchant.furnish((CEDAR,), TERMS)
            yield Shop(stack, key, merchant)
    finally:
        await stack.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        made = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            yield made
        finally:
            await made.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser) -> AsyncIterator[Visit]:
    context = await browser.new_context(
        viewport={"width": 1280, "height": 900}, timezone_id="UTC", locale="en-GB"
    )
    context.set_default_timeout(PATIENCE_MS)
    made = Visit(context, await context.new_page())

    async def dismiss(dialog: Dialog) -> None:
        made.dialogs.append(dialog.message)
        await dialog.dismiss()

    # Heard, not routed: routing switches the cache off, and the resolver lets nothing out anyway.
    context.on("request", lambda request: made.requests.append(request.url))
    context.on("dialog", dismiss)
    context.on("weberror", lambda error: made.errors.append(str(error.error)))
    try:
        yield made
    finally:
        await context.close()


@pytest.fixture(scope="session")
def photo() -> bytes:
    """A real picture: one red pixel as PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = compress(b"\x00\xff\x00\x00")
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.fixture(scope="session")
def picture(photo: bytes) -> Picture:
    """The photo as a file for a browser to upload, under any name."""

    def named(name: str) -> FilePayload:
        return {"name": name, "mimeType": "image/png", "buffer": photo}

    return named
