from decimal import Decimal
from typing import Any, Optional, Union

from .app_access import AppAccess
from .async_base_client import AsyncBaseClient
from .base_model import UNSET, UnsetType
from .current_return_status import CurrentReturnStatus
from .enums import MetafieldOwnerType, WebhookSubscriptionTopic
from .input_types import (
    MetafieldDefinitionInput,
    MetafieldsSetInput,
    RefundInput,
    RefundLineItemInput,
    RefundShippingInput,
    ReturnApproveRequestInput,
    ReturnDeclineRequestInput,
    ReturnInput,
    ReturnLineItemRemoveFromReturnInput,
    ReturnProcessInput,
    SuggestedOutcomeExchangeLineItemInput,
    SuggestedOutcomeReturnLineItemInput,
    WebhookSubscriptionInput,
)
from .metafield_definition_create import MetafieldDefinitionCreate
from .metafield_definitions import MetafieldDefinitions
from .metafields_set import MetafieldsSet
from .order_for_claim import OrderForClaim
from .order_for_routing import OrderForRouting
from .order_gridcase_fields import OrderGridcaseFields
from .order_lines_after import OrderLinesAfter
from .order_refunds import OrderRefunds
from .order_returns import OrderReturns
from .order_shipments import OrderShipments
from .order_suggested_refund import OrderSuggestedRefund
from .orders_with_returns import OrdersWithReturns
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
from .tags_add import TagsAdd
from .tags_remove import TagsRemove
from .webhook_subscription_create import WebhookSubscriptionCreate
from .webhook_subscription_delete import WebhookSubscriptionDelete
from .webhook_subscription_update import WebhookSubscriptionUpdate
from .webhook_subscriptions import WebhookSubscriptions


def gql(q: str) -> str:
    return q


class GeneratedClient(AsyncBaseClient):
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
