"""Whatever is done in whatever order: quantities add up, and refunds never exceed what was paid."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from emulators.shopify.model.money import ZERO
from emulators.shopify.model.orders import Order
from emulators.shopify.model.returns import Return, ReturnReasonDefinition
from emulators.shopify.model.shop import Shop
from emulators.shopify.rules import fulfillments, orders, processing, refunds, returns
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.processing import Disposed, MoneyBack, Processed
from emulators.shopify.rules.refunds import Payback, RefundedLine
from emulators.shopify.rules.refusal import Refused
from emulators.shopify.rules.returns import ReturnedLine, expected_goods, returnable_quantity

NOW = datetime(2026, 11, 2, tzinfo=UTC)
SMALL = st.integers(min_value=0, max_value=4)
CENTS = st.integers(min_value=0, max_value=6000).map(lambda n: Decimal(n) / 100)


class ReturnsOfOneOrder(RuleBasedStateMachine):
    """Random orders of everything that can be done to one order's returns and refunds."""

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
        self.home = orders.ensure_location(act, "Home")
        self.reason = ReturnReasonDefinition(next(numbers), "other", "Other", "OTHER")

    def act(self) -> Action:
        return Action(self.shop, NOW)

    @initialize(
        quantities=st.lists(st.integers(1, 4), min_size=1, max_size=3),
        price=st.integers(100, 999).map(lambda n: Decimal(n) / 100),
        discount=st.integers(0, 99).map(lambda n: Decimal(n) / 100),
        rate=st.sampled_from([Decimal(0), Decimal("0.07"), Decimal("0.0825")]),
        shipping=st.sampled_from([ZERO, Decimal("4.99")]),
    )
    def place(
        self,
        quantities: list[int],
        price: Decimal,
        discount: Decimal,
        rate: Decimal,
        shipping: Decimal,
    ) -> None:
        lines = [
            orders.OrderedLine(
                sku=f"SKU-{n}",
                quantity=quantity,
                price=price,
                discount=min(discount, price * quantity),
                tax_rate=rate,
            )
            for n, quantity in enumerate(quantities)
        ]
        self.order: Order = orders.place_order(self.act(), lines, shipping=shipping)
        fulfillments.fulfil(self.act(), self.order)

    def returns_in(self, *statuses: str) -> list[Return]:
        return [r for r in self.order.returns if r.status in statuses]

    @rule(quantity=SMALL, which=SMALL, by_staff=st.booleans())
    def ask(self, quantity: int, which: int, by_staff: bool) -> None:
        items = [item for f in self.order.fulfillments for item in f.line_items]
        item = items[which % len(items)]
        possible = 0 < quantity <= returnable_quantity(item)
        make = returns.create if by_staff else returns.request
        try:
            make(self.act(), self.order, [ReturnedLine(item, quantity, self.reason)])
        except Refused:
            assert not possible
        else:
            assert possible
            promised = sum(
                line.quantity - line.refunded_quantity
                for r in self.returns_in(*returns.ACTIVE)
                for line in r.line_items
                if line.fulfillment_line_item.line_item is item.line_item
            )
            assert promised <= item.line_item.refundable_quantity

    @precondition(lambda self: bool(self.returns_in("REQUESTED")))
    @rule(approve=st.booleans())
    def answer(self, approve: bool) -> None:
        return_ = self.returns_in("REQUESTED")[0]
        if approve:
            returns.approve(self.act(), return_)
        else:
            returns.decline(self.act(), return_, "OTHER", None)

    @precondition(lambda self: bool(self.returns_in("OPEN")))
    @rule(
        which=SMALL,
        quantity=SMALL,
        money=st.none() | CENTS,
        kind=st.sampled_from(["MISSING", "RESTOCKED", "PROCESSING_REQUIRED", None]),
    )
    def process(self, which: int, quantity: int, money: Decimal | None, kind: str | None) -> None:
        opened = self.returns_in("OPEN")
        return_ = opened[which % len(opened)]
        line = return_.line_items[0]
        goods = expected_goods(return_, line)
        assert goods is not None
        disposed = (Disposed(goods, quantity, kind, self.home),) if kind is not None else ()
        payment = self.order.payments[0]
        before = (self.order.refunded, line.processed_quantity)
        back = MoneyBack((Payback(payment, money),)) if money is not None else None
        try:
            processing.process(
                self.act(), return_, [Processed(line, quantity, disposed)], money=back
            )
        except Refused:
            assert (self.order.refunded, line.processed_quantity) == before
        else:
            assert line.processed_quantity == before[1] + quantity
            assert self.order.refunded == before[0] + (money or ZERO)

    @precondition(lambda self: bool(self.returns_in("OPEN", "REQUESTED", "CLOSED", "CANCELED")))
    @rule(
        which=SMALL, what=st.sampled_from(["close", "reopen", "cancel", "remove"]), quantity=SMALL
    )
    def change(self, which: int, what: str, quantity: int) -> None:
        return_ = self.order.returns[which % len(self.order.returns)]
        before = (return_.status, return_.total_quantity)
        try:
            match what:
                case "close":
                    returns.close(self.act(), return_)
                case "reopen":
                    returns.reopen(self.act(), return_)
                case "cancel":
                    returns.cancel(self.act(), return_)
                case _:
                    returns.remove(self.act(), return_, [(return_.line_items[0].id, quantity)])
        except Refused:
            assert (return_.status, return_.total_quantity) == before

    @rule(which=SMALL, quantity=SMALL, money=CENTS)
    def refund_on_the_order(self, which: int, quantity: int, money: Decimal) -> None:
        line = self.order.line_items[which % len(self.order.line_items)]
        lines = [RefundedLine(line, quantity)] if quantity else []
        paybacks = [Payback(self.order.payments[0], money)]
        before = self.order.refunded
        try:
            refunds.refund(self.act(), self.order, lines=lines, paybacks=paybacks)
        except Refused:
            assert self.order.refunded == before

    @rule()
    def refund_what_is_suggested(self) -> None:
        left = [ln for ln in self.order.line_items if ln.refundable_quantity]
        if not left or not self.order.refundable:
            return
        lines = [RefundedLine(left[0], 1)]
        suggestion = refunds.suggest(self.order, lines)
        paybacks = [Payback(s.parent, s.amount) for s in suggestion.transactions]
        refunds.refund(self.act(), self.order, lines=lines, paybacks=paybacks)

    @invariant()
    def money_is_never_given_back_twice(self) -> None:
        if not hasattr(self, "order"):
            return
        order = self.order
        assert ZERO <= order.refunded <= order.received
        assert order.refundable == order.received - order.refunded
        assert order.refunded == sum((r.total for r in order.refunds), ZERO)
        assert sum((ln.price_of(ln.quantity) for ln in order.line_items), ZERO) == order.subtotal

    @invariant()
    def quantities_add_up(self) -> None:
        if not hasattr(self, "order"):
            return
        for return_ in self.order.returns:
            for line in return_.line_items:
                assert 0 <= line.processed_quantity <= line.quantity
                assert 0 <= line.refunded_quantity <= line.quantity
                assert line.unprocessed_quantity == line.quantity - line.processed_quantity
                assert line.processable_quantity in (0, line.unprocessed_quantity)
                assert line.refundable_quantity + line.refunded_quantity <= line.quantity
                goods = expected_goods(return_, line)
                if goods is not None:
                    assert sum(d.quantity for d in goods.dispositions) <= goods.total_quantity
                    assert goods.total_quantity == line.quantity
        for item in self.order.line_items:
            assert 0 <= item.current_quantity <= item.quantity
            assert 0 <= item.refunded_quantity <= item.quantity
            returned = sum(
                line.quantity
                for r in self.returns_in(*returns.ACTIVE)
                for line in r.line_items
                if line.fulfillment_line_item.line_item is item
            )
            assert returned <= item.quantity
        restocked = sum(
            d.quantity
            for r in self.order.returns
            for rfo in r.reverse_fulfillment_orders
            for goods in rfo.line_items
            for d in goods.dispositions
            if d.type == "RESTOCKED"
        )
        stocked = sum(
            variant.available.get(self.home.id, 0)
            for product in self.shop.products.values()
            for variant in product.variants
        )
        assert restocked == stocked


ReturnsOfOneOrder.TestCase.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None
)
TestReturnsOfOneOrder = ReturnsOfOneOrder.TestCase
