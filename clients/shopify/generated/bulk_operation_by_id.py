from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import BulkOperationState


class BulkOperationById(BaseModel):
    bulk_operation: Optional["BulkOperationByIdBulkOperation"] = Field(
        alias="bulkOperation"
    )


BulkOperationByIdBulkOperation = BulkOperationState
BulkOperationById.model_rebuild()
