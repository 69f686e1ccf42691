"""A partner's review: what its case says, and its return authorisation beside it."""

from collections.abc import Sequence

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.return_claim import ReturnReviewActivities
    from domain import references
    from domain.edi_codes import RETURN_REASON
    from domain.notification import Severity
    from domain.operator import PartnerChanged
    from domain.partner_case import PartnerAnswer, PartnerCase
    from domain.partner_messages import BusinessReference, OpenPartnerCase, RequestedLine
    from domain.return_claim.lines import judge
    from domain.return_claim.messages import PlannedReview, ReadAuthorization, RequestAuthorization
    from domain.return_claim.state import PartnerReview, Phase
    from workflows.options import PARTNER_CALL
    from workflows.partner_desk import LOOK, PartnerDesk
    from workflows.return_claim.context import ClaimContext


def set_up_desk(ctx: ClaimContext, planned: PlannedReview) -> None:
    """A desk for a partner who reviews lines of this claim."""
    state, partner = ctx.state, planned.partner
    review = PartnerReview(
        case=PartnerCase(
            partner=partner,
            tenant=planned.tenant,
            name=planned.name,
            line_ids=tuple(line.line_id for line in state.lines_of(partner)),
        ),
        policy=planned.policy,
    )
    state.reviews[partner] = review

    def wrong_with(answer: PartnerAnswer) -> tuple[str, ...]:
        return judge(state.lines_of(partner), answer, f"partner:{partner}").problems

    async def opened() -> None:
        await _request_authorization(ctx, review)

    async def look_further(changes: Sequence[PartnerChanged]) -> None:
        if any(_is_of_authorization(review, change) for change in changes):
            await _read_authorization(ctx, review)

    ctx.desks[partner] = PartnerDesk(
        case=review.case,
        policy=planned.policy,
        shop=ctx.input.shop,
        case_id=ctx.input.case_id,
        request=lambda key: _request(ctx, review, key),
        judge=wrong_with,
        opened=opened,
        look_further=look_further,
        may_answer=lambda: state.settled is None and state.outcome is None,
        changed=ctx.show,
        file=ctx.file,
        outside=ctx.outside,
        notices=ctx.notices,
        documents=ctx.input.claim.document_ids if ctx.input.claim else (),
    )


def _request(ctx: ClaimContext, review: PartnerReview, key: str) -> OpenPartnerCase:
    state, partner = ctx.state, review.case.partner
    lines = state.lines_of(partner)
    references = [BusinessReference(type="order", value=state.case.order_name)]
    if state.return_name:
        references.append(BusinessReference(type="return", value=state.return_name))
    asked = "; ".join(
        f"{line.quantity} × {line.sku or line.name}, {RETURN_REASON.get(line.reason_code, line.reason)}"
        for line in lines
    )
    words = ctx.input.claim.note if ctx.input.claim else ""
    return OpenPartnerCase(
        tenant=review.case.tenant,
        partner=partner,
        reference=_reference(ctx, partner),
        idempotency_key=key,
        case_type=state.kind.case_type,
        subject=state.case.title,
        description=f"Please review: {asked}." + (f" {words}" if words else ""),
        due=review.policy.answer_within.after(workflow.now()),
        lines=tuple(
            RequestedLine(
                line_id=line.line_id,
                sku=line.sku,
                quantity=line.quantity,
                reason_code=line.reason_code,
                note=line.name,
            )
            for line in lines
        ),
        business_references=tuple(references),
    )


def _reference(ctx: ClaimContext, partner: str) -> str:
    """What makes our case findable in Trading Grid, and Trading Grid's events placeable here."""
    return f"{ctx.input.case_id}/{partner}"


async def _request_authorization(ctx: ClaimContext, review: PartnerReview) -> None:
    partner = review.case.partner
    lines = tuple(ctx.state.lines_of(partner))
    requested = await ctx.outside.write(
        ReturnReviewActivities.request_authorization,
        lambda key: RequestAuthorization(
            tenant=review.case.tenant,
            partner=partner,
            partner_case_id=review.case.remote_id,
            reference=_reference(ctx, partner),
            idempotency_key=key,
            lines=lines,
        ),
        PARTNER_CALL,
        f"Request a return authorisation from {review.case.name or partner}",
    )
    if requested is not None and not requested.authorization_id:
        ctx.desks[partner].look()
    elif requested is not None:
        review.authorization_id = requested.authorization_id
        review.authorization_version = requested.version
        ctx.file.refer(
            references.RETURN_AUTHORIZATION, f"{review.case.tenant}/{requested.authorization_id}"
        )


def _is_of_authorization(review: PartnerReview, change: PartnerChanged) -> bool:
    """False for a version that was read already, and for the echo of our own request."""
    if change.event_type == LOOK:
        return True
    known = 0 < change.version <= review.authorization_version
    return change.event_type.startswith("return_authorization.") and not known


async def _read_authorization(ctx: ClaimContext, review: PartnerReview) -> None:
    if not review.authorization_id:
        return
    before = review.authorization
    found = await ctx.outside.read(
        ReturnReviewActivities.read_authorization,
        ReadAuthorization(
            shop=ctx.input.shop,
            tenant=review.case.tenant,
            partner=review.case.partner,
            authorization_id=review.authorization_id,
        ),
        PARTNER_CALL,
        f"Read the return authorisation of {review.case.name or review.case.partner}",
    )
    if found.version < review.authorization_version:
        return
    reported_before = ctx.state.reported_goods()
    review.authorization, review.authorization_version = found, found.version
    if found.rma_number and (before is None or before.rma_number != found.rma_number):
        where = f"; send to {found.return_to}" if found.return_to else ""
        expires = f"; until {found.expires}" if found.expires else ""
        ctx.file.note(
            "rma",
            f"RMA {found.rma_number}{where}{expires}",
            actor=f"partner:{review.case.partner}",
        )
    reported = ctx.state.reported_goods()
    new = [entry for entry in reported.problems if entry not in reported_before.problems]
    if ctx.state.goods is not None and reported != reported_before:
        ctx.file.note(
            "goods",
            f"{review.case.name or review.case.partner} reported otherwise after the goods were counted; not applied.",
            actor=f"partner:{review.case.partner}",
            flagged=True,
        )
    elif new and ctx.state.phase is Phase.GOODS:
        for problem in new:
            ctx.file.note("goods", problem, flagged=True)
        ctx.notices.send(
            ctx.state.policy.notify, Severity.WARNING, "what came back is unclear", " ".join(new)
        )
    ctx.show()
