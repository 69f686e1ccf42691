from typing import Optional

from .base_model import BaseModel
from .fragments import FulfillmentMade


class OrderFulfillments(BaseModel):
    order: Optional["OrderFulfillmentsOrder"]


class OrderFulfillmentsOrder(BaseModel):
    id: str
    fulfillments: list["OrderFulfillmentsOrderFulfillments"]


OrderFulfillmentsOrderFulfillments = FulfillmentMade
OrderFulfillments.model_rebuild()
OrderFulfillmentsOrder.model_rebuild()
