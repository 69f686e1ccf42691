"""What our own events mean: an operator's request, or another case's."""

from domain.return_claim.state import ClaimRequest
from domain.shopify_ids import gid, numeric_id
from intake.dispatch.signalling import OWN_SYSTEM, Signalling
from intake.events import Event
from intake.openings import opening_of_claim, opening_of_return
from intake.routes import TopicRoute
from intake.settled import Settled


async def claim(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """A claim on a return that exists, or a damage or warranty claim on an order."""
    opened_by = event.text("opened_by") or OWN_SYSTEM
    if event.body.get("claim") is not None:
        asked = ClaimRequest.model_validate(event.body["claim"])
        return await cases.open(event, opening_of_claim(event.scope, asked, opened_by=opened_by))
    return_id = event.object_id(line.body_key)
    admin = await cases.connections.shopify(event.scope)
    now = (await admin.current_return_status(id=gid("Return", return_id))).return_
    if now is None:
        return Settled("failed", f"The shop has no return {return_id}.")
    opening = opening_of_return(
        event.scope, return_id, order_id=numeric_id(now.order.id), opened_by=opened_by
    )
    return await cases.open(event, opening, again=bool(event.body.get("again")))
