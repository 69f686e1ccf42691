"""Who reviews a claim, and the return authorisation beside a partner's case."""

from temporalio import activity

from activities.failures import translated
from activities.partner_case import takes_nothing
from activities.pauses import Pauses
from clients.trading_grid.errors import Conflict
from clients.trading_grid.port import (
    ExternalReference,
    NewReturnAuthorization,
    NewReturnAuthorizationLine,
)
from domain.policy import ReturnClaimPolicy
from domain.return_claim.goods import Authorization, AuthorizationLine
from domain.return_claim.messages import (
    ClaimPlan,
    PlannedReview,
    PlanReviews,
    ReadAuthorization,
    RequestAuthorization,
    RequestedAuthorization,
)
from domain.routing import Traits
from domain.shopify_ids import numeric_id
from intake.connections import Connections
from intake.dispatch import OWN_SYSTEM
from intake.partner_plan import plan_partners
from persistence.repositories import location_mappings
from persistence.session import Database


class ReturnReviewActivities:
    """What is asked of partners, beside their cases."""

    def __init__(self, connections: Connections, database: Database, pauses: Pauses) -> None:
        self._connections = connections
        self._database = database
        self._pauses = pauses

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
