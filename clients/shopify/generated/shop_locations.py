from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import FulfillmentServiceType


class ShopLocations(BaseModel):
    locations: "ShopLocationsLocations"


class ShopLocationsLocations(BaseModel):
    page_info: "ShopLocationsLocationsPageInfo" = Field(alias="pageInfo")
    nodes: list["ShopLocationsLocationsNodes"]


class ShopLocationsLocationsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class ShopLocationsLocationsNodes(BaseModel):
    id: str
    name: str
    is_active: bool = Field(alias="isActive")
    is_fulfillment_service: bool = Field(alias="isFulfillmentService")
    fulfillment_service: Optional["ShopLocationsLocationsNodesFulfillmentService"] = (
        Field(alias="fulfillmentService")
    )


class ShopLocationsLocationsNodesFulfillmentService(BaseModel):
    id: str
    handle: str
    service_name: str = Field(alias="serviceName")
    type_: FulfillmentServiceType = Field(alias="type")


ShopLocations.model_rebuild()
ShopLocationsLocations.model_rebuild()
ShopLocationsLocationsNodes.model_rebuild()
