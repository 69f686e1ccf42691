"""What events of orders mean: the cases that concern the order look again."""

from domain import references
from intake.dispatch.signalling import Signalling
from intake.events import Event
from intake.routes import TopicRoute
from intake.settled import Settled
from persistence.repositories import case_references
from persistence.repositories.case_references import Reference


async def changed(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """Tell the order's open cases to look again."""
    order_id = event.object_id(line.body_key)
    reference = Reference(kind=references.ORDER, value=order_id, scope=event.scope)
    async with cases.database.read() as session:
        found = await case_references.find(session, reference)
    concerned = [case for case in found if case.closed_at is None]
    if not concerned:
        return Settled("ignored", "No open case concerns this order.")
    return await cases.shopify_changed(event, concerned)
