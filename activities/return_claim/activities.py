"""Side effects of a return claim: one idempotent mutation a method, clients injected.

Shopify has no idempotency key for returns, so each write reads first and then acts: what is done already is a value, not
an error.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from temporalio import activity

from activities.failures import conflict, translated
from activities.partner_case import takes_nothing
from activities.pauses import Pauses
from activities.return_claim.inputs import (
    line_name,
    process_input,
    refund_input,
    refund_lines,
    return_input,
)
from activities.return_claim.mapping import (
    ClaimProblem,
    added,
    claimed_lines,
    money,
    return_facts,
    return_status,
    suggested_of_order,
    suggested_of_return,
)
from clients.shopify.admin import AdminApi
from clients.shopify.errors import ShopifyUserErrors
from clients.shopify.generated.enums import (
    ReturnDeclineReason,
)
from clients.shopify.generated.input_types import (
    ReturnApproveRequestInput,
    ReturnDeclineRequestInput,
    ReturnLineItemRemoveFromReturnInput,
    SuggestedOutcomeReturnLineItemInput,
)
from clients.shopify.pages import all_order_returns
from clients.shopify.whole import WholeReturn, read_claimable_order, read_whole_return
from clients.trading_grid.errors import Conflict
from clients.trading_grid.port import (
    ExternalReference,
    NewReturnAuthorization,
    NewReturnAuthorizationLine,
)
from domain import references
from domain.message import Money
from domain.policy import ReturnClaimPolicy
from domain.return_claim.goods import Authorization, AuthorizationLine
from domain.return_claim.messages import (
    ApproveReturn,
    CancelReturn,
    ClaimedOrder,
    ClaimPlan,
    ClosedReturn,
    CloseReturn,
    CreatedReturn,
    CreateReturn,
    DeclineReturn,
    PlannedReview,
    PlanReviews,
    ProcessedReturn,
    ProcessReturn,
    ReadAuthorization,
    ReadClaimedOrder,
    ReadReturn,
    RefundedOrder,
    RefundOrder,
    RemovedLines,
    RemoveLines,
    RequestAuthorization,
    RequestedAuthorization,
    ReturnAnswered,
    ReturnFacts,
    SuggestOrderRefund,
    SuggestRefund,
)
from domain.return_claim.money import SuggestedRefund
from domain.return_claim.names import ReturnStatus
from domain.routing import Traits
from domain.shopify_ids import gid, numeric_id
from intake.connections import Connections
from intake.dispatch import OWN_SYSTEM
from intake.partner_plan import plan_partners
from persistence.repositories import case_references, location_mappings
from persistence.repositories.case_references import Reference
from persistence.session import Database

_INVALID_STATE = "INVALID_STATE"


class ReturnClaimActivities:
    def __init__(self, connections: Connections, database: Database, pauses: Pauses) -> None:
        self._connections = connections
        self._database = database
        self._pauses = pauses

    # Reading.

    @activity.defn(name="return_claim.read_return")
    async def read_return(self, request: ReadReturn) -> ReturnFacts:
        """The return with all its lines, as Shopify has it now."""
        await self._pauses.check()
        with translated():
            found = await self._whole(await self._shopify(request.shop), request.return_id)
            return return_facts(found)

    @activity.defn(name="return_claim.read_claimed_order")
    async def read_claimed_order(self, request: ReadClaimedOrder) -> ClaimedOrder:
        """The claimed lines of a fulfilled order; a claim that does not fit the order is refused with the reason."""
        await self._pauses.check()
        with translated():
            admin = await self._shopify(request.shop)
            found = await read_claimable_order(admin, gid("Order", request.claim.order_id))
        if found is None:
            raise conflict(f"The shop has no order {request.claim.order_id}.")
        try:
            lines = claimed_lines(found, request.claim)
        except ClaimProblem as problem:
            raise conflict(str(problem)) from problem
        currency = money(found.lines[0].discounted_unit_price_set).currency if found.lines else ""
        return ClaimedOrder(
            order_id=numeric_id(found.details.id),
            order_name=found.details.name,
            currency=currency,
            lines=lines,
        )

    @activity.defn(name="return_claim.plan_reviews")
    async def plan_reviews(self, request: PlanReviews) -> ClaimPlan:
        """Who reviews which lines by the routes, and on which terms; a partner that is not active is asked nothing."""
        with translated():
            plan = await plan_partners(
                self._database,
                request.shop,
                ReturnClaimPolicy,
                [
                    Traits(
                        sku=line.sku,
                        vendor=line.vendor,
                        location=line.location,
                        fulfillment_service=line.fulfillment_service,
                    )
                    for line in request.lines
                ],
            )
        return ClaimPlan(
            lines=tuple(
                line.model_copy(update={"partner": partner})
                for line, partner in zip(request.lines, plan.lines, strict=True)
            ),
            reviews=tuple(
                PlannedReview(
                    partner=one.partner, tenant=one.tenant, name=one.name, policy=one.policy
                )
                for one in plan.partners.values()
            ),
            policy=plan.policy,
            shadow=plan.shadow,
        )

    # The partner's return authorisation.

    @activity.defn(name="return_claim.request_authorization")
    async def request_authorization(self, request: RequestAuthorization) -> RequestedAuthorization:
        """Request an RMA; the external reference makes a repeat find the first request."""
        await self._pauses.check(partner=request.partner)
        with translated():
            trading_grid = await self._connections.trading_grid(request.tenant)
            try:
                made = await trading_grid.request_return_authorization(
                    NewReturnAuthorization(
                        case_id=request.partner_case_id,
                        partner_id=request.partner,
                        lines=tuple(
                            NewReturnAuthorizationLine(
                                line_id=line.line_id,
                                sku=line.sku or None,
                                quantity=line.quantity,
                                reason_code=line.reason_code,
                            )
                            for line in request.lines
                        ),
                        external_reference=ExternalReference(
                            system=OWN_SYSTEM, id=request.reference
                        ),
                    ),
                    idempotency_key=request.idempotency_key,
                )
            except Conflict:
                if not await takes_nothing(trading_grid, request.partner_case_id):
                    raise
                return RequestedAuthorization()
        return RequestedAuthorization(
            authorization_id=made.id, status=made.status, version=made.version or 0
        )

    @activity.defn(name="return_claim.read_authorization")
    async def read_authorization(self, request: ReadAuthorization) -> Authorization:
        """The authorisation as it is now; the partner's location codes as Shopify's locations, where they are mapped."""
        await self._pauses.check(partner=request.partner)
        with translated():
            trading_grid = await self._connections.trading_grid(request.tenant)
            found = await trading_grid.read_return_authorization(request.authorization_id)
        lines: list[AuthorizationLine] = []
        async with self._database.read() as session:
            for line in found.lines:
                location = ""
                if line.location_code:
                    mapping = await location_mappings.resolve(
                        session, request.tenant, request.partner, line.location_code
                    )
                    if mapping is not None and mapping.shop_id == request.shop:
                        location = numeric_id(mapping.location_gid)
                lines.append(
                    AuthorizationLine(
                        line_id=line.line_id,
                        quantity=line.quantity,
                        disposition_code=line.disposition_code or "",
                        response_reason_code=line.response_reason_code or "",
                        received_quantity=line.received_quantity,
                        location_code=line.location_code or "",
                        location_id=location,
                    )
                )
        return Authorization(
            id=found.id,
            status=found.status,
            rma_number=found.rma_number or "",
            return_to=", ".join(found.return_to.lines) if found.return_to else "",
            expires=found.expires.date().isoformat() if found.expires else "",
            version=found.version or 0,
            lines=tuple(lines),
        )

    # Answering the return.

    @activity.defn(name="return_claim.approve_return")
    async def approve_return(self, request: ApproveReturn) -> ReturnAnswered:
        """Approve a requested return, once."""
        status = await self._move(
            request.shop,
            request.return_id,
            when=ReturnStatus.REQUESTED,
            write=lambda admin: admin.return_approve_request(
                input=ReturnApproveRequestInput(
                    id=gid("Return", request.return_id), notify_customer=request.notify_customer
                )
            ),
            then=ReturnStatus.OPEN,
        )
        approved = status in {ReturnStatus.OPEN, ReturnStatus.CLOSED}
        return ReturnAnswered(status=status, overtaken=not approved)

    @activity.defn(name="return_claim.decline_return")
    async def decline_return(self, request: DeclineReturn) -> ReturnAnswered:
        """Decline a requested return, once."""
        status = await self._move(
            request.shop,
            request.return_id,
            when=ReturnStatus.REQUESTED,
            write=lambda admin: admin.return_decline_request(
                input=ReturnDeclineRequestInput(
                    id=gid("Return", request.return_id),
                    decline_reason=ReturnDeclineReason.OTHER,
                    decline_note=request.note,
                    notify_customer=request.notify_customer,
                )
            ),
            then=ReturnStatus.DECLINED,
        )
        return ReturnAnswered(status=status, overtaken=status is not ReturnStatus.DECLINED)

    @activity.defn(name="return_claim.cancel_return")
    async def cancel_return(self, request: CancelReturn) -> ReturnAnswered:
        """Decline an open return: cancel it, once. Shopify refuses where a part was processed: the merchant must look."""
        status = await self._move(
            request.shop,
            request.return_id,
            when=ReturnStatus.OPEN,
            write=lambda admin: admin.return_cancel(id=gid("Return", request.return_id)),
            then=ReturnStatus.CANCELED,
        )
        return ReturnAnswered(status=status, overtaken=status is not ReturnStatus.CANCELED)

    @activity.defn(name="return_claim.remove_lines")
    async def remove_lines(self, request: RemoveLines) -> RemovedLines:
        """Take refused pieces out; what an earlier attempt has taken out is not taken twice."""
        await self._pauses.check()
        with translated():
            admin = await self._shopify(request.shop)
            found = await self._whole(admin, request.return_id)
            surplus = {
                line.id: line.quantity - request.keep.get(numeric_id(line.id), line.quantity)
                for line in found.lines
            }
            wanted = [
                ReturnLineItemRemoveFromReturnInput(return_line_item_id=line_id, quantity=quantity)
                for line_id, quantity in surplus.items()
                if quantity > 0
            ]
            if wanted:
                await admin.remove_from_return(
                    return_id=gid("Return", request.return_id), return_line_items=wanted
                )
        return RemovedLines(removed=sum(entry.quantity for entry in wanted))

    @activity.defn(name="return_claim.create_return")
    async def create_return(self, request: CreateReturn) -> CreatedReturn:
        """Open a return for an accepted claim, once.

        The order is entered in `case_references` before, the return after, so that the return's own events find this case
        and open no other. A repeat finds the return by the marker in its lines' notes.
        """
        await self._pauses.check()
        scope, now = request.shop, datetime.now(UTC)
        expected = Reference(kind=references.RETURN_EXPECTED, value=request.order_id, scope=scope)
        async with self._database.begin() as session:
            await case_references.add(session, request.case_id, [expected], now)
        with translated():
            admin = await self._shopify(request.shop)
            created = await self._find_created(admin, request)
            if created is None:
                created = await self._create(admin, request)
        async with self._database.begin() as session:
            made = Reference(kind=references.RETURN, value=created.return_id, scope=scope)
            await case_references.add(session, request.case_id, [made], now)
            await case_references.remove(session, request.case_id, expected)
        return created

    async def _find_created(self, admin: AdminApi, request: CreateReturn) -> CreatedReturn | None:
        wanted = {line.fulfillment_line_item_id: line.line_id for line in request.lines}
        for found in await all_order_returns(admin, gid("Order", request.order_id)) or []:
            by_line: dict[str, str] = {}
            for node in found.return_line_items.nodes:
                shipped = getattr(node, "fulfillment_line_item", None)
                if node.return_reason_note == request.marker and shipped is not None:
                    line_id = wanted.get(numeric_id(shipped.id))
                    if line_id is not None:
                        by_line[line_id] = numeric_id(node.id)
            if by_line:
                return CreatedReturn(
                    return_id=numeric_id(found.id), name=found.name, return_lines=by_line
                )
        return None

    async def _create(self, admin: AdminApi, request: CreateReturn) -> CreatedReturn:
        answer = await admin.return_create(input=return_input(request))
        made = answer.return_create.return_ if answer.return_create else None
        if made is None:
            raise conflict("Shopify created no return and said no reason.")
        wanted = {line.fulfillment_line_item_id: line.line_id for line in request.lines}
        by_line = {}
        for node in made.return_line_items.nodes:
            shipped = getattr(node, "fulfillment_line_item", None)
            if shipped is not None and numeric_id(shipped.id) in wanted:
                by_line[wanted[numeric_id(shipped.id)]] = numeric_id(node.id)
        return CreatedReturn(return_id=numeric_id(made.id), name=made.name, return_lines=by_line)

    # Goods and money.

    @activity.defn(name="return_claim.suggest_refund")
    async def suggest_refund(self, request: SuggestRefund) -> SuggestedRefund:
        """What Shopify would give back for these pieces, with the payments it would use."""
        await self._pauses.check()
        with translated():
            admin = await self._shopify(request.shop)
            found = await self._whole(admin, request.return_id)
            refundable = {numeric_id(line.id): line.refundable_quantity for line in found.lines}
            pieces = {
                line_id: min(quantity, refundable.get(line_id, 0))
                for line_id, quantity in request.quantities.items()
            }
            wanted = [
                SuggestedOutcomeReturnLineItemInput(
                    id=gid("ReturnLineItem", line_id), quantity=quantity
                )
                for line_id, quantity in pieces.items()
                if quantity > 0
            ]
            currency = return_facts(found).currency
            if not wanted:
                return SuggestedRefund(amount=Money(amount="0", currency=currency))
            answer = await admin.return_suggested_outcome(
                id=gid("Return", request.return_id),
                return_line_items=wanted,
                exchange_line_items=[],
            )
        outcome = answer.return_.suggested_financial_outcome if answer.return_ else None
        if outcome is None:
            raise conflict("Shopify suggests no refund for this return.")
        return suggested_of_return(outcome, currency)

    @activity.defn(name="return_claim.suggest_order_refund")
    async def suggest_order_refund(self, request: SuggestOrderRefund) -> SuggestedRefund:
        """What Shopify would give back for these lines of an order, without a return."""
        await self._pauses.check()
        with translated():
            admin = await self._shopify(request.shop)
            answer = await admin.order_suggested_refund(
                id=gid("Order", request.order_id),
                refund_line_items=refund_lines(request.quantities),
            )
        refund = answer.order.suggested_refund if answer.order else None
        if refund is None:
            raise conflict("Shopify suggests no refund for this order.")
        return suggested_of_order(refund)

    @activity.defn(name="return_claim.process_return")
    async def process_return(self, request: ProcessReturn) -> ProcessedReturn:
        """Write what became of the goods and refund, once: what may still be processed is read before.

        `returnProcess` has no idempotency key. All of it goes in one call, so what is processed tells whether an earlier
        attempt arrived: all of it means it did. Where a part cannot be processed any more, somebody else was there; then a
        person must look, since nobody can say for which part the money was.
        """
        await self._pauses.check()
        with translated():
            admin = await self._shopify(request.shop)
            found = await self._whole(admin, request.return_id)
            status = return_status(found.details.status)
            refunded = added(
                [money(entry.total_refunded_set) for entry in found.details.refunds.nodes]
            )
            lines = {numeric_id(line.id): line for line in found.lines}
            wanted = {key: count for key, count in request.quantities.items() if count}
            left = {key: lines[key].processable_quantity if key in lines else 0 for key in wanted}
            # Not by what is left: of a closed return nothing can be processed, and nothing was.
            if wanted and all(
                key in lines and lines[key].quantity - lines[key].unprocessed_quantity >= count
                for key, count in wanted.items()
            ):
                return ProcessedReturn(refunded=refunded, already=True)
            if status is not ReturnStatus.OPEN:
                return ProcessedReturn(refunded=refunded, overtaken=True)
            if short := [key for key, count in wanted.items() if left[key] < count]:
                raise conflict(
                    "A part of the return was processed in Shopify already "
                    f"({', '.join(line_name(lines.get(key), key) for key in short)}); finish it there."
                )
            answer = await admin.return_process(input=process_input(request, found))
        made = answer.return_process.return_ if answer.return_process else None
        if made is None:
            raise conflict("Shopify processed nothing and said no reason.")
        now = added([money(entry.total_refunded_set) for entry in made.refunds.nodes])
        return ProcessedReturn(refunded=now)

    @activity.defn(name="return_claim.refund_order")
    async def refund_order(self, request: RefundOrder) -> RefundedOrder:
        """Refund a claim whose goods stay with the customer, once.

        Shopify remembers the idempotency key for 24 hours; a later repeat finds the refund by its note.
        """
        await self._pauses.check()
        with translated():
            admin = await self._shopify(request.shop)
            order_id = gid("Order", request.order_id)
            order = (await admin.order_refunds(id=order_id)).order
            if order is None:
                raise conflict(f"The order {request.order_id} is gone from Shopify.")
            before = [
                money(entry.total_refunded_set)
                for entry in order.refunds
                if entry.note == request.note
            ]
            if before:
                return RefundedOrder(refunded=added(before), already=True)
            answer = await admin.refund_create(
                input=refund_input(request), idempotency_key=request.idempotency_key
            )
        made = answer.refund_create.refund if answer.refund_create else None
        if made is None:
            raise conflict("Shopify refunded nothing and said no reason.")
        return RefundedOrder(refunded=money(made.total_refunded_set))

    @activity.defn(name="return_claim.close_return")
    async def close_return(self, request: CloseReturn) -> ClosedReturn:
        """Close the return; one that is closed already is left as it is."""
        status = await self._move(
            request.shop,
            request.return_id,
            when=ReturnStatus.OPEN,
            write=lambda admin: admin.return_close(id=gid("Return", request.return_id)),
            then=ReturnStatus.CLOSED,
        )
        return ClosedReturn(status=status)

    # Private.

    async def _move(
        self,
        shop: str,
        return_id: str,
        *,
        when: ReturnStatus,
        write: Callable[[AdminApi], Awaitable[object]],
        then: ReturnStatus,
    ) -> ReturnStatus:
        """Move a return from one status to the next, once; where it stands afterwards.

        The status is read before, and again when Shopify says that it has moved: what is done already, by us or by
        somebody else, is a value. A refusal of a return that still stands where it stood is an error.
        """
        await self._pauses.check()
        with translated():
            admin = await self._shopify(shop)
            status = await self._status(admin, return_id)
            if status is not when:
                return status
            try:
                await write(admin)
            except ShopifyUserErrors as error:
                if _INVALID_STATE not in error.codes:
                    raise
                status = await self._status(admin, return_id)
                if status is when:
                    raise
                return status
        return then

    async def _shopify(self, shop: str) -> AdminApi:
        return await self._connections.shopify(shop)

    @staticmethod
    async def _status(admin: AdminApi, return_id: str) -> ReturnStatus:
        found = (await admin.current_return_status(id=gid("Return", return_id))).return_
        if found is None:
            raise conflict(f"The return {return_id} is gone from Shopify.")
        return return_status(found.status)

    @staticmethod
    async def _whole(admin: AdminApi, return_id: str) -> WholeReturn:
        found = await read_whole_return(admin, gid("Return", return_id))
        if found is None:
            raise conflict(f"The return {return_id} is gone from Shopify.")
        if found.unverified_lines:
            raise conflict(
                f"The return {found.details.name} has lines that Shopify could not tie to the order; "
                "settle it in Shopify."
            )
        return found
