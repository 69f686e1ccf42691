from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import TransferShipmentLine


class TransferShipmentLinesAfter(BaseModel):
    inventory_shipment: Optional["TransferShipmentLinesAfterInventoryShipment"] = Field(
        alias="inventoryShipment"
    )


class TransferShipmentLinesAfterInventoryShipment(BaseModel):
    id: str
    line_items: Optional["TransferShipmentLinesAfterInventoryShipmentLineItems"] = (
        Field(alias="lineItems")
    )


class TransferShipmentLinesAfterInventoryShipmentLineItems(BaseModel):
    page_info: "TransferShipmentLinesAfterInventoryShipmentLineItemsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["TransferShipmentLinesAfterInventoryShipmentLineItemsNodes"]


class TransferShipmentLinesAfterInventoryShipmentLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


TransferShipmentLinesAfterInventoryShipmentLineItemsNodes = TransferShipmentLine
TransferShipmentLinesAfter.model_rebuild()
TransferShipmentLinesAfterInventoryShipment.model_rebuild()
TransferShipmentLinesAfterInventoryShipmentLineItems.model_rebuild()
