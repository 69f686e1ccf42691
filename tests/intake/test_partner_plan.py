"""Who is asked about which lines, on which terms; and which lines purchase orders own."""

from datetime import UTC, datetime

import pytest

from domain.case import CaseKind
from domain.policy import OrderExceptionPolicy, PurchaseOrderPolicy, ReturnClaimPolicy
from domain.priority import Priority
from domain.routing import Traits
from intake.coverage import covered_lines, drop_ship_lines
from intake.partner_plan import plan_partners
from intake.policies import PolicyInvalid, policy_for
from persistence.repositories import case_references, cases, partners, policies, routes, switches
from persistence.repositories.case_references import Reference
from persistence.repositories.cases import CaseFields
from persistence.session import Database
from tests.intake.conftest import World

NOW = datetime(2026, 11, 2, tzinfo=UTC)
SHIRT, CAP, SOCK = (
    Traits(sku=sku, vendor=vendor) for sku, vendor in (("S", "Nord"), ("C", "Süd"), ("K", "?"))
)


async def routed(database: Database, vendor: str, partner: str, lifecycle: str = "*") -> None:
    async with database.begin() as session:
        await routes.create(
            session,
            shop_id="acme",
            lifecycle=lifecycle,
            match_kind="vendor",
            match_value=vendor,
            tenant_id="demo",
            partner_id=partner,
        )


async def terms(
    database: Database, lifecycle: str, priority: str = "*", partner: str = "*", **more: object
) -> None:
    async with database.begin() as session:
        await policies.put(
            session,
            dict(more),
            now=NOW,
            shop_id="acme",
            lifecycle=lifecycle,
            priority=priority,
            partner_id=partner,
        )


async def test_each_line_goes_to_its_partner_and_what_no_route_names_is_the_merchants(
    world: World,
) -> None:
    await routed(world.database, "nord", "north")
    await routed(world.database, "süd", "south")
    await terms(world.database, "order_exception", partner="north", hold_late_lines=False)
    plan = await plan_partners(
        world.database, "acme", OrderExceptionPolicy, [SHIRT, SOCK, CAP, SHIRT]
    )
    assert plan.lines == ("north", "", "south", "north")
    assert set(plan.partners) == {"north", "south"}
    assert (plan.partners["north"].tenant, plan.partners["north"].name) == ("demo", "North")
    assert not plan.partners["north"].policy.hold_late_lines
    assert plan.partners["south"].policy.hold_late_lines
    assert plan.policy.hold_late_lines, "with several partners the shop's own terms hold"
    assert not plan.shadow


async def test_the_only_partners_terms_hold_for_the_whole_case(world: World) -> None:
    await routed(world.database, "nord", "north")
    await terms(world.database, "return_claim", partner="north", auto_close=False)
    plan = await plan_partners(world.database, "acme", ReturnClaimPolicy, [SHIRT, SOCK])
    assert not plan.policy.auto_close


@pytest.mark.parametrize("status", ["suspended", "retired"])
async def test_a_partner_that_is_not_active_is_asked_nothing_and_the_plan_says_why(
    world: World, status: str
) -> None:
    await routed(world.database, "nord", "north")
    async with world.database.begin() as session:
        await partners.update(session, "demo", "north", version=1, changes={"status": status})
    plan = await plan_partners(world.database, "acme", OrderExceptionPolicy, [SHIRT])
    assert (plan.lines, plan.partners) == (("",), {})
    assert plan.unasked == {"north": f"The partner North is {status}."}


async def test_a_pressing_matter_has_its_own_terms(world: World) -> None:
    await routed(world.database, "nord", "north")
    await terms(world.database, "order_exception", priority="high", answer_within={"hours": 4})
    usual = await plan_partners(world.database, "acme", OrderExceptionPolicy, [SHIRT])
    high = await plan_partners(
        world.database, "acme", OrderExceptionPolicy, [SHIRT], priority=Priority.HIGH
    )
    assert usual.partners["north"].policy.answer_within.hours == 72
    assert high.partners["north"].policy.answer_within.hours == 4
    assert high.policy.answer_within.hours == 4


async def test_the_shadow_switch_is_that_of_the_lifecycle(world: World) -> None:
    async with world.database.begin() as session:
        await switches.put(
            session, "shadow", set_by="x", reason="trial", now=NOW, lifecycle="purchase_order"
        )
    assert (await plan_partners(world.database, "acme", PurchaseOrderPolicy, [])).shadow
    assert not (await plan_partners(world.database, "acme", OrderExceptionPolicy, [])).shadow


async def test_only_a_route_of_purchase_orders_makes_a_drop_shipment(world: World) -> None:
    await routed(world.database, "nord", "north")
    await routed(world.database, "süd", "south", "purchase_order")
    plan = await plan_partners(
        world.database, "acme", PurchaseOrderPolicy, [SHIRT, CAP], drop_ship=True
    )
    assert plan.lines == ("", "south")
    async with world.database.read() as session:
        found = await drop_ship_lines(session, "acme", {"1": SHIRT, "2": CAP})
    assert found == {"2"}


async def test_terms_of_one_lifecycle_are_not_read_as_anothers(world: World) -> None:
    await terms(world.database, "purchase_order", open_on="never")
    async with world.database.read() as session:
        assert await policy_for(session, OrderExceptionPolicy, "acme") == OrderExceptionPolicy()
        with pytest.raises(PolicyInvalid, match="open_on"):
            await policy_for(session, PurchaseOrderPolicy, "acme")


async def test_a_purchase_order_owns_what_it_says_and_before_that_what_routes_say(
    world: World,
) -> None:
    await routed(world.database, "süd", "south", "purchase_order")
    lines = {"1": SHIRT, "2": CAP}

    async def covered() -> set[str]:
        async with world.database.read() as session:
            return await covered_lines(session, "acme", "77", lines)

    assert await covered() == set()
    async with world.database.begin() as session:
        for kind in (CaseKind.PURCHASE_ORDER, CaseKind.ORDER_EXCEPTION):
            case, _ = await cases.open_case(
                session,
                key=kind.value,
                kind=kind,
                shop_id="acme",
                title="",
                status="opening",
                now=NOW,
            )
            await case_references.add(session, case.id, [Reference("order", "77", "acme")], NOW)
    assert await covered() == {"2"}
    await recorded(world, {"covered_lines": ["1", 3]})
    assert await covered() == {"1", "3"}
    await recorded(world, {"covered_lines": ["1"]}, closed_at=NOW)
    assert await covered() == set()


async def recorded(
    world: World, detail: dict[str, object], closed_at: datetime | None = None
) -> None:
    async with world.database.begin() as session:
        row = await cases.get(session, "purchase_order")
        values = CaseFields(
            title="", status="active", snapshot={"detail": detail}, closed_at=closed_at
        )
        await cases.save_snapshot(
            session, row.id, run_id="r", revision=row.revision + 1, values=values, now=NOW
        )
