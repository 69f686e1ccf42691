"""Return authorisations: RMA number, return address, expiry, and what became of the goods."""

from decimal import Decimal
from typing import Protocol

from pydantic import ConfigDict, model_validator

from clients.trading_grid.port.common import (
    ExternalReference,
    Many,
    Received,
    Sent,
    UtcTime,
)


class ReturnAddress(Received):
    """Where the goods go: a place of business.

    The contract does not name its fields, so all that came is kept, in the order it came; a plain
    text is its only line.
    """

    model_config = ConfigDict(extra="allow")

    @model_validator(mode="before")
    @classmethod
    def _text_is_one_line(cls, value: object) -> object:
        return {"address": value} if isinstance(value, str) else value

    @property
    def lines(self) -> tuple[str, ...]:
        """The address as lines of text, without empty ones."""
        values = (self.model_extra or {}).values()
        texts = (str(value).strip() for value in values if value is not None)
        return tuple(text for text in texts if text)


class ReturnAuthorizationLine(Received):
    """One line. Codes: reason X12 1293, disposition 1292, response reason 1294.

    `received_quantity` is what arrived at `location_code`, the partner's code of the place;
    `credit_amount` is in the order's currency.
    """

    line_id: str
    sku: str | None = None
    quantity: int
    reason_code: str | None = None
    disposition_code: str | None = None
    response_reason_code: str | None = None
    credit_amount: Decimal | None = None
    received_quantity: int | None = None
    location_code: str | None = None


class ReturnAuthorization(Received):
    """`status`: requested, authorized, denied or expired."""

    id: str
    case_id: str | None = None
    partner_id: str
    status: str
    rma_number: str | None = None
    return_to: ReturnAddress | None = None
    expires: UtcTime | None = None
    lines: Many[ReturnAuthorizationLine] = ()
    external_reference: ExternalReference | None = None
    version: int | None = None
    create_time: UtcTime | None = None
    update_time: UtcTime | None = None


class NewReturnAuthorizationLine(Sent):
    line_id: str
    sku: str | None = None
    quantity: int
    reason_code: str | None = None


class NewReturnAuthorization(Sent):
    case_id: str
    partner_id: str
    lines: tuple[NewReturnAuthorizationLine, ...]
    external_reference: ExternalReference


class ReturnAuthorizations(Protocol):
    async def request_return_authorization(
        self, new: NewReturnAuthorization, *, idempotency_key: str
    ) -> ReturnAuthorization:
        """Request, or return the one that already holds the external reference."""
        ...

    async def read_return_authorization(self, authorization_id: str) -> ReturnAuthorization:
        """Raises NotFound."""
        ...

    async def list_return_authorizations(self, case_id: str) -> tuple[ReturnAuthorization, ...]:
        """All of one case, over all pages."""
        ...
