"""What the merchant's words do to the purchase orders; the desks carry it out."""

from collections.abc import Sequence

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.purchase_order.decision import Choice, Question, Topic, Word
    from domain.purchase_order.lines import Line, accept_open
    from domain.purchase_order.orders import (
        Change,
        ChangedLine,
        ChangeStatus,
        PurchaseOrder,
        Purpose,
    )
    from domain.purchase_order.state import PurchaseOrderState

_GIVEN_UP = "the merchant takes back what is still to come"


def take(state: PurchaseOrderState, words: Sequence[Word]) -> None:
    """Record these words, and ask of the purchase orders what follows from them."""
    for word in words:
        order = state.order(word.po_number)
        if order is None:
            continue
        if word.question is not None:
            state.decided[word.question.key] = word.choice
            _answer(order, word.question, word.choice)
        else:
            _take_back(order, [order.lines[word.line_id]], _GIVEN_UP)


def _answer(order: PurchaseOrder, question: Question, choice: Choice) -> None:
    match question.topic:
        case Topic.SEND:
            order.send_word = choice is Choice.ACCEPT
            if choice is Choice.GIVE_UP:
                _take_back(order, list(order.lines.values()), _GIVEN_UP)
        case Topic.SILENCE | Topic.NOT_SHIPPED:
            _answer_silence(order, question, choice)
        case Topic.CHANGE | Topic.CHANGE_REFUSED | Topic.CHANGE_SILENT:
            change = next(one for one in order.changes if one.number == question.change)
            _answer_change(order, change, question.topic, choice)
        case Topic.REJECTED:
            line = order.lines[question.line_id]
            taken = line.model_copy(update={"taken": line.rejected})
            order.ledger = order.ledger.with_line(taken)
        case _:
            _answer_line(order, order.lines[question.line_id], question.topic, choice)


def _answer_line(order: PurchaseOrder, line: Line, topic: Topic, choice: Choice) -> None:
    match choice:
        case Choice.ACCEPT:
            if topic in {Topic.SUBSTITUTE, Topic.CODE}:
                order.ledger = order.ledger.with_line(accept_open(line))
        case Choice.WAIT:
            if line.answer is not None:
                order.asked_again.append(f"{line.line_id}/{line.answer.response_id}")
            order.clock = order.silent_since = None
        case Choice.REJECT if topic is Topic.PRICE:
            ours = {line.line_id: ChangedLine(sku=line.sku, unit_price=line.unit_price)}
            order.plan(Purpose.CHANGE, ours, f"{line.sku} for {line.unit_price}, as ordered")
        case Choice.REJECT if topic is Topic.DATE:
            late = sum(part.quantity for part in line.schedule() if order.late(part))
            _take_back(order, [line], f"{line.sku} comes too late", at_most=late)
        case _:
            _take_back(order, [line], _GIVEN_UP)


def _answer_silence(order: PurchaseOrder, question: Question, choice: Choice) -> None:
    if choice is Choice.WAIT:
        if question.topic is Topic.SILENCE:
            order.clock = order.silent_since = None
        else:
            order.ship_clock = order.overdue_since = None
        return
    lines = list(order.lines.values())
    if question.topic is Topic.SILENCE:
        lines = [line for line in lines if order.unanswered(line)]
    _take_back(order, lines, _GIVEN_UP)


def _answer_change(order: PurchaseOrder, change: Change, topic: Topic, choice: Choice) -> None:
    match topic, choice:
        case Topic.CHANGE, Choice.ACCEPT:
            change.status = ChangeStatus.WANTED
        case Topic.CHANGE_SILENT, Choice.WAIT:
            if change.clock is not None:
                span = change.clock.due - change.clock.start
                change.clock.extend(workflow.now() + span, workflow.now())
            change.silent_since = None
        case Topic.CHANGE_REFUSED | Topic.CHANGE_SILENT, Choice.REJECT:
            change.status = ChangeStatus.DROPPED
            again = order.plan(
                change.purpose, change.lines, change.why, reassignment=change.reassignment
            )
            assert again is not None
        case Topic.CHANGE_REFUSED | Topic.CHANGE_SILENT, Choice.GIVE_UP:
            # Without the partner's word: what still comes of it is more than is wanted, and will be flagged.
            if change.purpose is Purpose.CANCEL:
                order.acknowledge(change)
            else:
                change.status = ChangeStatus.DROPPED
        case _:
            change.status = ChangeStatus.DROPPED


def _take_back(
    order: PurchaseOrder, lines: Sequence[Line], why: str, *, at_most: int | None = None
) -> None:
    pieces = {}
    for line in lines:
        count = order.uncommitted(line)
        count = count if at_most is None else min(count, at_most)
        if count:
            pieces[line.line_id] = ChangedLine(pieces=count)
    if pieces:
        order.plan(Purpose.CANCEL, pieces, why)
