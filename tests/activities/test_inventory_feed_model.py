"""Whatever comes, in whatever order, twice, late, or while somebody is away: never more than the partner lets us sell,
and in the end exactly what its newest word and the orders since imply."""

import itertools
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from temporalio.exceptions import ApplicationError

from tests.activities.conftest import Hands
from tests.activities.feeding import DEPOT, HAMBURG, LYON, WH, Feed
from tests.activities.stock_model import Model, Sale, Word
from tests.world import SHOP

EXAMPLES = int(os.environ.get("FEED_EXAMPLES", "12"))
"""Each takes a second; several hundred were run when this was written."""
PLACES = {WH: HAMBURG, DEPOT: LYON}
SKUS = ("A", "B", "C")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Say:
    """A word, `ago` minutes old when it is said; `held`: it arrives later."""

    code: str
    snapshot: bool
    ago: int
    sequence: int
    says: dict[str, int | None]
    held: bool


@dataclass(frozen=True)
class Arrive:
    """A word arrives, late or once more."""

    which: int


@dataclass(frozen=True)
class Buy:
    code: str
    sku: str
    quantity: int


@dataclass(frozen=True)
class Change:
    """An order is cancelled, or loses a piece, or ships."""

    which: int
    how: str


@dataclass(frozen=True)
class Edit:
    """Staff sets a level in the admin."""

    code: str
    sku: str
    quantity: int


@dataclass(frozen=True)
class Push:
    """`crash`: how it goes wrong; `meanwhile`: what somebody does during it; `at`: before which call (`nodes`: levels)."""

    crash: str
    meanwhile: Buy | Edit | None
    at: str


@dataclass(frozen=True)
class Look:
    """The nightly look at all items."""


@dataclass(frozen=True)
class Lag:
    """Shopify's search shows new orders, or does not yet."""

    on: bool


@dataclass(frozen=True)
class Wait:
    """A minute passes."""


CODES = st.sampled_from(sorted(PLACES))
SKU = st.sampled_from(SKUS)
BUY = st.builds(Buy, CODES, SKU, st.integers(1, 3))
EDIT = st.builds(Edit, CODES, SKU, st.integers(0, 30))
SAY = st.builds(
    Say,
    code=CODES,
    snapshot=st.booleans(),
    ago=st.integers(0, 6),
    sequence=st.integers(0, 2),
    says=st.dictionaries(SKU, st.none() | st.integers(-1, 20), max_size=3),
    held=st.booleans(),
)
PUSH = st.builds(
    Push,
    crash=st.sampled_from(["", "", "planned twice", "lost answer", "lost push"]),
    meanwhile=st.none() | BUY | EDIT,
    at=st.sampled_from(["inventorySetQuantities", "orders", "nodes"]),
)
STEPS = st.lists(
    st.one_of(
        SAY,
        SAY,
        st.builds(Arrive, st.integers(0, 9)),
        BUY,
        BUY,
        st.builds(Change, st.integers(0, 9), st.sampled_from(["cancel", "less", "ship"])),
        EDIT,
        PUSH,
        PUSH,
        st.builds(Look),
        st.builds(Lag, st.booleans()),
        st.builds(Wait),
    ),
    min_size=4,
    max_size=16,
)


@dataclass
class Sold:
    sale: Sale
    number: str
    shipped: bool = False


@dataclass
class Story:
    """One example: a partner and three SKUs of its own in the shop, and the model beside them."""

    feed: Feed
    name: str
    model: Model = field(default_factory=Model)
    published: list[Word] = field(default_factory=list)
    orders: list[Sold] = field(default_factory=list)
    start: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(hours=3))
    clock: datetime = field(init=False)
    lag: bool = False
    gids: dict[str, str] = field(default_factory=dict)
    checked: int = 0

    def __post_init__(self) -> None:
        self.clock = self.start

    def sku(self, sku: str) -> str:
        return f"{sku}-{self.name}"

    async def begin(self) -> None:
        await self.feed.world.partner(self.feed.partner, lifecycle="purchase_order")
        for code, place in PLACES.items():
            await self.feed.located(code, place)
        for sku in SKUS:
            self.gids[await self.feed.product(self.sku(sku), {HAMBURG: 4, LYON: 4})] = sku
        await self.feed.refresh()

    async def do(self, step: Any) -> None:
        self.clock += MINUTE
        match step:
            case Say():
                await self.say(step)
            case Arrive(which) if self.published:
                await self.arrive(self.published[which % len(self.published)])
            case Buy():
                await self.buy(step)
            case Change(which, how) if self.orders:
                await self.change(self.orders[which % len(self.orders)], how)
            case Edit(code, sku, quantity):
                await self.feed.staff_sets(self.sku(sku), quantity, PLACES[code])
            case Push():
                await self.push(step)
            case Look():
                await self.feed.refresh()
            case Lag(on):
                await self.set_lag(on=on)
            case Wait():
                self.feed.forward += timedelta(seconds=61)

    async def say(self, step: Say) -> None:
        lines = []
        for sku, quantity in step.says.items():
            line: dict[str, Any] = {"sku": self.sku(sku), "available": quantity}
            if quantity is None:
                line |= {"available": 9, "constraint": {"code": "stop_sell"}}
            lines.append(line)
        # In steps of four minutes, so that several words are of one moment.
        steps = (self.clock - step.ago * MINUTE - self.start) // (4 * MINUTE)
        as_of = self.start + steps * 4 * MINUTE
        advice = await self.feed.says(
            *lines,
            kind="snapshot" if step.snapshot else "delta",
            code=step.code,
            as_of=as_of,
            sequence=step.sequence,
        )
        word = Word(advice, step.code, step.snapshot, as_of, step.sequence, step.says)
        self.published.append(word)
        if not step.held:
            await self.arrive(word)

    async def arrive(self, word: Word) -> None:
        await self.feed.takes(word.id)
        if word not in self.model.words:
            self.model.words.append(word)

    async def buy(self, step: Buy) -> None:
        """Hidden orders are of now, as the search's lag is counted from now; the others are of the story's time."""
        at = datetime.now(UTC) if self.lag else self.clock
        made = await self.feed.ordered(
            self.sku(step.sku), step.quantity, PLACES[step.code], created_at=at.isoformat()
        )
        sale = Sale(step.code, step.sku, at, step.quantity, hidden=self.lag)
        self.model.sales.append(sale)
        self.orders.append(Sold(sale, made["order_id"].rsplit("/", 1)[1]))

    async def change(self, sold: Sold, how: str) -> None:
        if sold.shipped or not sold.sale.quantity or sold.sale.hidden:
            return
        path = f"/_emulator/shops/{SHOP}/orders/{sold.number}"
        post, shopify = self.feed.world._post, self.feed.world.shopify
        if how == "ship":
            await post(shopify, f"{path}/fulfill", {})
            sold.shipped = True
        elif how == "cancel":
            await post(shopify, f"{path}/cancel", {})
            sold.sale.quantity = 0
        else:
            left = sold.sale.quantity - 1
            body = {"lines": [{"sku": self.sku(sold.sale.sku), "quantity": left}]}
            await post(shopify, f"{path}/edit", body)
            sold.sale.quantity = left

    async def set_lag(self, *, on: bool) -> None:
        self.lag = on
        await self.feed.world.faults("shopify", **({"api": {"search_lag_s": 3600}} if on else {}))
        if not on:
            for sale in self.model.sales:
                sale.hidden = False

    async def push(self, step: Push) -> None:
        feed = self.feed
        if (meanwhile := step.meanwhile) is not None:
            feed.world.before_call[step.at] = self._somebody(meanwhile)
        feed.pushes += 1
        for round_ in range(6):
            planned = await feed.plan(round_)
            if step.crash == "planned twice":
                planned = await feed.plan(round_)
            left = 0
            for batch in range(planned.batches):
                if step.crash.startswith("lost"):
                    feed.world.lose_answer_to = "inventorySetQuantities"
                    with pytest.raises(ApplicationError):
                        await feed.write(
                            round_, batch, f"key-{feed.partner}-{feed.pushes}-{round_}"
                        )
                    if step.crash == "lost push":
                        # The worker is gone, and the workflow was begun anew: nobody comes back to this push.
                        feed.world.before_call.clear()
                        await self.check()
                        return
                key = f"key-{feed.partner}-{feed.pushes}-{round_}"
                left += (await feed.write(round_, batch, key)).left
            if not left:
                break
        await feed.finish()
        feed.world.before_call.clear()
        await self.check()

    def _somebody(self, does: Buy | Edit) -> Callable[[], Awaitable[object]]:
        async def act() -> None:
            if isinstance(does, Buy):
                await self.buy(does)
            else:
                await self.feed.staff_sets(self.sku(does.sku), does.quantity, PLACES[does.code])

        return act

    async def check(self) -> None:
        """No write that was done is above what the newest word lets us sell, less the orders that can be seen."""
        calls = await self.feed.set_calls()
        allowed = self.model.allowed(seen_only=True)
        codes = {gid: code for code, name in PLACES.items() if (gid := self.feed.gids[name])}
        for call in calls[self.checked :]:
            failed = any(one["user_errors"] or one["replayed"] for one in call["mutations"])
            if call["outcome"] != "ok" or failed:
                continue
            for entry in call["variables"]["input"]["quantities"]:
                sku = self.gids[entry["inventoryItemId"]]
                place = (codes[entry["locationId"]], sku)
                assert place in allowed, f"{place} was written, and nothing was said of it"
                assert entry["quantity"] <= allowed[place], (place, entry, allowed[place])
                assert entry["changeFromQuantity"] is not None
        self.checked = len(calls)

    async def end(self) -> None:
        """All that was held back arrives, the search has caught up, and everything is looked at once more."""
        await self.set_lag(on=False)
        for word in self.published:
            await self.arrive(word)
        for _ in range(2):
            await self.feed.refresh()
            await self.push(Push("", None, ""))
            self.feed.forward += timedelta(seconds=61)
        await self.push(Push("", None, ""))
        assert (await self.feed.plan()).considered == 0, (
            "a push that finds nothing looks at nothing"
        )
        for (code, sku), wanted in self.model.allowed().items():
            level = (await self.feed.levels(PLACES[code]))[self.sku(sku)]
            assert level == wanted or (wanted == 0 and level < 0), (code, sku, level, wanted)


NAMES = itertools.count(1)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.differing_executors,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(steps=STEPS)
async def test_never_more_than_the_partner_lets_us_sell_and_in_the_end_exactly_that(
    hands: Hands, steps: list[Any]
) -> None:
    emulator = hands.world.emulators["shopify"].state.emulator
    emulator.shops[SHOP].orders.clear()
    number = next(NAMES)
    feed = Feed(hands, f"mill-{number}")
    feed.gids = GIDS.setdefault(id(hands), {})
    story = Story(feed, str(number))
    await story.begin()
    story.checked = len(await feed.set_calls())
    for step in steps:
        await story.do(step)
    await story.end()


GIDS: dict[int, dict[str, str]] = {}
