"""OAuth2 client credentials: one token a tenant, cached, renewed by one call at a time."""

import asyncio
import time
from collections.abc import Callable

import httpx
from pydantic import SecretStr

from clients.trading_grid.errors import (
    TradingGridError,
    TradingGridRefused,
    TradingGridUnavailable,
    Unauthorized,
)
from clients.trading_grid.port.common import Received
from clients.trading_grid.rest.answers import error_of, json_object, parsed, request_id
from clients.trading_grid.rest.connection import TradingGridConnection

RENEW_BEFORE_S = 60.0


class _Token(Received):
    access_token: SecretStr
    expires_in: float


class Tokens:
    """The current access token. A token that lives a minute or less is used once."""

    def __init__(
        self,
        connection: TradingGridConnection,
        http: httpx.AsyncClient,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connection = connection
        self._http = http
        self._clock = clock
        self._token: str | None = None
        self._good_until = 0.0
        self._renewal: asyncio.Task[str] | None = None

    async def current(self) -> str:
        """Raises Unauthorized where the credentials are refused, TradingGridUnavailable."""
        if self._token is not None and self._clock() < self._good_until:
            return self._token
        return await self._renewed()

    async def after_refusal(self, refused: str) -> str:
        """A token in place of one that was answered with 401."""
        if self._token == refused:
            self._token = None
        return await self.current()

    async def _renewed(self) -> str:
        if self._renewal is None or self._renewal.done():
            # A task of its own: a caller that is cancelled does not take the others' token along.
            self._renewal = asyncio.create_task(self._fetch())
            self._renewal.add_done_callback(_retrieve)
        return await asyncio.shield(self._renewal)

    async def _fetch(self) -> str:
        asked = self._clock()
        url = httpx.URL(self._connection.token_url)
        try:
            async with asyncio.timeout(self._connection.timeout_s):
                response = await self._http.post(
                    url,
                    data={
                        "grant_type": "client_credentials",
                        "client_id": self._connection.client_id,
                        "client_secret": self._connection.client_secret,
                    },
                    headers={"Accept": "application/json"},
                    follow_redirects=False,
                    timeout=self._connection.timeout_s,
                )
        except (httpx.TransportError, httpx.DecodingError, TimeoutError) as error:
            raise TradingGridUnavailable(
                f"no token for {self._connection.tenant}: {type(error).__name__}"
            ) from error
        if not response.is_success:
            raise _refusal(error_of(response, url))
        token = parsed(_Token, json_object(response), response)
        value = token.access_token.get_secret_value()
        if not value:
            raise Unauthorized("the token answer is empty", request_id=request_id(response))
        self._token = value
        self._good_until = asked + token.expires_in - RENEW_BEFORE_S
        return value


def _refusal(error: TradingGridError) -> TradingGridError:
    """OAuth2 (RFC 6749, 5.2) refuses credentials with 400 or 401; some servers use 403."""
    if isinstance(error, TradingGridRefused) and error.status in {400, 401, 403}:
        return Unauthorized(
            f"no token: {error.message}",
            status=error.status,
            error_code=error.error_code,
            request_id=error.request_id,
            details=error.details,
        )
    return error


def _retrieve(task: asyncio.Task[str]) -> None:
    """Every waiter may be gone; an error nobody saw must not warn at the end of the task."""
    if not task.cancelled():
        task.exception()
