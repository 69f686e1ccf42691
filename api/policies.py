"""Policies: the terms cases are opened with, checked field by field before they are stored."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Body, Query, Response
from pydantic import BaseModel, Field, ValidationError

from api.access import Admin, Reader
from api.errors import (
    ALREADY_EXISTS,
    INVALID,
    NOT_FOUND,
    FieldError,
    documented,
    field_errors,
    invalid,
)
from api.pages import Deps, Input, Output, Version, tag
from api.routing import Lifecycle, RowId
from api.tenants import EDIT
from clients.trading_grid.port import DocumentType
from domain.case import CaseKind
from domain.policy import Policy as CommonTerms
from domain.terms import TERMS as LIFECYCLE_TERMS
from persistence.base import ANY
from persistence.errors import AlreadyExistsError, StaleVersionError
from persistence.repositories import partners, policies, shops

router = APIRouter(prefix="/policies", tags=["administration"])

TERMS: Mapping[str, type[CommonTerms]] = {
    ANY: CommonTerms,
    **LIFECYCLE_TERMS,
}
"""Whose terms a lifecycle's are. Under `*` only what all share may be said."""

_DOCUMENTS = get_args(DocumentType)
_CHANNELS = ("console:", "https://", "http://", "mailto:")


class PolicyIn(Input):
    """`*` is any. Of several that fit a case, the most specific wins as a whole."""

    shop_id: str = Field(default=ANY, max_length=64)
    lifecycle: Lifecycle = CaseKind.RETURN_CLAIM
    partner_id: str = Field(default=ANY, max_length=200)
    priority: str = Field(default=ANY, pattern=r"^(\*|[a-z0-9_]{1,40})$")
    terms: dict[str, Any] = Field(
        description="What is left out has its default; an unknown field is refused."
    )


class PolicyEdit(Input):
    terms: dict[str, Any] = Field(description="Replaces the terms as a whole.")


class PolicyOut(Output):
    id: int
    shop_id: str
    lifecycle: str
    partner_id: str
    priority: str
    terms: dict[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime


_TERMS: dict[str, Any] = {
    "answer_within": {"business_days": 3, "time_zone": "Europe/Berlin"},
    "reminders": [0.5, 0.8],
    "at_deadline": "approve_under",
    "approve_under": {"amount": "50.00", "currency": "EUR"},
    "refund": "ask_merchant",
    "notify": ["console:", "mailto:returns@acme.example"],
}
_POLICY = {
    "shop_id": "acme",
    "lifecycle": "return_claim",
    "partner_id": "acme-textiles",
    "terms": _TERMS,
}

_PURCHASES = {
    "shop_id": "acme",
    "lifecycle": "purchase_order",
    "terms": {"open_on": "paid", "backorder_limit": {"hours": 168}, "price_tolerance": "0.02"},
}
_PAPERS = {
    "shop_id": "acme",
    "lifecycle": "shipping_documents",
    "partner_id": "acme-textiles",
    "terms": {"auto_fulfil": True, "required_documents": ["asn", "packing_list", "certificate"]},
}


@router.get("", summary="List policies")
async def list_policies(
    services: Deps, _: Reader, shop: Annotated[str | None, Query(max_length=64)] = None
) -> list[PolicyOut]:
    async with services.database.read() as session:
        rows = await policies.list_all(session, shop_id=shop)
    return [PolicyOut.model_validate(row) for row in rows]


@router.post(
    "",
    summary="Add a policy",
    status_code=201,
    responses=documented(NOT_FOUND, ALREADY_EXISTS, INVALID),
)
async def create_policy(
    body: Annotated[PolicyIn, Body(examples=[_POLICY, _PURCHASES, _PAPERS])],
    response: Response,
    services: Deps,
    _: Admin,
) -> PolicyOut:
    """Open cases keep the terms they were opened with."""
    terms = check_terms(body.lifecycle, body.terms)
    async with services.database.begin() as session:
        if body.shop_id != ANY:
            shop = await shops.get(session, body.shop_id)
            if body.partner_id != ANY:
                await partners.get(session, shop.tenant_id, body.partner_id)
        elif body.partner_id != ANY:
            known = await partners.list_all(session)
            if not any(partner.id == body.partner_id for partner in known):
                raise invalid(f"No tenant has a partner {body.partner_id!r}.")
        try:
            row = await policies.put(
                session,
                terms,
                now=services.now(),
                shop_id=body.shop_id,
                lifecycle=body.lifecycle,
                partner_id=body.partner_id,
                priority=body.priority,
                version=0,
            )
        except StaleVersionError as error:
            key = (body.shop_id, body.lifecycle, body.partner_id, body.priority)
            raise AlreadyExistsError("policy", "/".join(key)) from error
    response.headers["Location"] = f"/policies/{row.id}"
    tag(response, row.version)
    return PolicyOut.model_validate(row)


@router.get("/{policy}", summary="Read a policy", responses=documented(NOT_FOUND))
async def read_policy(policy: RowId, response: Response, services: Deps, _: Reader) -> PolicyOut:
    async with services.database.read() as session:
        row = await policies.get(session, policy)
    tag(response, row.version)
    return PolicyOut.model_validate(row)


@router.patch("/{policy}", summary="Replace a policy's terms", responses=EDIT)
async def edit_policy(
    policy: RowId,
    body: Annotated[PolicyEdit, Body(examples=[{"terms": _TERMS}])],
    version: Version,
    response: Response,
    services: Deps,
    _: Admin,
) -> PolicyOut:
    """The version counts up; open cases keep the version they have."""
    async with services.database.begin() as session:
        known = await policies.get(session, policy)
        if version == 0 or known.version != version:
            raise StaleVersionError("policy", policy, version, known.version)
        row = await policies.put(
            session,
            check_terms(known.lifecycle, body.terms),
            now=services.now(),
            shop_id=known.shop_id,
            lifecycle=known.lifecycle,
            partner_id=known.partner_id,
            priority=known.priority,
            version=version,
        )
    tag(response, row.version)
    return PolicyOut.model_validate(row)


@router.delete(
    "/{policy}", summary="Remove a policy", status_code=204, responses=documented(NOT_FOUND)
)
async def remove_policy(policy: RowId, services: Deps, _: Admin) -> None:
    async with services.database.begin() as session:
        await policies.remove(session, policy)


def check_terms(lifecycle: str, terms: dict[str, Any]) -> dict[str, Any]:
    """The terms as they are stored: what was given, in JSON, without defaults. A 422 names each field that is wrong."""
    model = TERMS[lifecycle]
    try:
        read = model.model_validate(terms)
    except ValidationError as error:
        fields = field_errors(error.errors(include_url=False), "body.terms")
        raise invalid(f"{fields[0].field}: {fields[0].message}", *fields) from None
    unknown = [*_unknown(terms, read.model_dump(), "body.terms")]
    if "version" in terms:
        unknown.append("body.terms.version")
    if unknown:
        raise invalid(
            f"Unknown: {', '.join(unknown)}.",
            *(FieldError(field=field, message="there is no such field") for field in unknown),
        )
    for name in ("notify", "escalate_to"):
        for place, recipient in enumerate(getattr(read, name)):
            if not recipient.startswith(_CHANNELS):
                field = FieldError(
                    field=f"body.terms.{name}.{place}",
                    message="a recipient is console:, mailto:... or https://...",
                )
                raise invalid(f"{recipient!r} is no recipient.", field)
    for place, kind in enumerate(getattr(read, "required_documents", ())):
        if kind not in _DOCUMENTS:
            field = FieldError(
                field=f"body.terms.required_documents.{place}",
                message=f"a type of document is one of {', '.join(_DOCUMENTS)}",
            )
            raise invalid(f"No partner can send a document of the type {kind!r}.", field)
    return read.model_dump(mode="json", exclude_unset=True)


def _unknown(given: Any, read: Any, path: str) -> Sequence[str]:
    """Fields of `given` that the model did not take: messages ignore them, people must not."""
    if isinstance(read, BaseModel):
        read = read.model_dump()
    if isinstance(given, dict) and isinstance(read, dict):
        found: list[str] = []
        for name, value in given.items():
            if name not in read:
                found.append(f"{path}.{name}")
            else:
                found.extend(_unknown(value, read[name], f"{path}.{name}"))
        return found
    return []
