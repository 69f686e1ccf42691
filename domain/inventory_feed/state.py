"""What a feed's workflow keeps, and what follows from it. Small: positions, lines and batches stay in tables."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, Field

from domain.case import CaseState
from domain.inventory_feed.advices import Advice, Judgement
from domain.inventory_feed.messages import FeedStanding, FeedTerms
from domain.inventory_feed.names import Outcome
from domain.inventory_feed.problems import Problem
from domain.inventory_feed.quantities import PushTerms
from domain.message import Message
from domain.operator import PartnerChanged
from domain.policy import InventoryFeedPolicy, ManualEdits, WhenStale

REFRESH_AT_MOST = timedelta(hours=1)
"""SKUs that nobody knows have the inventory items read again no more often than this."""

LONGEST_RUN = 2_000
"""Events of history after which a feed goes on in a new run, if Temporal does not ask for that before."""

_KNOWN, _SHOWN, _NOTES, _READING = 200, 20, 20, 4


def is_long(events: int) -> bool:
    return events >= LONGEST_RUN


class Phase(StrEnum):
    """Where the story is; the status others see is derived from it and the rest of the state."""

    OPENING = "opening"
    RUNNING = "running"
    ENDED = "ended"


class InventoryFeedInput(Message):
    """What a feed is opened with. `first`: the advice that opened it; None where an operator did.

    `carried`: the state of the run before, where a long feed goes on in a new one (continue-as-new).
    """

    case_id: str
    number: int
    shop: str
    tenant: str
    partner: str
    first: PartnerChanged | None = None
    opened_by: str
    event_id: str = ""
    carried: dict[str, object] | None = None


class InventoryFeedResult(Message):
    outcome: Outcome


class ToRead(BaseModel):
    """An advice that somebody told of, not read yet. `version` 0: whichever there is."""

    id: str
    version: int = 0


class Fate(StrEnum):
    """What became of an advice."""

    APPLIED = "applied"
    HELD = "held"
    DISCARDED = "discarded"
    SUPERSEDED = "superseded"
    REFUSED = "refused"


class SeenAdvice(BaseModel):
    """An advice in the list of the last ones; `text` says what became of it."""

    id: str
    words: str
    fate: Fate
    at: datetime
    lines: int = 0
    unreadable: int = 0
    unknown: int = 0
    text: str = ""


class HeldAdvice(BaseModel):
    """A snapshot that waits for the merchant, since it would take too much to zero; its lines are staged."""

    advice: Advice
    lines: int
    judgement: Judgement
    since: datetime


class LastPush(BaseModel):
    """The last push that is over."""

    number: int
    at: datetime
    seconds: float = 0
    considered: int = 0
    written: int = 0
    edited: int = 0
    """Of them, those that wrote over a change by hand."""
    refused: int = 0
    keeps_changing: int = 0


class InventoryFeedState(BaseModel):
    """The one mutable object a feed owns; the `current` query shows it as a snapshot (`standing`)."""

    case: CaseState = Field(default_factory=CaseState)
    phase: Phase = Phase.OPENING
    runs: int = 1
    """How many runs of the workflow this feed has had."""
    partner_name: str = ""
    policy: InventoryFeedPolicy = Field(default_factory=InventoryFeedPolicy)
    time_zone: str = "UTC"
    ending: Outcome | None = None
    """The partner is suspended or retired: the feed ends."""
    outcome: Outcome | None = None

    # Advices.
    to_read: list[ToRead] = Field(default_factory=list)
    reading: dict[str, int] = Field(default_factory=dict)
    """Advices that are being read, in which version."""
    known: dict[str, int] = Field(default_factory=dict)
    """Advice -> the version that was read; the newest 200."""
    advices: list[SeenAdvice] = Field(default_factory=list)
    held: dict[str, HeldAdvice] = Field(default_factory=dict)
    """By location code: at most one waits for each."""
    words: dict[str, bool] = Field(default_factory=dict)
    """What the merchant said of held advices, by location code, until it is done: true to apply, false to discard."""
    newest: datetime | None = None
    """How old the newest word is: the moment it speaks of, or when it came, whichever is earlier."""
    stale_since: datetime | None = None

    # Pushing.
    push_wanted: bool = False
    push_word: bool = False
    """The merchant's word for the next push, where the policy pushes nothing by itself."""
    to_write: int = 0
    """SKUs that the last look would have written, had it been allowed to."""
    pushing: bool = False
    """A push is under way."""
    pushes: int = 0
    last_push: LastPush | None = None
    look_again_at: datetime | None = None
    """Some levels are lower than the orders explain; believed until then."""
    overwrite: list[str] = Field(default_factory=list)
    """SKUs whose change by hand the merchant wants written over with the next push."""
    overwrite_all: bool = False

    # The shop's inventory items.
    items: int = 0
    refresh_wanted: bool = False
    refreshing: bool = False
    refreshed_at: datetime | None = None
    unknown_skus: bool = False
    """An advice named SKUs nobody knows: the items are to be read again, though not at once."""

    # Ours.
    look_wanted: bool = False
    """Terms, partner and mappings are to be read again."""
    find_wanted: bool = False
    """Trading Grid is to be asked for advices that no event told of."""
    count_wanted: bool = False
    at_work: int = 0
    """Small steps under way beside reading, pushing and refreshing."""
    standing: FeedStanding = Field(default_factory=FeedStanding)

    # Terms.

    def take_terms(self, terms: FeedTerms) -> list[str]:
        """Take what was read; what of it is news, in words."""
        news = []
        if self.phase is not Phase.OPENING:
            if terms.policy.version != self.policy.version:
                news.append(f"It goes by {terms.policy.version} now.")
            if terms.shadow != self.case.shadow:
                news.append(f"Shadow mode is {'on' if terms.shadow else 'off'}.")
        self.partner_name, self.policy = terms.name, terms.policy
        self.time_zone, self.items = terms.time_zone, max(self.items, terms.items)
        self.case.shadow = terms.shadow
        self.ending = {"suspended": Outcome.SUSPENDED, "retired": Outcome.RETIRED}.get(
            terms.partner_status
        )
        return news

    @property
    def push_terms(self) -> PushTerms:
        """What decides on quantities right now."""
        stale = self.policy.when_stale if self.stale_since is not None else WhenStale.KEEP
        buffer = self.policy.stale_buffer if stale is WhenStale.BUFFER else 0
        return PushTerms(
            hold_back=self.policy.safety_stock + buffer,
            zero=stale is WhenStale.ZERO,
            stop_sells=self.policy.stop_sells,
            overwrite_edits=self.policy.manual_edits is ManualEdits.OVERWRITE,
        )

    # Advices.

    def hear_of(self, advice_id: str, version: int) -> None:
        """Somebody told of an advice; one that was read in this version, or is to be, is not read again."""
        read = max(self.known.get(advice_id, -1), self.reading.get(advice_id, -1))
        if not advice_id or (version and read >= version):
            return
        for entry in self.to_read:
            if entry.id == advice_id:
                entry.version = max(entry.version, version)
                return
        self.to_read.append(ToRead(id=advice_id, version=version))

    def next_to_read(self) -> ToRead | None:
        """The next one whose turn it is; None while none is, or enough are being read."""
        if len(self.reading) >= _READING:
            return None
        return next((one for one in self.to_read if one.id not in self.reading), None)

    def begin_reading(self, entry: ToRead) -> None:
        self.to_read.remove(entry)
        self.reading[entry.id] = entry.version

    def take_known(self, advice: Advice) -> None:
        self.known.pop(advice.id, None)
        self.known[advice.id] = advice.version
        for oldest in list(self.known)[:-_KNOWN]:
            del self.known[oldest]

    def take_heard(self, advice: Advice, now: datetime) -> bool:
        """The feed is alive: how old its newest word is. True where that ends its staleness."""
        word = min(advice.as_of, now)
        if self.newest is not None and word <= self.newest:
            return False
        self.newest = word
        if self.stale_since is None or (at := self.stale_at) is None or at <= now:
            return False
        self.stale_since = None
        return True

    def list_advice(self, seen: SeenAdvice) -> None:
        """The last ones, the newest first; one entry an advice."""
        others = [one for one in self.advices if one.id != seen.id]
        self.advices = [seen, *others][:_SHOWN]

    def supersedes(self, advice: Advice) -> HeldAdvice | None:
        """The held snapshot of the same location that this newer one makes pointless."""
        held = self.held.get(advice.location_code)
        return held if held is not None and held.advice.order <= advice.order else None

    @property
    def asked_about(self) -> list[HeldAdvice]:
        """Held snapshots that the merchant has said nothing about yet."""
        return [one for code, one in self.held.items() if code not in self.words]

    # Time.

    @property
    def stale_at(self) -> datetime | None:
        """When the feed is stale, unless something is heard before."""
        start = self.newest or self.case.opened_at
        return self.policy.stale_after.after(start) if start else None

    def miss_skus(self, began: datetime) -> None:
        """An advice, read from `began` on, names SKUs that nobody knows; unless the items are being read anyway."""
        if self.refreshing or self.refresh_wanted:
            return
        if self.refreshed_at is None or self.refreshed_at < began:
            self.unknown_skus = True

    @property
    def refresh_at(self) -> datetime | None:
        """When the inventory items may be read again for SKUs nobody knows; None where that is not wanted."""
        if not self.unknown_skus:
            return None
        return self.refreshed_at + REFRESH_AT_MOST if self.refreshed_at else self.case.opened_at

    def next_moment(self) -> tuple[datetime, str] | None:
        """The next moment that changes something by itself, and what; one timer waits for the earliest."""
        moments = [
            (at, what)
            for at, what in (
                (self.standing.next_constraint, "A constraint ends"),
                (self.stale_at if self.stale_since is None else None, "No word for too long"),
                (self.look_again_at, "Look at levels again"),
                (self.refresh_at if not self.refreshing else None, "Look for unknown SKUs"),
            )
            if at is not None
        ]
        return min(moments) if moments else None

    # Pushing.

    @property
    def may_push(self) -> bool:
        """Whether a push is wanted and of use: without inventory items every SKU is unknown.

        Where it may write nothing without the merchant's word, it only finds what would be written.
        """
        return (self.push_wanted or self.push_word) and bool(self.items or self.refreshed_at)

    @property
    def may_write(self) -> bool:
        return self.policy.auto_push or self.push_word

    @property
    def wants_word(self) -> bool:
        """Whether something is to be written that only the merchant may have written."""
        return self.to_write > 0 and not self.may_write

    @property
    def edited(self) -> int:
        """Positions that were changed by hand and are left so."""
        return self.standing.problems.get(Problem.EDITED_BY_HAND, 0)

    @property
    def wants_merchant(self) -> bool:
        """Whether the merchant holds something up that only it can say (troubles aside)."""
        return self.phase is Phase.RUNNING and bool(self.asked_about or self.wants_word)

    @property
    def idle(self) -> bool:
        """Whether nothing is under way: what only waits can begin in the next run as well."""
        return not (self.reading or self.pushing or self.refreshing or self.at_work)

    def outcome_when_stopped(self) -> Outcome:
        return self.ending or Outcome.STOPPED

    def carry(self) -> dict[str, object]:
        """What the next run goes on with. Notes stand in the timeline; the newest are kept here."""
        case = self.case.model_copy(update={"notes": self.case.notes[-_NOTES:]})
        return self.model_copy(update={"case": case, "runs": self.runs + 1}).model_dump(mode="json")
