"""Disputes that have no case, or whose open case knows another state of them.

Shopify's search knows no time of a dispute's last change: those that are open are all listed, and those that began since the
watermark. What was decided meanwhile is seen by its case, which looks for itself.
"""

from clients.shopify.generated.disputes_found import DisputesFoundDisputesNodes
from clients.shopify.pages import disputes_found
from domain import references
from domain.dispute.names import DisputeStatus, DisputeType
from domain.dispute.opening import opens_again
from domain.shopify_ids import numeric_id
from intake.connect.needs import DISPUTES_SCOPE
from intake.dispatch.disputes import known_of
from intake.reconciliation.comparing import Comparison, Found, moment, pages
from persistence.repositories import shops


async def compare(run: Comparison) -> int:
    """Put what the shop's disputes tell into the inbox; how many events. A shop without the scope has none."""
    async with run.database.read() as session:
        shop = await shops.get(session, run.shop)
    if DISPUTES_SCOPE not in (shop.scopes or ()):
        return 0
    since = await run.since()
    count, seen = 0, set[str]()
    for query in (
        "status:needs_response",
        "status:under_review",
        f"initiated_at:>='{moment(since)}'",
    ):
        async for page in pages(disputes_found(run.admin, query)):
            found = [_event(one) for one in page if one.id not in seen and await _tells(run, one)]
            seen |= {one.id for one in page}
            # The lists are not in the order of the watermark: it moves once all are through.
            count += await run.put(found, since)
    return await run.done(count)


def _event(one: DisputesFoundDisputesNodes) -> Found:
    dispute_id = numeric_id(one.id)
    due = one.evidence_due_by.isoformat() if one.evidence_due_by else ""
    # What differs is another event; the same state found again is not.
    delivery_id = f"sync:dispute:{dispute_id}:{one.status}:{one.type_}:{due}"
    return Found("sync/dispute", delivery_id, {"dispute_id": dispute_id})


async def _tells(run: Comparison, one: DisputesFoundDisputesNodes) -> bool:
    status, type_ = DisputeStatus(str(one.status)), DisputeType(str(one.type_))
    due = one.evidence_due_by
    found = await run.cases_of(references.DISPUTE, numeric_id(one.id))
    if not found:
        overdue = due is not None and due <= run.now
        # What passed its due date before the shop was connected is nobody's failure here.
        return not (overdue and one.initiated_at < run.connected_at)
    newest = max(found, key=lambda case: case.number)
    known = known_of(newest)
    if newest.closed_at is not None:
        return opens_again(known, status, type_, due)
    detail = (newest.snapshot or {}).get("detail")
    seen = str(detail.get("status")) if isinstance(detail, dict) else ""
    return (seen, known.type, known.due) != (str(one.status), type_, due)
