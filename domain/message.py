"""The base of everything that crosses Temporal."""

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field


class Message(BaseModel):
    """Immutable, and tolerant of fields it does not know.

    Messages only grow: a new field has a default; none is renamed, retyped or removed, because running cases still carry
    the old ones.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")


class Money(Message):
    """An amount in major units of one currency (ISO 4217), as Shopify's MoneyV2 writes it."""

    amount: Decimal = Field(max_digits=18, decimal_places=4)
    currency: str = Field(pattern=r"^[A-Z]{3}$")

    def __str__(self) -> str:
        return f"{self.amount:.2f} {self.currency}"
