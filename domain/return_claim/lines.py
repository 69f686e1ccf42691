"""What is claimed, line by line, and what a partner's answer rules about it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from pydantic import Field

from domain.edi_codes import (
    DISPOSITION_RULING,
    KEEP_CODES,
    Ruling,
    disposition_words,
    response_words,
)
from domain.message import Message
from domain.partner_case import AnswerKind, AnswerLine, PartnerAnswer


class ClaimLine(Message):
    """One line of a claim. Ids are Shopify's numbers."""

    line_id: str
    """What partners call it: the LineItem's id, made unique within the claim."""
    line_item_id: str
    fulfillment_line_item_id: str
    return_line_item_id: str = ""
    """Empty until the return exists."""
    sku: str = ""
    vendor: str = ""
    name: str = ""
    quantity: int = Field(gt=0)
    reason: str = ""
    """Shopify's return reason handle."""
    reason_code: str = "NA"
    unit_value: Decimal = Decimal(0)
    location: str = ""
    """Numeric id of the location it was fulfilled from, where known; only for routing."""
    fulfillment_service: str = ""
    """Handle of the service that shipped it, where there was one; only for routing."""
    partner: str = ""
    """Empty: the merchant's own to decide."""

    @property
    def value(self) -> Decimal:
        return self.unit_value * self.quantity


class Verdict(Message):
    """What somebody ruled about one line: how many are accepted, the rest is refused."""

    line_id: str
    accepted: int = Field(ge=0)
    refused: int = Field(ge=0)
    keep: bool = False
    """Accepted, and the customer keeps the goods."""
    by: str
    disposition_code: str = ""
    response_reason_code: str = ""
    credit_amount: Decimal | None = None
    note: str = ""


class Judgement(Message):
    """A partner's answer held against its lines: verdicts, or what is wrong with it in words the partner can act on."""

    verdicts: tuple[Verdict, ...] = ()
    problems: tuple[str, ...] = ()


def unique_line_ids(line_item_ids: Sequence[str], other_ids: Sequence[str]) -> list[str]:
    """Ids for partners: the LineItem's; where a LineItem occurs twice (two fulfillments), with the other id behind it."""
    counts = Counter(line_item_ids)
    return [
        line if counts[line] == 1 else f"{line}-{other}"
        for line, other in zip(line_item_ids, other_ids, strict=True)
    ]


def value_of(lines: Iterable[ClaimLine]) -> Decimal:
    return sum((line.value for line in lines), Decimal(0))


def judge(lines: Sequence[ClaimLine], answer: PartnerAnswer, by: str) -> Judgement:
    """What an answer rules about a partner's lines.

    `accept` and `decline` without lines hold for all of them; `partial` must name every line. An unknown line, a quantity
    above the claimed or below zero, a line named twice, a line left out, or a code that rules nothing makes the whole answer
    a problem: half an answer is never applied.
    """
    if answer.kind not in {AnswerKind.ACCEPT, AnswerKind.DECLINE, AnswerKind.PARTIAL}:
        return Judgement(
            problems=(f"An answer of kind '{answer.raw_kind or answer.kind}' decides nothing.",)
        )
    known = {line.line_id: line for line in lines}
    named = Counter(entry.line_id for entry in answer.lines)
    problems = [
        f"Line {line_id} is not part of this case." for line_id in named if line_id not in known
    ]
    problems += [
        f"Line {line_id} is named {count} times."
        for line_id, count in named.items()
        if count > 1 and line_id in known
    ]
    verdicts: list[Verdict] = []
    by_line = {entry.line_id: entry for entry in answer.lines}
    for line in lines:
        entry = by_line.get(line.line_id)
        if entry is None and (answer.kind is AnswerKind.PARTIAL or answer.lines):
            problems.append(f"Line {line.line_id} ({line.sku or line.name}) is not answered.")
            continue
        ruled = _rule(line, entry, answer, by)
        if isinstance(ruled, str):
            problems.append(ruled)
        else:
            verdicts.append(ruled)
    if problems:
        return Judgement(problems=tuple(problems))
    return Judgement(verdicts=tuple(verdicts))


def _rule(
    line: ClaimLine, entry: AnswerLine | None, answer: PartnerAnswer, by: str
) -> Verdict | str:
    entry = entry or AnswerLine(line_id=line.line_id)
    default = Ruling.REFUSE if answer.kind is AnswerKind.DECLINE else Ruling.ACCEPT
    ruling = default
    if entry.disposition_code:
        known = DISPOSITION_RULING.get(entry.disposition_code)
        if known is None:
            return f"Line {line.line_id}: disposition code '{entry.disposition_code}' is not known here."
        ruling = known
    elif answer.kind is AnswerKind.PARTIAL and entry.quantity is None:
        return f"Line {line.line_id}: neither a disposition code nor a quantity is given."
    if entry.disposition_code == "PA" and entry.quantity is None:
        return f"Line {line.line_id}: PA accepts a part; say how many."
    if ruling is Ruling.PENDING:
        return f"Line {line.line_id} is still pending; answer again once it is decided."
    quantity = line.quantity if entry.quantity is None else entry.quantity
    if not 0 <= quantity <= line.quantity:
        return f"Line {line.line_id}: {quantity} of {line.quantity} claimed is not possible."
    if ruling is Ruling.REFUSE:
        if entry.quantity not in {None, 0, line.quantity}:
            # Refusing "1 of 3" leaves open what becomes of the other two.
            return f"Line {line.line_id}: to refuse a part, answer PA with the quantity you accept."
        quantity = 0
    return Verdict(
        line_id=line.line_id,
        accepted=quantity,
        refused=line.quantity - quantity,
        keep=quantity > 0 and entry.disposition_code in KEEP_CODES,
        by=by,
        disposition_code=entry.disposition_code,
        response_reason_code=entry.response_reason_code,
        credit_amount=entry.credit_amount,
        note=entry.note or answer.note,
    )


def rule_all(
    lines: Iterable[ClaimLine], *, accept: bool, by: str, note: str
) -> tuple[Verdict, ...]:
    """One ruling for all of these lines: a deadline's, or the merchant's."""
    return tuple(
        Verdict(
            line_id=line.line_id,
            accepted=line.quantity if accept else 0,
            refused=0 if accept else line.quantity,
            by=by,
            note=note,
        )
        for line in lines
    )


def refusal_note(verdicts: Iterable[Verdict], limit: int = 500) -> str:
    """Why lines were refused, for Shopify's `declineNote` (at most 500 characters).

    Source: ReturnDeclineRequestInput.declineNote, Admin API 2026-10.
    """
    reasons: list[str] = []
    for verdict in verdicts:
        if not verdict.refused:
            continue
        words = ": ".join(
            part
            for part in (response_words(verdict.response_reason_code), verdict.note.strip())
            if part
        )
        words = words or disposition_words(verdict.disposition_code)
        if words and words not in reasons:
            reasons.append(words)
    text = "; ".join(reasons) or "Declined after review."
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
