"""What the tests of the database layer share."""

from datetime import UTC, datetime

import pytest

from persistence.encryption import SecretBox
from persistence.repositories import partners, shops, tenants
from persistence.session import Database


@pytest.fixture
def now() -> datetime:
    """One moment, with microseconds, for tests that move the clock themselves."""
    return datetime(2026, 11, 2, 8, 15, 30, 250001, tzinfo=UTC)


@pytest.fixture
def box() -> SecretBox:
    return SecretBox({"k1": b"1" * 32})


@pytest.fixture
async def network(database: Database, box: SecretBox) -> Database:
    """A database with tenant `north`, its partners `p-1` and `p-2`, and shops `acme`, `bolt`."""
    async with database.begin() as session:
        await tenants.create(
            session,
            box,
            id="north",
            name="Northern Goods",
            base_url="https://tg.example/v1",
            token_url="https://tg.example/token",
            client_id="client",
            client_secret="tenant secret",
        )
        for partner in ("p-1", "p-2"):
            await partners.create(session, tenant_id="north", id=partner, name=partner.upper())
        for shop in ("acme", "bolt"):
            await shops.create(
                session,
                box,
                id=shop,
                domain=f"{shop}.myshopify.com",
                tenant_id="north",
                name=shop.title(),
                api_version="2026-10",
                client_id="app",
                client_secret="shop secret",
            )
    return database
