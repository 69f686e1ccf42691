"""Metaobjects and their definitions. ``$app:x`` stands for the type ``x`` of the app's own."""

from __future__ import annotations

import json
import re
from typing import Any

from emulators.shopify.admin.lookup import find, searched
from emulators.shopify.admin.metafields import full_namespace
from emulators.shopify.engine.connections import connect
from emulators.shopify.engine.registry import (
    Args,
    Context,
    access_denied,
    mutation,
    query,
    resolver,
)
from emulators.shopify.engine.search import Values
from emulators.shopify.model.metafield_values import TYPES, reads_as_json
from emulators.shopify.model.metaobjects import (
    FieldDefinition,
    Metaobject,
    MetaobjectDefinition,
    MetaobjectField,
)
from emulators.shopify.model.resource import Resource
from emulators.shopify.rules import metaobjects
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.refusal import Refused, UserError, refuse

READ, WRITE = "read_metaobjects", "write_metaobjects"
READ_DEFINITIONS, WRITE_DEFINITIONS = (
    "read_metaobject_definitions",
    "write_metaobject_definitions",
)
FIELD_LIMIT = 40
KEY = re.compile(r"[a-z0-9_-]{2,64}")
SEARCH: dict[str, Values] = {
    "created_at": lambda m: m.created_at,
    "display_name": lambda m: m.display_name,
    "handle": lambda m: m.handle,
    "id": lambda m: m.id,
    "updated_at": lambda m: m.updated_at,
}
SORT: dict[str, Values] = {
    "display_name": lambda m: m.display_name.casefold(),
    "id": lambda m: m.id,
    "type": lambda m: m.type,
    "updated_at": lambda m: m.updated_at,
}


def full_type(context: Context, name: str) -> str:
    """A type as it is stored."""
    return full_namespace(context, name)


@query("metaobject", scope=READ)
def metaobject(_: Any, context: Context, args: Args) -> Metaobject | None:
    return find(context, Metaobject, args["id"])


@query("metaobjectByHandle", scope=READ)
def metaobject_by_handle(_: Any, context: Context, args: Args) -> Metaobject | None:
    wanted = (full_type(context, args["handle"]["type"]), args["handle"]["handle"])
    found = context.shop.metaobjects.values()
    return next((known for known in found if (known.type, known.handle) == wanted), None)


@query("metaobjects", scope=READ)
def list_metaobjects(_: Any, context: Context, args: Args) -> dict[str, Any]:
    kind = full_type(context, args["type"])
    definition = _definition(context, kind)
    keys = [known.key for known in definition.fields] if definition is not None else []
    own: dict[str, Values] = {f"fields.{key}": _reads(key) for key in keys}
    search = searched(context, "metaobjects", args, SEARCH | own, lambda m: m.display_name)
    key = SORT.get(args.get("sortKey") or "id")
    if key is None:
        raise access_denied(f"metaobjects sorted by {args['sortKey']}")
    sort = key
    found = [m for m in context.shop.metaobjects.values() if m.type == kind and search.matches(m)]
    found.sort(key=lambda m: (sort(m), m.id))
    return connect(found, args)


@query("metaobjectDefinition", scope=READ_DEFINITIONS)
def metaobject_definition(_: Any, context: Context, args: Args) -> MetaobjectDefinition | None:
    return find(context, MetaobjectDefinition, args["id"])


@query("metaobjectDefinitionByType", scope=READ_DEFINITIONS)
def definition_by_type(_: Any, context: Context, args: Args) -> MetaobjectDefinition | None:
    return _definition(context, full_type(context, args["type"]))


@query("metaobjectDefinitions", scope=READ_DEFINITIONS)
def metaobject_definitions(_: Any, context: Context, args: Args) -> dict[str, Any]:
    return connect(list(context.shop.metaobject_definitions.values()), args)


@resolver("Metaobject", "fields")
def fields(known: Metaobject, _: Context, __: Args) -> list[MetaobjectField]:
    return [_field(known, definition) for definition in known.definition.fields]


@resolver("Metaobject", "field")
def one_field(known: Metaobject, _: Context, args: Args) -> MetaobjectField | None:
    definition = known.definition.field(args["key"])
    return None if definition is None else _field(known, definition)


@resolver("Metaobject", "values")
def values_of(known: Metaobject, context: Context, _: Args) -> dict[str, Any]:
    return {field.key: json_value(field, context, {}) for field in fields(known, context, {})}


@resolver("Metaobject", "capabilities")
def capabilities(known: Metaobject, _: Context, __: Args) -> dict[str, Any]:
    status = {"status": known.status} if known.definition.publishable else None
    return {"publishable": status, "onlineStore": None}


@resolver("MetaobjectField", "jsonValue")
def json_value(field: MetaobjectField, _: Context, __: Args) -> Any:
    if field.value is None:
        return None
    return json.loads(field.value) if reads_as_json(field.type) else field.value


@resolver("MetaobjectField", "reference")
def reference(field: MetaobjectField, context: Context, _: Args) -> Resource | None:
    if field.value is None or not field.type.endswith("_reference"):
        return None
    return None if field.type.startswith("list.") else context.shop.find(field.value)


@resolver("MetaobjectField", "references")
def references(field: MetaobjectField, context: Context, args: Args) -> dict[str, Any] | None:
    if field.value is None or not re.fullmatch(r"list\.\w+_reference", field.type):
        return None
    found = [context.shop.find(gid) for gid in json.loads(field.value)]
    return connect([target for target in found if target is not None], args)


@resolver("MetaobjectDefinition", "fieldDefinitions")
def field_definitions(known: MetaobjectDefinition, _: Context, __: Args) -> list[FieldDefinition]:
    return list(known.fields)


@resolver("MetaobjectDefinition", "access")
def access(known: MetaobjectDefinition, _: Context, __: Args) -> dict[str, Any]:
    return {
        "admin": known.admin_access,
        "storefront": known.storefront_access,
        "customerAccount": "NONE",
    }


@resolver("MetaobjectDefinition", "capabilities")
def definition_capabilities(known: MetaobjectDefinition, _: Context, __: Args) -> dict[str, Any]:
    return {
        "publishable": {"enabled": known.publishable},
        "translatable": {"enabled": known.translatable},
        "renderable": None,
        "onlineStore": None,
    }


@resolver("MetaobjectDefinition", "metaobjectsCount")
def metaobjects_count(known: MetaobjectDefinition, context: Context, __: Args) -> int:
    return sum(m.definition is known for m in context.shop.metaobjects.values())


@resolver("MetaobjectFieldDefinition", "type")
def field_type(known: FieldDefinition, _: Context, __: Args) -> dict[str, Any]:
    return {"name": known.type, "category": TYPES[known.type]}


@resolver("MetaobjectFieldDefinition", "validations")
def validations(_: FieldDefinition, __: Context, ___: Args) -> list[Any]:
    return []


@mutation("metaobjectDefinitionCreate", scope=WRITE_DEFINITIONS)
def create_definition(act: Action, context: Context, args: Args) -> dict[str, Any]:
    given = args["definition"]
    kind = full_type(context, given["type"])
    _check_owner(context, kind, ("definition", "type"))
    if _definition(context, kind) is not None:
        raise refuse("Type has already been taken", code="TAKEN", field=("definition", "type"))
    defined = _field_definitions(given.get("fieldDefinitions") or [])
    shown_key = given.get("displayNameKey")
    if shown_key is not None and all(known.key != shown_key for known in defined):
        message = f'Field definition "{shown_key}" does not exist'
        field = ("definition", "displayNameKey")
        raise refuse(message, code="UNDEFINED_OBJECT_FIELD", field=field)
    made = MetaobjectDefinition(
        id=act.new_id(),
        type=kind,
        name=given.get("name") or given["type"].rpartition(":")[2].replace("_", " ").title(),
        created_at=act.now,
        updated_at=act.now,
        fields=defined,
        description=given.get("description"),
        display_name_key=shown_key,
        admin_access=_admin_access(context, given, kind),
        storefront_access=(given.get("access") or {}).get("storefront") or "NONE",
        publishable=_enabled(given, "publishable"),
        translatable=_enabled(given, "translatable"),
    )
    context.shop.metaobject_definitions[made.id] = made
    return {"metaobjectDefinition": made}


@mutation("metaobjectCreate", scope=WRITE)
def create(act: Action, context: Context, args: Args) -> dict[str, Any]:
    given = args["metaobject"]
    _no_values(given)
    definition = _known_type(context, given["type"], ("metaobject", "type"))
    made = metaobjects.create(
        act, definition, _values(given), handle=given.get("handle"), status=_status(given)
    )
    return {"metaobject": made}


@mutation("metaobjectUpsert", scope=WRITE)
def upsert(act: Action, context: Context, args: Args) -> dict[str, Any]:
    """Writes the fields given to the metaobject of a type and handle, which is made where there is none."""
    _no_values(args)
    key, given = args["handle"], args.get("metaobject") or {}
    definition = _known_type(context, key["type"], ("handle", "type"))
    known = metaobjects.by_handle(act, definition, key["handle"])
    values, status = _values(given), _status(given)
    if known is None:
        handle = given.get("handle") or key["handle"]
        known = metaobjects.create(act, definition, values, handle=handle, status=status)
    else:
        metaobjects.update(act, known, values, handle=given.get("handle"), status=status)
    return {"metaobject": known}


@mutation("metaobjectUpdate", scope=WRITE)
def update(act: Action, context: Context, args: Args) -> dict[str, Any]:
    given = args["metaobject"]
    _no_values(given)
    if given.get("redirectNewHandle"):
        raise access_denied("redirectNewHandle of MetaobjectUpdateInput")
    known = _existing(context, args["id"])
    metaobjects.update(
        act, known, _values(given), handle=given.get("handle"), status=_status(given)
    )
    return {"metaobject": known}


@mutation("metaobjectDelete", scope=WRITE)
def delete(act: Action, context: Context, args: Args) -> dict[str, Any]:
    known = _existing(context, args["id"])
    metaobjects.delete(act, known)
    return {"deletedId": known.gid}


def _reads(key: str) -> Values:
    return lambda known: known.texts.get(key)


def _field(known: Metaobject, definition: FieldDefinition) -> MetaobjectField:
    return MetaobjectField(definition, known.texts.get(definition.key))


def _definition(context: Context, kind: str) -> MetaobjectDefinition | None:
    found = context.shop.metaobject_definitions.values()
    return next((known for known in found if known.type == kind), None)


def _known_type(context: Context, name: str, field: tuple[str, ...]) -> MetaobjectDefinition:
    kind = full_type(context, name)
    _check_owner(context, kind, field)
    definition = _definition(context, kind)
    if definition is None:
        message = f'No metaobject definition exists for type "{name}"'
        raise refuse(message, code="UNDEFINED_OBJECT_TYPE", field=field)
    return definition


def _existing(context: Context, gid: str) -> Metaobject:
    known = find(context, Metaobject, gid)
    if known is None:
        raise refuse("Record not found", code="RECORD_NOT_FOUND", field=("id",))
    _check_owner(context, known.type, ("id",))
    return known


def _check_owner(context: Context, kind: str, field: tuple[str, ...]) -> None:
    """Another app's types are not this app's to write."""
    own = context.emulator.options.app_namespace
    if kind.startswith("app--") and kind.split("--")[:2] != own.split("--"):
        raise refuse("Not authorized to access this type", code="NOT_AUTHORIZED", field=field)


def _field_definitions(given: list[dict[str, Any]]) -> list[FieldDefinition]:
    errors = []
    if len(given) > FIELD_LIMIT:
        message = f"A definition has at most {FIELD_LIMIT} fields"
        field = ("definition", "fieldDefinitions")
        raise refuse(message, code="INPUT_LIMIT_EXCEEDED", field=field)
    seen: set[str] = set()
    for index, entry in enumerate(given):
        at = ("definition", "fieldDefinitions", str(index))
        for name in ("validations", "capabilities"):
            if entry.get(name):
                raise access_denied(f"{name} of MetaobjectFieldDefinitionCreateInput")
        key = entry["key"]
        if KEY.fullmatch(key) is None:
            errors.append(UserError((*at, "key"), "Key is invalid", "INVALID", element_key=key))
        elif key in seen:
            message = f'Field "{key}" duplicates other inputs'
            errors.append(
                UserError((*at, "key"), message, "DUPLICATE_FIELD_INPUT", element_key=key)
            )
        if entry["type"] not in TYPES:
            message = f"Type name {entry['type']} is not a valid type"
            errors.append(UserError((*at, "type"), message, "INCLUSION", element_key=key))
        seen.add(key)
    if errors:
        raise Refused(*errors)
    return [
        FieldDefinition(
            key=entry["key"],
            name=entry.get("name") or entry["key"].replace("_", " ").capitalize(),
            type=entry["type"],
            required=bool(entry.get("required")),
            description=entry.get("description"),
        )
        for entry in given
    ]


def _admin_access(context: Context, given: dict[str, Any], kind: str) -> str:
    wanted = (given.get("access") or {}).get("admin")
    own = kind.startswith(context.emulator.options.app_namespace)
    if wanted is not None and not own:
        message = "Admin access can only be specified on metaobject definitions that have an app-reserved type."
        field = ("definition", "access", "admin")
        raise refuse(message, code="ADMIN_ACCESS_INPUT_NOT_ALLOWED", field=field)
    return wanted or ("PRIVATE" if own else "PUBLIC_READ_WRITE")


def _enabled(given: dict[str, Any], name: str) -> bool:
    wanted = given.get("capabilities") or {}
    for other in ("onlineStore", "renderable"):
        if wanted.get(other) is not None:
            raise access_denied(f"{other} of MetaobjectCapabilityCreateInput")
    return bool((wanted.get(name) or {}).get("enabled"))


def _values(given: dict[str, Any]) -> list[tuple[str, str]]:
    return [(entry["key"], entry["value"]) for entry in given.get("fields") or []]


def _status(given: dict[str, Any]) -> str | None:
    wanted = given.get("capabilities") or {}
    if wanted.get("onlineStore") is not None:
        raise access_denied("onlineStore of MetaobjectCapabilityDataInput")
    status = (wanted.get("publishable") or {}).get("status")
    return None if status is None else str(status)


def _no_values(given: dict[str, Any]) -> None:
    if given.get("values") is not None:
        raise access_denied("values")
