"""Trading partners."""

from typing import Protocol

from clients.trading_grid.port.common import Many, Received, Text


class PartnerIdentifier(Received):
    """EDI address: the ISA qualifier and the id under it."""

    qualifier: str
    id: str


class PartnerContact(Received):
    name: Text = ""
    role: Text = ""
    email: Text = ""


class Partner(Received):
    """`status`: invited, pending_approval, active or suspended."""

    id: str
    name: Text = ""
    status: str
    identifiers: Many[PartnerIdentifier] = ()
    roles: Many[str] = ()
    capabilities: Many[str] = ()
    contacts: Many[PartnerContact] = ()


class Partners(Protocol):
    async def read_partner(self, partner_id: str) -> Partner:
        """Raises NotFound."""
        ...

    async def list_partners(self) -> tuple[Partner, ...]:
        """All of them, over all pages."""
        ...
