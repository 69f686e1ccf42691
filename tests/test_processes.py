"""Processes as an operator starts and stops them: commands, exit codes, and what they say when they can't go on."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from settings import Settings
from tests.temporal import packaged_binary

ROOT = Path(__file__).resolve().parents[1]
on_dev_server = pytest.mark.e2e
in_module_loop = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True)
class Ended:
    code: int | None
    said: str


@dataclass(frozen=True)
class Machine:
    """A folder to start processes in, without what the environment of this test run sets."""

    folder: Path
    settings: Mapping[str, str]

    def environment(self) -> dict[str, str]:
        kept = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("GRIDCASE_", "TEMPORAL_"))
        }
        own = {
            "PYTHONPATH": str(ROOT),
            "GRIDCASE_DATA_DIR": str(self.folder),
            "GRIDCASE_DATABASE_URL": f"sqlite+aiosqlite:///{self.folder / 'gridcase.db'}",
        }
        return kept | own | dict(self.settings)

    async def start(self, *module: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *module,
            cwd=self.folder,
            env=self.environment(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )

    async def run(self, *module: str, within: float = 30) -> Ended:
        return await end_of(await self.start(*module), within)

    @asynccontextmanager
    async def running(self, *module: str) -> AsyncIterator[asyncio.subprocess.Process]:
        process = await self.start(*module)
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def end_of(process: asyncio.subprocess.Process, within: float) -> Ended:
    try:
        said, _ = await asyncio.wait_for(process.communicate(), within)
    except TimeoutError:
        process.kill()
        said, _ = await process.communicate()
        raise AssertionError(f"It did not end within {within} s: {said.decode()}") from None
    return Ended(process.returncode, said.decode())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Without Temporal: nobody listens where its settings point."""
    return Machine(tmp_path, {"GRIDCASE_TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}"})


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def temporal() -> AsyncIterator[str]:
    """The address of a dev server."""
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=packaged_binary("temporal"), dev_server_log_level="error"
    ) as environment:
        yield environment.client.service_client.config.target_host


@pytest.fixture
def connected(temporal: str, tmp_path: Path) -> Machine:
    """With Temporal, and a namespace of the test's own that is not there yet."""
    return Machine(
        tmp_path,
        {
            "GRIDCASE_TEMPORAL_ADDRESS": temporal,
            "GRIDCASE_TEMPORAL_NAMESPACE": f"test-{tmp_path.name[:40].strip('_-0')}",
            "GRIDCASE_API_PORT": str(free_port()),
        },
    )


async def provisioned(machine: Machine) -> None:
    for command in (("deploy.namespace",), ("manage", "provision")):
        ended = await machine.run(*command)
        assert ended.code == 0, ended.said


# Commands.


async def test_manage_says_what_it_can_do(machine: Machine) -> None:
    ended = await machine.run("manage", "--help")
    assert ended.code == 0, ended.said
    assert all(command in ended.said for command in ("migrate", "provision", "create-key"))


async def test_manage_migrates_a_database_and_does_it_again(machine: Machine) -> None:
    for _ in range(2):
        ended = await machine.run("manage", "migrate")
        assert (ended.code, ended.said.strip()) == (0, "The database has the current schema.")
    assert (machine.folder / "gridcase.db").exists()


async def test_manage_makes_a_key_and_shows_it_once(machine: Machine) -> None:
    first = await machine.run("manage", "create-key", "ops", "--scope", "read", "--scope", "admin")
    second = await machine.run("manage", "create-key", "ops")
    assert (first.code, second.code) == (0, 0), first.said + second.said
    keys = {first.said.strip(), second.said.strip()}
    assert len(keys) == 2
    assert all(len(key) > 20 and " " not in key and "\n" not in key for key in keys)


async def test_manage_refuses_a_scope_that_does_not_exist(machine: Machine) -> None:
    ended = await machine.run("manage", "create-key", "ops", "--scope", "everything")
    assert ended.code != 0
    assert "everything" in ended.said


# What cannot go on says why, and ends.


async def test_a_worker_without_temporal_ends_with_a_word(machine: Machine) -> None:
    ended = await machine.run("worker")
    assert ended.code == 1
    assert "worker failed" in ended.said


@on_dev_server
@in_module_loop
async def test_a_worker_without_search_attributes_refuses_to_start(connected: Machine) -> None:
    made = await connected.run("deploy.namespace")
    assert made.code == 0, made.said
    ended = await connected.run("worker")
    assert ended.code == 1
    assert "lacks the search attributes" in ended.said
    assert "python -m manage provision" in ended.said


async def test_a_health_check_of_a_server_that_is_not_there_fails(machine: Machine) -> None:
    ended = await machine.run("deploy.health", "http", str(free_port()), "/readyz")
    assert ended.code == 1
    assert "no answer" in ended.said


# Starting and stopping.


@on_dev_server
@in_module_loop
async def test_a_namespace_is_made_once_and_provisioned_again_and_again(
    connected: Machine,
) -> None:
    made, again = [await connected.run("deploy.namespace") for _ in range(2)]
    assert "is made" in made.said
    assert "is there" in again.said
    for _ in range(2):
        ended = await connected.run("manage", "provision")
        assert ended.code == 0, ended.said


@on_dev_server
@in_module_loop
async def test_worker_and_api_are_healthy_and_end_with_0_on_sigterm(connected: Machine) -> None:
    await provisioned(connected)
    sick = await connected.run("deploy.health", "worker")
    assert sick.code == 1, sick.said
    assert "no worker of this host" in sick.said
    port = connected.settings["GRIDCASE_API_PORT"]
    async with connected.running("worker") as worker, connected.running("api") as api:
        await healthy(connected, api, "http", port, "/readyz")
        await healthy(connected, worker, "worker")
        for process in (worker, api):
            process.send_signal(signal.SIGTERM)
        ends = [await end_of(process, 15) for process in (worker, api)]
    assert [end.code for end in ends] == [0, 0], ends
    assert "Traceback" not in ends[0].said + ends[1].said


async def healthy(machine: Machine, process: asyncio.subprocess.Process, *check: str) -> None:
    """Wait until a process passes its health check, as Compose does."""
    end = time.monotonic() + 30
    while (ended := await machine.run("deploy.health", *check)).code != 0:
        if process.returncode is not None:
            raise AssertionError((await end_of(process, 5)).said)
        assert time.monotonic() < end, ended.said
        await asyncio.sleep(0.2)


async def test_an_api_without_temporal_takes_webhooks_says_what_is_missing_and_ends_with_0(
    machine: Machine,
) -> None:
    port = free_port()
    machine = Machine(machine.folder, {**machine.settings, "GRIDCASE_API_PORT": str(port)})
    async with (
        machine.running("api") as api,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http,
    ):
        await healthy(machine, api, "http", str(port), "/healthz")
        ready = await http.get("/readyz", timeout=15)
        assert (ready.status_code, ready.json()["missing"]) == (503, ["temporal"])
        api.send_signal(signal.SIGTERM)
        ended = await end_of(api, 15)
    assert ended.code == 0, ended.said


@on_dev_server
@in_module_loop
async def test_ten_short_runs_that_connect_to_temporal_all_end_with_0(connected: Machine) -> None:
    """temporalio 1.35 was seen to crash at interpreter exit in one short run of seven."""
    ends = []
    for _ in range(5):
        ends += await asyncio.gather(*(connected.run("deploy.namespace") for _ in range(2)))
    assert [end.code for end in ends] == [0] * 10, [end.said for end in ends if end.code]


def test_the_settings_of_a_test_machine_are_settings(machine: Machine) -> None:
    given = {name for name in machine.environment() if name.startswith("GRIDCASE_")}
    assert given <= {f"GRIDCASE_{name.upper()}" for name in Settings.model_fields}
