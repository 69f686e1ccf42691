"""The OpenAPI document, the page made from it, and what it promises."""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator

from api.access import is_public
from api.docs import resolved
from api.errors import PROBLEMS


def operations(app: FastAPI) -> list[tuple[str, str, dict[str, Any]]]:
    document = app.openapi()
    return [
        (path, method, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def test_every_reference_leads_somewhere(app: FastAPI) -> None:
    document = app.openapi()
    known = set(document["components"]["schemas"])
    used = set(
        re.findall(
            r"#/components/schemas/([\w.-]+)", str(document["paths"]) + str(document["components"])
        )
    )
    assert used <= known
    assert "HTTPValidationError" not in known


def test_every_operation_is_explained_and_tagged(app: FastAPI) -> None:
    tags = {tag["name"] for tag in app.openapi()["tags"]}
    ids = [operation["operationId"] for _, _, operation in operations(app)]
    assert len(ids) == len(set(ids))
    for path, method, operation in operations(app):
        assert operation["summary"], path
        assert set(operation["tags"]) <= tags, path
        assert "500" in operation["responses"], f"{method} {path}"


def test_every_operation_says_who_may_call_it(app: FastAPI) -> None:
    for path, method, operation in operations(app):
        if is_public(path):
            assert operation["security"] == []
        else:
            assert operation["security"] == [{"apiKey": []}, {"session": []}]
            assert operation["x-scope"] in {"read", "operate", "admin"}, f"{method} {path}"
            assert {"401", "403"} <= operation["responses"].keys()


def test_every_body_has_an_example_that_fits_it(app: FastAPI) -> None:
    document = app.openapi()
    checked = 0
    for path, _, operation in operations(app):
        for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
            if media_type == "multipart/form-data":
                fields = resolved(document, content["schema"])["properties"]
                assert all(field.get("description") for field in fields.values()), path
                continue
            examples = [one["value"] for one in content.get("examples", {}).values()]
            examples += [content["example"]] if "example" in content else []
            examples += content["schema"].get("examples", [])
            assert examples, f"{path} has no example"
            schema = {**content["schema"], "components": document["components"]}
            for example in examples:
                Draft202012Validator(schema).validate(example)
                checked += 1
    assert checked >= 25


def test_every_problem_it_names_is_one_of_ours(app: FastAPI) -> None:
    named = set(re.findall(r"urn:gridcase:problem:([a-z-]+)", str(app.openapi()["paths"])))
    assert named <= set(PROBLEMS)
    assert len(named) > 25


async def test_the_document_is_served_and_made_once(api: Any, app: FastAPI) -> None:
    answer = await api.get("/openapi.json")
    assert answer.json()["openapi"].startswith("3.1")
    assert app.openapi() is app.openapi()


async def test_the_page_shows_every_operation_and_needs_no_other_host(
    api: Any, app: FastAPI
) -> None:
    answer = await api.get("/docs")
    assert answer.status_code == 200
    for path, _, operation in operations(app):
        assert f'id="{operation["operationId"]}"' in answer.text
        assert path in answer.text
    assert "<script" not in answer.text
    assert "`" not in answer.text
    assert "approve_accepted | refund" in answer.text  # an enum shows its values
    assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.text)
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/redoc", "/docs/oauth2-redirect"])
async def test_the_frameworks_own_pages_are_gone(api: Any, path: str) -> None:
    assert (await api.by("admin", "GET", path)).status_code == 404
