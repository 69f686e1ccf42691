"""The emulator as a whole: shops, tokens, buckets, idempotency keys, faults, what was called and sent."""

from __future__ import annotations

import itertools
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from graphql import GraphQLSchema

from emulators.shopify.engine.bulk import BulkRunner
from emulators.shopify.engine.mutations import KeptResult
from emulators.shopify.engine.schema import load_schema, unstable_schema
from emulators.shopify.engine.throttle import Bucket
from emulators.shopify.faults import Faults
from emulators.shopify.model.catalog import Location
from emulators.shopify.model.returns import ReturnReasonDefinition
from emulators.shopify.model.shop import RETURN_REASONS, Shop
from emulators.shopify.options import UNSTABLE_VERSION, Options
from emulators.shopify.rules.action import Action
from emulators.shopify.storage import Storage
from emulators.shopify.webhooks.delivery import Courier

KEPT_CALLS = 10_000


@dataclass(frozen=True)
class Token:
    shop: str
    scopes: frozenset[str]
    expires_at: datetime


@dataclass(frozen=True)
class Call:
    """A mutation request as received. ``number`` counts from 1 and never starts again."""

    number: int
    at: datetime
    shop: str
    operation: str | None
    mutations: list[dict[str, Any]]
    variables: dict[str, Any]
    idempotency_key: str | None
    request_id: str
    outcome: str

    def shown(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "at": self.at.isoformat(),
            "shop": self.shop,
            "operation": self.operation,
            "mutations": self.mutations,
            "variables": self.variables,
            "idempotency_key": self.idempotency_key,
            "request_id": self.request_id,
            "outcome": self.outcome,
        }


@dataclass
class Spent:
    """What the Admin API's calls have cost since the last reset, in cost points."""

    requests: int = 0
    requested: int = 0
    actual: int = 0

    def add(self, cost: dict[str, Any]) -> None:
        """Counts one answer by its ``extensions.cost``."""
        self.requests += 1
        self.requested += cost.get("requestedQueryCost") or 0
        self.actual += cost.get("actualQueryCost") or 0

    def shown(self) -> dict[str, int]:
        return {"requests": self.requests, "requested": self.requested, "actual": self.actual}


def utc_now() -> datetime:
    return datetime.now(UTC)


class Emulator:
    """One Shopify with one app. ``now`` and ``clock`` (seconds, monotonic) may be replaced by a test's."""

    def __init__(
        self,
        options: Options,
        *,
        webhook_client: httpx.AsyncClient | None = None,
        now: Callable[[], datetime] = utc_now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.options = options
        self.now = now
        self.clock = clock
        self.schema = load_schema(options.schema_path)
        first = options.first_id if options.first_id is not None else int(time.time() * 1000)
        self._ids = itertools.count(first)
        self._call_numbers = itertools.count(1)
        self.shops: dict[str, Shop] = {}
        self.tokens: dict[str, Token] = {}
        self.buckets: dict[str, Bucket] = {}
        self.idempotency: dict[tuple[str, str], KeptResult] = {}
        self.calls: list[Call] = []
        self.spent = Spent()
        self.faults = Faults(options.fault_seed)
        self.bucket_size = options.bucket_size
        self.restore_rate = options.restore_rate
        self.storage = Storage()
        self.courier = Courier(self, webhook_client)
        self.bulk = BulkRunner(self)

    def schema_of(self, version: str) -> GraphQLSchema:
        if version == UNSTABLE_VERSION:
            return unstable_schema(self.options.schema_path)
        return self.schema

    def new_id(self) -> int:
        """A number that no object has had; a reset does not start it again."""
        return next(self._ids)

    def reset(self) -> None:
        """Empties everything but the settings."""
        self.courier.forget()
        self.bulk.forget()
        self.storage = Storage()
        self.shops.clear()
        self.tokens.clear()
        self.buckets.clear()
        self.idempotency.clear()
        self.calls.clear()
        self.spent = Spent()
        self.courier.retry_schedule_s = self.options.retry_schedule_s
        self.courier.timeout_s = self.options.webhook_timeout_s
        self.faults = Faults(self.options.fault_seed)
        self.set_limits(size=self.options.bucket_size, rate=self.options.restore_rate)

    def set_limits(self, *, size: float | None, rate: float | None) -> None:
        """Other buckets for all shops, full at first; what is None stays as it is."""
        self.bucket_size = self.bucket_size if size is None else size
        self.restore_rate = self.restore_rate if rate is None else rate
        self.buckets.clear()

    def open_shop(
        self,
        handle: str,
        *,
        name: str | None = None,
        currency: str = "USD",
        zone: str | None = None,
    ) -> Shop:
        """The shop of this handle, made on first use with one location and the return reasons."""
        known = self.shops.get(handle)
        if known is not None:
            return known
        now = self.now()
        shop = Shop(
            id=self.new_id(),
            handle=handle,
            new_id=self.new_id,
            created_at=now,
            display_name=name or handle.replace("-", " ").title(),
            installation_id=self.new_id(),
            currency=currency,
            iana_timezone=zone or "America/New_York",
        )
        home = Location(id=self.new_id(), name="Main warehouse", created_at=now, updated_at=now)
        shop.locations[home.id] = home
        for reason_handle, reason_name, reason in RETURN_REASONS:
            definition = ReturnReasonDefinition(
                id=self.new_id(), handle=reason_handle, name=reason_name, reason=reason
            )
            shop.return_reasons[definition.id] = definition
        self.shops[handle] = shop
        return shop

    def action(self, shop: Shop) -> Action:
        return Action(shop, self.now())

    def publish(self, action: Action) -> None:
        """Tells the subscriptions what an action did."""
        self.courier.publish(action)

    def bucket(self, shop: Shop) -> Bucket:
        bucket = self.buckets.get(shop.handle)
        if bucket is None:
            bucket = Bucket(self.bucket_size, self.restore_rate, self.bucket_size, self.clock())
            self.buckets[shop.handle] = bucket
        return bucket

    def issue_token(self, shop: Shop) -> str:
        """A new access token of the app for a shop; earlier ones stay good until they expire."""
        text = f"shpat_{secrets.token_hex(16)}"
        lifetime = timedelta(seconds=self.options.token_lifetime_s)
        self.tokens[text] = Token(
            shop.handle, frozenset(self.options.scopes), self.now() + lifetime
        )
        return text

    def token(self, text: str | None, shop: Shop) -> Token | None:
        """The token if it is good for this shop now."""
        token = self.tokens.get(text) if text else None
        if token is None or token.shop != shop.handle or not shop.installed:
            return None
        return token if self.now() < token.expires_at else None

    def record(self, call: Callable[[int], Call]) -> None:
        self.calls.append(call(next(self._call_numbers)))
        del self.calls[:-KEPT_CALLS]

    async def aclose(self) -> None:
        await self.bulk.close()
        await self.courier.close()
