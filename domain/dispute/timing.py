"""When the evidence of a dispute is due, and when what there is must leave. Pure; all moments are aware."""

from datetime import datetime, timedelta

from domain.message import Message
from domain.policy import Within

LONGEST_SAFETY = timedelta(hours=1)
"""Where the margin has passed already, what there is leaves this long before the due date at the latest."""


class Timing(Message):
    """The moments of one stage of evidence.

    `submit_at`: what there is leaves, or the merchant is called for the last time. `due` is Shopify's (evidenceDueBy), None
    where it names none. `short`: no due date, or the margin had passed when it became known.
    """

    submit_at: datetime
    due: datetime | None = None
    short: bool = False

    @property
    def last_moment(self) -> datetime:
        """Until then a call that only improves the evidence may be waited for; after it the submission itself matters."""
        return self.submit_at if self.due is None else self.due - safety(self.submit_at, self.due)


def safety(start: datetime, due: datetime) -> timedelta:
    """How long before `due` one who has from `start` on must be done: a quarter of the time, an hour at the most."""
    return max(min(LONGEST_SAFETY, (due - start) / 4), timedelta(0))


def timing(known: datetime, due: datetime | None, margin: Within, without_due: Within) -> Timing:
    """The moments of a dispute whose due date became known at `known`.

    Where Shopify names no due date, `without_due` stands in for it.
    """
    if due is None:
        return Timing(submit_at=without_due.after(known), short=True)
    submit_at = margin.before(due)
    if submit_at > known:
        return Timing(submit_at=submit_at, due=due)
    return Timing(submit_at=due - safety(known, due), due=due, short=True)
