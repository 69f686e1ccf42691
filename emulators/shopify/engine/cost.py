"""The cost of a query in points, before and after it runs.

Assumed, as Shopify does not publish the whole of it, and fitted to answers that were observed: a scalar
costs 0, an object 1, a mutation at least 10, a connection ``2 + 2 ln(first)`` times its node, rounded
down. A connection without ``first`` counts as one of 1; ``pageInfo`` and the list around the nodes are
free. Fragments on several types cost what the dearest type costs. ``nodes(ids:)`` counts each id.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_leaf_type,
    value_from_ast_untyped,
)

MUTATION_COST = 10

Fragments = Mapping[str, FragmentDefinitionNode]


def connection_cost(size: int, node: int) -> int:
    """Points of a connection of ``size`` elements, each of which costs ``node``."""
    return math.floor((2 + 2 * math.log(max(1, size))) * node)


def query_cost(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Fragments,
    variables: Mapping[str, Any],
    data: Any = None,
) -> int:
    """Points of an operation: requested without ``data``, actual with the ``data`` it returned."""
    defaults = {
        definition.variable.name.value: value_from_ast_untyped(definition.default_value)
        for definition in operation.variable_definitions
        if definition.default_value is not None
    }
    counter = _Counter(schema, fragments, {**defaults, **variables}, actual=data is not None)
    mutation = operation.operation is OperationType.MUTATION
    root = schema.mutation_type if mutation else schema.query_type
    if root is None:
        return 0
    return counter.selection(operation.selection_set, root, data, mutation=mutation)


class _Counter:
    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Fragments,
        variables: Mapping[str, Any],
        *,
        actual: bool,
    ) -> None:
        self.schema = schema
        self.fragments = fragments
        self.variables = variables
        self.actual = actual

    def selection(
        self,
        selected: SelectionSetNode,
        parent: GraphQLNamedType,
        data: Any,
        *,
        mutation: bool = False,
    ) -> int:
        common = 0
        by_type: dict[str, int] = {}
        for node in selected.selections:
            if isinstance(node, FieldNode):
                cost = self._field(node, parent, data)
                common += max(MUTATION_COST, cost) if mutation else cost
                continue
            condition, inner = self._fragment(node)
            target = self.schema.get_type(condition) if condition else parent
            if target is None:
                continue
            cost = self.selection(inner, target, data, mutation=mutation)
            if target is parent or isinstance(parent, GraphQLObjectType):
                common += cost
            elif isinstance(target, GraphQLObjectType):
                by_type[target.name] = by_type.get(target.name, 0) + cost
            else:
                common += cost
        return common + max(by_type.values(), default=0)

    def _fragment(self, node: Any) -> tuple[str | None, SelectionSetNode]:
        if isinstance(node, FragmentSpreadNode):
            fragment = self.fragments[node.name.value]
            return fragment.type_condition.name.value, fragment.selection_set
        assert isinstance(node, InlineFragmentNode)
        condition = node.type_condition
        return (condition.name.value if condition else None), node.selection_set

    def _field(self, node: FieldNode, parent: GraphQLNamedType, data: Any) -> int:
        if node.name.value.startswith("__") or node.selection_set is None:
            return 0
        if isinstance(parent, GraphQLUnionType):
            return 0
        assert isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
        field_type = get_named_type(parent.fields[node.name.value].type)
        if is_leaf_type(field_type):
            return 0
        value = None
        if self.actual:
            value = data.get(_key(node)) if isinstance(data, dict) else None
            if value is None:
                return 0
        if field_type.name.endswith("Connection"):
            return self._connection(node, field_type, value)
        if isinstance(value, list):
            costs = [1 + self.selection(node.selection_set, field_type, v) for v in value if v]
            return max(costs, default=0) if not self._sized(node) else sum(costs)
        each = 1 + self.selection(node.selection_set, field_type, value)
        return each * self._ids(node)

    def _connection(self, node: FieldNode, connection: GraphQLNamedType, value: Any) -> int:
        assert isinstance(connection, GraphQLObjectType)
        assert node.selection_set is not None
        size = self._argument(node, "first") or self._argument(node, "last") or 1
        cost = 0
        found = 0
        for field, path in self._fields(node.selection_set, connection, value):
            if field.name.value not in ("nodes", "edges") or field.selection_set is None:
                continue
            kind = get_named_type(connection.fields[field.name.value].type)
            items = path.get(_key(field)) if isinstance(path, dict) else None
            samples = items if self.actual and items is not None else [None]
            found = max(found, len(samples))
            costs = [self._element(field, kind, sample) for sample in samples]
            cost += max(costs, default=0)
        if self.actual:
            size = min(size, found)
        return connection_cost(size, max(1, cost)) if size else 2

    def _element(self, field: FieldNode, kind: GraphQLNamedType, sample: Any) -> int:
        assert field.selection_set is not None
        if field.name.value == "nodes":
            return 1 + self.selection(field.selection_set, kind, sample)
        # An edge itself is free; its node costs.
        return self.selection(field.selection_set, kind, sample)

    def _fields(
        self, selected: SelectionSetNode, parent: GraphQLObjectType, data: Any
    ) -> list[tuple[FieldNode, Any]]:
        fields: list[tuple[FieldNode, Any]] = []
        for node in selected.selections:
            if isinstance(node, FieldNode):
                fields.append((node, data))
            else:
                fields += self._fields(self._fragment(node)[1], parent, data)
        return fields

    def _argument(self, node: FieldNode, name: str) -> int | None:
        for argument in node.arguments:
            if argument.name.value == name:
                if isinstance(argument.value, IntValueNode):
                    return int(argument.value.value)
                if isinstance(argument.value, VariableNode):
                    value = self.variables.get(argument.value.name.value)
                    return value if isinstance(value, int) else None
        return None

    def _sized(self, node: FieldNode) -> bool:
        return node.name.value == "nodes"

    def _ids(self, node: FieldNode) -> int:
        if self.actual or node.name.value != "nodes":
            return 1
        for argument in node.arguments:
            if argument.name.value == "ids":
                if isinstance(argument.value, ListValueNode):
                    return max(1, len(argument.value.values))
                if isinstance(argument.value, VariableNode):
                    value = self.variables.get(argument.value.name.value)
                    return max(1, len(value)) if isinstance(value, list) else 1
        return 1


def _key(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value
