"""How a mutation field runs: scope, idempotency key, rule, events, record."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from graphql import GraphQLEnumType, GraphQLObjectType, GraphQLResolveInfo, get_named_type
from graphql.execution.values import get_directive_values

from emulators.shopify.engine.registry import (
    MUTATIONS,
    Args,
    Context,
    MutationOutcome,
    Payload,
    access_denied,
    bad_request,
    failed,
    user_error,
)
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.refusal import Refused, UserError

KEY_LIFETIME = timedelta(hours=24)
KEY_LIMIT = 255


@dataclass(frozen=True)
class KeptResult:
    """The answer to an idempotency key."""

    parameters: str
    payload: Payload
    user_errors: list[dict[str, Any]]
    at: datetime


def run_mutation(context: Context, info: GraphQLResolveInfo, args: Args) -> Payload:
    """Runs the rule of a mutation once for each idempotency key and tells the shop's webhooks."""
    name = info.field_name
    rule = MUTATIONS.get(name)
    if rule is None:
        raise access_denied(name)
    if rule.scope is not None and rule.scope not in context.scopes:
        raise access_denied(name, rule.scope)
    key = _idempotency_key(info)
    outcome = MutationOutcome(mutation=name, idempotency_key=key)
    context.outcomes.append(outcome)
    if rule.idempotent and key is None:
        raise bad_request(
            "The @idempotent directive is required for this mutation but was not provided."
        )
    if key is None or not rule.idempotent:
        payload = _run(context, name, args)
        outcome.user_errors = payload["userErrors"]
        return payload
    return _run_once(context, info, args, outcome, key)


def _run_once(
    context: Context, info: GraphQLResolveInfo, args: Args, outcome: MutationOutcome, key: str
) -> Payload:
    kept = context.emulator.idempotency
    now = context.emulator.now()
    while kept:
        # The oldest come first.
        oldest = next(iter(kept))
        if now - kept[oldest].at <= KEY_LIFETIME:
            break
        del kept[oldest]
    parameters = json.dumps([info.field_name, args], sort_keys=True, default=str)
    known = kept.get((context.shop.handle, key))
    if known is not None:
        outcome.replayed = True
        if known.parameters != parameters:
            payload = _mismatch(info)
            outcome.user_errors = payload["userErrors"]
            return payload
        outcome.user_errors = known.user_errors
        return known.payload
    payload = _run(context, info.field_name, args)
    outcome.user_errors = payload["userErrors"]
    kept[context.shop.handle, key] = KeptResult(parameters, payload, outcome.user_errors, now)
    return payload


def _run(context: Context, name: str, args: Args) -> Payload:
    action = Action(context.shop, context.emulator.now())
    try:
        payload = Payload(MUTATIONS[name].run(action, context, args))
    except Refused as refused:
        return failed(refused)
    payload.setdefault("userErrors", [])
    context.emulator.publish(action)
    return payload


def _idempotency_key(info: GraphQLResolveInfo) -> str | None:
    directive = info.schema.get_directive("idempotent")
    if directive is None:
        return None
    values = get_directive_values(directive, info.field_nodes[0], info.variable_values)
    if values is None:
        return None
    key = str(values["key"])
    if not key.strip() or len(key) > KEY_LIMIT:
        raise bad_request(f"The idempotency key must have 1 to {KEY_LIMIT} characters.")
    return key


def _mismatch(info: GraphQLResolveInfo) -> Payload:
    """A user error where the payload's errors have this code, else an error of the request."""
    code = "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"
    message = "The same idempotency key cannot be used with different operation parameters."
    payload_type = get_named_type(info.return_type)
    if isinstance(payload_type, GraphQLObjectType):
        error_type = get_named_type(payload_type.fields["userErrors"].type)
        if isinstance(error_type, GraphQLObjectType) and "code" in error_type.fields:
            codes = get_named_type(error_type.fields["code"].type)
            if isinstance(codes, GraphQLEnumType) and code in codes.values:
                return Payload(userErrors=[user_error(UserError(None, message, code))])
    raise bad_request(message, code)
