"""What events of disputes mean: a case looks again, or one opens."""

from dataclasses import dataclass
from datetime import datetime

from domain import references
from domain.dispute.names import DisputeStatus, DisputeType
from domain.dispute.opening import Known, opens_again
from domain.shopify_ids import gid, numeric_id
from intake.dispatch.signalling import OWN_SYSTEM, Signalling
from intake.events import Event
from intake.opening import Opening
from intake.openings import opening_of_dispute
from intake.routes import TopicRoute
from intake.settled import Settled
from persistence.repositories import case_references
from persistence.repositories.case_references import Reference
from persistence.tables import Case


@dataclass(frozen=True)
class DisputeSeen:
    """A dispute as Shopify has it now."""

    dispute_id: str
    status: DisputeStatus
    type: DisputeType
    due: datetime | None
    order_id: str

    def opening(self, shop: str, opened_by: str) -> Opening:
        return opening_of_dispute(
            shop, self.dispute_id, order_id=self.order_id, due=self.due, opened_by=opened_by
        )


async def changed(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """Tell the dispute's case to look again; where none is open, read the dispute and see whether one opens.

    Whichever event comes first opens it, whatever its state: one that is answered or decided already is recorded and ends.
    """
    dispute_id = event.object_id(line.body_key)
    found = await _cases_of(cases, event.scope, dispute_id)
    if any(case.closed_at is None for case in found):
        return await cases.shopify_changed(event, found)
    now = await _read(cases, event.scope, dispute_id)
    if now is None:
        return Settled("ignored", f"The shop has no dispute {dispute_id}.")
    opening = now.opening(event.scope, event.source)
    if not found:
        return await cases.open(event, opening)
    if not opens_again(known_of(found[0]), now.status, now.type, now.due):
        return await cases.after_the_end(event, found[0])
    return await cases.open(event, opening, again=True)


async def asked(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """A case for a dispute that the shop has, on an operator's word."""
    dispute_id = event.object_id(line.body_key)
    now = await _read(cases, event.scope, dispute_id)
    if now is None:
        return Settled("failed", f"The shop has no dispute {dispute_id}.")
    opened_by = event.text("opened_by") or OWN_SYSTEM
    opening = now.opening(event.scope, opened_by)
    return await cases.open(event, opening, again=bool(event.body.get("again")))


def known_of(case: Case) -> Known:
    """What a case knew of its dispute, by its last snapshot."""
    detail = (case.snapshot or {}).get("detail")
    detail = detail if isinstance(detail, dict) else {}
    try:
        due = datetime.fromisoformat(str(detail.get("due") or ""))
    except ValueError:
        due = None
    return Known(type=DisputeType(str(detail.get("type") or "")), due=due)


async def _cases_of(cases: Signalling, shop: str, dispute_id: str) -> list[Case]:
    """The newest first."""
    named = Reference(kind=references.DISPUTE, value=dispute_id, scope=shop)
    async with cases.database.read() as session:
        found = await case_references.find(session, named)
    return sorted(found, key=lambda case: case.number, reverse=True)


async def _read(cases: Signalling, shop: str, dispute_id: str) -> DisputeSeen | None:
    admin = await cases.connections.shopify(shop)
    found = (await admin.dispute_for_case(id=gid("ShopifyPaymentsDispute", dispute_id))).dispute
    if found is None:
        return None
    return DisputeSeen(
        dispute_id=dispute_id,
        status=DisputeStatus(str(found.status)),
        type=DisputeType(str(found.type_)),
        due=found.evidence_due_by,
        order_id=numeric_id(found.order.id) if found.order else "",
    )
