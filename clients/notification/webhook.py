"""The webhook channel: `https://...`, signed by Standard Webhooks 1.0.0.

Addresses come from administrators only. Still, only http(s) is called, plain http only on this
machine or where a flag allows it, and redirects are not followed.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from ipaddress import ip_address

import httpx
from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError

from clients.notification.errors import DeliveryFailed, RecipientInvalid
from clients.notification.port import Notification

SecretLookup = Callable[[str], Awaitable[str | None]]
"""Address -> its signing secret (`whsec_<base64>`), or None where there is none."""

_RETRYABLE = frozenset({408, 425, 429, 500, 502, 503, 504})


class WebhookChannel:
    """Any 2xx is delivered. Every attempt is signed anew, under the notification's own id."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        secret_of: SecretLookup,
        *,
        allow_plain_http: bool = False,
        timeout_s: float = 10.0,
    ) -> None:
        self._http = http
        self._secret_of = secret_of
        self._allow_plain_http = allow_plain_http
        self._timeout_s = timeout_s

    async def send(self, notification: Notification, recipient: str) -> None:
        url = self._checked(recipient)
        signer = await self._signer(recipient)
        now = datetime.now(UTC)
        body = json.dumps(
            {
                "type": "notification",
                "timestamp": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
                "data": notification.model_dump(mode="json", exclude_none=True),
            },
            separators=(",", ":"),
        )
        headers = {
            "content-type": "application/json",
            "webhook-id": notification.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signer.sign(notification.id, now, body),
        }
        try:
            async with asyncio.timeout(self._timeout_s):
                # The answer's body is of no use and could be endless.
                async with self._http.stream(
                    "POST",
                    url,
                    content=body,
                    headers=headers,
                    follow_redirects=False,
                    timeout=self._timeout_s,
                ) as response:
                    status = response.status_code
        except (httpx.TransportError, TimeoutError) as error:
            raise DeliveryFailed(recipient, type(error).__name__, retryable=True) from error
        if not 200 <= status < 300:
            raise DeliveryFailed(recipient, f"answered {status}", retryable=status in _RETRYABLE)

    def _checked(self, recipient: str) -> httpx.URL:
        try:
            url = httpx.URL(recipient)
        except httpx.InvalidURL:
            raise RecipientInvalid(recipient, "not an address") from None
        # httpx quotes what can't be in a host name instead of refusing it.
        if url.scheme not in {"http", "https"} or not url.host or "%" in url.host:
            raise RecipientInvalid(recipient, "not an http(s) address")
        if url.userinfo:
            raise RecipientInvalid(recipient, "an address with a user in it")
        if url.scheme == "http" and not self._allow_plain_http and not _is_this_machine(url.host):
            raise RecipientInvalid(recipient, "plain http is allowed on this machine only")
        return url

    async def _signer(self, recipient: str) -> Webhook:
        secret = await self._secret_of(recipient)
        if secret is None:
            raise RecipientInvalid(recipient, "no signing secret is set for it")
        try:
            return Webhook(secret)
        except (EmptyWebhookSecretError, ValueError):
            # The error's text may quote the secret.
            raise RecipientInvalid(recipient, "its signing secret is empty or not base64") from None


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
