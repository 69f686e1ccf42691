"""Where a tenant's Trading Grid is and how we get in.

Paths are assumed (see the package's text): each is a setting, so a customer's own specification
changes a mapping and not code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from types import MappingProxyType
from urllib.parse import quote

import httpx

DEFAULT_PATHS: Mapping[str, str] = MappingProxyType(
    {
        "partners": "/partners",
        "partner": "/partners/{partner_id}",
        "cases": "/cases",
        "case": "/cases/{case_id}",
        "case_messages": "/cases/{case_id}/messages",
        "case_documents": "/cases/{case_id}/documents",
        "files": "/files/from-stream",
        "document": "/documents/{document_id}",
        "purchase_orders": "/purchase-orders",
        "purchase_order": "/purchase-orders/{order_id}",
        "purchase_order_changes": "/purchase-orders/{order_id}/changes",
        "purchase_order_responses": "/purchase-orders/{order_id}/responses",
        "shipment_notice": "/shipment-notices/{notice_id}",
        "invoice": "/invoices/{invoice_id}",
        "inventory_advices": "/inventory-advices",
        "inventory_advice": "/inventory-advices/{advice_id}",
        "campaigns": "/campaigns",
        "campaign": "/campaigns/{campaign_id}",
        "campaign_readiness": "/campaigns/{campaign_id}/readiness",
        "return_authorizations": "/return-authorizations",
        "return_authorization": "/return-authorizations/{authorization_id}",
        "events": "/events",
        "event_position": "/events/position",
        "event_subscriptions": "/event-subscriptions",
        "event_subscription": "/event-subscriptions/{subscription_id}",
    }
)


@dataclass(frozen=True, kw_only=True)
class TradingGridConnection:
    """One tenant's connection. Raises ValueError for what can't work or would leak the secret.

    `tenant` is our handle, for logs. `paths` overrides single entries of DEFAULT_PATHS. Times are
    in seconds: `timeout_s` bounds each network step and the whole of an ordinary call,
    `transfer_timeout_s` the whole of an upload or download. `max_concurrency` bounds the calls in flight,
    since Trading Grid publishes no limit. Plain http is refused but to this machine, or where
    `allow_plain_http` says that the network between is ours.
    """

    tenant: str
    base_url: str
    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    paths: Mapping[str, str] = field(default_factory=dict)
    max_concurrency: int = 8
    timeout_s: float = 30.0
    transfer_timeout_s: float = 300.0
    page_size: int = 50
    allow_plain_http: bool = False

    def __post_init__(self) -> None:
        for name in ("tenant", "base_url", "token_url", "client_id", "client_secret"):
            if not getattr(self, name):
                raise ValueError(f"Trading Grid connection without {name}")
        for name in ("base_url", "token_url"):
            _check_address(name, getattr(self, name), self.allow_plain_http)
        unknown = sorted(self.paths.keys() - DEFAULT_PATHS.keys())
        if unknown:
            raise ValueError(f"unknown Trading Grid paths: {', '.join(unknown)}")
        for name, path in self.paths.items():
            if not path.startswith("/"):
                raise ValueError(f"Trading Grid path {name} must start with a slash: {path}")
        for name in ("max_concurrency", "timeout_s", "transfer_timeout_s", "page_size"):
            if getattr(self, name) <= 0:
                raise ValueError(f"Trading Grid connection: {name} must be above 0")

    def url(self, name: str, **values: str) -> httpx.URL:
        """The address of a resource; values are quoted, so an id can't change the path."""
        for key, value in values.items():
            if not value or value in {".", ".."}:
                raise ValueError(f"not a usable {key}: {value!r}")
        path = self.paths.get(name, DEFAULT_PATHS[name])
        quoted = {key: quote(value, safe="") for key, value in values.items()}
        return httpx.URL(self.base_url.rstrip("/") + path.format(**quoted))


def _check_address(name: str, address: str, allow_plain_http: bool) -> None:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise ValueError(f"{name} is not an address: {error}") from None
    # httpx quotes what can't be in a host name instead of refusing it.
    if url.scheme not in {"http", "https"} or not url.host or "%" in url.host:
        raise ValueError(f"{name} must be an http(s) address")
    if url.userinfo or url.query or url.fragment:
        raise ValueError(f"{name} must have no user, query or fragment")
    if url.scheme == "http" and not allow_plain_http and not _is_this_machine(url.host):
        raise ValueError(f"{name} is plain http: the client secret would travel in clear")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
