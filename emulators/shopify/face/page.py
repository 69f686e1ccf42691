"""``GET /``: shops, orders, returns, disputes, stock, campaigns and the latest webhooks, on one page."""

from __future__ import annotations

import heapq
import json
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from emulators.shopify.emulator import Emulator
from emulators.shopify.model.inventory import InventoryLevel
from emulators.shopify.model.metafields import Metafield
from emulators.shopify.model.money import rest_amount
from emulators.shopify.model.shop import Shop

SHOWN_ORDERS = 50
SHOWN_DELIVERIES = 40
SHOWN_LEVELS = 60


def metafield_text(field: Metafield) -> str:
    """A metafield's value for people: JSON is indented."""
    if field.type != "json":
        return field.value
    return json.dumps(json.loads(field.value), indent=2, ensure_ascii=False)


def order_metafield_name(field: Metafield, shop: Shop) -> str | None:
    """The name that staff see: its definition's. Without a definition the admin would not show the field."""
    wanted = ("ORDER", field.namespace, field.key)
    for definition in shop.definitions.values():
        if (definition.owner_type, definition.namespace, definition.key) == wanted:
            return definition.name
    return None


def latest_levels(shop: Shop) -> list[InventoryLevel]:
    """The inventory levels that were changed last."""
    levels = (level for item in shop.inventory_items.values() for level in item.levels.values())
    return heapq.nlargest(SHOWN_LEVELS, levels, key=lambda level: level.updated_at)


TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters["latest_levels"] = latest_levels
TEMPLATES.filters["amount"] = rest_amount
TEMPLATES.filters["metafield_text"] = metafield_text
TEMPLATES.filters["order_metafield_name"] = order_metafield_name


async def page(request: Request) -> Response:
    emulator: Emulator = request.app.state.emulator
    html = TEMPLATES.get_template("admin.html").render(
        shops=list(emulator.shops.values()),
        shown_orders=SHOWN_ORDERS,
        deliveries=list(reversed(emulator.courier.deliveries))[:SHOWN_DELIVERIES],
        faults=emulator.faults.plan,
    )
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})
