"""`make demo`, as a newcomer runs it: to its end, over what an earlier one left, and with a port that is taken."""

import asyncio
import os
import socket
import sys
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from demo.furnish import Merchant
from demo.ports import Ports
from demo.stack import ROOT, Stack
from demo.stage import Stage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


def environment(ports: Ports) -> dict[str, str]:
    return {**os.environ} | {
        "GRIDCASE_DEMO_ONCE": "1",
        "GRIDCASE_API_PORT": str(ports.api),
        "GRIDCASE_TEMPORAL_PORT": str(ports.temporal),
        "GRIDCASE_TEMPORAL_UI_PORT": str(ports.temporal_ui),
        "GRIDCASE_SHOPIFY_EMULATOR_PORT": str(ports.shopify),
        "GRIDCASE_TRADING_GRID_EMULATOR_PORT": str(ports.trading_grid),
    }


async def demo(ports: Ports, folder: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "demo"),
        env=environment(ports) | {"GRIDCASE_DEMO_FOLDER": folder, "COLUMNS": "160"},
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def test_the_demo_plays_to_its_end_whatever_an_earlier_one_has_left(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    (folder / "documents").mkdir(parents=True)
    (folder / "gridcase.db").write_bytes(b"of an earlier demo, torn in the middle")
    code, output = await demo(Ports.free(), str(folder))
    assert code == 0, output
    for words in (
        "closed refunded",
        "declined",
        "awaiting merchant",
        "awaiting partner",
        "/portal/cedar-outdoor",
        "completed",
        "resolved by partner",
        "resolved: complete",
        "backordered",
        "Fulfilled in Shopify",
        "/namespaces/default/workflows/return-claim",
        "/namespaces/default/workflows/purchase-order",
        "/namespaces/default/workflows/shipping-documents",
        "/namespaces/default/workflows/order-exception",
        "/namespaces/default/workflows/inventory-feed",
        "/namespaces/default/workflows/dispute",
        "/namespaces/default/workflows/campaign-readiness",
        "resolved: won",
        "The campaign is completed (3 sold of 50 pieces committed)",
        "1 SKU: no item of the shop has this SKU",
    ):
        assert words in output, output


async def test_a_taken_port_is_named_with_the_way_to_choose_another(tmp_path: object) -> None:
    ports = Ports.free()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", ports.shopify))
        taken.listen()
        code, output = await demo(ports, f"{tmp_path}/demo")
    assert code == 1
    assert f"Port {ports.shopify} for the Shopify emulator is taken" in output
    assert "GRIDCASE_SHOPIFY_EMULATOR_PORT=" in output


async def test_a_case_that_a_busy_api_opens_later_is_waited_for(tmp_path: Path) -> None:
    asked: list[str] = []

    def api(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url.path}")
        if request.method == "POST":
            return httpx.Response(202, json={"event_id": 7, "reason": "It is being opened."})
        return httpx.Response(200, json={"case_ids": ["campaign:acme:7"] if len(asked) > 2 else []})

    async with Merchant(Stack(Ports.free(), tmp_path), "key") as merchant:
        merchant.api = httpx.AsyncClient(
            base_url="http://api.test", transport=httpx.MockTransport(api)
        )
        case_id = await Stage(merchant, Console()).open("/campaigns", {}, key="demo")
    assert case_id == "campaign:acme:7"
    assert asked == ["POST /campaigns", *["GET /inbound-events/7"] * 2]
