"""The states of a return and what each of them forbids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulators.shopify.conftest import Driver

APPROVE = """mutation A($id: ID!) { returnApproveRequest(input: {id: $id}) {
  return { id status } userErrors { code field message } } }"""
DECLINE = """mutation D($input: ReturnDeclineRequestInput!) { returnDeclineRequest(input: $input) {
  return { status decline { reason note } } userErrors { code field message } } }"""
CANCEL = """mutation C($id: ID!) { returnCancel(id: $id) {
  return { status } userErrors { code field message } } }"""
CLOSE = """mutation C($id: ID!) { returnClose(id: $id) {
  return { status closedAt } userErrors { code field message } } }"""
CREATE = """mutation C($input: ReturnInput!) { returnCreate(returnInput: $input) {
  return { id name status
    returnLineItems(first: 10) { nodes { id quantity returnReasonNote } }
    reverseFulfillmentOrders(first: 10) { nodes { id status lineItems(first: 10) { nodes {
      id totalQuantity } } } } }
  userErrors { code field message } } }"""
REMOVE = """mutation R($id: ID!, $lines: [ReturnLineItemRemoveFromReturnInput!]) {
  removeFromReturn(returnId: $id, returnLineItems: $lines) {
    return { status totalQuantity } userErrors { code field message } } }"""
READ = """query R($id: ID!) { return(id: $id) {
  id name status closedAt requestApprovedAt totalQuantity decline { reason note }
  order { id name returnStatus }
  returnLineItems(first: 10) { nodes { __typename id quantity
    processableQuantity processedQuantity unprocessedQuantity refundableQuantity refundedQuantity
    returnReasonNote customerNote returnReasonDefinition { handle }
    ... on ReturnLineItem { fulfillmentLineItem { id lineItem { sku vendor } }
      withCodeDiscountedTotalPriceSet { shopMoney { amount currencyCode } } } } }
  reverseFulfillmentOrders(first: 10) { nodes { id status lineItems(first: 10) { nodes {
    id totalQuantity dispositions { type quantity location { name } } } } } }
  refunds(first: 10) { nodes { id totalRefundedSet { shopMoney { amount } } } } } }"""
RETURNABLE = """query R($id: ID!) { returnableFulfillments(orderId: $id, first: 10) { nodes {
  id fulfillment { id } returnableFulfillmentLineItems(first: 10) { nodes {
    quantity fulfillmentLineItem { id lineItem { sku } } } } } } }"""


async def read(shop: Driver, return_id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await shop.ask(READ, id=return_id))["return"]
    return found


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["userErrors"]]


async def test_a_requested_return_waits_for_an_answer_and_can_not_be_processed(
    shop: Driver,
) -> None:
    order = await shop.order()
    found = await read(shop, await shop.requested(order))
    assert found["status"] == "REQUESTED"
    assert found["name"] == "#1001-R1"
    assert found["order"]["returnStatus"] == "RETURN_REQUESTED"
    assert found["reverseFulfillmentOrders"]["nodes"] == []
    (line,) = found["returnLineItems"]["nodes"]
    assert (line["quantity"], line["processableQuantity"], line["refundableQuantity"]) == (2, 0, 0)
    assert line["unprocessedQuantity"] == 2
    assert line["returnReasonDefinition"]["handle"] == "defective"
    assert line["withCodeDiscountedTotalPriceSet"]["shopMoney"] == {
        "amount": "20.0",
        "currencyCode": "USD",
    }


async def test_approval_opens_the_return_and_expects_the_goods(shop: Driver) -> None:
    return_id = await shop.requested(await shop.order())
    payload = await shop.mutate(APPROVE, id=return_id)
    assert payload == {"return": {"id": return_id, "status": "OPEN"}, "userErrors": []}
    found = await read(shop, return_id)
    assert found["requestApprovedAt"] == "2026-11-02T09:00:00Z"
    assert found["order"]["returnStatus"] == "IN_PROGRESS"
    (line,) = found["returnLineItems"]["nodes"]
    assert (line["processableQuantity"], line["refundableQuantity"]) == (2, 2)
    (rfo,) = found["reverseFulfillmentOrders"]["nodes"]
    assert rfo["status"] == "OPEN"
    assert [item["totalQuantity"] for item in rfo["lineItems"]["nodes"]] == [2]


async def test_a_second_answer_to_a_request_is_an_invalid_state(shop: Driver) -> None:
    return_id = await shop.requested(await shop.order())
    await shop.mutate(APPROVE, id=return_id)
    assert codes(await shop.mutate(APPROVE, id=return_id)) == ["INVALID_STATE"]
    decline = {"id": return_id, "declineReason": "OTHER"}
    assert codes(await shop.mutate(DECLINE, input=decline)) == ["INVALID_STATE"]
    assert (await read(shop, return_id))["status"] == "OPEN"


async def test_a_decline_keeps_its_note_and_frees_the_items(shop: Driver) -> None:
    order = await shop.order()
    return_id = await shop.requested(order, quantity=3)
    decline = {"id": return_id, "declineReason": "OTHER", "declineNote": "x" * 500}
    payload = await shop.mutate(DECLINE, input=decline)
    assert payload["return"]["status"] == "DECLINED"
    assert payload["return"]["decline"] == {"reason": "OTHER", "note": "x" * 500}
    assert (await read(shop, await shop.requested(order, quantity=3)))["name"] == "#1001-R2"


async def test_a_decline_note_over_500_characters_is_too_long(shop: Driver) -> None:
    return_id = await shop.requested(await shop.order())
    decline = {"id": return_id, "declineReason": "OTHER", "declineNote": "x" * 501}
    payload = await shop.mutate(DECLINE, input=decline)
    assert codes(payload) == ["TOO_LONG"]
    assert payload["return"] is None
    assert (await read(shop, return_id))["status"] == "REQUESTED"


async def test_an_open_return_is_cancelled_only_while_untouched(shop: Driver) -> None:
    order = await shop.order()
    touched, untouched = await shop.opened(order, quantity=1), await shop.opened(order, quantity=1)
    process = {"lines": [{"sku": "LAMP", "quantity": 1, "disposition": "MISSING"}]}
    await shop.control(f"/shops/acme/returns/{touched.rpartition('/')[2]}/process", process)
    assert codes(await shop.mutate(CANCEL, id=touched)) == ["INVALID_STATE"]
    payload = await shop.mutate(CANCEL, id=untouched)
    assert payload["return"]["status"] == "CANCELED"
    (rfo,) = (await read(shop, untouched))["reverseFulfillmentOrders"]["nodes"]
    assert rfo["status"] == "CANCELED"


async def test_an_app_can_not_cancel_a_request_but_the_customer_can(shop: Driver) -> None:
    return_id = await shop.requested(await shop.order())
    assert codes(await shop.mutate(CANCEL, id=return_id)) == ["INVALID_STATE"]
    shown = await shop.control(f"/shops/acme/returns/{return_id.rpartition('/')[2]}/cancel")
    assert shown["status"] == "CANCELED"


async def test_closing_ends_a_return_once_and_reopening_starts_it_again(shop: Driver) -> None:
    return_id = await shop.opened(await shop.order())
    shop.clock.pass_(hours=1)
    payload = await shop.mutate(CLOSE, id=return_id)
    assert payload["return"] == {"status": "CLOSED", "closedAt": "2026-11-02T10:00:00Z"}
    assert codes(await shop.mutate(CLOSE, id=return_id)) == ["INVALID_STATE"]
    reopened = await shop.mutate(
        "mutation R($id: ID!) { returnReopen(id: $id) { return { status closedAt } userErrors { code } } }",
        id=return_id,
    )
    assert reopened["return"] == {"status": "OPEN", "closedAt": None}


@pytest.mark.parametrize("mutation", [CLOSE, CANCEL], ids=["close", "cancel"])
async def test_a_request_can_be_neither_closed_nor_cancelled(shop: Driver, mutation: str) -> None:
    return_id = await shop.requested(await shop.order())
    assert codes(await shop.mutate(mutation, id=return_id)) == ["INVALID_STATE"]


async def test_an_unknown_return_is_not_found(shop: Driver) -> None:
    payload = await shop.mutate(APPROVE, id="gid://shopify/Return/999999")
    assert codes(payload) == ["NOT_FOUND"]
    assert (await shop.ask(READ, id="gid://shopify/Return/999999"))["return"] is None


async def test_an_id_of_another_type_is_an_error_of_the_request(shop: Driver) -> None:
    body = await shop.body(READ, id="gid://shopify/Order/1")
    assert "Invalid global id" in body["errors"][0]["message"]


async def test_removing_lines_takes_them_out_of_the_return_and_of_the_expected_goods(
    shop: Driver,
) -> None:
    order = await shop.order(
        {"sku": "LAMP", "quantity": 2, "price": "10.00"},
        {"sku": "CHAIR", "quantity": 2, "price": "50.00"},
    )
    lines = [{"sku": sku, "quantity": 2, "reason": "OTHER"} for sku in ("LAMP", "CHAIR")]
    body = {"order_id": order["order_id"], "lines": lines, "open": True}
    return_id = (await shop.control("/shops/acme/returns", body))["return_id"]
    lamp, chair = (await read(shop, return_id))["returnLineItems"]["nodes"]
    wanted = [
        {"returnLineItemId": lamp["id"], "quantity": 1},
        {"returnLineItemId": chair["id"], "quantity": 2},
    ]
    payload = await shop.mutate(REMOVE, id=return_id, lines=wanted)
    assert payload == {"return": {"status": "OPEN", "totalQuantity": 1}, "userErrors": []}
    found = await read(shop, return_id)
    assert [line["quantity"] for line in found["returnLineItems"]["nodes"]] == [1]
    (rfo,) = found["reverseFulfillmentOrders"]["nodes"]
    assert [item["totalQuantity"] for item in rfo["lineItems"]["nodes"]] == [1]
    returnable = await shop.ask(RETURNABLE, id=order["order_id"])
    (fulfillment,) = returnable["returnableFulfillments"]["nodes"]
    left = {
        n["fulfillmentLineItem"]["lineItem"]["sku"]: n["quantity"]
        for n in fulfillment["returnableFulfillmentLineItems"]["nodes"]
    }
    assert left == {"LAMP": 1, "CHAIR": 2}


async def test_removing_more_than_there_is_or_all_of_it_is_refused(shop: Driver) -> None:
    return_id = await shop.opened(await shop.order())
    (line,) = (await read(shop, return_id))["returnLineItems"]["nodes"]
    for quantity, code in ((3, "LESS_THAN_OR_EQUAL_TO"), (2, "INVALID"), (0, "GREATER_THAN")):
        wanted = [{"returnLineItemId": line["id"], "quantity": quantity}]
        assert codes(await shop.mutate(REMOVE, id=return_id, lines=wanted)) == [code]
    unknown = [{"returnLineItemId": "gid://shopify/ReturnLineItem/9", "quantity": 1}]
    assert codes(await shop.mutate(REMOVE, id=return_id, lines=unknown)) == ["NOT_FOUND"]
    assert (await read(shop, return_id))["totalQuantity"] == 2


async def test_lines_are_removed_only_from_an_open_return(shop: Driver) -> None:
    return_id = await shop.requested(await shop.order())
    (line,) = (await read(shop, return_id))["returnLineItems"]["nodes"]
    wanted = [{"returnLineItemId": line["id"], "quantity": 1}]
    assert codes(await shop.mutate(REMOVE, id=return_id, lines=wanted)) == ["INVALID_STATE"]


async def test_a_created_return_is_open_at_once_and_keeps_its_reason_note(shop: Driver) -> None:
    order = await shop.order()
    item = order["fulfillments"][0]["line_items"][0]["id"]
    reasons = await shop.ask(
        "{ returnReasonDefinitions(first: 50) { nodes { id handle name deleted } } }"
    )
    handles = {r["handle"]: r["id"] for r in reasons["returnReasonDefinitions"]["nodes"]}
    line = {
        "fulfillmentLineItemId": item,
        "quantity": 1,
        "returnReasonDefinitionId": handles["defective"],
        "returnReasonNote": "claim 42",
    }
    given = {"orderId": order["order_id"], "returnLineItems": [line]}
    payload = await shop.mutate(CREATE, input=given)
    assert payload["userErrors"] == []
    assert payload["return"]["status"] == "OPEN"
    assert payload["return"]["returnLineItems"]["nodes"][0]["returnReasonNote"] == "claim 42"
    assert len(payload["return"]["reverseFulfillmentOrders"]["nodes"]) == 1


async def test_more_than_is_left_can_not_be_returned(shop: Driver) -> None:
    order = await shop.order()
    item = order["fulfillments"][0]["line_items"][0]["id"]
    await shop.requested(order, quantity=2)
    line = {"fulfillmentLineItemId": item, "quantity": 2, "returnReason": "OTHER"}
    given = {"orderId": order["order_id"], "returnLineItems": [line]}
    assert codes(await shop.mutate(CREATE, input=given)) == ["INVALID"]
    line["quantity"] = 1
    assert codes(await shop.mutate(CREATE, input=given)) == []
    returnable = await shop.ask(RETURNABLE, id=order["order_id"])
    assert returnable["returnableFulfillments"]["nodes"] == []


async def test_what_was_not_fulfilled_can_not_be_returned(shop: Driver) -> None:
    order = await shop.order(fulfill=False)
    body = {"order_id": order["order_id"], "lines": [{"sku": "LAMP", "quantity": 1}]}
    refusal = await shop.control("/shops/acme/returns", body, status=409)
    assert "no fulfilled line LAMP" in refusal["error"]


async def test_an_exchange_is_refused_and_not_invented(shop: Driver) -> None:
    order = await shop.order()
    item = order["fulfillments"][0]["line_items"][0]["id"]
    given = {
        "orderId": order["order_id"],
        "returnLineItems": [{"fulfillmentLineItemId": item, "quantity": 1}],
        "exchangeLineItems": [{"quantity": 1, "variantId": "gid://shopify/ProductVariant/1"}],
    }
    assert codes(await shop.mutate(CREATE, input=given)) == ["FEATURE_NOT_ENABLED"]
