"""What connecting a shop came to, step by step, in words for the people who set it up."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

import structlog

from clients.shopify.errors import (
    ShopifyError,
    ShopifyThrottled,
    ShopifyUnauthorized,
    ShopifyUnavailable,
    ShopifyUserErrors,
    ShopInactive,
)
from clients.trading_grid.errors import (
    Forbidden,
    TradingGridError,
    TradingGridUnavailable,
    Unauthorized,
)
from domain.message import Message
from intake.connections import NotConfigured
from persistence.errors import PersistenceError

log = structlog.get_logger()


class StepStatus(StrEnum):
    OK = "ok"  # as it should be, before this run already
    CHANGED = "changed"
    FAILED = "failed"
    SKIPPED = "skipped"  # not tried: an earlier step stands in the way, or it is not ours to do


class ConnectStep(Message):
    """One thing that was checked or set. `detail` says what was found, done or is wrong."""

    name: str
    status: StepStatus
    detail: str = ""


class ConnectReport(Message):
    """`connected`: nothing failed, so events reach us and cases can be worked on."""

    shop: str
    connected: bool
    steps: tuple[ConnectStep, ...]

    def step(self, name: str) -> ConnectStep:
        """The step of this name. Raises KeyError."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)


class StepFailed(Exception):
    """A step found something that it can't put right; the message is for the report."""


Outcome = tuple[StepStatus, str]
Step = Callable[[], Awaitable[Outcome]]


@dataclass
class Steps:
    """Runs steps one after the other; none stops those after it, but by `blocked`."""

    shop: str
    done: list[ConnectStep] = field(default_factory=list)

    async def run(self, name: str, step: Step) -> bool:
        """Run a step and note what came of it; whether it did not fail."""
        try:
            status, detail = await step()
        except (
            StepFailed,
            NotConfigured,
            ShopifyError,
            TradingGridError,
            PersistenceError,
        ) as error:
            log.warning("connect step failed", shop=self.shop, step=name, error=str(error))
            status, detail = StepStatus.FAILED, in_words(error)
        self.note(name, status, detail)
        return status is not StepStatus.FAILED

    def note(self, name: str, status: StepStatus, detail: str) -> None:
        self.done.append(ConnectStep(name=name, status=status, detail=detail))

    def report(self) -> ConnectReport:
        connected = all(step.status is not StepStatus.FAILED for step in self.done)
        return ConnectReport(shop=self.shop, connected=connected, steps=tuple(self.done))


def in_words(error: Exception) -> str:
    """What went wrong and what to do about it. The remote's own words and request id stand behind it."""
    match error:
        case ShopifyUnauthorized():
            advice = (
                "Shopify refuses the app's credentials: check client id and secret, and that the"
                " app is installed in the shop."
            )
        case ShopInactive():
            advice = "The shop is frozen, locked or closed."
        case ShopifyThrottled() | ShopifyUnavailable():
            advice = "Shopify can't be reached for now; connect again later."
        case ShopifyUserErrors():
            advice = "Shopify did not accept it."
        case ShopifyError(code="ACCESS_DENIED"):
            advice = "The app lacks an access scope for this."
        case ShopifyError():
            advice = "Shopify refuses this."
        case Unauthorized():
            advice = (
                "Trading Grid refuses the tenant's credentials: check client id, secret and token"
                " address."
            )
        case Forbidden():
            advice = "The tenant's Trading Grid client may not do this."
        case TradingGridUnavailable():
            advice = "Trading Grid can't be reached for now; connect again later."
        case TradingGridError():
            advice = "Trading Grid refuses this."
        case _:
            return str(error)
    return f"{advice} ({error})"
