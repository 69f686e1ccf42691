"""Who is waited for, since when, until when, and what happens then. Derived from the state; for people."""

from domain import standing as common
from domain.case import CaseKind, CaseSnapshot, CaseStatus, Standing, WaitingFor
from domain.dispute.names import DisputeInput
from domain.dispute.papers import HeldPaper, kind_of
from domain.dispute.phases import AskedPartner, Phase
from domain.dispute.state import DisputeState
from domain.dispute.wording import papers_in_words
from domain.order_fields import OrderEntry
from domain.standing import awaiting_merchant, coming, common_fields, in_trouble, short

_BANK = "the bank"


def standing(state: DisputeState) -> Standing:
    """The status others see. The merchant comes before the partner, the partner before the bank."""
    if state.outcome is not None:
        return Standing(status=state.outcome.status)
    if trouble := in_trouble(state.case):
        return trouble
    match state.phase:
        case Phase.OPENING | Phase.ENDED:
            return Standing(status=CaseStatus.OPENING)
        case Phase.ASKING:
            first = state.stage == 1
            return Standing(status=CaseStatus.OPENING if first else CaseStatus.APPLYING)
        case Phase.SUBMITTING:
            return Standing(status=CaseStatus.APPLYING)
        case Phase.BANK:
            return _bank(state)
        case Phase.EVIDENCE:
            pass
    if why := state.why_merchant:
        return awaiting_merchant(state.case, short(why), _then(state))
    if waiting := state.open_partners:
        return _partners(state, waiting)
    return Standing(status=CaseStatus.APPLYING)


def _bank(state: DisputeState) -> Standing:
    if state.bank_overdue:
        what = "a look at the dispute in Shopify: the bank has not decided"
        return awaiting_merchant(state.case, what, "the wait for the bank goes on")
    what = "its decision"
    if state.conceded is not None and not state.answered:
        what = "the end of the dispute, which is not contested"
    clock = state.bank_clock
    return Standing(
        status=CaseStatus.AWAITING_OTHER,
        waiting_for=WaitingFor(
            who=_BANK,
            what=what,
            since=clock.start,
            until=clock.due,
            then="the merchant is asked to look",
        )
        if clock
        else None,
    )


def _then(state: DisputeState) -> str:
    """What happens when the time is up."""
    if state.timing is not None and state.timing.due is None:
        return "what there is is submitted" if state.policy.submit_unreviewed else "nothing is sent"
    if state.policy.submit_unreviewed:
        return "what there is is submitted"
    return "nothing is submitted without the merchant's word, and the dispute is lost unanswered"


def _partners(state: DisputeState, waiting: list[AskedPartner]) -> Standing:
    names = ", ".join(one.case.name or one.case.partner for one in waiting)
    timed = [(one, one.case.clock) for one in waiting if one.case.clock is not None]
    if not timed:  # their cases are being opened
        return Standing(status=CaseStatus.OPENING)
    _, clock = min(timed, key=lambda pair: pair[1].due)
    missing = dict.fromkeys(kind for one in waiting for kind in state.missing_of(one.case.partner))
    papers = papers_in_words(missing)
    return Standing(
        status=CaseStatus.AWAITING_PARTNER,
        waiting_for=WaitingFor(
            who=f"partner {names}",
            what=short(f"evidence: {papers}" if papers else "evidence"),
            since=min(clock.start for _, clock in timed),
            until=None if clock.over else clock.due,
            then=coming(clock, _then(state)),
        ),
    )


def snapshot(opened: DisputeInput, state: DisputeState) -> CaseSnapshot:
    """What the API, the lists and the console show of a dispute."""
    stands, facts, times = standing(state), state.facts, state.timing
    return CaseSnapshot(
        case_id=opened.case_id,
        number=opened.number,
        kind=CaseKind.DISPUTE,
        shop=opened.shop,
        status=stands.status,
        outcome=state.outcome.value if state.outcome else "",
        order_id=facts.order_id if facts else "",
        partners=tuple(state.partners),
        waiting_for=stands.waiting_for,
        **common_fields(state.case),
        detail={
            "phase": state.phase.value,
            "dispute_id": state.dispute_id,
            "type": state.type.value,
            "status": facts.raw_status if facts else "",
            "reason": facts.reason if facts else "",
            "reason_words": state.calls.words if facts else "",
            "network_reason_code": facts.network_reason_code if facts else "",
            "amount": str(facts.amount) if facts else "",
            "due": _iso(state.known_due),
            "submit_at": _iso(times.submit_at if times and state.wants_evidence else None),
            "short_notice": bool(times and times.short and state.wants_evidence),
            "priority": state.priority.value,
            "policy": state.policy.version,
            "stage": state.stage,
            "conceded": state.conceded is not None,
            "notes": list(state.case.notes),
            "parcels": [one.model_dump(mode="json") for one in state.parcels[:20]],
            "lines": [one.model_dump(mode="json") for one in state.lines[:50]],
            "line_count": len(state.lines),
            "partners": [_partner(state, one) for one in state.partners.values()],
            "papers": [_paper(state, one) for one in state.papers.values()],
            "refused_papers": dict(state.refused),
            "statements": [
                {"by": one.by, "name": one.name, "text": short(one.text, 400), "stage": one.stage}
                for one in state.statements
            ],
            "left_out": list(state.left_out),
            "drafted_at": _iso(state.drafted_at),
            "submissions": {
                type_.value: {"by": one.by, "at": one.at.isoformat(), "shadow": one.shadow}
                for type_, one in state.answers.items()
            },
        },
    )


def _iso(moment: object) -> str:
    return moment.isoformat() if hasattr(moment, "isoformat") else ""


def _partner(state: DisputeState, asked: AskedPartner) -> dict[str, object]:
    case = asked.case
    return {
        "partner": case.partner,
        "name": case.name,
        "trading_grid_case": case.remote_id,
        "status": case.remote_status,
        "wanted": list(asked.wanted),
        "missing": state.missing_of(case.partner),
        "answer": case.answer.model_dump(mode="json") if case.answer else None,
        "question": case.question,
        "silent_since": _iso(case.silent_since),
        "due": _iso(case.clock.due if case.clock else None),
        "reminders_sent": case.reminders_sent,
        "policy": asked.policy.version,
        "closed": case.closed,
    }


def _paper(state: DisputeState, paper: HeldPaper) -> dict[str, object]:
    placed = state.placements.get(paper.document_id)
    return {
        "document_id": paper.document_id,
        "file_name": paper.file_name,
        "document_type": paper.document_type,
        "words": kind_of(paper.document_type).words,
        "source": paper.source,
        "field": placed.field.words if placed and placed.field else "",
        "not_attached": placed.why if placed else "",
        "late": paper.document_id in state.late,
    }


def order_entry(seen: CaseSnapshot, state: DisputeState) -> OrderEntry | None:
    """What the order in Shopify shows: where the dispute stands, and until when."""
    detail = {"type": state.type.words, "reason": state.calls.words}
    if state.known_due is not None and state.wants_evidence:
        detail["due"] = state.known_due.isoformat()
    return common.order_entry(seen, state.outcome, detail=detail, result=state.case.result)
