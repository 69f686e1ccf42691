"""The merchant's words on a dispute."""

from enum import StrEnum
from typing import Self

from pydantic import AwareDatetime, Field, model_validator

from domain.message import Message
from domain.operator import Command


class Submit(Command):
    """Submit the evidence as it stands; final for this type of the dispute."""

    note: str = Field(default="", max_length=500)


class AddEvidence(Command):
    """The merchant's own evidence: a statement for the bank, or stored documents of this case or the order's others."""

    text: str = Field(default="", max_length=10_000)
    document_ids: tuple[str, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.text.strip() and not self.document_ids:
            raise ValueError("Give a text, documents, or both.")
        return self


class Choice(StrEnum):
    CONCEDE = "concede"  # do not contest it: nothing is submitted; the outcome is Shopify's
    CONTEST = "contest"  # take that back, while there is time
    DRAFT = (
        "draft"  # write what there is into the draft now, where the policy does not do it by itself
    )
    KEEP_WAITING = "keep_waiting"  # for the bank, `until` a moment or anew for the policy's time


class Decide(Command):
    choice: Choice
    until: AwareDatetime | None = None
    """With `keep_waiting`."""
    note: str = Field(default="", max_length=500)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.until is not None and self.choice is not Choice.KEEP_WAITING:
            raise ValueError("until goes with keep_waiting.")
        return self


class DisputeResult(Message):
    outcome: str
    submissions: int = 0
    """How many answers we submitted: at most one for each type of the dispute."""
