"""Tags: added and removed one by one."""

from __future__ import annotations

from typing import Any

from emulators.shopify.admin.lookup import find
from emulators.shopify.engine.registry import Args, Context, access_denied, mutation
from emulators.shopify.model.orders import Order
from emulators.shopify.model.resource import gid_type
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.refusal import refuse

TAG_LIMIT = 250
LENGTH_LIMIT = 40


@mutation("tagsAdd", scope="write_orders")
def tags_add(act: Action, context: Context, args: Args) -> dict[str, Any]:
    order = _tagged(context, args["id"])
    tags = _clean(args["tags"])
    for tag in tags:
        if len(tag) > LENGTH_LIMIT:
            raise refuse(f"Tag exceeds {LENGTH_LIMIT} characters", field=("tags",))
    known = {tag.casefold() for tag in order.tags}
    added = [tag for tag in tags if tag.casefold() not in known]
    if len(order.tags) + len(added) > TAG_LIMIT:
        raise refuse(f"Cannot have more than {TAG_LIMIT} tags", field=("tags",))
    if added:
        order.tags = sorted([*order.tags, *added], key=str.casefold)
        act.touch(order)
    return {"node": order}


@mutation("tagsRemove", scope="write_orders")
def tags_remove(act: Action, context: Context, args: Args) -> dict[str, Any]:
    order = _tagged(context, args["id"])
    gone = {tag.casefold() for tag in _clean(args["tags"])}
    kept = [tag for tag in order.tags if tag.casefold() not in gone]
    if len(kept) != len(order.tags):
        order.tags = kept
        act.touch(order)
    return {"node": order}


def _tagged(context: Context, gid: str) -> Order:
    if gid_type(gid) not in ("Order", None):
        raise access_denied(f"tags of {gid_type(gid)}")
    order = find(context, Order, gid)
    if order is None:
        raise refuse("Order does not exist", field=("id",))
    return order


def _clean(tags: list[str]) -> list[str]:
    """Trimmed, split at commas as Shopify does, without repeats (case does not count)."""
    found: dict[str, str] = {}
    for tag in (part.strip() for text in tags for part in text.split(",")):
        if tag:
            found.setdefault(tag.casefold(), tag)
    return list(found.values())
