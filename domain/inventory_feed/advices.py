"""What an inventory advice is to a feed: which word is newer, which is not believed, which waits for the merchant. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import AwareDatetime

from domain.message import Message
from domain.policy import InventoryFeedPolicy

FROM_THE_FUTURE = timedelta(hours=24)
"""An advice dated later than this from now is refused: it would outlive every later word. A partner's clock, or a local
time written as UTC, may be hours ahead."""


class AdviceKind(StrEnum):
    SNAPSHOT = "snapshot"  # all there is at its location; what it does not name is gone
    DELTA = "delta"  # only what changed


class Advice(Message):
    """The head of an inventory advice; its lines stay in tables."""

    id: str
    version: int = 0
    location_code: str
    as_of: AwareDatetime
    sequence: int = 0
    kind: AdviceKind

    @property
    def order(self) -> tuple[datetime, int]:
        """Which word is newer: the later moment, then the higher sequence."""
        return (self.as_of, self.sequence)

    @property
    def words(self) -> str:
        return f"{self.kind.value} of {self.location_code}, {self.as_of:%d %b %Y %H:%M} UTC"


class Judgement(Message):
    """What applying a snapshot would do, at its location.

    `for_sale`: SKUs of which the partner's newest word offers some; `to_zero`: those of them it would offer nothing of.
    """

    for_sale: int = 0
    to_zero: int = 0

    def brakes(self, policy: InventoryFeedPolicy) -> bool:
        """Whether so much would go to zero that the merchant must see it first: a broken file must not close the store."""
        return (
            self.to_zero >= policy.brake_from and self.to_zero > self.for_sale * policy.brake_share
        )
