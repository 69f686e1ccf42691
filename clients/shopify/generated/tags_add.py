from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel


class TagsAdd(BaseModel):
    tags_add: Optional["TagsAddTagsAdd"] = Field(alias="tagsAdd")


class TagsAddTagsAdd(BaseModel):
    node: Optional["TagsAddTagsAddNode"]
    user_errors: list["TagsAddTagsAddUserErrors"] = Field(alias="userErrors")


class TagsAddTagsAddNode(BaseModel):
    typename__: Literal[
        "AppInstallation",
        "BulkOperation",
        "Collection",
        "Customer",
        "ExchangeLineItem",
        "Fulfillment",
        "FulfillmentHold",
        "FulfillmentLineItem",
        "FulfillmentOrder",
        "FulfillmentOrderLineItem",
        "GenericFile",
        "InventoryAdjustmentGroup",
        "InventoryItem",
        "InventoryLevel",
        "InventoryQuantity",
        "InventoryShipment",
        "InventoryShipmentLineItem",
        "InventoryTransfer",
        "InventoryTransferLineItem",
        "LineItem",
        "Location",
        "MailingAddress",
        "Metafield",
        "MetafieldDefinition",
        "Metaobject",
        "MetaobjectDefinition",
        "Node",
        "Order",
        "OrderTransaction",
        "Product",
        "ProductVariant",
        "Refund",
        "Return",
        "ReturnLineItem",
        "ReturnReasonDefinition",
        "ReturnableFulfillment",
        "ReverseFulfillmentOrder",
        "ReverseFulfillmentOrderDisposition",
        "ReverseFulfillmentOrderLineItem",
        "Shop",
        "ShopifyPaymentsDispute",
        "ShopifyPaymentsDisputeEvidence",
        "ShopifyPaymentsDisputeFileUpload",
        "ShopifyPaymentsDisputeFulfillment",
        "UnverifiedReturnLineItem",
        "WebhookSubscription",
    ] = Field(alias="__typename")
    id: str


class TagsAddTagsAddUserErrors(BaseModel):
    field: Optional[list[str]]
    message: str


TagsAdd.model_rebuild()
TagsAddTagsAdd.model_rebuild()
