"""Case references: what the outside calls a matter -> our case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from persistence.errors import BadValueError
from persistence.repositories import inbound_events
from persistence.statements import insert_missing
from persistence.tables import Case, CaseReference


@dataclass(frozen=True)
class Reference:
    """One name of a matter: its kind, its value, and the shop or tenant in which it is unique."""

    kind: str
    value: str
    scope: str

    def __post_init__(self) -> None:
        """Refuse an empty part: it would match what it must not."""
        if not (self.kind and self.value and self.scope):
            raise BadValueError(f"{self} has an empty part")


async def add(
    session: AsyncSession, case_id: str, references: Sequence[Reference], now: datetime
) -> int:
    """Add those the case does not have; how many. One value may name several cases.

    Events that are parked until one of them is there are due at once.
    """
    # A case with hundreds of partners names as many matters, with each snapshot: mostly there is nothing to insert.
    known = set(
        await session.exec(
            select(CaseReference.kind, CaseReference.value, CaseReference.scope).where(
                CaseReference.case_id == case_id
            )
        )
    )
    rows = [
        CaseReference(
            scope=reference.scope,
            kind=reference.kind,
            value=reference.value,
            case_id=case_id,
            created_at=now,
        )
        for reference in dict.fromkeys(references)
        if (reference.kind, reference.value, reference.scope) not in known
    ]
    added = await insert_missing(session, rows)
    if added:
        await inbound_events.unpark_waiting(session, references, now)
    return added


async def remove(session: AsyncSession, case_id: str, reference: Reference) -> bool:
    """Remove a reference from a case; whether it was there."""
    statement = delete(CaseReference).where(
        col(CaseReference.case_id) == case_id,
        col(CaseReference.scope) == reference.scope,
        col(CaseReference.kind) == reference.kind,
        col(CaseReference.value) == reference.value,
    )
    return (await session.exec(statement)).rowcount == 1


async def find(session: AsyncSession, *references: Reference) -> list[Case]:
    """List the cases that any of these names: open ones first, of each the newest first."""
    if not references:
        return []
    named = or_(
        *(
            and_(
                col(CaseReference.scope) == reference.scope,
                col(CaseReference.kind) == reference.kind,
                col(CaseReference.value) == reference.value,
            )
            for reference in references
        )
    )
    statement = (
        select(Case)
        .where(col(Case.id).in_(select(CaseReference.case_id).where(named)))
        .order_by(col(Case.closed_at).is_not(None), col(Case.number).desc())
    )
    return list((await session.exec(statement)).all())


async def list_of_case(session: AsyncSession, case_id: str) -> list[CaseReference]:
    """List a case's references by kind and value."""
    statement = (
        select(CaseReference)
        .where(CaseReference.case_id == case_id)
        .order_by(col(CaseReference.kind), col(CaseReference.value), col(CaseReference.scope))
    )
    return list((await session.exec(statement)).all())
