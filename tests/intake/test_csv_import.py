"""Routes and location mappings from CSV."""

from collections.abc import Iterable

import pytest

from domain import csv_rows
from domain.csv_rows import CsvTooLarge
from intake import csv_import
from intake.csv_import import ImportReport, import_location_mappings, import_routes
from persistence.errors import NotFoundError
from persistence.repositories import (
    inbound_events,
    location_mappings,
    partners,
    routes,
    tenants,
)
from persistence.tables import InboundEvent
from tests.intake.conftest import World

ROUTES = """match_kind,match_value,partner_id,lifecycle,priority
vendor,Nordwind,north,,
sku_prefix,SO-,south,return_claim,5
"""


async def load(world: World, text: str, *, dry_run: bool = False) -> ImportReport:
    return await import_routes(world.database, "acme", text, dry_run=dry_run, now=world.now)


async def load_mappings(world: World, text: str, *, dry_run: bool = False) -> ImportReport:
    return await import_location_mappings(
        world.database, "demo", text, dry_run=dry_run, now=world.now
    )


async def stored(world: World) -> set[tuple[str, str, str, str, int]]:
    async with world.database.read() as session:
        rows = await routes.list_all(session, shop_id="acme")
    return {
        (one.match_kind, one.match_value, one.partner_id, one.lifecycle, one.priority)
        for one in rows
    }


async def mapped(world: World) -> set[tuple[str, str, str, str]]:
    async with world.database.read() as session:
        rows = await location_mappings.list_all(session, tenant_id="demo")
    return {(one.code, one.partner_id, one.shop_id, one.location_gid) for one in rows}


def counts(report: ImportReport) -> tuple[int, int, int]:
    return report.created, report.updated, report.unchanged


def reasons(report: ImportReport) -> dict[int, str]:
    return {error.line: error.reason for error in report.errors}


async def parked(world: World, *scopes: str) -> list[InboundEvent]:
    made = []
    async with world.database.begin() as session:
        for scope in scopes:
            event, _ = await inbound_events.insert(
                session,
                source="gridcase",
                scope=scope,
                topic="sync/return",
                delivery_id="1",
                body=b"{}",
                headers={},
                now=world.now,
            )
            await inbound_events.settle(
                session, event.id, status="parked", now=world.now, reason="unmapped"
            )
            made.append(event)
    return made


async def due(world: World, events: Iterable[InboundEvent]) -> list[bool]:
    async with world.database.read() as session:
        ids = await inbound_events.due(session, world.now)
    return [event.id in ids for event in events]


async def test_routes_are_added_then_unchanged_then_updated(world: World) -> None:
    assert counts(await load(world, ROUTES)) == (2, 0, 0)
    assert await stored(world) == {
        ("vendor", "Nordwind", "north", "*", 0),
        ("sku_prefix", "SO-", "south", "return_claim", 5),
    }
    assert counts(await load(world, ROUTES)) == (0, 0, 2)
    report = await load(world, ROUTES.replace("Nordwind,north", "nordwind,south"))
    assert counts(report) == (0, 1, 1)
    assert ("vendor", "Nordwind", "south", "*", 0) in await stored(world)


async def test_a_spreadsheets_file_is_read_as_it_comes(world: World) -> None:
    text = '\ufeffPartner_ID;Match Value;Match_Kind\r\n north ;"Nord; Wind";Vendor\r\n;;\r\n'
    report = await load(world, text)
    assert report.applied
    assert await stored(world) == {("vendor", "Nord; Wind", "north", "*", 0)}


async def test_what_begins_like_a_formula_is_text(world: World) -> None:
    text = "match_kind,match_value,partner_id\nvendor,=1+1,north\nvendor,@acme,north\nsku_prefix,-X,south\n"
    assert (await load(world, text)).applied
    assert {value for _, value, *_ in await stored(world)} == {"=1+1", "@acme", "-X"}


async def test_one_bad_row_keeps_all_from_being_applied(world: World) -> None:
    text = (
        "match_kind,match_value,partner_id,lifecycle,priority\n"
        "vendor,Good,north,,\n"
        "colour,Red,north,,\n"
        'vendor,"two\nlines",north,,\n'
        "vendor,Ghost,nobody,,\n"
        "vendor,,north,,\n"
        "\n"
        "vendor,Late,north,chargeback,\n"
        "vendor,Odd,north,,high\n"
        "vendor,GOOD,south,,\n"
        "location,Berlin,north,,\n"
        "location,gid://shopify/Order/5,north,,\n"
        "vendor,Wide,north,,,surplus\n"
    )
    report = await load(world, text)
    assert not report.applied
    assert await stored(world) == set()
    found = reasons(report)
    assert set(found) == {3, 4, 6, 7, 9, 10, 11, 12, 13, 14}
    assert "colour" in found[3]
    assert "line break" in found[4]
    assert "nobody" in found[6]
    assert "match_value must not be empty" in found[7]
    assert "chargeback" in found[9]
    assert "whole number" in found[10]
    assert "Line 2" in found[11]
    assert "Berlin" in found[12]
    assert "GID of a location" in found[13]
    assert "6 cells" in found[14]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("match_kind,match_value,partner_id\n", "no rows"),
        ("vendor,Nordwind,north\n", "missing: match_kind"),
        ("match_kind,match_value,partner_id,prio\nvendor,N,north,1\n", "prio"),
        ("match_kind,match_value,partner_id,partner_id\nvendor,N,north,south\n", "twice"),
    ],
)
async def test_a_header_that_cannot_be_followed_is_refused(
    world: World, text: str, reason: str
) -> None:
    report = await load(world, text)
    assert not report.applied
    assert [error.line for error in report.errors] == [1]
    assert reason in report.errors[0].reason
    assert await stored(world) == set()


async def test_a_broken_quotation_is_reported_where_it_begins(world: World) -> None:
    text = (
        'match_kind,match_value,partner_id\nvendor,Good,north\nvendor,"open,north\nvendor,X,north\n'
    )
    report = await load(world, text)
    assert "not CSV" in reasons(report)[3]
    assert await stored(world) == set()


async def test_a_dry_run_counts_and_changes_nothing(world: World) -> None:
    events = await parked(world, "acme")
    report = await load(world, ROUTES, dry_run=True)
    assert (report.applied, report.dry_run, report.rows) == (False, True, 2)
    assert counts(report) == (2, 0, 0)
    assert await stored(world) == set()
    assert await due(world, events) == [False]


async def test_parked_events_of_the_shop_are_tried_again(world: World) -> None:
    events = await parked(world, "acme", "bolt")
    assert (await load(world, ROUTES)).unparked == 1
    assert await due(world, events) == [True, False]


async def test_a_file_that_changes_nothing_unparks_nothing(world: World) -> None:
    await load(world, ROUTES)
    events = await parked(world, "acme")
    assert (await load(world, ROUTES)).unparked == 0
    assert await due(world, events) == [False]


async def test_a_location_is_kept_by_its_number(world: World) -> None:
    text = "match_kind,match_value,partner_id\nlocation,gid://shopify/Location/77,north\n"
    await load(world, text)
    assert counts(await load(world, text.replace("gid://shopify/Location/", ""))) == (0, 0, 1)
    assert await stored(world) == {("location", "77", "north", "*", 0)}


async def test_a_route_to_another_tenant_is_not_taken_over(world: World) -> None:
    async with world.database.begin() as session:
        await tenants.create(
            session,
            world.box,
            id="other",
            name="Other",
            base_url="https://tg.example/v1",
            token_url="https://tg.example/token",
            client_id="c",
            client_secret="s",
        )
        await partners.create(session, tenant_id="other", id="north", name="Theirs")
        await routes.create(
            session,
            shop_id="acme",
            match_kind="vendor",
            match_value="Nordwind",
            tenant_id="other",
            partner_id="north",
        )
    report = await load(world, ROUTES)
    assert "tenant other" in reasons(report)[2]


async def test_too_much_is_refused_before_it_is_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_import, "MAX_ROWS", 1)
    with pytest.raises(CsvTooLarge, match="rows"):
        await load(world, ROUTES)
    monkeypatch.setattr(csv_rows, "MAX_CHARACTERS", 20)
    with pytest.raises(CsvTooLarge, match="characters"):
        await load(world, ROUTES)
    assert await stored(world) == set()


async def test_an_unknown_shop_or_tenant_is_an_error(world: World) -> None:
    with pytest.raises(NotFoundError):
        await import_routes(world.database, "nope", ROUTES, dry_run=True, now=world.now)
    with pytest.raises(NotFoundError):
        await import_location_mappings(world.database, "nope", "", dry_run=False, now=world.now)


async def test_location_mappings_are_added_and_updated(world: World) -> None:
    text = (
        "code\tshop_id\tlocation_id\tpartner_id\n"
        "WH1\tacme\t11\tnorth\nWH1\tacme\tgid://shopify/Location/12\t\n"
    )
    assert counts(await load_mappings(world, text)) == (2, 0, 0)
    assert await mapped(world) == {
        ("WH1", "north", "acme", "gid://shopify/Location/11"),
        ("WH1", "*", "acme", "gid://shopify/Location/12"),
    }
    assert counts(await load_mappings(world, text.replace("\t11\t", "\t13\t"))) == (0, 1, 1)
    assert ("WH1", "north", "acme", "gid://shopify/Location/13") in await mapped(world)


async def test_bad_location_mappings_are_named(world: World) -> None:
    text = (
        "code,shop_id,location_id,partner_id\n"
        "A,acme,1,\nB,bolt,1,\nC,acme,gid://shopify/Order/1,\nD,acme,1,nobody\nA,acme,2,*\n"
    )
    report = await load_mappings(world, text)
    found = reasons(report)
    assert set(found) == {3, 4, 5, 6}
    assert "bolt" in found[3]
    assert "Line 2" in found[6]
    assert await mapped(world) == set()


async def test_a_mapping_unparks_the_tenants_and_its_shops_events(world: World) -> None:
    events = await parked(world, "acme", "demo", "bolt")
    report = await load_mappings(world, "code,shop_id,location_id\nA,acme,1\n")
    assert report.unparked == 2
    assert await due(world, events) == [True, True, False]
