"""Times, states and codes in words a partner's clerk understands."""

from datetime import date, datetime, timedelta

from emulators.trading_grid.resources.purchase_orders.model import ShipTo

STATUS = {
    "new": "New",
    "open": "Open",
    "pending_partner": "Waiting for you",
    "pending_company": "With the company",
    "resolved": "Resolved",
    "closed": "Closed",
    "cancelled": "Cancelled",
}
CASE_TYPE = {
    "order_exception": "Order exception",
    "return_claim": "Return",
    "damage_claim": "Damage claim",
    "warranty_claim": "Warranty claim",
    "dispute": "Dispute",
    "shipment_document": "Shipping document",
    "supply_constraint": "Supply constraint",
    "campaign_readiness": "Campaign readiness",
    "general": "General matter",
}
REASON = {
    "DA": "Damaged",
    "DT": "Damaged in transit",
    "DM": "Defective",
    "DR": "Defective",
    "WG": "Wrong goods",
    "NA": "Not as expected",
    "EI": "Excess",
    "PR": "Recall",
    "PE": "Price error",
}
RESPONSE_REASON = {
    "RT": "Outside the time limit",
    "IN": "Not defective",
    "NR": "No record of the sale",
    "QD": "The quantity differs",
    "RR": "Will be repaired",
    "MI": "More information is needed",
    "PR": "A picture is needed",
    "SR": "A sample is needed",
}
ACKNOWLEDGEMENT = {
    "IA": "Accepted",
    "IQ": "Accepted, quantity changed",
    "IP": "Accepted, price changed",
    "DR": "Accepted, date rescheduled",
    "BP": "Part ships, rest backordered",
    "IB": "Backordered",
    "IS": "Substituted",
    "SP": "Accepted, date pending",
    "IH": "On hold",
    "AR": "Accepted and released",
    "AC": "Accepted and shipped",
    "AA": "Accepted, ships from another location",
    "IC": "Accepted with changes",
    "IE": "Accepted, price pending",
    "IF": "On hold, the description is incomplete",
    "IW": "On hold, a waiver is needed",
    "IR": "Rejected",
    "ID": "Deleted",
    "R1": "Rejected, not a contract item",
    "R2": "Rejected, invalid product number",
    "R3": "Rejected, invalid unit",
    "R4": "Rejected, contract item not available",
    "R5": "Rejected, order again as just-in-time",
    "R6": "Rejected, order again as extended delivery",
    "R7": "Rejected, order again as drop shipment",
    "R8": "Rejected, order again as surge",
}
"""X12 element 668, complete."""
LATE = {
    "DR": "Ships on a date",
    "BP": "Ships part now, the rest on a date",
    "IS": "A substitute ships",
    "IR": "Cannot ship",
}
ORDER_TYPE = {"drop_ship": "Drop ship", "replenishment": "Replenishment"}
ORDER_STATUS = {
    "sent": "Waiting for you",
    "acknowledged": "Answered",
    "partially_shipped": "Partly shipped",
    "shipped": "Shipped",
    "cancelled": "Cancelled",
}
CHANGE = {"pending": "Waiting for you", "acknowledged": "Acknowledged", "refused": "Refused"}
PURPOSE = {"change": "Change", "cancel": "Cancellation"}
ADVICE_KIND = {"delta": "What changed", "snapshot": "Everything at this place"}
CONSTRAINT = {
    "stop_sell": "Stop selling",
    "limited": "Limited",
    "discontinued": "Discontinued",
}
COMMITMENT = {
    "committed": "Committed",
    "partial": "Partly",
    "at_risk": "At risk",
    "declined": "Declined",
}
ISSUE = {
    "capacity": "Capacity",
    "material": "Material",
    "quality": "Quality",
    "logistics": "Transport",
    "product_data": "Product data",
    "price": "Price",
    "other": "Something else",
}
"""The contract leaves these codes open."""
SEVERITY = {"low": "Low", "normal": "Normal", "high": "High", "urgent": "Urgent"}
ANSWER_DISPOSITION = {
    "RA": "Accept, goods come back",
    "KA": "Accept, customer keeps the goods with an allowance",
    "KR": "Accept, customer keeps and repairs the goods",
    "DI": "Accept, customer disposes of the goods",
    "RD": "Refuse",
}
GOODS_DISPOSITION = {
    "RA": "Put back into stock",
    "DI": "Disposed of",
    "RT": "Sent to a third party",
    "MW": "In repair under the manufacturer's warranty",
    "RF": "In repair at the factory",
    "KA": "Never sent back, kept with an allowance",
    "KR": "Never sent back, kept and repaired",
}
DISPOSITION = {**GOODS_DISPOSITION, **ANSWER_DISPOSITION, "PA": "Accept in part"}
ANSWER = {
    "accept": "You accepted",
    "decline": "You declined",
    "partial": "You accepted part",
    "request_info": "You asked for information",
}
AUTHORIZATION = {
    "requested": "Asked for",
    "authorized": "Authorised",
    "denied": "Refused",
    "expired": "Expired",
}
DOCUMENT_TYPE = {
    "photo": "Photo",
    "inspection_report": "Inspection report",
    "rma": "Return authorisation (RMA)",
    "certificate": "Certificate",
    "proof_of_delivery": "Proof of delivery",
    "packing_list": "Packing list",
    "invoice": "Invoice",
    "bill_of_lading": "Bill of lading",
    "asn": "Shipment notice",
    "evidence": "Evidence",
    "other": "Other",
}
_PROOF = ("proof_of_delivery", "evidence", "photo", "certificate", "inspection_report")
PROOF_TYPE = {kind: DOCUMENT_TYPE[kind] for kind in (*_PROOF, *DOCUMENT_TYPE)}
"""The same, with what proves something first."""
PROOF_ANSWER = {
    "dispute": ("We stand by it and can prove it", "We can't prove it"),
    "supply_constraint": ("We can do as asked", "We can't do as asked"),
    "campaign_readiness": ("We will be ready", "We won't be ready"),
}
"""How a case is accepted and declined that is answered with documents and words."""

_UNITS = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
)


def moment(time: datetime) -> str:
    """``25 Nov 2026, 14:05 UTC``"""
    return f"{time.day} {time:%b %Y, %H:%M} UTC"


def day(time: date) -> str:
    return f"{time.day} {time:%b %Y}"


def address(place: ShipTo) -> str:
    """One part a line, as on a label."""
    town = " ".join(part for part in (place.postal_code, place.city, place.province_code) if part)
    parts = (place.name, place.company, place.address1, place.address2, town, place.country_code)
    return "\n".join(part for part in (*parts, place.phone) if part)


def relative(time: datetime, now: datetime) -> str:
    """``in 2 days``, ``3 hours ago``, ``just now``; rounded to the nearest whole of the largest unit."""
    distance = abs(time - now)
    for name, unit in _UNITS:
        count = round(distance / unit)
        if distance >= unit or (count >= 1 and name == "minute"):
            amount = f"{count} {name}{'' if count == 1 else 's'}"
            return f"in {amount}" if time > now else f"{amount} ago"
    return "just now"


def count(number: int | None) -> str:
    """``50,000``; a dash where nothing is said."""
    return "–" if number is None else f"{number:,}"


def size(count: int) -> str:
    """Bytes in the unit people read."""
    if count < 1024:
        return f"{count} bytes" if count != 1 else "1 byte"
    if count < 1024 * 1024:
        return f"{count / 1024:.0f} KB"
    return f"{count / 1024 / 1024:.1f}".removesuffix(".0") + " MB"


def code(value: str | None, words: dict[str, str]) -> str:
    """The code's meaning; one nobody knows is shown as it is."""
    if not value:
        return ""
    return words.get(value, value)
