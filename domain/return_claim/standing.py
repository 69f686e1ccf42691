"""Who is waited for, since when, until when, and what happens then. Derived from the state; for people."""

from domain import standing as common
from domain.case import CaseKind, CaseSnapshot, CaseStatus, Standing, WaitingFor
from domain.order_fields import OrderEntry
from domain.policy import AtDeadline
from domain.return_claim.decision import Ask, Finding
from domain.return_claim.state import PartnerReview, Phase, ReturnClaimInput, ReturnClaimState
from domain.standing import (
    awaiting_merchant,
    coming,
    common_fields,
    counted,
    in_trouble,
    short,
)


def standing(state: ReturnClaimState) -> Standing:
    """The status others see. The merchant comes before the partner, the partner before others."""
    if state.outcome is not None:
        return Standing(status=state.outcome.status)
    if trouble := in_trouble(state.case):
        return trouble
    match state.phase:
        case Phase.OPENING:
            return Standing(status=CaseStatus.OPENING)
        case Phase.REVIEW:
            return _review(state)
        case Phase.GOODS:
            return _goods(state)
        case Phase.REFUND if state.wants_merchant:
            amount = f" (Shopify suggests {state.suggested.amount})" if state.suggested else ""
            return _merchant(state, f"the word on the refund{amount}")
        case _:
            return Standing(status=CaseStatus.APPLYING)


def _review(state: ReturnClaimState) -> Standing:
    if questions := state.questions:
        asked = questions[0]
        return _merchant(
            state, f"an answer to {asked.name or asked.partner}: {short(asked.question)}"
        )
    review = state.review()
    if review.finding is Finding.MERCHANT:
        reasons = "; ".join(ask.value for ask in review.ask) or Ask.OWN_LINES.value
        return _merchant(state, f"a decision, because {reasons}")
    verdicts = state.verdicts()
    open_ = [
        entry
        for entry in state.reviews.values()
        if any(line_id not in verdicts for line_id in entry.case.line_ids)
    ]
    # One whose time is over is no longer waited for, while another still has time.
    waiting = [entry for entry in open_ if entry.case.silent_since is None] or open_
    if not waiting:
        return Standing(status=CaseStatus.APPLYING)
    return _partners(waiting)


def _partners(waiting: list[PartnerReview]) -> Standing:
    names = ", ".join(entry.case.name or entry.case.partner for entry in waiting)
    timed = [(entry, entry.case.clock) for entry in waiting if entry.case.clock is not None]
    if not timed:  # their cases are being opened
        return Standing(status=CaseStatus.OPENING)
    soonest, clock = min(timed, key=lambda pair: pair[1].due)
    lines = sum(len(entry.case.line_ids) for entry in waiting)
    return Standing(
        status=CaseStatus.AWAITING_PARTNER,
        waiting_for=WaitingFor(
            who=f"partner {names}",
            what=f"an answer for {counted(lines, 'line')}",
            since=min(clock.start for _, clock in timed),
            until=None if clock.over else clock.due,
            then=_then(soonest),
        ),
    )


def _then(entry: PartnerReview) -> str:
    last = {
        AtDeadline.APPROVE_UNDER: f"lines under {entry.policy.approve_under} are approved, others go to the merchant",
        AtDeadline.DECLINE: "the lines are declined",
        AtDeadline.ASK_MERCHANT: "the merchant is asked",
        AtDeadline.KEEP: "the matter is escalated and the wait goes on",
    }[entry.policy.at_deadline]
    return coming(entry.case.clock, last)


def _goods(state: ReturnClaimState) -> Standing:
    if problems := state.goods_problems:
        return _merchant(state, f"what came back: {problems[0]}")
    pieces = sum(state.outstanding_goods().values())
    clock = state.goods_clock
    return Standing(
        status=CaseStatus.AWAITING_OTHER,
        waiting_for=WaitingFor(
            who="the goods",
            what=f"{counted(pieces, 'piece')} to come back",
            since=clock.start,
            until=clock.due,
            then=coming(clock, "the claim expires"),
        )
        if clock
        else None,
    )


def _merchant(state: ReturnClaimState, what: str) -> Standing:
    return awaiting_merchant(state.case, what, "the claim expires undecided")


def snapshot(claim: ReturnClaimInput, state: ReturnClaimState) -> CaseSnapshot:
    """What the API, the lists and the console show of a claim."""
    stands = standing(state)
    verdicts = (
        {verdict.line_id: verdict for verdict in state.settled.verdicts}
        if state.settled
        else state.verdicts()
    )
    found = state.accounted_goods
    return CaseSnapshot(
        case_id=claim.case_id,
        number=claim.number,
        kind=CaseKind.RETURN_CLAIM,
        shop=claim.shop,
        status=stands.status,
        outcome=state.outcome.value if state.outcome else "",
        order_id=state.order_id,
        partners=tuple(state.reviews),
        waiting_for=stands.waiting_for,
        **common_fields(state.case),
        detail={
            "claim_kind": state.kind.value,
            "phase": state.phase.value,
            "return_id": state.return_id,
            "return_name": state.return_name,
            "return_status": state.return_status.value,
            "value": str(state.value) if state.value else "",
            "policy": state.policy.version,
            "notes": list(state.case.notes),
            "lines": [
                line.model_dump(mode="json", exclude={"location", "fulfillment_service"})
                | {
                    "verdict": verdicts[line.line_id].model_dump(mode="json")
                    if line.line_id in verdicts
                    else None,
                    "dispositions": [
                        part.model_dump(mode="json") for part in found.get(line.line_id, ())
                    ],
                }
                for line in state.lines
            ],
            "reviews": [_review_detail(entry) for entry in state.reviews.values()],
            "decision": state.decision.model_dump(mode="json") if state.decision else None,
            "refund_decision": state.refund_decision.model_dump(mode="json")
            if state.refund_decision
            else None,
            "goods_problems": list(state.goods_problems),
            "goods_until": state.goods_clock.due.isoformat() if state.goods_clock else "",
            "suggested_refund": str(state.suggested.amount) if state.suggested else "",
            "refunded": str(state.refunded) if state.refunded else "",
        },
    )


def _review_detail(entry: PartnerReview) -> dict[str, object]:
    case, rma = entry.case, entry.authorization
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
        "policy": entry.policy.version,
        "authorization": rma.model_dump(mode="json") if rma else None,
        "closed": case.closed,
    }


def order_entry(seen: CaseSnapshot, state: ReturnClaimState) -> OrderEntry | None:
    """What the order in Shopify shows: the state, the way back, later the refund."""
    return common.order_entry(
        seen,
        state.outcome,
        detail=facts_for_order(state),
        result=str(state.refunded) if state.refunded else "",
        more=_way_back(state) if state.outcome is None else "",
    )


def _way_back(state: ReturnClaimState) -> str:
    """RMA number, address and expiry, while goods are on their way: what the customer asks customer service for."""
    if state.phase is not Phase.GOODS:
        return ""
    parts = []
    for review in state.reviews.values():
        rma = review.authorization
        if rma is not None and rma.rma_number:
            to = f", to {rma.return_to}" if rma.return_to else ""
            expires = f", by {rma.expires}" if rma.expires else ""
            parts.append(
                f" {review.case.name or review.case.partner}: RMA {rma.rma_number}{to}{expires}."
            )
    return "".join(parts)


def facts_for_order(state: ReturnClaimState) -> dict[str, str]:
    """What customer service can pass on: RMA number, where to send the goods, until when; later the refund."""
    facts: dict[str, str] = {}
    for partner, review in state.reviews.items():
        rma = review.authorization
        if rma is None or not rma.rma_number:
            continue
        facts[f"rma:{partner}"] = rma.rma_number
        if rma.return_to:
            facts[f"return_to:{partner}"] = rma.return_to
        if rma.expires:
            facts[f"expires:{partner}"] = rma.expires
    if state.refunded is not None:
        facts["refunded"] = str(state.refunded)
    found = state.accounted_goods
    for line in state.lines:
        for part in found.get(line.line_id, ()):
            key = f"goods:{line.sku or line.line_id}"
            words = f"{part.quantity} {part.type.value.lower().replace('_', ' ')}"
            facts[key] = f"{facts[key]}, {words}" if key in facts else words
    return facts
