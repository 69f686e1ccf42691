"""Tokens, headers, versions, errors, cost, throttling, the record of calls."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, parse

from emulators.shopify.engine.cost import connection_cost, query_cost
from emulators.shopify.engine.schema import load_schema

if TYPE_CHECKING:
    from pathlib import Path

    from tests.emulators.shopify.conftest import Driver

TAG = 'mutation Tag($id: ID!) { tagsAdd(id: $id, tags: ["x"]) { userErrors { message } } }'


async def token_request(shop: Driver, **changed: str) -> Any:
    form = {
        "client_id": "an-app",
        "client_secret": "a-client-secret",
        "grant_type": "client_credentials",
    }
    return await shop.http.post("/acme/admin/oauth/access_token", data=form | changed)


async def test_client_credentials_give_a_token_for_a_day(shop: Driver) -> None:
    response = await token_request(shop)
    assert response.status_code == 200
    body = response.json()
    assert body["expires_in"] == 86399
    assert "write_returns" in body["scope"].split(",")
    shop.token = body["access_token"]
    assert (await shop.post("{ shop { id } }")).status_code == 200
    shop.clock.pass_(seconds=86398)
    assert (await shop.post("{ shop { id } }")).status_code == 200
    shop.clock.pass_(seconds=1)
    response = await shop.post("{ shop { id } }")
    assert response.status_code == 401
    assert "Invalid API key or access token" in response.json()["errors"]


@pytest.mark.parametrize(
    "changed",
    [
        {"client_secret": "wrong"},
        {"client_id": "wrong"},
        {"grant_type": "password"},
    ],
)
async def test_wrong_credentials_give_no_token(shop: Driver, changed: dict[str, str]) -> None:
    response = await token_request(shop, **changed)
    assert response.status_code == 400
    assert "access_token" not in response.json()


async def test_a_token_is_good_for_its_own_shop_only(shop: Driver) -> None:
    await shop.control("/shops/other", {"name": "Other"})
    response = await shop.http.post(
        "/other/admin/api/2026-10/graphql.json",
        json={"query": "{ shop { id } }"},
        headers={"X-Shopify-Access-Token": shop.token},
    )
    assert response.status_code == 401


async def test_a_shop_that_does_not_exist_is_not_found(shop: Driver) -> None:
    for path in ("admin/oauth/access_token", "admin/api/2026-10/graphql.json"):
        response = await shop.http.post(f"/nowhere/{path}", json={"query": "{ shop { id } }"})
        assert response.status_code == 404


async def test_every_answer_has_a_request_id_a_version_and_its_cost(shop: Driver) -> None:
    for query in ("{ shop { id } }", "{ nonsense }", "{ shop {", TAG):
        response = await shop.post(query)
        assert len(response.headers["x-request-id"]) == 36
        assert response.headers["x-shopify-api-version"] == "2026-10"
        cost = response.json()["extensions"]["cost"]
        assert cost["throttleStatus"]["maximumAvailable"] == 2000
        assert cost["throttleStatus"]["restoreRate"] == 100


@pytest.mark.parametrize(
    ("asked", "served"),
    [("2026-10", "2026-10"), ("2026-07", "2026-07"), ("2020-01", "2026-01"), ("x", "2026-10")],
)
async def test_an_unsupported_version_falls_forward(shop: Driver, asked: str, served: str) -> None:
    response = await shop.post("{ shop { id } }", version=asked)
    assert response.headers["x-shopify-api-version"] == served


async def test_an_invalid_query_is_refused_by_the_schema(shop: Driver) -> None:
    body = await shop.body("{ shop { noSuchField } }")
    assert "noSuchField" in body["errors"][0]["message"]
    assert "data" not in body
    missing = await shop.body("query O($id: ID!) { order(id: $id) { id } }")
    assert "$id" in missing["errors"][0]["message"]


async def test_a_body_that_is_no_request_is_a_bad_request(shop: Driver) -> None:
    for body in (b"", b"[]", b'{"query": 1}', b'{"query": "{ shop { id } }", "variables": []'):
        response = await shop.http.post(
            "/acme/admin/api/2026-10/graphql.json",
            content=body,
            headers={"X-Shopify-Access-Token": shop.token},
        )
        assert response.status_code == 400


async def test_what_is_not_supported_is_denied_and_not_invented(shop: Driver) -> None:
    order = await shop.order()
    body = await shop.body(
        "query O($id: ID!) { order(id: $id) { id email } }", id=order["order_id"]
    )
    (error,) = body["errors"]
    assert error["extensions"]["code"] == "ACCESS_DENIED"
    assert error["extensions"]["emulator"] == "not supported"
    assert body["data"]["order"] == {"id": order["order_id"], "email": None}
    mutation = """mutation O($id: ID!) { orderClose(input: {id: $id}) {
      order { id } userErrors { message } } }"""
    refused = await shop.body(mutation, id=order["order_id"])
    assert refused["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    assert refused["data"]["orderClose"] is None


async def test_a_missing_scope_denies_access(shop: Driver) -> None:
    order = await shop.order()
    token = shop.emulator.tokens[shop.token]
    fewer = frozenset(token.scopes - {"write_orders", "read_returns"})
    shop.emulator.tokens[shop.token] = type(token)(token.shop, fewer, token.expires_at)
    body = await shop.body(TAG, id=order["order_id"])
    assert body["errors"][0]["extensions"]["requiredAccess"] == "`write_orders` access scope."
    returns = "query R($id: ID!) { order(id: $id) { returns(first: 1) { nodes { id } } } }"
    body = await shop.body(returns, id=order["order_id"])
    assert body["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"


def cost_of(schema: Path, query: str, **variables: Any) -> int:
    document = parse(query)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    rest = document.definitions[1:]
    fragments = {d.name.value: d for d in rest if isinstance(d, FragmentDefinitionNode)}
    return query_cost(load_schema(schema), operation, fragments, variables)


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{ shop { id name } }", 1),
        ("{ shop { id plan { shopifyPlus } } }", 2),
        ("{ orders(first: 10) { nodes { id } } }", math.floor(2 + 2 * math.log(10))),
        ("{ orders(first: 10) { edges { cursor node { id } } pageInfo { hasNextPage } } }", 6),
        ("{ orders(first: 1) { nodes { id } } }", 2),
        ("{ orders(first: 250) { nodes { id } } }", 13),
        ("{ orders(first: 10) { nodes { lineItems(first: 10) { nodes { id } } } } }", 46),
        ('mutation { tagsAdd(id: "x", tags: []) { node { id } userErrors { message } } }', 10),
        ('{ nodes(ids: ["a", "b", "c"]) { id } }', 3),
    ],
)
def test_the_cost_of_a_query_follows_the_documented_rule(
    schema_path: Path, query: str, cost: int
) -> None:
    assert cost_of(schema_path, query) == cost


def test_the_default_of_a_variable_counts_where_it_is_not_given(schema_path: Path) -> None:
    query = "query O($n: Int = 100) { orders(first: $n) { nodes { id } } }"
    assert cost_of(schema_path, query) == 11
    assert cost_of(schema_path, query, n=1) == 2


def test_the_page_size_counts_where_it_is_a_variable(schema_path: Path) -> None:
    query = "query O($n: Int!) { orders(first: $n) { ...Names } } fragment Names on OrderConnection { nodes { id } }"
    assert cost_of(schema_path, query, n=100) == connection_cost(100, 1) == 11


async def test_the_actual_cost_is_charged_and_the_rest_given_back(shop: Driver) -> None:
    body = await shop.body("{ orders(first: 250) { nodes { id } } }")
    cost = body["extensions"]["cost"]
    assert (cost["requestedQueryCost"], cost["actualQueryCost"]) == (13, 2)
    assert cost["throttleStatus"]["currentlyAvailable"] == 1998


async def test_an_empty_bucket_throttles_with_status_200_and_refills(shop: Driver) -> None:
    order = await shop.order()
    await shop.control("/limits", {"bucket_size": 15, "restore_rate": 5}, verb="PUT")
    await shop.ask(TAG, id=order["order_id"])
    response = await shop.post(TAG, id=order["order_id"])
    assert response.status_code == 200
    body = response.json()
    assert body["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert "data" not in body
    assert body["extensions"]["cost"] == {
        "requestedQueryCost": 10,
        "actualQueryCost": None,
        "throttleStatus": {
            "maximumAvailable": 15.0,
            "currentlyAvailable": 5,
            "restoreRate": 5.0,
        },
    }
    shop.clock.pass_(seconds=1)
    await shop.ask(TAG, id=order["order_id"])


async def test_throttling_can_be_forced(shop: Driver) -> None:
    await shop.control("/faults", {"api": {"throttle": True}}, verb="PUT")
    body = await shop.body("{ shop { id } }")
    assert body["errors"][0]["message"] == "Throttled"


async def test_a_query_over_1000_points_is_never_executed(shop: Driver) -> None:
    query = """{ orders(first: 250) { nodes { lineItems(first: 250) { nodes { id
      product { id variants(first: 250) { nodes { id } } } } } } } }"""
    body = await shop.body(query)
    error = body["errors"][0]["extensions"]
    assert (error["code"], error["maxCost"]) == ("MAX_COST_EXCEEDED", 1000)
    assert error["cost"] > 1000
    assert body["extensions"]["cost"]["throttleStatus"]["currentlyAvailable"] == 2000


async def test_every_mutation_is_on_record_with_its_outcome(shop: Driver) -> None:
    order = await shop.order()
    request_id = (await shop.post(TAG, id=order["order_id"])).headers["x-request-id"]
    await shop.post(TAG, id="gid://shopify/Order/999999")
    await shop.post(TAG, id="nonsense")
    await shop.post("{ shop { id } }")
    await shop.control("/faults", {"api": {"throttle": True}}, verb="PUT")
    await shop.post(TAG, id=order["order_id"])
    calls = (await shop.control("/calls", verb="GET"))["calls"]
    assert [c["outcome"] for c in calls] == ["ok", "user_errors", "error", "throttled"]
    first = calls[0]
    assert first["operation"] == "Tag"
    assert first["mutations"][0]["field"] == "tagsAdd"
    assert calls[3]["mutations"][0]["field"] == "tagsAdd"
    assert first["variables"] == {"id": order["order_id"]}
    assert first["request_id"] == request_id
    since = await shop.control(f"/calls?since={calls[1]['number']}", verb="GET")
    assert [c["outcome"] for c in since["calls"]] == ["error", "throttled"]
    at = shop.clock.at.isoformat().replace("+", "%2B")
    assert (await shop.control(f"/calls?since={at}", verb="GET"))["calls"] == []
    await shop.control("/calls?since=yesterday", verb="GET", status=400)


async def test_the_app_sees_its_shop_and_its_scopes(shop: Driver) -> None:
    found = await shop.ask(
        """{ currentAppInstallation { id accessScopes { handle } }
          shop { id name myshopifyDomain currencyCode ianaTimezone }
          publicApiVersions { handle supported } }"""
    )
    assert found["shop"]["myshopifyDomain"] == "acme.myshopify.com"
    handles = {s["handle"] for s in found["currentAppInstallation"]["accessScopes"]}
    assert {"read_returns", "write_returns", "write_orders"} <= handles
    assert found["publicApiVersions"][0]["handle"] == "2026-10"


async def test_nodes_are_found_by_id_in_the_order_asked(shop: Driver) -> None:
    order = await shop.order()
    return_id = await shop.requested(order)
    ids = [return_id, "gid://shopify/Order/999999", order["order_id"]]
    found = await shop.ask(
        "query N($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Return { status } } }",
        ids=ids,
    )
    assert found["nodes"] == [
        {"__typename": "Return", "id": return_id, "status": "REQUESTED"},
        None,
        {"__typename": "Order", "id": order["order_id"]},
    ]
