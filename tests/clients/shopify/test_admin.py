import asyncio
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest

from clients.shopify.admin import AdminApi
from clients.shopify.credentials import ShopCredentials
from clients.shopify.errors import (
    ShopifyError,
    ShopifyRefused,
    ShopifyReplyUnreadable,
    ShopifyThrottled,
    ShopifyUnauthorized,
    ShopifyUnavailable,
    ShopifyUserErrors,
    ShopInactive,
)
from clients.shopify.factory import ShopifyClients
from clients.shopify.generated.enums import CurrencyCode, ReturnDeclineReason, ReturnStatus
from clients.shopify.generated.input_types import (
    MetafieldsSetInput,
    MoneyInput,
    RefundInput,
    RefundLineItemInput,
    RefundShippingInput,
    ReturnDeclineRequestInput,
)

RETURN = "gid://shopify/Return/1"
STATUS = {"return": {"id": RETURN, "status": "OPEN", "order": {"id": "gid://shopify/Order/1"}}}
Costs = list[tuple[str, str, int, int | None]]


def error(code: str | None, message: str = "no") -> dict[str, Any]:
    return {"message": message, "extensions": {"code": code} if code else {}}


async def failure(admin: AdminApi) -> ShopifyError:
    with pytest.raises(ShopifyError) as caught:
        await admin.current_return_status(id=RETURN)
    return caught.value


async def test_an_answer_comes_back_typed(admin: AdminApi, shop: Any) -> None:
    shop.then({"data": STATUS})

    answer = await admin.current_return_status(id=RETURN)

    assert answer.return_ is not None
    assert answer.return_.status is ReturnStatus.OPEN
    request = shop.calls[0]
    assert str(request.url) == "https://acme.myshopify.com/admin/api/2026-10/graphql.json"
    assert request.headers["x-shopify-access-token"] == "token-1"
    assert shop.body(0)["operationName"] == "CurrentReturnStatus"
    assert shop.body(0)["variables"] == {"id": RETURN}


async def test_what_does_not_exist_is_none(admin: AdminApi, shop: Any) -> None:
    shop.then({"data": {"return": None}})

    assert (await admin.current_return_status(id=RETURN)).return_ is None


async def test_an_enum_value_that_we_do_not_know_fails_nothing(admin: AdminApi, shop: Any) -> None:
    shop.then({"data": {"return": {**STATUS["return"], "status": "ON_THE_MOON"}}})

    answer = await admin.current_return_status(id=RETURN)

    assert answer.return_ is not None
    assert answer.return_.status == "ON_THE_MOON"
    assert not answer.return_.status.known
    assert answer.model_dump(mode="json")["return_"]["status"] == "ON_THE_MOON"
    assert ReturnStatus.OPEN.known


async def test_costs_are_added_up_and_reported(
    admin: AdminApi, shop: Any, costs: Costs, cost_of: Callable[..., Any]
) -> None:
    shop.then({"data": STATUS, "extensions": cost_of(12, 3)})
    shop.then({"data": STATUS, "extensions": cost_of(12, 4, available=1500)})

    await admin.current_return_status(id=RETURN)
    await admin.current_return_status(id=RETURN)

    assert admin.cost_spent == 7
    assert costs == [("acme", "CurrentReturnStatus", 12, 3), ("acme", "CurrentReturnStatus", 12, 4)]
    assert admin.last_cost is not None
    assert admin.last_cost.currently_available == 1500


async def test_a_version_that_shopify_no_longer_serves_is_told_once(
    admin: AdminApi, shop: Any, caplog: pytest.LogCaptureFixture
) -> None:
    for version in ("2026-10", "2027-01", "2027-01"):
        shop.then({"data": STATUS}, headers={"X-Shopify-API-Version": version})
        await admin.current_return_status(id=RETURN)

    told = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert told == ["acme: asked for API 2026-10, got 2027-01"]


async def test_a_refusal_quotes_what_shopify_says(admin: AdminApi, shop: Any) -> None:
    shop.then({"errors": "Unavailable Shop"}, status=402)

    assert "HTTP 402: Unavailable Shop" in str(await failure(admin))


async def test_an_answer_without_a_readable_cost_is_still_an_answer(
    admin: AdminApi, shop: Any, costs: Costs
) -> None:
    shop.then({"data": STATUS, "extensions": {"cost": {"requestedQueryCost": "many"}}})

    await admin.current_return_status(id=RETURN)

    assert (admin.cost_spent, costs) == (0, [])


async def test_throttled_with_200_says_when_the_query_is_affordable(
    admin: AdminApi, shop: Any, costs: Costs, cost_of: Callable[..., Any]
) -> None:
    shop.then({"errors": [error("THROTTLED")], "extensions": cost_of(570, None, available=70)})

    caught = await failure(admin)

    assert isinstance(caught, ShopifyThrottled)
    assert caught.retry_after == pytest.approx(5.0)
    assert (caught.shop, caught.operation) == ("acme", "CurrentReturnStatus")
    assert (caught.request_id, caught.code) == ("req-1", "THROTTLED")
    assert admin.cost_spent == 0
    assert costs == [("acme", "CurrentReturnStatus", 570, None)]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"Retry-After": "4.5"}, 4.5), ({}, 2.0), ({"Retry-After": "soon"}, 2.0)],
)
async def test_429_says_when_to_come_back(
    admin: AdminApi, shop: Any, headers: dict[str, str], seconds: float
) -> None:
    shop.then(status=429, headers=headers)

    caught = await failure(admin)

    assert isinstance(caught, ShopifyThrottled)
    assert caught.retry_after == seconds


async def test_a_retry_after_given_as_a_date_that_has_passed_is_still_a_wait(
    admin: AdminApi, shop: Any
) -> None:
    shop.then(status=429, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})

    caught = await failure(admin)

    assert isinstance(caught, ShopifyThrottled)
    assert 0 < caught.retry_after < 1


async def test_throttled_without_costs_waits_a_little(admin: AdminApi, shop: Any) -> None:
    shop.then({"errors": [error("THROTTLED")]})

    caught = await failure(admin)

    assert isinstance(caught, ShopifyThrottled)
    assert caught.retry_after == 2.0


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, ShopifyRefused),
        (400, ShopifyRefused),
        (402, ShopInactive),
        (403, ShopifyRefused),
        (404, ShopifyRefused),
        (408, ShopifyUnavailable),
        (423, ShopInactive),
        (500, ShopifyUnavailable),
        (502, ShopifyUnavailable),
        (503, ShopifyUnavailable),
        (504, ShopifyUnavailable),
    ],
)
async def test_a_status_tells_whether_to_come_back(
    admin: AdminApi, shop: Any, status: int, kind: type[ShopifyError]
) -> None:
    shop.then(status=status)

    caught = await failure(admin)

    assert type(caught) is kind
    assert (caught.status, caught.request_id) == (status, "req-1")
    assert len(shop.calls) == 1, "one attempt"


@pytest.mark.parametrize(
    "broken",
    [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout("slow"),
        httpx.PoolTimeout("busy"),
        httpx.RemoteProtocolError("cut off"),
    ],
)
async def test_no_answer_is_unavailable(
    admin: AdminApi, shop: Any, broken: httpx.RequestError
) -> None:
    shop.answers.append(broken)

    caught = await failure(admin)

    assert isinstance(caught, ShopifyUnavailable)
    assert type(broken).__name__ in str(caught)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ACCESS_DENIED", ShopifyRefused),
        ("MAX_COST_EXCEEDED", ShopifyRefused),
        ("undefinedField", ShopifyRefused),
        ("A_CODE_OF_NEXT_YEAR", ShopifyRefused),
        (None, ShopifyRefused),
        ("SHOP_INACTIVE", ShopInactive),
        ("INTERNAL_SERVER_ERROR", ShopifyUnavailable),
        ("TIMEOUT", ShopifyUnavailable),
        ("IDEMPOTENCY_CONCURRENT_REQUEST", ShopifyUnavailable),
    ],
)
async def test_a_graphql_error_is_told_by_its_code(
    admin: AdminApi, shop: Any, code: str | None, kind: type[ShopifyError]
) -> None:
    shop.then({"errors": [error(code)]})

    caught = await failure(admin)

    assert type(caught) is kind
    assert caught.code == code


async def test_one_permanent_error_among_transient_ones_is_permanent(
    admin: AdminApi, shop: Any
) -> None:
    shop.then({"errors": [error("INTERNAL_SERVER_ERROR"), error("ACCESS_DENIED")]})

    caught = await failure(admin)

    assert type(caught) is ShopifyRefused
    assert caught.code == "ACCESS_DENIED"


async def test_data_beside_errors_is_not_used(admin: AdminApi, shop: Any) -> None:
    shop.then({"data": STATUS, "errors": [error("ACCESS_DENIED", "no read_orders")]})

    caught = await failure(admin)

    assert isinstance(caught, ShopifyRefused)
    assert "no read_orders" in str(caught)


async def test_errors_as_a_bare_text_are_refused(admin: AdminApi, shop: Any) -> None:
    shop.then({"errors": "Not Found"})

    caught = await failure(admin)

    assert type(caught) is ShopifyRefused
    assert "Not Found" in str(caught)


async def test_a_page_of_some_proxy_is_unavailable(admin: AdminApi, shop: Any) -> None:
    shop.then_raw(b"<html>hello</html>")

    caught = await failure(admin)

    assert isinstance(caught, ShopifyUnavailable)
    assert "text/html" in str(caught)
    assert "hello" not in str(caught)


@pytest.mark.parametrize(
    "body",
    [[], {}, {"data": None}, {"data": []}, {"data": {"return": {"id": RETURN}}}, {"data": {}}],
)
async def test_an_answer_of_another_shape_is_unreadable(
    admin: AdminApi, shop: Any, body: object
) -> None:
    shop.then(body)

    caught = await failure(admin)

    assert isinstance(caught, ShopifyReplyUnreadable)
    assert caught.request_id == "req-1"


async def test_user_errors_are_raised_with_their_codes(admin: AdminApi, shop: Any) -> None:
    fault = {"code": "INVALID_STATE", "field": ["input", "id"], "message": "is not requested"}
    shop.then({"data": {"returnDeclineRequest": {"return": None, "userErrors": [fault]}}})

    with pytest.raises(ShopifyUserErrors) as caught:
        await admin.return_decline_request(
            input=ReturnDeclineRequestInput(id=RETURN, decline_reason=ReturnDeclineReason.OTHER)
        )

    assert caught.value.codes == {"INVALID_STATE"}
    assert caught.value.code == "INVALID_STATE"
    assert caught.value.errors[0].field == ("input", "id")
    assert "input.id: is not requested" in str(caught.value)
    assert caught.value.operation == "ReturnDeclineRequest"


async def test_user_errors_without_codes_are_raised_too(admin: AdminApi, shop: Any) -> None:
    fault = {"field": None, "message": "Order does not exist"}
    shop.then({"data": {"tagsAdd": {"node": None, "userErrors": [fault]}}})

    with pytest.raises(ShopifyUserErrors) as caught:
        await admin.tags_add(id=RETURN, tags=["claim"])

    assert (caught.value.code, caught.value.codes) == (None, frozenset())
    assert caught.value.errors[0].field == ()


async def test_a_user_error_that_passes_by_itself_is_unavailable(
    admin: AdminApi, shop: Any
) -> None:
    fault = {"code": "IDEMPOTENCY_CONCURRENT_REQUEST", "field": None, "message": "wait"}
    shop.then({"data": {"refundCreate": {"refund": None, "userErrors": [fault]}}})

    with pytest.raises(ShopifyUnavailable):
        await admin.refund_create(input=RefundInput(order_id="o"), idempotency_key="k")


async def test_a_mutation_without_a_payload_is_not_taken_for_done(
    admin: AdminApi, shop: Any
) -> None:
    shop.then({"data": {"returnClose": None}})

    with pytest.raises(ShopifyReplyUnreadable, match="returnClose"):
        await admin.return_close(id=RETURN)


async def test_money_travels_as_text_and_what_is_unset_stays_away(
    admin: AdminApi, shop: Any
) -> None:
    shop.then({"data": {"return": None}})
    shipping = RefundShippingInput(
        shipping_refund_amount=MoneyInput(amount=Decimal("4.10"), currency_code=CurrencyCode.EUR)
    )

    await admin.return_suggested_outcome(
        id=RETURN, return_line_items=[], exchange_line_items=[], refund_shipping=shipping
    )

    assert shop.body(0)["variables"]["refundShipping"] == {
        "shippingRefundAmount": {"amount": "4.10", "currencyCode": "EUR"}
    }


async def test_a_refund_carries_its_idempotency_key_as_a_directive(
    admin: AdminApi, shop: Any
) -> None:
    shop.then({"data": {"refundCreate": {"refund": None, "userErrors": []}}})
    lines = [RefundLineItemInput(line_item_id="l", quantity=1)]

    await admin.refund_create(
        input=RefundInput(order_id="o", refund_line_items=lines), idempotency_key="k-1"
    )

    sent = shop.body(0)
    assert "@idempotent(key: $idempotencyKey)" in sent["query"]
    assert sent["variables"]["idempotencyKey"] == "k-1"
    assert sent["variables"]["input"]["refundLineItems"] == [{"lineItemId": "l", "quantity": 1}]


async def test_a_null_digest_is_sent_since_it_means_must_not_exist(
    admin: AdminApi, shop: Any
) -> None:
    shop.then({"data": {"metafieldsSet": {"metafields": [], "userErrors": []}}})
    field = MetafieldsSetInput(owner_id="o", key="case", value="x", compare_digest=None)

    await admin.metafields_set(metafields=[field])

    assert shop.body(0)["variables"]["metafields"] == [
        {"ownerId": "o", "key": "case", "value": "x", "compareDigest": None}
    ]


async def test_a_refused_token_is_renewed_once_and_the_call_repeated(
    admin: AdminApi, shop: Any
) -> None:
    shop.then(status=401)
    shop.then({"data": STATUS})

    await admin.current_return_status(id=RETURN)

    tokens = [call.headers["x-shopify-access-token"] for call in shop.calls]
    assert tokens == ["token-1", "token-2"]


async def test_a_token_refused_twice_is_unauthorized_and_not_kept(
    admin: AdminApi, shop: Any
) -> None:
    shop.then(status=401)
    shop.then(status=401)
    shop.then({"data": STATUS})

    assert isinstance(await failure(admin), ShopifyUnauthorized)
    await admin.current_return_status(id=RETURN)

    assert shop.calls[-1].headers["x-shopify-access-token"] == "token-3"


async def test_a_static_token_that_is_refused_is_unauthorized_at_once(
    http: httpx.AsyncClient, shop: Any
) -> None:
    static = ShopCredentials(
        shop="acme", base_url="https://acme.myshopify.com", access_token="shpat_1"
    )
    shop.then(status=401)

    caught = await failure(ShopifyClients(http).for_shop(static))

    assert isinstance(caught, ShopifyUnauthorized)
    assert shop.token_calls == []
    assert len(shop.calls) == 1


async def test_a_shop_keeps_its_client_until_its_credentials_change(
    http: httpx.AsyncClient,
    shop: Any,
    credentials: ShopCredentials,
    cost_of: Callable[..., Any],
) -> None:
    clients = ShopifyClients(http)
    shop.then({"data": STATUS, "extensions": cost_of(2, 2)})
    first = clients.for_shop(credentials)
    await first.current_return_status(id=RETURN)

    rotated = ShopCredentials(
        shop="acme", base_url=credentials.base_url, client_id="our-app", client_secret="new"
    )

    assert clients.for_shop(credentials) is first
    assert clients.for_shop(rotated) is not first
    assert clients.for_shop(rotated).cost_spent == clients.cost_spent("acme") == 2
    assert clients.cost_spent("other") == 0


async def test_closing_a_shops_client_leaves_the_shared_pool_open(
    admin: AdminApi, shop: Any, http: httpx.AsyncClient
) -> None:
    async with admin:
        pass

    assert not http.is_closed


async def test_the_factory_closes_only_a_pool_of_its_own(http: httpx.AsyncClient) -> None:
    async with ShopifyClients(http):
        pass
    own = ShopifyClients()
    await own.aclose()

    assert not http.is_closed
    assert own._http.is_closed


async def test_calls_at_the_same_time_each_get_their_own_answer(
    credentials: ShopCredentials,
) -> None:
    async def echo(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("access_token"):
            return httpx.Response(200, json={"access_token": "t", "expires_in": 100})
        asked = request.content.decode().split("Return/")[1].split('"')[0]
        await asyncio.sleep(0.01 if asked == "1" else 0)
        found = {"id": asked, "status": "OPEN", "order": {"id": "o"}}
        return httpx.Response(200, json={"data": {"return": found}})

    async with httpx.AsyncClient(transport=httpx.MockTransport(echo)) as http:
        admin = ShopifyClients(http).for_shop(credentials)
        answers = await asyncio.gather(
            *(admin.current_return_status(id=f"gid://shopify/Return/{n}") for n in (1, 2, 3))
        )

    assert [answer.return_.id for answer in answers if answer.return_] == ["1", "2", "3"]
