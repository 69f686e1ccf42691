"""Events of Trading Grid: whose case they are, and what is done about a partner's own data."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from clients.trading_grid.port import ExternalReference, NewCase, NewCaseLine
from intake.dispatch import OWN_SYSTEM
from persistence.repositories import case_references, partners, tenants
from persistence.repositories.case_references import Reference
from tests.intake.staging import (
    BOTH,
    about,
    arrived,
    ended,
    event_row,
    opened,
    placed,
    recorded,
    requested,
    shared_server,
    signals,
    stage,
    stage_url,
    without_temporal,
)
from tests.world import TENANT, World

__all__ = ["shared_server", "stage", "stage_url"]  # fixtures

TEXTILES = "acme-textiles"


def named(case_id: str, partner: str = TEXTILES, more: str = "") -> dict[str, Any]:
    return {"external_reference": {"system": OWN_SYSTEM, "id": f"{case_id}/{partner}{more}"}}


async def case_there(world: World, reference: str, *, system: str = OWN_SYSTEM) -> str:
    """A case in Trading Grid under this external reference; its id there."""
    grid = await world.connections.trading_grid(TENANT)
    made = await grid.open_case(
        NewCase(
            case_type="return_claim",
            subject="Return",
            partner_id=TEXTILES,
            external_reference=ExternalReference(system=system, id=reference),
            lines=(NewCaseLine(line_id="1", quantity=1),),
        ),
        idempotency_key=str(uuid4()),
    )
    return made.id


async def refer(world: World, case_id: str, kind: str, value: str, scope: str = TENANT) -> None:
    async with world.database.begin() as session:
        reference = Reference(kind=kind, value=value, scope=scope)
        await case_references.add(session, case_id, [reference], datetime.now(UTC))


TOPICS = (
    "case.updated",
    "case.answered",
    "case.message_added",
    "case.document_added",
    "case.resolved",
    "case.closed",
    "return_authorization.updated",
)


async def test_every_event_that_names_our_reference_tells_the_case_without_a_call(
    stage: World,
) -> None:
    case_id = stage.case_id(await opened(stage))
    await stage.faults("trading_grid", api={"down": True})
    for number, topic in enumerate(TOPICS):
        data = {"id": f"r-{number}", "partner_id": TEXTILES, "version": number} | named(case_id)
        event_id = await arrived(stage, topic, {"data": data}, source="trading_grid")
        settled = await stage.dispatcher.dispatch(event_id)
        assert settled is not None
        assert (settled.status, settled.case_ids) == ("dispatched", (case_id,))
        assert (await signals(stage, case_id))[-1] == {
            "signal": "partner_changed",
            "event_id": str(event_id),
            "event_type": topic,
            "partner": TEXTILES,
            "resource_id": f"r-{number}",
            "version": number,
        }


async def test_the_reference_says_which_partner_where_the_event_does_not(stage: World) -> None:
    case_id = stage.case_id(await opened(stage))
    for more in ("", "/document-7"):
        data = {"id": "d-7", "case_id": "c-1"} | named(case_id, more=more)
        await placed(stage, "case.document_added", {"data": data}, source="trading_grid")
    assert [told["partner"] for told in await signals(stage, case_id)] == [TEXTILES, TEXTILES]


@BOTH
@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("trading_grid_case", {"id": "remote-1"}),
        ("trading_grid_case", {"id": "message-5", "case_id": "remote-1"}),
        ("return_authorization", {"id": "remote-1"}),
    ],
)
async def test_an_event_is_placed_by_the_ids_that_a_case_has_noted(
    stage: World, kind: str, data: dict[str, Any]
) -> None:
    case_id = stage.case_id(await opened(stage))
    await refer(stage, case_id, kind, "remote-1")
    await stage.faults("trading_grid", api={"down": True})
    settled = await placed(
        stage, "case.updated", {"data": data | {"partner_id": TEXTILES}}, source="trading_grid"
    )
    assert (settled.status, settled.case_ids) == ("dispatched", (case_id,))
    [told] = await signals(stage, case_id)
    assert (told["partner"], told["resource_id"]) == (TEXTILES, data["id"])


async def test_the_ids_of_another_tenant_mean_nothing(stage: World) -> None:
    case_id = stage.case_id(await opened(stage))
    await refer(stage, case_id, "trading_grid_case", "remote-1", scope="other")
    data = {"id": "remote-1", "partner_id": TEXTILES}
    settled = await placed(stage, "case.updated", {"data": data}, source="trading_grid")
    assert (settled.status, settled.reason) == ("ignored", "It belongs to no case of ours.")
    assert await signals(stage, case_id) == []


@pytest.mark.parametrize("more", ["", "/round-2"])
async def test_an_event_is_placed_by_reading_the_case_it_names(stage: World, more: str) -> None:
    await stage.partner(TEXTILES)
    case_id = stage.case_id(await opened(stage))
    remote = await case_there(stage, f"{case_id}/{TEXTILES}{more}")
    for data in ({"id": remote}, {"id": "message-9", "case_id": remote}):
        settled = await placed(stage, "case.message_added", {"data": data}, source="trading_grid")
        assert (settled.status, settled.case_ids) == ("dispatched", (case_id,))
    assert [told["partner"] for told in await signals(stage, case_id)] == [TEXTILES, TEXTILES]


async def test_an_event_of_somebody_elses_case_is_ignored(stage: World) -> None:
    await stage.partner(TEXTILES)
    case_id = stage.case_id(await opened(stage))
    remote = await case_there(stage, f"{case_id}/{TEXTILES}", system="another-system")
    for topic, data in (
        ("case.updated", {"id": remote}),
        ("case.updated", {"id": "not-there"}),
        ("return_authorization.updated", {"id": "not-there"}),
        (
            "return_authorization.updated",
            {"id": "x", "external_reference": {"system": "another-system", "id": case_id}},
        ),
    ):
        settled = await placed(stage, topic, {"data": data}, source="trading_grid")
        assert (settled.status, settled.reason) == ("ignored", "It belongs to no case of ours.")
    assert await signals(stage, case_id) == []


async def test_a_case_that_names_one_of_ours_which_is_not_there_fails(stage: World) -> None:
    await stage.partner(TEXTILES)
    remote = await case_there(stage, f"return-claim:acme:404/{TEXTILES}")
    settled = await placed(stage, "case.updated", {"data": {"id": remote}}, source="trading_grid")
    assert settled.status == "failed"
    assert "return-claim:acme:404" in settled.reason


async def test_another_tenant_cannot_speak_for_a_case_by_naming_it(stage: World) -> None:
    async with stage.database.begin() as session:
        await tenants.create(
            session,
            stage.box,
            id="other",
            name="Other",
            base_url="http://127.0.0.1:18102/tradinggrid/v1",
            token_url="http://127.0.0.1:18102/tenants/demo/oauth2/token",
            client_id="demo-client",
            client_secret="demo-secret",
        )
    case_id = stage.case_id(await opened(stage))
    settled = await placed(
        stage,
        "case.answered",
        {"data": {"id": "elsewhere", "partner_id": TEXTILES} | named(case_id)},
        source="trading_grid",
        scope="other",
    )
    assert settled.status == "ignored"
    assert await signals(stage, case_id) == []


@BOTH
async def test_a_partners_word_after_the_end_is_flagged_and_an_echo_is_not(stage: World) -> None:
    case_id = stage.case_id(await opened(stage))
    await ended(stage, case_id)
    data = {"id": "c-1", "partner_id": TEXTILES} | named(case_id)
    for topic in ("case.updated", "case.resolved", "case.closed"):
        settled = await placed(stage, topic, {"data": data}, source="trading_grid")
        assert (settled.status, settled.case_ids) == ("dispatched", (case_id,))
    assert await stage.entries(case_id) == []
    settled = await placed(stage, "case.message_added", {"data": data}, source="trading_grid")
    assert (settled.status, settled.case_ids) == ("dispatched", (case_id,))
    [entry] = await stage.entries(case_id)
    assert (entry.flagged, entry.actor) == (True, f"partner:{TEXTILES}")
    assert entry.text == "case.message_added came after the case had ended."


async def test_a_partners_event_starts_a_case_that_was_left_unstarted(stage: World) -> None:
    return_id = await requested(stage)
    opening = await arrived(stage, "returns/request", about(return_id))
    await (await without_temporal(stage)).dispatch(opening)
    case_id = stage.case_id(return_id)
    data = {"id": "c-1", "partner_id": TEXTILES} | named(case_id)
    settled = await placed(stage, "case.answered", {"data": data}, source="trading_grid")
    assert settled.case_ids == (case_id,)
    assert [told["event_type"] for told in await signals(stage, case_id)] == ["case.answered"]


async def test_an_event_for_a_workflow_that_was_terminated_is_noted(stage: World) -> None:
    case_id = stage.case_id(await opened(stage))
    await recorded(stage, case_id, status="awaiting_partner")
    await stage.handle(case_id).terminate("by hand")
    data = {"id": "c-1", "partner_id": TEXTILES} | named(case_id)
    settled = await placed(stage, "case.answered", {"data": data}, source="trading_grid")
    assert settled.status == "dispatched"
    assert [entry.flagged for entry in await stage.entries(case_id)] == [True]


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": []}, {"data": {"version": "x"}}])
async def test_an_event_that_names_nothing_is_ignored(stage: World, body: dict[str, Any]) -> None:
    settled = await placed(stage, "case.updated", body, source="trading_grid")
    assert settled.status == "ignored"


async def test_an_event_that_names_a_case_but_no_partner_fails(stage: World) -> None:
    case_id = stage.case_id(await opened(stage))
    await refer(stage, case_id, "trading_grid_case", "remote-1")
    settled = await placed(
        stage, "case.updated", {"data": {"id": "remote-1"}}, source="trading_grid"
    )
    assert (settled.status, settled.reason) == ("failed", "The event names no partner.")


async def test_credentials_that_trading_grid_refuses_fail_the_event(stage: World) -> None:
    async with stage.database.begin() as session:
        tenant = await tenants.get(session, TENANT)
        await tenants.update(
            session, stage.box, TENANT, version=tenant.version, changes={"client_secret": "wrong"}
        )
    settled = await placed(stage, "case.updated", {"data": {"id": "c"}}, source="trading_grid")
    assert settled.status == "failed"
    assert "401" in settled.reason
    assert not settled.reason.startswith("Unauthorized:"), "foreseen, so told in its own words"


# A partner's own data.


async def partner_is(world: World, **changed: Any) -> None:
    answer = await world.trading_grid.post(
        "/_emulator/partners", json={"id": TEXTILES, "behaviour": "manual"} | changed
    )
    assert answer.is_success, answer.text


async def known(world: World) -> Any:
    async with world.database.read() as session:
        return await partners.get(session, TENANT, TEXTILES)


@BOTH
async def test_a_partner_that_trading_grid_suspends_and_renames_is_so_here(stage: World) -> None:
    await stage.partner(TEXTILES)
    await partner_is(stage, name="Acme Textiles GmbH", status="suspended")
    body = {"data": {"id": TEXTILES}}
    settled = await placed(stage, "partner.updated", body, source="trading_grid")
    assert (settled.status, settled.reason) == ("dispatched", "The partner is suspended.")
    assert ((await known(stage)).name, (await known(stage)).status) == (
        "Acme Textiles GmbH",
        "suspended",
    )
    version = (await known(stage)).version
    settled = await placed(stage, "partner.updated", body, source="trading_grid")
    assert settled.reason == "Nothing of it changes anything here."
    assert (await known(stage)).version == version

    await partner_is(stage, name="Acme Textiles GmbH", status="active")
    settled = await placed(stage, "partner.updated", body, source="trading_grid")
    assert (await known(stage)).status == "active"


async def test_a_partner_that_was_retired_here_stays_so(stage: World) -> None:
    await stage.partner(TEXTILES)
    async with stage.database.begin() as session:
        await partners.update(session, TENANT, TEXTILES, version=1, changes={"status": "retired"})
    settled = await placed(
        stage, "partner.updated", {"data": {"id": TEXTILES}}, source="trading_grid"
    )
    assert settled.status == "dispatched"
    assert (await known(stage)).status == "retired"


async def test_a_partner_that_a_person_has_suspended_stays_so_until_a_person_says_otherwise(
    stage: World,
) -> None:
    await stage.partner(TEXTILES)
    async with stage.database.begin() as session:
        await partners.update(session, TENANT, TEXTILES, version=1, changes={"status": "suspended"})
    await partner_is(stage, name="Acme Textiles GmbH", status="active")
    body = {"data": {"id": TEXTILES}}
    settled = await placed(stage, "partner.updated", body, source="trading_grid")
    row = await known(stage)
    assert (settled.status, row.name, row.status) == (
        "dispatched",
        "Acme Textiles GmbH",
        "suspended",
    )
    async with stage.database.begin() as session:
        changes = {"status": "active"}
        await partners.update(session, TENANT, TEXTILES, version=row.version, changes=changes)
    assert ((await known(stage)).status, (await known(stage)).suspended_by) == ("active", None)


async def test_a_partner_that_is_not_known_here_is_ignored(stage: World) -> None:
    settled = await placed(
        stage, "partner.updated", {"data": {"id": "nobody"}}, source="trading_grid"
    )
    assert (settled.status, settled.reason) == (
        "ignored",
        "The partner nobody is not known here.",
    )


async def test_a_partner_that_is_edited_at_the_same_moment_is_read_again_later(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.partner(TEXTILES)
    await partner_is(stage, name="New", status="suspended")
    find = partners.find

    async def and_then_edited(session: Any, tenant: str, partner: str) -> Any:
        found = await find(session, tenant, partner)
        assert found is not None
        async with stage.database.begin() as other:
            await partners.update(
                other, tenant, partner, version=found.version, changes={"contact_note": "call"}
            )
        return found

    event_id = await arrived(
        stage, "partner.updated", {"data": {"id": TEXTILES}}, source="trading_grid"
    )
    with monkeypatch.context() as patch:
        patch.setattr(partners, "find", and_then_edited)
        settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert settled.status == "received"
    assert (await event_row(stage, event_id)).next_attempt_at is not None
    await stage.dispatcher.dispatch(event_id)
    row = await known(stage)
    assert (row.name, row.status, row.contact_note) == ("New", "suspended", "call")
