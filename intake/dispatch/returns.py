"""What events of returns mean: a case looks again, or one opens."""

from domain import references
from domain.policy import ReturnClaimPolicy
from domain.return_claim.names import ReturnStatus, opens_case
from domain.shopify_ids import gid, numeric_id
from intake.dispatch.signalling import Signalling
from intake.events import Event
from intake.openings import opening_of_return
from intake.policies import policy_for
from intake.routes import TopicRoute
from intake.settled import PARK_AGAIN, Settled
from persistence.repositories import case_references
from persistence.repositories.case_references import Reference


async def changed(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """Tell the return's case to look again; where there is none, read the return and see whether one opens."""
    return_id = event.object_id(line.body_key)
    reference = Reference(kind=references.RETURN, value=return_id, scope=event.scope)
    async with cases.database.read() as session:
        found = await case_references.find(session, reference)
    if found:
        return await cases.shopify_changed(event, found)
    admin = await cases.connections.shopify(event.scope)
    now = (await admin.current_return_status(id=gid("Return", return_id))).return_
    if now is None:
        return Settled("ignored", f"The shop has no return {return_id}.")
    order_id = numeric_id(now.order.id)
    status = ReturnStatus(now.status.value if hasattr(now.status, "value") else now.status)
    async with cases.database.read() as session:
        policy = await policy_for(session, ReturnClaimPolicy, event.scope)
        expecting = await case_references.find(
            session,
            Reference(kind=references.RETURN_EXPECTED, value=order_id, scope=event.scope),
        )
        # A case that was opened meanwhile, by the same return's other event.
        found = await case_references.find(session, reference)
    if found:
        return await cases.shopify_changed(event, found)
    if not opens_case(status, open_on_open_return=policy.open_on_open_return):
        return Settled("ignored", f"The return is {status.value}; no case opens for that.")
    if status is ReturnStatus.OPEN and any(case.closed_at is None for case in expecting):
        # Our own returnCreate may be heard of before its answer has reached us.
        return Settled(
            "parked",
            "A claim is creating a return on this order.",
            again_in=PARK_AGAIN,
            waits_for=(reference,),
        )
    opening = opening_of_return(event.scope, return_id, order_id=order_id, opened_by=event.source)
    return await cases.open(event, opening)
