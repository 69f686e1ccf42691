"""Which state of an order opens an exception or purchase orders."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.order_exception.names import Reason
from domain.order_exception.opening import Exceptional, opens_case, overdue, short_shipped
from domain.policy import OrderExceptionPolicy, PurchaseOrderPolicy, Within
from domain.purchase_order import opening as purchases
from domain.shop_order import (
    FulfillmentOrder,
    FulfillmentOrderLine,
    Hold,
    OrderLine,
    Shipment,
    ShopOrder,
)

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
POLICY = OrderExceptionPolicy()
LATE = Hold(id="1", reason="INVENTORY_OUT_OF_STOCK")


def ships(
    *line_ids: str, status: str = "OPEN", remaining: int = 1, **more: Any
) -> FulfillmentOrder:
    return FulfillmentOrder(
        id="9",
        status=status,
        lines=tuple(
            FulfillmentOrderLine(id=f"f{one}", line_id=one, total=1, remaining=remaining)
            for one in line_ids
        ),
        **more,
    )


def order(*fulfillment_orders: FulfillmentOrder, **more: Any) -> ShopOrder:
    fields = {"financial_status": "PAID", "created_at": NOW - timedelta(days=1)} | more
    return ShopOrder(order_id="7", name="#7", fulfillment_orders=fulfillment_orders, **fields)


def sent(hours_ago: float, status: str = "SUCCESS") -> Shipment:
    return Shipment(id="5", status=status, created_at=NOW - timedelta(hours=hours_ago))


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (order(ships("1")), None),
        (order(ships("1", status="ON_HOLD", holds=(LATE,))), Reason.ON_HOLD),
        (order(ships("1", holds=(LATE.model_copy(update={"by_this_app": True}),))), None),
        (order(ships("1", holds=(Hold(id="1", reason="AWAITING_PAYMENT"),))), None),
        (order(ships("1", request_status="REJECTED")), Reason.REJECTED),
        (order(ships("1", request_status="CANCELLATION_REJECTED")), Reason.REJECTED),
        (order(ships("1", request_status="ACCEPTED")), None),
        (order(ships("1", status="INCOMPLETE", request_status="CLOSED")), Reason.REJECTED),
        (order(ships("1"), risk="INVESTIGATE"), Reason.MANUAL_REVIEW),
        (order(ships("1"), risk="CANCEL"), None),
        (order(ships("1", holds=(LATE,)), risk="INVESTIGATE"), Reason.ON_HOLD),
        (order(ships("1", holds=(LATE,)), cancelled=True), None),
        (order(ships("1", holds=(LATE,), remaining=0)), None),
        (order(ships("1", status="CLOSED", remaining=0), risk="INVESTIGATE"), None),
    ],
)
def test_an_order_is_an_exception_by_what_it_is_now(
    state: ShopOrder, reason: Reason | None
) -> None:
    found = opens_case(state, POLICY)
    assert (found.reason if found else None) is reason


def test_a_case_opens_with_the_lines_concerned_and_without_those_a_purchase_order_owns() -> None:
    state = order(ships("1", "2", holds=(LATE,)), ships("3"))
    assert opens_case(state, POLICY) == Exceptional(reason=Reason.ON_HOLD, line_ids=("1", "2"))
    assert opens_case(state, POLICY, {"1"}) == Exceptional(reason=Reason.ON_HOLD, line_ids=("2",))
    assert opens_case(state, POLICY, {"1", "2"}) is None
    review = order(ships("1"), risk="INVESTIGATE")
    assert opens_case(review, POLICY) == Exceptional(reason=Reason.MANUAL_REVIEW)
    assert opens_case(review, POLICY, {"1"}) is None, "all of it is a purchase order's"


@pytest.mark.parametrize(
    ("switch", "state"),
    [
        ({"open_on_hold_reasons": ()}, order(ships("1", holds=(LATE,)))),
        ({"open_on_rejected_request": False}, order(ships("1", request_status="REJECTED"))),
        ({"open_on_rejected_request": False}, order(ships("1", status="INCOMPLETE"))),
        ({"open_on_manual_review": False}, order(ships("1"), risk="INVESTIGATE")),
    ],
)
def test_each_cause_is_a_switch_of_the_policy(switch: dict[str, Any], state: ShopOrder) -> None:
    assert opens_case(state, POLICY) is not None
    assert opens_case(state, POLICY.model_copy(update=switch)) is None


def test_what_is_left_of_a_shipped_order_is_due_when_the_newest_shipments_grace_is_over() -> None:
    state = order(ships("1"), shipments=(sent(60), sent(10), sent(1, "CANCELLED")))
    assert short_shipped(state, POLICY) == (
        Exceptional(reason=Reason.SHORT_SHIPPED, line_ids=("1",)),
        NOW - timedelta(hours=10) + timedelta(hours=48),
    )
    assert short_shipped(state, POLICY, {"1"}) is None
    assert short_shipped(order(ships("1")), POLICY) is None, "nothing has shipped"
    whole = order(ships("1", status="CLOSED", remaining=0), shipments=(sent(60),))
    assert short_shipped(whole, POLICY) is None
    later = order(ships("1", status="SCHEDULED"), shipments=(sent(60),))
    assert short_shipped(later, POLICY) is None, "a pre-order is not due yet"
    off = POLICY.model_copy(update={"open_on_short_shipment": False})
    assert short_shipped(state, off) is None


@pytest.mark.parametrize(
    ("days", "more", "late"),
    [
        (3.9, {}, False),
        (4, {}, True),
        (9, {"financial_status": "PARTIALLY_REFUNDED"}, True),
        (9, {"financial_status": "PENDING"}, False),
        (9, {"cancelled": True}, False),
    ],
)
def test_a_paid_order_is_overdue_after_the_policys_time(
    days: float, more: dict[str, Any], late: bool
) -> None:
    state = order(
        ships("1"), ships("2", status="SCHEDULED"), created_at=NOW - timedelta(days=days), **more
    )
    expected = Exceptional(reason=Reason.LATE, line_ids=("1",)) if late else None
    assert overdue(state, POLICY, NOW) == expected
    assert overdue(state, POLICY, NOW, {"1"}) is None


def test_business_days_are_those_of_the_policy() -> None:
    weekend = POLICY.model_copy(update={"overdue_after": Within(business_days=1)})
    friday = datetime(2026, 10, 30, 13, tzinfo=UTC)
    assert overdue(order(ships("1"), created_at=friday), weekend, NOW) is None
    assert overdue(order(ships("1"), created_at=friday - timedelta(hours=2)), weekend, NOW)


def line(unfulfilled: int = 2, **more: Any) -> OrderLine:
    return OrderLine(line_id="1", quantity=2, unfulfilled=unfulfilled, **more)


@pytest.mark.parametrize(
    ("status", "paid", "created"),
    [
        ("PAID", True, True),
        ("PARTIALLY_REFUNDED", True, True),
        ("PENDING", False, True),
        ("AUTHORIZED", False, True),
        ("PARTIALLY_PAID", False, True),
        ("VOIDED", False, False),
        ("REFUNDED", False, False),
        ("EXPIRED", False, False),
    ],
)
def test_purchase_orders_are_due_by_policy_when_paid_or_at_once(
    status: str, paid: bool, created: bool
) -> None:
    state = order(lines=(line(),), financial_status=status)
    assert purchases.opens_case(state, PurchaseOrderPolicy(), {"1"}) is paid
    at_once = PurchaseOrderPolicy(open_on="created")
    assert purchases.opens_case(state, at_once, {"1"}) is created


@pytest.mark.parametrize(
    "state",
    [
        order(lines=(line(0),)),
        order(lines=(line(requires_shipping=False),)),
        order(lines=(line(),), cancelled=True),
        order(lines=()),
    ],
    ids=["shipped", "no goods", "cancelled", "edited away"],
)
def test_what_needs_no_shipping_is_not_ordered(state: ShopOrder) -> None:
    assert not purchases.opens_case(state, PurchaseOrderPolicy(), {"1"})


def test_only_drop_shipped_lines_count() -> None:
    assert not purchases.opens_case(order(lines=(line(),)), PurchaseOrderPolicy(), set())
