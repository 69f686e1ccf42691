"""What the pages of purchase orders show."""

from typing import Any

from emulators.trading_grid.portal import words
from emulators.trading_grid.portal.forms import Form
from emulators.trading_grid.portal.orders.forms import MAX_PACKAGES, packages_of
from emulators.trading_grid.portal.pages import Seat, articles, awaits_answer, rooms
from emulators.trading_grid.resources.documents import Document
from emulators.trading_grid.resources.purchase_orders.desk import OrderDesk
from emulators.trading_grid.resources.shipping.model import Invoice

ENDED = ("shipped", "cancelled")


def orders_page(seat: Seat) -> dict[str, Any]:
    """What awaits an answer first, the oldest on top; then what is in work; what ended last."""
    now = seat.emulator.clock()
    groups: dict[str, list[dict[str, Any]]] = {"waiting": [], "open": [], "ended": []}
    for desk in seat.orders():
        order = desk.order
        waits = awaits_answer(desk)
        group = "waiting" if waits else "ended" if order.status in ENDED else "open"
        groups[group].append(
            {
                "order": order,
                "company": desk.tenant.name,
                "articles": articles([line for line in order.lines if line.quantity]),
                "sent": words.relative(order.create_time, now),
                "changes": sum(change.status == "pending" for change in desk.changes()),
            }
        )
    groups["ended"].sort(key=lambda row: row["order"].update_time, reverse=True)
    return {"seat": seat, "groups": groups, "rooms": rooms(seat)}


def order_page(
    seat: Seat,
    desk: OrderDesk,
    *,
    done: str | None,
    form: Form | None,
    problem: str | None,
) -> dict[str, Any]:
    """``form`` is the one that came back with errors; every other form starts empty."""
    order = desk.order
    changes = desk.changes()
    return {
        "seat": seat,
        "company": desk.tenant.name,
        "order": order,
        "awaits": awaits_answer(desk),
        "standing": desk.standing(),
        "shipped": desk.shipped(),
        "left": desk.left(),
        "responses": desk.responses(),
        "changes": [one for one in changes if one.status != "pending"],
        "pending": [one for one in changes if one.status == "pending"],
        "notices": desk.notices(),
        "invoices": [
            one
            for one in desk.tenant.table(Invoice).of(order.po_number)
            if one.partner_id == seat.partner_id
        ],
        "documents": [
            one
            for one in desk.tenant.table(Document).of(order.po_number)
            if one.partner_id == seat.partner_id
        ],
        "skus": {line.line_id: line.sku for line in order.lines},
        "currency": next((line.currency for line in order.lines if line.currency), ""),
        "may_answer": order.status != "cancelled",
        "document_types": words.DOCUMENT_TYPE,
        "may_write": True,
        "done": done,
        "form": form,
        "problem": problem,
        "form_of": lambda name: form if form is not None and form.name == name else Form(name),
    }


def shippable(seat: Seat, desk: OrderDesk) -> list[OrderDesk]:
    """The purchase order itself, then the same company's others that have something left."""
    others = [
        other
        for other in seat.orders()
        if other.tenant is desk.tenant and other.order is not desk.order and other.left()
    ]
    return [desk, *others]


def ship_page(
    seat: Seat, desk: OrderDesk, *, form: Form, problem: str | None = None
) -> dict[str, Any]:
    count = packages_of(form)
    return {
        "seat": seat,
        "company": desk.tenant.name,
        "order": desk.order,
        "orders": [
            {"order": one.order, "left": one.left(), "here": one.order is desk.order}
            for one in shippable(seat, desk)
        ],
        "packages": count,
        "may_add": count < MAX_PACKAGES,
        "today": seat.emulator.clock().date().isoformat(),
        "form": form,
        "problem": problem,
    }
