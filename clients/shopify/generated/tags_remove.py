from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel


class TagsRemove(BaseModel):
    tags_remove: Optional["TagsRemoveTagsRemove"] = Field(alias="tagsRemove")


class TagsRemoveTagsRemove(BaseModel):
    node: Optional["TagsRemoveTagsRemoveNode"]
    user_errors: list["TagsRemoveTagsRemoveUserErrors"] = Field(alias="userErrors")


class TagsRemoveTagsRemoveNode(BaseModel):
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


class TagsRemoveTagsRemoveUserErrors(BaseModel):
    field: Optional[list[str]]
    message: str


TagsRemove.model_rebuild()
TagsRemoveTagsRemove.model_rebuild()
