"""Access tokens: client credentials, kept until shortly before they expire."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx
from pydantic import BaseModel, Field, ValidationError

from clients.shopify import replies
from clients.shopify.credentials import ShopCredentials
from clients.shopify.errors import ShopifyRefused, ShopifyUnauthorized, ShopifyUnavailable

OPERATION = "access token"
# A token is renewed this many seconds, or a tenth of its life, before it expires.
EARLY = 300.0


class _Grant(BaseModel):
    access_token: str = Field(min_length=1)
    # Seconds. Shopify's documentation: 86399.
    expires_in: float = Field(gt=0)


@dataclass(frozen=True)
class _Token:
    value: str
    renew_at: float

    def __repr__(self) -> str:
        return f"_Token(renew_at={self.renew_at})"


class AccessTokens:
    """The tokens of one shop. Concurrent callers share one request for a new one."""

    def __init__(
        self,
        credentials: ShopCredentials,
        http: httpx.AsyncClient,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._credentials = credentials
        self._http = http
        self._clock = clock
        self._token: _Token | None = None
        self._request: asyncio.Task[_Token] | None = None

    @property
    def renewable(self) -> bool:
        """False for a static token: Shopify refusing it is final."""
        return self._credentials.access_token is None

    async def current(self) -> str:
        """A token that is valid as far as we know.

        Raises ShopifyUnauthorized, ShopifyUnavailable, ShopifyThrottled or ShopifyRefused.
        """
        if self._credentials.access_token is not None:
            return self._credentials.access_token
        if self._token is None or self._clock() >= self._token.renew_at:
            return (await self._shared_request()).value
        return self._token.value

    def forget(self, refused: str) -> None:
        """Drops a token that Shopify refused, unless another caller has already replaced it."""
        if self._token is not None and self._token.value == refused:
            self._token = None

    async def _shared_request(self) -> _Token:
        if self._request is None:
            self._request = asyncio.create_task(self._ask())
            self._request.add_done_callback(self._asked)
        # Shielded: a caller that is cancelled must not take the token from the others.
        return await asyncio.shield(self._request)

    def _asked(self, request: asyncio.Task[_Token]) -> None:
        self._request = None
        if not request.cancelled():
            request.exception()  # Retrieved even when every caller has gone.

    async def _ask(self) -> _Token:
        call = replies.Call(self._credentials.shop, OPERATION)
        form = {
            "grant_type": "client_credentials",
            "client_id": self._credentials.client_id,
            "client_secret": self._credentials.client_secret,
        }
        asked_at = self._clock()
        try:
            response = await self._http.post(
                self._credentials.token_url, data=form, headers={"Accept": "application/json"}
            )
        except httpx.RequestError as error:
            raise ShopifyUnavailable(
                f"no answer: {type(error).__name__}", shop=call.shop, operation=OPERATION
            ) from error
        try:
            replies.check_status(call, response)
        except ShopifyRefused as error:
            if response.status_code in {400, 401, 403}:
                raise ShopifyUnauthorized(
                    f"the client credentials were refused: HTTP {response.status_code}",
                    shop=call.shop,
                    operation=OPERATION,
                    request_id=error.request_id,
                    code=_oauth_code(response),
                    status=response.status_code,
                ) from error
            raise
        try:
            grant = _Grant.model_validate_json(response.content)
        except ValidationError as error:
            # Pydantic's message quotes its input, which may hold a token: only the places are told.
            places = sorted({".".join(map(str, fault["loc"])) for fault in error.errors()})
            raise replies.unreadable(
                call, response, f"not a token grant: {', '.join(places) or 'not JSON'}"
            ) from None
        # Kept here and not by a caller: all of them may have gone by now.
        self._token = _Token(
            grant.access_token, asked_at + grant.expires_in - min(EARLY, grant.expires_in / 10)
        )
        return self._token


def _oauth_code(response: httpx.Response) -> str | None:
    """OAuth's `error`, such as `invalid_client` or `shop_not_permitted`."""
    try:
        body = response.json()
    except ValueError:
        return None
    code = body.get("error") if isinstance(body, dict) else None
    return code if isinstance(code, str) else None
