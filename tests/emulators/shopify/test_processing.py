"""Goods that are back: dispositions, refunds with the return, refunds on the order."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.emulators.shopify.conftest import Driver

PROCESS = """mutation P($input: ReturnProcessInput!) { returnProcess(input: $input) {
  return { id status
    returnLineItems(first: 10) { nodes { id quantity processableQuantity processedQuantity
      unprocessedQuantity refundableQuantity refundedQuantity } }
    refunds(first: 10) { nodes { id totalRefundedSet { shopMoney { amount } } } } }
  userErrors { code field message } } }"""
GOODS = """query G($id: ID!) { return(id: $id) { status order { id returnStatus }
  returnLineItems(first: 10) { nodes { id processableQuantity } }
  reverseFulfillmentOrders(first: 10) { nodes { id lineItems(first: 10) { nodes { id
    totalQuantity dispositions { type quantity location { id name } } } } } } } }"""
OUTCOME = """query O($id: ID!, $lines: [SuggestedOutcomeReturnLineItemInput!]!,
                     $shipping: RefundShippingInput) {
  return(id: $id) { suggestedFinancialOutcome(returnLineItems: $lines, exchangeLineItems: [],
                                              refundShipping: $shipping) {
    discountedSubtotal { shopMoney { amount } } totalTax { shopMoney { amount } }
    maximumRefundable { shopMoney { amount } }
    shipping { amountSet { shopMoney { amount } } }
    financialTransfer { __typename ... on RefundReturnOutcome { amount { shopMoney { amount } }
      suggestedTransactions { kind gateway amountSet { shopMoney { amount currencyCode } }
        maximumRefundableSet { shopMoney { amount } } parentTransaction { id } } } } } } }"""
MONEY = """query M($id: ID!) { order(id: $id) { displayFinancialStatus
  totalReceivedSet { shopMoney { amount } } totalRefundedSet { shopMoney { amount } }
  currentTotalPriceSet { shopMoney { amount } } netPaymentSet { shopMoney { amount } }
  refunds(first: 50) { id note return { id } totalRefundedSet { shopMoney { amount } } }
  transactions(first: 50) { id kind amountSet { shopMoney { amount } } parentTransaction { id } }
  lineItems(first: 10) { nodes { quantity currentQuantity refundableQuantity } } } }"""
REFUND = """mutation R($input: RefundInput!, $key: String!) {
  refundCreate(input: $input) @idempotent(key: $key) {
    refund { id totalRefundedSet { shopMoney { amount } } }
    order { id } userErrors { field message } } }"""
SUGGEST = """query S($id: ID!, $lines: [RefundLineItemInput!], $full: Boolean) { order(id: $id) {
  suggestedRefund(refundLineItems: $lines, suggestFullRefund: $full) {
    amountSet { shopMoney { amount } } discountedSubtotalSet { shopMoney { amount } }
    totalTaxSet { shopMoney { amount } } maximumRefundableSet { shopMoney { amount } }
    refundLineItems { quantity subtotalSet { shopMoney { amount } } }
    suggestedTransactions { kind gateway amountSet { shopMoney { amount } }
      parentTransaction { id } } } } }"""


def amount(bag: dict[str, Any]) -> Decimal:
    return Decimal(bag["shopMoney"]["amount"])


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["userErrors"]]


async def goods(shop: Driver, return_id: str) -> tuple[str, str]:
    """Ids of the first return line and of its reverse fulfillment order line."""
    found = (await shop.ask(GOODS, id=return_id))["return"]
    (rfo,) = found["reverseFulfillmentOrders"]["nodes"]
    return found["returnLineItems"]["nodes"][0]["id"], rfo["lineItems"]["nodes"][0]["id"]


def issue(order: dict[str, Any], value: str, **more: Any) -> dict[str, Any]:
    """A financial transfer that gives back money on the order's payment."""
    transaction = {
        "parentId": order["transactions"][0]["id"],
        "transactionAmount": {"amount": value, "currencyCode": "USD"},
    }
    return {"issueRefund": {"orderTransactions": [transaction], **more}}


async def home(shop: Driver) -> str:
    found = await shop.ask("{ locations(first: 5) { nodes { id name isActive } } }")
    return str(found["locations"]["nodes"][0]["id"])


async def test_processing_with_dispositions_and_a_refund_keeps_every_number_true(
    shop: Driver,
) -> None:
    order = await shop.order()
    return_id = await shop.opened(order)
    line, item = await goods(shop, return_id)
    place = await home(shop)
    dispositions = [
        {
            "reverseFulfillmentOrderLineItemId": item,
            "quantity": 1,
            "dispositionType": "RESTOCKED",
            "locationId": place,
        }
    ]
    payload = await shop.mutate(
        PROCESS,
        input={
            "returnId": return_id,
            "returnLineItems": [{"id": line, "quantity": 1, "dispositions": dispositions}],
            "financialTransfer": issue(order, "10.00"),
            "note": "accepted",
        },
    )
    assert payload["userErrors"] == []
    (shown,) = payload["return"]["returnLineItems"]["nodes"]
    assert shown == {
        "id": line,
        "quantity": 2,
        "processableQuantity": 1,
        "processedQuantity": 1,
        "unprocessedQuantity": 1,
        "refundableQuantity": 1,
        "refundedQuantity": 1,
    }
    (refund,) = payload["return"]["refunds"]["nodes"]
    assert amount(refund["totalRefundedSet"]) == 10
    money = (await shop.ask(MONEY, id=order["order_id"]))["order"]
    assert money["displayFinancialStatus"] == "PARTIALLY_REFUNDED"
    assert amount(money["totalRefundedSet"]) == 10
    assert amount(money["currentTotalPriceSet"]) == 20
    assert amount(money["netPaymentSet"]) == 20
    assert [r["return"]["id"] for r in money["refunds"]] == [return_id]
    assert money["refunds"][0]["note"] == "accepted"
    sale, back = money["transactions"]
    assert (back["kind"], back["parentTransaction"]["id"]) == ("REFUND", sale["id"])
    assert money["lineItems"]["nodes"] == [
        {"quantity": 3, "currentQuantity": 2, "refundableQuantity": 2}
    ]
    found = (await shop.ask(GOODS, id=return_id))["return"]
    (rfo,) = found["reverseFulfillmentOrders"]["nodes"]
    assert rfo["lineItems"]["nodes"][0]["dispositions"] == [
        {"type": "RESTOCKED", "quantity": 1, "location": {"id": place, "name": "Main warehouse"}}
    ]
    state = await shop.control("/state", verb="GET")
    assert state["shops"]["acme"]["variants"][0]["available"] == {"Main warehouse": 1}


async def test_processing_without_money_leaves_the_money_where_it_is(shop: Driver) -> None:
    order = await shop.order()
    return_id = await shop.opened(order)
    line, _ = await goods(shop, return_id)
    given = {"returnId": return_id, "returnLineItems": [{"id": line, "quantity": 2}]}
    payload = await shop.mutate(PROCESS, input=given)
    (shown,) = payload["return"]["returnLineItems"]["nodes"]
    assert (shown["processedQuantity"], shown["refundedQuantity"]) == (2, 0)
    assert payload["return"]["status"] == "OPEN"
    assert payload["return"]["refunds"]["nodes"] == []
    money = (await shop.ask(MONEY, id=order["order_id"]))["order"]
    assert money["displayFinancialStatus"] == "PAID"
    found = (await shop.ask(GOODS, id=return_id))["return"]
    assert found["order"]["returnStatus"] == "INSPECTION_COMPLETE"


async def test_more_than_the_processable_quantity_is_refused(shop: Driver) -> None:
    order = await shop.order()
    return_id = await shop.opened(order)
    line, _ = await goods(shop, return_id)
    given = {"returnId": return_id, "returnLineItems": [{"id": line, "quantity": 3}]}
    payload = await shop.mutate(PROCESS, input=given)
    assert codes(payload) == ["LESS_THAN_OR_EQUAL_TO"]
    twice = [{"id": line, "quantity": 1}, {"id": line, "quantity": 2}]
    given["returnLineItems"] = twice
    assert codes(await shop.mutate(PROCESS, input=given)) == ["LESS_THAN_OR_EQUAL_TO"]
    assert (await shop.ask(MONEY, id=order["order_id"]))["order"]["refunds"] == []


async def test_a_return_that_is_not_open_is_not_processed(shop: Driver) -> None:
    order = await shop.order()
    return_id = await shop.requested(order)
    found = await shop.ask(
        "query R($id: ID!) { return(id: $id) { returnLineItems(first: 1) { nodes { id } } } }",
        id=return_id,
    )
    line = found["return"]["returnLineItems"]["nodes"][0]["id"]
    given = {"returnId": return_id, "returnLineItems": [{"id": line, "quantity": 1}]}
    assert codes(await shop.mutate(PROCESS, input=given)) == ["INVALID_STATE"]


async def test_restocking_needs_a_location_that_exists(shop: Driver) -> None:
    return_id = await shop.opened(await shop.order())
    line, item = await goods(shop, return_id)
    disposition = {
        "reverseFulfillmentOrderLineItemId": item,
        "quantity": 1,
        "dispositionType": "RESTOCKED",
    }
    entry = {"id": line, "quantity": 1, "dispositions": [disposition]}
    given = {"returnId": return_id, "returnLineItems": [entry]}
    payload = await shop.mutate(PROCESS, input=given)
    assert codes(payload) == ["BLANK"]
    assert payload["userErrors"][0]["field"][-1] == "locationId"
    disposition["locationId"] = "gid://shopify/Location/999999"
    assert codes(await shop.mutate(PROCESS, input=given)) == ["NOT_FOUND"]


async def test_dispositions_can_not_exceed_what_is_processed_or_expected(shop: Driver) -> None:
    return_id = await shop.opened(await shop.order())
    line, item = await goods(shop, return_id)
    disposition = {
        "reverseFulfillmentOrderLineItemId": item,
        "quantity": 2,
        "dispositionType": "MISSING",
    }
    entry = {"id": line, "quantity": 1, "dispositions": [disposition]}
    given = {"returnId": return_id, "returnLineItems": [entry]}
    assert codes(await shop.mutate(PROCESS, input=given)) == ["INVALID"]
    disposition["quantity"] = 3
    assert "LESS_THAN_OR_EQUAL_TO" in codes(await shop.mutate(PROCESS, input=given))


async def test_goods_that_need_processing_get_their_final_disposition_later(shop: Driver) -> None:
    return_id = await shop.opened(await shop.order())
    line, item = await goods(shop, return_id)
    held = {
        "reverseFulfillmentOrderLineItemId": item,
        "quantity": 2,
        "dispositionType": "PROCESSING_REQUIRED",
    }
    entry = {"id": line, "quantity": 2, "dispositions": [held]}
    given = {"returnId": return_id, "returnLineItems": [entry]}
    assert codes(await shop.mutate(PROCESS, input=given)) == []
    dispose = """mutation D($inputs: [ReverseFulfillmentOrderDisposeInput!]!) {
      reverseFulfillmentOrderDispose(dispositionInputs: $inputs) {
        reverseFulfillmentOrderLineItems { id dispositions { type quantity } }
        userErrors { code field message } } }"""
    final = {
        "reverseFulfillmentOrderLineItemId": item,
        "quantity": 1,
        "dispositionType": "NOT_RESTOCKED",
    }
    payload = await shop.mutate(dispose, inputs=[final])
    (shown,) = payload["reverseFulfillmentOrderLineItems"]
    assert shown["dispositions"] == [
        {"type": "PROCESSING_REQUIRED", "quantity": 1},
        {"type": "NOT_RESTOCKED", "quantity": 1},
    ]
    assert codes(await shop.mutate(dispose, inputs=[final])) == []
    assert codes(await shop.mutate(dispose, inputs=[final])) == ["LESS_THAN_OR_EQUAL_TO"]


async def test_money_over_what_was_paid_is_refused_unless_it_is_allowed(shop: Driver) -> None:
    order = await shop.order()
    return_id = await shop.opened(order)
    line, _ = await goods(shop, return_id)
    given: dict[str, Any] = {
        "returnId": return_id,
        "returnLineItems": [{"id": line, "quantity": 1}],
        "financialTransfer": issue(order, "30.01"),
    }
    assert codes(await shop.mutate(PROCESS, input=given)) == ["LESS_THAN_OR_EQUAL_TO"]
    assert (await shop.ask(GOODS, id=return_id))["return"]["returnLineItems"]["nodes"][0][
        "processableQuantity"
    ] == 2
    given["financialTransfer"] = issue(order, "30.01", allowOverRefunding=True)
    assert codes(await shop.mutate(PROCESS, input=given)) == []
    money = (await shop.ask(MONEY, id=order["order_id"]))["order"]
    assert money["displayFinancialStatus"] == "REFUNDED"


async def test_a_transfer_needs_transactions_in_the_order_s_currency(shop: Driver) -> None:
    order = await shop.order()
    return_id = await shop.opened(order)
    line, _ = await goods(shop, return_id)
    given: dict[str, Any] = {
        "returnId": return_id,
        "returnLineItems": [{"id": line, "quantity": 1}],
        "financialTransfer": {"issueRefund": {"orderTransactions": []}},
    }
    assert codes(await shop.mutate(PROCESS, input=given)) == ["BLANK"]
    given["financialTransfer"] = issue(order, "5.00")
    transaction = given["financialTransfer"]["issueRefund"]["orderTransactions"][0]
    transaction["transactionAmount"]["currencyCode"] = "EUR"
    assert codes(await shop.mutate(PROCESS, input=given)) == ["INVALID"]
    given["financialTransfer"] = {}
    assert "errors" in await shop.body(PROCESS, input=given)


async def test_the_suggestion_is_the_discounted_price_with_its_tax_on_the_payment(
    shop: Driver,
) -> None:
    order = await shop.order(
        {"sku": "LAMP", "quantity": 3, "price": "10.00", "discount": "5.00", "tax_rate": "0.10"},
        shipping="7.00",
    )
    return_id = await shop.opened(order)
    line, _ = await goods(shop, return_id)
    found = await shop.ask(OUTCOME, id=return_id, lines=[{"id": line, "quantity": 2}])
    outcome = found["return"]["suggestedFinancialOutcome"]
    assert amount(outcome["discountedSubtotal"]) == Decimal("16.67")
    assert amount(outcome["totalTax"]) == Decimal("1.67")
    assert amount(outcome["maximumRefundable"]) == Decimal("34.50")
    transfer = outcome["financialTransfer"]
    assert transfer["__typename"] == "RefundReturnOutcome"
    assert amount(transfer["amount"]) == Decimal("18.34")
    (suggested,) = transfer["suggestedTransactions"]
    assert amount(suggested["amountSet"]) == Decimal("18.34")
    assert suggested["kind"] == "SUGGESTED_REFUND"
    assert suggested["parentTransaction"]["id"] == order["transactions"][0]["id"]
    with_shipping = await shop.ask(
        OUTCOME,
        id=return_id,
        lines=[{"id": line, "quantity": 2}],
        shipping={"fullRefund": True},
    )
    transfer = with_shipping["return"]["suggestedFinancialOutcome"]["financialTransfer"]
    assert amount(transfer["amount"]) == Decimal("25.34")


async def test_a_suggestion_for_more_than_is_refundable_is_an_error(shop: Driver) -> None:
    return_id = await shop.opened(await shop.order())
    line, _ = await goods(shop, return_id)
    body = await shop.body(OUTCOME, id=return_id, lines=[{"id": line, "quantity": 3}])
    assert "between 1 and 2" in body["errors"][0]["message"]


async def test_a_restocking_fee_is_taken_off_the_suggestion(shop: Driver) -> None:
    order = await shop.order()
    line = {"sku": "LAMP", "quantity": 2, "reason": "UNWANTED", "restocking_fee": "10"}
    body = {"order_id": order["order_id"], "lines": [line], "open": True}
    return_id = (await shop.control("/shops/acme/returns", body))["return_id"]
    line_id, _ = await goods(shop, return_id)
    found = await shop.ask(OUTCOME, id=return_id, lines=[{"id": line_id, "quantity": 2}])
    transfer = found["return"]["suggestedFinancialOutcome"]["financialTransfer"]
    assert amount(transfer["amount"]) == 18


async def test_pieces_refunded_one_by_one_add_up_to_the_line(shop: Driver) -> None:
    order = await shop.order(
        {"sku": "LAMP", "quantity": 3, "price": "10.00", "discount": "10.00", "tax_rate": "0.07"}
    )
    line_id = order["line_items"][0]["id"]
    total = Decimal(0)
    for turn in range(3):
        lines = [{"lineItemId": line_id, "quantity": 1}]
        found = await shop.ask(SUGGEST, id=order["order_id"], lines=lines)
        suggestion = found["order"]["suggestedRefund"]
        (transaction,) = suggestion["suggestedTransactions"]
        value = amount(suggestion["amountSet"])
        payment = {
            "orderId": order["order_id"],
            "parentId": transaction["parentTransaction"]["id"],
            "gateway": transaction["gateway"],
            "kind": "REFUND",
            "amount": str(value),
        }
        given = {
            "orderId": order["order_id"],
            "refundLineItems": lines,
            "transactions": [payment],
        }
        payload = await shop.mutate(REFUND, input=given, key=f"turn-{turn}")
        assert payload["userErrors"] == []
        total += value
    assert total == Decimal("21.40")
    money = (await shop.ask(MONEY, id=order["order_id"]))["order"]
    assert money["displayFinancialStatus"] == "REFUNDED"
    assert amount(money["currentTotalPriceSet"]) == 0


async def test_a_refund_refuses_what_is_not_there(shop: Driver) -> None:
    order = await shop.order()
    line_id = order["line_items"][0]["id"]
    payment = {
        "orderId": order["order_id"],
        "parentId": order["transactions"][0]["id"],
        "gateway": "bogus",
        "kind": "REFUND",
        "amount": "31.00",
    }
    wrong: list[dict[str, Any]] = [
        {},
        {"refundLineItems": [{"lineItemId": line_id, "quantity": 4}]},
        {"refundLineItems": [{"lineItemId": line_id, "quantity": 1, "restockType": "RETURN"}]},
        {"transactions": [payment]},
        {"transactions": [payment | {"amount": "1.00", "gateway": "other"}]},
        {"transactions": [payment | {"amount": "1.00", "kind": "SALE"}]},
        {"transactions": [payment | {"amount": "-1.00"}]},
        {"shipping": {"amount": "1.00"}},
    ]
    for turn, given in enumerate(wrong):
        entry = {"orderId": order["order_id"], **given}
        payload = await shop.mutate(REFUND, input=entry, key=f"wrong-{turn}")
        assert payload["userErrors"], given
        assert payload["refund"] is None
    money = (await shop.ask(MONEY, id=order["order_id"]))["order"]
    assert amount(money["totalRefundedSet"]) == 0


async def test_what_was_refunded_on_the_order_can_not_be_returned_any_more(shop: Driver) -> None:
    order = await shop.order(fulfill=False)
    path = f"/shops/acme/orders/{order['order_id'].rpartition('/')[2]}/fulfill"
    await shop.control(path, {"lines": [{"sku": "LAMP", "quantity": 1}]})
    await shop.control(path)
    line_id = order["line_items"][0]["id"]
    given = {
        "orderId": order["order_id"],
        "refundLineItems": [{"lineItemId": line_id, "quantity": 2}],
    }
    assert (await shop.mutate(REFUND, input=given, key="k"))["userErrors"] == []
    body = {"order_id": order["order_id"], "lines": [{"sku": "LAMP", "quantity": 2}]}
    await shop.control("/shops/acme/returns", body, status=409)
    body["lines"] = [{"sku": "LAMP", "quantity": 1}]
    await shop.control("/shops/acme/returns", body)


async def test_a_full_refund_is_suggested_for_all_that_is_left(shop: Driver) -> None:
    order = await shop.order(shipping="4.00")
    found = await shop.ask(SUGGEST, id=order["order_id"], full=True)
    assert amount(found["order"]["suggestedRefund"]["amountSet"]) == 34


async def test_an_unpaid_order_has_nothing_to_refund(shop: Driver) -> None:
    order = await shop.order(paid=False)
    return_id = await shop.opened(order)
    line, _ = await goods(shop, return_id)
    found = await shop.ask(OUTCOME, id=return_id, lines=[{"id": line, "quantity": 2}])
    transfer = found["return"]["suggestedFinancialOutcome"]["financialTransfer"]
    assert amount(transfer["amount"]) == 0
    assert transfer["suggestedTransactions"] == []
