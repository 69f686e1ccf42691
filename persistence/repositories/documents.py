"""Documents of cases; the bytes are elsewhere."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Literal

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from persistence.errors import ConflictError
from persistence.statements import insert_new, lock, require
from persistence.tables import Case, Document

Direction = Literal["from_partner", "to_partner"]


async def insert(
    session: AsyncSession,
    *,
    case_id: str,
    shop_id: str,
    tenant_id: str,
    partner_id: str,
    sha256: str,
    size: int,
    mime_type: str,
    file_name: str,
    document_type: str,
    direction: Direction,
    now: datetime,
    remote_id: str | None = None,
) -> tuple[Document, bool]:
    """Add a document and say whether it is new: a case has each remote id once.

    Without a remote id, which `set_remote_id` gives it later, each call adds one.
    """
    document = Document(
        id=str(uuid.uuid4()),
        case_id=case_id,
        shop_id=shop_id,
        tenant_id=tenant_id,
        partner_id=partner_id,
        sha256=sha256,
        size=size,
        mime_type=mime_type,
        file_name=file_name,
        document_type=document_type,
        direction=direction,
        remote_id=remote_id,
        created_at=now,
    )
    created = await insert_new(session, document)
    if created is not None:
        return created, True
    statement = select(Document).where(Document.case_id == case_id, Document.remote_id == remote_id)
    return (await session.exec(statement)).one(), False


async def get(session: AsyncSession, document_id: str) -> Document:
    """Get a document; raises `NotFoundError`."""
    return await require(session, Document, document_id, "document")


async def list_of_case(session: AsyncSession, case_id: str) -> list[Document]:
    """List a case's documents, oldest first."""
    statement = (
        select(Document)
        .where(Document.case_id == case_id)
        .order_by(col(Document.created_at), col(Document.id))
    )
    return list((await session.exec(statement)).all())


async def set_remote_id(session: AsyncSession, document_id: str, remote_id: str) -> Document:
    """Note the id Trading Grid gave an upload. Again the same: no change.

    Raises `NotFoundError`, and `ConflictError` when it has another.
    """
    document = await lock(session, Document, document_id, "document")
    if document.remote_id not in (None, remote_id):
        raise ConflictError(f"document {document_id} has the remote id {document.remote_id!r}")
    document.remote_id = remote_id
    await session.flush()
    return document


async def of_shop(session: AsyncSession, shop_id: str, ids: Collection[str]) -> list[Document]:
    """Those of these ids that are documents of this shop, in no order."""
    statement = select(Document).where(
        Document.shop_id == shop_id, col(Document.id).in_(sorted(ids))
    )
    return list((await session.exec(statement)).all())


async def from_partners_of_order(
    session: AsyncSession, shop_id: str, order_id: str, *, types: Collection[str], but: str
) -> list[Document]:
    """What partners sent in the cases of an order, all but the case `but`, of these document types; oldest first."""
    statement = (
        select(Document)
        .join(Case, col(Case.id) == col(Document.case_id))
        .where(
            Case.shop_id == shop_id,
            Case.order_id == order_id,
            Case.id != but,
            Document.direction == "from_partner",
            col(Document.document_type).in_(sorted(types)),
        )
        .order_by(col(Document.created_at), col(Document.id))
    )
    return list((await session.exec(statement)).all())


async def of_case_or_order(
    session: AsyncSession, shop_id: str, case_id: str, ids: Collection[str]
) -> list[Document]:
    """Those of these ids that belong to this case, or to another case of its order; oldest first."""
    # No order is null here, and null equals nothing.
    order = select(Case.order_id).where(Case.id == case_id).scalar_subquery()
    statement = (
        select(Document)
        .join(Case, col(Case.id) == col(Document.case_id))
        .where(
            Case.shop_id == shop_id,
            col(Document.id).in_(sorted(ids)),
            or_(col(Case.id) == case_id, col(Case.order_id) == order),
        )
        .order_by(col(Document.created_at), col(Document.id))
    )
    return list((await session.exec(statement)).all())
