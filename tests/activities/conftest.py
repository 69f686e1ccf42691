"""Activities alone, against both emulators: no worker, no Temporal server, no webhooks."""

import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.dispute import DisputeActivities
from activities.fulfillment_orders import FulfillmentOrderActivities
from activities.inventory_transfers import InventoryTransferActivities
from activities.order_fields import OrderFieldActivities
from activities.partner_case import PartnerCaseActivities
from activities.pauses import Pauses
from activities.return_claim import (
    ReturnClaimActivities,
    ReturnReviewActivities,
    ReturnSettlementActivities,
)
from clients.documents.object_store import open_document_store
from clients.documents.port import DocumentStore
from persistence.session import Database
from tests.world import World, open_world

CASE = "return-claim:acme:1"


class Hands:
    """The activities of one world, called as Temporal calls them: with a case's id and an attempt's number."""

    def __init__(self, world: World, store: DocumentStore) -> None:
        self.world = world
        self.store = store
        pauses = Pauses(world.database)
        self.claims = ReturnClaimActivities(world.connections, world.database, pauses)
        self.reviews = ReturnReviewActivities(world.connections, world.database, pauses)
        self.settlement = ReturnSettlementActivities(world.connections, pauses)
        self.fulfillment = FulfillmentOrderActivities(world.connections, pauses)
        self.transfers = InventoryTransferActivities(world.connections, pauses)
        self.fields = OrderFieldActivities(world.connections, pauses)
        self.disputes = DisputeActivities(world.connections, world.database, store, pauses)
        self.partner = PartnerCaseActivities(
            world.connections, world.database, store, pauses, max_document_bytes=1_000_000
        )

    async def call(
        self,
        activity: Callable[[Any], Awaitable[Any]],
        request: Any,
        *,
        attempt: int = 1,
        workflow_id: str = CASE,
    ) -> Any:
        environment = ActivityEnvironment()
        environment.info = dataclasses.replace(
            environment.info, workflow_id=workflow_id, attempt=attempt
        )
        return await environment.run(activity, request)

    async def refusal(
        self, activity: Callable[[Any], Awaitable[Any]], request: Any, **how: Any
    ) -> ApplicationError:
        """What the call fails with."""
        with pytest.raises(ApplicationError) as refused:
            await self.call(activity, request, **how)
        return refused.value


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    # The database is not what is tested here.
    if "database_url" in metafunc.fixturenames:
        metafunc.definition.add_marker(
            pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
        )


@pytest.fixture
async def hands(database: Database, tmp_path: Path) -> AsyncIterator[Hands]:
    nowhere = await Client.connect("127.0.0.1:1", lazy=True)
    async with open_world(nowhere, database, tmp_path, worker=False) as world:
        world.deliver = False
        yield Hands(world, open_document_store(world.settings.document_store_url))
