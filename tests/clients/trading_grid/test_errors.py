"""Every way a call can fail, as the typed error the caller acts on."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from clients.trading_grid import errors
from clients.trading_grid.rest import RestTradingGrid


@pytest.mark.parametrize(
    ("status", "kind", "retryable"),
    [
        (302, errors.TradingGridRefused, False),
        (400, errors.TradingGridRefused, False),
        (401, errors.Unauthorized, False),
        (403, errors.Forbidden, False),
        (404, errors.NotFound, False),
        (405, errors.TradingGridRefused, False),
        (408, errors.TradingGridUnavailable, True),
        (409, errors.Conflict, False),
        (410, errors.Gone, False),
        (412, errors.PreconditionFailed, False),
        (413, errors.TooLarge, False),
        (415, errors.TradingGridRefused, False),
        (422, errors.Unprocessable, False),
        (425, errors.TradingGridUnavailable, True),
        (428, errors.PreconditionFailed, False),
        (429, errors.TradingGridThrottled, True),
        (500, errors.TradingGridUnavailable, True),
        (501, errors.TradingGridRefused, False),
        (502, errors.TradingGridUnavailable, True),
        (503, errors.TradingGridUnavailable, True),
        (504, errors.TradingGridUnavailable, True),
    ],
)
async def test_each_status_is_its_error_with_what_the_body_says(
    grid: RestTradingGrid, script: Any, status: int, kind: type[Exception], retryable: bool
) -> None:
    script(
        httpx.Response(
            status,
            json={
                "status": status,
                "error": "Bad",
                "message": "says why",
                "errorCode": "tg-17",
                "details": {"field": "lines"},
            },
            headers={"X-Request-Id": "req-1"},
        )
    )
    with pytest.raises(errors.TradingGridError) as caught:
        await grid.read_case("C1")
    error = caught.value
    assert type(error) is kind
    assert error.retryable is retryable
    assert (error.status, error.error_code, error.request_id) == (status, "tg-17", "req-1")
    assert error.details == {"field": "lines"}
    assert "says why" in str(error)
    assert "req-1" in str(error)


async def test_a_gateways_html_error_page_is_read_by_its_status(
    grid: RestTradingGrid, script: Any
) -> None:
    script(httpx.Response(503, html="<html>down</html>"))
    with pytest.raises(errors.TradingGridUnavailable, match="Service Unavailable"):
        await grid.read_case("C1")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("7", timedelta(seconds=7)),
        ("0", timedelta()),
        ("99999999999999999999", timedelta(days=1)),
        ("Mon, 01 Jan 2001 00:00:00 GMT", timedelta()),
        ("-5", None),
        ("soon", None),
        ("", None),
    ],
)
async def test_retry_after_is_read_and_nonsense_is_none(
    grid: RestTradingGrid, script: Any, header: str, expected: timedelta | None
) -> None:
    script(httpx.Response(429, headers={"Retry-After": header}))
    with pytest.raises(errors.TradingGridThrottled) as caught:
        await grid.read_case("C1")
    assert caught.value.retry_after == expected


async def test_retry_after_may_be_a_date(grid: RestTradingGrid, script: Any) -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    script(httpx.Response(503, headers={"Retry-After": at}))
    with pytest.raises(errors.TradingGridUnavailable) as caught:
        await grid.read_case("C1")
    assert caught.value.retry_after is not None
    assert timedelta(seconds=80) < caught.value.retry_after <= timedelta(seconds=90)


@pytest.mark.parametrize(
    "failure", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError]
)
async def test_a_failing_connection_is_unavailable(
    grid: RestTradingGrid, script: Any, failure: type[httpx.TransportError]
) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise failure("broken", request=request)

    script(fail)
    with pytest.raises(errors.TradingGridUnavailable, match="broken"):
        await grid.read_case("C1")
    assert len(script.calls) == 1, "a client tries once"


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"id": "C1"', b"\xff\xfe\x00"])
async def test_a_body_that_is_not_json_may_be_asked_for_again(
    grid: RestTradingGrid, script: Any, body: bytes
) -> None:
    script(httpx.Response(200, content=body))
    with pytest.raises(errors.MalformedAnswer) as caught:
        await grid.read_case("C1")
    assert caught.value.retryable


async def test_a_body_that_breaks_the_contract_is_permanent_and_names_fields_not_values(
    grid: RestTradingGrid, script: Any, case_body: Any
) -> None:
    script(httpx.Response(200, json=case_body(version="jane@example.com")))
    with pytest.raises(errors.ContractMismatch) as caught:
        await grid.read_case("C1")
    assert not caught.value.retryable
    assert "version" in str(caught.value)
    assert "jane" not in str(caught.value)


@pytest.mark.parametrize("body", [[], "text", 3])
async def test_json_that_is_no_object_breaks_the_contract(
    grid: RestTradingGrid, script: Any, body: object
) -> None:
    script(httpx.Response(200, json=body))
    with pytest.raises(errors.ContractMismatch, match="not a JSON object"):
        await grid.read_case("C1")


@pytest.mark.parametrize("body", [{}, {"_embedded": []}, {"_embedded": {"collection": [1]}}])
async def test_a_list_without_a_collection_breaks_the_contract(
    grid: RestTradingGrid, script: Any, body: object
) -> None:
    script(httpx.Response(200, json=body))
    with pytest.raises(errors.ContractMismatch, match="collection"):
        await grid.list_partners()


async def test_a_slow_answer_is_unavailable_though_bytes_keep_trickling_in(
    make_connection: Any,
) -> None:
    import asyncio
    from collections.abc import AsyncIterator

    async def trickle() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.01)

    async def handle(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
        return httpx.Response(200, content=trickle())

    async with httpx.AsyncClient(transport=httpx.MockTransport(handle)) as http:
        grid = RestTradingGrid(make_connection(timeout_s=0.1), http)
        with pytest.raises(errors.TradingGridUnavailable, match=r"within 0\.1 s"):
            await grid.read_case("C1")
