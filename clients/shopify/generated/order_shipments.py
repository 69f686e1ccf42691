from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import (  # noqa: F401
    ShippedFrom,
    ShippedFromLocation,
    ShippedFromService,
)


class OrderShipments(BaseModel):
    order: Optional["OrderShipmentsOrder"]


class OrderShipmentsOrder(BaseModel):
    id: str
    fulfillments: list["OrderShipmentsOrderFulfillments"]


class OrderShipmentsOrderFulfillments(ShippedFrom):
    fulfillment_line_items: "OrderShipmentsOrderFulfillmentsFulfillmentLineItems" = (
        Field(alias="fulfillmentLineItems")
    )


class OrderShipmentsOrderFulfillmentsFulfillmentLineItems(BaseModel):
    page_info: "OrderShipmentsOrderFulfillmentsFulfillmentLineItemsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["OrderShipmentsOrderFulfillmentsFulfillmentLineItemsNodes"]


class OrderShipmentsOrderFulfillmentsFulfillmentLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")


class OrderShipmentsOrderFulfillmentsFulfillmentLineItemsNodes(BaseModel):
    id: str
    quantity: Optional[int]
    line_item: "OrderShipmentsOrderFulfillmentsFulfillmentLineItemsNodesLineItem" = (
        Field(alias="lineItem")
    )


class OrderShipmentsOrderFulfillmentsFulfillmentLineItemsNodesLineItem(BaseModel):
    id: str


OrderShipments.model_rebuild()
OrderShipmentsOrder.model_rebuild()
OrderShipmentsOrderFulfillments.model_rebuild()
OrderShipmentsOrderFulfillmentsFulfillmentLineItems.model_rebuild()
OrderShipmentsOrderFulfillmentsFulfillmentLineItemsNodes.model_rebuild()
