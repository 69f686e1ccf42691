from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import CollectedProduct


class CollectionProducts(BaseModel):
    collection: Optional["CollectionProductsCollection"]


class CollectionProductsCollection(BaseModel):
    id: str
    title: str
    products: "CollectionProductsCollectionProducts"


class CollectionProductsCollectionProducts(BaseModel):
    page_info: "CollectionProductsCollectionProductsPageInfo" = Field(alias="pageInfo")
    nodes: list["CollectionProductsCollectionProductsNodes"]


class CollectionProductsCollectionProductsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


CollectionProductsCollectionProductsNodes = CollectedProduct
CollectionProducts.model_rebuild()
CollectionProductsCollection.model_rebuild()
CollectionProductsCollectionProducts.model_rebuild()
