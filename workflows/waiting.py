"""Waiting for a condition until a moment, without the traps of timeouts."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from temporalio import workflow


class Stopped(Exception):
    """The case ends early: withdrawn, overtaken, or cancelled. `CaseState.stop` says why."""


async def until(condition: Callable[[], bool], at: datetime | None, summary: str) -> bool:
    """Wait until `condition` holds, or until `at`; whether it held.

    The state decides, not the timer: both may land in one task, and a moment that has passed starts no timer at all.
    `summary` names the timer in the Temporal UI.
    """
    if condition():
        return True
    if at is None:
        await workflow.wait_condition(condition)
        return True
    left = at - workflow.now()
    if left.total_seconds() <= 0:
        return condition()
    try:
        await workflow.wait_condition(condition, timeout=left, timeout_summary=summary)
    except TimeoutError:
        return condition()
    return True


class Background:
    """Tasks beside a workflow's story. What one of them raises is raised in the story, at its next wait."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work))

    @property
    def failed(self) -> bool:
        return any(self._failure(task) is not None for task in self._tasks)

    def check(self) -> None:
        """Raise what a task raised; a bug then fails the workflow task, visibly, until it is mended."""
        for task in self._tasks:
            if (failure := self._failure(task)) is not None:
                raise failure

    async def finish(self) -> None:
        """Wait for all of them."""
        for task in self._tasks:
            await task

    @staticmethod
    def _failure(task: "asyncio.Task[None]") -> BaseException | None:
        if not task.done() or task.cancelled():
            return None
        return task.exception()
