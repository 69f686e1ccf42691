from datetime import datetime
from decimal import Decimal
from typing import Any, Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import (
    CountryCode,
    CurrencyCode,
    FulfillmentHoldReason,
    MetafieldAdminAccessInput,
    MetafieldCustomerAccountAccessInput,
    MetafieldOwnerType,
    MetafieldStorefrontAccessInput,
    MetaobjectAdminAccessInput,
    MetaobjectCustomerAccountAccess,
    MetaobjectStatus,
    MetaobjectStorefrontAccess,
    OrderAdjustmentInputDiscrepancyReason,
    OrderTransactionKind,
    RefundDutyRefundType,
    RefundLineItemRestockType,
    ReturnDeclineReason,
    ReturnReason,
    ReverseFulfillmentOrderDispositionType,
    StagedUploadHttpMethodType,
    StagedUploadTargetGenerateUploadResource,
    WebhookSubscriptionFormat,
)


class ExchangeLineItemAppliedDiscountInput(BaseModel):
    description: Optional[str] = None
    value: "ExchangeLineItemAppliedDiscountValueInput"


class ExchangeLineItemAppliedDiscountValueInput(BaseModel):
    amount: Optional["MoneyInput"] = None
    percentage: Optional[float] = None


class ExchangeLineItemInput(BaseModel):
    applied_discount: Optional["ExchangeLineItemAppliedDiscountInput"] = Field(
        alias="appliedDiscount", default=None
    )
    gift_card_codes: Optional[list[str]] = Field(alias="giftCardCodes", default=None)
    quantity: int
    variant_id: Optional[str] = Field(alias="variantId", default=None)


class FulfillmentInput(BaseModel):
    line_items_by_fulfillment_order: list["FulfillmentOrderLineItemsInput"] = Field(
        alias="lineItemsByFulfillmentOrder"
    )
    notify_customer: Optional[bool] = Field(alias="notifyCustomer", default=False)
    origin_address: Optional["FulfillmentOriginAddressInput"] = Field(
        alias="originAddress", default=None
    )
    tracking_info: Optional["FulfillmentTrackingInput"] = Field(
        alias="trackingInfo", default=None
    )


class FulfillmentOrderHoldInput(BaseModel):
    external_id: Optional[str] = Field(alias="externalId", default=None)
    fulfillment_order_line_items: Optional[list["FulfillmentOrderLineItemInput"]] = (
        Field(alias="fulfillmentOrderLineItems", default_factory=lambda: [])
    )
    handle: Optional[str] = ""
    notify_merchant: Optional[bool] = Field(alias="notifyMerchant", default=False)
    reason: FulfillmentHoldReason
    reason_notes: Optional[str] = Field(alias="reasonNotes", default=None)


class FulfillmentOrderLineItemInput(BaseModel):
    id: str
    quantity: int


class FulfillmentOrderLineItemsInput(BaseModel):
    fulfillment_order_id: str = Field(alias="fulfillmentOrderId")
    fulfillment_order_line_items: Optional[list["FulfillmentOrderLineItemInput"]] = (
        Field(alias="fulfillmentOrderLineItems", default=None)
    )


class FulfillmentOriginAddressInput(BaseModel):
    address_1: Optional[str] = Field(alias="address1", default=None)
    address_2: Optional[str] = Field(alias="address2", default=None)
    city: Optional[str] = None
    country_code: str = Field(alias="countryCode")
    province_code: Optional[str] = Field(alias="provinceCode", default=None)
    zip_: Optional[str] = Field(alias="zip", default=None)


class FulfillmentTrackingInput(BaseModel):
    company: Optional[str] = None
    number: Optional[str] = None
    numbers: Optional[list[str]] = None
    url: Optional[str] = None
    urls: Optional[list[str]] = None


class HasMetafieldsMetafieldIdentifierInput(BaseModel):
    key: str
    namespace: Optional[str] = None


class InventoryQuantityInput(BaseModel):
    change_from_quantity: Optional[int] = Field(
        alias="changeFromQuantity", default=None
    )
    inventory_item_id: str = Field(alias="inventoryItemId")
    location_id: str = Field(alias="locationId")
    quantity: int


class InventorySetQuantitiesInput(BaseModel):
    name: str
    quantities: list["InventoryQuantityInput"]
    reason: str
    reference_document_uri: Optional[str] = Field(
        alias="referenceDocumentUri", default=None
    )


class InventoryShipmentCreateInput(BaseModel):
    barcode: Optional[str] = None
    date_created: Optional[datetime] = Field(alias="dateCreated", default=None)
    line_items: list["InventoryShipmentLineItemInput"] = Field(alias="lineItems")
    movement_id: str = Field(alias="movementId")
    tracking_input: Optional["InventoryShipmentTrackingInput"] = Field(
        alias="trackingInput", default=None
    )


class InventoryShipmentLineItemInput(BaseModel):
    inventory_item_id: str = Field(alias="inventoryItemId")
    quantity: int


class InventoryShipmentTrackingInput(BaseModel):
    arrives_at: Optional[datetime] = Field(alias="arrivesAt", default=None)
    company: Optional[str] = None
    tracking_number: Optional[str] = Field(alias="trackingNumber", default=None)
    tracking_url: Optional[str] = Field(alias="trackingUrl", default=None)


class InventoryTransferCreateAsReadyToShipInput(BaseModel):
    date_created: Optional[datetime] = Field(alias="dateCreated", default=None)
    destination_location_id: Optional[str] = Field(
        alias="destinationLocationId", default=None
    )
    line_items: list["InventoryTransferLineItemInput"] = Field(
        alias="lineItems", default_factory=lambda: []
    )
    metafields: Optional[list["MetafieldInput"]] = None
    note: Optional[str] = None
    origin_location_id: Optional[str] = Field(alias="originLocationId", default=None)
    reference_name: Optional[str] = Field(alias="referenceName", default=None)
    tags: Optional[list[str]] = None


class InventoryTransferLineItemInput(BaseModel):
    inventory_item_id: str = Field(alias="inventoryItemId")
    quantity: int


class MailingAddressInput(BaseModel):
    address_1: Optional[str] = Field(alias="address1", default=None)
    address_2: Optional[str] = Field(alias="address2", default=None)
    city: Optional[str] = None
    company: Optional[str] = None
    country: Optional[str] = None
    country_code: Optional[CountryCode] = Field(alias="countryCode", default=None)
    first_name: Optional[str] = Field(alias="firstName", default=None)
    id: Optional[str] = None
    last_name: Optional[str] = Field(alias="lastName", default=None)
    phone: Optional[str] = None
    province: Optional[str] = None
    province_code: Optional[str] = Field(alias="provinceCode", default=None)
    zip_: Optional[str] = Field(alias="zip", default=None)


class MetafieldAccessInput(BaseModel):
    admin: Optional[MetafieldAdminAccessInput] = None
    customer_account: Optional[MetafieldCustomerAccountAccessInput] = Field(
        alias="customerAccount", default=None
    )
    storefront: Optional[MetafieldStorefrontAccessInput] = None


class MetafieldCapabilityAdminFilterableInput(BaseModel):
    enabled: bool


class MetafieldCapabilityAnalyticsQueryableInput(BaseModel):
    enabled: bool


class MetafieldCapabilityCartToOrderCopyableInput(BaseModel):
    enabled: bool


class MetafieldCapabilityCreateInput(BaseModel):
    admin_filterable: Optional["MetafieldCapabilityAdminFilterableInput"] = Field(
        alias="adminFilterable", default=None
    )
    analytics_queryable: Optional["MetafieldCapabilityAnalyticsQueryableInput"] = Field(
        alias="analyticsQueryable", default=None
    )
    cart_to_order_copyable: Optional["MetafieldCapabilityCartToOrderCopyableInput"] = (
        Field(alias="cartToOrderCopyable", default=None)
    )
    smart_collection_condition: Optional[
        "MetafieldCapabilitySmartCollectionConditionInput"
    ] = Field(alias="smartCollectionCondition", default=None)
    unique_values: Optional["MetafieldCapabilityUniqueValuesInput"] = Field(
        alias="uniqueValues", default=None
    )


class MetafieldCapabilitySmartCollectionConditionInput(BaseModel):
    enabled: bool


class MetafieldCapabilityUniqueValuesInput(BaseModel):
    enabled: bool


class MetafieldDefinitionConstraintsInput(BaseModel):
    key: str
    values: list[str]


class MetafieldDefinitionInput(BaseModel):
    access: Optional["MetafieldAccessInput"] = None
    capabilities: Optional["MetafieldCapabilityCreateInput"] = None
    constraints: Optional["MetafieldDefinitionConstraintsInput"] = None
    description: Optional[str] = None
    key: str
    name: str
    namespace: Optional[str] = None
    owner_type: MetafieldOwnerType = Field(alias="ownerType")
    pin: Optional[bool] = False
    type_: str = Field(alias="type")
    use_as_collection_condition: Optional[bool] = Field(
        alias="useAsCollectionCondition", default=False
    )
    validations: Optional[list["MetafieldDefinitionValidationInput"]] = None


class MetafieldDefinitionValidationInput(BaseModel):
    name: str
    value: str


class MetafieldInput(BaseModel):
    id: Optional[str] = None
    key: Optional[str] = None
    namespace: Optional[str] = None
    type_: Optional[str] = Field(alias="type", default=None)
    value: Optional[str] = None


class MetafieldsSetInput(BaseModel):
    compare_digest: Optional[str] = Field(alias="compareDigest", default=None)
    key: str
    namespace: Optional[str] = None
    owner_id: str = Field(alias="ownerId")
    type_: Optional[str] = Field(alias="type", default=None)
    value: str


class MetaobjectAccessInput(BaseModel):
    admin: Optional[MetaobjectAdminAccessInput] = None
    customer_account: Optional[MetaobjectCustomerAccountAccess] = Field(
        alias="customerAccount", default=None
    )
    storefront: Optional[MetaobjectStorefrontAccess] = None


class MetaobjectCapabilityCreateInput(BaseModel):
    online_store: Optional["MetaobjectCapabilityOnlineStoreInput"] = Field(
        alias="onlineStore", default=None
    )
    publishable: Optional["MetaobjectCapabilityPublishableInput"] = None
    renderable: Optional["MetaobjectCapabilityRenderableInput"] = None
    translatable: Optional["MetaobjectCapabilityTranslatableInput"] = None


class MetaobjectCapabilityDataInput(BaseModel):
    online_store: Optional["MetaobjectCapabilityDataOnlineStoreInput"] = Field(
        alias="onlineStore", default=None
    )
    publishable: Optional["MetaobjectCapabilityDataPublishableInput"] = None


class MetaobjectCapabilityDataOnlineStoreInput(BaseModel):
    template_suffix: Optional[str] = Field(alias="templateSuffix", default=None)


class MetaobjectCapabilityDataPublishableInput(BaseModel):
    status: MetaobjectStatus


class MetaobjectCapabilityDefinitionDataOnlineStoreInput(BaseModel):
    create_redirects: Optional[bool] = Field(alias="createRedirects", default=False)
    url_handle: str = Field(alias="urlHandle")


class MetaobjectCapabilityDefinitionDataRenderableInput(BaseModel):
    meta_description_key: Optional[str] = Field(
        alias="metaDescriptionKey", default=None
    )
    meta_title_key: Optional[str] = Field(alias="metaTitleKey", default=None)


class MetaobjectCapabilityOnlineStoreInput(BaseModel):
    data: Optional["MetaobjectCapabilityDefinitionDataOnlineStoreInput"] = None
    enabled: bool


class MetaobjectCapabilityPublishableInput(BaseModel):
    enabled: bool


class MetaobjectCapabilityRenderableInput(BaseModel):
    data: Optional["MetaobjectCapabilityDefinitionDataRenderableInput"] = None
    enabled: bool


class MetaobjectCapabilityTranslatableInput(BaseModel):
    enabled: bool


class MetaobjectDefinitionCreateInput(BaseModel):
    access: Optional["MetaobjectAccessInput"] = None
    capabilities: Optional["MetaobjectCapabilityCreateInput"] = None
    description: Optional[str] = None
    display_name_key: Optional[str] = Field(alias="displayNameKey", default=None)
    field_definitions: Optional[list["MetaobjectFieldDefinitionCreateInput"]] = Field(
        alias="fieldDefinitions", default=None
    )
    name: Optional[str] = None
    type_: str = Field(alias="type")


class MetaobjectFieldCapabilityAdminFilterableInput(BaseModel):
    enabled: bool


class MetaobjectFieldDefinitionCapabilityCreateInput(BaseModel):
    admin_filterable: Optional["MetaobjectFieldCapabilityAdminFilterableInput"] = Field(
        alias="adminFilterable", default=None
    )


class MetaobjectFieldDefinitionCreateInput(BaseModel):
    capabilities: Optional["MetaobjectFieldDefinitionCapabilityCreateInput"] = None
    description: Optional[str] = None
    key: str
    name: Optional[str] = None
    required: Optional[bool] = False
    type_: str = Field(alias="type")
    validations: Optional[list["MetafieldDefinitionValidationInput"]] = None


class MetaobjectFieldInput(BaseModel):
    key: str
    value: str


class MetaobjectHandleInput(BaseModel):
    handle: str
    type_: str = Field(alias="type")


class MetaobjectUpdateInput(BaseModel):
    capabilities: Optional["MetaobjectCapabilityDataInput"] = None
    fields: Optional[list["MetaobjectFieldInput"]] = None
    handle: Optional[str] = None
    redirect_new_handle: Optional[bool] = Field(
        alias="redirectNewHandle", default=False
    )
    values: Optional[Any] = None


class MetaobjectUpsertInput(BaseModel):
    capabilities: Optional["MetaobjectCapabilityDataInput"] = None
    fields: Optional[list["MetaobjectFieldInput"]] = None
    handle: Optional[str] = None


class MoneyInput(BaseModel):
    amount: Decimal
    currency_code: CurrencyCode = Field(alias="currencyCode")


class OrderTransactionInput(BaseModel):
    amount: Decimal
    gateway: str
    kind: OrderTransactionKind
    order_id: str = Field(alias="orderId")
    parent_id: Optional[str] = Field(alias="parentId", default=None)


class RefundDutyInput(BaseModel):
    duty_id: str = Field(alias="dutyId")
    refund_type: Optional[RefundDutyRefundType] = Field(
        alias="refundType", default=None
    )


class RefundInput(BaseModel):
    allow_over_refunding: Optional[bool] = Field(
        alias="allowOverRefunding", default=False
    )
    currency: Optional[CurrencyCode] = None
    discrepancy_reason: Optional[OrderAdjustmentInputDiscrepancyReason] = Field(
        alias="discrepancyReason", default=None
    )
    note: Optional[str] = None
    notify: Optional[bool] = None
    order_id: str = Field(alias="orderId")
    processed_at: Optional[datetime] = Field(alias="processedAt", default=None)
    refund_duties: Optional[list["RefundDutyInput"]] = Field(
        alias="refundDuties", default=None
    )
    refund_line_items: Optional[list["RefundLineItemInput"]] = Field(
        alias="refundLineItems", default=None
    )
    refund_methods: Optional[list["RefundMethodInput"]] = Field(
        alias="refundMethods", default_factory=lambda: []
    )
    shipping: Optional["ShippingRefundInput"] = None
    transactions: Optional[list["OrderTransactionInput"]] = None


class RefundLineItemInput(BaseModel):
    line_item_id: str = Field(alias="lineItemId")
    location_id: Optional[str] = Field(alias="locationId", default=None)
    quantity: int
    restock_type: Optional[RefundLineItemRestockType] = Field(
        alias="restockType", default=None
    )


class RefundMethodInput(BaseModel):
    store_credit_refund: Optional["StoreCreditRefundInput"] = Field(
        alias="storeCreditRefund", default=None
    )


class RefundShippingInput(BaseModel):
    full_refund: Optional[bool] = Field(alias="fullRefund", default=False)
    shipping_refund_amount: Optional["MoneyInput"] = Field(
        alias="shippingRefundAmount", default=None
    )


class RestockingFeeInput(BaseModel):
    percentage: float


class ReturnApproveRequestInput(BaseModel):
    id: str
    notify_customer: Optional[bool] = Field(alias="notifyCustomer", default=False)
    unprocessed: Optional[bool] = False


class ReturnDeclineRequestInput(BaseModel):
    decline_note: Optional[str] = Field(alias="declineNote", default=None)
    decline_reason: ReturnDeclineReason = Field(alias="declineReason")
    id: str
    notify_customer: Optional[bool] = Field(alias="notifyCustomer", default=False)


class ReturnInput(BaseModel):
    exchange_line_items: Optional[list["ExchangeLineItemInput"]] = Field(
        alias="exchangeLineItems", default=None
    )
    notify_customer: Optional[bool] = Field(alias="notifyCustomer", default=False)
    order_id: str = Field(alias="orderId")
    requested_at: Optional[datetime] = Field(alias="requestedAt", default=None)
    return_line_items: list["ReturnLineItemInput"] = Field(alias="returnLineItems")
    return_shipping_fee: Optional["ReturnShippingFeeInput"] = Field(
        alias="returnShippingFee", default=None
    )
    unprocessed: Optional[bool] = False


class ReturnLineItemInput(BaseModel):
    fulfillment_line_item_id: str = Field(alias="fulfillmentLineItemId")
    quantity: int
    restocking_fee: Optional["RestockingFeeInput"] = Field(
        alias="restockingFee", default=None
    )
    return_reason: Optional[ReturnReason] = Field(alias="returnReason", default=None)
    return_reason_definition_id: Optional[str] = Field(
        alias="returnReasonDefinitionId", default=None
    )
    return_reason_note: Optional[str] = Field(alias="returnReasonNote", default="")


class ReturnLineItemRemoveFromReturnInput(BaseModel):
    quantity: int
    return_line_item_id: str = Field(alias="returnLineItemId")


class ReturnProcessExchangeLineItemInput(BaseModel):
    id: str
    quantity: int


class ReturnProcessFinancialTransferInput(BaseModel):
    issue_refund: Optional["ReturnProcessRefundInput"] = Field(
        alias="issueRefund", default=None
    )


class ReturnProcessInput(BaseModel):
    exchange_line_items: Optional[list["ReturnProcessExchangeLineItemInput"]] = Field(
        alias="exchangeLineItems", default_factory=lambda: []
    )
    financial_transfer: Optional["ReturnProcessFinancialTransferInput"] = Field(
        alias="financialTransfer", default=None
    )
    note: Optional[str] = None
    notify_customer: Optional[bool] = Field(alias="notifyCustomer", default=False)
    refund_duties: Optional[list["RefundDutyInput"]] = Field(
        alias="refundDuties", default_factory=lambda: []
    )
    refund_shipping: Optional["RefundShippingInput"] = Field(
        alias="refundShipping", default=None
    )
    return_id: str = Field(alias="returnId")
    return_line_items: Optional[list["ReturnProcessReturnLineItemInput"]] = Field(
        alias="returnLineItems", default_factory=lambda: []
    )
    tip_line_id: Optional[str] = Field(alias="tipLineId", default=None)


class ReturnProcessRefundInput(BaseModel):
    allow_over_refunding: Optional[bool] = Field(
        alias="allowOverRefunding", default=False
    )
    order_transactions: list["ReturnRefundOrderTransactionInput"] = Field(
        alias="orderTransactions"
    )
    refund_methods: Optional[list["RefundMethodInput"]] = Field(
        alias="refundMethods", default_factory=lambda: []
    )


class ReturnProcessReturnLineItemInput(BaseModel):
    dispositions: Optional[list["ReverseFulfillmentOrderDisposeInput"]] = None
    id: str
    quantity: int


class ReturnRefundOrderTransactionInput(BaseModel):
    parent_id: str = Field(alias="parentId")
    transaction_amount: "MoneyInput" = Field(alias="transactionAmount")


class ReturnShippingFeeInput(BaseModel):
    amount: "MoneyInput"


class ReverseFulfillmentOrderDisposeInput(BaseModel):
    disposition_type: ReverseFulfillmentOrderDispositionType = Field(
        alias="dispositionType"
    )
    location_id: Optional[str] = Field(alias="locationId", default=None)
    quantity: int
    reverse_fulfillment_order_line_item_id: str = Field(
        alias="reverseFulfillmentOrderLineItemId"
    )


class ShippingRefundInput(BaseModel):
    amount: Optional[Decimal] = None
    full_refund: Optional[bool] = Field(alias="fullRefund", default=None)


class ShopifyPaymentsDisputeEvidenceUpdateInput(BaseModel):
    access_activity_log: Optional[str] = Field(alias="accessActivityLog", default=None)
    cancellation_policy_disclosure: Optional[str] = Field(
        alias="cancellationPolicyDisclosure", default=None
    )
    cancellation_policy_file: Optional[
        "ShopifyPaymentsDisputeFileUploadUpdateInput"
    ] = Field(alias="cancellationPolicyFile", default=None)
    cancellation_rebuttal: Optional[str] = Field(
        alias="cancellationRebuttal", default=None
    )
    customer_communication_file: Optional[
        "ShopifyPaymentsDisputeFileUploadUpdateInput"
    ] = Field(alias="customerCommunicationFile", default=None)
    customer_email_address: Optional[str] = Field(
        alias="customerEmailAddress", default=None
    )
    customer_first_name: Optional[str] = Field(alias="customerFirstName", default=None)
    customer_last_name: Optional[str] = Field(alias="customerLastName", default=None)
    refund_policy_disclosure: Optional[str] = Field(
        alias="refundPolicyDisclosure", default=None
    )
    refund_policy_file: Optional["ShopifyPaymentsDisputeFileUploadUpdateInput"] = Field(
        alias="refundPolicyFile", default=None
    )
    refund_refusal_explanation: Optional[str] = Field(
        alias="refundRefusalExplanation", default=None
    )
    service_documentation_file: Optional[
        "ShopifyPaymentsDisputeFileUploadUpdateInput"
    ] = Field(alias="serviceDocumentationFile", default=None)
    shipping_address: Optional["MailingAddressInput"] = Field(
        alias="shippingAddress", default=None
    )
    shipping_documentation_file: Optional[
        "ShopifyPaymentsDisputeFileUploadUpdateInput"
    ] = Field(alias="shippingDocumentationFile", default=None)
    submit_evidence: Optional[bool] = Field(alias="submitEvidence", default=False)
    uncategorized_file: Optional["ShopifyPaymentsDisputeFileUploadUpdateInput"] = Field(
        alias="uncategorizedFile", default=None
    )
    uncategorized_text: Optional[str] = Field(alias="uncategorizedText", default=None)


class ShopifyPaymentsDisputeFileUploadUpdateInput(BaseModel):
    destroy: Optional[bool] = False
    id: str


class StagedUploadInput(BaseModel):
    file_size: Optional[int] = Field(alias="fileSize", default=None)
    filename: str
    http_method: Optional[StagedUploadHttpMethodType] = Field(
        alias="httpMethod", default=StagedUploadHttpMethodType.PUT
    )
    mime_type: str = Field(alias="mimeType")
    resource: StagedUploadTargetGenerateUploadResource


class StoreCreditRefundInput(BaseModel):
    amount: "MoneyInput"
    expires_at: Optional[datetime] = Field(alias="expiresAt", default=None)


class SuggestedOutcomeExchangeLineItemInput(BaseModel):
    id: str
    quantity: int


class SuggestedOutcomeReturnLineItemInput(BaseModel):
    id: str
    quantity: int


class WebhookSubscriptionInput(BaseModel):
    callback_url: Optional[str] = Field(alias="callbackUrl", default=None)
    filter_: Optional[str] = Field(alias="filter", default=None)
    format: Optional[WebhookSubscriptionFormat] = None
    include_fields: Optional[list[str]] = Field(alias="includeFields", default=None)
    metafield_namespaces: Optional[list[str]] = Field(
        alias="metafieldNamespaces", default=None
    )
    metafields: Optional[list["HasMetafieldsMetafieldIdentifierInput"]] = None
    name: Optional[str] = None
    uri: Optional[str] = None


ExchangeLineItemAppliedDiscountInput.model_rebuild()
ExchangeLineItemAppliedDiscountValueInput.model_rebuild()
ExchangeLineItemInput.model_rebuild()
FulfillmentInput.model_rebuild()
FulfillmentOrderHoldInput.model_rebuild()
FulfillmentOrderLineItemsInput.model_rebuild()
InventorySetQuantitiesInput.model_rebuild()
InventoryShipmentCreateInput.model_rebuild()
InventoryTransferCreateAsReadyToShipInput.model_rebuild()
MetafieldCapabilityCreateInput.model_rebuild()
MetafieldDefinitionInput.model_rebuild()
MetaobjectCapabilityCreateInput.model_rebuild()
MetaobjectCapabilityDataInput.model_rebuild()
MetaobjectCapabilityOnlineStoreInput.model_rebuild()
MetaobjectCapabilityRenderableInput.model_rebuild()
MetaobjectDefinitionCreateInput.model_rebuild()
MetaobjectFieldDefinitionCapabilityCreateInput.model_rebuild()
MetaobjectFieldDefinitionCreateInput.model_rebuild()
MetaobjectUpdateInput.model_rebuild()
MetaobjectUpsertInput.model_rebuild()
RefundInput.model_rebuild()
RefundMethodInput.model_rebuild()
RefundShippingInput.model_rebuild()
ReturnInput.model_rebuild()
ReturnLineItemInput.model_rebuild()
ReturnProcessFinancialTransferInput.model_rebuild()
ReturnProcessInput.model_rebuild()
ReturnProcessRefundInput.model_rebuild()
ReturnProcessReturnLineItemInput.model_rebuild()
ReturnRefundOrderTransactionInput.model_rebuild()
ReturnShippingFeeInput.model_rebuild()
ShopifyPaymentsDisputeEvidenceUpdateInput.model_rebuild()
StoreCreditRefundInput.model_rebuild()
WebhookSubscriptionInput.model_rebuild()
