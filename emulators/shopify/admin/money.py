"""MoneyBag and MoneyV2."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from emulators.shopify.engine.registry import Args, Context, resolver
from emulators.shopify.model.money import Money
from emulators.shopify.rules.refusal import refuse


@resolver("MoneyBag", "shopMoney")
@resolver("MoneyBag", "presentmentMoney")
def side(money: Money, _: Context, __: Args) -> Money:
    return money


@resolver("MoneyV2", "currencyCode")
def currency_code(money: Money, _: Context, __: Args) -> str:
    return money.currency


def amount_of(value: Any, field: tuple[str, ...]) -> Decimal:
    """A Decimal or Money scalar of the input; raises Refused where it is not a number."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise refuse("Amount is not a number.", code="NOT_A_NUMBER", field=field) from None
    if not amount.is_finite():
        raise refuse("Amount is not a number.", code="NOT_A_NUMBER", field=field)
    return amount


def money_input(value: dict[str, Any], currency: str, field: tuple[str, ...]) -> Decimal:
    """A MoneyInput in the order's currency; raises Refused for another currency."""
    if value["currencyCode"] != currency:
        raise refuse(
            f"Currency must be {currency}.", code="INVALID", field=(*field, "currencyCode")
        )
    return amount_of(value["amount"], (*field, "amount"))
