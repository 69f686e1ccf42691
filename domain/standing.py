"""Who is waited for, in words for people: the parts that every lifecycle says alike."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypedDict

from domain.case import (
    CaseSnapshot,
    CaseState,
    CaseStatus,
    Ending,
    Standing,
    Trouble,
    WaitingFor,
)
from domain.clock import Clock, Tick
from domain.order_fields import OrderEntry

_UNOPENED = datetime(1970, 1, 1, tzinfo=UTC)
_TICK_WORDS = {
    Tick.REMIND: "a reminder is sent",
    Tick.ESCALATE: "the matter is escalated",
}

_SHOWN_ON_ORDER = frozenset(
    {CaseStatus.AWAITING_PARTNER, CaseStatus.AWAITING_MERCHANT, CaseStatus.AWAITING_OTHER}
)
"""The statuses worth a write to the order in Shopify: one that is only passing on is not."""


def in_trouble(case: CaseState) -> Standing | None:
    """A case with a refused step waits for the merchant, whatever else holds; None where nothing was refused."""
    if not case.troubles:
        return None
    trouble = min(case.troubles.values(), key=lambda entry: entry.since)
    return Standing(
        status=CaseStatus.AWAITING_MERCHANT,
        waiting_for=WaitingFor(
            who="merchant",
            what=f"{trouble.step}: {trouble.message}",
            since=trouble.since,
            then="use retry once it is mended",
        ),
    )


def awaiting_merchant(case: CaseState, what: str, then: str) -> Standing:
    """The merchant is waited for; `then` is what happens when its time is up."""
    clock = case.merchant_clock
    return Standing(
        status=CaseStatus.AWAITING_MERCHANT,
        waiting_for=WaitingFor(
            who="merchant", what=what, since=clock.start, until=clock.due, then=coming(clock, then)
        )
        if clock
        else None,
    )


def coming(clock: Clock | None, last: str) -> str:
    """What happens next, and what happens last."""
    due = clock.next() if clock else None
    if due is None or due.tick is Tick.DEADLINE:
        return last
    return f"{_TICK_WORDS[due.tick]} on {moment(due.at)}; at the end {last}"


def moment(at: datetime) -> str:
    return at.strftime("%d %b %Y %H:%M %Z").strip()


def short(text: str, limit: int = 160) -> str:
    """Text on one line, no longer than `limit`."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def counted(count: int, noun: str) -> str:
    """A count with its noun: `1 piece`, `3 pieces`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def order_entry(
    seen: CaseSnapshot,
    outcome: Ending | None,
    *,
    detail: Mapping[str, str],
    result: str = "",
    more: str = "",
) -> OrderEntry | None:
    """What the order in Shopify shows of a case, with one line for customer service.

    `result` stands behind the outcome in brackets, `more` at the line's end. None leaves the order as it is: the case has
    none, or is only passing on and not worth a write.
    """
    if not seen.order_id or not (seen.status in _SHOWN_ON_ORDER or seen.outcome):
        return None
    if outcome is not None:
        words = outcome.words + (f" ({result})" if result else "")
    elif waiting := seen.waiting_for:
        until = f", until {moment(waiting.until)}" if waiting.until else ""
        words = f"waiting for {waiting.who}: {waiting.what}{until}"
    else:
        words = seen.status.value
    return OrderEntry(
        case=seen.case_id,
        status=seen.status.value,
        outcome=seen.outcome,
        text=f"{seen.title}: {words}.{more}",
        partners=seen.partners,
        detail=dict(detail),
    )


class CommonFields(TypedDict):
    """What a snapshot takes from the common part of a state."""

    title: str
    order_name: str
    opened_at: datetime
    closed_at: datetime | None
    escalated: int
    assignee: str
    paused: str
    shadow: bool
    troubles: tuple[Trouble, ...]


def common_fields(case: CaseState) -> CommonFields:
    return CommonFields(
        title=case.title,
        order_name=case.order_name,
        opened_at=case.opened_at or _UNOPENED,
        closed_at=case.closed_at,
        escalated=case.escalated,
        assignee=case.assignee,
        paused=case.paused,
        shadow=case.shadow,
        troubles=tuple(case.troubles.values()),
    )
