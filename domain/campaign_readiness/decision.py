"""The merchant's words on a campaign."""

from enum import StrEnum
from typing import Self

from pydantic import AwareDatetime, Field, model_validator

from domain.campaign_readiness.plan import TITLE_LENGTH, PlannedProduct
from domain.operator import Command

MOST_IN_A_COMMAND = 500
"""Products that travel with a command; a longer plan comes by a file, a collection, or the API's own way in."""


class Go(Command):
    """The campaign starts as planned. May be said at any time before it does, and after its start where nobody had."""

    note: str = Field(default="", max_length=500)


class Change(Command):
    """Another window, or other products; what is left out stays. `products` are the whole plan anew."""

    title: str | None = Field(default=None, min_length=1, max_length=TITLE_LENGTH)
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    products: tuple[PlannedProduct, ...] = Field(default=(), max_length=MOST_IN_A_COMMAND)
    note: str = Field(default="", max_length=500)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.title or self.starts_at or self.ends_at or self.products):
            raise ValueError("name what is to change: title, starts_at, ends_at or products.")
        skus = [one.sku for one in self.products]
        if len(set(skus)) < len(skus):
            raise ValueError("a SKU stands twice.")
        return self


class Stop(Command):
    """The campaign does not take place, or ends now; every partner is told."""

    reason: str = Field(min_length=1, max_length=1_000)


class Choice(StrEnum):
    """What the merchant can say beside go, change and stop."""

    SHARE = "share"  # the plan with its partners, where the policy does not share it by itself
    KEEP = "keep"  # the campaign, though its metaobject is gone from Shopify


class Decide(Command):
    choice: Choice
    note: str = Field(default="", max_length=500)
