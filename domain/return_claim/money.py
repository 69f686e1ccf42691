"""What is refunded: Shopify's suggestion, or the merchant's amount shared over its transactions."""

from decimal import Decimal

from domain.message import Message, Money


class RefundTransaction(Message):
    """A part of a refund that goes back over one of the order's payments. `parent_id` is the OrderTransaction's number."""

    parent_id: str
    amount: Decimal
    maximum: Decimal
    gateway: str = ""


class SuggestedRefund(Message):
    """Shopify's `suggestedFinancialOutcome` (or `suggestedRefund`) for the accepted quantities."""

    amount: Money
    transactions: tuple[RefundTransaction, ...] = ()


class NotRefundable(ValueError):
    """The amount is more than the order's payments can still give back."""


def share(suggested: SuggestedRefund, amount: Decimal) -> tuple[RefundTransaction, ...]:
    """The amount over the suggested transactions, in their order, each up to what it can give back.

    Raises:
        NotRefundable: together they cannot give back as much.
    """
    left = amount
    parts: list[RefundTransaction] = []
    for transaction in suggested.transactions:
        part = min(left, transaction.maximum)
        if part > 0:
            parts.append(transaction.model_copy(update={"amount": part}))
            left -= part
    if left > 0:
        possible = sum((entry.maximum for entry in suggested.transactions), Decimal(0))
        raise NotRefundable(
            f"{amount:.2f} {suggested.amount.currency} is more than the order's payments can still "
            f"give back ({possible:.2f})."
        )
    return tuple(parts)
