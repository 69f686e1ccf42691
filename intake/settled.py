"""What became of an event."""

from dataclasses import dataclass
from datetime import timedelta

from intake.opening import OpenedClaim
from persistence.repositories.inbound_events import EventStatus


@dataclass(frozen=True)
class Settled:
    """What became of an event."""

    status: EventStatus
    reason: str = ""
    case_ids: tuple[str, ...] = ()
    again_in: timedelta | None = None
    opened: OpenedClaim | None = None
