"""Names, keys and endings of the lifecycle, and what a campaign's case is opened with."""

import re
from enum import StrEnum
from hashlib import sha256

from domain.case import CaseStatus, check_handle
from domain.message import Message
from domain.shopify_ids import numeric_id

WORKFLOW = "CampaignReadiness"
GO = "go"  # updates, beside those every case has
CHANGE = "change"
STOP = "stop"
PLAN_GIVEN = "plan_given"  # signal: an event in the inbox names other products


class Outcome(StrEnum):
    """How a campaign's readiness ends; each outcome names its final status."""

    COMPLETED = "completed"
    STOPPED = "stopped"
    EXPIRED = "expired"

    @property
    def status(self) -> CaseStatus:
        match self:
            case Outcome.COMPLETED:
                return CaseStatus.RESOLVED
            case Outcome.STOPPED:
                return CaseStatus.CANCELLED
            case Outcome.EXPIRED:
                return CaseStatus.EXPIRED

    @property
    def words(self) -> str:
        return {
            Outcome.COMPLETED: "completed",
            Outcome.STOPPED: "stopped",
            Outcome.EXPIRED: "expired: nobody said go in time",
        }[self]


class CampaignReadinessInput(Message):
    """What a campaign is opened with: a metaobject's number, or `external_reference` where it came through the API; then
    the event that opened it (`plan_event_id`) has the plan, and `handle` is where it will be written.

    `carried` is the state of an earlier run that grew too long.
    """

    case_id: str
    number: int
    shop: str
    metaobject_id: str = ""
    external_reference: str = ""
    handle: str = ""
    opened_by: str
    event_id: str = ""
    plan_event_id: int = 0
    carried: dict[str, object] | None = None


class PlanGiven(Message):
    """The event `plan_event_id` of the inbox names a window, products, or both for a campaign that is open (signal
    `PLAN_GIVEN`); `actor` gave it."""

    event_id: str
    plan_event_id: int
    actor: str


def metaobject_key(shop: str, metaobject_id: str) -> str:
    """The business key of a campaign that began as a metaobject in Shopify."""
    return f"campaign-readiness:{check_handle(shop)}:{numeric_id(metaobject_id)}"


def campaign_key(shop: str, external_reference: str) -> str:
    """The business key of a campaign opened through the API: it has no metaobject yet."""
    return f"campaign-readiness:{check_handle(shop)}:campaign-{external_reference}"


def metaobject_handle(external_reference: str) -> str:
    """The handle a campaign of ours is written under. Shopify's handles have lower-case letters, digits, `-` and `_`; two
    references that differ in anything else get two handles all the same."""
    plain = re.sub(r"[^a-z0-9_-]", "-", external_reference.lower())
    if plain == external_reference:
        return f"gridcase-{plain}"
    return f"gridcase-{plain}-{sha256(external_reference.encode()).hexdigest()[:8]}"
