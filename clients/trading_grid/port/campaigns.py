"""Campaigns: what partners are to get ready for, and how ready they say they are."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Protocol

from pydantic import Field

from clients.trading_grid.port.common import (
    Day,
    ExternalReference,
    Many,
    Name,
    Pieces,
    Received,
    Sent,
    Text,
    UtcTime,
)

MOST_PRODUCTS = 10_000


class CampaignProduct(Received):
    sku: Name
    expected_quantity: Pieces
    ready_by: Day | None = None


class Campaign(Received):
    """A partner's share of a campaign. `version` grows with each change of the plan, not with what the partner says.

    `etag` goes back with a change; None where the server sent none.
    """

    id: Name
    name: str
    starts: UtcTime
    ends: UtcTime
    partner_id: str
    products: Many[CampaignProduct] = ()
    external_reference: ExternalReference | None = None
    version: int
    etag: str | None = None


class NewCampaignProduct(Sent):
    """`ready_by` is the last day on which `expected_quantity` pieces must be ready."""

    sku: str = Field(min_length=1, max_length=255)
    expected_quantity: int = Field(ge=0, le=1_000_000_000)
    ready_by: date | None = None


class CampaignPlan(Sent):
    """The whole plan anew; no products is a campaign called off."""

    name: str = Field(min_length=1, max_length=255)
    starts: UtcTime
    ends: UtcTime
    products: tuple[NewCampaignProduct, ...] = Field(max_length=MOST_PRODUCTS)


class NewCampaign(CampaignPlan):
    partner_id: str
    products: tuple[NewCampaignProduct, ...] = Field(min_length=1, max_length=MOST_PRODUCTS)
    external_reference: ExternalReference


class Commitment(Received):
    """What the partner says of one article.

    `status` is committed, partial, at_risk, declined, or whatever else came. `ready_by` is the partner's own writing, which
    may be no day. The SKU may be none of the campaign's, and the quantity more than was expected: the reader compares.
    """

    sku: Name
    quantity: Pieces | None = None
    ready_by: Text = ""
    status: Text = ""
    note: Text = ""


class CampaignIssue(Received):
    """What may keep the launch from going well; `severity` is low, normal, high, urgent, or whatever else came."""

    code: Name
    sku: Text = ""
    text: Text = ""
    severity: Text = "normal"


class CampaignReadiness(Received):
    """One word of the partner; a later `sequence` replaces an earlier one for the SKUs it names.

    `campaign_version` is the plan that it answers; None where the server does not say. `unreadable` says which entries could
    not be read, and for which field (`commitments.0.quantity: ...`): they are in neither list, and are to be shown.
    """

    id: Name
    sequence: Pieces
    campaign_version: int | None = None
    commitments: Many[Commitment] = ()
    issues: Many[CampaignIssue] = ()
    unreadable: tuple[str, ...] = ()
    create_time: UtcTime | None = None


class Campaigns(Protocol):
    async def create_campaign(self, new: NewCampaign, *, idempotency_key: str) -> Campaign:
        """Share it, or return the one that already holds the external reference, whatever its plan.

        Raises StillRunning while an earlier call under the same key goes on.
        """
        ...

    async def read_campaign(self, campaign_id: str) -> Campaign:
        """Raises NotFound."""
        ...

    async def find_campaign(self, external_reference: ExternalReference) -> Campaign | None: ...

    async def change_campaign(self, campaign_id: str, plan: CampaignPlan, *, etag: str) -> Campaign:
        """Put the whole plan in the place of the one there. The same plan again changes nothing.

        Raises PreconditionFailed where the campaign has changed since `etag` was read.
        """
        ...

    def campaign_readiness(
        self, campaign_id: str, *, above: int = 0
    ) -> AsyncIterator[CampaignReadiness]:
        """What the partner said, page by page, in no promised order; `above`: only with a higher sequence."""
        ...
