"""The papers of one purchase order, found by its number. They come from partners: nobody opens them by hand."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.access import Reader
from api.cases import CaseRow
from api.documents import DocumentOut
from api.errors import NOT_FOUND, documented
from api.pages import Deps, Output
from domain.shipping_documents.names import shipping_documents_key
from persistence.errors import NotFoundError
from persistence.repositories import cases, documents, shops

router = APIRouter(tags=["documents"])


class Papers(Output):
    """The newest case of the papers, and what has come in. The bytes of a document are at `/documents/{id}`."""

    case: CaseRow
    documents: list[DocumentOut]


@router.get(
    "/shipping-documents/{po_number}",
    summary="Find a purchase order's papers",
    responses=documented(NOT_FOUND),
)
async def read_papers(
    po_number: Annotated[
        str, Path(max_length=64, description="Its number.", examples=["ACME-1001-TEXT-1"])
    ],
    shop: Annotated[str, Query(max_length=64, examples=["acme"])],
    services: Deps,
    _: Reader,
) -> Papers:
    """By the number that the partner knows. What is missing is in the case: `GET /cases/{id}`."""
    async with services.database.read() as session:
        known = await shops.get(session, shop)
        found = await cases.list_of_key(session, shipping_documents_key(known.id, po_number))
        if not found:
            raise NotFoundError("papers of the purchase order", po_number)
        case = max(found, key=lambda one: one.number)
        papers = await documents.list_of_case(session, case.id)
    return Papers(
        case=CaseRow.model_validate(case),
        documents=[DocumentOut.model_validate(paper) for paper in papers],
    )
