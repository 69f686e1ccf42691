"""`/docs`: the OpenAPI document as one page of ours. It needs no script and nothing from another host."""

import json
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.login import PAGE_POLICY, page

router = APIRouter(tags=["people"], include_in_schema=False)

_DEEPEST = 4


@router.get("/")
async def root(request: Request) -> Response:
    """People with a session to their cases; whoever shows a key here is writing a program."""
    target = "/console" if request.state.caller.by_cookie else "/docs"
    return RedirectResponse(target, status_code=303)


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """All operations by tag, with their parameters, bodies, answers and problems. Made once."""
    state = request.app.state
    if not hasattr(state, "docs_page"):
        state.docs_page = _page(request.app.openapi())
    made: HTMLResponse = state.docs_page
    return HTMLResponse(made.body, headers={"Content-Security-Policy": PAGE_POLICY})


def _page(document: dict[str, Any]) -> HTMLResponse:
    groups: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in document["tags"]}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            groups.setdefault(operation["tags"][0], []).append(
                _operation(document, path, method, operation)
            )
    return page(
        "docs.html",
        title=document["info"]["title"],
        version=document["info"]["version"],
        paragraphs=document["info"]["description"].strip().split("\n\n"),
        groups=[(tag, groups[tag["name"]]) for tag in document["tags"] if groups[tag["name"]]],
    )


def _operation(
    document: dict[str, Any], path: str, method: str, operation: dict[str, Any]
) -> dict[str, Any]:
    bodies = operation.get("requestBody", {}).get("content", {})
    return {
        "id": operation["operationId"],
        "path": path,
        "method": method.upper(),
        "summary": operation.get("summary", ""),
        "paragraphs": operation.get("description", "").split("\n\n"),
        "scope": operation.get("x-scope", ""),
        "parameters": [
            {
                "name": parameter["name"],
                "in": parameter["in"],
                "required": parameter.get("required", False),
                "type": type_of(document, parameter["schema"]),
                "text": parameter.get("description", ""),
            }
            for parameter in operation.get("parameters", [])
        ],
        "bodies": [
            {
                "media_type": media_type,
                "fields": fields_of(document, content.get("schema", {})),
                "examples": _examples(document, content),
            }
            for media_type, content in bodies.items()
        ],
        "responses": [
            {
                "status": status,
                "text": response["description"],
                "fields": []
                if int(status) >= 400 and int(status) != 503
                else fields_of(
                    document,
                    response.get("content", {}).get("application/json", {}).get("schema", {}),
                ),
            }
            for status, response in operation["responses"].items()
        ],
    }


def _examples(document: dict[str, Any], content: dict[str, Any]) -> list[tuple[str, str]]:
    if "examples" in content:
        named = content["examples"].items()
        return [(one.get("summary", name), _text(one["value"])) for name, one in named]
    if "example" in content:
        return [("", _text(content["example"]))]
    schema = resolved(document, content.get("schema", {}))
    return [("", _text(example)) for example in schema.get("examples", [])]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The schema a `$ref` leads to, else itself."""
    if "$ref" not in schema:
        return schema
    found: dict[str, Any] = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return found


def fields_of(
    document: dict[str, Any], schema: dict[str, Any], depth: int = 0
) -> list[dict[str, Any]]:
    """The fields of an object, of a list's items, or of each alternative, with their own fields below them."""
    schema = resolved(document, schema)
    if depth > _DEEPEST:
        return []
    if "items" in schema:
        return fields_of(document, schema["items"], depth)
    alternatives = schema.get("anyOf") or schema.get("oneOf") or []
    if alternatives:
        objects = [one for one in alternatives if fields_of(document, one, depth)]
        if len(objects) == 1:
            return fields_of(document, objects[0], depth)
        return [
            {
                "name": resolved(document, one).get("title", "one of"),
                "type": "either",
                "required": False,
                "text": resolved(document, one).get("description", ""),
                "fields": fields_of(document, one, depth + 1),
            }
            for one in objects
        ]
    return [
        {
            "name": name,
            "type": type_of(document, field),
            "required": name in schema.get("required", []),
            "text": field.get("description", ""),
            "fields": fields_of(document, field, depth + 1),
        }
        for name, field in schema.get("properties", {}).items()
    ]


def type_of(document: dict[str, Any], schema: dict[str, Any]) -> str:
    """A schema's type in a few words; an enum's are its values."""
    if "$ref" in schema:
        target = resolved(document, schema)
        if "enum" in target:
            return type_of(document, target)
        return str(schema["$ref"].rsplit("/", 1)[-1]).removesuffix("-Input").removesuffix("-Output")
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if alternatives := schema.get("anyOf") or schema.get("oneOf"):
        return " | ".join(type_of(document, one) for one in alternatives)
    if "items" in schema:
        return f"list of {type_of(document, schema['items'])}"
    name = schema.get("format") or schema.get("type", "any")
    limits = [
        f"{sign} {schema[key]:g}"
        for key, sign in (("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"))
        if key in schema
    ]
    return ", ".join([str(name), *limits])
