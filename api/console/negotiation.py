"""Which address answers a browser with a page, and everyone else as before."""

from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.routing import Match
from starlette.types import Scope


class PageRoute(APIRoute):
    """A route for who would rather have HTML than JSON; for all others it is not there, and a later route answers."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child = super().matches(scope)
        if match is not Match.FULL or not prefers_html(
            ",".join(Headers(scope=scope).getlist("accept"))
        ):
            return Match.NONE, {}
        return match, child


def prefers_html(accept: str) -> bool:
    """Whether an `Accept` header asks for HTML before JSON (RFC 9110, 12.5.1). Where both are as good, it does not."""
    return _quality(accept, "text/html") > _quality(accept, "application/json")


def _quality(accept: str, media_type: str) -> float:
    """The weight of the most specific range that holds the type; 0 where none does."""
    ranges = {"*/*": 0, f"{media_type.partition('/')[0]}/*": 1, media_type: 2}
    best, weight = -1, 0.0
    for part in accept.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if ranges.get(name, -1) > best:
            best, weight = ranges[name], _weight(parameters)
    return weight


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
