"""Documents of cases: listed, taken from operators, and served as downloads to callers only."""

from collections.abc import AsyncGenerator, AsyncIterator
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, File, Form, Path, Response, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import Field

from api.access import Operator, Reader
from api.cases import CaseId, find_case
from api.errors import (
    CASE_CLOSED,
    DOCUMENT_GONE,
    NOT_FOUND,
    STORE_UNAVAILABLE,
    TOO_LARGE,
    UNKNOWN_PARTNER,
    UNSUPPORTED_TYPE,
    Problem,
    documented,
)
from api.pages import Deps, Output
from clients.documents import DocumentCorrupted, DocumentNotFound, safe_file_name
from domain.case import CaseKind
from persistence.repositories import documents, shops

router = APIRouter(tags=["documents"])

_CHUNK = 256 * 1024
# Nothing in a document runs, wherever a browser is made to open it.
_INERT = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}


class DocumentOut(Output):
    """A file of a case. Its bytes are at `/documents/{id}`."""

    id: str
    case_id: str
    partner_id: str
    file_name: str
    mime_type: str = Field(description="As sniffed from its content.")
    size: int = Field(description="Bytes.")
    sha256: str
    document_type: str
    direction: str
    created_at: datetime


class DocumentList(Output):
    items: list[DocumentOut]


@router.get(
    "/cases/{case_id}/documents",
    summary="List a case's documents",
    responses=documented(NOT_FOUND),
)
async def list_documents(case_id: CaseId, services: Deps, _: Reader) -> DocumentList:
    """Oldest first."""
    async with services.database.read() as session:
        case = await find_case(session, case_id)
        found = await documents.list_of_case(session, case.id)
    return DocumentList(items=[DocumentOut.model_validate(document) for document in found])


@router.post(
    "/cases/{case_id}/documents",
    summary="Upload a document",
    status_code=201,
    responses=documented(
        NOT_FOUND, CASE_CLOSED, TOO_LARGE, UNSUPPORTED_TYPE, UNKNOWN_PARTNER, STORE_UNAVAILABLE
    ),
)
async def upload_document(
    case_id: CaseId,
    file: Annotated[
        UploadFile, File(description="PDF, image, office document, CSV, text, XML, ZIP.")
    ],
    response: Response,
    services: Deps,
    _: Operator,
    partner: Annotated[
        str,
        Form(
            max_length=200,
            description="Whom it is for; empty: nobody, as of a dispute's own evidence.",
            examples=["acme-textiles"],
        ),
    ] = "",
    document_type: Annotated[
        str, Form(pattern=r"^[a-z0-9_]{1,40}$", examples=["photo"], description="What it is.")
    ] = "other",
) -> DocumentOut:
    """Stores a file for a later `message_partner` or `add_evidence`, which names its id. The type is told by the content."""
    async with services.database.read() as session:
        case = await find_case(session, case_id)
        shop = await shops.get(session, case.shop_id)
    if case.closed_at is not None:
        raise Problem(CASE_CLOSED, f"It ended as {case.outcome or case.status}.")
    own = not partner and case.kind == CaseKind.DISPUTE
    if not own and partner not in case.partners:
        known = ", ".join(case.partners) or "nobody yet"
        raise Problem(
            UNKNOWN_PARTNER, f"{partner or 'Nobody'} is not asked in this case; asked: {known}."
        )
    stored = await services.documents.put(_chunks(file))
    async with services.database.begin() as session:
        document, _new = await documents.insert(
            session,
            case_id=case.id,
            shop_id=case.shop_id,
            tenant_id=shop.tenant_id,
            partner_id=partner,
            sha256=stored.sha256,
            size=stored.size,
            mime_type=stored.mime_type,
            file_name=safe_file_name(file.filename or "", mime_type=stored.mime_type),
            document_type=document_type,
            direction="to_partner",
            now=services.now(),
        )
    response.headers["Location"] = f"/documents/{document.id}"
    return DocumentOut.model_validate(document)


@router.get(
    "/documents/{document_id}",
    summary="Download a document",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "The bytes, as an attachment.",
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        },
        **documented(NOT_FOUND, DOCUMENT_GONE, STORE_UNAVAILABLE),
    },
)
async def download_document(
    document_id: Annotated[str, Path(max_length=64)], services: Deps, _: Reader
) -> StreamingResponse:
    """A browser without a session is sent to /login and back."""
    async with services.database.read() as session:
        document = await documents.get(session, document_id)
    content = services.documents.read(document.sha256)
    try:
        first = await anext(content, b"")  # what is missing is told before the answer begins
    except DocumentNotFound:
        raise Problem(DOCUMENT_GONE) from None
    except DocumentCorrupted as error:
        raise Problem(DOCUMENT_GONE, "The stored bytes are not the document's.") from error
    name = safe_file_name(document.file_name, mime_type=document.mime_type)
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    return StreamingResponse(
        _rest(first, content),
        media_type=document.mime_type,
        headers={
            **_INERT,
            "Content-Length": str(document.size),
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        },
    )


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(_CHUNK):
        yield chunk


async def _rest(first: bytes, content: AsyncGenerator[bytes]) -> AsyncIterator[bytes]:
    try:
        yield first
        async for chunk in content:
            yield chunk
    finally:
        await content.aclose()
