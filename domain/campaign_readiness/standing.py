"""Who is waited for, since when, until when, and what happens then. Derived from the state; for people."""

from datetime import datetime

from domain.campaign_readiness.names import CampaignReadinessInput
from domain.campaign_readiness.positions import WORST, Figures
from domain.campaign_readiness.state import CampaignPartner, CampaignReadinessState, Stage
from domain.case import CaseKind, CaseSnapshot, CaseStatus, Standing, WaitingFor
from domain.standing import (
    awaiting_merchant,
    coming,
    common_fields,
    counted,
    in_trouble,
    moment,
    short,
)

_SHOWN = 3  # in words for people; the rest is counted


def standing(state: CampaignReadinessState) -> Standing:
    """The status others see. The merchant comes before the partner, the partner before the start."""
    if state.outcome is not None:
        return Standing(status=state.outcome.status)
    if trouble := in_trouble(state.case):
        return trouble
    if state.stage is Stage.OPENING:
        return Standing(status=CaseStatus.OPENING)
    if merchant := _merchant(state):
        return merchant
    match state.stage:
        case Stage.RUNNING:
            return _other(
                state, CaseStatus.ACTIVE, "the end", _ends(state), "what was sold is counted"
            )
        case Stage.OVER:
            return _other(
                state,
                CaseStatus.AWAITING_OTHER,
                "the last orders",
                None,
                "what was sold is counted",
            )
        case _:
            return _partners(state) or _start(state)


def _merchant(state: CampaignReadinessState) -> Standing | None:
    case = state.case
    if state.problems:
        what = f"a plan that can be read: {short(problems_in_words(state))}"
        then = "the plan is read again at each change"
        return awaiting_merchant(case, what, then)
    if state.gone_since is not None:
        what = "the campaign's metaobject was deleted: stop, or decide to keep the campaign"
        return awaiting_merchant(case, what, "the campaign goes on as planned")
    if state.wants_share_word:
        what = f"the word to share the plan with {counted(len(state.unshared), 'partner')}"
        return awaiting_merchant(case, what, _without_a_word(state))
    if state.wants_go and state.asked is not None:
        what = f"go, change or stop: {short(state.asked.why)}"
        return awaiting_merchant(case, what, _without_a_word(state))
    return None


def _without_a_word(state: CampaignReadinessState) -> str:
    """What happens when the merchant says nothing until its time is up: at the start, or, after it, at the end."""
    clock, window = state.case.merchant_clock, state.window
    if window is None or clock is None or clock.due >= window.ends_at:
        return "the campaign expires"
    if state.policy.auto_go:
        return "it goes ahead by itself if the readiness suffices"
    return "the campaign waits for a word until its end"


def _partners(state: CampaignReadinessState) -> Standing | None:
    waiting = [one for one in state.owing if one.silent_since is None]
    timed = [(one, one.clock) for one in waiting if one.clock is not None]
    if not timed:
        return None
    soonest, clock = min(timed, key=lambda pair: (pair[1].due, pair[0].partner))
    names = [one.who for one in waiting[:_SHOWN]]
    more = f" and {len(waiting) - _SHOWN} more" if len(waiting) > _SHOWN else ""
    products = sum(one.figures.open for one in waiting)
    return Standing(
        status=CaseStatus.AWAITING_PARTNER,
        waiting_for=WaitingFor(
            who=f"partner {', '.join(names)}{more}",
            what=f"a word on {counted(products, 'product')}",
            since=min(running.start for _, running in timed),
            until=None if clock.over else clock.due,
            then=coming(soonest.clock, "it counts as not ready, and the matter is escalated"),
        ),
    )


def _start(state: CampaignReadinessState) -> Standing:
    if state.unshared and state.may_share:
        return Standing(status=CaseStatus.APPLYING)
    starts = state.window.starts_at if state.window else None
    then = "it runs" if state.go else "the merchant is asked, unless the readiness suffices"
    return _other(state, CaseStatus.AWAITING_OTHER, "the start", starts, then)


def _ends(state: CampaignReadinessState) -> datetime | None:
    return state.window.ends_at if state.window else None


def _other(
    state: CampaignReadinessState,
    status: CaseStatus,
    who: str,
    until: datetime | None,
    then: str,
) -> Standing:
    since = state.case.opened_at
    return Standing(
        status=status,
        waiting_for=WaitingFor(
            who=who, what=readiness_in_words(state), since=since, until=until, then=then
        )
        if since
        else None,
    )


def readiness_in_words(state: CampaignReadinessState) -> str:
    """How ready the campaign is, on one line: the same for console, metaobject and partners' letters."""
    total = state.figures
    if total.share is None:
        return "no partner is asked for anything"
    words = [f"{_percent(total.share)} ready ({total.ready} of {counted(total.expected, 'piece')})"]
    for count, what in (
        (total.open, "without a word"),
        (total.at_risk, "at risk"),
        (total.late, "late"),
        (total.declined, "declined"),
    ):
        if count:
            words.append(f"{counted(count, 'product')} {what}")
    if state.own.products:
        words.append(f"{counted(state.own.products, 'product')} of the merchant's own")
    return ", ".join(words)


def _percent(share: float) -> str:
    """Never 100 % while a piece is missing."""
    return f"{int(share * 1000) / 10:g} %"


def problems_in_words(state: CampaignReadinessState) -> str:
    more = state.problem_count - len(state.problems)
    return " ".join(state.problems) + (f" And {more} more." if more > 0 else "")


def metaobject_text(state: CampaignReadinessState) -> str:
    """The line that staff reads on the campaign in Shopify; no moment of ours, so that the same state is the same line."""
    stands = standing(state)
    words = [stands.status.value.replace("_", " ")]
    if state.outcome is not None:
        words = [state.outcome.words]
    elif stands.waiting_for is not None and stands.status is not CaseStatus.ACTIVE:
        words = [f"waiting for {stands.waiting_for.who}"]
        if stands.status is CaseStatus.AWAITING_MERCHANT:
            words.append(stands.waiting_for.what)
    words.append(readiness_in_words(state))
    if state.sold is not None:
        words.append(sold_in_words(state))
    return short("; ".join(words), 1000)


def sold_in_words(state: CampaignReadinessState) -> str:
    sold = state.sold
    if sold is None:
        return ""
    words = f"{sold.sold} sold of {counted(sold.committed, 'piece')} committed"
    if sold.oversold_count:
        words += f", {counted(sold.oversold_count, 'product')} sold beyond what was committed"
    if sold.hidden_before is not None:
        words += (
            f"; orders before {sold.hidden_before:%d %b %Y} are hidden from us, and not counted"
        )
    return words


def snapshot(opened: CampaignReadinessInput, state: CampaignReadinessState) -> CaseSnapshot:
    """What the API, the lists and the console show of a campaign. Bounded, whatever the number of products."""
    stands = standing(state)
    return CaseSnapshot(
        case_id=opened.case_id,
        number=opened.number,
        kind=CaseKind.CAMPAIGN_READINESS,
        shop=opened.shop,
        status=stands.status,
        outcome=state.outcome.value if state.outcome else "",
        partners=tuple(one.partner for one in state.shares),
        waiting_for=stands.waiting_for,
        **common_fields(state.case),
        detail={
            "stage": state.stage.value,
            "window": state.window.model_dump(mode="json") if state.window else None,
            "metaobject_id": state.metaobject_id,
            "handle": state.handle,
            "fields_digest": state.fields_digest,
            "external_reference": opened.external_reference,
            "policy": state.policy.version,
            "plan_version": state.plan_version,
            "problems": list(state.problems),
            "problem_count": state.problem_count,
            "readiness": state.readiness,
            "ready_from": state.policy.ready_from,
            "readiness_words": readiness_in_words(state),
            "totals": state.figures.model_dump(),
            "own": state.own.model_dump(),
            "unasked": dict(state.unasked),
            "left_out": list(state.left_out),
            "partners": [_partner(one) for one in state.partners.values()],
            "gates": [_iso(one) for one in state.gates],
            "asked": state.asked.model_dump(mode="json") if state.asked else None,
            "go": state.go.model_dump(mode="json") if state.go else None,
            "worst": [one.model_dump(mode="json") for one in state.summary.worst[:WORST]],
            "issues": [one.model_dump(mode="json") for one in state.summary.issues],
            "issue_count": state.summary.issue_count,
            "flag_count": state.summary.flag_count,
            "constraints": [one.model_dump(mode="json") for one in state.constraints],
            "constraint_count": state.constraint_count,
            "sold": state.sold.model_dump(mode="json") if state.sold else None,
            "notes": list(state.case.notes),
        },
    )


def _partner(one: CampaignPartner) -> dict[str, object]:
    """One line; a campaign has hundreds of partners."""
    figures: Figures = one.figures
    return {
        "partner": one.partner,
        "name": one.name,
        "campaign": one.remote_id,
        "products": figures.products if one.has_share else 0,
        "open": figures.open,
        "at_risk": figures.at_risk + figures.late,
        "declined": figures.declined,
        "expected": figures.expected,
        "ready": figures.ready,
        "told": one.told,
        "due": _iso(one.clock.due) if one.clock and not one.clock.over else "",
        "silent_since": _iso(one.silent_since) if one.silent_since else "",
        "reminders_sent": one.reminders_sent,
    }


def _iso(at: datetime) -> str:
    return at.isoformat()


def window_in_words(state: CampaignReadinessState) -> str:
    window = state.window
    return f"{moment(window.starts_at)} to {moment(window.ends_at)}" if window else ""
