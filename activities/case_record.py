"""The case tables, written by the workflow: its latest snapshot, its new timeline entries, its references."""

from datetime import UTC, datetime

from temporalio import activity

from domain import references
from domain.case import CaseSnapshot, RecordCase, RecordedCase, Reference
from persistence.repositories import cases
from persistence.repositories.case_references import Reference as StoredReference
from persistence.repositories.case_timeline import TimelineRow
from persistence.session import Database


class CaseRecordActivities:
    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="case_record.record_case")
    async def record_case(self, record: RecordCase) -> RecordedCase:
        """Write the snapshot unless a newer one is there; repeating it changes nothing."""
        snapshot = record.snapshot
        async with self._database.begin() as session:
            saved = await cases.save_snapshot(
                session,
                snapshot.case_id,
                run_id=record.run_id,
                revision=record.revision,
                values=_fields(snapshot),
                now=datetime.now(UTC),
                timeline=[
                    TimelineRow(
                        sequence=entry.sequence,
                        at=entry.at,
                        actor=entry.actor,
                        kind=entry.kind,
                        text=entry.text,
                        flagged=entry.flagged,
                        event_id=entry.event_id or None,
                    )
                    for entry in record.timeline
                ],
                references=[_stored(reference, snapshot.shop) for reference in record.references],
            )
        return RecordedCase(applied=saved.applied)


def _stored(reference: Reference, shop: str) -> StoredReference:
    if reference.kind in references.OF_TENANT:
        tenant, _, value = reference.value.partition("/")
        return StoredReference(kind=reference.kind, value=value, scope=tenant)
    return StoredReference(kind=reference.kind, value=reference.value, scope=shop)


def _fields(snapshot: CaseSnapshot) -> cases.CaseFields:
    waiting = snapshot.waiting_for
    return cases.CaseFields(
        title=snapshot.title,
        status=snapshot.status.value,
        outcome=snapshot.outcome or None,
        order_id=snapshot.order_id or None,
        order_name=snapshot.order_name or None,
        partners=snapshot.partners,
        closed_at=snapshot.closed_at,
        waiting_for=waiting.who if waiting else None,
        waiting_since=waiting.since if waiting else None,
        due_at=waiting.until if waiting else None,
        then_text=waiting.then if waiting else None,
        escalated=snapshot.escalated,
        assignee=snapshot.assignee or None,
        shadow=snapshot.shadow,
        snapshot=snapshot.model_dump(mode="json"),
    )
