"""How we reach and enter one shop."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

API_VERSION = "2026-10"
_HANDLE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_VERSION = re.compile(r"\d{4}-\d{2}|unstable")


@dataclass(frozen=True)
class ShopCredentials:
    """A shop's address and our key to it. Secrets are kept out of `repr`.

    `base_url` is `https://{shop}.myshopify.com`, or an emulator's address with the shop in its path.
    Either `access_token` (a custom app made in the admin, no expiry) or `client_id` with
    `client_secret` (client credentials). Raises ValueError for what can't work.
    """

    shop: str
    base_url: str
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    access_token: str | None = field(default=None, repr=False)
    api_version: str = API_VERSION

    def __post_init__(self) -> None:
        if not _HANDLE.fullmatch(self.shop):
            raise ValueError(f"not a shop handle: {self.shop!r}")
        address = urlsplit(self.base_url)
        if address.scheme not in {"http", "https"} or not address.hostname:
            raise ValueError(f"{self.shop}: base_url must be an http(s) address")
        if address.username or address.password or address.query or address.fragment:
            raise ValueError(f"{self.shop}: base_url takes no user, query or fragment")
        if not _VERSION.fullmatch(self.api_version):
            raise ValueError(f"{self.shop}: not an API version: {self.api_version!r}")
        if not self.access_token and not (self.client_id and self.client_secret):
            raise ValueError(f"{self.shop}: needs an access token, or client id and secret")
        object.__setattr__(self, "base_url", self.base_url.rstrip("/"))

    @property
    def graphql_url(self) -> str:
        return f"{self.base_url}/admin/api/{self.api_version}/graphql.json"

    @property
    def token_url(self) -> str:
        return f"{self.base_url}/admin/oauth/access_token"
