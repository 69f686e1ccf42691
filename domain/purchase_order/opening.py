"""Which state of an order makes purchase orders. Pure: events only say that it is time to look."""

from collections.abc import Collection

from domain.policy import PurchaseOrderPolicy
from domain.shop_order import PAID, ShopOrder

# displayFinancialStatus of an order that nobody will pay (any more).
_NEVER_PAID = frozenset({"VOIDED", "EXPIRED", "REFUNDED"})


def opens_case(order: ShopOrder, policy: PurchaseOrderPolicy, drop_ship: Collection[str]) -> bool:
    """Whether purchase orders are due; `drop_ship` are the lines (LineItem numbers) whose route says so.

    By policy as soon as the order is paid, or as soon as it is there; never for what has shipped or was cancelled.
    """
    if order.cancelled:
        return False
    due = (
        order.financial_status in PAID
        if policy.open_on == "paid"
        else order.financial_status not in _NEVER_PAID
    )
    return due and any(
        line.line_id in drop_ship and line.requires_shipping and line.unfulfilled > 0
        for line in order.lines
    )
