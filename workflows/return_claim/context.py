"""What every step of a return claim works with."""

from collections.abc import Callable
from dataclasses import dataclass, field

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.case import SHOPIFY
    from domain.return_claim.state import ReturnClaimInput, ReturnClaimState
    from workflows.case_file import CaseFile
    from workflows.notices import Notices
    from workflows.outside import Outside
    from workflows.partner_desk import PartnerDesk
    from workflows.waiting import Background, Stopped


@dataclass
class ClaimContext:
    """One claim, its state, and its hands. The state is the workflow's own; `show` is called whenever it moved."""

    claim: ReturnClaimInput
    state: ReturnClaimState
    file: CaseFile
    outside: Outside
    notices: Notices
    background: Background
    show: Callable[[], None]
    desks: dict[str, PartnerDesk] = field(default_factory=dict)

    def stop(self, why: str, actor: str = SHOPIFY) -> None:
        """The claim ends early; what it waits for ends with it. The first reason stays."""
        if not self.state.case.stop:
            self.state.case.stop = why
            self.file.note("stopped", why, actor=actor)

    def is_over(self) -> bool:
        """Whether nothing that happens outside changes the claim any more."""
        return bool(self.state.case.stop) or self.state.outcome is not None

    def check_stop(self) -> None:
        """Raise `Stopped` where the claim ends early, before a step that would only have to be undone."""
        if self.state.case.stop:
            raise Stopped
