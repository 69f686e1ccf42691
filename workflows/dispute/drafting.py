"""Evidence goes into Shopify's draft as it comes: papers first, then the text that names them."""

from functools import partial

from temporalio import workflow
from temporalio.workflow import ActivityConfig

with workflow.unsafe.imports_passed_through():
    from activities.dispute import DisputeActivities
    from domain.case import GRIDCASE
    from domain.dispute.messages import AlignFiles, DraftText, EvidencePaper, FindPapers
    from domain.dispute.papers import Placement
    from domain.dispute.state import DRAFT_STEPS
    from domain.notification import Severity
    from domain.operator import ShopifyChanged
    from domain.standing import counted, short
    from workflows.dispute.context import DisputeContext
    from workflows.options import CASE_RECORD, SHOPIFY_WRITE, urgent
    from workflows.outside import Limit
    from workflows.waiting import Stopped, hold

_PAPERS, _TEXT = DRAFT_STEPS


async def keep_draft(ctx: DisputeContext, changes: list[ShopifyChanged]) -> None:
    """Bring the draft up to date whenever it lacks something, until the case ends."""
    state = ctx.state
    while True:
        await hold(lambda: ctx.is_over() or bool(state.named) or (state.drafts and state.draft_due))
        if ctx.is_over():
            return
        try:
            if state.named:
                await _look_up(ctx)
            else:
                await _write(ctx)
        except Stopped:
            return
        if state.draft_closed:
            # Somebody answered, or the time is up: what Shopify says now decides.
            changes.append(ShopifyChanged(event_id="", topic=f"draft closed: {state.draft_closed}"))
        ctx.show()


async def _look_up(ctx: DisputeContext) -> None:
    """What the merchant named, by reference; what is not to be had is told."""
    state = ctx.state
    named = tuple(state.named)
    found = await ctx.outside.read(
        DisputeActivities.find_papers,
        FindPapers(shop=ctx.input.shop, case_id=ctx.input.case_id, document_ids=named),
        CASE_RECORD,
        "Look up the merchant's papers",
    )
    for paper in found.papers:
        state.hold_paper(paper)
    for document_id in found.unknown:
        words = f"The document {document_id} is not one of this dispute or its order."
        ctx.file.note("document", words, flagged=True)
    state.named = [one for one in state.named if one not in named]


async def _write(ctx: DisputeContext) -> None:
    """One round: the papers until they are aligned, then the text. What comes meanwhile goes with the next."""
    state = ctx.state
    if state.wanted_papers() != state.drafted_papers and not await _align_papers(ctx):
        return
    if state.drafts and state.text_parts() != state.drafted_text:
        await _write_text(ctx)


async def _align_papers(ctx: DisputeContext) -> bool:
    """Whether the papers are where they should be, or it is known of each why not."""
    state = ctx.state
    while True:
        wanted = state.wanted_papers()
        aligned = await ctx.outside.write(
            DisputeActivities.align_files,
            partial(_files, ctx, wanted),
            _config(ctx),
            _PAPERS,
            limit=Limit(over=lambda: state.submitting or not state.wants_evidence),
        )
        if aligned is None:
            if state.case.shadow:
                state.drafted_papers = wanted
            return state.case.shadow
        if aligned.closed:
            state.draft_closed = aligned.closed
            return False
        if aligned.done:
            state.drafted_papers = wanted
            _tell_placements(ctx, aligned.placements)
            state.placements = dict(aligned.placements)
            return True


def _files(ctx: DisputeContext, papers: tuple[EvidencePaper, ...], _: str) -> AlignFiles:
    return AlignFiles(shop=ctx.input.shop, dispute_id=ctx.state.dispute_id, papers=papers)


async def _write_text(ctx: DisputeContext) -> None:
    state = ctx.state
    parts = state.text_parts()
    known = state.mark(parts)
    drafted = await ctx.outside.write(
        DisputeActivities.draft_text,
        lambda _: DraftText(
            shop=ctx.input.shop, dispute_id=state.dispute_id, parts=parts, known=known
        ),
        _config(ctx),
        _TEXT,
        limit=Limit(over=lambda: state.submitting or not state.wants_evidence),
    )
    if drafted is None:
        if state.case.shadow:
            state.drafted_text = parts
        return
    if drafted.closed:
        state.draft_closed = drafted.closed
        return
    state.drafted_text, state.drafted_at = parts, workflow.now()
    if drafted.repaired:
        words = "Our marker lines in the evidence's text had been damaged; they were put right, nothing else was touched."
        ctx.file.note("draft", words, flagged=True)
    if drafted.changed:
        ctx.file.note("draft", f"The draft has {counted(len(parts), 'part')} of text.")
    left_out = (*drafted.left_out, *state.oversized())
    if left_out != state.left_out:
        state.left_out = left_out
        if left_out:
            _tell_left_out(ctx)


def _config(ctx: DisputeContext) -> ActivityConfig:
    """With little time left, tries come at shorter intervals."""
    times = ctx.state.timing
    if times is None or times.due is None:
        return SHOPIFY_WRITE
    return urgent(SHOPIFY_WRITE, times.due - workflow.now())


def _tell_placements(ctx: DisputeContext, now: dict[str, Placement]) -> None:
    """What is not attached is told once, loudly: which paper, and why; the others went."""
    state = ctx.state
    before = {key for key, one in state.placements.items() if one.field is None and one.why}
    refused = {
        state.papers[key].file_name: one.why
        for key, one in now.items()
        if one.field is None and key in state.papers
    }
    news = {
        state.papers[key].file_name: one.why
        for key, one in now.items()
        if one.field is None and key in state.papers and key not in before
    }
    state.refused = refused
    attached = [key for key, one in now.items() if one.field is not None]
    if attached and attached != [k for k, one in state.placements.items() if one.field]:
        ctx.file.note("draft", f"The draft has {counted(len(attached), 'paper')} attached.")
    if news:
        told = "; ".join(f"{name}: {why}" for name, why in list(news.items())[:20])
        words = f"Not attached, and described in the text instead: {told}"
        ctx.file.note("draft", words, flagged=True)
        ctx.notices.send(state.policy.notify, Severity.WARNING, "a paper is not attached", words)


def _tell_left_out(ctx: DisputeContext) -> None:
    state = ctx.state
    told = "; ".join(short(state.part(key), 120) for key in state.left_out[:10])
    words = (
        f"{counted(len(state.left_out), 'part')} of the text found no room (20,000 characters): {told}. "
        "Shorten what stands in the evidence's text in Shopify, then use retry."
    )
    ctx.file.note("draft", words, flagged=True, actor=GRIDCASE)
    ctx.notices.send(state.policy.notify, Severity.URGENT, "the text is too long", words)
