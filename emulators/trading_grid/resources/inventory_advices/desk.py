"""What a partner does about its stock: tells of it."""

from emulators.trading_grid.emulator import Emulator
from emulators.trading_grid.errors import AlreadyExists, ApiError
from emulators.trading_grid.resources.inventory_advices.generator import generated
from emulators.trading_grid.resources.inventory_advices.model import (
    AdviceBody,
    InventoryAdvice,
    place,
)
from emulators.trading_grid.resources.partners import Partner
from emulators.trading_grid.store import Tenant


class StockDesk:
    """One partner of one tenant, and what it has said of its stock."""

    def __init__(self, emulator: Emulator, tenant: Tenant, partner: Partner) -> None:
        self.emulator = emulator
        self.tenant = tenant
        self.partner = partner

    def advices(self) -> list[InventoryAdvice]:
        """In the order they came in."""
        return self.tenant.table(InventoryAdvice).of(self.partner.id)

    def advices_of(self, location_code: str) -> list[InventoryAdvice]:
        return self.tenant.table(InventoryAdvice).of(place(self.partner.id, location_code))

    def publish(self, body: AdviceBody) -> InventoryAdvice:
        """An advice, told of. Raises ApiError 409 where its external reference is taken."""
        now = self.emulator.clock()
        as_of = body.as_of or now
        given = (one.sequence for one in self.advices_of(body.location_code))
        lines = body.lines if body.generate is None else generated(body.generate, as_of.date())
        advice = InventoryAdvice(
            partner_id=self.partner.id,
            location_code=body.location_code,
            as_of=as_of,
            sequence=max(given, default=0) + 1 if body.sequence is None else body.sequence,
            kind=body.kind,
            lines=lines or [],
            external_reference=body.external_reference,
            create_time=now,
            update_time=now,
        )
        try:
            self.tenant.table(InventoryAdvice).add(advice)
        except AlreadyExists as error:
            raise ApiError(
                409,
                f"duplicate_{error.field}",
                f"There is an inventory advice with this {error.field} already.",
            ) from error
        self.emulator.publish(self.tenant, "inventory_advice.received", advice)
        return advice
