"""What the demo plays: the matters of a merchant, all at once, each until it stands where it should."""

import asyncio

from demo.matters import campaigns, disputes, orders, returns, stock
from demo.stage import Matter, Stage


class Scenario:
    """`mixed`, `left` and `launch` are cases in which the reader has something to say."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.mixed = ""
        self.left = ""
        self.launch = ""

    @property
    def matters(self) -> list[Matter]:
        return self._stage.matters

    async def play(self) -> None:
        """All of it.

        Raises:
            RuntimeError: a case did not come to stand where it should within a minute.
        """
        stage = self._stage
        sale = await campaigns.flash_sale(stage)
        self.launch = await campaigns.winter(stage)
        await stock.told(stage)
        chargeback = await disputes.proven(stage)
        await disputes.left_to_the_reader(stage)
        await returns.accepted(stage)
        await returns.declined(stage)
        self.mixed = await returns.mixed(stage)
        self.left = await returns.left_to_the_reader(stage)
        await returns.damaged(stage)
        purchases = await orders.drop_shipped(stage)
        await orders.late(stage)
        opened = list(stage.matters)
        await asyncio.gather(
            orders.papers(stage, purchases),
            stock.moves(stage),
            disputes.won(stage, chargeback),
            campaigns.sold(stage, sale),
            *(stage.until(matter.case_id, matter.stands_at) for matter in opened),
        )
