"""Whatever is held, moved, split, merged, shipped or edited: every piece is in one place, and once."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from emulators.shopify.model.fulfillment_orders import AppRef, FulfillmentOrder
from emulators.shopify.model.orders import Order
from emulators.shopify.model.shop import Shop
from emulators.shopify.rules import (
    fulfillment_requests,
    fulfillments,
    holds,
    orders,
    rearranging,
    stock,
)
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.fulfillment_orders import LineQuantity
from emulators.shopify.rules.fulfillments import Share
from emulators.shopify.rules.rearranging import Intent
from emulators.shopify.rules.refusal import Refused

NOW = datetime(2026, 11, 2, tzinfo=UTC)
STOCK = 50
WHICH = st.integers(min_value=0, max_value=9)
PIECES = st.lists(st.tuples(st.integers(0, 2), st.integers(-1, 4)), max_size=3)


class OneOrder(RuleBasedStateMachine):
    """Random turns of the fulfillment orders of one order, at two locations."""

    def __init__(self) -> None:
        super().__init__()
        numbers = itertools.count(1)
        self.shop = Shop(
            id=next(numbers),
            handle="acme",
            new_id=lambda: next(numbers),
            created_at=NOW,
            display_name="Acme",
            installation_id=next(numbers),
        )
        act = self.act()
        self.places = [orders.ensure_location(act, name) for name in ("East", "West")]
        for index in range(4):
            line = orders.OrderedLine(f"SKU-{index}", 1, Decimal("9.99"))
            variant = orders.stocked_variant(act, line)
            for place in self.places:
                stock.restock(act, variant, place, STOCK)

    def act(self) -> Action:
        return Action(self.shop, NOW)

    @initialize(
        shares=st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=3)
    )
    def place(self, shares: list[tuple[int, int]]) -> None:
        lines = [
            orders.OrderedLine(
                sku=f"SKU-{index}",
                quantity=east + west,
                price=Decimal("9.99"),
                locations={"East": east, "West": west},
            )
            for index, (east, west) in enumerate(shares)
        ]
        self.order: Order = orders.place_order(self.act(), lines)

    def one(self, which: int) -> FulfillmentOrder:
        """One that is worked on where there is one; at times one that has ended."""
        every = self.order.fulfillment_orders
        open_ = [fo for fo in every if not fo.ended] or every
        return every[0] if which == 9 else open_[which % len(open_)]

    def lines(self, fo: FulfillmentOrder, pieces: list[tuple[int, int]]) -> list[LineQuantity]:
        if not fo.line_items:
            return []
        return [
            LineQuantity(fo.line_items[index % len(fo.line_items)].id, quantity)
            for index, quantity in pieces
        ]

    def attempt(self, turn: Callable[[Action], Any]) -> None:
        """What is refused changes nothing and tells nothing."""
        act, before = self.act(), self.picture()
        refused = False
        try:
            turn(act)
        except Refused:
            refused = True
        if refused:
            assert self.picture() == before
            assert act.events == []

    def picture(self) -> object:
        return [
            (
                fo.id,
                fo.status,
                fo.request_status,
                fo.location.id,
                [hold.id for hold in fo.holds],
                [(ln.id, ln.total_quantity, ln.remaining_quantity) for ln in fo.line_items],
            )
            for fo in self.order.fulfillment_orders
        ]

    @rule(which=WHICH, pieces=PIECES, handle=st.sampled_from("abc"), ours=st.booleans())
    def hold(self, which: int, pieces: list[tuple[int, int]], handle: str, ours: bool) -> None:
        fo = self.one(which)
        app = AppRef(1, "Gridcase", requesting=True) if ours else None
        lines = self.lines(fo, pieces)
        self.attempt(
            lambda act: holds.place(act, fo, reason="OTHER", handle=handle, app=app, lines=lines)
        )

    @rule(which=WHICH, everything=st.booleans())
    def release(self, which: int, everything: bool) -> None:
        fo = self.one(which)
        ids = [] if everything else [hold.id for hold in fo.holds[:1]]
        self.attempt(lambda act: holds.release(act, fo, ids))

    @rule(which=WHICH, place=st.integers(0, 1), pieces=PIECES)
    def move(self, which: int, place: int, pieces: list[tuple[int, int]]) -> None:
        fo = self.one(which)
        lines = self.lines(fo, pieces)
        self.attempt(lambda act: rearranging.move(act, fo, self.places[place], lines))

    @rule(which=WHICH, pieces=PIECES)
    def split(self, which: int, pieces: list[tuple[int, int]]) -> None:
        fo = self.one(which)
        self.attempt(lambda act: rearranging.split(act, [Intent(fo, self.lines(fo, pieces))]))

    @rule(first=WHICH, second=WHICH, pieces=PIECES)
    def merge(self, first: int, second: int, pieces: list[tuple[int, int]]) -> None:
        source = self.one(second)
        intents = [Intent(self.one(first)), Intent(source, self.lines(source, pieces))]
        self.attempt(lambda act: rearranging.merge(act, intents))

    @rule(which=WHICH)
    def replace(self, which: int) -> None:
        fo = self.one(which)
        self.attempt(lambda act: fulfillment_requests.cancel(act, fo))

    @rule(which=WHICH, pieces=PIECES)
    def ship(self, which: int, pieces: list[tuple[int, int]]) -> None:
        fo = self.one(which)
        held = fo.status == "ON_HOLD"
        quantities = {line.line_id: line.quantity for line in self.lines(fo, pieces)}
        count = len(self.order.fulfillments)
        self.attempt(lambda act: fulfillments.create(act, [Share(fo, quantities or None)]))
        assert not (held and len(self.order.fulfillments) > count)

    @rule(which=WHICH)
    def unship(self, which: int) -> None:
        made = self.order.fulfillments
        if made:
            self.attempt(lambda act: fulfillments.cancel(act, made[which % len(made)]))

    @rule(which=WHICH, left=st.integers(0, 6))
    def edit(self, which: int, left: int) -> None:
        item = self.order.line_items[which % len(self.order.line_items)]
        self.attempt(lambda act: orders.edit(act, self.order, quantities={item.id: left}, add=[]))

    @invariant()
    def every_piece_waits_once(self) -> None:
        for item in self.order.line_items:
            waiting = sum(
                line.remaining_quantity
                for fo in self.order.fulfillment_orders
                for line in fo.line_items
                if line.line_item is item
            )
            assert waiting == item.unfulfilled_quantity

    @invariant()
    def a_line_has_shipped_what_it_no_longer_waits_for(self) -> None:
        for fo in self.order.fulfillment_orders:
            for line in fo.line_items:
                shipped = sum(
                    item.quantity
                    for fulfillment in self.order.fulfillments
                    if fulfillment.status == "SUCCESS"
                    for item in fulfillment.line_items
                    if item.fulfillment_order_line_item is line
                )
                assert 0 <= line.remaining_quantity == line.total_quantity - shipped

    @invariant()
    def the_status_follows(self) -> None:
        for fo in self.order.fulfillment_orders:
            assert (fo.status == "ON_HOLD") == bool(fo.holds)
            assert fo.ended == (fo.remaining_quantity == 0)

    @invariant()
    def stock_is_where_nobody_has_taken_it(self) -> None:
        for item in self.order.line_items:
            ordered = item.quantity - item.removed
            assert sum(item.variant.available.values()) == 2 * STOCK - ordered
            levels = item.variant.inventory_item.levels.values()
            committed = sum(level.quantity("committed") for level in levels)
            assert committed == item.unfulfilled_quantity
            assert sum(level.quantity("on_hand") for level in levels) == 2 * STOCK - item.fulfilled


TestOneOrder = OneOrder.TestCase
TestOneOrder.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
