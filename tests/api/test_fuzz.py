"""Requests nobody thought of: none ends in a 500, and each answer is one that the document promises."""

import asyncio
import time
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis.errors import Unsatisfiable
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.generation.case import Case as Request

from persistence.tables import Case

SECONDS = 25.0
BOUNDED = hypothesis_settings(
    max_examples=3,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
async def test_no_request_ends_in_a_500(
    api: Any, app: FastAPI, case: Case, mode: GenerationMode
) -> None:
    loop = asyncio.get_running_loop()
    key = await api.key("admin")
    known = {"tenant": "north", "shop": "acme", "case_id": case.id, "partner": "p-1"}
    until = time.monotonic() + SECONDS
    seen: dict[int, int] = {}

    def call(request: Request[Any]) -> None:
        if time.monotonic() > until:
            return
        request.path_parameters.update(
            {name: value for name, value in known.items() if name in request.path_parameters}
        )
        parts = request.as_transport_kwargs(base_url="http://gridcase.test")
        headers = {
            name: value.encode("latin-1", "replace") for name, value in parts["headers"].items()
        }
        headers["Authorization"] = f"Bearer {key}".encode()
        options = {name: parts[name] for name in ("json", "data", "files") if parts.get(name)}
        if isinstance(options.get("data"), str | bytes):
            options["content"] = options.pop("data")
        answer = asyncio.run_coroutine_threadsafe(
            api.request(
                request.method, parts["url"], params=parts.get("params"), headers=headers, **options
            ),
            loop,
        ).result(10)
        seen[answer.status_code] = seen.get(answer.status_code, 0) + 1
        about = f"{request.as_curl_command()[:1000]}\n{answer.status_code} {answer.text[:500]}"
        assert answer.status_code < 500 or answer.status_code == 503, about
        promised = request.operation.definition.raw["responses"]
        # What the framework itself answers: another method on a path, a path that a value broke.
        assert str(answer.status_code) in {*promised, "404", "405"}, about
        if answer.status_code >= 400 and not request.path.endswith(("/login", "/readyz")):
            assert answer.headers["content-type"] == "application/problem+json", about

    def run() -> None:
        schema = schemathesis.openapi.from_dict(app.openapi())
        for found in schema.get_all_operations():
            assert isinstance(found, Ok), found
            if time.monotonic() > until:
                break
            fuzz = given(found.ok().as_strategy(generation_mode=mode))(call)
            # Nothing of an operation without parameters can be wrong.
            with suppress(Unsatisfiable):
                BOUNDED(fuzz)()

    await asyncio.to_thread(run)
    assert sum(seen.values()) > 60, seen
    assert {200, 422} & seen.keys(), seen
