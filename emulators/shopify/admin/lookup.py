"""What arguments mean: objects named by id, moments, searches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from emulators.shopify.engine.registry import Args, Context, bad_request
from emulators.shopify.engine.search import Search, Values, parse
from emulators.shopify.model.resource import Resource, gid_type, parse_gid

R = TypeVar("R", bound=Resource)


def find(context: Context, kind: type[R], gid: str) -> R | None:
    """The object with this GID if it is of this type; None where the shop has none.

    Raises the error of the request that Shopify gives for an id of another type or of no form at all.
    """
    if gid_type(gid) != kind.gql_type or parse_gid(gid) is None:
        raise bad_request(f"Invalid global id '{gid}'", "argumentLiteralsIncompatible")
    found = context.shop.find(gid)
    return found if isinstance(found, kind) else None


def moment_of(value: Any) -> datetime:
    """A DateTime of the input (ISO 8601); raises the error of the request where it is none."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise bad_request(f"Invalid DateTime '{value}'", "argumentLiteralsIncompatible") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def searched(
    context: Context,
    name: str,
    args: Args,
    fields: Mapping[str, Values],
    default: Values | None = None,
) -> Search:
    """The search of a query field; what it does not know is ignored with a warning, as at Shopify."""
    search = parse(args.get("query"), fields, default)
    if search.unknown:
        warnings = [
            {
                "field": unknown,
                "message": "Invalid search field for this query.",
                "code": "invalid_field",
            }
            for unknown in search.unknown
        ]
        context.searches.append({"path": [name], "query": args["query"], "warnings": warnings})
    return search
