"""The emulator itself: tenants, tokens, the event feed, and who is told of events."""

import json
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from emulators.trading_grid.errors import ApiError, not_found
from emulators.trading_grid.faults import FaultPlan, Faults
from emulators.trading_grid.options import Options, TenantSpec
from emulators.trading_grid.store import Clock, Entity, ExternalReference, Tenant, new_id, utc_now
from emulators.trading_grid.webhooks import Deliverer, Target

FEED_KEPT = timedelta(days=30)
CALLS_KEPT = 100_000

EVENT_TYPES = (
    "case.updated",
    "case.answered",
    "case.message_added",
    "case.document_added",
    "case.resolved",
    "case.closed",
    "purchase_order.response_received",
    "purchase_order.change_acknowledged",
    "shipment_notice.received",
    "invoice.received",
    "document.published",
    "inventory_advice.received",
    "return_authorization.updated",
    "campaign.readiness_updated",
    "partner.updated",
    "transaction.failed",
)


def iso(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Event:
    id: str
    type: str
    time: datetime
    position: int
    data: dict[str, Any]

    def thin(self) -> dict[str, Any]:
        """The webhook's body."""
        return {"type": self.type, "timestamp": iso(self.time), "data": self.data}

    def in_feed(self) -> dict[str, Any]:
        return {"id": self.id, **self.thin(), "position": self.position}


@dataclass
class Feed:
    """The events of one tenant, kept 30 days. Positions are microseconds of the clock, or one more
    than the last, so that they also grow across a restart."""

    events: list[Event] = field(default_factory=list)
    last_position: int = 0
    purged_through: int = 0
    stored_position: int = 0

    def next_position(self, now: datetime) -> int:
        self.last_position = max(self.last_position + 1, int(now.timestamp() * 1_000_000))
        return self.last_position

    def purge(self, now: datetime) -> None:
        if not self.events or self.events[0].time > now - FEED_KEPT:
            return
        kept = [event for event in self.events if event.time > now - FEED_KEPT]
        self.purged_through = self.events[len(self.events) - len(kept) - 1].position
        self.events = kept


@dataclass
class Subscriber:
    target: Target
    event_types: tuple[str, ...]
    enabled: bool = True

    def wants(self, event_type: str) -> bool:
        return self.enabled and (not self.event_types or event_type in self.event_types)


@dataclass(frozen=True)
class Token:
    tenant: Tenant
    expires: datetime


Listener = Callable[[Tenant, Event], None]
Watcher = Callable[[Tenant, Entity], None]


class Emulator:
    def __init__(
        self,
        options: Options,
        *,
        clock: Clock = utc_now,
        webhook_client: httpx.AsyncClient | None = None,
    ) -> None:
        self.options = options
        self.clock = clock
        self.faults = Faults()
        self.deliverer = Deliverer(
            clock,
            self.faults,
            webhook_client,
            options.retry_schedule_s,
            options.webhook_timeout_s,
        )
        self.listeners: list[Listener] = []
        self.watchers: list[Watcher] = []
        self.calls: deque[dict[str, Any]] = deque(maxlen=CALLS_KEPT)
        self.call_count = 0
        self.tenants: dict[str, Tenant] = {}
        self.feeds: dict[str, Feed] = {}
        self.subscribers: dict[str, dict[str, Subscriber]] = {}
        self.tokens: dict[str, Token] = {}
        self._start_afresh()

    def _start_afresh(self) -> None:
        self.tenants.clear()
        self.feeds.clear()
        self.subscribers.clear()
        self.tokens.clear()
        self.calls.clear()
        self.faults.set(FaultPlan())
        for spec in self.options.tenants:
            self.add_tenant(spec)

    async def reset(self) -> None:
        """Back to the moment of the start, with the tenants of the options and nothing else.

        Numbers of calls go on, so that a reader of ``calls?since=`` misses none."""
        await self.deliverer.reset(self.options.retry_schedule_s, self.options.webhook_timeout_s)
        self._start_afresh()

    async def aclose(self) -> None:
        await self.deliverer.aclose()

    def add_tenant(self, spec: TenantSpec) -> Tenant:
        """A new tenant, or new clients and a new name for one that is there."""
        tenant = self.tenants.get(spec.id)
        if tenant is None:
            tenant = self.tenants[spec.id] = Tenant(spec.id, spec.name, dict(spec.clients))
            self.feeds[spec.id] = Feed()
            self.subscribers[spec.id] = {}
        else:
            tenant.name = spec.name
            tenant.clients = dict(spec.clients)
        return tenant

    def tenant(self, tenant_id: str) -> Tenant:
        """Raises ApiError 404."""
        tenant = self.tenants.get(tenant_id)
        if tenant is None:
            raise not_found("tenant", tenant_id)
        return tenant

    def issue_token(self, tenant: Tenant) -> str:
        now = self.clock()
        self.tokens = {key: token for key, token in self.tokens.items() if token.expires > now}
        key = secrets.token_urlsafe(32)
        self.tokens[key] = Token(tenant, now + timedelta(seconds=self.options.token_ttl_s))
        return key

    def tenant_of(self, authorization: str | None) -> Tenant:
        """The tenant of a bearer token. Raises ApiError 401."""
        scheme, _, key = (authorization or "").partition(" ")
        token = self.tokens.get(key.strip()) if scheme.lower() == "bearer" else None
        if token is None or token.expires <= self.clock():
            raise ApiError(
                401,
                "invalid_token",
                "The access token is missing, unknown or expired.",
                headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
            )
        return token.tenant

    def publish(
        self,
        tenant: Tenant,
        event_type: str,
        entity: Entity,
        *,
        path: str | None = None,
        case_id: str | None = None,
        purchase_order_id: str | None = None,
        campaign_id: str | None = None,
        reference: ExternalReference | None = None,
    ) -> Event:
        """Puts the thin event of a change into the feed and on its way to subscribers.

        ``reference`` stands in for the external reference of what has none of its own."""
        if event_type not in EVENT_TYPES:
            raise ValueError(f"{event_type} is not an event of the contract")
        origin = self.options.public_url or ""
        reference = entity.external_reference or reference
        data: dict[str, Any] = {
            "id": entity.id,
            "resource": entity.NAME,
            "href": f"{origin}{self.options.base_path}{path or entity.path()}",
            "version": entity.version,
            "external_reference": reference.model_dump() if reference else None,
            "partner_id": entity.partner_id,
        }
        owners = {
            "case_id": case_id,
            "purchase_order_id": purchase_order_id,
            "campaign_id": campaign_id,
        }
        data.update({name: key for name, key in owners.items() if key is not None})
        now = self.clock()
        feed = self.feeds[tenant.id]
        event = Event(new_id(), event_type, now, feed.next_position(now), data)
        feed.events.append(event)
        feed.purge(now)
        body = json.dumps(event.thin(), separators=(",", ":")).encode()
        for subscriber in self.subscribers[tenant.id].values():
            if subscriber.wants(event_type):
                self.deliverer.enqueue(subscriber.target, event.id, event_type, body)
        for listener in self.listeners:
            listener(tenant, event)
        return event

    def changed(self, tenant: Tenant, entity: Entity) -> None:
        """Tells those who watch for the partners of a change the contract has no event for."""
        for watcher in self.watchers:
            watcher(tenant, entity)

    def log_call(self, entry: dict[str, Any]) -> None:
        self.call_count += 1
        self.calls.append({"sequence": self.call_count, **entry})
