"""Inventory positions: which of them a push must look at, what it found, and how they stand."""

from persistence.repositories.inventory_positions.choosing import (
    Candidate,
    candidates,
    location_codes,
    named,
    repeated,
    written_by_others,
)
from persistence.repositories.inventory_positions.settling import (
    Settlement,
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
    "written_by_others",
]
