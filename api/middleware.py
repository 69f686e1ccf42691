"""Around every request: an id, one log line without bodies or secrets, safe headers, a bounded body, an answer to the
unforeseen."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import BAD_REQUEST, TOO_LARGE, Problem, from_exception, problem_response

_log = structlog.get_logger("api.request")

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_QUIET = frozenset({"/healthz", "/readyz"})
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


class RequestMiddleware:
    """The outermost layer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        state = scope.setdefault("state", {})
        state["request_id"] = request_id
        started, status = time.perf_counter(), 0

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in SAFE_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
                    bad = Problem(BAD_REQUEST, "The address holds the character U+0000.")
                    answer = problem_response(bad, instance=scope["path"], request_id=request_id)
                    await answer(scope, receive, send_noted)
                else:
                    await self._app(scope, receive, send_noted)
            except Exception as error:
                _log.error("request.failed", path=scope["path"], exc_info=error)
                if status:  # too late for another answer; the server cuts the connection
                    raise
                answer = problem_response(
                    from_exception(RuntimeError()), instance=scope["path"], request_id=request_id
                )
                await answer(scope, receive, send_noted)
            finally:
                caller = state.get("caller")
                report = _log.debug if scope["path"] in _QUIET and status < 400 else _log.info
                report(
                    "request",
                    method=scope["method"],
                    path=scope["path"],
                    status=status,
                    ms=round((time.perf_counter() - started) * 1000, 1),
                    caller=caller.name if caller else None,
                )


class BodyLimitMiddleware:
    """Refuses a body that declares or turns out to have more bytes than its path allows, while it streams in."""

    def __init__(self, app: ASGIApp, limit_of: Callable[[str], int]) -> None:
        self._app = app
        self._limit_of = limit_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        problem = Problem(TOO_LARGE, f"At most {limit} bytes are accepted here.")
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isascii() and declared.isdigit() and int(declared[:20]) > limit:
            state = scope.get("state", {})
            answer = problem_response(
                problem, instance=scope["path"], request_id=state.get("request_id", "")
            )
            await answer(scope, receive, send)
            return
        seen = 0

        async def receive_bounded() -> Message:
            nonlocal seen
            message = await receive()
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > limit:
                    raise problem
            return message

        await self._app(scope, receive_bounded, send)
