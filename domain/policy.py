"""How long, whom to remind, what silence means: the terms a case is opened with.

A policy is looked up once, when the partners are known, and frozen into the case with its version. The most specific one
wins as a whole; what it leaves out has the default given here.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from domain.message import Message, Money

ANY = "*"

T = TypeVar("T")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{name!r} is not a time zone of the IANA database.") from error
    return name


def _fractions(values: tuple[float, ...]) -> tuple[float, ...]:
    if any(not 0 < value < 1 for value in values):
        raise ValueError("Reminders are fractions of the time, between 0 and 1.")
    return tuple(sorted(set(values)))


class Within(Message):
    """A span of time: hours, or business days (Monday to Friday less the holidays, in a time zone). Exactly one.

    Fractions of an hour are allowed, so that a demo or a test can be short.
    """

    hours: float | None = Field(default=None, gt=0, le=24 * 366)
    business_days: int | None = Field(default=None, gt=0, le=260)
    time_zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    holidays: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.hours is None) == (self.business_days is None):
            raise ValueError("Give either hours or business_days.")
        return self

    def after(self, start: datetime) -> datetime:
        """The moment this span ends when it starts at `start` (aware).

        Business days end at the same wall-clock time in their zone; a start on a free day counts from the next
        business day's beginning.
        """
        if self.hours is not None:
            return start + timedelta(hours=self.hours)
        zone = ZoneInfo(self.time_zone)
        local = start.astimezone(zone)
        day, clock = local.date(), local.time()
        if not self._is_business_day(day):
            clock = time()
            while not self._is_business_day(day):
                day += timedelta(days=1)
        for _ in range(self.business_days or 0):
            day += timedelta(days=1)
            while not self._is_business_day(day):
                day += timedelta(days=1)
        # Arithmetic across a clock change belongs to UTC; only the wall clock is read in the zone.
        return datetime.combine(day, clock, tzinfo=zone).astimezone(start.tzinfo)

    def before(self, end: datetime) -> datetime:
        """The moment from which this span ends at `end` (aware).

        Business days begin at the same wall-clock time in their zone; an end on a free day counts from the end of the last
        business day before it.
        """
        if self.hours is not None:
            return end - timedelta(hours=self.hours)
        zone = ZoneInfo(self.time_zone)
        local = end.astimezone(zone)
        day, clock = local.date(), local.time()
        whole = timedelta(0)
        if not self._is_business_day(day):
            # The end of a day is the next one's beginning.
            clock, whole = time(), timedelta(days=1)
            while not self._is_business_day(day):
                day -= timedelta(days=1)
        for _ in range(self.business_days or 0):
            day -= timedelta(days=1)
            while not self._is_business_day(day):
                day -= timedelta(days=1)
        return datetime.combine(day + whole, clock, tzinfo=zone).astimezone(end.tzinfo)

    def _is_business_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.holidays

    def __str__(self) -> str:
        if self.hours is None:
            return f"{self.business_days} business days"
        return f"{self.hours:g} hours"


class AtDeadline(StrEnum):
    """What a partner's silence means once its time is up."""

    APPROVE_UNDER = "approve_under"  # the amount; above it, the merchant is asked
    DECLINE = "decline"
    ASK_MERCHANT = "ask_merchant"
    KEEP = "keep"  # go on waiting, escalated


class Refund(StrEnum):
    AUTOMATIC = "automatic"
    ASK_MERCHANT = "ask_merchant"
    NEVER = "never"


class Policy(Message):
    """The terms every lifecycle shares."""

    answer_within: Within = Within(hours=72)
    reminders: Annotated[tuple[float, ...], AfterValidator(_fractions)] = (0.5, 0.8)
    escalate_at: float = Field(default=1.0, gt=0, le=1)
    """The fraction of the partner's time after which the matter is escalated; 1 is the deadline itself."""
    escalate_to: tuple[str, ...] = ()
    """Recipients: `console:`, `https://...` (signed webhook), `mailto:...`. Empty: `notify`."""
    notify: tuple[str, ...] = ("console:",)
    at_deadline: AtDeadline = AtDeadline.ASK_MERCHANT
    merchant_within: Within = Within(hours=120)
    merchant_reminders: Annotated[tuple[float, ...], AfterValidator(_fractions)] = (0.5, 0.8)
    show_on_order: bool = True
    """Write the case's state to the order's metafields and tags, for customer service."""
    priority_tags: tuple[str, ...] = ("vip", "priority")
    """Tags of an order that make it high priority (case is ignored); read from the shop's own terms."""
    priority_from_orders: int = Field(default=20, ge=1)
    """A customer with at least this many orders is high priority."""
    version: str = "default"
    """Which record these terms came from, e.g. `policy 12 v3`; kept with the case."""


class ReturnClaimPolicy(Policy):
    """Terms of a return claim. Each automatic write is a switch; off means the merchant is asked."""

    approve_under: Money | None = None
    """With `at_deadline: approve_under`: a silent partner's lines are approved when the claim's value is below this."""
    auto_approve: bool = True
    auto_decline: bool = True
    refund: Refund = Refund.ASK_MERCHANT
    auto_process: bool = True
    """Write the dispositions to Shopify (`returnProcess`) once the goods are accounted for."""
    auto_close: bool = True
    notify_customer: bool = False
    """Have Shopify write to the customer on approval, decline and refund; off where another app does."""
    goods_within: Within = Within(hours=24 * 30)
    open_on_open_return: bool = False
    """Also open a case for a return that staff or another app made (already `OPEN`)."""
    claim_goods_back: bool = True
    """For damage and warranty claims that do not say: whether the goods must come back."""


class OrderExceptionPolicy(Policy):
    """Terms of an order exception. Each automatic write is a switch; off means the merchant is asked."""

    open_on_hold_reasons: tuple[str, ...] = ("INVENTORY_OUT_OF_STOCK", "UNKNOWN_DELIVERY_DATE")
    """Shopify's FulfillmentHoldReason values that open a case, unless the order's own sales channel holds it."""
    open_on_rejected_request: bool = True
    open_on_manual_review: bool = True
    open_on_short_shipment: bool = True
    short_shipment_grace: Within = Within(hours=48)
    """How long quantity may be left after `orders/partially_fulfilled` before that is an exception."""
    overdue_after: Within = Within(hours=96)
    """How long a paid order's lines may stay unfulfilled before the overdue sweep opens a case."""
    hold_late_lines: bool = True
    """Hold what is late (`fulfillmentOrderHold`), and release our own hold once its lines are settled."""
    accept_dates_within: Within | None = None
    """Ship dates up to this far from now settle a line by themselves; later ones go to the merchant. None: any date."""


class PurchaseOrderPolicy(Policy):
    """Terms of purchase orders. Each automatic write is a switch; off means the merchant is asked."""

    open_on: str = Field(default="paid", pattern="^(paid|created)$")
    """`paid`: a drop-ship order is sent once it is paid; `created`: as soon as it is there."""
    auto_send: bool = True
    auto_change: bool = True
    """Pass edits and cancellations of the order on to the partner."""
    hold_backorders: bool = True
    """Hold the late quantities in Shopify (`fulfillmentOrderHold`), released when they are dated again or ship."""
    backorder_limit: Within = Within(hours=24 * 7)
    """A backorder dated later than this after the order, or not dated at all, is held."""
    price_tolerance: Decimal = Field(default=Decimal("0.02"), ge=0, le=1)
    """A price that differs by at most this share of ours passes; any other goes to the merchant."""
    accept_substitutes: bool = False
    ship_within: Within = Within(hours=24 * 30)
    """After the last confirmed date (or the order), how long the shipment is waited for before the merchant is asked."""


class ShippingDocumentsPolicy(Policy):
    """Terms of shipping documents. Each automatic write is a switch; off means the merchant is asked."""

    auto_fulfil: bool = True
    """Turn a shipment notice into a fulfillment with tracking (`fulfillmentCreate`)."""
    notify_customer: bool = False
    """Have Shopify write to the customer when it ships; off where another app does."""
    required_documents: tuple[str, ...] = ("asn", "packing_list", "invoice")
    """Trading Grid's document types that must be in; `asn` is met by a shipment notice, `invoice` by an invoice."""
    chase_after: Within = Within(hours=24)
    """How long after the first paper the missing ones are asked for; `answer_within` and `reminders` hold from then."""
    invoice_tolerance: Decimal = Field(default=Decimal("0.01"), ge=0, le=1)
    """A line's price, or the total, may differ by this share before it is a discrepancy."""


class WhenStale(StrEnum):
    """What becomes of a partner's quantities when it has told nothing of its stock for too long."""

    KEEP = "keep"
    BUFFER = "buffer"  # `stale_buffer` more is held back of each
    ZERO = "zero"


class ManualEdits(StrEnum):
    """What becomes of a quantity that somebody else changed in Shopify."""

    OVERWRITE = "overwrite"
    REPORT = "report"  # it stays until the partner says something new of the SKU, or the merchant decides


class InventoryFeedPolicy(Policy):
    """Terms of a partner's stock feed. Each automatic write is a switch; off means the merchant is asked."""

    auto_push: bool = True
    """Write quantities to Shopify (`inventorySetQuantities`) as advices come in."""
    safety_stock: int = Field(default=0, ge=0, le=1_000_000)
    """Pieces of each SKU that are never offered."""
    stale_after: Within = Within(hours=48)
    """How long after the newest advice the feed is stale."""
    when_stale: WhenStale = WhenStale.KEEP
    stale_buffer: int = Field(default=0, ge=0, le=1_000_000)
    manual_edits: ManualEdits = ManualEdits.OVERWRITE
    brake_share: float = Field(default=0.2, gt=0, le=1)
    """A snapshot that takes more than this share of the SKUs that are for sale to zero waits for the merchant."""
    brake_from: int = Field(default=10, ge=1)
    """The brake is not asked while fewer SKUs than this would go to zero: a small range empties honestly."""
    stop_sells: bool = True
    """A stop-sell or discontinued constraint takes the SKU to zero; off: it is only shown."""
    zero_when_ended: bool = False
    """Take the partner's quantities to zero once it is suspended or retired."""


class DisputePolicy(Policy):
    """Terms of a dispute. Each automatic write is a switch; off means the merchant is asked."""

    reminders: Annotated[tuple[float, ...], AfterValidator(_fractions)] = (0.5, 0.75, 0.9)
    answer_within: Within = Within(hours=24 * 7)
    """At the most; the partner's time ends at the margin before `evidenceDueBy` in any case."""
    margin: Within = Within(hours=24)
    """How long before `evidenceDueBy` what there is is submitted, or the merchant called."""
    auto_draft: bool = True
    """Write evidence into Shopify's draft as it arrives."""
    submit_unreviewed: bool = True
    """Submit at the margin with what there is; off: never without the merchant's word, who is called early and loudly."""
    submit_when_complete: bool = False
    """Submit as soon as every partner has answered and nothing asked for is missing, before the margin."""
    bank_within: Within = Within(hours=24 * 120)
    """How long the bank's decision is waited for before the merchant is asked to look."""


class CampaignReadinessPolicy(Policy):
    """Terms of a campaign. Each automatic write is a switch; off means the merchant is asked."""

    auto_share: bool = True
    """Share the plan with its partners at once; off: on the merchant's word."""
    gates: tuple[Within, ...] = (
        Within(hours=24 * 14),
        Within(hours=24 * 7),
        Within(hours=24),
    )
    """How long before the start it is looked at: who has not answered is reminded, what is at risk escalated."""
    ready_from: float = Field(default=1.0, gt=0, le=1)
    """Readiness (committed against expected) from which a gate needs no word of the merchant."""
    auto_go: bool = False
    """Go at the last gate by itself where the readiness suffices."""
    auto_update_metaobject: bool = True
    """Write totals and the worst SKUs to the campaign's metaobject."""
    watch_every: Within = Within(hours=24)
    """While the campaign runs, how often constraints of its SKUs are looked at."""
    wrap_up_after: Within = Within(hours=24)
    """How long after the end what was sold is counted: the last orders may come late."""


class PolicyKey(Message):
    """Where a policy applies; `*` is any."""

    shop: str = ANY
    partner: str = ANY
    priority: str = ANY

    def covers(self, *, shop: str, partner: str, priority: str) -> bool:
        return (
            self.shop in {ANY, shop}
            and self.partner in {ANY, partner}
            and self.priority in {ANY, priority}
        )

    @property
    def weight(self) -> tuple[int, int, int]:
        """How specific: a partner's own terms before a priority's, a priority's before the shop's."""
        return (self.partner != ANY, self.priority != ANY, self.shop != ANY)


def most_specific(
    records: Iterable[tuple[PolicyKey, T]], *, shop: str, partner: str, priority: str
) -> T | None:
    """The record that wins for this shop, partner and priority, or None where none covers them."""
    covering = [
        (key.weight, record)
        for key, record in records
        if key.covers(shop=shop, partner=partner, priority=priority)
    ]
    return max(covering, key=lambda pair: pair[0])[1] if covering else None
