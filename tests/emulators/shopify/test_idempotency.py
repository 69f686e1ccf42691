"""``@idempotent``: required on refunds, replayed for 24 hours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.emulators.shopify.conftest import Driver

REFUND = """mutation R($input: RefundInput!, $key: String!) {
  refundCreate(input: $input) @idempotent(key: $key) {
    refund { id totalRefundedSet { shopMoney { amount } } } userErrors { field message } } }"""
COUNT = "query C($id: ID!) { order(id: $id) { refunds(first: 10) { id } } }"


def refund_of(order: dict[str, Any], amount: str = "5.00") -> dict[str, Any]:
    transaction = {
        "orderId": order["order_id"],
        "parentId": order["transactions"][0]["id"],
        "gateway": "bogus",
        "kind": "REFUND",
        "amount": amount,
    }
    return {"orderId": order["order_id"], "transactions": [transaction]}


async def refunds(shop: Driver, order: dict[str, Any]) -> int:
    return len((await shop.ask(COUNT, id=order["order_id"]))["order"]["refunds"])


async def test_a_refund_without_a_key_is_refused(shop: Driver) -> None:
    order = await shop.order()
    without = """mutation R($input: RefundInput!) { refundCreate(input: $input) {
      refund { id } userErrors { message } } }"""
    body = await shop.body(without, input=refund_of(order))
    (error,) = body["errors"]
    assert error["extensions"]["code"] == "BAD_REQUEST"
    assert "@idempotent directive is required" in error["message"]
    assert await refunds(shop, order) == 0


async def test_the_same_key_and_parameters_replay_the_first_answer(shop: Driver) -> None:
    order = await shop.order()
    first = await shop.mutate(REFUND, input=refund_of(order), key="k-1")
    again = await shop.mutate(REFUND, input=refund_of(order), key="k-1")
    assert first == again
    assert first["userErrors"] == []
    assert await refunds(shop, order) == 1
    calls = (await shop.control("/calls", verb="GET"))["calls"]
    assert [c["idempotency_key"] for c in calls] == ["k-1", "k-1"]
    assert [c["mutations"][0]["replayed"] for c in calls] == [False, True]


async def test_the_same_key_with_other_parameters_is_a_mismatch(shop: Driver) -> None:
    order = await shop.order()
    await shop.mutate(REFUND, input=refund_of(order), key="k-1")
    body = await shop.body(REFUND, input=refund_of(order, "6.00"), key="k-1")
    (error,) = body["errors"]
    assert error["extensions"]["code"] == "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"
    assert await refunds(shop, order) == 1


async def test_a_refusal_is_replayed_too(shop: Driver) -> None:
    order = await shop.order()
    first = await shop.mutate(REFUND, input=refund_of(order, "99.00"), key="k-1")
    again = await shop.mutate(REFUND, input=refund_of(order, "99.00"), key="k-1")
    assert first["userErrors"]
    assert first == again


async def test_a_key_is_forgotten_after_24_hours(shop: Driver) -> None:
    order = await shop.order()
    await shop.mutate(REFUND, input=refund_of(order), key="k-1")
    shop.clock.pass_(hours=23)
    await shop.sign_in()
    await shop.mutate(REFUND, input=refund_of(order), key="k-1")
    assert await refunds(shop, order) == 1
    shop.clock.pass_(hours=1, seconds=1)
    await shop.sign_in()
    await shop.mutate(REFUND, input=refund_of(order), key="k-1")
    assert await refunds(shop, order) == 2


async def test_an_answer_that_was_lost_is_found_again_by_its_key(shop: Driver) -> None:
    order = await shop.order()
    await shop.control("/faults", {"api": {"lost_answer_rate": 1.0}}, verb="PUT")
    lost = await shop.post(REFUND, input=refund_of(order), key="k-1")
    assert lost.status_code == 502
    await shop.control("/faults", {}, verb="PUT")
    payload = await shop.mutate(REFUND, input=refund_of(order), key="k-1")
    assert payload["refund"]["totalRefundedSet"]["shopMoney"]["amount"] == "5.0"
    assert await refunds(shop, order) == 1


async def test_an_empty_key_is_refused(shop: Driver) -> None:
    order = await shop.order()
    body = await shop.body(REFUND, input=refund_of(order), key=" ")
    assert body["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
