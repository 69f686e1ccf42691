"""Tenants, shops, partners, routes, mappings, policies, switches, the inbox, keys."""

from datetime import UTC, datetime
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.worker import Worker

from api.services import Services
from persistence.repositories import inbound_events, shops, tenants
from persistence.tables import Case

TENANT = {
    "id": "south",
    "name": "South",
    "base_url": "https://tg.example/v1",
    "token_url": "https://tg.example/token",
    "client_id": "c",
    "client_secret": "very secret",
}
SHOP = {
    "id": "bolt",
    "domain": "bolt.myshopify.com",
    "tenant_id": "north",
    "name": "Bolt",
    "client_id": "app",
    "client_secret": "very secret",
    "access_token": "very secret token",
}
ROUTE = {
    "shop_id": "acme",
    "match_kind": "vendor",
    "match_value": "Acme Textiles",
    "partner_id": "p-1",
}
MAPPING = {"tenant_id": "north", "code": "WH-1", "shop_id": "acme", "location_id": "655441491"}
POLICY = {"shop_id": "acme", "terms": {"answer_within": {"hours": 12}, "refund": "automatic"}}
PARTNER = {"id": "p-9", "name": "Nine"}

RESOURCES = [
    ("/tenants", TENANT, "/tenants/south", {"name": "Southern"}),
    ("/shops", SHOP, "/shops/bolt", {"name": "Bolt & Nut"}),
    ("/tenants/north/partners", PARTNER, "/tenants/north/partners/p-9", {"status": "retired"}),
    ("/routes", ROUTE, "/routes/1", {"partner_id": "p-2"}),
    ("/location-mappings", MAPPING, "/location-mappings/1", {"location_id": "7"}),
    ("/policies", POLICY, "/policies/1", {"terms": {"answer_within": {"business_days": 2}}}),
]


@pytest.mark.parametrize(
    ("path", "body", "one", "edit"), RESOURCES, ids=lambda value: str(value)[:24]
)
async def test_a_row_is_made_read_and_edited_by_version(
    api: Any, network: Services, path: str, body: Any, one: str, edit: Any
) -> None:
    made = await api.by("admin", "POST", path, json=body)
    assert made.status_code == 201, made.text
    assert made.headers["etag"] == '"1"'
    again = await api.by("admin", "POST", path, json=body)
    assert again.status_code == 409
    assert again.json()["type"] == "urn:gridcase:problem:already-exists"
    read = await api.by("read", "GET", one)
    assert read.json() == made.json()
    assert read.headers["etag"] == '"1"'
    assert "very secret" not in made.text + read.text
    assert made.json() in (await api.by("read", "GET", path)).json()

    bare = await api.by("admin", "PATCH", one, json=edit)
    assert bare.status_code == 428
    odd = await api.by("admin", "PATCH", one, json=edit, headers={"If-Match": "*"})
    assert odd.status_code == 422
    edited = await api.by("admin", "PATCH", one, json=edit, headers={"If-Match": '"1"'})
    assert edited.status_code == 200, edited.text
    assert edited.headers["etag"] == '"2"'
    assert edited.json()["version"] == 2
    stale = await api.by("admin", "PATCH", one, json=edit, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert stale.json()["type"] == "urn:gridcase:problem:stale-version"
    typo = await api.by("admin", "PATCH", one, json={"nmae": 1}, headers={"If-Match": '"2"'})
    assert typo.status_code == 422


@pytest.mark.parametrize("one", ["/routes", "/location-mappings", "/policies"])
async def test_a_row_is_removed(api: Any, network: Services, one: str) -> None:
    body = {"/routes": ROUTE, "/location-mappings": MAPPING, "/policies": POLICY}[one]
    await api.by("admin", "POST", one, json=body)
    assert (await api.by("operate", "DELETE", f"{one}/1")).status_code == 403
    assert (await api.by("admin", "DELETE", f"{one}/1")).status_code == 204
    assert (await api.by("admin", "DELETE", f"{one}/1")).status_code == 404
    assert (await api.by("read", "GET", f"{one}/1")).status_code == 404


async def test_secrets_are_sealed_and_an_edit_replaces_them(api: Any, network: Services) -> None:
    await api.by("admin", "POST", "/tenants", json=TENANT)
    await api.by("admin", "POST", "/shops", json=SHOP)
    for one in ("/tenants/south", "/shops/bolt"):
        answer = await api.by(
            "admin", "PATCH", one, json={"client_secret": "a new one"}, headers={"If-Match": "1"}
        )
        assert answer.status_code == 200
        assert "a new one" not in answer.text
    async with network.database.read() as session:
        tenant = await tenants.get(session, "south")
        shop = await shops.get(session, "bolt")
    assert tenants.client_secret(network.box, tenant).get_secret_value() == "a new one"
    assert [secret.get_secret_value() for secret in shops.webhook_secrets(network.box, shop)] == [
        "a new one",
        "very secret",
    ]
    token = shops.access_token(network.box, shop)
    assert token is not None
    assert token.get_secret_value() == "very secret token"


@pytest.mark.parametrize(
    ("one", "edit", "status"),
    [
        ("/tenants/north", {"client_id": None}, 422),
        ("/tenants/north", {"client_secret": None}, 422),
        ("/tenants/north", {"base_url": "https://user@tg.example"}, 422),
        ("/shops/acme", {"client_secret": None}, 422),
        ("/shops/acme", {"admin_base": None, "access_token": None}, 200),
        ("/tenants/north/partners/p-1", {"name": None}, 422),
        ("/tenants/north/partners/p-1", {"contact_note": None}, 200),
    ],
)
async def test_only_what_may_be_empty_can_be_emptied(
    api: Any, network: Services, one: str, edit: Any, status: int
) -> None:
    answer = await api.by("admin", "PATCH", one, json=edit, headers={"If-Match": '"1"'})
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/tenants", TENANT | {"id": "Not A Handle"}, 422),
        ("/tenants", TENANT | {"base_url": "ftp://x"}, 422),
        ("/shops", SHOP | {"tenant_id": "nobody"}, 404),
        ("/shops", SHOP | {"domain": "bolt.example"}, 422),
        ("/tenants/nobody/partners", PARTNER, 404),
        ("/tenants/north/partners", PARTNER | {"id": "*"}, 422),
        ("/routes", ROUTE | {"shop_id": "nobody"}, 404),
        ("/routes", ROUTE | {"partner_id": "nobody"}, 404),
        ("/routes", ROUTE | {"lifecycle": "nothing"}, 422),
        ("/routes", ROUTE | {"match_kind": "location", "match_value": "Berlin"}, 422),
        ("/location-mappings", MAPPING | {"location_id": "gid://shopify/Order/1"}, 422),
        ("/location-mappings", MAPPING | {"partner_id": "nobody"}, 404),
        ("/policies", POLICY | {"partner_id": "nobody"}, 404),
        ("/policies", POLICY | {"shop_id": "*", "partner_id": "nobody"}, 422),
    ],
)
async def test_what_does_not_fit_is_refused(
    api: Any, network: Services, path: str, body: Any, status: int
) -> None:
    answer = await api.by("admin", "POST", path, json=body)
    assert answer.status_code == status, answer.text


async def test_two_routes_cannot_differ_in_case_alone(api: Any, network: Services) -> None:
    assert (await api.by("admin", "POST", "/routes", json=ROUTE)).status_code == 201
    other = ROUTE | {"match_value": " ACME textiles ", "partner_id": "p-2"}
    assert (await api.by("admin", "POST", "/routes", json=other)).status_code == 409


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"anwser_within": {"hours": 1}}, "body.terms.anwser_within"),
        ({"answer_within": {"hours": 1, "minutes": 5}}, "body.terms.answer_within.minutes"),
        ({"answer_within": {}}, "body.terms.answer_within"),
        ({"answer_within": {"hours": 0}}, "body.terms.answer_within.hours"),
        ({"reminders": [0.5, 1.5]}, "body.terms.reminders"),
        ({"refund": "sometimes"}, "body.terms.refund"),
        ({"version": "mine"}, "body.terms.version"),
        ({"notify": ["maria"]}, "body.terms.notify.0"),
        (
            {"approve_under": {"amount": "5", "currency": "euro"}},
            "body.terms.approve_under.currency",
        ),
    ],
)
async def test_terms_are_checked_field_by_field(
    api: Any, network: Services, terms: Any, field: str
) -> None:
    answer = await api.by("admin", "POST", "/policies", json={"shop_id": "acme", "terms": terms})
    assert answer.status_code == 422, answer.text
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert (await api.by("read", "GET", "/policies")).json() == []


async def test_terms_for_all_lifecycles_say_only_what_all_share(
    api: Any, network: Services
) -> None:
    common = {"lifecycle": "*", "terms": {"merchant_within": {"hours": 4}}}
    assert (await api.by("admin", "POST", "/policies", json=common)).status_code == 201
    special = {"lifecycle": "*", "priority": "high", "terms": {"refund": "never"}}
    assert (await api.by("admin", "POST", "/policies", json=special)).status_code == 422


@pytest.mark.parametrize(
    ("lifecycle", "terms", "of_another"),
    [
        ("order_exception", {"hold_late_lines": False}, {"refund": "never"}),
        ("purchase_order", {"price_tolerance": "0.05"}, {"hold_late_lines": False}),
        ("shipping_documents", {"required_documents": ["certificate"]}, {"auto_send": False}),
        ("return_claim", {"auto_close": False}, {"auto_fulfil": False}),
    ],
)
async def test_each_lifecycle_has_terms_of_its_own(
    api: Any, network: Services, lifecycle: str, terms: Any, of_another: Any
) -> None:
    policy = {"shop_id": "acme", "lifecycle": lifecycle, "terms": terms | {"reminders": [0.5]}}
    made = await api.by("admin", "POST", "/policies", json=policy)
    assert made.status_code == 201, made.text
    assert made.json()["terms"] == policy["terms"]
    (name,) = of_another
    wrong = await api.by("admin", "POST", "/policies", json=policy | {"terms": of_another})
    assert wrong.status_code == 422
    assert [error["field"] for error in wrong.json()["errors"]] == [f"body.terms.{name}"]


async def test_papers_that_no_partner_can_send_are_not_required(
    api: Any, network: Services
) -> None:
    terms = {"required_documents": ["asn", "packing_slip"]}
    policy = {"shop_id": "acme", "lifecycle": "shipping_documents", "terms": terms}
    answer = await api.by("admin", "POST", "/policies", json=policy)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == "body.terms.required_documents.1"
    assert "packing_list" in error["message"]


async def parked(services: Services, scope: str = "acme") -> int:
    async with services.database.begin() as session:
        event, _ = await inbound_events.insert(
            session,
            source="shopify",
            scope=scope,
            topic="carts/update",
            delivery_id=f"{scope}-1",
            body=b"{}",
            headers={"x-shopify-topic": "carts/update"},
            now=datetime.now(UTC),
        )
        await inbound_events.settle(
            session, event.id, status="parked", reason="no route", now=datetime.now(UTC)
        )
    return event.id


@pytest.mark.parametrize(("path", "body"), [("/routes", ROUTE), ("/location-mappings", MAPPING)])
async def test_a_new_mapping_takes_parked_events_up(
    api: Any, temporal: Client, network: Services, path: str, body: Any
) -> None:
    mine, others = await parked(network), await parked(network, "elsewhere")
    assert (await api.by("admin", "POST", path, json=body)).status_code == 201
    await network.background.drain(10)
    async with network.database.read() as session:
        assert (await inbound_events.get(session, mine)).status == "ignored"
        assert (await inbound_events.get(session, others)).status == "parked"


CSV = "match_kind,match_value,partner_id\nvendor,Acme Textiles,p-1\nsku_prefix,AB-,p-2\n"


async def test_a_table_is_checked_first_and_then_imported(api: Any, network: Services) -> None:
    path, csv = "/shops/acme/routes/import", {"Content-Type": "text/csv; charset=utf-8"}
    dry = await api.by("admin", "POST", path, content=CSV, headers=csv)
    assert dry.status_code == 200, dry.text
    assert (dry.json()["applied"], dry.json()["created"]) == (False, 2)
    assert (await api.by("read", "GET", "/routes")).json() == []
    done = await api.by("admin", "POST", f"{path}?dry_run=false", content=CSV, headers=csv)
    assert (done.json()["applied"], done.json()["created"]) == (True, 2)
    assert len((await api.by("read", "GET", "/routes?shop=acme")).json()) == 2
    bad = CSV + "vendor,Nobody,p-7\n"
    report = await api.by("admin", "POST", f"{path}?dry_run=false", content=bad, headers=csv)
    assert report.json()["applied"] is False
    assert report.json()["errors"][0]["line"] == 4


async def test_location_mappings_are_imported_for_a_tenant(api: Any, network: Services) -> None:
    csv = "code,shop_id,location_id\nWH-1,acme,655441491\n"
    answer = await api.by(
        "admin",
        "POST",
        "/tenants/north/location-mappings/import?dry_run=false",
        content=csv,
        headers={"Content-Type": "text/csv"},
    )
    assert answer.json()["created"] == 1, answer.text
    (row,) = (await api.by("read", "GET", "/location-mappings?tenant=north")).json()
    assert row["location_gid"] == "gid://shopify/Location/655441491"


@pytest.mark.parametrize(
    ("path", "content", "type_", "status"),
    [
        ("/shops/acme/routes/import", b"{}", "application/json", 415),
        ("/shops/acme/routes/import", b"\xff\xfe", "text/csv", 422),
        ("/shops/acme/routes/import", b"a" * 2_000_001, "text/csv", 413),
        ("/shops/acme/routes/import", b"a" * 5_000_001, "text/csv", 413),
        ("/shops/nobody/routes/import", CSV.encode(), "text/csv", 404),
        ("/tenants/nobody/location-mappings/import", b"code", "text/csv", 404),
    ],
)
async def test_a_table_that_cannot_be_read_is_refused(
    api: Any, network: Services, path: str, content: bytes, type_: str, status: int
) -> None:
    answer = await api.by("admin", "POST", path, content=content, headers={"Content-Type": type_})
    assert answer.status_code == status, answer.text


async def test_a_switch_is_set_renewed_listed_and_lifted(api: Any, network: Services) -> None:
    body = {"shop_id": "acme", "reason": "Stocktaking."}
    first = await api.by("admin", "PUT", "/switches/shadow", json=body)
    assert first.status_code == 200, first.text
    assert first.json()["set_by"] == "operator:admin-key"
    second = await api.by("admin", "PUT", "/switches/shadow", json=body | {"reason": "Still."})
    assert second.json()["since"] == first.json()["since"]
    assert (await api.by("read", "GET", "/switches?kind=shadow")).json() == [second.json()]
    assert (await api.by("read", "GET", "/switches?kind=pause")).json() == []
    off = "/switches/shadow?shop_id=acme"
    assert (await api.by("admin", "DELETE", off)).status_code == 204
    assert (await api.by("admin", "DELETE", off)).status_code == 404
    assert (await api.by("admin", "PUT", "/switches/off", json=body)).status_code == 422
    unknown = body | {"shop_id": "nobody"}
    assert (await api.by("admin", "PUT", "/switches/pause", json=unknown)).status_code == 404


async def test_turning_a_pause_tells_the_open_cases_it_covers(
    api: Any, temporal: Client, network: Services, running_case: Case, worker: Worker
) -> None:
    for where in ({"shop_id": "acme"}, {"shop_id": "acme", "partner_id": "p-2"}):
        answer = await api.by("admin", "PUT", "/switches/pause", json=where | {"reason": "x"})
        assert answer.status_code == 200
        await network.background.drain(10)
    await api.by("admin", "DELETE", "/switches/pause?shop_id=acme")
    await network.background.drain(10)
    snapshot = await temporal.get_workflow_handle(running_case.id).query("current")
    assert snapshot["detail"]["heard"] == ["pause", "pause"]  # p-2 is not asked in it


async def test_a_pause_holds_although_cases_cannot_be_told(
    api: Any, network: Services, case: Case
) -> None:
    answer = await api.by("admin", "PUT", "/switches/pause", json={"reason": "Temporal is down."})
    assert answer.status_code == 200
    assert len((await api.by("read", "GET", "/switches")).json()) == 1


async def test_events_are_listed_read_and_replayed(
    api: Any, temporal: Client, network: Services
) -> None:
    event = await parked(network)
    await parked(network, "elsewhere")
    listed = await api.by("read", "GET", "/inbound-events?limit=1")
    assert len(listed.json()["items"]) == 1
    assert 'rel="next"' in listed.headers["link"]
    only = await api.by("read", "GET", "/inbound-events?scope=acme&status=parked")
    assert [item["id"] for item in only.json()["items"]] == [event]
    detail = (await api.by("read", "GET", f"/inbound-events/{event}")).json()
    assert detail["headers"] == {"x-shopify-topic": "carts/update"}
    assert (detail["reason"], detail["has_body"]) == ("no route", True)
    assert "body" not in detail
    assert (await api.by("operate", "GET", f"/inbound-events/{event}/body")).status_code == 403
    body = await api.by("admin", "GET", f"/inbound-events/{event}/body")
    assert body.content == b"{}"
    replayed = await api.by("operate", "POST", f"/inbound-events/{event}/replay")
    assert replayed.status_code == 202
    assert replayed.json()["status"] == "received"
    await network.background.drain(10)
    after = await api.by("read", "GET", f"/inbound-events/{event}")
    assert after.json()["status"] == "ignored"


async def test_parked_events_are_replayed_together(
    api: Any, temporal: Client, network: Services
) -> None:
    mine, others = await parked(network), await parked(network, "elsewhere")
    answer = await api.by(
        "operate", "POST", "/inbound-events/replay-parked", json={"scope": "acme"}
    )
    assert answer.json() == {"unparked": 1}
    await network.background.drain(10)
    async with network.database.read() as session:
        assert (await inbound_events.get(session, mine)).status == "ignored"
        assert (await inbound_events.get(session, others)).status == "parked"


async def test_an_event_past_its_retention_cannot_be_replayed(api: Any, network: Services) -> None:
    event = await parked(network)
    now = datetime.now(UTC)
    async with network.database.begin() as session:
        await inbound_events.purge_bodies(session, now, now)
    for method, path in (("POST", "replay"), ("GET", "body")):
        answer = await api.by("admin", method, f"/inbound-events/{event}/{path}")
        assert answer.status_code == 410
        assert answer.json()["type"] == "urn:gridcase:problem:body-purged"
    assert (await api.by("read", "GET", "/inbound-events/999")).status_code == 404


async def test_a_key_is_shown_once_works_and_is_revoked(api: Any, network: Services) -> None:
    made = await api.by("admin", "POST", "/api-keys", json={"name": "helpdesk", "scopes": ["read"]})
    assert made.status_code == 201
    key, key_id = made.json()["key"], made.json()["id"]
    headers = {"Authorization": f"Bearer {key}"}
    assert (await api.get("/cases", headers=headers)).status_code == 200
    listed = await api.by("admin", "GET", "/api-keys")
    assert key_id in [row["id"] for row in listed.json()]
    assert key not in listed.text
    assert "hash" not in listed.text
    revoked = await api.by("admin", "DELETE", f"/api-keys/{key_id}")
    assert revoked.json()["revoked_at"] is not None
    assert (await api.get("/cases", headers=headers)).status_code == 401
    assert (await api.by("admin", "DELETE", "/api-keys/nobodys")).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["root"]},
        {"name": "operator:x", "scopes": ["read"]},
        {"name": "x", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00Z"},
    ],
)
async def test_a_bad_key_is_not_made(api: Any, network: Services, body: Any) -> None:
    assert (await api.by("admin", "POST", "/api-keys", json=body)).status_code == 422


async def test_connect_reports_what_could_not_be_done(api: Any, network: Services) -> None:
    answer = await api.by("admin", "POST", "/shops/acme/connect")
    assert answer.status_code == 200, answer.text
    assert answer.json()["connected"] is False
    assert answer.json()["steps"]
    assert (await api.by("admin", "POST", "/shops/nobody/connect")).status_code == 404
    shop = (await api.by("read", "GET", "/shops/acme")).json()
    assert shop["last_connect"]["connected"] is False


async def test_an_address_of_ours_that_nobody_can_reach_is_said(
    api: Any, network: Services
) -> None:
    object.__setattr__(network.settings, "public_url", "not an address")
    answer = await api.by("admin", "POST", "/shops/acme/connect")
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:gridcase:problem:not-configured"


async def test_what_shopify_does_not_answer_is_a_503(api: Any, network: Services) -> None:
    preview = await api.by("operate", "GET", "/shops/acme/orders/450789469/preview")
    since = {"since": "2026-10-01T00:00:00Z"}
    backfill = await api.by("admin", "POST", "/shops/acme/backfill", json=since)
    for answer in (preview, backfill):
        assert answer.status_code == 503, answer.text
        assert answer.json()["type"] == "urn:gridcase:problem:unavailable-outside"
        assert int(answer.headers["retry-after"]) > 0


async def test_a_backfill_of_the_future_is_refused(api: Any, network: Services) -> None:
    for since in ("2099-01-01T00:00:00Z", "2026-01-01T00:00:00"):
        answer = await api.by("admin", "POST", "/shops/acme/backfill", json={"since": since})
        assert answer.status_code == 422


async def test_a_shop_that_cannot_work_says_so(api: Any, network: Services) -> None:
    async with network.database.begin() as session:
        await shops.note_uninstalled(session, "acme", datetime.now(UTC))
    answer = await api.by("operate", "GET", "/shops/acme/orders/1/preview")
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:gridcase:problem:not-configured"
