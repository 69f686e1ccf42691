"""Health, readiness, and the process itself."""

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from temporalio.client import Client

from api.services import Background, Services
from persistence.session import Database

ROOT = Path(__file__).resolve().parents[2]


async def test_the_process_is_alive_whatever_else_is_down(api: Any) -> None:
    assert (await api.get("/healthz")).json() == {"status": "ok"}


async def test_it_is_ready_with_database_and_temporal(api: Any, temporal: Client) -> None:
    answer = await api.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "missing": []})


async def test_it_says_that_temporal_is_missing(api: Any) -> None:
    answer = await api.get("/readyz")
    assert (answer.status_code, answer.json()["missing"]) == (503, ["temporal"])


async def test_it_says_that_the_schema_is_missing(
    api: Any, temporal: Client, services: Services, tmp_path: Path
) -> None:
    empty = Database(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")
    object.__setattr__(services, "database", empty)
    answer = await api.get("/readyz")
    assert (answer.status_code, answer.json()["missing"]) == (503, ["schema"])
    await empty.dispose()


async def test_it_says_that_the_database_is_missing(
    api: Any, temporal: Client, services: Services, tmp_path: Path
) -> None:
    nowhere = Database(f"sqlite+aiosqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}")
    object.__setattr__(services, "database", nowhere)
    answer = await api.get("/readyz")
    assert (answer.status_code, answer.json()["missing"]) == (503, ["database"])
    await nowhere.dispose()


async def test_background_work_is_drained_and_what_is_late_is_cancelled() -> None:
    background, done = Background(), []

    async def work(seconds: float) -> None:
        await asyncio.sleep(seconds)
        done.append(seconds)

    background.start(work(0.01), "short")
    background.start(work(60), "long")
    assert background.running == 2
    await background.drain(0.2)
    assert done == [0.01]
    assert background.running == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
async def test_the_process_migrates_serves_and_stops_cleanly(
    tmp_path: Path, stop: signal.Signals
) -> None:
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if "GRIDCASE" not in name}
    environment |= {
        "GRIDCASE_API_PORT": str(port),
        "GRIDCASE_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/var/gridcase.db",
        "GRIDCASE_DATA_DIR": str(tmp_path / "var"),
        "GRIDCASE_TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}",
        "GRIDCASE_LOG_JSON": "true",
        "PYTHONPATH": str(ROOT),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "api",
        cwd=tmp_path,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", trust_env=False
        ) as client:
            for _ in range(200):
                try:
                    ready = await client.get("/readyz")
                    break
                except httpx.TransportError:
                    assert process.returncode is None, await process.communicate()
                    await asyncio.sleep(0.1)
            assert (ready.status_code, ready.json()["missing"]) == (503, ["temporal"])
            assert (await client.get("/cases")).status_code == 401
        process.send_signal(stop)
        output, _ = await asyncio.wait_for(process.communicate(), 20)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, output.decode()
    assert b"Traceback" not in output, output.decode()
