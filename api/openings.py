"""Opening cases by the API: every request is kept in the inbox first, and goes the way of any other event."""

import hashlib
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field

from api.access import Caller
from api.errors import KEY_REUSED, NOT_FOUND, REFUSED_OUTSIDE, REQUEST_RUNNING, Problem, documented
from api.idempotency import Answer
from api.services import Services
from domain.shopify_ids import numeric_id
from intake.inbox import receive_own
from persistence.repositories import cases, inbound_events

ShopifyId = Annotated[
    str,
    Field(max_length=100, description="Shopify's number, or its GID."),
    AfterValidator(numeric_id),
]


def which(field: str, tag: str, otherwise: str) -> Callable[[Any], str]:
    """Tells two bodies apart by a field that only one of them has."""

    def tag_of(value: Any) -> str:
        given = value if isinstance(value, dict) else getattr(value, "model_fields_set", ())
        return tag if field in given else otherwise

    return tag_of


class Opened(BaseModel):
    case_id: str = Field(examples=["return-claim:acme:claim-ZD-20481"])
    number: int = Field(examples=[1042])
    created: bool = Field(examples=[True])


class Accepted(BaseModel):
    """It is kept and will be opened; `reason` says what it waits for."""

    event_id: int = Field(examples=[42])
    reason: str = Field(examples=["Temporal does not answer: UNAVAILABLE"])


RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"model": Opened, "description": "The case existed."},
    202: {
        "model": Accepted,
        "description": "Kept, and opened as soon as what it needs answers; `Location` is the event.",
    },
    **documented(NOT_FOUND, REFUSED_OUTSIDE, REQUEST_RUNNING, KEY_REUSED),
}


async def opened(
    services: Services, caller: Caller, key: str, *, shop: str, topic: str, content: bytes
) -> Answer:
    """What became of a request to open a case: 201 and 200 with the case, 202 with the event that waits.

    Raises a 409 where no case opens for it; the same request may be sent again then.
    """
    # Of this request: `again` may be said again under another key, and a mended body under the same.
    told = f"{caller.key_id}\n{key}\n".encode() + content
    received = await receive_own(
        services.database,
        scope=shop,
        topic=topic,
        delivery_id=hashlib.sha256(told).hexdigest(),
        body=content,
        now=services.now(),
    )
    if not received.created:
        await _again_if_failed(services, received.event_id)
    settled = await services.dispatcher.dispatch(received.event_id)
    if settled is not None and settled.opened is not None:
        case = settled.opened
        return Answer(
            201 if case.created else 200,
            {"case_id": case.case_id, "number": case.number, "created": case.created},
            {"Location": f"/cases/{case.case_id}"},
        )
    return await _of_row(services, received.event_id)


async def _again_if_failed(services: Services, event_id: int) -> None:
    """What failed under this key before is tried anew; what is under way, or done, is left as it is."""
    async with services.database.begin() as session:
        row = await inbound_events.get(session, event_id)
        if row.status == "failed":
            await inbound_events.replay(session, event_id, services.now())


async def _of_row(services: Services, event_id: int) -> Answer:
    """What became of it where this call did not open it: another process did, it waits, or it can't be."""
    async with services.database.read() as session:
        row = await inbound_events.get(session, event_id)
        case = await cases.get(session, row.case_ids[0]) if row.case_ids else None
    if case is not None:
        known: dict[str, Any] = {"case_id": case.id, "number": case.number, "created": False}
        return Answer(200, known, {"Location": f"/cases/{case.id}"})
    if row.status in {"received", "parked"}:
        waits: dict[str, Any] = {"event_id": row.id, "reason": row.reason or "It is being opened."}
        return Answer(202, waits, {"Location": f"/inbound-events/{row.id}"})
    raise Problem(REFUSED_OUTSIDE, row.reason or row.error or "No case opens for this.")
