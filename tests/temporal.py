"""Temporal's own servers for tests: the time-skipping one, and the dev server. Both come from packages."""

import shutil
import sysconfig
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker._workflow import _WorkflowWorker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from intake.provision import SEARCH_ATTRIBUTES


def packaged_binary(name: str) -> str:
    """The path of an executable that a package of ours has installed beside Python (`temporal`, `temporal-test-server`).

    Raises:
        RuntimeError: it is not there for this machine.
    """
    beside = Path(sysconfig.get_path("scripts")) / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise RuntimeError(f"There is no {name}; install requirements/dev.txt.")
    return found


async def register_search_attributes(client: Client) -> None:
    """A task that sets an attribute nobody registered loops for ever."""
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace=client.namespace, search_attributes=SEARCH_ATTRIBUTES)
    )


@pytest.fixture(scope="session", autouse=True)
def patient_workers() -> Iterator[None]:
    """The sandbox tries every workflow as a worker is made: here once a process, not once a test."""
    tried: set[type] = set()
    prepare = SandboxedWorkflowRunner.prepare_workflow

    def once(self: SandboxedWorkflowRunner, definition: Any) -> None:
        if definition.cls not in tried:
            prepare(self, definition)
            tried.add(definition.cls)

    begin = _WorkflowWorker.__init__

    def begin_patiently(self: _WorkflowWorker, **how: Any) -> None:
        # Where tests keep all cores busy, two seconds without a yield are no deadlock yet.
        begin(self, **how)
        self._deadlock_timeout_seconds = 15

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SandboxedWorkflowRunner, "prepare_workflow", once)
        patch.setattr(_WorkflowWorker, "__init__", begin_patiently)
        yield


@pytest.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    """The time-skipping server: it skips while a test awaits a result or `sleep`."""
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=packaged_binary("temporal-test-server"),
        data_converter=pydantic_data_converter,
    ) as environment:
        await register_search_attributes(environment.client)
        yield environment


@pytest.fixture
async def dev_server() -> AsyncIterator[WorkflowEnvironment]:
    """The real server, as on one machine; time passes as it does."""
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=packaged_binary("temporal"),
        data_converter=pydantic_data_converter,
    ) as environment:
        await register_search_attributes(environment.client)
        yield environment
