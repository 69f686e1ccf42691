"""Documents: the second of the two upload steps, and the download of their bytes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal
from urllib.parse import quote

from pydantic import Field

from emulators.trading_grid.emulator import Emulator
from emulators.trading_grid.errors import invalid
from emulators.trading_grid.query import COMMON_FIELDS, Value, check_parameters
from emulators.trading_grid.resources.cases.routes import desk
from emulators.trading_grid.resources.cases.states import COMPANY, PARTNER, CaseDesk
from emulators.trading_grid.resources.files import File, store_file
from emulators.trading_grid.resources.partners import Partner, active_partner
from emulators.trading_grid.resources.purchase_orders.model import only_order
from emulators.trading_grid.store import (
    Author,
    BusinessReference,
    Entity,
    ExternalReference,
    Name,
    Tenant,
    Wire,
)
from emulators.trading_grid.wire import Answer, Call, Endpoint, Links, dump

DOWNLOAD = "urn:eim:linkrel:download-media"
PURCHASE_ORDER = "purchase_order"
"""The type of a business reference that holds a purchase order's number."""

DocumentType = Literal[
    "asn",
    "packing_list",
    "invoice",
    "bill_of_lading",
    "proof_of_delivery",
    "photo",
    "certificate",
    "inspection_report",
    "rma",
    "evidence",
    "other",
]


class Document(Entity):
    NAME: ClassVar[str] = "document"
    COLLECTION: ClassVar[str] = "documents"

    case_id: str | None = None
    file_id: str
    document_type: DocumentType
    file_name: Name
    mime_type: Name
    content_size: int
    sha256: str
    author: Author
    business_references: list[BusinessReference] = Field(default_factory=list)

    def owners(self) -> tuple[str, ...]:
        case = () if self.case_id is None else (self.case_id,)
        return (*case, *self.po_numbers())

    def po_numbers(self) -> tuple[str, ...]:
        named = (one.value for one in self.business_references if one.type == PURCHASE_ORDER)
        return tuple(dict.fromkeys(named))


class DocumentBody(Wire):
    file_id: Name
    document_type: DocumentType
    file_name: Name | None = None
    external_reference: ExternalReference | None = None
    business_references: list[BusinessReference] = Field(default_factory=list, max_length=100)


class SharedDocumentBody(DocumentBody):
    """A document outside a case is shared with a partner."""

    partner_id: Name


FIELDS: dict[str, type[Value]] = {
    **COMMON_FIELDS,
    "case_id": str,
    "file_id": str,
    "document_type": str,
    "file_name": str,
    "mime_type": str,
    "content_size": int,
    "sha256": str,
    "author.type": str,
    "business_references.type": str,
    "business_references.value": str,
}


def render(document: Document, links: Links) -> dict[str, Any]:
    body = dump(document, links)
    body["_links"][DOWNLOAD] = {"href": links.media(f"{document.path()}/content")}
    if document.case_id is not None:
        body["_links"]["case"] = {"href": links(f"/cases/{document.case_id}")}
    return body


def make_document(
    tenant: Tenant,
    body: DocumentBody,
    *,
    author: Author,
    now: datetime,
    partner_id: str,
    case_id: str | None = None,
) -> Document:
    """Not stored yet. Raises ApiError 422 where the file is unknown."""
    file = tenant.table(File).find(body.file_id)
    if file is None:
        raise invalid(f"There is no file {body.file_id!r}; upload it first.", "file_id")
    return Document(
        case_id=case_id,
        partner_id=partner_id,
        file_id=file.id,
        document_type=body.document_type,
        file_name=body.file_name or file.original_file_name,
        mime_type=file.mime_type,
        content_size=file.size,
        sha256=file.sha256,
        author=author,
        external_reference=body.external_reference,
        business_references=body.business_references,
        create_time=now,
        update_time=now,
    )


def tell(emulator: Emulator, tenant: Tenant, document: Document) -> None:
    if document.case_id is None:
        order = only_order(tenant, document.partner_id or "", document.po_numbers())
        emulator.publish(
            tenant,
            "document.published",
            document,
            reference=order.external_reference if order is not None else None,
        )
    else:
        emulator.publish(tenant, "case.document_added", document, case_id=document.case_id)


@dataclass(frozen=True)
class Content:
    """A document with its bytes, as a partner hands it in."""

    document_type: DocumentType
    file_name: str
    mime_type: str
    data: bytes
    business_references: tuple[BusinessReference, ...] = ()

    def stored(self, tenant: Tenant, emulator: Emulator) -> DocumentBody:
        """Raises ApiError 422."""
        file = store_file(tenant, emulator.clock, self.file_name, self.mime_type, self.data)
        return DocumentBody(
            file_id=file.id,
            document_type=self.document_type,
            business_references=list(self.business_references),
        )


def add_by_partner(desk: CaseDesk, content: Content) -> Document:
    """A document the partner puts into a case. Raises ApiError 409 or 422."""
    desk.must_take_entries()
    document = make_document(
        desk.tenant,
        content.stored(desk.tenant, desk.emulator),
        author=desk.author(PARTNER),
        now=desk.emulator.clock(),
        partner_id=desk.case.partner_id,
        case_id=desk.case.id,
    )
    desk.tenant.table(Document).add(document)
    tell(desk.emulator, desk.tenant, document)
    return document


def publish_by_partner(
    emulator: Emulator, tenant: Tenant, partner: Partner, content: Content
) -> Document:
    """A document the partner shares outside any case. Raises ApiError 422."""
    document = make_document(
        tenant,
        content.stored(tenant, emulator),
        author=Author(type=PARTNER, name=partner.name),
        now=emulator.clock(),
        partner_id=partner.id,
    )
    tenant.table(Document).add(document)
    tell(emulator, tenant, document)
    return document


async def list_documents(call: Call) -> Answer:
    return call.list(call.table(Document), FIELDS, render)


async def share_document(call: Call) -> Answer:
    body = call.parse(SharedDocumentBody)
    partner = active_partner(call.tenant, body.partner_id)
    document = call.add(
        make_document(
            call.tenant,
            body,
            author=Author(type=COMPANY, name=call.tenant.name),
            now=call.now,
            partner_id=partner.id,
        )
    )
    tell(call.emulator, call.tenant, document)
    return call.created(document, render)


async def get_document(call: Call) -> Answer:
    return call.one(call.table(Document).get(call.param("document_id")), render)


async def download(call: Call) -> Answer:
    check_parameters(call.request.query_params, frozenset())
    document = call.table(Document).get(call.param("document_id"))
    return Answer(
        200,
        headers={
            "Content-Type": document.mime_type,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(document.file_name)}",
            "ETag": f'"{document.sha256}"',
            "X-Content-Type-Options": "nosniff",
        },
        content=call.tenant.blobs[document.file_id],
    )


async def list_case_documents(call: Call) -> Answer:
    return call.list(call.table(Document).of(desk(call).case.id), FIELDS, render)


async def add_case_document(call: Call) -> Answer:
    opened = desk(call)
    body = call.parse(DocumentBody)
    opened.must_take_entries()
    document = call.add(
        make_document(
            call.tenant,
            body,
            author=opened.author(COMPANY),
            now=call.now,
            partner_id=opened.case.partner_id,
            case_id=opened.case.id,
        )
    )
    tell(call.emulator, call.tenant, document)
    return call.created(document, render)


ENDPOINTS = [
    Endpoint("/cases/{case_id}/documents", {"GET": list_case_documents, "POST": add_case_document}),
    Endpoint("/documents", {"GET": list_documents, "POST": share_document}),
    Endpoint("/documents/{document_id}", {"GET": get_document}),
    Endpoint("/documents/{document_id}/content", {"GET": download}),
]
