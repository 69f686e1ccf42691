"""Ids. Every Shopify object has a numeric id and, made of it, a global id (GID)."""

from __future__ import annotations

from typing import ClassVar


class Resource:
    """An object with an id. ``gql_type`` is its name in the GraphQL schema."""

    gql_type: ClassVar[str]
    id: int

    @property
    def gid(self) -> str:
        return f"gid://shopify/{self.gql_type}/{self.id}"

    def __repr__(self) -> str:
        return f"<{self.gid}>"


def parse_gid(value: str, gql_type: str | None = None) -> int | None:
    """The number in ``gid://shopify/{type}/{number}``; None where it is not such an id."""
    prefix = "gid://shopify/"
    if not value.startswith(prefix):
        return None
    name, _, tail = value[len(prefix) :].partition("/")
    number = tail.partition("?")[0]
    if gql_type is not None and name != gql_type:
        return None
    return int(number) if number.isascii() and number.isdigit() else None


def gid_type(value: str) -> str | None:
    """The type name in a GID; None where the text is not one."""
    prefix = "gid://shopify/"
    return value[len(prefix) :].partition("/")[0] if value.startswith(prefix) else None
