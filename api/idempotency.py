"""`Idempotency-Key` on requests that create something: a repeat gets the first answer."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil
from typing import Annotated, Any

from fastapi import Header
from fastapi.responses import JSONResponse

from api.errors import MEDIA_TYPE, REQUEST_RUNNING, Problem
from api.services import Services
from persistence.repositories import idempotency_keys
from persistence.repositories.idempotency_keys import Finished, Running

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Names this request: a repeat gets the first answer, another body is refused.",
        examples=["5f0c3c0e-3a53-4d0e-9d8b-6a2f4f0c9a10"],
    ),
]


@dataclass(frozen=True)
class Answer:
    """What is kept under a key and answered again."""

    status: int
    content: Any
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self, *, replayed: bool = False) -> JSONResponse:
        extra = {"Idempotent-Replayed": "true"} if replayed else {}
        media_type = MEDIA_TYPE if self.status >= 400 else "application/json"
        return JSONResponse(
            self.content,
            status_code=self.status,
            headers={**self.headers, **extra},
            media_type=media_type,
        )


def digest_of(value: Any) -> str:
    """SHA-256 of a JSON value in one spelling."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


async def once(
    services: Services,
    *,
    actor: str,
    key: str,
    route: str,
    body_sha256: str,
    work: Callable[[], Awaitable[Answer]],
    running_at_most: timedelta = idempotency_keys.RUNNING_AT_MOST,
) -> JSONResponse:
    """Do the work once a key. An error is not kept: nothing was done, the same key may try again.

    Raises a 409 with Retry-After while the first is at work, a 422 for another request under the key, and what the work
    raises.
    """
    async with services.database.begin() as session:
        begun = await idempotency_keys.begin(
            session,
            actor=actor,
            key=key,
            route=route,
            body_sha256=body_sha256,
            now=services.now(),
            running_at_most=running_at_most,
        )
    if isinstance(begun, Finished):
        kept = begun.response
        return Answer(begun.status_code, kept["content"], kept["headers"]).response(replayed=True)
    if isinstance(begun, Running):
        wait = max(1, ceil((begun.until - services.now()).total_seconds()))
        raise Problem(
            REQUEST_RUNNING,
            "Send it again later under the same key.",
            headers={"Retry-After": str(wait)},
        )
    try:
        answer = await work()
    except BaseException:
        async with services.database.begin() as session:
            await idempotency_keys.forget(session, actor=actor, key=key)
        raise
    async with services.database.begin() as session:
        await idempotency_keys.finish(
            session,
            actor=actor,
            key=key,
            status_code=answer.status,
            response={"content": answer.content, "headers": dict(answer.headers)},
        )
    return answer.response()
