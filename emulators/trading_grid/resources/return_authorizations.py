"""Return authorisations: asked for by the company, given and followed up by the partner."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from emulators.trading_grid.emulator import Emulator
from emulators.trading_grid.errors import invalid
from emulators.trading_grid.query import COMMON_FIELDS, Value
from emulators.trading_grid.resources.cases.model import Case, PositiveQuantity
from emulators.trading_grid.resources.cases.states import CaseDesk
from emulators.trading_grid.store import (
    Code,
    Entity,
    ExternalReference,
    Money,
    Name,
    Tenant,
    Text,
    UtcTime,
    Wire,
)
from emulators.trading_grid.wire import Answer, Call, Endpoint, Links, dump

Status = Literal["requested", "authorized", "denied", "expired"]
Received = Annotated[int, Field(ge=0)]


class AuthorizationLineBody(Wire):
    line_id: Name
    sku: Name | None = None
    quantity: PositiveQuantity
    reason_code: Code | None = None


class AuthorizationLine(Wire):
    line_id: str
    sku: str | None = None
    quantity: int
    reason_code: str | None = None
    disposition_code: str | None = None
    response_reason_code: str | None = None
    credit_amount: Money | None = None
    received_quantity: Received | None = None
    location_code: str | None = None


class ReturnAuthorization(Entity):
    NAME: ClassVar[str] = "return_authorization"
    COLLECTION: ClassVar[str] = "return-authorizations"

    case_id: str
    partner_id: str
    status: Status = "requested"
    rma_number: Name | None = None
    return_to: Text | None = None
    expires: UtcTime | None = None
    lines: list[AuthorizationLine]

    def owners(self) -> tuple[str, ...]:
        return (self.case_id,)


class AuthorizationBody(Wire):
    """What a company sends to ask for one; RMA number, address and expiry are the partner's."""

    case_id: Name
    partner_id: Name | None = None
    external_reference: ExternalReference | None = None
    lines: list[AuthorizationLineBody] = Field(min_length=1, max_length=1000)


class LinePatch(Wire):
    """What is left out stays. A ``line_id`` that is not there is added, as a partner may."""

    line_id: str
    sku: str | None = None
    quantity: int | None = None
    disposition_code: str | None = None
    response_reason_code: str | None = None
    credit_amount: Money | None = None
    received_quantity: Received | None = None
    location_code: str | None = None


class AuthorizationPatch(Wire):
    """What the partner changes; what is left out stays."""

    status: Literal["authorized", "denied", "expired"] | None = None
    rma_number: Name | None = None
    return_to: Text | None = None
    expires: UtcTime | None = None
    lines: list[LinePatch] = Field(default_factory=list)


FIELDS: dict[str, type[Value]] = {
    **COMMON_FIELDS,
    "case_id": str,
    "status": str,
    "rma_number": str,
    "expires": datetime,
}


def render(authorization: ReturnAuthorization, links: Links) -> dict[str, Any]:
    body = dump(authorization, links)
    body["_links"]["case"] = {"href": links(f"/cases/{authorization.case_id}")}
    return body


def change_by_partner(
    emulator: Emulator,
    tenant: Tenant,
    authorization: ReturnAuthorization,
    patch: AuthorizationPatch,
) -> None:
    """Applies what the partner says and tells of it."""
    if patch.status == "authorized" and not (patch.rma_number or authorization.rma_number):
        raise invalid("An authorised return needs an rma_number.", "rma_number")
    for name in ("status", "rma_number", "return_to", "expires"):
        if getattr(patch, name) is not None:
            setattr(authorization, name, getattr(patch, name))
    by_id = {line.line_id: line for line in authorization.lines}
    for change in patch.lines:
        line = by_id.get(change.line_id)
        if line is None:
            line = AuthorizationLine(line_id=change.line_id, quantity=change.quantity or 0)
            by_id[line.line_id] = line
            authorization.lines.append(line)
        for name in change.model_fields_set - {"line_id"}:
            value = getattr(change, name)
            if name == "quantity" and value is None:
                raise invalid("quantity can't be null.", "quantity")
            setattr(line, name, value)
    authorization.touch(emulator.clock())
    tell(emulator, tenant, authorization)


def tell(emulator: Emulator, tenant: Tenant, authorization: ReturnAuthorization) -> None:
    emulator.publish(
        tenant, "return_authorization.updated", authorization, case_id=authorization.case_id
    )


async def list_authorizations(call: Call) -> Answer:
    return call.list(call.table(ReturnAuthorization), FIELDS, render)


async def ask(call: Call) -> Answer:
    body = call.parse(AuthorizationBody)
    case = call.table(Case).find(body.case_id)
    if case is None:
        raise invalid(f"There is no case {body.case_id!r}.", "case_id")
    if body.partner_id is not None and body.partner_id != case.partner_id:
        raise invalid("The partner is not the case's partner.", "partner_id")
    CaseDesk(call.emulator, call.tenant, case).must_take_entries()
    _check_lines(body, case)
    authorization = call.add(
        ReturnAuthorization(
            case_id=case.id,
            partner_id=case.partner_id,
            external_reference=body.external_reference,
            lines=[AuthorizationLine(**dict(line)) for line in body.lines],
            create_time=call.now,
            update_time=call.now,
        )
    )
    tell(call.emulator, call.tenant, authorization)
    return call.created(authorization, render)


def _check_lines(body: AuthorizationBody, case: Case) -> None:
    """Each line once, and among the case's where it has lines. Raises ApiError 422."""
    known = {line.line_id: line.quantity for line in case.lines}
    seen: set[str] = set()
    for number, line in enumerate(body.lines):
        if line.line_id in seen:
            raise invalid(f"{line.line_id!r} stands twice.", f"lines.{number}.line_id")
        seen.add(line.line_id)
        if known and line.line_id not in known:
            raise invalid(f"{line.line_id!r} is not in the case.", f"lines.{number}.line_id")
        if known and line.quantity > known[line.line_id]:
            raise invalid("More than the case asks for.", f"lines.{number}.quantity")


async def get_authorization(call: Call) -> Answer:
    return call.one(call.table(ReturnAuthorization).get(call.param("authorization_id")), render)


ENDPOINTS = [
    Endpoint("/return-authorizations", {"GET": list_authorizations, "POST": ask}),
    Endpoint("/return-authorizations/{authorization_id}", {"GET": get_authorization}),
]
