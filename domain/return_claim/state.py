"""What a return claim's workflow keeps, and what follows from it."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import BaseModel, Field

from domain.case import CaseState
from domain.clock import Clock
from domain.message import Message, Money
from domain.partner_case import PartnerCase
from domain.policy import Refund, ReturnClaimPolicy
from domain.return_claim.decision import (
    Choice,
    Decide,
    Finding,
    Review,
    settle,
    silence_verdicts,
)
from domain.return_claim.goods import (
    Authorization,
    Disposition,
    DispositionType,
    GoodsReceived,
    Report,
    expected,
    kept,
    merchant_dispositions,
    outstanding,
    report,
)
from domain.return_claim.lines import ClaimLine, Verdict, judge, value_of
from domain.return_claim.money import RefundTransaction, SuggestedRefund, share
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
    external_reference: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")
    """The claimant's own number for it; a part of the case's id, hence no blanks and no slashes."""
    order_id: str
    lines: tuple[ClaimRequestLine, ...] = Field(min_length=1)
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
    authorization_version: int = 0
    """The newest version of it that we know of: our own request's, then what was read."""
    authorization: Authorization | None = None


class ReturnClaimState(BaseModel):
    """The one mutable object a claim owns; the `current` query shows it as a snapshot (`standing`)."""

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
    refund_asked: bool = False
    """The merchant named an amount that cannot be given back, and is asked again, whatever the policy says."""
    settled: Review | None = None
    """The review's result that was, or is being, written to Shopify."""
    goods_clock: Clock | None = None
    merchant_goods: dict[str, tuple[Disposition, ...]] = Field(default_factory=dict)
    goods: dict[str, tuple[Disposition, ...]] | None = None
    """What came back, by line, once all of it is accounted for: what is refunded and processed. From then on only the
    merchant's word changes it."""
    suggested: SuggestedRefund | None = None
    suggested_for: dict[str, tuple[Disposition, ...]] | None = None
    """The goods as they were when Shopify made its suggestion."""
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
            # With `keep`, a partner is silent only once it has closed its case without an answer.
            if review.case.silent_since is not None:
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

    def reported_goods(self) -> Report:
        """What partners and the merchant accounted for, the merchant's word first, and what is wrong with the rest."""
        wanted = self.expected_goods()
        found: dict[str, tuple[Disposition, ...]] = {}
        problems: list[str] = []
        for partner, review in self.reviews.items():
            if review.authorization is None:
                continue
            theirs = {
                line.line_id: wanted[line.line_id]
                for line in self.lines_of(partner)
                if line.line_id in wanted and line.line_id not in self.merchant_goods
            }
            said = report(review.authorization, theirs, f"partner:{partner}")
            found |= said.dispositions
            problems += said.problems
        return Report(dispositions=found | self.merchant_goods, problems=tuple(problems))

    @property
    def accounted_goods(self) -> dict[str, tuple[Disposition, ...]]:
        """What is known of the goods that come back, by line."""
        return self.reported_goods().dispositions if self.goods is None else self.goods

    @property
    def goods_problems(self) -> tuple[str, ...]:
        """What the merchant must clear up about the goods; nothing once they are accounted for."""
        return self.reported_goods().problems if self.goods is None else ()

    def outstanding_goods(self) -> dict[str, int]:
        return outstanding(self.expected_goods(), self.accounted_goods)

    def dispositions(self) -> tuple[Disposition, ...]:
        """Everything to be processed, in the order of the lines."""
        kept_by_line = {part.line_id: (part,) for part in self.kept_goods()}
        merged = self.accounted_goods | kept_by_line
        return tuple(part for line in self.lines for part in merged.get(line.line_id, ()))

    def take_goods(self, command: GoodsReceived) -> None:
        self.merchant_goods = self.merchant_goods | merchant_dispositions(command)
        if self.goods is not None:
            self.goods = self.goods | self.merchant_goods

    # Money.

    def accepted_pieces(self) -> dict[str, int]:
        """How many pieces of each line were accepted, where any were."""
        verdicts = self.settled.verdicts if self.settled else ()
        return {entry.line_id: entry.accepted for entry in verdicts if entry.accepted}

    def refundable_pieces(self) -> dict[str, int]:
        """The accepted pieces that did come, or stay with the customer: what is missing is not refunded."""
        pieces = self.accepted_pieces()
        for part in self.dispositions():
            if part.type is DispositionType.MISSING:
                pieces[part.line_id] -= part.quantity
        return {line_id: quantity for line_id, quantity in pieces.items() if quantity > 0}

    def by_return_line(self, pieces: Mapping[str, int]) -> dict[str, int]:
        """Pieces by Shopify's ReturnLineItem number."""
        return {
            line.return_line_item_id: pieces[line.line_id]
            for line in self.lines
            if line.line_id in pieces
        }

    def by_line_item(self, pieces: Mapping[str, int]) -> dict[str, int]:
        """Pieces by Shopify's LineItem number; one that was shipped in parts is several lines of a claim."""
        found: dict[str, int] = {}
        for line in self.lines:
            if line.line_id in pieces:
                found[line.line_item_id] = found.get(line.line_item_id, 0) + pieces[line.line_id]
        return found

    def refund(self) -> tuple[RefundTransaction, ...]:
        """The payments that go back: Shopify's suggestion, or the merchant's amount shared over it; none where none should.

        Raises:
            NotRefundable: the merchant's amount is more than the payments can give back.
        """
        if not self.refunds or self.suggested is None:
            return ()
        decided = self.refund_decision
        if decided is not None and decided.amount is not None:
            return share(self.suggested, decided.amount.amount)
        return tuple(entry for entry in self.suggested.transactions if entry.amount > 0)

    @property
    def refund_settled(self) -> bool:
        """Whether it is too late for a word on the refund: it was, or is being, written to Shopify."""
        return self.phase in {Phase.CLOSING, Phase.ENDED} or (
            self.phase is Phase.APPLYING and self.goods is not None
        )

    @property
    def wants_refund_word(self) -> bool:
        """Whether the merchant is asked before goods are processed and money moves."""
        if self.refund_decision is not None:
            return False
        if self.refund_asked or self.policy.refund is Refund.ASK_MERCHANT:
            return True
        return not self.policy.auto_process

    @property
    def refunds(self) -> bool:
        """Whether money goes back, once nobody needs to be asked."""
        if self.refund_decision is not None:
            return self.refund_decision.choice is Choice.REFUND
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
                return bool(self.goods_problems)
            case Phase.REFUND:
                # Asked once there is something to say yes to: Shopify's suggestion for the goods as they are.
                return self.wants_refund_word and self.suggested_for == self.goods
            case _:
                return False

    @property
    def value(self) -> Money | None:
        return Money(amount=value_of(self.lines), currency=self.currency) if self.currency else None
