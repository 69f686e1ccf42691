"""What a case tells the outside about itself: timeline, search attributes, details in the Temporal UI, the case tables."""

import asyncio
import json
import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeUpdate
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.case_record import CaseRecordActivities
    from domain.case import (
        GRIDCASE,
        CaseSnapshot,
        CaseState,
        CaseStatus,
        RecordCase,
        Reference,
        TimelineEntry,
    )
    from workflows.attributes import CASE_STATUS, DUE_AT, ESCALATED, ORDER_NAME, PARTNER
    from workflows.options import CASE_RECORD
    from workflows.waiting import hold, until

_PASSING = frozenset({CaseStatus.OPENING, CaseStatus.APPLYING})
_LINGER = timedelta(seconds=5)
_ATTRIBUTE_BYTES = 2_000
"""Of one search attribute. The server fails a workflow whose value has more than 2,048, for good."""


class CaseFile:
    """The case's file: everybody writes to it, one task keeps the tables up to date with its latest snapshot.

    At most one write is in flight; what changed meanwhile goes with the next. A case that is only passing on (opening or
    applying) is written once it has arrived, or after some seconds: half the writes are saved. A database that is
    down holds no case up: only the very last snapshot is waited for.
    """

    def __init__(self, case: CaseState, snapshot: Callable[[], CaseSnapshot]) -> None:
        self._case = case
        self._snapshot = snapshot
        self._shown: CaseSnapshot | None = None
        self._attributes: dict[str, object] = {}
        self._pending: list[TimelineEntry] = []
        self._dirty = False
        self._writing = False
        self._closing = False

    @property
    def written(self) -> bool:
        """Whether the tables have everything."""
        return not self._dirty and not self._writing

    def note(
        self,
        kind: str,
        text: str,
        *,
        actor: str = GRIDCASE,
        flagged: bool = False,
        event_id: str = "",
    ) -> None:
        """Add a line to the timeline."""
        self._case.timeline_sequence += 1
        self._pending.append(
            TimelineEntry(
                sequence=self._case.timeline_sequence,
                at=workflow.now(),
                actor=actor,
                kind=kind,
                text=text[:4000],
                flagged=flagged,
                event_id=event_id,
            )
        )
        self._dirty = True

    def refer(self, kind: str, value: str) -> None:
        """Enter another name under which the outside knows this case."""
        reference = Reference(kind=kind, value=value)
        if value and reference not in self._case.references:
            self._case.references.append(reference)
            self._dirty = True

    def show(self) -> CaseSnapshot:
        """Bring search attributes and details up to date, and have the tables written where something changed."""
        snapshot = self._snapshot()
        if snapshot != self._shown:
            self._shown = snapshot
            self._dirty = True
            self._upsert(snapshot)
            workflow.set_current_details(details(snapshot))
        return snapshot

    async def keep(self) -> None:
        """Write the latest snapshot whenever there is a newer one, until `close`."""
        while True:
            await hold(lambda: self._dirty or self._closing)
            if not self._dirty:
                return
            if self._passes():
                await until(
                    lambda: not self._passes(), workflow.now() + _LINGER, "Record a passing state"
                )
            await self._write()

    def close(self) -> None:
        """Let `keep` end once everything is written."""
        self._closing = True

    def _passes(self) -> bool:
        status = self._shown.status if self._shown else CaseStatus.OPENING
        return not self._closing and status in _PASSING

    async def _write(self) -> None:
        entries, self._pending, self._dirty = self._pending, [], False
        self._writing = True
        self._case.revision += 1
        record = RecordCase(
            run_id=workflow.info().run_id,
            revision=self._case.revision,
            snapshot=self._shown or self._snapshot(),
            timeline=tuple(entries),
            references=tuple(self._case.references),
        )
        try:
            await workflow.execute_activity_method(
                CaseRecordActivities.record_case,
                record,
                **CASE_RECORD | {"summary": f"Record: {record.snapshot.status}"},
            )
        except ActivityError:
            # Ten days without a database: nothing is lost, the entries go with the next attempt.
            self._pending = entries + self._pending
            self._dirty = True
            await asyncio.sleep(60)
        finally:
            self._writing = False

    def _upsert(self, snapshot: CaseSnapshot) -> None:
        until = snapshot.waiting_for.until if snapshot.waiting_for else None
        wanted: dict[str, object] = {
            "status": snapshot.status,
            "due": until,
            "escalated": snapshot.escalated,
            "order": snapshot.order_name,
            "partners": snapshot.partners,
        }
        updates: list[SearchAttributeUpdate[Any]] = []
        if wanted["status"] != self._attributes.get("status"):
            updates.append(CASE_STATUS.value_set(snapshot.status.value))
        if until != self._attributes.get("due"):
            due = DUE_AT.value_set(until) if until else DUE_AT.value_unset()
            updates.append(due)
        if snapshot.escalated != self._attributes.get("escalated"):
            updates.append(ESCALATED.value_set(snapshot.escalated))
        if snapshot.order_name and snapshot.order_name != self._attributes.get("order"):
            updates.append(ORDER_NAME.value_set(snapshot.order_name))
        if snapshot.partners and snapshot.partners != self._attributes.get("partners"):
            updates.append(PARTNER.value_set(_fitting(snapshot.partners)))
        if updates:
            workflow.upsert_search_attributes(updates)
        self._attributes = wanted


def _fitting(names: Sequence[str]) -> list[str]:
    """As many names as an attribute holds; lists of cases come from the tables, which have them all."""
    size, fitting = 2, []
    for name in names:
        size += len(json.dumps(name)) + 1
        if size > _ATTRIBUTE_BYTES:
            break
        fitting.append(name)
    return fitting


_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+.!:|&<>~-])")


def _plain(text: str) -> str:
    """Text as text: what a partner wrote must not become a link, an image or an element in an engineer's browser."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def details(snapshot: CaseSnapshot) -> str:
    """The case in markdown, for someone who opens the workflow in the Temporal UI."""
    lines = [
        f"### {_plain(snapshot.title)}",
        "",
        f"**Status** {snapshot.status.value.replace('_', ' ')}",
    ]
    if snapshot.outcome:
        lines[-1] += f": **{snapshot.outcome.replace('_', ' ')}**"
    if waiting := snapshot.waiting_for:
        lines += [
            "",
            f"**Waiting for** {_plain(waiting.who)}: {_plain(waiting.what)}",
            f"**Since** {waiting.since:%d %b %Y %H:%M} UTC",
        ]
        if waiting.until:
            lines.append(f"**Until** {waiting.until:%d %b %Y %H:%M} UTC")
        if waiting.then:
            lines.append(f"**Then** {_plain(waiting.then)}")
    if snapshot.paused:
        lines += ["", f"**Paused** {_plain(snapshot.paused)}"]
    for trouble in snapshot.troubles:
        lines += ["", f"**Trouble** {_plain(trouble.step)}: {_plain(trouble.message)}"]
    if snapshot.shadow:
        lines += ["", "Shadow mode: nothing is written outside."]
    facts = [
        f"case {snapshot.number}",
        f"order {_plain(snapshot.order_name)}" if snapshot.order_name else "",
    ]
    if snapshot.partners:
        facts.append("partners " + _plain(", ".join(snapshot.partners)))
    if snapshot.escalated:
        facts.append(f"escalated {snapshot.escalated}×")
    lines += ["", " · ".join(fact for fact in facts if fact)]
    # Two spaces end a line in markdown without opening a paragraph.
    return "\n".join(line + ("  " if line.startswith("**") else "") for line in lines)
