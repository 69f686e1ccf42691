from datetime import datetime
from decimal import Decimal
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import (
    CurrencyCode,
    FulfillmentServiceType,
    FulfillmentStatus,
    MetafieldAdminAccess,
    MetafieldOwnerType,
    ReverseFulfillmentOrderDispositionType,
    ReverseFulfillmentOrderStatus,
    SuggestedOrderTransactionKind,
    WebhookSubscriptionFormat,
    WebhookSubscriptionTopic,
)


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


ShopAmount.model_rebuild()
ClaimedOrderLine.model_rebuild()
ClaimedReturnLine.model_rebuild()
MetafieldDefinitionFields.model_rebuild()
ReturnRefund.model_rebuild()
ReturnableLine.model_rebuild()
ReturnableLines.model_rebuild()
ReturnedGoodsLine.model_rebuild()
ReturnedGoods.model_rebuild()
ShippedFrom.model_rebuild()
SuggestedTransaction.model_rebuild()
UnverifiedReturnLine.model_rebuild()
WebhookSubscriptionFields.model_rebuild()
