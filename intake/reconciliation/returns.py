"""Returns on orders that changed: those that want a review, and those whose case must look again.

Shopify has no list of returns: they are found by their orders (`return_status` of the search).
"""

from clients.shopify.pages import OrderSeen, ReturnSeen, orders_with_returns
from domain import references
from domain.policy import ReturnClaimPolicy
from domain.return_claim.names import ReturnStatus, opens_case
from domain.shopify_ids import numeric_id
from intake.backfill.returns import RETURN_STATUSES
from intake.policies import policy_for
from intake.reconciliation.comparing import Comparison, Found, delivery, moment, pages

_STATUSES = " OR ".join(f"return_status:{status}" for status in RETURN_STATUSES)


async def compare(run: Comparison) -> int:
    """Put what the shop's returns tell into the inbox; how many events."""
    async with run.database.read() as session:
        policy = await policy_for(session, ReturnClaimPolicy, run.shop)
    count = 0
    query = f"({_STATUSES}) updated_at:>='{moment(await run.since())}'"
    async for page in pages(orders_with_returns(run.admin, query)):
        found = [
            _event(order, made)
            for order in page
            for made in order.returns
            if await _tells(run, order, made, policy)
        ]
        count += await run.put(found, page[-1].updated_at)
    return await run.done(count)


def _event(order: OrderSeen, made: ReturnSeen) -> Found:
    return_id = numeric_id(made.id)
    body = {"return_id": return_id, "order_id": numeric_id(order.id)}
    return Found("sync/return", delivery(return_id, order.updated_at), body)


async def _tells(
    run: Comparison, order: OrderSeen, made: ReturnSeen, policy: ReturnClaimPolicy
) -> bool:
    cases = await run.cases_of(references.RETURN, numeric_id(made.id))
    if cases:
        return await run.must_look(cases, order.updated_at)
    status = ReturnStatus(str(made.status))
    wanted = opens_case(status, open_on_open_return=policy.open_on_open_return)
    return wanted and made.created_at >= run.connected_at
