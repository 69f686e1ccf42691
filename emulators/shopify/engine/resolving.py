"""graphql-core's resolvers: from the schema's names to the areas' functions and the objects' attributes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from graphql import GraphQLResolveInfo, get_named_type

from emulators.shopify.engine.mutations import run_mutation
from emulators.shopify.engine.registry import (
    FIELDS,
    SCOPES,
    Context,
    Payload,
    Resolver,
    access_denied,
)
from emulators.shopify.model.money import graphql_amount
from emulators.shopify.model.resource import Resource


def resolve_field(source: Any, info: GraphQLResolveInfo, **args: Any) -> Any:
    """graphql-core's field resolver for every field of the schema."""
    context: Context = info.context
    type_name, name = info.parent_type.name, info.field_name
    if type_name == "Mutation":
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
