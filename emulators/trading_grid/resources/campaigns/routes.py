"""``/campaigns``: planning, reading and changing, by the company. Products come whole."""

from emulators.trading_grid.resources.campaigns.desk import CampaignDesk
from emulators.trading_grid.resources.campaigns.model import (
    CAMPAIGN_FIELDS,
    Campaign,
    CampaignBody,
    CampaignPut,
    check_plan,
    render_campaign,
)
from emulators.trading_grid.resources.partners import active_partner
from emulators.trading_grid.wire import Answer, Call, Endpoint


def desk(call: Call) -> CampaignDesk:
    """The campaign of the path. Raises ApiError 404."""
    campaign = call.table(Campaign).get(call.param("campaign_id"))
    return CampaignDesk(call.emulator, call.tenant, campaign)


async def list_campaigns(call: Call) -> Answer:
    return call.list(call.table(Campaign), CAMPAIGN_FIELDS, render_campaign)


async def plan(call: Call) -> Answer:
    body = call.parse(CampaignBody)
    active_partner(call.tenant, body.partner_id)
    check_plan(body)
    campaign = call.add(Campaign(**dict(body), create_time=call.now, update_time=call.now))
    call.emulator.changed(call.tenant, campaign)
    return call.created(campaign, render_campaign)


async def get_campaign(call: Call) -> Answer:
    return call.one(desk(call).campaign, render_campaign)


async def plan_anew(call: Call) -> Answer:
    opened = desk(call)
    body = call.parse(CampaignPut)
    call.match(opened.campaign, required=True)
    opened.plan_anew(body)
    return call.one(opened.campaign, render_campaign)


ENDPOINTS = [
    Endpoint("/campaigns", {"GET": list_campaigns, "POST": plan}),
    Endpoint("/campaigns/{campaign_id}", {"GET": get_campaign, "PUT": plan_anew}),
]
