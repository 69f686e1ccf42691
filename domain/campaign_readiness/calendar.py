"""When a campaign is looked at: its gates before the start, the start, the end, the wrap-up. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from domain.campaign_readiness.plan import Window
from domain.policy import CampaignReadinessPolicy, Within

_DAY = timedelta(days=1)
_LONGEST = 800  # days that 260 business days and a year's holidays span, with room


def before(within: Within, end: datetime) -> datetime:
    """The latest moment at which a span can begin so that it is over at `end`.

    Business days begin at the same wall-clock time of an earlier day, as `Within.after` ends them.
    """
    if within.hours is not None:
        return end - timedelta(hours=within.hours)
    days = within.business_days or 0
    while days < _LONGEST and within.after(end - days * _DAY) > end:
        days += 1
    return end - days * _DAY


def gates(policy: CampaignReadinessPolicy, window: Window) -> tuple[datetime, ...]:
    """The moments before the start at which the campaign is looked at, the earliest first."""
    return tuple(sorted({before(one, window.starts_at) for one in policy.gates}))


def next_gate(moments: Iterable[datetime], since: datetime) -> datetime | None:
    """The first gate after `since`; what is past by then is passed by."""
    return min((one for one in moments if one > since), default=None)


def newest_gate(moments: Iterable[datetime], since: datetime, now: datetime) -> datetime | None:
    """The gate that is due: of several that were missed, only the newest counts."""
    return max((one for one in moments if since < one <= now), default=None)


def wrap_up_at(policy: CampaignReadinessPolicy, window: Window) -> datetime:
    return policy.wrap_up_after.after(window.ends_at)
