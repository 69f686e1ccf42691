"""Partners that act by themselves, deterministic and settable.

``prompt`` accepts: it authorises returns and reports their goods, confirms purchase orders and their
changes, ships and bills them, gives a date for what is late, commits to campaigns, and stands by a
dispute with papers and a statement. ``slow`` does the same after a longer delay. ``contrary`` declines
returns, late lines and disputes with a reason, refuses changes, backorders purchase orders, dates them
anew later, and then ships; it is half ready for campaigns, and the rest is at risk. ``silent`` and
``manual`` do nothing. Stock is told of by ``prompt`` and ``slow``, only where an interval is set.
"""

from emulators.trading_grid.bots.campaigns import CampaignBot
from emulators.trading_grid.bots.cases import CaseBot
from emulators.trading_grid.bots.duties import Duties
from emulators.trading_grid.bots.orders import OrderBot
from emulators.trading_grid.bots.settings import BotSettings
from emulators.trading_grid.bots.stock import StockBot
from emulators.trading_grid.emulator import Emulator, Event
from emulators.trading_grid.resources.campaigns.model import Campaign
from emulators.trading_grid.resources.cases.model import Case
from emulators.trading_grid.resources.partners import Partner
from emulators.trading_grid.resources.purchase_orders.model import PurchaseOrder
from emulators.trading_grid.resources.return_authorizations import ReturnAuthorization
from emulators.trading_grid.store import Entity, Tenant

__all__ = ["BotSettings", "Bots"]


class Bots:
    """Every partner's bot, and what each has yet to do."""

    def __init__(self, emulator: Emulator) -> None:
        self._settings: dict[tuple[str, str], BotSettings] = {}
        self._duties = Duties()
        self._cases = CaseBot(emulator, self._duties, self.settings)
        self._orders = OrderBot(emulator, self._duties, self.settings)
        self._stock = StockBot(emulator, self._duties, self.settings)
        self._campaigns = CampaignBot(emulator, self._duties, self.settings)
        emulator.listeners.append(self.on_event)
        emulator.watchers.append(self.on_change)

    def settings(self, tenant: Tenant, partner_id: str) -> BotSettings:
        return self._settings.get((tenant.id, partner_id), BotSettings())

    def set(self, tenant: Tenant, partner_id: str, settings: BotSettings) -> None:
        """Also for what is waiting for this partner now."""
        self._settings[(tenant.id, partner_id)] = settings
        for case in tenant.table(Case):
            if case.partner_id == partner_id:
                self._cases.plan(tenant, case, anew=True)
        for order in tenant.table(PurchaseOrder):
            if order.partner_id == partner_id:
                self._orders.plan(tenant, order, anew=True)
        for campaign in tenant.table(Campaign):
            if campaign.partner_id == partner_id:
                self._campaigns.plan(tenant, campaign, anew=True)
        self._stock.plan(tenant, tenant.table(Partner).get(partner_id), anew=True)

    def on_event(self, tenant: Tenant, event: Event) -> None:
        case = tenant.table(Case).find(event.data.get("case_id") or event.data["id"])
        if case is not None:
            self._cases.plan(tenant, case)

    def on_change(self, tenant: Tenant, entity: Entity) -> None:
        if isinstance(entity, PurchaseOrder):
            self._orders.plan(tenant, entity)
        elif isinstance(entity, Campaign):
            self._campaigns.plan(tenant, entity)

    def report_goods(self, tenant: Tenant, authorization: ReturnAuthorization) -> None:
        self._cases.report_goods(tenant, authorization)

    async def aclose(self) -> None:
        await self._duties.aclose()

    async def reset(self) -> None:
        await self.aclose()
        self._settings.clear()
