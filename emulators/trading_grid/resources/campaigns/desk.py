"""What may happen to a campaign, by either side. Everything that changes one goes through here."""

from emulators.trading_grid.emulator import Emulator
from emulators.trading_grid.errors import ApiError, invalid
from emulators.trading_grid.resources.campaigns.model import (
    Campaign,
    CampaignChange,
    CampaignPut,
    Commitment,
    Issue,
    Product,
    Readiness,
    ReadinessBody,
    check_plan,
    difference,
)
from emulators.trading_grid.store import Tenant


class CampaignDesk:
    """One campaign of one tenant, and the hands that change it."""

    def __init__(self, emulator: Emulator, tenant: Tenant, campaign: Campaign) -> None:
        self.emulator = emulator
        self.tenant = tenant
        self.campaign = campaign

    def changes(self) -> list[CampaignChange]:
        return self.tenant.table(CampaignChange).of(self.campaign.id)

    def said(self) -> list[Readiness]:
        """By sequence, whatever the order they came in."""
        found = self.tenant.table(Readiness).of(self.campaign.id)
        return sorted(found, key=lambda readiness: readiness.sequence)

    def last_words(self) -> dict[str, Commitment]:
        """The last word on each SKU, whether or not it still holds."""
        return {one.sku: one for readiness in self.said() for one in readiness.commitments}

    def standing(self) -> dict[str, Commitment]:
        """What holds for each SKU now. A word on a product that was added or changed since is none."""
        touched = self._touched()
        return {
            one.sku: one
            for readiness in self.said()
            for one in readiness.commitments
            if touched.get(one.sku, 1) <= readiness.campaign_version
        }

    def _touched(self) -> dict[str, int]:
        """The campaign's version that last added or changed a product, by SKU."""
        return {
            product.sku: change.campaign_version
            for change in self.changes()
            for product in [*change.added, *(one.after for one in change.changed)]
        }

    def open(self) -> list[Product]:
        """Products that wait for the partner's word."""
        standing = self.standing()
        return [one for one in self.campaign.products if one.sku not in standing]

    def issues(self) -> list[Issue]:
        return list(
            {
                (issue.code, issue.sku): issue for said in self.said() for issue in said.issues
            }.values()
        )

    def is_over(self) -> bool:
        return self.campaign.ends <= self.emulator.clock()

    def awaits_word(self) -> bool:
        return not self.is_over() and bool(self.open())

    def plan_anew(self, body: CampaignPut) -> None:
        """The same plan again changes nothing. Raises ApiError 422."""
        campaign = self.campaign
        check_plan(body)
        for name in ("partner_id", "external_reference"):
            given = getattr(body, name)
            if given is not None and given != getattr(campaign, name):
                raise invalid(f"{name} of a campaign can't change.", name)
        added, removed, changed = difference(campaign.products, body.products)
        moved = {
            f"{name}_before": getattr(campaign, name)
            for name in ("name", "starts", "ends")
            if getattr(campaign, name) != getattr(body, name)
        }
        if not (added or removed or changed or moved):
            return
        now = self.emulator.clock()
        for name in ("name", "starts", "ends", "products"):
            setattr(campaign, name, getattr(body, name))
        campaign.touch(now)
        self.tenant.table(CampaignChange).add(
            CampaignChange(
                campaign_id=campaign.id,
                partner_id=campaign.partner_id,
                campaign_version=campaign.version,
                **moved,
                added=added,
                removed=removed,
                changed=changed,
                create_time=now,
                update_time=now,
            )
        )
        self.emulator.changed(self.tenant, campaign)

    def say(self, body: ReadinessBody) -> Readiness:
        """What the partner says. Raises ApiError 409 where the sequence is taken, 422 for nothing."""
        if not body.commitments and not body.issues:
            raise invalid("Say something of a product, or bring up an issue.", "commitments")
        said = self.said()
        sequence = body.sequence or (said[-1].sequence + 1 if said else 1)
        if any(one.sequence == sequence for one in said):
            raise ApiError(409, "duplicate_sequence", f"There is a readiness {sequence} already.")
        now = self.emulator.clock()
        readiness = Readiness(
            campaign_id=self.campaign.id,
            partner_id=self.campaign.partner_id,
            campaign_version=self.campaign.version,
            sequence=sequence,
            commitments=body.commitments,
            issues=body.issues,
            create_time=now,
            update_time=now,
        )
        self.tenant.table(Readiness).add(readiness)
        self.emulator.publish(
            self.tenant,
            "campaign.readiness_updated",
            readiness,
            campaign_id=self.campaign.id,
            reference=self.campaign.external_reference,
        )
        self.emulator.changed(self.tenant, self.campaign)
        return readiness
