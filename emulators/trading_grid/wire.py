"""How every call of the contract is answered: faults, token, idempotency, handler, error body."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from emulators.trading_grid.emulator import Emulator, iso
from emulators.trading_grid.errors import AlreadyExists, ApiError, from_validation
from emulators.trading_grid.query import FieldTypes, check_parameters, list_page
from emulators.trading_grid.store import E, Entity, KeptAnswer, Table, Tenant, redacted, sha256

HAL = "application/hal+json"
IDEMPOTENCY_KEPT = timedelta(hours=24)
MAX_KEY_LENGTH = 255
DRAINED = 4
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})

logger = logging.getLogger(__name__)
B = TypeVar("B", bound=BaseModel)


@dataclass(frozen=True)
class Links:
    """Absolute addresses, below the public origin."""

    origin: str
    media_origin: str
    base_path: str

    def __call__(self, path: str) -> str:
        return f"{self.origin}{self.base_path}{path}"

    def media(self, path: str) -> str:
        return f"{self.media_origin}{self.base_path}{path}"


@dataclass(frozen=True)
class Answer:
    """``made`` names what the call brought into being, for ``/_emulator/calls``."""

    status: int
    body: dict[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    made: str | None = None
    content: bytes | None = None

    def response(self) -> Response:
        if self.content is not None:
            return Response(self.content, self.status, dict(self.headers))
        if self.body is None:
            return Response(status_code=self.status, headers=dict(self.headers))
        return Response(json.dumps(self.body), self.status, dict(self.headers), media_type=HAL)


@dataclass(frozen=True)
class Call:
    """One authenticated call."""

    emulator: Emulator
    tenant: Tenant
    request: Request
    body: bytes
    links: Links
    now: datetime

    def param(self, name: str) -> str:
        return str(self.request.path_params[name])

    def table(self, kind: type[E]) -> Table[E]:
        return self.tenant.table(kind)

    def parse(self, model: type[B]) -> B:
        """The JSON body as ``model``. Raises ApiError 415, 400 or 422."""
        check_parameters(self.request.query_params, frozenset())
        return model_from_json(model, self.request, self.body)

    def list(
        self,
        rows: Any,
        fields: FieldTypes,
        render: Callable[[Any, Links], dict[str, Any]],
    ) -> Answer:
        href = self.links(self.request.url.path.removeprefix(self.links.base_path))
        page = list_page(rows, self.request.query_params, fields, href)
        body: dict[str, Any] = {
            "_embedded": {"collection": [render(row, self.links) for row in page.rows]},
            "_links": {name: {"href": address} for name, address in page.links.items()},
        }
        if page.total is not None:
            body["total"] = page.total
        return Answer(200, body)

    def one(self, entity: Entity, render: Callable[[Any, Links], dict[str, Any]]) -> Answer:
        """The resource with its ETag."""
        return Answer(200, render(entity, self.links), {"ETag": etag(entity)})

    def created(self, entity: Entity, render: Callable[[Any, Links], dict[str, Any]]) -> Answer:
        body = render(entity, self.links)
        location = body["_links"]["self"]["href"]
        return Answer(
            201, body, {"ETag": etag(entity), "Location": location}, f"{entity.NAME}:{entity.id}"
        )

    def add(self, row: E, path_of: Callable[[E], str] | None = None) -> E:
        """Stores a new resource. Raises ApiError 409 with ``_links.existing``."""
        table = self.table(type(row))
        try:
            return table.add(row)
        except AlreadyExists as error:
            existing = table.get(error.existing_id)
            path = path_of(existing) if path_of else existing.path()
            raise ApiError(
                409,
                f"duplicate_{error.field}",
                f"A {row.NAME.replace('_', ' ')} with this {error.field} exists already.",
                links={"existing": self.links(path)},
            ) from error

    def match(self, entity: Entity, *, required: bool) -> None:
        """Compares If-Match. Raises ApiError 428 where it is missing, 412 where it differs."""
        given = self.request.headers.get("if-match")
        if given is None:
            if required:
                raise ApiError(428, "precondition_required", "Send If-Match with the ETag read.")
            return
        tags = {tag.strip() for tag in given.split(",")}
        if "*" not in tags and etag(entity) not in tags:
            raise ApiError(
                412,
                "precondition_failed",
                f"If-Match {given} is not the current version {etag(entity)}; read it again.",
                headers={"ETag": etag(entity)},
            )


Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True)
class Endpoint:
    """One path below the base path and its methods. ``takes_bytes``: the body may be a file."""

    path: str
    methods: Mapping[str, Handler]
    takes_bytes: bool = False


def etag(entity: Entity) -> str:
    return f'"{entity.version}"'


def dump(entity: Entity, links: Links, *, path: str | None = None) -> dict[str, Any]:
    """Fields and the self link; each resource adds its own links."""
    return {
        **entity.model_dump(mode="json"),
        "_links": {"self": {"href": links(path or entity.path())}},
    }


def links_for(emulator: Emulator, request: Request) -> Links:
    origin = emulator.options.public_url or f"{request.url.scheme}://{request.url.netloc}"
    return Links(origin, emulator.options.media_url or origin, emulator.options.base_path)


def model_from_json(model: type[B], request: Request, body: bytes) -> B:
    """Raises ApiError 415, 400 or 422."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise ApiError(415, "unsupported_media_type", f"Send application/json, not {kind!r}.")
    return parse_json(model, body)


def parse_json(model: type[B], body: bytes) -> B:
    """Raises ApiError 400 or 422."""
    try:
        json.loads(body)
    except ValueError as error:
        raise ApiError(400, "invalid_json", f"The body is not JSON: {error}.") from error
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise from_validation(error) from error


async def read_body(request: Request, limit: int) -> bytes:
    """The body, at most ``limit`` bytes. Raises ApiError 413.

    A body that is somewhat too large is read to its end first: a sender that is cut off while it
    sends sees a broken connection instead of the answer.
    """
    too_large = ApiError(413, "content_too_large", f"At most {limit} bytes are taken.")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit * DRAINED:
        raise too_large
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit * DRAINED:
            raise too_large
        if size <= limit:
            parts.append(part)
        else:
            parts.clear()
    if size > limit:
        raise too_large
    return b"".join(parts)


def error_response(emulator: Emulator, request: Request, error: ApiError) -> Response:
    body = error.body(path=request.url.path, timestamp=iso(emulator.clock()))
    return Answer(error.status, body, error.headers).response()


def meet_faults(emulator: Emulator) -> None:
    """Raises the ApiError that the fault plan asks for, before anything is done."""
    faults = emulator.faults.plan.api
    retry_after = {"Retry-After": str(faults.retry_after_s)}
    if faults.down:
        raise ApiError(
            503, "unavailable", "Trading Grid is down (asked for by a fault).", headers=retry_after
        )
    if faults.throttle:
        raise ApiError(429, "throttled", "Too many requests.", headers=retry_after)
    if emulator.faults.hit(faults.error_rate):
        raise ApiError(500, "internal_error", "Failed before doing anything (a fault).")


async def serve(
    emulator: Emulator, handler: Handler, request: Request, takes_bytes: bool
) -> Response:
    """Answers one call; every write is entered in ``emulator.calls``."""
    entry: dict[str, Any] = {
        "time": iso(emulator.clock()),
        "tenant": None,
        "method": request.method,
        "path": request.url.path,
        "body": None,
        "idempotency_key": request.headers.get("idempotency-key"),
        "request_id": request.state.request_id,
        "outcome": "refused",
        "created": None,
    }
    try:
        response = await _answer(emulator, handler, request, takes_bytes, entry)
    except ApiError as error:
        response = error_response(emulator, request, error)
        if error.status >= 500 or error.status == 429:
            entry["outcome"] = "fault"
    except ClientDisconnect:
        response = Response(status_code=400)
    except Exception:
        logger.exception("%s %s failed", request.method, request.url.path)
        entry["outcome"] = "failed"
        response = error_response(
            emulator,
            request,
            ApiError(500, "internal_error", "The emulator has a bug; see its log."),
        )
    if request.method in WRITES:
        emulator.log_call({**entry, "status": response.status_code})
    return response


async def _answer(
    emulator: Emulator,
    handler: Handler,
    request: Request,
    takes_bytes: bool,
    entry: dict[str, Any],
) -> Response:
    options = emulator.options
    body = await read_body(
        request, options.max_file_bytes if takes_bytes else options.max_body_bytes
    )
    entry["body"] = _logged(body, takes_bytes)
    meet_faults(emulator)
    tenant = emulator.tenant_of(request.headers.get("authorization"))
    entry["tenant"] = tenant.id
    call = Call(emulator, tenant, request, body, links_for(emulator, request), emulator.clock())
    key = request.headers.get("idempotency-key")
    if request.method != "POST" or key is None:
        await _latency(emulator)
        answer = await handler(call)
        response = answer.response()
        _note(entry, answer)
    else:
        response = await _answer_once(call, handler, key, entry)
    if request.method in WRITES and emulator.faults.hit(emulator.faults.plan.api.lost_answer_rate):
        entry["outcome"] += ", answer lost"
        raise_lost = ApiError(504, "gateway_timeout", "Done, but the answer got lost (a fault).")
        return error_response(emulator, request, raise_lost)
    return response


async def _answer_once(call: Call, handler: Handler, key: str, entry: dict[str, Any]) -> Response:
    """One effect a key: same key and body get the first answer, another body 422, running 409."""
    if not 0 < len(key) <= MAX_KEY_LENGTH:
        raise ApiError(
            400, "invalid_idempotency_key", f"Idempotency-Key has 1 to {MAX_KEY_LENGTH} characters."
        )
    kept_answers = call.tenant.kept_answers
    while kept_answers:
        oldest = next(iter(kept_answers))
        if call.now - kept_answers[oldest].time < IDEMPOTENCY_KEPT:
            break
        del kept_answers[oldest]
    fingerprint = hashlib.sha256(
        f"{call.request.method} {call.request.url.path}?{call.request.url.query}\n".encode()
        + call.body
    ).hexdigest()
    kept = kept_answers.get(key)
    if kept is not None:
        if kept.fingerprint != fingerprint:
            raise ApiError(
                422, "idempotency_key_reused", "This Idempotency-Key came with another request."
            )
        if kept.status is None:
            raise ApiError(
                409,
                "idempotency_key_in_progress",
                "The first request with this Idempotency-Key is still running.",
                headers={"Retry-After": "1"},
            )
        entry["outcome"] = "replayed"
        return Response(kept.body, kept.status, {**kept.headers, "Idempotency-Replayed": "true"})
    running = kept_answers[key] = KeptAnswer(fingerprint, call.now)
    try:
        await _latency(call.emulator)
        answer = await handler(call)
    except BaseException:
        kept_answers.pop(key, None)
        raise
    response = answer.response()
    running.status = response.status_code
    running.body = bytes(response.body)
    running.headers = {
        name: value for name, value in response.headers.items() if name != "content-length"
    }
    _note(entry, answer)
    return response


async def _latency(emulator: Emulator) -> None:
    if emulator.faults.plan.api.latency_ms:
        await asyncio.sleep(emulator.faults.plan.api.latency_ms / 1000)


def _note(entry: dict[str, Any], answer: Answer) -> None:
    entry["outcome"] = "created" if answer.made else "done"
    entry["created"] = answer.made


def _logged(body: bytes, is_bytes: bool) -> Any:
    """A write's body for the log: JSON without what is private, a file by its size and digest."""
    if not body:
        return None
    if not is_bytes:
        try:
            return redacted(json.loads(body))
        except ValueError:
            pass
    return {"bytes": len(body), "sha256": sha256(body)}


def route(emulator: Emulator, endpoint: Endpoint) -> Route:
    """The Starlette route of an endpoint below the base path; other methods answer 405."""

    async def answer(request: Request) -> Response:
        handler = endpoint.methods[request.method]
        return await serve(emulator, handler, request, endpoint.takes_bytes)

    route = Route(
        emulator.options.base_path + endpoint.path, answer, methods=list(endpoint.methods)
    )
    # Starlette adds HEAD beside GET, which no handler here answers.
    route.methods = set(endpoint.methods)
    return route
