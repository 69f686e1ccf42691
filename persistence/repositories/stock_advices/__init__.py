"""Inventory advices: staged page by page, judged, then applied to the positions in one transaction."""

from persistence.repositories.stock_advices.applying import Applied, apply, judge
from persistence.repositories.stock_advices.staging import (
    AdviceHead,
    Line,
    begin,
    discard,
    find,
    stage_page,
    unknown_skus,
)

__all__ = [
    "AdviceHead",
    "Applied",
    "Line",
    "apply",
    "begin",
    "discard",
    "find",
    "judge",
    "stage_page",
    "unknown_skus",
]
