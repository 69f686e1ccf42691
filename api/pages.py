"""Lists by keyset pages, versions as ETags, and other small things the routers share."""

import re
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, model_validator

from api.errors import PRECONDITION_REQUIRED, Problem, invalid
from api.services import Services
from persistence.pages import MAX_PAGE

Limit = Annotated[int, Query(ge=1, le=MAX_PAGE, description="Rows a page.")]
Cursor = Annotated[
    str | None, Query(max_length=1000, description="`next_cursor` of the page before.")
]

_ETAG = re.compile(r'(?:W/)?"?(\d{1,9})"?')


class Input(BaseModel):
    """A body: what it does not know is an error, so that a misspelt field is never lost in silence."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _no_nul(cls, value: Any) -> Any:
        if _has_nul(value):
            raise ValueError("the character U+0000 can't be stored")
        return value


def _has_nul(value: Any) -> bool:
    """PostgreSQL has no place for it in text."""
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_has_nul(name) or _has_nul(part) for name, part in value.items())
    return isinstance(value, list) and any(_has_nul(part) for part in value)


class Output(BaseModel):
    """An answer, read from a row."""

    model_config = ConfigDict(from_attributes=True)


def services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Deps = Annotated[Services, Depends(services_of)]


def link_next(request: Request, response: Response, next_cursor: str | None) -> None:
    """RFC 8288 `Link: <...>; rel="next"`, beside `next_cursor` in the body."""
    if next_cursor:
        url = request.url.include_query_params(cursor=next_cursor)
        response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'


def _version(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description="The `version` you read, as in the `ETag`. Needed: an edit never overwrites another's.",
            examples=['"1"'],
        ),
    ] = None,
) -> int:
    if if_match is None:
        raise Problem(PRECONDITION_REQUIRED, "Send the version you read as If-Match.")
    match = _ETAG.fullmatch(if_match.strip())
    if match is None:
        raise invalid('If-Match must be one version, as "3".')
    return int(match[1])


Version = Annotated[int, Depends(_version)]


def tag(response: Response, version: int) -> None:
    """The row's version as ETag, for `If-Match`."""
    response.headers["ETag"] = f'"{version}"'
