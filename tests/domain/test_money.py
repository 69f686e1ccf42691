"""An amount shared over the order's payments."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.message import Money
from domain.return_claim.money import NotRefundable, RefundTransaction, SuggestedRefund, share

AMOUNTS = st.decimals(0, 10_000, places=3)  # some currencies have three


def suggestion(*maximums: Decimal, currency: str = "KWD") -> SuggestedRefund:
    return SuggestedRefund(
        amount=Money(amount=sum(maximums, Decimal(0)), currency=currency),
        transactions=tuple(
            RefundTransaction(parent_id=str(place), amount=Decimal(0), maximum=maximum, gateway="g")
            for place, maximum in enumerate(maximums)
        ),
    )


@given(st.lists(AMOUNTS, max_size=5), AMOUNTS)
def test_each_payment_is_given_back_whole_before_the_next_is_touched(
    maximums: list[Decimal], amount: Decimal
) -> None:
    suggested = suggestion(*maximums)
    if amount > sum(maximums):
        with pytest.raises(NotRefundable):
            share(suggested, amount)
        return
    parts = share(suggested, amount)
    assert sum((part.amount for part in parts), Decimal(0)) == amount
    assert all(part.amount == part.maximum for part in parts[:-1])
    assert all(part.gateway == "g" for part in parts)
    skipped = {entry.parent_id for entry in suggested.transactions} - {p.parent_id for p in parts}
    last = int(parts[-1].parent_id) if parts else -1
    assert all(maximums[int(place)] == 0 or int(place) > last for place in skipped)


def test_exactly_what_can_be_given_back_is_given_back() -> None:
    parts = share(suggestion(Decimal("7.50"), Decimal("2.50")), Decimal("10.00"))
    assert [part.amount for part in parts] == [Decimal("7.50"), Decimal("2.50")]


def test_a_cent_too_much_is_refused_with_the_amounts_in_words() -> None:
    with pytest.raises(NotRefundable, match=r"10\.01 EUR .* give back \(10\.00\)"):
        share(suggestion(Decimal("7.50"), Decimal("2.50"), currency="EUR"), Decimal("10.01"))


def test_an_order_without_payments_gives_nothing_back() -> None:
    with pytest.raises(NotRefundable):
        share(suggestion(), Decimal("0.01"))


@pytest.mark.parametrize("currency", ["eur", "EU", "EURO", "", "EUR\n"])
def test_what_is_no_currency_is_refused(currency: str) -> None:
    with pytest.raises(ValueError):
        Money(amount=Decimal(1), currency=currency)


@pytest.mark.parametrize("amount", ["1.00001", "NaN", "Infinity", "1e19"])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(ValueError):
        Money.model_validate({"amount": amount, "currency": "EUR"})
