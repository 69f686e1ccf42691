from datetime import datetime
from decimal import Decimal
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import (
    BulkOperationErrorCode,
    BulkOperationStatus,
    CurrencyCode,
    FulfillmentHoldReason,
    FulfillmentOrderAction,
    FulfillmentOrderRequestStatus,
    FulfillmentOrderStatus,
    FulfillmentServiceType,
    FulfillmentStatus,
    InventoryShipmentStatus,
    InventoryTransferStatus,
    MetafieldAdminAccess,
    MetafieldOwnerType,
    MetaobjectAdminAccess,
    ReverseFulfillmentOrderDispositionType,
    ReverseFulfillmentOrderStatus,
    ShopifyPaymentsDisputeEvidenceFileType,
    SuggestedOrderTransactionKind,
    WebhookSubscriptionFormat,
    WebhookSubscriptionTopic,
)


class BulkOperationState(BaseModel):
    id: str
    status: BulkOperationStatus
    error_code: Optional[BulkOperationErrorCode] = Field(alias="errorCode")
    created_at: datetime = Field(alias="createdAt")
    completed_at: Optional[datetime] = Field(alias="completedAt")
    object_count: int = Field(alias="objectCount")
    url: Optional[str]


class CampaignMetaobject(BaseModel):
    id: str
    type_: str = Field(alias="type")
    handle: str
    updated_at: datetime = Field(alias="updatedAt")
    fields: list["CampaignMetaobjectFields"]


class CampaignMetaobjectFields(BaseModel):
    key: str
    value: Optional[str]


class ShopAmount(BaseModel):
    shop_money: "ShopAmountShopMoney" = Field(alias="shopMoney")


class ShopAmountShopMoney(BaseModel):
    amount: Decimal
    currency_code: CurrencyCode = Field(alias="currencyCode")


class ClaimedOrderLine(BaseModel):
    id: str
    sku: Optional[str]
    vendor: Optional[str]
    name: str
    quantity: int
    current_quantity: int = Field(alias="currentQuantity")
    refundable_quantity: int = Field(alias="refundableQuantity")
    discounted_unit_price_set: "ClaimedOrderLineDiscountedUnitPriceSet" = Field(
        alias="discountedUnitPriceSet"
    )


class ClaimedOrderLineDiscountedUnitPriceSet(ShopAmount):
    pass


class ClaimedReturnLine(BaseModel):
    id: str
    quantity: int
    processable_quantity: int = Field(alias="processableQuantity")
    processed_quantity: int = Field(alias="processedQuantity")
    unprocessed_quantity: int = Field(alias="unprocessedQuantity")
    refundable_quantity: int = Field(alias="refundableQuantity")
    refunded_quantity: int = Field(alias="refundedQuantity")
    return_reason_note: str = Field(alias="returnReasonNote")
    return_reason_definition: Optional["ClaimedReturnLineReturnReasonDefinition"] = (
        Field(alias="returnReasonDefinition")
    )
    with_code_discounted_total_price_set: "ClaimedReturnLineWithCodeDiscountedTotalPriceSet" = Field(
        alias="withCodeDiscountedTotalPriceSet"
    )
    fulfillment_line_item: "ClaimedReturnLineFulfillmentLineItem" = Field(
        alias="fulfillmentLineItem"
    )


class ClaimedReturnLineReturnReasonDefinition(BaseModel):
    handle: str
    name: str


class ClaimedReturnLineWithCodeDiscountedTotalPriceSet(ShopAmount):
    pass


class ClaimedReturnLineFulfillmentLineItem(BaseModel):
    id: str
    quantity: Optional[int]
    line_item: "ClaimedReturnLineFulfillmentLineItemLineItem" = Field(alias="lineItem")


class ClaimedReturnLineFulfillmentLineItemLineItem(BaseModel):
    id: str
    sku: Optional[str]
    vendor: Optional[str]
    name: str
    discounted_unit_price_set: "ClaimedReturnLineFulfillmentLineItemLineItemDiscountedUnitPriceSet" = Field(
        alias="discountedUnitPriceSet"
    )


class ClaimedReturnLineFulfillmentLineItemLineItemDiscountedUnitPriceSet(ShopAmount):
    pass


class CollectedProduct(BaseModel):
    id: str
    vendor: str
    variants: "CollectedProductVariants"


class CollectedProductVariants(BaseModel):
    page_info: "CollectedProductVariantsPageInfo" = Field(alias="pageInfo")
    nodes: list["CollectedProductVariantsNodes"]


class CollectedProductVariantsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class CollectedProductVariantsNodes(BaseModel):
    id: str
    sku: Optional[str]


class EvidenceFile(BaseModel):
    id: str
    dispute_evidence_type: Optional[ShopifyPaymentsDisputeEvidenceFileType] = Field(
        alias="disputeEvidenceType"
    )
    file_type: str = Field(alias="fileType")
    file_size: int = Field(alias="fileSize")
    original_file_name: Optional[str] = Field(alias="originalFileName")


class LineShipped(BaseModel):
    id: str
    quantity: Optional[int]
    line_item: "LineShippedLineItem" = Field(alias="lineItem")


class LineShippedLineItem(BaseModel):
    id: str


class FulfillmentMade(BaseModel):
    id: str
    status: FulfillmentStatus
    created_at: datetime = Field(alias="createdAt")
    tracking_info: list["FulfillmentMadeTrackingInfo"] = Field(alias="trackingInfo")
    fulfillment_line_items: "FulfillmentMadeFulfillmentLineItems" = Field(
        alias="fulfillmentLineItems"
    )


class FulfillmentMadeTrackingInfo(BaseModel):
    company: Optional[str]
    number: Optional[str]
    url: Optional[str]


class FulfillmentMadeFulfillmentLineItems(BaseModel):
    page_info: "FulfillmentMadeFulfillmentLineItemsPageInfo" = Field(alias="pageInfo")
    nodes: list["FulfillmentMadeFulfillmentLineItemsNodes"]


class FulfillmentMadeFulfillmentLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class FulfillmentMadeFulfillmentLineItemsNodes(LineShipped):
    pass


class LineToShip(BaseModel):
    id: str
    total_quantity: int = Field(alias="totalQuantity")
    remaining_quantity: int = Field(alias="remainingQuantity")
    line_item: "LineToShipLineItem" = Field(alias="lineItem")


class LineToShipLineItem(BaseModel):
    id: str


class FulfillmentOrderToShip(BaseModel):
    id: str
    status: FulfillmentOrderStatus
    request_status: FulfillmentOrderRequestStatus = Field(alias="requestStatus")
    fulfill_by: Optional[datetime] = Field(alias="fulfillBy")
    supported_actions: list["FulfillmentOrderToShipSupportedActions"] = Field(
        alias="supportedActions"
    )
    assigned_location: "FulfillmentOrderToShipAssignedLocation" = Field(
        alias="assignedLocation"
    )
    fulfillment_holds: list["FulfillmentOrderToShipFulfillmentHolds"] = Field(
        alias="fulfillmentHolds"
    )
    line_items: "FulfillmentOrderToShipLineItems" = Field(alias="lineItems")


class FulfillmentOrderToShipSupportedActions(BaseModel):
    action: FulfillmentOrderAction


class FulfillmentOrderToShipAssignedLocation(BaseModel):
    name: str
    location: Optional["FulfillmentOrderToShipAssignedLocationLocation"]


class FulfillmentOrderToShipAssignedLocationLocation(BaseModel):
    id: str
    fulfillment_service: Optional[
        "FulfillmentOrderToShipAssignedLocationLocationFulfillmentService"
    ] = Field(alias="fulfillmentService")


class FulfillmentOrderToShipAssignedLocationLocationFulfillmentService(BaseModel):
    handle: str


class FulfillmentOrderToShipFulfillmentHolds(BaseModel):
    id: str
    handle: Optional[str]
    reason: FulfillmentHoldReason
    reason_notes: Optional[str] = Field(alias="reasonNotes")
    held_by_requesting_app: bool = Field(alias="heldByRequestingApp")


class FulfillmentOrderToShipLineItems(BaseModel):
    page_info: "FulfillmentOrderToShipLineItemsPageInfo" = Field(alias="pageInfo")
    nodes: list["FulfillmentOrderToShipLineItemsNodes"]


class FulfillmentOrderToShipLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class FulfillmentOrderToShipLineItemsNodes(LineToShip):
    pass


class MetafieldDefinitionFields(BaseModel):
    id: str
    namespace: str
    key: str
    name: str
    owner_type: MetafieldOwnerType = Field(alias="ownerType")
    pinned_position: Optional[int] = Field(alias="pinnedPosition")
    type_: "MetafieldDefinitionFieldsType" = Field(alias="type")
    access: "MetafieldDefinitionFieldsAccess"


class MetafieldDefinitionFieldsType(BaseModel):
    name: str


class MetafieldDefinitionFieldsAccess(BaseModel):
    admin: Optional[MetafieldAdminAccess]


class MetaobjectDefinitionFields(BaseModel):
    id: str
    type_: str = Field(alias="type")
    access: "MetaobjectDefinitionFieldsAccess"
    field_definitions: list["MetaobjectDefinitionFieldsFieldDefinitions"] = Field(
        alias="fieldDefinitions"
    )


class MetaobjectDefinitionFieldsAccess(BaseModel):
    admin: MetaobjectAdminAccess


class MetaobjectDefinitionFieldsFieldDefinitions(BaseModel):
    key: str
    required: bool
    type_: "MetaobjectDefinitionFieldsFieldDefinitionsType" = Field(alias="type")


class MetaobjectDefinitionFieldsFieldDefinitionsType(BaseModel):
    name: str


class OrderedLine(BaseModel):
    id: str
    sku: Optional[str]
    vendor: Optional[str]
    name: str
    current_quantity: int = Field(alias="currentQuantity")
    unfulfilled_quantity: int = Field(alias="unfulfilledQuantity")
    requires_shipping: bool = Field(alias="requiresShipping")
    discounted_unit_price_set: "OrderedLineDiscountedUnitPriceSet" = Field(
        alias="discountedUnitPriceSet"
    )


class OrderedLineDiscountedUnitPriceSet(ShopAmount):
    pass


class PlacedLine(BaseModel):
    id: str
    sku: Optional[str]
    current_quantity: int = Field(alias="currentQuantity")


class PromisedLine(BaseModel):
    inventory_item_id: Optional[str] = Field(alias="inventoryItemId")
    total_quantity: int = Field(alias="totalQuantity")


class PromisedPieces(BaseModel):
    id: str
    status: FulfillmentOrderStatus
    assigned_location: "PromisedPiecesAssignedLocation" = Field(
        alias="assignedLocation"
    )
    line_items: "PromisedPiecesLineItems" = Field(alias="lineItems")


class PromisedPiecesAssignedLocation(BaseModel):
    location: Optional["PromisedPiecesAssignedLocationLocation"]


class PromisedPiecesAssignedLocationLocation(BaseModel):
    id: str


class PromisedPiecesLineItems(BaseModel):
    page_info: "PromisedPiecesLineItemsPageInfo" = Field(alias="pageInfo")
    nodes: list["PromisedPiecesLineItemsNodes"]


class PromisedPiecesLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class PromisedPiecesLineItemsNodes(PromisedLine):
    pass


class ReturnRefund(BaseModel):
    id: str
    created_at: Optional[datetime] = Field(alias="createdAt")
    total_refunded_set: "ReturnRefundTotalRefundedSet" = Field(alias="totalRefundedSet")


class ReturnRefundTotalRefundedSet(ShopAmount):
    pass


class ReturnableLine(BaseModel):
    quantity: int
    fulfillment_line_item: "ReturnableLineFulfillmentLineItem" = Field(
        alias="fulfillmentLineItem"
    )


class ReturnableLineFulfillmentLineItem(BaseModel):
    id: str


class ReturnableLines(BaseModel):
    id: str
    returnable_fulfillment_line_items: "ReturnableLinesReturnableFulfillmentLineItems" = Field(
        alias="returnableFulfillmentLineItems"
    )


class ReturnableLinesReturnableFulfillmentLineItems(BaseModel):
    page_info: "ReturnableLinesReturnableFulfillmentLineItemsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["ReturnableLinesReturnableFulfillmentLineItemsNodes"]


class ReturnableLinesReturnableFulfillmentLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class ReturnableLinesReturnableFulfillmentLineItemsNodes(ReturnableLine):
    pass


class ReturnedGoodsLine(BaseModel):
    id: str
    total_quantity: int = Field(alias="totalQuantity")
    fulfillment_line_item: Optional["ReturnedGoodsLineFulfillmentLineItem"] = Field(
        alias="fulfillmentLineItem"
    )
    dispositions: list["ReturnedGoodsLineDispositions"]


class ReturnedGoodsLineFulfillmentLineItem(BaseModel):
    id: str


class ReturnedGoodsLineDispositions(BaseModel):
    id: str
    type_: ReverseFulfillmentOrderDispositionType = Field(alias="type")
    quantity: int
    created_at: datetime = Field(alias="createdAt")
    location: Optional["ReturnedGoodsLineDispositionsLocation"]


class ReturnedGoodsLineDispositionsLocation(BaseModel):
    id: str


class ReturnedGoods(BaseModel):
    id: str
    status: ReverseFulfillmentOrderStatus
    line_items: "ReturnedGoodsLineItems" = Field(alias="lineItems")


class ReturnedGoodsLineItems(BaseModel):
    page_info: "ReturnedGoodsLineItemsPageInfo" = Field(alias="pageInfo")
    nodes: list["ReturnedGoodsLineItemsNodes"]


class ReturnedGoodsLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class ReturnedGoodsLineItemsNodes(ReturnedGoodsLine):
    pass


class ShippedFrom(BaseModel):
    id: str
    status: FulfillmentStatus
    location: Optional["ShippedFromLocation"]
    service: Optional["ShippedFromService"]


class ShippedFromLocation(BaseModel):
    id: str
    name: str


class ShippedFromService(BaseModel):
    id: str
    handle: str
    service_name: str = Field(alias="serviceName")
    type_: FulfillmentServiceType = Field(alias="type")


class SuggestedTransaction(BaseModel):
    kind: SuggestedOrderTransactionKind
    gateway: Optional[str]
    amount_set: "SuggestedTransactionAmountSet" = Field(alias="amountSet")
    maximum_refundable_set: Optional["SuggestedTransactionMaximumRefundableSet"] = (
        Field(alias="maximumRefundableSet")
    )
    parent_transaction: Optional["SuggestedTransactionParentTransaction"] = Field(
        alias="parentTransaction"
    )


class SuggestedTransactionAmountSet(ShopAmount):
    pass


class SuggestedTransactionMaximumRefundableSet(ShopAmount):
    pass


class SuggestedTransactionParentTransaction(BaseModel):
    id: str


class TransferHead(BaseModel):
    id: str
    name: str
    status: InventoryTransferStatus
    reference_name: Optional[str] = Field(alias="referenceName")


class TransferLine(BaseModel):
    id: str
    total_quantity: int = Field(alias="totalQuantity")
    shipped_quantity: int = Field(alias="shippedQuantity")
    shippable_quantity: int = Field(alias="shippableQuantity")
    inventory_item: Optional["TransferLineInventoryItem"] = Field(alias="inventoryItem")


class TransferLineInventoryItem(BaseModel):
    id: str
    sku: Optional[str]


class TransferShipmentLine(BaseModel):
    id: str
    quantity: int
    inventory_item: Optional["TransferShipmentLineInventoryItem"] = Field(
        alias="inventoryItem"
    )


class TransferShipmentLineInventoryItem(BaseModel):
    id: str


class TransferShipment(BaseModel):
    id: str
    status: InventoryShipmentStatus
    line_item_total_quantity: int = Field(alias="lineItemTotalQuantity")
    tracking: Optional["TransferShipmentTracking"]
    line_items: Optional["TransferShipmentLineItems"] = Field(alias="lineItems")


class TransferShipmentTracking(BaseModel):
    arrives_at: Optional[datetime] = Field(alias="arrivesAt")
    company: Optional[str]
    tracking_number: Optional[str] = Field(alias="trackingNumber")
    tracking_url: Optional[str] = Field(alias="trackingUrl")


class TransferShipmentLineItems(BaseModel):
    page_info: "TransferShipmentLineItemsPageInfo" = Field(alias="pageInfo")
    nodes: list["TransferShipmentLineItemsNodes"]


class TransferShipmentLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class TransferShipmentLineItemsNodes(TransferShipmentLine):
    pass


class UnverifiedReturnLine(BaseModel):
    id: str
    quantity: int
    processable_quantity: int = Field(alias="processableQuantity")
    processed_quantity: int = Field(alias="processedQuantity")
    unprocessed_quantity: int = Field(alias="unprocessedQuantity")
    refundable_quantity: int = Field(alias="refundableQuantity")
    refunded_quantity: int = Field(alias="refundedQuantity")
    return_reason_note: str = Field(alias="returnReasonNote")
    return_reason_definition: Optional["UnverifiedReturnLineReturnReasonDefinition"] = (
        Field(alias="returnReasonDefinition")
    )


class UnverifiedReturnLineReturnReasonDefinition(BaseModel):
    handle: str
    name: str


class WebhookSubscriptionFields(BaseModel):
    id: str
    topic: WebhookSubscriptionTopic
    uri: str
    format: WebhookSubscriptionFormat
    filter_: Optional[str] = Field(alias="filter")
    include_fields: list[str] = Field(alias="includeFields")
    name: Optional[str]
    api_version: "WebhookSubscriptionFieldsApiVersion" = Field(alias="apiVersion")


class WebhookSubscriptionFieldsApiVersion(BaseModel):
    handle: str


BulkOperationState.model_rebuild()
CampaignMetaobject.model_rebuild()
ShopAmount.model_rebuild()
ClaimedOrderLine.model_rebuild()
ClaimedReturnLine.model_rebuild()
CollectedProduct.model_rebuild()
EvidenceFile.model_rebuild()
LineShipped.model_rebuild()
FulfillmentMade.model_rebuild()
LineToShip.model_rebuild()
FulfillmentOrderToShip.model_rebuild()
MetafieldDefinitionFields.model_rebuild()
MetaobjectDefinitionFields.model_rebuild()
OrderedLine.model_rebuild()
PlacedLine.model_rebuild()
PromisedLine.model_rebuild()
PromisedPieces.model_rebuild()
ReturnRefund.model_rebuild()
ReturnableLine.model_rebuild()
ReturnableLines.model_rebuild()
ReturnedGoodsLine.model_rebuild()
ReturnedGoods.model_rebuild()
ShippedFrom.model_rebuild()
SuggestedTransaction.model_rebuild()
TransferHead.model_rebuild()
TransferLine.model_rebuild()
TransferShipmentLine.model_rebuild()
TransferShipment.model_rebuild()
UnverifiedReturnLine.model_rebuild()
WebhookSubscriptionFields.model_rebuild()
