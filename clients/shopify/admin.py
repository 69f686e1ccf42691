"""The Admin API of one shop: every operation of `operations/` as a typed method."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, Self, TypeVar, cast

import httpx
from pydantic import BaseModel, ValidationError
from pydantic_core import to_jsonable_python

from clients.shopify import replies
from clients.shopify.credentials import ShopCredentials
from clients.shopify.errors import ShopifyRefused, ShopifyThrottled, ShopifyUnavailable
from clients.shopify.generated.async_base_client import HttpClient, Response
from clients.shopify.generated.client import GeneratedClient
from clients.shopify.replies import QueryCost
from clients.shopify.tokens import AccessTokens

OnCost = Callable[[str, str, int, int | None], None]
"""Called after each answer that tells its cost: shop, operation, requested and actual points."""

log = logging.getLogger(__name__)

_LONGEST_WAIT_S = 30.0  # then the shop is asked again: others may have used up less than it feared

_CALL = "gridcase.call"
_BODY = "gridcase.body"
_IS_MUTATION = "gridcase.is_mutation"

Result = TypeVar("Result", bound=BaseModel)


@dataclass
class CostLedger:
    """Points that a shop's calls have cost, since the process started."""

    spent: int = 0
    last: QueryCost | None = None


class AdminApi(GeneratedClient):
    """One attempt a call: no sleeping, no retry (but see `unhurried`); only a refused token is renewed, once.

    Methods are named after the operations: `await admin.return_for_claim(id=...)`. A query for something
    that does not exist returns None in its place; user errors of a mutation are raised. Every failure
    is one of `clients.shopify.errors`. Safe to share between tasks of one event loop.
    """

    def __init__(
        self,
        credentials: ShopCredentials,
        http: httpx.AsyncClient,
        *,
        tokens: AccessTokens | None = None,
        ledger: CostLedger | None = None,
        on_cost: OnCost | None = None,
    ) -> None:
        # The generated protocol asks for positional arguments that httpx takes by keyword only.
        super().__init__(url=credentials.graphql_url, http_client=cast(HttpClient, http))
        self.shop = credentials.shop
        self._http = http
        self._tokens = tokens or AccessTokens(credentials, http)
        self._ledger = ledger or CostLedger()
        self._on_cost = on_cost
        self._version = credentials.api_version
        self._base = httpx.URL(credentials.base_url)
        self._told_of_version = False
        self._unhurried = False

    def __repr__(self) -> str:
        return f"AdminApi(shop={self.shop!r})"

    @property
    def version(self) -> str:
        """The API version that is asked for."""
        return self._version

    @property
    def cost_spent(self) -> int:
        """Points that this shop's calls have cost: what Shopify says it took, not what it reserved."""
        return self._ledger.spent

    @property
    def last_cost(self) -> QueryCost | None:
        """The cost of the latest answer, with the state of the shop's bucket."""
        return self._ledger.last

    def unhurried(self) -> Self:
        """The same shop for a reading of many pages: throttled, it waits as long as Shopify says and goes on with the page.

        Otherwise such a reading began anew with each attempt, and one that costs more than the bucket holds never ended.
        """
        other = copy(self)
        other._unhurried = True
        return other

    async def __aexit__(self, *exc_info: object) -> None:
        """Closes nothing: the connection pool belongs to whoever made it."""

    async def execute(
        self,
        query: str,
        operation_name: str | None = None,
        variables: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> httpx.Response:
        """Sends one operation. Raises a ShopifyError for anything but a full answer with data."""
        while True:
            try:
                return await self._execute(query, operation_name, variables, **kwargs)
            except ShopifyThrottled as error:
                if not self._unhurried:
                    raise
                await asyncio.sleep(min(error.retry_after, _LONGEST_WAIT_S))

    async def _execute(
        self,
        query: str,
        operation_name: str | None,
        variables: dict[str, Any] | None,
        **kwargs: Any,
    ) -> httpx.Response:
        call = replies.Call(self.shop, operation_name or "unnamed operation")
        serializable = self._convert_dict_to_json_serializable(variables or {})
        response = await self._send(call, query, serializable, **kwargs)
        replies.check_status(call, response)
        self._check_version(response)
        body = replies.read_body(call, response)
        cost = replies.read_cost(body)
        self._record(call, cost)
        replies.check_errors(call, response, body, cost)
        response.extensions[_CALL] = call
        response.extensions[_BODY] = body
        response.extensions[_IS_MUTATION] = query.lstrip().startswith("mutation")
        return response

    def get_data(self, response: Response) -> dict[str, Any]:
        """The data of an answer that `execute` returned. Raises ShopifyUserErrors."""
        answer, call, body = _executed(response)
        data = body.get("data")
        if not isinstance(data, dict):
            raise replies.unreadable(call, answer, "the answer has no data and no errors")
        replies.check_user_errors(call, answer, data)
        if answer.extensions[_IS_MUTATION]:
            missing = [name for name, payload in data.items() if payload is None]
            if missing:
                raise replies.unreadable(call, answer, f"no payload for {', '.join(missing)}")
        return data

    def parse(self, model: type[Result], data: dict[str, Any], response: Response) -> Result:
        """The typed result. Raises ShopifyReplyUnreadable for data of another shape."""
        try:
            return model.model_validate(data)
        except ValidationError as error:
            answer, call, _ = _executed(response)
            faults = "; ".join(
                f"{'.'.join(map(str, fault['loc']))}: {fault['type']}"
                for fault in error.errors(include_input=False, include_url=False)
            )
            # Not chained: Pydantic's text quotes the shop's data.
            raise replies.unreadable(call, answer, faults) from None

    async def file_lines(self, url: str) -> AsyncIterator[str]:
        """The lines of a file that Shopify named, as of a bulk operation; a storage provider has it, which gets no token.

        Raises ShopifyUnavailable, and ShopifyRefused where the address has expired or is none of https.
        """
        call = replies.Call(self.shop, "file")
        address = self._file_address(call, url)
        try:
            async with self._http.stream(
                "GET", address, headers={"Accept": "*/*"}, follow_redirects=False
            ) as response:
                if not response.is_success:
                    await response.aread()
                    replies.check_status(call, response)
                    raise ShopifyRefused(
                        f"HTTP {response.status_code}", shop=self.shop, operation="file"
                    )
                async for line in response.aiter_lines():
                    yield line
        except (httpx.RequestError, httpx.StreamError) as error:
            raise ShopifyUnavailable(
                f"the file broke off: {type(error).__name__}", shop=self.shop, operation="file"
            ) from error

    def _file_address(self, call: replies.Call, url: str) -> httpx.URL:
        """An address that an answer gave us, if it has TLS or is Shopify's own. Raises ShopifyRefused."""
        try:
            address = httpx.URL(url)
        except httpx.InvalidURL:
            address = httpx.URL()
        own = (self._base.scheme, self._base.host, self._base.port)
        if address.scheme != "https" and (address.scheme, address.host, address.port) != own:
            raise ShopifyRefused(
                "the file's address is none of https", shop=call.shop, operation=call.operation
            )
        return address

    async def rest(
        self, operation: str, method: str, path: str, json: object | None = None
    ) -> httpx.Response:
        """One call of the REST API, for what GraphQL lacks; `path` is below the version, without a slash before it.

        Raises a ShopifyError for any status but 2xx.
        """
        call = replies.Call(self.shop, operation)
        url = f"{self.url.rpartition('/')[0]}/{path}"
        response = await self._authorized(call, method, url, json=json)
        replies.check_status(call, response)
        self._check_version(response)
        return response

    async def upload_staged(
        self, operation: str, url: str, fields: Mapping[str, str], name: str, content: bytes
    ) -> None:
        """Send a file to where `stagedUploadsCreate` said (`httpMethod: POST`). Raises a ShopifyError.

        Our token stays here: the address is a storage provider's.
        """
        call = replies.Call(self.shop, operation)
        address = self._file_address(call, url)
        files = {"file": (name, content)}
        try:
            response = await self._http.post(address, data=dict(fields), files=files)
        except httpx.RequestError as error:
            raise _no_answer(call, error) from error
        replies.check_status(call, response)

    async def download(self, url: str, *, most: int) -> bytes | None:
        """The bytes at an address that an answer gave us; None for more than `most`.

        Such an address carries its own permission and lies at some storage provider: our token is not sent along, and a
        redirect not followed. Raises ShopifyUnavailable, also for an address that has expired (read it again), and
        ShopifyRefused for one without TLS where Shopify's own has it.
        """
        call = replies.Call(self.shop, "download")
        address = self._file_address(call, url)
        content = bytearray()
        try:
            async with self._http.stream("GET", address, follow_redirects=False) as response:
                if not response.is_success:
                    raise ShopifyUnavailable(
                        "the address gives no file",
                        shop=call.shop,
                        operation=call.operation,
                        status=response.status_code,
                    )
                async for chunk in response.aiter_bytes():
                    content += chunk
                    if len(content) > most:
                        return None
        except httpx.RequestError as error:
            raise ShopifyUnavailable(
                f"no answer: {type(error).__name__}", shop=call.shop, operation=call.operation
            ) from error
        return bytes(content)

    async def _send(
        self, call: replies.Call, query: str, variables: dict[str, Any], **kwargs: Any
    ) -> httpx.Response:
        body = to_jsonable_python(
            {"query": query, "operationName": call.operation, "variables": variables}
        )
        return await self._authorized(call, "POST", self.url, json=body, **kwargs)

    async def _authorized(
        self, call: replies.Call, method: str, url: str, **kwargs: Any
    ) -> httpx.Response:
        token = await self._tokens.current()
        response = await self._request(call, token, method, url, **kwargs)
        if response.status_code == 401 and self._tokens.renewable:
            self._tokens.forget(token)
            token = await self._tokens.current()
            response = await self._request(call, token, method, url, **kwargs)
            if response.status_code == 401:
                # The next call starts with a new token, not with two refusals.
                self._tokens.forget(token)
        return response

    async def _request(
        self,
        call: replies.Call,
        token: str,
        method: str,
        url: str,
        headers: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> httpx.Response:
        try:
            return await self._http.request(
                method,
                url,
                headers={
                    **(headers or {}),
                    "Accept": "application/json",
                    "X-Shopify-Access-Token": token,
                },
                **kwargs,
            )
        except httpx.RequestError as error:
            raise _no_answer(call, error) from error

    def _check_version(self, response: httpx.Response) -> None:
        # Shopify answers an expired version with another one and says so in this header only.
        served = response.headers.get("x-shopify-api-version", self._version)
        if served != self._version and not self._told_of_version:
            self._told_of_version = True
            log.warning("%s: asked for API %s, got %s", self.shop, self._version, served)

    def _record(self, call: replies.Call, cost: QueryCost | None) -> None:
        if cost is None:
            return
        self._ledger.last = cost
        self._ledger.spent += cost.actual or 0
        if self._on_cost is not None:
            self._on_cost(call.shop, call.operation, cost.requested, cost.actual)


def _no_answer(call: replies.Call, error: httpx.RequestError) -> ShopifyUnavailable:
    return ShopifyUnavailable(
        f"no answer: {type(error).__name__}", shop=call.shop, operation=call.operation
    )


def _executed(response: Response) -> tuple[httpx.Response, replies.Call, dict[str, Any]]:
    """What `execute` noted on the answer it returned."""
    if not isinstance(response, httpx.Response) or _CALL not in response.extensions:
        raise TypeError("only an answer that `execute` returned can be read")
    return response, response.extensions[_CALL], response.extensions[_BODY]
