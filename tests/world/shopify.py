"""The merchant's customers, staff and other apps, at Shopify."""

from typing import Any

from domain.shopify_ids import numeric_id
from tests.world.names import SHOP
from tests.world.parts import Parts


class ShopifySide(Parts):
    """What happens at Shopify, and what is to be seen there."""

    async def order(self, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
        """A paid order, fulfilled but with `fulfill=False`; a line is `{"sku", "quantity", "vendor", "price"}`."""
        body = {"lines": list(lines), "fulfill": True} | more
        return await self._post(self.shopify, f"/_emulator/shops/{SHOP}/orders", body)

    async def request_return(
        self, order: dict[str, Any], *lines: dict[str, Any], open: bool = False
    ) -> str:
        """The customer asks for a return (or staff opens one); its number."""
        body = {"order_id": order["order_id"], "lines": list(lines), "open": open}
        made = await self._post(self.shopify, f"/_emulator/shops/{SHOP}/returns", body)
        return numeric_id(made["return_id"])

    async def in_shopify(self, return_id: str, action: str, **body: Any) -> dict[str, Any]:
        """Somebody else acts on a return in the Shopify admin."""
        return await self._post(
            self.shopify, f"/_emulator/shops/{SHOP}/returns/{return_id}/{action}", body
        )

    async def shopify_writes(self, *only: str) -> list[str]:
        """The mutations Shopify has done since the world was furnished, in their order; `only` these where given."""
        calls = (await self.shopify.get(f"/_emulator/calls?since={self.furnished}")).json()["calls"]
        done = [
            entry["field"]
            for call in calls
            if call["outcome"] == "ok"
            for entry in call["mutations"]
            if not entry["user_errors"] and not entry["replayed"]
        ]
        return [name for name in done if not only or name in only]

    async def shopify_calls(self, mutation: str) -> list[dict[str, Any]]:
        """Every call of this mutation that Shopify received, done or not."""
        calls = (await self.shopify.get("/_emulator/calls")).json()["calls"]
        return [
            call for call in calls if any(entry["field"] == mutation for entry in call["mutations"])
        ]

    async def return_in_shopify(self, return_id: str) -> dict[str, Any]:
        found = (await self.shopify_state())["shops"][SHOP]["returns"]
        return next(entry for entry in found if numeric_id(entry["id"]) == return_id)

    async def order_in_shopify(self, order: dict[str, Any]) -> dict[str, Any]:
        found = (await self.shopify_state())["shops"][SHOP]["orders"]
        wanted = numeric_id(order["order_id"])
        return next(entry for entry in found if numeric_id(entry["id"]) == wanted)

    async def tagged(self, order: dict[str, Any], *tags: str) -> None:
        """That the order comes to carry these tags and no others."""

        async def look() -> list[str]:
            return sorted((await self.order_in_shopify(order))["tags"])

        await self.eventually(look, lambda found: found == sorted(tags))

    async def location(self, name: str) -> str:
        """A location of the shop; its GID."""
        made = await self._post(
            self.shopify, f"/_emulator/shops/{SHOP}/locations", {"name": name, "country_code": "DE"}
        )
        found: str = made["location_id"]
        return found

    async def faults(self, emulator: str, **plan: Any) -> None:
        """Misbehave (`api=...`, `webhooks=...`); without a plan, behave again."""
        client = self.shopify if emulator == "shopify" else self.trading_grid
        answer = await client.put("/_emulator/faults", json=plan)
        assert answer.is_success, answer.text

    async def shopify_state(self) -> dict[str, Any]:
        state: dict[str, Any] = (await self.shopify.get("/_emulator/state")).json()
        return state
