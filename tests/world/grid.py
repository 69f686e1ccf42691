"""The partners, at Trading Grid."""

import base64
from collections.abc import Sequence
from typing import Any

from persistence.repositories import (
    partners,
    routes,
)
from tests.world.names import SHOP, TENANT
from tests.world.parts import Parts


class GridSide(Parts):
    """What partners do, and what they see."""

    async def partner(
        self,
        partner: str,
        behaviour: str = "manual",
        *,
        lifecycle: str | Sequence[str] = "*",
        **more: Any,
    ) -> None:
        """A partner in Trading Grid, known here, who gets the lines of the vendor of the same name.

        `lifecycle` is that of its routes; a line is drop-shipped only by a route of exactly `purchase_order`.
        """
        await self._post(
            self.trading_grid,
            "/_emulator/partners",
            {"id": partner, "name": partner.replace("-", " ").title(), "behaviour": behaviour}
            | more,
        )
        async with self.database.begin() as session:
            await partners.create(
                session, tenant_id=TENANT, id=partner, name=partner.replace("-", " ").title()
            )
            for one in [lifecycle] if isinstance(lifecycle, str) else lifecycle:
                await routes.create(
                    session,
                    shop_id=SHOP,
                    lifecycle=one,
                    match_kind="vendor",
                    match_value=partner,
                    tenant_id=TENANT,
                    partner_id=partner,
                )

    async def partner_cases(self, partner: str) -> list[dict[str, Any]]:
        state = (await self.trading_grid.get("/_emulator/state")).json()
        tenant = next(entry for entry in state["tenants"] if entry["id"] == TENANT)
        return [case for case in tenant["cases"] if case["partner_id"] == partner]

    async def partner_case(self, partner: str) -> dict[str, Any]:
        """The partner's only case, once it is there and we know of it."""
        case: dict[str, Any] = await self.eventually(
            lambda: self.partner_cases(partner), lambda found: found[0] if len(found) == 1 else None
        )
        return case

    async def answer(self, partner: str, kind: str, **more: Any) -> None:
        case = await self.partner_case(partner)
        await self._post(
            self.trading_grid, f"/_emulator/cases/{case['id']}/answer", {"kind": kind} | more
        )

    async def write_as_partner(self, partner: str, text: str) -> None:
        case = await self.partner_case(partner)
        await self._post(
            self.trading_grid, f"/_emulator/cases/{case['id']}/messages", {"body": text}
        )

    async def document_of_partner(self, partner: str, name: str, content: bytes) -> None:
        case = await self.partner_case(partner)
        await self._post(
            self.trading_grid,
            f"/_emulator/cases/{case['id']}/documents",
            {
                "document_type": "photo",
                "file_name": name,
                "content_base64": base64.b64encode(content).decode(),
            },
        )

    async def messages(self, partner: str, author: str = "company") -> list[str]:
        """What was written to a partner (or by it), oldest first."""
        state = (await self.trading_grid.get("/_emulator/state")).json()
        tenant = next(entry for entry in state["tenants"] if entry["id"] == TENANT)
        return [
            entry["body"]
            for entry in tenant.get("messages", [])
            if entry["partner_id"] == partner and entry["author"]["type"] == author
        ]

    async def papers(self, partner: str, author: str = "company") -> list[str]:
        """The file names of a partner's case's documents."""
        state = (await self.trading_grid.get("/_emulator/state")).json()
        tenant = next(entry for entry in state["tenants"] if entry["id"] == TENANT)
        return [
            entry["file_name"]
            for entry in tenant["documents"]
            if entry["partner_id"] == partner and entry["author"]["type"] == author
        ]

    async def authorization(self, partner: str) -> dict[str, Any]:
        async def find() -> list[dict[str, Any]]:
            state = (await self.trading_grid.get("/_emulator/state")).json()
            tenant = next(entry for entry in state["tenants"] if entry["id"] == TENANT)
            return [
                entry for entry in tenant["return_authorizations"] if entry["partner_id"] == partner
            ]

        entry: dict[str, Any] = await self.eventually(
            find, lambda found: found[0] if found else None
        )
        return entry

    async def authorize(self, partner: str, **changes: Any) -> None:
        """The partner fills in its return authorisation: RMA, address, what came back."""
        entry = await self.authorization(partner)
        await self._post(
            self.trading_grid, f"/_emulator/return-authorizations/{entry['id']}", changes
        )

    async def receive_all(self, partner: str, location: str = "") -> None:
        """The partner reports that everything came back."""
        entry = await self.authorization(partner)
        await self.authorize(
            partner,
            lines=[
                {
                    "line_id": line["line_id"],
                    "received_quantity": line["quantity"],
                    "disposition_code": "RA" if location else "DI",
                    "location_code": location or None,
                }
                for line in entry["lines"]
            ],
        )

    async def grid_writes(self) -> list[dict[str, Any]]:
        """What we wrote to Trading Grid, and it took, since the world was furnished."""
        calls = (
            await self.trading_grid.get(f"/_emulator/calls?since={self.grid_furnished}")
        ).json()
        return [call for call in calls["calls"] if call["status"] < 300]
