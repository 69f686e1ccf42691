"""Outgoing webhooks: signed, and only to where they may go."""

import asyncio
import json
from collections.abc import Callable

import httpx
import pytest
from standardwebhooks import Webhook

from clients.notification import (
    DeliveryFailed,
    Notification,
    RecipientInvalid,
    WebhookChannel,
)

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
URL = "https://hooks.example.com/services/T0/very-secret-path?token=very-secret"
Make = Callable[..., Notification]
Handler = Callable[[httpx.Request], httpx.Response]


async def sent(
    notification: Notification,
    url: str = URL,
    *,
    answer: Handler | None = None,
    secret: str | None = SECRET,
    allow_plain_http: bool = False,
) -> list[httpx.Request]:
    requests: list[httpx.Request] = []

    def receive(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return answer(request) if answer else httpx.Response(204)

    async def secret_of(address: str) -> str | None:
        assert address == url
        return secret

    # A client that follows redirects by default must not make ours follow them.
    async with httpx.AsyncClient(
        transport=httpx.MockTransport(receive), follow_redirects=True
    ) as http:
        channel = WebhookChannel(http, secret_of, allow_plain_http=allow_plain_http)
        await channel.send(notification, url)
    return requests


async def test_a_webhook_verifies_and_says_it_all(a_notification: Make) -> None:
    (request,) = await sent(a_notification())
    assert str(request.url) == URL
    assert request.headers["webhook-id"] == "case-7:reminder-1"
    body = Webhook(SECRET).verify(request.content, dict(request.headers))
    assert body["type"] == "notification"
    assert body["data"] == a_notification().model_dump()
    assert json.loads(request.content)["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    ("status", "retryable"),
    [(302, False), (400, False), (404, False), (410, False), (429, True), (500, True), (503, True)],
)
async def test_anything_but_2xx_is_a_failure(
    a_notification: Make, status: int, retryable: bool
) -> None:
    asked = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        return httpx.Response(status, headers={"Location": "http://169.254.169.254/"})

    with pytest.raises(DeliveryFailed, match=f"answered {status}") as caught:
        await sent(a_notification(), answer=answer)
    assert caught.value.retryable is retryable
    assert caught.value.recipient == URL
    assert "very-secret" not in str(caught.value)
    assert "hooks.example.com" in str(caught.value)
    assert asked == 1


async def test_a_receiver_that_is_not_there_is_worth_a_repeat(a_notification: Make) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no", request=request)

    with pytest.raises(DeliveryFailed, match="ConnectError") as caught:
        await sent(a_notification(), answer=refuse)
    assert caught.value.retryable


async def test_a_receiver_that_never_answers_is_given_up(a_notification: Make) -> None:
    async def never(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(30)
        return httpx.Response(200)

    async def secret_of(address: str) -> str | None:
        return SECRET

    async with httpx.AsyncClient(transport=httpx.MockTransport(never)) as http:
        with pytest.raises(DeliveryFailed, match="Timeout") as caught:
            await WebhookChannel(http, secret_of, timeout_s=0.05).send(a_notification(), URL)
    assert caught.value.retryable


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/x",
        "file:///etc/passwd",
        "https://",
        "https://me:pw@example.com/",
        "https://[broken/",
        "http://example.com/hook",
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1.example.com/",
    ],
)
async def test_an_address_that_may_not_be_called_is_not(a_notification: Make, url: str) -> None:
    with pytest.raises(RecipientInvalid) as caught:
        await sent(a_notification(), url)
    assert not caught.value.retryable


@pytest.mark.parametrize("url", ["http://localhost:9/h", "http://127.0.0.1:9/h", "http://[::1]/h"])
async def test_plain_http_is_taken_on_this_machine(a_notification: Make, url: str) -> None:
    assert len(await sent(a_notification(), url)) == 1


async def test_plain_http_elsewhere_needs_the_flag(a_notification: Make) -> None:
    url = "http://hooks.internal/x"
    assert len(await sent(a_notification(), url, allow_plain_http=True)) == 1


@pytest.mark.parametrize("secret", [None, "", "whsec_", "whsec_a"])
async def test_nothing_is_sent_unsigned(a_notification: Make, secret: str | None) -> None:
    def must_not(request: httpx.Request) -> httpx.Response:
        raise AssertionError("an unsigned webhook was sent")

    with pytest.raises(RecipientInvalid, match="secret"):
        await sent(a_notification(), secret=secret, answer=must_not)
