from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class StagedUploadsCreate(BaseModel):
    staged_uploads_create: Optional["StagedUploadsCreateStagedUploadsCreate"] = Field(
        alias="stagedUploadsCreate"
    )


class StagedUploadsCreateStagedUploadsCreate(BaseModel):
    staged_targets: Optional[
        list["StagedUploadsCreateStagedUploadsCreateStagedTargets"]
    ] = Field(alias="stagedTargets")
    user_errors: list["StagedUploadsCreateStagedUploadsCreateUserErrors"] = Field(
        alias="userErrors"
    )


class StagedUploadsCreateStagedUploadsCreateStagedTargets(BaseModel):
    url: Optional[str]
    resource_url: Optional[str] = Field(alias="resourceUrl")
    parameters: list["StagedUploadsCreateStagedUploadsCreateStagedTargetsParameters"]


class StagedUploadsCreateStagedUploadsCreateStagedTargetsParameters(BaseModel):
    name: str
    value: str


class StagedUploadsCreateStagedUploadsCreateUserErrors(BaseModel):
    field: Optional[list[str]]
    message: str


StagedUploadsCreate.model_rebuild()
StagedUploadsCreateStagedUploadsCreate.model_rebuild()
StagedUploadsCreateStagedUploadsCreateStagedTargets.model_rebuild()
