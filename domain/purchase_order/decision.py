"""What only the merchant can say about purchase orders, and what each of its words does."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from domain.message import Message
from domain.operator import Command
from domain.policy import AtDeadline
from domain.purchase_order.codes import Ask, Bucket, code_words
from domain.purchase_order.lines import Line, LineAnswer
from domain.purchase_order.orders import (
    ChangeStatus,
    OrderStatus,
    PurchaseOrder,
    within_tolerance,
)


class Choice(StrEnum):
    """The merchant's words."""

    ACCEPT = (
        "accept"  # the price, the substitute, the date, the rejection; send what waits for a word
    )
    REJECT = "reject"  # insist: our price, or take back what is offered; a change or a cancellation goes to the partner
    GIVE_UP = "give_up"  # take back what is still to come of it
    WAIT = "wait"  # the partner gets its time again


class Topic(StrEnum):
    """What a question is about."""

    SEND = "send"
    PRICE = "price"
    SUBSTITUTE = "substitute"
    DATE = "date"
    CODE = "code"
    REJECTED = "rejected"
    SILENCE = "silence"
    NOT_SHIPPED = "not_shipped"
    CHANGE = "change"
    CHANGE_REFUSED = "change_refused"
    CHANGE_SILENT = "change_silent"


ALLOWED: dict[Topic, frozenset[Choice]] = {
    Topic.SEND: frozenset({Choice.ACCEPT, Choice.GIVE_UP}),
    Topic.PRICE: frozenset(Choice),
    Topic.SUBSTITUTE: frozenset(Choice),
    Topic.DATE: frozenset(Choice),
    Topic.CODE: frozenset(Choice),
    Topic.REJECTED: frozenset({Choice.ACCEPT, Choice.GIVE_UP}),
    Topic.SILENCE: frozenset({Choice.REJECT, Choice.GIVE_UP, Choice.WAIT}),
    Topic.NOT_SHIPPED: frozenset({Choice.REJECT, Choice.GIVE_UP, Choice.WAIT}),
    # Accept: send it. Reject, give up: leave the purchase order as it is.
    Topic.CHANGE: frozenset({Choice.ACCEPT, Choice.REJECT, Choice.GIVE_UP}),
    # Accept: leave it as the partner has it. Reject: ask again. Give up: what was to be taken back is, whatever it says.
    Topic.CHANGE_REFUSED: frozenset({Choice.ACCEPT, Choice.REJECT, Choice.GIVE_UP}),
    Topic.CHANGE_SILENT: frozenset({Choice.REJECT, Choice.GIVE_UP, Choice.WAIT}),
}


_ASKS_NOBODY = {AtDeadline.KEEP, AtDeadline.DECLINE}
_UNCLEAR = {Ask.HELD, Ask.UNKNOWN_CODE}


class LineChoice(Message):
    """A word on one line; an empty `line_id` is the purchase order as a whole (its silence, a change of it). `po_number` may
    be left out where only one purchase order has the line."""

    line_id: str = ""
    po_number: str = ""
    choice: Choice


class Decide(Command):
    """The merchant's decision: line by line, or one `choice` for everything that is asked now."""

    choice: Choice | None = None
    lines: tuple[LineChoice, ...] = Field(default=(), max_length=500)
    note: str = Field(default="", max_length=500)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.choice is None) == (not self.lines):
            raise ValueError("Give either choice or lines.")
        return self


class Reassign(Command):
    """Order what is still to come of these lines (and what was rejected of them) from another partner.

    It is cancelled, and that acknowledged, at the first before it is ordered at the second.
    """

    line_ids: tuple[str, ...] = Field(min_length=1, max_length=500)
    partner: str = Field(min_length=1, max_length=64)
    note: str = Field(default="", max_length=500)


class Question(Message):
    """What the merchant is asked. `key` names it for ever; a later word of the partner makes another question."""

    key: str
    topic: Topic
    po_number: str
    line_id: str = ""
    change: int = 0
    text: str


def questions(orders: Iterable[PurchaseOrder], decided: Collection[str]) -> tuple[Question, ...]:
    """Everything that is asked now, but what is decided (by key)."""
    return tuple(
        question for order in orders for question in _of_order(order) if question.key not in decided
    )


def _of_order(order: PurchaseOrder) -> Iterable[Question]:
    if order.status is OrderStatus.UNSENT:
        return
    if order.status is OrderStatus.PLANNED:
        if not order.policy.auto_send and not order.send_word and order.coming:
            yield _question(order, Topic.SEND, "", f"whether {order.number} is sent to {order.who}")
        return
    for line in order.lines.values():
        yield from _of_line(order, line)
    for change in order.changes:
        if change.status is ChangeStatus.ASKED:
            topic, words = Topic.CHANGE, f"whether this is sent to {order.who}: {change.why}"
        elif change.status is ChangeStatus.REFUSED:
            said = f" ({change.note})" if change.note else ""
            topic, words = Topic.CHANGE_REFUSED, f"{order.who} refused{said}: {change.why}"
        elif change.status is ChangeStatus.SENT and change.silent_since is not None:
            topic, words = Topic.CHANGE_SILENT, f"{order.who} has not acknowledged: {change.why}"
        else:
            continue
        basis = f"{change.number}/{change.silent_since or ''}"
        yield _question(order, topic, "", words, basis=basis, change=change.number)
    if (
        order.silent_since is not None
        and order.expects_answer
        and order.policy.at_deadline not in _ASKS_NOBODY
    ):
        basis = order.silent_since.isoformat()
        words = f"{order.who} has not answered {order.number} in time"
        yield _question(order, Topic.SILENCE, "", words, basis=basis)
    if order.overdue_since is not None and order.coming:
        basis = order.overdue_since.isoformat()
        words = f"{order.coming} of {order.number} have not shipped in time"
        yield _question(order, Topic.NOT_SHIPPED, "", words, basis=basis)


def _of_line(order: PurchaseOrder, line: Line) -> Iterable[Question]:
    answer = line.answer
    if line.untaken:
        basis = f"{answer.response_id if answer else ''}/{line.rejected}"
        words = f"{line.untaken} × {line.sku} are rejected by {order.who}{_said(answer)}"
        yield _question(order, Topic.REJECTED, line.line_id, words, basis=basis)
    if answer is None or not line.coming:
        return
    basis = answer.response_id
    offered = min(line.open, answer.pieces(Bucket.OPEN))
    if Ask.SUBSTITUTE in answer.asks and offered:
        instead = answer.substitute_sku or "another article"
        words = f"{order.who} would send {instead} instead of {offered} × {line.sku}"
        yield _question(order, Topic.SUBSTITUTE, line.line_id, words, basis=basis)
    elif Ask.CHANGED in answer.asks or (offered and _UNCLEAR & set(answer.asks)):
        yield _question(order, Topic.CODE, line.line_id, f"{line.sku}{_said(answer)}", basis=basis)
    if answer.price_pending:
        words = f"{line.sku} is accepted by {order.who}, its price is still to come"
        yield _question(order, Topic.PRICE, line.line_id, words, basis=basis)
    elif answer.unit_price is not None and not within_tolerance(
        line.unit_price, answer.unit_price, order.policy.price_tolerance
    ):
        words = f"{line.sku} for {answer.unit_price} instead of {line.unit_price} {order.currency}"
        yield _question(order, Topic.PRICE, line.line_id, words.strip(), basis=basis)
    if parts := [part for part in line.schedule() if order.late(part)]:
        pieces = sum(part.quantity for part in parts)
        day = max(part.day or date.min for part in parts)
        words = f"{pieces} × {line.sku} only on {day}"
        yield _question(order, Topic.DATE, line.line_id, words, basis=basis)


def _said(answer: LineAnswer | None) -> str:
    if answer is None:
        return ""
    codes = ", ".join(dict.fromkeys(code_words(code) for code in answer.codes))
    notes = f" ({'; '.join(answer.notes)})" if answer.notes else ""
    return f": {codes}{notes}"


def _question(
    order: PurchaseOrder, topic: Topic, line_id: str, text: str, *, basis: str = "", change: int = 0
) -> Question:
    return Question(
        key=order.key(line_id, topic, basis),
        topic=topic,
        po_number=order.number,
        line_id=line_id,
        change=change,
        text=text,
    )


class Word(Message):
    """One word of a decision, with what it is about: a question, or (given up unasked) a line."""

    choice: Choice
    po_number: str
    line_id: str = ""
    question: Question | None = None


def words_of(
    decision: Decide, asked: Sequence[Question], orders: Sequence[PurchaseOrder]
) -> tuple[Word, ...]:
    """What a decision says, question by question.

    Raises:
        ValueError: it does not fit what is asked, in words for the operator.
    """
    if decision.choice is not None:
        fitting = [entry for entry in asked if decision.choice in ALLOWED[entry.topic]]
        if not fitting:
            raise ValueError(
                f"Nothing that is asked now can be answered with {decision.choice.value}."
                if asked
                else "Nothing is asked now."
            )
        return tuple(_word(decision.choice, question) for question in fitting)
    return tuple(word for entry in decision.lines for word in _words_of_line(entry, asked, orders))


def _words_of_line(
    entry: LineChoice, asked: Sequence[Question], orders: Sequence[PurchaseOrder]
) -> Iterable[Word]:
    meant = [
        order
        for order in orders
        if entry.po_number in {"", order.number}
        and (not entry.line_id or entry.line_id in order.lines)
    ]
    if not meant:
        of = f" of {entry.po_number}" if entry.po_number else ""
        raise ValueError(f"There is no line {entry.line_id or '(any)'}{of} in this case.")
    numbers = {order.number for order in meant}
    about = [
        question
        for question in asked
        if question.po_number in numbers and question.line_id == entry.line_id
    ]
    if len({question.po_number for question in about}) > 1 or (not about and len(meant) > 1):
        raise ValueError(
            f"Several purchase orders are meant: {', '.join(sorted(numbers))}; name one."
        )
    fitting = [question for question in about if entry.choice in ALLOWED[question.topic]]
    if fitting:
        return [_word(entry.choice, question) for question in fitting]
    if about:
        allowed = sorted({choice.value for q in about for choice in ALLOWED[q.topic]})
        raise ValueError(f"{about[0].text}: answer with {', '.join(allowed)}.")
    order = meant[0]
    line = order.lines.get(entry.line_id)
    if entry.choice is Choice.GIVE_UP and line is not None and order.uncommitted(line):
        return [Word(choice=entry.choice, po_number=order.number, line_id=entry.line_id)]
    raise ValueError(f"Nothing is asked about {entry.line_id or order.number} now.")


def _word(choice: Choice, question: Question) -> Word:
    return Word(
        choice=choice,
        po_number=question.po_number,
        line_id=question.line_id,
        question=question,
    )
