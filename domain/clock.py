"""A span of waiting with reminders, an escalation and an end. Pure: it is told the time."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel

from domain.policy import Within


class Tick(StrEnum):
    REMIND = "remind"
    ESCALATE = "escalate"
    DEADLINE = "deadline"


class Due(BaseModel):
    """The next thing a clock will say, and when."""

    at: datetime
    tick: Tick


class Clock(BaseModel):
    """Counts from `start` to `due`; what was missed while nobody looked is said once, the most serious thing first."""

    start: datetime
    due: datetime
    reminders: tuple[float, ...] = ()
    escalate_at: float = 1.0
    reminded: int = 0
    escalated: bool = False
    over: bool = False
    stopped_at: datetime | None = None

    @classmethod
    def begin(
        cls,
        now: datetime,
        within: Within,
        *,
        reminders: tuple[float, ...],
        escalate_at: float = 1.0,
    ) -> "Clock":
        return cls(start=now, due=within.after(now), reminders=reminders, escalate_at=escalate_at)

    @property
    def running(self) -> bool:
        return not self.over and self.stopped_at is None

    def next(self) -> Due | None:
        """What comes next, or None when the clock stands still or is over."""
        if not self.running:
            return None
        coming = [Due(at=self.due, tick=Tick.DEADLINE)]
        if not self.escalated and self.escalate_at < 1:
            coming.append(Due(at=self._at(self.escalate_at), tick=Tick.ESCALATE))
        if self.reminded < len(self.reminders):
            coming.append(Due(at=self._at(self.reminders[self.reminded]), tick=Tick.REMIND))
        return min(coming, key=lambda due: due.at)

    def take(self, now: datetime) -> Tick | None:
        """What is due at `now`, marked as said; None when nothing is."""
        if not self.running:
            return None
        if now >= self.due:
            self.over = self.escalated = True
            return Tick.DEADLINE
        passed = sum(1 for fraction in self.reminders if now >= self._at(fraction))
        missed = passed > self.reminded
        self.reminded = max(self.reminded, passed)
        if not self.escalated and self.escalate_at < 1 and now >= self._at(self.escalate_at):
            self.escalated = True
            return Tick.ESCALATE
        return Tick.REMIND if missed else None

    def extend(self, until: datetime, now: datetime) -> None:
        """Give time until `until`; a clock that was over runs again.

        The span counts anew from now, so that the reminders of the longer time come again.
        """
        self.start, self.due = now, until
        self.over = self.escalated = False
        self.reminded = 0
        if self.stopped_at is not None:
            self.stopped_at = now

    def stop(self, now: datetime) -> None:
        """Stand still: the other side has to act first."""
        if self.running:
            self.stopped_at = now

    def resume(self, now: datetime) -> None:
        """Go on; the time that stood still is given back."""
        if self.stopped_at is not None:
            still = now - self.stopped_at
            self.start += still
            self.due += still
            self.stopped_at = None

    def _at(self, fraction: float) -> datetime:
        return self.start + (self.due - self.start) * fraction
