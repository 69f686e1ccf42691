"""Errors: one shape, stable types, nothing internal."""

from typing import Any

import pytest
from structlog.testing import capture_logs
from temporalio.client import WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError, RPCStatusCode

from api.errors import INTERNAL, PROBLEMS, ProblemDetails, from_exception
from api.services import Services
from clients.documents import DocumentStoreUnavailable, DocumentTooLarge, TypeNotAllowed
from clients.shopify.errors import ShopifyThrottled, ShopifyUserErrors, UserError
from clients.trading_grid.errors import Conflict, TradingGridUnavailable
from intake.connections import NotConfigured
from intake.policies import PolicyInvalid
from persistence import errors as persistence

# A slug is part of the API: this list grows, and nothing in it changes.
STABLE = {
    "bad-request": 400,
    "malformed-webhook": 400,
    "unauthenticated": 401,
    "bad-signature": 401,
    "forbidden": 403,
    "cross-site": 403,
    "not-found": 404,
    "method-not-allowed": 405,
    "already-exists": 409,
    "conflict": 409,
    "already-decided": 409,
    "case-closed": 409,
    "case-not-running": 409,
    "not-now": 409,
    "request-running": 409,
    "not-configured": 409,
    "refused-outside": 409,
    "body-purged": 410,
    "document-gone": 410,
    "stale-version": 412,
    "too-large": 413,
    "unsupported-type": 415,
    "invalid": 422,
    "idempotency-key-reused": 422,
    "unknown-partner": 422,
    "invalid-command": 422,
    "precondition-required": 428,
    "internal": 500,
    "unavailable-outside": 503,
    "temporal-unavailable": 503,
    "busy": 503,
    "store-unavailable": 503,
}


def test_the_types_of_problems_are_stable() -> None:
    assert {slug: problem.status for slug, problem in PROBLEMS.items()} == STABLE


@pytest.mark.parametrize(
    ("error", "slug"),
    [
        (persistence.NotFoundError("case", "x"), "not-found"),
        (persistence.AlreadyExistsError("shop", "x"), "already-exists"),
        (persistence.StaleVersionError("shop", "x", 1, 2), "stale-version"),
        (persistence.IdempotencyMismatchError("x"), "idempotency-key-reused"),
        (persistence.BodyPurgedError("x"), "body-purged"),
        (persistence.ConflictError("x"), "conflict"),
        (persistence.BadValueError("x"), "invalid"),
        (persistence.BadCursorError("x"), "invalid"),
        (persistence.DatabaseBusyError("x"), "busy"),
        (persistence.UnknownKeyError("k9"), "internal"),
        (persistence.BrokenSealError("x"), "internal"),
        (persistence.SchemaError("x"), "internal"),
        (DocumentTooLarge(5), "too-large"),
        (TypeNotAllowed(None, "x"), "unsupported-type"),
        (DocumentStoreUnavailable("x"), "store-unavailable"),
        (NotConfigured("x"), "not-configured"),
        (PolicyInvalid(1, 2, ("x",)), "not-configured"),
        (ShopifyThrottled("x", retry_after=1, shop="a", operation="b"), "unavailable-outside"),
        (ShopifyUserErrors([UserError("x")], shop="a", operation="b"), "refused-outside"),
        (TradingGridUnavailable("x"), "unavailable-outside"),
        (Conflict("x"), "refused-outside"),
        (RPCError("x", RPCStatusCode.UNAVAILABLE, b""), "temporal-unavailable"),
        (RPCError("x", RPCStatusCode.NOT_FOUND, b""), "case-not-running"),
        (WorkflowUpdateRPCTimeoutOrCancelledError(), "temporal-unavailable"),
        (KeyError("a secret"), "internal"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_an_error_of_any_layer_becomes_one_problem(error: Exception, slug: str) -> None:
    problem = from_exception(error)
    assert problem.type.slug == slug
    if slug == "internal":
        assert "secret" not in str(problem.detail)
        assert "k9" not in str(problem.detail)
    if problem.status_code == 503:
        assert int((problem.headers or {})["Retry-After"]) > 0


async def test_what_is_not_foreseen_is_a_500_that_tells_nothing_but_its_id(
    api: Any, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise KeyError("a secret of ours")

    key = await api.key("read")
    monkeypatch.setattr(services.database, "read", broken)
    with capture_logs() as logs:
        public = await api.get("/docs")
        answer = await api.get("/cases", headers={"Authorization": f"Bearer {key}"})
    assert public.status_code == 200
    assert answer.status_code == 500
    assert "secret" not in answer.text
    said = ProblemDetails.model_validate(answer.json())
    assert said.type == INTERNAL.urn
    assert said.request_id == answer.headers["x-request-id"]
    assert any(log["log_level"] == "error" for log in logs)


async def test_an_endpoint_that_breaks_is_a_500_too(
    api: Any, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("a secret of ours")

    monkeypatch.setattr("persistence.repositories.cases.page", broken)
    with capture_logs() as logs:
        answer = await api.by("read", "GET", "/cases")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
    assert "request.failed" in [log["event"] for log in logs]


async def test_a_problem_says_where_and_under_which_id(api: Any) -> None:
    answer = await api.by(
        "read", "GET", "/cases/nobody", headers={"X-Request-Id": "from-the-caller-1"}
    )
    assert answer.json() == {
        "type": "urn:gridcase:problem:not-found",
        "title": "There is no such thing",
        "status": 404,
        "detail": "no case 'nobody'",
        "instance": "/cases/nobody",
        "request_id": "from-the-caller-1",
    }
    assert answer.headers["x-request-id"] == "from-the-caller-1"
    odd = await api.by("read", "GET", "/cases/nobody", headers={"X-Request-Id": "no\tgood id"})
    assert odd.headers["x-request-id"] != "no\tgood id"


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "slug"),
    [
        ("DELETE", "/cases", {}, 405, "method-not-allowed"),
        ("GET", "/nothing", {}, 404, "not-found"),
        ("GET", "/cases/", {}, 404, "not-found"),
        (
            "POST",
            "/api-keys",
            {"content": b"{", "headers": {"Content-Type": "application/json"}},
            422,
            "invalid",
        ),
        ("POST", "/api-keys", {"content": b"{}"}, 422, "invalid"),
        ("POST", "/api-keys", {"json": {"name": "x" * 1_000_001}}, 413, "too-large"),
        ("GET", "/cases/a%00b", {}, 400, "bad-request"),
        ("GET", "/cases?text=a%00b", {}, 400, "bad-request"),
        (
            "POST",
            "/api-keys",
            {"json": {"name": "a\0b", "scopes": ["read"]}},
            422,
            "invalid",
        ),
        ("GET", "/routes/0", {}, 422, "invalid"),
        ("GET", f"/routes/{2**63}", {}, 422, "invalid"),
    ],
)
async def test_what_the_framework_refuses_is_a_problem_too(
    api: Any, method: str, path: str, options: Any, status: int, slug: str
) -> None:
    answer = await api.by("admin", method, path, **options)
    assert answer.status_code == status
    assert answer.json()["type"] == f"urn:gridcase:problem:{slug}"


async def test_every_answer_has_safe_headers(api: Any) -> None:
    for path in ("/healthz", "/docs", "/login", "/cases", "/openapi.json"):
        headers = (await api.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-request-id"]
