"""Who answers which field. Areas register resolvers by the schema's names; nothing is attached to types.

A field of the schema without a resolver is looked up on the object (in snake case). Where that fails
too, the emulator does not support it, and the client gets the error that Shopify gives for fields it
may not use.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, GraphQLResolveInfo, get_named_type

from emulators.shopify.model.money import graphql_amount
from emulators.shopify.model.resource import Resource
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.refusal import Refused, UserError

if TYPE_CHECKING:
    from emulators.shopify.emulator import Emulator
    from emulators.shopify.model.shop import Shop

Args = dict[str, Any]
Resolver = Callable[[Any, "Context", Args], Any]
Mutator = Callable[[Action, "Context", Args], dict[str, Any]]

FIELDS: dict[tuple[str, str], Resolver] = {}


@dataclass(frozen=True)
class MutationRule:
    run: Mutator
    scope: str | None
    idempotent: bool


MUTATIONS: dict[str, MutationRule] = {}
SCOPES: dict[str, str] = {}
"""Access scope that a root query field needs."""


@dataclass
class MutationOutcome:
    """What one mutation field did, for the record of calls."""

    mutation: str
    idempotency_key: str | None = None
    user_errors: list[dict[str, Any]] = field(default_factory=list)
    replayed: bool = False


@dataclass
class Context:
    """One request: who asks, of which shop, in which version."""

    emulator: Emulator
    shop: Shop
    version: str
    scopes: frozenset[str]
    request_id: str
    outcomes: list[MutationOutcome] = field(default_factory=list)
    searches: list[dict[str, Any]] = field(default_factory=list)


class Payload(dict[str, Any]):
    """A mutation's payload; what it does not name is null."""


def resolver(type_name: str, field_name: str) -> Callable[[Resolver], Resolver]:
    """Registers the resolver of one field."""

    def register(function: Resolver) -> Resolver:
        FIELDS[type_name, field_name] = function
        return function

    return register


def query(field_name: str, *, scope: str | None = None) -> Callable[[Resolver], Resolver]:
    """Registers a field of the query root."""
    if scope is not None:
        SCOPES[field_name] = scope
    return resolver("QueryRoot", field_name)


def mutation(
    field_name: str, *, scope: str | None = None, idempotent: bool = False
) -> Callable[[Mutator], Mutator]:
    """Registers a mutation. ``idempotent``: Shopify requires the `@idempotent` directive on it."""

    def register(function: Mutator) -> Mutator:
        MUTATIONS[field_name] = MutationRule(function, scope, idempotent)
        return function

    return register


def access_denied(what: str, scope: str | None = None) -> GraphQLError:
    """Shopify's error for what an app may not use; ``emulator`` says where it is our limit."""
    message = f"Access denied for {what} field."
    extensions: dict[str, Any] = {
        "code": "ACCESS_DENIED",
        "documentation": "https://shopify.dev/api/usage/access-scopes",
    }
    if scope is None:
        extensions["emulator"] = "not supported"
    else:
        message += f" Required access: `{scope}` access scope."
        extensions["requiredAccess"] = f"`{scope}` access scope."
    return GraphQLError(message, extensions=extensions)


def bad_request(message: str, code: str = "BAD_REQUEST") -> GraphQLError:
    """An error of the request as a whole."""
    return GraphQLError(message, extensions={"code": code})


def reject(args: Args, *names: str) -> None:
    """Refuses arguments that the emulator can't honour, rather than ignoring them."""
    for name in names:
        if args.get(name) is not None:
            raise access_denied(name)


def resolve_field(source: Any, info: GraphQLResolveInfo, **args: Any) -> Any:
    """graphql-core's field resolver for every field of the schema."""
    context: Context = info.context
    type_name, name = info.parent_type.name, info.field_name
    if type_name == "Mutation":
        from emulators.shopify.engine.mutations import run_mutation

        return run_mutation(context, info, args)
    if type_name == "QueryRoot" and name in SCOPES and SCOPES[name] not in context.scopes:
        raise access_denied(name, SCOPES[name])
    registered = FIELDS.get((type_name, name))
    if registered is None:
        registered = _attribute_resolver(type_name, name)
    value = registered(source, context, args)
    return _presented(value, get_named_type(info.return_type).name)


def resolve_type(value: Any, *_: Any) -> str | None:
    """The concrete type of an object behind an interface or a union."""
    if isinstance(value, Resource):
        return value.gql_type
    if isinstance(value, dict):
        name = value.get("__typename")
        return name if isinstance(name, str) else None
    return None


def user_error(error: UserError) -> dict[str, Any]:
    """A user error as the payload shows it."""
    return {
        "field": list(error.field) if error.field is not None else None,
        "message": error.message,
        "code": error.code,
        "elementIndex": error.element_index,
    }


def failed(refused: Refused) -> Payload:
    return Payload(userErrors=[user_error(error) for error in refused.errors])


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


_UNSET = object()


def _attribute_resolver(type_name: str, name: str) -> Resolver:
    return lambda source, _, __: _attribute(source, type_name, name)


def _attribute(source: Any, type_name: str, name: str) -> Any:
    if isinstance(source, Resource):
        if name == "id":
            return source.gid
        if name == "legacyResourceId":
            return str(source.id)
    if isinstance(source, Payload):
        return source.get(name)
    held = source if isinstance(source, dict) else None
    value = getattr(source, snake(name), _UNSET) if held is None else held.get(name, _UNSET)
    if value is _UNSET or callable(value):
        raise access_denied(f"{name} of {type_name}" if source is not None else name)
    return value


def _presented(value: Any, type_name: str) -> Any:
    if isinstance(value, Decimal):
        return float(value) if type_name == "Float" else graphql_amount(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value
