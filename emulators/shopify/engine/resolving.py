"""graphql-core's resolvers: from the schema's names to the areas' functions and the objects' attributes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from graphql import GraphQLResolveInfo, get_named_type

from emulators.shopify.engine.mutations import run_mutation
from emulators.shopify.engine.registry import (
    FIELDS,
    SCOPES,
    BulkArgs,
    Context,
    Payload,
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
    if context.bulk is not None and get_named_type(info.return_type).name.endswith("Connection"):
        args = BulkArgs(args)
        args.span = context.bulk if type_name == "QueryRoot" else None
    own = FIELDS.get((type_name, name))
    value = own(source, context, args) if own else _attribute(source, type_name, name)
    if isinstance(value, Decimal | datetime):
        return _presented(value, get_named_type(info.return_type).name)
    return value


def resolve_type(value: Any, *_: Any) -> str | None:
    """The concrete type of an object behind an interface or a union."""
    if isinstance(value, Resource):
        return value.gql_type
    if isinstance(value, dict):
        name = value.get("__typename")
        return name if isinstance(name, str) else None
    return None


@cache
def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


_UNSET = object()


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


def _presented(value: Decimal | datetime, type_name: str) -> str | float:
    if isinstance(value, Decimal):
        return float(value) if type_name == "Float" else graphql_amount(value)
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
