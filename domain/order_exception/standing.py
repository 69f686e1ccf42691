"""Who is waited for, since when, until when, and what happens then. Derived from the state; for people."""

from domain import standing as common
from domain.case import CaseKind, CaseSnapshot, CaseStatus, Standing, WaitingFor
from domain.order_exception.lines import Position
from domain.order_exception.names import OrderExceptionInput
from domain.order_exception.state import AskedPartner, OrderExceptionState, Phase
from domain.order_fields import OrderEntry
from domain.policy import AtDeadline
from domain.standing import (
    awaiting_merchant,
    coming,
    common_fields,
    counted,
    in_trouble,
    short,
)

_SHOWN_LINES = 3  # in words for people; the rest is counted


def standing(state: OrderExceptionState) -> Standing:
    """The status others see. The merchant comes before the partner."""
    if state.outcome is not None:
        return Standing(status=state.outcome.status)
    if trouble := in_trouble(state.case):
        return trouble
    if state.phase is Phase.OPENING:
        return Standing(status=CaseStatus.OPENING)
    if questions := state.questions:
        asked = questions[0]
        return _merchant(
            state, f"an answer to {asked.name or asked.partner}: {short(asked.question)}"
        )
    if lines := state.for_merchant:
        return _merchant(state, f"a decision: {_lines_for_people(state, lines)}")
    waiting = [one for one in state.partners.values() if state.unanswered(one.case.partner)]
    return _partners(state, waiting) if waiting else Standing(status=CaseStatus.APPLYING)


def _merchant(state: OrderExceptionState, what: str) -> Standing:
    return awaiting_merchant(state.case, what, "the exception expires undecided")


def _lines_for_people(state: OrderExceptionState, lines: list[Position]) -> str:
    told = [
        short(f"{one.open} × {one.line.label} {state.why_merchant(one)}")
        for one in lines[:_SHOWN_LINES]
    ]
    more = len(lines) - len(told)
    return "; ".join(told) + (f"; and {more} more" if more else "")


def _partners(state: OrderExceptionState, waiting: list[AskedPartner]) -> Standing:
    names = ", ".join(one.case.name or one.case.partner for one in waiting)
    timed = [(one, one.case.clock) for one in waiting if one.case.clock is not None]
    if not timed:  # their cases are being opened
        return Standing(status=CaseStatus.OPENING)
    soonest, clock = min(timed, key=lambda pair: pair[1].due)
    lines = sum(len(state.unanswered(one.case.partner)) for one in waiting)
    return Standing(
        status=CaseStatus.AWAITING_PARTNER,
        waiting_for=WaitingFor(
            who=f"partner {names}",
            what=f"an answer for {counted(lines, 'line')}",
            since=min(clock.start for _, clock in timed),
            until=None if clock.over else clock.due,
            then=coming(soonest.case.clock, _then(soonest)),
        ),
    )


def _then(asked: AskedPartner) -> str:
    if asked.policy.at_deadline is AtDeadline.KEEP:
        return "the matter is escalated and the wait goes on"
    return "the merchant is asked"


def snapshot(opened: OrderExceptionInput, state: OrderExceptionState) -> CaseSnapshot:
    """What the API, the lists and the console show of an exception."""
    stands = standing(state)
    return CaseSnapshot(
        case_id=opened.case_id,
        number=opened.number,
        kind=CaseKind.ORDER_EXCEPTION,
        shop=opened.shop,
        status=stands.status,
        outcome=state.outcome.value if state.outcome else "",
        order_id=state.order_id,
        partners=tuple(state.partners),
        waiting_for=stands.waiting_for,
        **common_fields(state.case),
        detail={
            "phase": state.phase.value,
            "reason": state.reason.value,
            "note": state.note,
            "priority": state.priority.value,
            "reviewing": state.reviewing,
            "policy": state.policy.version,
            "notes": list(state.case.notes),
            "lines": [_line(state, position) for position in state.positions.values()],
            "partners": [_partner(one) for one in state.partners.values()],
            "unholdable": dict(state.unholdable),
        },
    )


def _line(state: OrderExceptionState, position: Position) -> dict[str, object]:
    line_id = position.line.line_id
    return position.line.model_dump(mode="json") | {
        "open": position.open,
        "settled": position.settled,
        "gone": position.gone,
        "covered": position.covered,
        "asked": position.asked,
        "held": state.held.get(line_id, 0),
        "said": position.said.model_dump(mode="json") if position.said else None,
        "said_words": position.said.words if position.said else "",
        "settlements": [entry.model_dump(mode="json") for entry in position.settlements],
        "wants_decision": state.wants_decision(position),
    }


def _partner(asked: AskedPartner) -> dict[str, object]:
    case = asked.case
    return {
        "partner": case.partner,
        "name": case.name,
        "trading_grid_case": case.remote_id,
        "status": case.remote_status,
        "line_ids": list(case.line_ids),
        "answer": case.answer.model_dump(mode="json") if case.answer else None,
        "question": case.question,
        "silent_since": case.silent_since.isoformat() if case.silent_since else "",
        "due": case.clock.due.isoformat() if case.clock else "",
        "reminders_sent": case.reminders_sent,
        "policy": asked.policy.version,
        "closed": case.closed,
    }


def order_entry(seen: CaseSnapshot, state: OrderExceptionState) -> OrderEntry | None:
    """What the order in Shopify shows: the state, and what ships when."""
    dates = state.ship_dates()
    shipping = ", ".join(f"{key.partition(':')[2]}: {what}" for key, what in dates.items())
    return common.order_entry(
        seen, state.outcome, detail=dates, more=f" {shipping}." if shipping else ""
    )
