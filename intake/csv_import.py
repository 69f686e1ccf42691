"""Routes and location mappings from a table that people keep in a spreadsheet. All of it is applied, or nothing.

Comma, semicolon or tab between the columns, UTF-8 with or without a BOM, either kind of line end. The first line names the
columns, in any order and case. A cell is text whatever it begins with; a spreadsheet's formulas mean nothing here.

Routes (`import_routes`):

=============  ========  ==================================================================================
match_kind     required  `sku_prefix`, `vendor`, `location` or `fulfillment_service`
match_value    required  the prefix, the vendor's name, the location's id (number or GID), the service's handle
partner_id     required  Trading Grid's id of the partner
lifecycle      optional  `return_claim`, or `*` for all (the default)
priority       optional  a whole number, 0 by default; the higher is asked first
=============  ========  ==================================================================================

Location mappings (`import_location_mappings`):

=============  ========  ==================================================================================
code           required  what the partners call the location
shop_id        required  the shop's handle
location_id    required  Shopify's location: number or GID
partner_id     optional  Trading Grid's id of the partner, or `*` for all (the default)
=============  ========  ==================================================================================
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import get_args

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.case import CaseKind
from domain.csv_rows import BadRow, Columns, Row, RowError, rows
from domain.inventory_feed.names import Changed
from domain.message import Message
from domain.routing import MatchKind
from domain.shopify_ids import gid, numeric_id
from intake.feeds import put_change
from persistence.base import ANY
from persistence.repositories import (
    inbound_events,
    location_mappings,
    partners,
    routes,
    shops,
    tenants,
)
from persistence.session import Database
from persistence.tables import LocationMapping, Route

MAX_ROWS = 5_000
_MAX_PRIORITY = 1_000_000


class ImportReport(Message):
    """`applied`: the table is as the file says now. With errors, or in a dry run, nothing was changed, and the counts say
    what the good rows would do. `unparked` are events that are tried again because of it."""

    applied: bool
    dry_run: bool
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    unparked: int = 0
    errors: tuple[RowError, ...] = ()


Change = Callable[[AsyncSession], Awaitable[object]]


@dataclass
class _Plan:
    """What a file would do to the table."""

    rows: int = 0
    creates: list[Change] = field(default_factory=list)
    updates: list[Change] = field(default_factory=list)
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)
    scopes: set[str] = field(default_factory=set)
    """Shops and tenants whose parked events may be placed now."""
    tenant: str = ""
    """Whose stock feeds look at their location mappings again."""


async def import_routes(
    database: Database, shop_id: str, text: str, *, dry_run: bool, now: datetime
) -> ImportReport:
    """Add or change a shop's routes; those the file does not name stay.

    Raises:
        NotFoundError: no such shop.
        CsvTooLarge.
        AlreadyExistsError, StaleVersionError: somebody else edited them at the same moment; nothing was changed.
    """
    columns = Columns(("match_kind", "match_value", "partner_id"), ("lifecycle", "priority"))

    async def plan(session: AsyncSession) -> _Plan:
        shop = await shops.get(session, shop_id)
        known = {one.id for one in await partners.list_all(session, tenant_id=shop.tenant_id)}
        existing = {
            _route_key(one.lifecycle, one.match_kind, one.match_value): one
            for one in await routes.list_all(session, shop_id=shop_id)
        }
        planning = _Routes(shop_id, shop.tenant_id, known, existing)
        return _planned(text, columns, planning.add, {shop_id})

    return await _import(database, plan, dry_run=dry_run, now=now)


async def import_location_mappings(
    database: Database, tenant_id: str, text: str, *, dry_run: bool, now: datetime
) -> ImportReport:
    """Add or change a tenant's location mappings; those the file does not name stay.

    Raises:
        NotFoundError: no such tenant.
        CsvTooLarge.
        AlreadyExistsError, StaleVersionError: somebody else edited them at the same moment; nothing was changed.
    """
    columns = Columns(("code", "shop_id", "location_id"), ("partner_id",))

    async def plan(session: AsyncSession) -> _Plan:
        await tenants.get(session, tenant_id)
        of_tenant = {one.id for one in await shops.list_all(session, tenant_id=tenant_id)}
        known = {one.id for one in await partners.list_all(session, tenant_id=tenant_id)}
        existing = {
            (one.partner_id, one.code): one
            for one in await location_mappings.list_all(session, tenant_id=tenant_id)
        }
        planning = _Mappings(tenant_id, of_tenant, known, existing)
        planned = _planned(text, columns, planning.add, {tenant_id, *of_tenant})
        planned.tenant = tenant_id
        return planned

    return await _import(database, plan, dry_run=dry_run, now=now)


async def _import(
    database: Database,
    make_plan: Callable[[AsyncSession], Awaitable[_Plan]],
    *,
    dry_run: bool,
    now: datetime,
) -> ImportReport:
    """Plan and apply in one transaction, so that what was checked is what is changed."""
    opened: AbstractAsyncContextManager[AsyncSession] = (
        database.read() if dry_run else database.begin()
    )
    async with opened as session:
        plan = await make_plan(session)
        applied = not dry_run and not plan.errors
        unparked = 0
        if applied:
            for change in (*plan.creates, *plan.updates):
                await change(session)
            if plan.creates or plan.updates:
                for scope in sorted(plan.scopes):
                    unparked += await inbound_events.unpark(session, now, scope=scope)
                if plan.tenant:
                    await put_change(
                        session,
                        tenant=plan.tenant,
                        partner=ANY,
                        what=Changed.LOCATIONS,
                        edit=f"location mappings imported at {now.isoformat()}",
                        now=now,
                    )
    return ImportReport(
        applied=applied,
        dry_run=dry_run,
        rows=plan.rows,
        created=len(plan.creates),
        updated=len(plan.updates),
        unchanged=plan.unchanged,
        unparked=unparked,
        errors=tuple(plan.errors),
    )


def _planned(
    text: str, columns: Columns, add: Callable[[_Plan, Row], None], scopes: set[str]
) -> _Plan:
    plan = _Plan(scopes=scopes)
    for row in rows(text, columns, plan.errors, most=MAX_ROWS):
        plan.rows += 1
        try:
            add(plan, row)
        except BadRow as error:
            plan.errors.append(RowError(line=row.line, reason=str(error)))
    return plan


# What a row means.


def _route_key(lifecycle: str, kind: str, value: str) -> tuple[str, str, str]:
    """Matching ignores case, so two routes that differ in nothing else would be one with two partners."""
    return lifecycle, kind, value.strip().casefold()


def _partner(partner_id: str, known: set[str]) -> str:
    if partner_id not in known:
        raise BadRow(f"The partner {partner_id!r} is not known; add it first.")
    return partner_id


def _location(text: str) -> str:
    """The GID of a location, from a GID or a number."""
    try:
        found = gid("Location", text)
    except ValueError:
        raise BadRow(f"{text!r} is neither a location's number nor its GID.") from None
    if text not in {found, numeric_id(text)}:
        raise BadRow(f"{text!r} is not the GID of a location.")
    return found


@dataclass
class _Routes:
    shop_id: str
    tenant_id: str
    partners: set[str]
    existing: Mapping[tuple[str, str, str], Route]
    lines: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def add(self, plan: _Plan, row: Row) -> None:
        kind = _match_kind(row.cells["match_kind"])
        value = row.cells["match_value"]
        if kind == "location":
            value = numeric_id(_location(value))
        lifecycle = _lifecycle(row.cells["lifecycle"])
        priority = _priority(row.cells["priority"])
        partner_id = _partner(row.cells["partner_id"], self.partners)
        key = _route_key(lifecycle, kind, value)
        if key in self.lines:
            raise BadRow(f"Line {self.lines[key]} has the same match and lifecycle.")
        self.lines[key] = row.line
        found = self.existing.get(key)
        if found is None:
            plan.creates.append(
                lambda session: routes.create(
                    session,
                    shop_id=self.shop_id,
                    match_kind=kind,
                    match_value=value,
                    tenant_id=self.tenant_id,
                    partner_id=partner_id,
                    lifecycle=lifecycle,
                    priority=priority,
                )
            )
        elif found.tenant_id != self.tenant_id:
            raise BadRow(f"This route leads to the tenant {found.tenant_id}; remove it first.")
        elif (found.partner_id, found.priority) == (partner_id, priority):
            plan.unchanged += 1
        else:
            changes = {"partner_id": partner_id, "priority": priority}
            plan.updates.append(
                lambda session: routes.update(
                    session, found.id, version=found.version, changes=changes
                )
            )


def _match_kind(text: str) -> routes.MatchKind:
    kind = text.casefold().replace(" ", "_")
    for known in get_args(routes.MatchKind):
        if kind == known:
            found: routes.MatchKind = known
            return found
    raise BadRow(f"match_kind {text!r} is none of {', '.join(MatchKind)}.")


def _lifecycle(text: str) -> str:
    lifecycle = text or ANY
    if lifecycle != ANY and lifecycle not in set(CaseKind):
        raise BadRow(f"lifecycle {text!r} is neither '*' nor one of {', '.join(CaseKind)}.")
    return lifecycle


def _priority(text: str) -> int:
    try:
        priority = int(text or "0")
    except ValueError:
        raise BadRow(f"priority {text!r} is not a whole number.") from None
    if abs(priority) > _MAX_PRIORITY:
        raise BadRow(f"priority must be within {_MAX_PRIORITY} of 0.")
    return priority


@dataclass
class _Mappings:
    tenant_id: str
    shops: set[str]
    partners: set[str]
    existing: Mapping[tuple[str, str], LocationMapping]
    lines: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, plan: _Plan, row: Row) -> None:
        code, shop_id = row.cells["code"], row.cells["shop_id"]
        if shop_id not in self.shops:
            raise BadRow(f"The tenant {self.tenant_id} has no shop {shop_id!r}.")
        location_gid = _location(row.cells["location_id"])
        partner_id = row.cells["partner_id"] or ANY
        if partner_id != ANY:
            _partner(partner_id, self.partners)
        key = (partner_id, code)
        if key in self.lines:
            raise BadRow(f"Line {self.lines[key]} maps the same code of the same partner.")
        self.lines[key] = row.line
        found = self.existing.get(key)
        if found is None:
            plan.creates.append(
                lambda session: location_mappings.create(
                    session,
                    tenant_id=self.tenant_id,
                    code=code,
                    shop_id=shop_id,
                    location_gid=location_gid,
                    partner_id=partner_id,
                )
            )
        elif (found.shop_id, found.location_gid) == (shop_id, location_gid):
            plan.unchanged += 1
        else:
            changes = {"shop_id": shop_id, "location_gid": location_gid}
            plan.updates.append(
                lambda session: location_mappings.update(
                    session, found.id, version=found.version, changes=changes
                )
            )
