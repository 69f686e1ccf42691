"""Who may call: every path refuses without a key or a session, but the few named here.

API keys come in `Authorization: Bearer gck_...`; people come with the session cookie of `/login`. A request with the
cookie that changes something must come from a page of ours (Sec-Fetch-Site, else Origin).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, cast, get_args
from urllib.parse import quote, urlsplit

import structlog
from fastapi import Depends, Request
from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import sessions
from api.errors import (
    CROSS_SITE,
    FORBIDDEN,
    UNAUTHENTICATED,
    Problem,
    from_exception,
    problem_response,
)
from api.services import Services
from persistence.errors import NotFoundError
from persistence.repositories import api_keys
from persistence.repositories.api_keys import ApiScope
from persistence.tables import ApiKey

PUBLIC = frozenset({"/healthz", "/readyz", "/login", "/openapi.json", "/docs"})
PUBLIC_PREFIX = "/webhooks/"
CODEC_PREFIX = "/codec/"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="gridcase"'}
_RANK = {scope: rank for rank, scope in enumerate(get_args(ApiScope))}


@dataclass(frozen=True)
class Caller:
    """Who calls: an API key, or a person whose session stands for one."""

    key_id: str
    name: str
    scopes: frozenset[str]
    by_cookie: bool = False

    def may(self, scope: ApiScope) -> bool:
        """Scopes include those before them: read, operate, admin."""
        return any(_RANK[held] >= _RANK[scope] for held in self.scopes if held in _RANK)

    @property
    def actor(self) -> str:
        """The name in timelines."""
        return f"operator:{self.name}"


class Needs:
    """The dependency by which a route says which scope it needs; gives the caller."""

    def __init__(self, scope: ApiScope) -> None:
        self.scope = scope

    def __call__(self, request: Request) -> Caller:
        caller: Caller | None = getattr(request.state, "caller", None)
        if caller is None:  # the middleware was left out
            raise Problem(UNAUTHENTICATED, headers=_CHALLENGE)
        if not caller.may(self.scope):
            raise Problem(FORBIDDEN, f"This needs the scope {self.scope}.")
        return caller


needs_read, needs_operate, needs_admin = Needs("read"), Needs("operate"), Needs("admin")
Reader = Annotated[Caller, Depends(needs_read)]
Operator = Annotated[Caller, Depends(needs_operate)]
Admin = Annotated[Caller, Depends(needs_admin)]


def is_public(path: str) -> bool:
    return path in PUBLIC or path.startswith(PUBLIC_PREFIX)


def caller_of(key: ApiKey, *, by_cookie: bool) -> Caller:
    return Caller(key.id, key.name, frozenset(key.scopes), by_cookie)


async def verify_key(services: Services, token: str) -> ApiKey | None:
    """The key this is, under any of the peppers; None where it is unknown, revoked or expired."""
    async with services.database.read() as session:
        for pepper in services.peppers:
            key = await api_keys.verify(session, pepper, token, services.now())
            if key is not None:
                return key
    return None


async def key_of_session(services: Services, cookie: str) -> ApiKey | None:
    """The key a session stands for, while that holds."""
    now = services.now()
    key_id = sessions.read(services.session_keys, cookie, now)
    if key_id is None:
        return None
    async with services.database.read() as session:
        try:
            key = await api_keys.get(session, key_id)
        except NotFoundError:
            return None
    over = key.expires_at is not None and key.expires_at <= now
    return None if key.revoked_at is not None or over else key


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def from_our_pages(request: Request, services: Services) -> bool:
    """Whether a browser says that a page of ours made this request; false where it says nothing."""
    origin = request.headers.get("origin")
    if request.url.path.startswith(CODEC_PREFIX) and origin in ui_origins(services):
        return True
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    own = {origin_of(services.settings.public_url), f"{request.url.scheme}://{request.url.netloc}"}
    return origin in own


def ui_origins(services: Services) -> frozenset[str]:
    """Who may call `/codec` from a browser: the Temporal UI, and what the settings add."""
    return frozenset({origin_of(services.settings.temporal_ui), *services.settings.cors_origins})


class AccessMiddleware:
    """Default deny: what is not public needs a caller, whether there is such a route or not."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_public(scope["path"]):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            request.state.caller = await self._caller(request)
        except Exception as error:
            problem = from_exception(error)
            if problem.status_code >= 500:
                structlog.get_logger(__name__).error("api.access_failed", exc_info=error)
            answer = self._answer(request, problem)
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _caller(self, request: Request) -> Caller:
        header = request.headers.get("authorization")
        if header is not None:
            scheme, _, token = header.partition(" ")
            key = (
                await verify_key(self._services, token.strip())
                if scheme.lower() == "bearer"
                else None
            )
            if key is None:
                raise Problem(UNAUTHENTICATED, "The API key is not valid.", headers=_CHALLENGE)
            self._touch(key)
            return caller_of(key, by_cookie=False)
        cookie = request.cookies.get(sessions.COOKIE)
        key = await key_of_session(self._services, cookie) if cookie else None
        if key is None:
            raise Problem(
                UNAUTHENTICATED,
                "Send an API key as `Authorization: Bearer gck_...`, or log in at /login.",
                headers=_CHALLENGE,
            )
        if request.method not in _SAFE and not from_our_pages(request, self._services):
            raise Problem(CROSS_SITE, "Send it from a page of this site, or with an API key.")
        return caller_of(key, by_cookie=True)

    def _touch(self, key: ApiKey) -> None:
        now = self._services.now()
        if api_keys.needs_touch(key, now):
            self._services.background.start(self._note_use(key.id), "note the use of an API key")

    async def _note_use(self, key_id: str) -> None:
        async with self._services.database.begin() as session:
            await api_keys.touch(session, key_id, self._services.now())

    @staticmethod
    def _answer(request: Request, problem: Problem) -> Response:
        wants_page = "text/html" in request.headers.get("accept", "")
        no_key = "authorization" not in request.headers
        if problem.type is UNAUTHENTICATED and wants_page and no_key and request.method == "GET":
            target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/login?next={quote(target, safe='/')}", status_code=303)
        return problem_response(
            problem,
            instance=request.url.path,
            request_id=getattr(request.state, "request_id", ""),
        )


class CodecCorsMiddleware:
    """CORS for `/codec` alone and for the Temporal UI's origin alone; every other path has none."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(CODEC_PREFIX):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        origin = request.headers.get("origin", "")
        if origin not in ui_origins(self._services):
            await self._app(scope, receive, send)
            return
        headers = {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Credentials": "true",
            "Vary": "Origin",
        }
        if request.method == "OPTIONS" and "access-control-request-method" in request.headers:
            headers |= {
                "Access-Control-Allow-Methods": "POST",
                "Access-Control-Allow-Headers": "Authorization, Content-Type, X-Namespace",
                "Access-Control-Max-Age": "600",
            }
            await Response(status_code=204, headers=headers)(scope, receive, send)
            return

        async def send_with_cors(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        await self._app(scope, receive, cast(Callable[[Message], Awaitable[None]], send_with_cors))
