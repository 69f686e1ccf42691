"""Tenants, shops, partners, routes and location mappings."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import select, text

from persistence.encryption import SecretBox
from persistence.errors import (
    AlreadyExistsError,
    BadValueError,
    BrokenSealError,
    NotFoundError,
    StaleVersionError,
    UnknownKeyError,
    UnsealedSecretError,
)
from persistence.repositories import location_mappings, partners, routes, shops, tenants
from persistence.sealed import reseal_all
from persistence.session import Database
from persistence.tables import Shop, Tenant


def revealed(secrets: list[object]) -> list[str]:
    return [secret.get_secret_value() for secret in secrets]  # type: ignore[attr-defined]


async def test_a_tenants_secret_is_stored_sealed_and_opens(
    network: Database, box: SecretBox
) -> None:
    async with network.read() as session:
        tenant = await tenants.get(session, "north")
        stored = (await session.exec(select(Tenant.client_secret))).one()
    assert stored.startswith("gcs1:k1:")
    assert tenants.client_secret(box, tenant).get_secret_value() == "tenant secret"


async def test_no_secret_shows_in_repr(network: Database, box: SecretBox) -> None:
    async with network.read() as session:
        shop = await shops.get(session, "acme")
        tenant = await tenants.get(session, "north")
    shown = repr(
        [shop, tenant, shops.client_secret(box, shop), tenants.webhook_secrets(box, tenant)]
    )
    assert "gcs1" not in shown
    assert "secret'" not in shown.replace("'**********'", "")


async def test_clear_text_is_never_stored_as_a_secret(network: Database) -> None:
    async with network.begin() as session:
        shop = await shops.get(session, "acme")
        shop.access_token = "shpat_clear"
        with pytest.raises(StatementError) as caught:
            await session.flush()
        await session.rollback()
    assert isinstance(caught.value.orig, UnsealedSecretError)
    assert "shpat_clear" not in str(caught.value.orig)


async def test_a_secret_copied_from_another_row_does_not_open(
    network: Database, box: SecretBox
) -> None:
    async with network.begin() as session:
        acme, bolt = await shops.get(session, "acme"), await shops.get(session, "bolt")
        bolt.client_secret = acme.client_secret
        with pytest.raises(BrokenSealError, match="shops/bolt/client_secret"):
            shops.client_secret(box, bolt)


async def test_all_secrets_are_sealed_anew_after_a_key_change(
    network: Database, box: SecretBox
) -> None:
    ring = SecretBox({"k2": b"2" * 32, "k1": b"1" * 32})
    async with network.begin() as session:
        await tenants.add_webhook_secret(session, box, "north", "whsec_1")
        assert await reseal_all(session, ring) == 4
        assert await reseal_all(session, ring) == 0
    only_new = SecretBox({"k2": b"2" * 32})
    async with network.read() as session:
        tenant, shop = await tenants.get(session, "north"), await shops.get(session, "acme")
    assert tenants.client_secret(only_new, tenant).get_secret_value() == "tenant secret"
    assert revealed([*tenants.webhook_secrets(only_new, tenant)]) == ["whsec_1"]
    assert shops.client_secret(only_new, shop).get_secret_value() == "shop secret"
    with pytest.raises(UnknownKeyError):
        shops.client_secret(box, shop)


async def test_a_new_webhook_secret_comes_first_and_the_one_before_stays(
    network: Database, box: SecretBox
) -> None:
    async with network.begin() as session:
        for secret in ("one", "two", "three", "three"):
            tenant = await tenants.add_webhook_secret(session, box, "north", secret)
    assert revealed([*tenants.webhook_secrets(box, tenant)]) == ["three", "two"]


async def test_what_the_machine_notes_does_not_disturb_an_edit(
    network: Database, box: SecretBox, now: datetime
) -> None:
    async with network.begin() as session:
        tenant = await tenants.get(session, "north")
        version = tenant.version
        await tenants.note_feed_position(session, "north", "pos-7", now)
        await tenants.note_subscription(session, "north", "sub-1")
        edited = await tenants.update(
            session,
            box,
            "north",
            version=version,
            changes={"name": "North", "client_secret": "another"},
        )
    assert (edited.version, edited.name, edited.feed_position) == (version + 1, "North", "pos-7")
    assert edited.subscription_id == "sub-1"
    assert tenants.client_secret(box, edited).get_secret_value() == "another"


async def test_an_edit_of_what_someone_else_has_edited_is_refused(
    network: Database, box: SecretBox
) -> None:
    async with network.begin() as session:
        await shops.update(session, box, "acme", version=1, changes={"name": "Acme Ltd"})
    with pytest.raises(StaleVersionError, match="at version 2, not 1"):
        async with network.begin() as session:
            await shops.update(session, box, "acme", version=1, changes={"name": "ACME"})
    async with network.read() as session:
        assert (await shops.get(session, "acme")).name == "Acme Ltd"


async def test_a_field_that_is_not_for_editing_is_refused(
    network: Database, box: SecretBox
) -> None:
    async with network.begin() as session:
        with pytest.raises(BadValueError, match="shop: can't edit domain, id"):
            await shops.update(
                session, box, "acme", version=1, changes={"id": "x", "domain": "y", "name": "z"}
            )


async def test_an_empty_client_secret_is_refused(network: Database, box: SecretBox) -> None:
    async with network.begin() as session:
        for empty in ("", None):
            with pytest.raises(BadValueError, match="must not be empty"):
                await shops.update(
                    session, box, "acme", version=1, changes={"client_secret": empty}
                )
            with pytest.raises(BadValueError, match="must not be empty"):
                await tenants.update(
                    session, box, "north", version=1, changes={"client_secret": empty}
                )


async def test_a_handle_or_domain_is_given_once(network: Database, box: SecretBox) -> None:
    async def create(id: str, domain: str) -> None:
        async with network.begin() as session:
            await shops.create(
                session,
                box,
                id=id,
                domain=domain,
                tenant_id="north",
                name="Other",
                api_version="2026-10",
                client_id="app",
                client_secret="secret",
            )

    with pytest.raises(AlreadyExistsError):
        await create("acme", "other.myshopify.com")
    with pytest.raises(AlreadyExistsError):
        await create("other", "acme.myshopify.com")
    for domain in ("Other.myshopify.com", "other.example.com", "x.myshopify.com.evil.example"):
        with pytest.raises(BadValueError, match="shop domain"):
            await create("other", domain)
    for handle in ("", "Acme", "a:b", "a~2", "-a", "a" * 65, "acme\n"):
        with pytest.raises(BadValueError, match="shop"):
            await create(handle, "other.myshopify.com")


async def test_a_shop_is_found_by_handle_and_by_domain(network: Database) -> None:
    async with network.read() as session:
        assert (await shops.find_by_domain(session, "ACME.myshopify.com")) is not None
        assert (await shops.find_by_domain(session, "none.myshopify.com")) is None
        assert (await shops.find(session, "none")) is None
        assert [shop.id for shop in await shops.list_all(session)] == ["acme", "bolt"]
        assert await shops.list_all(session, tenant_id="south") == []
        assert [tenant.id for tenant in await tenants.list_all(session)] == ["north"]
        assert await tenants.find(session, "south") is None
        with pytest.raises(NotFoundError, match="no shop 'none'"):
            await shops.get(session, "none")


async def test_while_the_app_secret_rotates_both_verify(network: Database, box: SecretBox) -> None:
    async with network.begin() as session:
        shop = await shops.update(
            session, box, "acme", version=1, changes={"client_secret": "newer"}
        )
        assert revealed([*shops.webhook_secrets(box, shop)]) == ["newer", "shop secret"]
        shop = await shops.drop_previous_client_secret(session, "acme", shop.updated_at)
        assert revealed([*shops.webhook_secrets(box, shop)]) == ["newer"]


async def test_a_shop_is_connected_uninstalled_and_redacted(
    network: Database, box: SecretBox, now: datetime
) -> None:
    async with network.begin() as session:
        await shops.set_access_token(session, box, "acme", "shpat_1")
        failed = {"steps": [{"name": "scopes", "ok": False}]}
        shop = await shops.note_connect(session, "acme", now=now, report=failed, connected=False)
        assert (shop.status, shop.connected_at, shop.last_connect) == ("new", None, failed)
        for hours in (1, 25):
            shop = await shops.note_connect(
                session,
                "acme",
                now=now + timedelta(hours=hours),
                report={"steps": []},
                connected=True,
                scopes=["read_orders"],
                currency="EUR",
                time_zone="Europe/Berlin",
            )
        assert (shop.status, shop.connected_at) == ("connected", now + timedelta(hours=1))
        assert (shop.scopes, shop.currency) == (["read_orders"], "EUR")
        token = shops.access_token(box, shop)
        assert token is not None
        assert token.get_secret_value() == "shpat_1"
        shop = await shops.note_uninstalled(session, "acme", now)
        assert (shop.status, shops.access_token(box, shop)) == ("uninstalled", None)
        assert (await shops.note_redacted(session, "acme", now)).redacted_at == now


async def test_a_partner_is_edited_and_listed(network: Database) -> None:
    async with network.begin() as session:
        edited = await partners.update(
            session,
            "north",
            "p-1",
            version=1,
            changes={"status": "suspended", "roles": ["supplier"]},
        )
        assert (edited.status, edited.roles, edited.version) == ("suspended", ["supplier"], 2)
        with pytest.raises(AlreadyExistsError):
            await partners.create(session, tenant_id="north", id="p-1", name="Again")
        with pytest.raises(BadValueError):
            await partners.create(session, tenant_id="north", id="*", name="All")
    async with network.read() as session:
        assert [p.id for p in await partners.list_all(session, tenant_id="north")] == ["p-1", "p-2"]
        assert [p.id for p in await partners.list_all(session, status="active")] == ["p-2"]
        assert await partners.find(session, "north", "p-9") is None
        with pytest.raises(NotFoundError):
            await partners.get(session, "south", "p-1")


async def test_an_unknown_status_is_refused_by_the_database(network: Database) -> None:
    with pytest.raises(IntegrityError, match="ck_partners_status"):
        async with network.begin() as session:
            await partners.update(session, "north", "p-1", version=1, changes={"status": "asleep"})


async def test_routes_are_asked_by_priority_and_the_lifecycles_own_first(
    network: Database,
) -> None:
    async with network.begin() as session:
        for lifecycle, value, priority in (
            ("*", "any", 0),
            ("return_claim", "own", 0),
            ("*", "urgent", 5),
            ("dispute", "other lifecycle", 9),
        ):
            await routes.create(
                session,
                shop_id="acme",
                lifecycle=lifecycle,
                match_kind="vendor",
                match_value=value,
                tenant_id="north",
                partner_id="p-1",
                priority=priority,
            )
    async with network.read() as session:
        found = await routes.for_lifecycle(session, "acme", "return_claim")
        assert [route.match_value for route in found] == ["urgent", "own", "any"]
        assert await routes.for_lifecycle(session, "bolt", "return_claim") == []
        assert len(await routes.list_all(session, shop_id="acme")) == 4


async def test_a_route_leads_one_way_and_to_a_partner_that_exists(network: Database) -> None:
    async def create(partner: str, value: str = "Bosch") -> int:
        async with network.begin() as session:
            route = await routes.create(
                session,
                shop_id="acme",
                match_kind="vendor",
                match_value=value,
                tenant_id="north",
                partner_id=partner,
            )
            return route.id

    route_id = await create("p-1")
    with pytest.raises(AlreadyExistsError, match=r"acme/\*/vendor/Bosch"):
        await create("p-2")
    with pytest.raises(IntegrityError):
        await create("p-9", "Makita")
    with pytest.raises(BadValueError):
        await create("p-1", "")
    async with network.begin() as session:
        edited = await routes.update(session, route_id, version=1, changes={"partner_id": "p-2"})
        assert (edited.partner_id, edited.version) == ("p-2", 2)
        await routes.remove(session, route_id)
        with pytest.raises(NotFoundError):
            await routes.get(session, route_id)


async def test_a_location_code_means_first_what_the_partner_means_by_it(network: Database) -> None:
    async with network.begin() as session:
        for partner, gid in (
            ("*", "gid://shopify/Location/1"),
            ("p-1", "gid://shopify/Location/2"),
        ):
            await location_mappings.create(
                session,
                tenant_id="north",
                partner_id=partner,
                code="WH-1",
                shop_id="acme",
                location_gid=gid,
            )
        with pytest.raises(AlreadyExistsError):
            await location_mappings.create(
                session, tenant_id="north", code="WH-1", shop_id="bolt", location_gid="x"
            )

    async def meaning(partner: str, code: str) -> str | None:
        async with network.read() as session:
            found = await location_mappings.resolve(session, "north", partner, code)
            return None if found is None else found.location_gid

    assert await meaning("p-1", "WH-1") == "gid://shopify/Location/2"
    assert await meaning("p-2", "WH-1") == "gid://shopify/Location/1"
    assert await meaning("p-2", "WH-2") is None
    async with network.begin() as session:
        (first, own) = await location_mappings.list_all(session, shop_id="acme")
        await location_mappings.update(session, own.id, version=1, changes={"shop_id": "bolt"})
        await location_mappings.remove(session, first.id)
        left = await location_mappings.list_all(session, tenant_id="north")
        assert [mapping.shop_id for mapping in left] == ["bolt"]
        with pytest.raises(NotFoundError):
            await location_mappings.get(session, first.id)


async def test_the_seal_is_checked_by_the_column_not_by_the_database(network: Database) -> None:
    # Someone who writes past us can store what they like; opening it is then a clear error.
    async with network.begin() as session:
        connection = await session.connection()
        await connection.execute(text("UPDATE shops SET access_token = 'shpat_clear'"))
    async with network.read() as session:
        shop: Shop = await shops.get(session, "acme")
        with pytest.raises(BrokenSealError, match="not a sealed secret"):
            shops.access_token(SecretBox({"k1": b"1" * 32}), shop)
