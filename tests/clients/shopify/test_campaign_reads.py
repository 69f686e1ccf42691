"""What a campaign is read from and shown in: metaobjects, collections, files, variants and orders, from the emulator."""

from typing import Any

import httpx
import pytest

from clients.shopify.admin import AdminApi
from clients.shopify.credentials import ShopCredentials
from clients.shopify.errors import (
    ShopifyIncomplete,
    ShopifyRefused,
    ShopifyThrottled,
    ShopifyUnavailable,
    ShopifyUserErrors,
)
from clients.shopify.factory import ShopifyClients
from clients.shopify.files import FileContent, NoContent, read_file_content
from clients.shopify.generated.enums import MetaobjectAdminAccessInput
from clients.shopify.generated.input_types import (
    MetaobjectAccessInput,
    MetaobjectDefinitionCreateInput,
    MetaobjectFieldDefinitionCreateInput,
    MetaobjectFieldInput,
    MetaobjectHandleInput,
    MetaobjectUpdateInput,
    MetaobjectUpsertInput,
)
from clients.shopify.pages import all_variants, campaigns_updated_since
from clients.shopify.search import any_of
from clients.shopify.whole import placed_orders, read_whole_collection
from tests.clients.shopify.test_against_emulator import Emulated, emulated

__all__ = ["emulated"]
TYPE = "$app:partner_campaign"


async def defined(admin: AdminApi) -> None:
    await admin.metaobject_definition_create(
        definition=MetaobjectDefinitionCreateInput(
            type_=TYPE,
            name="Campaign",
            access=MetaobjectAccessInput(admin=MetaobjectAdminAccessInput.MERCHANT_READ_WRITE),
            field_definitions=[
                MetaobjectFieldDefinitionCreateInput(key="title", type_="single_line_text_field"),
                MetaobjectFieldDefinitionCreateInput(key="status", type_="single_line_text_field"),
            ],
        )
    )


def fields(**texts: str) -> list[MetaobjectFieldInput]:
    return [MetaobjectFieldInput(key=key, value=text) for key, text in texts.items()]


async def upserted(admin: AdminApi, handle: str, **texts: str) -> Any:
    answer = await admin.campaign_upsert(
        handle=MetaobjectHandleInput(type_=TYPE, handle=handle),
        metaobject=MetaobjectUpsertInput(fields=fields(**texts)),
    )
    assert answer.metaobject_upsert is not None
    assert answer.metaobject_upsert.metaobject is not None
    return answer.metaobject_upsert.metaobject


async def test_a_campaign_is_defined_written_changed_and_listed(emulated: Emulated) -> None:
    admin = emulated.admin
    assert (
        await admin.metaobject_definition_of_type(type_=TYPE)
    ).metaobject_definition_by_type is None
    await defined(admin)
    known = (await admin.metaobject_definition_of_type(type_=TYPE)).metaobject_definition_by_type
    assert known is not None
    assert known.type_.startswith("app--")
    assert [one.key for one in known.field_definitions] == ["title", "status"]
    with pytest.raises(ShopifyUserErrors) as twice:
        await defined(admin)
    assert twice.value.codes == {"TAKEN"}

    made = await upserted(admin, "spring", title="Spring")
    assert made.id == (await upserted(admin, "spring", status="Preparing")).id
    found = (await admin.campaign_by_id(id=made.id)).metaobject
    assert found is not None
    assert {one.key: one.value for one in found.fields} == {
        "title": "Spring",
        "status": "Preparing",
    }
    key = MetaobjectHandleInput(type_=TYPE, handle="autumn")
    assert (await admin.campaign_by_handle(handle=key)).metaobject_by_handle is None

    await admin.campaign_update(
        id=made.id, metaobject=MetaobjectUpdateInput(fields=fields(status="Running"))
    )
    with pytest.raises(ShopifyUserErrors) as gone:
        await admin.campaign_update(
            id="gid://shopify/Metaobject/1",
            metaobject=MetaobjectUpdateInput(fields=fields(status="Running")),
        )
    assert gone.value.codes == {"RECORD_NOT_FOUND"}

    for number in range(55):
        await upserted(admin, f"campaign-{number}", title=f"Campaign {number}")
    listed = [one.handle async for one in campaigns_updated_since(admin, TYPE, "")]
    assert len(listed) == 56 == len(set(listed))
    since = campaigns_updated_since(admin, TYPE, "updated_at:>='2099-01-01'")
    assert [one async for one in since] == []


async def product(emulated: Emulated, sku: str, vendor: str = "Kilnworks") -> None:
    await emulated.control("/shops/acme/products", {"sku": sku, "vendor": vendor})


async def test_a_collection_is_read_over_all_its_pages_or_refused(emulated: Emulated) -> None:
    skus = [f"MUG-{number:03}" for number in range(120)]
    for sku in skus:
        await product(emulated, sku)
    made = await emulated.control("/shops/acme/collections", {"title": "Mugs", "skus": skus})
    collection = str(made["collection_id"])
    found = await read_whole_collection(emulated.admin, collection, most=200)
    assert found is not None
    assert (found.title, [one.sku for one in found.variants]) == ("Mugs", skus)
    assert {one.vendor for one in found.variants} == {"Kilnworks"}
    with pytest.raises(ShopifyIncomplete, match="above 100"):
        await read_whole_collection(emulated.admin, collection, most=100)
    assert await read_whole_collection(emulated.admin, "gid://shopify/Collection/1", most=5) is None


def page(*nodes: object, after: str | None = None) -> dict[str, Any]:
    return {"pageInfo": {"hasNextPage": after is not None, "endCursor": after}, "nodes": [*nodes]}


async def test_a_products_many_variants_are_all_read(admin: AdminApi, shop: Any) -> None:
    first = {
        "id": "p1",
        "vendor": "Kilnworks",
        "variants": page({"id": "v1", "sku": " A "}, {"id": "v2", "sku": None}, after="x"),
    }
    shop.then({"data": {"collection": {"id": "c1", "title": "Mugs", "products": page(first)}}})
    shop.then({"data": {"product": {"id": "p1", "variants": page({"id": "v3", "sku": "B"})}}})
    found = await read_whole_collection(admin, "c1", most=10)
    assert found is not None
    assert [one.sku for one in found.variants] == ["A", "", "B"]
    assert shop.body(1)["variables"] == {"productId": "p1", "after": "x"}
    shop.then({"data": {"collection": {"id": "c1", "title": "Mugs", "products": page(first)}}})
    shop.then({"data": {"product": None}})
    with pytest.raises(ShopifyIncomplete, match="removed"):
        await read_whole_collection(admin, "c1", most=10)


async def test_variants_are_found_by_many_skus_at_once(emulated: Emulated) -> None:
    for sku in ("MUG-1", "MUG-10", "O'NEILL", "TEA 1"):
        await product(emulated, sku)
    found = await all_variants(
        emulated.admin, any_of("sku", ["MUG-1", "O'NEILL", "TEA 1", "GHOST"])
    )
    assert {one.sku for one in found} == {"MUG-1", "O'NEILL", "TEA 1"}
    assert {one.product.vendor for one in found} == {"Kilnworks"}


async def file(emulated: Emulated, content: str) -> str:
    made = await emulated.control("/shops/acme/files", {"filename": "plan.csv", "content": content})
    return str(made["file_id"])


async def test_a_file_is_read_within_its_bounds(emulated: Emulated) -> None:
    made, admin = await file(emulated, "sku\nMUG\n"), emulated.admin
    found = await read_file_content(admin, made, most=100)
    assert isinstance(found, FileContent)
    assert found.content == b"sku\nMUG\n"
    assert await read_file_content(admin, made, most=7) is NoContent.TOO_LARGE
    assert (
        await read_file_content(admin, "gid://shopify/GenericFile/1", most=9) is NoContent.MISSING
    )
    assert (
        await read_file_content(admin, "gid://shopify/MediaImage/1", most=9) is NoContent.OTHER_KIND
    )


def generic(**changes: Any) -> dict[str, Any]:
    known = {
        "__typename": "GenericFile",
        "id": "gid://shopify/GenericFile/1",
        "fileStatus": "READY",
        "mimeType": "text/csv",
        "originalFileSize": 5,
        "url": "https://cdn.example/plan.csv",
    }
    return {"data": {"node": {**known, **changes}}}


async def test_a_file_that_is_not_there_yet_or_larger_than_it_says_is_told(
    admin: AdminApi, shop: Any
) -> None:
    async def read() -> Any:
        return await read_file_content(admin, "gid://shopify/GenericFile/1", most=10)

    shop.then(generic(fileStatus="FAILED"))
    assert await read() is NoContent.FAILED
    shop.then(generic(fileStatus="PROCESSING", url=None))
    assert await read() is NoContent.NOT_READY
    shop.then(generic())
    shop.then_raw(b"x" * 11)
    assert await read() is NoContent.TOO_LARGE
    shop.then(generic())
    shop.then_raw(b"x" * 10)
    assert await read() == FileContent(b"x" * 10, "text/csv")
    download = shop.calls[-1]
    assert str(download.url) == "https://cdn.example/plan.csv"
    assert "x-shopify-access-token" not in download.headers


@pytest.mark.parametrize(
    "address",
    ["http://cdn.example/plan.csv", "file:///etc/passwd", "plan.csv", "https://cdn.example:no/"],
)
async def test_a_file_without_tls_is_not_fetched(admin: AdminApi, shop: Any, address: str) -> None:
    with pytest.raises(ShopifyRefused):
        await admin.download(address, most=10)
    assert shop.calls == []


async def test_a_download_that_fails_may_work_later(admin: AdminApi, shop: Any) -> None:
    for answer in (
        httpx.ConnectTimeout("slow"),
        httpx.Response(403),
        httpx.Response(302, headers={"location": "https://elsewhere.example"}),
    ):
        shop.answers.append(answer)
        with pytest.raises(ShopifyUnavailable):
            await admin.download("https://cdn.example/plan.csv", most=10)
    assert len(shop.calls) == 3


async def test_orders_come_by_their_time_with_all_their_lines(emulated: Emulated) -> None:
    def order(at: str, lines: int = 1) -> dict[str, Any]:
        placed = [
            {"sku": f"MUG-{number}", "quantity": 2, "vendor": "K", "price": "1.00"}
            for number in range(lines)
        ]
        return {"lines": placed, "created_at": at, "fulfill": False}

    times = [f"2026-11-20T08:{minute:02}:00Z" for minute in range(59)]
    for at in reversed(times):
        await emulated.control("/shops/acme/orders", order(at))
    long = await emulated.control("/shops/acme/orders", order("2026-11-20T09:00:00Z", 130))
    cancelled = str(long["order_id"]).rpartition("/")[2]
    await emulated.control(f"/shops/acme/orders/{cancelled}/cancel")
    query = "created_at:>='2026-11-20T08:00:00Z' created_at:<='2026-11-20T09:00:00Z'"
    found = [one async for one in placed_orders(emulated.admin, query)]
    assert [one.created_at.minute for one in found] == [*range(59), 0]
    assert [len(one.lines) for one in found] == [1] * 59 + [130]
    assert [one.cancelled for one in found] == [False] * 59 + [True]
    assert found[0].lines[0].current_quantity == 2


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    times: list[float] = []

    async def sleep(seconds: float) -> None:
        times.append(seconds)

    monkeypatch.setattr("clients.shopify.admin.asyncio.sleep", sleep)
    return times


async def test_an_unhurried_reading_waits_where_it_is_throttled(
    credentials: ShopCredentials, http: httpx.AsyncClient, shop: Any, waited: list[float]
) -> None:
    admin = ShopifyClients(http).for_shop(credentials)
    throttled = {
        "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
        "extensions": {
            "cost": {
                "requestedQueryCost": 500,
                "actualQueryCost": None,
                "throttleStatus": {
                    "maximumAvailable": 2000,
                    "currentlyAvailable": 100,
                    "restoreRate": 100,
                },
            }
        },
    }
    shop.then(throttled)
    with pytest.raises(ShopifyThrottled):
        await admin.campaign_by_id(id="1")
    shop.then(throttled)
    shop.then(throttled)
    shop.then({"data": {"metaobject": None}})
    assert (await admin.unhurried().campaign_by_id(id="1")).metaobject is None
    assert waited == [4.0, 4.0]
