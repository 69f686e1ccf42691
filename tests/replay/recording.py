"""Playing an ending on the real dev server, and keeping its history."""

import asyncio
import importlib
import json
import socket
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from domain.case import CaseKind
from persistence.migrate import migrate
from persistence.session import Database
from tests.temporal import packaged_binary, register_search_attributes
from tests.world import World, open_world

HERE = Path(__file__).parent
PATIENCE = 40.0  # seconds for one ending
Play = Callable[[World], Awaitable[str]]
"""Plays one case to its end, and says which it was."""

# What differs between machines and tells nothing about the workflow.
_NAMES = {"identity", "workerIdentity"}
_DROPPED = {"buildId", "binaryChecksum", "stackTrace", "requestId", "workerInstanceKey"}

# Alembic's context is one for the whole process.
_MIGRATING = asyncio.Lock()
_MIGRATED: list[bytes] = []


@dataclass(frozen=True)
class Ending:
    """One way a case of a kind ends; its play is in `tests/replay/endings/{kind}.py`."""

    kind: CaseKind
    name: str
    play: Play

    @property
    def history_path(self) -> Path:
        return HERE / "histories" / self.kind.value / f"{self.name}.json"

    @property
    def fingerprint_path(self) -> Path:
        return HERE / "fingerprints" / self.kind.value / f"{self.name}.txt"


def endings() -> list[Ending]:
    """Every ending of every lifecycle.

    Raises:
        ModuleNotFoundError: a lifecycle has none.
    """
    return [
        Ending(kind, name, play)
        for kind in CaseKind
        for name, play in importlib.import_module(
            f"tests.replay.endings.{kind.value}"
        ).ENDINGS.items()
    ]


@asynccontextmanager
async def dev_server() -> AsyncIterator[Client]:
    """The real server, in memory, with our search attributes."""
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=packaged_binary("temporal"),
        dev_server_log_level="error",
        data_converter=pydantic_data_converter,
    ) as environment:
        await register_search_attributes(environment.client)
        yield environment.client


async def played(client: Client, ending: Ending) -> WorkflowHistory:
    """The history of a play of this ending, from start to close, without what is of this machine.

    Raises:
        RuntimeError: the case did not complete.
        TimeoutError: it did not end in time.
    """
    with tempfile.TemporaryDirectory(prefix="gridcase-") as name:
        folder = Path(name)
        path = folder / "gridcase.db"
        path.write_bytes(await _migrated())
        database = Database(f"sqlite+aiosqlite:///{path}")
        try:
            async with open_world(client, database, folder) as world:
                async with asyncio.timeout(PATIENCE):
                    case_id = await ending.play(world)
                    await world.result(case_id)
                handle = client.get_workflow_handle(case_id)
                described = await handle.describe()
                if described.status is not WorkflowExecutionStatus.COMPLETED:
                    raise RuntimeError(f"{ending.name}: {case_id} is {described.status}")
                history = await handle.fetch_history()
        finally:
            await database.dispose()
    return parse(json.dumps(_impersonal(json.loads(history.to_json()))))


async def _migrated() -> bytes:
    """An empty database of the current schema; migrated once a process."""
    async with _MIGRATING:
        if not _MIGRATED:
            with tempfile.TemporaryDirectory(prefix="gridcase-") as name:
                path = Path(name) / "gridcase.db"
                await migrate(f"sqlite+aiosqlite:///{path}")
                _MIGRATED.append(path.read_bytes())
    return _MIGRATED[0]


def parse(text: str) -> WorkflowHistory:
    """A history as it is kept in a file."""
    events = json.loads(text)["events"]
    workflow_id = events[0]["workflowExecutionStartedEventAttributes"]["workflowId"]
    return WorkflowHistory.from_json(workflow_id, text)


def written(history: WorkflowHistory) -> str:
    """The text of a history's file: Temporal's own JSON, one event a line.

    Raises:
        ValueError: something of this machine is in it.
    """
    content = json.loads(history.to_json())
    events = ",\n".join(
        json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        for event in content["events"]
    )
    text = f'{{"events":[\n{events}\n]}}\n'
    for private in (socket.gethostname(), str(Path.home()) + "/", str(HERE.parents[1])):
        if private in text:
            raise ValueError(f"The history has {private!r} in it.")
    return text


def _impersonal(value: Any) -> Any:
    if isinstance(value, list):
        return [_impersonal(part) for part in value]
    if not isinstance(value, dict):
        return value
    found = {key: _impersonal(part) for key, part in value.items() if key not in _DROPPED}
    for key in _NAMES & set(found):
        found[key] = "gridcase"
    if isinstance(queue := found.get("taskQueue"), dict):
        queue |= {key: "gridcase" for key in ("name", "normalName") if key in queue}
    return found
