"""Cuts from Shopify's full Admin schema the part that our operations use.

    python -m scripts.cut_schema path/to/admin-2026-10.graphql.gz

The result, `clients/shopify/schema.graphql`, is what the client is generated from. Kept: each
selected field with all its arguments, whole enums and whole input objects that can be reached,
interfaces and union members that a selection names, directives and deprecations. Types and
fields are sorted by name, so the same operations always give the same file.
"""

import argparse
import gzip
import sys
from collections.abc import Iterable
from pathlib import Path

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLInterfaceType,
    GraphQLSchema,
    InlineFragmentNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    NamedTypeNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    TypeNode,
    UnionTypeDefinitionNode,
    VariableDefinitionNode,
    Visitor,
    build_ast_schema,
    build_schema,
    get_named_type,
    parse,
    print_ast,
    validate,
    validate_schema,
    visit,
)

SHOPIFY = Path(__file__).resolve().parent.parent / "clients" / "shopify"
OPERATIONS = SHOPIFY / "operations"
BULK_QUERIES = SHOPIFY / "bulk_queries"
SCHEMA = SHOPIFY / "schema.graphql"
HEADER = (
    "# The part of Shopify's Admin GraphQL API 2026-10 that our operations use.\n"
    "# Written by scripts/cut_schema.py: change the operations, not this file.\n\n"
)
BUILT_IN_SCALARS = {"ID", "String", "Int", "Float", "Boolean"}
# graphql-core 3.2 does not know it; Shopify's printed schema uses it without declaring it.
ONE_OF = "directive @oneOf on INPUT_OBJECT"


class InvalidOperations(Exception):
    """The operations do not fit the schema; the message lists each fault."""


def read_sdl(path: Path) -> str:
    """Reads a schema, plain or gzipped."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    return data.decode("utf-8")


def read_operations(folder: Path = OPERATIONS) -> DocumentNode:
    """All our operations and fragments as one document."""
    paths = sorted(folder.glob("*.graphql"))
    if not paths:
        raise InvalidOperations(f"no .graphql file in {folder}")
    return parse("\n".join(path.read_text("utf-8") for path in paths))


def read_all() -> DocumentNode:
    """What the cut schema must have: the operations, and the queries that are sent as the text of a bulk operation."""
    operations, bulk_queries = read_operations(), read_operations(BULK_QUERIES)
    return DocumentNode(definitions=(*operations.definitions, *bulk_queries.definitions))


def cut(full_sdl: str, operations: DocumentNode) -> str:
    """The SDL of the part of `full_sdl` that `operations` use.

    Raises InvalidOperations when they do not validate against it.
    """
    full = parse(full_sdl, no_location=True)
    if not any(
        isinstance(d, DirectiveDefinitionNode) and d.name.value == "oneOf" for d in full.definitions
    ):
        full.definitions = (*full.definitions, *parse(ONE_OF, no_location=True).definitions)
    schema = build_ast_schema(full, assume_valid=True, assume_valid_sdl=True)
    if errors := validate(schema, operations):
        raise InvalidOperations("\n".join(str(error) for error in errors))
    sdl = HEADER + print_ast(_Cutter(full, _Selected(schema, operations)).document()) + "\n"
    _check(sdl, operations)
    return sdl


def _check(sdl: str, operations: DocumentNode) -> None:
    """The cut must stand on its own: valid as a schema, and enough for the operations."""
    schema = build_schema(sdl)
    if errors := [*validate_schema(schema), *validate(schema, operations)]:
        raise InvalidOperations("\n".join(str(error) for error in errors))


class _Selected:
    """What the operations name: fields by type, and the types of variables and fragments."""

    def __init__(self, schema: GraphQLSchema, operations: DocumentNode) -> None:
        self.fields: dict[str, set[str]] = {}
        self.types: set[str] = set()
        info = TypeInfo(schema)
        visit(operations, TypeInfoVisitor(info, _Collect(info, self)))
        self._inherit(schema)

    def _inherit(self, schema: GraphQLSchema) -> None:
        """An implementing type carries each field that is selected on its interface."""
        for name in list(self.types):
            interface = schema.type_map[name]
            if isinstance(interface, GraphQLInterfaceType):
                for kind in schema.get_possible_types(interface):
                    if kind.name in self.types:
                        self.fields.setdefault(kind.name, set()).update(self.fields.get(name, ()))


class _Collect(Visitor):
    def __init__(self, info: TypeInfo, found: _Selected) -> None:
        super().__init__()
        self._info = info
        self._found = found

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent, kind = self._info.get_parent_type(), self._info.get_type()
        if parent is None or kind is None:
            return
        self._found.types.add(parent.name)
        if not node.name.value.startswith("__"):
            self._found.fields.setdefault(parent.name, set()).add(node.name.value)
            self._found.types.add(get_named_type(kind).name)

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: object) -> None:
        if node.type_condition:
            self._found.types.add(node.type_condition.name.value)

    def enter_fragment_definition(self, node: FragmentDefinitionNode, *_: object) -> None:
        self._found.types.add(node.type_condition.name.value)

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: object) -> None:
        self._found.types.add(_named(node.type))


class _Cutter:
    def __init__(self, full: DocumentNode, selected: _Selected) -> None:
        self._selected = selected
        self._full = full
        self._definitions = {
            node.name.value: node
            for node in full.definitions
            if isinstance(node, _TYPE_DEFINITIONS)
        }

    def document(self) -> DocumentNode:
        kept: dict[str, DefinitionNode] = {}
        waiting = set(self._selected.types)
        while waiting:
            name = waiting.pop()
            if name in kept or name in BUILT_IN_SCALARS:
                continue
            node = kept[name] = self._trimmed(self._definitions[name])
            waiting.update(_references(node))
        heads = [
            node
            for node in self._full.definitions
            if isinstance(node, SchemaDefinitionNode | DirectiveDefinitionNode)
        ]
        heads.sort(key=lambda node: (isinstance(node, DirectiveDefinitionNode), print_ast(node)))
        return DocumentNode(definitions=(*heads, *(kept[name] for name in sorted(kept))))

    def _trimmed(self, node: DefinitionNode) -> DefinitionNode:
        match node:
            case ObjectTypeDefinitionNode() | InterfaceTypeDefinitionNode():
                return type(node)(
                    name=node.name,
                    description=None,
                    directives=node.directives,
                    interfaces=tuple(self._used(node.interfaces)),
                    fields=tuple(self._selected_fields(node.name.value, node.fields)),
                )
            case UnionTypeDefinitionNode():
                return UnionTypeDefinitionNode(
                    name=node.name,
                    description=None,
                    directives=node.directives,
                    types=tuple(self._used(node.types)),
                )
            case _:
                return node

    def _used(self, names: Iterable[NamedTypeNode]) -> list[NamedTypeNode]:
        used = [name for name in names if name.name.value in self._selected.types]
        return sorted(used, key=lambda name: name.name.value)

    def _selected_fields(
        self, owner: str, fields: Iterable[FieldDefinitionNode]
    ) -> list[FieldDefinitionNode]:
        wanted = self._selected.fields.get(owner, set())
        chosen = [field for field in fields if field.name.value in wanted]
        return sorted(chosen, key=lambda field: field.name.value)


_TYPE_DEFINITIONS = (
    ScalarTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    UnionTypeDefinitionNode,
    EnumTypeDefinitionNode,
    InputObjectTypeDefinitionNode,
)


def _references(node: DefinitionNode) -> set[str]:
    """Names of the types that a trimmed definition needs."""
    names: set[str] = set()
    fields: Iterable[FieldDefinitionNode | InputValueDefinitionNode] = ()
    if isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
        fields = node.fields
        names.update(interface.name.value for interface in node.interfaces)
    elif isinstance(node, InputObjectTypeDefinitionNode):
        fields = node.fields
    elif isinstance(node, UnionTypeDefinitionNode):
        names.update(member.name.value for member in node.types)
    for field in fields:
        names.add(_named(field.type))
        if isinstance(field, FieldDefinitionNode):
            names.update(_named(argument.type) for argument in field.arguments)
    return names


def _named(node: TypeNode) -> str:
    while not isinstance(node, NamedTypeNode):
        node = node.type  # type: ignore[attr-defined]
    return node.name.value


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("schema", type=Path, help="the full official SDL, plain or .gz")
    parser.add_argument("--output", type=Path, default=SCHEMA)
    options = parser.parse_args(arguments)
    try:
        sdl = cut(read_sdl(options.schema), read_all())
    except (OSError, InvalidOperations) as error:
        print(f"cut_schema: {error}", file=sys.stderr)
        return 1
    options.output.write_text(sdl, "utf-8")
    print(f"{options.output}: {sdl.count(chr(10))} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
