"""What every step of a feed works with, and when a step may begin."""

from collections.abc import Iterator
from contextlib import contextmanager

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.inventory_feed.state import InventoryFeedInput, InventoryFeedState, is_long
    from workflows.case_tools import CaseTools

FeedContext = CaseTools[InventoryFeedInput, InventoryFeedState]


def is_tired(ctx: FeedContext) -> bool:
    """Whether this run's history is long enough: nothing new begins in it, and it ends as soon as nothing is under way.

    Not while a call waits for the operator's `retry` or for the end of a pause: that may be weeks, and the rest goes on.
    """
    info = workflow.info()
    long = info.is_continue_as_new_suggested() or is_long(info.get_current_history_length())
    return long and not (ctx.case.troubles or ctx.case.paused)


def may_begin(ctx: FeedContext) -> bool:
    """Whether a new step may begin in this run."""
    return not ctx.is_over() and not is_tired(ctx)


@contextmanager
def at_work(ctx: FeedContext) -> Iterator[None]:
    """A small step: the run does not end under it.

    No call of the workflow's in `finally`, here or elsewhere: a run that leaves a worker's memory has its coroutines closed.
    """
    ctx.state.at_work += 1
    try:
        yield
    finally:
        ctx.state.at_work -= 1
