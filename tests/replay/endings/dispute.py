"""How disputes end, each played to its close. Times are short, since the dev server's clock is the real one."""

from datetime import timedelta
from typing import Any

from tests.replay.endings.return_claim import quiet
from tests.replay.recording import Play
from tests.workflows.disputes import (
    SHIRT,
    SHOE,
    SHOES,
    STATED,
    TEXTILES,
    add_evidence,
    answers,
    asked,
    cancel,
    decide,
    decided,
    escalated,
    in_shopify,
    retry,
    sends,
    submit,
    until_attached,
    until_drafted,
    until_submitted,
)
from tests.world import World

SECOND = timedelta(seconds=1)


def short(seconds: float) -> dict[str, float]:
    return {"hours": seconds / 3600}


async def disputed(world: World, *lines: dict[str, Any], **more: Any) -> str:
    """A dispute whose partners were asked, with nothing under way."""
    case_id, _ = await asked(world, *lines, **more)
    await quiet(world, case_id)
    return case_id


async def stated(world: World, case_id: str, partner: str = TEXTILES) -> None:
    """The partner sends a paper, then its statement."""
    await sends(world, partner)
    await until_drafted(world, case_id, "Attached under shipping documentation")
    await quiet(world, case_id)
    await answers(world, partner, "accept", STATED)
    await until_drafted(world, case_id, STATED)
    await quiet(world, case_id)


async def submitted(world: World, case_id: str, kind: str = "CHARGEBACK") -> None:
    await submit(world, case_id)
    await until_submitted(world, case_id, kind)
    await world.until_status(case_id, "awaiting_other")
    await quiet(world, case_id)


async def proved_submitted_and_won(world: World) -> str:
    case_id = await disputed(world)
    await stated(world, case_id)
    await submitted(world, case_id)
    await decided(world, case_id, "won")
    return case_id


async def submitted_at_the_margin_and_lost(world: World) -> str:
    # The partner's time ends with the margin, its one reminder half way there.
    case_id, _ = await asked(world, dispute={"due": 60 * SECOND}, margin=short(46), reminders=[0.5])
    await until_submitted(world, case_id)
    await world.until_status(case_id, "awaiting_other")
    await quiet(world, case_id)
    await decided(world, case_id, "lost")
    return case_id


async def not_answered_without_a_word(world: World) -> str:
    case_id = await disputed(
        world,
        dispute={"due": 24 * SECOND},
        margin=short(12),
        submit_unreviewed=False,
        merchant_reminders=[],
    )
    await answers(world, TEXTILES, "decline", "We have nothing.")
    await world.until_status(case_id, "awaiting_merchant")
    await quiet(world, case_id)
    return case_id


async def inquiry_then_chargeback(world: World) -> str:
    case_id = await disputed(world, dispute={"kind": "INQUIRY"})
    await stated(world, case_id)
    await submitted(world, case_id, "INQUIRY")
    await escalated(world, case_id)
    await world.until_status(case_id, "awaiting_partner")
    await quiet(world, case_id)
    await answers(world, TEXTILES, "decline", "That is all we have.")
    await world.until_status(case_id, "awaiting_merchant")
    await quiet(world, case_id)
    await submitted(world, case_id)
    await decided(world, case_id, "won")
    return case_id


async def two_partners_and_the_merchants_own_words(world: World) -> str:
    case_id = await disputed(world, SHIRT, SHOE)
    await stated(world, case_id)
    await answers(world, SHOES, "request_info", "Which pair?")
    await world.until_status(case_id, "awaiting_merchant")
    await quiet(world, case_id)
    await add_evidence(world, case_id, "The customer confirmed it by telephone.")
    await until_drafted(world, case_id, "by telephone")
    await quiet(world, case_id)
    await submitted(world, case_id)
    await decided(world, case_id, "won")
    return case_id


async def conceded_and_accepted(world: World) -> str:
    case_id = await disputed(world)
    await decide(world, case_id, "concede")
    await world.until_status(case_id, "awaiting_other")
    await quiet(world, case_id)
    await decided(world, case_id, "accepted")
    return case_id


async def prevented_by_the_bank(world: World) -> str:
    case_id = await disputed(world)
    await decided(world, case_id, "prevented")
    return case_id


async def refunded_in_shopify(world: World) -> str:
    case_id = await disputed(world)
    await decided(world, case_id, "charge_refunded")
    return case_id


async def answered_by_staff_and_won(world: World) -> str:
    case_id = await disputed(world)
    await in_shopify(world, case_id, "evidence", append="Staff were quick.", submit=True)
    await world.until_status(case_id, "awaiting_other")
    await quiet(world, case_id)
    await decided(world, case_id, "won")
    return case_id


async def drafted_on_retry_in_little_time(world: World) -> str:
    case_id = await disputed(world, dispute={"due": timedelta(hours=6)}, auto_draft=False)
    await in_shopify(world, case_id, "evidence", uncategorized_text="x" * 19_990)
    await answers(world, TEXTILES, "accept", STATED)
    await world.until_status(case_id, "awaiting_merchant")
    await quiet(world, case_id)
    await decide(world, case_id, "draft")
    await world.until_notified("the text is too long")
    await quiet(world, case_id)
    await in_shopify(world, case_id, "evidence", uncategorized_text="Shortened.")
    await retry(world, case_id)
    await until_drafted(world, case_id, "Shortened.", STATED)
    await quiet(world, case_id)
    await submitted(world, case_id)
    await decided(world, case_id, "won")
    return case_id


async def dispute_cancelled_by_the_merchant(world: World) -> str:
    case_id = await disputed(world)
    await cancel(world, case_id)
    return case_id


async def dispute_cancelled_in_temporal(world: World) -> str:
    case_id = await disputed(world)
    await sends(world, TEXTILES)
    await until_attached(world, case_id, "shippingDocumentationFile")
    await until_drafted(world, case_id, "Attached under shipping documentation")
    await quiet(world, case_id)
    await world.handle(case_id).cancel()
    return case_id


ENDINGS: dict[str, Play] = {
    "proved_submitted_and_won": proved_submitted_and_won,
    "submitted_at_the_margin_and_lost": submitted_at_the_margin_and_lost,
    "not_answered_without_a_word": not_answered_without_a_word,
    "inquiry_then_chargeback": inquiry_then_chargeback,
    "two_partners_and_the_merchants_own_words": two_partners_and_the_merchants_own_words,
    "conceded_and_accepted": conceded_and_accepted,
    "prevented_by_the_bank": prevented_by_the_bank,
    "refunded_in_shopify": refunded_in_shopify,
    "answered_by_staff_and_won": answered_by_staff_and_won,
    "drafted_on_retry_in_little_time": drafted_on_retry_in_little_time,
    "dispute_cancelled_by_the_merchant": dispute_cancelled_by_the_merchant,
    "dispute_cancelled_in_temporal": dispute_cancelled_in_temporal,
}
