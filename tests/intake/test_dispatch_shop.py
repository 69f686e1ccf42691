"""Events about the app itself: uninstalled, scopes changed, and the three privacy topics."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from intake.connect import connect_shop
from persistence.repositories import inbound_events, shops, switches
from persistence.tables import Shop, Switch
from tests.intake.staging import (
    BOTH,
    about,
    all_cases,
    arrived,
    event_row,
    opened,
    placed,
    requested,
    shared_server,
    stage,
    stage_url,
)
from tests.world import PUBLIC, SHOP, World

__all__ = ["shared_server", "stage", "stage_url"]  # fixtures


async def shop_row(world: World) -> Shop:
    async with world.database.read() as session:
        return await shops.get(session, SHOP)


async def pauses(world: World) -> list[Switch]:
    async with world.database.read() as session:
        return await switches.list_all(session, kind="pause")


async def uninstall(world: World) -> None:
    answer = await world.shopify.post(f"/_emulator/shops/{SHOP}/uninstall")
    assert answer.is_success, answer.text


UNINSTALLED = {"id": 5, "domain": "acme.myshopify.com"}


@BOTH
async def test_an_uninstalled_app_pauses_the_shops_cases_and_is_called_no_more(
    stage: World,
) -> None:
    return_id = await requested(stage)
    await uninstall(stage)
    settled = await placed(stage, "app/uninstalled", UNINSTALLED)
    assert (settled.status, settled.reason) == ("dispatched", "The shop's cases are paused.")
    assert (await shop_row(stage)).status == "uninstalled"
    [pause] = await pauses(stage)
    assert (pause.shop_id, pause.lifecycle, pause.partner_id) == (SHOP, "*", "*")
    assert (pause.set_by, pause.reason) == ("shopify", "The app was uninstalled.")

    settled = await placed(stage, "returns/request", about(return_id))
    assert settled.status == "failed"
    assert "uninstalled" in settled.reason
    settled = await placed(stage, "app/uninstalled", UNINSTALLED)
    assert settled.status == "dispatched", "told a second time"
    assert len(await pauses(stage)) == 1


async def test_an_uninstallation_that_the_token_belies_changes_nothing(stage: World) -> None:
    settled = await placed(stage, "app/uninstalled", UNINSTALLED)
    assert (settled.status, settled.reason) == ("ignored", "The app is still installed.")
    assert (await shop_row(stage)).status == "connected"
    assert await pauses(stage) == []


async def test_while_shopify_is_out_of_reach_nobody_is_taken_for_uninstalled(
    stage: World,
) -> None:
    await uninstall(stage)
    event_id = await arrived(stage, "app/uninstalled", UNINSTALLED)
    await stage.faults("shopify", api={"down": True})
    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert settled.status == "received"
    assert (await shop_row(stage)).status == "connected"
    await stage.faults("shopify")
    await stage.dispatcher.dispatch(event_id)
    assert (await shop_row(stage)).status == "uninstalled"


@pytest.mark.parametrize(
    ("status", "body"),
    [(404, {"errors": "Not Found"}), (402, {}), (423, {}), (200, {"data": {"surprise": 1}})],
    ids=["not found", "frozen", "locked", "unreadable"],
)
async def test_an_answer_other_than_a_refused_token_is_no_uninstallation(
    stage: World, monkeypatch: pytest.MonkeyPatch, status: int, body: dict[str, object]
) -> None:
    ask = stage.shopify.request

    async def answer(method: str, url: httpx.URL | str, **more: Any) -> httpx.Response:
        if "graphql" not in str(url):
            return await ask(method, url, **more)
        return httpx.Response(status, json=body, request=httpx.Request(method, url))

    monkeypatch.setattr(stage.shopify, "request", answer)
    settled = await placed(stage, "app/uninstalled", UNINSTALLED)
    assert settled.status == "failed", settled
    assert (await shop_row(stage)).status == "connected"
    assert await pauses(stage) == []


async def test_a_persons_own_pause_of_the_shop_stays_the_persons(stage: World) -> None:
    await stage.switch("pause", shop_id=SHOP)
    await uninstall(stage)
    await placed(stage, "app/uninstalled", UNINSTALLED)
    [pause] = await pauses(stage)
    assert (pause.set_by, pause.reason) == ("operator:maria", "stock-taking")
    assert (await shop_row(stage)).status == "uninstalled"


async def test_a_pause_of_all_shops_does_not_stand_in_for_the_shops_own(stage: World) -> None:
    await stage.switch("pause")
    await uninstall(stage)
    await placed(stage, "app/uninstalled", UNINSTALLED)
    await stage.switch("pause", on=False)
    assert [(pause.shop_id, pause.set_by) for pause in await pauses(stage)] == [(SHOP, "shopify")]


async def test_connecting_again_ends_what_the_uninstallation_began(stage: World) -> None:
    await uninstall(stage)
    await placed(stage, "app/uninstalled", UNINSTALLED)
    stage.emulators["shopify"].state.emulator.shops[SHOP].installed = True
    await connect_shop(
        stage.database,
        stage.box,
        stage.connections,
        SHOP,
        public_url=PUBLIC,
        now=datetime.now(UTC),
    )
    assert (await shop_row(stage)).status == "connected"
    assert await pauses(stage) == []
    await opened(stage)


# Scopes.


async def test_changed_scopes_are_read_again_and_kept(stage: World) -> None:
    async with stage.database.begin() as session:
        (await shops.get(session, SHOP)).scopes = []
    settled = await placed(stage, "app/scopes_update", {"previous": [], "current": ["anything"]})
    assert settled.status == "dispatched"
    assert "All that is required" in settled.reason
    scopes = (await shop_row(stage)).scopes
    assert "write_returns" in scopes
    assert "anything" not in scopes, "what the body says proves nothing"


async def test_a_scope_that_is_gone_fails_the_event_with_what_it_was_for(stage: World) -> None:
    emulator = stage.emulators["shopify"].state.emulator
    kept = tuple(one for one in emulator.options.scopes if one != "write_returns")
    emulator.options = replace(emulator.options, scopes=kept)
    emulator.tokens.clear()
    settled = await placed(stage, "app/scopes_update", {})
    assert settled.status == "failed"
    assert "write_returns (approving" in settled.reason
    assert "write_returns" not in (await shop_row(stage)).scopes


# Privacy.


@pytest.mark.parametrize("topic", ["customers/data_request", "customers/redact"])
async def test_a_customers_request_is_answered_with_what_is_kept(stage: World, topic: str) -> None:
    settled = await placed(stage, topic, {"shop_id": 1, "customer": {"id": 2}})
    assert (settled.status, settled.reason) == (
        "dispatched",
        "Nothing about customers is kept here.",
    )


@BOTH
async def test_a_shop_that_is_gone_has_its_payloads_deleted_and_no_other_shop(
    stage: World,
) -> None:
    return_id = await opened(stage)
    mine = await arrived(stage, "returns/update", about(return_id))
    other = await arrived(stage, "case.updated", {"data": {}}, source="trading_grid")
    await uninstall(stage)
    await placed(stage, "app/uninstalled", UNINSTALLED)
    event_id = await arrived(stage, "shop/redact", {"shop_id": 1})
    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert (settled.status, settled.reason) == ("dispatched", "4 stored payloads were deleted.")
    assert (await shop_row(stage)).redacted_at is not None
    row = await event_row(stage, event_id)
    assert (row.status, row.body, row.error) == ("dispatched", None, None)
    assert (await event_row(stage, mine)).body is None
    assert (await event_row(stage, mine)).status == "failed"
    assert (await event_row(stage, other)).body == json.dumps({"data": {}}).encode()
    assert len(await all_cases(stage)) == 1


async def test_a_shop_that_is_still_connected_is_not_redacted(stage: World) -> None:
    event_id = await arrived(stage, "returns/update", {"id": 1})
    settled = await placed(stage, "shop/redact", {"shop_id": 1})
    assert (settled.status, settled.reason) == (
        "failed",
        "The shop is still connected; nothing was deleted.",
    )
    assert (await event_row(stage, event_id)).body is not None
    assert (await shop_row(stage)).redacted_at is None


async def test_the_redaction_of_an_unknown_shop_fails(stage: World) -> None:
    settled = await placed(stage, "shop/redact", {"shop_id": 1}, scope="nobody")
    assert (settled.status, settled.reason) == ("failed", "no shop 'nobody'")
    async with stage.database.read() as session:
        assert (await inbound_events.counts_by_status(session)) == {"failed": 1}
