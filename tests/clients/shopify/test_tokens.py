import asyncio
from typing import Any

import httpx
import pytest

from clients.shopify.credentials import ShopCredentials
from clients.shopify.errors import (
    ShopifyError,
    ShopifyRefused,
    ShopifyReplyUnreadable,
    ShopifyThrottled,
    ShopifyUnauthorized,
    ShopifyUnavailable,
)
from clients.shopify.tokens import AccessTokens


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(credentials: ShopCredentials, http: httpx.AsyncClient, clock: Clock) -> AccessTokens:
    return AccessTokens(credentials, http, clock)


async def test_a_token_is_asked_for_by_client_credentials(tokens: AccessTokens, shop: Any) -> None:
    assert await tokens.current() == "token-1"

    request = shop.token_calls[0]
    assert str(request.url) == "https://acme.myshopify.com/admin/oauth/access_token"
    assert request.content == (
        b"grant_type=client_credentials&client_id=our-app&client_secret=hush"
    )


async def test_a_token_is_kept_until_shortly_before_it_expires(
    tokens: AccessTokens, shop: Any, clock: Clock
) -> None:
    await tokens.current()
    clock.now += 86399 - 301
    assert await tokens.current() == "token-1"

    clock.now += 2

    assert await tokens.current() == "token-2"


async def test_a_short_lived_token_is_not_renewed_at_every_call(
    tokens: AccessTokens, shop: Any, clock: Clock
) -> None:
    shop.grants.append(httpx.Response(200, json={"access_token": "brief", "expires_in": 60}))
    await tokens.current()
    clock.now += 53
    assert await tokens.current() == "brief"

    clock.now += 2

    assert await tokens.current() == "token-2"


async def test_many_callers_share_one_request(tokens: AccessTokens, shop: Any) -> None:
    found = await asyncio.gather(*(tokens.current() for _ in range(20)))

    assert set(found) == {"token-1"}
    assert len(shop.token_calls) == 1


async def test_a_failed_request_fails_all_who_waited_and_is_not_remembered(
    tokens: AccessTokens, shop: Any
) -> None:
    shop.grants.append(httpx.Response(503))

    found = await asyncio.gather(*(tokens.current() for _ in range(3)), return_exceptions=True)

    assert [type(one) for one in found] == [ShopifyUnavailable] * 3
    assert len(shop.token_calls) == 1
    assert await tokens.current() == "token-2"


async def test_a_caller_that_gives_up_does_not_take_the_token_from_the_others(
    credentials: ShopCredentials,
) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def slow(request: httpx.Request) -> httpx.Response:
        asked.set()
        await answer.wait()
        return httpx.Response(200, json={"access_token": "late", "expires_in": 100})

    async with httpx.AsyncClient(transport=httpx.MockTransport(slow)) as http:
        tokens = AccessTokens(credentials, http)
        impatient = asyncio.create_task(tokens.current())
        patient = asyncio.create_task(tokens.current())
        await asked.wait()
        impatient.cancel()
        answer.set()

        assert await patient == "late"
        with pytest.raises(asyncio.CancelledError):
            await impatient


async def test_only_the_token_that_was_refused_is_forgotten(
    tokens: AccessTokens, shop: Any
) -> None:
    first = await tokens.current()
    tokens.forget(first)
    second = await tokens.current()

    tokens.forget(first)

    assert await tokens.current() == second == "token-2"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(400, json={"error": "invalid_client"}), ShopifyUnauthorized),
        (httpx.Response(401), ShopifyUnauthorized),
        (httpx.Response(403, text="no"), ShopifyUnauthorized),
        (httpx.Response(404), ShopifyRefused),
        (httpx.Response(429, headers={"Retry-After": "3"}), ShopifyThrottled),
        (httpx.Response(500), ShopifyUnavailable),
        (httpx.ConnectError("refused"), ShopifyUnavailable),
        (httpx.Response(200, text="<html>"), ShopifyReplyUnreadable),
        (httpx.Response(200, json={"access_token": "", "expires_in": 1}), ShopifyReplyUnreadable),
        (httpx.Response(200, json={"access_token": "leak-me"}), ShopifyReplyUnreadable),
    ],
)
async def test_a_refused_request_is_a_typed_error_without_secrets(
    tokens: AccessTokens, shop: Any, answer: httpx.Response | Exception, kind: type[ShopifyError]
) -> None:
    shop.grants.append(answer)

    with pytest.raises(ShopifyError) as caught:
        await tokens.current()

    assert type(caught.value) is kind
    assert (caught.value.shop, caught.value.operation) == ("acme", "access token")
    told = f"{caught.value} {caught.value!r} {caught.value.__cause__!r}"
    assert "hush" not in told
    assert "leak-me" not in told


async def test_the_oauth_error_is_the_code(tokens: AccessTokens, shop: Any) -> None:
    shop.grants.append(httpx.Response(400, json={"error": "shop_not_permitted"}))

    with pytest.raises(ShopifyUnauthorized) as caught:
        await tokens.current()

    assert caught.value.code == "shop_not_permitted"


async def test_a_static_token_needs_no_request(http: httpx.AsyncClient, shop: Any) -> None:
    static = ShopCredentials(shop="acme", base_url="https://x.test", access_token="shpat_1")

    assert await AccessTokens(static, http).current() == "shpat_1"
    assert shop.token_calls == []


def test_credentials_do_not_show_their_secrets() -> None:
    both = ShopCredentials(
        shop="acme",
        base_url="https://x.test/",
        client_id="app",
        client_secret="hush",
        access_token="shpat_1",
    )

    assert "hush" not in repr(both)
    assert "shpat_1" not in repr(both)
    assert both.graphql_url == "https://x.test/admin/api/2026-10/graphql.json"


@pytest.mark.parametrize(
    "wrong",
    [
        {"shop": "Acme"},
        {"shop": ""},
        {"shop": "a/b"},
        {"base_url": "acme.myshopify.com"},
        {"base_url": "ftp://acme.myshopify.com"},
        {"base_url": "https://user:pass@acme.myshopify.com"},
        {"base_url": "https://acme.myshopify.com?x=1"},
        {"api_version": "latest"},
        {"client_secret": ""},
        {"client_id": ""},
    ],
)
def test_credentials_that_cannot_work_are_refused(wrong: dict[str, str]) -> None:
    right = {
        "shop": "acme",
        "base_url": "https://acme.myshopify.com",
        "client_id": "app",
        "client_secret": "hush",
    }

    with pytest.raises(ValueError) as caught:
        ShopCredentials(**{**right, **wrong})

    assert "hush" not in str(caught.value)
    assert "pass@" not in str(caught.value)
