"""Amounts. All of a shop's amounts are in the shop's currency, which is also the presentment currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
NO_MINOR_UNITS = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "HUF"})


def places(currency: str) -> Decimal:
    """The smallest step of a currency."""
    return Decimal(1) if currency in NO_MINOR_UNITS else Decimal("0.01")


def rounded(amount: Decimal, currency: str) -> Decimal:
    """An amount in whole steps of its currency, half up."""
    return amount.quantize(places(currency), rounding=ROUND_HALF_UP)


def share(total: Decimal, part: int, whole: int, currency: str) -> Decimal:
    """What ``part`` of ``whole`` equal pieces of ``total`` cost, so that the pieces add up to the total."""
    return ZERO if whole == 0 else rounded(total * part / whole, currency)


@dataclass(frozen=True)
class Money:
    """One amount in one currency: a MoneyV2, and a MoneyBag whose two sides are equal."""

    amount: Decimal
    currency: str


def graphql_amount(amount: Decimal) -> str:
    """Shopify's Decimal text: at least one decimal, no trailing zeros beyond it (``12.0``, ``12.5``)."""
    text = format(amount.normalize(), "f")
    return text if "." in text else f"{text}.0"


def rest_amount(amount: Decimal) -> str:
    """Shopify's text of amounts in REST-shaped payloads (``12.00``)."""
    return format(amount.quantize(Decimal("0.01")), "f")
