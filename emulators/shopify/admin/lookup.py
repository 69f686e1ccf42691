"""Objects that an input names by id."""

from __future__ import annotations

from typing import TypeVar

from emulators.shopify.engine.registry import Context, bad_request
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
