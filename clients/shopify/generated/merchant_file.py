from typing import Annotated, Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import FileStatus


class MerchantFile(BaseModel):
    node: Optional[
        Annotated[
            Union["MerchantFileNodeNode", "MerchantFileNodeGenericFile"],
            Field(discriminator="typename__"),
        ]
    ]


class MerchantFileNodeNode(BaseModel):
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


class MerchantFileNodeGenericFile(BaseModel):
    typename__: Literal["GenericFile"] = Field(alias="__typename")
    id: str
    file_status: FileStatus = Field(alias="fileStatus")
    mime_type: Optional[str] = Field(alias="mimeType")
    original_file_size: Optional[int] = Field(alias="originalFileSize")
    url: Optional[str]


MerchantFile.model_rebuild()
