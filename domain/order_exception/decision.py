"""The merchant's words on the lines of an exception, and what becomes of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import AwareDatetime, Field, model_validator

from domain.operator import Command
from domain.order_exception.lines import How, Offer, Position

_ACCEPTABLE = frozenset({Offer.SHIPS, Offer.PART, Offer.SUBSTITUTE})


class Choice(StrEnum):
    """What the merchant can say of lines that are open."""

    ACCEPT = "accept"  # the partner's date or substitute, or the merchant's own `ship_date`
    GIVE_UP = "give_up"  # what then becomes of the order is done in Shopify
    RESOLVE = "resolve"  # settled in another way; our hold is released
    KEEP_WAITING = "keep_waiting"  # for the partner, `until` a moment or anew for the policy's time
    ASK_PARTNER = "ask_partner"  # after a manual review
    HOLD = "hold"  # hold what is late though the policy does not, or with what it ships with


class Decide(Command):
    """The merchant's decision. Without `line_ids` it holds for every open line it can hold for."""

    choice: Choice
    line_ids: tuple[str, ...] = ()
    ship_date: date | None = None
    """With `accept`: the merchant's own date, for lines a partner gave none that can be accepted."""
    keep_hold: bool = False
    """With `give_up`: leave the pieces on hold when the case ends; otherwise our hold is released."""
    until: AwareDatetime | None = None
    """With `keep_waiting`."""
    note: str = Field(default="", max_length=500)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.ship_date is not None and self.choice is not Choice.ACCEPT:
            raise ValueError("ship_date goes with accept.")
        if self.keep_hold and self.choice is not Choice.GIVE_UP:
            raise ValueError("keep_hold goes with give_up.")
        if self.until is not None and self.choice is not Choice.KEEP_WAITING:
            raise ValueError("until goes with keep_waiting.")
        return self


class Reassign(Command):
    """Give lines to another partner, and have them shipped from another location where one is named."""

    line_ids: tuple[str, ...] = Field(min_length=1)
    partner: str = Field(min_length=1)
    tenant: str = ""
    """Empty: the shop's own tenant."""
    location_id: str = ""
    """A Location's number; empty: they ship from where they are."""
    note: str = Field(default="", max_length=500)


def concerned(positions: Mapping[str, Position], decision: Decide) -> list[Position]:
    """The open lines a decision holds for."""
    if decision.line_ids:
        named = (positions[line_id] for line_id in decision.line_ids if line_id in positions)
        return [position for position in named if position.open]
    return [
        position
        for position in positions.values()
        if position.open and not _impossible(position, decision)
    ]


def decision_problem(positions: Mapping[str, Position], decision: Decide) -> str:
    """Why a decision cannot be taken as it is; empty when it can. Said to the operator at once."""
    if problem := _unknown(positions, decision.line_ids):
        return problem
    for line_id in decision.line_ids:
        position = positions[line_id]
        if why := _impossible(position, decision):
            return f"Line {line_id} ({position.line.label}): {why}"
    if not concerned(positions, decision):
        return f"There is no open line to {decision.choice.value.replace('_', ' ')}."
    return ""


def reassign_problem(positions: Mapping[str, Position], command: Reassign) -> str:
    """Why lines cannot be given to another partner; empty when they can."""
    if problem := _unknown(positions, command.line_ids):
        return problem
    moves = bool(command.location_id)
    for line_id in command.line_ids:
        line = positions[line_id].line
        if line.partner == command.partner and not moves:
            return f"Line {line_id} ({line.label}) is with {command.partner} already."
    return ""


def _unknown(positions: Mapping[str, Position], line_ids: Sequence[str]) -> str:
    for line_id in line_ids:
        if line_id not in positions:
            return f"Line {line_id} is not part of this exception."
        if not positions[line_id].open:
            return f"Line {line_id} ({positions[line_id].line.label}) is not open any more."
    if len(set(line_ids)) != len(line_ids):
        return "A line is named twice."
    return ""


def _impossible(position: Position, decision: Decide) -> str:
    """Why this decision cannot hold for an open line; empty where it can."""
    line, said = position.line, position.said
    match decision.choice:
        case Choice.ACCEPT:
            if decision.ship_date is None and (said is None or said.offer not in _ACCEPTABLE):
                return "there is nothing to accept; name a ship_date."
        case Choice.KEEP_WAITING:
            if not line.partner or not position.asked:
                return "no partner is asked about it."
        case Choice.ASK_PARTNER:
            if position.asked and line.partner:
                return f"{line.partner} is asked already."
            if not line.partner:
                return "it belongs to no partner; reassign it to one."
        case _:
            pass
    return ""


def apply(position: Position, decision: Decide) -> None:
    """Settle what is open of a line by the merchant's word; a word that settles nothing changes nothing here."""
    said, by = position.said, decision.actor
    match decision.choice:
        case Choice.ACCEPT if decision.ship_date is not None:
            position.settle(How.SHIPS, by, ship_date=decision.ship_date)
        case Choice.ACCEPT if said is not None and said.offer is Offer.SUBSTITUTE:
            position.settle(How.SUBSTITUTE, by, substitute_sku=said.substitute_sku)
        case Choice.ACCEPT if said is not None and said.offer in _ACCEPTABLE:
            position.settle(How.SHIPS, by, ship_date=said.ship_date)
        case Choice.GIVE_UP:
            position.settle(How.GIVEN_UP, by, keep_hold=decision.keep_hold)
        case Choice.RESOLVE:
            position.settle(How.RESOLVED, by)
        case Choice.KEEP_WAITING:
            position.said = None
        case Choice.ASK_PARTNER:
            position.ask()
        case _:
            pass
