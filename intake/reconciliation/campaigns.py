"""Campaigns that staff planned or edited: those that want a case, and those whose case must look again."""

from clients.shopify.generated.campaigns_updated_since import CampaignsUpdatedSinceMetaobjectsNodes
from clients.shopify.pages import campaigns_updated_since
from domain import references
from domain.campaign_readiness.fields import TYPE
from domain.shopify_ids import numeric_id
from intake.reconciliation.comparing import Comparison, Found, delivery, moment, pages


async def compare(run: Comparison) -> int:
    """Put what the shop's campaign metaobjects tell into the inbox; how many events."""
    count = 0
    query = f"updated_at:>='{moment(await run.since())}'"
    async for page in pages(campaigns_updated_since(run.admin, TYPE, query)):
        found = [_event(one) for one in page if await _tells(run, one)]
        count += await run.put(found, page[-1].updated_at)
    return await run.done(count)


def _event(one: CampaignsUpdatedSinceMetaobjectsNodes) -> Found:
    campaign_id = numeric_id(one.id)
    body = {"campaign_id": campaign_id, "handle": one.handle}
    return Found("sync/campaign", delivery(f"campaign-{campaign_id}", one.updated_at), body)


async def _tells(run: Comparison, one: CampaignsUpdatedSinceMetaobjectsNodes) -> bool:
    cases = await run.cases_of(references.METAOBJECT, numeric_id(one.id))
    # One of ours, whose number is not entered yet.
    cases = cases or await run.cases_of(references.CAMPAIGN_HANDLE, one.handle)
    return await run.must_look(cases, one.updated_at) if cases else True
