"""One HTTP call to Trading Grid: token, bound, one attempt, typed errors, pages."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx
import structlog

from clients.trading_grid.errors import (
    ContractMismatch,
    MalformedAnswer,
    TradingGridUnavailable,
)
from clients.trading_grid.port.common import Sent
from clients.trading_grid.port.documents import Content
from clients.trading_grid.rest.answers import (
    Body,
    collection,
    error_of,
    json_object,
    link,
    own_link,
    request_id,
)
from clients.trading_grid.rest.connection import TradingGridConnection
from clients.trading_grid.rest.tokens import Tokens

HAL = "application/hal+json, application/json"
MOST_PAGES = 2_000

_log = structlog.get_logger(__name__)


class Remote:
    """Calls of one tenant."""

    def __init__(
        self,
        connection: TradingGridConnection,
        http: httpx.AsyncClient,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.connection = connection
        self.base = httpx.URL(connection.base_url.rstrip("/") + "/")
        self._http = http
        self.clock = clock
        self._tokens = Tokens(connection, http, clock=clock)
        self._bound = asyncio.Semaphore(connection.max_concurrency)

    def url(self, name: str, **values: str) -> httpx.URL:
        return self.connection.url(name, **values)

    async def get(
        self, url: httpx.URL, *, params: Mapping[str, str] | None = None
    ) -> httpx.Response:
        return await self.call("GET", url, params=params)

    async def post(
        self, url: httpx.URL, body: Sent | Mapping[str, Any], *, idempotency_key: str | None = None
    ) -> httpx.Response:
        return await self.call("POST", url, body=body, idempotency_key=idempotency_key)

    async def call(
        self,
        method: str,
        url: httpx.URL,
        *,
        params: Mapping[str, str] | None = None,
        body: Sent | Mapping[str, Any] | None = None,
        content: Content | None = None,
        headers: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> httpx.Response:
        """A 2xx answer, read to its end. Raises a TradingGridError for anything else."""
        sent = dict(headers or {})
        if idempotency_key is not None:
            sent["Idempotency-Key"] = idempotency_key
        bound = self.connection.timeout_s
        if content is not None:
            bound = self.connection.transfer_timeout_s
        async with self._bound:
            try:
                async with asyncio.timeout(bound):
                    return await self._read(method, url, params, body, content, sent)
            except TimeoutError as error:
                raise TradingGridUnavailable(
                    f"{method} {url.path}: no answer within {bound:g} s"
                ) from error

    async def _read(
        self,
        method: str,
        url: httpx.URL,
        params: Mapping[str, str] | None,
        body: Sent | Mapping[str, Any] | None,
        content: Content | None,
        headers: Mapping[str, str],
    ) -> httpx.Response:
        async with self._opened(
            method, url, params=params, body=body, content=content, headers=headers
        ) as response:
            with translated(method, url):
                await response.aread()
            return response

    @asynccontextmanager
    async def stream(
        self, url: httpx.URL, *, headers: Mapping[str, str]
    ) -> AsyncIterator[httpx.Response]:
        """A 2xx answer whose bytes have not been read."""
        async with self._bound, self._opened("GET", url, headers=headers) as response:
            yield response

    @asynccontextmanager
    async def _opened(
        self,
        method: str,
        url: httpx.URL,
        *,
        params: Mapping[str, str] | None = None,
        body: Sent | Mapping[str, Any] | None = None,
        content: Content | None = None,
        headers: Mapping[str, str],
    ) -> AsyncIterator[httpx.Response]:
        """Send once; after a 401 once more with a new token."""
        token = await self._tokens.current()
        response = await self._sent(token, method, url, params, body, content, headers)
        if response.status_code == 401:
            await response.aclose()
            token = await self._tokens.after_refusal(token)
            response = await self._sent(token, method, url, params, body, content, headers)
        try:
            if not response.is_success:
                with translated(method, url):
                    await response.aread()
                raise error_of(response, self.base)
            yield response
        finally:
            await response.aclose()

    async def _sent(
        self,
        token: str,
        method: str,
        url: httpx.URL,
        params: Mapping[str, str] | None,
        body: Sent | Mapping[str, Any] | None,
        content: Content | None,
        headers: Mapping[str, str],
    ) -> httpx.Response:
        request = self._http.build_request(
            method,
            url,
            # An empty mapping would cut the query a followed link carries.
            params=dict(params) if params else None,
            json=_plain(body),
            content=content() if callable(content) else content,
            headers={"Accept": HAL, **headers, "Authorization": f"Bearer {token}"},
            timeout=self.connection.timeout_s,
        )
        started = self.clock()
        with translated(method, url):
            response = await self._http.send(request, stream=True, follow_redirects=False)
        _log.debug(
            "trading_grid.call",
            tenant=self.connection.tenant,
            method=method,
            path=url.path,
            status=response.status_code,
            request_id=request_id(response),
            seconds=round(self.clock() - started, 3),
        )
        return response

    async def items(
        self, url: httpx.URL, params: Mapping[str, str] | None = None
    ) -> AsyncGenerator[tuple[Body, httpx.Response]]:
        """Each item of a list, over all pages, once even where pages shift between two reads."""
        ask: Mapping[str, str] | None = {
            "page": "1",
            "items-per-page": str(self.connection.page_size),
            **(params or {}),
        }
        seen: set[str] = set()
        visited: set[str] = set()
        for _ in range(MOST_PAGES):
            response = await self.get(url, params=ask)
            visited.add(str(response.request.url))
            body = json_object(response)
            for item in collection(body, response):
                # One without an id is passed on, for its model to refuse.
                key = str(item["id"]) if "id" in item else None
                if key is None or key not in seen:
                    yield item, response
                if key is not None:
                    seen.add(key)
            following = link(body, "next")
            if following is None:
                return
            url, ask = own_link(following, self.base), None
            if str(url) in visited:
                raise ContractMismatch(f"GET {url.path}: a page's next leads back to itself")
        raise ContractMismatch(f"GET {url.path}: more than {MOST_PAGES} pages")


@contextmanager
def translated(method: str, url: httpx.URL) -> Iterator[None]:
    """The transport's errors as ours."""
    try:
        yield
    except httpx.DecodingError as error:
        raise MalformedAnswer(f"{method} {url.path}: the body can't be decoded") from error
    except httpx.TransportError as error:
        text = str(error) or type(error).__name__
        raise TradingGridUnavailable(f"{method} {url.path}: {text}") from error


def _plain(body: Sent | Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return body.model_dump(mode="json", exclude_none=True) if isinstance(body, Sent) else body
