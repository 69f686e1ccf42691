from pydantic import Field

from .base_model import BaseModel
from .fragments import BulkOperationState


class BulkOperationsFound(BaseModel):
    bulk_operations: "BulkOperationsFoundBulkOperations" = Field(alias="bulkOperations")


class BulkOperationsFoundBulkOperations(BaseModel):
    nodes: list["BulkOperationsFoundBulkOperationsNodes"]


class BulkOperationsFoundBulkOperationsNodes(BulkOperationState):
    query: str


BulkOperationsFound.model_rebuild()
BulkOperationsFoundBulkOperations.model_rebuild()
