"""What our part of the evidence's text says, in parts, and what a partner is asked. For banks and partners."""

from collections.abc import Iterable, Mapping, Sequence

from domain.dispute.messages import DisputedLine, DisputeFacts, ShippedParcel, TextPart
from domain.dispute.names import DisputeType
from domain.dispute.papers import HeldPaper, Placement, kind_of
from domain.dispute.reasons import Calls
from domain.message import Message

_TOLD = 20  # lines named in a sentence to a partner; all of them stand in the case itself


class Statement(Message):
    """What somebody states for the bank. `by` is `merchant` or `partner:{id}`; `name` is a company's."""

    key: str
    by: str
    name: str = ""
    text: str
    stage: int = 1


def text_parts(
    statements: Iterable[Statement],
    papers: Iterable[HeldPaper],
    placements: Mapping[str, Placement],
    parcels: Sequence[ShippedParcel],
    more_parcels: int = 0,
) -> tuple[TextPart, ...]:
    """The parts of our text, the most telling first: where room is short, the last find none."""
    parts = [_statement(one) for one in statements]
    attached = [one for one in papers if _field(placements, one) is not None]
    described = [one for one in papers if one not in attached]
    parts += [_paper(one, placements) for one in attached]
    parts += [_described(one) for one in described]
    parts += [_parcel(place, one) for place, one in enumerate(parcels)]
    if more_parcels:
        text = f"{more_parcels} more parcels were shipped for this order."
        parts.append(TextPart(key="parcels", text=text))
    return tuple(parts)


def _statement(one: Statement) -> TextPart:
    who = "The merchant" if one.by == "merchant" else one.name or one.by.partition(":")[2]
    return TextPart(key=f"statement:{one.key}", text=f"{who} states: {one.text.strip()}")


def _field(placements: Mapping[str, Placement], paper: HeldPaper) -> str | None:
    placed = placements.get(paper.document_id)
    return placed.field.words if placed is not None and placed.field is not None else None


def _paper(paper: HeldPaper, placements: Mapping[str, Placement]) -> TextPart:
    kind = kind_of(paper.document_type)
    where = _field(placements, paper)
    text = f"Attached under {where}: {kind.words} ({paper.file_name}). It shows {kind.proves}."
    return TextPart(key=f"paper:{paper.document_id}", text=text)


def _described(paper: HeldPaper) -> TextPart:
    kind = kind_of(paper.document_type)
    text = f"Held by the merchant and available on request: {kind.words} ({paper.file_name}). It shows {kind.proves}."
    return TextPart(key=f"paper:{paper.document_id}", text=text)


def _parcel(place: int, parcel: ShippedParcel) -> TextPart:
    said = [
        f"on {parcel.on.isoformat()}" if parcel.on else "",
        f"by {parcel.carrier}" if parcel.carrier else "",
        f"under tracking number {parcel.number}" if parcel.number else "",
    ]
    return TextPart(
        key=f"parcel:{place}", text="Shipped " + " ".join(part for part in said if part) + "."
    )


# What a partner is asked.


def request_text(
    facts: DisputeFacts, calls: Calls, lines: Sequence[DisputedLine], wanted: Sequence[str]
) -> str:
    """What a partner reads when it is asked for evidence."""
    papers = papers_in_words(wanted)
    ask = f"Please send {papers}, and state" if papers else "Please state"
    return (
        f"{_what(facts.type)} on order {facts.order_name}, which you supplied with {_lines(lines)}: {calls.words}. "
        f"{ask} {calls.statement}. Answer with accept once everything is there, partial where more will follow, "
        "decline if you have no evidence. Your statement is passed on to the customer's bank as it is."
    )


def again_text(
    facts: DisputeFacts, calls: Calls, lines: Sequence[DisputedLine], wanted: Sequence[str]
) -> str:
    """The same where an inquiry has become a chargeback: earlier evidence stays."""
    return "It goes on; what you sent before is kept and used again. " + request_text(
        facts, calls, lines, wanted
    )


def papers_in_words(types: Iterable[str]) -> str:
    return ", ".join(kind_of(one).words for one in types)


def _what(type_: DisputeType) -> str:
    return {
        DisputeType.INQUIRY: "The customer's bank asks about a payment",
        DisputeType.CHARGEBACK: "The customer's bank has taken a payment back",
    }.get(type_, "The customer's bank disputes a payment")


def _lines(lines: Sequence[DisputedLine]) -> str:
    told = ", ".join(f"{one.quantity} × {one.sku or one.name}" for one in lines[:_TOLD])
    more = len(lines) - _TOLD
    return told + (f" and {more} more" if more > 0 else "") or "its goods"
