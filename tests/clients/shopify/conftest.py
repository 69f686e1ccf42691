import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from clients.shopify.admin import AdminApi
from clients.shopify.credentials import ShopCredentials
from clients.shopify.factory import ShopifyClients

Answer = httpx.Response | Exception
REFERENCE = Path(__file__).resolve().parents[4] / "shared" / "reference" / "shopify"


@dataclass
class ScriptedShop:
    """Answers GraphQL calls in the order given, and grants numbered tokens."""

    answers: list[Answer] = field(default_factory=list)
    grants: list[Answer] = field(default_factory=list)
    calls: list[httpx.Request] = field(default_factory=list)
    token_calls: list[httpx.Request] = field(default_factory=list)

    def then(
        self, body: object = None, *, status: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        known = {"x-request-id": "req-1", **(headers or {})}
        self.answers.append(httpx.Response(status, json=body, headers=known))

    def then_raw(self, content: bytes, *, status: int = 200) -> None:
        headers = {"content-type": "text/html", "x-request-id": "req-1"}
        self.answers.append(httpx.Response(status, content=content, headers=headers))

    def body(self, index: int) -> dict[str, Any]:
        sent: dict[str, Any] = json.loads(self.calls[index].content)
        return sent

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/admin/oauth/access_token"):
            self.token_calls.append(request)
            number = len(self.token_calls)
            grant = {"access_token": f"token-{number}", "scope": "", "expires_in": 86399}
            return self._play(
                self.grants.pop(0) if self.grants else httpx.Response(200, json=grant)
            )
        self.calls.append(request)
        return self._play(self.answers.pop(0))

    def _play(self, answer: Answer) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def reference() -> Path:
    """The official schemas, which a checkout of this repository alone does not have."""
    if not REFERENCE.is_dir():
        pytest.skip("the official schemas are not here")
    return REFERENCE


@pytest.fixture
def credentials() -> ShopCredentials:
    return ShopCredentials(
        shop="acme",
        base_url="https://acme.myshopify.com",
        client_id="our-app",
        client_secret="hush",
    )


@pytest.fixture
def shop() -> ScriptedShop:
    return ScriptedShop()


@pytest.fixture
async def http(shop: ScriptedShop) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(shop)) as client:
        yield client


@pytest.fixture
def costs() -> list[tuple[str, str, int, int | None]]:
    return []


@pytest.fixture
def admin(
    http: httpx.AsyncClient,
    credentials: ShopCredentials,
    costs: list[tuple[str, str, int, int | None]],
) -> AdminApi:
    clients = ShopifyClients(http, on_cost=lambda *cost: costs.append(cost))
    return clients.for_shop(credentials)


@pytest.fixture
def cost_of() -> Callable[..., dict[str, Any]]:
    """`extensions` of an answer."""

    def extensions(
        requested: float, actual: float | None, available: float = 1990, restore: float = 100
    ) -> dict[str, Any]:
        return {
            "cost": {
                "requestedQueryCost": requested,
                "actualQueryCost": actual,
                "throttleStatus": {
                    "maximumAvailable": 2000,
                    "currentlyAvailable": available,
                    "restoreRate": restore,
                },
            }
        }

    return extensions
