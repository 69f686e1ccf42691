"""Who is waited for, since when, until when, and what happens then. Derived from the state; for people."""

from datetime import date

from domain import standing as common
from domain.case import CaseKind, CaseSnapshot, CaseStatus, Standing, WaitingFor
from domain.clock import Clock
from domain.order_fields import OrderEntry
from domain.policy import AtDeadline
from domain.purchase_order.codes import code_words
from domain.purchase_order.lines import Line
from domain.purchase_order.names import PurchaseOrderInput
from domain.purchase_order.orders import Change, ChangeStatus, OrderStatus, PurchaseOrder
from domain.purchase_order.state import Phase, PurchaseOrderState
from domain.standing import (
    awaiting_merchant,
    coming,
    common_fields,
    counted,
    in_trouble,
    short,
)


def standing(state: PurchaseOrderState) -> Standing:
    """The status others see. The merchant comes before the partner, the partner before the goods."""
    if state.outcome is not None:
        return Standing(status=state.outcome.status)
    if trouble := in_trouble(state.case):
        return trouble
    if state.phase is Phase.OPENING:
        return Standing(status=CaseStatus.OPENING)
    if asked := state.asked:
        more = f" (and {len(asked) - 1} more)" if len(asked) > 1 else ""
        what = f"a decision: {short(asked[0].text)}{more}"
        return awaiting_merchant(state.case, what, "the case expires undecided")
    if waiting := _changes(state) or _answers(state):
        return waiting
    return _goods(state)


def _changes(state: PurchaseOrderState) -> Standing | None:
    sent = [
        (order, change)
        for order in state.orders
        for change in order.changes
        if change.status is ChangeStatus.SENT and change.clock is not None
    ]
    if not sent:
        return None
    order, change = min(sent, key=lambda pair: _due(pair[1].clock))
    return _partner(order, f"an acknowledgement: {short(change.why)}", change.clock)


def _answers(state: PurchaseOrderState) -> Standing | None:
    open_ = [order for order in state.orders if order.expects_answer and order.clock is not None]
    # One whose time is over is no longer waited for, while another still has time.
    waiting = [order for order in open_ if order.silent_since is None] or open_
    if not waiting:
        return None
    soonest = min(waiting, key=lambda order: _due(order.clock))
    lines = sum(1 for order in waiting for line in order.lines.values() if order.unanswered(line))
    found = _partner(soonest, f"an answer for {counted(lines, 'line')}", soonest.clock)
    names = ", ".join(dict.fromkeys(order.who for order in waiting))
    assert found.waiting_for is not None
    who = found.waiting_for.model_copy(update={"who": f"partner {names}"})
    return found.model_copy(update={"waiting_for": who})


def _partner(order: PurchaseOrder, what: str, clock: Clock | None) -> Standing:
    last = (
        "the matter is escalated and the wait goes on"
        if order.policy.at_deadline is AtDeadline.KEEP
        else "what is open is cancelled"
        if order.policy.at_deadline is AtDeadline.DECLINE
        else "the merchant is asked"
    )
    return Standing(
        status=CaseStatus.AWAITING_PARTNER,
        waiting_for=WaitingFor(
            who=f"partner {order.who}",
            what=what,
            since=clock.start,
            until=None if clock.over else clock.due,
            then=coming(clock, last),
        )
        if clock
        else None,
    )


def _goods(state: PurchaseOrderState) -> Standing:
    waiting = [order for order in state.orders if order.expects_shipment and order.ship_clock]
    if not waiting:
        return Standing(status=CaseStatus.APPLYING)
    order = min(waiting, key=lambda entry: _due(entry.ship_clock))
    clock = order.ship_clock
    pieces = sum(entry.coming for entry in waiting)
    names = ", ".join(dict.fromkeys(entry.who for entry in waiting))
    return Standing(
        status=CaseStatus.AWAITING_OTHER,
        waiting_for=WaitingFor(
            who=f"the goods of {names}",
            what=f"{counted(pieces, 'piece')} to ship",
            since=clock.start,
            until=None if clock.over else clock.due,
            then=coming(clock, "the merchant is asked"),
        )
        if clock
        else None,
    )


def _due(clock: Clock | None) -> tuple[bool, str]:
    return (clock is None, clock.due.isoformat() if clock else "")


def snapshot(asked_for: PurchaseOrderInput, state: PurchaseOrderState) -> CaseSnapshot:
    """What the API, the lists and the console show."""
    stands = standing(state)
    detail: dict[str, object] = {
        "phase": state.phase.value,
        "replenishment": asked_for.replenishment.number if asked_for.replenishment else "",
        "inventory_transfer": state.transfer_id,
        "policy": state.policy.version,
        "notes": list(state.case.notes),
        "lines": [
            _line_detail(state, order, line)
            for order in state.orders
            for line in order.lines.values()
        ],
        "purchase_orders": [_order_detail(order) for order in state.orders],
        "questions": [question.model_dump(mode="json") for question in state.asked],
        "reassignments": [entry.model_dump(mode="json") for entry in state.reassignments],
        "held": state.held,
        "unholdable": state.unholdable,
    }
    if state.phase is not Phase.OPENING:
        # Before the lines are known, their routes say which are covered (`intake.coverage`).
        detail["covered_lines"] = state.covered_lines if state.outcome is None else []
    return CaseSnapshot(
        case_id=asked_for.case_id,
        number=asked_for.number,
        kind=CaseKind.PURCHASE_ORDER,
        shop=asked_for.shop,
        status=stands.status,
        outcome=state.outcome.value if state.outcome else "",
        order_id=state.order_id,
        partners=state.partners,
        waiting_for=stands.waiting_for,
        detail=detail,
        **common_fields(state.case),
    )


def _line_detail(state: PurchaseOrderState, order: PurchaseOrder, line: Line) -> dict[str, object]:
    known = state.known.get(line.line_id)
    answer = line.answer
    return {
        "line_id": line.line_id,
        "sku": line.sku,
        "name": known.name if known else "",
        "quantity": line.wanted,
        "po_number": order.number,
        "partner": order.partner,
        "ordered": line.ordered,
        "confirmed": line.confirmed,
        "backordered": line.backordered,
        "rejected": line.rejected,
        "cancelled": line.cancelled,
        "open": line.open,
        "shipped": line.shipped,
        "unit_price": str(order.agreed_price(line, state.accepted)),
        "codes": [f"{code}: {code_words(code)}" for code in answer.codes] if answer else [],
        "notes": list(answer.notes) if answer else [],
        "substitute_sku": answer.substitute_sku if answer else "",
        "schedule": [
            {
                "quantity": part.quantity,
                "bucket": part.bucket.value,
                "ship_date": _iso(part.ship_date),
                "delivery_date": _iso(part.delivery_date),
                "owes_date": part.owes_date,
            }
            for part in line.schedule()
        ],
    }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _order_detail(order: PurchaseOrder) -> dict[str, object]:
    ledger = order.ledger
    return {
        "number": order.number,
        "partner": order.partner,
        "name": order.name,
        "tenant": order.tenant,
        "status": _order_status(order),
        "order_type": order.order_type.value,
        "trading_grid_id": order.remote_id,
        "requested_ship_date": _iso(order.requested_ship_date),
        "due": order.clock.due.isoformat() if order.clock else "",
        "silent_since": order.silent_since.isoformat() if order.silent_since else "",
        "reminders_sent": order.reminders_sent,
        "policy": order.policy.version,
        "responses": [
            {
                "id": response.id,
                "sequence": response.sequence,
                "header_code": response.header_code,
                "lines": [line.model_dump(mode="json") for line in response.lines],
                "flags": [flag.text for flag in ledger.flags_of(response.id)],
            }
            for response in sorted(ledger.responses.values(), key=lambda entry: entry.rank)
        ],
        "flags": [flag.text for flag in ledger.flags],
        "changes": [_change_detail(change) for change in order.changes],
    }


def _order_status(order: PurchaseOrder) -> str:
    if order.status is not OrderStatus.SENT:
        return order.status.value
    if order.settled:
        return "settled"
    return "shipping" if order.shipped else "sent" if order.expects_answer else "answered"


def _change_detail(change: Change) -> dict[str, object]:
    return {
        "number": change.number,
        "purpose": change.purpose.value,
        "status": change.status.value,
        "why": change.why,
        "note": change.note,
        "lines": {key: line.model_dump(mode="json") for key, line in change.lines.items()},
    }


def order_entry(seen: CaseSnapshot, state: PurchaseOrderState) -> OrderEntry | None:
    """What the order in Shopify shows."""
    return common.order_entry(seen, state.outcome, detail=facts_for_order(state))


def facts_for_order(state: PurchaseOrderState) -> dict[str, str]:
    """What customer service can tell the customer: which partner ships under which number, and what leaves when."""
    facts: dict[str, str] = {}
    for order in state.orders:
        facts[f"po:{order.number}"] = f"{order.who}: {_order_status(order)}"
        for line in order.lines.values():
            if words := _ships(line):
                key = f"ship:{line.sku}"
                facts[key] = f"{facts[key]}, {words}" if key in facts else words
    return facts


def _ships(line: Line) -> str:
    """A line's pieces by the day they leave, such as `2026-12-01 × 3, no date × 2`."""
    by_day: dict[str, int] = {}
    for part in line.schedule():
        day = part.day.isoformat() if part.day else "no date" if part.owes_date else "open"
        if part.bucket.value == "confirmed" and not part.day and not part.owes_date:
            day = "confirmed"
        by_day[day] = by_day.get(day, 0) + part.quantity
    if line.gone:
        by_day["shipped"] = line.gone
    if line.rejected:
        by_day["not coming"] = line.rejected
    return ", ".join(f"{day} × {pieces}" for day, pieces in by_day.items())
