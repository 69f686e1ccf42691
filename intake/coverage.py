"""Which lines of an order belong to purchase orders: by their routes, and by the cases that have them."""

from collections.abc import Mapping
from types import MappingProxyType

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import references
from domain.case import CaseKind
from domain.routing import Traits
from domain.shop_order import ShopOrder
from intake.partner_plan import routed, routes_for
from persistence.repositories import case_references
from persistence.repositories.case_references import Reference

_NONE: Mapping[str, Traits] = MappingProxyType({})


async def covered_lines(
    session: AsyncSession, shop: str, order_id: str, lines: Mapping[str, Traits] = _NONE
) -> set[str]:
    """The LineItem numbers that the order's open purchase orders own: no exception opens for them.

    A case says so itself (`covered_lines` in its snapshot's detail). While it has not written one yet, every line of `lines`
    whose route says drop-ship is its own.
    """
    named = Reference(kind=references.ORDER, value=order_id, scope=shop)
    covered: set[str] = set()
    for case in await case_references.find(session, named):
        if case.kind != CaseKind.PURCHASE_ORDER or case.closed_at is not None:
            continue
        detail = (case.snapshot or {}).get("detail") or {}
        if "covered_lines" in detail:
            covered.update(map(str, detail["covered_lines"]))
        else:
            covered |= await drop_ship_lines(session, shop, lines)
    return covered


async def drop_ship_lines(
    session: AsyncSession, shop: str, lines: Mapping[str, Traits]
) -> set[str]:
    """Those of these lines that a route of exactly the lifecycle `purchase_order` matches."""
    table = await routes_for(session, shop, CaseKind.PURCHASE_ORDER)
    return {
        line_id
        for line_id, traits in lines.items()
        if routed(traits, table, CaseKind.PURCHASE_ORDER, drop_ship=True) is not None
    }


def traits_of(order: ShopOrder) -> dict[str, Traits]:
    """What routes look at, by LineItem number; the place is that of the first open fulfillment order with the line."""
    placed: dict[str, tuple[str, str]] = {}
    for one in order.fulfillment_orders:
        for piece in one.lines if one.open else ():
            placed.setdefault(piece.line_id, (one.location_id, one.fulfillment_service))
    found = {}
    for line in order.lines:
        location, service = placed.get(line.line_id, ("", ""))
        found[line.line_id] = Traits(
            sku=line.sku, vendor=line.vendor, location=location, fulfillment_service=service
        )
    return found
