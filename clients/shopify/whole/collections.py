"""Collections with all their products and variants."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from clients.shopify.admin import AdminApi
from clients.shopify.generated.collection_products import CollectionProductsCollectionProducts
from clients.shopify.generated.fragments import CollectedProduct
from clients.shopify.whole.reading import Page, Reading


class _Variant(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def sku(self) -> str | None: ...


@dataclass(frozen=True)
class CollectedVariant:
    """`sku` is empty where the merchant gave the variant none."""

    sku: str
    vendor: str
    product_id: str
    variant_id: str


@dataclass(frozen=True)
class WholeCollection:
    id: str
    title: str
    variants: tuple[CollectedVariant, ...]


async def read_whole_collection(
    admin: AdminApi, collection_id: str, *, most: int
) -> WholeCollection | None:
    """Reads a collection (by GID) and follows its pages; None if the shop has none of this id.

    Raises ShopifyError; ShopifyIncomplete with more than `most` variants: reading stops there.
    """
    found = (await admin.collection_products(id=collection_id)).collection
    if found is None:
        return None
    reading = Reading(admin, "CollectionProducts", collection_id)
    page: CollectionProductsCollectionProducts = found.products
    variants: list[CollectedVariant] = []
    while True:
        for product in page.nodes:
            variants += await _variants(reading, product)
            reading.refuse_if({f"variants, above {most}": len(variants) > most})
        after = reading.next_page(page.page_info)
        if after is None:
            return WholeCollection(found.id, found.title, tuple(variants))
        answer = await admin.collection_products(id=collection_id, after=after)
        page = reading.still_there(answer.collection).products


async def _variants(reading: Reading, product: CollectedProduct) -> Sequence[CollectedVariant]:
    async def more(after: str) -> Page[_Variant]:
        answer = await reading.admin.product_variants_after(product_id=product.id, after=after)
        return reading.still_there(answer.product).variants

    first: Page[_Variant] = product.variants
    return [
        CollectedVariant(
            sku=(variant.sku or "").strip(),
            vendor=product.vendor,
            product_id=product.id,
            variant_id=variant.id,
        )
        for variant in await reading.all_of(first, more)
    ]
