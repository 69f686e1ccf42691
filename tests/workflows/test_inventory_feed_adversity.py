"""The whole feed under whatever comes: words late, twice and out of order, sales, changes by hand, lost answers, workers
that go away. In the end the shop sells what the newest words and the orders since imply.

Each story is played from a seed; `tests/activities/test_inventory_feed_model.py` goes further into the single steps, and
here it is the workflow that takes them. On the real server: the time-skipping one goes on asking workers that are gone.
"""

import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest
from temporalio.testing import WorkflowEnvironment

from clients.documents.object_store import open_document_store
from persistence.session import Database
from tests.activities.stock_model import Model, Sale, Word
from tests.intake.staging import arrived
from tests.workflows import feeds
from tests.workflows.feeds import DEPOT, HAMBURG, LYON, WH, feed_id
from tests.world import SHOP, World, open_world
from worker import Outside, make_worker

SEEDS = range(int(os.environ.get("FEED_SEEDS", "2")))
PLACES = {WH: HAMBURG, DEPOT: LYON}
SKUS = ("A", "B")
MINUTE = timedelta(minutes=1)
SET = "inventorySetQuantities"


@dataclass(frozen=True)
class Say:
    """A word, `ago` minutes old. `told`: how often an event tells of it; never: it is found only by looking."""

    code: str
    snapshot: bool
    ago: int
    says: dict[str, int]
    told: int


@dataclass(frozen=True)
class Buy:
    code: str
    sku: str
    quantity: int
    under: bool
    """Just before the next write arrives, and not now."""


@dataclass(frozen=True)
class Cancel:
    which: int


@dataclass(frozen=True)
class Edit:
    """Staff raises a level. A lowered one is believed for a minute, which is real here."""

    code: str
    sku: str
    quantity: int
    under: bool


@dataclass(frozen=True)
class LoseAnswer:
    to: str


@dataclass(frozen=True)
class Restart:
    """The worker stops in the middle of whatever it does, and another starts."""


@dataclass(frozen=True)
class Settle:
    """All is quiet for a while."""


def steps_of(seed: int) -> list[Any]:
    """A story of sixteen steps; it begins with a word about each place."""
    dice = random.Random(seed)

    def a_word() -> Say:
        says = {sku: dice.randint(0, 20) for sku in dice.sample(SKUS, dice.randint(1, 2))}
        code, told = dice.choice(sorted(PLACES)), dice.choice([0, 1, 1, 2])
        return Say(code, dice.random() < 0.5, dice.randint(0, 5), says, told)

    def a_step() -> Any:
        code, sku, under = dice.choice(sorted(PLACES)), dice.choice(SKUS), dice.random() < 0.5
        return dice.choice(
            [
                a_word(),
                a_word(),
                Buy(code, sku, dice.randint(1, 3), under),
                Buy(code, sku, dice.randint(1, 3), under),
                Cancel(dice.randint(0, 5)),
                Edit(code, sku, dice.randint(30, 40), under),
                LoseAnswer(dice.choice([SET, "bulkOperationRunQuery", "nodes", "orders"])),
                Restart(),
                Settle(),
            ]
        )

    first = [Say(code, True, 0, dict.fromkeys(SKUS, 9), 1) for code in sorted(PLACES)]
    return [*first, *(a_step() for _ in range(14))]


@dataclass
class Story:
    """One example: a partner of its own, its feed, and the model beside them."""

    world: World
    restart: Callable[[], Awaitable[None]]
    model: Model = field(default_factory=Model)
    words: list[Word] = field(default_factory=list)
    orders: list[tuple[Sale, str]] = field(default_factory=list)
    clock: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(hours=2))

    @property
    def partner(self) -> str:
        return feeds.MILL

    async def begin(self) -> None:
        await feeds.partner(self.world, self.partner)
        for code, place in PLACES.items():
            await feeds.located(self.world, code, place)
        for sku in SKUS:
            await feeds.product(self.world, sku, {HAMBURG: 3, LYON: 3})

    async def do(self, step: Any) -> None:
        self.clock += MINUTE
        match step:
            case Say():
                await self.say(step)
            case Buy(code, sku, quantity, under):
                await self.now_or_under(lambda: self.buy(code, sku, quantity), under=under)
            case Cancel(which) if self.orders:
                await self.cancel(*self.orders[which % len(self.orders)])
            case Edit(code, sku, quantity, under):
                place = PLACES[code]
                await self.now_or_under(
                    lambda: feeds.by_hand(self.world, sku, quantity, place), under=under
                )
            case LoseAnswer(to):
                self.world.lose_answer_to = to
            case Restart():
                await self.restart()
            case Settle():
                await self.settled()

    async def now_or_under(self, act: Callable[[], Awaitable[object]], *, under: bool) -> None:
        if under:
            self.world.before_call[SET] = act
        else:
            await act()

    async def say(self, step: Say) -> None:
        as_of = self.clock - step.ago * MINUTE
        self.world.deliver = step.told > 0
        advice = await feeds.advised(
            self.world,
            *(feeds.line(sku, quantity) for sku, quantity in step.says.items()),
            kind="snapshot" if step.snapshot else "delta",
            code=step.code,
            who=self.partner,
            as_of=as_of,
        )
        await self.world.delivered()
        self.world.deliver = True
        says: dict[str, int | None] = dict(step.says)
        self.words.append(Word(advice, step.code, step.snapshot, as_of, 0, says))
        if step.told > 1:
            await self.tell_again(advice)

    async def tell_again(self, advice: str) -> None:
        """The event once more, under another id."""
        data = {
            "id": advice,
            "resource": "inventory_advice",
            "partner_id": feeds.MILL,
            "version": 1,
        }
        body = {"type": "inventory_advice.received", "data": data}
        event = await arrived(
            self.world,
            "inventory_advice.received",
            body,
            source="trading_grid",
            delivery=str(uuid4()),
        )
        await self.world.dispatcher.dispatch(event)

    async def buy(self, code: str, sku: str, quantity: int) -> None:
        made = await feeds.ordered(
            self.world, sku, quantity, PLACES[code], created_at=self.clock.isoformat()
        )
        sale = Sale(code, sku, self.clock, quantity)
        self.model.sales.append(sale)
        self.orders.append((sale, made["order_id"].rsplit("/", 1)[1]))

    async def cancel(self, sale: Sale, number: str) -> None:
        if sale.quantity:
            path = f"/_emulator/shops/{SHOP}/orders/{number}/cancel"
            await self.world._post(self.world.shopify, path, {})
            sale.quantity = 0

    async def settled(self) -> None:
        """Until the feed does nothing, for some looks in a row; calls whose answers were lost are tried again meanwhile."""
        await self.world.delivered()
        service, still = self.world.temporal.workflow_service, 0
        request = DescribeWorkflowExecutionRequest(
            namespace=self.world.temporal.namespace,
            execution=WorkflowExecution(workflow_id=feed_id()),
        )

        async def look() -> bool:
            nonlocal still
            seen = await service.describe_workflow_execution(request)
            busy = bool(seen.pending_activities) or seen.HasField("pending_workflow_task")
            still = 0 if busy else still + 1
            return still >= 5

        await self.world.eventually(look, lambda done: done, within=60)

    async def end(self) -> None:
        """What no event told of is looked for, and items are read again: levels that were changed by hand are found."""
        case_id = feed_id(self.partner)
        self.world.before_call.clear()
        self.world.lose_answer_to = ""
        for _ in range(2):
            await self.settled()
            await feeds.refresh(self.world, case_id)
            await self.settled()
        await self.settled()
        await self.check()

    async def check(self) -> None:
        """The emulator numbers the words of a place as they are published; later words are newer at one moment."""
        numbers: dict[str, int] = {}
        for word in self.words:
            numbers[word.code] = numbers.get(word.code, 0) + 1
            self.model.words.append(
                Word(word.id, word.code, word.snapshot, word.as_of, numbers[word.code], word.says)
            )
        allowed = self.model.allowed()
        for (code, sku), wanted in allowed.items():
            level = (await feeds.levels(self.world, PLACES[code]))[sku]
            assert level == wanted or (wanted == 0 and level < 0), (code, sku, level, wanted)


@asynccontextmanager
async def restartable(world: World) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """A worker beside the world, and a way to have another in its place."""
    parts = Outside(
        world.settings,
        world.database,
        world.box,
        world.connections,
        open_document_store(world.settings.document_store_url),
        world.recorder,
    )
    async with AsyncExitStack() as running:

        async def restart() -> None:
            await running.aclose()
            await running.enter_async_context(make_worker(world.temporal, parts))

        await restart()
        yield restart


@pytest.fixture
async def adverse(
    dev_server: WorkflowEnvironment, database: Database, tmp_path: Path
) -> AsyncIterator[Story]:
    async with (
        open_world(dev_server.client, database, tmp_path, worker=False) as world,
        restartable(world) as restart,
    ):
        await feeds.terms(world, brake_from=1000)
        yield Story(world, restart)


# Which database it is makes no difference here.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.timeout(180)
async def test_whatever_comes_the_shop_sells_what_the_newest_words_and_orders_imply(
    adverse: Story, seed: int
) -> None:
    await adverse.begin()
    for step in steps_of(seed):
        await adverse.do(step)
    await adverse.end()
