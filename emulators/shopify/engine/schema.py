"""Shopify's schema, from the file that is cut to the operations in use or from the full one."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from graphql import GraphQLSchema, build_schema


def load_schema(path: Path) -> GraphQLSchema:
    """The schema in an SDL file (``.gz`` too), parsed once for each state of the file.

    Raises FileNotFoundError with what to do where there is no such file.
    """
    if not path.is_file():
        raise FileNotFoundError(f"No GraphQL schema at {path}; name another with --schema")
    return _load(path.resolve(), path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _load(path: Path, _changed: int) -> GraphQLSchema:
    raw = path.read_bytes()
    text = gzip.decompress(raw) if path.suffix == ".gz" else raw
    # Shopify's schema has @oneOf, which graphql-core 3.2 does not declare.
    return build_schema(text.decode(), assume_valid=True, assume_valid_sdl=True)
