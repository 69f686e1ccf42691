"""What a campaign's activities take and give: one frozen model in, one out, each used by one activity.

Plans and words stay in the table `campaign_products`; what travels are counts, and a bounded number of lines for people.
In `activities.campaign_readiness`: `CampaignPlanActivities` has `read_plan`, `CampaignSharingActivities` has `share` and
`read_readiness`, `CampaignDisplayActivities` has `summarise` and `write_metaobject`, `CampaignSalesActivities` has
`read_constraints` and `count_sold`.
"""

from datetime import date, datetime

from pydantic import Field

from domain.campaign_readiness.plan import PlanSource, Window
from domain.campaign_readiness.positions import Commitment, Figures
from domain.message import Message
from domain.policy import CampaignReadinessPolicy

TOLD_FLAGS = 10  # of one word of a partner; the rest is counted
TOLD_ISSUES = 20
TOLD_SKUS = 20
READINGS = 50  # at a time

SERIOUS = frozenset({"high", "urgent"})


class ReadPlan(Message):
    """Read the plan and bring the table to it, as version `version` (a repeat writes the same one).

    `event_id`: an inbox event whose body names products that were not read yet; 0: they come from where `source` says
    (`given`: they stay as the table has them). `metaobject_id`, or its `handle` while it has no number, is where staff
    edits the plan: where its fields are not what `fields_digest` says, they are the newest word, for the window and, where
    they name collections or a file, for the products. `window` is what was known before, or what the merchant changed.
    `look_again`: read the products anew though nobody announced a change: what is in a collection, and whose a vendor is,
    changes silently.
    """

    shop: str
    case_id: str
    version: int
    metaobject_id: str = ""
    handle: str = ""
    event_id: int = 0
    source: PlanSource | None = None
    window: Window | None = None
    fields_digest: str = ""
    look_again: bool = False


class PlannedPartner(Message):
    """`policy` None: the shop's own terms. `digest` is of what it is told (`plan.share_digest`)."""

    partner: str
    tenant: str
    name: str
    digest: str
    figures: Figures
    policy: CampaignReadinessPolicy | None = None


class PlanRead(Message):
    """What the plan is. With `problems` (in plain words, a bounded number, `problem_count` in all) nothing was written;
    `window` is there as far as it can be read.

    `gone`: the metaobject that was asked for is not there any more. `unchanged`: neither its fields nor anything else asked
    for another look; only `metaobject_id` and `fields_digest` are filled then. `digest` is of the whole plan.
    `partners` are all who have a share in it; one that had, and has none any more, is left out. `own`: products without a
    partner, which are the merchant's. `left_out` says in words what else of the sources is no part of the plan.
    """

    gone: bool = False
    unchanged: bool = False
    metaobject_id: str = ""
    fields_digest: str = ""
    problems: tuple[str, ...] = ()
    problem_count: int = 0
    window: Window | None = None
    source: PlanSource | None = None
    digest: str = ""
    partners: tuple[PlannedPartner, ...] = ()
    own: Figures = Figures()
    policy: CampaignReadinessPolicy = Field(default_factory=CampaignReadinessPolicy)
    shadow: bool = False
    unasked: dict[str, str] = Field(default_factory=dict)
    left_out: tuple[str, ...] = ()


class ShareCampaign(Message):
    """Bring the partner's campaign in Trading Grid to the plan the table has for it now; `reference` is unique for case and
    partner, so that a repeat finds what was made, even after 24 hours.

    `empty`: it has no share any more (it left the plan, or the campaign is stopped): an empty one, where it has one at all.
    """

    shop: str
    case_id: str
    tenant: str
    partner: str
    reference: str
    idempotency_key: str
    window: Window
    remote_id: str = ""
    empty: bool = False


class SharedCampaign(Message):
    """`digest` is of what the partner was told (`plan.share_digest`), as it stands in the table now. `reopened`: products
    whose word is void, since they were changed. `remote_id` empty: there was nothing to empty."""

    remote_id: str = ""
    version: int = 0
    digest: str = ""
    figures: Figures = Figures()
    added: int = 0
    changed: int = 0
    removed: int = 0
    reopened: int = 0


class ReadReadiness(Message):
    """Take what the partner said beyond what is known: sequences above `heard_until` that are not in `heard`.

    At most `READINGS` of them at a time, the lowest sequences first.
    """

    shop: str
    case_id: str
    tenant: str
    partner: str
    remote_id: str
    heard_until: int = 0
    heard: tuple[int, ...] = ()


class LaunchIssue(Message):
    """What may keep the launch from going well. A later one of the same code and SKU replaces it. `text` is cut short."""

    code: str
    sku: str = ""
    text: str
    severity: str = "normal"
    partner: str = ""

    @property
    def serious(self) -> bool:
        return self.severity.strip().lower() in SERIOUS


class Reading(Message):
    """One word of a partner: how many products it holds for now, what of it was flagged (`flags` in words), its issues (the
    serious ones first), and the products of which fewer pieces can be counted on than before."""

    sequence: int
    applied: int = 0
    flags: tuple[str, ...] = ()
    flag_count: int = 0
    issues: tuple[LaunchIssue, ...] = ()
    issue_count: int = 0
    withdrawn: tuple[str, ...] = ()
    withdrawn_count: int = 0
    at_risk: tuple[str, ...] = ()
    at_risk_count: int = 0


class ReadinessTaken(Message):
    """`heard_until`: every sequence up to it is known; `heard` are those known beyond it. `more`: ask once more."""

    heard_until: int = 0
    heard: tuple[int, ...] = ()
    readings: tuple[Reading, ...] = ()
    figures: Figures = Figures()
    more: bool = False


class Summarise(Message):
    case_id: str


class WorstLine(Message):
    """One of the products of which most pieces are missing; `partner` empty: the merchant's own."""

    sku: str
    partner: str = ""
    expected: int
    ready: int
    status: Commitment
    ready_by: date | None = None
    said_ready_by: date | None = None
    note: str = ""


class Summary(Message):
    """The asked products of which most pieces are missing, the serious issues, and how much there is of both."""

    figures: Figures = Figures()
    worst: tuple[WorstLine, ...] = ()
    issues: tuple[LaunchIssue, ...] = ()
    issue_count: int = 0
    flag_count: int = 0


class WriteMetaobject(Message):
    """Show where the campaign stands, in our own fields only, and only where they differ; `summary` is the JSON field's.

    `create`: there is none yet; it is made under `handle`, with the window for staff to see. Otherwise one that is gone
    stays gone.
    """

    shop: str
    case_id: str
    handle: str = ""
    metaobject_id: str = ""
    create: bool = False
    window: Window | None = None
    status: str
    text: str
    readiness: float | None = None
    summary: Summary = Summary()


class WrittenMetaobject(Message):
    """`gone`: it is not there. What the plan's fields are after the write is not told: staff may have edited them just now,
    and that edit is to be read as one."""

    changed: bool = False
    gone: bool = False
    metaobject_id: str = ""


class ReadConstraints(Message):
    """What partners' stock feeds say against the campaign's products now."""

    shop: str
    case_id: str


class Constraint(Message):
    """`code`: `stop_sell`, `limited`, `discontinued`."""

    sku: str
    partner: str
    code: str
    until: datetime | None = None
    text: str = ""


class Constraints(Message):
    """A bounded number, `count` of them in all."""

    found: tuple[Constraint, ...] = ()
    count: int = 0


class CountSold(Message):
    """Count what was ordered of the plan's products in the window; cancelled orders and pieces do not count."""

    shop: str
    case_id: str
    window: Window


class SoldLine(Message):
    sku: str
    partner: str = ""
    committed: int
    sold: int


class Sold(Message):
    """`oversold`: the products of which more was sold than committed, the worst first, `oversold_count` in all.

    `hidden_before`: orders placed earlier were hidden from us, and are not counted.
    """

    orders: int = 0
    committed: int = 0
    sold: int = 0
    oversold: tuple[SoldLine, ...] = ()
    oversold_count: int = 0
    hidden_before: datetime | None = None
