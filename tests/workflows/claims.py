"""What the tests of return claims share: goods, ways to open a claim, and words of the merchant."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from domain.message import Money
from domain.operator import Cancel, Extend, MessagePartner, Nudge, Receipt, Retry
from domain.return_claim.decision import Choice, Decide, LineDecision
from domain.return_claim.goods import DispositionType, GoodsLine, GoodsReceived
from domain.return_claim.names import ClaimKind
from domain.return_claim.state import ClaimRequest, ClaimRequestLine
from tests.databases import POSTGRES
from tests.world import World

BOTH = pytest.mark.parametrize("database_url", ["sqlite", POSTGRES], indirect=True)

SHIRT = {"sku": "SHIRT-1", "quantity": 2, "vendor": "acme-textiles", "price": "30.00"}
SHOE = {"sku": "SHOE-1", "quantity": 1, "vendor": "north-shoes", "price": "80.00"}
LAMP = {"sku": "LAMP-1", "quantity": 1, "vendor": "nobody-we-know", "price": "15.00"}
TEXTILES, SHOES = "acme-textiles", "north-shoes"
MARIA = "operator:maria"


async def opened(world: World, *lines: dict[str, Any], open: bool = False) -> str:
    """A requested return of these lines; the id of its case."""
    order = await world.order(*lines)
    return await opened_on(world, order, *lines, open=open)


async def opened_on(
    world: World, order: dict[str, Any], *lines: dict[str, Any], open: bool = False
) -> str:
    return_id = await world.request_return(
        order,
        *(
            {"sku": line["sku"], "quantity": line["quantity"], "reason": "DEFECTIVE"}
            for line in lines
        ),
        open=open,
    )
    return world.case_id(return_id)


def return_of(case_id: str) -> str:
    return case_id.rpartition(":")[2]


async def asked(world: World, *lines: dict[str, Any], **terms: Any) -> str:
    """A case whose partners (the lines' vendors) were asked, on these terms."""
    for vendor in dict.fromkeys(str(line["vendor"]) for line in lines):
        if vendor != LAMP["vendor"]:
            await world.partner(vendor)
    await world.policy(**terms)
    case_id = await opened(world, *lines)
    await world.until_status(case_id, "awaiting_partner")
    return case_id


async def damaged(
    world: World, *lines: dict[str, Any], goods_back: bool | None = None, quantity: int = 0
) -> tuple[str, dict[str, Any]]:
    """A damage claim on all of a fulfilled order (or `quantity` of each line); case id and order."""
    order = await world.order(*lines)
    claim = ClaimRequest(
        kind=ClaimKind.DAMAGE,
        external_reference="D-17",
        order_id=order["order_id"].rpartition("/")[2],
        lines=tuple(
            ClaimRequestLine(
                line_item_id=entry["id"].rpartition("/")[2],
                quantity=quantity or line["quantity"],
                reason_code="DA",
            )
            for entry, line in zip(await line_items(world, order), lines, strict=True)
        ),
        goods_back=goods_back,
    )
    return await world.claim(claim), order


async def line_items(world: World, order: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await world.order_in_shopify(order))["lines"]
    return found


async def line_ids(world: World, case_id: str) -> dict[str, str]:
    """SKU -> our line id."""
    detail = (await world.current(case_id)).detail
    lines: Any = detail["lines"]
    return {line["sku"]: line["line_id"] for line in lines}


# The merchant.


async def decide(world: World, case_id: str, choice: str, **more: Any) -> Receipt:
    receipt = await world.update(
        case_id, "decide", Decide(actor=MARIA, choice=Choice(choice), **more)
    )
    return Receipt.model_validate(receipt)


def euros(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="EUR")


def accepting(**accepted: int) -> tuple[LineDecision, ...]:
    return tuple(LineDecision(line_id=key, accepted=count) for key, count in accepted.items())


async def goods(world: World, case_id: str, *lines: tuple[str, int, str, str]) -> None:
    """`(line id, quantity, disposition, location number)` each."""
    await world.update(
        case_id,
        "goods_received",
        GoodsReceived(
            actor=MARIA,
            lines=tuple(
                GoodsLine(
                    line_id=line_id,
                    quantity=quantity,
                    disposition=DispositionType(disposition),
                    location_id=location,
                )
                for line_id, quantity, disposition, location in lines
            ),
        ),
    )


async def cancel(world: World, case_id: str) -> None:
    await world.update(case_id, "cancel", Cancel(actor=MARIA, reason="opened by mistake"))


async def retry(world: World, case_id: str) -> None:
    await world.update(case_id, "retry", Retry(actor=MARIA))


async def nudge(world: World, case_id: str, partner: str) -> None:
    await world.update(case_id, "nudge", Nudge(actor=MARIA, partner=partner))


async def extend(world: World, case_id: str, partner: str, until: datetime) -> None:
    await world.update(case_id, "extend", Extend(actor=MARIA, partner=partner, until=until))


async def write(world: World, case_id: str, partner: str, text: str, *documents: str) -> None:
    await world.update(
        case_id,
        "message_partner",
        MessagePartner(actor=MARIA, partner=partner, text=text, document_ids=documents),
    )


async def refused_as(type_: str, word: Any) -> str:
    """That an update is refused with this type; what is said."""
    with pytest.raises(WorkflowUpdateFailedError) as refusal:
        await word
    cause = refusal.value.cause
    assert isinstance(cause, ApplicationError)
    assert cause.type == type_, cause
    return cause.message


async def outcome(world: World, case_id: str) -> str:
    found: str = (await world.result(case_id))["outcome"]
    return found


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
