"""What operators tell cases: once each, and never lost."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from api.commands import COMMANDS, CommandSpec
from api.errors import Problem
from api.services import Services
from domain import failures
from domain.case import CaseKind
from persistence.repositories import cases
from persistence.repositories.cases import CaseFields
from persistence.tables import Case

OF_CLAIMS = [spec for spec in COMMANDS if CaseKind.RETURN_CLAIM in spec.by_kind]
APPROVE = {"choice": "approve"}


async def tell(
    api: Any, case: Case, command: str, body: Any, key: str = "key-1", **options: Any
) -> Any:
    headers = {"Idempotency-Key": key} | options.pop("headers", {})
    scope = options.pop("scope", "operate")
    return await api.by(
        scope, "POST", f"/cases/{case.id}/{command}", json=body, headers=headers, **options
    )


async def heard(temporal: Client, case: Case) -> list[str]:
    snapshot = await temporal.get_workflow_handle(case.id).query("current")
    found: list[str] = snapshot["detail"]["heard"]
    return found


def examples_of(spec: CommandSpec, kind: CaseKind) -> list[Any]:
    """The examples for a lifecycle; where several share a command, each example's name begins with its own."""
    mine = [
        example["value"]
        for name, example in spec.examples.items()
        if name.startswith(kind.replace("_", " "))
    ]
    return mine or [example["value"] for example in spec.examples.values()]


@pytest.mark.parametrize("spec", COMMANDS, ids=lambda spec: spec.name)
def test_every_lifecycle_that_knows_a_command_has_an_example_that_it_takes(
    spec: CommandSpec,
) -> None:
    for kind, model in spec.by_kind.items():
        for example in examples_of(spec, kind):
            assert type(spec.command(kind, example, "operator:maria")) is model


@pytest.mark.parametrize("spec", OF_CLAIMS, ids=lambda spec: spec.name)
async def test_every_command_reaches_the_case_with_its_example(
    api: Any, temporal: Client, running_case: Case, worker: Worker, spec: Any
) -> None:
    examples = examples_of(spec, CaseKind.RETURN_CLAIM)
    for place, example in enumerate(examples):
        answer = await tell(api, running_case, spec.name, example, key=f"k{place}")
        assert answer.status_code == 200, answer.text
        assert answer.json()["command"] == spec.name
        assert answer.json()["status"] == "awaiting_merchant"
    if spec.name != "cancel":
        said = await heard(temporal, running_case)
        assert said == [f"{spec.name} by operator:operate-key"] * len(examples)


async def test_a_repeat_is_answered_again_and_done_once(
    api: Any, temporal: Client, running_case: Case, worker: Worker
) -> None:
    first = await tell(api, running_case, "decide", APPROVE)
    second = await tell(api, running_case, "decide", APPROVE)
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json() == first.json()
    assert second.headers["idempotent-replayed"] == "true"
    assert len(await heard(temporal, running_case)) == 1


async def test_two_at_once_under_one_key_are_one(
    api: Any, temporal: Client, running_case: Case, worker: Worker
) -> None:
    await api.key("operate")
    answers = await asyncio.gather(*(tell(api, running_case, "decide", APPROVE) for _ in range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5
    assert len(await heard(temporal, running_case)) == 1


async def test_a_key_means_one_body_one_command_and_one_actor(
    api: Any, running_case: Case, worker: Worker
) -> None:
    assert (await tell(api, running_case, "decide", APPROVE)).status_code == 200
    others = (
        await tell(api, running_case, "decide", {"choice": "decline"}),
        await tell(api, running_case, "add_note", {"text": "approve"}),
        await tell(api, running_case, "decide", APPROVE, scope="admin"),
    )
    for answer in others:
        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:gridcase:problem:idempotency-key-reused"


async def test_temporal_tells_a_reused_key_too_when_our_own_memory_is_gone(
    api: Any, temporal: Client, running_case: Case, worker: Worker
) -> None:
    handle = temporal.get_workflow_handle(running_case.id)
    await handle.execute_update(
        "decide", {"actor": "operator:someone", "choice": "decline"}, id="key-1"
    )
    answer = await tell(api, running_case, "decide", APPROVE)
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:gridcase:problem:idempotency-key-reused"


@pytest.mark.parametrize(
    ("refusal", "status", "slug"),
    [
        (failures.ALREADY_DECIDED, 409, "already-decided"),
        (failures.CASE_CLOSED, 409, "case-closed"),
        (failures.NOT_NOW, 409, "not-now"),
        (failures.UNKNOWN_PARTNER, 422, "unknown-partner"),
        (failures.INVALID_COMMAND, 422, "invalid-command"),
    ],
)
async def test_a_refusal_by_the_case_has_its_status_and_is_remembered(
    api: Any, running_case: Case, worker: Worker, refusal: str, status: int, slug: str
) -> None:
    body = {"choice": "decline", "note": refusal}
    for _ in range(2):
        answer = await tell(api, running_case, "decide", body)
        assert answer.status_code == status
        assert answer.json()["type"] == f"urn:gridcase:problem:{slug}"
        assert answer.json()["detail"] == "Not this."
        assert answer.headers["content-type"] == "application/problem+json"
    state = await api.by("read", "GET", f"/cases/{running_case.id}/updates/key-1")
    assert state.json()["state"] == "refused"
    assert state.json()["problem"]["type"] == f"urn:gridcase:problem:{slug}"


async def test_without_a_worker_it_is_accepted_and_applied_later(
    api: Any, temporal: Client, services: Services, running_case: Case, told_case: type
) -> None:
    answer = await tell(api, running_case, "decide", APPROVE, key="late/1")
    assert answer.status_code == 202
    assert answer.json()["state"] == "pending"
    where = answer.headers["location"]
    assert where == f"/cases/{running_case.id}/updates/late%2F1"
    assert (await api.by("read", "GET", where)).json()["state"] == "pending"
    async with Worker(
        temporal,
        task_queue=services.settings.task_queue,
        workflows=[told_case],
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        await services.background.drain(15)
        state = await api.by("read", "GET", where)
        assert state.json()["state"] == "completed", state.text
        assert state.json()["receipt"]["command"] == "decide"
        again = await tell(api, running_case, "decide", APPROVE, key="late/1")
        assert again.status_code == 200
        assert len(await heard(temporal, running_case)) == 1


async def test_a_refusal_that_comes_late_can_be_asked_for(
    api: Any, temporal: Client, services: Services, running_case: Case, told_case: type
) -> None:
    body = {"choice": "decline", "note": failures.ALREADY_DECIDED}
    assert (await tell(api, running_case, "decide", body)).status_code == 202
    async with Worker(
        temporal,
        task_queue=services.settings.task_queue,
        workflows=[told_case],
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        await services.background.drain(15)
    state = await api.by("read", "GET", f"/cases/{running_case.id}/updates/key-1")
    assert state.json()["state"] == "refused"
    assert state.json()["problem"]["type"] == "urn:gridcase:problem:already-decided"


async def test_an_update_of_another_process_is_asked_for_at_temporal(
    api: Any, temporal: Client, running_case: Case, worker: Worker
) -> None:
    handle = temporal.get_workflow_handle(running_case.id)
    await handle.execute_update("add_note", {"actor": "operator:x", "text": "hello"}, id="theirs")
    state = await api.by("read", "GET", f"/cases/{running_case.id}/updates/theirs")
    assert state.json()["state"] == "completed"
    unknown = await api.by("read", "GET", f"/cases/{running_case.id}/updates/nobodys")
    assert unknown.status_code == 404


async def test_a_fault_of_the_workflow_is_no_answer_for_the_caller(
    api: Any, running_case: Case, worker: Worker
) -> None:
    answer = await tell(api, running_case, "decide", {"choice": "decline", "note": "break"})
    assert answer.status_code == 500
    assert "secret" not in answer.text


async def test_a_closed_case_refuses(api: Any, services: Services, case: Case) -> None:
    async with services.database.begin() as session:
        await cases.save_snapshot(
            session,
            case.id,
            run_id="r",
            revision=1,
            values=CaseFields(
                title="t", status="resolved", outcome="declined", closed_at=datetime.now(UTC)
            ),
            now=datetime.now(UTC),
        )
    answer = await tell(api, case, "decide", APPROVE)
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:gridcase:problem:case-closed"
    assert "declined" in answer.json()["detail"]


async def test_a_repeat_after_the_case_has_closed_gets_its_first_answer(
    api: Any, services: Services, running_case: Case, worker: Worker
) -> None:
    body = {"reason": "Opened by mistake."}
    first = await tell(api, running_case, "cancel", body)
    assert first.status_code == 200
    async with services.database.begin() as session:
        await cases.save_snapshot(
            session,
            running_case.id,
            run_id="r",
            revision=1,
            values=CaseFields(title="t", status="cancelled", closed_at=datetime.now(UTC)),
            now=datetime.now(UTC),
        )
    assert (await tell(api, running_case, "cancel", body)).json() == first.json()
    assert (await tell(api, running_case, "cancel", body, key="k2")).status_code == 409


async def test_a_case_that_temporal_does_not_run_says_so_and_keeps_no_key(
    api: Any, temporal: Client, case: Case
) -> None:
    answer = await tell(api, case, "decide", APPROVE)
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:gridcase:problem:case-not-running"
    state = await api.by("read", "GET", f"/cases/{case.id}/updates/key-1")
    assert state.status_code == 404


async def test_there_is_no_such_case(api: Any, network: Services) -> None:
    answer = await api.by(
        "operate",
        "POST",
        "/cases/return-claim:acme:1/decide",
        json=APPROVE,
        headers={"Idempotency-Key": "k"},
    )
    assert answer.status_code == 404


async def test_temporal_down_is_a_503_that_keeps_the_key_free(api: Any, case: Case) -> None:
    for _ in range(2):
        answer = await tell(api, case, "decide", APPROVE)
        assert answer.status_code == 503
        assert answer.json()["type"] == "urn:gridcase:problem:temporal-unavailable"


@pytest.mark.parametrize(
    ("command", "body", "field"),
    [
        ("decide", {"choice": "maybe"}, "body.choice"),
        ("decide", {}, "body.choice"),
        ("decide", {"choice": "approve", "reason": "typo"}, "body.reason"),
        ("decide", {"choice": "approve", "actor": "operator:boss"}, "body.actor"),
        ("decide", {"choice": "approve", "amount": {"amount": "5", "currency": "EUR"}}, "body"),
        (
            "decide",
            {"choice": "refund", "amount": {"amount": "-5", "currency": "EUR"}},
            "body.amount",
        ),
        ("decide", {"choice": "approve", "lines": [{"line_id": "1", "accepted": 1}]}, "body"),
        ("add_note", {"text": ""}, "body.text"),
        ("extend", {"partner": "p-1", "until": "2027-01-15T17:00:00"}, "body.until"),
        ("goods_received", {"lines": []}, "body.lines"),
    ],
)
async def test_a_bad_command_never_leaves_the_api(
    api: Any, case: Case, command: str, body: Any, field: str
) -> None:
    answer = await tell(api, case, command, body)
    assert answer.status_code == 422, answer.text
    assert field in [error["field"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("kind", "command", "body", "field"),
    [
        (CaseKind.ORDER_EXCEPTION, "decide", {"choice": "approve"}, "body.choice"),
        (
            CaseKind.ORDER_EXCEPTION,
            "decide",
            {"choice": "ask_partner", "shipment_number": "S-1"},
            "body.shipment_number",
        ),
        (
            CaseKind.SHIPPING_DOCUMENTS,
            "decide",
            {"choice": "ask_partner", "line_ids": ["1"]},
            "body.line_ids",
        ),
        (CaseKind.PURCHASE_ORDER, "decide", {"choice": "accept", "until": ""}, "body.until"),
        (CaseKind.PURCHASE_ORDER, "decide", {"note": "Neither."}, "body"),
        (CaseKind.ORDER_EXCEPTION, "reassign", {"partner": "p-2"}, "body.line_ids"),
        (
            CaseKind.PURCHASE_ORDER,
            "reassign",
            {"line_ids": ["1"], "partner": "p-2", "location_id": "5"},
            "body.location_id",
        ),
        (CaseKind.ORDER_EXCEPTION, "decide", ["accept"], "body"),
    ],
)
def test_a_body_is_read_as_the_lifecycle_of_its_case_reads_it(
    kind: CaseKind, command: str, body: Any, field: str
) -> None:
    spec = next(one for one in COMMANDS if one.name == command)
    with pytest.raises(Problem) as caught:
        spec.command(kind, body, "operator:maria")
    assert field in [error.field for error in caught.value.errors]


def test_a_command_of_other_lifecycles_is_refused_in_words() -> None:
    spec = next(one for one in COMMANDS if one.name == "goods_received")
    with pytest.raises(Problem) as caught:
        spec.command(CaseKind.ORDER_EXCEPTION, {"lines": []}, "operator:maria")
    assert caught.value.detail == "An order exception knows no goods_received."


async def test_an_idempotency_key_is_needed(api: Any, case: Case) -> None:
    for headers in ({}, {"Idempotency-Key": "x" * 256}, {"Idempotency-Key": "with space"}):
        answer = await api.by(
            "operate", "POST", f"/cases/{case.id}/decide", json=APPROVE, headers=headers
        )
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "header.Idempotency-Key"


async def test_only_an_admin_speaks_for_others(
    api: Any, temporal: Client, running_case: Case, worker: Worker
) -> None:
    maria = {"X-Actor": "operator:maria"}
    refused = await tell(api, running_case, "retry", {}, headers=maria)
    assert refused.status_code == 403
    taken = await tell(api, running_case, "retry", {}, headers=maria, scope="admin")
    assert taken.status_code == 200
    assert await heard(temporal, running_case) == ["retry by operator:maria"]
    odd = await tell(api, running_case, "retry", {}, headers={"X-Actor": "maria"}, scope="admin")
    assert odd.status_code == 422
