"""What events of purchase orders in Trading Grid mean: the case that sent the order looks again."""

from clients.trading_grid.errors import NotFound
from domain import references
from domain.case import CaseKind
from intake.dispatch.partner_cases import case_and_partner, find_case
from intake.dispatch.signalling import Signalling
from intake.events import Event
from intake.routes import TopicRoute
from intake.settled import Settled
from persistence.repositories import case_references, shops
from persistence.repositories.case_references import Reference
from persistence.tables import Case


async def answered(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """Tell the case of a purchase order. Whose it is says our own external reference `{case}/{partner}/{number}`, else the
    references table, else Trading Grid itself."""
    case_id, partner = case_and_partner(
        event.text("data", "external_reference", "system"),
        event.text("data", "external_reference", "id"),
    )
    found = await find_case(cases, case_id, tenant=event.scope) if case_id else None
    if found is None:
        named = Reference(
            kind=references.PURCHASE_ORDER, value=event.resource_id(), scope=event.scope
        )
        found = next(iter(await _of_tenant(cases, event.scope, named)), None)
    if found is None:
        case_id, partner, number = await _read(cases, event)
        if case_id:
            found = await find_case(cases, case_id, tenant=event.scope)
        if found is None and number:
            found = await owner(cases, event.scope, number)
        if found is None:
            return (
                Settled("failed", f"It names the case {case_id}, which is not known here.")
                if case_id
                else Settled("ignored", "It belongs to no case of ours.")
            )
    if found.kind != CaseKind.PURCHASE_ORDER:
        return Settled("failed", f"The case {found.id} has no purchase orders.")
    said = event.text("data", "partner_id")
    if said and partner and said != partner:
        return Settled("failed", f"{said} answers a purchase order of {partner}.")
    if not (partner := said or partner):
        return Settled("failed", "The event names no partner.")
    return await cases.partner_changed(event, [found], partner)


async def owner(cases: Signalling, tenant: str, po_number: str) -> Case | None:
    """The case that reserved this number in the tenant."""
    named = number_reference(tenant, po_number)
    return next(iter(await _of_tenant(cases, tenant, named)), None)


def number_reference(tenant: str, po_number: str) -> Reference:
    return Reference(kind=references.PURCHASE_ORDER_NUMBER, value=po_number, scope=tenant)


async def _of_tenant(cases: Signalling, tenant: str, named: Reference) -> list[Case]:
    """The purchase order cases of that name, if their shop is this tenant's."""
    async with cases.database.read() as session:
        found = await case_references.find(session, named)
        mine = []
        for case in found:
            shop = await shops.find(session, case.shop_id)
            if case.kind == CaseKind.PURCHASE_ORDER and shop and shop.tenant_id == tenant:
                mine.append(case)
    return mine


async def _read(cases: Signalling, event: Event) -> tuple[str, str, str]:
    """Case id and partner by our reference on the order in Trading Grid, and its number; empty where it is not ours."""
    trading_grid = await cases.connections.trading_grid(event.scope)
    try:
        order = await trading_grid.read_purchase_order(event.resource_id())
    except NotFound:
        return "", "", ""
    reference = order.external_reference
    case_id, partner = case_and_partner(reference.system, reference.id) if reference else ("", "")
    return case_id, partner, order.po_number
