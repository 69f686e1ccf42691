"""Connection, tokens, bound, and the pool that tenants share."""

import asyncio
from typing import Any

import httpx
import pytest

from clients.trading_grid import errors
from clients.trading_grid.port import TradingGrid
from clients.trading_grid.rest import RestTradingGrid, TradingGridClients

NO_PARTNERS = httpx.Response(200, json={"_embedded": {"collection": []}})


def token_of(request: httpx.Request) -> str:
    return request.headers["Authorization"].removeprefix("Bearer ")


def test_the_secret_is_in_no_text_of_the_connection(make_connection: Any) -> None:
    assert "very-secret" not in f"{make_connection()!r} {make_connection()}"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"tenant": ""}, "without tenant"),
        ({"client_secret": ""}, "without client_secret"),
        ({"base_url": "ftp://tg.example.com"}, "http"),
        ({"base_url": "/v1"}, "http"),
        ({"base_url": "https://[broken/v1"}, "http"),
        ({"base_url": "https://me:pw@tg.example.com"}, "no user"),
        ({"base_url": "https://tg.example.com/v1?x=1"}, "query"),
        ({"base_url": "http://tg.example.com/v1"}, "in clear"),
        ({"token_url": "http://tg.example.com/token"}, "in clear"),
        ({"base_url": "https://tg.example.com:port"}, "not an address"),
        ({"paths": {"casses": "/c"}}, "unknown Trading Grid paths: casses"),
        ({"paths": {"cases": "issues"}}, "slash"),
        ({"max_concurrency": 0}, "max_concurrency"),
        ({"timeout_s": -1}, "timeout_s"),
    ],
)
def test_a_connection_that_cannot_work_is_refused_at_once(
    make_connection: Any, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        make_connection(**changes)


@pytest.mark.parametrize("host", ["localhost:8102", "127.0.0.1:8102", "[::1]:8102"])
def test_plain_http_is_taken_on_this_machine(make_connection: Any, host: str) -> None:
    made = make_connection(base_url=f"http://{host}/v1", token_url=f"http://{host}/t")
    assert str(made.url("cases")) == f"http://{host}/v1/cases"


def test_plain_http_elsewhere_needs_the_flag(make_connection: Any) -> None:
    made = make_connection(
        base_url="http://grid:8102", token_url="http://grid:8102/t", allow_plain_http=True
    )
    assert made.url("events").path == "/events"


def test_paths_are_settings_and_ids_cannot_change_them(make_connection: Any) -> None:
    made = make_connection(paths={"case": "/issues/{case_id}"})
    assert str(made.url("case", case_id="a/../b?c")).endswith("/v1/issues/a%2F..%2Fb%3Fc")
    assert str(made.url("cases")).endswith("/v1/cases")
    for bad in ("", ".", ".."):
        with pytest.raises(ValueError, match="case_id"):
            made.url("case", case_id=bad)


async def test_check_uses_a_token_once(grid: RestTradingGrid, script: Any) -> None:
    script(NO_PARTNERS)
    await grid.check()
    assert token_of(script.calls[0]) == "token-1"
    form = httpx.QueryParams(script.token_calls[0].content.decode())
    assert dict(form) == {
        "grant_type": "client_credentials",
        "client_id": "client",
        "client_secret": "very-secret",
    }


async def test_a_token_is_kept_until_a_minute_before_it_ends(
    grid: RestTradingGrid, script: Any
) -> None:
    script(NO_PARTNERS)
    await grid.check()
    script.now = 3600 - 60 - 1
    await grid.check()
    assert len(script.token_calls) == 1
    script.now = 3600 - 60
    await grid.check()
    assert [token_of(call) for call in script.calls] == ["token-1", "token-1", "token-2"]


async def test_a_token_of_a_minute_or_less_serves_one_call(
    grid: RestTradingGrid, script: Any
) -> None:
    script(NO_PARTNERS).token_answer = httpx.Response(
        200, json={"access_token": "short", "expires_in": 30}
    )
    await grid.check()
    await grid.check()
    assert len(script.token_calls) == 2


async def test_many_callers_share_one_token_request(grid: RestTradingGrid, script: Any) -> None:
    script(NO_PARTNERS)
    await asyncio.gather(*(grid.check() for _ in range(6)))
    assert len(script.token_calls) == 1


async def test_a_cancelled_caller_does_not_take_the_others_token_along(
    make_connection: Any,
) -> None:
    let_go = asyncio.Event()
    asked = 0

    async def handle(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        if "token" in request.url.path:
            asked += 1
            await let_go.wait()
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
        return NO_PARTNERS

    async with httpx.AsyncClient(transport=httpx.MockTransport(handle)) as http:
        grid = RestTradingGrid(make_connection(), http)
        first = asyncio.create_task(grid.check())
        second = asyncio.create_task(grid.check())
        await asyncio.sleep(0.01)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        let_go.set()
        await second
    assert asked == 1


async def test_a_401_is_answered_once_with_a_fresh_token(
    grid: RestTradingGrid, script: Any
) -> None:
    script(httpx.Response(401), NO_PARTNERS)
    await grid.check()
    assert [token_of(call) for call in script.calls] == ["token-1", "token-2"]


async def test_a_second_401_is_unauthorized(grid: RestTradingGrid, script: Any) -> None:
    script(httpx.Response(401))
    with pytest.raises(errors.Unauthorized):
        await grid.check()
    assert len(script.calls) == 2


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_refused_credentials_are_unauthorized_and_unmentioned(
    grid: RestTradingGrid, script: Any, status: int
) -> None:
    script(NO_PARTNERS).token_answer = httpx.Response(status, json={"error": "invalid_client"})
    with pytest.raises(errors.Unauthorized, match="invalid_client") as caught:
        await grid.check()
    assert "very-secret" not in str(caught.value)
    assert script.calls == []


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(503), errors.TradingGridUnavailable),
        (httpx.Response(429, headers={"Retry-After": "3"}), errors.TradingGridThrottled),
        (httpx.Response(200, text="<html>"), errors.MalformedAnswer),
        (httpx.Response(200, json={"access_token": "t"}), errors.ContractMismatch),
        (httpx.Response(200, json={"access_token": "", "expires_in": 9}), errors.Unauthorized),
        (httpx.Response(302, headers={"Location": "/login"}), errors.TradingGridRefused),
    ],
)
async def test_a_token_address_that_fails_says_how(
    grid: RestTradingGrid, script: Any, answer: httpx.Response, kind: type[Exception]
) -> None:
    script(NO_PARTNERS).token_answer = answer
    with pytest.raises(kind):
        await grid.check()


async def test_a_token_address_that_is_not_there_is_unavailable_and_asked_again_later(
    grid: RestTradingGrid, script: Any
) -> None:
    def down(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    script(NO_PARTNERS).token_answer = down
    with pytest.raises(errors.TradingGridUnavailable, match="no token for acme"):
        await grid.check()
    script.token_answer = None
    await grid.check()


async def test_no_more_calls_are_in_flight_than_the_connection_allows(
    make_connection: Any,
) -> None:
    running = most = 0

    async def handle(request: httpx.Request) -> httpx.Response:
        nonlocal running, most
        if "token" in request.url.path:
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.005)
        running -= 1
        return NO_PARTNERS

    async with httpx.AsyncClient(transport=httpx.MockTransport(handle)) as http:
        grid = RestTradingGrid(make_connection(max_concurrency=2), http)
        await asyncio.gather(*(grid.check() for _ in range(8)))
    assert most == 2


async def test_a_tenant_keeps_its_client_until_its_connection_changes(
    make_connection: Any, http: httpx.AsyncClient, script: Any
) -> None:
    clients = TradingGridClients(http)
    first: TradingGrid = clients.for_tenant(make_connection())
    assert clients.for_tenant(make_connection()) is first
    assert clients.for_tenant(make_connection(tenant="other")) is not first
    assert clients.for_tenant(make_connection(client_secret="rotated")) is not first
    await clients.aclose()
    assert not http.is_closed


async def test_an_own_pool_is_closed_at_the_end(make_connection: Any) -> None:
    async with TradingGridClients() as clients:
        grid = clients.for_tenant(make_connection(token_url="http://127.0.0.1:1/token"))
        with pytest.raises(errors.TradingGridUnavailable):
            await grid.check()
    with pytest.raises(RuntimeError, match="closed"):
        await grid.check()
