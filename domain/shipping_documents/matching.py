"""Which lines of the purchase order a notice ships, and what of it fits none. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from domain.message import Message
from domain.purchase_order.names import PositionLine
from domain.shipping_documents.papers import Discrepancy, Notice, NoticeItem, Written

UNKNOWN_LINE = "unknown_line"
MORE_THAN_OPEN = "more_than_open"
OTHER_SKU = "other_sku"
TAKEN_BACK = "taken_back"
OTHER_PARCEL = "other_parcel"


class MatchedParcel(Message):
    """A parcel's pieces, by line id."""

    number: str
    company: str = ""
    sscc: tuple[str, ...] = ()
    quantities: dict[str, int]


class Match(Message):
    """What a notice ships of the purchase order, and what does not fit."""

    parcels: tuple[MatchedParcel, ...] = ()
    discrepancies: tuple[Discrepancy, ...] = ()

    @property
    def quantities(self) -> dict[str, int]:
        return added(parcel.quantities for parcel in self.parcels)


class Plan(Message):
    """What is to be done in Shopify so that it shows a notice as it is now.

    `renumber`: settled parcel's number -> the parcel it became. `ship`: parcels with the pieces that are still to ship.
    """

    renumber: dict[str, MatchedParcel]
    ship: tuple[MatchedParcel, ...]
    discrepancies: tuple[Discrepancy, ...] = ()


def added(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Quantities by line, added up."""
    total: dict[str, int] = {}
    for part in parts:
        for line_id, quantity in part.items():
            total[line_id] = total.get(line_id, 0) + quantity
    return total


def wanted(line: PositionLine) -> int:
    """How many pieces of a line are to ship in all."""
    return max(0, line.ordered - line.rejected - line.cancelled)


def match_notices(
    notices: Sequence[Notice],
    lines: Sequence[PositionLine],
    *,
    written: Mapping[str, Sequence[Written]],
) -> dict[str, Match]:
    """Match the notices of a purchase order, by shipment number, in the order they came.

    `written`: what is settled already, by shipment number; it is kept room for first, so that an earlier notice that grows
    never takes what a later one has shipped. What shipped without a notice is Shopify's to tell, when it is written.
    """
    room = {line.line_id: wanted(line) for line in lines}
    for parcels in written.values():
        for line_id, quantity in added(parcel.quantities for parcel in parcels).items():
            room[line_id] = room.get(line_id, 0) - quantity
    found: dict[str, Match] = {}
    for notice in notices:
        own = added(parcel.quantities for parcel in written.get(notice.shipment_number, ()))
        reach = {line_id: max(0, left) + own.get(line_id, 0) for line_id, left in room.items()}
        match = match_notice(notice, lines, reach)
        for line_id, quantity in match.quantities.items():
            room[line_id] -= max(0, quantity - own.get(line_id, 0))
        found[notice.shipment_number] = match
    return found


def match_notice(notice: Notice, lines: Sequence[PositionLine], room: Mapping[str, int]) -> Match:
    """Match one notice's items: by line id, else by SKU, lines of one SKU filled in their order. `room` is by line id.

    Items that name a line come first, so that what names only a SKU takes what they leave. What no line has room for is a
    discrepancy and ships nothing.
    """
    left = dict(room)
    by_id = {line.line_id: line for line in lines}
    by_sku: dict[str, list[PositionLine]] = {}
    for line in lines:
        by_sku.setdefault(_sku(line.sku), []).append(line)
    parcels = notice.parcels()
    taken: list[dict[str, int]] = [{} for _ in parcels]
    over: dict[str, int] = {}
    unknown: dict[str, int] = {}
    other: dict[str, str] = {}

    def take(place: int, line: PositionLine, quantity: int) -> int:
        """Take what the line has room for; what is left over."""
        got = min(quantity, max(0, left.get(line.line_id, 0)))
        if got:
            left[line.line_id] -= got
            taken[place][line.line_id] = taken[place].get(line.line_id, 0) + got
        return quantity - got

    entries = [(place, item) for place, parcel in enumerate(parcels) for item in parcel.items]
    for place, item in entries:
        named = by_id.get(item.line_id)
        if named is None or item.quantity <= 0:
            continue
        if item.sku and _sku(item.sku) != _sku(named.sku):
            other[named.line_id] = item.sku
        if rest := take(place, named, item.quantity):
            over[named.line_id] = over.get(named.line_id, 0) + rest
    for place, item in entries:
        if item.line_id in by_id or item.quantity <= 0:
            continue
        same = by_sku.get(_sku(item.sku), []) if item.sku else []
        rest = item.quantity
        for line in same:
            rest = take(place, line, rest)
        if rest and same:
            over[same[-1].line_id] = over.get(same[-1].line_id, 0) + rest
        elif rest:
            unknown[_named(item)] = unknown.get(_named(item), 0) + rest

    number = notice.shipment_number
    discrepancies = [
        Discrepancy(
            about=number, kind=UNKNOWN_LINE, text=f"{count} × {what}, which was not ordered"
        )
        for what, count in unknown.items()
    ]
    discrepancies += [
        Discrepancy(
            about=number,
            kind=MORE_THAN_OPEN,
            text=f"{count} × {_name(by_id[line_id])} more than is open",
        )
        for line_id, count in over.items()
    ]
    discrepancies += [
        Discrepancy(
            about=number,
            kind=OTHER_SKU,
            text=f"line {line_id} ({by_id[line_id].sku}) is named with the SKU {sku}",
        )
        for line_id, sku in other.items()
    ]
    return Match(
        parcels=tuple(
            MatchedParcel(
                number=parcel.number,
                company=parcel.company,
                sscc=parcel.sscc,
                quantities=quantities,
            )
            for parcel, quantities in zip(parcels, taken, strict=True)
        ),
        discrepancies=tuple(discrepancies),
    )


def plan(
    shipment_number: str, match: Match, written: Sequence[Written], lines: Sequence[PositionLine]
) -> Plan:
    """What is still to be done for a notice of which `written` is settled.

    A settled parcel whose number the notice no longer names is the same parcel under a corrected number where the packages'
    codes or the pieces say so. Pieces that moved to another parcel are not shipped a second time, and nothing is taken
    back: both are said.
    """
    named = {parcel.number for parcel in match.parcels}
    known = {parcel.number for parcel in written}
    gone = [parcel for parcel in written if parcel.number not in named]
    new = [parcel for parcel in match.parcels if parcel.number not in known and parcel.quantities]
    renumber: dict[str, MatchedParcel] = {}
    for lost in gone:
        same = _same_parcel(lost, gone, new)
        if same is not None:
            renumber[lost.number] = same
            new.remove(same)
    stand = {
        renumber[entry.number].number if entry.number in renumber else entry.number: entry
        for entry in written
    }
    for parcel in match.parcels:  # the carrier was corrected, the number was not
        before = stand.get(parcel.number)
        if before is not None and parcel.company and parcel.company != before.company:
            renumber.setdefault(before.number, parcel)

    settled = added(entry.quantities for entry in written)
    budget = {
        line_id: quantity - settled.get(line_id, 0)
        for line_id, quantity in match.quantities.items()
    }
    ship: list[MatchedParcel] = []
    discrepancies: list[Discrepancy] = []
    for parcel in match.parcels:
        there = stand[parcel.number].quantities if parcel.number in stand else {}
        more: dict[str, int] = {}
        for line_id, quantity in parcel.quantities.items():
            count = min(quantity - there.get(line_id, 0), budget.get(line_id, 0))
            if count > 0:
                more[line_id] = count
                budget[line_id] -= count
        if more:
            ship.append(parcel.model_copy(update={"quantities": more}))
        elif parcel.quantities and parcel.number not in stand:
            text = f"parcel {parcel.number} holds pieces that were shipped under another number"
            discrepancies.append(Discrepancy(about=shipment_number, kind=OTHER_PARCEL, text=text))
    names = {line.line_id: _name(line) for line in lines}
    matched = match.quantities
    discrepancies += [
        Discrepancy(
            about=shipment_number,
            kind=TAKEN_BACK,
            text=f"{quantity} × {names.get(line_id, line_id)} shipped, but the notice now says "
            f"{matched.get(line_id, 0)}",
        )
        for line_id, quantity in settled.items()
        if quantity > matched.get(line_id, 0)
    ]
    return Plan(renumber=renumber, ship=tuple(ship), discrepancies=tuple(discrepancies))


def _same_parcel(
    parcel: Written, gone: Sequence[Written], new: Sequence[MatchedParcel]
) -> MatchedParcel | None:
    """The parcel that a settled one has become: the same packages, the same pieces, or the only one that changed."""
    for other in new:
        if set(parcel.sscc) & set(other.sscc):
            return other
    for other in new:
        if parcel.quantities == other.quantities and not (parcel.sscc and other.sscc):
            return other
    if len(gone) == len(new) == 1 and all(
        new[0].quantities.get(line_id, 0) >= quantity
        for line_id, quantity in parcel.quantities.items()
    ):
        return new[0]
    return None


def _sku(sku: str) -> str:
    return sku.strip().casefold()


def _named(item: NoticeItem) -> str:
    return item.sku or f"line {item.line_id}"


def _name(line: PositionLine) -> str:
    return line.sku or f"line {line.line_id}"
