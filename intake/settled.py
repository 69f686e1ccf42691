"""What became of an event."""

from dataclasses import dataclass
from datetime import timedelta

from intake.opening import OpenedCase
from persistence.repositories.case_references import Reference
from persistence.repositories.inbound_events import EventStatus

PARK_AGAIN = timedelta(seconds=20)
"""When to try again what waits for a write of our own that is under way."""


@dataclass(frozen=True)
class Settled:
    """What became of an event."""

    status: EventStatus
    reason: str = ""
    case_ids: tuple[str, ...] = ()
    again_in: timedelta | None = None
    opened: OpenedCase | None = None
    waits_for: tuple[Reference, ...] = ()
    """Case references that a parked event waits for; it is due as soon as one is entered."""
