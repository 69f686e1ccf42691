"""The merchant's words on a feed."""

from enum import StrEnum

from pydantic import Field

from domain.inventory_feed.state import HeldAdvice, InventoryFeedState
from domain.operator import Command


class Choice(StrEnum):
    APPLY = "apply"
    """Take a snapshot that is held as it is, though it empties much."""
    DISCARD = "discard"
    """Forget it; what the partner said before still holds."""
    PUSH = "push"
    """Write the quantities to Shopify, where the policy writes nothing by itself."""
    OVERWRITE = "overwrite"
    """Write over what was changed by hand in Shopify."""

    @property
    def about_advices(self) -> bool:
        return self in {Choice.APPLY, Choice.DISCARD}


class Decide(Command):
    """The merchant's decision.

    `advice_id`: which held snapshot; needed only where several are held. `skus`: of what was changed by hand; empty: all.
    """

    choice: Choice
    advice_id: str = Field(default="", max_length=200)
    skus: tuple[str, ...] = Field(default=(), max_length=100)
    note: str = Field(default="", max_length=500)


def concerned(state: InventoryFeedState, decision: Decide) -> list[HeldAdvice]:
    """The held snapshots a decision may mean: the one it names, else every one that waits."""
    return [one for one in state.asked_about if decision.advice_id in {"", one.advice.id}]


def why_not(state: InventoryFeedState, decision: Decide) -> str:
    """Why this can't be decided now; empty where it can."""
    if decision.choice.about_advices:
        held = concerned(state, decision)
        if not held:
            return (
                "No advice waits for a decision."
                if not decision.advice_id
                else "That advice is not held."
            )
        if len(held) > 1:
            named = ", ".join(f"{one.advice.id} ({one.advice.words})" for one in held)
            return f"Several are held; name one by advice_id: {named}."
        return ""
    if decision.choice is Choice.PUSH:
        if state.policy.auto_push:
            return "The policy pushes by itself; there is nothing to say."
        return "" if state.wants_word else "There is nothing to push."
    return "" if state.edited else "Nothing that was changed by hand waits for a decision."
