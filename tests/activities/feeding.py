"""A feed without its workflow: the activities called one after another, as `workflows/inventory_feed` calls them."""

import itertools
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from activities.inventory_feed import InventoryFeedActivities
from activities.pauses import Pauses
from domain.inventory_feed.messages import (
    AdviceApplied,
    AdviceRead,
    ApplyAdvice,
    BatchWritten,
    FeedStanding,
    FinishPush,
    ItemsRefreshed,
    PlanPush,
    PushFinished,
    PushPlanned,
    ReadAdvice,
    ReadStanding,
    RefreshItems,
    WriteBatch,
)
from domain.inventory_feed.quantities import PushTerms
from tests.activities.conftest import Hands
from tests.world import SHOP, TENANT, World

MILL = "acme-mill"
CASE = f"inventory-feed:{SHOP}:{MILL}"
HAMBURG, LYON = "Hamburg", "Lyon"
WH, DEPOT = "WH-1", "DEPOT-2"
ROUNDS = 6


class Feed:
    """One partner's feed, driven by hand. `at` is the workflow's clock, which may be put forward."""

    def __init__(self, hands: Hands, partner: str = MILL) -> None:
        self.hands = hands
        self.world: World = hands.world
        self.partner = partner
        self.activities = InventoryFeedActivities(
            self.world.connections, self.world.database, Pauses(self.world.database)
        )
        self.forward = timedelta(0)
        self.numbers = itertools.count(1)
        self.pushes = 0
        self.known: dict[str, int] = {}
        self.gids: dict[str, str] = {}

    @property
    def at(self) -> datetime:
        return datetime.now(UTC) + self.forward

    @property
    def where(self) -> dict[str, str]:
        return {"shop": SHOP, "tenant": TENANT, "partner": self.partner}

    async def call(self, activity: Any, request: Any) -> Any:
        return await self.hands.call(
            activity, request, workflow_id=f"inventory-feed:{SHOP}:{self.partner}"
        )

    # What the partner says.

    async def says(
        self, *lines: dict[str, Any], kind: str = "snapshot", code: str = WH, **more: Any
    ) -> str:
        """Publish an advice; its id."""
        body = {"partner_id": self.partner, "location_code": code, "kind": kind} | more
        if "generate" not in body:
            body["lines"] = list(lines)
        if isinstance(body.get("as_of"), datetime):
            body["as_of"] = body["as_of"].isoformat()
        made = await self.world._post(self.world.trading_grid, "/_emulator/inventory-advices", body)
        return str(made["id"])

    async def reads(self, advice_id: str, **more: Any) -> AdviceRead:
        request = ReadAdvice(
            **self.where,
            advice_id=advice_id,
            known_version=self.known.get(advice_id, -1),
            at=self.at,
            **more,
        )
        found: AdviceRead = await self.call(self.activities.read_advice, request)
        return found

    async def takes(self, advice_id: str) -> AdviceApplied | None:
        """Read and apply an advice; None where there was nothing to apply."""
        read = await self.reads(advice_id)
        if read.advice is None:
            return None
        request = ApplyAdvice(
            **self.where, advice_id=advice_id, version=read.advice.version, at=self.at
        )
        applied: AdviceApplied = await self.call(self.activities.apply_advice, request)
        self.known[advice_id] = read.advice.version
        return applied

    async def hears(self, *lines: dict[str, Any], **more: Any) -> AdviceApplied:
        applied = await self.takes(await self.says(*lines, **more))
        assert applied is not None
        return applied

    # Pushing.

    async def plan(
        self, round_: int = 0, terms: PushTerms | None = None, **more: Any
    ) -> PushPlanned:
        request = PlanPush(
            **self.where,
            push=self.pushes,
            round=round_,
            terms=terms or PushTerms(),
            at=self.at,
            **more,
        )
        planned: PushPlanned = await self.call(self.activities.plan_push, request)
        return planned

    def batch(self, round_: int, batch: int, key: str = "") -> WriteBatch:
        return WriteBatch(
            **self.where,
            push=self.pushes,
            round=round_,
            batch=batch,
            idempotency_key=key or str(uuid.uuid4()),
        )

    async def write(self, round_: int, batch: int, key: str = "") -> BatchWritten:
        """Write a batch, with a new key where one is asked for."""
        while True:
            request = self.batch(round_, batch, key)
            written: BatchWritten = await self.call(self.activities.write_batch, request)
            if not written.new_key:
                return written
            key = ""

    async def finish(self) -> PushFinished:
        request = FinishPush(**self.where, push=self.pushes)
        finished: PushFinished = await self.call(self.activities.finish_push, request)
        return finished

    async def push(
        self, terms: PushTerms | None = None, *, rounds: int = ROUNDS, **more: Any
    ) -> tuple[PushPlanned, PushFinished]:
        """A whole push; the plan of its first round, and how it ended."""
        self.pushes += 1
        first: PushPlanned | None = None
        for round_ in range(rounds):
            planned = await self.plan(round_, terms, **more)
            first = first or planned
            left = 0
            for batch in range(planned.batches):
                left += (await self.write(round_, batch)).left
            if not left:
                break
        assert first is not None
        return first, await self.finish()

    async def refresh(self, request: str = "") -> ItemsRefreshed:
        name = request or f"request-{next(self.numbers)}"
        done: ItemsRefreshed = await self.call(
            self.activities.refresh_items, RefreshItems(shop=SHOP, request=name)
        )
        return done

    async def standing(self, terms: PushTerms | None = None) -> FeedStanding:
        request = ReadStanding(**self.where, terms=terms or PushTerms(), at=self.at)
        found: FeedStanding = await self.call(self.activities.read_standing, request)
        return found

    async def problems(self) -> dict[str, int]:
        return {problem.value: n for problem, n in (await self.standing()).problems.items()}

    # The shop.

    async def product(self, sku: str, available: dict[str, int], **more: Any) -> str:
        body = {"sku": sku, "available": available} | more
        made = await self.world._post(self.world.shopify, f"/_emulator/shops/{SHOP}/products", body)
        return str(made["inventory_item_id"])

    async def located(self, code: str = WH, name: str = HAMBURG) -> str:
        gid = self.gids.get(name) or await self.world.location(name)
        self.gids[name] = gid
        await self.world.map_location(self.partner, code, gid)
        return gid

    async def staff_sets(
        self, sku: str | None, available: int | None = None, location: str = HAMBURG, **more: Any
    ) -> None:
        body = {"sku": sku, "location": location} | more
        if available is not None:
            body["available"] = available
        await self.world._post(
            self.world.shopify, f"/_emulator/shops/{SHOP}/inventory-levels", body
        )

    async def ordered(
        self, sku: str, quantity: int, location: str = HAMBURG, **more: Any
    ) -> dict[str, Any]:
        line = {"sku": sku, "quantity": quantity, "location": location}
        return await self.world.order(line, fulfill=False, **more)

    async def levels(self, location: str = HAMBURG) -> dict[str, int]:
        path = f"/_emulator/shops/{SHOP}/inventory-levels"
        found = (await self.world.shopify.get(path)).json()["inventory_levels"]
        return {
            one["sku"]: one["quantities"]["available"]
            for one in found
            if one["location"] == location
        }

    async def set_calls(self) -> list[dict[str, Any]]:
        """Every call of `inventorySetQuantities`, done or not."""
        return await self.world.shopify_calls("inventorySetQuantities")

    async def writes(self) -> int:
        """How many of them changed something."""
        return len(
            [
                call
                for call in await self.set_calls()
                if call["outcome"] == "ok"
                and not any(one["user_errors"] or one["replayed"] for one in call["mutations"])
            ]
        )


def line(sku: str, available: int | None = None, **more: Any) -> dict[str, Any]:
    return {"sku": sku, "available": available} | more


async def a_feed(hands: Hands, *skus: str, partner: str = MILL) -> Feed:
    """A partner whose code WH-1 is Hamburg, in a shop that has these SKUs there, none to sell, and knows them."""
    feed = Feed(hands, partner)
    await hands.world.partner(partner, lifecycle="purchase_order")
    await feed.located()
    for sku in skus:
        await feed.product(sku, {HAMBURG: 0})
    await feed.refresh()
    return feed
