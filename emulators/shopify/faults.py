"""Misbehaviour on demand, with dice that fall the same way for the same seed."""

from __future__ import annotations

import random
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from emulators.shopify.webhooks.delivery import REORDER_WINDOW_S


class WebhookFaults(BaseModel):
    """``drop`` and ``duplicate`` are probabilities; ``reorder`` shuffles what is sent at about one time.

    ``drop_every``: of every so many deliveries the last is withheld, counted from when the plan was set.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    drop: float = Field(default=0.0, ge=0, le=1)
    drop_every: int | None = Field(default=None, gt=0)
    duplicate: float = Field(default=0.0, ge=0, le=1)
    delay_s: float = Field(default=0.0, ge=0)
    reorder: bool = False


class ApiFaults(BaseModel):
    """``error_rate`` answers 5xx instead of executing; ``lost_answer_rate`` executes and then answers 502;
    ``search_lag_s``: for how long a new order is not found by a search, though its stock is taken at once."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    error_rate: float = Field(default=0.0, ge=0, le=1)
    lost_answer_rate: float = Field(default=0.0, ge=0, le=1)
    throttle: bool = False
    latency_ms: float = Field(default=0.0, ge=0)
    search_lag_s: float = Field(default=0.0, ge=0)
    down: bool = False


class BulkFaults(BaseModel):
    """``delay_s``: how long an operation takes before it reads; ``error_code``: how it fails instead."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    delay_s: float = Field(default=0.0, ge=0)
    error_code: Literal["ACCESS_DENIED", "INTERNAL_SERVER_ERROR", "TIMEOUT"] | None = None


class FaultPlan(BaseModel):
    """The whole plan; what is left out is switched off."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    webhooks: WebhookFaults = WebhookFaults()
    api: ApiFaults = ApiFaults()
    bulk: BulkFaults = BulkFaults()
    seed: int | None = None


class Faults:
    """The plan in force and its dice."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.set(FaultPlan())

    def set(self, plan: FaultPlan) -> None:
        """Puts a plan in force; the dice start anew."""
        self.plan = plan
        self.webhooks_counted = 0
        self.dice = random.Random(self.seed if plan.seed is None else plan.seed)

    def webhook_dropped(self) -> bool:
        """Whether the next delivery is withheld; each call counts one."""
        self.webhooks_counted += 1
        every = self.plan.webhooks.drop_every
        due = every is not None and self.webhooks_counted % every == 0
        return self._falls(self.plan.webhooks.drop) or due

    def webhook_delays(self) -> list[float]:
        """How long each copy of a delivery waits before it is sent, in seconds."""
        plan = self.plan.webhooks
        copies = 2 if self._falls(plan.duplicate) else 1
        spread = REORDER_WINDOW_S if plan.reorder else 0.0
        return [
            plan.delay_s + (self.dice.uniform(0, spread) if spread else 0) for _ in range(copies)
        ]

    def api_error(self) -> int | None:
        """The status of an answer that refuses to execute; None where it executes."""
        if self.plan.api.down:
            return 503
        return self.dice.choice((500, 502, 503)) if self._falls(self.plan.api.error_rate) else None

    def answer_lost(self) -> bool:
        return self._falls(self.plan.api.lost_answer_rate)

    def _falls(self, probability: float) -> bool:
        return probability > 0 and self.dice.random() < probability
