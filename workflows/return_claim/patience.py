"""How a claim waits: for whom, until when, whom it reminds, and when it gives up."""

from collections.abc import Callable

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.clock import Clock, Due, Tick
    from domain.notification import Severity
    from domain.return_claim import standing
    from domain.return_claim.state import Phase
    from workflows.return_claim.context import ClaimContext
    from workflows.waiting import until


class Patience:
    """The waits of a claim's story: while the merchant is waited for, its clock runs; else the stage's own, if any."""

    def __init__(self, ctx: ClaimContext) -> None:
        self._ctx = ctx

    async def wait(
        self, settled: Callable[[], bool], summary: str, *, clock: Clock | None = None
    ) -> bool:
        """Wait until `settled`; remind and call whoever holds it up. False where the time ran out.

        Raises:
            Stopped: the claim ends early.
        """
        ctx = self._ctx
        while True:
            ctx.background.check()
            ctx.check_stop()
            if settled():
                ctx.state.merchant_clock = None
                return True
            ctx.show()
            running = ctx.state.merchant_clock or clock
            due = running.next() if running else None

            def moved(running: Clock | None = running, due: Due | None = due) -> bool:
                return (
                    settled()
                    or bool(ctx.state.case.stop)
                    or ctx.background.failed
                    or (ctx.state.merchant_clock or clock) is not running
                    or (running.next() if running else None) != due
                )

            moved_first = await until(
                moved,
                due.at if due else None,
                f"{summary}: {due.tick.value}" if due else summary,
            )
            if not moved_first and running is not None and not self._call_out(running, summary):
                return False

    def mind_merchant(self) -> None:
        """Start the merchant's clock when it is first waited for, and drop it when it no longer is."""
        state = self._ctx.state
        if not state.wants_merchant:
            state.merchant_clock = None
        elif state.merchant_clock is None:
            state.merchant_clock = Clock.begin(
                workflow.now(),
                state.policy.merchant_within,
                reminders=state.policy.merchant_reminders,
            )
            waiting = standing.standing(state).waiting_for
            self._tell("your word is needed", waiting.what if waiting else "")

    def own_clock(self) -> Clock | None:
        """The clock that an `extend` without a partner moves; None where the claim waits for a partner."""
        state = self._ctx.state
        return state.merchant_clock or (state.goods_clock if state.phase is Phase.GOODS else None)

    def _call_out(self, clock: Clock, summary: str) -> bool:
        """Say what is due; false at the end of the time."""
        ctx = self._ctx
        match clock.take(workflow.now()):
            case Tick.DEADLINE:
                ctx.file.note("deadline", f"{summary}: the time ran out.", flagged=True)
                ctx.state.case.escalated += 1
                return False
            case Tick.REMIND | Tick.ESCALATE:
                waiting = standing.standing(ctx.state).waiting_for
                if waiting and waiting.until:
                    text = f"{waiting.what}; until {waiting.until:%d %b %Y %H:%M} UTC, then {waiting.then}."
                    self._tell(f"still waiting for {waiting.who}", text)
            case None:
                pass
        return True

    def _tell(self, subject: str, text: str) -> None:
        self._ctx.notices.send(self._ctx.state.policy.notify, Severity.WARNING, subject, text)
