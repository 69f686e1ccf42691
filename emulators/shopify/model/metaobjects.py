"""Metaobjects, their definitions, collections of products, and the merchant's files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from emulators.shopify.model.catalog import Product
from emulators.shopify.model.resource import Resource


@dataclass(frozen=True)
class FieldDefinition:
    """One field of the metaobjects of a type."""

    key: str
    name: str
    type: str
    required: bool = False
    description: str | None = None


@dataclass(eq=False, repr=False)
class MetaobjectDefinition(Resource):
    """``type`` is the full one (``app--1--x`` where the app says ``$app:x``)."""

    gql_type: ClassVar[str] = "MetaobjectDefinition"
    id: int
    type: str
    name: str
    created_at: datetime
    updated_at: datetime
    fields: list[FieldDefinition]
    description: str | None = None
    display_name_key: str | None = None
    admin_access: str = "PUBLIC_READ_WRITE"
    storefront_access: str = "NONE"
    publishable: bool = False
    translatable: bool = False

    def field(self, key: str) -> FieldDefinition | None:
        return next((known for known in self.fields if known.key == key), None)


@dataclass(eq=False, repr=False)
class Metaobject(Resource):
    """``texts`` are by the field's key; ``status`` counts only where the type can be published."""

    gql_type: ClassVar[str] = "Metaobject"
    id: int
    definition: MetaobjectDefinition
    handle: str
    created_at: datetime
    updated_at: datetime
    texts: dict[str, str] = field(default_factory=dict)
    status: str = "DRAFT"

    @property
    def type(self) -> str:
        return self.definition.type

    @property
    def display_name(self) -> str:
        named = self.texts.get(self.definition.display_name_key or "")
        return named or self.handle.replace("-", " ").title()


@dataclass(frozen=True)
class MetaobjectField:
    """A field as one metaobject has it; ``value`` is None where it was never set."""

    definition: FieldDefinition
    value: str | None

    @property
    def key(self) -> str:
        return self.definition.key

    @property
    def type(self) -> str:
        return self.definition.type


@dataclass(eq=False, repr=False)
class Collection(Resource):
    gql_type: ClassVar[str] = "Collection"
    id: int
    title: str
    handle: str
    updated_at: datetime
    products: list[Product] = field(default_factory=list)


@dataclass(eq=False, repr=False)
class GenericFile(Resource):
    """``stored`` is the key of the stored file; ``made_by`` the request that made it, if an app did."""

    gql_type: ClassVar[str] = "GenericFile"
    id: int
    filename: str
    stored: str
    mime_type: str
    size: int
    created_at: datetime
    updated_at: datetime
    alt: str | None = None
    made_by: str | None = None
