"""Where a campaign's products come from, read to the end: collections, a file, and whose each SKU is."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from clients.shopify.admin import AdminApi
from clients.shopify.errors import ShopifyIncomplete
from clients.shopify.files import NoContent, read_file_content
from clients.shopify.pages import all_variants
from clients.shopify.search import any_of
from clients.shopify.whole import read_whole_collection
from domain.campaign_readiness.plan import MOST_PRODUCTS, SKU_LENGTH, PlannedProduct
from domain.campaign_readiness.plan_file import (
    MOST_BYTES,
    Default,
    merged,
    plan_problems,
    read_plan_file,
)
from domain.shopify_ids import gid
from domain.standing import counted

_SKUS_A_SEARCH, _LETTERS_A_SEARCH = 50, 1_500
_READY_LOOKS, _READY_EVERY_S = 24, 5.0
_NO_FILE = {
    NoContent.MISSING: "The plan's file is not there any more.",
    NoContent.OTHER_KIND: "The plan's file is a picture, a video or a model, and no CSV.",
    NoContent.NOT_READY: "Shopify has not made the plan's file ready; upload it once more.",
    NoContent.FAILED: "Shopify could not store the plan's file; upload it once more.",
    NoContent.TOO_LARGE: f"The plan's file has more than {MOST_BYTES // 1_000_000} MB.",
}


@dataclass
class Found:
    """Products, and what is wrong with where they come from. `vendors` are those that are known already, by SKU.

    `left_out` says in words what was not taken; no reason not to plan the rest.
    """

    products: list[PlannedProduct] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    vendors: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


async def from_collections(admin: AdminApi, ids: Sequence[str], default: Default) -> Found:
    """Every variant with a SKU, once, with the default's quantity. Raises ShopifyError."""
    found = Found()
    if ids and not default.expected_quantity:
        found.problems.append("The collections' products have no expected quantity.")
        return found
    skus: dict[str, None] = {}
    for collection_id in dict.fromkeys(ids):
        try:
            collection = await read_whole_collection(
                admin, gid("Collection", collection_id), most=MOST_PRODUCTS
            )
        except ValueError:
            found.problems.append(f"{collection_id!r} is no collection's number.")
            continue
        except ShopifyIncomplete as error:
            found.problems.append(f"The collection {collection_id}: {error.message}.")
            continue
        if collection is None:
            found.problems.append(f"The shop has no collection {collection_id}.")
            continue
        unnamed = 0
        for variant in collection.variants:
            if not variant.sku or len(variant.sku) > SKU_LENGTH:
                unnamed += 1
                continue
            skus[variant.sku] = None
            known = found.vendors.setdefault(variant.sku, variant.vendor)
            if known != variant.vendor:
                found.vendors[variant.sku] = ""
        if unnamed:
            found.left_out.append(
                f"{counted(unnamed, 'variant')} of the collection {collection.title} without a usable SKU."
            )
    found.products = [
        PlannedProduct(
            sku=sku, expected_quantity=default.expected_quantity, ready_by=default.ready_by
        )
        for sku in skus
    ]
    return found


async def from_file(admin: AdminApi, file_id: str, default: Default) -> Found:
    """The products of a CSV that staff uploaded. Raises ShopifyError."""
    content = await read_file_content(admin, file_id, most=MOST_BYTES)
    for _ in range(_READY_LOOKS):
        if content is not NoContent.NOT_READY:
            break
        # No event says when it is.
        await asyncio.sleep(_READY_EVERY_S)
        content = await read_file_content(admin, file_id, most=MOST_BYTES)
    if isinstance(content, NoContent):
        return Found(problems=[_NO_FILE[content]])
    read = read_plan_file(content.content, default)
    return Found(
        products=read.products,
        problems=[f"Line {error.line} of the plan's file: {error.reason}" for error in read.errors],
    )


def joined(parts: Iterable[Found]) -> Found:
    """Several sources as one plan; an earlier one's quantity goes before a later one's."""
    all_ = list(parts)
    return Found(
        products=merged(*(part.products for part in all_)),
        problems=[problem for part in all_ for problem in part.problems],
        vendors={sku: vendor for part in reversed(all_) for sku, vendor in part.vendors.items()},
        left_out=[one for part in all_ for one in part.left_out],
    )


def whole(found: Found) -> Found:
    """What no campaign can be made of is a problem too."""
    if not found.problems:
        found.problems += plan_problems(found.products)
    return found


async def vendors_of(
    admin: AdminApi, skus: Iterable[str], known: Mapping[str, str]
) -> dict[str, str]:
    """SKU -> vendor; empty where the shop does not have it, or has it of several vendors. Raises ShopifyError.

    The search ignores case and finds parts; a SKU means itself.
    """
    wanted = [sku for sku in skus if sku not in known]
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for some in _searches(wanted):
        for variant in await all_variants(admin, any_of("sku", some)):
            seen[(variant.sku or "").strip()].add(variant.product.vendor)
    looked_up = {sku: next(iter(seen[sku])) if len(seen[sku]) == 1 else "" for sku in wanted}
    return {**known, **looked_up}


def _searches(skus: Sequence[str]) -> Iterator[list[str]]:
    """SKUs in portions that a search takes; how long one may be, Shopify does not say."""
    some: list[str] = []
    for sku in skus:
        if len(some) == _SKUS_A_SEARCH or sum(map(len, some)) + len(sku) > _LETTERS_A_SEARCH:
            if some:
                yield some
            some = []
        some.append(sku)
    if some:
        yield some
