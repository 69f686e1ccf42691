"""Writes ``schema.graphql`` beside this file: the part of Shopify's official schema that these tests query.

``python -m tests.emulators.shopify.cut_schema ../shared/reference/shopify/admin-2026-10.graphql.gz``

The emulator's tests ask for more than the app's own operations do, and must not need the full schema.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    NameNode,
    OperationDefinitionNode,
    build_schema,
    parse,
    validate,
)

from scripts.cut_schema import cut, read_sdl

HERE = Path(__file__).parent
TARGET = HERE / "schema.graphql"
HEADER = """# The part of Shopify's Admin GraphQL API 2026-10 that the emulator's tests query.
# Written by cut_schema.py: change the tests, not this file.

"""


def operations(schema: GraphQLSchema) -> DocumentNode:
    """All GraphQL documents in the tests' texts that are valid, under names of their own."""
    definitions: list[OperationDefinitionNode | FragmentDefinitionNode] = []
    for path in sorted(HERE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                continue
            document = _valid(schema, node.value)
            for definition in document.definitions if document is not None else ():
                if isinstance(definition, OperationDefinitionNode):
                    definition.name = NameNode(value=f"Operation{len(definitions)}")
                    definitions.append(definition)
                elif isinstance(definition, FragmentDefinitionNode):
                    definitions.append(definition)
    return DocumentNode(definitions=tuple(definitions))


def _valid(schema: GraphQLSchema, text: str) -> DocumentNode | None:
    if "{" not in text:
        return None
    try:
        document = parse(text)
    except GraphQLError:
        return None
    return None if validate(schema, document) else document


def written(full: Path) -> str:
    """The text of the cut schema."""
    sdl = read_sdl(full)
    schema = build_schema(sdl, assume_valid=True, assume_valid_sdl=True)
    cut_sdl = cut(sdl, operations(schema))
    body = "\n".join(line for line in cut_sdl.splitlines() if not line.startswith("#"))
    return HEADER + body.strip() + "\n"


if __name__ == "__main__":
    TARGET.write_text(written(Path(sys.argv[1])))
