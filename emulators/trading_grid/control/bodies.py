"""The bodies of control calls that are more than a resource of the contract."""

import base64
import binascii
from dataclasses import replace
from typing import Annotated

from pydantic import Field, model_validator

from emulators.trading_grid.bots import BotSettings
from emulators.trading_grid.errors import invalid
from emulators.trading_grid.resources import documents
from emulators.trading_grid.resources.inventory_advices.model import AdviceBody
from emulators.trading_grid.resources.partners import (
    Contact,
    Identifier,
    PartnerStatus,
    Role,
    supplier,
)
from emulators.trading_grid.resources.shipping.model import InvoiceBody, NoticeBody
from emulators.trading_grid.store import BusinessReference, Name, Text, Wire


class TenantBody(Wire):
    """A tenant, made or changed; ``clients`` maps client id to secret."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    name: Name | None = None
    clients: dict[str, str] = Field(min_length=1)


class PartnerBody(BotSettings):
    """A partner, made or changed, with how it behaves. What is left out takes its default for a new
    partner and stays for one that is there."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    name: Name | None = None
    tenant: str | None = None
    status: PartnerStatus = "active"
    identifiers: list[Identifier] = Field(default_factory=list)
    roles: list[Role] = Field(default_factory=supplier)
    capabilities: list[Name] = Field(default_factory=list)
    contacts: list[Contact] = Field(default_factory=list)


class ContentBody(Wire):
    """A document with its bytes, as ``text`` or ``content_base64``."""

    document_type: documents.DocumentType = "other"
    file_name: Name
    mime_type: Name = "application/octet-stream"
    text: str | None = None
    content_base64: str | None = None

    @model_validator(mode="after")
    def _one_content(self) -> "ContentBody":
        if (self.text is None) == (self.content_base64 is None):
            raise ValueError("send either text or content_base64")
        return self

    def content(self) -> documents.Content:
        """Raises ApiError 422."""
        return documents.Content(self.document_type, self.file_name, self.mime_type, self._data())

    def _data(self) -> bytes:
        if self.text is not None:
            return self.text.encode()
        try:
            return base64.b64decode(self.content_base64 or "", validate=True)
        except binascii.Error as error:
            raise invalid("content_base64 is not base64.", "content_base64") from error


class SharedContentBody(ContentBody):
    """A document outside any case. ``partner_id`` may be left out where a reference of the type
    ``purchase_order`` names a known one."""

    partner_id: Name | None = None
    tenant: str | None = None
    business_references: list[BusinessReference] = Field(default_factory=list, max_length=100)

    def content(self) -> documents.Content:
        return replace(super().content(), business_references=tuple(self.business_references))


class TenantNoticeBody(NoticeBody):
    """A shipment notice; ``tenant`` None is the first."""

    tenant: str | None = None


class TenantInvoiceBody(InvoiceBody):
    """An invoice; ``tenant`` None is the first."""

    tenant: str | None = None


class TenantAdviceBody(AdviceBody):
    """An inventory advice; ``tenant`` None is the first."""

    tenant: str | None = None


class PartnerMessage(Wire):
    body: Text


class EndBody(Wire):
    note: Text | None = None
    resolution: Text | None = None


class WebhookSettings(Wire):
    """Waits before the second, third, ... attempt, and how long one may take; seconds."""

    retry_schedule_s: list[Annotated[float, Field(ge=0)]] | None = None
    timeout_s: Annotated[float, Field(gt=0)] | None = None
