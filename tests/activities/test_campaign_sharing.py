"""A partner's share in Trading Grid: told once, changed by what differs; and its words, taken once, whatever the order."""

from typing import Any

import pytest

from clients.trading_grid.errors import TradingGridUnavailable
from clients.trading_grid.rest import RestTradingGrid
from domain.campaign_readiness.messages import READINGS, ReadinessTaken, SharedCampaign
from domain.failures import PARTNER_REFUSED, PAUSED, UNAVAILABLE
from persistence.repositories.campaigns import words
from tests.activities.campaigning import CASE, WINDOW, Campaigns, falls_before_noting, product
from tests.activities.conftest import Hands

SHIRTS, SHOES = "acme-textiles", "north-shoes"


@pytest.fixture
async def campaign(hands: Hands) -> Campaigns:
    """Two partners, told apart by the beginning of a SKU, and a plan: 100 and 20 shirts, 7 shoes."""
    made = Campaigns(hands)
    await made.open()
    for partner, prefix in ((SHIRTS, "SHIRT-"), (SHOES, "SHOE-")):
        await hands.world.partner(partner)
        await made.route(partner, prefix)
    await made.given(product("SHIRT-1", 100), product("SHIRT-2", 20), product("SHOE-1", 7))
    return made


def commitment(sku: str, quantity: int | None = None, **more: Any) -> dict[str, Any]:
    return {"sku": sku, "quantity": quantity, "status": "committed"} | more


async def writes(campaign: Campaigns) -> list[str]:
    return [
        call["method"]
        for call in await campaign.world.grid_writes()
        if "/campaigns" in call["path"]
    ]


async def replanned(campaign: Campaigns, *products: Any) -> None:
    await campaign.given(*products)


# Sharing.


async def test_a_share_is_made_once_however_often_it_is_tried(campaign: Campaigns) -> None:
    first = await campaign.share(SHIRTS)
    shared = await campaign.shared(SHIRTS)
    assert (first.remote_id, first.version, first.added) == (shared["id"], 1, 2)
    assert (first.figures.products, first.figures.open) == (2, 2)
    assert shared["name"] == "Spring"
    assert {one["sku"]: one["expected_quantity"] for one in shared["products"]} == {
        "SHIRT-1": 100,
        "SHIRT-2": 20,
    }
    assert shared["external_reference"]["id"] == f"{CASE}/{SHIRTS}"
    again = await campaign.share(SHIRTS, idempotency_key="another")
    assert (again.remote_id, again.added, again.changed) == (first.remote_id, 0, 0)
    assert again.digest == first.digest
    assert await writes(campaign) == ["POST"]


async def test_a_change_is_told_whole_and_reopens_only_what_it_touches(campaign: Campaigns) -> None:
    first = await campaign.share(SHIRTS)
    await campaign.say(SHIRTS, commitment("SHIRT-1", 100), commitment("SHIRT-2", 20))
    heard = await campaign.hear(SHIRTS)
    assert heard.figures.ready == 120
    await replanned(
        campaign, product("SHIRT-1", 150), product("SHIRT-2", 20), product("SHIRT-3", 5)
    )
    told = await campaign.share(SHIRTS, remote_id=first.remote_id)
    assert (told.version, told.added, told.changed, told.removed, told.reopened) == (2, 1, 1, 0, 1)
    assert (told.figures.ready, told.figures.open) == (20, 2)
    assert told.digest != first.digest
    assert await writes(campaign) == ["POST", "PUT"]


async def test_another_window_touches_no_word(campaign: Campaigns) -> None:
    first = await campaign.share(SHIRTS)
    await campaign.say(SHIRTS, commitment("SHIRT-1", 100))
    await campaign.hear(SHIRTS)
    moved = WINDOW.model_copy(update={"title": "Spring 27"})
    told = await campaign.share(SHIRTS, remote_id=first.remote_id, window=moved)
    assert (told.version, told.changed, told.reopened, told.figures.ready) == (2, 0, 0, 100)
    assert (await campaign.shared(SHIRTS))["name"] == "Spring 27"


async def test_a_partner_that_leaves_gets_an_empty_share_and_one_that_never_had_any_nothing(
    campaign: Campaigns,
) -> None:
    first = await campaign.share(SHIRTS)
    left = await campaign.share(SHIRTS, remote_id=first.remote_id, empty=True)
    assert (left.remote_id, left.digest, left.removed) == (first.remote_id, "", 2)
    assert (await campaign.shared(SHIRTS))["products"] == []
    assert await campaign.share(SHOES, empty=True) == SharedCampaign()
    back = await campaign.share(SHIRTS)
    assert (back.remote_id, back.added, back.version) == (first.remote_id, 2, 3)


async def test_a_product_that_goes_to_another_partner_leaves_the_first(campaign: Campaigns) -> None:
    await campaign.share(SHIRTS)
    await campaign.share(SHOES)
    await campaign.say(SHIRTS, commitment("SHIRT-2", 20))
    await campaign.hear(SHIRTS)
    await campaign.route(SHOES, "SHIRT-2")
    await replanned(campaign, product("SHIRT-1", 100), product("SHIRT-2", 20), product("SHOE-1", 7))
    first, second = await campaign.share(SHIRTS), await campaign.share(SHOES)
    assert (first.removed, first.figures.products, second.added) == (1, 1, 1)
    assert (second.figures.products, second.figures.ready) == (2, 0)
    # What the first says of it now is none of its share.
    await campaign.say(SHIRTS, commitment("SHIRT-2", 20))
    heard = await campaign.hear(SHIRTS, ReadinessTaken(heard_until=1))
    assert heard.readings[0].flags == ("SHIRT-2 is not in its share of the campaign.",)
    assert (await campaign.rows())[SHOES, "SHIRT-2"].ready == 0


async def test_a_share_that_was_told_and_never_noted_is_noted_by_the_repeat(
    campaign: Campaigns, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await campaign.share(SHIRTS)
    await campaign.say(SHIRTS, commitment("SHIRT-1", 100), commitment("SHIRT-2", 20))
    known = await campaign.hear(SHIRTS)
    await replanned(campaign, product("SHIRT-1", 150), product("SHIRT-2", 20))

    with monkeypatch.context() as broken:
        falls_before_noting(broken)
        with pytest.raises(ConnectionError):
            await campaign.share(SHIRTS, remote_id=first.remote_id)
    # The partner has the new plan and answers it before we note that it was told.
    await campaign.say(SHIRTS, commitment("SHIRT-1", 140))
    early = await campaign.hear(SHIRTS, known)
    assert early.figures.ready == 160
    told = await campaign.share(SHIRTS, remote_id=first.remote_id)
    assert (told.version, told.reopened, told.figures.ready) == (2, 0, 160)
    assert (await campaign.rows())[SHIRTS, "SHIRT-1"].touched == 2
    assert (await campaign.rows())[SHIRTS, "SHIRT-2"].touched == 1


async def test_a_campaign_changed_under_our_hands_is_read_again(
    campaign: Campaigns, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await campaign.share(SHIRTS)
    await replanned(campaign, product("SHIRT-1", 150))
    read = RestTradingGrid.read_campaign

    async def stale(self: Any, campaign_id: str) -> Any:
        return (await read(self, campaign_id)).model_copy(update={"etag": '"0"'})

    with monkeypatch.context() as somebody_else:
        somebody_else.setattr(RestTradingGrid, "read_campaign", stale)
        request = campaign.sharing_of(SHIRTS, remote_id=first.remote_id)
        refused = await campaign.refusal(campaign.sharing.share, request)
        assert (refused.type, refused.non_retryable) == (UNAVAILABLE, False)
    assert (await campaign.share(SHIRTS, remote_id=first.remote_id)).version == 2


async def test_a_lost_answer_makes_no_second_campaign(
    campaign: Campaigns, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = RestTradingGrid.create_campaign

    async def lost(self: Any, new: Any, **how: Any) -> Any:
        await create(self, new, **how)
        raise TradingGridUnavailable("the answer was lost")

    with monkeypatch.context() as broken:
        broken.setattr(RestTradingGrid, "create_campaign", lost)
        refused = await campaign.refusal(campaign.sharing.share, campaign.sharing_of(SHIRTS))
        assert refused.type == UNAVAILABLE
    # Meanwhile the plan has changed: the key came with another body.
    await replanned(campaign, product("SHIRT-1", 150))
    told = await campaign.share(SHIRTS, idempotency_key="key-1-acme-textiles")
    assert (told.version, told.figures.expected) == (2, 150)
    assert await campaign.shared(SHIRTS)


async def test_a_campaign_that_is_gone_or_a_partner_that_is_paused_is_told(
    campaign: Campaigns,
) -> None:
    request = campaign.sharing_of(SHIRTS, remote_id="nowhere")
    assert (await campaign.refusal(campaign.sharing.share, request)).type == PARTNER_REFUSED
    await campaign.world.switch("pause", partner_id=SHIRTS)
    assert (await campaign.refusal(campaign.sharing.share, request)).type == PAUSED


# Words.


async def test_words_are_taken_by_sequence_whatever_order_they_come_in(campaign: Campaigns) -> None:
    await campaign.share(SHIRTS)
    await campaign.say(SHIRTS, commitment("SHIRT-1", 40, status="partial"), sequence=5)
    first = await campaign.hear(SHIRTS)
    assert (first.heard_until, first.heard, first.figures.ready) == (0, (5,), 40)
    await campaign.say(SHIRTS, commitment("SHIRT-1", 90), commitment("SHIRT-2", 20), sequence=2)
    second = await campaign.hear(SHIRTS, first)
    assert [(one.sequence, one.applied) for one in second.readings] == [(2, 1)]
    assert (second.heard, second.figures.ready) == ((2, 5), 60)
    for sequence in (1, 3, 4):
        await campaign.say(SHIRTS, commitment("SHIRT-1", 1), sequence=sequence)
    last = await campaign.hear(SHIRTS, second)
    assert (last.heard_until, last.heard, last.figures.ready) == (5, (), 60)
    assert (await campaign.hear(SHIRTS, last)).readings == ()


async def test_what_was_taken_and_never_told_is_told_by_the_repeat(campaign: Campaigns) -> None:
    await campaign.share(SHIRTS)
    await campaign.say(SHIRTS, commitment("SHIRT-1", 100))
    known = await campaign.hear(SHIRTS)
    issue = {"code": "capacity", "sku": "SHIRT-1", "text": "The line stands.", "severity": "urgent"}
    await campaign.say(SHIRTS, commitment("SHIRT-1", 30, status="partial"), issues=[issue])
    first = await campaign.hear(SHIRTS, known)
    assert first.readings[0].withdrawn == ("SHIRT-1",)
    assert [one.serious for one in first.readings[0].issues] == [True]
    assert await campaign.hear(SHIRTS, known) == first


async def test_odd_words_are_flagged_kept_and_the_rest_of_them_taken(campaign: Campaigns) -> None:
    await campaign.share(SHIRTS)
    await campaign.say(
        SHIRTS,
        commitment("SHIRT-1", 500, ready_by="soon", note="All of it."),
        commitment("HAT-1", 5),
        commitment("SHIRT-2", -3, status="partial"),
    )
    [reading] = (await campaign.hear(SHIRTS)).readings
    assert (reading.applied, reading.flag_count) == (1, 4)
    rows = await campaign.rows()
    row = rows[SHIRTS, "SHIRT-1"]
    assert (row.quantity, row.ready, row.missing, row.note) == (500, 100, 0, "All of it.")
    assert row.flags == ["more_than_expected", "unreadable_day"]
    assert rows[SHIRTS, "SHIRT-2"].status == "open"
    async with campaign.database.read() as session:
        flags = await words.flags_page(session, CASE)
    assert [(one.sku, one.flag) for one in flags.items] == [
        ("SHIRT-1", "more_than_expected"),
        ("SHIRT-1", "unreadable_day"),
        ("HAT-1", "unknown_sku"),
        ("", "unreadable"),
    ]
    assert "commitments.2.quantity" in flags.items[-1].text


async def test_words_on_an_older_plan_do_not_hold_for_what_was_changed_since(
    campaign: Campaigns,
) -> None:
    first = await campaign.share(SHIRTS)
    await campaign.say(SHIRTS, commitment("SHIRT-1", 100), commitment("SHIRT-2", 20))
    await replanned(campaign, product("SHIRT-1", 150), product("SHIRT-2", 20))
    await campaign.share(SHIRTS, remote_id=first.remote_id)
    heard = await campaign.hear(SHIRTS)
    assert heard.readings[0].flags == (
        "SHIRT-1 was said of an older plan, which has changed since.",
    )
    assert (heard.figures.ready, heard.figures.open) == (20, 1)


async def test_a_later_issue_replaces_the_earlier_of_its_code_and_sku(campaign: Campaigns) -> None:
    await campaign.share(SHIRTS)
    for sequence, text, severity in ((4, "Solved.", "low"), (2, "The line stands.", "urgent")):
        issue = {"code": "capacity", "sku": "SHIRT-1", "text": text, "severity": severity}
        await campaign.say(SHIRTS, issues=[issue], sequence=sequence)
    await campaign.say(
        SHIRTS, issues=[{"code": "transport", "text": "No truck.", "severity": "high"}]
    )
    await campaign.hear(SHIRTS)
    async with campaign.database.read() as session:
        issues = await words.issues_of(session, CASE)
        assert [(one.code, one.text, one.serious) for one in issues] == [
            ("transport", "No truck.", True),
            ("capacity", "Solved.", False),
        ]
        assert await words.count(session, CASE) == (2, 0)


async def test_many_words_come_in_several_readings(campaign: Campaigns) -> None:
    await campaign.share(SHIRTS)
    for number in range(READINGS + 3):
        await campaign.say(SHIRTS, commitment("SHIRT-1", number))
    first = await campaign.hear(SHIRTS)
    assert (len(first.readings), first.more, first.heard_until) == (READINGS, True, READINGS)
    second = await campaign.hear(SHIRTS, first)
    assert (len(second.readings), second.more) == (3, False)
    assert second.figures.ready == READINGS + 2
