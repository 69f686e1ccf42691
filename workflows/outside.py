"""How a case calls the outside: shadow mode, pause switches, refusals and the operator's retry, in one place."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    TimeoutError,
    is_cancelled_exception,
)
from temporalio.workflow import ActivityConfig, ActivityHandle

with workflow.unsafe.imports_passed_through():
    from domain.case import CaseState, Trouble
    from domain.failures import PAUSED, THROTTLED, UNAVAILABLE
    from workflows.case_file import CaseFile
    from workflows.waiting import Stopped, until

Request = TypeVar("Request")
Answer = TypeVar("Answer")

_KEYS = uuid.UUID("6f0f4a52-6a0c-5a35-9d2e-6a1d8d1c7b10")
_LONGEST_LOOK = timedelta(hours=6)
_GRACE = timedelta(minutes=1)


@dataclass(frozen=True)
class Limit:
    """When a call is no longer worth waiting for: once `over` says so, and from `at` on."""

    over: Callable[[], bool] = lambda: False
    at: datetime | None = None

    @property
    def reached(self) -> bool:
        return self.over() or (self.at is not None and workflow.now() >= self.at)


_ENDLESS = Limit()


class Outside:
    """Calls activities for one case.

    A call that is refused for good, or stays impossible for its whole time, does not kill the case: it becomes a trouble,
    the case waits for the merchant, and `retry` makes the call again under a new idempotency key.

    A case that is stopped lets a call under way finish, and gives up one that is only being tried again.
    """

    def __init__(
        self,
        case: CaseState,
        file: CaseFile,
        show: Callable[[], None],
        trouble: Callable[[Trouble], None],
    ) -> None:
        """`show`: the state moved; `trouble`: tell people of this one."""
        self._case = case
        self._file = file
        self._show = show
        self._trouble = trouble
        self._pause_signals = 0
        self._ending = False

    def look_at_pause(self) -> None:
        """A pause switch was turned: whoever waits for one looks again at once."""
        self._pause_signals += 1

    @property
    def shadow(self) -> bool:
        return self._case.shadow

    def next_number(self) -> int:
        """A number no other call of this case has; for references that the remote keeps."""
        self._case.call_sequence += 1
        return self._case.call_sequence

    def escalate(self) -> None:
        self._case.escalated += 1
        self._show()

    def end(self) -> None:
        """From now on nobody waits for a retry: what is refused is noted, and the case ends all the same."""
        self._ending = True

    async def read(
        self,
        activity: Callable[[Any, Request], Awaitable[Answer]],
        request: Request,
        config: ActivityConfig,
        summary: str,
    ) -> Answer:
        """A call that changes nothing outside.

        Raises:
            Stopped: the case was stopped, or ended, before an answer came.
        """
        answer = await self._attempt(activity, lambda _: request, config, summary)
        if answer is None:
            raise Stopped
        return answer

    async def write(
        self,
        activity: Callable[[Any, Request], Awaitable[Answer]],
        request: Callable[[str], Request],
        config: ActivityConfig,
        summary: str,
        *,
        limit: Limit = _ENDLESS,
    ) -> Answer | None:
        """A call that changes something outside; `request` is built with the call's idempotency key.

        None where nothing was sent: in shadow mode (the timeline says what would have been), or when the case is ending and
        the call was refused; also where `limit` was reached first.

        Raises:
            Stopped: the case was stopped before it was done.
        """
        if self._case.shadow:
            self._file.note("shadow", f"Would: {summary}")
            return None
        return await self._attempt(activity, request, config, summary, limit)

    async def _attempt(
        self,
        activity: Callable[[Any, Request], Awaitable[Answer]],
        request: Callable[[str], Request],
        config: ActivityConfig,
        summary: str,
        limit: Limit = _ENDLESS,
    ) -> Answer | None:
        key, looks = self._key(summary), 0
        while True:
            call = workflow.start_activity_method(
                activity, request(key), **config | {"summary": summary}
            )
            await self._done_or_given_up(call, limit)
            try:
                answer = await call
            except ActivityError as error:
                if is_cancelled_exception(error):
                    if limit.reached and not self._stopping:
                        return None
                    raise Stopped from error
                if isinstance(error.cause, ApplicationError) and error.cause.type == PAUSED:
                    await self._paused(error.cause.message, looks, limit)
                    looks += 1
                    if limit.reached:
                        return None
                elif await self._refused(summary, error, limit):
                    key = self._key(summary)
                else:
                    return None
            else:
                self._called()
                return answer

    @property
    def _stopping(self) -> bool:
        return bool(self._case.stop) and not self._ending

    async def _done_or_given_up(self, call: ActivityHandle[Answer], limit: Limit) -> None:
        """A stopped case gives a call a minute, then has it cancelled: an attempt under way still finishes (see options)."""
        await until(
            lambda: call.done() or self._stopping or limit.over(),
            limit.at,
            "Give the call up",
        )
        if call.done():
            return
        await until(call.done, workflow.now() + _GRACE, "Let the call under way finish")
        if not call.done():
            call.cancel()

    def _called(self) -> None:
        if self._case.paused:
            self._case.paused = ""
            self._file.note("resumed", "The pause is over.")
            self._show()

    def _key(self, step: str) -> str:
        """An idempotency key that a replay makes again and no other call shares."""
        self._case.call_sequence += 1
        info = workflow.info()
        return str(
            uuid.uuid5(_KEYS, f"{info.first_execution_run_id}:{step}:{self._case.call_sequence}")
        )

    async def _paused(self, reason: str, looks: int, limit: Limit) -> None:
        if self._case.paused != reason:
            self._case.paused = reason
            self._file.note("paused", f"Paused: {reason}")
            self._show()
        seen = self._pause_signals
        # A signal ends the wait at once; looking now and then repairs a lost one, more and more seldom.
        look = min(timedelta(minutes=1) * 4 ** min(looks, 5), _LONGEST_LOOK)
        if limit.at is not None:
            # Where time is short, a lost signal must not cost much of it.
            look = max(min(look, (limit.at - workflow.now()) / 10), timedelta(seconds=1))
        await until(
            lambda: self._pause_signals > seen or self._stopping or limit.over(),
            workflow.now() + look,
            "Look whether the pause is over",
        )
        if self._stopping:
            raise Stopped

    async def _refused(self, step: str, error: ActivityError, limit: Limit) -> bool:
        """Wait for the operator's retry; False where the case is ending, or the limit is reached: nobody waits any more."""
        kind, message = explain(error)
        self._file.note("refused", f"{step}: {message}", flagged=True)
        if self._ending or limit.reached:
            return False
        mark = self._case.retries
        trouble = Trouble(step=step, message=message, type=kind, since=workflow.now())
        self._case.troubles[step] = trouble
        self._trouble(trouble)
        self._show()
        await until(
            lambda: (
                self._case.retries > mark or bool(self._case.stop) or self._ending or limit.over()
            ),
            limit.at,
            "Wait for a retry",
        )
        self._case.troubles.pop(step, None)
        self._show()
        again, stopping = self._case.retries > mark, self._stopping
        if stopping and not again:
            raise Stopped
        return again


def explain(error: ActivityError) -> tuple[str, str]:
    """Type and message of what went wrong, in plain words; `str(ActivityError)` says nothing."""
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type in {UNAVAILABLE, THROTTLED}:
        # Both are always tried again, so that this one was the last.
        return UNAVAILABLE, f"It stayed impossible for as long as we try; last: {cause.message}"
    if isinstance(cause, ApplicationError):
        return cause.type or "ApplicationError", cause.message
    if isinstance(cause, TimeoutError):
        last = cause.__cause__
        reason = last.message if isinstance(last, ApplicationError) else "no answer in time"
        return UNAVAILABLE, f"It stayed impossible for as long as we try; last: {reason}"
    return type(cause).__name__, str(cause)
