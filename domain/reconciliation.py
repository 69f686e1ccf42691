"""Reconciliation: what it compares, and what its scheduled workflow takes and gives."""

from enum import StrEnum

from pydantic import Field

from domain.message import Message

RECONCILIATION = "Reconciliation"


class Source(StrEnum):
    """Whose changes are compared with the inbox."""

    SHOPIFY = "shopify"
    TRADING_GRID = "trading_grid"


class Compared(StrEnum):
    """One kind of object, with a watermark of its own."""

    ORDERS = "orders"
    FULFILLMENT_ORDERS = "fulfillment_orders"
    RETURNS = "returns"
    DISPUTES = "disputes"
    CAMPAIGNS = "campaigns"
    OVERDUE = "overdue"  # paid orders that nobody has shipped in time
    EVENTS = "events"  # Trading Grid's feed


COMPARED: dict[Source, tuple[Compared, ...]] = {
    # Orders first: no exception opens for lines that purchase orders cover.
    Source.SHOPIFY: (
        Compared.ORDERS,
        Compared.FULFILLMENT_ORDERS,
        Compared.RETURNS,
        Compared.DISPUTES,
        Compared.CAMPAIGNS,
        Compared.OVERDUE,
    ),
    Source.TRADING_GRID: (Compared.EVENTS,),
}


class ReconcileInput(Message):
    """One run over a shop (`scope` is its id), or over a tenant's feed."""

    source: Source
    scope: str


class Compare(Message):
    """One kind of object of it."""

    source: Source
    scope: str
    object: Compared


class ComparedResult(Message):
    """How many events were put into the inbox that were not there."""

    found: int = 0


class ReconcileResult(Message):
    """`found` by object; `errors` says what could not be compared this time: its watermark has not moved."""

    found: dict[str, int] = Field(default_factory=dict)
    errors: dict[str, str] = Field(default_factory=dict)
