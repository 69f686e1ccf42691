"""The Temporal worker process: settings -> clients -> activities -> Worker. No rules here."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import structlog
from temporalio.api.workflowservice.v1 import SetWorkerDeploymentCurrentVersionRequest
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Worker, WorkerDeploymentConfig
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import SandboxImportNotificationPolicy

from activities.campaign_readiness import (
    CampaignDisplayActivities,
    CampaignPlanActivities,
    CampaignSalesActivities,
    CampaignSharingActivities,
)
from activities.case_record import CaseRecordActivities
from activities.dispute import DisputeActivities
from activities.feeds import FeedActivities
from activities.fulfillment_orders import FulfillmentOrderActivities
from activities.heartbeats import Heartbeats
from activities.housekeeping import HousekeepingActivities
from activities.inventory_feed import InventoryFeedActivities
from activities.inventory_transfers import InventoryTransferActivities
from activities.notification import NotificationActivities
from activities.order_exception import OrderExceptionActivities
from activities.order_fields import OrderFieldActivities
from activities.own_events import OwnEventActivities
from activities.partner_case import PartnerCaseActivities
from activities.pauses import Pauses
from activities.purchase_order import PurchaseOrderActivities
from activities.reconciliation import ReconciliationActivities
from activities.return_claim import (
    ReturnClaimActivities,
    ReturnReviewActivities,
    ReturnSettlementActivities,
)
from activities.shipping_documents import ShippingDocumentsActivities
from clients.documents.object_store import open_document_store
from clients.documents.port import DocumentRules, DocumentStore
from clients.notification.console import ConsoleChannel
from clients.notification.port import Channel, Notifier
from clients.notification.router import NotificationRouter
from clients.notification.smtp import EmailChannel, SmtpServer
from clients.notification.webhook import WebhookChannel
from clients.shopify.factory import ShopifyClients
from clients.trading_grid.rest import TradingGridClients
from intake.connections import Connections
from intake.dispatch import Dispatcher
from intake.provision import check_provisioned
from intake.reconciliation import Reconciler
from intake.schedules import Schedules
from intake.sweep import Sweep
from intake.temporal import connect, drained
from logs import configure_logging
from persistence.encryption import SecretBox
from persistence.migrate import migrate
from persistence.session import Database
from settings import Settings
from workflows.campaign_readiness import CampaignReadinessWorkflow
from workflows.dispute import DisputeWorkflow
from workflows.housekeeping import ConnectShopsWorkflow, SweepWorkflow
from workflows.inventory_feed import InventoryFeedWorkflow
from workflows.inventory_items import RefreshItemsWorkflow
from workflows.order_exception import OrderExceptionWorkflow
from workflows.purchase_order import PurchaseOrderWorkflow
from workflows.reconciliation import ReconciliationWorkflow
from workflows.return_claim import ReturnClaimWorkflow
from workflows.shipping_documents import ShippingDocumentsWorkflow

log = structlog.get_logger()

WORKFLOWS: list[type] = [
    ReturnClaimWorkflow,
    OrderExceptionWorkflow,
    PurchaseOrderWorkflow,
    ShippingDocumentsWorkflow,
    DisputeWorkflow,
    CampaignReadinessWorkflow,
    InventoryFeedWorkflow,
    SweepWorkflow,
    ConnectShopsWorkflow,
    RefreshItemsWorkflow,
    ReconciliationWorkflow,
]

# Passed through: what holds no state of a workflow. Only `workflows` itself is loaded anew for each run, because what is
# passed through runs unguarded; ruff's ban on clock and dice covers `domain`.
PASSED_THROUGH = (
    "activities",
    "clients",
    "domain",
    "intake",
    "persistence",
    "settings",
    "pydantic",
    "pydantic_core",
    "sqlmodel",
    "sqlalchemy",
    "httpx",
    "structlog",
)


def workflow_runner() -> SandboxedWorkflowRunner:
    """The sandbox all our workflows run in, in the worker and in tests."""
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules(
            *PASSED_THROUGH
        ).with_import_notification_policy(
            SandboxImportNotificationPolicy.WARN_ON_DYNAMIC_IMPORT
            | SandboxImportNotificationPolicy.RAISE_ON_UNINTENTIONAL_PASSTHROUGH
        )
    )


@dataclass(frozen=True)
class Outside:
    """What activities reach: databases, remote clients, stores. Built once a process."""

    settings: Settings
    database: Database
    box: SecretBox
    connections: Connections
    store: DocumentStore
    notifier: Notifier


@asynccontextmanager
async def outside(settings: Settings) -> AsyncIterator[Outside]:
    """Open everything the activities need, and close it again."""
    database = Database(settings.database_url)
    box = SecretBox.parse(settings.secret_key_ring)
    store = open_document_store(
        settings.document_store_url, DocumentRules(max_bytes=settings.max_document_bytes)
    )
    async with (
        ShopifyClients() as shopify,
        TradingGridClients() as trading_grid,
        httpx.AsyncClient() as http,
    ):
        connections = Connections(
            database,
            box,
            shopify,
            trading_grid,
            allow_plain_http=settings.allow_plain_http,
        )
        try:
            yield Outside(settings, database, box, connections, store, notifier(settings, http))
        finally:
            await database.dispose()


def notifier(settings: Settings, http: httpx.AsyncClient) -> Notifier:
    """The ways to reach people that the settings allow; an address of another scheme is refused with that word."""

    async def secret_of(_: str) -> str | None:
        return settings.notification_webhook_secret.get_secret_value() or None

    web = WebhookChannel(http, secret_of, allow_plain_http=settings.allow_plain_http)
    channels: dict[str, Channel] = {"console": ConsoleChannel(), "https": web, "http": web}
    if settings.smtp_host:
        channels["mailto"] = EmailChannel(
            SmtpServer(
                host=settings.smtp_host,
                sender=settings.smtp_from,
                port=settings.smtp_port,
                security="starttls" if settings.smtp_starttls else "none",
                username=settings.smtp_user or None,
                password=settings.smtp_password.get_secret_value() or None,
            )
        )
    return NotificationRouter(channels)


def activities(parts: Outside, client: Client) -> list[Any]:
    """Every activity, with its clients injected."""
    settings, database, connections = parts.settings, parts.database, parts.connections
    pauses = Pauses(database)
    dispatcher = Dispatcher(database, connections, client, settings.task_queue)
    partner = PartnerCaseActivities(
        connections,
        database,
        parts.store,
        pauses,
        max_document_bytes=settings.max_document_bytes,
    )
    fields = OrderFieldActivities(connections, pauses)
    chores = HousekeepingActivities(
        database,
        parts.box,
        connections,
        Sweep(database, dispatcher, client),
        public_url=settings.public_url,
        schedules=Schedules(
            client, settings.task_queue, timedelta(seconds=settings.reconcile_seconds)
        ),
    )
    case_link = settings.public_url.rstrip("/") + "/cases/{case_id}"
    return [
        method
        for owner in (
            ReturnClaimActivities(connections, database, pauses),
            ReturnReviewActivities(connections, database, pauses),
            ReturnSettlementActivities(connections, pauses),
            partner,
            fields,
            FulfillmentOrderActivities(connections, pauses),
            InventoryTransferActivities(connections, pauses),
            OrderExceptionActivities(database),
            PurchaseOrderActivities(connections, database, pauses),
            ShippingDocumentsActivities(
                connections,
                database,
                pauses,
                client,
                document_link=settings.public_url.rstrip("/") + "/documents/{id}",
            ),
            DisputeActivities(connections, database, parts.store, pauses),
            CampaignPlanActivities(connections, database, pauses),
            CampaignSharingActivities(connections, database, pauses),
            CampaignDisplayActivities(connections, database, pauses),
            CampaignSalesActivities(connections, database, pauses),
            InventoryFeedActivities(connections, database, pauses),
            FeedActivities(database, client),
            chores,
            CaseRecordActivities(database),
            OwnEventActivities(database, dispatcher),
            ReconciliationActivities(Reconciler(database, connections, dispatcher)),
            NotificationActivities(parts.notifier, case_link),
        )
        for method in _activity_methods(owner)
    ]


def _activity_methods(owner: object) -> list[Any]:
    return [
        getattr(owner, name)
        for name in dir(type(owner))
        if hasattr(getattr(type(owner), name), "__temporal_activity_definition")
    ]


def make_worker(client: Client, parts: Outside) -> Worker:
    """The worker, with our sandbox and our limits."""
    settings = parts.settings
    return Worker(
        client,
        task_queue=settings.task_queue,
        workflows=WORKFLOWS,
        activities=activities(parts, client),
        workflow_runner=workflow_runner(),
        interceptors=[Heartbeats()],
        # A restart replays many cases at once; the deadlock detector gives each task two seconds.
        max_concurrent_workflow_tasks=settings.max_concurrent_workflow_tasks,
        max_concurrent_activities=settings.max_concurrent_activities,
        graceful_shutdown_timeout=timedelta(seconds=10),
        deployment_config=deployment(settings),
    )


def deployment(settings: Settings) -> WorkerDeploymentConfig | None:
    """Worker Deployments, on by one setting; without a promoted version the server would refuse every task."""
    if not settings.worker_deployment:
        return None
    name, _, build = settings.worker_deployment.partition("/")
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(deployment_name=name, build_id=build or "1"),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )


async def make_current(client: Client, config: WorkerDeploymentConfig) -> None:
    """Promote this worker's version, as soon as the server has seen it poll."""
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace,
        deployment_name=config.version.deployment_name,
        build_id=config.version.build_id,
        identity="gridcase-worker",
    )
    while True:
        try:
            await client.workflow_service.set_worker_deployment_current_version(request)
        except RPCError as error:
            if error.status not in {RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION}:
                raise
            await asyncio.sleep(0.5)
        else:
            log.info("worker deployment is current", version=str(config.version))
            return


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Work until `stop` is set.

    Raises:
        NotProvisioned: Temporal lacks the search attributes that cases set.
    """
    await migrate(settings.database_url)
    client = await connect(settings)
    await check_provisioned(client)
    async with outside(settings) as parts:
        worker = make_worker(client, parts)
        config = deployment(settings)
        async with worker:
            promoting = asyncio.create_task(make_current(client, config)) if config else None
            log.info("worker started", task_queue=settings.task_queue)
            await stop.wait()
            log.info("worker stopping")
            if promoting is not None:
                promoting.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await promoting


def main() -> None:
    settings = Settings()
    configure_logging(settings)

    async def main_task() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        async with drained():
            await run(settings, stop)

    try:
        asyncio.run(main_task())
    except Exception as error:
        log.error("worker failed", error=f"{type(error).__name__}: {error}")
        sys.exit(1)


if __name__ == "__main__":
    main()
