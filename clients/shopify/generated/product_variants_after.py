from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class ProductVariantsAfter(BaseModel):
    product: Optional["ProductVariantsAfterProduct"]


class ProductVariantsAfterProduct(BaseModel):
    id: str
    variants: "ProductVariantsAfterProductVariants"


class ProductVariantsAfterProductVariants(BaseModel):
    page_info: "ProductVariantsAfterProductVariantsPageInfo" = Field(alias="pageInfo")
    nodes: list["ProductVariantsAfterProductVariantsNodes"]


class ProductVariantsAfterProductVariantsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class ProductVariantsAfterProductVariantsNodes(BaseModel):
    id: str
    sku: Optional[str]


ProductVariantsAfter.model_rebuild()
ProductVariantsAfterProduct.model_rebuild()
ProductVariantsAfterProductVariants.model_rebuild()
