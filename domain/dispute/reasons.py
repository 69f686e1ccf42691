"""What evidence each reason of a dispute calls for; one table, in our own wording."""

from collections.abc import Mapping

from domain.message import Message


class Calls(Message):
    """`words`: what the customer's bank says, for the partner. `papers`: the document types partners are asked for, the most
    telling first. `useful`: papers we hold already that count as well, though nobody is asked for them. `statement`: what
    to write."""

    words: str
    papers: tuple[str, ...]
    useful: tuple[str, ...] = ()
    statement: str


_DELIVERY = ("proof_of_delivery", "bill_of_lading", "packing_list")
_CONDITION = ("inspection_report", "photo", "certificate")
_RETURN = ("rma", "inspection_report")
_WHAT_HAPPENED = "what was shipped, when, by which carrier, and when and where it was handed over"

REASONS: Mapping[str, Calls] = {
    "PRODUCT_NOT_RECEIVED": Calls(
        words="the goods did not arrive",
        papers=_DELIVERY,
        useful=("asn",),
        statement=_WHAT_HAPPENED,
    ),
    "PRODUCT_UNACCEPTABLE": Calls(
        words="the goods are damaged, defective or not as described",
        papers=_CONDITION,
        useful=("packing_list", "proof_of_delivery", "rma"),
        statement="what the goods are, in which condition they left you, and what an inspection found",
    ),
    "FRAUDULENT": Calls(
        words="the cardholder did not order the goods",
        papers=("proof_of_delivery", "packing_list"),
        useful=("bill_of_lading", "asn"),
        statement=_WHAT_HAPPENED,
    ),
    "UNRECOGNIZED": Calls(
        words="the cardholder does not recognise the charge",
        papers=("proof_of_delivery", "packing_list"),
        useful=("bill_of_lading", "asn"),
        statement=_WHAT_HAPPENED,
    ),
    "CREDIT_NOT_PROCESSED": Calls(
        words="goods were returned or the order was cancelled, and no refund came",
        papers=_RETURN,
        useful=("proof_of_delivery", "photo"),
        statement="whether the goods came back, when, in which condition, and what was agreed on a credit",
    ),
    "DUPLICATE": Calls(
        words="the same goods were charged twice",
        papers=("packing_list", "proof_of_delivery"),
        useful=("bill_of_lading", "asn"),
        statement="which parcels were shipped for this order, and that each was ordered for itself",
    ),
    "SUBSCRIPTION_CANCELLED": Calls(
        words="a subscription was charged after it had been cancelled",
        papers=("proof_of_delivery", "packing_list"),
        useful=("bill_of_lading", "asn", "cancellation_policy"),
        statement="which deliveries were made after the date of the cancellation, and what came back of them",
    ),
    "CUSTOMER_INITIATED": Calls(
        words="the customer asked its bank for the money back and gave no closer reason",
        papers=("proof_of_delivery", "packing_list", "inspection_report"),
        useful=("bill_of_lading", "asn", "photo", "certificate", "rma"),
        statement=_WHAT_HAPPENED,
    ),
    "GENERAL": Calls(
        words="the bank gave no closer reason",
        papers=("proof_of_delivery", "packing_list", "inspection_report"),
        useful=("bill_of_lading", "asn", "photo", "certificate", "rma"),
        statement=_WHAT_HAPPENED,
    ),
}

_OF_THE_PAYMENT = Calls(
    words="the payment itself is called in question",
    papers=("proof_of_delivery", "packing_list"),
    useful=("bill_of_lading", "asn"),
    statement=_WHAT_HAPPENED,
)
"""Reasons a trading partner can say little about: that the goods were delivered is what helps."""

_PAYMENT_REASONS = (
    "BANK_CANNOT_PROCESS",
    "DEBIT_NOT_AUTHORIZED",
    "INCORRECT_ACCOUNT_DETAILS",
    "INSUFFICIENT_FUNDS",
    "NONCOMPLIANT",
)

EVERYTHING = Calls(
    words="the bank gave a reason that is not known here",
    papers=(*_DELIVERY, *_CONDITION, "rma"),
    useful=("asn",),
    statement=_WHAT_HAPPENED,
)


def calls_for(reason: str) -> Calls:
    """What a ShopifyPaymentsDisputeReason calls for; one that is not known asks for everything useful."""
    if reason in _PAYMENT_REASONS:
        return _OF_THE_PAYMENT
    return REASONS.get(reason, EVERYTHING)
