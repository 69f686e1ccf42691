"""The forms of a purchase order's pages: what was typed, what is wrong with it, the body it makes."""

from datetime import date

from emulators.trading_grid.portal import words
from emulators.trading_grid.portal.forms import Form
from emulators.trading_grid.resources.purchase_orders.desk import OrderDesk
from emulators.trading_grid.resources.purchase_orders.model import (
    AcknowledgeBody,
    OrderLine,
    ResponseBody,
    ResponseLine,
)
from emulators.trading_grid.resources.shipping.model import (
    InvoiceBody,
    InvoiceLine,
    NoticeBody,
    NoticePatch,
    Package,
    PackageItem,
    ShipmentNotice,
)

MAX_PIECES = 999_999_999
MAX_PACKAGES = 20
LONGEST_NAME = 255


def read_response(form: Form, desk: OrderDesk, today: date) -> ResponseBody | None:
    """The lines with a code; the others stay as they are."""
    lines = [
        line
        for number, ordered in enumerate(desk.order.lines)
        if (line := _response_line(form, f"line-{number}-", ordered, today)) is not None
    ]
    if not form.errors and not lines:
        form.errors["lines"] = "Answer at least one line."
    return None if form.errors else ResponseBody(lines=lines)


def _response_line(form: Form, prefix: str, ordered: OrderLine, today: date) -> ResponseLine | None:
    form.articles[prefix] = ordered.sku
    code = form.choice(prefix + "ack_code", words.ACKNOWLEDGEMENT)
    quantity = form.quantity(prefix + "quantity", ordered.quantity)
    ships = form.day(
        prefix + "scheduled_ship_date",
        needed="Enter the new ship date." if code == "DR" else None,
        first=today,
    )
    arrives = form.day(prefix + "scheduled_delivery_date", first=today)
    price = form.price(prefix + "unit_price")
    substitute = form.text(prefix + "substitute_sku", longest=LONGEST_NAME)
    note = form.text(prefix + "note", longest=500)
    if code is None:
        return None
    if code == "BP" and prefix + "quantity" not in form.errors:
        if quantity is None or not 0 < quantity < ordered.quantity:
            form.errors[prefix + "quantity"] = (
                f"Enter how many of {ordered.quantity} ship: fewer than all, at least 1."
            )
    elif code == "IQ" and quantity is None:
        form.errors.setdefault(prefix + "quantity", "Enter the quantity you accept.")
    if code == "IP" and price is None:
        form.errors.setdefault(prefix + "unit_price", "Enter the new price for one piece.")
    if code == "IS" and substitute is None:
        form.errors[prefix + "substitute_sku"] = "Enter the SKU you ship instead."
    if ships and arrives and arrives < ships:
        form.errors[prefix + "scheduled_delivery_date"] = "It can't arrive before it ships."
    return ResponseLine(
        line_id=ordered.line_id,
        ack_code=code,
        quantity=ordered.quantity if quantity is None else quantity,
        scheduled_ship_date=ships,
        scheduled_delivery_date=arrives,
        unit_price=price,
        substitute_sku=substitute,
        note=note,
    )


def read_acknowledgement(form: Form) -> AcknowledgeBody | None:
    refused = form.values.get("status") == "refused"
    note = form.text("note", needed="Say why you refuse it." if refused else None)
    if form.errors:
        return None
    return AcknowledgeBody(status="refused" if refused else "acknowledged", note=note)


def packages_of(form: Form) -> int:
    """How many packages the form of a shipment has."""
    given = form.values.get("packages", "1")[:4]
    return max(1, min(int(given), MAX_PACKAGES)) if given.isdecimal() else 1


def read_notice(form: Form, orders: list[OrderDesk]) -> NoticeBody | None:
    """Packages with pieces of one or more purchase orders; lines left empty are not in a package."""
    carrier = form.text("carrier", needed="Enter who carries it.", longest=LONGEST_NAME)
    scac = form.matching(
        "scac", r"[A-Z]{2,4}", "Enter the carrier's 2 to 4 capital letters, like UPSN."
    )
    ships = form.day("ship_date", needed="Enter the day it left.")
    arrives = form.day("estimated_delivery_date")
    if ships and arrives and arrives < ships:
        form.errors["estimated_delivery_date"] = "It can't arrive before it ships."
    packages = [_package(form, f"package-{n}-", orders) for n in range(packages_of(form))]
    if not form.errors and not any(package.items for package in packages):
        form.errors["lines"] = "Enter how many pieces are in a package."
    if form.errors:
        return None
    return NoticeBody(
        shipment_number=form.text("shipment_number", longest=LONGEST_NAME),
        carrier=carrier,
        scac=scac,
        ship_date=ships,
        estimated_delivery_date=arrives,
        packages=[package for package in packages if package.items],
    )


def _package(form: Form, prefix: str, orders: list[OrderDesk]) -> Package:
    items = []
    for place, desk in enumerate(orders):
        for number, line in enumerate(desk.order.lines):
            key = f"{prefix}order-{place}-line-{number}"
            form.articles[key] = f"{desk.order.po_number}, {line.sku}"
            quantity = form.quantity(key, MAX_PIECES)
            if quantity:
                items.append(
                    PackageItem(
                        po_number=desk.order.po_number,
                        line_id=line.line_id,
                        sku=line.sku,
                        quantity=quantity,
                    )
                )
    return Package(
        tracking_number=form.text(prefix + "tracking_number", longest=LONGEST_NAME),
        sscc=form.matching(prefix + "sscc", r"[0-9]{18}", "An SSCC has 18 digits."),
        items=items,
    )


def read_correction(form: Form, notice: ShipmentNotice) -> NoticePatch | None:
    """New tracking numbers; everything else of the notice stays."""
    packages = [
        package.model_copy(
            update={
                "tracking_number": form.text(
                    f"package-{number}",
                    needed="Enter the right tracking number.",
                    longest=LONGEST_NAME,
                )
            }
        )
        for number, package in enumerate(notice.packages)
    ]
    return None if form.errors else NoticePatch(packages=packages)


def read_invoice(form: Form, desk: OrderDesk) -> InvoiceBody | None:
    """Lines with a quantity. A total that is left empty is added up."""
    number = form.text("invoice_number", needed="Enter the invoice's number.", longest=LONGEST_NAME)
    currency = form.matching("currency", r"[A-Z]{3}", "Enter a currency like EUR.")
    lines = [
        line
        for place, ordered in enumerate(desk.order.lines)
        if (line := _invoice_line(form, f"line-{place}-", ordered)) is not None
    ]
    charges = form.money("charges")
    total = form.money("total")
    if currency is None:
        form.errors.setdefault("currency", "Enter the currency.")
    if not form.errors and not lines:
        form.errors["lines"] = "Bill at least one line."
    if form.errors:
        return None
    return InvoiceBody(
        invoice_number=number,
        po_number=desk.order.po_number,
        currency=currency,
        lines=lines,
        charges=charges or "0.00",
        total=total,
    )


def _invoice_line(form: Form, prefix: str, ordered: OrderLine) -> InvoiceLine | None:
    form.articles[prefix] = ordered.sku
    quantity = form.quantity(prefix + "quantity", MAX_PIECES)
    price = form.price(prefix + "unit_price")
    if not quantity:
        return None
    if price is None:
        form.errors.setdefault(prefix + "unit_price", "Enter the price of one piece.")
        return None
    return InvoiceLine(
        line_id=ordered.line_id, sku=ordered.sku, quantity=quantity, unit_price=price
    )
