"""What every step of a case works with: the case, its state, its hands; and how its story is run to an end."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.case import SHOPIFY, CaseSnapshot, CaseState, CaseStatus, Ending, Trouble
    from domain.notification import Severity
    from domain.order_fields import OrderEntry
    from domain.policy import Policy
    from workflows.case_file import CaseFile
    from workflows.notices import Notices
    from workflows.order_display import OrderDisplay
    from workflows.outside import Outside
    from workflows.partner_desk import PartnerDesk
    from workflows.patience import Patience
    from workflows.waiting import Background, Stopped, to_its_end


class CaseInput(Protocol):
    """What every case is opened with."""

    @property
    def case_id(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def shop(self) -> str: ...


class HasCase(Protocol):
    """A lifecycle's state: the common part stands in `case`."""

    case: CaseState


Input = TypeVar("Input", bound=CaseInput)
State = TypeVar("State", bound=HasCase)
Outcome = TypeVar("Outcome", bound=Ending)


@dataclass(frozen=True)
class OnOrder:
    """What an order in Shopify should show of a case, and under which object's number."""

    order_id: str
    object_id: str
    entry: OrderEntry


@dataclass
class Facts(Generic[State]):
    """What a lifecycle derives from its state, for the objects all lifecycles share. All are pure functions of the state.

    `subject` is what people call the case in a sentence ("The claim"). `policy` are the merchant's own terms.
    `wants_merchant`: the merchant holds the case up with something only it can say (troubles aside). `on_order`: None leaves
    the order as it is. `merchant_until`: until when the merchant has time, where that is not the policy's `merchant_within`.
    """

    lifecycle: str
    subject: str
    snapshot: Callable[[], CaseSnapshot]
    policy: Callable[[], Policy]
    wants_merchant: Callable[[], bool]
    on_order: Callable[[CaseSnapshot], OnOrder | None]
    merchant_until: Callable[[], datetime | None] = lambda: None


@dataclass
class CaseTools(Generic[Input, State]):
    """One case, its state, and its hands. The state is the workflow's own; `show` is to be called whenever it moved."""

    input: Input
    state: State
    facts: Facts[State]
    background: Background = field(init=False, default_factory=Background)
    desks: dict[str, PartnerDesk] = field(init=False, default_factory=dict)
    file: CaseFile = field(init=False)
    outside: Outside = field(init=False)
    notices: Notices = field(init=False)
    display: OrderDisplay = field(init=False)
    patience: Patience = field(init=False)

    def __post_init__(self) -> None:
        case, facts = self.state.case, self.facts
        self.file = CaseFile(case, facts.snapshot)
        self.outside = Outside(case, self.file, self.show, self._tell_trouble)
        self.notices = Notices(
            case, self.file, self.background, case_id=self.input.case_id, shop=self.input.shop
        )
        self.display = OrderDisplay(self.outside, shop=self.input.shop, lifecycle=facts.lifecycle)
        self.patience = Patience(self)

    @property
    def case(self) -> CaseState:
        return self.state.case

    def show(self) -> None:
        """Tell everybody who looks: tables, search attributes, the Temporal UI, the order in Shopify."""
        self.patience.mind_merchant()
        seen = self.file.show()
        if self.facts.policy().show_on_order and (on := self.facts.on_order(seen)):
            self.display.want(on.order_id, on.object_id, on.entry)

    def stop(self, why: str, actor: str = SHOPIFY) -> None:
        """The case ends early; what it waits for ends with it. The first reason stays."""
        if not self.case.stop:
            self.case.stop = why
            self.file.note("stopped", why, actor=actor)

    def is_over(self) -> bool:
        """Whether nothing that happens outside changes the case any more."""
        return bool(self.case.stop) or self.case.closed_at is not None

    def check_stop(self) -> None:
        """Raise `Stopped` where the case ends early, before a step that would only have to be undone."""
        if self.case.stop:
            raise Stopped

    # The story.

    async def run(
        self,
        story: Callable[[], Awaitable[Outcome]],
        *,
        stopped: Callable[[], Outcome],
        settle: Callable[[Outcome], None],
        wind_up: Callable[[Outcome], Awaitable[None]] | None = None,
    ) -> Outcome:
        """Run a case's story to its end, whatever happens: `stopped` names the outcome of one that ended early.

        `settle` writes the outcome into the state; `wind_up` takes back what is ours outside (holds), once nobody waits
        for a retry any more. Temporal's Cancel is the operator's `cancel`.
        """
        return await to_its_end(
            self._whole_story(story, stopped, settle, wind_up),
            on_cancel=lambda: self.stop("Cancelled in Temporal."),
        )

    async def _whole_story(
        self,
        story: Callable[[], Awaitable[Outcome]],
        stopped: Callable[[], Outcome],
        settle: Callable[[Outcome], None],
        wind_up: Callable[[Outcome], Awaitable[None]] | None,
    ) -> Outcome:
        filing = Background()
        filing.start(self.file.keep())
        try:
            outcome = await story()
        except Stopped:
            outcome = stopped()
        settle(outcome)
        await self._end(outcome, wind_up)
        self.file.close()
        await filing.finish()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return outcome

    async def _end(
        self, outcome: Outcome, wind_up: Callable[[Outcome], Awaitable[None]] | None
    ) -> None:
        """Close what is open, show the result, and let the tables have the last snapshot."""
        self.case.closed_at = workflow.now()
        self.outside.end()
        cancelled = outcome.status is CaseStatus.CANCELLED
        why = f": {self.case.stop}" if cancelled and self.case.stop else ""
        subject, extra = self.facts.subject, self.case.result
        words = f"{subject} is {outcome.words}"
        self.file.note("outcome", words + (f" ({extra})" if extra else "") + why)
        self.show()
        if wind_up is not None:
            await wind_up(outcome)
        for desk in self.desks.values():
            desk.close(words + why)
        if outcome.status is CaseStatus.EXPIRED:
            policy = self.facts.policy()
            self.notices.send(
                policy.escalate_to or policy.notify,
                Severity.URGENT,
                "expired",
                f"Nobody settled this {subject.removeprefix('The ')} in time; see to it in Shopify.",
            )
        self.display.close()
        await self.background.finish()
        self.show()

    def _tell_trouble(self, trouble: Trouble) -> None:
        self.notices.send(
            self.facts.policy().notify,
            Severity.URGENT,
            "something was refused",
            f"{trouble.step}: {trouble.message} Use retry once it is mended.",
        )


AnyCase = CaseTools[Any, Any]
