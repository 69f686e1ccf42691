"""What Trading Grid's own log implies of partners' shares of a campaign; it knows nothing of our code.

Read straight from the emulator's store: its whole state as JSON, asked for each time, would be what takes long.
"""

from collections.abc import Mapping
from typing import TypeVar

from emulators.trading_grid.resources.campaigns.model import Campaign, CampaignChange, Readiness
from tests.world import TENANT, World

Logged = TypeVar("Logged", Campaign, CampaignChange, Readiness)
Implied = tuple[int, int, str]
"""Expected, ready, status."""


def log(world: World, kind: type[Logged]) -> list[Logged]:
    tenant = world.emulators["trading_grid"].emulator.tenants[TENANT]
    return list(tenant.table(kind))


def shared_as(world: World, reference: str) -> Campaign | None:
    """The campaign that was shared under this external reference."""
    for one in log(world, Campaign):
        if one.external_reference is not None and one.external_reference.id == reference:
            return one
    return None


def implied(world: World, references: Mapping[str, str]) -> dict[tuple[str, str], Implied]:
    """Partner and SKU -> what holds of it; `references` are the shares' external ones, by partner.

    Of all words on a SKU that were said of a plan in which it is as it is now, that of the highest sequence holds.
    """
    found: dict[tuple[str, str], Implied] = {}
    for partner, reference in references.items():
        share = shared_as(world, reference)
        if share is None:
            continue
        changes = [one for one in log(world, CampaignChange) if one.campaign_id == share.id]
        said = [one for one in log(world, Readiness) if one.campaign_id == share.id]
        for article in share.products:
            expected, since = article.expected_quantity, 1
            for change in changes:
                touched = [one.sku for one in (*change.added, *(c.after for c in change.changed))]
                if article.sku in touched:
                    since = max(since, change.campaign_version)
            best, status, quantity = 0, "open", 0
            for word in said:
                for one in word.commitments:
                    holds = word.campaign_version >= since and word.sequence >= best
                    if one.sku == article.sku and holds:
                        best, status = word.sequence, str(one.status)
                        unsaid = expected if status == "committed" else 0
                        quantity = unsaid if one.quantity is None else one.quantity
            ready = min(expected, quantity) if status in {"committed", "partial"} else 0
            found[partner, article.sku] = (expected, ready, status)
    return found
