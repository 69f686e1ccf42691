"""The Trading Grid side of connecting: the token, the event subscription and its secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from clients.trading_grid.port import EventSubscription, TradingGrid
from intake.connect.needs import TRADING_GRID_EVENTS, trading_grid_path
from intake.connect.report import Outcome, StepFailed, StepStatus
from persistence.encryption import SecretBox
from persistence.repositories import tenants
from persistence.session import Database


async def check_token(grid: TradingGrid) -> Outcome:
    await grid.check()
    return StepStatus.OK, "The credentials work."


@dataclass(frozen=True)
class Events:
    """The tenant's event subscription: one, enabled, at our address, signed with a secret we have."""

    database: Database
    box: SecretBox
    grid: TradingGrid
    tenant_id: str
    public_url: str

    @property
    def url(self) -> str:
        return f"{self.public_url}{trading_grid_path(self.tenant_id)}"

    async def put(self) -> Outcome:
        """Bring about the one subscription; the listing is what makes a repeat safe."""
        known_id, has_secret = await self._known()
        listed = await self.grid.list_subscriptions()
        # What another installation may have subscribed, to its own address, is not ours to touch.
        ours = [one for one in listed if one.url == self.url or one.id == known_id]
        fitting = [one for one in ours if one.url == self.url and _covers(one)]
        said: list[str] = []
        if fitting:
            kept = min(fitting, key=lambda one: (one.id != known_id, one.id))
            if kept.status == "disabled":
                await self.grid.enable_subscription(kept.id)
                said.append("Enabled again; what was missed comes from the events feed.")
            if kept.id != known_id or not has_secret:
                await self._keep_secret(await self.grid.rotate_secret(kept.id))
                said.append("Its secret was not known here and has been renewed.")
        else:
            # A key of its own each time: a kept answer could be that of a subscription deleted since.
            kept = await self.grid.subscribe(
                self.url, TRADING_GRID_EVENTS, idempotency_key=str(uuid4())
            )
            await self._keep_secret(kept)
            said.append(f"Subscribed, to {self.url}.")
        surplus = [one for one in ours if one.id != kept.id]
        await self._delete(surplus)
        said += [f"Removed the one before, to {one.url}." for one in surplus]
        return (StepStatus.CHANGED if said else StepStatus.OK), " ".join(said) or f"To {self.url}."

    async def _known(self) -> tuple[str | None, bool]:
        async with self.database.read() as session:
            tenant = await tenants.get(session, self.tenant_id)
        return tenant.subscription_id, bool(tenants.webhook_secrets(self.box, tenant))

    async def _keep_secret(self, subscription: EventSubscription) -> None:
        if subscription.secret is None:
            raise StepFailed("Trading Grid showed no signing secret; connect again.")
        async with self.database.begin() as session:
            await tenants.add_webhook_secret(session, self.box, self.tenant_id, subscription.secret)
            await tenants.note_subscription(session, self.tenant_id, subscription.id)

    async def _delete(self, surplus: Sequence[EventSubscription]) -> None:
        for one in surplus:
            await self.grid.delete_subscription(one.id)


def _covers(subscription: EventSubscription) -> bool:
    """Whether it delivers all we need; no types at all means every type."""
    types = subscription.event_types
    return not types or set(TRADING_GRID_EVENTS) <= set(types)
