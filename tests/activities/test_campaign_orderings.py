"""Whatever order plans, shares and words come in, and whatever breaks off between: the table has what Trading Grid implies.

See `campaign_oracle`; the whole workflow is put to the same test in tests/workflows/test_campaign_readiness_orderings.py.
"""

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from clients.trading_grid.errors import TradingGridUnavailable
from clients.trading_grid.rest import RestTradingGrid
from domain.campaign_readiness.messages import ReadinessTaken, Reading, ReadReadiness
from domain.campaign_readiness.positions import Figures
from emulators.trading_grid.resources.campaigns.model import Campaign, Readiness
from persistence.repositories import cases
from persistence.repositories.campaigns import plans, positions
from persistence.repositories.campaigns.plans import PlanLine
from tests.activities.campaign_oracle import Implied, implied, log, shared_as
from tests.activities.campaigning import Campaigns, falls_before_noting, product
from tests.activities.conftest import Hands
from tests.world import SHOP, TENANT

PARTNERS = ("acme-textiles", "north-shoes")
SKUS = ("A", "B")
BREAKS = ("before it is written", "before it is noted")
STATUSES = ("committed", "partial", "at_risk", "declined")
RUNS = 20


class Run(Campaigns):
    """One campaign, and a random hand that does things to it."""

    def __init__(self, hands: Hands, seed: int) -> None:
        super().__init__(hands)
        self.case_id = f"campaign-readiness:{SHOP}:{seed + 1}"
        self.random = random.Random(seed)
        self.known = dict.fromkeys(PARTNERS, ReadinessTaken())
        self.told: dict[str, list[Reading]] = {partner: [] for partner in PARTNERS}
        self.version = 0
        self.did: list[str] = []

    async def begin(self) -> None:
        async with self.database.begin() as session:
            await cases.open_case(
                session,
                key=self.case_id,
                kind="campaign_readiness",
                shop_id=SHOP,
                title="Campaign",
                status="opening",
                now=datetime.now(UTC),
            )

    def remote(self, partner: str) -> Campaign | None:
        return shared_as(self.world, f"{self.case_id}/{partner}")

    # What happens.

    async def replan(self) -> None:
        self.version += 1
        lines = [
            PlanLine(product(sku, self.random.choice((10, 20))), self.random.choice(PARTNERS))
            for sku in SKUS
            if self.random.random() < 0.85
        ]
        self.did.append(
            f"plan {[(one.product.sku, one.product.expected_quantity, one.partner) for one in lines]}"
        )
        async with self.database.begin() as session:
            await plans.replace(session, self.case_id, self.version, lines)

    async def tell(self, partner: str, breaks: str = "") -> None:
        self.did.append(f"share {partner} {breaks}")
        async with self.database.read() as session:
            share = await plans.share_of(session, self.case_id, partner)
        request = self.sharing_of(
            partner,
            case_id=self.case_id,
            reference=f"{self.case_id}/{partner}",
            idempotency_key=f"{self.case_id}-{len(self.did)}",
            empty=not share,
        )
        with pytest.MonkeyPatch.context() as broken:
            if breaks == "before it is written":
                for name in ("create_campaign", "change_campaign"):
                    broken.setattr(RestTradingGrid, name, _unreachable)
            if breaks == "before it is noted":
                falls_before_noting(broken)
            try:
                await self.call(self.sharing.share, request)
            except Exception:
                if not breaks:
                    raise

    async def speak(self, partner: str) -> None:
        remote = self.remote(partner)
        if remote is None:
            return
        said = {one.sequence for one in log(self.world, Readiness) if one.campaign_id == remote.id}
        sequence = self.random.choice([one for one in range(1, 60) if one not in said])
        commitments = [
            {
                "sku": sku,
                "status": self.random.choice(STATUSES),
                "quantity": self.random.choice((None, 0, 5, 10, 15, 20)),
            }
            for sku in self.random.choices(SKUS, k=self.random.randint(1, 3))
        ]
        self.did.append(f"{partner} says {sequence} {commitments}")
        await self.world._post(
            self.world.trading_grid,
            f"/_emulator/campaigns/{remote.id}/readiness",
            {"sequence": sequence, "commitments": commitments},
        )

    async def listen(self, partner: str, *, lost: bool = False) -> bool:
        """Whether there is more to hear."""
        remote = self.remote(partner)
        if remote is None:
            return False
        self.did.append(f"hear {partner}{' and lose it' if lost else ''}")
        known = self.known[partner]
        taken: ReadinessTaken = await self.call(
            self.sharing.read_readiness,
            ReadReadiness(
                shop=SHOP,
                case_id=self.case_id,
                tenant=TENANT,
                partner=partner,
                remote_id=remote.id,
                heard_until=known.heard_until,
                heard=known.heard,
            ),
        )
        if lost:
            return True
        self.known[partner] = taken
        self.told[partner] += taken.readings
        return taken.more or bool(taken.readings)

    async def anything(self) -> None:
        partner = self.random.choice(PARTNERS)
        match self.random.choice(("plan", "share", "break", "say", "hear", "news")):
            case "plan":
                await self.replan()
            case "share":
                await self.tell(partner)
            case "break":
                await self.tell(partner, self.random.choice(BREAKS))
            case "say":
                await self.speak(partner)
            case "hear":
                await self.listen(partner, lost=self.random.random() < 0.3)
            case "news":
                # Told and never noted; the partner answers what it was told, and the plan may change again.
                await self.replan()
                await self.tell(partner, "before it is noted")
                await self.speak(partner)
                await self.listen(partner)
                if self.random.random() < 0.5:
                    await self.replan()

    # What must have come of it.

    def implied(self) -> dict[tuple[str, str], Implied]:
        return implied(self.world, {partner: f"{self.case_id}/{partner}" for partner in PARTNERS})

    async def kept(self) -> dict[tuple[str, str], Implied]:
        async with self.database.read() as session:
            page = await positions.list_page(session, self.case_id, positions.ProductFilter())
        return {
            (row.partner_id, row.sku): (row.expected, row.ready, row.status) for row in page.items
        }


async def _unreachable(*_: Any, **__: Any) -> Any:
    raise TradingGridUnavailable("no answer")


async def test_in_the_end_the_table_has_what_the_partners_words_imply(hands: Hands) -> None:
    for partner in PARTNERS:
        await hands.world.partner(partner)
    for seed in range(RUNS):
        run = Run(hands, seed)
        await run.begin()
        await run.replan()
        for _ in range(8):
            await run.anything()
        for partner in PARTNERS:
            await run.tell(partner)
            while await run.listen(partner):
                pass
        history = f"seed {seed}: " + "; ".join(run.did)
        assert await run.kept() == run.implied(), history
        async with run.database.read() as session:
            figures = await positions.figures(session, run.case_id)
        rows = (await run.kept()).items()
        for partner in PARTNERS:
            mine = [kept for (whose, _), kept in rows if whose == partner]
            counted = figures.get(partner, Figures())
            assert counted.ready == sum(ready for _, ready, _ in mine), history
            assert counted.expected == sum(expected for expected, _, _ in mine), history
            sequences = [one.sequence for one in run.told[partner]]
            assert len(sequences) == len(set(sequences)), history
