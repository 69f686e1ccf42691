"""Where a dispute's story is, what a stage of evidence comes to, and who was asked."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, Field

from domain.message import Message
from domain.partner_case import PartnerCase
from domain.policy import DisputePolicy


class Phase(StrEnum):
    """Where the story is; the status others see is derived from it and the rest of the state."""

    OPENING = "opening"
    ASKING = "asking"  # a stage of evidence begins: who can prove what
    EVIDENCE = "evidence"
    SUBMITTING = "submitting"
    BANK = "bank"
    ENDED = "ended"


class Verdict(StrEnum):
    """What the evidence's stage comes to at a moment."""

    WAIT = "wait"
    SUBMIT = "submit"
    MISSED = "missed"  # the due date has passed, and nothing was submitted
    OVER = "over"  # nothing is to be submitted any more


class Answered(Message):
    """The answer to one type of the dispute. `by` is an operator, `gridcase`, or `shopify`: somebody there, or an attempt of
    ours whose answer was lost. `shadow`: it would have been submitted."""

    by: str
    at: datetime
    sent_on: datetime | None = None
    shadow: bool = False


class AskedPartner(BaseModel):
    """One partner's part: its case in Trading Grid, its terms, the papers it was asked for. `round` counts its cases."""

    case: PartnerCase
    policy: DisputePolicy
    wanted: list[str] = Field(default_factory=list)
    round: int = 1


def owes(case: PartnerCase) -> bool:
    """Whether a partner still has something to say."""
    done = case.answered and not case.answered_in_part
    return not done and not case.asked and case.silent_since is None and not case.closing
