"""The X12 codes that partners answer with, in our own words, and what they mean to us.

Element numbers are X12's. Codes are open sets: an unknown one is kept as it is and shown to the merchant.
"""

from enum import StrEnum

RETURN_REASON = {  # element 1293
    "DA": "damaged",
    "DT": "damaged in transit",
    "DM": "defective on arrival at the store",
    "DR": "defective",
    "WG": "wrong goods",
    "NA": "not as expected",
    "EI": "excess",
    "PR": "recall",
    "PE": "price error",
}

RETURN_RESPONSE = {  # element 1294
    "MI": "more information needed",
    "PR": "picture needed",
    "SR": "sample needed",
    "IN": "not defective",
    "RT": "outside the time limit",
    "NR": "no record of sale",
    "QD": "quantity differs",
    "RR": "repair",
}

RETURN_DISPOSITION = {  # element 1292
    "RA": "authorised",
    "RD": "denied",
    "RP": "pending",
    "PA": "partly authorised",
    "RT": "to a third party",
    "DI": "dispose",
    "KA": "keep with allowance",
    "KR": "keep and repair",
    "MW": "manufacturer's warranty",
    "RF": "factory repair",
}


class Ruling(StrEnum):
    """What a partner's disposition code says about one line of a claim."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    PENDING = "pending"


DISPOSITION_RULING = {
    "RA": Ruling.ACCEPT,
    "PA": Ruling.ACCEPT,
    "RT": Ruling.ACCEPT,
    "DI": Ruling.ACCEPT,
    "KA": Ruling.ACCEPT,
    "KR": Ruling.ACCEPT,
    "MW": Ruling.ACCEPT,
    "RF": Ruling.ACCEPT,
    "RD": Ruling.REFUSE,
    "RP": Ruling.PENDING,
}

# With these the customer keeps the goods: nothing is waited for, nothing is restocked.
KEEP_CODES = frozenset({"KA", "KR", "DI"})

# Shopify's standard return reasons (ReturnReason; the definitions' handles are the same words) as X12's.
SHOPIFY_RETURN_REASON = {
    "defective": "DR",
    "wrong_item": "WG",
    "not_as_described": "NA",
    "color": "NA",
    "style": "NA",
    "size_too_large": "NA",
    "size_too_small": "NA",
    "unwanted": "NA",
    "damaged": "DA",
    "damaged_in_transit": "DT",
}


def return_reason_code(handle: str) -> str:
    """X12's reason for a Shopify return reason handle; `NA` (not as expected) where nothing is closer."""
    return SHOPIFY_RETURN_REASON.get(handle.lower().replace("-", "_"), "NA")


def disposition_words(code: str) -> str:
    return RETURN_DISPOSITION.get(code, f"code {code}") if code else ""


def response_words(code: str) -> str:
    return RETURN_RESPONSE.get(code, f"code {code}") if code else ""
