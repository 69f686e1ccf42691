"""Faults that can be asked for, drawn from one seeded source so that a run can be repeated."""

import random
from typing import Annotated

from pydantic import Field

from emulators.trading_grid.store import Wire

Share = Annotated[float, Field(ge=0, le=1)]


class WebhookFaults(Wire):
    """``drop``: share never sent at all; ``drop_every``: of n webhooks the n-th is never sent, counted
    from the plan on over all subscriptions, 0 for none; ``duplicate``: share sent twice; ``delay_s``: seconds before
    the first attempt; ``reorder``: deliveries that wait together are sent in another order."""

    drop: Share = 0.0
    drop_every: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    duplicate: Share = 0.0
    delay_s: Annotated[float, Field(ge=0, le=3600)] = 0.0
    reorder: bool = False


class ApiFaults(Wire):
    """``error_rate``: share answered 500 before anything is done; ``lost_answer_rate``: share that is
    done, then answered 504; ``throttle``: 429 with ``Retry-After`` of ``retry_after_s``; ``down``: 503."""

    error_rate: Share = 0.0
    lost_answer_rate: Share = 0.0
    throttle: bool = False
    retry_after_s: Annotated[int, Field(ge=0, le=3600)] = 1
    latency_ms: Annotated[int, Field(ge=0, le=60_000)] = 0
    down: bool = False


class FaultPlan(Wire):
    """The body of ``PUT /_emulator/faults``; what is left out is off."""

    seed: int = 0
    webhooks: WebhookFaults = Field(default_factory=WebhookFaults)
    api: ApiFaults = Field(default_factory=ApiFaults)


class Faults:
    def __init__(self) -> None:
        self.plan = FaultPlan()
        self._random = random.Random(self.plan.seed)
        self._webhooks = 0

    def set(self, plan: FaultPlan) -> None:
        self.plan = plan
        self._random = random.Random(plan.seed)
        self._webhooks = 0

    def withholds(self) -> bool:
        """Whether the next webhook is never sent; called once for each."""
        self._webhooks += 1
        every = self.plan.webhooks.drop_every
        return bool(every and self._webhooks % every == 0) or self.hit(self.plan.webhooks.drop)

    def hit(self, share: float) -> bool:
        """Draws only when there is something to draw for, so unused faults don't shift the others."""
        return share > 0 and self._random.random() < share

    def shuffled(self, count: int) -> list[int]:
        """An order of ``count`` places that is not the given one, where there are two or more."""
        order = list(range(count))
        while count > 1 and order == sorted(order):
            self._random.shuffle(order)
        return order
