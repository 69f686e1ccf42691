"""The pause switches, asked before every call to the outside."""

from temporalio.exceptions import ApplicationError

from domain.failures import PAUSED
from persistence.repositories import switches
from persistence.session import Database


class Pauses:
    """Refuses calls while a switch covers them. The case waits and is told when the switch is lifted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def check(self, *, shop: str, lifecycle: str, partner: str = "*") -> None:
        """Raise `ApplicationError` of type `Paused` while calls for these are paused."""
        async with self._database.read() as session:
            switch = await switches.in_force(
                session, "pause", shop_id=shop, lifecycle=lifecycle, partner_id=partner
            )
        if switch is not None:
            raise ApplicationError(
                f"{switch.reason} (by {switch.set_by})", type=PAUSED, non_retryable=True
            )
