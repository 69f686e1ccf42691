"""What a return claim's workflow keeps, and what follows from it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, Field

from domain.case import CaseState
from domain.clock import Clock
from domain.message import Message, Money
from domain.partner_case import AnswerKind, PartnerCase
from domain.policy import AtDeadline, Refund, ReturnClaimPolicy
from domain.return_claim.decision import Decide, Finding, Review, settle, silence_verdicts
from domain.return_claim.goods import (
    Authorization,
    Disposition,
    GoodsReceived,
    expected,
    kept,
    merchant_dispositions,
    outstanding,
    report,
)
from domain.return_claim.lines import ClaimLine, Verdict, judge, value_of
from domain.return_claim.money import SuggestedRefund
from domain.return_claim.names import ClaimKind, Outcome, ReturnStatus


class Phase(StrEnum):
    """Where the story is; the status others see is derived from it and the rest of the state."""

    OPENING = "opening"
    REVIEW = "review"
    APPLYING = "applying"
    GOODS = "goods"
    REFUND = "refund"
    CLOSING = "closing"
    ENDED = "ended"


class ClaimRequestLine(Message):
    """A line of a claim made through the API; `line_item_id` is Shopify's LineItem number."""

    line_item_id: str
    quantity: int = Field(gt=0)
    reason_code: str = Field(default="DA", max_length=3)


class ClaimRequest(Message):
    """A damage or warranty claim on a fulfilled order, made through the API."""

    kind: ClaimKind
    external_reference: str
    order_id: str
    lines: tuple[ClaimRequestLine, ...]
    goods_back: bool | None = None
    """Whether the goods must come back; None: the policy says."""
    note: str = ""
    document_ids: tuple[str, ...] = ()


class ReturnClaimInput(Message):
    """What a claim is opened with. Exactly one of `return_id` and `claim` is set."""

    case_id: str
    number: int
    shop: str
    return_id: str = ""
    claim: ClaimRequest | None = None
    opened_by: str
    event_id: str = ""


class ReturnClaimResult(Message):
    outcome: Outcome
    refunded: Money | None = None


class PartnerReview(BaseModel):
    """One partner's review: its case in Trading Grid, its terms, its return authorisation."""

    case: PartnerCase
    policy: ReturnClaimPolicy
    authorization_id: str = ""
    authorization: Authorization | None = None


class ReturnClaimState(BaseModel):
    """The one mutable object a claim owns; what the `current` query returns."""

    case: CaseState = Field(default_factory=CaseState)
    kind: ClaimKind = ClaimKind.RETURN
    phase: Phase = Phase.OPENING
    return_id: str = ""
    return_name: str = ""
    return_status: ReturnStatus = ReturnStatus.UNKNOWN
    opened_as: ReturnStatus = ReturnStatus.UNKNOWN
    """The return's status when the case opened: a review of an `OPEN` return approves nothing in Shopify."""
    order_id: str = ""
    currency: str = ""
    goods_back: bool = True
    lines: list[ClaimLine] = Field(default_factory=list)
    policy: ReturnClaimPolicy = Field(default_factory=ReturnClaimPolicy)
    reviews: dict[str, PartnerReview] = Field(default_factory=dict)
    decision: Decide | None = None
    refund_decision: Decide | None = None
    settled: Review | None = None
    """The review's result that was, or is being, written to Shopify."""
    approved_at: datetime | None = None
    goods_clock: Clock | None = None
    merchant_clock: Clock | None = None
    merchant_goods: dict[str, tuple[Disposition, ...]] = Field(default_factory=dict)
    suggested: SuggestedRefund | None = None
    refunded: Money | None = None
    processed: bool = False
    outcome: Outcome | None = None

    # What follows from the state.

    def lines_of(self, partner: str) -> list[ClaimLine]:
        return [line for line in self.lines if line.partner == partner]

    def verdicts(self) -> dict[str, Verdict]:
        """What partners and their silence ruled, by line id. The merchant's word is not in it."""
        ruled: dict[str, Verdict] = {}
        for partner, review in self.reviews.items():
            lines = self.lines_of(partner)
            if review.case.answer is not None:
                by = f"partner:{partner}"
                ruled |= {
                    verdict.line_id: verdict
                    for verdict in judge(lines, review.case.answer, by).verdicts
                }
            elif review.case.silent_since is not None:
                ruled |= {
                    verdict.line_id: verdict
                    for verdict in silence_verdicts(lines, review.policy, self.currency) or ()
                }
        return ruled

    def review(self) -> Review:
        """What the review comes to at this moment."""
        verdicts = self.verdicts()
        waiting = silent = False
        for partner, review in self.reviews.items():
            lines = self.lines_of(partner)
            if not lines or all(line.line_id in verdicts for line in lines):
                continue
            keeps = review.policy.at_deadline is AtDeadline.KEEP
            if review.case.silent_since is not None and not keeps:
                silent = True
            else:
                waiting = True
        return settle(
            self.lines,
            verdicts=verdicts,
            waiting=waiting,
            silent=silent,
            policy=self.policy,
            decision=self.decision,
        )

    def expected_goods(self) -> dict[str, int]:
        if self.settled is None or not self.goods_back:
            return {}
        return expected(self.lines, {v.line_id: v for v in self.settled.verdicts})

    def kept_goods(self) -> tuple[Disposition, ...]:
        if self.settled is None:
            return ()
        return kept(self.lines, {v.line_id: v for v in self.settled.verdicts})

    def reported_goods(self) -> tuple[dict[str, tuple[Disposition, ...]], list[str]]:
        """What partners and the merchant accounted for (the merchant's word per line wins), and what is wrong."""
        wanted = self.expected_goods()
        found: dict[str, tuple[Disposition, ...]] = {}
        problems: list[str] = []
        for partner, review in self.reviews.items():
            if review.authorization is None:
                continue
            theirs = {
                line.line_id: wanted[line.line_id]
                for line in self.lines_of(partner)
                if line.line_id in wanted
            }
            said = report(review.authorization, theirs, f"partner:{partner}")
            found |= said.dispositions
            problems += [
                problem
                for problem in said.problems
                if not any(f"Line {line_id}:" in problem for line_id in self.merchant_goods)
            ]
        return found | self.merchant_goods, problems

    def outstanding_goods(self) -> dict[str, int]:
        found, _ = self.reported_goods()
        return outstanding(self.expected_goods(), found)

    def dispositions(self) -> tuple[Disposition, ...]:
        """Everything to be processed, in the order of the lines."""
        found, _ = self.reported_goods()
        kept_by_line = {part.line_id: (part,) for part in self.kept_goods()}
        merged = found | kept_by_line
        return tuple(part for line in self.lines for part in merged.get(line.line_id, ()))

    def take_goods(self, command: GoodsReceived) -> None:
        self.merchant_goods = self.merchant_goods | merchant_dispositions(command)

    @property
    def wants_refund_word(self) -> bool:
        """Whether the merchant is asked before goods are processed and money moves."""
        if self.refund_decision is not None:
            return False
        if self.policy.refund is Refund.NEVER:
            return not self.policy.auto_process
        if self.policy.refund is Refund.ASK_MERCHANT:
            return True
        return not self.policy.auto_process

    @property
    def refunds(self) -> bool:
        """Whether money goes back, once nobody needs to be asked."""
        if self.refund_decision is not None:
            return self.refund_decision.choice.value == "refund"
        return self.policy.refund is Refund.AUTOMATIC

    @property
    def questions(self) -> list[PartnerCase]:
        return [review.case for review in self.reviews.values() if review.case.asked]

    @property
    def wants_merchant(self) -> bool:
        """Whether the merchant holds the claim up with something only it can say (troubles aside)."""
        match self.phase:
            case Phase.REVIEW:
                return bool(self.questions) or self.review().finding is Finding.MERCHANT
            case Phase.GOODS:
                return bool(self.reported_goods()[1])
            case Phase.REFUND:
                return self.wants_refund_word
            case _:
                return False

    @property
    def value(self) -> Money | None:
        return Money(amount=value_of(self.lines), currency=self.currency) if self.currency else None


def answer_problems(lines: Sequence[ClaimLine], review: PartnerReview, by: str) -> tuple[str, ...]:
    """What is wrong with the answer a review holds; empty when it can be applied."""
    answer = review.case.answer
    if answer is None or answer.kind is AnswerKind.REQUEST_INFO:
        return ()
    return judge(lines, answer, by).problems
