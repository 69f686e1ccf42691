"""What a campaign's workflow keeps, and what follows from it. Products stay in the table; here are counts by partner."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, Field

from domain.campaign_readiness.calendar import gates
from domain.campaign_readiness.messages import Constraint, Sold, Summary
from domain.campaign_readiness.names import Outcome
from domain.campaign_readiness.plan import PlanSource, Window
from domain.campaign_readiness.positions import Figures, total
from domain.case import CaseState
from domain.clock import Clock
from domain.message import Message
from domain.partner_case import PartnerCase
from domain.policy import CampaignReadinessPolicy

LONG_HISTORY = 8_000
"""Events after which a campaign goes on in a new run, where the server has not asked for it before."""


class Stage(StrEnum):
    """Where the story is; the status others see is derived from it and the rest of the state."""

    OPENING = "opening"
    PLANNING = "planning"  # there is no plan that can be read yet
    PREPARING = "preparing"
    RUNNING = "running"
    OVER = "over"  # the last orders may still come
    ENDED = "ended"


class CampaignReadinessResult(Message):
    outcome: Outcome


class CampaignPartner(BaseModel):
    """One partner's share: what it is to be told (`wanted`) and what it was told (`shared`), as digests; empty is no share.

    `heard_until` and `heard` are the sequences of its words that are known (see `ReadinessTaken`).
    """

    partner: str
    tenant: str
    name: str = ""
    policy: CampaignReadinessPolicy | None = None
    """None: the campaign's own terms."""
    wanted: str = ""
    shared: str = ""
    asked_for: bool = False
    """We set out to share it; `remote_id` is there once we know that it was."""
    remote_id: str = ""
    version: int = 0
    figures: Figures = Figures()
    heard_until: int = 0
    heard: tuple[int, ...] = ()
    clock: Clock | None = None
    silent_since: datetime | None = None
    reminders_sent: int = 0
    conversation: PartnerCase | None = None

    @property
    def who(self) -> str:
        return self.name or self.partner

    @property
    def has_share(self) -> bool:
        return bool(self.wanted)

    @property
    def told(self) -> bool:
        """Whether it knows its share as it is now."""
        return self.shared == self.wanted

    @property
    def owes(self) -> bool:
        """Whether there are products it was told of and has said nothing about."""
        return self.has_share and bool(self.shared) and self.figures.open > 0


class GoAhead(Message):
    """Somebody said go, or the policy did (`actor` is gridcase)."""

    actor: str
    at: datetime


class Asked(Message):
    """The merchant is asked to go, change or stop; `why` in words."""

    since: datetime
    why: str


class CampaignReadinessState(BaseModel):
    """The one mutable object a campaign owns; the `current` query shows it as a snapshot (`standing`)."""

    case: CaseState = Field(default_factory=CaseState)
    stage: Stage = Stage.OPENING
    policy: CampaignReadinessPolicy = Field(default_factory=CampaignReadinessPolicy)

    window: Window | None = None
    source: PlanSource | None = None
    digest: str = ""
    plan_version: int = 0
    """Counts plans that were read; advanced before a read."""
    event_id: int = 0
    """An event of the inbox that names products, and was not read yet."""
    problems: tuple[str, ...] = ()
    problem_count: int = 0
    partners: dict[str, CampaignPartner] = Field(default_factory=dict)
    own: Figures = Figures()
    """Products without a partner: the merchant's, shown, and counted as not asked."""
    unasked: dict[str, str] = Field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    """What of the plan's sources is no part of it, in words."""

    metaobject_id: str = ""
    handle: str = ""
    """Under which the campaign is, or will be, written; empty where it began as a metaobject."""
    fields_digest: str = ""
    gone_since: datetime | None = None
    """Its metaobject was deleted, and the merchant has not said yet what that means."""
    unshown: bool = False
    """There is no metaobject any more, and none is wanted."""

    share_word: bool = False
    """The merchant wants the plan shared, where the policy waits for that."""
    looked_until: datetime | None = None
    """Gates up to this moment were held, or passed by."""
    asked: Asked | None = None
    go: GoAhead | None = None
    expired: bool = False

    summary: Summary = Summary()
    constraints: tuple[Constraint, ...] = ()
    constraint_count: int = 0
    watched_at: datetime | None = None
    sold: Sold | None = None
    outcome: Outcome | None = None

    # The plan.

    @property
    def planned(self) -> bool:
        """Whether there is a plan that was ever readable."""
        return self.window is not None and bool(self.digest)

    @property
    def gates(self) -> Sequence[datetime]:
        return gates(self.policy, self.window) if self.window is not None else ()

    def past_last_gate(self, now: datetime) -> bool:
        return all(now >= one for one in self.gates)

    @property
    def may_share(self) -> bool:
        return self.policy.auto_share or self.share_word

    @property
    def shares(self) -> list[CampaignPartner]:
        """Partners that have a share in the plan as it is now."""
        return [one for one in self.partners.values() if one.has_share]

    @property
    def unshared(self) -> list[CampaignPartner]:
        """Partners that do not know their share as it is now."""
        return [one for one in self.shares if not one.told]

    # Readiness.

    @property
    def figures(self) -> Figures:
        """Of all that partners are asked for."""
        return total(one.figures for one in self.shares)

    @property
    def readiness(self) -> float | None:
        return self.figures.share

    @property
    def suffices(self) -> bool:
        """Whether a gate needs no word of the merchant. Nothing asked is not ready."""
        share = self.readiness
        return share is not None and share >= self.policy.ready_from

    @property
    def owing(self) -> list[CampaignPartner]:
        return [one for one in self.shares if one.owes]

    # Who is waited for.

    @property
    def wants_share_word(self) -> bool:
        return self.stage is Stage.PREPARING and not self.may_share and bool(self.unshared)

    @property
    def wants_go(self) -> bool:
        return self.stage is Stage.PREPARING and self.go is None and self.asked is not None

    @property
    def wants_merchant(self) -> bool:
        """Whether the merchant holds the campaign up with something only it can say (troubles aside)."""
        if self.outcome is not None:
            return False
        return bool(
            self.problems or self.gone_since is not None or self.wants_share_word or self.wants_go
        )
