"""The Shopify side of connecting: access, scopes, webhook subscriptions, metafield definitions."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from clients.shopify.admin import AdminApi
from clients.shopify.errors import (
    ShopifyError,
    ShopifyRefused,
    ShopifyUserErrors,
)
from clients.shopify.generated.app_access import AppAccess
from clients.shopify.generated.enums import (
    MetafieldAdminAccess,
    MetafieldAdminAccessInput,
    MetafieldOwnerType,
    WebhookSubscriptionFormat,
    WebhookSubscriptionTopic,
)
from clients.shopify.generated.fragments import MetafieldDefinitionFields, WebhookSubscriptionFields
from clients.shopify.generated.input_types import (
    MetafieldAccessInput,
    MetafieldDefinitionInput,
    WebhookSubscriptionInput,
)
from clients.shopify.pages import all_metafield_definitions, all_webhook_subscriptions
from domain.order_fields import NAMESPACE
from intake.connect.needs import (
    FILTERED_TOPICS,
    OPTIONAL_TOPICS,
    ORDER_FIELDS,
    PRIVACY_TOPICS,
    REQUIRED_SCOPES,
    SHOPIFY_PATH,
    SHOPIFY_TOPICS,
    USEFUL_SCOPES,
    OrderField,
)
from intake.connect.report import Outcome, Step, StepFailed, Steps, StepStatus, in_words
from persistence.tables import Shop

WEBHOOKS = "webhooks"
ORDER_FIELDS_STEP = "order metafields"


@dataclass(frozen=True)
class Wanted:
    """How a topic is subscribed to."""

    uri: str
    fields: tuple[str, ...]
    filter: str | None = None


@dataclass(frozen=True)
class ShopFacts:
    """What a shop says of itself and of our access to it."""

    scopes: tuple[str, ...]
    currency: str
    time_zone: str


def facts_of(access: AppAccess) -> ShopFacts:
    return ShopFacts(
        scopes=tuple(sorted(one.handle for one in access.current_app_installation.access_scopes)),
        currency=str(access.shop.currency_code),
        time_zone=access.shop.iana_timezone,
    )


async def check_access(admin: AdminApi, shop: Shop) -> AppAccess:
    """Use the token once, and see that it opens the right shop.

    Raises ShopifyError, and StepFailed for another shop: nothing must be set up there.
    """
    access = await admin.app_access()
    if access.shop.myshopify_domain.lower() != shop.domain:
        raise StepFailed(
            f"These credentials open {access.shop.myshopify_domain}, not {shop.domain}:"
            " correct the shop's address or credentials."
        )
    return access


async def check_scopes(granted: Collection[str]) -> Outcome:
    """The scopes we have against those we need. A write scope includes its read scope."""
    held = set(granted) | {
        f"read_{scope.removeprefix('write_')}" for scope in granted if scope.startswith("write_")
    }
    missing = [f"{scope} ({why})" for scope, why in REQUIRED_SCOPES.items() if scope not in held]
    lacking = [f"{scope} ({why})" for scope, why in USEFUL_SCOPES.items() if scope not in held]
    if missing:
        raise StepFailed(
            f"Missing: {', '.join(missing)}. Add them to the app's configuration, and let the"
            " merchant accept the new version."
        )
    if lacking:
        return StepStatus.OK, f"All that is required; not granted: {', '.join(lacking)}."
    return StepStatus.OK, "All that is required."


async def compare_facts(shop: Shop, facts: ShopFacts) -> Outcome:
    """Currency and time zone, against what is stored."""
    detail = f"{facts.currency}, {facts.time_zone}."
    before = (shop.currency, shop.time_zone)
    if before == (facts.currency, facts.time_zone):
        return StepStatus.OK, detail
    if before == (None, None):
        return StepStatus.CHANGED, detail
    return StepStatus.CHANGED, f"{detail} Before: {shop.currency}, {shop.time_zone}."


async def put_webhooks(
    steps: Steps,
    admin: AdminApi,
    public_url: str,
    granted: Collection[str],
    metaobject_type: str = "",
) -> None:
    """One step a topic: made where missing, corrected where different. What others subscribed to is left alone.

    A topic that a useful scope is for is skipped where the shop has not granted it, or Shopify refuses it.
    `metaobject_type` is the campaigns' in full; where nobody knows it, their topics wait for the next run.
    """
    uri = f"{public_url}{SHOPIFY_PATH}"
    try:
        existing = await all_webhook_subscriptions(admin)
    except ShopifyError as error:
        steps.note(WEBHOOKS, StepStatus.FAILED, in_words(error))
        return
    ours = [one for one in existing if _is_ours(one)]
    for topic, fields in SHOPIFY_TOPICS.items():
        enum = WebhookSubscriptionTopic(topic.replace("/", "_").upper())
        of_topic = [one for one in ours if one.topic == enum]
        if topic in FILTERED_TOPICS and not metaobject_type:
            steps.note(webhook_step(topic), StepStatus.SKIPPED, "There is no campaign metaobject.")
            continue
        wanted = Wanted(
            uri, fields, f"type:{metaobject_type}" if topic in FILTERED_TOPICS else None
        )
        step = partial(_put_webhook, admin, enum, of_topic, wanted)
        if topic in OPTIONAL_TOPICS:
            step = partial(_if_it_may_be, step, OPTIONAL_TOPICS[topic], granted)
        await steps.run(webhook_step(topic), step)


async def _if_it_may_be(step: Step, scope: str, granted: Collection[str]) -> Outcome:
    """An optional topic: what Shopify refuses for good is no failure; what is out of reach for now is one all the same."""
    if scope not in granted:
        return StepStatus.SKIPPED, f"It needs the scope {scope}, which is not granted."
    try:
        return await step()
    except ShopifyRefused as error:
        if not isinstance(error, ShopifyUserErrors) and error.code != "ACCESS_DENIED":
            raise
        return StepStatus.SKIPPED, f"Shopify refuses it for this shop. ({error})"


def webhook_step(topic: str) -> str:
    return f"webhook {topic}"


def _is_ours(subscription: WebhookSubscriptionFields) -> bool:
    """By its path, since the host changes with `public_url`; queues and other paths are somebody else's."""
    address = urlsplit(subscription.uri)
    return address.scheme in {"http", "https"} and address.path == SHOPIFY_PATH


async def _put_webhook(
    admin: AdminApi,
    topic: WebhookSubscriptionTopic,
    ours: Iterable[WebhookSubscriptionFields],
    wanted: Wanted,
) -> Outcome:
    uri = wanted.uri
    found = sorted(ours, key=lambda one: (one.uri != uri, one.id))
    if not found:
        made = await admin.webhook_subscription_create(
            topic=topic, subscription=_subscription(wanted)
        )
        created = made.webhook_subscription_create
        _check_stored(created.webhook_subscription if created else None, wanted)
        return StepStatus.CHANGED, f"Subscribed, to {uri}."
    kept, surplus = found[0], found[1:]
    differences = _differences(kept, wanted)
    if differences:
        answer = await admin.webhook_subscription_update(
            id=kept.id, subscription=_subscription(wanted)
        )
        updated = answer.webhook_subscription_update
        _check_stored(updated.webhook_subscription if updated else None, wanted)
    for one in surplus:
        # A second one of ours would deliver everything twice, or to an address that is no longer ours.
        await admin.webhook_subscription_delete(id=one.id)
    said = [f"Corrected: {', '.join(differences)}."] if differences else []
    said += [f"Removed a second subscription, to {one.uri}." for one in surplus]
    return (StepStatus.CHANGED if said else StepStatus.OK), " ".join(said) or f"To {uri}."


def _subscription(wanted: Wanted) -> WebhookSubscriptionInput:
    # No filter is sent as null: one that was set by hand would silently keep events from us.
    return WebhookSubscriptionInput(
        uri=wanted.uri,
        format=WebhookSubscriptionFormat.JSON,
        filter_=wanted.filter,
        include_fields=list(wanted.fields),
    )


def _differences(subscription: WebhookSubscriptionFields, wanted: Wanted) -> list[str]:
    found = []
    if subscription.uri != wanted.uri:
        found.append(f"the address, which was {subscription.uri}")
    if subscription.format != WebhookSubscriptionFormat.JSON:
        found.append("the format")
    if (subscription.filter_ or None) != wanted.filter:
        found.append(f"the filter, which was {subscription.filter_!r}")
    if set(subscription.include_fields) != set(wanted.fields):
        found.append("the fields")
    return found


def _check_stored(stored: WebhookSubscriptionFields | None, wanted: Wanted) -> None:
    if stored is None:
        raise StepFailed("Shopify reported no error and no subscription; connect again.")
    if different := _differences(stored, wanted):
        raise StepFailed(f"Shopify stored something else than asked: {', '.join(different)}.")


def note_privacy_webhooks(steps: Steps, public_url: str) -> None:
    """The mandatory topics, which this API can neither set nor show."""
    steps.note(
        "privacy webhooks",
        StepStatus.SKIPPED,
        f"{', '.join(PRIVACY_TOPICS)} are set in the app's configuration at Shopify, as compliance"
        f" topics, not here. Let them lead to {public_url}{SHOPIFY_PATH}.",
    )


async def put_order_fields(steps: Steps, admin: AdminApi) -> None:
    """One step a metafield definition of orders. Without a definition the merchant's staff see nothing."""
    try:
        existing = await all_metafield_definitions(admin, MetafieldOwnerType.ORDER, NAMESPACE)
    except ShopifyError as error:
        steps.note(ORDER_FIELDS_STEP, StepStatus.FAILED, in_words(error))
        return
    by_key = {one.key: one for one in existing}
    for wanted in ORDER_FIELDS:
        found = by_key.get(wanted.key)
        step = partial(_put_order_field, admin, wanted, found)
        await steps.run(f"order metafield {wanted.key}", step)


async def _put_order_field(
    admin: AdminApi, wanted: OrderField, found: MetafieldDefinitionFields | None
) -> Outcome:
    if found is not None:
        return _judge_order_field(wanted, found)
    try:
        await admin.metafield_definition_create(definition=_definition(wanted, pin=True))
    except ShopifyUserErrors as error:
        if "PINNED_LIMIT_REACHED" not in error.codes:
            raise
        await admin.metafield_definition_create(definition=_definition(wanted, pin=False))
        return StepStatus.CHANGED, (
            "Defined, but not pinned: the shop has as many pinned definitions as Shopify allows."
            " Staff find it under the order's other metafields."
        )
    return StepStatus.CHANGED, "Defined, and pinned on the order's page."


def _definition(wanted: OrderField, *, pin: bool) -> MetafieldDefinitionInput:
    return MetafieldDefinitionInput(
        namespace=NAMESPACE,
        key=wanted.key,
        name=wanted.name,
        description=wanted.description,
        owner_type=MetafieldOwnerType.ORDER,
        type_=wanted.type,
        access=MetafieldAccessInput(admin=MetafieldAdminAccessInput.MERCHANT_READ),
        pin=pin,
    )


def _judge_order_field(wanted: OrderField, found: MetafieldDefinitionFields) -> Outcome:
    """A definition that is there already. Type and access are not changed by us: values may depend on them."""
    problems = []
    if found.type_.name != wanted.type:
        problems.append(f"its type is {found.type_.name}, not {wanted.type}")
    admin = found.access.admin
    if admin not in {MetafieldAdminAccess.MERCHANT_READ, MetafieldAdminAccess.MERCHANT_READ_WRITE}:
        problems.append(f"staff can't read it (its admin access is {admin or 'not set'})")
    if problems:
        raise StepFailed(
            f"The definition is there, but {' and '.join(problems)}."
            " Delete the definition with its values, then connect again."
        )
    if admin == MetafieldAdminAccess.MERCHANT_READ_WRITE:
        return StepStatus.OK, "Defined; staff may also write it, and what they write is replaced."
    if found.pinned_position is None:
        return StepStatus.OK, "Defined, but not pinned: somebody has unpinned it."
    return StepStatus.OK, "Defined and pinned."
