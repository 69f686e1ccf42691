"""What the pages say: statuses, outcomes, codes and moments in words for people."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import quote

from domain.campaign_readiness.names import Outcome as CampaignOutcome
from domain.case import GRIDCASE, SHOPIFY, CaseKind, CaseStatus
from domain.dispute.names import Outcome as DisputeOutcome
from domain.edi_codes import disposition_words, response_words
from domain.inventory_feed.names import Outcome as FeedOutcome
from domain.inventory_feed.problems import Problem
from domain.order_exception.names import Outcome as ExceptionOutcome
from domain.purchase_order.decision import ALLOWED, Choice, Topic
from domain.purchase_order.names import Outcome as PurchaseOutcome
from domain.return_claim.names import Outcome as ClaimOutcome
from domain.shipping_documents.names import Outcome as PapersOutcome
from domain.shipping_documents.papers import paper_words

STATUS = {
    CaseStatus.OPENING: "Being opened",
    CaseStatus.AWAITING_PARTNER: "Waiting for a partner",
    CaseStatus.AWAITING_MERCHANT: "Waiting for the merchant",
    CaseStatus.AWAITING_OTHER: "Waiting for others",
    CaseStatus.ACTIVE: "Active",
    CaseStatus.APPLYING: "Being carried out",
    CaseStatus.RESOLVED: "Resolved",
    CaseStatus.EXPIRED: "Expired",
    CaseStatus.CANCELLED: "Cancelled",
}
_KIND: Mapping[str, str] = {
    CaseKind.ORDER_EXCEPTION: "Order exception",
    CaseKind.PURCHASE_ORDER: "Purchase order",
    CaseKind.SHIPPING_DOCUMENTS: "Shipping documents",
    CaseKind.INVENTORY_FEED: "Inventory feed",
    CaseKind.RETURN_CLAIM: "Return claim",
    CaseKind.DISPUTE: "Dispute",
    CaseKind.CAMPAIGN_READINESS: "Campaign",
}
_OUTCOME: Mapping[str, Mapping[str, str]] = {
    CaseKind.ORDER_EXCEPTION: {one.value: one.words for one in ExceptionOutcome},
    CaseKind.PURCHASE_ORDER: {one.value: one.words for one in PurchaseOutcome},
    CaseKind.SHIPPING_DOCUMENTS: {one.value: one.words for one in PapersOutcome},
    CaseKind.INVENTORY_FEED: {one.value: one.words for one in FeedOutcome},
    CaseKind.RETURN_CLAIM: {one.value: one.words for one in ClaimOutcome},
    CaseKind.DISPUTE: {one.value: one.words for one in DisputeOutcome},
    CaseKind.CAMPAIGN_READINESS: {one.value: one.words for one in CampaignOutcome},
}
_ANSWER = {
    "accept": "accepts",
    "decline": "declines",
    "partial": "accepts in part",
    "request_info": "asks a question",
}


def status_words(status: str) -> str:
    """A case's status; one that is not known here as it is."""
    return STATUS[CaseStatus(status)] if status in set(CaseStatus) else plain(status)


def kind_words(kind: str) -> str:
    return _KIND.get(kind, plain(kind))


def outcome_words(outcome: str | None, kind: str) -> str:
    """How it ended, as its lifecycle says it."""
    return _OUTCOME.get(kind, {}).get(outcome or "", plain(outcome or ""))


def answer_words(answer: str) -> str:
    return _ANSWER.get(answer, "answers in a way that is not known here")


def problem_words(problem: str) -> str:
    """What keeps a SKU of a feed back."""
    return Problem(problem).words if problem in set(Problem) else plain(problem)


def choices(topic: str) -> str:
    """What may be answered to a purchase order's question, as `decide` takes it."""
    allowed = ALLOWED[Topic(topic)] if topic in set(Topic) else frozenset()
    return ", ".join(choice.value for choice in Choice if choice in allowed)


def case_path(case_id: str) -> str:
    """A case's address, written as in notifications."""
    return f"/cases/{quote(case_id, safe=':~')}"


def papers(types: Iterable[str]) -> str:
    """Types of documents: `asn` is the shipment notice."""
    return paper_words(types)


def plain(name: str) -> str:
    """A name of ours or of Shopify's as words: `NOT_RESTOCKED` is "not restocked"."""
    return name.replace("_", " ").lower()


def actor_words(actor: str, names: Mapping[str, str]) -> str:
    """`partner:acme` is the partner by its name; `operator:maria` is "maria"; the two without a handle are names."""
    role, _, handle = actor.partition(":")
    if role == "partner":
        return f"partner {names.get(handle, handle)}"
    known = {GRIDCASE: "Gridcase", SHOPIFY: "Shopify", "trading_grid": "Trading Grid"}
    return known.get(actor) or handle or actor


def amount_words(amount: str, currency: str = "") -> str:
    """An amount of a snapshot with two places at least."""
    value = Decimal(amount)
    exponent = value.as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    return f"{value:.{places}f} {currency}".rstrip()


def code_words(code: str, kind: str) -> str:
    """An EDI code with its meaning, where that is known. `kind`: disposition or response."""
    words = disposition_words(code) if kind == "disposition" else response_words(code)
    return f"{words} ({code})" if words != f"code {code}" else words


def as_moment(value: datetime | str) -> datetime:
    """Of a snapshot's ISO text too, in UTC."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(UTC)


def moment_words(value: datetime | str) -> str:
    moment = as_moment(value)
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC"


def distance_words(value: datetime | str, now: datetime) -> str:
    """How far off a moment is, in its largest unit: "in 3 days", "2 hours ago"."""
    off = as_moment(value) - now
    words = _span(abs(off))
    if not words:
        return "now"
    return f"in {words}" if off > timedelta(0) else f"{words} ago"


def _span(span: timedelta) -> str:
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        count = int(span.total_seconds() // size)
        if count:
            return f"{count} {unit}{'s' if count != 1 else ''}"
    return ""


def day_words(value: str) -> str:
    """A snapshot's day, `2026-12-01`, for people; what is no day as it is."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day.day} {day:%b %Y}"


def bytes_words(size: int) -> str:
    for unit, factor in (("MB", 1_000_000), ("kB", 1_000)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} bytes"
