"""Campaigns over REST."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import httpx
from pydantic import ValidationError

from clients.trading_grid.port.campaigns import (
    Campaign,
    CampaignIssue,
    CampaignPlan,
    CampaignReadiness,
    Commitment,
    NewCampaign,
)
from clients.trading_grid.port.common import ExternalReference, Received
from clients.trading_grid.rest.answers import Body, json_object, parsed, places
from clients.trading_grid.rest.cases import quoted
from clients.trading_grid.rest.creating import created_or_found, holds
from clients.trading_grid.rest.remote import Remote


class RestCampaigns:
    _remote: Remote

    async def create_campaign(self, new: NewCampaign, *, idempotency_key: str) -> Campaign:
        body, response = await created_or_found(
            self._remote,
            self._remote.url("campaigns"),
            new,
            external_reference=new.external_reference,
            idempotency_key=idempotency_key,
        )
        return _campaign(body, response)

    async def read_campaign(self, campaign_id: str) -> Campaign:
        response = await self._remote.get(self._remote.url("campaign", campaign_id=campaign_id))
        return _campaign(json_object(response), response)

    async def find_campaign(self, external_reference: ExternalReference) -> Campaign | None:
        system, key = quoted(external_reference.system), quoted(external_reference.id)
        items = self._remote.items(
            self._remote.url("campaigns"),
            {
                "filter": (
                    f"external_reference.system eq {system} and external_reference.id eq {key}"
                )
            },
        )
        async with aclosing(items):
            async for item, response in items:
                # A server that ignores a filter it does not know answers with other campaigns.
                if holds(item, external_reference):
                    return parsed(Campaign, {**item, "etag": None}, response)
        return None

    async def change_campaign(self, campaign_id: str, plan: CampaignPlan, *, etag: str) -> Campaign:
        response = await self._remote.call(
            "PUT",
            self._remote.url("campaign", campaign_id=campaign_id),
            body=plan,
            headers={"If-Match": etag},
        )
        return _campaign(json_object(response), response)

    async def campaign_readiness(
        self, campaign_id: str, *, above: int = 0
    ) -> AsyncIterator[CampaignReadiness]:
        items = self._remote.items(
            self._remote.url("campaign_readiness", campaign_id=campaign_id),
            {"filter": f"sequence gt {above}"} if above else None,
        )
        async with aclosing(items):
            async for item, response in items:
                readiness = _readiness(item, response)
                # A server that ignores a filter it does not know answers with all of them.
                if readiness.sequence > above:
                    yield readiness


def _campaign(body: Body, response: httpx.Response) -> Campaign:
    return parsed(Campaign, {**body, "etag": response.headers.get("etag")}, response)


def _readiness(body: Body, response: httpx.Response) -> CampaignReadiness:
    """One entry that can't be read must not hide what else the partner said, nor what it says next."""
    unreadable: list[str] = []
    fields = {
        "commitments": _readable(body, "commitments", Commitment, unreadable),
        "issues": _readable(body, "issues", CampaignIssue, unreadable),
    }
    return parsed(CampaignReadiness, {**body, **fields, "unreadable": unreadable}, response)


def _readable(body: Body, name: str, kind: type[Received], unreadable: list[str]) -> list[Any]:
    """Those entries of a list that are of a kind; what is wrong with the others goes to `unreadable`."""
    entries = body.get(name)
    if entries is None:
        return []
    if not isinstance(entries, list):
        unreadable.append(f"{name}: is no list")
        return []
    readable: list[Any] = []
    for number, entry in enumerate(entries):
        try:
            kind.model_validate(entry)
        except ValidationError as error:
            unreadable.append(places(error, name, number))
        else:
            readable.append(entry)
    return readable
