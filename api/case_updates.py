"""Operators' commands to cases: Temporal updates, each once.

The `Idempotency-Key` is the update's id. What became of it is kept, so that it can be asked for and a repeat gets the
same answer. Without a worker an update is not lost: it is applied later, hence a 202 and never an error that invites a
second decision.
"""

import asyncio
from datetime import timedelta
from typing import Annotated, Any, Literal
from urllib.parse import quote

import structlog
from fastapi import APIRouter, Body, Header, Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from temporalio.client import (
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
    WorkflowUpdateStage,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from api import errors
from api.access import Caller, Operator, Reader
from api.cases import CaseId, find_case
from api.commands import COMMANDS, CommandSpec
from api.errors import Problem, ProblemType, documented
from api.idempotency import Answer, IdempotencyKey
from api.pages import Deps
from api.services import Services
from domain import failures
from domain.operator import Command, Receipt
from persistence.errors import NotFoundError
from persistence.repositories import idempotency_keys
from persistence.repositories.idempotency_keys import Finished, Running, Started
from persistence.tables import Case
from persistence.tables import IdempotencyKey as KeptKey

router = APIRouter(prefix="/cases", tags=["operators"])
_log = structlog.get_logger(__name__)

_REFUSALS = {
    failures.ALREADY_DECIDED: errors.ALREADY_DECIDED,
    failures.CASE_CLOSED: errors.CASE_CLOSED,
    failures.NOT_NOW: errors.NOT_NOW,
    failures.UNKNOWN_PARTNER: errors.UNKNOWN_PARTNER,
    failures.INVALID_COMMAND: errors.INVALID_COMMAND,
}
# How long a process goes on offering an update that nobody takes; Temporal holds it beyond that.
_OFFERED = 600.0
_REMEMBERED = timedelta(seconds=_OFFERED)


class UpdateState(BaseModel):
    """What became of a command. `lost`: Temporal does not know it; sending it again under its key is safe."""

    id: str = Field(description="The Idempotency-Key.", examples=["5f0c3c0e-3a53-4d0e-9d8b"])
    state: Literal["completed", "refused", "pending", "lost"] = Field(examples=["completed"])
    receipt: Receipt | None = None
    problem: errors.ProblemDetails | None = None


OnBehalf = Annotated[
    str | None,
    Header(
        alias="X-Actor",
        pattern=r"^[a-z]+:[A-Za-z0-9._@-]{1,100}$",
        description="Who said it, as `operator:maria`; only with the scope admin.",
        examples=["operator:maria"],
    ),
]


async def send(
    spec: CommandSpec,
    case_id: str,
    body: Any,
    key: str,
    caller: Caller,
    on_behalf: str | None,
    services: Services,
) -> JSONResponse:
    """Send a command to a case: 200 with its receipt, 202 where it is not applied yet, or the refusal."""
    if on_behalf is not None and not caller.may("admin"):
        raise Problem(errors.FORBIDDEN, "X-Actor needs the scope admin.")
    async with services.database.read() as session:
        case = await find_case(session, case_id)
    command = spec.command(case.kind, body, on_behalf or caller.actor)
    begun = await _begin(services, case, spec.name, key, command)
    if isinstance(begun, Finished):
        return Answer(begun.status_code, begun.response).response(replayed=True)
    try:
        answer = await _apply(services, case, spec.name, key, command)
    except Exception:
        if isinstance(begun, Started):
            await _forget(services, case, key)  # nothing was sent, or nobody got it
        raise
    return answer.response()


async def _begin(
    services: Services, case: Case, name: str, key: str, command: Command
) -> Started | Running | Finished:
    """Claim the key for this command. One that runs is joined, not refused: Temporal tells a repeat by its id."""
    async with services.database.begin() as session:
        return await idempotency_keys.begin(
            session,
            actor=_scope(case),
            key=key,
            route=name,
            body_sha256=command.digest(),
            now=services.now(),
            running_at_most=_REMEMBERED,
        )


async def _apply(services: Services, case: Case, name: str, key: str, command: Command) -> Answer:
    if case.closed_at is not None:
        raise _closed(case)
    await services.need_temporal()
    task = asyncio.create_task(_update(services, case, name, key, command))
    done, _ = await asyncio.wait({task}, timeout=services.update_within)
    if done:
        return task.result()
    if not await services.temporal_answers():
        task.cancel()
        await asyncio.wait({task})
        raise errors.temporal_unavailable("Send it again under the same key: it is done once.")
    # It goes on behind this answer, so that its end is known when it is asked for.
    services.background.start(_follow(task), f"update {name} of {case.id}")
    return Answer(
        202,
        UpdateState(id=key, state="pending").model_dump(mode="json"),
        {"Location": f"/cases/{case.id}/updates/{quote(key, safe='')}", "Retry-After": "5"},
    )


async def _follow(task: asyncio.Task[Answer]) -> None:
    try:
        await task
    except Problem as problem:
        _log.info("api.update_not_applied", problem=problem.type.slug, detail=problem.detail)
    except WorkflowUpdateRPCTimeoutOrCancelledError:
        _log.info("api.update_left_to_temporal")


async def _update(services: Services, case: Case, name: str, key: str, command: Command) -> Answer:
    """Offer the update until it is taken or refused, and keep what came of it."""
    handle = services.temporal.get_workflow_handle(case.id)
    try:
        async with asyncio.timeout(_OFFERED):
            started = await handle.start_update(
                name,
                command,
                id=key,
                wait_for_stage=WorkflowUpdateStage.ACCEPTED,
                result_type=Receipt,
            )
            receipt: Receipt = await started.result()
    except WorkflowUpdateFailedError as error:
        answer = _refused(error, f"/cases/{case.id}/{name}")
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise await _not_running(services, case) from None
        raise
    else:
        if receipt.digest != command.digest():
            raise Problem(errors.KEY_REUSED, f"The key was used for another {receipt.command}.")
        answer = Answer(200, receipt.model_dump(mode="json"))
    async with services.database.begin() as session:
        await idempotency_keys.finish(
            session,
            actor=_scope(case),
            key=key,
            status_code=answer.status,
            response=answer.content,
        )
    return answer


def _refused(error: WorkflowUpdateFailedError, instance: str) -> Answer:
    """The validators' refusals carry a type; anything else is a fault of the workflow's own."""
    cause = error.cause
    type_: ProblemType | None = None
    if isinstance(cause, ApplicationError):
        type_ = _REFUSALS.get(cause.type or "")
    if type_ is None or not isinstance(cause, ApplicationError):
        _log.error("api.update_failed", exc_info=error)
        raise Problem(errors.INTERNAL, "The workflow failed at it; see the Temporal UI.")
    problem = Problem(type_, cause.message)
    details = problem.details(instance=instance)
    return Answer(type_.status, details.model_dump(mode="json", exclude={"errors"}))


async def _not_running(services: Services, case: Case) -> Problem:
    """Temporal runs no such workflow (any more): closed meanwhile, or not started yet, or lost."""
    async with services.database.read() as session:
        now = await find_case(session, case.id)
    if now.closed_at is not None:
        return _closed(now)
    return Problem(
        errors.CASE_NOT_RUNNING, now.orphaned or "It is being opened or closed; try again."
    )


def _closed(case: Case) -> Problem:
    return Problem(errors.CASE_CLOSED, f"It ended as {case.outcome or case.status}.")


def _scope(case: Case) -> str:
    """Update ids are unique within a case, so its keys are kept under the case."""
    return f"case:{case.id}"


async def _forget(services: Services, case: Case, key: str) -> None:
    async with services.database.begin() as session:
        await idempotency_keys.forget(session, actor=_scope(case), key=key)


@router.get(
    "/{case_id}/updates/{key:path}",
    summary="What became of a command",
    responses=documented(errors.NOT_FOUND),
)
async def read_update(
    case_id: CaseId,
    key: Annotated[str, Path(max_length=255, description="Its Idempotency-Key.")],
    services: Deps,
    _: Reader,
) -> UpdateState:
    """For a command that was answered with 202, or whose answer was lost. Kept for 24 hours."""
    async with services.database.read() as session:
        case = await find_case(session, case_id)
        kept = await session.get(KeptKey, (_scope(case), key))
    if kept is not None and kept.status_code is not None:
        return _state(key, kept.status_code, kept.response)
    receipt = await _ask_temporal(services, case, key)
    if receipt is not None:
        return UpdateState(id=key, state="completed", receipt=receipt)
    if kept is None:
        raise NotFoundError("update", key)
    running = kept.running_until is not None and kept.running_until > services.now()
    return UpdateState(id=key, state="pending" if running else "lost")


async def _ask_temporal(services: Services, case: Case, key: str) -> Receipt | None:
    """The receipt of an update that was applied; None where Temporal has none, or does not answer in a moment."""
    if not await services.temporal_answers():
        return None
    handle = services.temporal.get_workflow_handle(case.id).get_update_handle(
        key, result_type=Receipt
    )
    try:
        receipt: Receipt = await handle.result(rpc_timeout=timedelta(seconds=1))
    except (RPCError, WorkflowUpdateRPCTimeoutOrCancelledError, WorkflowUpdateFailedError):
        return None
    return receipt


def _state(key: str, status: int, content: Any) -> UpdateState:
    if status == 200:
        return UpdateState(id=key, state="completed", receipt=Receipt.model_validate(content))
    return UpdateState(
        id=key, state="refused", problem=errors.ProblemDetails.model_validate(content)
    )


_RESPONSES: dict[int | str, dict[str, Any]] = {
    202: {
        "model": UpdateState,
        "description": "Not applied yet: no worker answered in time. It is applied once one does; `Location` tells.",
    },
    **documented(
        errors.NOT_FOUND,
        errors.ALREADY_DECIDED,
        errors.CASE_CLOSED,
        errors.CASE_NOT_RUNNING,
        errors.NOT_NOW,
        errors.INVALID,
        errors.INVALID_COMMAND,
        errors.UNKNOWN_PARTNER,
        errors.KEY_REUSED,
        errors.TEMPORAL_UNAVAILABLE,
    ),
}


def _add(spec: CommandSpec) -> None:
    async def endpoint(
        case_id: CaseId,
        body: Any,
        key: IdempotencyKey,
        caller: Operator,
        services: Deps,
        on_behalf: OnBehalf = None,
    ) -> JSONResponse:
        return await send(spec, case_id, body, key, caller, on_behalf, services)

    endpoint.__name__ = spec.name
    endpoint.__doc__ = next(iter(spec.by_kind.values())).__doc__
    endpoint.__annotations__["body"] = Annotated[spec.body, Body(openapi_examples=spec.examples)]
    router.add_api_route(
        f"/{{case_id}}/{spec.name}",
        endpoint,
        methods=["POST"],
        summary=spec.summary,
        response_model=Receipt,
        responses=_RESPONSES,
    )


for _spec in COMMANDS:
    _add(_spec)
