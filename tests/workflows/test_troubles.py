"""What goes wrong outside: refusals, outages, pauses; and what the switches of a policy hold back."""

from datetime import timedelta

from temporalio.exceptions import ActivityError, ApplicationError, RetryState

from clients.notification.errors import DeliveryFailed, NotificationIncomplete
from domain.failures import UNAVAILABLE
from domain.operator import PauseChanged
from persistence.repositories import partners, routes
from tests.workflows.claims import (
    BOTH,
    SHIRT,
    SHOE,
    TEXTILES,
    asked,
    decide,
    opened,
    outcome,
    refused_as,
    retry,
    return_of,
)
from tests.world import SHOP, TENANT, World
from workflows.outside import explain


@BOTH
async def test_what_shopify_refuses_for_good_waits_for_the_merchant_and_works_on_retry(
    world: World,
) -> None:
    case_id = await asked(world, SHIRT, refund="automatic", show_on_order=False)
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")
    # Staff processes one of two: nobody can say for which part the money would be.
    await world.in_shopify(return_of(case_id), "process", lines=[{"sku": "SHIRT-1", "quantity": 1}])
    await world.receive_all(TEXTILES)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert (
        "A part of the return was processed in Shopify already (SHIRT-1)" in seen.waiting_for.what
    )
    assert seen.waiting_for.then == "use retry once it is mended"
    [trouble] = seen.troubles
    assert trouble.type == "Conflict"
    await world.until_notified("something was refused")
    assert await world.shopify_writes("returnProcess") == []
    await world.in_shopify(
        return_of(case_id), "process", lines=[{"sku": "SHIRT-1", "quantity": 1}], refund=True
    )
    await retry(world, case_id)
    assert (await world.result(case_id))["refunded"] == {"amount": "30.0", "currency": "EUR"}
    assert await world.shopify_writes("returnProcess") == []


async def test_there_is_nothing_to_retry_where_nothing_was_refused(world: World) -> None:
    case_id = await asked(world, SHIRT)
    await refused_as("NotNow", retry(world, case_id))


async def test_an_outage_of_trading_grid_is_waited_out(world: World) -> None:
    await world.partner(TEXTILES)
    await world.policy(refund="automatic")
    await world.faults("trading_grid", api={"down": True})
    case_id = await opened(world, SHIRT)
    await world.until_status(case_id, "opening")
    await world.sleep(timedelta(hours=6))
    seen = await world.current(case_id)
    assert (seen.status, seen.troubles) == ("opening", ())
    await world.faults("trading_grid")
    await world.sleep(timedelta(minutes=6))
    await world.until_status(case_id, "awaiting_partner")
    assert len(await world.partner_cases(TEXTILES)) == 1


async def test_what_trading_grid_refuses_works_on_retry_under_a_new_key(world: World) -> None:
    async with world.database.begin() as session:
        await partners.create(session, tenant_id=TENANT, id=TEXTILES, name="Acme Textiles")
        await routes.create(
            session,
            shop_id=SHOP,
            match_kind="vendor",
            match_value=TEXTILES,
            tenant_id=TENANT,
            partner_id=TEXTILES,
        )
    case_id = await opened(world, SHIRT)  # Trading Grid does not know the partner yet
    seen = await world.until_status(case_id, "awaiting_merchant")
    [trouble] = seen.troubles
    assert (trouble.type, trouble.step) == ("TradingGridRefused", "Open the case of Acme Textiles")
    assert trouble.message.startswith("POST /tradinggrid/v1/cases: ")
    made = await world.trading_grid.post(
        "/_emulator/partners", json={"id": TEXTILES, "name": "Acme Textiles"}
    )
    assert made.is_success
    await retry(world, case_id)
    await world.until_status(case_id, "awaiting_partner")
    assert (await world.current(case_id)).troubles == ()
    calls = (await world.trading_grid.get("/_emulator/calls")).json()["calls"]
    keys = [call["idempotency_key"] for call in calls if call["path"].endswith("/cases")]
    assert len(keys) == len(set(keys)) == 2


def test_an_outage_that_outlasts_all_patience_is_said_as_such() -> None:
    down = ApplicationError("503 from Trading Grid", type=UNAVAILABLE)
    error = ActivityError(
        "failed",
        scheduled_event_id=1,
        started_event_id=2,
        identity="w",
        activity_type="a",
        activity_id="1",
        retry_state=RetryState.TIMEOUT,
    )
    error.__cause__ = down
    assert explain(error) == (
        UNAVAILABLE,
        "It stayed impossible for as long as we try; last: 503 from Trading Grid",
    )


async def test_throttling_is_waited_out(world: World) -> None:
    case_id = await asked(world, SHIRT, show_on_order=False, refund="automatic")
    await world.faults("shopify", api={"throttle": True})
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "applying")
    await world.sleep(timedelta(hours=1))
    assert (await world.current(case_id)).troubles == ()
    await world.faults("shopify")
    await world.sleep(timedelta(minutes=6))
    await world.until_status(case_id, "awaiting_other")
    assert await world.shopify_writes("returnApproveRequest") == ["returnApproveRequest"]


async def test_a_recipient_out_of_reach_holds_nothing_up(world: World) -> None:
    async def refuse(notification: object, recipients: list[str]) -> None:
        failures = [
            DeliveryFailed(recipient, "no such host", retryable=True) for recipient in recipients
        ]
        raise NotificationIncomplete(failures, [])

    world.recorder.notify = refuse  # type: ignore[method-assign]
    case_id = await asked(world, SHIRT, SHOE, refund="automatic")
    await world.answer(TEXTILES, "request_info", note="Which one?")
    await world.until_status(case_id, "awaiting_merchant")
    await decide(world, case_id, "decline")
    await world.until_status(case_id, "resolved")
    assert await outcome(world, case_id) == "declined"
    assert any(
        entry.flagged and entry.kind == "notification" for entry in await world.entries(case_id)
    )


@BOTH
async def test_a_pause_holds_every_call_and_its_end_lets_the_claim_go_on(world: World) -> None:
    case_id = await asked(world, SHIRT, refund="automatic")
    await world.switch("pause", shop_id="acme")
    await world.answer(TEXTILES, "accept")
    seen = await world.eventually(
        lambda: world.current(case_id), lambda seen: seen if seen.paused else None
    )
    assert seen.paused == "stock-taking (by operator:maria)"
    await world.sleep(timedelta(hours=5))
    assert await world.shopify_writes("returnApproveRequest") == []
    await world.switch("pause", on=False, shop_id="acme")
    await world.handle(case_id).signal("pause_changed", PauseChanged(event_id="p-1"))
    seen = await world.until_status(case_id, "awaiting_other")
    assert seen.paused == ""
    await world.until_told(case_id, "The pause is over.")


async def test_a_pause_whose_end_nobody_told_is_noticed(world: World) -> None:
    case_id = await asked(world, SHIRT)
    await world.switch("pause", partner_id=TEXTILES)
    await world.answer(TEXTILES, "accept")
    await world.eventually(
        lambda: world.current(case_id), lambda seen: seen if seen.paused else None
    )
    await world.switch("pause", on=False, partner_id=TEXTILES)
    await world.sleep(timedelta(minutes=2))
    await world.until_status(case_id, "awaiting_other")


async def test_shadow_mode_writes_nothing_outside_and_says_what_it_would(world: World) -> None:
    await world.partner(TEXTILES)
    await world.policy(at_deadline="decline", answer_within={"hours": 5})
    await world.switch("shadow", shop_id="acme", lifecycle="return_claim")
    case_id = await opened(world, SHIRT)
    await world.until_status(case_id, "awaiting_partner")
    assert await outcome(world, case_id) == "declined"
    assert await world.shopify_writes() == []
    assert await world.grid_writes() == []
    assert (await world.return_in_shopify(return_of(case_id)))["status"] == "REQUESTED"
    told = await world.timeline(case_id)
    assert "Would: Open the case of Acme Textiles" in told
    assert "Would: Decline the return in Shopify" in told
    assert "Would: Show the case on the order" in told


async def test_shadow_mode_approves_nothing(world: World) -> None:
    await world.partner(TEXTILES)
    await world.switch("shadow", shop_id="acme")
    case_id = await opened(world, SHIRT)
    await world.until_status(case_id, "awaiting_partner")
    await decide(world, case_id, "approve")
    assert await outcome(world, case_id) == "closed_without_refund"
    assert await world.shopify_writes() == []
    assert "Would: Approve the return in Shopify" in await world.timeline(case_id)


async def test_without_automatic_approval_the_merchant_confirms(world: World) -> None:
    case_id = await asked(world, SHIRT, auto_approve=False)
    await world.answer(TEXTILES, "accept")
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "the policy wants the merchant's word" in seen.waiting_for.what
    assert await world.shopify_writes("returnApproveRequest") == []
    await decide(world, case_id, "approve")
    await world.until_status(case_id, "awaiting_other")


async def test_without_automatic_decline_the_merchant_confirms(world: World) -> None:
    case_id = await asked(world, SHIRT, auto_decline=False)
    await world.answer(TEXTILES, "decline", note="Worn.")
    await world.until_status(case_id, "awaiting_merchant")
    assert await world.shopify_writes("returnDeclineRequest") == []
    await decide(world, case_id, "decline")
    assert await outcome(world, case_id) == "declined"


async def test_without_automatic_processing_the_merchant_is_asked_though_refunds_are_automatic(
    world: World,
) -> None:
    case_id = await asked(world, SHIRT, auto_process=False, refund="automatic")
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")
    await world.receive_all(TEXTILES)
    await world.until_status(case_id, "awaiting_merchant")
    assert await world.shopify_writes("returnProcess") == []
    await decide(world, case_id, "refund")
    assert await outcome(world, case_id) == "closed_refunded"


async def test_without_automatic_closing_the_return_stays_open(world: World) -> None:
    case_id = await asked(world, SHIRT, auto_close=False, refund="automatic")
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")
    await world.receive_all(TEXTILES)
    assert await outcome(world, case_id) == "closed_refunded"
    assert (await world.return_in_shopify(return_of(case_id)))["status"] == "OPEN"
    assert await world.shopify_writes("returnClose") == []


async def test_a_policy_that_hides_cases_leaves_the_order_alone(world: World) -> None:
    case_id = await asked(world, SHIRT, show_on_order=False)
    await world.answer(TEXTILES, "decline", note="Worn.")
    assert await outcome(world, case_id) == "declined"
    assert await world.shopify_writes("metafieldsSet", "tagsAdd", "tagsRemove") == []
