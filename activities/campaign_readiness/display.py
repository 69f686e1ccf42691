"""Where a campaign stands, for people: added up from the table, and written to its metaobject in Shopify."""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from temporalio import activity

from activities.campaign_readiness.metaobjects import (
    AS_MADE,
    CASE,
    StoredCampaign,
    find_campaign,
    moment_text,
)
from activities.failures import translated
from activities.pauses import Pauses
from clients.shopify.admin import AdminApi
from clients.shopify.errors import ShopifyUserErrors
from clients.shopify.generated.input_types import (
    MetaobjectFieldInput,
    MetaobjectHandleInput,
    MetaobjectUpdateInput,
    MetaobjectUpsertInput,
)
from domain.campaign_readiness import fields as names
from domain.campaign_readiness.messages import (
    TOLD_ISSUES,
    LaunchIssue,
    Summarise,
    Summary,
    WorstLine,
    WriteMetaobject,
    WrittenMetaobject,
)
from domain.campaign_readiness.plan import Window, fields_digest
from domain.campaign_readiness.positions import WORST, Commitment, total
from domain.shopify_ids import numeric_id
from intake.connections import Connections
from persistence.repositories.campaigns import positions, words
from persistence.repositories.campaigns.plans import OWN
from persistence.session import Database
from persistence.tables import CampaignProduct

_NOTE = 120  # of a partner's words that people see in a list
_TEXT_FIELD = 255
_NOT_FOUND = "RECORD_NOT_FOUND"


class CampaignDisplayActivities:
    def __init__(self, connections: Connections, database: Database, pauses: Pauses) -> None:
        self._connections = connections
        self._database = database
        self._pauses = pauses

    @activity.defn(name="campaign_readiness.summarise")
    async def summarise(self, request: Summarise) -> Summary:
        """Counts of what partners were asked for, the worst products, the serious issues."""
        async with self._database.read() as session:
            figures = await positions.figures(session, request.case_id)
            worst = await positions.worst(session, request.case_id, WORST)
            issues = await words.issues_of(session, request.case_id, serious=True, most=TOLD_ISSUES)
            issue_count, flag_count = await words.count(session, request.case_id)
        return Summary(
            figures=total(one for partner, one in figures.items() if partner != OWN),
            worst=tuple(_worst(row) for row in worst),
            issues=tuple(
                LaunchIssue(
                    code=row.code,
                    sku=row.sku,
                    text=row.text[:_NOTE],
                    severity=row.severity,
                    partner=row.partner_id,
                )
                for row in issues
            ),
            issue_count=issue_count,
            flag_count=flag_count,
        )

    @activity.defn(name="campaign_readiness.write_metaobject")
    async def write_metaobject(self, request: WriteMetaobject) -> WrittenMetaobject:
        """Write our fields where they differ; the plan's fields only into a metaobject that we make.

        Only the fields that are given change: what staff edits at the same time stays.
        """
        await self._pauses.check()
        with translated():
            admin = await self._connections.shopify(request.shop)
            found = await find_campaign(admin, request.metaobject_id, request.handle)
            if found is None and not request.create:
                return WrittenMetaobject(gone=True)
            # Made in an earlier attempt it is left to staff; made for an earlier case of the same name it is planned anew.
            ours = found is not None and found.data.get(CASE) == request.case_id
            plan: Mapping[str, str] = {}
            if request.create and not ours and request.window is not None:
                plan = _window_fields(request.window)
            wanted = {**plan, **_results(request, found, plan)}
            if found is None:
                return await _make(admin, request.handle, wanted)
            differing = {
                key: text for key, text in wanted.items() if not _same(key, text, found.fields)
            }
            if not differing:
                return WrittenMetaobject(metaobject_id=numeric_id(found.metaobject.id))
            return await _change(admin, found.metaobject.id, differing)


async def _make(admin: AdminApi, handle: str, texts: Mapping[str, str]) -> WrittenMetaobject:
    answer = await admin.campaign_upsert(
        handle=MetaobjectHandleInput(type_=names.TYPE, handle=handle),
        metaobject=MetaobjectUpsertInput(fields=_inputs(texts)),
    )
    made = answer.metaobject_upsert
    assert made is not None  # the client refuses a mutation without a payload
    assert made.metaobject is not None
    return WrittenMetaobject(changed=True, metaobject_id=numeric_id(made.metaobject.id))


async def _change(admin: AdminApi, id_: str, texts: Mapping[str, str]) -> WrittenMetaobject:
    try:
        await admin.campaign_update(id=id_, metaobject=MetaobjectUpdateInput(fields=_inputs(texts)))
    except ShopifyUserErrors as error:
        if _NOT_FOUND in error.codes:
            return WrittenMetaobject(gone=True)
        raise
    return WrittenMetaobject(changed=True, metaobject_id=numeric_id(id_))


def _inputs(texts: Mapping[str, str]) -> list[MetaobjectFieldInput]:
    return [MetaobjectFieldInput(key=key, value=text) for key, text in texts.items()]


def _window_fields(window: Window) -> dict[str, str]:
    return {
        names.TITLE: window.title,
        names.STARTS_AT: moment_text(window.starts_at),
        names.ENDS_AT: moment_text(window.ends_at),
    }


def _results(
    request: WriteMetaobject, found: StoredCampaign | None, plan: Mapping[str, str]
) -> dict[str, str]:
    """Our fields. What a metaobject was made with stays in it, so that staff's first edit is told from what we wrote."""
    summary = request.summary
    data: dict[str, object] = {
        CASE: request.case_id,
        "totals": summary.figures.model_dump(),
        "worst": [line.model_dump(mode="json", exclude_defaults=True) for line in summary.worst],
        "issues": [
            issue.model_dump(mode="json", exclude_defaults=True) for issue in summary.issues
        ],
        "issue_count": summary.issue_count,
    }
    if plan:
        kept = found.plan if found is not None else {}
        data[AS_MADE] = fields_digest({**kept, **plan})
    elif found is not None and AS_MADE in found.data:
        data[AS_MADE] = found.data[AS_MADE]
    readiness = f"{request.readiness:.4f}" if request.readiness is not None else ""
    return {
        names.STATUS: _line(request.status),
        names.READINESS: readiness,
        names.READINESS_TEXT: _line(request.text),
        names.READINESS_DATA: json.dumps(data, sort_keys=True, ensure_ascii=False),
    }


def _line(text: str) -> str:
    return " ".join(text.split())[:_TEXT_FIELD]


def _same(key: str, text: str, current: Mapping[str, str]) -> bool:
    """Whether Shopify has it already, in whatever spelling: it writes numbers, moments and JSON in its own."""
    there = current.get(key, "")
    if there == text:
        return True
    try:
        match key:
            case names.READINESS:
                return bool(there and text) and Decimal(there) == Decimal(text)
            case names.READINESS_DATA:
                return bool(json.loads(there) == json.loads(text))
            case names.STARTS_AT | names.ENDS_AT:
                return datetime.fromisoformat(there) == datetime.fromisoformat(text)
    except (ValueError, TypeError, ArithmeticError):
        pass
    return False


def _worst(row: CampaignProduct) -> WorstLine:
    return WorstLine(
        sku=row.sku,
        partner=row.partner_id,
        expected=row.expected,
        ready=row.ready,
        status=Commitment(row.status),
        ready_by=row.ready_by,
        said_ready_by=row.said_ready_by,
        note=row.note[:_NOTE],
    )
