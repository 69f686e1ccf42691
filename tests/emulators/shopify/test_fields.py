"""Metafields, their definitions, and tags."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulators.shopify.conftest import Driver

SET = """mutation M($metafields: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $metafields) {
  metafields { id namespace key type value compareDigest jsonValue updatedAt }
  userErrors { code elementIndex field message } } }"""
READ = """query M($id: ID!, $namespace: String) { order(id: $id) { updatedAt tags
  metafields(first: 25, namespace: $namespace) { nodes { namespace key value compareDigest } }
  metafield(namespace: "$app", key: "return_claim") { value jsonValue } } }"""
DEFINE = """mutation D($definition: MetafieldDefinitionInput!) {
  metafieldDefinitionCreate(definition: $definition) {
    createdDefinition { id namespace key name ownerType pinnedPosition type { name }
      access { admin } } userErrors { code field message } } }"""
NAMESPACE = "app--1234567"


def field(order: dict[str, Any], value: Any = "{}", **more: Any) -> dict[str, Any]:
    given = {
        "ownerId": order["order_id"],
        "namespace": "$app",
        "key": "return_claim",
        "type": "json",
        "value": value,
    }
    return given | more


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["userErrors"]]


async def test_the_app_s_namespace_stands_for_itself_everywhere(shop: Driver) -> None:
    order = await shop.order()
    value = json.dumps({"R1": "accepted"})
    payload = await shop.mutate(SET, metafields=[field(order, value)])
    (made,) = payload["metafields"]
    assert (made["namespace"], made["jsonValue"]) == (NAMESPACE, {"R1": "accepted"})
    for namespace in ("$app", NAMESPACE, None):
        found = (await shop.ask(READ, id=order["order_id"], namespace=namespace))["order"]
        assert [m["key"] for m in found["metafields"]["nodes"]] == ["return_claim"]
        assert found["metafield"]["value"] == value
    nothing = (await shop.ask(READ, id=order["order_id"], namespace="$app:x"))["order"]
    assert nothing["metafields"]["nodes"] == []
    without = field(order, "1", key="other", type="number_integer")
    del without["namespace"]
    assert (await shop.mutate(SET, metafields=[without]))["metafields"][0]["namespace"] == NAMESPACE


async def test_a_write_with_the_present_digest_succeeds_and_with_an_old_one_is_stale(
    shop: Driver,
) -> None:
    order = await shop.order()
    first = await shop.mutate(SET, metafields=[field(order, "1", compareDigest=None)])
    digest = first["metafields"][0]["compareDigest"]
    second = await shop.mutate(SET, metafields=[field(order, "2", compareDigest=digest)])
    assert second["userErrors"] == []
    assert second["metafields"][0]["compareDigest"] != digest
    for stale in (digest, None):
        payload = await shop.mutate(SET, metafields=[field(order, "3", compareDigest=stale)])
        assert codes(payload) == ["STALE_OBJECT"]
        assert payload["userErrors"][0]["elementIndex"] == 0
        assert payload["metafields"] is None
    broken = await shop.mutate(SET, metafields=[field(order, "3", compareDigest="short")])
    assert codes(broken) == ["INVALID_COMPARE_DIGEST"]
    assert (await shop.ask(READ, id=order["order_id"]))["order"]["metafield"]["value"] == "2"
    blind = await shop.mutate(SET, metafields=[field(order, "4")])
    assert blind["userErrors"] == []


async def test_metafields_are_written_all_or_none(shop: Driver) -> None:
    order = await shop.order()
    good, bad = field(order, "1"), field(order, "not json", key="second")
    payload = await shop.mutate(SET, metafields=[good, bad])
    assert codes(payload) == ["INVALID_VALUE"]
    assert payload["userErrors"][0]["field"] == ["metafields", "1", "value"]
    assert (await shop.ask(READ, id=order["order_id"]))["order"]["metafields"]["nodes"] == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"ownerId": "gid://shopify/Order/999999"}, "INVALID"),
        ({"ownerId": "gid://shopify/Return/1"}, "INVALID"),
        ({"namespace": "app--999--x"}, "APP_NOT_AUTHORIZED"),
        ({"key": "k"}, "TOO_SHORT"),
        ({"key": "k" * 65}, "TOO_LONG"),
        ({"value": ""}, "BLANK"),
        ({"type": "no_such_type"}, "INCLUSION"),
        ({"type": None}, "BLANK"),
        ({"type": "single_line_text_field", "value": "a\nb"}, "INVALID_VALUE"),
        ({"type": "number_integer", "value": "1.5"}, "INVALID_VALUE"),
        ({"type": "boolean", "value": "yes"}, "INVALID_VALUE"),
        ({"type": "date_time", "value": "soon"}, "INVALID_VALUE"),
        ({"type": "url", "value": "ftp://x"}, "INVALID_VALUE"),
        ({"type": "list.url", "value": '["https://a", "x"]'}, "INVALID_VALUE"),
        ({"type": "list.number_integer", "value": json.dumps([1] * 129)}, "INVALID_VALUE"),
    ],
)
async def test_a_wrong_metafield_is_refused_with_its_code(
    shop: Driver, changed: dict[str, Any], code: str
) -> None:
    order = await shop.order()
    payload = await shop.mutate(SET, metafields=[field(order) | changed])
    assert codes(payload) == [code]


async def test_a_type_can_not_change(shop: Driver) -> None:
    order = await shop.order()
    await shop.mutate(SET, metafields=[field(order)])
    payload = await shop.mutate(SET, metafields=[field(order, "x", type="url")])
    assert codes(payload) == ["INVALID_TYPE"]


async def test_at_most_25_metafields_are_set_at_once_and_none_twice(shop: Driver) -> None:
    order = await shop.order()
    many = [field(order, key=f"key_{n}") for n in range(26)]
    assert codes(await shop.mutate(SET, metafields=many)) == ["LESS_THAN_OR_EQUAL_TO"]
    assert codes(await shop.mutate(SET, metafields=many[:25])) == []
    twice = [field(order), field(order)]
    assert codes(await shop.mutate(SET, metafields=twice)) == ["TAKEN"]


async def test_a_definition_is_pinned_readable_by_staff_and_taken_once(shop: Driver) -> None:
    definition = {
        "name": "Return claim",
        "namespace": "$app",
        "key": "return_claim",
        "type": "json",
        "ownerType": "ORDER",
        "pin": True,
        "access": {"admin": "MERCHANT_READ"},
    }
    payload = await shop.mutate(DEFINE, definition=definition)
    assert payload["userErrors"] == []
    assert payload["createdDefinition"]["namespace"] == NAMESPACE
    assert payload["createdDefinition"]["pinnedPosition"] == 1
    assert payload["createdDefinition"]["access"] == {"admin": "MERCHANT_READ"}
    assert codes(await shop.mutate(DEFINE, definition=definition)) == ["TAKEN"]
    listed = await shop.ask(
        """query D($ns: String) { metafieldDefinitions(ownerType: ORDER, namespace: $ns, first: 9) {
          nodes { key type { name } } } }""",
        ns="$app",
    )
    assert listed["metafieldDefinitions"]["nodes"] == [
        {"key": "return_claim", "type": {"name": "json"}}
    ]
    order = await shop.order()
    untyped = field(order)
    del untyped["type"]
    payload = await shop.mutate(SET, metafields=[untyped])
    assert payload["metafields"][0]["type"] == "json"
    assert codes(await shop.mutate(SET, metafields=[field(order, "x", type="url")])) == [
        "INVALID_TYPE"
    ]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"namespace": "custom"}, "ADMIN_ACCESS_INPUT_NOT_ALLOWED"),
        ({"type": "nothing"}, "INCLUSION"),
        ({"name": " "}, "BLANK"),
    ],
)
async def test_a_wrong_definition_is_refused(
    shop: Driver, changed: dict[str, Any], code: str
) -> None:
    definition = {
        "name": "Claim",
        "key": "claim",
        "type": "json",
        "ownerType": "ORDER",
        "access": {"admin": "MERCHANT_READ"},
    }
    assert codes(await shop.mutate(DEFINE, definition=definition | changed)) == [code]


async def test_tags_are_added_and_removed_one_by_one(shop: Driver) -> None:
    order = await shop.order(tags=["vip"])
    add = """mutation T($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) {
      node { id } userErrors { field message } } }"""
    remove = """mutation T($id: ID!, $tags: [String!]!) { tagsRemove(id: $id, tags: $tags) {
      node { id } userErrors { field message } } }"""
    shop.clock.pass_(minutes=5)
    payload = await shop.mutate(add, id=order["order_id"], tags=["claim: open", "VIP", " new "])
    assert payload["node"]["id"] == order["order_id"]
    found = (await shop.ask(READ, id=order["order_id"]))["order"]
    assert found["tags"] == ["claim: open", "new", "vip"]
    assert found["updatedAt"] == "2026-11-02T09:05:00Z"
    await shop.mutate(remove, id=order["order_id"], tags=["CLAIM: OPEN", "absent"])
    assert (await shop.ask(READ, id=order["order_id"]))["order"]["tags"] == ["new", "vip"]
    shop.clock.pass_(minutes=5)
    await shop.mutate(add, id=order["order_id"], tags=["vip"])
    found = (await shop.ask(READ, id=order["order_id"]))["order"]
    assert found["updatedAt"] == "2026-11-02T09:05:00Z"
    too_long = await shop.mutate(add, id=order["order_id"], tags=["x" * 41])
    assert too_long["userErrors"]
