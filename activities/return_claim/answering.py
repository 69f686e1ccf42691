"""Side effects on a return in Shopify: reading and answering it, one idempotent mutation a method.

Shopify has no idempotency key for returns, so each write reads first and then acts: what is done already is a value, not
an error.
"""

from datetime import UTC, datetime

from temporalio import activity

from activities.failures import conflict, translated
from activities.pauses import Pauses
from activities.return_claim.inputs import (
    return_input,
)
from activities.return_claim.mapping import (
    ClaimProblem,
    claimed_lines,
    money,
    return_facts,
)
from activities.return_claim.remote import move, whole_return
from clients.shopify.admin import AdminApi
from clients.shopify.generated.enums import (
    ReturnDeclineReason,
)
from clients.shopify.generated.input_types import (
    ReturnApproveRequestInput,
    ReturnDeclineRequestInput,
    ReturnLineItemRemoveFromReturnInput,
)
from clients.shopify.pages import all_order_returns
from clients.shopify.whole import read_claimable_order
from domain import references
from domain.return_claim.messages import (
    ApproveReturn,
    CancelReturn,
    ClaimedOrder,
    ClosedReturn,
    CloseReturn,
    CreatedReturn,
    CreateReturn,
    DeclineReturn,
    ReadClaimedOrder,
    ReadReturn,
    RemovedLines,
    RemoveLines,
    ReturnAnswered,
    ReturnFacts,
)
from domain.return_claim.names import ReturnStatus
from domain.shopify_ids import gid, numeric_id
from intake.connections import Connections
from persistence.repositories import case_references
from persistence.repositories.case_references import Reference
from persistence.session import Database


class ReturnClaimActivities:
    """What is claimed, and the merchant's answer to it."""

    def __init__(self, connections: Connections, database: Database, pauses: Pauses) -> None:
        self._connections = connections
        self._database = database
        self._pauses = pauses

    @activity.defn(name="return_claim.read_return")
    async def read_return(self, request: ReadReturn) -> ReturnFacts:
        """The return with all its lines, as Shopify has it now."""
        await self._pauses.check()
        with translated():
            found = await whole_return(
                await self._connections.shopify(request.shop), request.return_id
            )
            return return_facts(found)

    @activity.defn(name="return_claim.read_claimed_order")
    async def read_claimed_order(self, request: ReadClaimedOrder) -> ClaimedOrder:
        """The claimed lines of a fulfilled order; a claim that does not fit the order is refused with the reason."""
        await self._pauses.check()
        with translated():
            admin = await self._connections.shopify(request.shop)
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

    @activity.defn(name="return_claim.approve_return")
    async def approve_return(self, request: ApproveReturn) -> ReturnAnswered:
        """Approve a requested return, once."""
        await self._pauses.check()
        with translated():
            status = await move(
                await self._connections.shopify(request.shop),
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
        await self._pauses.check()
        with translated():
            status = await move(
                await self._connections.shopify(request.shop),
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
        await self._pauses.check()
        with translated():
            status = await move(
                await self._connections.shopify(request.shop),
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
            admin = await self._connections.shopify(request.shop)
            found = await whole_return(admin, request.return_id)
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
            admin = await self._connections.shopify(request.shop)
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

    @activity.defn(name="return_claim.close_return")
    async def close_return(self, request: CloseReturn) -> ClosedReturn:
        """Close the return; one that is closed already is left as it is."""
        await self._pauses.check()
        with translated():
            status = await move(
                await self._connections.shopify(request.shop),
                request.return_id,
                when=ReturnStatus.OPEN,
                write=lambda admin: admin.return_close(id=gid("Return", request.return_id)),
                then=ReturnStatus.CLOSED,
            )
        return ClosedReturn(status=status)
