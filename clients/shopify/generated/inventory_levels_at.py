from typing import Annotated, Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel


class InventoryLevelsAt(BaseModel):
    nodes: list[
        Optional[
            Annotated[
                Union[
                    "InventoryLevelsAtNodesNode", "InventoryLevelsAtNodesInventoryItem"
                ],
                Field(discriminator="typename__"),
            ]
        ]
    ]


class InventoryLevelsAtNodesNode(BaseModel):
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


class InventoryLevelsAtNodesInventoryItem(BaseModel):
    typename__: Literal["InventoryItem"] = Field(alias="__typename")
    id: str
    sku: Optional[str]
    tracked: bool
    inventory_level: Optional["InventoryLevelsAtNodesInventoryItemInventoryLevel"] = (
        Field(alias="inventoryLevel")
    )


class InventoryLevelsAtNodesInventoryItemInventoryLevel(BaseModel):
    id: str
    is_active: bool = Field(alias="isActive")
    quantities: list["InventoryLevelsAtNodesInventoryItemInventoryLevelQuantities"]


class InventoryLevelsAtNodesInventoryItemInventoryLevelQuantities(BaseModel):
    name: str
    quantity: int


InventoryLevelsAt.model_rebuild()
InventoryLevelsAtNodesInventoryItem.model_rebuild()
InventoryLevelsAtNodesInventoryItemInventoryLevel.model_rebuild()
