"""Writes the evidence's draft. What is there is read before each write: staff work on the same draft."""

import logging
from collections.abc import Sequence

from activities.dispute import mapping
from activities.dispute.filing import Filing, Placed, Plan, is_ours
from clients.shopify.admin import AdminApi
from clients.shopify.dispute_files import FileRefused, FilesClosed, NewFile, dispute_files
from clients.shopify.errors import ShopifyRefused, ShopifyUnavailable, ShopifyUserErrors
from clients.shopify.generated.drafted_evidence import DraftedEvidenceDispute
from clients.shopify.generated.fragments import EvidenceFile
from clients.shopify.generated.input_types import ShopifyPaymentsDisputeEvidenceUpdateInput
from domain.dispute import evidence_text
from domain.dispute.messages import AlignedFiles, DraftedText, DraftText
from domain.dispute.papers import EvidenceField, Placement
from domain.shopify_ids import gid

DISPUTE = "ShopifyPaymentsDispute"
ROUTE_CLOSED = "Shopify takes no files of disputes from this app"
REFUSED = "Shopify does not take its file"
_TOO_LARGE = "TOO_LARGE"
_SIZES = "FILES_SIZE_EXCEEDED_LIMIT"
_NOT_FOUND = "FILE_NOT_FOUND"

log = logging.getLogger(__name__)


async def read_draft(admin: AdminApi, dispute_id: str) -> DraftedEvidenceDispute | None:
    return (await admin.drafted_evidence(dispute_id=gid(DISPUTE, dispute_id))).dispute


class Drafting:
    """One step of aligning the files: at most one file is sent, or one taken away."""

    def __init__(self, admin: AdminApi, filing: Filing) -> None:
        self._admin = admin
        self._files = dispute_files(admin)
        self._filing = filing

    async def align(self, dispute_id: str, papers: Sequence[Placed]) -> AlignedFiles:
        """Raises ShopifyError, BinderBroken, DocumentStoreUnavailable."""
        draft = await read_draft(self._admin, dispute_id)
        closed = mapping.closed_by(draft)
        if draft is None or closed:
            return AlignedFiles(done=True, closed=closed)
        shown = mapping.files_of(draft.dispute_evidence)
        plan = await self._filing.plan(papers, shown)
        placed: dict[str, Placement] = {}
        for place, (file, ids) in plan.files.items():
            current = shown.get(place)
            if current is not None and current.original_file_name == file.name:
                placed |= dict.fromkeys(ids, Placement(field=place))
                continue
            try:
                await self._put(draft, file)
            except FilesClosed as error:
                log.warning("no file can be put: %s", error)
                placed |= dict.fromkeys(ids, Placement(why=ROUTE_CLOSED))
            except (FileRefused, ShopifyUserErrors) as error:
                closed = await self._closed(error, dispute_id)
                if closed:
                    return AlignedFiles(done=True, closed=closed)
                log.warning("a file was refused: %s", error)
                placed |= dict.fromkeys(ids, Placement(why=REFUSED))
            else:
                return AlignedFiles(done=False)
        if await self._tidied(draft, plan, shown):
            return AlignedFiles(done=False)
        placed |= {key: Placement(why=why) for key, why in plan.refused.items()}
        return AlignedFiles(done=True, placements=placed)

    async def _put(self, draft: DraftedEvidenceDispute, file: NewFile) -> None:
        evidence = draft.dispute_evidence
        sent = next(
            (one for one in evidence.dispute_file_uploads if one.original_file_name == file.name),
            None,
        )
        if sent is None:
            await self._files.put(draft.id, evidence.id, file)
        else:
            # Sent before, and not shown: the answer was lost, or staff have chosen another since and taken it out again.
            await self._files.show(evidence.id, file.field, sent.id)

    async def _closed(self, error: ShopifyRefused, dispute_id: str) -> str:
        """Why the dispute takes nothing any more, if the refusal means that; empty where it was about the file."""
        if isinstance(error, ShopifyUserErrors):
            if _NOT_FOUND in error.codes:
                # Staff took the file away between our reading and writing; the next try reads again.
                raise ShopifyUnavailable(
                    error.message, shop=error.shop, operation=error.operation, code=error.code
                ) from error
            if closed := mapping.closed_words(error.codes):
                return closed
        # By REST a refusal says what it is about in words only.
        return mapping.closed_by(await read_draft(self._admin, dispute_id))

    async def _tidied(
        self,
        draft: DraftedEvidenceDispute,
        plan: Plan,
        shown: dict[EvidenceField, EvidenceFile],
    ) -> bool:
        """Take one of our files away that another has replaced. One that its field still shows, because what was to replace
        it was refused, stays: it is better than none."""
        wanted = {file.name for file, _ in plan.files.values()}
        keep = {shown[place].id for place in plan.files if place in shown}
        fields = {field.file_type: field for field in EvidenceField}
        where = {file.id: place for place, file in shown.items()}
        for file in draft.dispute_evidence.dispute_file_uploads:
            if not is_ours(file) or file.original_file_name in wanted or file.id in keep:
                continue
            field = where.get(file.id) or fields.get(
                str(file.dispute_evidence_type), EvidenceField.UNCATEGORIZED
            )
            try:
                await self._files.remove(draft.id, draft.dispute_evidence.id, field, file.id)
            except ShopifyRefused as error:
                # It is shown nowhere, or says less than what there is now: nothing is lost by it.
                log.warning("a file that was replaced stays: %s", error)
            else:
                return True
        return False


async def write_text(admin: AdminApi, request: DraftText) -> DraftedText:
    """Put our part into the evidence's text. Raises ShopifyError.

    Shopify has no compare-and-set here: what staff save between our reading and our writing, in the same moment, is lost.
    """
    draft = await read_draft(admin, request.dispute_id)
    closed = mapping.closed_by(draft)
    if draft is None or closed:
        return DraftedText(closed=closed)
    evidence = draft.dispute_evidence
    current = evidence.uncategorized_text or ""
    parts = [(part.key, part.text) for part in request.parts]
    known = frozenset(request.known) | evidence_text.marks_of(
        evidence_text.lines_of(text for _, text in parts)
    )
    staffs = evidence_text.around(current, known)
    room = min(
        evidence_text.TEXT_LIMIT, evidence_text.ALL_TEXTS_LIMIT - mapping.other_texts(evidence)
    )
    repaired = evidence_text.damaged(current, known)
    # A second try with half the room: Shopify may count otherwise than we do, as bytes.
    for within in (room, room // 2):
        found = evidence_text.fitted(parts, staffs, within)
        wanted = evidence_text.placed(current, found.lines, known)
        if evidence_text.same(wanted, current):
            return DraftedText(left_out=found.left_out)
        try:
            await admin.dispute_evidence_update(
                id=evidence.id,
                input=ShopifyPaymentsDisputeEvidenceUpdateInput(uncategorized_text=wanted),
            )
        except ShopifyUserErrors as error:
            if closed := mapping.closed_words(error.codes):
                return DraftedText(closed=closed)
            if _TOO_LARGE not in error.codes or within != room:
                raise
        else:
            return DraftedText(changed=True, left_out=found.left_out, repaired=repaired)
    raise AssertionError("the second try returns or raises")
