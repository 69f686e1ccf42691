"""Writing a stored batch of quantities, all of it or nothing, and closing a push."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from urllib.parse import quote

from clients.shopify.errors import ShopifyUserErrors, UserError
from clients.shopify.generated.input_types import (
    InventoryQuantityInput,
    InventorySetQuantitiesInput,
)
from domain.inventory_feed.looking import BELIEVED_FOR, Settled
from domain.inventory_feed.messages import BatchWritten, FinishPush, PushFinished, WriteBatch
from domain.inventory_feed.problems import Problem
from intake.connections import Connections
from persistence.repositories import inventory_positions, stock_pushes
from persistence.repositories.inventory_positions import Settlement
from persistence.repositories.stock_terms import FeedKey
from persistence.session import Database
from persistence.tables import StockPushBatch, StockPushEntry

_REASON = "correction"
_STALE = frozenset({"CHANGE_FROM_QUANTITY_STALE", "COMPARE_QUANTITY_STALE"})
# The key is of no use any more: an earlier call under it failed half-way, or sent something else.
_SPENT = frozenset({"IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED", "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"})
_PROBLEMS = {
    "INVALID_INVENTORY_ITEM": Problem.ITEM_REFUSED,
    "NON_MUTABLE_INVENTORY_ITEM": Problem.ITEM_REFUSED,
    "INVALID_LOCATION": Problem.LOCATION_REFUSED,
    "INVALID_QUANTITY_NEGATIVE": Problem.QUANTITY_REFUSED,
    "INVALID_QUANTITY_TOO_HIGH": Problem.QUANTITY_REFUSED,
    "INVALID_QUANTITY_TOO_LOW": Problem.QUANTITY_REFUSED,
    "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR": Problem.LOCATION_SHARED,
}


class Writer:
    def __init__(self, connections: Connections, database: Database) -> None:
        self._connections = connections
        self._database = database

    async def write(self, request: WriteBatch) -> BatchWritten:
        """Send the batch; a repeat sends the same under the same key, and Shopify answers as it did."""
        feed = FeedKey(request.shop, request.partner)
        async with self._database.begin() as session:
            batch = await stock_pushes.begin_batch(
                session, feed, request.push, request.round, request.batch, request.idempotency_key
            )
            if batch.result is not None:
                return BatchWritten.model_validate(batch.result)
            entries = await stock_pushes.entries_of(
                session, feed, request.push, request.round, request.batch
            )
        if not entries:
            return BatchWritten()
        admin = await self._connections.shopify(request.shop)
        try:
            await admin.inventory_set_quantities(
                input=_input(entries), idempotency_key=request.idempotency_key
            )
        except ShopifyUserErrors as error:
            if error.codes & _SPENT:
                return BatchWritten(new_key=True)
            faults = _faults(error.errors, len(entries))
            if faults is None:
                # Of the call as a whole: a mistake of ours, for people to see.
                raise
            return await self._refused(feed, batch, entries, faults)
        return await self._written(feed, batch, entries)

    async def _written(
        self, feed: FeedKey, batch: StockPushBatch, entries: Sequence[StockPushEntry]
    ) -> BatchWritten:
        now = datetime.now(UTC)
        result = BatchWritten(written=len(entries))
        async with self._database.begin() as session:
            done = [_settlement(entry) for entry in entries]
            await inventory_positions.settle(session, feed, done, now)
            states: dict[int, tuple[str, str | None]] = {
                entry.place: ("written", None) for entry in entries
            }
            await stock_pushes.note_result(session, batch, states, result.model_dump(mode="json"))
        return result

    async def _refused(
        self,
        feed: FeedKey,
        batch: StockPushBatch,
        entries: Sequence[StockPushEntry],
        faults: dict[int, Problem | None],
    ) -> BatchWritten:
        """Nothing was written. Entries that can't be have their problem; the others go again, their levels read anew."""
        refused = {place: problem for place, problem in faults.items() if problem is not None}
        result = BatchWritten(left=len(entries) - len(refused), refused=len(refused))
        states: dict[int, tuple[str, str | None]] = {}
        hindered: dict[tuple[str, str], tuple[Problem, str]] = {}
        for entry in entries:
            problem = refused.get(entry.place)
            states[entry.place] = ("refused", problem.value) if problem else ("left", None)
            if problem is not None:
                hindered[entry.location_code, entry.sku] = (problem, entry.item_gid)
        async with self._database.begin() as session:
            await inventory_positions.hinder(session, feed, hindered, datetime.now(UTC))
            await stock_pushes.note_result(session, batch, states, result.model_dump(mode="json"))
        return result

    async def finish(self, request: FinishPush) -> PushFinished:
        """What is left keeps changing, and is tried by the next push; how it ended is kept for a repeat."""
        feed = FeedKey(request.shop, request.partner)
        async with self._database.begin() as session:
            known = await stock_pushes.finished(session, feed, request.push)
            if known is not None:
                return PushFinished.model_validate(known)
            left = await stock_pushes.still_left(session, feed, request.push)
            states = await stock_pushes.count_states(session, feed, request.push)
            hindered = {
                (entry.location_code, entry.sku): (Problem.KEEPS_CHANGING, entry.item_gid)
                for entry in left
            }
            await inventory_positions.hinder(session, feed, hindered, datetime.now(UTC))
            first = await inventory_positions.first_unconfirmed(session, feed)
            result = PushFinished(
                written=states["written"],
                refused=states["refused"],
                keeps_changing=len(left),
                look_again_in=BELIEVED_FOR.total_seconds() if first is not None else None,
            )
            await stock_pushes.finish(session, feed, request.push, result.model_dump(mode="json"))
        return result


def _input(entries: Sequence[StockPushEntry]) -> InventorySetQuantitiesInput:
    newest = max(entries, key=lambda entry: (entry.as_of, entry.advice_id)).advice_id
    return InventorySetQuantitiesInput(
        name="available",
        reason=_REASON,
        # What stands in the item's history in Shopify.
        reference_document_uri=f"gid://gridcase/InventoryAdvice/{quote(newest, safe='')}",
        quantities=[
            InventoryQuantityInput(
                inventory_item_id=entry.item_gid,
                location_id=entry.location_gid,
                quantity=entry.quantity,
                change_from_quantity=entry.change_from,
            )
            for entry in entries
        ],
    )


def _faults(errors: Sequence[UserError], entries: int) -> dict[int, Problem | None] | None:
    """What is wrong with the entry at each place, None where its level moved; None as a whole where an error names no entry.

    A code that is not known here is a refusal of the item: it would be no other the next time.
    """
    faults: dict[int, Problem | None] = {}
    for error in errors:
        place = _place(error.field)
        if place is None or place >= entries:
            return None
        code = error.code or ""
        if code in _STALE:
            faults.setdefault(place, None)
        else:
            faults[place] = _PROBLEMS.get(code, Problem.ITEM_REFUSED)
    return faults


def _place(field: Sequence[str]) -> int | None:
    """The index in `input.quantities.{index}...`, with or without its first part."""
    for before, part in pairwise(field):
        if before == "quantities":
            return int(part) if part.isascii() and part.isdigit() else None
    return None


def _settlement(entry: StockPushEntry) -> Settlement:
    return Settlement(
        location_code=entry.location_code,
        sku=entry.sku,
        item_gid=entry.item_gid,
        location_gid=entry.location_gid,
        settled=Settled(
            base=entry.base,
            as_of=entry.as_of,
            anchor=entry.quantity + entry.believed,
            ordered_then=entry.ordered,
            believed=entry.believed,
            believed_since=entry.believed_since,
        ),
        first=entry.first,
        written=entry.quantity,
    )
