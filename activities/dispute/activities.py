"""The activities of a dispute."""

from collections.abc import Sequence

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.dispute import mapping
from activities.dispute.drafting import DISPUTE, Drafting, read_draft, write_text
from activities.dispute.filing import UNKNOWN, Filing, Placed
from activities.failures import translated
from activities.pauses import Pauses
from clients.documents.merging import Binder, BinderBroken
from clients.documents.port import DocumentStore
from clients.shopify.admin import AdminApi
from clients.shopify.errors import ShopifyError, ShopifyUserErrors
from clients.shopify.generated.input_types import ShopifyPaymentsDisputeEvidenceUpdateInput
from domain.dispute.messages import (
    AlignedFiles,
    AlignFiles,
    DisputedLine,
    DisputeFacts,
    DisputeRead,
    DraftedText,
    DraftText,
    EvidencePaper,
    EvidencePlan,
    FindPapers,
    FoundPapers,
    PlanEvidence,
    PlannedPartner,
    ReadDispute,
    SubmitEvidence,
    SubmitResult,
    SubmittedEvidence,
)
from domain.dispute.names import DisputeStatus
from domain.dispute.papers import HeldPaper, Placement
from domain.failures import UNAVAILABLE
from domain.policy import DisputePolicy
from domain.priority import priority_of
from domain.routing import Traits
from domain.shopify_ids import gid
from intake.connections import Connections
from intake.partner_plan import plan_partners
from intake.policies import policy_for
from persistence.repositories import documents
from persistence.session import Database
from persistence.tables import Document

_MERCHANT = "merchant"


class DisputeActivities:
    def __init__(
        self,
        connections: Connections,
        database: Database,
        store: DocumentStore,
        pauses: Pauses,
        *,
        binder: Binder | None = None,
    ) -> None:
        self._connections = connections
        self._database = database
        self._pauses = pauses
        self._filing = Filing(store, binder or Binder())

    @activity.defn(name="dispute.read_dispute")
    async def read_dispute(self, request: ReadDispute) -> DisputeRead:
        """The dispute as it is now."""
        await self._pauses.check()
        with translated():
            admin = await self._connections.shopify(request.shop)
            return DisputeRead(dispute=await _facts(admin, request.dispute_id))

    @activity.defn(name="dispute.plan_evidence")
    async def plan_evidence(self, request: PlanEvidence) -> EvidencePlan:
        """Who is asked about which lines by the routes, on the terms of the order's priority."""
        async with self._database.read() as session:
            with translated():
                terms = await policy_for(session, DisputePolicy, request.shop)
        priority = priority_of(request.tags, request.number_of_orders, terms)
        with translated():
            plan = await plan_partners(
                self._database,
                request.shop,
                DisputePolicy,
                [_traits(line) for line in request.lines],
                priority=priority,
            )
        return EvidencePlan(
            lines=tuple(
                line.model_copy(update={"partner": partner})
                for line, partner in zip(request.lines, plan.lines, strict=True)
            ),
            partners=tuple(
                PlannedPartner(
                    partner=one.partner, tenant=one.tenant, name=one.name, policy=one.policy
                )
                for one in plan.partners.values()
            ),
            policy=plan.policy,
            priority=priority,
            shadow=plan.shadow,
            unasked=plan.unasked,
        )

    @activity.defn(name="dispute.find_papers")
    async def find_papers(self, request: FindPapers) -> FoundPapers:
        """Stored papers that may be evidence: of the order's other cases, and those the merchant named."""
        async with self._database.read() as session:
            found: list[Document] = []
            if request.order_id and request.types:
                found += await documents.from_partners_of_order(
                    session,
                    request.shop,
                    request.order_id,
                    types=request.types,
                    but=request.case_id,
                )
            named = await documents.of_case_or_order(
                session, request.shop, request.case_id, request.document_ids
            )
        by_sha: dict[str, Document] = {}
        for row in [*found, *named]:
            by_sha.setdefault(row.sha256, row)
        known = {row.id for row in named}
        return FoundPapers(
            papers=tuple(_held(row, request.case_id) for row in by_sha.values()),
            unknown=tuple(one for one in request.document_ids if one not in known),
        )

    @activity.defn(name="dispute.align_files")
    async def align_files(self, request: AlignFiles) -> AlignedFiles:
        """Bring the draft's files one step nearer to what they should be."""
        await self._pauses.check()
        papers, unknown = await self._placed(request.shop, request.papers)
        with translated():
            admin = await self._connections.shopify(request.shop)
            try:
                aligned = await Drafting(admin, self._filing).align(request.dispute_id, papers)
            except BinderBroken as error:
                raise ApplicationError(str(error), type=UNAVAILABLE) from error
        if not aligned.done or aligned.closed:
            return aligned
        missing = {one: Placement(why=UNKNOWN) for one in unknown}
        return aligned.model_copy(update={"placements": missing | aligned.placements})

    @activity.defn(name="dispute.draft_text")
    async def draft_text(self, request: DraftText) -> DraftedText:
        """Write our part of the draft's text, if it says something else."""
        await self._pauses.check()
        with translated():
            return await write_text(await self._connections.shopify(request.shop), request)

    @activity.defn(name="dispute.submit_evidence")
    async def submit_evidence(self, request: SubmitEvidence) -> SubmittedEvidence:
        """Submit the draft, unless that is done already, too late, or no longer what was meant.

        Between reading and writing an inquiry may become a chargeback: Shopify knows no condition on a submission, so this
        moment stays open.
        """
        await self._pauses.check()
        with translated():
            admin = await self._connections.shopify(request.shop)
            facts = await _facts(admin, request.dispute_id)
            if facts is None or facts.type is not request.type:
                return SubmittedEvidence(result=SubmitResult.OVERTAKEN, dispute=facts)
            if facts.submitted or facts.status is DisputeStatus.UNDER_REVIEW:
                return SubmittedEvidence(result=SubmitResult.ALREADY, dispute=facts)
            if facts.status is not DisputeStatus.NEEDS_RESPONSE:
                return SubmittedEvidence(result=SubmitResult.OVERTAKEN, dispute=facts)
            draft = await read_draft(admin, request.dispute_id)
            if draft is None:
                return SubmittedEvidence(result=SubmitResult.OVERTAKEN)
            if mapping.says_nothing(draft.dispute_evidence):
                return SubmittedEvidence(result=SubmitResult.EMPTY, dispute=facts)
            # The due date is Shopify's to hold against us: our clock may be ahead of its.
            result = await _submit(admin, draft.dispute_evidence.id)
            after = await _facts_after(admin, request.dispute_id, facts, result)
        return SubmittedEvidence(result=result, dispute=after)

    async def _placed(
        self, shop: str, papers: Sequence[EvidencePaper]
    ) -> tuple[list[Placed], list[str]]:
        """The papers with their documents, the same bytes once, where the first of them belongs; and ids nobody knows."""
        async with self._database.read() as session:
            rows = await documents.of_shop(session, shop, [paper.document_id for paper in papers])
        known = {row.id: row for row in rows}
        alike: dict[str, list[EvidencePaper]] = {}
        for paper in papers:
            if paper.document_id in known:
                alike.setdefault(known[paper.document_id].sha256, []).append(paper)
        placed = [
            Placed(
                row=known[same[0].document_id],
                field=same[0].field,
                ids=tuple(paper.document_id for paper in same),
            )
            for same in alike.values()
        ]
        return placed, [one.document_id for one in papers if one.document_id not in known]


async def _facts(admin: AdminApi, dispute_id: str) -> DisputeFacts | None:
    found = (await admin.dispute_for_case(id=gid(DISPUTE, dispute_id))).dispute
    return None if found is None else mapping.facts_of(found)


async def _submit(admin: AdminApi, evidence_id: str) -> SubmitResult:
    try:
        await admin.dispute_evidence_update(
            id=evidence_id, input=ShopifyPaymentsDisputeEvidenceUpdateInput(submit_evidence=True)
        )
    except ShopifyUserErrors as error:
        if mapping.ACCEPTED in error.codes:
            return SubmitResult.ALREADY
        if mapping.PAST_DUE in error.codes:
            return SubmitResult.PAST_DUE
        raise
    return SubmitResult.SUBMITTED


async def _facts_after(
    admin: AdminApi, dispute_id: str, before: DisputeFacts, result: SubmitResult
) -> DisputeFacts | None:
    """What became of it. The submission is done whether this can be read or not: a failure here must not repeat it."""
    try:
        return await _facts(admin, dispute_id)
    except ShopifyError:
        submitted = result is not SubmitResult.PAST_DUE
        return before.model_copy(update={"submitted": submitted})


def _held(row: Document, case_id: str) -> HeldPaper:
    of_partner = row.direction == "from_partner"
    own = f"partner:{row.partner_id}" if of_partner else _MERCHANT
    return HeldPaper(
        document_id=row.id,
        document_type=row.document_type,
        file_name=row.file_name,
        mime_type=row.mime_type,
        size=row.size,
        sha256=row.sha256,
        partner=row.partner_id if of_partner else "",
        source=own if row.case_id == case_id else row.case_id,
    )


def _traits(line: DisputedLine) -> Traits:
    return Traits(
        sku=line.sku,
        vendor=line.vendor,
        location=line.location,
        fulfillment_service=line.fulfillment_service,
    )
