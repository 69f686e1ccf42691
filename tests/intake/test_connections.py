"""The clients of shops and tenants, from what the tables say of them this moment."""

from typing import Any

import pytest

from clients.shopify.errors import ShopifyUnauthorized
from clients.trading_grid.errors import Unauthorized
from intake.connections import Connections, NotConfigured
from persistence.encryption import SecretBox
from persistence.repositories import shops, tenants
from tests.intake.conftest import World


async def edit_shop(world: World, **changes: Any) -> None:
    async with world.database.begin() as session:
        shop = await shops.get(session, "acme")
        await shops.update(session, world.box, "acme", version=shop.version, changes=changes)


async def edit_tenant(world: World, **changes: Any) -> None:
    async with world.database.begin() as session:
        tenant = await tenants.get(session, "demo")
        await tenants.update(session, world.box, "demo", version=tenant.version, changes=changes)


async def test_a_known_shop_and_tenant_are_reached(world: World) -> None:
    admin = await world.connections.shopify("acme")
    assert (await admin.app_access()).shop.myshopify_domain == "acme.myshopify.com"
    await (await world.connections.trading_grid("demo")).check()


async def test_the_client_stays_the_same_while_nothing_is_edited(world: World) -> None:
    assert await world.connections.shopify("acme") is await world.connections.shopify("acme")
    first = await world.connections.trading_grid("demo")
    assert await world.connections.trading_grid("demo") is first


async def test_an_unknown_shop_or_tenant_is_named(world: World) -> None:
    with pytest.raises(NotConfigured, match="no shop nobody"):
        await world.connections.shopify("nobody")
    with pytest.raises(NotConfigured, match="no Trading Grid tenant nobody"):
        await world.connections.trading_grid("nobody")


async def test_a_shop_that_uninstalled_the_app_is_not_called(world: World) -> None:
    async with world.database.begin() as session:
        await shops.note_uninstalled(session, "acme", world.now)
    with pytest.raises(NotConfigured, match="uninstalled from acme"):
        await world.connections.shopify("acme")


async def test_a_suspended_tenant_is_not_called(world: World) -> None:
    await edit_tenant(world, status="suspended")
    with pytest.raises(NotConfigured, match="demo is suspended"):
        await world.connections.trading_grid("demo")
    await edit_tenant(world, status="active")
    await (await world.connections.trading_grid("demo")).check()


async def test_edited_credentials_of_a_shop_are_used_at_once(world: World) -> None:
    await (await world.connections.shopify("acme")).app_access()
    await edit_shop(world, client_secret="wrong")
    with pytest.raises(ShopifyUnauthorized):
        await (await world.connections.shopify("acme")).app_access()
    await edit_shop(world, client_secret="demo-client-secret")
    await (await world.connections.shopify("acme")).app_access()


async def test_a_stored_token_comes_before_the_client_credentials(world: World) -> None:
    await edit_shop(world, access_token="not-a-token")
    with pytest.raises(ShopifyUnauthorized):
        await (await world.connections.shopify("acme")).app_access()


async def test_edited_credentials_of_a_tenant_are_used_at_once(world: World) -> None:
    await (await world.connections.trading_grid("demo")).check()
    await edit_tenant(world, client_secret="wrong")
    with pytest.raises(Unauthorized):
        await (await world.connections.trading_grid("demo")).check()
    await edit_tenant(world, client_secret="demo-secret")
    await (await world.connections.trading_grid("demo")).check()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"api_version": "latest"}, "not an API version"),
        ({"admin_base": "ftp://{shop}.example"}, "http"),
        ({"client_id": ""}, "client id and secret"),
    ],
)
async def test_settings_of_a_shop_that_cannot_work_are_named(
    world: World, changes: dict[str, str], fault: str
) -> None:
    await edit_shop(world, **changes)
    with pytest.raises(NotConfigured, match=f"shop acme cannot work.*{fault}"):
        await world.connections.shopify("acme")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"base_url": "http://far.example/api"}, "http"),
        ({"paths": {"nowhere": "/x"}}, "nowhere"),
        ({"paths": {"cases": "no-slash"}}, "slash"),
    ],
)
async def test_settings_of_a_tenant_that_cannot_work_are_named(
    world: World, changes: dict[str, Any], fault: str
) -> None:
    await edit_tenant(world, **changes)
    with pytest.raises(NotConfigured, match=f"tenant demo cannot work.*{fault}"):
        await world.connections.trading_grid("demo")


async def test_plain_http_beyond_this_machine_is_used_only_where_it_is_allowed(
    world: World,
) -> None:
    far = "http://far.example"
    await edit_tenant(world, base_url=f"{far}/api", token_url=f"{far}/token")
    allowing = Connections(
        world.database,
        world.box,
        world.connections._shopify,
        world.connections._trading_grid,
        allow_plain_http=True,
    )
    assert await allowing.trading_grid("demo") is not None
    with pytest.raises(NotConfigured):
        await world.connections.trading_grid("demo")


async def test_a_secret_that_cannot_be_opened_is_a_setting_that_cannot_work(
    world: World,
) -> None:
    connections = Connections(
        world.database,
        SecretBox({"k2": b"2" * 32}),
        world.connections._shopify,
        world.connections._trading_grid,
    )
    with pytest.raises(NotConfigured, match=r"shop acme cannot work.*'k1'"):
        await connections.shopify("acme")
    with pytest.raises(NotConfigured, match=r"tenant demo cannot work.*'k1'"):
        await connections.trading_grid("demo")
