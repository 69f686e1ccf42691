"""Metaobjects with their definitions, collections and files: what a campaign is planned with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.emulators.shopify.fulfillment import number, told

if TYPE_CHECKING:
    from tests.emulators.shopify.conftest import Driver, Receiver

DEFINE = """mutation D($definition: MetaobjectDefinitionCreateInput!) {
  metaobjectDefinitionCreate(definition: $definition) {
    metaobjectDefinition { id type name } userErrors { code elementKey elementIndex field message } } }"""
BY_TYPE = """query T($type: String!) { metaobjectDefinitionByType(type: $type) { id type name
  displayNameKey access { admin storefront } metaobjectsCount
  capabilities { publishable { enabled } translatable { enabled } }
  fieldDefinitions { key name required type { name category } validations { name } } } }"""
UPSERT = """mutation U($handle: MetaobjectHandleInput!, $metaobject: MetaobjectUpsertInput!) {
  metaobjectUpsert(handle: $handle, metaobject: $metaobject) {
    metaobject { id handle type displayName updatedAt createdAt values
      fields { key type value jsonValue } capabilities { publishable { status } } }
    userErrors { code elementKey elementIndex field message } } }"""
CREATE = """mutation C($metaobject: MetaobjectCreateInput!) { metaobjectCreate(metaobject: $metaobject) {
  metaobject { id handle } userErrors { code elementKey field message } } }"""
UPDATE = """mutation P($id: ID!, $metaobject: MetaobjectUpdateInput!) {
  metaobjectUpdate(id: $id, metaobject: $metaobject) {
    metaobject { id handle updatedAt field(key: "title") { value } }
    userErrors { code elementKey field message } } }"""
DELETE = """mutation X($id: ID!) { metaobjectDelete(id: $id) { deletedId
  userErrors { code field message } } }"""
ONE = """query O($id: ID!) { metaobject(id: $id) { id definition { type }
  field(key: "collections") { value
    references(first: 5) { nodes { __typename ... on Collection { id title } } } } } }"""
BY_HANDLE = """query H($handle: MetaobjectHandleInput!) { metaobjectByHandle(handle: $handle) {
  id handle fields { key value } } }"""
LIST = """query L($type: String!, $query: String) { metaobjects(type: $type, first: 10, query: $query,
  sortKey: "updated_at") { nodes { handle } } }"""
PRODUCTS = """query C($id: ID!, $first: Int!, $after: String) { collection(id: $id) { id handle title
  updatedAt productsCount { count } products(first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { id title vendor variants(first: 5) { nodes { sku inventoryItem { id } } } } } } }"""
COLLECTIONS = "query L($query: String) { collections(first: 5, query: $query) { nodes { id } } }"
SUBSCRIBE = """mutation S($topic: WebhookSubscriptionTopic!, $s: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $s) {
    webhookSubscription { id } userErrors { field message } } }"""
STAGE = """mutation G($input: [StagedUploadInput!]!) { stagedUploadsCreate(input: $input) {
  stagedTargets { url resourceUrl } userErrors { field message } } }"""
FILE = """mutation F($files: [FileCreateInput!]!) { fileCreate(files: $files) {
  files { id fileStatus ... on GenericFile { url mimeType originalFileSize } }
  userErrors { code field message } } }"""
FILES = """query E($query: String) { files(first: 5, query: $query) { nodes { id fileStatus alt
  ... on GenericFile { url mimeType originalFileSize } } } }"""

TYPE = "$app:partner_campaign"
FULL_TYPE = "app--1234567--partner_campaign"
FIELDS = [
    {"key": "title", "type": "single_line_text_field", "required": True},
    {"key": "starts_at", "type": "date_time"},
    {"key": "ends_at", "type": "date_time"},
    {"key": "collections", "type": "list.collection_reference"},
    {"key": "plan_file", "type": "file_reference"},
    {"key": "partners", "type": "json"},
]


def definition(**more: Any) -> dict[str, Any]:
    return {
        "type": TYPE,
        "name": "Partner campaign",
        "displayNameKey": "title",
        "access": {"admin": "MERCHANT_READ_WRITE"},
        "fieldDefinitions": FIELDS,
        **more,
    }


async def defined(shop: Driver, **more: Any) -> dict[str, Any]:
    payload = await shop.mutate(DEFINE, definition=definition(**more))
    assert payload["userErrors"] == []
    made: dict[str, Any] = payload["metaobjectDefinition"]
    return made


async def upsert(
    shop: Driver, handle: str = "summer", type_: str = TYPE, **fields: str
) -> dict[str, Any]:
    given = [{"key": key, "value": value} for key, value in fields.items()]
    return await shop.mutate(
        UPSERT, handle={"type": type_, "handle": handle}, metaobject={"fields": given}
    )


def codes(payload: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(error["code"], error["elementKey"]) for error in payload["userErrors"]]


async def test_a_definition_of_the_app_s_own_type_is_made_once_and_read_by_type(
    shop: Driver,
) -> None:
    assert (await defined(shop))["type"] == FULL_TYPE
    again = await shop.mutate(DEFINE, definition=definition())
    assert codes(again) == [("TAKEN", None)]
    assert again["userErrors"][0]["field"] == ["definition", "type"]
    for name in (TYPE, FULL_TYPE):
        found = (await shop.ask(BY_TYPE, type=name))["metaobjectDefinitionByType"]
        assert (found["name"], found["displayNameKey"]) == ("Partner campaign", "title")
        assert found["access"] == {"admin": "MERCHANT_READ_WRITE", "storefront": "NONE"}
        assert found["capabilities"]["publishable"] == {"enabled": False}
        kinds = {f["key"]: f["type"]["category"] for f in found["fieldDefinitions"]}
        assert (kinds["collections"], kinds["partners"]) == ("REFERENCE", "JSON")
        assert [f["key"] for f in found["fieldDefinitions"] if f["required"]] == ["title"]
    assert (await shop.ask(BY_TYPE, type="$app:other"))["metaobjectDefinitionByType"] is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"fieldDefinitions": [{"key": "x y", "type": "json"}]}, ("INVALID", "x y")),
        ({"fieldDefinitions": [{"key": "title", "type": "nonsense"}]}, ("INCLUSION", "title")),
        (
            {"fieldDefinitions": [{"key": "title", "type": "json"}] * 2},
            ("DUPLICATE_FIELD_INPUT", "title"),
        ),
        ({"displayNameKey": "other"}, ("UNDEFINED_OBJECT_FIELD", None)),
        ({"type": "plain"}, ("ADMIN_ACCESS_INPUT_NOT_ALLOWED", None)),
        ({"type": "app--99--x"}, ("NOT_AUTHORIZED", None)),
    ],
)
async def test_a_definition_that_can_not_work_is_refused(
    shop: Driver, given: dict[str, Any], expected: tuple[str, str | None]
) -> None:
    assert codes(await shop.mutate(DEFINE, definition=definition(**given))) == [expected]


async def test_upsert_makes_then_changes_and_an_equal_value_changes_nothing(
    shop: Driver, receiver: Receiver
) -> None:
    await defined(shop)
    for topic in ("METAOBJECTS_CREATE", "METAOBJECTS_UPDATE", "METAOBJECTS_DELETE"):
        await shop.subscribe(topic, filter=f"type:{FULL_TYPE}")
    partners = json.dumps(["lux"])
    made = (await upsert(shop, title="Summer", partners=partners))["metaobject"]
    assert (made["handle"], made["type"], made["displayName"]) == ("summer", FULL_TYPE, "Summer")
    values = {f["key"]: (f["value"], f["jsonValue"]) for f in made["fields"]}
    assert values["partners"] == (partners, ["lux"])
    assert values["starts_at"] == (None, None)
    assert made["values"]["title"] == "Summer"
    assert made["capabilities"]["publishable"] is None
    shop.clock.pass_(minutes=1)
    again = (await upsert(shop, title="Summer"))["metaobject"]
    assert (again["id"], again["updatedAt"]) == (made["id"], made["updatedAt"])
    changed = (await upsert(shop, title="Summer sale"))["metaobject"]
    assert changed["updatedAt"] != made["updatedAt"]
    assert changed["values"]["partners"] == ["lux"]
    assert await told(shop, receiver) == ["metaobjects/create", "metaobjects/update"]
    payload = receiver.last("metaobjects/update").payload
    assert (payload["id"], payload["type"]) == (made["id"], FULL_TYPE)
    assert payload["fields"] == {"title": "Summer sale", "partners": partners}
    deleted = await shop.mutate(DELETE, id=made["id"])
    assert deleted["deletedId"] == made["id"]
    assert (await told(shop, receiver))[-1] == "metaobjects/delete"
    gone = await shop.mutate(DELETE, id=made["id"])
    assert gone["userErrors"][0]["code"] == "RECORD_NOT_FOUND"


async def test_an_update_by_id_may_take_a_value_out_and_change_the_handle(shop: Driver) -> None:
    await defined(shop)
    made = (await upsert(shop, title="Summer", starts_at="2026-12-01T00:00:00Z"))["metaobject"]
    fields = [{"key": "starts_at", "value": ""}, {"key": "title", "value": "Winter"}]
    given = {"handle": "winter", "fields": fields}
    changed = await shop.mutate(UPDATE, id=made["id"], metaobject=given)
    assert changed["userErrors"] == []
    assert changed["metaobject"]["field"]["value"] == "Winter"
    handle = {"type": TYPE, "handle": "winter"}
    found = (await shop.ask(BY_HANDLE, handle=handle))["metaobjectByHandle"]
    assert {f["key"]: f["value"] for f in found["fields"]}["starts_at"] is None
    handle = {"type": TYPE, "handle": "summer"}
    assert (await shop.ask(BY_HANDLE, handle=handle))["metaobjectByHandle"] is None
    blank = {"fields": [{"key": "title", "value": ""}]}
    refused = await shop.mutate(UPDATE, id=made["id"], metaobject=blank)
    assert codes(refused) == [("OBJECT_FIELD_REQUIRED", "title")]


async def test_create_needs_a_free_handle(shop: Driver) -> None:
    await defined(shop)
    given = {"type": TYPE, "fields": [{"key": "title", "value": "A"}]}
    made = await shop.mutate(CREATE, metaobject=given)
    assert made["metaobject"]["handle"].startswith("partner-campaign-")
    await shop.mutate(CREATE, metaobject=given | {"handle": "one"})
    taken = await shop.mutate(CREATE, metaobject=given | {"handle": "one"})
    assert codes(taken) == [("TAKEN", None)]
    wrong = await shop.mutate(CREATE, metaobject=given | {"handle": "Not a handle"})
    assert codes(wrong) == [("INVALID", None)]


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("other", "x", "UNDEFINED_OBJECT_FIELD"),
        ("starts_at", "soon", "INVALID_VALUE"),
        ("partners", "{", "INVALID_VALUE"),
        ("collections", "gid://shopify/Collection/1", "INVALID_VALUE"),
        ("collections", '["gid://shopify/Collection/999999"]', "INVALID_VALUE"),
        ("collections", '["gid://shopify/Product/1"]', "INVALID_VALUE"),
        ("plan_file", "gid://shopify/GenericFile/999999", "INVALID_VALUE"),
    ],
)
async def test_a_value_that_is_none_of_its_type_is_refused(
    shop: Driver, key: str, value: str, code: str
) -> None:
    await defined(shop)
    payload = await upsert(shop, title="Summer", **{key: value})
    assert codes(payload) == [(code, key)]
    assert payload["metaobject"] is None


async def test_a_reference_to_an_object_of_another_type_is_refused(shop: Driver) -> None:
    await defined(shop)
    lamp = (await shop.control("/shops/acme/products", {"sku": "LAMP"}))["product_id"]
    payload = await upsert(shop, title="Summer", collections=json.dumps([lamp]))
    assert codes(payload) == [("INVALID_VALUE", "collections")]


async def test_a_list_holds_128_items_and_json_128_kilobytes(shop: Driver) -> None:
    await defined(shop)
    ids = [
        (await shop.control("/shops/acme/collections", {"title": f"C{n}"}))["collection_id"]
        for n in range(129)
    ]
    full = await upsert(shop, title="S", collections=json.dumps(ids[:128]))
    assert full["userErrors"] == []
    over = await upsert(shop, title="S", collections=json.dumps(ids))
    assert codes(over) == [("INVALID_VALUE", "collections")]
    fits = json.dumps("x" * (128 * 1024 - 2))
    assert (await upsert(shop, title="S", partners=fits))["userErrors"] == []
    large = json.dumps("x" * (128 * 1024 - 1))
    assert codes(await upsert(shop, title="S", partners=large)) == [("INVALID_VALUE", "partners")]


async def test_an_unknown_type_and_another_app_s_are_told_apart(shop: Driver) -> None:
    assert codes(await upsert(shop, title="S")) == [("UNDEFINED_OBJECT_TYPE", None)]
    other = await upsert(shop, type_="app--99--campaign", title="S")
    assert codes(other) == [("NOT_AUTHORIZED", None)]


async def test_references_are_resolved_and_metaobjects_searched(shop: Driver) -> None:
    await defined(shop)
    gid = (await shop.control("/shops/acme/collections", {"title": "Lamps"}))["collection_id"]
    made = (await upsert(shop, title="Summer", collections=json.dumps([gid])))["metaobject"]
    found = (await shop.ask(ONE, id=made["id"]))["metaobject"]
    assert found["definition"]["type"] == FULL_TYPE
    (target,) = found["field"]["references"]["nodes"]
    assert target == {"__typename": "Collection", "id": gid, "title": "Lamps"}
    shop.clock.pass_(minutes=1)
    await upsert(shop, "winter", title="Winter")
    nodes = (await shop.ask(LIST, type=TYPE))["metaobjects"]["nodes"]
    assert [node["handle"] for node in nodes] == ["summer", "winter"]
    for text in (
        "fields.title:Winter",
        "display_name:Winter",
        "updated_at:>'2026-11-02T09:00:30Z'",
    ):
        nodes = (await shop.ask(LIST, type=TYPE, query=text))["metaobjects"]["nodes"]
        assert [node["handle"] for node in nodes] == ["winter"], text
    assert (await shop.ask(LIST, type="$app:other"))["metaobjects"]["nodes"] == []


async def test_only_a_publishable_type_has_a_status(shop: Driver) -> None:
    await defined(shop)
    status = {"capabilities": {"publishable": {"status": "ACTIVE"}}}
    handle = {"type": TYPE, "handle": "summer"}
    title = {"fields": [{"key": "title", "value": "S"}]}
    refused = await shop.mutate(UPSERT, handle=handle, metaobject=title | status)
    assert codes(refused) == [("CAPABILITY_NOT_ENABLED", None)]
    await defined(shop, type="$app:news", capabilities={"publishable": {"enabled": True}})
    handle = {"type": "$app:news", "handle": "one"}
    draft = await shop.mutate(UPSERT, handle=handle, metaobject=title)
    assert draft["metaobject"]["capabilities"]["publishable"]["status"] == "DRAFT"
    active = await shop.mutate(UPSERT, handle=handle, metaobject=status)
    assert active["metaobject"]["capabilities"]["publishable"]["status"] == "ACTIVE"


async def test_staff_writes_a_metaobject_where_the_type_lets_them(
    shop: Driver, receiver: Receiver
) -> None:
    await defined(shop)
    await shop.subscribe("METAOBJECTS_CREATE", filter=f"type:{FULL_TYPE}")
    body = {"type": TYPE, "handle": "spring", "fields": {"title": "Spring"}}
    made = await shop.control("/shops/acme/metaobjects", body)
    assert made["display_name"] == "Spring"
    assert await told(shop, receiver) == ["metaobjects/create"]
    wrong = body | {"fields": {"starts_at": "soon"}}
    await shop.control("/shops/acme/metaobjects", wrong, status=409)
    await defined(shop, type="$app:hidden", access={"admin": "MERCHANT_READ"})
    hidden = body | {"type": "$app:hidden"}
    await shop.control("/shops/acme/metaobjects", hidden, status=409)
    state = (await shop.control("/state", verb="GET"))["shops"]["acme"]["metaobjects"]
    assert [known["handle"] for known in state] == ["spring"]


@pytest.mark.parametrize("wanted", [None, "type:$app:partner_campaign", "type:app--1234567--*"])
async def test_a_subscription_to_metaobjects_names_their_full_type(
    shop: Driver, wanted: str | None
) -> None:
    given = {"uri": "https://app.test/webhooks", "filter": wanted}
    payload = await shop.mutate(SUBSCRIBE, topic="METAOBJECTS_UPDATE", s=given)
    assert payload["userErrors"][0]["field"] == ["webhookSubscription", "filter"]
    assert payload["webhookSubscription"] is None


async def test_a_collection_is_paged_in_its_order(shop: Driver, receiver: Receiver) -> None:
    await shop.subscribe("COLLECTIONS_UPDATE")
    skus = [f"S{n}" for n in range(5)]
    await shop.control("/shops/acme/products/bulk", {"skus": skus})
    body = {"title": "Summer lamps", "skus": list(reversed(skus))}
    gid = (await shop.control("/shops/acme/collections", body))["collection_id"]
    seen: list[str] = []
    after = None
    while True:
        found = (await shop.ask(PRODUCTS, id=gid, first=2, after=after))["collection"]
        assert found["productsCount"]["count"] == 5
        page = found["products"]
        seen += [node["variants"]["nodes"][0]["sku"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == list(reversed(skus))
    assert found["handle"] == "summer-lamps"
    shop.clock.pass_(minutes=1)
    change = {"add": ["S0"], "remove": ["S4", "S3"]}
    at = f"/shops/acme/collections/{number(gid)}/products"
    assert (await shop.control(at, change))["products"] == 3
    assert await told(shop, receiver) == ["collections/update"]
    assert receiver.received[0].payload["admin_graphql_api_id"] == gid
    listed = (await shop.ask(COLLECTIONS, query="title:'Summer lamps'"))["collections"]["nodes"]
    assert [node["id"] for node in listed] == [gid]
    await shop.control(at, {"add": ["NONE"]}, status=422)


async def test_a_file_is_made_of_a_staged_upload_and_is_ready_later(shop: Driver) -> None:
    plan = b"sku,quantity\nLAMP,40\n"
    staged = {"resource": "FILE", "filename": "plan.csv", "mimeType": "text/csv"}
    (target,) = (await shop.mutate(STAGE, input=[staged | {"httpMethod": "PUT"}]))["stagedTargets"]
    source = {"originalSource": target["resourceUrl"], "contentType": "FILE"}
    early = await shop.mutate(FILE, files=[source])
    assert early["userErrors"][0]["field"] == ["files", "0", "originalSource"]
    await shop.http.put(target["url"], content=plan)
    (made,) = (await shop.mutate(FILE, files=[source | {"alt": "Plan"}]))["files"]
    assert (made["fileStatus"], made["url"]) == ("UPLOADED", None)
    (found,) = (await shop.ask(FILES, query="filename:plan.csv"))["files"]["nodes"]
    assert (found["fileStatus"], found["mimeType"], found["alt"]) == ("READY", "text/csv", "Plan")
    assert found["originalFileSize"] == len(plan)
    assert (await shop.http.get(found["url"])).content == plan
    raised = source | {"duplicateResolutionMode": "RAISE_ERROR"}
    again = await shop.mutate(FILE, files=[raised])
    assert again["userErrors"][0]["code"] == "FILENAME_ALREADY_EXISTS"
    await shop.mutate(FILE, files=[source])
    assert len((await shop.ask(FILES))["files"]["nodes"]) == 2


async def test_a_plan_file_of_staff_is_found_by_the_metaobject(shop: Driver) -> None:
    await defined(shop)
    body = {"filename": "plan.csv", "content": "sku,quantity\nLAMP,40\n"}
    gid = (await shop.control("/shops/acme/files", body))["file_id"]
    made = (await upsert(shop, title="Summer", plan_file=gid))["metaobject"]
    query = """query F($id: ID!) { metaobject(id: $id) { field(key: "plan_file") {
      reference { ... on GenericFile { id url fileStatus } } } } }"""
    file = (await shop.ask(query, id=made["id"]))["metaobject"]["field"]["reference"]
    assert (file["id"], file["fileStatus"]) == (gid, "READY")
    assert "LAMP,40" in (await shop.http.get(file["url"])).text


async def test_the_page_shows_campaigns_and_collections(shop: Driver) -> None:
    await defined(shop)
    await upsert(shop, title="Summer <script>", partners='["lux"]')
    await shop.control("/shops/acme/collections", {"title": "Lamps"})
    page = (await shop.http.get("/")).text
    assert "Partner campaign" in page
    assert "Summer &lt;script&gt;" in page
    assert "Collection Lamps" in page
