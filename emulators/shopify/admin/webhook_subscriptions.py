"""The app's subscriptions of one shop."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from emulators.shopify.admin.lookup import find
from emulators.shopify.admin.shop import api_version
from emulators.shopify.engine.connections import connect
from emulators.shopify.engine.registry import (
    Args,
    Context,
    access_denied,
    mutation,
    query,
    reject,
    resolver,
)
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.refusal import refuse
from emulators.shopify.webhooks.subscriptions import Subscription, Topic, topics

AT = "webhookSubscription"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@query("webhookSubscriptions")
def webhook_subscriptions(_: Any, context: Context, args: Args) -> dict[str, Any]:
    reject(args, "query")
    wanted, uri = args.get("topics"), args.get("uri") or args.get("callbackUrl")
    found = [
        s
        for s in context.shop.subscriptions.values()
        if (not wanted or s.topic.enum in wanted) and (uri is None or s.uri == uri)
    ]
    return connect(found if args.get("format") in (None, "JSON") else [], args)


@query("webhookSubscription")
def webhook_subscription(_: Any, context: Context, args: Args) -> Subscription | None:
    return find(context, Subscription, args["id"])


@resolver("WebhookSubscription", "topic")
def topic(subscription: Subscription, _: Context, __: Args) -> str:
    return subscription.topic.enum


@resolver("WebhookSubscription", "callbackUrl")
def callback_url(subscription: Subscription, _: Context, __: Args) -> str:
    return subscription.uri


@resolver("WebhookSubscription", "format")
def format_(_: Subscription, __: Context, ___: Args) -> str:
    return "JSON"


@resolver("WebhookSubscription", "apiVersion")
def version(subscription: Subscription, _: Context, __: Args) -> dict[str, Any]:
    return api_version(subscription.api_version)


@resolver("WebhookSubscription", "metafields")
def metafields(_: Subscription, __: Context, ___: Args) -> list[Any]:
    return []


@mutation("webhookSubscriptionCreate")
def create(act: Action, context: Context, args: Args) -> dict[str, Any]:
    known = topics().get(args["topic"])
    if known is None:
        raise access_denied(f"topic {args['topic']}")
    if known.scopes and not known.scopes & context.scopes:
        message = (
            f"You cannot create a webhook subscription with the topic {known.text}: "
            f"it needs one of the access scopes {', '.join(sorted(known.scopes))}"
        )
        raise refuse(message, field=("topic",))
    given = args["webhookSubscription"]
    uri = _uri(given)
    if uri is None:
        raise refuse("Address can't be blank", field=(AT, "uri"))
    _check(given, uri)
    _check_type_filter(known, given.get("filter"))
    for other in context.shop.subscriptions.values():
        if (other.topic, other.uri, other.filter) == (known, uri, given.get("filter")):
            message = "Address for this topic has already been taken"
            raise refuse(message, field=(AT, "uri"))
    subscription = Subscription(
        id=act.new_id(),
        topic=known,
        uri=uri,
        api_version=context.version,
        created_at=act.now,
        updated_at=act.now,
    )
    _apply(subscription, given)
    context.shop.subscriptions[subscription.id] = subscription
    return {"webhookSubscription": subscription}


@mutation("webhookSubscriptionUpdate")
def update(act: Action, context: Context, args: Args) -> dict[str, Any]:
    subscription = _subscription(context, args["id"])
    given = args["webhookSubscription"]
    uri = _uri(given) or subscription.uri
    _check(given, uri)
    _check_type_filter(subscription.topic, given.get("filter", subscription.filter))
    subscription.uri = uri
    subscription.api_version = context.version
    subscription.updated_at = act.now
    _apply(subscription, given)
    return {"webhookSubscription": subscription}


@mutation("webhookSubscriptionDelete")
def delete(_: Action, context: Context, args: Args) -> dict[str, Any]:
    subscription = _subscription(context, args["id"])
    del context.shop.subscriptions[subscription.id]
    return {"deletedWebhookSubscriptionId": subscription.gid}


def _subscription(context: Context, gid: str) -> Subscription:
    found = find(context, Subscription, gid)
    if found is None:
        raise refuse("Webhook subscription does not exist", field=("id",))
    return found


def _uri(given: dict[str, Any]) -> str | None:
    uri = given.get("uri") or given.get("callbackUrl")
    return None if uri is None else str(uri)


def _check(given: dict[str, Any], uri: str) -> None:
    parts = urlsplit(uri)
    # Shopify takes https only; plain http is let through where it can't leave this machine.
    plain = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (plain or (parts.scheme == "https" and parts.hostname)):
        raise refuse("Address protocol http:// is not supported", field=(AT, "uri"))
    if given.get("format") == "XML":
        raise refuse("Format XML is not supported", field=(AT, "format"))
    for name in ("metafieldNamespaces", "metafields"):
        if given.get(name):
            raise access_denied(f"{name} of WebhookSubscriptionInput")
    included = given.get("includeFields") or []
    if given.get("filter") and included:
        names = [word.partition(":")[0].lstrip("-(") for word in given["filter"].split()]
        missing = [n for n in names if n not in ("OR", "AND", "NOT") and n not in included]
        if missing:
            message = f"Include fields must contain the fields of the filter: {', '.join(missing)}"
            raise refuse(message, field=(AT, "includeFields"))


def _check_type_filter(topic: Topic, wanted: str | None) -> None:
    """Topics of metaobjects need a filter by full types (Shopify's page on filters; the words are assumed)."""
    if not topic.text.startswith("metaobjects/"):
        return
    if "type:" not in (wanted or ""):
        message = "A filter with the metaobject definition's type is required for this topic"
        raise refuse(message, field=(AT, "filter"))
    if "$app" in (wanted or "") or "*" in (wanted or ""):
        message = "The metaobject definition's type must be the full one, without wildcards"
        raise refuse(message, field=(AT, "filter"))


def _apply(subscription: Subscription, given: dict[str, Any]) -> None:
    if "filter" in given:
        subscription.filter = given["filter"]
    if "includeFields" in given:
        subscription.include_fields = list(given["includeFields"] or [])
    if "name" in given:
        subscription.name = given["name"]
