"""Campaigns: committed to, or half and at risk."""

from emulators.trading_grid.bots.duties import Duties
from emulators.trading_grid.bots.settings import BotSettings, SettingsOf
from emulators.trading_grid.emulator import Emulator
from emulators.trading_grid.resources.campaigns.desk import CampaignDesk
from emulators.trading_grid.resources.campaigns.model import (
    Campaign,
    Commitment,
    Issue,
    Product,
    ReadinessBody,
)
from emulators.trading_grid.store import Tenant

PARTIAL_NOTE = "Half of it, the rest is not made yet."
AT_RISK_NOTE = "The material is late."
CAPACITY = "Our line is booked until the start. What is at risk may come a week late."


class CampaignBot:
    def __init__(self, emulator: Emulator, duties: Duties, settings: SettingsOf) -> None:
        self._emulator = emulator
        self._duties = duties
        self._settings = settings

    def plan(self, tenant: Tenant, campaign: Campaign, *, anew: bool = False) -> None:
        desk = CampaignDesk(self._emulator, tenant, campaign)
        self._duties.plan(
            ("commit", campaign.id),
            self._of(desk).delay(),
            lambda: self._of(desk).acts() and desk.awaits_word(),
            lambda: self._commit(desk),
            anew,
        )

    def _of(self, desk: CampaignDesk) -> BotSettings:
        return self._settings(desk.tenant, desk.campaign.partner_id)

    def _commit(self, desk: CampaignDesk) -> None:
        """To what is open: all of it in the first word, what a change touched in the next."""
        products = desk.open()
        if self._of(desk).accepts():
            desk.say(ReadinessBody(commitments=[_committed(product) for product in products]))
            return
        commitments = [_half_ready(place, product) for place, product in enumerate(products)]
        doubtful = next((one.sku for one in commitments if one.status == "at_risk"), None)
        issue = Issue(code="capacity", sku=doubtful, text=CAPACITY, severity="high")
        desk.say(ReadinessBody(commitments=commitments, issues=[issue]))


def _committed(product: Product) -> Commitment:
    return Commitment(
        sku=product.sku,
        quantity=product.expected_quantity,
        ready_by=_day(product),
        status="committed",
    )


def _half_ready(place: int, product: Product) -> Commitment:
    """Every other product is partial, the ones between at risk; one that stands alone is partial."""
    partial = place % 2 == 0
    return Commitment(
        sku=product.sku,
        quantity=product.expected_quantity // 2 if partial else product.expected_quantity,
        ready_by=_day(product),
        status="partial" if partial else "at_risk",
        note=PARTIAL_NOTE if partial else AT_RISK_NOTE,
    )


def _day(product: Product) -> str | None:
    return product.ready_by.isoformat() if product.ready_by else None
