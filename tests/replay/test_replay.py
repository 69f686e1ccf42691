"""Committed histories run through today's workflows: what is open in production must go on after a deployment.

After a deliberate change of commands (behind `patched()`): `python -m scripts.record_histories --write`.
"""

import dataclasses
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import temporalio.workflow
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory
from temporalio.common import SearchAttributeKey
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from activities.return_claim import ReturnReviewActivities
from tests.replay.fingerprint import fingerprint
from tests.replay.recording import HERE, Ending, dev_server, endings, parse, played
from worker import WORKFLOWS, workflow_runner

ENDINGS = endings()
HISTORIES = sorted((HERE / "histories").glob("*/*.json"))
EVERY_HISTORY = pytest.mark.parametrize(
    "path", HISTORIES, ids=lambda path: f"{path.parent.name}-{path.stem}"
)
EVERY_ENDING = pytest.mark.parametrize(
    "ending", ENDINGS, ids=lambda ending: f"{ending.kind.value}-{ending.name}"
)


def replayer() -> Replayer:
    """As the worker runs them: same workflows, same sandbox, same converter."""
    return Replayer(
        workflows=WORKFLOWS,
        workflow_runner=workflow_runner(),
        data_converter=pydantic_data_converter,
    )


def kept(path: Path) -> WorkflowHistory:
    return parse(path.read_text())


def history_of(name: str) -> WorkflowHistory:
    return kept(HERE / "histories" / "return_claim" / f"{name}.json")


@EVERY_HISTORY
async def test_a_committed_history_replays(path: Path) -> None:
    await replayer().replay_workflow(kept(path))


@EVERY_HISTORY
def test_a_committed_history_is_closed_and_says_which_sdk_wrote_it(path: Path) -> None:
    """Without the SDK's flags a replay compares less; of an open history it reports no failure."""
    events = kept(path).events
    assert events[-1].event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED
    tasks = [
        event.workflow_task_completed_event_attributes
        for event in events
        if event.HasField("workflow_task_completed_event_attributes")
    ]
    assert tasks[0].sdk_metadata.sdk_name == "temporal-python"
    assert tasks[0].sdk_metadata.core_used_flags


@EVERY_HISTORY
def test_a_committed_history_is_in_clear_and_of_no_machine(path: Path) -> None:
    text = path.read_text()
    assert "binary/" not in json.dumps(json.loads(text))
    assert '"identity":"gridcase"' in text
    assert "stackTrace" not in text


@EVERY_ENDING
def test_an_ending_has_its_history_and_its_fingerprint(ending: Ending) -> None:
    history = parse(ending.history_path.read_text())
    assert ending.fingerprint_path.read_text() == fingerprint(history)


def test_no_fingerprint_is_of_an_ending_that_is_gone() -> None:
    found = set((HERE / "fingerprints").glob("*/*.txt"))
    assert found == {ending.fingerprint_path for ending in ENDINGS}


# What changes commands must be noticed.


async def test_a_renamed_activity_fails_a_replay(monkeypatch: pytest.MonkeyPatch) -> None:
    method: Any = ReturnReviewActivities.plan_reviews
    definition = dataclasses.replace(method.__temporal_activity_definition, name="plan_anew")
    monkeypatch.setattr(method, "__temporal_activity_definition", definition)
    with pytest.raises(NondeterminismError):
        await replayer().replay_workflow(history_of("declined_by_the_partner"))


async def test_a_removed_timer_fails_a_replay(monkeypatch: pytest.MonkeyPatch) -> None:
    wait = temporalio.workflow.wait_condition

    async def without_timer(
        fn: Callable[[], bool],
        *,
        timeout: timedelta | float | None = None,
        timeout_summary: str | None = None,
    ) -> None:
        await wait(fn)

    monkeypatch.setattr(temporalio.workflow, "wait_condition", without_timer)
    with pytest.raises(NondeterminismError):
        await replayer().replay_workflow(history_of("silence_declines"))


async def test_a_new_command_fails_a_replay(monkeypatch: pytest.MonkeyPatch) -> None:
    show = temporalio.workflow.set_current_details

    def and_upsert(description: str) -> None:
        show(description)
        new = SearchAttributeKey.for_keyword("New")
        temporalio.workflow.upsert_search_attributes([new.value_set("x")])

    monkeypatch.setattr(temporalio.workflow, "set_current_details", and_upsert)
    with pytest.raises(NondeterminismError):
        await replayer().replay_workflow(history_of("declined_by_the_partner"))


async def test_a_history_of_other_commands_fails_a_replay() -> None:
    """The same from the other side: the code is today's, the history has another activity."""
    history = history_of("declined_by_the_partner")
    events = _with(history, "return_claim.decline_return", "return_claim.decline_it")
    with pytest.raises(NondeterminismError):
        await replayer().replay_workflow(WorkflowHistory(history.workflow_id, events))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return_claim.decline_return", "return_claim.decline_it"),
        ("partner_case.close_partner_case", "return_claim.approve_return"),
        ("Acme Textiles: remind", "Acme Textiles: nag"),
        ('"DueAt"', '"Deadline"'),
    ],
)
def test_a_changed_command_changes_the_fingerprint(old: str, new: str) -> None:
    history = history_of("declined_by_the_partner")
    changed = WorkflowHistory(history.workflow_id, _with(history, old, new))
    assert fingerprint(changed) != fingerprint(history)


def test_a_command_left_out_changes_the_fingerprint() -> None:
    history = history_of("declined_by_the_partner")
    for place, event in enumerate(history.events):
        if not event.HasField("activity_task_scheduled_event_attributes"):
            continue
        name = event.activity_task_scheduled_event_attributes.activity_type.name
        if name in {"return_claim.decline_return", "partner_case.open_partner_case"}:
            rest = [*history.events[:place], *history.events[place + 1 :]]
            assert fingerprint(WorkflowHistory("x", rest)) != fingerprint(history)


def _with(history: WorkflowHistory, old: str, new: str) -> list[Any]:
    """The events with a word replaced, in payloads too."""
    found = []
    for event in history.events:
        copied = type(event)()
        copied.CopyFrom(event)
        if copied.HasField("activity_task_scheduled_event_attributes"):
            kind = copied.activity_task_scheduled_event_attributes.activity_type
            kind.name = kind.name.replace(old, new)
        if copied.HasField("upsert_workflow_search_attributes_event_attributes"):
            fields = copied.upsert_workflow_search_attributes_event_attributes.search_attributes
            key = old.strip('"')
            if key in fields.indexed_fields:
                fields.indexed_fields[new.strip('"')].CopyFrom(fields.indexed_fields[key])
                del fields.indexed_fields[key]
        summary = copied.user_metadata.summary
        summary.data = summary.data.replace(old.encode(), new.encode())
        found.append(copied)
    return found


# Played anew.


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def server() -> AsyncIterator[Client]:
    async with dev_server() as client:
        yield client


@pytest.mark.e2e
@pytest.mark.asyncio(loop_scope="module")
@EVERY_ENDING
async def test_an_ending_played_anew_gives_the_committed_commands(
    server: Client, ending: Ending
) -> None:
    """Else: `python -m scripts.record_histories --check` shows what differs."""
    history = await played(server, ending)
    assert fingerprint(history) == ending.fingerprint_path.read_text()
