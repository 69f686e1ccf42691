"""Who may call what."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.routing import Route

from api import sessions
from api.access import PUBLIC, is_public
from api.app import ROUTERS
from api.keys import derived_keys
from api.openapi import api_routes, scopes_needed
from api.services import Services
from persistence.repositories import api_keys
from settings import Settings

OPEN_PATHS = {"/healthz", "/readyz", "/login", "/openapi.json", "/docs"}


def test_only_the_named_paths_are_public() -> None:
    assert set(PUBLIC) == OPEN_PATHS
    assert is_public("/webhooks/shopify")
    assert not is_public("/webhooks")
    assert not is_public("/docs/")


async def test_every_route_but_the_public_ones_refuses_without_a_key(api: Any) -> None:
    tried = 0
    for route in api_routes(ROUTERS):
        if is_public(route.path):
            continue
        for method in route.methods or ():
            path = route.path_format.replace("{", "").replace("}", "")
            answer = await api.request(method, path)
            assert answer.status_code == 401, f"{method} {path}"
            assert answer.json()["type"] == "urn:gridcase:problem:unauthenticated"
            assert answer.headers["www-authenticate"].startswith("Bearer")
            tried += 1
    assert tried > 50


async def test_a_path_without_a_route_refuses_too(api: Any) -> None:
    assert (await api.get("/nothing/here")).status_code == 401
    assert (await api.by("read", "GET", "/nothing/here")).status_code == 404


def test_every_route_that_is_not_public_names_its_scope() -> None:
    for route in api_routes(ROUTERS):
        named = [need.scope for need in scopes_needed(route.dependant)]
        if is_public(route.path) or route.path == "/":
            assert not named, route.path
        else:
            assert len(named) == 1, route.path
            writes = route.methods & {"POST", "PUT", "PATCH", "DELETE"} if route.methods else set()
            if writes and route.path != "/logout":
                assert named[0] in {"operate", "admin"}, route.path


def test_no_route_of_the_app_escapes_the_walk(app: FastAPI) -> None:
    walked = {route.path_format for route in api_routes(ROUTERS)}
    assert set(app.openapi()["paths"]) <= walked
    loose = {route.path for route in app.routes if isinstance(route, Route)} - walked
    assert loose == {"/openapi.json"}


@pytest.mark.parametrize(
    ("scope", "path", "method", "status"),
    [
        ("read", "/cases", "GET", 200),
        ("read", "/api-keys", "GET", 403),
        ("operate", "/cases", "GET", 200),
        ("operate", "/inbound-events/replay-parked", "POST", 202),
        ("read", "/inbound-events/replay-parked", "POST", 403),
        ("operate", "/tenants", "POST", 403),
        ("admin", "/inbound-events/replay-parked", "POST", 202),
        ("admin", "/api-keys", "GET", 200),
    ],
)
async def test_a_scope_includes_those_before_it(
    api: Any, scope: Any, path: str, method: str, status: int
) -> None:
    body: dict[str, Any] = {}
    if path == "/tenants":
        body = {
            "id": "t",
            "name": "T",
            "base_url": "https://t.example",
            "token_url": "https://t.example",
            "client_id": "c",
            "client_secret": "s",
        }
    options = {"json": body} if method == "POST" else {}
    answer = await api.by(scope, method, path, **options)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    "header",
    ["Bearer nonsense", "Basic dXNlcjpwYXNz", "gck_abc", "Bearer gck_aaaaaaaaaa_" + "x" * 43],
)
async def test_a_wrong_key_is_refused_even_with_a_session(
    api: Any, services: Services, header: str
) -> None:
    await _log_in(api, services)
    answer = await api.get("/cases", headers={"Authorization": header})
    assert answer.status_code == 401


async def test_a_revoked_or_expired_key_is_refused(api: Any, services: Services) -> None:
    key = await api.key("read")
    headers = {"Authorization": f"Bearer {key}"}
    assert (await api.get("/cases", headers=headers)).status_code == 200
    async with services.database.begin() as session:
        row = (await api_keys.list_all(session))[0]
        await api_keys.revoke(session, row.id, datetime.now(UTC))
    assert (await api.get("/cases", headers=headers)).status_code == 401
    async with services.database.begin() as session:
        _, late = await api_keys.create(
            session,
            services.peppers[0],
            name="late",
            scopes=["read"],
            now=datetime.now(UTC) - timedelta(days=2),
            expires_at=datetime.now(UTC) - timedelta(days=1),
        )
    headers = {"Authorization": f"Bearer {late.get_secret_value()}"}
    assert (await api.get("/cases", headers=headers)).status_code == 401


async def test_the_use_of_a_key_is_noted(api: Any, services: Services) -> None:
    await api.by("read", "GET", "/cases")
    await services.background.drain(5)
    async with services.database.read() as session:
        assert (await api_keys.list_all(session))[0].last_used_at is not None


async def test_a_login_gives_a_cookie_that_works_and_scripts_cannot_read(
    api: Any, services: Services
) -> None:
    answer = await _log_in(api, services, target="/cases?open=true")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/cases?open=true"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie  # this site is plain http
    assert (await api.get("/cases")).status_code == 200
    # Who has a session goes on at once.
    again = await api.get("/login", params={"next": "/cases"})
    assert (again.status_code, again.headers["location"]) == (303, "/cases")


async def test_a_wrong_login_shows_the_form_again_without_the_key(api: Any) -> None:
    answer = await api.post("/login", data={"api_key": "gck_wrong", "next": "/cases"})
    assert answer.status_code == 401
    assert "not valid" in answer.text
    assert "gck_wrong" not in answer.text
    assert 'value="/cases"' in answer.text
    assert "set-cookie" not in answer.headers
    assert "form-action 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a\n/b",
        "evil",
    ],
)
async def test_a_login_never_leads_to_another_site(
    api: Any, services: Services, target: str
) -> None:
    answer = await _log_in(api, services, target=target)
    assert answer.headers["location"] == "/"


async def test_a_browser_without_a_session_goes_to_login_and_back(api: Any) -> None:
    answer = await api.get("/documents/abc", params={"a": "b&c"}, headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=/documents/abc%3Fa%3Db%2526c"
    form = await api.get(answer.headers["location"])
    assert 'value="/documents/abc?a=b%26c"' in form.text


async def test_revoking_a_key_ends_its_sessions(api: Any, services: Services) -> None:
    await _log_in(api, services)
    async with services.database.begin() as session:
        row = (await api_keys.list_all(session))[0]
        await api_keys.revoke(session, row.id, datetime.now(UTC))
    assert (await api.get("/cases")).status_code == 401


async def test_logging_out_forgets_the_session(api: Any, services: Services) -> None:
    await _log_in(api, services)
    answer = await api.post("/logout", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303
    assert (await api.get("/cases")).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 202),
        ({"Origin": "http://gridcase.test"}, 202),
        ({}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://other.gridcase.test"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "http://ui.test:8233", "Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
async def test_what_a_cookie_changes_must_come_from_our_pages(
    api: Any, services: Services, headers: dict[str, str], status: int
) -> None:
    await _log_in(api, services)
    answer = await api.post("/inbound-events/replay-parked", json={}, headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["type"] == "urn:gridcase:problem:cross-site"


async def test_another_site_cannot_log_people_in(api: Any) -> None:
    answer = await api.post(
        "/login", data={"api_key": await api.key("read")}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


def test_a_session_that_was_altered_or_is_over_is_nobodys() -> None:
    keys = derived_keys("a:" + "QUFB" * 11 + "QUE=", "x")
    now = datetime(2026, 11, 2, tzinfo=UTC)
    value = sessions.issue(keys, "key-1", now, timedelta(hours=1))
    assert sessions.read(keys, value, now) == "key-1"
    assert sessions.read(keys, value, now + timedelta(hours=1)) is None
    assert sessions.read((b"another key",), value, now) is None
    content, _, signature = value.partition(".")
    for broken in (
        "",
        ".",
        content,
        f"{content}.",
        f"{content[:-2]}AA.{signature}",
        "ä.ö",
        "a.b.c",
    ):
        assert sessions.read(keys, broken, now) is None
    # A rotation: the old key still verifies.
    assert sessions.read((b"a new key", *keys), value, now) == "key-1"


def test_a_rotation_of_the_ring_keeps_api_keys_valid(tmp_path: Any) -> None:
    old, new = "old:" + "QUFB" * 11 + "QUE=", "new:" + "QkJC" * 11 + "QkI="

    def peppers(ring: str, pepper: str = "") -> tuple[bytes, ...]:
        settings = Settings(
            _env_file=None,
            secret_keys=ring,
            api_key_pepper=pepper,
            data_dir=tmp_path,
        )
        return settings.peppers

    assert peppers(old)[0] in peppers(f"{new}, {old}")
    assert peppers(f"{new},{old}")[0] == peppers(new)[0]
    assert len(peppers(f"{new},{old}", "a pepper of its own")) == 1


async def _log_in(api: Any, services: Services, target: str = "/") -> Any:
    return await api.post("/login", data={"api_key": await api.key("operate"), "next": target})
