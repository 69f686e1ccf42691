"""Partners: who the tenant trades with."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from emulators.trading_grid.errors import invalid
from emulators.trading_grid.query import COMMON_FIELDS
from emulators.trading_grid.store import Entity, Name, Tenant, Wire
from emulators.trading_grid.wire import Answer, Call, Endpoint, Links, dump

PartnerStatus = Literal["invited", "pending_approval", "active", "suspended"]
Role = Literal["supplier", "distributor", "logistics"]


def supplier() -> list[Role]:
    """What a partner is, where nothing else is said."""
    return ["supplier"]


class Identifier(Wire):
    qualifier: Name
    id: Name


class Contact(Wire):
    name: Name
    role: Name | None = None
    email: Name | None = None


class Partner(Entity):
    NAME: ClassVar[str] = "partner"
    COLLECTION: ClassVar[str] = "partners"

    name: Name
    status: PartnerStatus = "active"
    identifiers: list[Identifier] = Field(default_factory=list)
    roles: list[Role] = Field(default_factory=supplier)
    capabilities: list[Name] = Field(default_factory=list)
    contacts: list[Contact] = Field(default_factory=list)


class PartnerPatch(Wire):
    """What is left out stays; the company may do anything to its own record of a partner."""

    name: Name | None = None
    status: PartnerStatus | None = None
    identifiers: list[Identifier] | None = None
    roles: list[Role] | None = None
    capabilities: list[Name] | None = None
    contacts: list[Contact] | None = None


FIELDS = {**COMMON_FIELDS, "name": str, "status": str}


def render(partner: Partner, links: Links) -> dict[str, Any]:
    body = dump(partner, links)
    del body["partner_id"]
    return body


def active_partner(tenant: Tenant, partner_id: str) -> Partner:
    """The partner something new is addressed to. Raises ApiError 422."""
    partner = tenant.table(Partner).find(partner_id)
    if partner is None:
        raise invalid(f"There is no partner {partner_id!r}.", "partner_id")
    if partner.status != "active":
        raise invalid(f"Partner {partner_id!r} is {partner.status}, not active.", "partner_id")
    return partner


async def list_partners(call: Call) -> Answer:
    return call.list(call.table(Partner), FIELDS, render)


async def get_partner(call: Call) -> Answer:
    return call.one(call.table(Partner).get(call.param("partner_id")), render)


async def patch_partner(call: Call) -> Answer:
    partner = call.table(Partner).get(call.param("partner_id"))
    patch = call.parse(PartnerPatch)
    call.match(partner, required=True)
    for name in patch.model_fields_set:
        value = getattr(patch, name)
        if value is None:
            raise invalid(f"{name} can't be null.", name)
        setattr(partner, name, value)
    partner.touch(call.now)
    call.emulator.publish(call.tenant, "partner.updated", partner)
    return call.one(partner, render)


ENDPOINTS = [
    Endpoint("/partners", {"GET": list_partners}),
    Endpoint("/partners/{partner_id}", {"GET": get_partner, "PATCH": patch_partner}),
]
