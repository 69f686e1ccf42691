"""Waiting for a condition until a moment, without the traps of timeouts and of cancellation."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, TypeVar

from temporalio import workflow

Result = TypeVar("Result")


class Stopped(Exception):
    """The case ends early: withdrawn, overtaken, or cancelled. `CaseState.stop` says why."""


async def hold(condition: Callable[[], bool]) -> None:
    """Wait until `condition` holds.

    Not for the workflow's main task. Where the SDK applies an activation's jobs as one batch (a flag of temporalio 1.35), a
    wait that began before Temporal's Cancel ends with `CancelledError` in whichever task it stands, while only the main
    task is meant; here it goes on.
    """
    while not condition():
        try:
            await workflow.wait_condition(condition)
        except asyncio.CancelledError:
            continue


async def until(condition: Callable[[], bool], at: datetime | None, summary: str) -> bool:
    """Wait until `condition` holds, or until `at`; whether it held. Like `hold`, not for the main task.

    The state decides, not the timer: both may land in one task, and a moment that has passed starts no timer at all.
    `summary` names the timer in the Temporal UI.
    """
    if at is None:
        await hold(condition)
        return True
    while not condition():
        left = at - workflow.now()
        if left.total_seconds() <= 0:
            return False
        try:
            await workflow.wait_condition(condition, timeout=left, timeout_summary=summary)
        except TimeoutError:
            return condition()
        except asyncio.CancelledError:
            continue
    return True


class Slots:
    """So many at a time: `async with slots` waits for its turn."""

    def __init__(self, count: int) -> None:
        self._free = count

    async def __aenter__(self) -> None:
        # More than one may be woken by one that was freed.
        while not self._free:
            await hold(lambda: self._free > 0)
        self._free -= 1

    async def __aexit__(self, *_: object) -> None:
        self._free += 1


async def to_its_end(
    work: Coroutine[Any, Any, Result], on_cancel: Callable[[], None] | None = None
) -> Result:
    """Run a workflow's work apart from its main task, which alone Temporal's Cancel hits; that becomes a word to the case.

    So a Cancel never tears a step apart: the case ends itself, as on the operator's `cancel`.
    """
    task = asyncio.create_task(work)
    while not task.done():
        try:
            await workflow.wait_condition(task.done)
        except asyncio.CancelledError:
            if on_cancel is not None:
                on_cancel()
    return task.result()


class Background:
    """Tasks beside a workflow's story. What one of them raises is raised in the story, at its next wait."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks = [task for task in self._tasks if not task.done() or task.exception()]
        self._tasks.append(asyncio.create_task(work))

    @property
    def failed(self) -> bool:
        return any(task.done() and task.exception() is not None for task in self._tasks)

    def check(self) -> None:
        """Raise what a task raised; a bug then fails the workflow task, visibly, until it is mended."""
        for task in self._tasks:
            if task.done() and (failure := task.exception()) is not None:
                raise failure

    async def finish(self) -> None:
        """Wait for all of them, also for those that start meanwhile."""
        await hold(lambda: self.failed or all(task.done() for task in self._tasks))
        self.check()
