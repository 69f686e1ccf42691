from datetime import datetime
from decimal import Decimal
from typing import Any, Optional, Union

from .app_access import AppAccess
from .async_base_client import AsyncBaseClient
from .base_model import UNSET, UnsetType
from .bulk_operation_by_id import BulkOperationById
from .bulk_operation_run_query import BulkOperationRunQuery
from .bulk_operations_found import BulkOperationsFound
from .campaign_by_handle import CampaignByHandle
from .campaign_by_id import CampaignById
from .campaign_update import CampaignUpdate
from .campaign_upsert import CampaignUpsert
from .campaigns_updated_since import CampaignsUpdatedSince
from .collection_products import CollectionProducts
from .current_return_status import CurrentReturnStatus
from .dispute_evidence_update import DisputeEvidenceUpdate
from .dispute_for_case import DisputeForCase
from .disputes_found import DisputesFound
from .drafted_evidence import DraftedEvidence
from .enums import MetafieldOwnerType, WebhookSubscriptionTopic
from .fulfillment_create import FulfillmentCreate
from .fulfillment_order_hold import FulfillmentOrderHold
from .fulfillment_order_move import FulfillmentOrderMove
from .fulfillment_order_order import FulfillmentOrderOrder
from .fulfillment_order_release_hold import FulfillmentOrderReleaseHold
from .fulfillment_orders_after import FulfillmentOrdersAfter
from .fulfillment_orders_updated_since import FulfillmentOrdersUpdatedSince
from .fulfillment_tracking_info_update import FulfillmentTrackingInfoUpdate
from .input_types import (
    FulfillmentInput,
    FulfillmentOrderHoldInput,
    FulfillmentOrderLineItemInput,
    FulfillmentTrackingInput,
    InventorySetQuantitiesInput,
    InventoryShipmentCreateInput,
    InventoryShipmentTrackingInput,
    InventoryTransferCreateAsReadyToShipInput,
    MetafieldDefinitionInput,
    MetafieldsSetInput,
    MetaobjectDefinitionCreateInput,
    MetaobjectHandleInput,
    MetaobjectUpdateInput,
    MetaobjectUpsertInput,
    RefundInput,
    RefundLineItemInput,
    RefundShippingInput,
    ReturnApproveRequestInput,
    ReturnDeclineRequestInput,
    ReturnInput,
    ReturnLineItemRemoveFromReturnInput,
    ReturnProcessInput,
    ShopifyPaymentsDisputeEvidenceUpdateInput,
    StagedUploadInput,
    SuggestedOutcomeExchangeLineItemInput,
    SuggestedOutcomeReturnLineItemInput,
    WebhookSubscriptionInput,
)
from .inventory_items_by_sku import InventoryItemsBySku
from .inventory_levels_at import InventoryLevelsAt
from .inventory_set_quantities import InventorySetQuantities
from .inventory_shipment_create import InventoryShipmentCreate
from .inventory_shipment_create_in_transit import InventoryShipmentCreateInTransit
from .inventory_shipment_delete import InventoryShipmentDelete
from .inventory_shipment_mark_in_transit import InventoryShipmentMarkInTransit
from .inventory_shipment_set_tracking import InventoryShipmentSetTracking
from .inventory_transfer_by_id import InventoryTransferById
from .inventory_transfer_cancel import InventoryTransferCancel
from .inventory_transfer_create_as_ready_to_ship import (
    InventoryTransferCreateAsReadyToShip,
)
from .inventory_transfers_found import InventoryTransfersFound
from .lines_shipped_after import LinesShippedAfter
from .lines_to_ship_after import LinesToShipAfter
from .merchant_file import MerchantFile
from .metafield_definition_create import MetafieldDefinitionCreate
from .metafield_definitions import MetafieldDefinitions
from .metafields_set import MetafieldsSet
from .metaobject_definition_create import MetaobjectDefinitionCreate
from .metaobject_definition_of_type import MetaobjectDefinitionOfType
from .order_for_claim import OrderForClaim
from .order_for_fulfillment import OrderForFulfillment
from .order_for_routing import OrderForRouting
from .order_fulfillments import OrderFulfillments
from .order_gridcase_fields import OrderGridcaseFields
from .order_lines_after import OrderLinesAfter
from .order_refunds import OrderRefunds
from .order_returns import OrderReturns
from .order_ship_to import OrderShipTo
from .order_shipments import OrderShipments
from .order_suggested_refund import OrderSuggestedRefund
from .order_summary import OrderSummary
from .ordered_lines_after import OrderedLinesAfter
from .ordered_since import OrderedSince
from .orders_placed import OrdersPlaced
from .orders_updated_since import OrdersUpdatedSince
from .orders_with_returns import OrdersWithReturns
from .overdue_orders import OverdueOrders
from .placed_lines_after import PlacedLinesAfter
from .product_variants_after import ProductVariantsAfter
from .promised_lines_after import PromisedLinesAfter
from .promised_pieces_after import PromisedPiecesAfter
from .refund_create import RefundCreate
from .remove_from_return import RemoveFromReturn
from .return_approve_request import ReturnApproveRequest
from .return_cancel import ReturnCancel
from .return_close import ReturnClose
from .return_create import ReturnCreate
from .return_decline_request import ReturnDeclineRequest
from .return_for_claim import ReturnForClaim
from .return_lines_after import ReturnLinesAfter
from .return_process import ReturnProcess
from .return_reason_definitions import ReturnReasonDefinitions
from .return_suggested_outcome import ReturnSuggestedOutcome
from .returnable_fulfillments_after import ReturnableFulfillmentsAfter
from .returnable_lines_after import ReturnableLinesAfter
from .returned_goods_after import ReturnedGoodsAfter
from .reverse_fulfillment_orders_after import ReverseFulfillmentOrdersAfter
from .shop_locations import ShopLocations
from .staged_uploads_create import StagedUploadsCreate
from .tags_add import TagsAdd
from .tags_remove import TagsRemove
from .transfer_lines_after import TransferLinesAfter
from .transfer_shipment_lines_after import TransferShipmentLinesAfter
from .transfer_shipments_after import TransferShipmentsAfter
from .variants_by_sku import VariantsBySku
from .webhook_subscription_create import WebhookSubscriptionCreate
from .webhook_subscription_delete import WebhookSubscriptionDelete
from .webhook_subscription_update import WebhookSubscriptionUpdate
from .webhook_subscriptions import WebhookSubscriptions


def gql(q: str) -> str:
    return q


class GeneratedClient(AsyncBaseClient):
    async def metaobject_definition_of_type(
        self, type_: str, **kwargs: Any
    ) -> MetaobjectDefinitionOfType:
        query = gql("""
            query MetaobjectDefinitionOfType($type: String!) {
              metaobjectDefinitionByType(type: $type) {
                ...MetaobjectDefinitionFields
              }
            }

            fragment MetaobjectDefinitionFields on MetaobjectDefinition {
              id
              type
              access {
                admin
              }
              fieldDefinitions {
                key
                required
                type {
                  name
                }
              }
            }
            """)
        variables: dict[str, object] = {"type": type_}
        response = await self.execute(
            query=query,
            operation_name="MetaobjectDefinitionOfType",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(MetaobjectDefinitionOfType, data, response)

    async def metaobject_definition_create(
        self, definition: MetaobjectDefinitionCreateInput, **kwargs: Any
    ) -> MetaobjectDefinitionCreate:
        query = gql("""
            mutation MetaobjectDefinitionCreate($definition: MetaobjectDefinitionCreateInput!) {
              metaobjectDefinitionCreate(definition: $definition) {
                metaobjectDefinition {
                  ...MetaobjectDefinitionFields
                }
                userErrors {
                  code
                  elementKey
                  field
                  message
                }
              }
            }

            fragment MetaobjectDefinitionFields on MetaobjectDefinition {
              id
              type
              access {
                admin
              }
              fieldDefinitions {
                key
                required
                type {
                  name
                }
              }
            }
            """)
        variables: dict[str, object] = {"definition": definition}
        response = await self.execute(
            query=query,
            operation_name="MetaobjectDefinitionCreate",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(MetaobjectDefinitionCreate, data, response)

    async def campaign_by_id(self, id: str, **kwargs: Any) -> CampaignById:
        query = gql("""
            query CampaignById($id: ID!) {
              metaobject(id: $id) {
                ...CampaignMetaobject
              }
            }

            fragment CampaignMetaobject on Metaobject {
              id
              type
              handle
              updatedAt
              fields {
                key
                value
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="CampaignById", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(CampaignById, data, response)

    async def campaign_by_handle(
        self, handle: MetaobjectHandleInput, **kwargs: Any
    ) -> CampaignByHandle:
        query = gql("""
            query CampaignByHandle($handle: MetaobjectHandleInput!) {
              metaobjectByHandle(handle: $handle) {
                ...CampaignMetaobject
              }
            }

            fragment CampaignMetaobject on Metaobject {
              id
              type
              handle
              updatedAt
              fields {
                key
                value
              }
            }
            """)
        variables: dict[str, object] = {"handle": handle}
        response = await self.execute(
            query=query,
            operation_name="CampaignByHandle",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(CampaignByHandle, data, response)

    async def campaigns_updated_since(
        self,
        type_: str,
        query: Union[Optional[str], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> CampaignsUpdatedSince:
        _query = gql("""
            query CampaignsUpdatedSince($type: String!, $query: String, $after: String) {
              metaobjects(
                type: $type
                query: $query
                first: 50
                after: $after
                sortKey: "updated_at"
              ) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  id
                  handle
                  updatedAt
                }
              }
            }
            """)
        variables: dict[str, object] = {"type": type_, "query": query, "after": after}
        response = await self.execute(
            query=_query,
            operation_name="CampaignsUpdatedSince",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(CampaignsUpdatedSince, data, response)

    async def campaign_upsert(
        self,
        handle: MetaobjectHandleInput,
        metaobject: MetaobjectUpsertInput,
        **kwargs: Any,
    ) -> CampaignUpsert:
        query = gql("""
            mutation CampaignUpsert($handle: MetaobjectHandleInput!, $metaobject: MetaobjectUpsertInput!) {
              metaobjectUpsert(handle: $handle, metaobject: $metaobject) {
                metaobject {
                  ...CampaignMetaobject
                }
                userErrors {
                  code
                  elementKey
                  field
                  message
                }
              }
            }

            fragment CampaignMetaobject on Metaobject {
              id
              type
              handle
              updatedAt
              fields {
                key
                value
              }
            }
            """)
        variables: dict[str, object] = {"handle": handle, "metaobject": metaobject}
        response = await self.execute(
            query=query, operation_name="CampaignUpsert", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(CampaignUpsert, data, response)

    async def campaign_update(
        self, id: str, metaobject: MetaobjectUpdateInput, **kwargs: Any
    ) -> CampaignUpdate:
        query = gql("""
            mutation CampaignUpdate($id: ID!, $metaobject: MetaobjectUpdateInput!) {
              metaobjectUpdate(id: $id, metaobject: $metaobject) {
                metaobject {
                  ...CampaignMetaobject
                }
                userErrors {
                  code
                  elementKey
                  field
                  message
                }
              }
            }

            fragment CampaignMetaobject on Metaobject {
              id
              type
              handle
              updatedAt
              fields {
                key
                value
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "metaobject": metaobject}
        response = await self.execute(
            query=query, operation_name="CampaignUpdate", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(CampaignUpdate, data, response)

    async def collection_products(
        self, id: str, after: Union[Optional[str], UnsetType] = UNSET, **kwargs: Any
    ) -> CollectionProducts:
        query = gql("""
            query CollectionProducts($id: ID!, $after: String) {
              collection(id: $id) {
                id
                title
                products(first: 50, after: $after, sortKey: ID) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...CollectedProduct
                  }
                }
              }
            }

            fragment CollectedProduct on Product {
              id
              vendor
              variants(first: 20) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  id
                  sku
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "after": after}
        response = await self.execute(
            query=query,
            operation_name="CollectionProducts",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(CollectionProducts, data, response)

    async def product_variants_after(
        self, product_id: str, after: str, **kwargs: Any
    ) -> ProductVariantsAfter:
        query = gql("""
            query ProductVariantsAfter($productId: ID!, $after: String!) {
              product(id: $productId) {
                id
                variants(first: 100, after: $after) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    id
                    sku
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"productId": product_id, "after": after}
        response = await self.execute(
            query=query,
            operation_name="ProductVariantsAfter",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(ProductVariantsAfter, data, response)

    async def variants_by_sku(
        self, query: str, after: Union[Optional[str], UnsetType] = UNSET, **kwargs: Any
    ) -> VariantsBySku:
        _query = gql("""
            query VariantsBySku($query: String!, $after: String) {
              productVariants(query: $query, first: 100, after: $after) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  id
                  sku
                  product {
                    id
                    vendor
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"query": query, "after": after}
        response = await self.execute(
            query=_query, operation_name="VariantsBySku", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(VariantsBySku, data, response)

    async def merchant_file(self, id: str, **kwargs: Any) -> MerchantFile:
        query = gql("""
            query MerchantFile($id: ID!) {
              node(id: $id) {
                __typename
                id
                ... on GenericFile {
                  fileStatus
                  mimeType
                  originalFileSize
                  url
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="MerchantFile", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(MerchantFile, data, response)

    async def orders_placed(
        self, query: str, after: Union[Optional[str], UnsetType] = UNSET, **kwargs: Any
    ) -> OrdersPlaced:
        _query = gql("""
            query OrdersPlaced($query: String!, $after: String) {
              orders(query: $query, first: 50, after: $after, sortKey: CREATED_AT) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  id
                  createdAt
                  cancelledAt
                  lineItems(first: 20) {
                    pageInfo {
                      hasNextPage
                      endCursor
                    }
                    nodes {
                      ...PlacedLine
                    }
                  }
                }
              }
            }

            fragment PlacedLine on LineItem {
              id
              sku
              currentQuantity
            }
            """)
        variables: dict[str, object] = {"query": query, "after": after}
        response = await self.execute(
            query=_query, operation_name="OrdersPlaced", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(OrdersPlaced, data, response)

    async def placed_lines_after(
        self, id: str, after: str, **kwargs: Any
    ) -> PlacedLinesAfter:
        query = gql("""
            query PlacedLinesAfter($id: ID!, $after: String!) {
              order(id: $id) {
                id
                lineItems(first: 100, after: $after) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...PlacedLine
                  }
                }
              }
            }

            fragment PlacedLine on LineItem {
              id
              sku
              currentQuantity
            }
            """)
        variables: dict[str, object] = {"id": id, "after": after}
        response = await self.execute(
            query=query,
            operation_name="PlacedLinesAfter",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(PlacedLinesAfter, data, response)

    async def app_access(self, **kwargs: Any) -> AppAccess:
        query = gql("""
            query AppAccess {
              currentAppInstallation {
                id
                accessScopes {
                  handle
                }
              }
              shop {
                id
                name
                myshopifyDomain
                currencyCode
                ianaTimezone
              }
            }
            """)
        variables: dict[str, object] = {}
        response = await self.execute(
            query=query, operation_name="AppAccess", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(AppAccess, data, response)

    async def shop_locations(
        self,
        first: int,
        include_inactive: bool,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> ShopLocations:
        query = gql("""
            query ShopLocations($first: Int!, $after: String, $includeInactive: Boolean!) {
              locations(first: $first, after: $after, includeInactive: $includeInactive) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  id
                  name
                  isActive
                  isFulfillmentService
                  fulfillmentService {
                    id
                    handle
                    serviceName
                    type
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "first": first,
            "after": after,
            "includeInactive": include_inactive,
        }
        response = await self.execute(
            query=query, operation_name="ShopLocations", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(ShopLocations, data, response)

    async def return_reason_definitions(
        self, first: int, after: Union[Optional[str], UnsetType] = UNSET, **kwargs: Any
    ) -> ReturnReasonDefinitions:
        query = gql("""
            query ReturnReasonDefinitions($first: Int!, $after: String) {
              returnReasonDefinitions(first: $first, after: $after) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  id
                  handle
                  name
                  deleted
                }
              }
            }
            """)
        variables: dict[str, object] = {"first": first, "after": after}
        response = await self.execute(
            query=query,
            operation_name="ReturnReasonDefinitions",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(ReturnReasonDefinitions, data, response)

    async def webhook_subscriptions(
        self, first: int, after: Union[Optional[str], UnsetType] = UNSET, **kwargs: Any
    ) -> WebhookSubscriptions:
        query = gql("""
            query WebhookSubscriptions($first: Int!, $after: String) {
              webhookSubscriptions(first: $first, after: $after) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  ...WebhookSubscriptionFields
                }
              }
            }

            fragment WebhookSubscriptionFields on WebhookSubscription {
              id
              topic
              uri
              format
              filter
              includeFields
              name
              apiVersion {
                handle
              }
            }
            """)
        variables: dict[str, object] = {"first": first, "after": after}
        response = await self.execute(
            query=query,
            operation_name="WebhookSubscriptions",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(WebhookSubscriptions, data, response)

    async def webhook_subscription_create(
        self,
        topic: WebhookSubscriptionTopic,
        subscription: WebhookSubscriptionInput,
        **kwargs: Any,
    ) -> WebhookSubscriptionCreate:
        query = gql("""
            mutation WebhookSubscriptionCreate($topic: WebhookSubscriptionTopic!, $subscription: WebhookSubscriptionInput!) {
              webhookSubscriptionCreate(topic: $topic, webhookSubscription: $subscription) {
                webhookSubscription {
                  ...WebhookSubscriptionFields
                }
                userErrors {
                  field
                  message
                }
              }
            }

            fragment WebhookSubscriptionFields on WebhookSubscription {
              id
              topic
              uri
              format
              filter
              includeFields
              name
              apiVersion {
                handle
              }
            }
            """)
        variables: dict[str, object] = {"topic": topic, "subscription": subscription}
        response = await self.execute(
            query=query,
            operation_name="WebhookSubscriptionCreate",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(WebhookSubscriptionCreate, data, response)

    async def webhook_subscription_update(
        self, id: str, subscription: WebhookSubscriptionInput, **kwargs: Any
    ) -> WebhookSubscriptionUpdate:
        query = gql("""
            mutation WebhookSubscriptionUpdate($id: ID!, $subscription: WebhookSubscriptionInput!) {
              webhookSubscriptionUpdate(id: $id, webhookSubscription: $subscription) {
                webhookSubscription {
                  ...WebhookSubscriptionFields
                }
                userErrors {
                  field
                  message
                }
              }
            }

            fragment WebhookSubscriptionFields on WebhookSubscription {
              id
              topic
              uri
              format
              filter
              includeFields
              name
              apiVersion {
                handle
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "subscription": subscription}
        response = await self.execute(
            query=query,
            operation_name="WebhookSubscriptionUpdate",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(WebhookSubscriptionUpdate, data, response)

    async def webhook_subscription_delete(
        self, id: str, **kwargs: Any
    ) -> WebhookSubscriptionDelete:
        query = gql("""
            mutation WebhookSubscriptionDelete($id: ID!) {
              webhookSubscriptionDelete(id: $id) {
                deletedWebhookSubscriptionId
                userErrors {
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query,
            operation_name="WebhookSubscriptionDelete",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(WebhookSubscriptionDelete, data, response)

    async def metafield_definitions(
        self,
        owner_type: MetafieldOwnerType,
        first: int,
        namespace: Union[Optional[str], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> MetafieldDefinitions:
        query = gql("""
            query MetafieldDefinitions($ownerType: MetafieldOwnerType!, $namespace: String, $first: Int!, $after: String) {
              metafieldDefinitions(
                ownerType: $ownerType
                namespace: $namespace
                first: $first
                after: $after
              ) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  ...MetafieldDefinitionFields
                }
              }
            }

            fragment MetafieldDefinitionFields on MetafieldDefinition {
              id
              namespace
              key
              name
              ownerType
              pinnedPosition
              type {
                name
              }
              access {
                admin
              }
            }
            """)
        variables: dict[str, object] = {
            "ownerType": owner_type,
            "namespace": namespace,
            "first": first,
            "after": after,
        }
        response = await self.execute(
            query=query,
            operation_name="MetafieldDefinitions",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(MetafieldDefinitions, data, response)

    async def metafield_definition_create(
        self, definition: MetafieldDefinitionInput, **kwargs: Any
    ) -> MetafieldDefinitionCreate:
        query = gql("""
            mutation MetafieldDefinitionCreate($definition: MetafieldDefinitionInput!) {
              metafieldDefinitionCreate(definition: $definition) {
                createdDefinition {
                  ...MetafieldDefinitionFields
                }
                userErrors {
                  code
                  field
                  message
                }
              }
            }

            fragment MetafieldDefinitionFields on MetafieldDefinition {
              id
              namespace
              key
              name
              ownerType
              pinnedPosition
              type {
                name
              }
              access {
                admin
              }
            }
            """)
        variables: dict[str, object] = {"definition": definition}
        response = await self.execute(
            query=query,
            operation_name="MetafieldDefinitionCreate",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(MetafieldDefinitionCreate, data, response)

    async def dispute_for_case(self, id: str, **kwargs: Any) -> DisputeForCase:
        query = gql("""
            query DisputeForCase($id: ID!) {
              dispute(id: $id) {
                id
                status
                type
                initiatedAt
                evidenceDueBy
                evidenceSentOn
                finalizedOn
                amount {
                  amount
                  currencyCode
                }
                reasonDetails {
                  reason
                  networkReasonCode
                }
                order {
                  id
                  name
                }
                disputeEvidence {
                  id
                  submitted
                  fulfillments {
                    shippingCarrier
                    shippingDate
                    shippingTrackingNumber
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="DisputeForCase", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(DisputeForCase, data, response)

    async def disputes_found(
        self,
        first: int,
        query: Union[Optional[str], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> DisputesFound:
        _query = gql("""
            query DisputesFound($query: String, $first: Int!, $after: String) {
              disputes(query: $query, first: $first, after: $after) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  id
                  status
                  type
                  initiatedAt
                  evidenceDueBy
                  order {
                    id
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"query": query, "first": first, "after": after}
        response = await self.execute(
            query=_query, operation_name="DisputesFound", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(DisputesFound, data, response)

    async def drafted_evidence(self, dispute_id: str, **kwargs: Any) -> DraftedEvidence:
        query = gql("""
            query DraftedEvidence($disputeId: ID!) {
              dispute(id: $disputeId) {
                id
                status
                type
                evidenceDueBy
                evidenceSentOn
                disputeEvidence {
                  id
                  submitted
                  uncategorizedText
                  accessActivityLog
                  cancellationPolicyDisclosure
                  cancellationRebuttal
                  refundPolicyDisclosure
                  refundRefusalExplanation
                  customerCommunicationFile {
                    ...EvidenceFile
                  }
                  refundPolicyFile {
                    ...EvidenceFile
                  }
                  cancellationPolicyFile {
                    ...EvidenceFile
                  }
                  serviceDocumentationFile {
                    ...EvidenceFile
                  }
                  shippingDocumentationFile {
                    ...EvidenceFile
                  }
                  uncategorizedFile {
                    ...EvidenceFile
                  }
                  disputeFileUploads {
                    ...EvidenceFile
                  }
                }
              }
            }

            fragment EvidenceFile on ShopifyPaymentsDisputeFileUpload {
              id
              disputeEvidenceType
              fileType
              fileSize
              originalFileName
            }
            """)
        variables: dict[str, object] = {"disputeId": dispute_id}
        response = await self.execute(
            query=query, operation_name="DraftedEvidence", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(DraftedEvidence, data, response)

    async def dispute_evidence_update(
        self, id: str, input: ShopifyPaymentsDisputeEvidenceUpdateInput, **kwargs: Any
    ) -> DisputeEvidenceUpdate:
        query = gql("""
            mutation DisputeEvidenceUpdate($id: ID!, $input: ShopifyPaymentsDisputeEvidenceUpdateInput!) {
              disputeEvidenceUpdate(id: $id, input: $input) {
                disputeEvidence {
                  id
                  submitted
                  disputeFileUploads {
                    ...EvidenceFile
                  }
                }
                userErrors {
                  code
                  field
                  message
                }
              }
            }

            fragment EvidenceFile on ShopifyPaymentsDisputeFileUpload {
              id
              disputeEvidenceType
              fileType
              fileSize
              originalFileName
            }
            """)
        variables: dict[str, object] = {"id": id, "input": input}
        response = await self.execute(
            query=query,
            operation_name="DisputeEvidenceUpdate",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(DisputeEvidenceUpdate, data, response)

    async def staged_uploads_create(
        self, input: list[StagedUploadInput], **kwargs: Any
    ) -> StagedUploadsCreate:
        query = gql("""
            mutation StagedUploadsCreate($input: [StagedUploadInput!]!) {
              stagedUploadsCreate(input: $input) {
                stagedTargets {
                  url
                  resourceUrl
                  parameters {
                    name
                    value
                  }
                }
                userErrors {
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query,
            operation_name="StagedUploadsCreate",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(StagedUploadsCreate, data, response)

    async def order_for_fulfillment(
        self, id: str, **kwargs: Any
    ) -> OrderForFulfillment:
        query = gql("""
            query OrderForFulfillment($id: ID!) {
              order(id: $id) {
                id
                name
                currencyCode
                createdAt
                updatedAt
                cancelledAt
                closed
                displayFinancialStatus
                tags
                customer {
                  numberOfOrders
                }
                risk {
                  recommendation
                }
                lineItems(first: 20) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...OrderedLine
                  }
                }
                fulfillmentOrders(first: 3) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...FulfillmentOrderToShip
                  }
                }
                fulfillmentsCount {
                  count
                }
                fulfillments(first: 3) {
                  ...FulfillmentMade
                }
              }
            }

            fragment FulfillmentMade on Fulfillment {
              id
              status
              createdAt
              trackingInfo {
                company
                number
                url
              }
              fulfillmentLineItems(first: 10) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  ...LineShipped
                }
              }
            }

            fragment FulfillmentOrderToShip on FulfillmentOrder {
              id
              status
              requestStatus
              fulfillBy
              supportedActions {
                action
              }
              assignedLocation {
                name
                location {
                  id
                  fulfillmentService {
                    handle
                  }
                }
              }
              fulfillmentHolds {
                id
                handle
                reason
                reasonNotes
                heldByRequestingApp
              }
              lineItems(first: 10) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  ...LineToShip
                }
              }
            }

            fragment LineShipped on FulfillmentLineItem {
              id
              quantity
              lineItem {
                id
              }
            }

            fragment LineToShip on FulfillmentOrderLineItem {
              id
              totalQuantity
              remainingQuantity
              lineItem {
                id
              }
            }

            fragment OrderedLine on LineItem {
              id
              sku
              vendor
              name
              currentQuantity
              unfulfilledQuantity
              requiresShipping
              discountedUnitPriceSet {
                ...ShopAmount
              }
            }

            fragment ShopAmount on MoneyBag {
              shopMoney {
                amount
                currencyCode
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query,
            operation_name="OrderForFulfillment",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(OrderForFulfillment, data, response)

    async def ordered_lines_after(
        self, id: str, after: str, **kwargs: Any
    ) -> OrderedLinesAfter:
        query = gql("""
            query OrderedLinesAfter($id: ID!, $after: String!) {
              order(id: $id) {
                id
                lineItems(first: 100, after: $after) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...OrderedLine
                  }
                }
              }
            }

            fragment OrderedLine on LineItem {
              id
              sku
              vendor
              name
              currentQuantity
              unfulfilledQuantity
              requiresShipping
              discountedUnitPriceSet {
                ...ShopAmount
              }
            }

            fragment ShopAmount on MoneyBag {
              shopMoney {
                amount
                currencyCode
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "after": after}
        response = await self.execute(
            query=query,
            operation_name="OrderedLinesAfter",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(OrderedLinesAfter, data, response)

    async def fulfillment_orders_after(
        self, order_id: str, after: str, **kwargs: Any
    ) -> FulfillmentOrdersAfter:
        query = gql("""
            query FulfillmentOrdersAfter($orderId: ID!, $after: String!) {
              order(id: $orderId) {
                id
                fulfillmentOrders(first: 20, after: $after) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...FulfillmentOrderToShip
                  }
                }
              }
            }

            fragment FulfillmentOrderToShip on FulfillmentOrder {
              id
              status
              requestStatus
              fulfillBy
              supportedActions {
                action
              }
              assignedLocation {
                name
                location {
                  id
                  fulfillmentService {
                    handle
                  }
                }
              }
              fulfillmentHolds {
                id
                handle
                reason
                reasonNotes
                heldByRequestingApp
              }
              lineItems(first: 10) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  ...LineToShip
                }
              }
            }

            fragment LineToShip on FulfillmentOrderLineItem {
              id
              totalQuantity
              remainingQuantity
              lineItem {
                id
              }
            }
            """)
        variables: dict[str, object] = {"orderId": order_id, "after": after}
        response = await self.execute(
            query=query,
            operation_name="FulfillmentOrdersAfter",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(FulfillmentOrdersAfter, data, response)

    async def lines_to_ship_after(
        self, fulfillment_order_id: str, after: str, **kwargs: Any
    ) -> LinesToShipAfter:
        query = gql("""
            query LinesToShipAfter($fulfillmentOrderId: ID!, $after: String!) {
              fulfillmentOrder(id: $fulfillmentOrderId) {
                id
                lineItems(first: 100, after: $after) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...LineToShip
                  }
                }
              }
            }

            fragment LineToShip on FulfillmentOrderLineItem {
              id
              totalQuantity
              remainingQuantity
              lineItem {
                id
              }
            }
            """)
        variables: dict[str, object] = {
            "fulfillmentOrderId": fulfillment_order_id,
            "after": after,
        }
        response = await self.execute(
            query=query,
            operation_name="LinesToShipAfter",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(LinesToShipAfter, data, response)

    async def order_fulfillments(self, id: str, **kwargs: Any) -> OrderFulfillments:
        query = gql("""
            query OrderFulfillments($id: ID!) {
              order(id: $id) {
                id
                fulfillments(first: 100) {
                  ...FulfillmentMade
                }
              }
            }

            fragment FulfillmentMade on Fulfillment {
              id
              status
              createdAt
              trackingInfo {
                company
                number
                url
              }
              fulfillmentLineItems(first: 10) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  ...LineShipped
                }
              }
            }

            fragment LineShipped on FulfillmentLineItem {
              id
              quantity
              lineItem {
                id
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query,
            operation_name="OrderFulfillments",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(OrderFulfillments, data, response)

    async def lines_shipped_after(
        self, fulfillment_id: str, after: str, **kwargs: Any
    ) -> LinesShippedAfter:
        query = gql("""
            query LinesShippedAfter($fulfillmentId: ID!, $after: String!) {
              fulfillment(id: $fulfillmentId) {
                id
                fulfillmentLineItems(first: 100, after: $after) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...LineShipped
                  }
                }
              }
            }

            fragment LineShipped on FulfillmentLineItem {
              id
              quantity
              lineItem {
                id
              }
            }
            """)
        variables: dict[str, object] = {"fulfillmentId": fulfillment_id, "after": after}
        response = await self.execute(
            query=query,
            operation_name="LinesShippedAfter",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(LinesShippedAfter, data, response)

    async def fulfillment_order_order(
        self, id: str, **kwargs: Any
    ) -> FulfillmentOrderOrder:
        query = gql("""
            query FulfillmentOrderOrder($id: ID!) {
              fulfillmentOrder(id: $id) {
                id
                orderId
                orderName
                status
                requestStatus
                updatedAt
                fulfillmentHolds {
                  reason
                  heldByRequestingApp
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query,
            operation_name="FulfillmentOrderOrder",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(FulfillmentOrderOrder, data, response)

    async def order_summary(self, id: str, **kwargs: Any) -> OrderSummary:
        query = gql("""
            query OrderSummary($id: ID!) {
              order(id: $id) {
                id
                name
                createdAt
                updatedAt
                cancelledAt
                closed
                displayFinancialStatus
                displayFulfillmentStatus
                tags
                risk {
                  recommendation
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="OrderSummary", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(OrderSummary, data, response)

    async def fulfillment_order_hold(
        self, id: str, hold: FulfillmentOrderHoldInput, **kwargs: Any
    ) -> FulfillmentOrderHold:
        query = gql("""
            mutation FulfillmentOrderHold($id: ID!, $hold: FulfillmentOrderHoldInput!) {
              fulfillmentOrderHold(id: $id, fulfillmentHold: $hold) {
                fulfillmentHold {
                  id
                  handle
                }
                fulfillmentOrder {
                  id
                  status
                }
                remainingFulfillmentOrder {
                  id
                  status
                }
                userErrors {
                  code
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "hold": hold}
        response = await self.execute(
            query=query,
            operation_name="FulfillmentOrderHold",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(FulfillmentOrderHold, data, response)

    async def fulfillment_order_release_hold(
        self, id: str, hold_ids: list[str], **kwargs: Any
    ) -> FulfillmentOrderReleaseHold:
        query = gql("""
            mutation FulfillmentOrderReleaseHold($id: ID!, $holdIds: [ID!]!) {
              fulfillmentOrderReleaseHold(id: $id, holdIds: $holdIds) {
                fulfillmentOrder {
                  id
                  status
                }
                userErrors {
                  code
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "holdIds": hold_ids}
        response = await self.execute(
            query=query,
            operation_name="FulfillmentOrderReleaseHold",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(FulfillmentOrderReleaseHold, data, response)

    async def fulfillment_order_move(
        self,
        id: str,
        new_location_id: str,
        lines: Union[Optional[list[FulfillmentOrderLineItemInput]], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> FulfillmentOrderMove:
        query = gql("""
            mutation FulfillmentOrderMove($id: ID!, $newLocationId: ID!, $lines: [FulfillmentOrderLineItemInput!]) {
              fulfillmentOrderMove(
                id: $id
                newLocationId: $newLocationId
                fulfillmentOrderLineItems: $lines
              ) {
                movedFulfillmentOrder {
                  id
                  status
                }
                remainingFulfillmentOrder {
                  id
                  status
                }
                userErrors {
                  code
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "id": id,
            "newLocationId": new_location_id,
            "lines": lines,
        }
        response = await self.execute(
            query=query,
            operation_name="FulfillmentOrderMove",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(FulfillmentOrderMove, data, response)

    async def fulfillment_create(
        self, fulfillment: FulfillmentInput, **kwargs: Any
    ) -> FulfillmentCreate:
        query = gql("""
            mutation FulfillmentCreate($fulfillment: FulfillmentInput!) {
              fulfillmentCreate(fulfillment: $fulfillment) {
                fulfillment {
                  id
                  status
                }
                userErrors {
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"fulfillment": fulfillment}
        response = await self.execute(
            query=query,
            operation_name="FulfillmentCreate",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(FulfillmentCreate, data, response)

    async def fulfillment_tracking_info_update(
        self,
        fulfillment_id: str,
        tracking: FulfillmentTrackingInput,
        notify_customer: bool,
        **kwargs: Any,
    ) -> FulfillmentTrackingInfoUpdate:
        query = gql("""
            mutation FulfillmentTrackingInfoUpdate($fulfillmentId: ID!, $tracking: FulfillmentTrackingInput!, $notifyCustomer: Boolean!) {
              fulfillmentTrackingInfoUpdate(
                fulfillmentId: $fulfillmentId
                trackingInfoInput: $tracking
                notifyCustomer: $notifyCustomer
              ) {
                fulfillment {
                  id
                  status
                }
                userErrors {
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "fulfillmentId": fulfillment_id,
            "tracking": tracking,
            "notifyCustomer": notify_customer,
        }
        response = await self.execute(
            query=query,
            operation_name="FulfillmentTrackingInfoUpdate",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(FulfillmentTrackingInfoUpdate, data, response)

    async def inventory_items_by_sku(
        self, query: str, after: Union[Optional[str], UnsetType] = UNSET, **kwargs: Any
    ) -> InventoryItemsBySku:
        _query = gql("""
            query InventoryItemsBySku($query: String!, $after: String) {
              inventoryItems(query: $query, first: 100, after: $after) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  id
                  sku
                  tracked
                  duplicateSkuCount
                }
              }
            }
            """)
        variables: dict[str, object] = {"query": query, "after": after}
        response = await self.execute(
            query=_query,
            operation_name="InventoryItemsBySku",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(InventoryItemsBySku, data, response)

    async def inventory_transfer_by_id(
        self, id: str, **kwargs: Any
    ) -> InventoryTransferById:
        query = gql("""
            query InventoryTransferById($id: ID!) {
              inventoryTransfer(id: $id) {
                ...TransferHead
                lineItems(first: 20) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...TransferLine
                  }
                }
                shipments(first: 5) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...TransferShipment
                  }
                }
              }
            }

            fragment TransferHead on InventoryTransfer {
              id
              name
              status
              referenceName
            }

            fragment TransferLine on InventoryTransferLineItem {
              id
              totalQuantity
              shippedQuantity
              shippableQuantity
              inventoryItem {
                id
                sku
              }
            }

            fragment TransferShipment on InventoryShipment {
              id
              status
              lineItemTotalQuantity
              tracking {
                arrivesAt
                company
                trackingNumber
                trackingUrl
              }
              lineItems(first: 20) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  ...TransferShipmentLine
                }
              }
            }

            fragment TransferShipmentLine on InventoryShipmentLineItem {
              id
              quantity
              inventoryItem {
                id
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query,
            operation_name="InventoryTransferById",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(InventoryTransferById, data, response)

    async def transfer_lines_after(
        self, id: str, after: str, **kwargs: Any
    ) -> TransferLinesAfter:
        query = gql("""
            query TransferLinesAfter($id: ID!, $after: String!) {
              inventoryTransfer(id: $id) {
                id
                lineItems(first: 100, after: $after) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...TransferLine
                  }
                }
              }
            }

            fragment TransferLine on InventoryTransferLineItem {
              id
              totalQuantity
              shippedQuantity
              shippableQuantity
              inventoryItem {
                id
                sku
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "after": after}
        response = await self.execute(
            query=query,
            operation_name="TransferLinesAfter",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(TransferLinesAfter, data, response)

    async def transfer_shipments_after(
        self, id: str, after: str, **kwargs: Any
    ) -> TransferShipmentsAfter:
        query = gql("""
            query TransferShipmentsAfter($id: ID!, $after: String!) {
              inventoryTransfer(id: $id) {
                id
                shipments(first: 10, after: $after) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...TransferShipment
                  }
                }
              }
            }

            fragment TransferShipment on InventoryShipment {
              id
              status
              lineItemTotalQuantity
              tracking {
                arrivesAt
                company
                trackingNumber
                trackingUrl
              }
              lineItems(first: 20) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  ...TransferShipmentLine
                }
              }
            }

            fragment TransferShipmentLine on InventoryShipmentLineItem {
              id
              quantity
              inventoryItem {
                id
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "after": after}
        response = await self.execute(
            query=query,
            operation_name="TransferShipmentsAfter",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(TransferShipmentsAfter, data, response)

    async def transfer_shipment_lines_after(
        self, shipment_id: str, after: str, **kwargs: Any
    ) -> TransferShipmentLinesAfter:
        query = gql("""
            query TransferShipmentLinesAfter($shipmentId: ID!, $after: String!) {
              inventoryShipment(id: $shipmentId) {
                id
                lineItems(first: 100, after: $after) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...TransferShipmentLine
                  }
                }
              }
            }

            fragment TransferShipmentLine on InventoryShipmentLineItem {
              id
              quantity
              inventoryItem {
                id
              }
            }
            """)
        variables: dict[str, object] = {"shipmentId": shipment_id, "after": after}
        response = await self.execute(
            query=query,
            operation_name="TransferShipmentLinesAfter",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(TransferShipmentLinesAfter, data, response)

    async def inventory_transfers_found(
        self, query: str, after: Union[Optional[str], UnsetType] = UNSET, **kwargs: Any
    ) -> InventoryTransfersFound:
        _query = gql("""
            query InventoryTransfersFound($query: String!, $after: String) {
              inventoryTransfers(query: $query, first: 20, after: $after) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  ...TransferHead
                }
              }
            }

            fragment TransferHead on InventoryTransfer {
              id
              name
              status
              referenceName
            }
            """)
        variables: dict[str, object] = {"query": query, "after": after}
        response = await self.execute(
            query=_query,
            operation_name="InventoryTransfersFound",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(InventoryTransfersFound, data, response)

    async def inventory_transfer_create_as_ready_to_ship(
        self,
        input: InventoryTransferCreateAsReadyToShipInput,
        idempotency_key: str,
        **kwargs: Any,
    ) -> InventoryTransferCreateAsReadyToShip:
        query = gql("""
            mutation InventoryTransferCreateAsReadyToShip($input: InventoryTransferCreateAsReadyToShipInput!, $idempotencyKey: String!) {
              inventoryTransferCreateAsReadyToShip(input: $input) @idempotent(key: $idempotencyKey) {
                inventoryTransfer {
                  ...TransferHead
                }
                userErrors {
                  code
                  field
                  message
                }
              }
            }

            fragment TransferHead on InventoryTransfer {
              id
              name
              status
              referenceName
            }
            """)
        variables: dict[str, object] = {
            "input": input,
            "idempotencyKey": idempotency_key,
        }
        response = await self.execute(
            query=query,
            operation_name="InventoryTransferCreateAsReadyToShip",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(InventoryTransferCreateAsReadyToShip, data, response)

    async def inventory_transfer_cancel(
        self, id: str, **kwargs: Any
    ) -> InventoryTransferCancel:
        query = gql("""
            mutation InventoryTransferCancel($id: ID!) {
              inventoryTransferCancel(id: $id) {
                inventoryTransfer {
                  id
                  status
                }
                userErrors {
                  code
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query,
            operation_name="InventoryTransferCancel",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(InventoryTransferCancel, data, response)

    async def inventory_shipment_create(
        self, input: InventoryShipmentCreateInput, idempotency_key: str, **kwargs: Any
    ) -> InventoryShipmentCreate:
        query = gql("""
            mutation InventoryShipmentCreate($input: InventoryShipmentCreateInput!, $idempotencyKey: String!) {
              inventoryShipmentCreate(input: $input) @idempotent(key: $idempotencyKey) {
                inventoryShipment {
                  id
                  status
                }
                userErrors {
                  code
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "input": input,
            "idempotencyKey": idempotency_key,
        }
        response = await self.execute(
            query=query,
            operation_name="InventoryShipmentCreate",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(InventoryShipmentCreate, data, response)

    async def inventory_shipment_create_in_transit(
        self, input: InventoryShipmentCreateInput, idempotency_key: str, **kwargs: Any
    ) -> InventoryShipmentCreateInTransit:
        query = gql("""
            mutation InventoryShipmentCreateInTransit($input: InventoryShipmentCreateInput!, $idempotencyKey: String!) {
              inventoryShipmentCreateInTransit(input: $input) @idempotent(key: $idempotencyKey) {
                inventoryShipment {
                  id
                  status
                }
                userErrors {
                  code
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "input": input,
            "idempotencyKey": idempotency_key,
        }
        response = await self.execute(
            query=query,
            operation_name="InventoryShipmentCreateInTransit",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(InventoryShipmentCreateInTransit, data, response)

    async def inventory_shipment_mark_in_transit(
        self,
        id: str,
        date_shipped: Union[Optional[datetime], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> InventoryShipmentMarkInTransit:
        query = gql("""
            mutation InventoryShipmentMarkInTransit($id: ID!, $dateShipped: DateTime) {
              inventoryShipmentMarkInTransit(id: $id, dateShipped: $dateShipped) {
                inventoryShipment {
                  id
                  status
                }
                userErrors {
                  code
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "dateShipped": date_shipped}
        response = await self.execute(
            query=query,
            operation_name="InventoryShipmentMarkInTransit",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(InventoryShipmentMarkInTransit, data, response)

    async def inventory_shipment_set_tracking(
        self, id: str, tracking: InventoryShipmentTrackingInput, **kwargs: Any
    ) -> InventoryShipmentSetTracking:
        query = gql("""
            mutation InventoryShipmentSetTracking($id: ID!, $tracking: InventoryShipmentTrackingInput!) {
              inventoryShipmentSetTracking(id: $id, tracking: $tracking) {
                inventoryShipment {
                  id
                  tracking {
                    arrivesAt
                  }
                }
                userErrors {
                  code
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "tracking": tracking}
        response = await self.execute(
            query=query,
            operation_name="InventoryShipmentSetTracking",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(InventoryShipmentSetTracking, data, response)

    async def inventory_shipment_delete(
        self, id: str, **kwargs: Any
    ) -> InventoryShipmentDelete:
        query = gql("""
            mutation InventoryShipmentDelete($id: ID!) {
              inventoryShipmentDelete(id: $id) {
                id
                userErrors {
                  code
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query,
            operation_name="InventoryShipmentDelete",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(InventoryShipmentDelete, data, response)

    async def order_gridcase_fields(
        self, id: str, namespace: str, **kwargs: Any
    ) -> OrderGridcaseFields:
        query = gql("""
            query OrderGridcaseFields($id: ID!, $namespace: String!) {
              order(id: $id) {
                id
                name
                tags
                metafields(first: 25, namespace: $namespace) {
                  pageInfo {
                    hasNextPage
                  }
                  nodes {
                    id
                    namespace
                    key
                    type
                    value
                    compareDigest
                    updatedAt
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "namespace": namespace}
        response = await self.execute(
            query=query,
            operation_name="OrderGridcaseFields",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(OrderGridcaseFields, data, response)

    async def metafields_set(
        self, metafields: list[MetafieldsSetInput], **kwargs: Any
    ) -> MetafieldsSet:
        query = gql("""
            mutation MetafieldsSet($metafields: [MetafieldsSetInput!]!) {
              metafieldsSet(metafields: $metafields) {
                metafields {
                  id
                  namespace
                  key
                  value
                  compareDigest
                }
                userErrors {
                  code
                  elementIndex
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"metafields": metafields}
        response = await self.execute(
            query=query, operation_name="MetafieldsSet", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(MetafieldsSet, data, response)

    async def tags_add(self, id: str, tags: list[str], **kwargs: Any) -> TagsAdd:
        query = gql("""
            mutation TagsAdd($id: ID!, $tags: [String!]!) {
              tagsAdd(id: $id, tags: $tags) {
                node {
                  __typename
                  id
                }
                userErrors {
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "tags": tags}
        response = await self.execute(
            query=query, operation_name="TagsAdd", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(TagsAdd, data, response)

    async def tags_remove(self, id: str, tags: list[str], **kwargs: Any) -> TagsRemove:
        query = gql("""
            mutation TagsRemove($id: ID!, $tags: [String!]!) {
              tagsRemove(id: $id, tags: $tags) {
                node {
                  __typename
                  id
                }
                userErrors {
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "tags": tags}
        response = await self.execute(
            query=query, operation_name="TagsRemove", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(TagsRemove, data, response)

    async def order_for_claim(self, id: str, **kwargs: Any) -> OrderForClaim:
        query = gql("""
            query OrderForClaim($id: ID!) {
              order(id: $id) {
                id
                name
                cancelledAt
                displayFulfillmentStatus
                fulfillmentsCount {
                  count
                }
                fulfillments(first: 10) {
                  ...ShippedFrom
                  fulfillmentLineItems(first: 30) {
                    pageInfo {
                      hasNextPage
                    }
                    nodes {
                      id
                      quantity
                      lineItem {
                        id
                      }
                    }
                  }
                }
                lineItems(first: 50) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...ClaimedOrderLine
                  }
                }
              }
              returnableFulfillments(orderId: $id, first: 10) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  ...ReturnableLines
                }
              }
            }

            fragment ClaimedOrderLine on LineItem {
              id
              sku
              vendor
              name
              quantity
              currentQuantity
              refundableQuantity
              discountedUnitPriceSet {
                ...ShopAmount
              }
            }

            fragment ReturnableLine on ReturnableFulfillmentLineItem {
              quantity
              fulfillmentLineItem {
                id
              }
            }

            fragment ReturnableLines on ReturnableFulfillment {
              id
              returnableFulfillmentLineItems(first: 30) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  ...ReturnableLine
                }
              }
            }

            fragment ShippedFrom on Fulfillment {
              id
              status
              location {
                id
                name
              }
              service {
                id
                handle
                serviceName
                type
              }
            }

            fragment ShopAmount on MoneyBag {
              shopMoney {
                amount
                currencyCode
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="OrderForClaim", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(OrderForClaim, data, response)

    async def returnable_fulfillments_after(
        self, order_id: str, after: str, **kwargs: Any
    ) -> ReturnableFulfillmentsAfter:
        query = gql("""
            query ReturnableFulfillmentsAfter($orderId: ID!, $after: String!) {
              returnableFulfillments(orderId: $orderId, first: 30, after: $after) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  ...ReturnableLines
                }
              }
            }

            fragment ReturnableLine on ReturnableFulfillmentLineItem {
              quantity
              fulfillmentLineItem {
                id
              }
            }

            fragment ReturnableLines on ReturnableFulfillment {
              id
              returnableFulfillmentLineItems(first: 30) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  ...ReturnableLine
                }
              }
            }
            """)
        variables: dict[str, object] = {"orderId": order_id, "after": after}
        response = await self.execute(
            query=query,
            operation_name="ReturnableFulfillmentsAfter",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(ReturnableFulfillmentsAfter, data, response)

    async def returnable_lines_after(
        self, returnable_fulfillment_id: str, after: str, **kwargs: Any
    ) -> ReturnableLinesAfter:
        query = gql("""
            query ReturnableLinesAfter($returnableFulfillmentId: ID!, $after: String!) {
              returnableFulfillment(id: $returnableFulfillmentId) {
                id
                returnableFulfillmentLineItems(first: 100, after: $after) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...ReturnableLine
                  }
                }
              }
            }

            fragment ReturnableLine on ReturnableFulfillmentLineItem {
              quantity
              fulfillmentLineItem {
                id
              }
            }
            """)
        variables: dict[str, object] = {
            "returnableFulfillmentId": returnable_fulfillment_id,
            "after": after,
        }
        response = await self.execute(
            query=query,
            operation_name="ReturnableLinesAfter",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(ReturnableLinesAfter, data, response)

    async def order_shipments(self, id: str, **kwargs: Any) -> OrderShipments:
        query = gql("""
            query OrderShipments($id: ID!) {
              order(id: $id) {
                id
                fulfillments(first: 100) {
                  ...ShippedFrom
                  fulfillmentLineItems(first: 100) {
                    pageInfo {
                      hasNextPage
                    }
                    nodes {
                      id
                      quantity
                      lineItem {
                        id
                      }
                    }
                  }
                }
              }
            }

            fragment ShippedFrom on Fulfillment {
              id
              status
              location {
                id
                name
              }
              service {
                id
                handle
                serviceName
                type
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="OrderShipments", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(OrderShipments, data, response)

    async def order_lines_after(
        self, id: str, after: str, **kwargs: Any
    ) -> OrderLinesAfter:
        query = gql("""
            query OrderLinesAfter($id: ID!, $after: String!) {
              order(id: $id) {
                id
                lineItems(first: 100, after: $after) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...ClaimedOrderLine
                  }
                }
              }
            }

            fragment ClaimedOrderLine on LineItem {
              id
              sku
              vendor
              name
              quantity
              currentQuantity
              refundableQuantity
              discountedUnitPriceSet {
                ...ShopAmount
              }
            }

            fragment ShopAmount on MoneyBag {
              shopMoney {
                amount
                currencyCode
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "after": after}
        response = await self.execute(
            query=query, operation_name="OrderLinesAfter", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(OrderLinesAfter, data, response)

    async def order_returns(
        self,
        order_id: str,
        first: int,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> OrderReturns:
        query = gql("""
            query OrderReturns($orderId: ID!, $first: Int!, $after: String) {
              order(id: $orderId) {
                id
                returns(first: $first, after: $after) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    id
                    name
                    status
                    createdAt
                    returnLineItems(first: 50) {
                      pageInfo {
                        hasNextPage
                        endCursor
                      }
                      nodes {
                        __typename
                        id
                        quantity
                        returnReasonNote
                        ... on ReturnLineItem {
                          fulfillmentLineItem {
                            id
                          }
                        }
                      }
                    }
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "orderId": order_id,
            "first": first,
            "after": after,
        }
        response = await self.execute(
            query=query, operation_name="OrderReturns", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(OrderReturns, data, response)

    async def orders_with_returns(
        self,
        query: str,
        first: int,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> OrdersWithReturns:
        _query = gql("""
            query OrdersWithReturns($query: String!, $first: Int!, $after: String) {
              orders(query: $query, first: $first, after: $after, sortKey: UPDATED_AT) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  id
                  name
                  updatedAt
                  returns(first: 20) {
                    pageInfo {
                      hasNextPage
                      endCursor
                    }
                    nodes {
                      id
                      status
                      createdAt
                    }
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"query": query, "first": first, "after": after}
        response = await self.execute(
            query=_query,
            operation_name="OrdersWithReturns",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(OrdersWithReturns, data, response)

    async def order_for_routing(self, id: str, **kwargs: Any) -> OrderForRouting:
        query = gql("""
            query OrderForRouting($id: ID!) {
              order(id: $id) {
                id
                name
                cancelledAt
                displayFulfillmentStatus
                lineItems(first: 100) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    id
                    sku
                    vendor
                    name
                    quantity
                    currentQuantity
                  }
                }
                fulfillmentOrders(first: 20) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    id
                    status
                    assignedLocation {
                      name
                      location {
                        id
                        fulfillmentService {
                          id
                          handle
                          serviceName
                          type
                        }
                      }
                    }
                    lineItems(first: 100) {
                      pageInfo {
                        hasNextPage
                        endCursor
                      }
                      nodes {
                        id
                        sku
                        vendor
                        totalQuantity
                        remainingQuantity
                        lineItem {
                          id
                        }
                      }
                    }
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="OrderForRouting", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(OrderForRouting, data, response)

    async def orders_updated_since(
        self,
        query: str,
        first: int,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> OrdersUpdatedSince:
        _query = gql("""
            query OrdersUpdatedSince($query: String!, $first: Int!, $after: String) {
              orders(query: $query, first: $first, after: $after, sortKey: UPDATED_AT) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  id
                  name
                  createdAt
                  updatedAt
                  cancelledAt
                  displayFinancialStatus
                  displayFulfillmentStatus
                }
              }
            }
            """)
        variables: dict[str, object] = {"query": query, "first": first, "after": after}
        response = await self.execute(
            query=_query,
            operation_name="OrdersUpdatedSince",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(OrdersUpdatedSince, data, response)

    async def fulfillment_orders_updated_since(
        self,
        query: str,
        first: int,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> FulfillmentOrdersUpdatedSince:
        _query = gql("""
            query FulfillmentOrdersUpdatedSince($query: String!, $first: Int!, $after: String) {
              fulfillmentOrders(
                query: $query
                first: $first
                after: $after
                includeClosed: true
                sortKey: UPDATED_AT
              ) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  id
                  orderId
                  status
                  requestStatus
                  updatedAt
                  fulfillmentHolds {
                    reason
                    heldByRequestingApp
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"query": query, "first": first, "after": after}
        response = await self.execute(
            query=_query,
            operation_name="FulfillmentOrdersUpdatedSince",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(FulfillmentOrdersUpdatedSince, data, response)

    async def overdue_orders(
        self,
        query: str,
        first: int,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> OverdueOrders:
        _query = gql("""
            query OverdueOrders($query: String!, $first: Int!, $after: String) {
              orders(query: $query, first: $first, after: $after, sortKey: CREATED_AT) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  id
                  name
                  createdAt
                  updatedAt
                  displayFulfillmentStatus
                }
              }
            }
            """)
        variables: dict[str, object] = {"query": query, "first": first, "after": after}
        response = await self.execute(
            query=_query, operation_name="OverdueOrders", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(OverdueOrders, data, response)

    async def order_suggested_refund(
        self,
        id: str,
        refund_line_items: list[RefundLineItemInput],
        refund_shipping: Union[Optional[bool], UnsetType] = UNSET,
        shipping_amount: Union[Optional[Decimal], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> OrderSuggestedRefund:
        query = gql("""
            query OrderSuggestedRefund($id: ID!, $refundLineItems: [RefundLineItemInput!]!, $refundShipping: Boolean, $shippingAmount: Money) {
              order(id: $id) {
                id
                suggestedRefund(
                  refundLineItems: $refundLineItems
                  refundShipping: $refundShipping
                  shippingAmount: $shippingAmount
                ) {
                  amountSet {
                    ...ShopAmount
                  }
                  discountedSubtotalSet {
                    ...ShopAmount
                  }
                  maximumRefundableSet {
                    ...ShopAmount
                  }
                  totalTaxSet {
                    ...ShopAmount
                  }
                  shipping {
                    amountSet {
                      ...ShopAmount
                    }
                    maximumRefundableSet {
                      ...ShopAmount
                    }
                  }
                  suggestedTransactions {
                    ...SuggestedTransaction
                  }
                }
              }
            }

            fragment ShopAmount on MoneyBag {
              shopMoney {
                amount
                currencyCode
              }
            }

            fragment SuggestedTransaction on SuggestedOrderTransaction {
              kind
              gateway
              amountSet {
                ...ShopAmount
              }
              maximumRefundableSet {
                ...ShopAmount
              }
              parentTransaction {
                id
              }
            }
            """)
        variables: dict[str, object] = {
            "id": id,
            "refundLineItems": refund_line_items,
            "refundShipping": refund_shipping,
            "shippingAmount": shipping_amount,
        }
        response = await self.execute(
            query=query,
            operation_name="OrderSuggestedRefund",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(OrderSuggestedRefund, data, response)

    async def order_refunds(self, id: str, **kwargs: Any) -> OrderRefunds:
        query = gql("""
            query OrderRefunds($id: ID!) {
              order(id: $id) {
                id
                refunds(first: 100) {
                  id
                  createdAt
                  note
                  return {
                    id
                  }
                  totalRefundedSet {
                    ...ShopAmount
                  }
                }
              }
            }

            fragment ShopAmount on MoneyBag {
              shopMoney {
                amount
                currencyCode
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="OrderRefunds", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(OrderRefunds, data, response)

    async def refund_create(
        self, input: RefundInput, idempotency_key: str, **kwargs: Any
    ) -> RefundCreate:
        query = gql("""
            mutation RefundCreate($input: RefundInput!, $idempotencyKey: String!) {
              refundCreate(input: $input) @idempotent(key: $idempotencyKey) {
                refund {
                  id
                  createdAt
                  note
                  totalRefundedSet {
                    ...ShopAmount
                  }
                }
                userErrors {
                  field
                  message
                }
              }
            }

            fragment ShopAmount on MoneyBag {
              shopMoney {
                amount
                currencyCode
              }
            }
            """)
        variables: dict[str, object] = {
            "input": input,
            "idempotencyKey": idempotency_key,
        }
        response = await self.execute(
            query=query, operation_name="RefundCreate", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(RefundCreate, data, response)

    async def return_for_claim(self, id: str, **kwargs: Any) -> ReturnForClaim:
        query = gql("""
            query ReturnForClaim($id: ID!) {
              return(id: $id) {
                id
                name
                status
                createdAt
                closedAt
                requestApprovedAt
                totalQuantity
                decline {
                  reason
                  note
                }
                order {
                  id
                  name
                  fulfillmentsCount {
                    count
                  }
                  fulfillments(first: 10) {
                    ...ShippedFrom
                    fulfillmentLineItems(first: 30) {
                      pageInfo {
                        hasNextPage
                      }
                      nodes {
                        id
                      }
                    }
                  }
                }
                returnLineItems(first: 30) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    __typename
                    ... on ReturnLineItem {
                      ...ClaimedReturnLine
                    }
                    ... on UnverifiedReturnLineItem {
                      ...UnverifiedReturnLine
                    }
                  }
                }
                exchangeLineItems(first: 20) {
                  pageInfo {
                    hasNextPage
                  }
                  nodes {
                    id
                    quantity
                    processableQuantity
                  }
                }
                reverseFulfillmentOrders(first: 3) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...ReturnedGoods
                  }
                }
                refunds(first: 20) {
                  pageInfo {
                    hasNextPage
                  }
                  nodes {
                    ...ReturnRefund
                  }
                }
              }
            }

            fragment ClaimedReturnLine on ReturnLineItem {
              id
              quantity
              processableQuantity
              processedQuantity
              unprocessedQuantity
              refundableQuantity
              refundedQuantity
              returnReasonNote
              returnReasonDefinition {
                handle
                name
              }
              withCodeDiscountedTotalPriceSet {
                ...ShopAmount
              }
              fulfillmentLineItem {
                id
                quantity
                lineItem {
                  id
                  sku
                  vendor
                  name
                  discountedUnitPriceSet {
                    ...ShopAmount
                  }
                }
              }
            }

            fragment ReturnRefund on Refund {
              id
              createdAt
              totalRefundedSet {
                ...ShopAmount
              }
            }

            fragment ReturnedGoods on ReverseFulfillmentOrder {
              id
              status
              lineItems(first: 30) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  ...ReturnedGoodsLine
                }
              }
            }

            fragment ReturnedGoodsLine on ReverseFulfillmentOrderLineItem {
              id
              totalQuantity
              fulfillmentLineItem {
                id
              }
              dispositions {
                id
                type
                quantity
                createdAt
                location {
                  id
                }
              }
            }

            fragment ShippedFrom on Fulfillment {
              id
              status
              location {
                id
                name
              }
              service {
                id
                handle
                serviceName
                type
              }
            }

            fragment ShopAmount on MoneyBag {
              shopMoney {
                amount
                currencyCode
              }
            }

            fragment UnverifiedReturnLine on UnverifiedReturnLineItem {
              id
              quantity
              processableQuantity
              processedQuantity
              unprocessedQuantity
              refundableQuantity
              refundedQuantity
              returnReasonNote
              returnReasonDefinition {
                handle
                name
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="ReturnForClaim", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(ReturnForClaim, data, response)

    async def return_lines_after(
        self, id: str, after: str, **kwargs: Any
    ) -> ReturnLinesAfter:
        query = gql("""
            query ReturnLinesAfter($id: ID!, $after: String!) {
              return(id: $id) {
                id
                returnLineItems(first: 100, after: $after) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    __typename
                    ... on ReturnLineItem {
                      ...ClaimedReturnLine
                    }
                    ... on UnverifiedReturnLineItem {
                      ...UnverifiedReturnLine
                    }
                  }
                }
              }
            }

            fragment ClaimedReturnLine on ReturnLineItem {
              id
              quantity
              processableQuantity
              processedQuantity
              unprocessedQuantity
              refundableQuantity
              refundedQuantity
              returnReasonNote
              returnReasonDefinition {
                handle
                name
              }
              withCodeDiscountedTotalPriceSet {
                ...ShopAmount
              }
              fulfillmentLineItem {
                id
                quantity
                lineItem {
                  id
                  sku
                  vendor
                  name
                  discountedUnitPriceSet {
                    ...ShopAmount
                  }
                }
              }
            }

            fragment ShopAmount on MoneyBag {
              shopMoney {
                amount
                currencyCode
              }
            }

            fragment UnverifiedReturnLine on UnverifiedReturnLineItem {
              id
              quantity
              processableQuantity
              processedQuantity
              unprocessedQuantity
              refundableQuantity
              refundedQuantity
              returnReasonNote
              returnReasonDefinition {
                handle
                name
              }
            }
            """)
        variables: dict[str, object] = {"id": id, "after": after}
        response = await self.execute(
            query=query,
            operation_name="ReturnLinesAfter",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(ReturnLinesAfter, data, response)

    async def reverse_fulfillment_orders_after(
        self, return_id: str, after: str, **kwargs: Any
    ) -> ReverseFulfillmentOrdersAfter:
        query = gql("""
            query ReverseFulfillmentOrdersAfter($returnId: ID!, $after: String!) {
              return(id: $returnId) {
                id
                reverseFulfillmentOrders(first: 10, after: $after) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...ReturnedGoods
                  }
                }
              }
            }

            fragment ReturnedGoods on ReverseFulfillmentOrder {
              id
              status
              lineItems(first: 30) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  ...ReturnedGoodsLine
                }
              }
            }

            fragment ReturnedGoodsLine on ReverseFulfillmentOrderLineItem {
              id
              totalQuantity
              fulfillmentLineItem {
                id
              }
              dispositions {
                id
                type
                quantity
                createdAt
                location {
                  id
                }
              }
            }
            """)
        variables: dict[str, object] = {"returnId": return_id, "after": after}
        response = await self.execute(
            query=query,
            operation_name="ReverseFulfillmentOrdersAfter",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(ReverseFulfillmentOrdersAfter, data, response)

    async def returned_goods_after(
        self, reverse_fulfillment_order_id: str, after: str, **kwargs: Any
    ) -> ReturnedGoodsAfter:
        query = gql("""
            query ReturnedGoodsAfter($reverseFulfillmentOrderId: ID!, $after: String!) {
              reverseFulfillmentOrder(id: $reverseFulfillmentOrderId) {
                id
                lineItems(first: 100, after: $after) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...ReturnedGoodsLine
                  }
                }
              }
            }

            fragment ReturnedGoodsLine on ReverseFulfillmentOrderLineItem {
              id
              totalQuantity
              fulfillmentLineItem {
                id
              }
              dispositions {
                id
                type
                quantity
                createdAt
                location {
                  id
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "reverseFulfillmentOrderId": reverse_fulfillment_order_id,
            "after": after,
        }
        response = await self.execute(
            query=query,
            operation_name="ReturnedGoodsAfter",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(ReturnedGoodsAfter, data, response)

    async def current_return_status(
        self, id: str, **kwargs: Any
    ) -> CurrentReturnStatus:
        query = gql("""
            query CurrentReturnStatus($id: ID!) {
              return(id: $id) {
                id
                status
                order {
                  id
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query,
            operation_name="CurrentReturnStatus",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(CurrentReturnStatus, data, response)

    async def return_suggested_outcome(
        self,
        id: str,
        return_line_items: list[SuggestedOutcomeReturnLineItemInput],
        exchange_line_items: list[SuggestedOutcomeExchangeLineItemInput],
        refund_shipping: Union[Optional[RefundShippingInput], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> ReturnSuggestedOutcome:
        query = gql("""
            query ReturnSuggestedOutcome($id: ID!, $returnLineItems: [SuggestedOutcomeReturnLineItemInput!]!, $exchangeLineItems: [SuggestedOutcomeExchangeLineItemInput!]!, $refundShipping: RefundShippingInput) {
              return(id: $id) {
                id
                suggestedFinancialOutcome(
                  returnLineItems: $returnLineItems
                  exchangeLineItems: $exchangeLineItems
                  refundShipping: $refundShipping
                ) {
                  discountedSubtotal {
                    ...ShopAmount
                  }
                  maximumRefundable {
                    ...ShopAmount
                  }
                  totalTax {
                    ...ShopAmount
                  }
                  shipping {
                    amountSet {
                      ...ShopAmount
                    }
                    maximumRefundableSet {
                      ...ShopAmount
                    }
                  }
                  financialTransfer {
                    __typename
                    ... on RefundReturnOutcome {
                      amount {
                        ...ShopAmount
                      }
                      suggestedTransactions {
                        ...SuggestedTransaction
                      }
                    }
                    ... on InvoiceReturnOutcome {
                      amount {
                        ...ShopAmount
                      }
                    }
                  }
                }
              }
            }

            fragment ShopAmount on MoneyBag {
              shopMoney {
                amount
                currencyCode
              }
            }

            fragment SuggestedTransaction on SuggestedOrderTransaction {
              kind
              gateway
              amountSet {
                ...ShopAmount
              }
              maximumRefundableSet {
                ...ShopAmount
              }
              parentTransaction {
                id
              }
            }
            """)
        variables: dict[str, object] = {
            "id": id,
            "returnLineItems": return_line_items,
            "exchangeLineItems": exchange_line_items,
            "refundShipping": refund_shipping,
        }
        response = await self.execute(
            query=query,
            operation_name="ReturnSuggestedOutcome",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(ReturnSuggestedOutcome, data, response)

    async def return_approve_request(
        self, input: ReturnApproveRequestInput, **kwargs: Any
    ) -> ReturnApproveRequest:
        query = gql("""
            mutation ReturnApproveRequest($input: ReturnApproveRequestInput!) {
              returnApproveRequest(input: $input) {
                return {
                  id
                  status
                }
                userErrors {
                  code
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query,
            operation_name="ReturnApproveRequest",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(ReturnApproveRequest, data, response)

    async def return_decline_request(
        self, input: ReturnDeclineRequestInput, **kwargs: Any
    ) -> ReturnDeclineRequest:
        query = gql("""
            mutation ReturnDeclineRequest($input: ReturnDeclineRequestInput!) {
              returnDeclineRequest(input: $input) {
                return {
                  id
                  status
                  decline {
                    reason
                    note
                  }
                }
                userErrors {
                  code
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query,
            operation_name="ReturnDeclineRequest",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(ReturnDeclineRequest, data, response)

    async def return_cancel(self, id: str, **kwargs: Any) -> ReturnCancel:
        query = gql("""
            mutation ReturnCancel($id: ID!) {
              returnCancel(id: $id) {
                return {
                  id
                  status
                }
                userErrors {
                  code
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="ReturnCancel", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(ReturnCancel, data, response)

    async def return_create(self, input: ReturnInput, **kwargs: Any) -> ReturnCreate:
        query = gql("""
            mutation ReturnCreate($input: ReturnInput!) {
              returnCreate(returnInput: $input) {
                return {
                  id
                  name
                  status
                  returnLineItems(first: 100) {
                    pageInfo {
                      hasNextPage
                      endCursor
                    }
                    nodes {
                      __typename
                      id
                      quantity
                      ... on ReturnLineItem {
                        fulfillmentLineItem {
                          id
                        }
                      }
                    }
                  }
                }
                userErrors {
                  code
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="ReturnCreate", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(ReturnCreate, data, response)

    async def return_process(
        self, input: ReturnProcessInput, **kwargs: Any
    ) -> ReturnProcess:
        query = gql("""
            mutation ReturnProcess($input: ReturnProcessInput!) {
              returnProcess(input: $input) {
                return {
                  id
                  status
                  returnLineItems(first: 100) {
                    pageInfo {
                      hasNextPage
                      endCursor
                    }
                    nodes {
                      __typename
                      id
                      quantity
                      processableQuantity
                      processedQuantity
                      unprocessedQuantity
                      refundableQuantity
                      refundedQuantity
                    }
                  }
                  refunds(first: 50) {
                    pageInfo {
                      hasNextPage
                    }
                    nodes {
                      ...ReturnRefund
                    }
                  }
                }
                userErrors {
                  code
                  field
                  message
                }
              }
            }

            fragment ReturnRefund on Refund {
              id
              createdAt
              totalRefundedSet {
                ...ShopAmount
              }
            }

            fragment ShopAmount on MoneyBag {
              shopMoney {
                amount
                currencyCode
              }
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = await self.execute(
            query=query, operation_name="ReturnProcess", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(ReturnProcess, data, response)

    async def return_close(self, id: str, **kwargs: Any) -> ReturnClose:
        query = gql("""
            mutation ReturnClose($id: ID!) {
              returnClose(id: $id) {
                return {
                  id
                  status
                  closedAt
                }
                userErrors {
                  code
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="ReturnClose", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(ReturnClose, data, response)

    async def remove_from_return(
        self,
        return_id: str,
        return_line_items: list[ReturnLineItemRemoveFromReturnInput],
        **kwargs: Any,
    ) -> RemoveFromReturn:
        query = gql("""
            mutation RemoveFromReturn($returnId: ID!, $returnLineItems: [ReturnLineItemRemoveFromReturnInput!]!) {
              removeFromReturn(returnId: $returnId, returnLineItems: $returnLineItems) {
                return {
                  id
                  status
                  totalQuantity
                }
                userErrors {
                  code
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "returnId": return_id,
            "returnLineItems": return_line_items,
        }
        response = await self.execute(
            query=query,
            operation_name="RemoveFromReturn",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(RemoveFromReturn, data, response)

    async def order_ship_to(self, id: str, **kwargs: Any) -> OrderShipTo:
        query = gql("""
            query OrderShipTo($id: ID!) {
              order(id: $id) {
                id
                shippingAddress {
                  name
                  company
                  address1
                  address2
                  city
                  provinceCode
                  zip
                  countryCodeV2
                  phone
                }
              }
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="OrderShipTo", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(OrderShipTo, data, response)

    async def inventory_levels_at(
        self, ids: list[str], location_id: str, **kwargs: Any
    ) -> InventoryLevelsAt:
        query = gql("""
            query InventoryLevelsAt($ids: [ID!]!, $locationId: ID!) {
              nodes(ids: $ids) {
                __typename
                ... on InventoryItem {
                  id
                  sku
                  tracked
                  inventoryLevel(locationId: $locationId, includeInactive: true) {
                    id
                    isActive
                    quantities(names: ["available"]) {
                      name
                      quantity
                    }
                  }
                }
              }
            }
            """)
        variables: dict[str, object] = {"ids": ids, "locationId": location_id}
        response = await self.execute(
            query=query,
            operation_name="InventoryLevelsAt",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(InventoryLevelsAt, data, response)

    async def ordered_since(
        self, query: str, after: Union[Optional[str], UnsetType] = UNSET, **kwargs: Any
    ) -> OrderedSince:
        _query = gql("""
            query OrderedSince($query: String!, $after: String) {
              orders(query: $query, first: 20, after: $after, sortKey: CREATED_AT) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  id
                  createdAt
                  cancelledAt
                  fulfillmentOrders(first: 2) {
                    pageInfo {
                      hasNextPage
                      endCursor
                    }
                    nodes {
                      ...PromisedPieces
                    }
                  }
                }
              }
            }

            fragment PromisedLine on FulfillmentOrderLineItem {
              inventoryItemId
              totalQuantity
            }

            fragment PromisedPieces on FulfillmentOrder {
              id
              status
              assignedLocation {
                location {
                  id
                }
              }
              lineItems(first: 10) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  ...PromisedLine
                }
              }
            }
            """)
        variables: dict[str, object] = {"query": query, "after": after}
        response = await self.execute(
            query=_query, operation_name="OrderedSince", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return self.parse(OrderedSince, data, response)

    async def promised_pieces_after(
        self, order_id: str, after: str, **kwargs: Any
    ) -> PromisedPiecesAfter:
        query = gql("""
            query PromisedPiecesAfter($orderId: ID!, $after: String!) {
              order(id: $orderId) {
                fulfillmentOrders(first: 10, after: $after) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...PromisedPieces
                  }
                }
              }
            }

            fragment PromisedLine on FulfillmentOrderLineItem {
              inventoryItemId
              totalQuantity
            }

            fragment PromisedPieces on FulfillmentOrder {
              id
              status
              assignedLocation {
                location {
                  id
                }
              }
              lineItems(first: 10) {
                pageInfo {
                  hasNextPage
                  endCursor
                }
                nodes {
                  ...PromisedLine
                }
              }
            }
            """)
        variables: dict[str, object] = {"orderId": order_id, "after": after}
        response = await self.execute(
            query=query,
            operation_name="PromisedPiecesAfter",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(PromisedPiecesAfter, data, response)

    async def promised_lines_after(
        self, fulfillment_order_id: str, after: str, **kwargs: Any
    ) -> PromisedLinesAfter:
        query = gql("""
            query PromisedLinesAfter($fulfillmentOrderId: ID!, $after: String!) {
              fulfillmentOrder(id: $fulfillmentOrderId) {
                lineItems(first: 100, after: $after) {
                  pageInfo {
                    hasNextPage
                    endCursor
                  }
                  nodes {
                    ...PromisedLine
                  }
                }
              }
            }

            fragment PromisedLine on FulfillmentOrderLineItem {
              inventoryItemId
              totalQuantity
            }
            """)
        variables: dict[str, object] = {
            "fulfillmentOrderId": fulfillment_order_id,
            "after": after,
        }
        response = await self.execute(
            query=query,
            operation_name="PromisedLinesAfter",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(PromisedLinesAfter, data, response)

    async def inventory_set_quantities(
        self, input: InventorySetQuantitiesInput, idempotency_key: str, **kwargs: Any
    ) -> InventorySetQuantities:
        query = gql("""
            mutation InventorySetQuantities($input: InventorySetQuantitiesInput!, $idempotencyKey: String!) {
              inventorySetQuantities(input: $input) @idempotent(key: $idempotencyKey) {
                inventoryAdjustmentGroup {
                  id
                }
                userErrors {
                  code
                  field
                  message
                }
              }
            }
            """)
        variables: dict[str, object] = {
            "input": input,
            "idempotencyKey": idempotency_key,
        }
        response = await self.execute(
            query=query,
            operation_name="InventorySetQuantities",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(InventorySetQuantities, data, response)

    async def bulk_operation_run_query(
        self, query: str, **kwargs: Any
    ) -> BulkOperationRunQuery:
        _query = gql("""
            mutation BulkOperationRunQuery($query: String!) {
              bulkOperationRunQuery(query: $query) {
                bulkOperation {
                  ...BulkOperationState
                }
                userErrors {
                  code
                  field
                  message
                }
              }
            }

            fragment BulkOperationState on BulkOperation {
              id
              status
              errorCode
              createdAt
              completedAt
              objectCount
              url
            }
            """)
        variables: dict[str, object] = {"query": query}
        response = await self.execute(
            query=_query,
            operation_name="BulkOperationRunQuery",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(BulkOperationRunQuery, data, response)

    async def bulk_operation_by_id(self, id: str, **kwargs: Any) -> BulkOperationById:
        query = gql("""
            query BulkOperationById($id: ID!) {
              bulkOperation(id: $id) {
                ...BulkOperationState
              }
            }

            fragment BulkOperationState on BulkOperation {
              id
              status
              errorCode
              createdAt
              completedAt
              objectCount
              url
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query,
            operation_name="BulkOperationById",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(BulkOperationById, data, response)

    async def bulk_operations_found(
        self, query: str, **kwargs: Any
    ) -> BulkOperationsFound:
        _query = gql("""
            query BulkOperationsFound($query: String!) {
              bulkOperations(query: $query, first: 10, reverse: true, sortKey: CREATED_AT) {
                nodes {
                  query
                  ...BulkOperationState
                }
              }
            }

            fragment BulkOperationState on BulkOperation {
              id
              status
              errorCode
              createdAt
              completedAt
              objectCount
              url
            }
            """)
        variables: dict[str, object] = {"query": query}
        response = await self.execute(
            query=_query,
            operation_name="BulkOperationsFound",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return self.parse(BulkOperationsFound, data, response)
