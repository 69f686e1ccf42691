"""What the tests of the API share: an app on a fresh database, callers by scope, Temporal's dev server where asked."""

import asyncio
import itertools
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.routing import BaseRoute
from temporalio import workflow
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from api.app import create_app
from api.keys import derived_keys
from api.services import Services
from clients.documents import DocumentRules, open_document_store
from clients.shopify.factory import ShopifyClients
from clients.trading_grid.rest import TradingGridClients
from domain import attributes, failures, operator
from domain.case import CaseKind, CaseSnapshot, CaseStatus
from domain.return_claim import names
from domain.return_claim.decision import Decide
from domain.return_claim.goods import GoodsReceived
from domain.return_claim.state import ReturnClaimInput
from intake.connections import Connections
from intake.dispatch import Dispatcher
from intake.sweep import Sweep
from persistence.encryption import SecretBox
from persistence.repositories import api_keys, cases, partners, shops, tenants
from persistence.repositories.api_keys import ApiScope
from persistence.session import Database
from persistence.tables import Case
from settings import Settings
from tests.temporal import packaged_binary

RING = "k1:" + "MTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTE="
SHOPIFY_SECRET = "the app's client secret"
WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
QUEUE = "gridcase-api-tests"
_RETURNS = itertools.count(8000)


@workflow.defn(name=names.WORKFLOW, sandboxed=False)
class ToldCase:
    """The updates of a return claim, and a validator that refuses by a note's first word."""

    @workflow.init
    def __init__(self, claim: ReturnClaimInput) -> None:
        self.claim = claim
        self.heard: list[str] = []
        self.closed = False

    @workflow.run
    async def run(self, claim: ReturnClaimInput) -> None:
        await workflow.wait_condition(lambda: self.closed)

    def _hear(self, name: str, command: operator.Command) -> operator.Receipt:
        self.heard.append(f"{name} by {command.actor}")
        return operator.Receipt(command=name, digest=command.digest(), status="awaiting_merchant")

    @workflow.update(name=operator.DECIDE)
    def decide(self, command: Decide) -> operator.Receipt:
        return self._hear(operator.DECIDE, command)

    @decide.validator
    def _check(self, command: Decide) -> None:
        if command.note in vars(failures).values():
            raise ApplicationError("Not this.", type=command.note, non_retryable=True)
        if command.note == "break":
            raise RuntimeError("a secret of the workflow")

    @workflow.update(name=operator.ADD_NOTE)
    def add_note(self, command: operator.AddNote) -> operator.Receipt:
        return self._hear(operator.ADD_NOTE, command)

    @workflow.update(name=operator.EXTEND)
    def extend(self, command: operator.Extend) -> operator.Receipt:
        return self._hear(operator.EXTEND, command)

    @workflow.update(name=operator.MESSAGE_PARTNER)
    def message_partner(self, command: operator.MessagePartner) -> operator.Receipt:
        return self._hear(operator.MESSAGE_PARTNER, command)

    @workflow.update(name=operator.NUDGE)
    def nudge(self, command: operator.Nudge) -> operator.Receipt:
        return self._hear(operator.NUDGE, command)

    @workflow.update(name=operator.ASSIGN)
    def assign(self, command: operator.Assign) -> operator.Receipt:
        return self._hear(operator.ASSIGN, command)

    @workflow.update(name=operator.RETRY)
    def retry(self, command: operator.Retry) -> operator.Receipt:
        return self._hear(operator.RETRY, command)

    @workflow.update(name=names.GOODS_RECEIVED)
    def goods_received(self, command: GoodsReceived) -> operator.Receipt:
        return self._hear(names.GOODS_RECEIVED, command)

    @workflow.update(name=operator.CANCEL)
    def cancel(self, command: operator.Cancel) -> operator.Receipt:
        self.closed = True
        return self._hear(operator.CANCEL, command)

    @workflow.signal(name=operator.PAUSE_CHANGED)
    def pause_changed(self, change: operator.PauseChanged) -> None:
        self.heard.append("pause")

    @workflow.query(name=operator.CURRENT)
    def current(self) -> CaseSnapshot:
        return CaseSnapshot(
            case_id=self.claim.case_id,
            number=self.claim.number,
            kind=CaseKind.RETURN_CLAIM,
            shop=self.claim.shop,
            title="Told",
            status=CaseStatus.AWAITING_MERCHANT,
            opened_at=workflow.info().workflow_start_time,
            detail={"heard": list(self.heard)},
        )


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite only: what differs between the databases is tested with the repositories."""
    return sqlite_url


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings(
        _env_file=None,
        database_url=database_url,
        data_dir=tmp_path,
        secret_keys=RING,
        task_queue=QUEUE,
        public_url="http://gridcase.test",
        temporal_ui="http://ui.test:8233",
        max_webhook_bytes=10_000,
        max_document_bytes=50_000,
    )


@pytest.fixture(scope="session")
def temporal_address() -> Iterator[str]:
    """A dev server of this test process, on a loop of its own: tests have a new loop each."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    text = (attributes.CASE_KIND, attributes.CASE_STATUS, attributes.SHOP)
    start = WorkflowEnvironment.start_local(
        dev_server_existing_path=packaged_binary("temporal"),
        search_attributes=[SearchAttributeKey.for_keyword(name) for name in text],
    )
    environment = asyncio.run_coroutine_threadsafe(start, loop).result(50)
    try:
        yield environment.client.service_client.config.target_host
    finally:
        asyncio.run_coroutine_threadsafe(environment.shutdown(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture
async def temporal(temporal_address: str) -> Client:
    """A client of the dev server; who asks for it has an app that reaches it too."""
    return await Client.connect(temporal_address, data_converter=pydantic_data_converter)


@pytest.fixture
def told_case() -> type:
    """The workflow, for tests that start and stop workers themselves."""
    return ToldCase


@pytest.fixture
async def worker(temporal: Client) -> AsyncIterator[Worker]:
    """A worker for `ToldCase`."""
    async with Worker(
        temporal,
        task_queue=QUEUE,
        workflows=[ToldCase],
        workflow_runner=UnsandboxedWorkflowRunner(),
    ) as running:
        yield running


def _unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("there is no network here", request=request)


@pytest.fixture
async def services(
    request: pytest.FixtureRequest, settings: Settings, database: Database
) -> AsyncIterator[Services]:
    """With the dev server where the test asks for `temporal`; else Temporal is down, and so is everything outside."""
    wanted = "temporal" in request.fixturenames
    address = request.getfixturevalue("temporal_address") if wanted else "127.0.0.1:9"
    client = await Client.connect(address, data_converter=pydantic_data_converter, lazy=True)
    box = SecretBox.parse(RING)
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(
            httpx.AsyncClient(transport=httpx.MockTransport(_unreachable))
        )
        connections = Connections(database, box, ShopifyClients(http), TradingGridClients(http))
        dispatcher = Dispatcher(database, connections, client, QUEUE)
        services = Services(
            settings=settings,
            database=database,
            box=box,
            temporal=client,
            connections=connections,
            dispatcher=dispatcher,
            sweep=Sweep(database, dispatcher, client),
            documents=open_document_store(
                settings.data_dir / "documents",
                DocumentRules(max_bytes=settings.max_document_bytes),
            ),
            peppers=derived_keys(RING, "pepper of the tests"),
            session_keys=derived_keys(RING, "sessions of the tests"),
            update_within=1.0,
            query_within=timedelta(seconds=1),
        )
        try:
            yield services
        finally:
            await services.background.drain(0.2)


@pytest.fixture
def app(services: Services) -> FastAPI:
    """An app of the test's own, with routes that all share: FastAPI reads each one's parameters at an app's first request,
    which took half of these tests' time. Nothing of an app is in them; they find services through the request."""
    made = create_app(services)
    made.router.routes[:] = _ROUTES or made.router.routes
    _ROUTES[:] = _ROUTES or made.router.routes
    return made


_ROUTES: list[BaseRoute] = []


class Api(httpx.AsyncClient):
    """A client of the app; `key` of a scope is made on first use."""

    def __init__(self, app: FastAPI, services: Services) -> None:
        super().__init__(transport=httpx.ASGITransport(app=app), base_url="http://gridcase.test")
        self.services = services
        self._keys: dict[str, str] = {}

    async def key(self, scope: ApiScope, name: str = "") -> str:
        """The key of this scope."""
        name = name or f"{scope}-key"
        if name not in self._keys:
            async with self.services.database.begin() as session:
                _, secret = await api_keys.create(
                    session,
                    self.services.peppers[0],
                    name=name,
                    scopes=[scope],
                    now=datetime.now(UTC),
                )
            self._keys[name] = secret.get_secret_value()
        return self._keys[name]

    async def by(self, scope: ApiScope, method: str, path: str, **options: Any) -> httpx.Response:
        """A request with a key of this scope."""
        headers = {"Authorization": f"Bearer {await self.key(scope)}"} | options.pop("headers", {})
        return await self.request(method, path, headers=headers, **options)


@pytest.fixture
async def api(app: FastAPI, services: Services) -> AsyncIterator[Api]:
    async with Api(app, services) as client:
        yield client


@pytest.fixture
async def network(services: Services) -> Services:
    """Tenant `north` with partners `p-1` and `p-2`, and the shop `acme`."""
    async with services.database.begin() as session:
        await tenants.create(
            session,
            services.box,
            id="north",
            name="Northern Goods",
            base_url="https://tg.example/v1",
            token_url="https://tg.example/token",
            client_id="client",
            client_secret="tenant secret",
            webhook_secrets=[WEBHOOK_SECRET],
        )
        for partner in ("p-1", "p-2"):
            await partners.create(session, tenant_id="north", id=partner, name=partner.upper())
        await shops.create(
            session,
            services.box,
            id="acme",
            domain="acme.myshopify.com",
            tenant_id="north",
            name="Acme",
            api_version="2026-10",
            client_id="app",
            client_secret=SHOPIFY_SECRET,
            access_token="token",
        )
    return services


@pytest.fixture
async def case(request: pytest.FixtureRequest, network: Services) -> Case:
    """A case row of the shop `acme`, with the partner `p-1`; no workflow runs it.

    Where Temporal is there each test has its own return, since the dev server remembers those before.
    """
    shared = "temporal" in request.fixturenames
    return await make_case(network, str(next(_RETURNS)) if shared else "7894")


async def make_case(services: Services, return_id: str, title: str = "Return #1001-R1") -> Case:
    async with services.database.begin() as session:
        row, _ = await cases.open_case(
            session,
            key=names.return_key("acme", return_id),
            kind=CaseKind.RETURN_CLAIM,
            shop_id="acme",
            title=title,
            status=CaseStatus.AWAITING_PARTNER,
            now=datetime.now(UTC),
            order_name="#1001",
            partners=["p-1"],
        )
    return row


@pytest.fixture
def more_cases(network: Services) -> Any:
    """Makes further cases: `await more_cases("1", "2")`."""

    async def make(*return_ids: str) -> list[Case]:
        return [await make_case(network, one, f"Return {one}") for one in return_ids]

    return make


@pytest.fixture
async def running_case(temporal: Client, case: Case) -> AsyncIterator[Case]:
    """The case, with a workflow at Temporal; whether a worker runs is the test's to say."""
    handle = await temporal.start_workflow(
        names.WORKFLOW,
        ReturnClaimInput(
            case_id=case.id, number=case.number, shop="acme", return_id="1", opened_by="test"
        ),
        id=case.id,
        task_queue=QUEUE,
    )
    yield case
    description = await handle.describe()
    if description.status is not None and description.status.name == "RUNNING":
        await handle.terminate()
