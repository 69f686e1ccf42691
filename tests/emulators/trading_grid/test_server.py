"""The emulator as a process of its own."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from emulators.trading_grid.options import Options

ROOT = Path(__file__).parents[3]


@asynccontextmanager
async def started(*arguments: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The process and the origin it printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "emulators.trading_grid", "--port", "0", *arguments),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found is not None, line
        yield process, found[0]
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def healthy(http: httpx.AsyncClient) -> None:
    for _ in range(200):
        try:
            if (await http.get("/healthz")).status_code == 200:
                return
        except httpx.ConnectError:
            pass
        await asyncio.sleep(0.02)
    pytest.fail("the emulator did not become healthy")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_it_serves_and_stops_cleanly_with_work_under_way(how: signal.Signals) -> None:
    async with (
        started("--base-path", "/grid") as (process, origin),
        httpx.AsyncClient(base_url=origin, trust_env=False) as http,
    ):
        await healthy(http)
        partner = {"id": "acme", "name": "Acme", "behaviour": "slow"}
        assert (await http.post("/_emulator/partners", json=partner)).status_code == 201
        login = {
            "client_id": "demo-client",
            "client_secret": "demo-secret",
            "grant_type": "client_credentials",
        }
        token = (await http.post("/tenants/demo/oauth2/token", data=login)).json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        subscription = {"url": "http://127.0.0.1:9/nobody-listens"}
        assert (await http.post("/grid/event-subscriptions", json=subscription)).status_code == 201
        case = {"case_type": "return_claim", "subject": "R", "partner_id": "acme"}
        made = await http.post("/grid/cases", json=case)
        assert made.json()["_links"]["self"]["href"] == f"{origin}/grid/cases/{made.json()['id']}"
        (event,) = (await http.get("/grid/events")).json()["events"]
        assert event["data"]["href"] == f"{origin}/grid/cases/{made.json()['id']}"
        process.send_signal(how)
        _, errors = await asyncio.wait_for(process.communicate(), 20)
        assert process.returncode == 0
        assert b"Traceback" not in errors


async def test_a_taken_port_is_told_and_not_a_traceback() -> None:
    async with started() as (_, origin):
        port = origin.rsplit(":", 1)[1]
        second = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "emulators.trading_grid", "--port", port),
            cwd=ROOT,
            stderr=asyncio.subprocess.PIPE,
        )
        _, errors = await asyncio.wait_for(second.communicate(), 20)
        assert second.returncode == 1
        assert b"Can't listen on" in errors
        assert b"Traceback" not in errors


@pytest.mark.parametrize(
    "options",
    [
        {"base_path": "grid"},
        {"base_path": "/grid/"},
        {"public_url": "grid.example"},
        {"token_ttl_s": 0},
        {"retry_schedule_s": (-1.0,)},
    ],
)
def test_options_that_can_not_work_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Options(**options)  # type: ignore[arg-type]
