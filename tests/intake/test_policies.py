"""The terms of a claim, from the stored policies."""

from datetime import UTC, datetime

import pytest

from domain.policy import AtDeadline, ReturnClaimPolicy
from intake.policies import PolicyInvalid, policy_for
from persistence.repositories import policies
from persistence.session import Database

NOW = datetime(2026, 11, 2, tzinfo=UTC)


async def test_without_a_stored_policy_the_defaults_hold(database: Database) -> None:
    async with database.read() as session:
        assert await policy_for(session, ReturnClaimPolicy, "acme", "north") == ReturnClaimPolicy()


async def test_the_most_specific_record_wins_as_a_whole(database: Database) -> None:
    async with database.begin() as session:
        await policies.put(session, {"goods_within": {"hours": 5}}, now=NOW)
        stored = await policies.put(
            session, {"at_deadline": "decline"}, shop_id="acme", partner_id="north", now=NOW
        )
        others = {"auto_close": False}
        await policies.put(session, others, now=NOW, lifecycle="dispute")
        await policies.put(session, others, now=NOW, shop_id="bolt")
        await policies.put(session, others, now=NOW, partner_id="south")
    async with database.read() as session:
        found = await policy_for(session, ReturnClaimPolicy, "acme", "north")
        general = await policy_for(session, ReturnClaimPolicy, "acme", "west")
    assert found.at_deadline is AtDeadline.DECLINE
    assert found.goods_within == ReturnClaimPolicy().goods_within
    assert found.version == f"policy {stored.id} v1"
    assert general.goods_within.hours == 5


async def test_the_version_counts_the_edits(database: Database) -> None:
    async with database.begin() as session:
        await policies.put(session, {"version": "forged"}, now=NOW)
        stored = await policies.put(session, {"version": "forged"}, now=NOW)
        assert (
            await policy_for(session, ReturnClaimPolicy, "acme", "")
        ).version == f"policy {stored.id} v2"


async def test_a_record_that_cannot_be_read_is_an_error_that_names_it(database: Database) -> None:
    async with database.begin() as session:
        stored = await policies.put(
            session, {"escalate_at": 7, "answer_within": {"hours": 1, "business_days": 2}}, now=NOW
        )
        with pytest.raises(PolicyInvalid) as caught:
            await policy_for(session, ReturnClaimPolicy, "acme", "north")
    assert (caught.value.policy_id, caught.value.version) == (stored.id, 1)
    assert "escalate_at" in str(caught.value)
    assert "either hours or business_days" in str(caught.value)
