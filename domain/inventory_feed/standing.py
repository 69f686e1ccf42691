"""Who is waited for, and how the feed stands. Derived from the state; for people."""

from domain.case import CaseKind, CaseSnapshot, CaseStatus, Standing
from domain.inventory_feed.state import HeldAdvice, InventoryFeedInput, InventoryFeedState, Phase
from domain.standing import awaiting_merchant, common_fields, counted, in_trouble

_NOTES = 20


def standing(state: InventoryFeedState) -> Standing:
    """The status others see. A feed waits for nobody but the merchant, and meanwhile goes on with what it may."""
    if state.outcome is not None:
        return Standing(status=state.outcome.status)
    if trouble := in_trouble(state.case):
        return trouble
    if state.phase is Phase.OPENING:
        return Standing(status=CaseStatus.OPENING)
    if held := state.asked_about:
        return awaiting_merchant(
            state.case, _held(held), "the matter is escalated and it stays held"
        )
    if state.wants_word:
        what = f"the word to write what differs to Shopify: {counted(state.to_write, 'SKU')}"
        return awaiting_merchant(state.case, what, "the matter is escalated and nothing is written")
    return Standing(status=CaseStatus.ACTIVE)


def _held(held: list[HeldAdvice]) -> str:
    first = held[0]
    counts = f"{first.judgement.to_zero} of {first.judgement.for_sale}"
    more = f", and {len(held) - 1} more" if len(held) > 1 else ""
    return f"a decision: the {first.advice.words} takes {counts} SKUs for sale to zero{more}"


def snapshot(feed: InventoryFeedInput, state: InventoryFeedState) -> CaseSnapshot:
    """What the API, the lists and the console show of a feed."""
    stands = standing(state)
    counts, push = state.standing, state.last_push
    return CaseSnapshot(
        case_id=feed.case_id,
        number=feed.number,
        kind=CaseKind.INVENTORY_FEED,
        shop=feed.shop,
        status=stands.status,
        outcome=state.outcome.value if state.outcome else "",
        partners=(feed.partner,),
        waiting_for=stands.waiting_for,
        **common_fields(state.case),
        detail={
            "tenant": feed.tenant,
            "policy": state.policy.version,
            "runs": state.runs,
            "notes": state.case.notes[-_NOTES:],
            "skus": counts.skus,
            "for_sale": counts.for_sale,
            "to_push": counts.to_push,
            "to_write": state.to_write,
            "problems": {problem.value: count for problem, count in counts.problems.items()},
            "first_problems": [one.model_dump(mode="json") for one in counts.first_problems],
            "next_constraint": counts.next_constraint.isoformat() if counts.next_constraint else "",
            "newest": state.newest.isoformat() if state.newest else "",
            "stale_since": state.stale_since.isoformat() if state.stale_since else "",
            "advices": [one.model_dump(mode="json") for one in state.advices],
            "held": [_held_detail(one, code in state.words) for code, one in state.held.items()],
            "last_push": push.model_dump(mode="json") if push else None,
            "pushing": state.pushing,
            "auto_push": state.policy.auto_push,
            "items": state.items,
            "items_refreshed": state.refreshed_at.isoformat() if state.refreshed_at else "",
        },
    )


def _held_detail(held: HeldAdvice, decided: bool) -> dict[str, object]:
    return {
        "id": held.advice.id,
        "location_code": held.advice.location_code,
        "words": held.advice.words,
        "lines": held.lines,
        "for_sale": held.judgement.for_sale,
        "to_zero": held.judgement.to_zero,
        "since": held.since.isoformat(),
        "decided": decided,
    }
