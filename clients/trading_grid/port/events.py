"""Events: the feed that repairs what webhooks lost, and the webhook subscriptions.

Events are thin: they say that something changed. Read the object, and ignore a lower version.
"""

from collections.abc import Sequence
from typing import Protocol

from pydantic import SecretStr

from clients.trading_grid.port.common import ExternalReference, Many, Received, UtcTime


class EventData(Received):
    """What changed: `resource` and `id`; `case_id` where the object belongs to a case,
    `purchase_order_id` where it belongs to a purchase order."""

    id: str
    resource: str | None = None
    href: str | None = None
    version: int | None = None
    external_reference: ExternalReference | None = None
    partner_id: str | None = None
    case_id: str | None = None
    purchase_order_id: str | None = None


class Event(Received):
    """`id` is the same for every delivery of the event; `position` is set by the feed only."""

    id: str
    type: str
    timestamp: UtcTime
    position: str | None = None
    data: EventData


class EventPage(Received):
    """`position` is where the next read goes on; `has_more` says that it would find something."""

    events: Many[Event] = ()
    position: str | None = None
    has_more: bool = False


class EventSubscription(Received):
    """A webhook subscription. `secret` is set only by `subscribe` and `rotate_secret`, once."""

    id: str
    url: str
    event_types: Many[str] = ()
    status: str | None = None
    secret: SecretStr | None = None


class TestDelivery(Received):
    """What became of a test delivery: `status_code` is our own receiver's answer."""

    __test__ = False  # pytest would take the name for a test class

    delivered: bool
    status_code: int | None = None
    error: str | None = None


class Events(Protocol):
    async def read_events(self, position: str | None, *, limit: int = 50) -> EventPage:
        """One page after `position`; None: after the one Trading Grid keeps for us.

        Events are kept 30 days; raises Gone for a position older than that.
        """
        ...

    async def set_position(self, position: str) -> None:
        """Tell Trading Grid up to where we have read."""
        ...

    async def list_subscriptions(self) -> tuple[EventSubscription, ...]:
        """All of them, without secrets."""
        ...

    async def subscribe(
        self, url: str, event_types: Sequence[str], *, idempotency_key: str
    ) -> EventSubscription:
        """Subscribe; the answer carries the signing secret, which is not shown again."""
        ...

    async def rotate_secret(self, subscription_id: str) -> EventSubscription:
        """A new secret, shown once; for a while deliveries are signed with the old one too."""
        ...

    async def enable_subscription(self, subscription_id: str) -> None: ...

    async def disable_subscription(self, subscription_id: str) -> None: ...

    async def test_subscription(self, subscription_id: str) -> TestDelivery:
        """Have one signed event delivered now. A delivery that failed is an answer, not an error."""
        ...

    async def delete_subscription(self, subscription_id: str) -> None:
        """Delete; one that is not there any more counts as deleted."""
        ...
