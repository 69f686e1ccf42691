"""Inventory positions: which of them a push must look at, what it found, and how they stand."""

from persistence.repositories.inventory_positions.choosing import (
    Candidate,
    candidates,
    first_unconfirmed,
    location_codes,
    named,
    repeated,
    unconfirmed,
    written_by_others,
)
from persistence.repositories.inventory_positions.settling import (
    Settlement,
    confirm,
    hinder,
    look_again,
    place_locations,
    repeat_settled,
    settle,
)
from persistence.repositories.inventory_positions.showing import (
    ProblemSeen,
    Standing,
    newest_problems,
    page,
    standing,
)

__all__ = [
    "Candidate",
    "ProblemSeen",
    "Settlement",
    "Standing",
    "candidates",
    "confirm",
    "first_unconfirmed",
    "hinder",
    "location_codes",
    "look_again",
    "named",
    "newest_problems",
    "page",
    "place_locations",
    "repeat_settled",
    "repeated",
    "settle",
    "standing",
    "unconfirmed",
    "written_by_others",
]
