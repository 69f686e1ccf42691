"""A campaign, what changed in it, and how ready the partner says it is."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from emulators.trading_grid.errors import invalid
from emulators.trading_grid.query import COMMON_FIELDS, Value
from emulators.trading_grid.store import Entity, ExternalReference, Name, Prose, UtcTime, Wire
from emulators.trading_grid.wire import Links, dump

CommitmentStatus = Literal["committed", "partial", "at_risk", "declined"]

MOST_PRODUCTS = 10_000

Pieces = Annotated[int, Field(ge=0, le=1_000_000_000)]


class Product(Wire):
    """``ready_by``: the last day on which ``expected_quantity`` pieces must be ready."""

    sku: Name
    expected_quantity: Pieces
    ready_by: date | None = None


class Campaign(Entity):
    """``version`` is the plan's: what the partner says does not count it up."""

    NAME: ClassVar[str] = "campaign"
    COLLECTION: ClassVar[str] = "campaigns"

    name: Name
    starts: UtcTime
    ends: UtcTime
    partner_id: str
    products: list[Product]


class ChangedProduct(Wire):
    before: Product
    after: Product


class CampaignChange(Entity):
    """What one PUT changed; ``campaign_version`` is the version it made. Times are those before and None
    where they stayed."""

    NAME: ClassVar[str] = "campaign_change"
    COLLECTION: ClassVar[str] = "campaign-changes"

    campaign_id: str
    campaign_version: int
    name_before: Name | None = None
    starts_before: UtcTime | None = None
    ends_before: UtcTime | None = None
    added: list[Product]
    removed: list[Product]
    changed: list[ChangedProduct]

    def owners(self) -> tuple[str, ...]:
        return (self.campaign_id,)


class Commitment(Wire):
    """What the partner says of an article. Values are taken as they come: SKUs that are not in the
    campaign, more than was expected. ``ready_by`` is the partner's own writing, by contract a day."""

    sku: Name
    quantity: int | None = None
    ready_by: str | None = None
    status: CommitmentStatus
    note: Prose | None = None


class Issue(Wire):
    """What may keep the launch from going well; ``severity`` by contract low, normal, high or urgent."""

    code: Name
    sku: Name | None = None
    text: Prose
    severity: Name = "normal"


class Readiness(Entity):
    """A later ``sequence`` replaces the earlier one for the SKUs it names; its issues come to the earlier
    ones, in the place of those with the same code and SKU. ``campaign_version``: the plan it answers."""

    NAME: ClassVar[str] = "campaign_readiness"
    COLLECTION: ClassVar[str] = "campaign-readiness"

    campaign_id: str
    campaign_version: int
    sequence: int
    commitments: list[Commitment]
    issues: list[Issue]

    def path(self) -> str:
        return f"/campaigns/{self.campaign_id}/readiness/{self.id}"

    def owners(self) -> tuple[str, ...]:
        return (self.campaign_id,)


class CampaignBody(Wire):
    """What a company sends to plan."""

    name: Name
    starts: UtcTime
    ends: UtcTime
    partner_id: Name
    products: list[Product] = Field(min_length=1, max_length=MOST_PRODUCTS)
    external_reference: ExternalReference | None = None


class CampaignPut(Wire):
    """The whole plan anew; no products is a campaign called off. Partner and reference can't change and
    may be left out."""

    name: Name
    starts: UtcTime
    ends: UtcTime
    partner_id: Name | None = None
    products: list[Product] = Field(max_length=MOST_PRODUCTS)
    external_reference: ExternalReference | None = None


class ReadinessBody(Wire):
    """What a partner says. Without ``sequence`` the next."""

    sequence: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    commitments: list[Commitment] = Field(default_factory=list, max_length=MOST_PRODUCTS)
    issues: list[Issue] = Field(default_factory=list, max_length=1000)


CAMPAIGN_FIELDS: dict[str, type[Value]] = {
    **COMMON_FIELDS,
    "name": str,
    "starts": datetime,
    "ends": datetime,
    "products.sku": str,
}
READINESS_FIELDS: dict[str, type[Value]] = {
    **COMMON_FIELDS,
    "sequence": int,
    "campaign_version": int,
    "commitments.sku": str,
    "commitments.status": str,
    "issues.code": str,
}


def check_plan(body: CampaignBody | CampaignPut) -> None:
    """Raises ApiError 422."""
    if body.ends <= body.starts:
        raise invalid("A campaign ends after it starts.", "ends")
    seen: set[str] = set()
    for number, product in enumerate(body.products):
        if product.sku in seen:
            raise invalid(f"sku {product.sku!r} stands twice.", f"products.{number}.sku")
        seen.add(product.sku)


def difference(
    before: Sequence[Product], after: Sequence[Product]
) -> tuple[list[Product], list[Product], list[ChangedProduct]]:
    """Products added, removed and changed, told apart by SKU, each in the order of its own plan."""
    old = {product.sku: product for product in before}
    new = {product.sku: product for product in after}
    return (
        [product for product in after if product.sku not in old],
        [product for product in before if product.sku not in new],
        [
            ChangedProduct(before=old[product.sku], after=product)
            for product in after
            if product.sku in old and old[product.sku] != product
        ],
    )


def render_campaign(campaign: Campaign, links: Links) -> dict[str, Any]:
    body = dump(campaign, links)
    body["_links"]["readiness"] = {"href": links(f"{campaign.path()}/readiness")}
    return body


def render_readiness(readiness: Readiness, links: Links) -> dict[str, Any]:
    body = dump(readiness, links)
    body["_links"]["campaign"] = {"href": links(f"/campaigns/{readiness.campaign_id}")}
    return body
