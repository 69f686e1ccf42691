from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid, SetClock

GOOD = {
    "client_id": "demo-client",
    "client_secret": "demo-secret",
    "grant_type": "client_credentials",
}
ADDRESS = "/tenants/demo/oauth2/token"


@pytest.mark.parametrize("how", ["data", "json"])
async def test_form_and_json_both_get_a_bearer_token(grid: "Grid", how: str) -> None:
    answer = await grid.http.post(ADDRESS, **{how: GOOD})  # type: ignore[arg-type]
    assert answer.status_code == 200
    body = answer.json()
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 3600
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": None}, 400, "invalid_request"),
    ],
)
async def test_a_bad_token_request_is_refused_as_oauth2_says(
    grid: "Grid", change: dict[str, Any], status: int, error: str
) -> None:
    answer = await grid.http.post(ADDRESS, json={**GOOD, **change})
    assert answer.status_code == status
    assert answer.json()["error"] == error


async def test_an_unknown_tenant_is_refused_like_a_wrong_client(grid: "Grid") -> None:
    answer = await grid.http.post("/tenants/nowhere/oauth2/token", data=GOOD)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_a_body_that_is_no_object_is_an_invalid_request(grid: "Grid") -> None:
    answer = await grid.http.post(ADDRESS, json=["client_credentials"])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("header", [None, "Bearer nonsense", "Basic ZGVtbzpkZW1v"])
async def test_without_a_valid_token_everything_is_401(grid: "Grid", header: str | None) -> None:
    answer = await grid.http.get(
        "/tradinggrid/v1/cases", headers={"Authorization": header} if header else {}
    )
    assert answer.status_code == 401
    assert answer.json()["errorCode"] == "invalid_token"
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_token_works_until_it_expires(grid: "Grid", clock: "SetClock") -> None:
    clock.forward(seconds=3599)
    await grid.get("/cases")
    clock.forward(seconds=1)
    assert (await grid.call("GET", "/cases")).status_code == 401


async def test_tokens_can_be_made_to_expire_by_a_control_call(grid: "Grid") -> None:
    await grid.control("POST", "/tenants/demo/expire-tokens", status=204)
    assert (await grid.call("GET", "/cases")).status_code == 401
    again = await grid.login("demo", "demo-client", "demo-secret")
    await again.get("/cases")


async def test_the_token_address_takes_only_post(grid: "Grid") -> None:
    answer: httpx.Response = await grid.http.get(ADDRESS)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
