"""``/event-subscriptions``: where webhooks go, and the secrets that sign them."""

import json
from datetime import timedelta
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field

from emulators.trading_grid.emulator import EVENT_TYPES, Subscriber, iso
from emulators.trading_grid.errors import invalid
from emulators.trading_grid.query import COMMON_FIELDS, Value
from emulators.trading_grid.store import Entity, ExternalReference, Name, Wire, new_id
from emulators.trading_grid.webhooks import Target, new_secret, secret_bytes
from emulators.trading_grid.wire import Answer, Call, Endpoint, Links, dump

# Both secrets sign this long after a rotation, so that a receiver can change over.
ROTATION = timedelta(hours=24)
TEST_EVENT = "event_subscription.test"


class Subscription(Entity):
    """An empty ``event_types`` means every type."""

    NAME: ClassVar[str] = "event_subscription"
    COLLECTION: ClassVar[str] = "event-subscriptions"

    url: str
    event_types: list[str]
    status: Literal["enabled", "disabled"] = "enabled"


class SubscriptionBody(Wire):
    url: Name
    event_types: list[str] = Field(default_factory=list, max_length=100)
    secret: str | None = None
    external_reference: ExternalReference | None = None


class SubscriptionPatch(Wire):
    url: Name | None = None
    event_types: list[str] | None = None


class ActionBody(Wire):
    action: Literal["test", "rotate_secret", "enable", "disable"]


FIELDS: dict[str, type[Value]] = {**COMMON_FIELDS, "url": str, "status": str}


def render(subscription: Subscription, links: Links) -> dict[str, Any]:
    body = dump(subscription, links)
    del body["partner_id"]
    return body


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise invalid("url must be an absolute http or https address.", "url")


def _check_types(types: list[str]) -> None:
    unknown = [name for name in types if name not in EVENT_TYPES]
    if unknown:
        raise invalid(
            f"Unknown event types: {', '.join(unknown)}; known: {', '.join(EVENT_TYPES)}.",
            "event_types",
        )


def _subscriber(call: Call, subscription: Subscription) -> Subscriber:
    return call.emulator.subscribers[call.tenant.id][subscription.id]


def _of_path(call: Call) -> Subscription:
    return call.table(Subscription).get(call.param("subscription_id"))


def _apply(call: Call, subscription: Subscription) -> None:
    subscriber = _subscriber(call, subscription)
    subscriber.target.url = subscription.url
    subscriber.event_types = tuple(subscription.event_types)
    subscriber.enabled = subscription.status == "enabled"


async def list_subscriptions(call: Call) -> Answer:
    return call.list(call.table(Subscription), FIELDS, render)


async def subscribe(call: Call) -> Answer:
    body = call.parse(SubscriptionBody)
    _check_url(body.url)
    _check_types(body.event_types)
    secret = new_secret() if body.secret is None else body.secret
    try:
        secret_bytes(secret)
    except ValueError as error:
        raise invalid(f"{error}.", "secret") from error
    subscription = call.add(
        Subscription(
            url=body.url,
            event_types=body.event_types,
            external_reference=body.external_reference,
            create_time=call.now,
            update_time=call.now,
        )
    )
    target = Target(call.tenant.id, subscription.id)
    target.secrets = [(secret, None)]
    call.emulator.subscribers[call.tenant.id][subscription.id] = Subscriber(target, ())
    _apply(call, subscription)
    return call.created(subscription, lambda row, links: {**render(row, links), "secret": secret})


async def get_subscription(call: Call) -> Answer:
    return call.one(_of_path(call), render)


async def patch_subscription(call: Call) -> Answer:
    subscription = _of_path(call)
    patch = call.parse(SubscriptionPatch)
    call.match(subscription, required=True)
    if patch.url is not None:
        _check_url(patch.url)
        subscription.url = patch.url
    if patch.event_types is not None:
        _check_types(patch.event_types)
        subscription.event_types = patch.event_types
    subscription.touch(call.now)
    _apply(call, subscription)
    return call.one(subscription, render)


async def unsubscribe(call: Call) -> Answer:
    subscription = _of_path(call)
    call.match(subscription, required=False)
    call.table(Subscription).remove(subscription.id)
    del call.emulator.subscribers[call.tenant.id][subscription.id]
    call.emulator.deliverer.forget(subscription.id)
    return Answer(204)


async def act(call: Call) -> Answer:
    subscription = _of_path(call)
    action = call.parse(ActionBody).action
    call.match(subscription, required=False)
    if action == "test":
        return await _test(call, subscription)
    if action == "rotate_secret":
        return _rotate(call, subscription)
    subscription.status = "enabled" if action == "enable" else "disabled"
    subscription.touch(call.now)
    _apply(call, subscription)
    return call.one(subscription, render)


async def _test(call: Call, subscription: Subscription) -> Answer:
    """One signed delivery, at once and waited for, that is in no feed."""
    event_id = new_id()
    body = {
        "type": TEST_EVENT,
        "timestamp": iso(call.now),
        "data": {
            "id": subscription.id,
            "resource": subscription.NAME,
            "href": call.links(subscription.path()),
            "version": subscription.version,
            "external_reference": None,
            "partner_id": None,
        },
    }
    delivery = await call.emulator.deliverer.send_now(
        _subscriber(call, subscription).target, event_id, TEST_EVENT, json.dumps(body).encode()
    )
    attempt = delivery.attempts[0]
    return Answer(
        200,
        {
            "event_id": event_id,
            "delivered": delivery.status == "delivered",
            "status_code": attempt.status_code,
            "error": attempt.error,
            "_links": {"event_subscription": {"href": call.links(subscription.path())}},
        },
    )


def _rotate(call: Call, subscription: Subscription) -> Answer:
    """A new secret, shown once; the one before it signs beside it for 24 hours."""
    secret = new_secret()
    target = _subscriber(call, subscription).target
    before = [one for one, until in target.secrets if until is None]
    target.secrets = [(secret, None), *((one, call.now + ROTATION) for one in before)]
    subscription.touch(call.now)
    return call.one(subscription, lambda row, links: {**render(row, links), "secret": secret})


ENDPOINTS = [
    Endpoint("/event-subscriptions", {"GET": list_subscriptions, "POST": subscribe}),
    Endpoint(
        "/event-subscriptions/{subscription_id}",
        {
            "GET": get_subscription,
            "PATCH": patch_subscription,
            "DELETE": unsubscribe,
            "POST": act,
        },
    ),
]
