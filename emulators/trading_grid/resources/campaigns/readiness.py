"""``/campaigns/{id}/readiness``: what the partner said, by sequence."""

from emulators.trading_grid.errors import not_found
from emulators.trading_grid.resources.campaigns.model import (
    READINESS_FIELDS,
    Readiness,
    ReadinessBody,
    render_readiness,
)
from emulators.trading_grid.resources.campaigns.routes import desk
from emulators.trading_grid.wire import Answer, Call, Endpoint


async def list_readiness(call: Call) -> Answer:
    return call.list(desk(call).said(), READINESS_FIELDS, render_readiness)


async def say(call: Call) -> Answer:
    """The partner's word, entered by whoever has the tenant's token: partners have none of their own."""
    opened = desk(call)
    return call.created(opened.say(call.parse(ReadinessBody)), render_readiness)


async def get_readiness(call: Call) -> Answer:
    campaign = desk(call).campaign
    readiness = call.table(Readiness).get(call.param("readiness_id"))
    if readiness.campaign_id != campaign.id:
        raise not_found("campaign readiness", readiness.id)
    return call.one(readiness, render_readiness)


ENDPOINTS = [
    Endpoint("/campaigns/{campaign_id}/readiness", {"GET": list_readiness, "POST": say}),
    Endpoint("/campaigns/{campaign_id}/readiness/{readiness_id}", {"GET": get_readiness}),
]
