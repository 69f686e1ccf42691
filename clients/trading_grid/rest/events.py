"""The events feed and webhook subscriptions over REST."""

from collections.abc import Sequence

import httpx

from clients.trading_grid.errors import ContractMismatch, NotFound
from clients.trading_grid.port.events import EventPage, EventSubscription, TestDelivery
from clients.trading_grid.rest.answers import json_object, parsed
from clients.trading_grid.rest.remote import Remote


class RestEvents:
    _remote: Remote

    async def read_events(self, position: str | None, *, limit: int = 50) -> EventPage:
        params = {"items-per-page": str(limit)}
        if position is not None:
            params["position"] = position
        response = await self._remote.get(self._remote.url("events"), params=params)
        page = parsed(EventPage, json_object(response), response)
        if page.has_more and (page.position is None or page.position == position):
            raise ContractMismatch("GET events: more are announced, but the position stands still")
        return page

    async def set_position(self, position: str) -> None:
        # Ours is text, theirs may be a number: it goes back as it came.
        given = int(position) if position.isascii() and position.isdigit() else position
        await self._remote.post(self._remote.url("event_position"), {"position": given})

    async def list_subscriptions(self) -> tuple[EventSubscription, ...]:
        items = self._remote.items(self._remote.url("event_subscriptions"))
        return tuple(
            [
                parsed(EventSubscription, {**item, "secret": None}, response)
                async for item, response in items
            ]
        )

    async def subscribe(
        self, url: str, event_types: Sequence[str], *, idempotency_key: str
    ) -> EventSubscription:
        response = await self._remote.post(
            self._remote.url("event_subscriptions"),
            {"url": url, "event_types": list(event_types)},
            idempotency_key=idempotency_key,
        )
        return _with_secret(parsed(EventSubscription, json_object(response), response))

    async def rotate_secret(self, subscription_id: str) -> EventSubscription:
        response = await self._act(subscription_id, "rotate_secret")
        return _with_secret(parsed(EventSubscription, json_object(response), response))

    async def enable_subscription(self, subscription_id: str) -> None:
        await self._act(subscription_id, "enable")

    async def disable_subscription(self, subscription_id: str) -> None:
        await self._act(subscription_id, "disable")

    async def test_subscription(self, subscription_id: str) -> TestDelivery:
        response = await self._act(subscription_id, "test")
        return parsed(TestDelivery, json_object(response), response)

    async def delete_subscription(self, subscription_id: str) -> None:
        url = self._remote.url("event_subscription", subscription_id=subscription_id)
        try:
            await self._remote.call("DELETE", url)
        except NotFound:
            return

    async def _act(self, subscription_id: str, action: str) -> httpx.Response:
        url = self._remote.url("event_subscription", subscription_id=subscription_id)
        return await self._remote.post(url, {"action": action})


def _with_secret(subscription: EventSubscription) -> EventSubscription:
    if subscription.secret is None or not subscription.secret.get_secret_value():
        raise ContractMismatch(f"event subscription {subscription.id} came without its secret")
    return subscription
