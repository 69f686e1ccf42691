"""Planning a round of a push: what differs in Shopify, level by level, with the orders that the partner can't know of.

Levels are read first, then the orders: an order that comes in between changes the level that was read, and the write, which
names that level, is refused and looked at again. The other way round it would be sold twice.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from temporalio import activity

from activities.inventory_feed.patience import patiently
from clients.shopify.admin import AdminApi
from clients.shopify.stock import ITEMS_A_CALL, LevelSeen, levels_at, ordered_since
from domain.inventory_feed.looking import BELIEVED_FOR, Look, Settled, Todo, Verdict, judge
from domain.inventory_feed.messages import PlanPush, PushPlanned
from domain.inventory_feed.names import inventory_feed_key
from domain.inventory_feed.problems import Problem
from domain.inventory_feed.quantities import day_in
from intake.connections import Connections
from persistence.repositories import (
    cases,
    inventory_positions,
    location_mappings,
    stock_pushes,
)
from persistence.repositories.inventory_positions import Candidate, Settlement
from persistence.repositories.stock_pushes import Entry
from persistence.repositories.stock_terms import FeedKey, Rule
from persistence.session import Database

ENTRIES_A_BATCH = 250
_SHORTLY = timedelta(minutes=2)
"""How long the search for orders may lag, and our clock be off Shopify's."""
_SECOND = timedelta(seconds=1)

Place = tuple[str, str]
"""Location and inventory item, by GID."""


class Ordered:
    """What orders took from places, by the second the orders were made in."""

    def __init__(self) -> None:
        self._pieces: dict[Place, list[tuple[datetime, int]]] = {}

    def take(self, place: Place, at: datetime, quantity: int) -> None:
        self._pieces.setdefault(place, []).append((at, quantity))

    def since(self, place: Place, moment: datetime) -> int:
        start = moment.replace(microsecond=0)
        return sum(pieces for at, pieces in self._pieces.get(place, ()) if at >= start)

    def within(self, place: Place, start: datetime, end: datetime) -> bool:
        """Whether anything was ordered in this time."""
        return any(start <= at <= end for at, _ in self._pieces.get(place, ()))


class Planner:
    def __init__(self, connections: Connections, database: Database) -> None:
        self._connections = connections
        self._database = database

    async def plan(self, request: PlanPush) -> PushPlanned:
        """Store the round's batches; what is right already is settled, and what can't be written has its problem."""
        feed = FeedKey(request.shop, request.partner)
        rule = Rule(request.terms, day_in(request.time_zone, request.at))
        if (planned := await self._begin(feed, request)) is not None:
            return planned
        admin = await self._connections.shopify(request.shop)
        chosen = await self._choose(admin, feed, rule, request)
        hindered = {one.key: (one.item_problem, one.item_gid) for one in chosen if one.item_problem}
        found = [one for one in chosen if not one.item_problem]
        shared = await self._shared(feed, found)
        hindered |= {one.key: (Problem.LOCATION_SHARED, one.item_gid) for one in shared}
        found = [one for one in found if one.key not in hindered]
        levels = await _levels(admin, found)
        ordered = await _orders(admin, found, _since(found))
        return await self._store(feed, request, found, levels, ordered, hindered)

    async def _begin(self, feed: FeedKey, request: PlanPush) -> PushPlanned | None:
        """The stored plan where a batch of it was begun; else the location codes are brought up to date."""
        async with self._database.begin() as session:
            plan = await stock_pushes.begin(session, feed, request.push, request.round, _owner())
            if plan is not None:
                return PushPlanned.model_validate(plan)
            locations: dict[str, str] = {}
            for code in await inventory_positions.location_codes(session, feed):
                mapping = await location_mappings.resolve(
                    session, request.tenant, request.partner, code
                )
                if mapping is not None and mapping.shop_id == request.shop:
                    locations[code] = mapping.location_gid
            await inventory_positions.place_locations(session, feed, locations, request.at)
        return None

    async def _choose(
        self, admin: AdminApi, feed: FeedKey, rule: Rule, request: PlanPush
    ) -> list[Candidate]:
        """What may have to change; of what was only said again, that of which was ordered between the two words."""
        async with self._database.read() as session:
            if request.round > 0:
                left = await stock_pushes.left(session, feed, request.push, request.round)
                return await inventory_positions.named(session, feed, rule, left)
            chosen = await inventory_positions.candidates(
                session,
                feed,
                rule,
                request.at,
                overwrite=request.overwrite,
                overwrite_all=request.overwrite_all,
            )
            again = await inventory_positions.repeated(session, feed, rule, request.at)
            new = await inventory_positions.unconfirmed(session, feed, rule, request.at)
        chosen += await self._missed(admin, feed, new)
        again = [one for one in again if one.key not in {other.key for other in chosen}]
        if not again:
            return chosen
        ordered = await _orders(admin, again, _since(again))
        same: list[Candidate] = []
        moved: list[Candidate] = []
        for one in again:
            settled, place = one.settled, (one.location_gid, one.item_gid)
            before = ordered.since(place, settled.as_of) if settled else 0
            kept = settled is not None and before == ordered.since(place, one.as_of)
            (same if kept else moved).append(one)
        async with self._database.begin() as session:
            await inventory_positions.repeat_settled(session, feed, same)
        return [*chosen, *moved]

    async def _missed(
        self, admin: AdminApi, feed: FeedKey, new: Sequence[Candidate]
    ) -> list[Candidate]:
        """Of positions that were made true for the first time, those of which something was ordered shortly before.

        Of a level that we did not leave there nobody knows what is missing, so the search was trusted. By now it shows what
        it may not have shown then; where that is nothing, the position is confirmed.
        """
        moments = [one.settled_at for one in new if one.settled_at is not None]
        if not moments:
            return []
        since = [*moments, *(one.settled.as_of for one in new if one.settled is not None)]
        ordered = await _orders(admin, new, min(since) - _SHORTLY)
        missed: list[Candidate] = []
        fine: list[Candidate] = []
        for one in new:
            place, at, settled = (one.location_gid, one.item_gid), one.settled_at, one.settled
            if at is None or settled is None:
                continue
            if not ordered.within(place, at - _SHORTLY, at + _SHORTLY):
                fine.append(one)
                continue
            before = ordered.since(place, settled.as_of) - ordered.since(place, at + _SECOND)
            # What differs is our own mistake, and no change by hand: as if the partner had said something new.
            corrected = replace(settled, base=-1, ordered_then=before)
            missed.append(replace(one, settled=corrected))
        async with self._database.begin() as session:
            await inventory_positions.confirm(session, feed, fine)
        return missed

    async def _shared(self, feed: FeedKey, found: Sequence[Candidate]) -> list[Candidate]:
        """Those whose item at the location is another code's, or another partner's, to write: who came first keeps it."""
        async with self._database.read() as session:
            others = await inventory_positions.written_by_others(session, feed, found)
            open_: dict[str, bool] = {feed.partner_id: True}
            for owners in others.values():
                for partner, _ in owners:
                    if partner not in open_:
                        key = inventory_feed_key(feed.shop_id, partner)
                        open_[partner] = await cases.find_open(session, key) is not None
        shared: list[Candidate] = []
        claimed: dict[tuple[str, str], str] = {}
        for one in found:
            place, own = (one.item_gid, one.location_gid), (feed.partner_id, one.location_code)
            owners = {
                owner for owner in others.get(place, set()) if owner != own and open_[owner[0]]
            }
            if one.settled is not None:
                owners = {owner for owner in owners if owner < own}
            if owners or claimed.setdefault(place, one.location_code) != one.location_code:
                shared.append(one)
        return shared

    async def _store(
        self,
        feed: FeedKey,
        request: PlanPush,
        found: Sequence[Candidate],
        levels: dict[Place, LevelSeen],
        ordered: Ordered,
        hindered: dict[tuple[str, str], tuple[Problem, str]],
    ) -> PushPlanned:
        entries: list[Entry] = []
        settled: list[Settlement] = []
        believed: list[datetime] = []
        for one in found:
            seen = levels.get((one.location_gid, one.item_gid))
            if (problem := _problem(one, seen)) is not None or seen is None:
                hindered[one.key] = (problem or Problem.SKU_UNKNOWN, one.item_gid)
                continue
            look = _look(one, seen, ordered, request.at)
            overwrite = (
                request.terms.overwrite_edits
                or request.overwrite_all
                or one.sku in request.overwrite
            )
            verdict = judge(look, overwrite=overwrite)
            if verdict.believed_since is not None:
                believed.append(verdict.believed_since)
            if verdict.todo is Todo.WRITE:
                entries.append(_entry(one, look, verdict, len(entries)))
            else:
                settled.append(_settlement(one, look, verdict))
        plan = PushPlanned(
            considered=len(found),
            entries=len(entries),
            batches=-(-len(entries) // ENTRIES_A_BATCH),
            edited=sum(entry.edited for entry in entries),
            believed=len(believed),
            look_again_in=_look_again_in(believed, request.at),
        )
        async with self._database.begin() as session:
            await inventory_positions.settle(session, feed, settled, request.at)
            await inventory_positions.hinder(session, feed, hindered, request.at)
            await stock_pushes.store(
                session,
                feed,
                request.push,
                request.round,
                entries,
                plan.model_dump(mode="json"),
                _owner(),
            )
        return plan


async def _levels(admin: AdminApi, found: Sequence[Candidate]) -> dict[Place, LevelSeen]:
    by_location: dict[str, list[str]] = {}
    for one in found:
        by_location.setdefault(one.location_gid, []).append(one.item_gid)
    levels: dict[Place, LevelSeen] = {}
    for location, items in by_location.items():
        for start in range(0, len(items), ITEMS_A_CALL):
            some = items[start : start + ITEMS_A_CALL]
            seen = await patiently(admin, partial(levels_at, admin, location, some))
            levels |= {(location, item): level for item, level in seen.items()}
    return levels


async def _orders(admin: AdminApi, found: Sequence[Candidate], since: datetime | None) -> Ordered:
    """What was ordered of these positions since then."""
    ordered = Ordered()
    if since is None:
        return ordered
    places = {(one.location_gid, one.item_gid) for one in found}
    after: str | None = None
    while True:
        page = await patiently(admin, partial(ordered_since, admin, since, after))
        for pieces in page.pieces:
            place = (pieces.location_gid, pieces.item_gid)
            if place in places:
                ordered.take(place, pieces.created_at, pieces.quantity)
        after = page.after
        if after is None:
            return ordered


def _since(found: Sequence[Candidate]) -> datetime | None:
    """From when on orders matter."""
    moments = [one.as_of for one in found]
    moments += [one.settled.as_of for one in found if one.settled is not None]
    return min(moments, default=None)


def _problem(one: Candidate, seen: LevelSeen | None) -> Problem | None:
    """Why the level can't be written. The item may be another one than when all items were read."""
    if seen is None or seen.sku.strip() != one.sku:
        return Problem.SKU_UNKNOWN
    if not seen.tracked:
        return Problem.NOT_TRACKED
    if not seen.active or seen.available is None:
        return Problem.NOT_STOCKED
    return None


def _look(one: Candidate, seen: LevelSeen, ordered: Ordered, at: datetime) -> Look:
    assert seen.available is not None
    place = (one.location_gid, one.item_gid)
    return Look(
        at=at,
        base=one.base,
        as_of=one.as_of,
        level=seen.available,
        ordered=ordered.since(place, one.as_of),
        settled=one.settled,
        ordered_since_settled=ordered.since(place, one.settled.as_of) if one.settled else 0,
    )


def _entry(one: Candidate, look: Look, verdict: Verdict, number: int) -> Entry:
    batch, place = divmod(number, ENTRIES_A_BATCH)
    return Entry(
        location_code=one.location_code,
        sku=one.sku,
        batch=batch,
        place=place,
        item_gid=one.item_gid,
        location_gid=one.location_gid,
        change_from=look.level,
        quantity=verdict.quantity,
        base=one.base,
        as_of=one.as_of,
        ordered=look.ordered,
        believed=verdict.believed,
        believed_since=verdict.believed_since,
        edited=verdict.edited,
        first=one.settled is None,
        advice_id=one.advice_id,
    )


def _settlement(one: Candidate, look: Look, verdict: Verdict) -> Settlement:
    """The level stays: it is right, or it was changed by hand and is reported."""
    return Settlement(
        location_code=one.location_code,
        sku=one.sku,
        item_gid=one.item_gid,
        location_gid=one.location_gid,
        settled=Settled(
            base=one.base,
            as_of=one.as_of,
            anchor=look.level + verdict.believed,
            ordered_then=look.ordered,
            believed=verdict.believed,
            believed_since=verdict.believed_since,
        ),
        first=one.settled is None,
        problem=Problem.EDITED_BY_HAND if verdict.todo is Todo.REPORT else None,
    )


def _look_again_in(believed: Sequence[datetime], at: datetime) -> float | None:
    if not believed:
        return None
    left = min(believed) + BELIEVED_FOR - at
    return max(left, timedelta(seconds=1)).total_seconds()


def _owner() -> str:
    """The run that counts the pushes: one that was reset, or begun after it, counts the same numbers again."""
    info = activity.info()
    return f"{info.workflow_id}/{info.workflow_run_id}"
