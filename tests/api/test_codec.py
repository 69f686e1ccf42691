"""The codec endpoint of the Temporal UI."""

import base64
from typing import Any

import pytest

from api.services import Services
from intake.temporal import EncryptionCodec

UI = "http://ui.test:8233"
CLEAR = {
    "metadata": {"encoding": base64.b64encode(b"json/plain").decode()},
    "data": base64.b64encode(b'{"a":1}').decode(),
}


@pytest.fixture
def codec(services: Services) -> EncryptionCodec:
    codec = EncryptionCodec({"k1": b"1" * 32})
    object.__setattr__(services, "codec", codec)
    return codec


async def test_payloads_are_sealed_and_opened(api: Any, codec: EncryptionCodec) -> None:
    sealed = await api.by("operate", "POST", "/codec/encode", json={"payloads": [CLEAR]})
    assert sealed.status_code == 200
    assert CLEAR["data"] not in sealed.text
    opened = await api.by("operate", "POST", "/codec/decode", json=sealed.json())
    assert opened.json() == {"payloads": [CLEAR]}


async def test_without_payload_keys_payloads_pass_as_they_are(api: Any) -> None:
    answer = await api.by("operate", "POST", "/codec/decode", json={"payloads": [CLEAR]})
    assert answer.json() == {"payloads": [CLEAR]}


async def test_what_cannot_be_opened_is_refused(api: Any, codec: EncryptionCodec) -> None:
    sealed = {
        "encoding": base64.b64encode(b"binary/gridcase-aesgcm").decode(),
        "encryption-key-id": base64.b64encode(b"k1").decode(),
    }
    bodies: list[Any] = [
        {"payloads": [{"metadata": sealed, "data": "AAAA"}]},
        {"payloads": [{"metadata": sealed | {"encryption-key-id": "/w=="}, "data": "AAAA"}]},
        {"payloads": [{"metadata": sealed, "data": base64.b64encode(b"x" * 40).decode()}]},
        {"payloads": "none"},
    ]
    for body in bodies:
        answer = await api.by("operate", "POST", "/codec/decode", json=body)
        assert answer.status_code == 422, answer.text


async def test_a_cookie_works_from_the_ui_alone(api: Any, services: Services) -> None:
    await api.post("/login", data={"api_key": await api.key("operate")})
    cross = {"Origin": UI, "Sec-Fetch-Site": "same-site"}
    answer = await api.post("/codec/decode", json={"payloads": []}, headers=cross)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == UI
    assert answer.headers["access-control-allow-credentials"] == "true"
    other = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    refused = await api.post("/codec/decode", json={"payloads": []}, headers=other)
    assert refused.status_code == 403
    assert "access-control-allow-origin" not in refused.headers


async def test_a_preflight_is_answered_for_the_ui_alone(api: Any) -> None:
    asks = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-namespace",
    }
    good = await api.options("/codec/decode", headers=asks | {"Origin": UI})
    assert good.status_code == 204
    assert "X-Namespace" in good.headers["access-control-allow-headers"]
    bad = await api.options("/codec/decode", headers=asks | {"Origin": "http://evil.example"})
    assert bad.status_code == 401
    elsewhere = await api.options("/cases", headers=asks | {"Origin": UI})
    assert "access-control-allow-origin" not in elsewhere.headers


async def test_readers_cannot_open_payloads(api: Any) -> None:
    answer = await api.by("read", "POST", "/codec/decode", json={"payloads": []})
    assert answer.status_code == 403
