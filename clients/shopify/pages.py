"""Lists with all of their pages."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from clients.shopify.admin import AdminApi
from clients.shopify.errors import ShopifyIncomplete
from clients.shopify.generated.base_model import UNSET
from clients.shopify.generated.campaigns_updated_since import (
    CampaignsUpdatedSinceMetaobjects,
    CampaignsUpdatedSinceMetaobjectsNodes,
)
from clients.shopify.generated.disputes_found import (
    DisputesFoundDisputes,
    DisputesFoundDisputesNodes,
)
from clients.shopify.generated.enums import MetafieldOwnerType, ReturnStatus
from clients.shopify.generated.fragments import (
    MetafieldDefinitionFields,
    TransferHead,
    WebhookSubscriptionFields,
)
from clients.shopify.generated.fulfillment_orders_updated_since import (
    FulfillmentOrdersUpdatedSinceFulfillmentOrders,
    FulfillmentOrdersUpdatedSinceFulfillmentOrdersNodes,
)
from clients.shopify.generated.inventory_items_by_sku import (
    InventoryItemsBySkuInventoryItems,
    InventoryItemsBySkuInventoryItemsNodes,
)
from clients.shopify.generated.inventory_transfers_found import (
    InventoryTransfersFoundInventoryTransfers,
)
from clients.shopify.generated.metafield_definitions import MetafieldDefinitionsMetafieldDefinitions
from clients.shopify.generated.order_for_routing import OrderForRoutingOrder
from clients.shopify.generated.order_returns import (
    OrderReturnsOrderReturns,
    OrderReturnsOrderReturnsNodes,
)
from clients.shopify.generated.orders_updated_since import (
    OrdersUpdatedSinceOrders,
    OrdersUpdatedSinceOrdersNodes,
)
from clients.shopify.generated.orders_with_returns import OrdersWithReturnsOrders
from clients.shopify.generated.overdue_orders import OverdueOrdersOrders, OverdueOrdersOrdersNodes
from clients.shopify.generated.return_reason_definitions import (
    ReturnReasonDefinitionsReturnReasonDefinitions,
    ReturnReasonDefinitionsReturnReasonDefinitionsNodes,
)
from clients.shopify.generated.shop_locations import (
    ShopLocationsLocations,
    ShopLocationsLocationsNodes,
)
from clients.shopify.generated.variants_by_sku import (
    VariantsBySkuProductVariants,
    VariantsBySkuProductVariantsNodes,
)
from clients.shopify.generated.webhook_subscriptions import (
    WebhookSubscriptionsWebhookSubscriptions,
)

Node = TypeVar("Node")
Node_co = TypeVar("Node_co", covariant=True)


class _PageInfo(Protocol):
    @property
    def has_next_page(self) -> bool: ...

    @property
    def end_cursor(self) -> str | None: ...


class _Page(Protocol[Node_co]):
    @property
    def page_info(self) -> _PageInfo: ...

    @property
    def nodes(self) -> Sequence[Node_co]: ...


@dataclass(frozen=True)
class ReturnSeen:
    id: str
    status: ReturnStatus
    created_at: datetime


@dataclass(frozen=True)
class OrderSeen:
    """An order and its returns, all of them."""

    id: str
    name: str
    updated_at: datetime
    returns: tuple[ReturnSeen, ...]


async def all_order_returns(
    admin: AdminApi, order_id: str
) -> list[OrderReturnsOrderReturnsNodes] | None:
    """Every return of an order, each with its first 50 lines; None if there is no such order."""
    order = (await admin.order_returns(order_id=order_id, first=20)).order
    if order is None:
        return None
    first = order.returns

    async def fetch(after: str | None) -> OrderReturnsOrderReturns:
        if after is None:
            return first
        answer = await admin.order_returns(order_id=order_id, first=20, after=after)
        if answer.order is None:
            raise _incomplete(admin, "OrderReturns", f"{order_id} was removed while it was read")
        return answer.order.returns

    return [node async for node in _follow(admin, "OrderReturns", fetch)]


async def orders_with_returns(admin: AdminApi, query: str) -> AsyncIterator[OrderSeen]:
    """Orders that match `query` (Shopify's search syntax), by the time of their last change."""

    async def fetch(after: str | None) -> OrdersWithReturnsOrders:
        return (await admin.orders_with_returns(query, first=25, after=after or UNSET)).orders

    async for order in _follow(admin, "OrdersWithReturns", fetch):
        returns = [ReturnSeen(one.id, one.status, one.created_at) for one in order.returns.nodes]
        if order.returns.page_info.has_next_page:
            every = await all_order_returns(admin, order.id) or []
            returns = [ReturnSeen(one.id, one.status, one.created_at) for one in every]
        yield OrderSeen(order.id, order.name, order.updated_at, tuple(returns))


async def orders_updated_since(
    admin: AdminApi, query: str
) -> AsyncIterator[OrdersUpdatedSinceOrdersNodes]:
    """Orders that match `query` (Shopify's search syntax), by the time of their last change."""

    async def fetch(after: str | None) -> OrdersUpdatedSinceOrders:
        return (await admin.orders_updated_since(query, first=50, after=after or UNSET)).orders

    async for order in _follow(admin, "OrdersUpdatedSince", fetch):
        yield order


async def fulfillment_orders_updated_since(
    admin: AdminApi, query: str
) -> AsyncIterator[FulfillmentOrdersUpdatedSinceFulfillmentOrdersNodes]:
    """Fulfillment orders that match `query`, closed ones too, by the time of their last change."""

    async def fetch(after: str | None) -> FulfillmentOrdersUpdatedSinceFulfillmentOrders:
        answer = await admin.fulfillment_orders_updated_since(query, first=50, after=after or UNSET)
        return answer.fulfillment_orders

    async for order in _follow(admin, "FulfillmentOrdersUpdatedSince", fetch):
        yield order


async def overdue_orders(admin: AdminApi, query: str) -> AsyncIterator[OverdueOrdersOrdersNodes]:
    """Orders that match `query`, the oldest first."""

    async def fetch(after: str | None) -> OverdueOrdersOrders:
        return (await admin.overdue_orders(query, first=50, after=after or UNSET)).orders

    async for order in _follow(admin, "OverdueOrders", fetch):
        yield order


async def disputes_found(admin: AdminApi, query: str) -> AsyncIterator[DisputesFoundDisputesNodes]:
    """Disputes that match `query` (Shopify's search syntax)."""

    async def fetch(after: str | None) -> DisputesFoundDisputes:
        answer = await admin.disputes_found(query=query, first=50, after=after or UNSET)
        return answer.disputes

    async for dispute in _follow(admin, "DisputesFound", fetch):
        yield dispute


async def campaigns_updated_since(
    admin: AdminApi, metaobject_type: str, query: str
) -> AsyncIterator[CampaignsUpdatedSinceMetaobjectsNodes]:
    """Metaobjects of a type that match `query`, by the time of their last change."""

    async def fetch(after: str | None) -> CampaignsUpdatedSinceMetaobjects:
        answer = await admin.campaigns_updated_since(
            type_=metaobject_type, query=query, after=after or UNSET
        )
        return answer.metaobjects

    async for campaign in _follow(admin, "CampaignsUpdatedSince", fetch):
        yield campaign


async def all_variants(admin: AdminApi, query: str) -> list[VariantsBySkuProductVariantsNodes]:
    """Every variant that matches `query`, with its product's vendor."""

    async def fetch(after: str | None) -> VariantsBySkuProductVariants:
        answer = await admin.variants_by_sku(query=query, after=after or UNSET)
        return answer.product_variants

    return [node async for node in _follow(admin, "VariantsBySku", fetch)]


async def all_inventory_items(
    admin: AdminApi, query: str
) -> list[InventoryItemsBySkuInventoryItemsNodes]:
    """Every inventory item that matches `query`."""

    async def fetch(after: str | None) -> InventoryItemsBySkuInventoryItems:
        answer = await admin.inventory_items_by_sku(query=query, after=after or UNSET)
        return answer.inventory_items

    return [node async for node in _follow(admin, "InventoryItemsBySku", fetch)]


async def all_inventory_transfers(admin: AdminApi, query: str) -> list[TransferHead]:
    """Every inventory transfer that matches `query`."""

    async def fetch(after: str | None) -> InventoryTransfersFoundInventoryTransfers:
        answer = await admin.inventory_transfers_found(query=query, after=after or UNSET)
        return answer.inventory_transfers

    return [node async for node in _follow(admin, "InventoryTransfersFound", fetch)]


async def all_locations(admin: AdminApi) -> list[ShopLocationsLocationsNodes]:
    """Every location of the shop, inactive ones too."""

    async def fetch(after: str | None) -> ShopLocationsLocations:
        answer = await admin.shop_locations(first=100, include_inactive=True, after=after or UNSET)
        return answer.locations

    return [node async for node in _follow(admin, "ShopLocations", fetch)]


async def all_return_reasons(
    admin: AdminApi,
) -> list[ReturnReasonDefinitionsReturnReasonDefinitionsNodes]:
    """Every return reason, deleted ones too."""

    async def fetch(after: str | None) -> ReturnReasonDefinitionsReturnReasonDefinitions:
        answer = await admin.return_reason_definitions(first=100, after=after or UNSET)
        return answer.return_reason_definitions

    return [node async for node in _follow(admin, "ReturnReasonDefinitions", fetch)]


async def all_webhook_subscriptions(admin: AdminApi) -> list[WebhookSubscriptionFields]:
    """Every webhook subscription that our app made in the shop."""

    async def fetch(after: str | None) -> WebhookSubscriptionsWebhookSubscriptions:
        answer = await admin.webhook_subscriptions(first=100, after=after or UNSET)
        return answer.webhook_subscriptions

    return [node async for node in _follow(admin, "WebhookSubscriptions", fetch)]


async def all_metafield_definitions(
    admin: AdminApi, owner_type: MetafieldOwnerType, namespace: str
) -> list[MetafieldDefinitionFields]:
    """Every definition of a namespace for one kind of owner."""

    async def fetch(after: str | None) -> MetafieldDefinitionsMetafieldDefinitions:
        answer = await admin.metafield_definitions(
            owner_type=owner_type, namespace=namespace, first=50, after=after or UNSET
        )
        return answer.metafield_definitions

    return [node async for node in _follow(admin, "MetafieldDefinitions", fetch)]


async def read_order_for_routing(admin: AdminApi, order_id: str) -> OrderForRoutingOrder | None:
    """An order's lines and fulfillment orders, whole; None if there is no such order.

    Raises ShopifyError; ShopifyIncomplete with more than 100 lines, also in one fulfillment order, or
    more than 20 fulfillment orders.
    """
    order = (await admin.order_for_routing(id=order_id)).order
    if order is None:
        return None
    pages: list[_PageInfo] = [order.line_items.page_info, order.fulfillment_orders.page_info]
    pages += [one.line_items.page_info for one in order.fulfillment_orders.nodes]
    if any(page.has_next_page for page in pages):
        raise _incomplete(
            admin, "OrderForRouting", f"{order_id} has too many lines or fulfillment orders"
        )
    return order


async def _follow(
    admin: AdminApi, operation: str, fetch: Callable[[str | None], Awaitable[_Page[Node]]]
) -> AsyncIterator[Node]:
    after: str | None = None
    while True:
        page = await fetch(after)
        for node in page.nodes:
            yield node
        if not page.page_info.has_next_page:
            return
        if page.page_info.end_cursor is None or page.page_info.end_cursor == after:
            # Going on would read the same page for ever.
            raise _incomplete(admin, operation, "there is a further page, but no way to it")
        after = page.page_info.end_cursor


def _incomplete(admin: AdminApi, operation: str, message: str) -> ShopifyIncomplete:
    return ShopifyIncomplete(message, shop=admin.shop, operation=operation)
