"""The merchant's words on shipping documents."""

from enum import StrEnum

from pydantic import Field

from domain.operator import Command


class Choice(StrEnum):
    FULFIL = "fulfil"
    """Write the shipments that wait to Shopify; one that was held up is tried again."""
    SKIP = "skip"
    """Leave them to be fulfilled by hand: they count as shipped, and nothing is written."""
    ACCEPT_DISCREPANCIES = "accept_discrepancies"
    """Take what does not fit as it stands; what comes later is asked about again."""
    ACCEPT_MISSING = "accept_missing"
    """Go without the papers that are missing."""
    ASK_PARTNER = "ask_partner"
    """Ask the partner to correct what does not fit."""

    @property
    def about_shipments(self) -> bool:
        return self in {Choice.FULFIL, Choice.SKIP}


class Decide(Command):
    """The merchant's decision. `shipment_number`: of this shipment alone; empty: of all that wait."""

    choice: Choice
    shipment_number: str = Field(default="", max_length=200)
    note: str = Field(default="", max_length=500)
