"""Metaobjects: written whole or in part, by the app or by staff; an equal value changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from emulators.shopify.model.metafield_values import problem
from emulators.shopify.model.metaobjects import Metaobject, MetaobjectDefinition
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.refusal import Refused, UserError, refuse

HANDLE = re.compile(r"[a-z0-9][a-z0-9_-]{0,254}")


def by_handle(act: Action, definition: MetaobjectDefinition, handle: str) -> Metaobject | None:
    return next(
        (
            found
            for found in act.shop.metaobjects.values()
            if found.definition is definition and found.handle == handle
        ),
        None,
    )


def create(
    act: Action,
    definition: MetaobjectDefinition,
    values: Sequence[tuple[str, str]],
    *,
    handle: str | None = None,
    status: str | None = None,
    at: tuple[str, ...] = ("metaobject",),
) -> Metaobject:
    """A new metaobject; ``at`` is where the input has it."""
    texts = _checked(act, definition, values, at)
    number = act.new_id()
    wanted = (
        handle if handle is not None else f"{definition.name.lower().replace(' ', '-')}-{number}"
    )
    _check_handle(act, definition, wanted, at)
    _check_status(definition, status, at)
    _check_required(definition, texts, at)
    made = Metaobject(
        id=number,
        definition=definition,
        handle=wanted,
        created_at=act.now,
        updated_at=act.now,
        texts={key: text for key, text in texts.items() if text},
        status=status or "DRAFT",
    )
    act.shop.metaobjects[made.id] = made
    act.tell("metaobjects/create", made)
    return made


def update(
    act: Action,
    known: Metaobject,
    values: Sequence[tuple[str, str]],
    *,
    handle: str | None = None,
    status: str | None = None,
    at: tuple[str, ...] = ("metaobject",),
) -> None:
    """Fields that are not named stay; an empty text takes a value out. Nothing is told of no change (assumed)."""
    definition = known.definition
    changed = known.texts | _checked(act, definition, values, at)
    if handle is not None and handle != known.handle:
        _check_handle(act, definition, handle, at)
    _check_status(definition, status, at)
    _check_required(definition, changed, at)
    texts = {key: text for key, text in changed.items() if text}
    before = (known.texts, known.handle, known.status)
    known.texts, known.handle = texts, handle or known.handle
    known.status = status or known.status
    if (known.texts, known.handle, known.status) != before:
        known.updated_at = act.now
        act.tell("metaobjects/update", known)


def delete(act: Action, known: Metaobject) -> None:
    del act.shop.metaobjects[known.id]
    act.tell("metaobjects/delete", known)


def exists_in(act: Action) -> Callable[[str], bool]:
    """Whether a reference's target is in the shop."""
    return lambda gid: act.shop.find(gid) is not None


def _checked(
    act: Action,
    definition: MetaobjectDefinition,
    values: Sequence[tuple[str, str]],
    at: tuple[str, ...],
) -> dict[str, str]:
    errors = []
    texts: dict[str, str] = {}
    for index, (key, text) in enumerate(values):
        where = (*at, "fields", str(index))
        known = definition.field(key)
        if known is None:
            message = f'Field definition "{key}" does not exist'
            errors.append(_error(where, message, "UNDEFINED_OBJECT_FIELD", key))
        elif key in texts:
            message = f'Field "{key}" duplicates other inputs'
            errors.append(_error(where, message, "DUPLICATE_FIELD_INPUT", key))
        elif text and (wrong := problem(known.type, text, exists_in(act))) is not None:
            errors.append(_error((*where, "value"), f"Value {wrong}", "INVALID_VALUE", key))
        texts[key] = text
    if errors:
        raise Refused(*errors)
    return texts


def _check_required(
    definition: MetaobjectDefinition, texts: Mapping[str, str], at: tuple[str, ...]
) -> None:
    missing = [known for known in definition.fields if known.required and not texts.get(known.key)]
    errors = [
        _error(at, f"{known.name} can't be blank", "OBJECT_FIELD_REQUIRED", known.key)
        for known in missing
    ]
    if errors:
        raise Refused(*errors)


def _check_handle(
    act: Action, definition: MetaobjectDefinition, handle: str, at: tuple[str, ...]
) -> None:
    if HANDLE.fullmatch(handle) is None:
        raise refuse("Handle is invalid", code="INVALID", field=(*at, "handle"))
    if by_handle(act, definition, handle) is not None:
        raise refuse("Handle has already been taken", code="TAKEN", field=(*at, "handle"))


def _check_status(
    definition: MetaobjectDefinition, status: str | None, at: tuple[str, ...]
) -> None:
    if status is not None and not definition.publishable:
        raise refuse(
            "Capability is not enabled on this definition",
            code="CAPABILITY_NOT_ENABLED",
            field=(*at, "capabilities", "publishable"),
        )


def _error(field: tuple[str, ...], message: str, code: str, key: str) -> UserError:
    return UserError(field, message, code, element_key=key)
