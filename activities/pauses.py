"""The pause switches, asked before every call to the outside."""

from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain.failures import PAUSED
from persistence.base import ANY
from persistence.repositories import switches
from persistence.session import Database


class Pauses:
    """Refuses calls while a switch covers them. The case waits and is told when the switch is lifted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def check(self, *, partner: str = ANY) -> None:
        """Raise `ApplicationError` of type `Paused` while the calling case's calls, or those to this partner, are paused."""
        lifecycle, shop = calling_case()
        await self.check_shop(shop, lifecycle, partner=partner)

    async def check_shop(self, shop: str, lifecycle: str, *, partner: str = ANY) -> None:
        """The same, for a call that is made for a shop and not for one case."""
        async with self._database.read() as session:
            switch = await switches.in_force(
                session, "pause", shop_id=shop, lifecycle=lifecycle, partner_id=partner
            )
        if switch is not None:
            raise ApplicationError(
                f"{switch.reason} (by {switch.set_by})", type=PAUSED, non_retryable=True
            )


def calling_case() -> tuple[str, str]:
    """Lifecycle and shop of the case that called the activity, from its workflow id `{lifecycle}:{shop}:...`.

    Raises:
        ApplicationError: it was not called by a case; nothing would say which switches cover it.
    """
    parts = (activity.info().workflow_id or "").split(":")
    if len(parts) < 3:
        raise ApplicationError(
            f"{activity.info().workflow_id!r} is not the id of a case.", non_retryable=True
        )
    return parts[0].replace("-", "_"), parts[1]
