"""The client and the emulator are two readings of Shopify's contract: here they meet."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import httpx
import pytest

from clients.shopify.admin import AdminApi
from clients.shopify.credentials import ShopCredentials
from clients.shopify.errors import ShopifyThrottled, ShopifyUnauthorized, ShopifyUserErrors
from clients.shopify.factory import ShopifyClients
from clients.shopify.generated.enums import (
    CurrencyCode,
    MetafieldAdminAccessInput,
    MetafieldOwnerType,
    RefundLineItemRestockType,
    ReturnDeclineReason,
    ReturnStatus,
    ReverseFulfillmentOrderDispositionType,
    WebhookSubscriptionTopic,
)
from clients.shopify.generated.input_types import (
    MetafieldAccessInput,
    MetafieldDefinitionInput,
    MetafieldsSetInput,
    MoneyInput,
    OrderTransactionInput,
    RefundInput,
    RefundLineItemInput,
    ReturnApproveRequestInput,
    ReturnDeclineRequestInput,
    ReturnInput,
    ReturnLineItemInput,
    ReturnLineItemRemoveFromReturnInput,
    ReturnProcessFinancialTransferInput,
    ReturnProcessInput,
    ReturnProcessRefundInput,
    ReturnProcessReturnLineItemInput,
    ReturnRefundOrderTransactionInput,
    ReverseFulfillmentOrderDisposeInput,
    SuggestedOutcomeReturnLineItemInput,
    WebhookSubscriptionInput,
)
from clients.shopify.generated.return_suggested_outcome import (
    ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeFinancialTransferRefundReturnOutcome as Refund,
)
from clients.shopify.pages import (
    all_locations,
    all_metafield_definitions,
    all_order_returns,
    all_return_reasons,
    all_webhook_subscriptions,
    orders_with_returns,
    read_order_for_routing,
)
from clients.shopify.whole import WholeReturn, read_claimable_order, read_whole_return
from emulators.shopify.app import create_app
from emulators.shopify.options import Options

# Who may edit a metafield can be set in an app's own namespace only.
NAMESPACE = "$app:gridcase"
LINES = [
    {"sku": "MUG", "quantity": 2, "vendor": "Kilnworks", "price": "20.00"},
    {"sku": "TEA", "quantity": 1, "vendor": "Leafco", "price": "8.00"},
]


@dataclass
class Emulated:
    """A shop of the emulator, from both sides: our client, and the people who use the shop."""

    admin: AdminApi
    http: httpx.AsyncClient

    async def control(self, path: str, body: object = None) -> dict[str, Any]:
        answer = await self.http.post(f"/_emulator{path}", json=body or {})
        assert answer.is_success, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def order(self) -> str:
        body = {"lines": LINES, "fulfill": True}
        return str((await self.control("/shops/acme/orders", body))["order_id"])

    async def requested_return(self) -> tuple[str, str]:
        order = await self.order()
        body = {"order_id": order, "lines": [{"sku": "MUG", "quantity": 2}]}
        return order, str((await self.control("/shops/acme/returns", body))["return_id"])

    async def whole_return(self, return_id: str) -> WholeReturn:
        found = await read_whole_return(self.admin, return_id)
        assert found is not None
        return found


@pytest.fixture
async def emulated() -> AsyncIterator[Emulated]:
    options = Options()
    app = create_app(options)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://shopify.test") as http:
        credentials = ShopCredentials(
            shop="acme",
            base_url="http://shopify.test/acme",
            client_id=options.client_id,
            client_secret=options.client_secret,
        )
        shop = Emulated(ShopifyClients(http).for_shop(credentials), http)
        await shop.control("/shops/acme", {"currency": "EUR"})
        yield shop
    await app.state.emulator.aclose()


async def test_a_return_is_approved_processed_refunded_and_closed(emulated: Emulated) -> None:
    admin = emulated.admin
    order_id, return_id = await emulated.requested_return()
    status = (await admin.current_return_status(id=return_id)).return_
    assert status is not None
    assert (status.status, status.order.id) == (ReturnStatus.REQUESTED, order_id)

    await admin.return_approve_request(input=ReturnApproveRequestInput(id=return_id))
    whole = await emulated.whole_return(return_id)

    assert whole.details.status is ReturnStatus.OPEN
    [line] = whole.lines
    assert (line.quantity, line.fulfillment_line_item.line_item.vendor) == (2, "Kilnworks")
    assert line.fulfillment_line_item.line_item.discounted_unit_price_set.shop_money.amount == 20
    location = whole.shipped_from[line.fulfillment_line_item.id].location
    assert location is not None

    suggested = await admin.return_suggested_outcome(
        id=return_id,
        return_line_items=[SuggestedOutcomeReturnLineItemInput(id=line.id, quantity=2)],
        exchange_line_items=[],
    )
    assert suggested.return_ is not None
    outcome = suggested.return_.suggested_financial_outcome
    assert outcome is not None
    assert outcome.discounted_subtotal.shop_money.amount == Decimal("40.00")
    assert isinstance(outcome.financial_transfer, Refund)
    [transaction] = outcome.financial_transfer.suggested_transactions
    assert transaction.parent_transaction is not None
    processed = await admin.return_process(
        input=ReturnProcessInput(
            return_id=return_id,
            return_line_items=[
                ReturnProcessReturnLineItemInput(
                    id=line.id,
                    quantity=2,
                    dispositions=[
                        ReverseFulfillmentOrderDisposeInput(
                            reverse_fulfillment_order_line_item_id=whole.goods[0].id,
                            quantity=2,
                            disposition_type=ReverseFulfillmentOrderDispositionType.RESTOCKED,
                            location_id=location.id,
                        )
                    ],
                )
            ],
            financial_transfer=ReturnProcessFinancialTransferInput(
                issue_refund=ReturnProcessRefundInput(
                    order_transactions=[
                        ReturnRefundOrderTransactionInput(
                            parent_id=transaction.parent_transaction.id,
                            transaction_amount=MoneyInput(
                                amount=Decimal("40.00"), currency_code=CurrencyCode.EUR
                            ),
                        )
                    ]
                )
            ),
        )
    )

    assert processed.return_process is not None
    assert processed.return_process.return_ is not None
    [after] = processed.return_process.return_.return_line_items.nodes
    assert (after.processed_quantity, after.processable_quantity) == (2, 0)
    await admin.return_close(id=return_id)
    closed = await emulated.whole_return(return_id)
    assert closed.details.status is ReturnStatus.CLOSED
    assert closed.goods[0].dispositions[0].type_ == "RESTOCKED"
    [refund] = closed.details.refunds.nodes
    assert refund.total_refunded_set.shop_money.amount == Decimal("40.00")


async def test_a_decision_that_comes_twice_is_an_invalid_state(emulated: Emulated) -> None:
    _, return_id = await emulated.requested_return()
    decline = ReturnDeclineRequestInput(
        id=return_id, decline_reason=ReturnDeclineReason.OTHER, decline_note="Worn"
    )
    await emulated.admin.return_decline_request(input=decline)

    with pytest.raises(ShopifyUserErrors) as caught:
        await emulated.admin.return_decline_request(input=decline)

    assert caught.value.codes == {"INVALID_STATE"}
    assert caught.value.request_id
    declined = (await emulated.whole_return(return_id)).details.decline
    assert declined is not None
    assert (declined.reason, declined.note) == (ReturnDeclineReason.OTHER, "Worn")


async def test_a_claim_on_an_order_creates_a_return_that_is_found_again(
    emulated: Emulated,
) -> None:
    admin = emulated.admin
    order_id = await emulated.order()
    order = await read_claimable_order(admin, order_id)
    assert order is not None
    mug = next(line for line in order.lines if line.sku == "MUG")
    item = next(item for item, line in order.fulfilled.items() if line == mug.id)
    assert order.returnable[item] == 2
    reasons = await all_return_reasons(admin)

    created = await admin.return_create(
        input=ReturnInput(
            order_id=order_id,
            return_line_items=[
                ReturnLineItemInput(
                    fulfillment_line_item_id=item,
                    quantity=2,
                    return_reason_definition_id=reasons[0].id,
                    return_reason_note="claim-17",
                )
            ],
        )
    )

    assert created.return_create is not None
    assert created.return_create.return_ is not None
    returns = await all_order_returns(admin, order_id)
    assert returns is not None
    [found] = returns
    assert found.id == created.return_create.return_.id
    [line] = found.return_line_items.nodes
    assert line.return_reason_note == "claim-17"
    await admin.remove_from_return(
        return_id=found.id,
        return_line_items=[
            ReturnLineItemRemoveFromReturnInput(return_line_item_id=line.id, quantity=1)
        ],
    )
    assert (await emulated.whole_return(found.id)).details.total_quantity == 1
    await admin.return_cancel(id=found.id)
    assert (await emulated.whole_return(found.id)).details.status is ReturnStatus.CANCELED


async def test_a_refund_without_a_return_happens_once_however_often_it_is_sent(
    emulated: Emulated,
) -> None:
    admin = emulated.admin
    order_id = await emulated.order()
    order = await read_claimable_order(admin, order_id)
    assert order is not None
    lines = [
        RefundLineItemInput(
            line_item_id=order.lines[0].id,
            quantity=1,
            restock_type=RefundLineItemRestockType.NO_RESTOCK,
        )
    ]
    suggested = (await admin.order_suggested_refund(id=order_id, refund_line_items=lines)).order
    assert suggested is not None
    assert suggested.suggested_refund is not None
    assert suggested.suggested_refund.amount_set.shop_money.amount == Decimal("20.00")
    [transaction] = suggested.suggested_refund.suggested_transactions
    assert transaction.parent_transaction is not None
    refund = RefundInput(
        order_id=order_id,
        note="claim-18",
        refund_line_items=lines,
        transactions=[
            OrderTransactionInput(
                order_id=order_id,
                parent_id=transaction.parent_transaction.id,
                kind="REFUND",
                gateway=transaction.gateway or "",
                amount=transaction.amount_set.shop_money.amount,
            )
        ],
    )

    for _ in range(2):
        await admin.refund_create(
            input=refund, idempotency_key="4f3c1a52-0000-5000-8000-000000000018"
        )

    found = (await admin.order_refunds(id=order_id)).order
    assert found is not None
    assert [(one.note, one.total_refunded_set.shop_money.amount) for one in found.refunds] == [
        ("claim-18", Decimal("20.00"))
    ]


async def test_tags_and_metafields_of_an_order_are_written_and_compared(
    emulated: Emulated,
) -> None:
    admin = emulated.admin
    order_id = await emulated.order()
    await admin.tags_add(id=order_id, tags=["claim", "gone"])
    await admin.tags_remove(id=order_id, tags=["gone"])
    field = MetafieldsSetInput(
        owner_id=order_id,
        namespace=NAMESPACE,
        key="case",
        type_="single_line_text_field",
        value="open",
        compare_digest=None,
    )
    await admin.metafields_set(metafields=[field])

    with pytest.raises(ShopifyUserErrors) as caught:
        await admin.metafields_set(metafields=[field])

    assert caught.value.codes & {"STALE_OBJECT", "INVALID_COMPARE_DIGEST"}
    fields = (await admin.order_gridcase_fields(id=order_id, namespace=NAMESPACE)).order
    assert fields is not None
    assert fields.tags == ["claim"]
    [stored] = fields.metafields.nodes
    assert (stored.key, stored.value) == ("case", "open")
    assert stored.compare_digest


async def test_a_shop_is_connected(emulated: Emulated) -> None:
    admin = emulated.admin
    access = await admin.app_access()
    assert {"read_returns", "write_returns"} <= {
        scope.handle for scope in access.current_app_installation.access_scopes
    }
    assert access.shop.myshopify_domain == "acme.myshopify.com"
    assert access.shop.currency_code is CurrencyCode.EUR

    subscription = WebhookSubscriptionInput(
        uri="https://gridcase.test/webhooks/shopify", include_fields=["id", "updated_at"]
    )
    await admin.webhook_subscription_create(
        topic=WebhookSubscriptionTopic.RETURNS_REQUEST, subscription=subscription
    )
    [made] = await all_webhook_subscriptions(admin)
    assert made.topic is WebhookSubscriptionTopic.RETURNS_REQUEST
    await admin.webhook_subscription_update(
        id=made.id, subscription=WebhookSubscriptionInput(include_fields=["id"])
    )
    assert (await all_webhook_subscriptions(admin))[0].include_fields == ["id"]
    await admin.webhook_subscription_delete(id=made.id)
    assert await all_webhook_subscriptions(admin) == []

    definition = MetafieldDefinitionInput(
        namespace=NAMESPACE,
        key="case",
        name="Case",
        owner_type=MetafieldOwnerType.ORDER,
        type_="single_line_text_field",
        pin=True,
        access=MetafieldAccessInput(admin=MetafieldAdminAccessInput.MERCHANT_READ),
    )
    await admin.metafield_definition_create(definition=definition)
    [defined] = await all_metafield_definitions(admin, MetafieldOwnerType.ORDER, NAMESPACE)
    assert (defined.key, defined.type_.name) == ("case", "single_line_text_field")
    with pytest.raises(ShopifyUserErrors) as caught:
        await admin.metafield_definition_create(definition=definition)
    assert caught.value.codes == {"TAKEN"}
    assert [location.is_active for location in await all_locations(admin)] == [True]


async def test_orders_are_read_for_routing_and_backfill(emulated: Emulated) -> None:
    order_id, return_id = await emulated.requested_return()

    order = await read_order_for_routing(emulated.admin, order_id)
    found = [one async for one in orders_with_returns(emulated.admin, "updated_at:>2020-01-01")]

    assert order is not None
    assert {line.vendor for line in order.line_items.nodes} == {"Kilnworks", "Leafco"}
    assert order.fulfillment_orders.nodes[0].assigned_location.location is not None
    assert [(one.id, [r.id for r in one.returns]) for one in found] == [(order_id, [return_id])]


async def test_costs_and_throttling_are_read_as_the_shop_tells_them(emulated: Emulated) -> None:
    admin = emulated.admin
    _, return_id = await emulated.requested_return()
    await emulated.whole_return(return_id)
    assert admin.last_cost is not None
    assert admin.last_cost.actual == admin.cost_spent
    assert 0 < admin.cost_spent < admin.last_cost.requested < 500

    answer = await emulated.http.put("/_emulator/faults", json={"api": {"throttle": True}})
    assert answer.is_success
    with pytest.raises(ShopifyThrottled) as caught:
        await admin.current_return_status(id=return_id)

    assert 0 < caught.value.retry_after < 60


async def test_expired_tokens_are_renewed_and_wrong_ones_refused(emulated: Emulated) -> None:
    _, return_id = await emulated.requested_return()
    await emulated.admin.current_return_status(id=return_id)
    await emulated.control("/tokens/expire")

    assert (await emulated.admin.current_return_status(id=return_id)).return_ is not None
    wrong = ShopCredentials(
        shop="acme", base_url="http://shopify.test/acme", client_id="x", client_secret="y"
    )
    with pytest.raises(ShopifyUnauthorized):
        await AdminApi(wrong, emulated.http).current_return_status(id=return_id)
