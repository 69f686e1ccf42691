from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid


async def test_a_partner_is_read_and_listed(grid: "Grid") -> None:
    await grid.control(
        "POST",
        "/partners",
        {
            "id": "ship",
            "name": "Ship It",
            "roles": ["logistics"],
            "identifiers": [{"qualifier": "01", "id": "123456789"}],
            "contacts": [{"name": "Returns desk", "role": "returns"}],
            "status": "invited",
        },
        201,
    )
    partner = await grid.get("/partners/ship")
    assert (partner["name"], partner["roles"]) == ("Ship It", ["logistics"])
    assert partner["identifiers"] == [{"qualifier": "01", "id": "123456789"}]
    assert "behaviour" not in partner
    active = await grid.get("/partners", filter="status eq 'active'", sortby="name")
    assert [one["id"] for one in active["_embedded"]["collection"]] == ["acme"]


async def test_a_partner_is_patched_under_its_etag(grid: "Grid") -> None:
    answer = await grid.call("PATCH", "/partners/acme", json={"status": "suspended"})
    assert answer.status_code == 428
    answer = await grid.call(
        "PATCH", "/partners/acme", json={"status": "suspended"}, headers={"If-Match": '"1"'}
    )
    assert (answer.json()["status"], answer.headers["etag"]) == ("suspended", '"2"')
    (event,) = await grid.events()
    assert (event["type"], event["data"]["id"]) == ("partner.updated", "acme")
    refused = await grid.call(
        "PATCH", "/partners/acme", json={"name": None}, headers={"If-Match": '"2"'}
    )
    assert refused.status_code == 422


async def test_partners_are_not_made_over_the_contract(grid: "Grid") -> None:
    assert (await grid.call("POST", "/partners", json={"name": "X"})).status_code == 405
