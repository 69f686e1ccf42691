"""Purchase orders' activities: planned by routes, numbered once, sent once, read whole; and nothing of the address told."""

import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from activities.pauses import Pauses
from activities.purchase_order import PurchaseOrderActivities
from clients.trading_grid.errors import (
    TradingGridError,
    TradingGridUnavailable,
    Unprocessable,
)
from clients.trading_grid.port import NewPurchaseOrder
from domain import references
from domain.failures import CONFLICT, PARTNER_REFUSED, PAUSED, UNAVAILABLE
from domain.purchase_order.messages import (
    FindPartner,
    PlanOrders,
    ReadPurchaseOrder,
    ReserveNumbers,
    RoutedLine,
    SendChange,
    SendOrder,
    SentChangeLine,
    SentLine,
    SentOrder,
    WithdrawOrder,
)
from domain.purchase_order.orders import OrderType, Purpose
from domain.routing import Traits
from domain.shopify_ids import numeric_id
from persistence.repositories import case_references, cases, inbound_events, partners
from persistence.repositories.case_references import Reference
from tests.activities.conftest import Hands
from tests.world import SHOP, TENANT

TEXTILES, SHOES = "acme-textiles", "north-shoes"
CASE = "purchase-order:acme:1"
SHIRT = {"sku": "SHIRT-1", "quantity": 5, "vendor": TEXTILES, "price": "30.00"}
SECRET = {"address1": "7 Secret Lane", "city": "Hiddenham", "zip": "SE1 CRT"}


class Desk:
    """The activities, and a purchase order to send."""

    def __init__(self, hands: Hands) -> None:
        self.hands = hands
        self.world = hands.world
        self.orders = PurchaseOrderActivities(
            hands.world.connections, hands.world.database, Pauses(hands.world.database)
        )

    async def call(self, activity: Any, request: Any) -> Any:
        return await self.hands.call(activity, request, workflow_id=CASE)

    async def refusal(self, activity: Any, request: Any) -> Any:
        return await self.hands.refusal(activity, request, workflow_id=CASE)

    async def request(self, number: str = "ACME-1001-ACME-1", **ship_to: str) -> SendOrder:
        order = await self.world.order(SHIRT, fulfill=False, ship_to=SECRET | ship_to)
        return SendOrder(
            shop=SHOP,
            tenant=TENANT,
            partner=TEXTILES,
            number=number,
            reference=f"{CASE}/{TEXTILES}/{number}",
            idempotency_key="key-1",
            order_type=OrderType.DROP_SHIP,
            order_id=numeric_id(order["order_id"]),
            currency="EUR",
            lines=(SentLine(line_id="11", sku="SHIRT-1", quantity=5, unit_price=Decimal(30)),),
        )

    async def there(self) -> list[dict[str, Any]]:
        state = (await self.world.trading_grid.get("/_emulator/state")).json()
        tenant = next(entry for entry in state["tenants"] if entry["id"] == TENANT)
        found: list[dict[str, Any]] = tenant.get("purchase_orders", [])
        return found


@pytest.fixture
async def desk(hands: Hands) -> Desk:
    await hands.world.partner(TEXTILES, lifecycle=["purchase_order", "*"])
    return Desk(hands)


def line(line_id: str, vendor: str) -> RoutedLine:
    return RoutedLine(line_id=line_id, traits=Traits(sku="X", vendor=vendor))


async def test_only_a_route_of_this_very_lifecycle_makes_a_line_drop_ship(desk: Desk) -> None:
    await desk.world.partner(SHOES)
    request = PlanOrders(shop=SHOP, lines=(line("1", TEXTILES), line("2", SHOES), line("3", "?")))
    plan = await desk.call(desk.orders.plan, request)
    assert plan.lines == {"1": TEXTILES}
    assert set(plan.partners) == {TEXTILES}


async def test_a_partner_that_is_not_active_is_asked_nothing_with_the_reason(desk: Desk) -> None:
    async with desk.world.database.begin() as session:
        await partners.update(session, TENANT, TEXTILES, version=1, changes={"status": "suspended"})
    plan = await desk.call(desk.orders.plan, PlanOrders(shop=SHOP, lines=(line("1", TEXTILES),)))
    assert plan.lines == {}
    assert plan.unasked == {TEXTILES: "The partner Acme Textiles is suspended."}
    found = await desk.call(desk.orders.find_partner, FindPartner(shop=SHOP, partner=TEXTILES))
    assert (found.partner, found.refused) == (None, "The partner Acme Textiles is suspended.")


async def test_a_priority_customer_has_the_terms_of_its_priority(desk: Desk) -> None:
    from persistence.repositories import policies

    async with desk.world.database.begin() as session:
        await policies.put(
            session,
            {"price_tolerance": "0.5"},
            now=datetime.now(UTC),
            shop_id=SHOP,
            lifecycle="purchase_order",
            priority="high",
        )
    request = PlanOrders(shop=SHOP, lines=(line("1", TEXTILES),), tags=("VIP",))
    plan = await desk.call(desk.orders.plan, request)
    assert plan.partners[TEXTILES].policy.price_tolerance == Decimal("0.5")


def reserve(*partners_: str, case_id: str = CASE, known: tuple[str, ...] = ()) -> ReserveNumbers:
    return ReserveNumbers(
        case_id=case_id,
        shop=SHOP,
        digits="#1001",
        partners=tuple((TENANT, partner) for partner in partners_),
        known=known,
    )


async def rows(desk: Desk, *case_ids: str) -> None:
    async with desk.world.database.begin() as session:
        for case_id in case_ids:
            await cases.open_case(
                session,
                key=case_id,
                kind="purchase_order",
                shop_id=SHOP,
                title="x",
                status="opening",
                now=datetime.now(UTC),
            )


async def test_numbers_count_up_until_they_are_free_in_the_tenant(desk: Desk) -> None:
    await rows(desk, CASE, "purchase-order:acme:2")
    first = await desk.call(desk.orders.reserve_numbers, reserve(TEXTILES, "acme-two"))
    # Two partners whose codes are alike get different numbers, in one call.
    assert first.numbers == ("ACME-1001-ACME-1", "ACME-1001-ACME-2")
    other = await desk.call(
        desk.orders.reserve_numbers, reserve(TEXTILES, case_id="purchase-order:acme:2")
    )
    assert other.numbers == ("ACME-1001-ACME-3",)


async def test_a_repeat_finds_the_numbers_of_an_attempt_whose_answer_was_lost(desk: Desk) -> None:
    await rows(desk, CASE)
    first = await desk.call(desk.orders.reserve_numbers, reserve(TEXTILES))
    again = await desk.call(desk.orders.reserve_numbers, reserve(TEXTILES))
    assert again == first
    more = await desk.call(desk.orders.reserve_numbers, reserve(TEXTILES, known=first.numbers))
    assert more.numbers == ("ACME-1001-ACME-2",)
    async with desk.world.database.read() as session:
        found = await case_references.find(
            session, Reference(references.PURCHASE_ORDER_NUMBER, more.numbers[0], TENANT)
        )
    assert [case.id for case in found] == [CASE]


async def test_what_waited_for_a_number_is_due_once_it_is_known(desk: Desk) -> None:
    await rows(desk, CASE)
    calls: list[dict[str, Any]] = []

    async def noted(*_: Any, **how: Any) -> int:
        calls.append(how)
        return 0

    original, inbound_events.unpark = inbound_events.unpark, noted
    try:
        await desk.call(desk.orders.reserve_numbers, reserve(TEXTILES))
    finally:
        inbound_events.unpark = original
    assert calls == [{"scope": TENANT}]


async def test_an_order_is_sent_once_with_its_address(desk: Desk) -> None:
    request = await desk.request()
    sent = await desk.call(desk.orders.send, request)
    again = await desk.call(desk.orders.send, request.model_copy(update={"idempotency_key": "2"}))
    assert sent.remote_id == again.remote_id
    [order] = await desk.there()
    assert order["po_number"] == request.number
    assert "Secret" not in sent.model_dump_json()


async def test_an_order_cancelled_before_is_not_sent_and_one_sent_before_is_found(
    desk: Desk,
) -> None:
    first = await desk.request()
    await desk.call(desk.orders.send, first)
    second = await desk.request("ACME-1002-ACME-1")
    for request in (first, second):
        path = f"/_emulator/shops/{SHOP}/orders/{request.order_id}/cancel"
        await desk.world._post(desk.world.shopify, path, {})
    assert (await desk.call(desk.orders.send, first)).remote_id
    assert await desk.call(desk.orders.send, second) == SentOrder(unsent="The order was cancelled.")
    assert len(await desk.there()) == 1


async def test_an_address_without_a_city_is_a_conflict_that_quotes_nothing(desk: Desk) -> None:
    refused = await desk.refusal(desk.orders.send, await desk.request(city=""))
    assert refused.type == CONFLICT
    assert refused.message == "The shipping address has no city."


@dataclass
class Quoting:
    """A Trading Grid whose errors quote what they were sent."""

    error: type[TradingGridError]

    async def create_purchase_order(self, new: NewPurchaseOrder, *, idempotency_key: str) -> None:
        raise self.error(f"no such place: {new.ship_to!r} {new.model_dump_json()}", status=499)


@pytest.mark.parametrize(
    ("error", "type_"), [(Unprocessable, PARTNER_REFUSED), (TradingGridUnavailable, UNAVAILABLE)]
)
async def test_what_trading_grid_says_of_the_address_goes_no_further(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: type[TradingGridError], type_: str
) -> None:
    request = await desk.request()

    async def quoting(_: str) -> Quoting:
        return Quoting(error)

    monkeypatch.setattr(desk.world.connections, "trading_grid", quoting)
    refused = await desk.refusal(desk.orders.send, request)
    assert refused.type == type_
    assert "status 499" in refused.message
    told = "".join(traceback.format_exception(refused))
    assert not any(value in told for value in SECRET.values())


async def test_a_failure_that_may_pass_is_tried_again(desk: Desk) -> None:
    await desk.world.faults("trading_grid", api={"down": True})
    refused = await desk.refusal(desk.orders.send, await desk.request())
    assert refused.type == UNAVAILABLE
    assert not refused.non_retryable


async def test_a_number_of_somebody_else_is_said_to_be_taken(desk: Desk) -> None:
    request = await desk.request()
    await desk.call(desk.orders.send, request)
    other = request.model_copy(update={"reference": "other", "idempotency_key": "other"})
    assert (await desk.call(desk.orders.send, other)).number_taken


async def test_changes_are_found_again_and_responses_read_with_what_does_not_fit(
    desk: Desk,
) -> None:
    sent = await desk.call(desk.orders.send, await desk.request())
    change = SendChange(
        tenant=TENANT,
        partner=TEXTILES,
        remote_id=sent.remote_id,
        number=1,
        idempotency_key="c-1",
        purpose=Purpose.CANCEL,
        currency="EUR",
        lines=(SentChangeLine(line_id="11", quantity=2),),
    )
    first = await desk.call(desk.orders.send_change, change)
    again = await desk.call(
        desk.orders.send_change, change.model_copy(update={"idempotency_key": "c-2"})
    )
    assert first.remote_id == again.remote_id
    await desk.world._post(
        desk.world.trading_grid,
        f"/_emulator/purchase-orders/{sent.remote_id}/responses",
        {
            "lines": [
                {
                    "line_id": "11",
                    "ack_code": "DR",
                    "quantity": 3,
                    "scheduled_ship_date": "2027-01-05",
                },
                {"line_id": "11", "ack_code": "IA", "scheduled_ship_date": "soon"},
            ]
        },
    )
    read = ReadPurchaseOrder(tenant=TENANT, partner=TEXTILES, remote_id=sent.remote_id)
    facts = await desk.call(desk.orders.read_purchase_order, read)
    [response] = facts.responses
    assert [(one.ack_code, one.quantity, str(one.ship_date)) for one in response.lines] == [
        ("DR", 3, "2027-01-05")
    ]
    assert len(response.unreadable) == 1
    assert [(one.number, one.status) for one in facts.changes] == [("1", "pending")]
    assert facts.version > sent.version


async def test_a_withdrawal_finds_the_order_by_its_reference(desk: Desk) -> None:
    request = await desk.request()
    withdraw = WithdrawOrder(
        tenant=TENANT,
        partner=TEXTILES,
        remote_id="",
        reference=request.reference,
        number=1,
        idempotency_key="w-1",
        lines=(SentChangeLine(line_id="11", quantity=5),),
    )
    assert not (await desk.call(desk.orders.withdraw, withdraw)).found, "it never arrived"
    sent = await desk.call(desk.orders.send, request)
    assert (await desk.call(desk.orders.withdraw, withdraw)).found
    await desk.world._post(
        desk.world.trading_grid,
        f"/_emulator/purchase-orders/{sent.remote_id}/changes/1/acknowledge",
        {},
    )
    late = withdraw.model_copy(update={"number": 2, "idempotency_key": "w-2"})
    assert not (await desk.call(desk.orders.withdraw, late)).found, "it takes nothing any more"


async def test_a_pause_of_the_partner_holds_every_call(desk: Desk) -> None:
    request = await desk.request()
    await desk.world.switch("pause", shop_id=SHOP, partner_id=TEXTILES)
    refused = await desk.refusal(desk.orders.send, request)
    assert refused.type == PAUSED
    assert await desk.there() == []
