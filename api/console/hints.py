"""Which commands an operator may find useful for a case as it stands, each with its place in `/docs`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from fastapi import FastAPI

from api.cases import CaseDetail
from domain import operator
from domain.campaign_readiness.names import CHANGE, GO, STOP
from domain.campaign_readiness.state import Stage
from domain.case import CaseKind, CaseStatus
from domain.dispute.names import ADD_EVIDENCE, SUBMIT
from domain.dispute.phases import Phase as DisputePhase
from domain.inventory_feed.names import REFRESH
from domain.inventory_feed.problems import Problem
from domain.order_exception.names import REASSIGN
from domain.return_claim.names import GOODS_RECEIVED
from domain.return_claim.state import Phase

_WORDS = {
    GO: "let the campaign start as planned",
    CHANGE: "change when it runs, or what is in it",
    STOP: "call the campaign off",
    operator.DECIDE: "settle it with your word",
    GOODS_RECEIVED: "say what came back",
    SUBMIT: "submit the evidence as it stands, once and for good",
    ADD_EVIDENCE: "add a statement or papers of your own",
    REASSIGN: "give lines to another partner",
    REFRESH: "read terms, SKUs and advices again",
    operator.RETRY: "try again what failed, once its cause is mended",
    operator.MESSAGE_PARTNER: "write to a partner",
    operator.NUDGE: "remind a partner now",
    operator.EXTEND: "give more time",
    operator.ADD_NOTE: "add a note",
    operator.ASSIGN: "say who looks after it",
    operator.CANCEL: "give it up",
}

_REASSIGNED = {CaseKind.ORDER_EXCEPTION, CaseKind.PURCHASE_ORDER}


@dataclass(frozen=True)
class Hint:
    """A command: `anchor` is its place in `/docs`; `asked` says that the case waits for it."""

    name: str
    words: str
    anchor: str
    asked: bool


def hints(app: FastAPI, case: CaseDetail) -> list[Hint]:
    """None for a closed case. The workflow has the last word on a command, whatever is offered here."""
    if case.closed_at is not None:
        return []
    paths = app.openapi()["paths"]
    asked = set(_asked(case))
    return [
        Hint(
            name,
            _WORDS[name],
            paths[f"/cases/{{case_id}}/{name}"]["post"]["operationId"],
            name in asked,
        )
        for name in _possible(case, asked)
    ]


def _possible(case: CaseDetail, asked: set[str]) -> list[str]:
    names = set(asked)
    if case.kind == CaseKind.INVENTORY_FEED:
        names |= _of_feed(_detail(case))
    elif case.partners:
        names |= {operator.MESSAGE_PARTNER, operator.EXTEND}
    if case.status == CaseStatus.AWAITING_PARTNER:
        names |= {operator.NUDGE, operator.DECIDE}
    if case.kind in _REASSIGNED and _detail(case).get("lines"):
        names.add(REASSIGN)
    if case.kind == CaseKind.RETURN_CLAIM and _detail(case).get("phase") == Phase.GOODS:
        names.add(GOODS_RECEIVED)
    if case.kind == CaseKind.DISPUTE:
        names -= {operator.DECIDE}
        if _detail(case).get("phase") == DisputePhase.EVIDENCE:
            names |= {SUBMIT, ADD_EVIDENCE, operator.DECIDE}
    if case.kind == CaseKind.CAMPAIGN_READINESS:
        names |= {CHANGE, STOP}
        names -= set() if operator.DECIDE in asked else {operator.DECIDE}
        if _detail(case).get("stage") == Stage.PREPARING and not _detail(case).get("go"):
            names.add(GO)
    names |= {operator.ADD_NOTE, operator.ASSIGN, operator.CANCEL}
    return sorted(names, key=lambda name: (name not in asked, list(_WORDS).index(name)))


def _of_feed(detail: Mapping[str, Any]) -> set[str]:
    """A feed's partner has no case of its own here: nothing is asked of it."""
    problems = detail.get("problems") or {}
    found = {REFRESH, operator.RETRY} if problems else {REFRESH}
    return found | {operator.DECIDE} if Problem.EDITED_BY_HAND in problems else found


def _asked(case: CaseDetail) -> Iterator[str]:
    """What the case waits for from the merchant."""
    if case.snapshot is None or case.status != CaseStatus.AWAITING_MERCHANT:
        return
    if case.snapshot.troubles:
        yield operator.RETRY
        return
    detail = _detail(case)
    phase = detail.get("phase")
    if case.kind == CaseKind.RETURN_CLAIM and phase == Phase.GOODS:
        yield GOODS_RECEIVED
        return
    if case.kind == CaseKind.CAMPAIGN_READINESS:
        yield from _asked_of_campaign(detail)
        return
    if case.kind == CaseKind.DISPUTE:
        yield _asked_of_dispute(detail)
    else:
        yield operator.DECIDE
    if any(asked.get("question") for asked in asked_partners(detail)):
        yield operator.MESSAGE_PARTNER


def _asked_of_dispute(detail: Mapping[str, Any]) -> str:
    if detail.get("phase") == DisputePhase.BANK:
        return operator.DECIDE
    return SUBMIT if detail.get("papers") or detail.get("statements") else ADD_EVIDENCE


def _asked_of_campaign(detail: Mapping[str, Any]) -> Iterator[str]:
    if detail.get("problems"):
        yield CHANGE
    elif detail.get("asked"):
        yield from (GO, CHANGE, STOP)
    else:
        yield operator.DECIDE


def asked_partners(detail: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What a snapshot says of the partners that are asked, whatever its lifecycle calls them."""
    lists = (detail.get(name) or () for name in ("reviews", "partners", "purchase_orders"))
    found = [*chain.from_iterable(lists), detail.get("chase")]
    return [one for one in found if isinstance(one, Mapping)]


def _detail(case: CaseDetail) -> dict[str, Any]:
    return dict(case.snapshot.detail) if case.snapshot else {}
