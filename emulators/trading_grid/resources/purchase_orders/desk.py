"""What may happen to a purchase order, by either side. Everything that changes one goes through here."""

from collections import Counter

from emulators.trading_grid.emulator import Emulator
from emulators.trading_grid.errors import ApiError, invalid, invalid_state
from emulators.trading_grid.resources.purchase_orders.model import (
    FOR_ALL,
    NOT_COMING,
    AcknowledgeBody,
    ChangeBody,
    ChangeLine,
    OrderChange,
    OrderLine,
    OrderResponse,
    PurchaseOrder,
    ResponseBody,
    ResponseLine,
)
from emulators.trading_grid.resources.shipping.model import ShipmentNotice
from emulators.trading_grid.store import Tenant

ACCEPTED = "IA"


class OrderDesk:
    """One purchase order of one tenant, and the hands that change it."""

    def __init__(self, emulator: Emulator, tenant: Tenant, order: PurchaseOrder) -> None:
        self.emulator = emulator
        self.tenant = tenant
        self.order = order

    def changes(self) -> list[OrderChange]:
        return self.tenant.table(OrderChange).of(self.order.id)

    def change(self, change_number: str) -> OrderChange | None:
        return self.tenant.table(OrderChange).numbered(f"{self.order.id} {change_number}")

    def responses(self) -> list[OrderResponse]:
        """By sequence, whatever the order they came in."""
        found = self.tenant.table(OrderResponse).of(self.order.id)
        return sorted(found, key=lambda response: response.sequence)

    def notices(self) -> list[ShipmentNotice]:
        """Of the order's own partner; in another's the number is a mistake."""
        return [
            notice
            for notice in self.tenant.table(ShipmentNotice).of(self.order.po_number)
            if notice.partner_id == self.order.partner_id
        ]

    def standing(self) -> dict[str, ResponseLine]:
        """What holds for each line now, from every response."""
        return {
            line.line_id: line for response in self.responses() for line in self._said(response)
        }

    def _said(self, response: OrderResponse) -> list[ResponseLine]:
        if response.lines or response.header_code not in FOR_ALL:
            return response.lines
        code = FOR_ALL[response.header_code]
        return [ResponseLine(line_id=line.line_id, ack_code=code) for line in self.order.lines]

    def shipped(self) -> Counter[str]:
        """Pieces by line id, over all notices. An item without a known line id is the SKU's."""
        by_sku = {line.sku: line.line_id for line in reversed(self.order.lines)}
        pieces: Counter[str] = Counter()
        for notice in self.notices():
            for item in notice.items():
                if item.po_number != self.order.po_number:
                    continue
                if item.line_id is not None and self.order.line(item.line_id) is not None:
                    pieces[item.line_id] += item.quantity
                elif item.sku in by_sku:
                    pieces[by_sku[item.sku]] += item.quantity
        return pieces

    def left(self) -> dict[str, int]:
        """Pieces by line id that are still to be shipped; lines with nothing left are not in it."""
        standing, shipped = self.standing(), self.shipped()
        left = {}
        for line in self.order.lines:
            said = standing.get(line.line_id)
            if said is not None and said.ack_code in NOT_COMING:
                continue
            wanted = line.quantity
            if said is not None and said.ack_code == "IQ" and said.quantity is not None:
                wanted = min(wanted, said.quantity)
            if wanted > shipped[line.line_id]:
                left[line.line_id] = wanted - shipped[line.line_id]
        return left

    def must_be_open(self) -> None:
        """Raises ApiError 409."""
        if self.order.status in ("shipped", "cancelled"):
            raise invalid_state(f"The purchase order is {self.order.status}; it can't be changed.")

    def ask_change(self, body: ChangeBody) -> OrderChange:
        """A change that waits for the partner, not stored yet. Raises ApiError 409 or 422."""
        self.must_be_open()
        self._check_change(body)
        now = self.emulator.clock()
        return OrderChange(
            purchase_order_id=self.order.id,
            partner_id=self.order.partner_id,
            **dict(body),
            create_time=now,
            update_time=now,
        )

    def _check_change(self, body: ChangeBody) -> None:
        if body.purpose == "change" and not body.lines:
            raise invalid("A change names the lines it changes.", "lines")
        for number, line in enumerate(body.lines):
            known = self.order.line(line.line_id)
            if body.purpose == "cancel":
                if known is None:
                    raise invalid(
                        f"{line.line_id!r} is not in the order.", f"lines.{number}.line_id"
                    )
                if line.quantity is not None and not 0 < line.quantity <= known.quantity:
                    raise invalid(
                        f"1 to {known.quantity} of this line can be cancelled.",
                        f"lines.{number}.quantity",
                    )
            elif known is None and (line.sku is None or not line.quantity):
                raise invalid(
                    f"{line.line_id!r} is not in the order; a new line needs sku and quantity.",
                    f"lines.{number}.line_id",
                )

    def acknowledge(self, change: OrderChange, body: AcknowledgeBody) -> None:
        """The partner's word on a change; what it acknowledges is applied. Raises ApiError 409."""
        if change.status != "pending":
            raise invalid_state(f"The change is {change.status} already.")
        now = self.emulator.clock()
        change.status = body.status
        change.note = body.note
        change.acknowledge_time = now
        change.touch(now)
        if body.status == "acknowledged":
            self._apply(change)
            self.moved()
        self.emulator.publish(
            self.tenant,
            "purchase_order.change_acknowledged",
            change,
            purchase_order_id=self.order.id,
            reference=self.order.external_reference,
        )
        self.emulator.changed(self.tenant, self.order)

    def _apply(self, change: OrderChange) -> None:
        lines = change.lines
        if change.purpose == "cancel":
            for known in self.order.lines:
                asked = next((one for one in lines if one.line_id == known.line_id), None)
                if asked is not None or not lines:
                    taken = asked.quantity if asked is not None else None
                    known.quantity -= min(
                        known.quantity, known.quantity if taken is None else taken
                    )
            return
        for line in lines:
            self._apply_line(line)

    def _apply_line(self, line: ChangeLine) -> None:
        known = self.order.line(line.line_id)
        if known is None:
            self.order.lines.append(
                OrderLine(
                    line_id=line.line_id,
                    sku=line.sku or line.line_id,
                    quantity=line.quantity or 0,
                    unit_price=line.unit_price,
                    currency=line.currency or self.order.lines[0].currency,
                )
            )
            return
        for name in ("quantity", "sku", "unit_price", "currency"):
            value = getattr(line, name)
            if value is not None:
                setattr(known, name, value)

    def respond(self, body: ResponseBody) -> OrderResponse:
        """What the partner answers. Raises ApiError 409 where the sequence is taken, 422 for nothing."""
        if not body.lines and body.header_code is None:
            raise invalid("Answer at least one line, or send a header_code.", "lines")
        given = self.responses()
        sequence = body.sequence or (given[-1].sequence + 1 if given else 1)
        if any(one.sequence == sequence for one in given):
            raise ApiError(409, "duplicate_sequence", f"There is a response {sequence} already.")
        as_ordered = all(line.ack_code == ACCEPTED for line in body.lines)
        now = self.emulator.clock()
        response = OrderResponse(
            purchase_order_id=self.order.id,
            partner_id=self.order.partner_id,
            sequence=sequence,
            header_code=body.header_code or ("AD" if as_ordered else "AC"),
            lines=body.lines,
            create_time=now,
            update_time=now,
        )
        self.tenant.table(OrderResponse).add(response)
        self.moved()
        self.emulator.publish(
            self.tenant,
            "purchase_order.response_received",
            response,
            purchase_order_id=self.order.id,
            reference=self.order.external_reference,
        )
        self.emulator.changed(self.tenant, self.order)
        return response

    def moved(self) -> None:
        """Counts a change of the order and sets the status that follows from everything said of it."""
        order = self.order
        if not any(line.quantity for line in order.lines):
            order.status = "cancelled"
        elif self.shipped().total():
            order.status = "partially_shipped" if self.left() else "shipped"
        else:
            order.status = "acknowledged" if self.responses() else "sent"
        order.touch(self.emulator.clock())
