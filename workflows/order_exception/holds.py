"""Our holds on an order: what is late is held while the exception lasts, and let go once its lines are settled."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.fulfillment_orders import FulfillmentOrderActivities
    from domain.case import CaseKind
    from domain.fulfillment_orders import AlignedHolds, AlignHolds
    from domain.notification import Severity
    from domain.order_exception.names import Reason
    from domain.shop_order import hold_handle
    from workflows.options import SHOPIFY_WRITE
    from workflows.order_exception.context import ExceptionContext
    from workflows.waiting import Stopped, hold

# FulfillmentHoldReason of Shopify, for staff to see.
_SHOPIFY_REASON = {
    Reason.LATE: "UNKNOWN_DELIVERY_DATE",
    Reason.SHORT_SHIPPED: "INVENTORY_OUT_OF_STOCK",
    Reason.ON_HOLD: "UNKNOWN_DELIVERY_DATE",
}


class Holds:
    """Keeps Shopify holding what the state wants held, under one handle of ours; holds of others are never touched."""

    def __init__(self, ctx: ExceptionContext) -> None:
        self._ctx = ctx
        self._aligned: dict[str, int] | None = {}
        """What Shopify was last brought to hold; None where that is not known."""
        self._busy = False

    @property
    def as_wanted(self) -> bool:
        return not self._busy and self._aligned == self._ctx.state.wanted_holds

    async def keep(self) -> None:
        """Align whenever something else is wanted, until the case is over; `let_go` does what is left then."""
        while True:
            await hold(lambda: not self.as_wanted or self._ctx.is_over())
            if self._ctx.is_over():
                return
            try:
                await self._align()
            except Stopped:
                return

    async def let_go(self) -> None:
        """Release what is ours, but for what the merchant gave up and wants held; no call where nothing was held."""
        await hold(lambda: not self._busy)
        if not self.as_wanted:
            await self._align()

    async def _align(self) -> None:
        wanted = dict(self._ctx.state.wanted_holds)
        self._aligned, self._busy = None, True
        try:
            while True:
                aligned = await self._one_step(wanted)
                if aligned is None:  # shadow mode, or refused at the very end
                    break
                self._take(aligned)
                if aligned.done or aligned.held == wanted:
                    break
            self._aligned = wanted
        finally:
            self._busy = False

    async def _one_step(self, wanted: dict[str, int]) -> AlignedHolds | None:
        opened, state = self._ctx.input, self._ctx.state
        return await self._ctx.outside.write(
            FulfillmentOrderActivities.align_holds,
            lambda _: AlignHolds(
                shop=opened.shop,
                order_id=opened.order_id,
                handle=hold_handle(CaseKind.ORDER_EXCEPTION, opened.number),
                reason=_SHOPIFY_REASON.get(state.reason, "OTHER"),
                notes=f"Gridcase {opened.number}: {state.case.title}",
                quantities=wanted,
            ),
            SHOPIFY_WRITE,
            "Hold what is late" if wanted else "Release our hold",
        )

    def _take(self, aligned: AlignedHolds) -> None:
        ctx, state = self._ctx, self._ctx.state
        if aligned.held != state.held:
            held = ", ".join(
                f"{pieces} × {self._label(key)}" for key, pieces in aligned.held.items()
            )
            words = f"On hold in Shopify by us: {held}." if held else "Our hold is released."
            ctx.file.note("hold", words)
        state.held = dict(aligned.held)
        for line_id, why in state.take_unholdable(aligned.unholdable).items():
            words = f"{self._label(line_id)} {why}: it is not held."
            ctx.file.note("hold", words, flagged=True)
            ctx.notices.send(
                state.policy.notify,
                Severity.WARNING,
                "something late is not held",
                f"{words} Hold it in Shopify, or decide `hold` to hold it with what it ships with.",
            )
        ctx.show()

    def _label(self, line_id: str) -> str:
        position, order = self._ctx.state.positions.get(line_id), self._ctx.state.order
        if position is not None:
            return position.line.label
        line = order.line(line_id) if order else None
        return (line.sku or line.name) if line else line_id
