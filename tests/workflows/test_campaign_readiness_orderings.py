"""The whole campaign, with words, changes and breakdowns in any order: in the end it has what Trading Grid implies.

Webhooks are lost, come twice and out of order; Trading Grid fails at calls; attempts break off before they have noted what
they did. The oracle (`campaign_oracle`) reads Trading Grid's log and knows nothing of our code.
"""

import random
from typing import Any

import pytest

from domain.campaign_readiness.plan import PlannedProduct
from emulators.trading_grid.resources.campaigns.model import Readiness
from persistence.repositories.campaigns import plans, positions, words
from tests.activities.campaign_oracle import Implied, implied, log, shared_as
from tests.workflows import campaigns
from tests.workflows.campaigns import DAY, SHIRTS, SHOES
from tests.world import World

SKUS = {"SHIRT-1": SHIRTS, "SHIRT-2": SHIRTS, "SHOE-1": SHOES}
STATUSES = ("committed", "partial", "at_risk", "declined")


class Hand:
    """A random hand that does things to one campaign."""

    def __init__(self, world: World, case_id: str, seed: int) -> None:
        self.world = world
        self.case_id = case_id
        self.random = random.Random(seed)
        self.did: list[str] = []

    async def anything(self) -> None:
        match self.random.choice(("say", "say", "late", "change", "webhooks", "calls")):
            case "say":
                await self.say(self.random.choice((SHIRTS, SHOES)))
            case "late":
                # Nobody hears of the word before the plan has changed.
                self.world.deliver = False
                await self.say(self.random.choice((SHIRTS, SHOES)))
                await self.change()
            case "change":
                await self.change()
            case "webhooks":
                self.world.deliver = self.random.random() < 0.6
                self.did.append(f"webhooks arrive: {self.world.deliver}")
            case "calls":
                rate = self.random.choice((0.0, 0.3))
                self.did.append(f"calls fail: {rate}")
                await self.faults(rate)

    async def faults(self, rate: float) -> None:
        webhooks = {"duplicate": 0.5, "reorder": True}
        await self.world.faults("trading_grid", webhooks=webhooks, api={"error_rate": rate})

    async def say(self, partner: str) -> None:
        share = shared_as(self.world, self.reference(partner))
        if share is None:
            return
        used = {one.sequence for one in log(self.world, Readiness) if one.campaign_id == share.id}
        sequence = self.random.choice([one for one in range(1, 40) if one not in used])
        commitments = [
            {
                "sku": sku,
                "status": self.random.choice(STATUSES),
                "quantity": self.random.choice((None, 0, 5, 10, 15)),
            }
            for sku in self.random.sample(list(SKUS), k=2)
        ]
        self.did.append(f"{partner} says {sequence} of version {share.version}: {commitments}")
        path = f"/_emulator/campaigns/{share.id}/readiness"
        body = {"sequence": sequence, "commitments": commitments}
        await self.world._post(self.world.trading_grid, path, body)

    async def change(self) -> None:
        chosen = self.random.sample(list(SKUS), k=self.random.randint(1, len(SKUS)))
        products = tuple(
            PlannedProduct(sku=sku, expected_quantity=self.random.choice((10, 20)))
            for sku in sorted(chosen)
        )
        self.did.append(f"change {[(one.sku, one.expected_quantity) for one in products]}")
        await campaigns.change(self.world, self.case_id, products=products)

    def reference(self, partner: str) -> str:
        return f"{self.case_id}/{partner}"

    async def heal(self) -> None:
        """Everything works again; the next gate looks at everything."""
        self.world.deliver = True
        await self.world.faults("trading_grid")
        await self.world.sleep(8 * DAY)

    def implied(self) -> dict[tuple[str, str], Implied]:
        return implied(self.world, {one: self.reference(one) for one in (SHIRTS, SHOES)})

    async def kept(self) -> dict[tuple[str, str], Implied]:
        async with self.world.database.read() as session:
            page = await positions.list_page(session, self.case_id, positions.ProductFilter())
        return {
            (row.partner_id, row.sku): (row.expected, row.ready, row.status) for row in page.items
        }


def breaks_now_and_then(patch: pytest.MonkeyPatch, dice: random.Random) -> list[bool]:
    """Attempts that break off where it hurts: what was done is done, and not noted. The list's only entry says whether."""
    on = [True]
    settle, keep = plans.settle, words.keep

    async def fragile_settle(*args: Any, **more: Any) -> int:
        if on[0] and dice.random() < 0.25:
            raise ConnectionError("the worker fell before it noted what was told")
        return await settle(*args, **more)

    async def fragile_keep(*args: Any, **more: Any) -> None:
        await keep(*args, **more)
        if on[0] and dice.random() < 0.25:
            raise ConnectionError("the worker fell before the word was kept")

    patch.setattr(plans, "settle", fragile_settle)
    patch.setattr(words, "keep", fragile_keep)
    return on


@pytest.mark.parametrize("seed", range(3))
async def test_in_the_end_a_campaign_has_what_its_partners_words_imply(
    world: World, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    case_id = await campaigns.opened(
        world, partners=(SHIRTS, SHOES), SHIRT_1=10, SHIRT_2=10, SHOE_1=10
    )
    hand = Hand(world, case_id, seed)
    broken = breaks_now_and_then(monkeypatch, random.Random(seed))
    await hand.faults(0.0)
    for _ in range(12):
        await hand.anything()
    broken[0] = False
    await hand.heal()
    history = f"seed {seed}: " + "; ".join(hand.did)

    async def both() -> tuple[Any, Any]:
        return await hand.kept(), hand.implied()

    await world.eventually(both, lambda found: found[0] == found[1])
    kept, wanted = await both()
    assert kept == wanted, history
    expected, ready = (sum(one[place] for one in wanted.values()) for place in (0, 1))
    seen = await campaigns.until_readiness(world, case_id, ready / expected)
    assert campaigns.totals(seen).get("ready", 0) == ready, history
    fields = await campaigns.until_metaobject(world, "readiness", f"{ready / expected:.4f}"[:5])
    assert campaigns.data(fields)["totals"]["expected"] == expected, history
