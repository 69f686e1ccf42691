"""How return claims end, each played to its close. Times are short, since the dev server's clock is the real one."""

from typing import Any

from domain import operator
from domain.message import Money
from domain.return_claim.decision import Choice, Decide
from tests.replay.recording import Play
from tests.world import World

SHIRT = {"sku": "SHIRT-1", "quantity": 2, "vendor": "acme-textiles", "price": "30.00"}
LAMP = {"sku": "LAMP-7", "quantity": 1, "vendor": "borealis-electronics", "price": "45.00"}
TEXTILES, ELECTRONICS = "acme-textiles", "borealis-electronics"
MERCHANT = "operator:maria"
SOON = {"hours": 3 / 3600}
LONG = {"hours": 72}


async def quiet(world: World, case_id: str) -> None:
    """Wait until the case has nothing under way, so that what comes next meets it in the same state each time."""
    still = 0

    async def look() -> bool:
        nonlocal still
        described = (await world.handle(case_id).describe()).raw_description
        busy = bool(described.pending_activities) or described.HasField("pending_workflow_task")
        still = 0 if busy else still + 1
        return still >= 4

    await world.eventually(look, lambda done: done)


async def opened(world: World, *lines: dict[str, Any], **terms: Any) -> str:
    """Partners, terms and a requested return of these lines; the case, once its partners are asked."""
    for vendor in dict.fromkeys(line["vendor"] for line in lines):
        await world.partner(vendor)
    await world.policy(**terms)
    order = await world.order(*lines)
    return_id = await world.request_return(
        order,
        *(
            {"sku": line["sku"], "quantity": line["quantity"], "reason": "DEFECTIVE"}
            for line in lines
        ),
    )
    case_id = world.case_id(return_id)
    await world.until_status(case_id, "awaiting_partner", "awaiting_merchant")
    for vendor in dict.fromkeys(line["vendor"] for line in lines):
        await world.authorization(vendor)
    await quiet(world, case_id)
    return case_id


async def decide(world: World, case_id: str, choice: Choice, **more: Any) -> None:
    await world.update(
        case_id, operator.DECIDE, Decide(actor=MERCHANT, choice=choice, **more), key=f"{choice}"
    )


async def accepted_and_refunded(world: World) -> str:
    case_id = await opened(world, SHIRT, refund="automatic")
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")
    await quiet(world, case_id)
    await world.receive_all(TEXTILES)
    return case_id


async def declined_by_the_partner(world: World) -> str:
    case_id = await opened(world, SHIRT)
    await world.answer(TEXTILES, "decline", note="Worn.")
    return case_id


async def silence_declines(world: World) -> str:
    return await opened(world, SHIRT, answer_within=SOON, reminders=[0.5], at_deadline="decline")


async def nobody_decides(world: World) -> str:
    return await opened(
        world,
        SHIRT,
        answer_within=SOON,
        reminders=[],
        at_deadline="ask_merchant",
        merchant_within=SOON,
        merchant_reminders=[0.5],
    )


async def mixed_answers_settled_by_the_merchant(world: World) -> str:
    case_id = await opened(world, SHIRT, LAMP, answer_within=LONG)
    await world.answer(TEXTILES, "accept")
    await quiet(world, case_id)
    await world.answer(ELECTRONICS, "decline", note="Out of warranty.")
    await world.until_status(case_id, "awaiting_merchant")
    await quiet(world, case_id)
    await decide(world, case_id, Choice.APPROVE_ACCEPTED)
    await world.until_status(case_id, "awaiting_other")
    await quiet(world, case_id)
    await world.receive_all(TEXTILES)
    await world.until_status(case_id, "awaiting_merchant")
    await quiet(world, case_id)
    amount = Money.model_validate({"amount": "10.00", "currency": "EUR"})
    await decide(world, case_id, Choice.REFUND, amount=amount)
    return case_id


async def question_answered_then_declined(world: World) -> str:
    case_id = await opened(world, SHIRT)
    await world.answer(TEXTILES, "request_info", note="Which batch?")
    await world.until_status(case_id, "awaiting_merchant")
    await quiet(world, case_id)
    await world.update(
        case_id,
        operator.MESSAGE_PARTNER,
        operator.MessagePartner(actor=MERCHANT, partner=TEXTILES, text="Batch 7."),
    )
    await world.until_status(case_id, "awaiting_partner")
    await quiet(world, case_id)
    await world.answer(TEXTILES, "decline", note="Sold as is.")
    return case_id


async def cancelled_by_the_merchant(world: World) -> str:
    case_id = await opened(world, SHIRT)
    await world.update(case_id, operator.NUDGE, operator.Nudge(actor=MERCHANT, partner=TEXTILES))
    await quiet(world, case_id)
    await world.update(
        case_id, operator.CANCEL, operator.Cancel(actor=MERCHANT, reason="Settled by phone.")
    )
    return case_id


async def cancelled_in_temporal(world: World) -> str:
    case_id = await opened(world, SHIRT)
    await world.handle(case_id).cancel()
    return case_id


async def declined_in_shopify(world: World) -> str:
    case_id = await opened(world, SHIRT)
    return_id = case_id.rpartition(":")[2]
    await world.in_shopify(return_id, "decline", reason="OTHER", note="Too late.")
    return case_id


ENDINGS: dict[str, Play] = {
    play.__name__: play
    for play in (
        accepted_and_refunded,
        declined_by_the_partner,
        silence_declines,
        nobody_decides,
        mixed_answers_settled_by_the_merchant,
        question_answered_then_declined,
        cancelled_by_the_merchant,
        cancelled_in_temporal,
        declined_in_shopify,
    )
}
