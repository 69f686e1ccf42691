"""Which state of a dispute opens a case, and which a second one."""

from datetime import datetime

from domain.dispute.names import DisputeStatus, DisputeType
from domain.message import Message


class Known(Message):
    """What an ended case knew of its dispute when it ended."""

    type: DisputeType
    due: datetime | None = None


def opens_again(
    known: Known, status: DisputeStatus, type_: DisputeType, due: datetime | None
) -> bool:
    """Whether a dispute whose case has ended wants a response that this case was not about.

    An inquiry that became a chargeback, or one with a later due date. The same question twice opens nothing: a case that was
    given up stays given up.
    """
    if status is not DisputeStatus.NEEDS_RESPONSE:
        return False
    later = due is not None and (known.due is None or due > known.due)
    return type_ is not known.type or later
