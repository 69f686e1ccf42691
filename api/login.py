"""People come in by an API key and get a session cookie for it."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import structlog
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup, escape

from api import sessions
from api.access import Reader, from_our_pages, key_of_session, verify_key
from api.errors import CROSS_SITE, Problem
from api.pages import Deps
from api.services import Services

router = APIRouter(tags=["people"], include_in_schema=False)
_log = structlog.get_logger(__name__)

PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)
_MARKS = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*")


def _prose(text: str) -> Markup:
    """`code` and **bold** of a docstring as HTML; everything else as it is."""
    return Markup(
        _MARKS.sub(
            lambda m: f"<code>{m[1]}</code>" if m[1] else f"<b>{m[2]}</b>", str(escape(text))
        )
    )


_templates.filters["prose"] = _prose


def page(template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """A page of our own: its styles are inline, and it runs no script."""
    return HTMLResponse(
        _templates.get_template(template).render(values),
        status_code=status,
        headers={"Content-Security-Policy": PAGE_POLICY},
    )


@router.get("/login")
async def login_form(
    request: Request,
    services: Deps,
    target: Annotated[str | None, Query(alias="next", max_length=2000)] = None,
) -> Response:
    """A form for an API key. Who is logged in already goes on to where it was sent, or may log out here."""
    cookie = request.cookies.get(sessions.COOKIE)
    key = await key_of_session(services, cookie) if cookie else None
    if key is not None and target is None:
        return page("login.html", name=key.name)
    target = sessions.same_site_path(target or "/")
    if key is not None:
        return RedirectResponse(target, status_code=303)
    return page("login.html", target=target, problem="")


@router.post("/login")
async def log_in(
    request: Request,
    services: Deps,
    api_key: Annotated[str, Form(max_length=200)] = "",
    target: Annotated[str, Form(alias="next", max_length=2000)] = "/",
) -> Response:
    """A signed cookie for a valid key. Another site can't log people in: it would choose whose session they have."""
    said_where = {"origin", "sec-fetch-site"} & set(request.headers.keys())
    if said_where and not from_our_pages(request, services):
        raise Problem(CROSS_SITE, "Log in from this site's own page.")
    target = sessions.same_site_path(target)
    key = await verify_key(services, api_key.strip())
    if key is None:
        _log.info("api.login_refused")
        return page("login.html", status=401, target=target, problem="This key is not valid here.")
    lasts = timedelta(hours=services.settings.session_hours)
    response = RedirectResponse(target, status_code=303)
    response.set_cookie(
        sessions.COOKIE,
        sessions.issue(services.session_keys, key.id, services.now(), lasts),
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=_is_https(services),
        path="/",
    )
    return response


@router.post("/logout")
async def log_out(services: Deps, _: Reader) -> Response:
    """Forget the session on this browser; the key stays."""
    response = RedirectResponse("/login", status_code=303)
    response.delete_cookie(
        sessions.COOKIE, httponly=True, samesite="lax", secure=_is_https(services), path="/"
    )
    return response


def _is_https(services: Services) -> bool:
    return services.settings.public_url.startswith("https://")
