"""What a claim comes to once partners, silence and the merchant have spoken."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from domain.message import Message, Money
from domain.operator import Command
from domain.policy import AtDeadline, ReturnClaimPolicy
from domain.return_claim.lines import ClaimLine, Verdict, rule_all, value_of


class Choice(StrEnum):
    """The merchant's words. Shopify takes one answer for the whole return, hence three ways to answer a mixed one."""

    APPROVE = "approve"  # all lines
    DECLINE = "decline"  # all lines
    APPROVE_ACCEPTED = "approve_accepted"  # take the refused lines out
    REFUND = "refund"  # what Shopify suggests, or `amount`
    NO_REFUND = "no_refund"

    @property
    def about_refund(self) -> bool:
        return self in {Choice.REFUND, Choice.NO_REFUND}


class LineDecision(Message):
    line_id: str
    accepted: int = Field(ge=0)


def _positive(money: Money | None) -> Money | None:
    if money is not None and money.amount <= 0:
        raise ValueError("A refund's amount is above zero; use no_refund to refund nothing.")
    return money


class Decide(Command):
    """The merchant's decision. `lines` overrides, line by line, what `approve_accepted` takes from the partners."""

    choice: Choice
    lines: tuple[LineDecision, ...] = ()
    amount: Annotated[Money | None, AfterValidator(_positive)] = None
    note: str = Field(default="", max_length=500)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.lines and self.choice is not Choice.APPROVE_ACCEPTED:
            raise ValueError("lines go with approve_accepted.")
        if self.amount is not None and self.choice is not Choice.REFUND:
            raise ValueError("amount goes with refund.")
        return self


class Ask(StrEnum):
    """Why the review cannot be settled without the merchant."""

    MIXED = "the partners' answers are mixed"
    OWN_LINES = "some lines belong to no partner"
    SILENCE = "a partner did not answer in time"
    CONFIRM = "the policy wants the merchant's word before Shopify is told"


class Finding(StrEnum):
    OPEN = "open"  # somebody still has time
    APPROVE = "approve"
    DECLINE = "decline"
    MERCHANT = "merchant"


class Review(Message):
    """What the review comes to at this moment."""

    finding: Finding
    ask: tuple[Ask, ...] = ()
    verdicts: tuple[Verdict, ...] = ()

    @property
    def accepted(self) -> bool:
        return any(verdict.accepted for verdict in self.verdicts)

    @property
    def refused(self) -> bool:
        return any(verdict.refused for verdict in self.verdicts)


def silence_verdicts(
    lines: Sequence[ClaimLine], policy: ReturnClaimPolicy, currency: str
) -> tuple[Verdict, ...] | None:
    """What a partner's silence rules by policy, or None where the merchant is asked (or the wait goes on).

    `approve_under` compares the value of this partner's lines, in the claim's currency; another currency asks.
    """
    match policy.at_deadline:
        case AtDeadline.DECLINE:
            return rule_all(lines, accept=False, by="policy", note="No answer in time.")
        case AtDeadline.APPROVE_UNDER:
            limit = policy.approve_under
            if limit is not None and limit.currency == currency and value_of(lines) < limit.amount:
                return rule_all(lines, accept=True, by="policy", note="No answer in time.")
            return None
        case AtDeadline.ASK_MERCHANT | AtDeadline.KEEP:
            return None


def settle(
    lines: Sequence[ClaimLine],
    *,
    verdicts: Mapping[str, Verdict],
    waiting: bool,
    silent: bool,
    policy: ReturnClaimPolicy,
    decision: Decide | None,
) -> Review:
    """What the review comes to.

    `verdicts` by line id, from partners and from policy; `waiting`: some partner still has time or a question open;
    `silent`: some partner's time ran out and its silence rules nothing. The merchant's word ends the wait at any time.
    """
    if decision is not None:
        return _decided(lines, verdicts, decision)
    missing = [line for line in lines if line.line_id not in verdicts]
    ruled = tuple(verdicts[line.line_id] for line in lines if line.line_id in verdicts)
    if waiting:
        return Review(finding=Finding.OPEN, verdicts=ruled)
    asks: list[Ask] = []
    if any(not line.partner for line in missing):
        asks.append(Ask.OWN_LINES)
    if silent:
        asks.append(Ask.SILENCE)
    accepted = any(verdict.accepted for verdict in ruled)
    refused = any(verdict.refused for verdict in ruled)
    if accepted and refused:
        asks.append(Ask.MIXED)
    if asks or missing:
        return Review(finding=Finding.MERCHANT, ask=tuple(asks), verdicts=ruled)
    if refused:
        if not policy.auto_decline:
            return Review(finding=Finding.MERCHANT, ask=(Ask.CONFIRM,), verdicts=ruled)
        return Review(finding=Finding.DECLINE, verdicts=ruled)
    if not policy.auto_approve:
        return Review(finding=Finding.MERCHANT, ask=(Ask.CONFIRM,), verdicts=ruled)
    return Review(finding=Finding.APPROVE, verdicts=ruled)


def _decided(
    lines: Sequence[ClaimLine], verdicts: Mapping[str, Verdict], decision: Decide
) -> Review:
    if decision.choice is Choice.DECLINE:
        refused = rule_all(lines, accept=False, by=decision.actor, note=decision.note)
        # A partner's reasons are worth more to the customer than a bare "declined".
        kept = tuple(
            verdicts[verdict.line_id]
            if not decision.note
            and verdict.line_id in verdicts
            and not verdicts[verdict.line_id].accepted
            else verdict
            for verdict in refused
        )
        return Review(finding=Finding.DECLINE, verdicts=kept)
    if decision.choice is Choice.APPROVE:
        accepted = rule_all(lines, accept=True, by=decision.actor, note=decision.note)
        kept = tuple(
            verdicts[verdict.line_id]
            if verdict.line_id in verdicts and not verdicts[verdict.line_id].refused
            else verdict
            for verdict in accepted
        )
        return Review(finding=Finding.APPROVE, verdicts=kept)
    said = {entry.line_id: entry.accepted for entry in decision.lines}
    result: list[Verdict] = []
    for line in lines:
        known = verdicts.get(line.line_id)
        if line.line_id in said:
            quantity = min(said[line.line_id], line.quantity)
            keep = known is not None and known.keep and quantity > 0
            result.append(
                Verdict(
                    line_id=line.line_id,
                    accepted=quantity,
                    refused=line.quantity - quantity,
                    keep=keep,
                    by=decision.actor,
                    note=decision.note,
                )
            )
        elif known is not None:
            result.append(known)
        else:
            result += rule_all([line], accept=True, by=decision.actor, note=decision.note)
    verdict_tuple = tuple(result)
    accepted_any = any(verdict.accepted for verdict in verdict_tuple)
    return Review(
        finding=Finding.APPROVE if accepted_any else Finding.DECLINE, verdicts=verdict_tuple
    )


def decision_problem(lines: Sequence[ClaimLine], decision: Decide, currency: str) -> str:
    """Why a decision cannot be taken as it is; empty when it can. Said to the operator at once."""
    known = {line.line_id: line for line in lines}
    for entry in decision.lines:
        line = known.get(entry.line_id)
        if line is None:
            return f"Line {entry.line_id} is not part of this claim."
        if entry.accepted > line.quantity:
            return f"Line {entry.line_id}: {entry.accepted} of {line.quantity} claimed is not possible."
    if len({entry.line_id for entry in decision.lines}) != len(decision.lines):
        return "A line is named twice."
    if decision.amount is not None and currency and decision.amount.currency != currency:
        return f"The claim is in {currency}, the amount in {decision.amount.currency}."
    return ""
