"""The ledger of a purchase order's lines: what was ordered, and what became of it.

Of every line, at all times: confirmed + backordered + rejected + cancelled + open = ordered. All follow from what is kept:
the latest answer as it was understood when it came, less what was cancelled since, and the pieces shipped. What has shipped
counts as confirmed, whatever the partner said before: it takes from what was confirmed, then open, backordered, rejected.
What is cancelled takes of the rest from what was open, then backordered, then confirmed; never from what was rejected.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from pydantic import Field

from domain.message import Message
from domain.purchase_order.codes import Ask, Bucket, Dates, Price, effect_of
from domain.purchase_order.responses import Response, ResponseLine, wrong_with


class Part(Message):
    """Pieces of a line with one fate and one date. `owes_date`: the partner has yet to say when."""

    bucket: Bucket
    quantity: int
    code: str = ""
    ship_date: date | None = None
    delivery_date: date | None = None
    owes_date: bool = False

    @property
    def day(self) -> date | None:
        """When it is to leave; where only the day of delivery is known, that one."""
        return self.ship_date or self.delivery_date


class LineAnswer(Message):
    """What the newest response that names a line says of it, as understood when it came."""

    sequence: int
    response_id: str
    parts: tuple[Part, ...] = ()
    codes: tuple[str, ...] = ()
    unit_price: Decimal | None = None
    price_pending: bool = False
    substitute_sku: str = ""
    asks: tuple[Ask, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def rank(self) -> tuple[int, str]:
        return (self.sequence, self.response_id)

    def pieces(self, bucket: Bucket) -> int:
        return sum(part.quantity for part in self.parts if part.bucket is bucket)


class Taken(Message):
    """What one shipment took of a line, and by which version of its word."""

    quantity: int
    version: int = 0


class Line(Message):
    """A line of a purchase order. `ordered` only grows; what an edit takes off is cancelled."""

    line_id: str
    sku: str
    unit_price: Decimal
    ordered: int = Field(ge=0)
    cancelled: int = 0
    answer: LineAnswer | None = None
    shipments: dict[str, Taken] = Field(default_factory=dict)
    taken: int = 0
    """Rejected pieces the merchant knows of and has taken over: nobody is asked about them any more."""

    @property
    def wanted(self) -> int:
        """What is ordered and not cancelled."""
        return self.ordered - self.cancelled

    @property
    def shipped(self) -> int:
        """All that left, also what nobody ordered."""
        return sum(entry.quantity for entry in self.shipments.values())

    @property
    def gone(self) -> int:
        """What left of what is wanted."""
        return min(self.shipped, self.wanted)

    @property
    def rejected(self) -> int:
        return min(self._said(Bucket.REJECTED), self.wanted - self.gone)

    @property
    def confirmed(self) -> int:
        room = self.wanted - self.gone - self.rejected
        return self.gone + min(max(0, self._said(Bucket.CONFIRMED) - self.gone), room)

    @property
    def backordered(self) -> int:
        return min(self._said(Bucket.BACKORDERED), self.wanted - self.rejected - self.confirmed)

    @property
    def open(self) -> int:
        """What the partner has not answered for, or the merchant has still to say something about."""
        return self.wanted - self.rejected - self.confirmed - self.backordered

    @property
    def coming(self) -> int:
        """What has still to ship, whenever; this much can be cancelled."""
        return self.wanted - self.gone - self.rejected

    @property
    def untaken(self) -> int:
        """Rejected pieces the merchant has not taken over yet."""
        return max(0, self.rejected - self.taken)

    @property
    def settled(self) -> bool:
        """Whether nothing of it is waited for any more, by anybody."""
        return not self.coming and not self.untaken

    @property
    def excess(self) -> int:
        """Pieces that shipped and are not wanted: more than ordered, or cancelled before."""
        return max(0, self.shipped - self.wanted)

    @property
    def price(self) -> Decimal:
        """What a piece costs by the newest word."""
        said = self.answer.unit_price if self.answer else None
        return self.unit_price if said is None else said

    def schedule(self) -> tuple[Part, ...]:
        """What has still to ship, by its dates, the earliest first; what was never answered comes last, without a date.

        What shipped is taken from the earliest dates, what was cancelled from the latest.
        """
        parts = self.answer.parts if self.answer else ()
        confirmed = _cut(parts, Bucket.CONFIRMED, skip=self.gone, take=self.confirmed - self.gone)
        backordered = _cut(parts, Bucket.BACKORDERED, skip=0, take=self.backordered)
        rest = (Part(bucket=Bucket.OPEN, quantity=self.open),) if self.open else ()
        return (*confirmed, *backordered, *rest)

    def _said(self, bucket: Bucket) -> int:
        return self.answer.pieces(bucket) if self.answer else 0


def _cut(parts: Iterable[Part], bucket: Bucket, *, skip: int, take: int) -> tuple[Part, ...]:
    """`take` pieces of this bucket, the earliest dates first, after the first `skip`."""
    found: list[Part] = []
    for part in _by_date(parts, bucket):
        passed = min(skip, part.quantity)
        skip -= passed
        quantity = min(take, part.quantity - passed)
        take -= quantity
        if quantity:
            found.append(part.model_copy(update={"quantity": quantity}))
    return tuple(found)


def _by_date(parts: Iterable[Part], bucket: Bucket) -> list[Part]:
    """Those of a bucket, the earliest first: one without a date ships as asked for, one that owes its date comes last."""
    return sorted(
        (part for part in parts if part.bucket is bucket),
        key=lambda part: (part.owes_date, part.day or date.min),
    )


class Flag(Message):
    """Something a partner said or did that does not fit: kept and shown, never applied."""

    source: str
    """The response's id, or the shipment's number."""
    line_id: str = ""
    text: str


class Ledger(Message):
    """All lines of one purchase order, in its own order; and every response that was read, applied or not."""

    lines: dict[str, Line] = Field(default_factory=dict)
    responses: dict[str, Response] = Field(default_factory=dict)
    flags: tuple[Flag, ...] = ()

    @property
    def settled(self) -> bool:
        return all(line.settled for line in self.lines.values())

    def with_line(self, line: Line) -> "Ledger":
        return self.model_copy(update={"lines": self.lines | {line.line_id: line}})

    def flags_of(self, source: str) -> tuple[Flag, ...]:
        return tuple(flag for flag in self.flags if flag.source == source)


def apply_response(ledger: Ledger, response: Response) -> Ledger:
    """Take a response, once. For each line it names, the highest sequence holds, in whatever order they come.

    What names an unknown line, or more than was ordered, is flagged and changes nothing: an earlier word on that line stays.
    """
    if response.id in ledger.responses:
        return ledger
    lines = dict(ledger.lines)
    flags = [
        Flag(source=response.id, text=f"could not be read: {what}") for what in response.unreadable
    ]
    for line_id, said in response.by_line(tuple(lines)).items():
        line = lines.get(line_id)
        if line is None:
            text = f"line {line_id} is not in the order"
            flags.append(Flag(source=response.id, line_id=line_id, text=text))
        elif problem := wrong_with(said, line.ordered):
            flags.append(Flag(source=response.id, line_id=line_id, text=problem))
        elif line.answer is None or line.answer.rank < response.rank:
            answer = _understood(line, response, said)
            lines[line_id] = line.model_copy(update={"answer": answer})
    return ledger.model_copy(
        update={
            "lines": lines,
            "responses": ledger.responses | {response.id: response},
            "flags": (*ledger.flags, *flags),
        }
    )


def _understood(line: Line, response: Response, said: tuple[ResponseLine, ...]) -> LineAnswer:
    """A response's word on a line, in pieces: of what is wanted now, the entries take their share in turn."""
    left = line.wanted
    parts: list[Part] = []
    asks: list[Ask] = []
    rest: tuple[Bucket, ResponseLine] | None = None
    for entry in said:
        effect = effect_of(entry.ack_code)
        # "0 × rejected" is what some systems write for "all of it rejected: 0 will come".
        all_of_it = entry.quantity is None or (
            entry.quantity == 0 and effect.named is Bucket.REJECTED
        )
        quantity = left if all_of_it else min(entry.quantity or 0, left)
        left -= quantity
        if quantity:
            parts.append(_part(effect.named, quantity, entry, dated=effect.dates is Dates.NAMED))
        if effect.rest is not Bucket.OPEN:
            rest = (effect.rest, entry)
        if effect.ask is not None and effect.ask is not Ask.REJECTED:
            asks.append(effect.ask)
    if rest is not None and left:
        bucket, entry = rest
        dated = effect_of(entry.ack_code).dates is Dates.REST
        parts.append(_part(bucket, left, entry, dated=dated))
    prices = [entry.unit_price for entry in said if entry.unit_price is not None]
    pending = any(effect_of(entry.ack_code).price is Price.PENDING for entry in said)
    return LineAnswer(
        sequence=response.sequence,
        response_id=response.id,
        parts=tuple(parts),
        codes=tuple(entry.ack_code for entry in said),
        unit_price=prices[-1] if prices else None,
        price_pending=pending and not prices,
        substitute_sku=next((entry.substitute_sku for entry in said if entry.substitute_sku), ""),
        asks=tuple(dict.fromkeys(asks)),
        notes=tuple(entry.note for entry in said if entry.note),
    )


def _part(bucket: Bucket, quantity: int, entry: ResponseLine, *, dated: bool) -> Part:
    ship = entry.ship_date if dated else None
    delivery = entry.delivery_date if dated else None
    promised = bucket in {Bucket.CONFIRMED, Bucket.BACKORDERED}
    undated = ship is None and delivery is None
    # What is accepted without a date ships as it was asked for; what is backordered, or pending, waits for a date.
    pending = effect_of(entry.ack_code).dates is Dates.PENDING
    return Part(
        bucket=bucket,
        quantity=quantity,
        code=entry.ack_code,
        ship_date=ship,
        delivery_date=delivery,
        owes_date=promised and undated and (pending or bucket is Bucket.BACKORDERED),
    )


def accept_open(line: Line) -> Line:
    """The merchant takes what the answer offers (a substitute, an unknown code): its open pieces become confirmed ones."""
    if line.answer is None:
        return line
    parts = tuple(
        part.model_copy(update={"bucket": Bucket.CONFIRMED}) if part.bucket is Bucket.OPEN else part
        for part in line.answer.parts
    )
    return line.model_copy(update={"answer": line.answer.model_copy(update={"parts": parts})})


def apply_change(
    ledger: Ledger,
    line_id: str,
    wanted: int,
    *,
    sku: str = "",
    unit_price: Decimal | None = None,
) -> Ledger:
    """An acknowledged change: `wanted` pieces of this line are ordered now, less what was cancelled; a line that was not
    there is new. What the partner had confirmed whole stays so: by acknowledging, it accepts what was added.

    `unit_price` is the price that holds from now on, whatever the partner asked before.

    Raises:
        ValueError: a new line without a SKU and a price.
    """
    line = ledger.lines.get(line_id)
    if line is None:
        if not sku or unit_price is None:
            raise ValueError(f"Line {line_id} is new: it needs a SKU and a price.")
        return ledger.with_line(
            Line(line_id=line_id, sku=sku, unit_price=unit_price, ordered=wanted)
        )
    if unit_price is not None:
        line = line.model_copy(update={"unit_price": unit_price, "answer": _repriced(line.answer)})
    added = wanted - line.wanted
    if added < 0:
        return apply_cancellation(ledger.with_line(line), {line_id: -added})
    answer = line.answer
    if added and answer is not None and line.confirmed == line.wanted:
        answer = _extended(answer, added)
    return ledger.with_line(
        line.model_copy(update={"ordered": line.ordered + added, "answer": answer})
    )


def _repriced(answer: LineAnswer | None) -> LineAnswer | None:
    if answer is None:
        return None
    return answer.model_copy(update={"unit_price": None, "price_pending": False})


def _extended(answer: LineAnswer, added: int) -> LineAnswer:
    """The answer with more pieces confirmed, on the date of the first that are; none are where none were."""
    parts = list(answer.parts)
    for place, part in enumerate(parts):
        if part.bucket is Bucket.CONFIRMED:
            parts[place] = part.model_copy(update={"quantity": part.quantity + added})
            break
    return answer.model_copy(update={"parts": tuple(parts)})


def apply_cancellation(ledger: Ledger, pieces: Mapping[str, int | None]) -> Ledger:
    """An acknowledged cancellation, by line; None is all that has still to come. What has shipped, or was rejected, is not
    there to be cancelled any more."""
    for line_id, asked in pieces.items():
        line = ledger.lines.get(line_id)
        if line is not None:
            count = line.coming if asked is None else min(max(asked, 0), line.coming)
            ledger = ledger.with_line(_cancelled(line, count))
    return ledger


def _cancelled(line: Line, count: int) -> Line:
    """The line without `count` of the pieces that have still to come, the least certain first."""
    answer = line.answer
    if answer is not None:
        left = max(0, count - line.open)
        backordered = min(left, line.backordered)
        parts = _trimmed(answer.parts, Bucket.BACKORDERED, backordered)
        parts = _trimmed(parts, Bucket.CONFIRMED, left - backordered)
        answer = answer.model_copy(update={"parts": parts})
    return line.model_copy(update={"cancelled": line.cancelled + count, "answer": answer})


def _trimmed(parts: tuple[Part, ...], bucket: Bucket, count: int) -> tuple[Part, ...]:
    """These parts without `count` pieces of the bucket, the latest dates first."""
    kept = {id(part): part.quantity for part in parts}
    for part in reversed(_by_date(parts, bucket)):
        taken = min(count, part.quantity)
        kept[id(part)] -= taken
        count -= taken
    return tuple(
        part.model_copy(update={"quantity": kept[id(part)]}) for part in parts if kept[id(part)]
    )


def apply_shipment(
    ledger: Ledger, shipment: str, quantities: Mapping[str, int], *, version: int = 0
) -> Ledger:
    """What a shipment took along, complete for that shipment: a repeat changes nothing, a newer version corrects it.

    Lines it does not name it took nothing of. An unknown line, or more than is wanted, is flagged; what did leave counts.
    """
    flags = [flag for flag in ledger.flags if flag.source != shipment]
    lines = dict(ledger.lines)
    known = max(
        (line.shipments[shipment].version for line in lines.values() if shipment in line.shipments),
        default=-1,
    )
    if version < known:
        return ledger
    for line_id, line in lines.items():
        quantity = max(0, quantities.get(line_id, 0))
        if quantity or shipment in line.shipments:
            taken = Taken(quantity=quantity, version=version)
            lines[line_id] = line.model_copy(
                update={"shipments": line.shipments | {shipment: taken}}
            )
    for line_id in quantities:
        if line_id not in lines:
            text = f"line {line_id} is not in the order"
            flags.append(Flag(source=shipment, line_id=line_id, text=text))
        elif excess := lines[line_id].excess:
            text = f"{excess} more shipped than is ordered"
            flags.append(Flag(source=shipment, line_id=line_id, text=text))
    return ledger.model_copy(update={"lines": lines, "flags": tuple(flags)})
