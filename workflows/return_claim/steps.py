"""The steps of a return claim: reading it, asking the partners, and writing the result to Shopify."""

from collections.abc import Callable
from dataclasses import dataclass

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.return_claim import ReturnClaimActivities
    from domain.case import GRIDCASE, SHOPIFY
    from domain.clock import Clock
    from domain.edi_codes import RETURN_REASON
    from domain.notification import Severity
    from domain.operator import MessagePartner, PartnerChanged
    from domain.partner_case import PartnerAnswer, PartnerCase
    from domain.partner_messages import BusinessReference, OpenPartnerCase, RequestedLine
    from domain.policy import Refund
    from domain.return_claim import names
    from domain.return_claim.decision import Finding, Review
    from domain.return_claim.goods import Disposition, DispositionType
    from domain.return_claim.lines import ClaimLine, judge, refusal_note
    from domain.return_claim.messages import (
        ApproveReturn,
        CancelReturn,
        CloseReturn,
        CreateReturn,
        DeclineReturn,
        PlannedReview,
        PlanReviews,
        ProcessReturn,
        ReadAuthorization,
        ReadClaimedOrder,
        ReadReturn,
        RefundOrder,
        RemoveLines,
        RequestAuthorization,
        ReturnAnswered,
        ReturnFacts,
        SuggestOrderRefund,
        SuggestRefund,
    )
    from domain.return_claim.money import NotRefundable, RefundTransaction, share
    from domain.return_claim.names import ClaimKind, ReturnStatus
    from domain.return_claim.state import (
        PartnerReview,
        Phase,
        ReturnClaimInput,
        ReturnClaimState,
    )
    from workflows.case_file import CaseFile
    from workflows.notices import Notices
    from workflows.options import CASE_RECORD, PARTNER_CALL, SHOPIFY_READ, SHOPIFY_WRITE
    from workflows.outside import Outside
    from workflows.partner_desk import LOOK, PartnerDesk
    from workflows.waiting import Stopped


@dataclass
class ReturnClaimSteps:
    """What the story names, one method a step. The state is the workflow's own."""

    claim: ReturnClaimInput
    state: ReturnClaimState
    file: CaseFile
    outside: Outside
    notices: Notices
    desks: dict[str, PartnerDesk]
    show: Callable[[], None]

    # Opening.

    async def read_claim(self) -> None:
        """Read what is claimed, find out who reviews it on which terms, and set up a desk for each partner."""
        if self.claim.claim is None:
            lines = await self._read_requested_return()
        else:
            lines = await self._read_claimed_order()
        plan = await self.outside.read(
            ReturnClaimActivities.plan_reviews,
            PlanReviews(shop=self.claim.shop, lines=lines),
            CASE_RECORD,
            "Find the partners and their terms",
        )
        state = self.state
        state.lines, state.policy = list(plan.lines), plan.policy
        state.case.shadow = plan.shadow
        if state.kind is not ClaimKind.RETURN and self.claim.claim is not None:
            asked = self.claim.claim.goods_back
            state.goods_back = plan.policy.claim_goods_back if asked is None else asked
        for planned in plan.reviews:
            self._set_up(planned)
        names_asked = ", ".join(review.name or review.partner for review in plan.reviews)
        self.file.note(
            "opened",
            f"{state.case.title}: {len(lines)} lines worth {state.value}; asked: {names_asked or 'nobody'}.",
            actor=self.claim.opened_by,
            event_id=self.claim.event_id,
        )
        self.show()

    async def _read_requested_return(self) -> tuple[ClaimLine, ...]:
        facts = await self.read_return()
        state = self.state
        state.return_name, state.return_status = facts.name, facts.status
        state.opened_as = facts.status
        state.order_id, state.case.order_name = facts.order_id, facts.order_name
        state.currency = facts.currency
        state.case.title = f"Return {facts.name} of order {facts.order_name}"
        self.file.refer(names.RETURN, facts.return_id)
        self.file.refer(names.ORDER, facts.order_id)
        if facts.status not in {ReturnStatus.REQUESTED, ReturnStatus.OPEN} or facts.processed:
            state.case.stop = f"The return is already {facts.status.value.lower()} in Shopify."
            self.file.note("shopify", state.case.stop, actor=SHOPIFY)
            raise Stopped
        if facts.exchange:
            self.file.note(
                "exchange",
                "The return has exchange items: the merchant settles them.",
                flagged=True,
            )
        return facts.lines

    async def _read_claimed_order(self) -> tuple[ClaimLine, ...]:
        claim = self.claim.claim
        assert claim is not None
        order = await self.outside.read(
            ReturnClaimActivities.read_claimed_order,
            ReadClaimedOrder(shop=self.claim.shop, claim=claim),
            SHOPIFY_READ,
            "Read the claimed order",
        )
        state = self.state
        state.order_id, state.case.order_name = order.order_id, order.order_name
        state.currency = order.currency
        state.case.title = f"{claim.kind.value.capitalize()} claim {claim.external_reference} on order {order.order_name}"
        self.file.refer(names.EXTERNAL_CLAIM, claim.external_reference)
        self.file.refer(names.ORDER, order.order_id)
        return order.lines

    async def read_return(self) -> ReturnFacts:
        """The return as Shopify has it now."""
        return await self.outside.read(
            ReturnClaimActivities.read_return,
            ReadReturn(shop=self.claim.shop, return_id=self.state.return_id),
            SHOPIFY_READ,
            "Read the return",
        )

    # Shopify changing underneath.

    def take_facts(self, facts: ReturnFacts) -> str:
        """Take what Shopify says now; why the case ends, or nothing where it goes on."""
        state = self.state
        state.return_status = facts.status
        settled = state.settled
        match facts.status:
            case ReturnStatus.CANCELED | ReturnStatus.DECLINED:
                ours = settled is not None and settled.finding is Finding.DECLINE
                return "" if ours else f"The return was {facts.status.value.lower()} in Shopify."
            case ReturnStatus.CLOSED:
                ours = state.processed or state.phase in {Phase.CLOSING, Phase.ENDED}
                return "" if ours else "The return was closed in Shopify."
            case ReturnStatus.OPEN if settled is None and state.opened_as is ReturnStatus.REQUESTED:
                return "The return was approved in Shopify."
            case _:
                pass
        if facts.processed and state.phase in {Phase.REVIEW, Phase.GOODS}:
            return "The return was processed in Shopify."
        if settled is None and state.phase is Phase.REVIEW:
            return self._take_lines(facts)
        return ""

    def _take_lines(self, facts: ReturnFacts) -> str:
        """Lines taken out or changed in Shopify; who is asked about them is told, and asked again where it matters."""
        state = self.state
        now = {line.return_line_item_id: line for line in facts.lines}
        changed: set[str] = set()
        kept: list[ClaimLine] = []
        for line in state.lines:
            found = now.get(line.return_line_item_id)
            if found is None:
                changed.add(line.partner)
                self.file.note("shopify", f"{line.sku or line.name} was taken out.", actor=SHOPIFY)
            elif found.quantity != line.quantity:
                changed.add(line.partner)
                kept.append(line.model_copy(update={"quantity": found.quantity}))
                self.file.note(
                    "shopify",
                    f"{line.sku or line.name}: {found.quantity} instead of {line.quantity}.",
                    actor=SHOPIFY,
                )
            else:
                kept.append(line)
        if not changed:
            return ""
        state.lines = kept
        if not kept:
            return "Every line was taken out of the return in Shopify."
        for partner in changed & set(self.desks):
            self._tell_changed_lines(self.desks[partner])
        return ""

    def _tell_changed_lines(self, desk: PartnerDesk) -> None:
        lines = self.state.lines_of(desk.case.partner)
        desk.case.line_ids = tuple(line.line_id for line in lines)
        if not lines:
            desk.close("The lines were taken out of the return.")
            return
        text = "The return was changed; it is now: " + ", ".join(
            f"{line.quantity} × {line.sku or line.name}" for line in lines
        )
        again = desk.case.answer is not None and bool(
            judge(lines, desk.case.answer, desk.case.partner).problems
        )
        if again:
            desk.case.answer = None
            desk.case.clock = Clock.begin(
                workflow.now(), desk.policy.answer_within, reminders=desk.policy.reminders
            )
            text += ". Please answer again."
        desk.inbox.append(
            MessagePartner(actor=GRIDCASE, partner=desk.case.partner, text=text, hand_back=again)
        )

    # The answer.

    async def decline(self, review: Review) -> None:
        """Tell Shopify that nothing is accepted."""
        state = self.state
        state.phase, state.settled = Phase.APPLYING, review
        self.show()
        shop, return_id = self.claim.shop, state.return_id
        note, tell = refusal_note(review.verdicts), state.policy.notify_customer
        if not return_id:
            self.file.note("declined", f"The claim is declined: {note}")
            return
        if state.opened_as is ReturnStatus.REQUESTED:
            answered = await self.outside.write(
                ReturnClaimActivities.decline_return,
                lambda _: DeclineReturn(
                    shop=shop, return_id=return_id, note=note, notify_customer=tell
                ),
                SHOPIFY_WRITE,
                "Decline the return in Shopify",
            )
        else:
            answered = await self.outside.write(
                ReturnClaimActivities.cancel_return,
                lambda _: CancelReturn(shop=shop, return_id=return_id),
                SHOPIFY_WRITE,
                "Cancel the open return in Shopify",
            )
        self._take_answered(answered, f"Declined in Shopify: {note}")

    async def approve(self, review: Review) -> None:
        """Tell Shopify what is accepted: approve the request or create the return, and take refused pieces out."""
        state = self.state
        state.phase, state.settled = Phase.APPLYING, review
        self.show()
        if state.return_id:
            if state.opened_as is ReturnStatus.REQUESTED:
                shop, return_id = self.claim.shop, state.return_id
                tell = state.policy.notify_customer
                answered = await self.outside.write(
                    ReturnClaimActivities.approve_return,
                    lambda _: ApproveReturn(shop=shop, return_id=return_id, notify_customer=tell),
                    SHOPIFY_WRITE,
                    "Approve the return in Shopify",
                )
                self._take_answered(answered, "Approved in Shopify.")
            if review.refused:
                await self._remove_refused(review)
        elif state.goods_back:
            await self._create_return(review)
        state.approved_at = workflow.now()
        self._tell_approved(review)
        self.show()

    def _take_answered(self, answered: ReturnAnswered | None, words: str) -> None:
        if answered is None:
            return  # shadow mode; the timeline says what would have been written
        self.state.return_status = answered.status
        if answered.overtaken:
            self.state.case.stop = f"The return was {answered.status.value.lower()} in Shopify."
            self.file.note("shopify", self.state.case.stop, actor=SHOPIFY)
            raise Stopped
        self.file.note("written", words)

    async def _remove_refused(self, review: Review) -> None:
        by_line = {line.line_id: line.return_line_item_id for line in self.state.lines}
        keep = {by_line[verdict.line_id]: verdict.accepted for verdict in review.verdicts}
        shop, return_id = self.claim.shop, self.state.return_id
        removed = await self.outside.write(
            ReturnClaimActivities.remove_lines,
            lambda _: RemoveLines(shop=shop, return_id=return_id, keep=keep),
            SHOPIFY_WRITE,
            "Take the refused pieces out of the return",
        )
        if removed is not None:
            self.file.note("written", f"Refused pieces taken out: {refusal_note(review.verdicts)}")

    async def _create_return(self, review: Review) -> None:
        state = self.state
        accepted = {v.line_id: v.accepted for v in review.verdicts if v.accepted}
        lines = tuple(line for line in state.lines if line.line_id in accepted)
        created = await self.outside.write(
            ReturnClaimActivities.create_return,
            lambda _: CreateReturn(
                shop=self.claim.shop,
                case_id=self.claim.case_id,
                order_id=state.order_id,
                marker=f"Gridcase {self.claim.number}",
                lines=lines,
                accepted=accepted,
            ),
            SHOPIFY_WRITE,
            "Create the return in Shopify",
        )
        if created is None:
            return
        state.return_id, state.return_name = created.return_id, created.name
        state.return_status = state.opened_as = ReturnStatus.OPEN
        state.lines = [
            line.model_copy(
                update={"return_line_item_id": created.return_lines.get(line.line_id, "")}
            )
            for line in state.lines
        ]
        self.file.refer(names.RETURN, created.return_id)
        self.file.note("written", f"Return {created.name} created in Shopify.")

    def _tell_approved(self, review: Review) -> None:
        """The partners who get goods back learn it at once, and where to report them."""
        wanted = self.state.expected_goods()
        for partner, desk in self.desks.items():
            pieces = [
                f"{wanted[line.line_id]} × {line.sku or line.name}"
                for line in self.state.lines_of(partner)
                if line.line_id in wanted
            ]
            if pieces and not desk.case.closing:
                text = (
                    f"The claim is approved; on its way back: {', '.join(pieces)}. "
                    "Please report on the return authorisation what arrives and what becomes of it."
                )
                desk.inbox.append(
                    MessagePartner(actor=GRIDCASE, partner=partner, text=text, hand_back=False)
                )

    # Goods and money.

    async def suggest_refund(self) -> None:
        """Learn what Shopify would refund for the pieces that were accepted and did come (or stay with the customer)."""
        state = self.state
        if state.policy.refund is Refund.NEVER and state.refund_decision is None:
            return
        missing: dict[str, int] = {}
        for part in state.dispositions():
            if part.type is DispositionType.MISSING:
                missing[part.line_id] = missing.get(part.line_id, 0) + part.quantity
        accepted = {v.line_id: v.accepted for v in state.settled.verdicts} if state.settled else {}
        pieces = {
            line.line_id: accepted.get(line.line_id, 0) - missing.get(line.line_id, 0)
            for line in state.lines
        }
        if state.return_id:
            state.suggested = await self.outside.read(
                ReturnClaimActivities.suggest_refund,
                SuggestRefund(
                    shop=self.claim.shop,
                    return_id=state.return_id,
                    quantities={
                        line.return_line_item_id: pieces[line.line_id]
                        for line in state.lines
                        if line.return_line_item_id and pieces[line.line_id] > 0
                    },
                ),
                SHOPIFY_READ,
                "Ask Shopify what it would refund",
            )
        else:
            state.suggested = await self.outside.read(
                ReturnClaimActivities.suggest_order_refund,
                SuggestOrderRefund(
                    shop=self.claim.shop,
                    order_id=state.order_id,
                    quantities=self._order_pieces(pieces),
                ),
                SHOPIFY_READ,
                "Ask Shopify what it would refund",
            )
        decided = state.refund_decision
        if decided is not None and decided.amount is not None:
            try:
                share(state.suggested, decided.amount.amount)
            except NotRefundable as error:
                state.refund_decision = None
                self.file.note("decision", f"The refund cannot be made: {error}", flagged=True)
        self.show()

    def _order_pieces(self, pieces: dict[str, int]) -> dict[str, int]:
        by_item: dict[str, int] = {}
        for line in self.state.lines:
            if pieces.get(line.line_id, 0) > 0:
                by_item[line.line_item_id] = (
                    by_item.get(line.line_item_id, 0) + pieces[line.line_id]
                )
        return by_item

    async def process(self) -> None:
        """Write what became of the goods, and refund where that was decided; money moves once."""
        state = self.state
        state.phase = Phase.APPLYING
        self.show()
        refund = self._refund()
        if state.return_id:
            await self._process_return(refund)
        elif refund:
            await self._refund_order(refund)
        state.processed = True
        self.show()

    def _refund(self) -> tuple[RefundTransaction, ...]:
        state = self.state
        if not state.refunds or state.suggested is None:
            return ()
        decided = state.refund_decision
        if decided is not None and decided.amount is not None:
            return share(state.suggested, decided.amount.amount)
        return tuple(entry for entry in state.suggested.transactions if entry.amount > 0)

    async def _process_return(self, refund: tuple[RefundTransaction, ...]) -> None:
        state = self.state
        by_line = {line.line_id: line.return_line_item_id for line in state.lines}
        verdicts = state.settled.verdicts if state.settled else ()
        quantities = {by_line[v.line_id]: v.accepted for v in verdicts if v.accepted}
        dispositions: dict[str, tuple[Disposition, ...]] = {}
        for part in state.dispositions():
            key = by_line[part.line_id]
            dispositions[key] = (*dispositions.get(key, ()), part)
        processed = await self.outside.write(
            ReturnClaimActivities.process_return,
            lambda _: ProcessReturn(
                shop=self.claim.shop,
                return_id=state.return_id,
                quantities=quantities,
                dispositions=dispositions,
                refund=refund,
                currency=state.currency,
                notify_customer=state.policy.notify_customer,
            ),
            SHOPIFY_WRITE,
            "Process the return in Shopify" + (" and refund" if refund else ""),
        )
        if processed is None:
            return
        if processed.overtaken:
            state.case.stop = "The return was closed in Shopify."
            self.file.note("shopify", state.case.stop, actor=SHOPIFY)
            raise Stopped
        state.refunded = processed.refunded
        words = "Processed in Shopify before" if processed.already else "Processed in Shopify"
        self.file.note("written", f"{words}; refunded {processed.refunded or 'nothing'}.")

    async def _refund_order(self, refund: tuple[RefundTransaction, ...]) -> None:
        state = self.state
        accepted = {v.line_id: v.accepted for v in state.settled.verdicts} if state.settled else {}
        refunded = await self.outside.write(
            ReturnClaimActivities.refund_order,
            lambda key: RefundOrder(
                shop=self.claim.shop,
                order_id=state.order_id,
                note=f"Gridcase {self.claim.number}: {state.case.title}",
                idempotency_key=key,
                quantities=self._order_pieces(accepted),
                refund=refund,
                currency=state.currency,
            ),
            SHOPIFY_WRITE,
            "Refund the claim in Shopify",
        )
        if refunded is not None:
            state.refunded = refunded.refunded
            self.file.note("written", f"Refunded {refunded.refunded}.")

    async def close_return(self) -> None:
        """Close the return in Shopify, where there is one and the policy says so."""
        state = self.state
        state.phase = Phase.CLOSING
        if not state.return_id:
            return
        if not state.policy.auto_close:
            self.file.note("written", "The return is left open in Shopify, as the policy says.")
            return
        shop, return_id = self.claim.shop, state.return_id
        closed = await self.outside.write(
            ReturnClaimActivities.close_return,
            lambda _: CloseReturn(shop=shop, return_id=return_id),
            SHOPIFY_WRITE,
            "Close the return in Shopify",
        )
        if closed is not None:
            state.return_status = closed.status
            self.file.note("written", "Closed in Shopify.")

    # Partners.

    def _set_up(self, planned: PlannedReview) -> None:
        state = self.state
        lines = state.lines_of(planned.partner)
        review = PartnerReview(
            case=PartnerCase(
                partner=planned.partner,
                tenant=planned.tenant,
                name=planned.name,
                line_ids=tuple(line.line_id for line in lines),
            ),
            policy=planned.policy,
        )
        state.reviews[planned.partner] = review

        def wrong_with(answer: PartnerAnswer) -> tuple[str, ...]:
            by = f"partner:{planned.partner}"
            return judge(state.lines_of(planned.partner), answer, by).problems

        async def opened() -> None:
            await self._request_authorization(review)

        async def look_further(change: PartnerChanged) -> None:
            if change.event_type == LOOK or change.event_type.startswith("return_authorization"):
                await self._read_authorization(review)

        self.desks[planned.partner] = PartnerDesk(
            case=review.case,
            policy=planned.policy,
            shop=self.claim.shop,
            case_id=self.claim.case_id,
            request=lambda key: self._request(review, key),
            judge=wrong_with,
            opened=opened,
            look_further=look_further,
            may_answer=lambda: state.settled is None and state.outcome is None,
            changed=self.show,
            file=self.file,
            outside=self.outside,
            notices=self.notices,
            documents=self.claim.claim.document_ids if self.claim.claim else (),
        )

    def _request(self, review: PartnerReview, key: str) -> OpenPartnerCase:
        state, partner = self.state, review.case.partner
        lines = state.lines_of(partner)
        references = [BusinessReference(type="order", value=state.case.order_name)]
        if state.return_name:
            references.append(BusinessReference(type="return", value=state.return_name))
        asked = "; ".join(
            f"{line.quantity} × {line.sku or line.name}, {RETURN_REASON.get(line.reason_code, line.reason)}"
            for line in lines
        )
        words = self.claim.claim.note if self.claim.claim else ""
        return OpenPartnerCase(
            tenant=review.case.tenant,
            partner=partner,
            reference=self._reference(partner),
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

    def _reference(self, partner: str) -> str:
        """What makes our case findable in Trading Grid, and Trading Grid's events placeable here."""
        return f"{self.claim.case_id}/{partner}"

    async def _request_authorization(self, review: PartnerReview) -> None:
        partner = review.case.partner
        lines = tuple(self.state.lines_of(partner))
        requested = await self.outside.write(
            ReturnClaimActivities.request_authorization,
            lambda key: RequestAuthorization(
                tenant=review.case.tenant,
                partner=partner,
                partner_case_id=review.case.remote_id,
                reference=self._reference(partner),
                idempotency_key=key,
                lines=lines,
            ),
            PARTNER_CALL,
            f"Request a return authorisation from {review.case.name or partner}",
        )
        if requested is not None:
            review.authorization_id = requested.authorization_id
            self.file.refer(
                names.RETURN_AUTHORIZATION, f"{review.case.tenant}/{requested.authorization_id}"
            )

    async def _read_authorization(self, review: PartnerReview) -> None:
        if not review.authorization_id:
            return
        before = review.authorization
        found = await self.outside.read(
            ReturnClaimActivities.read_authorization,
            ReadAuthorization(
                shop=self.claim.shop,
                tenant=review.case.tenant,
                partner=review.case.partner,
                authorization_id=review.authorization_id,
            ),
            PARTNER_CALL,
            f"Read the return authorisation of {review.case.name or review.case.partner}",
        )
        if before is not None and found.version < before.version:
            return
        review.authorization = found
        if found.rma_number and (before is None or before.rma_number != found.rma_number):
            where = f"; send to {found.return_to}" if found.return_to else ""
            expires = f"; until {found.expires}" if found.expires else ""
            self.file.note(
                "rma",
                f"RMA {found.rma_number}{where}{expires}",
                actor=f"partner:{review.case.partner}",
            )
        _, problems = self.state.reported_goods()
        if problems and self.state.phase is Phase.GOODS:
            self.file.note("goods", problems[0], flagged=True)
            await self.notices.send(
                self.state.policy.notify, Severity.WARNING, "what came back is unclear", problems[0]
            )
        self.show()
