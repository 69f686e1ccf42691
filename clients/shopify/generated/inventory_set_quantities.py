from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import InventorySetQuantitiesUserErrorCode


class InventorySetQuantities(BaseModel):
    inventory_set_quantities: Optional[
        "InventorySetQuantitiesInventorySetQuantities"
    ] = Field(alias="inventorySetQuantities")


class InventorySetQuantitiesInventorySetQuantities(BaseModel):
    inventory_adjustment_group: Optional[
        "InventorySetQuantitiesInventorySetQuantitiesInventoryAdjustmentGroup"
    ] = Field(alias="inventoryAdjustmentGroup")
    user_errors: list["InventorySetQuantitiesInventorySetQuantitiesUserErrors"] = Field(
        alias="userErrors"
    )


class InventorySetQuantitiesInventorySetQuantitiesInventoryAdjustmentGroup(BaseModel):
    id: str


class InventorySetQuantitiesInventorySetQuantitiesUserErrors(BaseModel):
    code: Optional[InventorySetQuantitiesUserErrorCode]
    field: Optional[list[str]]
    message: str


InventorySetQuantities.model_rebuild()
InventorySetQuantitiesInventorySetQuantities.model_rebuild()
