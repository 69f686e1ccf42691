"""Conversations with partners whose matter is answered elsewhere: a case in Trading Grid that opens only when there is
something to say (docs/decisions/0013)."""

from collections.abc import Callable
from dataclasses import dataclass

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.case import GRIDCASE
    from domain.operator import MessagePartner
    from domain.partner_case import PartnerCase
    from domain.partner_messages import OpenPartnerCase
    from domain.policy import Policy
    from workflows.case_tools import AnyCase
    from workflows.partner_desk import PartnerDesk


async def _nothing() -> None:
    """Nothing is done once the conversation is open."""


async def _look_at_nothing(_: object) -> None:
    """Beside the conversation there is nothing to look at here: what the partner answers has a desk of its own."""


@dataclass(frozen=True)
class Correspondent:
    """Whom we write to. `request` builds the case to open."""

    tenant: str
    name: str
    policy: Policy
    request: Callable[[str], OpenPartnerCase]


@dataclass
class Conversations:
    """One conversation a partner. `answer_elsewhere` is what a partner that answers here is told.

    `correspondent`: None for somebody who has no part in the case.
    """

    ctx: AnyCase
    correspondent: Callable[[str], Correspondent | None]
    answer_elsewhere: str
    may_answer: Callable[[], bool]

    def with_(self, partner: str) -> PartnerDesk | None:
        """The conversation with a partner, opened when it is first wanted; None for somebody who has no part here."""
        known = self.ctx.desks.get(partner)
        if known is not None:
            return known
        other = self.correspondent(partner)
        if other is None:
            return None
        return self.resume(
            PartnerCase(partner=partner, tenant=other.tenant, name=other.name, line_ids=()), other
        )

    def resume(self, case: PartnerCase, other: Correspondent) -> PartnerDesk:
        """A desk for a conversation, also for one that an earlier run opened."""
        ctx = self.ctx
        desk = PartnerDesk(
            case=case,
            policy=other.policy,
            shop=ctx.input.shop,
            case_id=ctx.input.case_id,
            request=other.request,
            judge=lambda _: (self.answer_elsewhere,),
            opened=_nothing,
            look_further=_look_at_nothing,
            may_answer=self.may_answer,
            changed=ctx.show,
            file=ctx.file,
            outside=ctx.outside,
            notices=ctx.notices,
            timed=False,
        )
        ctx.desks[case.partner] = desk
        ctx.background.start(desk.attend())
        return desk

    def write(self, partner: str, text: str) -> None:
        """A word of ours to a partner, in its conversation."""
        desk = self.with_(partner)
        if desk is not None and desk.takes_orders:
            desk.inbox.append(
                MessagePartner(actor=GRIDCASE, partner=partner, text=text, hand_back=False)
            )

    def unsent(self) -> bool:
        """Whether something waits to be written, and will be."""
        return any(desk.inbox and not desk.stuck for desk in self.ctx.desks.values())

    @property
    def at_rest(self) -> bool:
        """Whether every conversation only waits."""
        return all(desk.at_rest for desk in self.ctx.desks.values())
