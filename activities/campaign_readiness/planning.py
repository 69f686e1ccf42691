"""The plan of a campaign: read where it is made, split among partners by the shop's routes, and kept in the table."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from temporalio import activity

from activities.campaign_readiness.metaobjects import (
    PRODUCT_FIELDS,
    Reader,
    StoredCampaign,
    find_campaign,
)
from activities.campaign_readiness.sources import (
    Found,
    from_collections,
    from_file,
    joined,
    vendors_of,
    whole,
)
from activities.failures import translated
from activities.pauses import Pauses
from clients.shopify.admin import AdminApi
from domain.campaign_readiness import fields as names
from domain.campaign_readiness.messages import PlannedPartner, PlanRead, ReadPlan
from domain.campaign_readiness.plan import (
    TOLD_PROBLEMS,
    GivenPlan,
    PlannedProduct,
    PlanSource,
    SourceKind,
    Window,
    fields_digest,
    plan_digest,
    share_digest,
)
from domain.campaign_readiness.plan_file import Default
from domain.campaign_readiness.positions import Figures
from domain.case import CaseKind
from domain.policy import CampaignReadinessPolicy
from domain.routing import Traits
from domain.shopify_ids import numeric_id
from intake.connections import Connections
from intake.partner_plan import PartnerPlan, plan_partners
from intake.policies import policy_for
from persistence.errors import NotFoundError
from persistence.repositories import inbound_events, switches
from persistence.repositories.campaigns import plans, positions
from persistence.repositories.campaigns.plans import OWN, PlanLine
from persistence.session import Database

_WORDS = 240  # of one problem
_LIFECYCLE = CaseKind.CAMPAIGN_READINESS.value


@dataclass(frozen=True)
class _Plan:
    """A plan as it was read; with `problems` it is none."""

    window: Window | None
    source: PlanSource
    found: Found
    problems: list[str]


class CampaignPlanActivities:
    def __init__(self, connections: Connections, database: Database, pauses: Pauses) -> None:
        self._connections = connections
        self._database = database
        self._pauses = pauses

    @activity.defn(name="campaign_readiness.read_plan")
    async def read_plan(self, request: ReadPlan) -> PlanRead:
        """Read the plan, say whose each product is, and bring the table to it; what can't be read is told in plain words."""
        await self._pauses.check()
        with translated():
            admin = (await self._connections.shopify(request.shop)).unhurried()
            campaign = await find_campaign(admin, request.metaobject_id, request.handle)
            if campaign is None and request.metaobject_id:
                return PlanRead(gone=True)
            head = PlanRead(fields_digest=request.fields_digest)
            edited: frozenset[str] = frozenset()
            given, lost = await self._given(request.event_id)
            if campaign is not None:
                head = PlanRead(
                    metaobject_id=numeric_id(campaign.metaobject.id),
                    fields_digest=fields_digest(campaign.plan),
                )
                # A plan that was just given is newer than a metaobject that nobody has looked at yet.
                if request.fields_digest or given is None:
                    edited = campaign.edited(request.fields_digest)
            if lost:
                # Not an error: no retry brings it back, and another plan may be given at any time.
                none = _Plan(request.window, PlanSource(kind=SourceKind.GIVEN), Found(), [lost])
                return await self._unreadable(request, head, none)
            if not (edited or given or request.look_again):
                return head.model_copy(update={"unchanged": True})
            plan = await self._plan(admin, request, campaign, edited, given)
            if plan.problems:
                return await self._unreadable(request, head, plan)
            return await self._planned(admin, request, head, plan)

    # Reading.

    async def _given(self, event_id: int) -> tuple[GivenPlan | None, str]:
        """The plan of an event; else why there is none where there should be one."""
        if not event_id:
            return None, ""
        async with self._database.read() as session:
            try:
                body = (await inbound_events.get(session, event_id)).body
            except NotFoundError:
                body = None
        if body is None:
            return None, f"The plan of event {event_id} is not kept any more; give it once more."
        try:
            return GivenPlan.model_validate(json.loads(body)["plan"]), ""
        except (ValueError, KeyError, TypeError):
            return None, f"The event {event_id} has no plan that can be read; give it once more."

    async def _plan(
        self,
        admin: AdminApi,
        request: ReadPlan,
        campaign: StoredCampaign | None,
        edited: frozenset[str],
        given: GivenPlan | None,
    ) -> _Plan:
        reader = Reader(campaign.plan if campaign is not None else {})
        window = request.window
        if given is not None and given.window is not None:
            window = given.window
        if campaign is not None:
            window = reader.window(window, edited)
        elif window is None:
            reader.problems.append("The campaign has no title, start and end.")
        elif window.problem:
            reader.problems.append(window.problem)
        restricted = reader.partners()
        source = self._source(request, reader, edited, given, restricted)
        found = await self._products(admin, request.case_id, source, reader, given)
        return _Plan(window, source, found, [*reader.problems, *found.problems])

    @staticmethod
    def _source(
        request: ReadPlan,
        reader: Reader,
        edited: frozenset[str],
        given: GivenPlan | None,
        restricted: tuple[str, ...],
    ) -> PlanSource:
        """Where the products come from now: the newest word on them, else where they came from before."""
        named = any(key in reader.fields for key in (names.COLLECTIONS, names.PLAN_FILE))
        before = request.source
        if before is None and given is None:
            before = PlanSource(kind=SourceKind.METAOBJECT)
        if named and any(key in edited for key in PRODUCT_FIELDS):
            return PlanSource(kind=SourceKind.METAOBJECT, partners=restricted)
        if given is not None and (given.products or given.collection_id or before is None):
            return PlanSource(
                kind=SourceKind.GIVEN if not given.collection_id else SourceKind.COLLECTION,
                collection_id=given.collection_id,
                expected_quantity=given.expected_quantity,
                ready_by=given.ready_by,
                partners=restricted or given.partners,
            )
        assert before is not None
        if before.kind is SourceKind.METAOBJECT:
            if not reader.fields and not request.metaobject_id:
                # It was deleted, and the campaign goes on without it: its products are those of the table.
                return before.model_copy(update={"kind": SourceKind.GIVEN})
            return before.model_copy(update={"partners": restricted})
        return before.model_copy(update={"partners": restricted or before.partners})

    async def _products(
        self,
        admin: AdminApi,
        case_id: str,
        source: PlanSource,
        reader: Reader,
        given: GivenPlan | None,
    ) -> Found:
        match source.kind:
            case SourceKind.METAOBJECT:
                default = reader.default()
                parts = []
                if file_id := reader.fields.get(names.PLAN_FILE):
                    parts.append(await from_file(admin, file_id, default))
                if collections := reader.collections():
                    parts.append(await from_collections(admin, collections, default))
                return whole(joined(parts))
            case SourceKind.COLLECTION:
                default = Default(source.expected_quantity, source.ready_by)
                return whole(await from_collections(admin, [source.collection_id], default))
            case SourceKind.GIVEN:
                if given is not None and given.products:
                    return whole(Found(products=list(given.products)))
                async with self._database.read() as session:
                    lines = await plans.lines_of(session, case_id)
                return whole(Found(products=[line.product for line in lines]))

    # What follows.

    async def _unreadable(self, request: ReadPlan, head: PlanRead, plan: _Plan) -> PlanRead:
        async with self._database.read() as session:
            policy = await policy_for(session, CampaignReadinessPolicy, request.shop)
            shadow = await switches.in_force(
                session, "shadow", shop_id=request.shop, lifecycle=_LIFECYCLE
            )
        return head.model_copy(
            update={
                "problems": tuple(_cut(one) for one in plan.problems[:TOLD_PROBLEMS]),
                "problem_count": len(plan.problems),
                "window": plan.window,
                "policy": policy,
                "shadow": shadow is not None,
            }
        )

    async def _planned(
        self, admin: AdminApi, request: ReadPlan, head: PlanRead, plan: _Plan
    ) -> PlanRead:
        assert plan.window is not None
        products, source = plan.found.products, plan.source
        vendors = await vendors_of(admin, [one.sku for one in products], plan.found.vendors)
        routed = await plan_partners(
            self._database,
            request.shop,
            CampaignReadinessPolicy,
            [Traits(sku=one.sku, vendor=vendors[one.sku]) for one in products],
        )
        lines = _restricted(products, routed, source.partners)
        policy = await self._terms(request.shop, routed, lines)
        async with self._database.begin() as session:
            await plans.replace(session, request.case_id, request.version, lines)
            figures = await positions.figures(session, request.case_id)
        return head.model_copy(
            update={
                "window": plan.window,
                "source": source,
                "digest": plan_digest(
                    plan.window, source, ((line.product, line.partner) for line in lines)
                ),
                "partners": tuple(_partners(plan.window, lines, routed, policy, figures)),
                "own": figures.get(OWN, Figures()),
                "policy": policy,
                "shadow": routed.shadow,
                "unasked": _unasked(plan, routed, lines),
                "left_out": tuple(_cut(one) for one in plan.found.left_out[:TOLD_PROBLEMS]),
            }
        )

    async def _terms(
        self,
        shop: str,
        routed: PartnerPlan[CampaignReadinessPolicy],
        lines: Sequence[PlanLine],
    ) -> CampaignReadinessPolicy:
        """The campaign's terms: those of the only partner that is asked, else the shop's."""
        asked = {line.partner for line in lines if line.partner}
        if len(asked) == 1:
            return routed.partners[next(iter(asked))].policy
        async with self._database.read() as session:
            return await policy_for(session, CampaignReadinessPolicy, shop)


def _restricted(
    products: Sequence[PlannedProduct],
    routed: PartnerPlan[CampaignReadinessPolicy],
    partners: Sequence[str],
) -> list[PlanLine]:
    """Whose each product is; where partners are named, nobody else is asked."""
    return [
        PlanLine(product, partner if not partners or partner in partners else OWN)
        for product, partner in zip(products, routed.lines, strict=True)
    ]


def _partners(
    window: Window,
    lines: Sequence[PlanLine],
    routed: PartnerPlan[CampaignReadinessPolicy],
    own: CampaignReadinessPolicy,
    figures: dict[str, Figures],
) -> list[PlannedPartner]:
    """Terms travel with a partner only where they are its own: those of 150 would be most of the message."""
    shares: dict[str, list[PlannedProduct]] = {}
    for line in lines:
        if line.partner:
            shares.setdefault(line.partner, []).append(line.product)
    return [
        PlannedPartner(
            partner=name,
            tenant=routed.partners[name].tenant,
            name=routed.partners[name].name,
            digest=share_digest(window, shares[name]),
            figures=figures.get(name, Figures()),
            policy=terms if (terms := routed.partners[name].policy) != own else None,
        )
        for name in sorted(shares)
    ]


def _unasked(
    plan: _Plan, routed: PartnerPlan[CampaignReadinessPolicy], lines: Sequence[PlanLine]
) -> dict[str, str]:
    """Why partners that routes, or the plan, name are asked nothing."""
    asked = {line.partner for line in lines if line.partner}
    without = {
        name: f"The partner {name} is named in the plan, but none of the products is routed to it."
        for name in plan.source.partners
        if name not in asked and name not in routed.unasked
    }
    found = {**routed.unasked, **without}
    return {name: _cut(found[name]) for name in list(found)[:TOLD_PROBLEMS]}


def _cut(text: str) -> str:
    return text if len(text) <= _WORDS else f"{text[: _WORDS - 1]}…"
