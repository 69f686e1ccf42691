"""A merchant, its partners and its terms, set up through the API as an administrator would."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from demo.stack import Stack
from persistence.migrate import migrate
from persistence.repositories import api_keys
from persistence.session import Database

SHOP = "acme-store"
TENANT = "demo"


@dataclass(frozen=True)
class DemoPartner:
    """A partner in Trading Grid, the vendor whose lines it reviews, and how it behaves.

    `drop_ships`: it ships lines whose SKU begins so straight to the customer, against a purchase order.
    """

    id: str
    name: str
    vendor: str
    behaviour: str
    drop_ships: str = ""


PARTNERS = (
    DemoPartner("alpine-textiles", "Alpine Textiles", "Alpine", "prompt", drop_ships="DS-ALP"),
    DemoPartner(
        "borealis-electronics", "Borealis Electronics", "Borealis", "contrary", drop_ships="DS-BOR"
    ),
    DemoPartner("cedar-outdoor", "Cedar Outdoor", "Cedar", "manual"),
)


async def make_key(stack: Stack, name: str = "demo") -> str:
    """An API key with every scope; made beside the API, as `python -m manage create-key` does."""
    settings = stack.settings()
    await migrate(settings.database_url)
    database = Database(settings.database_url)
    try:
        async with database.begin() as session:
            _, secret = await api_keys.create(
                session,
                settings.peppers[0],
                name=name,
                scopes=["read", "operate", "admin"],
                now=datetime.now(UTC),
            )
    finally:
        await database.dispose()
    return secret.get_secret_value()


class Merchant:
    """The merchant's side of the API, and the control calls of both emulators."""

    def __init__(self, stack: Stack, key: str) -> None:
        self.stack = stack
        self.api = httpx.AsyncClient(
            base_url=stack.api, headers={"Authorization": f"Bearer {key}"}, timeout=30
        )
        self.shopify = httpx.AsyncClient(base_url=stack.shopify, timeout=30)
        self.trading_grid = httpx.AsyncClient(base_url=stack.trading_grid, timeout=30)

    async def __aenter__(self) -> "Merchant":
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in (self.api, self.shopify, self.trading_grid):
            await client.aclose()

    async def post(
        self, client: httpx.AsyncClient, path: str, body: Any, **headers: str
    ) -> dict[str, Any]:
        """Post JSON.

        Raises:
            RuntimeError: it was not taken; with the answer.
        """
        answer = await client.post(path, json=body, headers=headers)
        if not answer.is_success:
            raise RuntimeError(f"POST {path}: {answer.status_code} {answer.text[:500]}")
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found

    async def get(self, path: str, **params: str) -> Any:
        """Read from the API.

        Raises:
            httpx.HTTPStatusError: it did not answer with what was asked.
        """
        answer = await self.api.get(path, params=params)
        answer.raise_for_status()
        return answer.json()

    async def furnish(
        self, partners: tuple[DemoPartner, ...] = PARTNERS, policy: dict[str, Any] | None = None
    ) -> None:
        """Set the shop, its tenant and partners up, and connect it; raises RuntimeError with the step that failed."""
        await self.post(
            self.shopify, f"/_emulator/shops/{SHOP}", {"name": "Acme Store", "currency": "EUR"}
        )
        location = await self.post(
            self.shopify, f"/_emulator/shops/{SHOP}/locations", {"name": "Returns centre"}
        )
        grid = self.stack.trading_grid
        await self.post(
            self.api,
            "/tenants",
            {
                "id": TENANT,
                "name": "Acme on Trading Grid",
                "base_url": f"{grid}/tradinggrid/v1",
                "token_url": f"{grid}/tenants/demo/oauth2/token",
                "client_id": "demo-client",
                "client_secret": "demo-secret",
            },
        )
        await self.post(
            self.api,
            "/shops",
            {
                "id": SHOP,
                "domain": f"{SHOP}.myshopify.com",
                "tenant_id": TENANT,
                "name": "Acme Store",
                "client_id": "demo-client-id",
                "client_secret": "demo-client-secret",
                "admin_base": f"{self.stack.shopify}/{{shop}}",
            },
        )
        for partner in partners:
            await self._partner(partner)
        await self.post(
            self.api,
            "/location-mappings",
            {
                "tenant_id": TENANT,
                "code": "RETURNS-1",
                "shop_id": SHOP,
                "location_id": location["location_id"],
            },
        )
        terms = policy or {
            "answer_within": {"hours": 72},
            "at_deadline": "approve_under",
            "approve_under": {"amount": "50.00", "currency": "EUR"},
            "refund": "automatic",
        }
        await self.policy("return_claim", terms)
        report = await self.post(self.api, f"/shops/{SHOP}/connect", {})
        failed = [step for step in report["steps"] if step["status"] == "failed"]
        if failed:
            raise RuntimeError(f"The shop could not be connected: {failed}")

    async def policy(self, lifecycle: str, terms: dict[str, Any]) -> None:
        """The shop's terms for one lifecycle."""
        await self.post(
            self.api, "/policies", {"shop_id": SHOP, "lifecycle": lifecycle, "terms": terms}
        )

    async def _partner(self, partner: DemoPartner) -> None:
        await self.post(
            self.trading_grid,
            "/_emulator/partners",
            {
                "id": partner.id,
                "name": partner.name,
                "behaviour": partner.behaviour,
                "answer_delay_s": 1.0,
                "goods_delay_s": 2.0,
            }
            if partner.behaviour != "manual"
            else {"id": partner.id, "name": partner.name, "behaviour": "manual"},
        )
        await self.post(
            self.api, f"/tenants/{TENANT}/partners", {"id": partner.id, "name": partner.name}
        )
        await self._route(partner, match_kind="vendor", match_value=partner.vendor)
        if partner.drop_ships:
            await self._route(
                partner,
                match_kind="sku_prefix",
                match_value=partner.drop_ships,
                lifecycle="purchase_order",
            )

    async def _route(self, partner: DemoPartner, **match: str) -> None:
        await self.post(self.api, "/routes", {"shop_id": SHOP, "partner_id": partner.id, **match})

    async def order(self, *lines: dict[str, Any], fulfill: bool = True) -> dict[str, Any]:
        """A paid order in the shop, fulfilled or still to ship."""
        return await self.post(
            self.shopify,
            f"/_emulator/shops/{SHOP}/orders",
            {"lines": list(lines), "fulfill": fulfill},
        )

    async def hold(self, order: dict[str, Any], *, reason: str, notes: str = "") -> None:
        """Staff hold what an order still has to ship (the order as it was answered when it was made)."""
        for held in order["fulfillment_orders"]:
            number = str(held["id"]).rsplit("/", 1)[-1]
            await self.post(
                self.shopify,
                f"/_emulator/shops/{SHOP}/fulfillment-orders/{number}/hold",
                {"reason": reason, "notes": notes},
            )

    async def ask_for_return(self, order: dict[str, Any], *lines: dict[str, Any]) -> str:
        """The customer asks for a return of these lines; the return's number."""
        made = await self.post(
            self.shopify,
            f"/_emulator/shops/{SHOP}/returns",
            {"order_id": order["order_id"], "lines": list(lines)},
        )
        return str(made["return_id"]).rsplit("/", 1)[-1]
