"""An emulator in process, a company that speaks to it with a token, and a receiver of webhooks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from emulators.trading_grid.app import App, create_app
from emulators.trading_grid.options import Options

BASE = "/tradinggrid/v1"
PRICE = {"unit_price": "10.00", "currency": "EUR"}
REFERENCE = {"system": "gridcase", "id": "purchase-order:1:acme"}


class SetClock:
    """The emulator's clock: stands still until told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Sink:
    """A webhook receiver. ``answers`` are the next status codes; after them 204. An exception in it
    is raised instead."""

    requests: list[httpx.Request] = field(default_factory=list)
    answers: list[int | Exception] = field(default_factory=list)

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if self.answers else 204
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self.handle))


@dataclass
class Grid:
    """A company's hands (``get``, ``post``, ...) and the control calls (``control``)."""

    app: App
    http: httpx.AsyncClient
    token: str

    async def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return await self.http.request(method, BASE + path, headers=headers, **more)

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.call("GET", path, params=params or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any, status: int = 201, key: str | None = None) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        answer = await self.call("POST", path, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def control(
        self, method: str, path: str, body: Any = None, status: int | None = None
    ) -> Any:
        answer = await self.http.request(method, "/_emulator" + path, json=body)
        assert answer.status_code == status if status else answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def case(self, **fields: Any) -> Any:
        return await self.post(
            "/cases",
            {
                "case_type": "return_claim",
                "subject": "Return 1",
                "partner_id": "acme",
                "lines": [
                    {"line_id": "11", "sku": "LAMP", "quantity": 2, "reason_code": "DA"},
                    {"line_id": "12", "sku": "CHAIR", "quantity": 4, "reason_code": "NA"},
                ],
                **fields,
            },
        )

    async def authorization(self, case_id: str, **fields: Any) -> Any:
        lines = [
            {"line_id": "11", "sku": "LAMP", "quantity": 2, "reason_code": "DA"},
            {"line_id": "12", "sku": "CHAIR", "quantity": 4, "reason_code": "NA"},
        ]
        return await self.post(
            "/return-authorizations", {"case_id": case_id, "lines": lines, **fields}
        )

    async def order(self, **fields: Any) -> Any:
        return await self.post(
            "/purchase-orders",
            {
                "po_number": "DEMO-1001-ACME-1",
                "order_type": "drop_ship",
                "partner_id": "acme",
                "lines": [
                    {"line_id": "11", "sku": "LAMP", "quantity": 2, **PRICE},
                    {"line_id": "12", "sku": "CHAIR", "quantity": 4, **PRICE},
                ],
                "external_reference": REFERENCE,
                **fields,
            },
        )

    async def campaign(self, **fields: Any) -> Any:
        return await self.post(
            "/campaigns",
            {
                "name": "Spring launch",
                "starts": "2026-12-01T08:00:00Z",
                "ends": "2026-12-31T20:00:00Z",
                "partner_id": "acme",
                "products": [
                    {"sku": "LAMP", "expected_quantity": 200, "ready_by": "2026-11-28"},
                    {"sku": "CHAIR", "expected_quantity": 40, "ready_by": "2026-11-29"},
                    {"sku": "TABLE", "expected_quantity": 10, "ready_by": None},
                ],
                "external_reference": {"system": "gridcase", "id": "campaign-readiness:1/acme"},
                **fields,
            },
        )

    async def events(self) -> Any:
        return (await self.get("/events", position=0))["events"]

    async def event_types(self) -> list[str]:
        return [event["type"] for event in await self.events()]

    async def login(self, tenant: str, client: str, secret: str) -> "Grid":
        return Grid(self.app, self.http, await token(self.http, tenant, client, secret))


async def token(http: httpx.AsyncClient, tenant: str, client: str, secret: str) -> str:
    answer = await http.post(
        f"/tenants/{tenant}/oauth2/token",
        data={"client_id": client, "client_secret": secret, "grant_type": "client_credentials"},
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def options() -> Options:
    return Options(retry_schedule_s=(0.01, 0.01), max_file_bytes=4096)


@pytest.fixture
async def grid(clock: SetClock, sink: Sink, options: Options) -> AsyncIterator[Grid]:
    async with sink.client() as webhook_client:
        app = create_app(options, clock=clock, webhook_client=webhook_client)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://grid.test") as http:
            grid = Grid(app, http, await token(http, "demo", "demo-client", "demo-secret"))
            await grid.control("POST", "/partners", {"id": "acme", "name": "Acme Supplies"})
            yield grid
        await app.aclose()


Until = Callable[[Callable[[], Awaitable[bool]]], Awaitable[None]]


@pytest.fixture
def until() -> Until:
    """Waits for a condition, at most two seconds."""

    async def wait(condition: Callable[[], Awaitable[bool]]) -> None:
        for _ in range(400):
            if await condition():
                return
            await asyncio.sleep(0.005)
        pytest.fail("the condition did not come true within two seconds")

    return wait
