"""What Gridcase would do with an order, read from the emulator and the tables."""

from typing import Any

import pytest

from domain.case import CaseKind
from domain.policy import OrderExceptionPolicy, PurchaseOrderPolicy, ReturnClaimPolicy
from domain.routing import MatchKind
from domain.shopify_ids import numeric_id
from intake.preview import (
    AmbiguousOrder,
    LinePreview,
    OrderNotFound,
    OrderPreview,
    what_would_order_do,
)
from persistence.errors import NotFoundError
from persistence.repositories import (
    location_mappings,
    partners,
    policies,
    routes,
    shops,
    switches,
    tenants,
)
from persistence.repositories.routes import MatchKind as Kind
from tests.intake.conftest import World

LINES = [
    {"sku": "NW-1", "vendor": "Nordwind", "quantity": 2},
    {"sku": "SO-9", "vendor": "Nordwind", "quantity": 1},
    {"sku": "X-1", "vendor": "Nobody", "quantity": 1},
]


async def an_order(
    world: World, lines: list[dict[str, Any]] | None = None, *, fulfill: bool = True
) -> dict[str, Any]:
    body = {"lines": lines or LINES, "fulfill": fulfill}
    return await world.control("/shops/acme/orders", body)


async def preview(
    world: World, order: str, lifecycle: CaseKind = CaseKind.RETURN_CLAIM
) -> OrderPreview:
    return await what_would_order_do(world.database, world.connections, "acme", order, lifecycle)


async def add_route(
    world: World, kind: Kind, value: str, partner: str, lifecycle: str = "*", priority: int = 0
) -> None:
    async with world.database.begin() as session:
        await routes.create(
            session,
            shop_id="acme",
            match_kind=kind,
            match_value=value,
            tenant_id="demo",
            partner_id=partner,
            lifecycle=lifecycle,
            priority=priority,
        )


async def connected(world: World) -> None:
    async with world.database.begin() as session:
        await shops.note_connect(session, "acme", now=world.now, report={}, connected=True)
        await tenants.note_subscription(session, "demo", "sub-1")


def line(found: OrderPreview, sku: str) -> LinePreview:
    (only,) = [one for one in found.lines if one.traits.sku == sku]
    return only


async def test_each_line_shows_its_partner_or_that_the_merchant_decides(world: World) -> None:
    await connected(world)
    await add_route(world, "vendor", "nordwind", "north")
    await add_route(world, "sku_prefix", "so-", "south", lifecycle="return_claim")
    await add_route(world, "vendor", "Nobody", "south", lifecycle="dispute")
    order = await an_order(world)
    found = await preview(world, order["order_id"])
    assert found.order_id == numeric_id(order["order_id"])
    assert found.problems == ()
    first, second, third = (line(found, sku) for sku in ("NW-1", "SO-9", "X-1"))
    assert first.partner is not None
    assert first.route is not None
    assert (first.partner.id, first.partner.name, first.partner.status) == (
        "north",
        "North",
        "active",
    )
    assert first.route.kind is MatchKind.VENDOR
    assert first.quantity == 2
    assert second.partner is not None
    assert second.partner.id == "south"
    assert third.route is None
    assert third.partner is None
    assert third.problems == ("No route matches: the merchant decides about this line.",)
    assert third.policy == ReturnClaimPolicy()


async def test_a_higher_priority_comes_before_a_more_specific_match(world: World) -> None:
    await add_route(world, "sku_prefix", "NW-", "north")
    await add_route(world, "vendor", "Nordwind", "south", priority=1)
    found = await preview(world, (await an_order(world))["order_id"])
    won = line(found, "NW-1").route
    assert won is not None
    assert (won.partner, won.priority) == ("south", 1)


async def test_the_terms_are_the_most_specific_with_their_version(world: World) -> None:
    await add_route(world, "vendor", "Nordwind", "north")
    async with world.database.begin() as session:
        await policies.put(session, {"auto_close": False}, shop_id="acme", now=world.now)
        own = await policies.put(
            session, {"goods_within": {"hours": 9}}, partner_id="north", now=world.now
        )
    found = await preview(world, (await an_order(world))["order_id"])
    terms = line(found, "NW-1").policy
    assert isinstance(terms, ReturnClaimPolicy)
    assert (terms.goods_within.hours, terms.version) == (9, f"policy {own.id} v1")
    general = line(found, "X-1").policy
    assert isinstance(general, ReturnClaimPolicy)
    assert general.auto_close is False


async def test_locations_and_fulfillment_services_route_too(world: World) -> None:
    made = await world.control(
        "/shops/acme/locations", {"name": "Depot", "fulfillment_service": "Fast Ship"}
    )
    await world.control("/shops/acme/locations", {"name": "Annex"})
    lines = [
        {"sku": "A", "quantity": 1, "location": "Depot"},
        {"sku": "B", "quantity": 1, "location": "Annex"},
    ]
    order = await an_order(world, lines)
    await add_route(world, "fulfillment_service", "fast-ship", "north")
    found = await preview(world, order["order_id"])
    first = line(found, "A")
    assert first.traits.location == numeric_id(made["location_id"])
    assert first.traits.fulfillment_service == "fast-ship"
    assert first.partner is not None
    assert first.partner.id == "north"
    second = line(found, "B")
    assert second.route is None
    await add_route(world, "location", second.traits.location, "south")
    again = line(await preview(world, order["order_id"]), "B")
    assert again.partner is not None
    assert again.partner.id == "south"


async def test_what_is_in_the_way_of_a_partner_is_said(world: World) -> None:
    await add_route(world, "vendor", "Nordwind", "north")
    order = await an_order(world)
    async with world.database.begin() as session:
        await partners.update(session, "demo", "north", version=1, changes={"status": "suspended"})
        await tenants.update(
            session, world.box, "demo", version=1, changes={"token_url": "http://far.example.com/t"}
        )
        await policies.put(session, {"auto_close": False}, partner_id="north", now=world.now)
        await switches.put(
            session,
            "pause",
            partner_id="north",
            set_by="operator:mia",
            reason="audit",
            now=world.now,
        )
    found = await preview(world, order["order_id"])
    said = " ".join(line(found, "NW-1").problems)
    assert "North is suspended: the merchant decides" in said
    assert "plain http" in said
    assert "sends no events" in said
    assert "paused by operator:mia" in said
    assert "No location codes" in said
    assert line(found, "NW-1").policy == ReturnClaimPolicy()
    assert "not connected" in found.problems[0]


async def test_terms_that_cannot_be_read_are_said_of_their_lines_only(world: World) -> None:
    await add_route(world, "vendor", "Nordwind", "north")
    async with world.database.begin() as session:
        await policies.put(session, {"escalate_at": 9}, partner_id="north", now=world.now)
    found = await preview(world, (await an_order(world))["order_id"])
    assert line(found, "NW-1").policy is None
    assert any("escalate_at" in problem for problem in line(found, "NW-1").problems)
    assert line(found, "X-1").policy == ReturnClaimPolicy()


async def test_the_partners_location_codes_are_shown(world: World) -> None:
    await connected(world)
    await add_route(world, "vendor", "Nordwind", "north")
    async with world.database.begin() as session:
        for code, partner in (("WH1", "north"), ("ALL", "*"), ("WH2", "south")):
            await location_mappings.create(
                session,
                tenant_id="demo",
                code=code,
                shop_id="acme",
                location_gid="gid://shopify/Location/1",
                partner_id=partner,
            )
    found = line(await preview(world, (await an_order(world))["order_id"]), "NW-1")
    assert {(one.code, one.partner) for one in found.locations} == {("WH1", "north"), ("ALL", "*")}
    assert found.problems == ()


async def test_a_pause_of_the_shop_and_missing_routes_are_said_of_the_whole(world: World) -> None:
    await connected(world)
    async with world.database.begin() as session:
        for kind in ("pause", "shadow"):
            await switches.put(
                session,
                "pause" if kind == "pause" else "shadow",
                shop_id="acme",
                set_by="operator:mia",
                reason=f"reason of {kind}",
                now=world.now,
            )
    order = await an_order(world, fulfill=False)
    await world.control(f"/shops/acme/orders/{numeric_id(order['order_id'])}/cancel")
    said = " ".join((await preview(world, order["order_id"])).problems)
    assert "reason of pause" in said
    assert "reason of shadow" in said
    assert "cancelled" in said
    assert "no routes" in said


async def test_an_order_is_found_by_id_by_number_and_by_name(world: World) -> None:
    order = await an_order(world)
    gid = order["order_id"]
    name = (await preview(world, gid)).order_name
    assert name.startswith("#")
    for asked in (numeric_id(gid), name, name.lstrip("#"), f" {name} "):
        assert (await preview(world, asked)).order_id == numeric_id(gid), asked


@pytest.mark.parametrize(
    "asked",
    ["#99999", "99999999999", "gid://shopify/Order/1", "gid://shopify/Return/1", "a:b*", ""],
)
async def test_what_names_no_order_is_an_error(world: World, asked: str) -> None:
    await an_order(world)
    with pytest.raises(OrderNotFound):
        await preview(world, asked)


async def test_a_name_that_two_orders_have_is_not_guessed(world: World) -> None:
    await an_order(world)
    await an_order(world)
    first, second = world.emulator.shops["acme"].orders.values()
    second.number = first.number
    with pytest.raises(AmbiguousOrder, match=str(second.id)):
        await preview(world, first.name)


async def test_an_unknown_shop_is_an_error(world: World) -> None:
    with pytest.raises(NotFoundError):
        await what_would_order_do(world.database, world.connections, "nope", "1")


async def test_each_lifecycle_has_its_own_routes_terms_and_switches(world: World) -> None:
    await add_route(world, "vendor", "Nordwind", "north")
    await add_route(world, "sku_prefix", "NW-", "south", "purchase_order")
    async with world.database.begin() as session:
        await policies.put(
            session, {"open_on": "created"}, lifecycle="purchase_order", now=world.now
        )
        await switches.put(
            session,
            "pause",
            set_by="operator:maria",
            reason="stock-taking",
            now=world.now,
            lifecycle="purchase_order",
        )
    order = (await an_order(world, fulfill=False))["order_id"]
    bought = await preview(world, order, CaseKind.PURCHASE_ORDER)
    assert bought.lifecycle is CaseKind.PURCHASE_ORDER
    assert "Purchase orders are paused here by operator:maria: stock-taking" in bought.problems
    shipped, kept = line(bought, "NW-1"), line(bought, "SO-9")
    assert shipped.partner is not None
    assert shipped.partner.id == "south"
    assert isinstance(shipped.policy, PurchaseOrderPolicy)
    assert shipped.policy.open_on == "created"
    assert kept.route is None, "a route for all lifecycles makes no purchase order"
    assert kept.problems == ("No route of purchase orders matches: this line is not drop-shipped.",)
    late = await preview(world, order, CaseKind.ORDER_EXCEPTION)
    assert not any("paused" in problem for problem in late.problems)
    assert isinstance(line(late, "NW-1").policy, OrderExceptionPolicy)
    assert [one.partner.id for one in late.lines if one.partner] == ["north", "north"]
    shown = OrderPreview.model_validate_json(bought.model_dump_json())
    assert '"price_tolerance"' in bought.model_dump_json()
    assert shown.order_id == bought.order_id
