"""What a feed's activities take and give: one frozen model in, one out, each used by one activity.

They belong to `InventoryFeedActivities`: read_terms, find_advices, read_advice, judge_advice, apply_advice, discard_advice,
plan_push, write_batch, finish_push, read_standing, refresh_items; and tell_feeds to `FeedActivities`.

Lines, positions and batches stay in tables; what travels is small whatever the size of the shop. `at` is the workflow's
now: what is judged by the clock (constraints, dates from the future) is judged by it.
"""

from datetime import datetime

from pydantic import Field

from domain.inventory_feed.advices import Advice, Judgement
from domain.inventory_feed.problems import Problem
from domain.inventory_feed.quantities import PushTerms
from domain.message import Message
from domain.policy import InventoryFeedPolicy


class ReadFeedTerms(Message):
    shop: str
    tenant: str
    partner: str


class FeedTerms(Message):
    """The partner's name and status here, the policy as it is now, and what the feed must know of the shop.

    `partner_status`: active, suspended or retired; empty where the partner is not known here. `time_zone`: the shop's.
    `items`: how many SKUs of the shop are known; 0: its inventory items were never read.
    """

    name: str
    partner_status: str
    policy: InventoryFeedPolicy
    shadow: bool = False
    time_zone: str = "UTC"
    items: int = 0


# Advices.


class FindAdvices(Message):
    """The partner's newest advices at Trading Grid, whether an event told of them or not."""

    shop: str
    tenant: str
    partner: str


class FoundAdvice(Message):
    id: str
    version: int = 0


class AdvicesFound(Message):
    """Of each location the newest snapshot and the deltas since; the oldest first, at most 50."""

    advices: tuple[FoundAdvice, ...] = ()


class ReadAdvice(Message):
    """Read an advice with all its lines into the staging table; a repeat goes on or starts anew, and doubles nothing.

    `known_version`: the version that was read before; the same or a lower one is not read again (-1: never read).
    """

    shop: str
    tenant: str
    partner: str
    advice_id: str
    known_version: int = -1
    at: datetime


class AdviceRead(Message):
    """`advice` is None where nothing was staged: `refused` says why, in words for people; empty where it is known already.

    `unreadable`: lines that can't be read; `unknown`: SKUs that no inventory item of the shop is known to have.
    """

    advice: Advice | None = None
    lines: int = 0
    unreadable: int = 0
    unknown: int = 0
    refused: str = ""


class JudgeAdvice(Message):
    """What applying a staged snapshot would do, under these terms."""

    shop: str
    tenant: str
    partner: str
    advice_id: str
    terms: PushTerms
    at: datetime


class AdviceJudged(Message):
    judgement: Judgement


class ApplyAdvice(Message):
    """Take a staged advice into the positions, in one transaction; the staged lines go with it. A repeat changes nothing."""

    shop: str
    tenant: str
    partner: str
    advice_id: str
    version: int
    at: datetime


class AdviceApplied(Message):
    """`changed`: positions whose quantity, allocation or constraint is another one now; `older`: lines that a newer word
    had overtaken; `missing`: positions that a snapshot did not name, and which are empty now. `applied` is false where the
    staged lines are gone: it was applied or discarded before."""

    applied: bool
    changed: int = 0
    older: int = 0
    missing: int = 0


class DiscardAdvice(Message):
    shop: str
    tenant: str
    partner: str
    advice_id: str


class AdviceDiscarded(Message):
    lines: int = 0


# Pushing.


class PlanPush(Message):
    """Find what differs, and store the batches that would write it.

    `push` counts the feed's pushes; `round` the tries of this one: 0 finds the candidates, a later round reads again those
    that an earlier one left (`BatchWritten.left`). Levels are read first, then the orders. A repeat plans the same push
    anew, but never a batch that was begun. `overwrite`: SKUs whose change by hand the merchant wants written over;
    `overwrite_all`: every one.
    """

    shop: str
    tenant: str
    partner: str
    push: int
    round: int = 0
    terms: PushTerms
    time_zone: str = "UTC"
    at: datetime
    overwrite: tuple[str, ...] = ()
    overwrite_all: bool = False


class PushPlanned(Message):
    """`considered`: positions that were looked at in Shopify; `entries`: those to be written, in `batches` of at most 250,
    numbered from 0 in each round; `edited` of them write over a change by hand. `look_again_in` (seconds): some levels are
    lower than the orders explain, and believed until then."""

    considered: int = 0
    entries: int = 0
    batches: int = 0
    edited: int = 0
    believed: int = 0
    look_again_in: float | None = None


class WriteBatch(Message):
    """Write one stored batch (`inventorySetQuantities`); a repeat under the same key sends the same."""

    shop: str
    tenant: str
    partner: str
    push: int
    round: int
    batch: int
    idempotency_key: str


class BatchWritten(Message):
    """All or nothing: either `written` says how many, or nothing was written. Then `left` entries go with the next round,
    and `refused` have a problem of their own now. `new_key`: the key is spent and nothing was written; call again with
    another.
    """

    written: int = 0
    left: int = 0
    refused: int = 0
    new_key: bool = False


class FinishPush(Message):
    """Close a push: what is still left `keeps_changing`; its batches are forgotten."""

    shop: str
    tenant: str
    partner: str
    push: int


class PushFinished(Message):
    """`look_again_in` (seconds): some positions are new in the shop; then it shows whether orders were missed."""

    written: int = 0
    refused: int = 0
    keeps_changing: int = 0
    look_again_in: float | None = None


# How the feed stands.


class ReadStanding(Message):
    shop: str
    tenant: str
    partner: str
    terms: PushTerms
    time_zone: str = "UTC"
    at: datetime


class SeenProblem(Message):
    """One SKU's problem, short: `since` is when it was first seen."""

    problem: Problem
    sku: str
    location_code: str = ""
    since: datetime


class FeedStanding(Message):
    """Counts of the feed's positions, from our own tables alone.

    `skus`: positions, one a location and SKU; `for_sale`: with something to sell by these terms. `to_push`: those a push
    would consider. `next_constraint`: the next moment after `at` when a constraint ends. `first_problems`: 50 at most, the
    newest first.
    """

    skus: int = 0
    for_sale: int = 0
    to_push: int = 0
    problems: dict[Problem, int] = Field(default_factory=dict)
    first_problems: tuple[SeenProblem, ...] = ()
    next_constraint: datetime | None = None


# The shop's inventory items.


class RefreshItems(Message):
    """Read the shop's inventory items by a bulk operation into `sku_mappings`, with their levels.

    `request` names this wish: a repeat polls the operation it started, and one that is done answers again. Another request
    that comes while one runs takes part in it.
    """

    shop: str
    request: str


class ItemsRefreshed(Message):
    """`skus`: how many SKUs are known now, `new`: that were not before. `drifted`: positions, of every feed of the shop,
    whose level is not what we wrote: an order, or a change by hand; the feeds look again."""

    skus: int = 0
    new: int = 0
    drifted: int = 0


class TellFeeds(Message):
    """Tell the shop's open feeds, but for `but` (a case id), that its inventory items were read again."""

    shop: str
    event_id: str
    but: str = ""


class CountFeeds(Message):
    shop: str


class FeedsCounted(Message):
    """How many feeds into the shop are open."""

    open: int = 0


class FeedsTold(Message):
    told: int = 0
