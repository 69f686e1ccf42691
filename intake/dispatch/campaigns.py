"""What events of campaigns mean: a metaobject in Shopify, a partner's readiness in Trading Grid, a plan through the API."""

from datetime import UTC, datetime

from clients.shopify.generated.fragments import CampaignMetaobject
from clients.trading_grid.errors import NotFound
from domain import references
from domain.campaign_readiness import fields
from domain.campaign_readiness.names import PLAN_GIVEN, PlanGiven, campaign_key, metaobject_handle
from domain.campaign_readiness.plan import GivenPlan, edited_fields
from domain.case import CaseKind
from domain.shopify_ids import gid
from intake.dispatch.partner_cases import case_and_partner, find_case
from intake.dispatch.signalling import OWN_SYSTEM, Signalling
from intake.events import Event, UnreadableEvent
from intake.openings import opening_of_campaign, opening_of_metaobject
from intake.routes import TopicRoute
from intake.settled import Settled
from persistence.repositories import case_references
from persistence.repositories import cases as case_rows
from persistence.repositories.case_references import Reference
from persistence.tables import Case

_TYPE = fields.TYPE.removeprefix("$app:")
DELETED = "metaobjects/delete"


async def changed(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """Tell the metaobject's case to look again; where there is none, read it and see whether one opens."""
    metaobject_id = event.object_id(line.body_key)
    if (kind := event.text("type")) and not kind.endswith(f"--{_TYPE}"):
        return Settled("ignored", f"Metaobjects of the type {kind} are no campaigns.")
    found = await _known(cases, event.scope, metaobject_id, event.text("handle"))
    if any(case.closed_at is None for case in found):
        return await cases.shopify_changed(event, found)
    if event.topic == DELETED:
        return (
            await cases.after_the_end(event, found[0])
            if found
            else Settled("ignored", "It belongs to no case of ours.")
        )
    admin = await cases.connections.shopify(event.scope)
    now = (await admin.campaign_by_id(id=gid("Metaobject", metaobject_id))).metaobject
    if now is None or not now.type_.endswith(f"--{_TYPE}"):
        return Settled("ignored", f"The shop has no campaign {metaobject_id}.")
    # One that a case of ours has made a moment ago, and its number is not entered yet.
    found = found or await _known(cases, event.scope, metaobject_id, now.handle)
    if found:
        return await _after_the_end(cases, event, found, now)
    if (ended := _ended_at(now)) is not None:
        return Settled("ignored", f"The campaign was over on {ended:%d %b %Y}.")
    return await cases.open(
        event,
        opening_of_metaobject(
            event.scope,
            metaobject_id,
            opened_by=event.source if event.source != OWN_SYSTEM else "shopify",
        ),
    )


async def ready(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """Tell the case of a partner's share. Whose it is says our own external reference `{case}/{partner}`, else the
    references table, else Trading Grid itself."""
    reference = ("data", "external_reference")
    case_id, partner = case_and_partner(
        event.text(*reference, "system"), event.text(*reference, "id")
    )
    found = await find_case(cases, case_id, tenant=event.scope) if case_id else None
    if found is None:
        found = await _of_share(cases, event)
    if found is None:
        case_id, partner = await _read(cases, event)
        if not case_id:
            return Settled("ignored", "It belongs to no case of ours.")
        found = await find_case(cases, case_id, tenant=event.scope)
        if found is None:
            return Settled("failed", f"It names the case {case_id}, which is not known here.")
    if found.kind != CaseKind.CAMPAIGN_READINESS:
        return Settled("failed", f"The case {found.id} is no campaign.")
    said = event.text("data", "partner_id")
    if said and partner and said != partner:
        return Settled("failed", f"{said} speaks of a share of {partner}.")
    if not (partner := said or partner):
        return Settled("failed", "The event names no partner.")
    return await cases.partner_changed(event, [found], partner)


async def create(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """A campaign that the API was given; one that is open under this reference takes the plan as its new one.

    Raises:
        UnreadableEvent: the body has no reference, or its plan is none.
    """
    reference, again = event.text("external_reference"), bool(event.body.get("again"))
    actor = event.text("opened_by") or OWN_SYSTEM
    if not reference:
        raise UnreadableEvent("The body names no external_reference.")
    if GivenPlan.model_validate(event.body.get("plan")).window is None:
        raise UnreadableEvent("The plan does not say when the campaign runs.")
    async with cases.database.read() as session:
        known = await case_rows.list_of_key(session, campaign_key(event.scope, reference))
    earlier = [case for case in known if case.opened_by_event_id != event.id]
    # Another campaign of the same reference is written under another handle: the first one's has its own dates.
    handle = metaobject_handle(reference) + (f"-{len(earlier) + 1}" if earlier and again else "")
    opening = opening_of_campaign(
        event.scope, reference, handle=handle, plan_event_id=event.id, opened_by=actor
    )
    settled = await cases.open(event, opening, again=again)
    if settled.status == "dispatched" and settled.opened and not settled.opened.created:
        async with cases.database.read() as session:
            case = await case_rows.get(session, settled.opened.case_id)
        if case.closed_at is None and case.opened_by_event_id != event.id:
            await cases.tell(event, [case], PLAN_GIVEN, _given(event, actor))
    return settled


async def plan(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """Another plan for a campaign that is open, whether it began here or in Shopify."""
    GivenPlan.model_validate(event.body.get("plan"))
    case_id = event.text("case_id")
    async with cases.database.read() as session:
        case = await case_rows.find(session, case_id)
    if case is None or case.shop_id != event.scope or case.kind != CaseKind.CAMPAIGN_READINESS:
        return Settled("failed", f"The shop has no campaign {case_id}.")
    if case.closed_at is not None:
        return Settled("failed", f"The campaign {case_id} has ended.")
    return await cases.tell(event, [case], PLAN_GIVEN, _given(event, event.text("actor")))


def _given(event: Event, actor: str) -> PlanGiven:
    return PlanGiven(event_id=event.key, plan_event_id=event.id, actor=actor or OWN_SYSTEM)


async def _known(cases: Signalling, shop: str, metaobject_id: str, handle: str) -> list[Case]:
    """The cases of a metaobject, by its number, or by the handle one of ours is written under."""
    named = [Reference(kind=references.METAOBJECT, value=metaobject_id, scope=shop)]
    if handle:
        named.append(Reference(kind=references.CAMPAIGN_HANDLE, value=handle, scope=shop))
    async with cases.database.read() as session:
        return await case_references.find(session, *named)


async def _after_the_end(
    cases: Signalling, event: Event, found: list[Case], now: CampaignMetaobject
) -> Settled:
    """Our own last write is heard of after the end, too; an edit of staff is not lost in it."""
    case = found[0]
    digest = (case.snapshot or {}).get("detail", {}).get("fields_digest", "")
    edited = edited_fields(digest, plan_fields(now)) if digest else frozenset()
    if not edited:
        return await cases.after_the_end(event, case)
    words = (
        f"{', '.join(sorted(edited))}: edited in Shopify after the campaign had ended; it is not run again."
        " Make another metaobject for another campaign."
    )
    await cases.note(event, case, words)
    return Settled("dispatched", "Its case is closed; noted there.", (case.id,))


def plan_fields(found: CampaignMetaobject) -> dict[str, str]:
    """What staff writes."""
    return {
        one.key: one.value for one in found.fields if one.key in fields.PLAN_FIELDS and one.value
    }


def _ended_at(found: CampaignMetaobject) -> datetime | None:
    """When the campaign was over; None while it is not, or nobody can tell."""
    text = next((one.value for one in found.fields if one.key == fields.ENDS_AT), None)
    try:
        ends = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    if ends is None:
        return None
    ends = ends if ends.tzinfo else ends.replace(tzinfo=UTC)
    return ends if ends <= datetime.now(UTC) else None


async def _of_share(cases: Signalling, event: Event) -> Case | None:
    share = event.text("data", "campaign_id")
    if not share:
        return None
    named = Reference(kind=references.CAMPAIGN, value=share, scope=event.scope)
    async with cases.database.read() as session:
        found = await case_references.find(session, named)
    return await find_case(cases, found[0].id, tenant=event.scope) if found else None


async def _read(cases: Signalling, event: Event) -> tuple[str, str]:
    """Case id and partner by our reference on the campaign in Trading Grid; empty where it is not ours."""
    share = event.text("data", "campaign_id")
    if not share:
        return "", ""
    trading_grid = await cases.connections.trading_grid(event.scope)
    try:
        campaign = await trading_grid.read_campaign(share)
    except NotFound:
        return "", ""
    reference = campaign.external_reference
    return case_and_partner(reference.system, reference.id) if reference else ("", "")
