"""Names, keys and endings of the lifecycle."""

from enum import StrEnum

from domain.case import CaseStatus, check_handle
from domain.shopify_ids import numeric_id

WORKFLOW = "CampaignReadiness"
GO = "go"  # updates, beside those every case has
CHANGE = "change"
STOP = "stop"


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


def metaobject_key(shop: str, metaobject_id: str) -> str:
    """The business key of a campaign that began as a metaobject in Shopify."""
    return f"campaign-readiness:{check_handle(shop)}:{numeric_id(metaobject_id)}"


def campaign_key(shop: str, external_reference: str) -> str:
    """The business key of a campaign opened through the API: it has no metaobject yet."""
    return f"campaign-readiness:{check_handle(shop)}:campaign-{external_reference}"
