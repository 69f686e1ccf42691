"""What the pages of stock show."""

from typing import Any

from emulators.trading_grid.portal.forms import Form
from emulators.trading_grid.portal.pages import Seat, rooms
from emulators.trading_grid.portal.stock.forms import COLUMNS, MAX_ROWS, rows_of
from emulators.trading_grid.portal.words import relative
from emulators.trading_grid.resources.inventory_advices.model import InventoryAdvice
from emulators.trading_grid.store import Tenant

SHOWN_ADVICES = 50
LINES_PER_PAGE = 100


def stock_page(
    seat: Seat, *, form: Form, done: str | None = None, problem: str | None = None
) -> dict[str, Any]:
    """The newest advices first, by when they came in."""
    now = seat.emulator.clock()
    advices = [(desk.tenant, advice) for desk in seat.stock_desks() for advice in desk.advices()]
    advices.sort(key=lambda one: one[1].create_time)
    rows = rows_of(form)
    return {
        "seat": seat,
        "rooms": rooms(seat),
        "advices": [
            {
                "advice": advice,
                "company": tenant.name,
                "sent": relative(advice.create_time, now),
                "constraints": sum(line.constraint is not None for line in advice.lines),
            }
            for tenant, advice in reversed(advices[-SHOWN_ADVICES:])
        ],
        "total": len(advices),
        "companies": {tenant.id: tenant.name for tenant, _ in seat.places},
        "locations": sorted({advice.location_code for _, advice in advices}),
        "columns": COLUMNS,
        "rows": rows,
        "may_add": rows < MAX_ROWS,
        "max_file_bytes": seat.emulator.options.max_file_bytes,
        "form": form,
        "done": done,
        "problem": problem,
    }


def advice_page(
    seat: Seat, tenant: Tenant, advice: InventoryAdvice, *, page: int, done: str | None
) -> dict[str, Any]:
    first = (page - 1) * LINES_PER_PAGE
    return {
        "seat": seat,
        "company": tenant.name,
        "advice": advice,
        "lines": advice.lines[first : first + LINES_PER_PAGE],
        "page": page,
        "last_page": max(1, -(-len(advice.lines) // LINES_PER_PAGE)),
        "done": done,
    }
