"""Each write of a return claim, called again, refused, overtaken."""

from decimal import Decimal
from typing import Any

import pytest

from domain.failures import (
    CONFLICT,
    NOT_CONFIGURED,
    PAUSED,
    SHOPIFY_REFUSED,
    THROTTLED,
    UNAVAILABLE,
)
from domain.message import Money
from domain.return_claim.goods import Disposition, DispositionType
from domain.return_claim.messages import (
    ApproveReturn,
    CancelReturn,
    CloseReturn,
    CreateReturn,
    DeclineReturn,
    PlanReviews,
    ProcessReturn,
    ReadClaimedOrder,
    ReadReturn,
    RefundOrder,
    RemoveLines,
    ReturnFacts,
    SuggestOrderRefund,
    SuggestRefund,
)
from domain.return_claim.names import ClaimKind, ReturnStatus
from domain.return_claim.state import ClaimRequest, ClaimRequestLine
from domain.shopify_ids import numeric_id
from persistence.repositories import case_references, cases, policies, switches
from persistence.repositories.case_references import Reference
from tests.activities.conftest import CASE, Hands
from tests.workflows.claims import SHIRT, SHOE, TEXTILES

SHOP = "acme"


async def requested(hands: Hands, *lines: dict[str, Any], open: bool = False) -> ReturnFacts:
    """A return of these lines, as `read_return` reads it."""
    order = await hands.world.order(*lines)
    return_id = await hands.world.request_return(
        order,
        *(
            {"sku": line["sku"], "quantity": line["quantity"], "reason": "DEFECTIVE"}
            for line in lines
        ),
        open=open,
    )
    facts = await hands.call(hands.claims.read_return, ReadReturn(shop=SHOP, return_id=return_id))
    assert isinstance(facts, ReturnFacts)
    return facts


async def test_a_return_is_read_in_our_words(hands: Hands) -> None:
    facts = await requested(hands, SHIRT)
    assert (facts.status, facts.currency, facts.processed) == ("REQUESTED", "EUR", False)
    [line] = facts.lines
    assert (line.sku, line.quantity, line.vendor, line.unit_value) == (
        "SHIRT-1",
        2,
        TEXTILES,
        Decimal("30.00"),
    )
    assert line.reason_code == "DR"


async def test_a_return_that_is_gone_is_a_conflict(hands: Hands) -> None:
    refused = await hands.refusal(
        hands.claims.read_return, ReadReturn(shop=SHOP, return_id="999999")
    )
    assert (refused.type, refused.non_retryable) == (CONFLICT, True)


async def test_approving_again_approves_once(hands: Hands) -> None:
    facts = await requested(hands, SHIRT)
    request = ApproveReturn(shop=SHOP, return_id=facts.return_id)
    for _ in range(3):
        answered = await hands.call(hands.claims.approve_return, request)
        assert (answered.status, answered.overtaken) == (ReturnStatus.OPEN, False)
    assert len(await hands.world.shopify_calls("returnApproveRequest")) == 1


async def test_declining_again_declines_once(hands: Hands) -> None:
    facts = await requested(hands, SHIRT)
    request = DeclineReturn(shop=SHOP, return_id=facts.return_id, note="Worn.")
    for _ in range(3):
        answered = await hands.call(hands.claims.decline_return, request)
        assert (answered.status, answered.overtaken) == (ReturnStatus.DECLINED, False)
    assert len(await hands.world.shopify_calls("returnDeclineRequest")) == 1


@pytest.mark.parametrize(
    ("before", "activity", "overtaken"),
    [
        ("approve", "approve", False),
        ("approve", "decline", True),
        ("decline", "approve", True),
        ("decline", "decline", False),
        ("cancel", "approve", True),
        ("cancel", "decline", True),
    ],
)
async def test_what_somebody_decided_before_is_left_and_said(
    hands: Hands, before: str, activity: str, overtaken: bool
) -> None:
    facts = await requested(hands, SHIRT)
    await hands.world.in_shopify(facts.return_id, before)
    if activity == "approve":
        answered = await hands.call(
            hands.claims.approve_return, ApproveReturn(shop=SHOP, return_id=facts.return_id)
        )
    else:
        answered = await hands.call(
            hands.claims.decline_return,
            DeclineReturn(shop=SHOP, return_id=facts.return_id, note="Worn."),
        )
    assert answered.overtaken is overtaken
    assert await hands.world.shopify_writes("returnApproveRequest", "returnDeclineRequest") == []


async def test_somebody_faster_between_reading_and_writing_is_an_overtaking(hands: Hands) -> None:
    facts = await requested(hands, SHIRT)
    hands.world.before_call["returnDeclineRequest"] = lambda: hands.world.in_shopify(
        facts.return_id, "approve"
    )
    answered = await hands.call(
        hands.claims.decline_return,
        DeclineReturn(shop=SHOP, return_id=facts.return_id, note="Worn."),
    )
    assert (answered.status, answered.overtaken) == (ReturnStatus.OPEN, True)
    [call] = await hands.world.shopify_calls("returnDeclineRequest")
    assert call["mutations"][0]["user_errors"][0]["code"] == "INVALID_STATE"


async def test_an_open_return_is_cancelled_once_and_not_when_it_was_touched(hands: Hands) -> None:
    facts = await requested(hands, SHIRT, open=True)
    request = CancelReturn(shop=SHOP, return_id=facts.return_id)
    for _ in range(2):
        answered = await hands.call(hands.claims.cancel_return, request)
        assert (answered.status, answered.overtaken) == (ReturnStatus.CANCELED, False)
    assert len(await hands.world.shopify_calls("returnCancel")) == 1
    touched = await requested(hands, SHOE, SHIRT, open=True)
    await hands.world.in_shopify(
        touched.return_id, "process", lines=[{"sku": "SHOE-1", "quantity": 1}]
    )
    refused = await hands.refusal(
        hands.claims.cancel_return, CancelReturn(shop=SHOP, return_id=touched.return_id)
    )
    assert (refused.type, refused.non_retryable) == (SHOPIFY_REFUSED, True)


async def test_refused_pieces_are_taken_out_once(hands: Hands) -> None:
    facts = await requested(hands, SHIRT, SHOE, open=True)
    shirt, shoe = facts.lines
    keep = {shirt.return_line_item_id: 1, shoe.return_line_item_id: 1}
    request = RemoveLines(shop=SHOP, return_id=facts.return_id, keep=keep)
    assert (await hands.call(hands.claims.remove_lines, request)).removed == 1
    assert (await hands.call(hands.claims.remove_lines, request)).removed == 0
    found = await hands.world.return_in_shopify(facts.return_id)
    assert [line["quantity"] for line in found["lines"]] == [1, 1]
    assert len(await hands.world.shopify_calls("removeFromReturn")) == 1


def process(facts: ReturnFacts, refund: Any = (), quantity: int = 2) -> ProcessReturn:
    [line] = facts.lines
    key = line.return_line_item_id
    return ProcessReturn(
        shop=SHOP,
        return_id=facts.return_id,
        quantities={key: quantity},
        dispositions={
            key: (
                Disposition(
                    line_id=line.line_id, quantity=quantity, type=DispositionType.NOT_RESTOCKED
                ),
            )
        },
        refund=refund,
        currency="EUR",
    )


async def suggested(hands: Hands, facts: ReturnFacts) -> Any:
    [line] = facts.lines
    return await hands.call(
        hands.settlement.suggest_refund,
        SuggestRefund(
            shop=SHOP, return_id=facts.return_id, quantities={line.return_line_item_id: 2}
        ),
    )


async def test_processing_again_moves_money_once(hands: Hands) -> None:
    facts = await requested(hands, SHIRT, open=True)
    found = await suggested(hands, facts)
    assert found.amount == Money(amount=Decimal("60.00"), currency="EUR")
    request = process(facts, found.transactions)
    first = await hands.call(hands.settlement.process_return, request)
    assert (str(first.refunded), first.already) == ("60.00 EUR", False)
    again = await hands.call(hands.settlement.process_return, request)
    assert (str(again.refunded), again.already) == ("60.00 EUR", True)
    assert len(await hands.world.shopify_calls("returnProcess")) == 1
    # What is refunded is not suggested a second time.
    assert (await suggested(hands, facts)).amount.amount == 0


async def test_a_lost_answer_to_processing_moves_money_once(hands: Hands) -> None:
    facts = await requested(hands, SHIRT, open=True)
    request = process(facts, (await suggested(hands, facts)).transactions)
    hands.world.lose_answer_to = "returnProcess"
    lost = await hands.refusal(hands.settlement.process_return, request)
    assert (lost.type, lost.non_retryable) == (UNAVAILABLE, False)
    again = await hands.call(hands.settlement.process_return, request, attempt=2)
    assert (str(again.refunded), again.already) == ("60.00 EUR", True)
    assert len(await hands.world.shopify_calls("returnProcess")) == 1


async def test_what_was_processed_in_part_is_for_a_person(hands: Hands) -> None:
    facts = await requested(hands, SHIRT, open=True)
    found = await suggested(hands, facts)
    await hands.world.in_shopify(
        facts.return_id, "process", lines=[{"sku": "SHIRT-1", "quantity": 1}]
    )
    refused = await hands.refusal(
        hands.settlement.process_return, process(facts, found.transactions)
    )
    assert refused.type == CONFLICT
    assert "(SHIRT-1)" in refused.message
    assert await hands.world.shopify_writes("returnProcess") == []


async def test_a_closed_return_is_not_processed(hands: Hands) -> None:
    facts = await requested(hands, SHIRT, open=True)
    found = await suggested(hands, facts)
    await hands.world.in_shopify(facts.return_id, "close")
    answered = await hands.call(hands.settlement.process_return, process(facts, found.transactions))
    assert answered.overtaken
    assert await hands.world.shopify_writes("returnProcess") == []


async def test_closing_again_closes_once(hands: Hands) -> None:
    facts = await requested(hands, SHIRT, open=True)
    request = CloseReturn(shop=SHOP, return_id=facts.return_id)
    for _ in range(2):
        closed = await hands.call(hands.claims.close_return, request)
        assert closed.status is ReturnStatus.CLOSED
    assert len(await hands.world.shopify_calls("returnClose")) == 1


async def test_a_claim_is_refunded_once_also_under_another_key(hands: Hands) -> None:
    order = await hands.world.order(SHIRT)
    order_id = numeric_id(order["order_id"])
    [line] = (await hands.world.order_in_shopify(order))["lines"]
    quantities = {numeric_id(line["id"]): 2}
    found = await hands.call(
        hands.settlement.suggest_order_refund,
        SuggestOrderRefund(shop=SHOP, order_id=order_id, quantities=quantities),
    )
    for key in ("first", "first", "second"):
        refunded = await hands.call(
            hands.settlement.refund_order,
            RefundOrder(
                shop=SHOP,
                order_id=order_id,
                note="Gridcase 7: damage",
                idempotency_key=key,
                quantities=quantities,
                refund=found.transactions,
                currency="EUR",
            ),
        )
        assert str(refunded.refunded) == "60.00 EUR"
    assert len((await hands.world.order_in_shopify(order))["refunds"]) == 1
    assert len(await hands.world.shopify_calls("refundCreate")) == 1


async def claimed(hands: Hands, quantity: int = 2) -> Any:
    order = await hands.world.order(SHIRT)
    [line] = (await hands.world.order_in_shopify(order))["lines"]
    claim = ClaimRequest(
        kind=ClaimKind.DAMAGE,
        external_reference="D-1",
        order_id=numeric_id(order["order_id"]),
        lines=(ClaimRequestLine(line_item_id=numeric_id(line["id"]), quantity=quantity),),
    )
    return ReadClaimedOrder(shop=SHOP, claim=claim)


async def test_a_claim_that_does_not_fit_is_a_conflict_in_plain_words(hands: Hands) -> None:
    refused = await hands.refusal(hands.claims.read_claimed_order, await claimed(hands, 5))
    assert refused.type == CONFLICT
    assert "5 claimed, 2 were shipped" in refused.message


async def test_a_return_is_created_once_and_entered_before_its_events_come(hands: Hands) -> None:
    request = await claimed(hands)
    found = await hands.call(hands.claims.read_claimed_order, request)
    async with hands.world.database.begin() as session:
        case, _ = await cases.open_case(
            session,
            key=CASE,
            kind="return_claim",
            shop_id=SHOP,
            title="Claim",
            status="opening",
            now=await _now(),
            references=(),
        )
    create = CreateReturn(
        shop=SHOP,
        case_id=case.id,
        order_id=found.order_id,
        marker="Gridcase 1",
        lines=found.lines,
        accepted={found.lines[0].line_id: 2},
    )
    expected = Reference(kind="return_expected", value=found.order_id, scope=SHOP)
    seen: list[bool] = []

    async def look() -> None:
        async with hands.world.database.read() as session:
            seen.append(bool(await case_references.find(session, expected)))

    hands.world.before_call["returnCreate"] = look
    first = await hands.call(hands.claims.create_return, create)
    again = await hands.call(hands.claims.create_return, create)
    assert first == again
    assert seen == [True]
    assert len(await hands.world.shopify_calls("returnCreate")) == 1
    async with hands.world.database.read() as session:
        made = Reference(kind="return", value=first.return_id, scope=SHOP)
        assert [row.id for row in await case_references.find(session, made)] == [case.id]
        assert await case_references.find(session, expected) == []


async def _now() -> Any:
    from datetime import UTC, datetime

    return datetime.now(UTC)


async def test_plans_say_who_reviews_what_on_which_terms(hands: Hands) -> None:
    await hands.world.partner(TEXTILES)
    await hands.world.policy(TEXTILES, refund="never")
    facts = await requested(hands, SHIRT, SHOE)
    plan = await hands.call(hands.reviews.plan_reviews, PlanReviews(shop=SHOP, lines=facts.lines))
    assert [(line.sku, line.partner) for line in plan.lines] == [
        ("SHIRT-1", TEXTILES),
        ("SHOE-1", ""),
    ]
    [review] = plan.reviews
    assert review.policy.refund.value == "never"
    assert review.policy.version.startswith("policy ")
    assert not plan.shadow


async def test_a_stored_policy_that_cannot_be_read_is_said_and_not_replaced(hands: Hands) -> None:
    async with hands.world.database.begin() as session:
        await policies.put(
            session,
            {"refund": "sometimes"},
            now=await _now(),
            shop_id=SHOP,
            lifecycle="return_claim",
            partner_id="*",
        )
    facts = await requested(hands, SHIRT)
    refused = await hands.refusal(
        hands.reviews.plan_reviews, PlanReviews(shop=SHOP, lines=facts.lines)
    )
    assert (refused.type, refused.non_retryable) == (NOT_CONFIGURED, True)


async def test_a_pause_refuses_every_call_of_the_shop(hands: Hands) -> None:
    facts = await requested(hands, SHIRT)
    await hands.world.switch("pause", shop_id=SHOP)
    request = ApproveReturn(shop=SHOP, return_id=facts.return_id)
    refused = await hands.refusal(hands.claims.approve_return, request)
    assert (refused.type, refused.non_retryable) == (PAUSED, True)
    read = ReadReturn(shop=SHOP, return_id=facts.return_id)
    assert (await hands.refusal(hands.claims.read_return, read)).type == PAUSED
    async with hands.world.database.begin() as session:
        assert await switches.clear(session, "pause", shop_id=SHOP)
    await hands.call(hands.claims.approve_return, request)


async def test_throttling_says_when_to_come_back(hands: Hands) -> None:
    facts = await requested(hands, SHIRT)
    await hands.world.faults("shopify", api={"throttle": True})
    request = ReadReturn(shop=SHOP, return_id=facts.return_id)
    first = await hands.refusal(hands.claims.read_return, request)
    assert (first.type, first.non_retryable) == (THROTTLED, False)
    assert first.next_retry_delay is not None
    assert first.next_retry_delay.total_seconds() >= 1
    tenth = await hands.refusal(hands.claims.read_return, request, attempt=10)
    assert tenth.next_retry_delay is not None
    assert tenth.next_retry_delay.total_seconds() == 300


async def test_an_outage_is_tried_again_and_a_wrong_secret_is_not(hands: Hands) -> None:
    facts = await requested(hands, SHIRT)
    request = ReadReturn(shop=SHOP, return_id=facts.return_id)
    await hands.world.faults("shopify", api={"down": True})
    down = await hands.refusal(hands.claims.read_return, request)
    assert (down.type, down.non_retryable) == (UNAVAILABLE, False)
    await hands.world.faults("shopify")
    await hands.world.shopify.post(f"/_emulator/shops/{SHOP}/uninstall")
    gone = await hands.refusal(hands.claims.read_return, request)
    assert (gone.type, gone.non_retryable) == (SHOPIFY_REFUSED, True)


async def test_a_call_of_nobodys_case_is_refused(hands: Hands) -> None:
    facts = await requested(hands, SHIRT)
    request = ReadReturn(shop=SHOP, return_id=facts.return_id)
    refused = await hands.refusal(hands.claims.read_return, request, workflow_id="something")
    assert "is not the id of a case" in refused.message
