"""A scripted Trading Grid: the test writes the answers, the adapter speaks to it over httpx."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
import pytest_asyncio

from clients.trading_grid.rest import RestTradingGrid, TradingGridConnection
from tests.clients.trading_grid.emulated import World, emulated

BASE = "https://tg.example.com/tradinggrid/v1"

Answer = Callable[[httpx.Request], httpx.Response] | httpx.Response


class Script:
    """Answers calls in order, the last one for ever; tokens are `token-1`, `token-2`, ..."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.calls: list[httpx.Request] = []
        self.token_calls: list[httpx.Request] = []
        self.token_answer: Answer | None = None
        self.now = 0.0

    def __call__(self, *answers: Answer) -> "Script":
        self.answers = list(answers)
        return self

    def clock(self) -> float:
        return self.now

    async def handle(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        if request.url.path.endswith("/oauth2/token"):
            self.token_calls.append(request)
            if self.token_answer is not None:
                return self._given(self.token_answer, request)
            token = f"token-{len(self.token_calls)}"
            return httpx.Response(200, json={"access_token": token, "expires_in": 3600})
        self.calls.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return self._given(answer, request)

    def _given(self, answer: Answer, request: httpx.Request) -> httpx.Response:
        return answer(request) if callable(answer) else answer


def a_connection(**changes: Any) -> TradingGridConnection:
    given: dict[str, Any] = {
        "tenant": "acme",
        "base_url": BASE,
        "token_url": "https://tg.example.com/tenants/t1/oauth2/token",
        "client_id": "client",
        "client_secret": "very-secret",
    }
    return TradingGridConnection(**{**given, **changes})


def a_case(**changes: Any) -> dict[str, Any]:
    return {
        "id": "C1",
        "case_type": "return_claim",
        "subject": "Return 1",
        "status": "pending_partner",
        "partner_id": "p1",
        "external_reference": {"system": "gridcase", "id": "return-claim:acme:1"},
        "lines": [{"line_id": "11", "sku": "A", "quantity": 2}],
        "version": 1,
        **changes,
    }


@pytest.fixture
def make_connection() -> Callable[..., TradingGridConnection]:
    return a_connection


@pytest.fixture
def case_body() -> Callable[..., dict[str, Any]]:
    return a_case


@pytest.fixture
def script() -> Script:
    return Script()


@pytest_asyncio.fixture
async def http(script: Script) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(script.handle)) as client:
        yield client


@pytest.fixture
def grid(script: Script, http: httpx.AsyncClient) -> RestTradingGrid:
    return RestTradingGrid(a_connection(), http, clock=script.clock)


@pytest_asyncio.fixture
async def world() -> AsyncIterator[World]:
    async with emulated() as made:
        yield made
