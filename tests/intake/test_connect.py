"""Connecting a shop, against both emulators."""

import json
from datetime import timedelta
from typing import Any

import pytest

from clients.trading_grid.verify import verify_webhook
from domain.case import CaseKind
from intake.connect import ConnectReport, StepStatus, connect_shop
from intake.connect import shop as shop_steps
from intake.connect.needs import (
    FILTERED_TOPICS,
    OPTIONAL_TOPICS,
    PRIVACY_TOPICS,
    REQUIRED_SCOPES,
    SHOPIFY_TOPICS,
    TRADING_GRID_EVENTS,
)
from intake.connect.shop import check_scopes
from intake.routes import ROUTES, Meaning
from persistence.errors import NotFoundError
from persistence.repositories import shops, switches, tenants
from tests.intake.conftest import World

PUBLIC = "https://gridcase.example.com"
RECEIVER = f"{PUBLIC}/webhooks/shopify"
ON_ORDERS = frozenset(CaseKind) - {CaseKind.INVENTORY_FEED, CaseKind.CAMPAIGN_READINESS}
GRID_RECEIVER = f"{PUBLIC}/webhooks/trading-grid/demo"


async def connect(world: World, *, public_url: str = PUBLIC) -> ConnectReport:
    return await connect_shop(
        world.database,
        world.box,
        world.connections,
        "acme",
        public_url=public_url,
        now=world.now,
    )


def statuses(report: ConnectReport) -> set[StepStatus]:
    return {step.status for step in report.steps}


def failed(report: ConnectReport) -> dict[str, str]:
    return {step.name: step.detail for step in report.steps if step.status is StepStatus.FAILED}


def subscriptions(world: World) -> dict[str, Any]:
    found = world.emulator.shops["acme"].subscriptions.values()
    by_topic = {one.topic.text: one for one in found}
    assert len(by_topic) == len(found), "a topic is subscribed to twice"
    return by_topic


async def graphql(world: World, mutation: str) -> None:
    """A change at Shopify that did not come from connecting."""
    admin = await world.connections.shopify("acme")
    response = await admin.execute(mutation.replace("mutation {", "mutation Theirs {", 1), "Theirs")
    admin.get_data(response)


async def grid_subscriptions(world: World) -> list[Any]:
    grid = await world.connections.trading_grid("demo")
    return list(await grid.list_subscriptions())


async def test_a_first_connect_sets_everything_up(world: World) -> None:
    report = await connect(world)
    assert failed(report) == {}
    assert report.connected
    found = subscriptions(world)
    assert set(found) == set(SHOPIFY_TOPICS)
    for topic, subscription in found.items():
        assert subscription.uri == RECEIVER
        assert tuple(subscription.include_fields) == SHOPIFY_TOPICS[topic]
        wanted = "type:app--1234567--partner_campaign" if topic in FILTERED_TOPICS else None
        assert subscription.filter == wanted
    definitions = world.emulator.shops["acme"].definitions.values()
    assert {(one.key, one.type, one.admin_access) for one in definitions} == {
        *((kind.value, "json", "MERCHANT_READ") for kind in ON_ORDERS),
        *((f"{kind}_text", "single_line_text_field", "MERCHANT_READ") for kind in ON_ORDERS),
        ("documents", "list.url", "MERCHANT_READ"),
    }
    assert all(one.pinned_position is not None for one in definitions)
    (subscription,) = await grid_subscriptions(world)
    assert subscription.url == GRID_RECEIVER
    assert set(subscription.event_types) == set(TRADING_GRID_EVENTS)
    assert subscription.status == "enabled"


async def test_a_shop_without_shopify_payments_is_connected_and_told_what_is_missing(
    world: World,
) -> None:
    world.without_scopes(*(one for one in world.emulator.options.scopes if "dispute" in one))
    report = await connect(world)
    assert report.connected
    step = report.step("webhook disputes/create")
    assert step.status is StepStatus.SKIPPED
    assert "read_shopify_payments_disputes" in step.detail
    lacking = report.step("scopes").detail
    assert "read_shopify_payments_disputes (chargebacks and inquiries" in lacking
    assert set(subscriptions(world)) == set(SHOPIFY_TOPICS) - set(OPTIONAL_TOPICS)


async def test_a_topic_that_shopify_refuses_to_this_shop_stops_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shop_steps, "OPTIONAL_TOPICS", {"disputes/create": "read_orders"})
    world.without_scopes("read_shopify_payments_disputes")
    report = await connect(world)
    assert report.step("webhook disputes/create").status is StepStatus.SKIPPED
    assert "Shopify refuses it for this shop" in report.step("webhook disputes/create").detail
    # One that is not optional fails, and says so.
    assert report.step("webhook disputes/update").status is StepStatus.FAILED
    assert not report.connected


async def test_what_was_learned_is_kept_with_the_shop(world: World) -> None:
    report = await connect(world)
    shop = await world.shop()
    assert shop.status == "connected"
    assert shop.connected_at == world.now
    assert (shop.currency, shop.time_zone) == ("EUR", "Europe/Berlin")
    assert set(REQUIRED_SCOPES) <= set(shop.scopes)
    assert ConnectReport.model_validate(shop.last_connect) == report


async def test_the_signing_secret_that_is_kept_verifies_what_trading_grid_sends(
    world: World,
) -> None:
    await connect(world)
    (subscription,) = await grid_subscriptions(world)
    grid = await world.connections.trading_grid("demo")
    assert (await grid.test_subscription(subscription.id)).delivered
    tenant = await world.tenant()
    assert tenant.subscription_id == subscription.id
    secrets = [one.get_secret_value() for one in tenants.webhook_secrets(world.box, tenant)]
    sent = world.webhooks[-1]
    assert str(sent.url) == GRID_RECEIVER
    assert verify_webhook(sent.content, sent.headers, secrets).event.data.id == subscription.id


async def test_a_second_connect_changes_nothing(world: World) -> None:
    first = await connect(world)
    calls = len(world.emulator.calls)
    world.now += timedelta(days=1)
    report = await connect(world)
    assert statuses(report) == {StepStatus.OK, StepStatus.SKIPPED}
    assert [step.name for step in report.steps] == [step.name for step in first.steps]
    assert len(world.emulator.calls) == calls, "a mutation was sent"
    assert len(await grid_subscriptions(world)) == 1
    assert (await world.shop()).connected_at == world.now - timedelta(days=1)


async def test_a_subscription_that_shopify_has_deleted_is_made_again(world: World) -> None:
    await connect(world)
    kept = world.emulator.shops["acme"].subscriptions
    gone = next(key for key, one in kept.items() if one.topic.text == "returns/request")
    del kept[gone]
    report = await connect(world)
    assert report.step("webhook returns/request").status is StepStatus.CHANGED
    assert report.step("webhook returns/close").status is StepStatus.OK
    assert set(subscriptions(world)) == set(SHOPIFY_TOPICS)


async def test_subscriptions_follow_to_another_address(world: World) -> None:
    await connect(world)
    (before,) = await grid_subscriptions(world)
    report = await connect(world, public_url="https://new.example.com/")
    assert report.connected
    assert {one.uri for one in subscriptions(world).values()} == {
        "https://new.example.com/webhooks/shopify"
    }
    (after,) = await grid_subscriptions(world)
    assert after.url == "https://new.example.com/webhooks/trading-grid/demo"
    assert after.id != before.id
    assert (await world.tenant()).subscription_id == after.id


async def test_fields_and_a_filter_set_by_hand_are_corrected(world: World) -> None:
    await connect(world)
    subscription = subscriptions(world)["refunds/create"]
    subscription.include_fields = ["id", "note"]
    subscription.filter = "id:1"
    step = (await connect(world)).step("webhook refunds/create")
    assert step.status is StepStatus.CHANGED
    assert "filter" in step.detail
    assert subscription.filter is None
    assert tuple(subscription.include_fields) == SHOPIFY_TOPICS["refunds/create"]


async def test_a_second_subscription_of_ours_is_removed(world: World) -> None:
    await connect(world)
    await graphql(
        world,
        """mutation { webhookSubscriptionCreate(topic: RETURNS_CLOSE, webhookSubscription:
        {uri: "https://old.example.com/webhooks/shopify"}) { userErrors { message } } }""",
    )
    step = (await connect(world)).step("webhook returns/close")
    assert step.status is StepStatus.CHANGED
    assert "https://old.example.com" in step.detail
    assert subscriptions(world)["returns/close"].uri == RECEIVER


async def test_what_others_subscribed_to_is_left_alone(world: World) -> None:
    others = ["https://else.example.com/hooks", "https://gridcase.example.com/webhooks/other"]
    for uri in others:
        await graphql(
            world,
            f"""mutation {{ webhookSubscriptionCreate(topic: RETURNS_CLOSE, webhookSubscription:
            {{uri: "{uri}"}}) {{ userErrors {{ message }} }} }}""",
        )
    grid = await world.connections.trading_grid("demo")
    await grid.subscribe(others[0], ["case.updated"], idempotency_key="theirs")
    assert (await connect(world)).connected
    found = world.emulator.shops["acme"].subscriptions.values()
    assert {one.uri for one in found if one.topic.text == "returns/close"} == {*others, RECEIVER}
    assert {one.url for one in await grid_subscriptions(world)} == {others[0], GRID_RECEIVER}


async def test_a_missing_scope_is_named_and_the_other_steps_go_on(world: World) -> None:
    world.without_scopes("read_returns", "write_returns", "read_all_orders", "read_locations")
    report = await connect(world)
    assert not report.connected
    detail = failed(report)["scopes"]
    assert "read_returns" in detail
    assert "write_returns" in detail
    assert "read_locations" in detail
    assert "read_orders" not in detail
    assert "read_returns" in failed(report)["webhook returns/request"]
    assert report.step("webhook orders/cancelled").status is StepStatus.CHANGED
    assert report.step("trading grid events").status is StepStatus.CHANGED
    assert (await world.shop()).status == "new"


async def test_a_write_scope_stands_for_its_read_scope() -> None:
    written = [one for one in REQUIRED_SCOPES if one not in {"read_orders", "read_returns"}]
    status, detail = await check_scopes(written)
    assert status is StepStatus.OK
    assert "read_all_orders" in detail


async def test_without_access_nothing_is_tried_at_shopify(world: World) -> None:
    shop = await world.shop()
    async with world.database.begin() as session:
        await shops.update(
            session,
            world.box,
            "acme",
            version=shop.version,
            changes={"client_secret": "wrong"},
        )
    report = await connect(world)
    assert not report.connected
    assert list(failed(report)) == ["shopify access"]
    assert "client id and secret" in failed(report)["shopify access"]
    assert report.step("webhooks").status is StepStatus.SKIPPED
    assert report.step("trading grid events").status is StepStatus.CHANGED
    assert (await world.shop()).scopes == []


async def test_credentials_of_another_shop_set_nothing_up_there(world: World) -> None:
    await world.control("/shops/bolt")
    shop = await world.shop()
    async with world.database.begin() as session:
        changes = {"admin_base": f"{(shop.admin_base or '').replace('{shop}', 'bolt')}"}
        await shops.update(session, world.box, "acme", version=shop.version, changes=changes)
    report = await connect(world)
    assert "bolt.myshopify.com, not acme.myshopify.com" in failed(report)["shopify access"]
    assert world.emulator.shops["bolt"].subscriptions == {}
    assert (await world.shop()).currency is None


async def test_an_unreachable_shopify_leaves_a_connected_shop_connected(world: World) -> None:
    await connect(world)
    await world.shopify_faults(down=True)
    report = await connect(world)
    assert not report.connected
    assert "connect again later" in failed(report)["shopify access"]
    shop = await world.shop()
    assert shop.status == "connected"
    assert shop.last_connect is not None
    assert shop.last_connect["connected"] is False


async def test_wrong_trading_grid_credentials_do_not_stop_shopify(world: World) -> None:
    tenant = await world.tenant()
    async with world.database.begin() as session:
        await tenants.update(
            session,
            world.box,
            "demo",
            version=tenant.version,
            changes={"client_secret": "wrong"},
        )
    report = await connect(world)
    assert list(failed(report)) == ["trading grid token"]
    assert "tenant's credentials" in failed(report)["trading grid token"]
    assert report.step("trading grid events").status is StepStatus.SKIPPED
    assert set(subscriptions(world)) == set(SHOPIFY_TOPICS)


async def test_a_disabled_event_subscription_is_enabled(world: World) -> None:
    await connect(world)
    (subscription,) = await grid_subscriptions(world)
    grid = await world.connections.trading_grid("demo")
    await grid.disable_subscription(subscription.id)
    report = await connect(world)
    assert report.step("trading grid events").status is StepStatus.CHANGED
    (after,) = await grid_subscriptions(world)
    assert (after.id, after.status) == (subscription.id, "enabled")


async def test_a_subscription_whose_secret_is_not_known_gets_a_new_one(world: World) -> None:
    grid = await world.connections.trading_grid("demo")
    made = await grid.subscribe(GRID_RECEIVER, TRADING_GRID_EVENTS, idempotency_key="elsewhere")
    assert made.secret is not None
    report = await connect(world)
    assert "secret" in report.step("trading grid events").detail
    (subscription,) = await grid_subscriptions(world)
    assert subscription.id == made.id
    tenant = await world.tenant()
    assert tenant.subscription_id == made.id
    (secret,) = tenants.webhook_secrets(world.box, tenant)
    assert secret.get_secret_value() != made.secret.get_secret_value()
    await grid.test_subscription(made.id)
    sent = world.webhooks[-1]
    verify_webhook(sent.content, sent.headers, [secret.get_secret_value()])


async def test_a_subscription_to_too_few_events_is_replaced(world: World) -> None:
    grid = await world.connections.trading_grid("demo")
    made = await grid.subscribe(GRID_RECEIVER, ["case.updated"], idempotency_key="before")
    assert (await connect(world)).connected
    (subscription,) = await grid_subscriptions(world)
    assert subscription.id != made.id
    assert set(subscription.event_types) == set(TRADING_GRID_EVENTS)


async def test_a_second_shop_of_the_tenant_shares_its_event_subscription(world: World) -> None:
    await connect(world)
    (before,) = await grid_subscriptions(world)
    await world.control("/shops/bolt")
    async with world.database.begin() as session:
        await shops.create(
            session,
            world.box,
            id="bolt",
            domain="bolt.myshopify.com",
            tenant_id="demo",
            name="Bolt",
            admin_base=(await world.shop()).admin_base,
            api_version="2026-10",
            client_id="demo-client-id",
            client_secret="demo-client-secret",
        )
    report = await connect_shop(
        world.database, world.box, world.connections, "bolt", public_url=PUBLIC, now=world.now
    )
    assert report.step("trading grid events").status is StepStatus.OK
    assert await grid_subscriptions(world) == [before]


async def test_a_definition_that_staff_cannot_read_is_reported(world: World) -> None:
    await connect(world)
    for definition in world.emulator.shops["acme"].definitions.values():
        if definition.key == "return_claim_text":
            definition.admin_access = "PRIVATE"
        else:
            definition.type = "multi_line_text_field"
    report = await connect(world)
    assert "can't read it" in failed(report)["order metafield return_claim_text"]
    assert "multi_line_text_field, not json" in failed(report)["order metafield return_claim"]


async def test_a_full_page_of_pins_does_not_stop_the_definition(world: World) -> None:
    for number in range(20):
        await graphql(
            world,
            f"""mutation {{ metafieldDefinitionCreate(definition: {{name: "n{number}",
            namespace: "theirs", key: "key{number}", type: "json", ownerType: ORDER, pin: true}})
            {{ userErrors {{ code message field }} }} }}""",
        )
    report = await connect(world)
    assert report.connected
    assert "not pinned" in report.step("order metafield return_claim").detail
    again = await connect(world)
    assert again.step("order metafield return_claim").status is StepStatus.OK


async def test_the_privacy_topics_are_explained_not_claimed(world: World) -> None:
    step = (await connect(world)).step("privacy webhooks")
    assert step.status is StepStatus.SKIPPED
    assert all(topic in step.detail for topic in PRIVACY_TOPICS)
    assert RECEIVER in step.detail


async def test_installing_the_app_again_ends_the_pause_that_uninstalling_set(world: World) -> None:
    await connect(world)
    async with world.database.begin() as session:
        await shops.note_uninstalled(session, "acme", world.now)
        await switches.put(
            session, "pause", shop_id="acme", set_by="shopify", reason="gone", now=world.now
        )
    world.emulator.shops["acme"].installed = False
    world.emulator.tokens.clear()
    assert not (await connect(world)).connected
    assert (await world.shop()).status == "uninstalled"
    world.emulator.shops["acme"].installed = True
    world.now += timedelta(days=3)
    assert (await connect(world)).connected
    shop = await world.shop()
    assert (shop.status, shop.connected_at) == ("connected", world.now)
    async with world.database.read() as session:
        assert await switches.list_all(session) == []


async def test_a_persons_pause_stays(world: World) -> None:
    async with world.database.begin() as session:
        await switches.put(
            session, "pause", shop_id="acme", set_by="operator:mia", reason="audit", now=world.now
        )
    await connect(world)
    async with world.database.read() as session:
        assert len(await switches.list_all(session)) == 1


async def test_the_payloads_we_get_carry_what_places_them_and_no_note(world: World) -> None:
    await connect(world)
    order = await world.control(
        "/shops/acme/orders", {"lines": [{"sku": "A", "quantity": 2}], "fulfill": True}
    )
    await world.control(
        "/shops/acme/returns",
        {
            "order_id": order["order_id"],
            "lines": [{"sku": "A", "quantity": 1, "note": "call me at 555"}],
        },
    )
    await world.emulator.courier.settle()
    sent = next(
        one for one in world.webhooks if one.headers.get("x-shopify-topic") == "returns/request"
    )
    body = json.loads(sent.content)
    assert body["admin_graphql_api_id"].startswith("gid://shopify/Return/")
    assert body["order"]["admin_graphql_api_id"] == order["order_id"]
    assert "555" not in sent.content.decode()


async def test_an_unknown_shop_and_a_bad_address_are_errors_at_once(world: World) -> None:
    with pytest.raises(NotFoundError):
        await connect_shop(
            world.database, world.box, world.connections, "nope", public_url=PUBLIC, now=world.now
        )
    with pytest.raises(ValueError, match="public_url"):
        await connect(world, public_url="gridcase.example.com")


def test_everything_subscribed_to_has_a_route() -> None:
    shopify = {topic for source, topic in ROUTES if source == "shopify"}
    assert shopify == set(SHOPIFY_TOPICS) | set(PRIVACY_TOPICS)
    wanted = {
        topic
        for (source, topic), line in ROUTES.items()
        if source == "trading_grid" and line.meaning is not Meaning.NOTHING
    }
    assert wanted == set(TRADING_GRID_EVENTS)
