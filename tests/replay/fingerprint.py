"""What a run asked Temporal for, as text: one glance at a diff of it shows a change of commands.

Made from a history. What varies from one play to the next of the same ending, because several tasks run beside each
other and webhooks come when they come, is normalised:

* Commands are kept in order within a *strand*, not between strands: one strand for the case, one for each partner (an
  activity belongs to the partner that its input names).
* Reads (`read_...`, `fetch_...`) answer events, and an event may come once or twice: each is listed once a strand,
  sorted.
* What only shows the latest state (`BESIDE`) skips states that pass quickly: each activity once, without its summary;
  its timers (`BESIDE_TIMERS`) once, without their fate.
* Timers are cancelled and started again whenever something happens: each summary once, sorted, and whether one of them
  fired. No durations.
* Search attributes: the keys that were ever set.
* Updates are listed in order. Signals are not: how many come, and whether the echo of our own last write still does, is
  the outside's doing.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

BESIDE = (
    "case_record.",
    "order_fields.",
    "notification.",
    "campaign_readiness.summarise",
    "campaign_readiness.write_metaobject",
)
BESIDE_TIMERS = ("Record ", "Let more come together")
CASE = "case"

# Events that are no command of the workflow and tell nothing that is not told elsewhere.
_SILENT = frozenset(
    {
        "WORKFLOW_TASK_SCHEDULED",
        "WORKFLOW_TASK_STARTED",
        "WORKFLOW_TASK_COMPLETED",
        "WORKFLOW_TASK_TIMED_OUT",
        "ACTIVITY_TASK_STARTED",
        "ACTIVITY_TASK_COMPLETED",
        "WORKFLOW_EXECUTION_UPDATE_COMPLETED",
        "WORKFLOW_EXECUTION_CANCEL_REQUESTED",
        "WORKFLOW_EXECUTION_SIGNALED",
    }
)
_FATES = ("fired", "left running", "canceled")
_ENDS = ("COMPLETED", "FAILED", "TIMED_OUT", "CANCELED", "TERMINATED", "CONTINUED_AS_NEW")


@dataclass
class _Strand:
    """One line of work; `steps` in order, `looks` once each."""

    looks: set[str] = field(default_factory=set)
    steps: dict[int, str] = field(default_factory=dict)


@dataclass
class _Run:
    workflow: str = ""
    strands: dict[str, _Strand] = field(default_factory=lambda: {CASE: _Strand()})
    beside: set[str] = field(default_factory=set)
    timers: dict[int, str] = field(default_factory=dict)
    fates: dict[int, str] = field(default_factory=dict)
    attributes: set[str] = field(default_factory=set)
    updates: list[str] = field(default_factory=list)
    end: str = "still open"

    def take(self, event: HistoryEvent) -> None:
        kind = EventType.Name(event.event_type).removeprefix("EVENT_TYPE_")
        attributes: Any = getattr(event, event.WhichOneof("attributes") or "", None)
        if kind in _SILENT:
            return
        if self._take_activity(kind, event, attributes) or self._take_timer(
            kind, event, attributes
        ):
            return
        match kind:
            case "WORKFLOW_EXECUTION_STARTED":
                self.workflow = attributes.workflow_type.name
                if attributes.HasField("search_attributes"):
                    self.attributes.update(
                        f"{key} (at the start)"
                        for key in attributes.search_attributes.indexed_fields
                    )
            case "UPSERT_WORKFLOW_SEARCH_ATTRIBUTES":
                self.attributes.update(attributes.search_attributes.indexed_fields)
            case "WORKFLOW_EXECUTION_UPDATE_ACCEPTED":
                self.updates.append(attributes.accepted_request.input.name)
            case "MARKER_RECORDED":
                self.strands[CASE].steps[event.event_id] = _marker(attributes)
            case "WORKFLOW_TASK_FAILED":
                self.strands[CASE].steps[event.event_id] = "a workflow task FAILED"
            case _ if kind.removeprefix("WORKFLOW_EXECUTION_") in _ENDS:
                self.end = kind.removeprefix("WORKFLOW_EXECUTION_").lower() + _result(attributes)
            case _:
                self.strands[CASE].steps[event.event_id] = kind.lower() + _summary(event)

    def _take_activity(self, kind: str, event: HistoryEvent, attributes: Any) -> bool:
        if kind == "ACTIVITY_TASK_SCHEDULED":
            name = attributes.activity_type.name
            if name.startswith(BESIDE):
                self.beside.add(name)
                return True
            given = _json(attributes.input.payloads)
            partner = given.get("partner") if isinstance(given, dict) else None
            strand = self.strands.setdefault(f"partner {partner}" if partner else CASE, _Strand())
            line = name + _summary(event)
            if name.rpartition(".")[2].startswith(("read_", "fetch_")):
                strand.looks.add(line)
            else:
                strand.steps[event.event_id] = line
            return True
        if kind in {"ACTIVITY_TASK_FAILED", "ACTIVITY_TASK_TIMED_OUT", "ACTIVITY_TASK_CANCELED"}:
            fate = kind.removeprefix("ACTIVITY_TASK_").lower().replace("_", " ")
            if kind == "ACTIVITY_TASK_FAILED":
                fate += f": {attributes.failure.application_failure_info.type}"
            for strand in self.strands.values():
                if attributes.scheduled_event_id in strand.steps:
                    strand.steps[attributes.scheduled_event_id] += f" -> {fate}"
            return True
        return False

    def _take_timer(self, kind: str, event: HistoryEvent, attributes: Any) -> bool:
        match kind:
            case "TIMER_STARTED" if _words(event).startswith(BESIDE_TIMERS):
                self.beside.add("timer" + _summary(event))
            case "TIMER_STARTED":
                self.timers[event.event_id] = "timer" + _summary(event)
                self.fates[event.event_id] = "left running"
            case "TIMER_FIRED" | "TIMER_CANCELED":
                if attributes.started_event_id in self.fates:
                    self.fates[attributes.started_event_id] = kind.removeprefix("TIMER_").lower()
            case _:
                return False
        return True

    def text(self) -> str:
        blocks = [_block(f"workflow {self.workflow}", [f"ends: {self.end}"])]
        for name, strand in sorted(self.strands.items()):
            looks = [f"looks: {line}" for line in sorted(strand.looks)]
            blocks.append(_block(name, looks + list(strand.steps.values())))
        fates: dict[str, set[str]] = {}
        for key, line in self.timers.items():
            fates.setdefault(line, set()).add(self.fates[key])
        blocks += [
            _block("beside", sorted(self.beside)),
            _block(
                "timers",
                [
                    f"{line} -> {next(fate for fate in _FATES if fate in found)}"
                    for line, found in sorted(fates.items())
                ],
            ),
            _block("search attributes", sorted(self.attributes)),
            _block("updates", self.updates),
        ]
        return "\n".join(blocks)


def fingerprint(history: WorkflowHistory) -> str:
    """The text for a run; the same for each play of the same ending, and another one once the commands change."""
    run = _Run()
    for event in history.events:
        run.take(event)
    return run.text()


def _block(title: str, lines: Iterable[str]) -> str:
    return f"{title}\n" + "".join(f"  {line}\n" for line in lines)


def _json(payloads: Iterable[Payload]) -> Any:
    for payload in payloads:
        return json.loads(payload.data) if payload.data else None
    return None


def _words(event: HistoryEvent) -> str:
    summary = event.user_metadata.summary.data
    return str(json.loads(summary)) if summary else ""


def _summary(event: HistoryEvent) -> str:
    words = _words(event)
    return f' "{words}"' if words else ""


def _result(attributes: Any) -> str:
    if not hasattr(attributes, "result"):
        return ""
    return f" {json.dumps(_json(attributes.result.payloads), sort_keys=True)}"


def _marker(attributes: Any) -> str:
    details = {key: _json(value.payloads) for key, value in sorted(attributes.details.items())}
    return f"marker {attributes.marker_name} {json.dumps(details, sort_keys=True)}"
