"""What events of a case in Trading Grid mean: our case looks again."""

from clients.trading_grid.errors import NotFound
from domain import references
from intake.dispatch.signalling import OWN_SYSTEM, Signalling
from intake.events import Event
from intake.routes import TopicRoute
from intake.settled import Settled
from persistence.repositories import case_references, shops
from persistence.repositories import cases as case_rows
from persistence.repositories.case_references import Reference
from persistence.tables import Case


async def changed(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """Tell our case to look again. Whose it is says our own external reference, else the references table, else
    Trading Grid itself."""
    case_id, partner = case_and_partner(
        event.text("data", "external_reference", "system"),
        event.text("data", "external_reference", "id"),
    )
    found = await find_case(cases, case_id, tenant=event.scope) if case_id else None
    if found is None:
        found = await _find_by_remote_ids(cases, event)
    if found is None:
        case_id, partner = await _read_reference(cases, event)
        if not case_id:
            return Settled("ignored", "It belongs to no case of ours.")
        found = await find_case(cases, case_id, tenant=event.scope)
        if found is None:
            return Settled("failed", f"It names the case {case_id}, which is not known here.")
    partner = event.text("data", "partner_id") or partner
    if not partner:
        return Settled("failed", "The event names no partner.")
    return await cases.partner_changed(event, [found], partner)


async def find_case(cases: Signalling, case_id: str, *, tenant: str) -> Case | None:
    """The case of that id, if its shop is this tenant's: another tenant's event has no say in it."""
    async with cases.database.read() as session:
        case = await case_rows.find(session, case_id)
        shop = await shops.find(session, case.shop_id) if case else None
    return case if shop is not None and shop.tenant_id == tenant else None


def case_and_partner(system: str | None, reference: str) -> tuple[str, str]:
    """Case id and partner of our own external reference, `{case id}/{partner}[/...]`; empty where it is not ours."""
    case_id, _, rest = reference.partition("/")
    partner = rest.partition("/")[0]
    return (case_id, partner) if system == OWN_SYSTEM and partner else ("", "")


async def _find_by_remote_ids(cases: Signalling, event: Event) -> Case | None:
    ids = [event.text("data", "case_id"), event.text("data", "id")]
    wanted = [
        Reference(kind=kind, value=value, scope=event.scope)
        for value in ids
        if value
        for kind in (references.TRADING_GRID_CASE, references.RETURN_AUTHORIZATION)
    ]
    async with cases.database.read() as session:
        found = await case_references.find(session, *wanted)
    return found[0] if found else None


async def _read_reference(cases: Signalling, event: Event) -> tuple[str, str]:
    """Case id and partner by our reference on the case in Trading Grid, read there; empty where it is not ours."""
    remote = event.text("data", "case_id")
    if not remote and event.topic.startswith("case."):
        remote = event.text("data", "id")
    if not remote:
        return "", ""
    trading_grid = await cases.connections.trading_grid(event.scope)
    try:
        case = await trading_grid.read_case(remote)
    except NotFound:
        return "", ""
    reference = case.external_reference
    return case_and_partner(reference.system, reference.id) if reference else ("", "")
