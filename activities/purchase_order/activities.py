"""Purchase orders: planned and numbered here, sent to Trading Grid, read there; one idempotent mutation a method."""

from collections.abc import Sequence
from datetime import UTC, datetime

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.failures import conflict, translated
from activities.pauses import Pauses
from activities.purchase_order.mapping import (
    Undeliverable,
    change_facts,
    new_change,
    response_of,
    ship_to,
)
from clients.trading_grid.errors import Conflict, TradingGridError
from clients.trading_grid.port import (
    ExternalReference,
    NewPurchaseOrder,
    NewPurchaseOrderLine,
    PurchaseOrder,
    ShipTo,
    TradingGrid,
)
from domain import references
from domain.case import CaseKind
from domain.failures import PARTNER_REFUSED
from domain.policy import PurchaseOrderPolicy
from domain.priority import priority_of
from domain.purchase_order.messages import (
    FindPartner,
    FoundPartner,
    OrdersPlan,
    PlannedPartner,
    PlanOrders,
    PurchaseOrderFacts,
    ReadPurchaseOrder,
    ReservedNumbers,
    ReserveNumbers,
    SendChange,
    SendOrder,
    SentChange,
    SentOrder,
    WithdrawnOrder,
    WithdrawOrder,
)
from domain.purchase_order.names import po_number
from domain.purchase_order.orders import OrderType, Purpose
from domain.shopify_ids import gid
from intake.connections import Connections
from intake.dispatch import OWN_SYSTEM
from intake.partner_plan import plan_partners
from intake.policies import policy_for
from persistence.repositories import case_references, inbound_events, partners, shops, switches
from persistence.repositories.case_references import Reference
from persistence.session import Database
from persistence.statements import lock
from persistence.tables import Tenant

_LIFECYCLE = CaseKind.PURCHASE_ORDER.value
_TAKES_NOTHING = frozenset({"shipped", "cancelled"})


class PurchaseOrderActivities:
    def __init__(self, connections: Connections, database: Database, pauses: Pauses) -> None:
        self._connections = connections
        self._database = database
        self._pauses = pauses

    # Planning.

    @activity.defn(name="purchase_order.plan")
    async def plan(self, request: PlanOrders) -> OrdersPlan:
        """Which lines are drop-ship by their routes, whose they are, and on which terms."""
        with translated():
            async with self._database.read() as session:
                own = await policy_for(session, PurchaseOrderPolicy, request.shop)
            plan = await plan_partners(
                self._database,
                request.shop,
                PurchaseOrderPolicy,
                [line.traits for line in request.lines],
                priority=priority_of(request.tags, request.number_of_orders, own),
                drop_ship=True,
            )
        return OrdersPlan(
            lines={
                line.line_id: partner
                for line, partner in zip(request.lines, plan.lines, strict=True)
                if partner
            },
            partners={
                name: PlannedPartner(
                    partner=one.partner, tenant=one.tenant, name=one.name, policy=one.policy
                )
                for name, one in plan.partners.items()
            },
            policy=plan.policy,
            shadow=plan.shadow,
            unasked=plan.unasked,
        )

    @activity.defn(name="purchase_order.find_partner")
    async def find_partner(self, request: FindPartner) -> FoundPartner:
        """The partner somebody named, with its terms; nobody who is not known here and active."""
        async with self._database.read() as session:
            tenant = request.tenant or (await shops.get(session, request.shop)).tenant_id
            shadow = await switches.in_force(
                session, "shadow", shop_id=request.shop, lifecycle=_LIFECYCLE
            )
            partner = await partners.find(session, tenant, request.partner)
            with translated():
                policy = await policy_for(
                    session, PurchaseOrderPolicy, request.shop, request.partner
                )
        refused = ""
        if partner is None:
            refused = f"The partner {request.partner} is not known here."
        elif partner.status != "active":
            refused = f"The partner {partner.name} is {partner.status}."
        if partner is None or refused:
            return FoundPartner(policy=policy, shadow=shadow is not None, refused=refused)
        found = PlannedPartner(partner=partner.id, tenant=tenant, name=partner.name, policy=policy)
        return FoundPartner(partner=found, policy=policy, shadow=shadow is not None)

    @activity.defn(name="purchase_order.reserve_numbers")
    async def reserve_numbers(self, request: ReserveNumbers) -> ReservedNumbers:
        """Take the next free number for each; a repeat finds those an attempt without an answer took.

        A number is entered as a name of the case before anything is sent under it, so that what names it finds the case;
        what was parked because it named one that was not known yet is due again.
        """
        now = datetime.now(UTC)
        taken = set(request.known)
        numbers: list[str] = []
        async with self._database.begin() as session:
            for tenant in sorted({tenant for tenant, _ in request.partners}):
                # Two cases that count at the same time would take the same number.
                await lock(session, Tenant, tenant, "tenant")
            for tenant, partner in request.partners:
                counter = 0
                while True:
                    counter += 1
                    number = po_number(request.shop, request.digits, partner, counter)
                    if number in taken:
                        continue
                    name = Reference(references.PURCHASE_ORDER_NUMBER, number, tenant)
                    holders = [case.id for case in await case_references.find(session, name)]
                    if not holders or request.case_id in holders:
                        break
                await case_references.add(session, request.case_id, [name], now)
                taken.add(number)
                numbers.append(number)
                await inbound_events.unpark(session, now, scope=tenant)
        return ReservedNumbers(numbers=tuple(numbers))

    # Sending.

    @activity.defn(name="purchase_order.send")
    async def send(self, request: SendOrder) -> SentOrder:
        """Send the purchase order, once: idempotency key and external reference make a repeat find the first.

        The only place that knows where the goods go. It reads the address and passes it on; no result, error or log of ours
        has any of it, nor what Trading Grid says to it.
        """
        await self._pauses.check(partner=request.partner)
        with translated():
            trading_grid = await self._connections.trading_grid(request.tenant)
            reference = _reference(request.reference)
            if gone := await self._gone(request):
                found = await trading_grid.find_purchase_order(external_reference=reference)
                return _sent(found) if found else SentOrder(unsent=gone)
            address = await self._ship_to(request)
            new = NewPurchaseOrder(
                po_number=request.number,
                order_type=request.order_type.value,
                partner_id=request.partner,
                ship_to=address,
                requested_ship_date=request.requested_ship_date,
                lines=tuple(
                    NewPurchaseOrderLine(
                        line_id=line.line_id,
                        sku=line.sku,
                        quantity=line.quantity,
                        unit_price=line.unit_price,
                        currency=request.currency or None,
                    )
                    for line in request.lines
                ),
                external_reference=reference,
            )
            try:
                order = await trading_grid.create_purchase_order(
                    new, idempotency_key=request.idempotency_key
                )
            except Conflict as error:
                if await trading_grid.find_purchase_order(po_number=request.number) is None:
                    raise _silenced(error, address) from None
                return SentOrder(number_taken=True)
            except TradingGridError as error:
                raise _silenced(error, address) from None
        return _sent(order)

    async def _gone(self, request: SendOrder) -> str:
        """Why nobody wants the goods any more; empty where somebody does."""
        if request.order_type is OrderType.REPLENISHMENT:
            return ""
        admin = await self._connections.shopify(request.shop)
        order = (await admin.order_summary(id=gid("Order", request.order_id))).order
        if order is None:
            return "The order is gone from Shopify."
        return "The order was cancelled." if order.cancelled_at is not None else ""

    async def _ship_to(self, request: SendOrder) -> ShipTo | None:
        if request.order_type is OrderType.REPLENISHMENT:
            return None
        admin = await self._connections.shopify(request.shop)
        order = (await admin.order_ship_to(id=gid("Order", request.order_id))).order
        try:
            return ship_to(order.shipping_address if order else None)
        except Undeliverable as error:
            raise conflict(str(error)) from None

    @activity.defn(name="purchase_order.send_change")
    async def send_change(self, request: SendChange) -> SentChange:
        """Ask for a change or a cancellation; its number makes a repeat find the first."""
        await self._pauses.check(partner=request.partner)
        with translated():
            trading_grid = await self._connections.trading_grid(request.tenant)
            try:
                change = await trading_grid.change_purchase_order(
                    request.remote_id,
                    new_change(request.number, request.purpose, request.lines, request.currency),
                    idempotency_key=request.idempotency_key,
                )
            except Conflict:
                if not await _takes_nothing(trading_grid, request.remote_id):
                    raise
                return SentChange(closed=True)
        return SentChange(remote_id=change.id or "", status=change.status)

    @activity.defn(name="purchase_order.withdraw")
    async def withdraw(self, request: WithdrawOrder) -> WithdrawnOrder:
        """At the end of a case, take back what is still to come, wherever the order is; one that never arrived, or takes no
        word any more, is left as it is."""
        await self._pauses.check(partner=request.partner)
        with translated():
            trading_grid = await self._connections.trading_grid(request.tenant)
            remote_id = request.remote_id
            if not remote_id:
                found = await trading_grid.find_purchase_order(
                    external_reference=_reference(request.reference)
                )
                if found is None:
                    return WithdrawnOrder(found=False)
                remote_id = found.id
            try:
                await trading_grid.change_purchase_order(
                    remote_id,
                    new_change(request.number, Purpose.CANCEL, request.lines, ""),
                    idempotency_key=request.idempotency_key,
                )
            except Conflict:
                if not await _takes_nothing(trading_grid, remote_id):
                    raise
                return WithdrawnOrder(found=False)
        return WithdrawnOrder(found=True)

    # Reading.

    @activity.defn(name="purchase_order.read_purchase_order")
    async def read_purchase_order(self, request: ReadPurchaseOrder) -> PurchaseOrderFacts:
        """The order's version, everything the partner answered, and what became of our changes."""
        await self._pauses.check(partner=request.partner)
        with translated():
            trading_grid = await self._connections.trading_grid(request.tenant)
            order = await trading_grid.read_purchase_order(request.remote_id)
            # Responses first: an acknowledgement that came before one of them is then among the changes.
            responses = await trading_grid.purchase_order_responses(request.remote_id)
            changes = await trading_grid.read_purchase_order_changes(request.remote_id)
        return PurchaseOrderFacts(
            version=order.version,
            status=order.status or "",
            responses=tuple(response_of(entry) for entry in responses),
            changes=tuple(change_facts(entry) for entry in changes),
        )


async def _takes_nothing(trading_grid: TradingGrid, remote_id: str) -> bool:
    """Whether the order has ended, so that a refused change is nobody's mistake."""
    return (await trading_grid.read_purchase_order(remote_id)).status in _TAKES_NOTHING


def _reference(value: str) -> ExternalReference:
    return ExternalReference(system=OWN_SYSTEM, id=value)


def _sent(order: PurchaseOrder) -> SentOrder:
    return SentOrder(remote_id=order.id, version=order.version)


def _silenced(error: TradingGridError, address: ShipTo | None) -> Exception:
    """The error without Trading Grid's words, where an address went along: they may quote it."""
    if address is None:
        return error
    facts: Sequence[str] = [
        f"{name} {value}"
        for name, value in (
            ("status", error.status),
            ("code", error.error_code),
            ("request", error.request_id),
        )
        if value is not None
    ]
    words = f"Trading Grid: {type(error).__name__} ({', '.join(facts) or 'no answer'})"
    if error.retryable:
        return type(error)(
            words, status=error.status, request_id=error.request_id, retry_after=error.retry_after
        )
    return ApplicationError(
        f"{words}; its own words are left out, since they may quote the address.",
        type=PARTNER_REFUSED,
        non_retryable=True,
    )
