from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import BulkOperationUserErrorCode
from .fragments import BulkOperationState


class BulkOperationRunQuery(BaseModel):
    bulk_operation_run_query: Optional["BulkOperationRunQueryBulkOperationRunQuery"] = (
        Field(alias="bulkOperationRunQuery")
    )


class BulkOperationRunQueryBulkOperationRunQuery(BaseModel):
    bulk_operation: Optional[
        "BulkOperationRunQueryBulkOperationRunQueryBulkOperation"
    ] = Field(alias="bulkOperation")
    user_errors: list["BulkOperationRunQueryBulkOperationRunQueryUserErrors"] = Field(
        alias="userErrors"
    )


BulkOperationRunQueryBulkOperationRunQueryBulkOperation = BulkOperationState


class BulkOperationRunQueryBulkOperationRunQueryUserErrors(BaseModel):
    code: Optional[BulkOperationUserErrorCode]
    field: Optional[list[str]]
    message: str


BulkOperationRunQuery.model_rebuild()
BulkOperationRunQueryBulkOperationRunQuery.model_rebuild()
