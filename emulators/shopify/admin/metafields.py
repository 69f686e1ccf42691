"""Metafields with compare-and-set, and their definitions. ``$app`` stands for the app's own namespace."""

from __future__ import annotations

import json
from typing import Any

from emulators.shopify.engine.connections import connect
from emulators.shopify.engine.registry import (
    Args,
    Context,
    access_denied,
    mutation,
    query,
    resolver,
)
from emulators.shopify.engine.search import parse
from emulators.shopify.model.catalog import Location, Product, Variant
from emulators.shopify.model.metafield_values import TYPES, problem, reads_as_json
from emulators.shopify.model.metafields import Metafield, MetafieldDefinition
from emulators.shopify.model.orders import Order
from emulators.shopify.model.resource import Resource
from emulators.shopify.model.shop import Shop
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.refusal import Refused, UserError, refuse

OWNERS: dict[type[Resource], str] = {
    Order: "ORDER",
    Shop: "SHOP",
    Location: "LOCATION",
    Product: "PRODUCT",
    Variant: "PRODUCTVARIANT",
}
WRITE_SCOPES = {"ORDER": "write_orders", "PRODUCT": "write_products"}
BATCH_LIMIT = 25
PINNED_LIMIT = 20
DIGEST_LENGTH = 64
SEARCH = {
    "id": lambda d: d.id,
    "key": lambda d: d.key,
    "namespace": lambda d: d.namespace,
    "type": lambda d: d.type,
}


def full_namespace(context: Context, namespace: str | None) -> str:
    """The namespace as it is stored; without one, the app's own."""
    own = context.emulator.options.app_namespace
    if namespace is None or namespace == "$app":
        return own
    prefix, _, rest = namespace.partition(":")
    return f"{own}--{rest}" if prefix == "$app" else namespace


@mutation("metafieldsSet")
def metafields_set(act: Action, context: Context, args: Args) -> dict[str, Any]:
    """All or nothing; a value that is already there changes nothing."""
    given = args["metafields"]
    if len(given) > BATCH_LIMIT:
        message = f"Exceeded the maximum metafields input limit of {BATCH_LIMIT}."
        raise refuse(message, code="LESS_THAN_OR_EQUAL_TO", field=("metafields",))
    planned: list[tuple[Resource, Metafield | None, dict[str, Any]]] = []
    errors: list[UserError] = []
    taken: set[tuple[str, str, str]] = set()
    for index, entry in enumerate(given):
        full = entry | {"namespace": full_namespace(context, entry.get("namespace"))}
        owner = context.shop.find(entry["ownerId"])
        error = _problem(context, owner, full, index)
        place = (entry["ownerId"], full["namespace"], full["key"])
        if error is None and place in taken:
            error = _error(index, "key", "Metafield is given twice.", "TAKEN")
        taken.add(place)
        if error is not None:
            errors.append(error)
        elif owner is not None:
            planned.append((owner, _existing(context, owner, full), full))
    if errors:
        raise Refused(*errors)
    return {"metafields": [_write(act, context, *plan) for plan in planned]}


def _write(
    act: Action, context: Context, owner: Resource, known: Metafield | None, entry: dict[str, Any]
) -> Metafield:
    if known is not None:
        if known.value != entry["value"]:
            known.value = entry["value"]
            known.updated_at = act.now
            _touch(act, owner)
        return known
    definition = _definition(context, owner, entry)
    made = Metafield(
        id=act.new_id(),
        owner=owner,
        namespace=entry["namespace"],
        key=entry["key"],
        type=entry.get("type") or (definition.type if definition else ""),
        value=entry["value"],
        created_at=act.now,
        updated_at=act.now,
    )
    context.shop.metafields.setdefault(owner.gid, {})[made.namespace, made.key] = made
    _touch(act, owner)
    return made


def _touch(act: Action, owner: Resource) -> None:
    if isinstance(owner, Order):
        act.touch(owner)


def _problem(
    context: Context, owner: Resource | None, entry: dict[str, Any], index: int
) -> UserError | None:
    if owner is None or type(owner) not in OWNERS:
        return _error(index, "ownerId", "Owner does not exist.", "INVALID")
    scope = WRITE_SCOPES.get(OWNERS[type(owner)])
    if scope is not None and scope not in context.scopes:
        raise access_denied("metafieldsSet", scope)
    namespace, key = entry["namespace"], entry["key"]
    own = context.emulator.options.app_namespace
    if namespace.startswith("app--") and namespace.split("--")[:2] != own.split("--"):
        return _error(
            index, "namespace", "Access to this namespace is denied.", "APP_NOT_AUTHORIZED"
        )
    for name, text, low, high in (("namespace", namespace, 3, 255), ("key", key, 2, 64)):
        if len(text) < low:
            return _error(index, name, f"is too short (minimum is {low} characters)", "TOO_SHORT")
        if len(text) > high:
            return _error(index, name, f"is too long (maximum is {high} characters)", "TOO_LONG")
    known = _existing(context, owner, entry)
    definition = _definition(context, owner, entry)
    expected = definition.type if definition else (known.type if known else None)
    kind = entry.get("type") or expected
    if kind is None:
        return _error(index, "type", "can't be blank", "BLANK")
    if kind not in TYPES:
        return _error(index, "type", f"{kind} is not a supported type.", "INCLUSION")
    if expected is not None and kind != expected:
        return _error(index, "type", f"Type must be {expected}.", "INVALID_TYPE")
    if entry["value"] == "":
        return _error(index, "value", "may not be empty", "BLANK")
    wrong = problem(kind, entry["value"], lambda gid: context.shop.find(gid) is not None)
    if wrong is not None:
        return _error(index, "value", wrong, "INVALID_VALUE")
    return _stale(entry, known, index)


def _stale(entry: dict[str, Any], known: Metafield | None, index: int) -> UserError | None:
    """``compareDigest`` absent: no comparison; null: must not exist; else must be the present one."""
    if "compareDigest" not in entry:
        return None
    expected = entry["compareDigest"]
    if expected is not None and len(expected) != DIGEST_LENGTH:
        message = "The compare digest is invalid."
        return _error(index, "compareDigest", message, "INVALID_COMPARE_DIGEST")
    if (known.compare_digest if known is not None else None) == expected:
        return None
    message = "The resource has been updated since it was loaded. Try again with an updated `compareDigest` value."
    return UserError(("metafields", str(index)), message, "STALE_OBJECT", index)


def _error(index: int, name: str, message: str, code: str) -> UserError:
    return UserError(("metafields", str(index), name), message, code, index)


def _existing(context: Context, owner: Resource, entry: dict[str, Any]) -> Metafield | None:
    return context.shop.metafields.get(owner.gid, {}).get((entry["namespace"], entry["key"]))


def _definition(
    context: Context, owner: Resource, entry: dict[str, Any]
) -> MetafieldDefinition | None:
    wanted = (OWNERS[type(owner)], entry["namespace"], entry["key"])
    for definition in context.shop.definitions.values():
        if (definition.owner_type, definition.namespace, definition.key) == wanted:
            return definition
    return None


@resolver("Order", "metafields")
@resolver("Shop", "metafields")
@resolver("Location", "metafields")
@resolver("Product", "metafields")
@resolver("ProductVariant", "metafields")
def metafields(owner: Resource, context: Context, args: Args) -> dict[str, Any]:
    found = context.shop.metafields_of(owner)
    if args.get("namespace") is not None:
        namespace = full_namespace(context, args["namespace"])
        found = [m for m in found if m.namespace == namespace]
    if args.get("keys") is not None:
        own = [k if "." in k else f"{full_namespace(context, None)}.{k}" for k in args["keys"]]
        pairs = [k.rpartition(".") for k in own]
        keys = {(full_namespace(context, namespace), key) for namespace, _, key in pairs}
        found = [m for m in found if (m.namespace, m.key) in keys]
    return connect(found, args)


@resolver("Order", "metafield")
@resolver("Shop", "metafield")
@resolver("Location", "metafield")
@resolver("Product", "metafield")
@resolver("ProductVariant", "metafield")
def metafield(owner: Resource, context: Context, args: Args) -> Metafield | None:
    place = (full_namespace(context, args.get("namespace")), args["key"])
    return context.shop.metafields.get(owner.gid, {}).get(place)


@resolver("Metafield", "jsonValue")
def json_value(field: Metafield, _: Context, __: Args) -> Any:
    return json.loads(field.value) if reads_as_json(field.type) else field.value


@resolver("Metafield", "ownerType")
def owner_type(field: Metafield, _: Context, __: Args) -> str:
    return OWNERS[type(field.owner)]


@resolver("Metafield", "definition")
def definition_of(field: Metafield, context: Context, __: Args) -> MetafieldDefinition | None:
    return _definition(context, field.owner, {"namespace": field.namespace, "key": field.key})


@query("metafieldDefinitions")
def metafield_definitions(_: Any, context: Context, args: Args) -> dict[str, Any]:
    for name in ("constraintStatus", "constraintSubtype"):
        if args.get(name) is not None:
            raise access_denied(name)
    search = parse(args.get("query"), SEARCH, lambda d: d.name)
    namespace = args.get("namespace")
    wanted = full_namespace(context, namespace) if namespace is not None else None
    pinned = {"PINNED": True, "UNPINNED": False}.get(args.get("pinnedStatus", "ANY"))
    found = [
        d
        for d in context.shop.definitions.values()
        if d.owner_type == args["ownerType"]
        and (wanted is None or d.namespace == wanted)
        and (args.get("key") is None or d.key == args["key"])
        and (pinned is None or (d.pinned_position is not None) is pinned)
        and search.matches(d)
    ]
    match args.get("sortKey", "ID"):
        case "NAME":
            found.sort(key=lambda d: d.name)
        case "PINNED_POSITION":
            found.sort(key=lambda d: d.pinned_position or 0)
    return connect(found, args)


@resolver("MetafieldDefinition", "type")
def definition_type(definition: MetafieldDefinition, _: Context, __: Args) -> dict[str, Any]:
    return {"name": definition.type, "category": TYPES[definition.type]}


@resolver("MetafieldDefinition", "access")
def definition_access(definition: MetafieldDefinition, _: Context, __: Args) -> dict[str, Any]:
    return {"admin": definition.admin_access, "storefront": "NONE", "customerAccount": "NONE"}


@mutation("metafieldDefinitionCreate")
def definition_create(act: Action, context: Context, args: Args) -> dict[str, Any]:
    given = args["definition"]
    for name in ("capabilities", "constraints", "validations"):
        if given.get(name):
            raise access_denied(f"{name} of MetafieldDefinitionInput")
    owner = given["ownerType"]
    if owner not in OWNERS.values():
        raise access_denied(f"ownerType {owner}")
    if owner in WRITE_SCOPES and WRITE_SCOPES[owner] not in context.scopes:
        raise access_denied("metafieldDefinitionCreate", WRITE_SCOPES[owner])
    namespace = full_namespace(context, given.get("namespace"))
    access = (given.get("access") or {}).get("admin")
    own = namespace.startswith(context.emulator.options.app_namespace)
    if access is not None and not own:
        message = "Setting this access control is not permitted outside the app's namespace."
        where = ("definition", "access", "admin")
        raise refuse(message, code="ADMIN_ACCESS_INPUT_NOT_ALLOWED", field=where)
    if given["type"] not in TYPES:
        message = f"Type name {given['type']} is not a valid type."
        raise refuse(message, code="INCLUSION", field=("definition", "type"))
    if not given["name"].strip():
        raise refuse("Name can't be blank", code="BLANK", field=("definition", "name"))
    same_owner = [d for d in context.shop.definitions.values() if d.owner_type == owner]
    if any((d.namespace, d.key) == (namespace, given["key"]) for d in same_owner):
        message = (
            f"Key is in use for {owner.capitalize()} metafields on the '{namespace}' namespace."
        )
        raise refuse(message, code="TAKEN", field=("definition", "key"))
    pinned = [d for d in same_owner if d.pinned_position is not None]
    if given.get("pin") and len(pinned) >= PINNED_LIMIT:
        message = f"Limit of {PINNED_LIMIT} pinned definitions."
        raise refuse(message, code="PINNED_LIMIT_REACHED", field=("definition",))
    definition = MetafieldDefinition(
        id=act.new_id(),
        owner_type=owner,
        namespace=namespace,
        key=given["key"],
        name=given["name"],
        type=given["type"],
        description=given.get("description"),
        admin_access=access or ("PRIVATE" if own else "PUBLIC_READ_WRITE"),
        pinned_position=len(pinned) + 1 if given.get("pin") else None,
    )
    context.shop.definitions[definition.id] = definition
    return {"createdDefinition": definition}
