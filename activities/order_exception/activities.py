"""Who is asked about which lines of an order, on which terms; what is done in Shopify is `activities.fulfillment_orders`."""

from temporalio import activity

from activities.failures import translated
from domain.order_exception.lines import ExceptionLine
from domain.order_exception.messages import (
    ExceptionPlan,
    PartnerRead,
    PlannedPartner,
    ReadPartner,
    ReadPlan,
)
from domain.policy import OrderExceptionPolicy
from domain.priority import Priority, priority_of
from domain.routing import Traits
from intake.coverage import covered_lines
from intake.partner_plan import plan_partners
from intake.policies import policy_for
from persistence.repositories import partners, shops
from persistence.session import Database


class OrderExceptionActivities:
    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="order_exception.read_plan")
    async def read_plan(self, request: ReadPlan) -> ExceptionPlan:
        """Who is asked about which lines by the routes, on the terms of the order's priority; and which lines open purchase
        orders own."""
        with translated():
            priority = await self._priority(request)
            plan = await plan_partners(
                self._database,
                request.shop,
                OrderExceptionPolicy,
                [_traits(line) for line in request.lines],
                priority=priority,
            )
        async with self._database.read() as session:
            traits = {line.line_id: _traits(line) for line in (*request.lines, *request.known)}
            covered = await covered_lines(session, request.shop, request.order_id, traits)
        return ExceptionPlan(
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
            covered=tuple(sorted(covered)),
            unasked=plan.unasked,
        )

    @activity.defn(name="order_exception.read_partner")
    async def read_partner(self, request: ReadPartner) -> PartnerRead:
        """The partner that lines are to be given to, with its terms; nobody who is not known here and active."""
        async with self._database.read() as session:
            tenant = request.tenant
            if not tenant:
                tenant = (await shops.get(session, request.shop)).tenant_id
            partner = await partners.find(session, tenant, request.partner)
            if partner is None:
                return PartnerRead(problem=f"The partner {request.partner} is not known here.")
            if partner.status != "active":
                return PartnerRead(problem=f"The partner {partner.name} is {partner.status}.")
            with translated():
                policy = await policy_for(
                    session, OrderExceptionPolicy, request.shop, partner.id, request.priority
                )
        return PartnerRead(
            partner=PlannedPartner(
                partner=partner.id, tenant=tenant, name=partner.name, policy=policy
            )
        )

    async def _priority(self, request: ReadPlan) -> Priority:
        """By the shop's own terms: the partners' are not chosen yet."""
        async with self._database.read() as session:
            terms = await policy_for(session, OrderExceptionPolicy, request.shop)
        return priority_of(request.tags, request.number_of_orders, terms)


def _traits(line: ExceptionLine) -> Traits:
    return Traits(
        sku=line.sku,
        vendor=line.vendor,
        location=line.location,
        fulfillment_service=line.fulfillment_service,
    )
