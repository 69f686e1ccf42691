"""How a partner's bot behaves, and how long it takes."""

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field

from emulators.trading_grid.store import Tenant, Wire

Behaviour = Literal["prompt", "slow", "silent", "contrary", "manual"]
Delay = Annotated[float, Field(ge=0, le=30 * 24 * 3600)]

ANSWER_DELAY_S: dict[Behaviour, float] = {"prompt": 0.5, "slow": 60.0, "contrary": 0.5}
SHIP_DELAY_S: dict[Behaviour, float] = {"prompt": 2.0, "slow": 60.0, "contrary": 5.0}
GOODS_DELAY_S = 5.0


class BotSettings(Wire):
    """Delays in seconds; ``answer_delay_s`` and ``ship_delay_s`` None take the behaviour's own. Goods are
    reported only for returns that were accepted and authorised, and only where ``reports_goods``;
    purchase orders are shipped and billed, and by the contrary dated anew, only where ``ships``. A small
    inventory advice is published each ``stock_interval_s``, None for never, by those who accept, from
    their first advice on."""

    behaviour: Behaviour = "manual"
    answer_delay_s: Delay | None = None
    goods_delay_s: Delay = GOODS_DELAY_S
    reports_goods: bool = True
    ship_delay_s: Delay | None = None
    ships: bool = True
    stock_interval_s: Annotated[float, Field(ge=0.01, le=30 * 24 * 3600)] | None = None

    def accepts(self) -> bool:
        return self.behaviour in ("prompt", "slow")

    def acts(self) -> bool:
        return self.behaviour in ANSWER_DELAY_S

    def delay(self) -> float:
        """0 where the partner does nothing by itself."""
        if self.answer_delay_s is not None:
            return self.answer_delay_s
        return ANSWER_DELAY_S.get(self.behaviour, 0.0)

    def ship_delay(self) -> float:
        """From the last word on an order to its next: the new date, or the shipment."""
        if self.ship_delay_s is not None:
            return self.ship_delay_s
        return SHIP_DELAY_S.get(self.behaviour, 0.0)


SettingsOf = Callable[[Tenant, str], BotSettings]
