"""What partners say of a purchase order, as it was read; and what of it can be applied."""

from datetime import date
from decimal import Decimal

from domain.message import Message
from domain.purchase_order.codes import effect_of, line_code_of


class ResponseLine(Message):
    """One line of a response. Several may be about one line of the order, a part each. `quantity` None: all of it."""

    line_id: str
    ack_code: str = ""
    quantity: int | None = None
    ship_date: date | None = None
    delivery_date: date | None = None
    unit_price: Decimal | None = None
    substitute_sku: str = ""
    note: str = ""


class Response(Message):
    """One answer of the partner; a later `sequence` replaces an earlier one for the lines it names."""

    id: str
    sequence: int
    header_code: str = ""
    lines: tuple[ResponseLine, ...] = ()
    unreadable: tuple[str, ...] = ()
    """What of it could not be read; shown, never applied."""

    @property
    def rank(self) -> tuple[int, str]:
        """What says which of two is the later one."""
        return (self.sequence, self.id)

    def by_line(self, line_ids: tuple[str, ...]) -> dict[str, tuple[ResponseLine, ...]]:
        """What it says, by line. One without lines says by its header the same of every line of the order."""
        if not self.lines and not self.unreadable:
            code = line_code_of(self.header_code)
            words = code if code is not None else f"header {self.header_code}"
            return {
                line_id: (ResponseLine(line_id=line_id, ack_code=words),) for line_id in line_ids
            }
        found: dict[str, tuple[ResponseLine, ...]] = {}
        for line in self.lines:
            found[line.line_id] = (*found.get(line.line_id, ()), line)
        return found


def wrong_with(said: tuple[ResponseLine, ...], ordered: int) -> str:
    """Why what a response says of one line cannot be applied; empty where it can."""
    quantities = [entry.quantity for entry in said if entry.quantity is not None]
    if any(quantity < 0 for quantity in quantities):
        return "a quantity below zero"
    if sum(quantities) > ordered:
        return f"{sum(quantities)} of {ordered} ordered"
    for entry in said:
        if entry.quantity is None and effect_of(entry.ack_code).wants_quantity:
            return f"{entry.ack_code} without a quantity"
    return ""
