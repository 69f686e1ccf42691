"""Stock: a small delta now and then, where it is asked for."""

import random
from datetime import timedelta

from emulators.trading_grid.bots.duties import Duties
from emulators.trading_grid.bots.settings import SettingsOf
from emulators.trading_grid.emulator import Emulator
from emulators.trading_grid.resources.inventory_advices.desk import StockDesk
from emulators.trading_grid.resources.inventory_advices.lines import AdviceLine
from emulators.trading_grid.resources.inventory_advices.model import AdviceBody, InventoryAdvice
from emulators.trading_grid.resources.partners import Partner
from emulators.trading_grid.store import Tenant

LINES = 3
MOVES_BY = 5
BACK_WITHIN = timedelta(days=7)


class StockBot:
    def __init__(self, emulator: Emulator, duties: Duties, settings: SettingsOf) -> None:
        self._emulator = emulator
        self._duties = duties
        self._settings = settings

    def plan(self, tenant: Tenant, partner: Partner, *, anew: bool = False) -> None:
        interval = self._settings(tenant, partner.id).stock_interval_s
        self._duties.plan(
            ("stock", f"{tenant.id} {partner.id}"),
            interval or 0,
            lambda: self._tells(tenant, partner),
            lambda: self._tell(tenant, partner),
            anew,
        )

    def _tells(self, tenant: Tenant, partner: Partner) -> bool:
        settings = self._settings(tenant, partner.id)
        return settings.accepts() and settings.stock_interval_s is not None

    def _tell(self, tenant: Tenant, partner: Partner) -> None:
        desk = StockDesk(self._emulator, tenant, partner)
        base = _base(desk)
        if base is not None and base.lines:
            desk.publish(self._delta(base, len(desk.advices())))
        self.plan(tenant, partner)

    def _delta(self, base: InventoryAdvice, seed: int) -> AdviceBody:
        """A few articles of the base, each some pieces more or less than it said. The same number of
        advices before it makes the same delta."""
        chance = random.Random(seed)
        chosen = chance.sample(base.lines, min(LINES, len(base.lines)))
        back = (self._emulator.clock() + BACK_WITHIN).date().isoformat()
        lines = []
        for line in chosen:
            pieces = max(0, (line.available or 0) + chance.randint(-MOVES_BY, MOVES_BY))
            lines.append(
                AdviceLine(
                    sku=line.sku,
                    gtin=line.gtin,
                    available=pieces,
                    on_hand=pieces,
                    available_date=None if pieces else back,
                )
            )
        return AdviceBody(
            partner_id=base.partner_id,
            location_code=base.location_code,
            kind="delta",
            lines=lines,
        )


def _base(desk: StockDesk) -> InventoryAdvice | None:
    """The newest snapshot; before there is one, the partner's first word. None: nothing to start from."""
    advices = desk.advices()
    snapshots = [advice for advice in advices if advice.kind == "snapshot"]
    if snapshots:
        return max(snapshots, key=InventoryAdvice.newness)
    return advices[0] if advices else None
