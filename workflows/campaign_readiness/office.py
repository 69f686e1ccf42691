"""The partners of a campaign: a desk for the share of each, and a conversation where there is something to say."""

from collections.abc import Callable
from dataclasses import dataclass, field

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.campaign_readiness.standing import window_in_words
    from domain.campaign_readiness.state import CampaignPartner, CampaignReadinessState
    from domain.partner_messages import BusinessReference, OpenPartnerCase
    from workflows.campaign_readiness.context import CampaignContext
    from workflows.campaign_readiness.desk import ShareDesk
    from workflows.conversations import Conversations, Correspondent
    from workflows.operator_words import AskOfPartner
    from workflows.waiting import Slots, hold

_ANSWER_THERE = "Please say how ready you are on the campaign itself; what is said here is read, and changes nothing."
_AT_ONCE = 8
"""Calls to Trading Grid under way at a time: a campaign with hundreds of partners is not to shut others out."""


@dataclass
class Office:
    """`moved` is to be called whenever what is known of the campaign changed; it tells everybody who looks."""

    ctx: CampaignContext
    desks: dict[str, ShareDesk] = field(default_factory=dict)
    on_move: Callable[[], None] = lambda: None
    conversations: Conversations = field(init=False)
    slots: Slots = field(default_factory=lambda: Slots(_AT_ONCE))

    def __post_init__(self) -> None:
        self.conversations = Conversations(
            self.ctx,
            self._correspondent,
            _ANSWER_THERE,
            may_answer=lambda: self.state.outcome is None,
        )

    @property
    def state(self) -> CampaignReadinessState:
        return self.ctx.state

    def moved(self) -> None:
        self.ctx.show()
        self.on_move()

    def staff(self, partner: CampaignPartner) -> None:
        """A desk for a partner's share, which begins to work at once; and its conversation, where an earlier run had one."""
        desk = ShareDesk(self.ctx, partner, self.slots, remind=self.write, moved=self.moved)
        self.desks[partner.partner] = desk
        self.ctx.background.start(desk.attend())
        if partner.conversation is not None and not partner.conversation.closed:
            other = self._correspondent(partner.partner)
            assert other is not None
            self.conversations.resume(partner.conversation, other)

    def write(self, partner: str, text: str) -> None:
        """A word of ours to a partner, in its conversation."""
        self.conversations.write(partner, text)
        self._remember(partner)

    def ask(self, partner: str, command: AskOfPartner) -> None:
        """An operator's word to a partner, in its conversation."""
        desk = self.conversations.with_(partner)
        if desk is not None:
            desk.inbox.append(command)
        self._remember(partner)

    def resume(self) -> None:
        """Go on where an earlier run left off."""
        for partner in self.state.partners.values():
            self.staff(partner)

    def _remember(self, partner: str) -> None:
        desk, known = self.ctx.desks.get(partner), self.state.partners.get(partner)
        if desk is not None and known is not None:
            known.conversation = desk.case

    def look(self) -> None:
        """Have everything read that partners said, though nobody announced it."""
        for desk in self.desks.values():
            desk.look()

    @property
    def idle(self) -> bool:
        """Whether no desk has anything to do but to wait."""
        return all(desk.idle for desk in self.desks.values())

    async def call_off(self, why: str) -> None:
        """Take the campaign back from everybody it was shared with, and say why."""
        # Also one whose share is on its way, and may have arrived.
        told = [
            one
            for one in self.state.partners.values()
            if one.asked_for and (one.shared or one.has_share)
        ]
        for desk in self.desks.values():
            desk.close(withdraw=True)
        for one in told:
            self.write(
                one.partner,
                f"{self.state.case.title} is stopped: {why} Nothing more is wanted of you for it.",
            )
        # As long as it takes: what is refused now is noted, and waits for nobody.
        await hold(lambda: not self.conversations.unsent())
        for one in told:
            if self.ctx.desks[one.partner].stuck:
                words = f"{one.who} could not be told why; its campaign is called off."
                self.ctx.file.note("message", words, flagged=True)

    def close(self) -> None:
        """Let the desks end; what was shared stays."""
        for desk in self.desks.values():
            desk.close(withdraw=False)

    def _correspondent(self, partner: str) -> Correspondent | None:
        one = self.state.partners.get(partner)
        if one is None:
            return None
        return Correspondent(
            one.tenant,
            one.name,
            one.policy or self.state.policy,
            lambda key: self._request(one, key),
        )

    def _request(self, one: CampaignPartner, key: str) -> OpenPartnerCase:
        ctx, state = self.ctx, self.state
        references = (
            [BusinessReference(type="campaign", value=one.remote_id)] if one.remote_id else []
        )
        return OpenPartnerCase(
            tenant=one.tenant,
            partner=one.partner,
            reference=f"{ctx.input.case_id}/{one.partner}",
            idempotency_key=key,
            case_type="campaign_readiness",
            subject=state.case.title,
            description=f"{state.case.title}, {window_in_words(state)}. {_ANSWER_THERE}",
            business_references=tuple(references),
        )
