"""Holds in Shopify what a partner cannot ship in time, and nothing else: as the state says, whatever it said before."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.fulfillment_orders import FulfillmentOrderActivities
    from domain.fulfillment_orders import AlignHolds
    from domain.notification import Severity
    from domain.purchase_order.state import HoldPlan
    from domain.standing import counted
    from workflows.options import SHOPIFY_WRITE
    from workflows.purchase_order.context import OrdersContext
    from workflows.waiting import Stopped, hold


class HoldKeeper:
    """One task that brings Shopify's holds to what the state wants; at the end it releases what is ours."""

    def __init__(self, ctx: OrdersContext) -> None:
        self._ctx = ctx
        self._aligned: dict[str, dict[str, int]] = {}
        self._closing = False

    async def keep(self) -> None:
        """Align whenever something else is wanted, until `close`; then release everything."""
        try:
            while True:
                await hold(lambda: self._next() is not None or self._closing)
                if self._closing:
                    break
                if (plan := self._next()) is not None:
                    await self._align(plan)
        except Stopped:
            await hold(lambda: self._closing)
        for plan in self._plans():
            if self._aligned.get(plan.handle):
                await self._align(plan.model_copy(update={"quantities": {}}))

    def close(self) -> None:
        """Let `keep` release what is held, and end."""
        self._closing = True

    def _plans(self) -> tuple[HoldPlan, ...]:
        return self._ctx.state.holds(self._ctx.input.number)

    def _next(self) -> HoldPlan | None:
        """The next handle that does not hold what it should; releases come first, so that their pieces are free."""
        stale = [
            plan for plan in self._plans() if plan.quantities != self._aligned.get(plan.handle, {})
        ]
        return min(stale, key=lambda plan: sum(plan.quantities.values()), default=None)

    async def _align(self, plan: HoldPlan) -> None:
        ctx, state = self._ctx, self._ctx.state
        pieces = sum(plan.quantities.values())
        words = (
            f"Hold {counted(pieces, 'piece')}: {plan.reason}"
            if pieces
            else f"Release: {plan.reason}"
        )
        while True:
            aligned = await ctx.outside.write(
                FulfillmentOrderActivities.align_holds,
                lambda _: AlignHolds(
                    shop=ctx.input.shop,
                    order_id=state.order_id,
                    handle=plan.handle,
                    reason=plan.reason,
                    notes=plan.notes,
                    quantities=plan.quantities,
                ),
                SHOPIFY_WRITE,
                words,
            )
            self._aligned[plan.handle] = dict(plan.quantities)
            if aligned is None:
                return
            if aligned.done:
                break
        before = state.held.get(plan.reason, {})
        state.held[plan.reason] = aligned.held
        if aligned.held != before:
            now = ", ".join(
                f"{count} × {self._sku(line_id)}" for line_id, count in aligned.held.items()
            )
            words = f"Held in Shopify ({plan.reason}): {now}." if now else "Our hold is released."
            ctx.file.note("held", words)
        self._tell_unholdable(aligned.unholdable)
        ctx.show()

    def _tell_unholdable(self, found: dict[str, str]) -> None:
        ctx, state = self._ctx, self._ctx.state
        new = {
            line_id: why for line_id, why in found.items() if state.unholdable.get(line_id) != why
        }
        state.unholdable |= new
        if new:
            text = "; ".join(f"{self._sku(line_id)} {why}" for line_id, why in new.items())
            ctx.file.note("held", f"Could not be held: {text}.", flagged=True)
            ctx.notices.send(
                state.policy.notify, Severity.WARNING, "late pieces could not be held", text
            )

    def _sku(self, line_id: str) -> str:
        known = self._ctx.state.known.get(line_id)
        return known.sku if known else line_id
