"""Who answers which field. Areas register resolvers by the schema's names; nothing is attached to types.

A field of the schema without a resolver is looked up on the object (in snake case). Where that fails
too, the emulator does not support it, and the client gets the error that Shopify gives for fields it
may not use.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

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
    base_url: str = ""
    """How the client calls the emulator; addresses in answers begin with it."""
    bulk: tuple[int, int] | None = None
    """In a bulk query: from where to where the connection at the top is read."""


class BulkArgs(dict[str, Any]):
    """Arguments of a connection in a bulk query, which has no pages: all of it, or a slice at the top."""

    span: tuple[int, int] | None = None


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


def user_error(error: UserError) -> Payload:
    """A user error as the payload shows it."""
    return Payload(
        field=list(error.field) if error.field is not None else None,
        message=error.message,
        code=error.code,
        elementIndex=error.element_index,
        **({"elementKey": error.element_key} if error.element_key is not None else {}),
    )


def failed(refused: Refused) -> Payload:
    return Payload(userErrors=[user_error(error) for error in refused.errors])
