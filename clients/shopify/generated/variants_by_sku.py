from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class VariantsBySku(BaseModel):
    product_variants: "VariantsBySkuProductVariants" = Field(alias="productVariants")


class VariantsBySkuProductVariants(BaseModel):
    page_info: "VariantsBySkuProductVariantsPageInfo" = Field(alias="pageInfo")
    nodes: list["VariantsBySkuProductVariantsNodes"]


class VariantsBySkuProductVariantsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class VariantsBySkuProductVariantsNodes(BaseModel):
    id: str
    sku: Optional[str]
    product: "VariantsBySkuProductVariantsNodesProduct"


class VariantsBySkuProductVariantsNodesProduct(BaseModel):
    id: str
    vendor: str


VariantsBySku.model_rebuild()
VariantsBySkuProductVariants.model_rebuild()
VariantsBySkuProductVariantsNodes.model_rebuild()
