"""What is written to Trading Grid about one purchase order, and what is read there; `desk` decides when."""

from collections.abc import Sequence

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.purchase_order import PurchaseOrderActivities
    from domain.purchase_order.messages import (
        PurchaseOrderFacts,
        ReadPurchaseOrder,
        ReserveNumbers,
        SendChange,
        SendOrder,
        SentChange,
        SentChangeLine,
        SentLine,
        SentOrder,
        WithdrawOrder,
    )
    from domain.purchase_order.orders import Change, ChangeStatus, PurchaseOrder, Purpose
    from workflows.options import CASE_RECORD, PARTNER_CALL
    from workflows.purchase_order.context import OrdersContext


class OrderLetters:
    """The calls for one purchase order."""

    def __init__(self, ctx: OrdersContext, order: PurchaseOrder) -> None:
        self._ctx = ctx
        self.order = order

    async def send(self) -> SentOrder | None:
        """Send it, under another number where Trading Grid has this one for something else. None: nobody knows whether it
        arrived, since the case is ending; or shadow mode."""
        while True:
            sent = await self._ctx.outside.write(
                PurchaseOrderActivities.send,
                self._request,
                PARTNER_CALL,
                f"Send {self.order.number} to {self.order.who}",
            )
            if sent is None or not sent.number_taken:
                return sent
            await self._renumber()

    async def read(self) -> PurchaseOrderFacts:
        """The order with everything the partner said about it."""
        order = self.order
        return await self._ctx.outside.read(
            PurchaseOrderActivities.read_purchase_order,
            ReadPurchaseOrder(
                tenant=order.tenant, partner=order.partner, remote_id=order.remote_id
            ),
            PARTNER_CALL,
            f"Read {order.number}",
        )

    async def send_change(
        self, change: Change, lines: tuple[SentChangeLine, ...]
    ) -> SentChange | None:
        """Ask for a change or a cancellation; None where nothing was sent."""
        order = self.order
        return await self._ctx.outside.write(
            PurchaseOrderActivities.send_change,
            lambda key: SendChange(
                tenant=order.tenant,
                partner=order.partner,
                remote_id=order.remote_id,
                number=change.number,
                idempotency_key=key,
                purpose=change.purpose,
                currency=order.currency,
                lines=lines,
            ),
            PARTNER_CALL,
            f"Send change {change.number} of {order.number}",
        )

    def lines_of(self, change: Change) -> tuple[SentChangeLine, ...]:
        """What a change says of each line; nothing where nothing of a cancellation is left to take back."""
        order = self.order
        if change.purpose is Purpose.CANCEL:
            pieces = {
                line_id: min(entry.pieces, order.lines[line_id].coming)
                for line_id, entry in change.lines.items()
                if line_id in order.lines
            }
            return tuple(
                SentChangeLine(line_id=line_id, quantity=count)
                for line_id, count in pieces.items()
                if count
            )
        return tuple(
            SentChangeLine(
                line_id=line_id,
                quantity=order.wanted_after(line_id, entry),
                sku=entry.sku,
                unit_price=entry.unit_price,
            )
            for line_id, entry in change.lines.items()
        )

    async def withdraw(self) -> bool:
        """Tell the partner that nothing more is wanted; nobody waits for an acknowledgement any more.

        Whether it was told.
        """
        order = self.order
        pieces: Sequence[SentChangeLine] = [
            SentChangeLine(line_id=line.line_id, quantity=count)
            for line in order.lines.values()
            if (count := self._unsent_pieces(line.line_id))
        ]
        if not order.asked_for or not pieces:
            return False
        number = len(order.changes) + 1
        withdrawn = await self._ctx.outside.write(
            PurchaseOrderActivities.withdraw,
            lambda key: WithdrawOrder(
                tenant=order.tenant,
                partner=order.partner,
                remote_id=order.remote_id,
                reference=self._reference,
                number=number,
                idempotency_key=key,
                lines=tuple(pieces),
            ),
            PARTNER_CALL,
            f"Take back {order.number}",
        )
        return withdrawn is not None and withdrawn.found

    def _unsent_pieces(self, line_id: str) -> int:
        """What is still to come of a line and was not taken back already."""
        order = self.order
        sent = sum(
            change.takes(line_id) for change in order.changes if change.status is ChangeStatus.SENT
        )
        return max(0, order.lines[line_id].coming - sent)

    def _request(self, key: str) -> SendOrder:
        order, asked = self.order, self._ctx.input
        replenished = asked.replenishment
        return SendOrder(
            shop=asked.shop,
            tenant=order.tenant,
            partner=order.partner,
            number=order.number,
            reference=self._reference,
            idempotency_key=key,
            order_type=order.order_type,
            order_id=self._ctx.state.order_id,
            location_id=replenished.location_id if replenished else "",
            requested_ship_date=order.requested_ship_date,
            currency=order.currency,
            lines=tuple(
                SentLine(
                    line_id=line.line_id,
                    sku=line.sku,
                    quantity=line.wanted,
                    unit_price=line.unit_price,
                )
                for line in order.lines.values()
                if line.wanted
            ),
        )

    @property
    def _reference(self) -> str:
        """What makes the order findable in Trading Grid, and Trading Grid's events placeable here."""
        return f"{self._ctx.input.case_id}/{self.order.partner}/{self.order.number}"

    async def _renumber(self) -> None:
        """Trading Grid has the number for something else: take the next one."""
        order, state = self.order, self._ctx.state
        reserved = await self._ctx.outside.read(
            PurchaseOrderActivities.reserve_numbers,
            ReserveNumbers(
                case_id=self._ctx.input.case_id,
                shop=self._ctx.input.shop,
                digits=state.digits,
                partners=((order.tenant, order.partner),),
                known=(*(one.number for one in state.orders), *state.spoilt_numbers),
            ),
            CASE_RECORD,
            "Take another number",
        )
        state.spoilt_numbers.append(order.number)
        self._ctx.file.note("number", f"{order.number} is taken; it is {reserved.numbers[0]} now.")
        order.number = reserved.numbers[0]
