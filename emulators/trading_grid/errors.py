"""Refusals, in the shape of OpenText's cloud APIs."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError

Detail = dict[str, str]


class ApiError(Exception):
    """An answer that refuses: HTTP status, stable ``error_code``, a message for people."""

    def __init__(
        self,
        status: int,
        error_code: str,
        message: str,
        *,
        details: Sequence[Detail] = (),
        headers: Mapping[str, str] | None = None,
        links: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error_code = error_code
        self.message = message
        self.details = list(details)
        self.headers = dict(headers or {})
        self.links = dict(links or {})

    def body(self, *, path: str, timestamp: str) -> dict[str, Any]:
        """The documented error body; ``_links`` only where there is something to follow."""
        body: dict[str, Any] = {
            "timestamp": timestamp,
            "status": self.status,
            "error": HTTPStatus(self.status).phrase,
            "message": self.message,
            "details": self.details,
            "errorCode": self.error_code,
            "path": path,
        }
        if self.links:
            body["_links"] = {name: {"href": href} for name, href in self.links.items()}
        return body


class AlreadyExists(Exception):
    """What is unique in the tenant is another resource's already; carries that one's id.

    ``field`` is ``external_reference`` or the field of the type's own number."""

    def __init__(self, existing_id: str, field: str = "external_reference") -> None:
        super().__init__(existing_id)
        self.existing_id = existing_id
        self.field = field


def not_found(what: str, key: str) -> ApiError:
    return ApiError(404, "not_found", f"There is no {what} {key!r} in this tenant.")


def invalid(message: str, field: str | None = None) -> ApiError:
    """422 for a body that reads but can't be taken, naming the field where there is one."""
    details = [{"field": field, "message": message}] if field else []
    return ApiError(422, "validation_failed", message, details=details)


def invalid_state(message: str) -> ApiError:
    return ApiError(409, "invalid_state", message)


def from_validation(error: ValidationError) -> ApiError:
    """422 with one detail a field, in the dotted names the caller sent."""
    details = [
        {
            "field": ".".join(str(part) for part in problem["loc"]) or "body",
            "message": problem["msg"],
        }
        for problem in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return ApiError(
        422,
        "validation_failed",
        "; ".join(f"{one['field']}: {one['message']}" for one in details),
        details=details,
    )
