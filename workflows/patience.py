"""How a case waits: for whom, until when, whom it reminds, and when it gives up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.case import WaitingFor
    from domain.clock import Clock, Due, Tick
    from domain.notification import Severity
    from workflows.waiting import until

if TYPE_CHECKING:
    from workflows.case_tools import AnyCase


class Patience:
    """The waits of a case's story: while the merchant is waited for, its clock runs; else the stage's own, if any."""

    def __init__(self, tools: AnyCase) -> None:
        self._tools = tools
        self._stage: Clock | None = None

    async def wait(
        self,
        settled: Callable[[], bool],
        summary: str,
        *,
        clock: Clock | None = None,
        at: Callable[[], datetime | None] = lambda: None,
        keep: bool = False,
    ) -> bool:
        """Wait until `settled`; remind and call whoever holds it up. False where the time ran out.

        `clock` is the stage's own; it runs while the merchant is not waited for. `at` is a moment that ends the wait whoever
        is waited for. `keep`: the merchant's clock runs on, since the case only goes on in a new run.

        Raises:
            Stopped: the case ends early.
        """
        tools = self._tools
        self._stage = clock
        try:
            while True:
                tools.background.check()
                tools.check_stop()
                if settled():
                    if not keep:
                        tools.case.merchant_clock = None
                    return True
                tools.show()
                running = tools.case.merchant_clock or clock
                due = running.next() if running else None
                end = at()
                if end is not None and workflow.now() >= end:
                    return False

                def moved(
                    running: Clock | None = running,
                    due: Due | None = due,
                    end: datetime | None = end,
                ) -> bool:
                    return (
                        settled()
                        or bool(tools.case.stop)
                        or tools.background.failed
                        or (tools.case.merchant_clock or clock) is not running
                        or (running.next() if running else None) != due
                        or at() != end
                    )

                ends_first = end is not None and (due is None or end <= due.at)
                moved_first = await until(
                    moved,
                    end if ends_first else due.at if due else None,
                    f"{summary}: {due.tick.value}" if due and not ends_first else summary,
                )
                if ends_first:
                    continue
                if not moved_first and running is not None and not self._call_out(running, summary):
                    return False
        finally:
            self._stage = None

    def mind_merchant(self) -> None:
        """Start the merchant's clock when it is first waited for, and drop it when it no longer is."""
        tools = self._tools
        if not tools.facts.wants_merchant():
            tools.case.merchant_clock = None
        elif tools.case.merchant_clock is None:
            now = workflow.now()
            policy, due = tools.facts.policy(), tools.facts.merchant_due(now)
            tools.case.merchant_clock = Clock(
                start=now,
                due=due or policy.merchant_within.after(now),
                reminders=policy.merchant_reminders,
            )
            waiting = self._waiting()
            self._tell("your word is needed", waiting.what if waiting else "")

    def own_clock(self) -> Clock | None:
        """The clock that an `extend` without a partner moves; None where the case waits for a partner."""
        return self._tools.case.merchant_clock or self._stage

    def _call_out(self, clock: Clock, summary: str) -> bool:
        """Say what is due; false at the end of the time."""
        tools = self._tools
        match clock.take(workflow.now()):
            case Tick.DEADLINE:
                tools.file.note("deadline", f"{summary}: the time ran out.", flagged=True)
                tools.case.escalated += 1
                return False
            case Tick.REMIND | Tick.ESCALATE:
                waiting = self._waiting()
                if waiting and waiting.until:
                    text = f"{waiting.what}; until {waiting.until:%d %b %Y %H:%M} UTC, then {waiting.then}."
                    self._tell(f"still waiting for {waiting.who}", text)
            case None:
                pass
        return True

    def _waiting(self) -> WaitingFor | None:
        return self._tools.facts.snapshot().waiting_for

    def _tell(self, subject: str, text: str) -> None:
        self._tools.notices.send(self._tools.facts.policy().notify, Severity.WARNING, subject, text)
