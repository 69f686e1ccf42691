"""Bulk queries: what they may ask for, how they run, what their file looks like.

A line of the file is one object of a connection; objects of a nested connection name theirs by
``__parentId``. Only with ``groupObjects`` they follow it at once.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    execute_sync,
    get_named_type,
    parse,
    validate,
)

from emulators.shopify.engine.resolving import resolve_field, resolve_type
from emulators.shopify.storage import StoredFile

if TYPE_CHECKING:
    from emulators.shopify.emulator import Emulator
    from emulators.shopify.engine.registry import Context
    from emulators.shopify.model.bulk import BulkOperation

CONNECTION_LIMIT = 5
DEPTH_LIMIT = 2
SLICE = 500
"""Root objects read at one go; between two goes the emulator answers others."""


class InvalidBulkQuery(Exception):
    """The query can't run in bulk; the text says why."""


@dataclass(frozen=True)
class BulkQuery:
    """A query that may run in bulk."""

    schema: GraphQLSchema
    document: DocumentNode
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]

    def fields(
        self, selected: SelectionSetNode, parent: GraphQLNamedType
    ) -> Iterator[tuple[FieldNode, GraphQLNamedType]]:
        """The fields of a selection, through its fragments, with the type that has each."""
        for node in selected.selections:
            if isinstance(node, FieldNode):
                yield node, parent
            elif isinstance(node, FragmentSpreadNode):
                fragment = self.fragments[node.name.value]
                yield from self._inside(fragment, parent)
            elif isinstance(node, InlineFragmentNode):
                yield from self._inside(node, parent)

    def _inside(
        self, fragment: FragmentDefinitionNode | InlineFragmentNode, parent: GraphQLNamedType
    ) -> Iterator[tuple[FieldNode, GraphQLNamedType]]:
        condition = fragment.type_condition
        target = self.schema.get_type(condition.name.value) if condition else parent
        yield from self.fields(fragment.selection_set, target or parent)


def prepared(schema: GraphQLSchema, text: str) -> BulkQuery:
    """The query of a bulk operation; raises InvalidBulkQuery. The words of the refusals are Shopify's, as reported."""
    try:
        document = parse(text)
    except GraphQLError as error:
        raise InvalidBulkQuery(f"Invalid bulk query: {error.message}") from None
    errors = validate(schema, document)
    if errors:
        raise InvalidBulkQuery(f"Invalid bulk query: {errors[0].message}")
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    if len(operations) != 1 or operations[0].operation is not OperationType.QUERY:
        raise InvalidBulkQuery("Bulk queries must be a single query operation.")
    fragments = {
        d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)
    }
    query = BulkQuery(schema, document, operations[0], fragments)
    _check(query)
    return query


def _check(query: BulkQuery) -> None:
    root = query.schema.query_type
    assert root is not None
    top = list(query.fields(query.operation.selection_set, root))
    if len(top) != 1 or not _is_connection(*top[0]):
        raise InvalidBulkQuery("Bulk queries must contain at least one connection at the top.")
    count = 0
    waiting: list[tuple[FieldNode, GraphQLNamedType, int, bool]] = [(*top[0], 0, False)]
    while waiting:
        field, parent, depth, in_list = waiting.pop()
        if field.selection_set is None:
            continue
        kind = _type(field, parent)
        inner = kind
        if _is_connection(field, parent):
            count += 1
            depth += 1
            if in_list:
                message = "Queries that contain a connection field within a list field are not currently supported."
                raise InvalidBulkQuery(message)
            element = _element(query, field, kind)
            if element is None:
                continue
            nodes, inner = element
            if depth > 1 + DEPTH_LIMIT:
                message = f"Bulk queries cannot contain connections with a nesting depth greater than {DEPTH_LIMIT}."
                raise InvalidBulkQuery(message)
            selection = nodes
        else:
            selection = field.selection_set
        fields = list(query.fields(selection, inner))
        if _is_connection(field, parent):
            _check_ids(field, fields)
        listed = in_list or (_is_list(field, parent) and not _is_connection(field, parent))
        waiting += [(node, owner, depth, listed) for node, owner in fields]
    if count > CONNECTION_LIMIT:
        message = f"Bulk queries cannot contain more than {CONNECTION_LIMIT} connections."
        raise InvalidBulkQuery(message)


def _check_ids(field: FieldNode, fields: list[tuple[FieldNode, GraphQLNamedType]]) -> None:
    nested = [node.name.value for node, owner in fields if _is_connection(node, owner)]
    plain = any(node.name.value == "id" and node.alias is None for node, _ in fields)
    if nested and not plain:
        raise InvalidBulkQuery(
            "The parent 'node' field for a nested connection must select the 'id' field without an "
            f"alias. Connection fields without 'id': {field.name.value}."
        )


class BulkRunner:
    """Runs bulk operations, one task each."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.tasks: set[asyncio.Task[None]] = set()

    def start(
        self, operation: BulkOperation, query: BulkQuery, context: Context, *, grouped: bool
    ) -> None:
        task = asyncio.get_running_loop().create_task(
            self._run(operation, query, context, grouped=grouped)
        )
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def settle(self) -> None:
        """Waits until no operation runs."""
        while self.tasks:
            await asyncio.gather(*self.tasks, return_exceptions=True)

    def forget(self) -> None:
        for task in self.tasks:
            task.cancel()

    async def close(self) -> None:
        self.forget()
        await asyncio.gather(*list(self.tasks), return_exceptions=True)

    async def _run(
        self, operation: BulkOperation, query: BulkQuery, context: Context, *, grouped: bool
    ) -> None:
        plan = self.emulator.faults.plan.bulk
        await asyncio.sleep(plan.delay_s / 2)
        if operation.status == "CREATED":
            operation.status = "RUNNING"
        await asyncio.sleep(plan.delay_s / 2)
        lines: list[str] = []
        failure = plan.error_code
        start = 0
        while failure is None and operation.status == "RUNNING":
            sliced = replace(context, bulk=(start, start + SLICE), outcomes=[], searches=[])
            try:
                found = _slice(query, sliced, grouped=grouped)
            except GraphQLError as error:
                denied = (error.extensions or {}).get("code") == "ACCESS_DENIED"
                failure = "ACCESS_DENIED" if denied else "INTERNAL_SERVER_ERROR"
                break
            lines += found.lines
            operation.root_objects += found.roots
            operation.objects += len(found.lines)
            if found.roots < SLICE:
                break
            start += SLICE
            await asyncio.sleep(0)
        self._finish(operation, context, lines, failure)

    def _finish(
        self, operation: BulkOperation, context: Context, lines: list[str], failure: str | None
    ) -> None:
        emulator = self.emulator
        operation.completed_at = emulator.now()
        operation.error_code = failure
        cancelled = operation.status == "CANCELING"
        operation.status = "CANCELED" if cancelled else "FAILED" if failure else "COMPLETED"
        if lines:
            content = "".join(f"{line}\n" for line in lines).encode()
            name = f"bulk-{operation.id}.jsonl"
            key = emulator.storage.add(StoredFile(name, "application/jsonl", content))
            if operation.status == "COMPLETED":
                operation.file, operation.size = key, len(content)
            else:
                operation.partial_file = key
        act = emulator.action(context.shop)
        act.tell("bulk_operations/finish", operation)
        emulator.publish(act)


@dataclass
class _Found:
    roots: int
    lines: list[str]


def _slice(query: BulkQuery, context: Context, *, grouped: bool) -> _Found:
    """The lines of a slice of the root objects; raises the first GraphQLError of its fields."""
    result = execute_sync(
        query.schema,
        query.document,
        context_value=context,
        field_resolver=resolve_field,
        type_resolver=resolve_type,
    )
    if result.errors:
        raise result.errors[0]
    assert result.data is not None
    root = query.schema.query_type
    assert root is not None
    ((field, parent),) = query.fields(query.operation.selection_set, root)
    objects = list(_objects(query, field, parent, result.data[_key(field)], None))
    if not grouped:
        # Nobody may rely on the order: parents do not stand beside their children.
        objects.sort(key=lambda entry: "__parentId" in entry)
    lines = [json.dumps(entry, separators=(",", ":"), ensure_ascii=False) for entry in objects]
    return _Found(sum("__parentId" not in entry for entry in objects), lines)


def _objects(
    query: BulkQuery, field: FieldNode, parent: GraphQLNamedType, value: Any, owner: str | None
) -> Iterator[dict[str, Any]]:
    """A connection's objects, each followed by those of the connections in it."""
    connection = _type(field, parent)
    element = _element(query, field, connection)
    if element is None or value is None:
        return
    selection, kind = element
    for node in _nodes(query, field, connection, value):
        nested: list[tuple[FieldNode, GraphQLNamedType, Any]] = []
        shown = _without_connections(query, selection, kind, node, nested)
        yield shown if owner is None else {**shown, "__parentId": owner}
        for inner, holder, inside in nested:
            yield from _objects(query, inner, holder, inside, node.get("id"))


def _without_connections(
    query: BulkQuery,
    selection: SelectionSetNode,
    kind: GraphQLNamedType,
    value: Any,
    nested: list[tuple[FieldNode, GraphQLNamedType, Any]],
) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for field, owner in query.fields(selection, kind):
        key = _key(field)
        if key not in value:
            continue
        inside = value[key]
        if _is_connection(field, owner):
            nested.append((field, owner, inside))
        elif isinstance(inside, dict) and field.selection_set is not None:
            inner = _type(field, owner)
            shown[key] = _without_connections(query, field.selection_set, inner, inside, nested)
        else:
            shown[key] = inside
    return shown


def _nodes(query: BulkQuery, field: FieldNode, connection: GraphQLNamedType, value: Any) -> Any:
    assert field.selection_set is not None
    for inner, _ in query.fields(field.selection_set, connection):
        if inner.name.value == "nodes":
            return value[_key(inner)]
        if inner.name.value == "edges" and inner.selection_set is not None:
            for node, _ in query.fields(inner.selection_set, connection):
                if node.name.value == "node":
                    return [edge[_key(node)] for edge in value[_key(inner)]]
    return []


def _element(
    query: BulkQuery, field: FieldNode, connection: GraphQLNamedType
) -> tuple[SelectionSetNode, GraphQLNamedType] | None:
    """What is selected of a connection's objects, and their type."""
    assert field.selection_set is not None
    for inner, owner in query.fields(field.selection_set, connection):
        kind = _type(inner, owner)
        if inner.name.value == "nodes" and inner.selection_set is not None:
            return inner.selection_set, kind
        if inner.name.value == "edges" and inner.selection_set is not None:
            for node, edge in query.fields(inner.selection_set, kind):
                if node.name.value == "node" and node.selection_set is not None:
                    return node.selection_set, _type(node, edge)
    return None


def _type(field: FieldNode, parent: GraphQLNamedType) -> GraphQLNamedType:
    if field.name.value.startswith("__"):
        return parent
    assert isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
    kind: GraphQLNamedType = get_named_type(parent.fields[field.name.value].type)
    return kind


def _is_connection(field: FieldNode, parent: GraphQLNamedType) -> bool:
    return field.selection_set is not None and _type(field, parent).name.endswith("Connection")


def _is_list(field: FieldNode, parent: GraphQLNamedType) -> bool:
    assert isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
    kind = parent.fields[field.name.value].type
    return isinstance(kind.of_type if isinstance(kind, GraphQLNonNull) else kind, GraphQLList)


def _key(field: FieldNode) -> str:
    return field.alias.value if field.alias else field.name.value
