"""The merchant: its terms, and its words."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from domain.order_exception.names import Reason
from domain.purchase_order.names import ReplenishmentRequest
from domain.return_claim.state import ClaimRequest
from domain.shopify_ids import numeric_id
from intake.inbox import receive_own
from intake.openings import claim_body, exception_body, replenishment_body
from persistence.repositories import (
    location_mappings,
    policies,
    switches,
)
from tests.world.cases import CasesSide
from tests.world.names import SHOP, TENANT


class MerchantSide(CasesSide):
    """What the merchant sets and says."""

    async def policy(
        self, partner: str = "*", *, lifecycle: str = "return_claim", **terms: Any
    ) -> None:
        async with self.database.begin() as session:
            await policies.put(
                session,
                terms,
                now=datetime.now(UTC),
                shop_id=SHOP,
                lifecycle=lifecycle,
                partner_id=partner,
            )

    async def update(self, case_id: str, name: str, command: Any, *, key: str = "") -> Any:
        return await self.handle(case_id).execute_update(
            name, command, id=key or f"key-{next(self.updates)}"
        )

    async def map_location(self, partner: str, code: str, location_gid: str) -> None:
        async with self.database.begin() as session:
            await location_mappings.create(
                session,
                tenant_id=TENANT,
                code=code,
                shop_id=SHOP,
                location_gid=location_gid,
                partner_id=partner,
            )

    async def claim(self, claim: ClaimRequest, *, opened_by: str = "operator:maria") -> str:
        """A damage or warranty claim, as the API puts it into the inbox; the case's id."""
        body, delivery_id = claim_body(return_id="", claim=claim, opened_by=opened_by, again=False)
        return await self._asked_for("claims/create", body, delivery_id)

    async def open_exception(
        self,
        order: dict[str, Any],
        reason: Reason = Reason.LATE,
        *,
        note: str = "",
        line_ids: Sequence[str] = (),
        opened_by: str = "operator:maria",
        again: bool = False,
    ) -> str:
        """An order exception, as the API puts it into the inbox; the case's id."""
        body, delivery_id = exception_body(
            order_id=numeric_id(order["order_id"]),
            reason=reason,
            note=note,
            line_ids=line_ids,
            opened_by=opened_by,
            again=again,
        )
        return await self._asked_for("exceptions/create", body, delivery_id)

    async def replenish(
        self, request: ReplenishmentRequest, *, opened_by: str = "operator:maria"
    ) -> str:
        """A replenishment, as the API puts it into the inbox; the case's id."""
        body, delivery_id = replenishment_body(request, opened_by=opened_by)
        return await self._asked_for("replenishments/create", body, delivery_id)

    async def _asked_for(self, topic: str, body: bytes, delivery_id: str) -> str:
        received = await receive_own(
            self.database,
            scope=SHOP,
            topic=topic,
            delivery_id=delivery_id,
            body=body,
            now=datetime.now(UTC),
        )
        settled = await self.dispatcher.dispatch(received.event_id)
        assert settled is not None, "another process has the event"
        assert settled.opened is not None, settled.reason
        return settled.opened.case_id

    async def switch(self, kind: str, *, on: bool = True, **where: str) -> None:
        """Turn a `pause` or `shadow` switch."""
        async with self.database.begin() as session:
            if on:
                await switches.put(
                    session,
                    kind,  # type: ignore[arg-type]
                    set_by="operator:maria",
                    reason="stock-taking",
                    now=datetime.now(UTC),
                    **where,
                )
            else:
                await switches.clear(session, kind, **where)  # type: ignore[arg-type]
