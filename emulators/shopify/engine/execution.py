"""One GraphQL request: parsed, validated, priced, throttled, executed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute_sync,
    parse,
    validate,
)

from emulators.shopify.engine.cost import query_cost
from emulators.shopify.engine.registry import Context
from emulators.shopify.engine.resolving import resolve_field, resolve_type
from emulators.shopify.engine.throttle import Bucket


@dataclass(frozen=True)
class Answer:
    """The body of the response and, for the record, how it went."""

    body: dict[str, Any]
    outcome: str
    """``ok``, ``user_errors``, ``throttled`` or ``error``."""
    operation_name: str | None
    mutations: tuple[str, ...] = ()
    """The mutation fields asked for; none for a query."""


class Refusal(Exception):
    """The request ends here with these GraphQL errors."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors


def run(
    schema: GraphQLSchema,
    context: Context,
    bucket: Bucket,
    *,
    query: str,
    variables: dict[str, Any],
    operation_name: str | None,
    clock: float,
    throttled: bool,
    max_cost: int,
) -> Answer:
    """Executes a request within the shop's bucket. ``clock`` is in seconds; ``throttled`` forces THROTTLED."""
    mutations: tuple[str, ...] = ()
    name = operation_name
    try:
        operation, fragments, document = _prepared(schema, query, operation_name)
        mutations = _mutations(operation)
        name = operation.name.value if operation.name else None
        requested = query_cost(schema, operation, fragments, variables)
        if requested > max_cost:
            raise Refusal([_too_dear(requested, max_cost)])
    except Refusal as refusal:
        body = {
            "errors": refusal.errors,
            "extensions": {"cost": _cost(0, None, bucket, clock)},
        }
        return Answer(body, "error", name, mutations)
    if throttled or not bucket.take(requested, clock):
        body = {
            "errors": [_throttled()],
            "extensions": {"cost": _cost(requested, None, bucket, clock)},
        }
        return Answer(body, "throttled", name, mutations)
    result = execute_sync(
        schema,
        document,
        context_value=context,
        variable_values=variables,
        operation_name=operation_name,
        field_resolver=resolve_field,
        type_resolver=resolve_type,
    )
    actual = requested
    if result.data is not None:
        spent = query_cost(schema, operation, fragments, variables, result.data)
        actual = min(requested, spent)
        bucket.give_back(requested - actual)
    body = _body(result)
    extensions: dict[str, Any] = {"cost": _cost(requested, actual, bucket, clock)}
    if context.searches:
        extensions["search"] = context.searches
    body["extensions"] = extensions
    return Answer(body, _outcome(result, context), name, mutations)


def _mutations(operation: OperationDefinitionNode) -> tuple[str, ...]:
    if operation.operation is not OperationType.MUTATION:
        return ()
    selected = operation.selection_set.selections
    return tuple(node.name.value for node in selected if isinstance(node, FieldNode))


def _prepared(
    schema: GraphQLSchema, query: str, operation_name: str | None
) -> tuple[OperationDefinitionNode, dict[str, FragmentDefinitionNode], DocumentNode]:
    document = _valid(schema, query)
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    if operation_name is not None:
        operations = [op for op in operations if op.name and op.name.value == operation_name]
    if len(operations) != 1:
        message = "An operation name is required" if operations else "No operation of that name"
        raise Refusal([{"message": message, "extensions": {"code": "BAD_REQUEST"}}])
    fragments = {
        d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)
    }
    return operations[0], fragments, document


@lru_cache(maxsize=256)
def _valid(schema: GraphQLSchema, query: str) -> DocumentNode:
    """The parsed query; valid ones are kept, since an app sends few different ones."""
    try:
        document = parse(query)
    except GraphQLError as error:
        raise Refusal([{**error.formatted, "extensions": {"code": "parseError"}}]) from None
    errors = validate(schema, document)
    if errors:
        code = {"code": "graphqlValidationFailed"}
        raise Refusal([{**error.formatted, "extensions": code} for error in errors])
    return document


def _body(result: ExecutionResult) -> dict[str, Any]:
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = [_formatted(error) for error in result.errors]
    return body


def _formatted(error: GraphQLError) -> dict[str, Any]:
    shown = dict(error.formatted)
    ours = error.original_error is not None and not isinstance(error.original_error, GraphQLError)
    if error.path is None and not ours and not error.extensions:
        # All that is left before execution begins: variables that do not fit.
        shown["extensions"] = {"code": "INVALID_VARIABLE"}
    if ours:
        # A mistake of the emulator itself: loud, as Shopify's own would be.
        shown["message"] = f"Internal error: {error.original_error!r}"
        shown["extensions"] = {"code": "INTERNAL_SERVER_ERROR"}
    return shown


def _outcome(result: ExecutionResult, context: Context) -> str:
    if result.errors:
        return "error"
    return "user_errors" if any(o.user_errors for o in context.outcomes) else "ok"


def _cost(requested: int, actual: int | None, bucket: Bucket, clock: float) -> dict[str, Any]:
    return {
        "requestedQueryCost": requested,
        "actualQueryCost": actual,
        "throttleStatus": bucket.status(clock),
    }


def _throttled() -> dict[str, Any]:
    return {
        "message": "Throttled",
        "extensions": {
            "code": "THROTTLED",
            "documentation": "https://shopify.dev/api/usage/rate-limits",
        },
    }


def _too_dear(cost: int, limit: int) -> dict[str, Any]:
    return {
        "message": f"Query cost is {cost}, which exceeds the single query max cost limit ({limit}).",
        "extensions": {
            "code": "MAX_COST_EXCEEDED",
            "cost": cost,
            "maxCost": limit,
            "documentation": "https://shopify.dev/api/usage/rate-limits",
        },
    }
