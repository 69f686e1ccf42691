"""What the partner sends: notices, invoices, documents."""

import base64
from typing import Any

from tests.workflows.papers.ordering import PDF, TEXTILES, Ordered
from tests.world import World


def package(ordered: Ordered, tracking: str = "T-1", **quantities: int) -> dict[str, Any]:
    """A package of these SKUs (`SHIRT_1=2`), named by their lines; one that is not ordered by its SKU alone."""
    return {
        "tracking_number": tracking or None,
        "items": [
            {
                "po_number": ordered.po_number,
                "line_id": ordered.lines.get(sku.replace("_", "-")),
                "sku": sku.replace("_", "-"),
                "quantity": quantity,
            }
            for sku, quantity in quantities.items()
        ],
    }


async def ships(
    world: World, ordered: Ordered, *packages: dict[str, Any], number: str = "SHP-1", **more: Any
) -> str:
    """A shipment notice; its id."""
    body = {
        "partner_id": TEXTILES,
        "po_numbers": [ordered.po_number],
        "shipment_number": number,
        "carrier": "DHL",
        "packages": list(packages),
    }
    return str((await post(world, "/shipment-notices", body | more))["id"])


async def corrects(world: World, notice_id: str, *packages: dict[str, Any], **more: Any) -> None:
    body = ({"packages": list(packages)} if packages else {}) | more
    await post(world, f"/shipment-notices/{notice_id}", body)


async def bills(
    world: World,
    ordered: Ordered,
    *lines: tuple[str, int, str],
    number: str = "INV-1",
    **more: Any,
) -> str:
    """An invoice of `(SKU, quantity, unit price)`; its id."""
    body = {
        "partner_id": TEXTILES,
        "po_number": ordered.po_number,
        "invoice_number": number,
        "currency": "EUR",
        "lines": [
            {
                "line_id": ordered.lines.get(sku),
                "sku": sku,
                "quantity": quantity,
                "unit_price": price,
            }
            for sku, quantity, price in lines
        ],
    }
    return str((await post(world, "/invoices", body | more))["id"])


async def publishes(
    world: World,
    ordered: Ordered,
    kind: str = "packing_list",
    content: bytes = PDF,
    name: str = "",
    **more: Any,
) -> str:
    """A document that names the purchase order; its id."""
    body = {
        "partner_id": TEXTILES,
        "document_type": kind,
        "file_name": name or f"{kind}.pdf",
        "content_base64": base64.b64encode(content).decode(),
        "business_references": [{"type": "purchase_order", "value": ordered.po_number}],
    }
    return str((await post(world, "/documents", body | more))["id"])


async def attaches(world: World, partner: str, kind: str, content: bytes = PDF) -> None:
    """A document on the case that asks for what is missing."""
    case = await world.partner_case(partner)
    await post(
        world,
        f"/cases/{case['id']}/documents",
        {
            "document_type": kind,
            "file_name": f"{kind}.pdf",
            "content_base64": base64.b64encode(content).decode(),
        },
    )


async def post(world: World, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await world.trading_grid.post(f"/_emulator{path}", json=body)
    assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
    found: dict[str, Any] = answer.json()
    return found


async def all_papers(world: World, ordered: Ordered) -> None:
    """Invoice and packing list, as they should be."""
    position = ordered.position
    assert position is not None
    lines = [(line.sku, line.ordered, str(line.unit_price)) for line in position.lines]
    await bills(world, ordered, *lines)
    await publishes(world, ordered)
