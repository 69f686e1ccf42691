from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import CountryCode


class OrderShipTo(BaseModel):
    order: Optional["OrderShipToOrder"]


class OrderShipToOrder(BaseModel):
    id: str
    shipping_address: Optional["OrderShipToOrderShippingAddress"] = Field(
        alias="shippingAddress"
    )


class OrderShipToOrderShippingAddress(BaseModel):
    name: Optional[str]
    company: Optional[str]
    address_1: Optional[str] = Field(alias="address1")
    address_2: Optional[str] = Field(alias="address2")
    city: Optional[str]
    province_code: Optional[str] = Field(alias="provinceCode")
    zip_: Optional[str] = Field(alias="zip")
    country_code_v_2: Optional[CountryCode] = Field(alias="countryCodeV2")
    phone: Optional[str]


OrderShipTo.model_rebuild()
OrderShipToOrder.model_rebuild()
