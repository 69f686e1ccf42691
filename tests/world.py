"""A small world in one process: both emulators, the database, the intake and a worker; time can be skipped.

Everything between them is real but the network: the emulators are ASGI applications, their webhooks arrive at the intake
signed, and the worker runs the real workflows in the real sandbox.
"""

import asyncio
import base64
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import col, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from temporalio.api.testservice.v1 import LockTimeSkippingRequest, UnlockTimeSkippingRequest
from temporalio.client import Client, WorkflowHandle, WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from clients.documents.object_store import open_document_store
from clients.notification.port import Notification
from clients.shopify.factory import ShopifyClients
from clients.trading_grid.rest import TradingGridClients
from domain.case import CaseSnapshot
from domain.order_exception.names import Reason, order_exception_key
from domain.purchase_order.names import ReplenishmentRequest, order_key
from domain.return_claim.state import ClaimRequest
from domain.shipping_documents.names import shipping_documents_key
from domain.shopify_ids import numeric_id
from emulators.shopify.app import create_app as shopify_app
from emulators.shopify.options import Options as ShopifyOptions
from emulators.trading_grid.app import create_app as trading_grid_app
from emulators.trading_grid.options import Options as TradingGridOptions
from intake.connect import connect_shop
from intake.connections import Connections
from intake.dispatch import Dispatcher
from intake.inbox import receive_own, receive_shopify, receive_trading_grid
from intake.openings import claim_body, exception_body, replenishment_body
from persistence.encryption import SecretBox
from persistence.repositories import (
    case_timeline,
    cases,
    location_mappings,
    partners,
    policies,
    routes,
    shops,
    switches,
    tenants,
)
from persistence.session import Database
from persistence.tables import Case, CaseTimelineEntry
from settings import Settings
from worker import Outside, make_worker

SHOP = "acme"
TENANT = "demo"
SHOPIFY = "http://127.0.0.1:18101"
TRADING_GRID = "http://127.0.0.1:18102"
PUBLIC = "http://127.0.0.1:18000"


class Recorder:
    """A notifier that remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Notification]] = []

    async def notify(self, notification: Notification, recipients: Any) -> None:
        self.told += [(recipient, notification) for recipient in recipients]

    def subjects(self) -> list[str]:
        return [notification.subject for _, notification in self.told]


@dataclass
class World:
    """What a test drives: the merchant's customers, the merchant, the partners, and time."""

    temporal: Client
    database: Database
    box: SecretBox
    connections: Connections
    dispatcher: Dispatcher
    shopify: httpx.AsyncClient
    trading_grid: httpx.AsyncClient
    recorder: Recorder
    settings: Settings
    environment: WorkflowEnvironment | None = None
    deliver: bool = True
    """Whether webhooks reach the intake; off, they are lost."""
    lose_answer_to: str = ""
    """A mutation: Shopify does it, and its next answer is lost on the way."""
    before_call: dict[str, Callable[[], Awaitable[object]]] = field(default_factory=dict)
    """Mutation -> what somebody else does just before it arrives, once."""
    emulators: dict[str, Any] = field(default_factory=dict)
    furnished: int = 0
    grid_furnished: int = 0
    """The emulators' last calls before a test began."""
    updates: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    # Shopify.

    async def order(self, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
        """A paid order, fulfilled but with `fulfill=False`; a line is `{"sku", "quantity", "vendor", "price"}`."""
        body = {"lines": list(lines), "fulfill": True} | more
        return await self._post(self.shopify, f"/_emulator/shops/{SHOP}/orders", body)

    async def request_return(
        self, order: dict[str, Any], *lines: dict[str, Any], open: bool = False
    ) -> str:
        """The customer asks for a return (or staff opens one); its number."""
        body = {"order_id": order["order_id"], "lines": list(lines), "open": open}
        made = await self._post(self.shopify, f"/_emulator/shops/{SHOP}/returns", body)
        return numeric_id(made["return_id"])

    async def in_shopify(self, return_id: str, action: str, **body: Any) -> dict[str, Any]:
        """Somebody else acts on a return in the Shopify admin."""
        return await self._post(
            self.shopify, f"/_emulator/shops/{SHOP}/returns/{return_id}/{action}", body
        )

    async def shopify_writes(self, *only: str) -> list[str]:
        """The mutations Shopify has done since the world was furnished, in their order; `only` these where given."""
        calls = (await self.shopify.get(f"/_emulator/calls?since={self.furnished}")).json()["calls"]
        done = [
            entry["field"]
            for call in calls
            if call["outcome"] == "ok"
            for entry in call["mutations"]
            if not entry["user_errors"] and not entry["replayed"]
        ]
        return [name for name in done if not only or name in only]

    async def shopify_calls(self, mutation: str) -> list[dict[str, Any]]:
        """Every call of this mutation that Shopify received, done or not."""
        calls = (await self.shopify.get("/_emulator/calls")).json()["calls"]
        return [
            call for call in calls if any(entry["field"] == mutation for entry in call["mutations"])
        ]

    async def grid_writes(self) -> list[dict[str, Any]]:
        """What we wrote to Trading Grid, and it took, since the world was furnished."""
        calls = (
            await self.trading_grid.get(f"/_emulator/calls?since={self.grid_furnished}")
        ).json()
        return [call for call in calls["calls"] if call["status"] < 300]

    async def return_in_shopify(self, return_id: str) -> dict[str, Any]:
        found = (await self.shopify_state())["shops"][SHOP]["returns"]
        return next(entry for entry in found if numeric_id(entry["id"]) == return_id)

    async def order_in_shopify(self, order: dict[str, Any]) -> dict[str, Any]:
        found = (await self.shopify_state())["shops"][SHOP]["orders"]
        wanted = numeric_id(order["order_id"])
        return next(entry for entry in found if numeric_id(entry["id"]) == wanted)

    async def tagged(self, order: dict[str, Any], *tags: str) -> None:
        """That the order comes to carry these tags and no others."""

        async def look() -> list[str]:
            return sorted((await self.order_in_shopify(order))["tags"])

        await self.eventually(look, lambda found: found == sorted(tags))

    async def location(self, name: str) -> str:
        """A location of the shop; its GID."""
        made = await self._post(
            self.shopify, f"/_emulator/shops/{SHOP}/locations", {"name": name, "country_code": "DE"}
        )
        found: str = made["location_id"]
        return found

    async def faults(self, emulator: str, **plan: Any) -> None:
        """Misbehave (`api=...`, `webhooks=...`); without a plan, behave again."""
        client = self.shopify if emulator == "shopify" else self.trading_grid
        answer = await client.put("/_emulator/faults", json=plan)
        assert answer.is_success, answer.text

    async def shopify_state(self) -> dict[str, Any]:
        state: dict[str, Any] = (await self.shopify.get("/_emulator/state")).json()
        return state

    # Trading Grid.

    async def partner(
        self,
        partner: str,
        behaviour: str = "manual",
        *,
        lifecycle: str | Sequence[str] = "*",
        **more: Any,
    ) -> None:
        """A partner in Trading Grid, known here, who gets the lines of the vendor of the same name.

        `lifecycle` is that of its routes; a line is drop-shipped only by a route of exactly `purchase_order`.
        """
        await self._post(
            self.trading_grid,
            "/_emulator/partners",
            {"id": partner, "name": partner.replace("-", " ").title(), "behaviour": behaviour}
            | more,
        )
        async with self.database.begin() as session:
            await partners.create(
                session, tenant_id=TENANT, id=partner, name=partner.replace("-", " ").title()
            )
            for one in [lifecycle] if isinstance(lifecycle, str) else lifecycle:
                await routes.create(
                    session,
                    shop_id=SHOP,
                    lifecycle=one,
                    match_kind="vendor",
                    match_value=partner,
                    tenant_id=TENANT,
                    partner_id=partner,
                )

    async def partner_cases(self, partner: str) -> list[dict[str, Any]]:
        state = (await self.trading_grid.get("/_emulator/state")).json()
        tenant = next(entry for entry in state["tenants"] if entry["id"] == TENANT)
        return [case for case in tenant["cases"] if case["partner_id"] == partner]

    async def partner_case(self, partner: str) -> dict[str, Any]:
        """The partner's only case, once it is there and we know of it."""
        case: dict[str, Any] = await self.eventually(
            lambda: self.partner_cases(partner), lambda found: found[0] if len(found) == 1 else None
        )
        return case

    async def answer(self, partner: str, kind: str, **more: Any) -> None:
        case = await self.partner_case(partner)
        await self._post(
            self.trading_grid, f"/_emulator/cases/{case['id']}/answer", {"kind": kind} | more
        )

    async def write_as_partner(self, partner: str, text: str) -> None:
        case = await self.partner_case(partner)
        await self._post(
            self.trading_grid, f"/_emulator/cases/{case['id']}/messages", {"body": text}
        )

    async def document_of_partner(self, partner: str, name: str, content: bytes) -> None:
        case = await self.partner_case(partner)
        await self._post(
            self.trading_grid,
            f"/_emulator/cases/{case['id']}/documents",
            {
                "document_type": "photo",
                "file_name": name,
                "content_base64": base64.b64encode(content).decode(),
            },
        )

    async def messages(self, partner: str, author: str = "company") -> list[str]:
        """What was written to a partner (or by it), oldest first."""
        state = (await self.trading_grid.get("/_emulator/state")).json()
        tenant = next(entry for entry in state["tenants"] if entry["id"] == TENANT)
        return [
            entry["body"]
            for entry in tenant.get("messages", [])
            if entry["partner_id"] == partner and entry["author"]["type"] == author
        ]

    async def papers(self, partner: str, author: str = "company") -> list[str]:
        """The file names of a partner's case's documents."""
        state = (await self.trading_grid.get("/_emulator/state")).json()
        tenant = next(entry for entry in state["tenants"] if entry["id"] == TENANT)
        return [
            entry["file_name"]
            for entry in tenant["documents"]
            if entry["partner_id"] == partner and entry["author"]["type"] == author
        ]

    async def authorization(self, partner: str) -> dict[str, Any]:
        async def find() -> list[dict[str, Any]]:
            state = (await self.trading_grid.get("/_emulator/state")).json()
            tenant = next(entry for entry in state["tenants"] if entry["id"] == TENANT)
            return [
                entry for entry in tenant["return_authorizations"] if entry["partner_id"] == partner
            ]

        entry: dict[str, Any] = await self.eventually(
            find, lambda found: found[0] if found else None
        )
        return entry

    async def authorize(self, partner: str, **changes: Any) -> None:
        """The partner fills in its return authorisation: RMA, address, what came back."""
        entry = await self.authorization(partner)
        await self._post(
            self.trading_grid, f"/_emulator/return-authorizations/{entry['id']}", changes
        )

    async def receive_all(self, partner: str, location: str = "") -> None:
        """The partner reports that everything came back."""
        entry = await self.authorization(partner)
        await self.authorize(
            partner,
            lines=[
                {
                    "line_id": line["line_id"],
                    "received_quantity": line["quantity"],
                    "disposition_code": "RA" if location else "DI",
                    "location_code": location or None,
                }
                for line in entry["lines"]
            ],
        )

    # The merchant.

    async def policy(
        self, partner: str = "*", *, lifecycle: str = "return_claim", **terms: Any
    ) -> None:
        async with self.database.begin() as session:
            await policies.put(
                session,
                terms,
                now=datetime.now(UTC),
                shop_id=SHOP,
                lifecycle=lifecycle,
                partner_id=partner,
            )

    async def update(self, case_id: str, name: str, command: Any, *, key: str = "") -> Any:
        return await self.handle(case_id).execute_update(
            name, command, id=key or f"key-{next(self.updates)}"
        )

    async def map_location(self, partner: str, code: str, location_gid: str) -> None:
        async with self.database.begin() as session:
            await location_mappings.create(
                session,
                tenant_id=TENANT,
                code=code,
                shop_id=SHOP,
                location_gid=location_gid,
                partner_id=partner,
            )

    async def claim(self, claim: ClaimRequest, *, opened_by: str = "operator:maria") -> str:
        """A damage or warranty claim, as the API puts it into the inbox; the case's id."""
        body, delivery_id = claim_body(return_id="", claim=claim, opened_by=opened_by, again=False)
        return await self._asked_for("claims/create", body, delivery_id)

    async def open_exception(
        self,
        order: dict[str, Any],
        reason: Reason = Reason.LATE,
        *,
        note: str = "",
        line_ids: Sequence[str] = (),
        opened_by: str = "operator:maria",
        again: bool = False,
    ) -> str:
        """An order exception, as the API puts it into the inbox; the case's id."""
        body, delivery_id = exception_body(
            order_id=numeric_id(order["order_id"]),
            reason=reason,
            note=note,
            line_ids=line_ids,
            opened_by=opened_by,
            again=again,
        )
        return await self._asked_for("exceptions/create", body, delivery_id)

    async def replenish(
        self, request: ReplenishmentRequest, *, opened_by: str = "operator:maria"
    ) -> str:
        """A replenishment, as the API puts it into the inbox; the case's id."""
        body, delivery_id = replenishment_body(request, opened_by=opened_by)
        return await self._asked_for("replenishments/create", body, delivery_id)

    async def _asked_for(self, topic: str, body: bytes, delivery_id: str) -> str:
        received = await receive_own(
            self.database,
            scope=SHOP,
            topic=topic,
            delivery_id=delivery_id,
            body=body,
            now=datetime.now(UTC),
        )
        settled = await self.dispatcher.dispatch(received.event_id)
        assert settled is not None, "another process has the event"
        assert settled.opened is not None, settled.reason
        return settled.opened.case_id

    async def switch(self, kind: str, *, on: bool = True, **where: str) -> None:
        """Turn a `pause` or `shadow` switch."""
        async with self.database.begin() as session:
            if on:
                await switches.put(
                    session,
                    kind,  # type: ignore[arg-type]
                    set_by="operator:maria",
                    reason="stock-taking",
                    now=datetime.now(UTC),
                    **where,
                )
            else:
                await switches.clear(session, kind, **where)  # type: ignore[arg-type]

    # Time.

    async def sleep(self, time: timedelta) -> None:
        """Let time pass, on the time-skipping server."""
        assert self.environment is not None
        await self.delivered()
        end = await self.environment.get_current_time() + time
        # In steps: what is retried meanwhile takes its real time, and one call has ten seconds.
        while (left := end - await self.environment.get_current_time()) > timedelta(0):
            await self.environment.sleep(min(left, STEP))

    async def delivered(self) -> None:
        """Wait until no webhook is on its way; time that is skipped would overtake it."""

        async def pending() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = []
            for client in (self.shopify, self.trading_grid):
                found += (await client.get("/_emulator/deliveries")).json()["deliveries"]
            return [one for one in found if "pending" in (one.get("state"), one.get("status"))]

        await self.eventually(pending, lambda found: not found)

    async def now(self) -> datetime:
        """The time as workflows see it."""
        assert self.environment is not None
        return await self.environment.get_current_time()

    # Cases.

    def case_id(self, return_id: str) -> str:
        return f"return-claim:{SHOP}:{return_id}"

    def exception_id(self, order: dict[str, Any]) -> str:
        return order_exception_key(SHOP, order["order_id"])

    def purchases_id(self, order: dict[str, Any]) -> str:
        return order_key(SHOP, order["order_id"])

    def papers_id(self, po_number: str) -> str:
        return shipping_documents_key(SHOP, po_number)

    def handle(self, case_id: str) -> WorkflowHandle[Any, Any]:
        return self.temporal.get_workflow_handle(case_id)

    async def current(self, case_id: str) -> CaseSnapshot:
        handle = self.temporal.get_workflow_handle(case_id)
        seen: CaseSnapshot = await handle.query("current", result_type=CaseSnapshot)
        return seen

    async def until_status(self, case_id: str, *statuses: str) -> CaseSnapshot:
        """Wait, in real time, until the case stands like this."""

        async def look() -> CaseSnapshot | None:
            try:
                return await self.current(case_id)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
                return None

        seen: CaseSnapshot = await self.eventually(
            look, lambda seen: seen if seen is not None and seen.status.value in statuses else None
        )
        return seen

    async def result(self, case_id: str) -> dict[str, Any]:
        """The outcome; on the time-skipping server, time is skipped while this waits."""
        handle = self.temporal.get_workflow_handle(case_id, result_type=dict)
        found: dict[str, Any]
        await self.delivered()
        if self.environment is None:
            found = await handle.result()
            return found
        # The SDK skips for handles of `start_workflow` alone; these cases were started by dispatch.
        service = self.temporal.test_service
        await service.unlock_time_skipping(UnlockTimeSkippingRequest())
        try:
            found = await handle.result()
        finally:
            await service.lock_time_skipping(LockTimeSkippingRequest())
        return found

    async def timeline(self, case_id: str) -> list[str]:
        return [entry.text for entry in await self.entries(case_id)]

    async def entries(self, case_id: str) -> list[CaseTimelineEntry]:
        """The timeline as the tables have it, oldest first."""
        async with self.database.read() as session:
            return (await case_timeline.page(session, case_id, limit=200)).items

    async def until_told(self, case_id: str, part: str) -> str:
        """The first line of the timeline with these words, once it is there."""
        found: str = await self.eventually(
            lambda: self.timeline(case_id),
            lambda lines: next((line for line in lines if part in line), None),
        )
        return found

    async def until_notified(self, part: str) -> None:
        """Wait until people were told something with these words: notifications go out beside the story."""

        async def subjects() -> list[str]:
            return self.recorder.subjects()

        await self.eventually(subjects, lambda found: any(part in subject for subject in found))

    async def history(self, case_id: str) -> WorkflowHistory:
        return await self.handle(case_id).fetch_history()

    async def row(self, case_id: str) -> Any:
        async with self.database.read() as session:
            return await cases.get(session, case_id)

    async def row_or_none(self, case_id: str) -> Any:
        async with self.database.read() as session:
            return await cases.find(session, case_id)

    async def all_cases(self) -> list[str]:
        """The ids of all cases there ever were, by number."""
        async with self.database.read() as session:
            rows = (await session.exec(select(Case).order_by(col(Case.number)))).all()
        return [row.id for row in rows]

    async def eventually(
        self,
        look: Callable[[], Awaitable[Any]],
        wanted: Callable[[Any], Any],
        within: float = 15,
    ) -> Any:
        """The first wanted value; polls every 20 ms, since nothing tells a test when another process is done."""
        end = asyncio.get_running_loop().time() + within
        while True:
            seen = await look()
            found = wanted(seen)
            if found is not None and found is not False:
                return found
            if asyncio.get_running_loop().time() > end:
                raise AssertionError(
                    f"It did not come about within {within} s; last seen: {seen!r}"
                )
            await asyncio.sleep(0.02)

    @staticmethod
    async def _post(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = await client.post(path, json=body)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found


def _receiver(world_of: Callable[[], World]) -> Starlette:
    """Where the emulators' webhooks arrive: the intake's own functions, as the API calls them."""

    async def shopify(request: Request) -> Response:
        world = world_of()
        if not world.deliver:
            return Response(status_code=200)
        received = await receive_shopify(
            world.database,
            world.box,
            body=await request.body(),
            headers=request.headers,
            now=datetime.now(UTC),
        )
        if received.created:
            await world.dispatcher.dispatch(received.event_id)
        return Response(status_code=200)

    async def trading_grid(request: Request) -> Response:
        world = world_of()
        if not world.deliver:
            return Response(status_code=200)
        received = await receive_trading_grid(
            world.database,
            world.box,
            request.path_params["tenant"],
            body=await request.body(),
            headers=request.headers,
            now=datetime.now(UTC),
        )
        if received.created:
            await world.dispatcher.dispatch(received.event_id)
        return Response(status_code=200)

    return Starlette(
        routes=[
            Route("/webhooks/shopify", shopify, methods=["POST"]),
            Route("/webhooks/trading-grid/{tenant}", trading_grid, methods=["POST"]),
        ]
    )


@asynccontextmanager
async def open_world(
    temporal: Client,
    database: Database,
    folder: Path,
    *,
    environment: WorkflowEnvironment | None = None,
    worker: bool = True,
) -> AsyncIterator[World]:
    """Everything, connected to each other, with one shop and one tenant."""
    settings = Settings(
        database_url=database.url.render_as_string(hide_password=False),
        data_dir=folder,
        task_queue=f"gridcase-{id(folder)}",
        public_url=PUBLIC,
        _env_file=None,
    )
    box = SecretBox.parse(settings.secret_key_ring)
    holder: list[World] = []
    receiver = httpx.AsyncClient(transport=httpx.ASGITransport(_receiver(lambda: holder[0])))
    shop_app = shopify_app(ShopifyOptions(), webhook_client=receiver)
    grid_app = trading_grid_app(
        TradingGridOptions(public_url=TRADING_GRID), webhook_client=receiver
    )
    shopify_http = httpx.AsyncClient(
        transport=httpx.ASGITransport(shop_app), base_url=SHOPIFY, timeout=10
    )
    grid_http = httpx.AsyncClient(
        transport=httpx.ASGITransport(grid_app), base_url=TRADING_GRID, timeout=10
    )

    async def lose(response: httpx.Response) -> None:
        wanted = holder[0].lose_answer_to if holder else ""
        if wanted and f"{wanted}(".encode() in response.request.content:
            holder[0].lose_answer_to = ""
            raise httpx.ReadError("The answer was lost.", request=response.request)

    async def somebody_else(request: httpx.Request) -> None:
        planned = holder[0].before_call if holder else {}
        for name in [one for one in planned if f"{one}(".encode() in request.content]:
            await planned.pop(name)()

    shopify_http.event_hooks["response"].append(lose)
    shopify_http.event_hooks["request"].append(somebody_else)
    connections = Connections(
        database, box, ShopifyClients(shopify_http), TradingGridClients(grid_http)
    )
    dispatcher = Dispatcher(database, connections, temporal, settings.task_queue)
    recorder = Recorder()
    world = World(
        temporal=temporal,
        database=database,
        box=box,
        connections=connections,
        dispatcher=dispatcher,
        shopify=shopify_http,
        trading_grid=grid_http,
        recorder=recorder,
        settings=settings,
        environment=environment,
        emulators={"shopify": shop_app, "trading_grid": grid_app},
    )
    holder.append(world)
    await _furnish(world)
    parts = Outside(
        settings,
        database,
        box,
        connections,
        open_document_store(settings.document_store_url),
        recorder,
    )
    try:
        if worker:
            async with make_worker(temporal, parts):
                yield world
        else:
            yield world
    finally:
        await shop_app.state.emulator.aclose()
        await grid_app.aclose()
        for client in (receiver, shopify_http, grid_http):
            await client.aclose()


async def _furnish(world: World) -> None:
    now = datetime.now(UTC)
    async with world.database.begin() as session:
        await tenants.create(
            session,
            world.box,
            id=TENANT,
            name="Demo",
            base_url=f"{TRADING_GRID}/tradinggrid/v1",
            token_url=f"{TRADING_GRID}/tenants/{TENANT}/oauth2/token",
            client_id="demo-client",
            client_secret="demo-secret",
        )
        await shops.create(
            session,
            world.box,
            id=SHOP,
            domain=f"{SHOP}.myshopify.com",
            tenant_id=TENANT,
            name="Acme",
            api_version="2026-10",
            client_id="demo-client-id",
            client_secret="demo-client-secret",
            admin_base=SHOPIFY + "/{shop}",
        )
    made = await world.shopify.post(
        f"/_emulator/shops/{SHOP}", json={"name": "Acme", "currency": "EUR"}
    )
    assert made.is_success, made.text
    report = await connect_shop(
        world.database, world.box, world.connections, SHOP, public_url=PUBLIC, now=now
    )
    failed = [step for step in report.steps if step.status == "failed"]
    assert not failed, failed
    calls = (await world.shopify.get("/_emulator/calls")).json()["calls"]
    world.furnished = calls[-1]["number"]
    world.grid_furnished = (await world.trading_grid.get("/_emulator/calls")).json()["last"]


@pytest.fixture
async def world(
    skipping: WorkflowEnvironment, database: Database, tmp_path: Path
) -> AsyncIterator[World]:
    """The world on the time-skipping server, once with each database."""
    async with open_world(skipping.client, database, tmp_path, environment=skipping) as made:
        yield made


HOUR = timedelta(hours=1)
STEP = timedelta(hours=2)
