"""Shopify's schema, from the file that is cut to the operations in use or from the full one."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from graphql import GraphQLSchema, build_schema, extend_schema, parse

UNSTABLE = """
extend input ShopifyPaymentsDisputeEvidenceUpdateInput {
  uploadedFiles: [ShopifyPaymentsUploadedDisputeFile!]
}

input ShopifyPaymentsUploadedDisputeFile {
  disputeEvidenceFileType: ShopifyPaymentsDisputeEvidenceFileType
  originalFileName: String!
  originalSource: String!
}
"""
"""What the documentation of the version ``unstable`` has, and no stable one does, of what is emulated here."""


def load_schema(path: Path) -> GraphQLSchema:
    """The schema in an SDL file (``.gz`` too), parsed once for each state of the file.

    Raises FileNotFoundError with what to do where there is no such file.
    """
    if not path.is_file():
        raise FileNotFoundError(f"No GraphQL schema at {path}; name another with --schema")
    return _load(path.resolve(), path.stat().st_mtime_ns)


def unstable_schema(path: Path) -> GraphQLSchema:
    """The same for the version ``unstable``. Raises FileNotFoundError."""
    return _extended(load_schema(path))


@lru_cache(maxsize=4)
def _extended(schema: GraphQLSchema) -> GraphQLSchema:
    if "ShopifyPaymentsDisputeEvidenceUpdateInput" not in schema.type_map:
        return schema
    return extend_schema(schema, parse(UNSTABLE), assume_valid=True)


@lru_cache(maxsize=4)
def _load(path: Path, _changed: int) -> GraphQLSchema:
    raw = path.read_bytes()
    text = gzip.decompress(raw) if path.suffix == ".gz" else raw
    # Shopify's schema has @oneOf, which graphql-core 3.2 does not declare.
    return build_schema(text.decode(), assume_valid=True, assume_valid_sdl=True)
