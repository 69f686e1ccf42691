"""What came back, and what becomes of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum

from pydantic import Field

from domain.edi_codes import KEEP_CODES
from domain.message import Message
from domain.operator import Command
from domain.return_claim.lines import ClaimLine, Verdict


class DispositionType(StrEnum):
    """Shopify's ReverseFulfillmentOrderDispositionType."""

    RESTOCKED = "RESTOCKED"
    NOT_RESTOCKED = "NOT_RESTOCKED"
    MISSING = "MISSING"
    PROCESSING_REQUIRED = "PROCESSING_REQUIRED"


class Disposition(Message):
    """What becomes of some pieces of one line. `location_id` is needed to restock (Shopify refuses without)."""

    line_id: str
    quantity: int = Field(gt=0)
    type: DispositionType
    location_id: str = ""
    by: str = ""


class GoodsLine(Message):
    line_id: str
    quantity: int = Field(gt=0)
    disposition: DispositionType
    location_id: str = ""


class GoodsReceived(Command):
    """The merchant's word on what came back; per line it replaces what a partner reported."""

    lines: tuple[GoodsLine, ...] = Field(min_length=1)


class AuthorizationLine(Message):
    """A line of a Trading Grid return authorisation; `location_id` is Shopify's, by the location mappings."""

    line_id: str
    quantity: int | None = None
    disposition_code: str = ""
    response_reason_code: str = ""
    received_quantity: int | None = None
    location_code: str = ""
    location_id: str = ""


class Authorization(Message):
    """RMA number, where to send the goods, until when; later what arrived."""

    id: str
    status: str = ""
    rma_number: str = ""
    return_to: str = ""
    expires: str = ""
    version: int = 0
    lines: tuple[AuthorizationLine, ...] = ()


# Goods that were received and do not go back into stock, by X12 disposition (element 1292).
_NOT_RESTOCKED = frozenset({"DI", "RT", "KA", "KR"})
_PROCESSING = frozenset({"MW", "RF"})


def expected(lines: Sequence[ClaimLine], verdicts: Mapping[str, Verdict]) -> dict[str, int]:
    """How many pieces of each line must be accounted for by someone: accepted, and not kept by the customer."""
    return {
        line.line_id: verdicts[line.line_id].accepted
        for line in lines
        if line.line_id in verdicts
        and verdicts[line.line_id].accepted
        and not verdicts[line.line_id].keep
    }


def kept(lines: Sequence[ClaimLine], verdicts: Mapping[str, Verdict]) -> tuple[Disposition, ...]:
    """Lines the customer keeps: nothing is waited for, nothing is restocked."""
    return tuple(
        Disposition(
            line_id=line.line_id,
            quantity=verdicts[line.line_id].accepted,
            type=DispositionType.NOT_RESTOCKED,
            by=verdicts[line.line_id].by,
        )
        for line in lines
        if line.line_id in verdicts
        and verdicts[line.line_id].keep
        and verdicts[line.line_id].accepted
    )


class Report(Message):
    """What a partner's authorisation says came back: per line its dispositions, and what is wrong with the rest."""

    dispositions: dict[str, tuple[Disposition, ...]] = Field(default_factory=dict)
    problems: tuple[str, ...] = ()


def report(authorization: Authorization, wanted: Mapping[str, int], by: str) -> Report:
    """Read dispositions out of an authorisation; a line without `received_quantity` has not been reported yet.

    A location code means the pieces were put back into stock there; fewer received than accepted are `MISSING`. More
    received than accepted, a line reported twice, or a location code that maps to no Shopify location, is a problem for the
    merchant.
    """
    result: dict[str, tuple[Disposition, ...]] = {}
    problems: list[str] = []
    told = [
        entry
        for entry in authorization.lines
        if entry.received_quantity is not None and entry.line_id in wanted
    ]
    times = Counter(entry.line_id for entry in told)
    problems += [
        f"Line {line_id}: {by} reports it {count} times."
        for line_id, count in times.items()
        if count > 1
    ]
    for entry in told:
        if entry.received_quantity is None or times[entry.line_id] > 1:
            continue
        accepted, received = wanted[entry.line_id], entry.received_quantity
        if not 0 <= received <= accepted:
            problems.append(
                f"Line {entry.line_id}: {by} reports {received} received, {accepted} were accepted."
            )
            continue
        if entry.location_code and not entry.location_id:
            problems.append(
                f"Line {entry.line_id}: {by}'s location '{entry.location_code}' is mapped to no Shopify location."
            )
            continue
        parts: list[Disposition] = []
        if received:
            parts.append(
                Disposition(
                    line_id=entry.line_id,
                    quantity=received,
                    type=_type(entry),
                    location_id=entry.location_id
                    if _type(entry) is DispositionType.RESTOCKED
                    else "",
                    by=by,
                )
            )
        if received < accepted:
            parts.append(
                Disposition(
                    line_id=entry.line_id,
                    quantity=accepted - received,
                    type=DispositionType.MISSING,
                    by=by,
                )
            )
        result[entry.line_id] = tuple(parts)
    return Report(dispositions=result, problems=tuple(problems))


def _type(entry: AuthorizationLine) -> DispositionType:
    if entry.disposition_code in _PROCESSING:
        return DispositionType.PROCESSING_REQUIRED
    if entry.disposition_code in _NOT_RESTOCKED or entry.disposition_code in KEEP_CODES:
        return DispositionType.NOT_RESTOCKED
    return DispositionType.RESTOCKED if entry.location_id else DispositionType.NOT_RESTOCKED


def goods_problem(command: GoodsReceived, wanted: Mapping[str, int]) -> str:
    """Why the merchant's report cannot be taken; empty when it can."""
    totals: dict[str, int] = {}
    for line in command.lines:
        if line.line_id not in wanted:
            return f"No goods are expected for line {line.line_id}."
        if line.disposition is DispositionType.RESTOCKED and not line.location_id:
            return f"Line {line.line_id}: a location is needed to restock."
        totals[line.line_id] = totals.get(line.line_id, 0) + line.quantity
    for line_id, total in totals.items():
        if total != wanted[line_id]:
            return (
                f"Line {line_id}: {total} pieces are accounted for, {wanted[line_id]} were accepted; "
                "use MISSING for those that did not come."
            )
    return ""


def merchant_dispositions(command: GoodsReceived) -> dict[str, tuple[Disposition, ...]]:
    result: dict[str, tuple[Disposition, ...]] = {}
    for line in command.lines:
        part = Disposition(
            line_id=line.line_id,
            quantity=line.quantity,
            type=line.disposition,
            location_id=line.location_id if line.disposition is DispositionType.RESTOCKED else "",
            by=command.actor,
        )
        result[line.line_id] = (*result.get(line.line_id, ()), part)
    return result


def outstanding(
    wanted: Mapping[str, int], dispositions: Mapping[str, tuple[Disposition, ...]]
) -> dict[str, int]:
    """What nobody has accounted for yet, by line."""
    left = {
        line_id: quantity - sum(part.quantity for part in dispositions.get(line_id, ()))
        for line_id, quantity in wanted.items()
    }
    return {line_id: quantity for line_id, quantity in left.items() if quantity > 0}
