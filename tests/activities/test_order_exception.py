"""Who is asked about which lines of an exception, on which terms; and which lines purchase orders own."""

from datetime import UTC, datetime
from typing import Any

import pytest

from activities.order_exception import OrderExceptionActivities
from domain.case import CaseKind
from domain.order_exception.lines import ExceptionLine
from domain.order_exception.messages import ExceptionPlan, PartnerRead, ReadPartner, ReadPlan
from domain.priority import Priority
from persistence.repositories import cases, partners, policies, routes
from persistence.repositories.case_references import Reference
from tests.activities.conftest import Hands
from tests.world import SHOP, TENANT, World

SHIRT = ExceptionLine(line_id="1", sku="SHIRT-1", vendor="acme-textiles", quantity=2)
LAMP = ExceptionLine(line_id="2", sku="LAMP-1", vendor="nobody-we-know", quantity=1)
CASE = f"order-exception:{SHOP}:7"


async def planned(hands: Hands, *lines: ExceptionLine, **more: Any) -> ExceptionPlan:
    exceptions = OrderExceptionActivities(hands.world.database)
    request = ReadPlan(shop=SHOP, order_id="7", lines=lines, **more)
    found: ExceptionPlan = await hands.call(exceptions.read_plan, request, workflow_id=CASE)
    return found


async def found(hands: Hands, partner: str, **more: Any) -> PartnerRead:
    exceptions = OrderExceptionActivities(hands.world.database)
    request = ReadPartner(shop=SHOP, partner=partner, **more)
    answer: PartnerRead = await hands.call(exceptions.read_partner, request, workflow_id=CASE)
    return answer


async def terms(world: World, partner: str = "*", priority: str = "*", **values: Any) -> None:
    async with world.database.begin() as session:
        await policies.put(
            session,
            values,
            now=datetime.now(UTC),
            shop_id=SHOP,
            lifecycle="order_exception",
            partner_id=partner,
            priority=priority,
        )


async def suspended(world: World, partner: str) -> None:
    async with world.database.begin() as session:
        known = await partners.get(session, TENANT, partner)
        await partners.update(
            session, TENANT, partner, version=known.version, changes={"status": "suspended"}
        )


async def test_lines_go_to_the_partner_of_their_route_and_others_to_the_merchant(
    hands: Hands,
) -> None:
    await hands.world.partner("acme-textiles")
    await terms(hands.world, "acme-textiles", hold_late_lines=False)
    plan = await planned(hands, SHIRT, LAMP)
    assert [line.partner for line in plan.lines] == ["acme-textiles", ""]
    [partner] = plan.partners
    assert (partner.tenant, partner.name) == (TENANT, "Acme Textiles")
    assert not partner.policy.hold_late_lines
    assert plan.policy == partner.policy  # the only partner's terms are the case's
    assert plan.covered == ()


async def test_a_partner_that_is_not_active_is_asked_nothing(hands: Hands) -> None:
    await hands.world.partner("acme-textiles")
    await suspended(hands.world, "acme-textiles")
    plan = await planned(hands, SHIRT)
    assert (plan.lines[0].partner, plan.partners) == ("", ())
    assert plan.unasked == {"acme-textiles": "The partner Acme Textiles is suspended."}


@pytest.mark.parametrize(
    ("more", "hours"),
    [({"tags": ("Vip",)}, 4), ({"number_of_orders": 7}, 4), ({"tags": ("gift",)}, 72)],
)
async def test_the_shops_terms_say_what_is_pressing_and_the_priority_chooses_the_terms(
    hands: Hands, more: dict[str, Any], hours: int
) -> None:
    await hands.world.partner("acme-textiles")
    await terms(hands.world, priority_from_orders=7)
    await terms(hands.world, priority="high", answer_within={"hours": 4})
    plan = await planned(hands, SHIRT, **more)
    assert plan.priority is (Priority.HIGH if hours == 4 else Priority.NORMAL)
    assert plan.partners[0].policy.answer_within.hours == hours


async def test_lines_an_open_purchase_order_owns_are_covered(hands: Hands) -> None:
    async with hands.world.database.begin() as session:
        case, _ = await cases.open_case(
            session,
            key=f"purchase-order:{SHOP}:7",
            kind=CaseKind.PURCHASE_ORDER.value,
            shop_id=SHOP,
            title="Purchase orders",
            status="awaiting_partner",
            now=datetime.now(UTC),
            order_id="7",
            references=[Reference(kind="order", value="7", scope=SHOP)],
        )
        case.snapshot = {"detail": {"covered_lines": ["2"]}}
        session.add(case)
    assert (await planned(hands, SHIRT, LAMP)).covered == ("2",)


async def test_of_a_purchase_order_that_has_said_nothing_yet_the_route_decides(
    hands: Hands,
) -> None:
    """Also for lines that are in the case already, and are not planned again."""
    await hands.world.partner("acme-textiles")
    async with hands.world.database.begin() as session:
        await routes.create(
            session,
            shop_id=SHOP,
            match_kind="vendor",
            match_value="acme-textiles",
            tenant_id=TENANT,
            partner_id="acme-textiles",
            lifecycle="purchase_order",
        )
        await cases.open_case(
            session,
            key=f"purchase-order:{SHOP}:7",
            kind=CaseKind.PURCHASE_ORDER.value,
            shop_id=SHOP,
            title="Purchase orders",
            status="opening",
            now=datetime.now(UTC),
            order_id="7",
            references=[Reference(kind="order", value="7", scope=SHOP)],
        )
    assert (await planned(hands, LAMP, known=(SHIRT,))).covered == ("1",)


async def test_a_partner_is_found_in_the_shops_own_tenant(hands: Hands) -> None:
    await hands.world.partner("acme-textiles")
    await terms(hands.world, "acme-textiles", "high", answer_within={"hours": 4})
    answer = await found(hands, "acme-textiles", priority=Priority.HIGH)
    assert answer.partner is not None
    assert (answer.partner.tenant, answer.partner.name) == (TENANT, "Acme Textiles")
    assert answer.partner.policy.answer_within.hours == 4


async def test_nobody_is_found_who_cannot_be_asked(hands: Hands) -> None:
    await hands.world.partner("acme-textiles")
    assert (await found(hands, "who-is-that")).problem == (
        "The partner who-is-that is not known here."
    )
    elsewhere = await found(hands, "acme-textiles", tenant="another-tenant")
    assert (elsewhere.partner, "not known" in elsewhere.problem) == (None, True)
    await suspended(hands.world, "acme-textiles")
    assert (await found(hands, "acme-textiles")).problem == (
        "The partner Acme Textiles is suspended."
    )


async def test_terms_that_cannot_be_read_are_for_a_person(hands: Hands) -> None:
    await terms(hands.world, answer_within={"hours": -1})
    exceptions = OrderExceptionActivities(hands.world.database)
    refusal = await hands.refusal(
        exceptions.read_plan, ReadPlan(shop=SHOP, order_id="7", lines=(SHIRT,)), workflow_id=CASE
    )
    assert (refusal.type, refusal.non_retryable) == ("NotConfigured", True)
