"""What the merchant says, what others do in Shopify, and what came of it all."""

import json
from typing import Any

from domain import operator
from domain.operator import (
    Cancel,
    MessagePartner,
    PartnerChanged,
    Receipt,
    Retry,
)
from domain.shipping_documents.decision import Choice, Decide
from domain.shopify_ids import numeric_id
from tests.workflows.papers.ordering import MARIA, TEXTILES, Ordered
from tests.world import SHOP, TENANT, World

# What others do in Shopify.


async def held(world: World, ordered: Ordered, by: str = "Another app", **more: Any) -> None:
    """Somebody holds what the order has to ship."""
    assert ordered.order is not None
    body = {"order_id": ordered.order["order_id"], "reason": "OTHER", "by": by} | more
    answer = await world.shopify.post(f"/_emulator/shops/{SHOP}/holds", json=body)
    assert answer.is_success, answer.text


async def released(world: World, ordered: Ordered) -> None:
    """All holds are released."""
    assert ordered.order is not None
    found = await world.order_in_shopify(ordered.order)
    for one in found["fulfillment_orders"]:
        number = numeric_id(one["id"])
        path = f"/_emulator/shops/{SHOP}/fulfillment-orders/{number}/release"
        answer = await world.shopify.post(path, json={})
        assert answer.is_success, answer.text


# What came of it.


async def fulfillments(world: World, ordered: Ordered) -> list[dict[str, Any]]:
    """The order's fulfillments: `number`, and `skus` -> quantity."""
    assert ordered.order is not None
    found = await world.order_in_shopify(ordered.order)
    return [
        {
            "number": ", ".join(one["number"] for one in entry["tracking"]),
            "skus": {line["sku"]: line["quantity"] for line in entry["lines"]},
        }
        for entry in found["fulfillments"]
    ]


async def decide(world: World, ordered: Ordered, choice: str, **more: Any) -> Receipt:
    receipt = await world.update(
        ordered.papers, operator.DECIDE, Decide(actor=MARIA, choice=Choice(choice), **more)
    )
    return Receipt.model_validate(receipt)


async def cancel(world: World, case_id: str) -> None:
    await world.update(case_id, operator.CANCEL, Cancel(actor=MARIA, reason="settled by phone"))


async def retry(world: World, case_id: str) -> None:
    await world.update(case_id, operator.RETRY, Retry(actor=MARIA))


async def write(world: World, case_id: str, text: str) -> None:
    await world.update(
        case_id,
        operator.MESSAGE_PARTNER,
        MessagePartner(actor=MARIA, partner=TEXTILES, text=text),
    )


async def reads(world: World, case_id: str, activity: str) -> int:
    """How often a case called this activity."""
    events = (await world.history(case_id)).events
    scheduled = [event.activity_task_scheduled_event_attributes for event in events]
    return sum(1 for one in scheduled if one.activity_type.name == activity)


async def announced(
    world: World, ordered: Ordered, kind: str, resource_id: str, version: int, event_id: str
) -> None:
    """An event of Trading Grid's reaches the case: again, late, or out of order."""
    change = PartnerChanged(
        event_id=event_id,
        event_type=kind,
        partner=TEXTILES,
        resource_id=resource_id,
        version=version,
    )
    await world.handle(ordered.papers).signal(operator.PARTNER_CHANGED, change)


async def metafield(world: World, ordered: Ordered, key: str) -> str:
    """A metafield of the order in our namespace; empty where it is not there."""
    assert ordered.order is not None
    found = (await world.order_in_shopify(ordered.order))["metafields"]
    return next((str(one["value"]) for one in found if one["key"] == key), "")


async def links(world: World, ordered: Ordered) -> list[str]:
    """The order's links for people, the newest first."""
    found: list[str] = json.loads(await metafield(world, ordered, "documents") or "[]")
    return found


async def text_on(world: World, ordered: Ordered) -> str:
    """What the order says to people."""
    return await metafield(world, ordered, "shipping_documents_text")


async def all_in(world: World, ordered: Ordered) -> None:
    """Wait until no paper is missing."""
    await world.until_status(
        ordered.papers, "applying", "awaiting_partner", "awaiting_other", "awaiting_merchant"
    )
    await world.eventually(
        lambda: world.current(ordered.papers), lambda seen: seen.detail["missing"] == []
    )


async def written_to(world: World, partner: str) -> list[str]:
    """What was written to a partner, oldest first."""
    state = (await world.trading_grid.get("/_emulator/state")).json()
    tenant = next(entry for entry in state["tenants"] if entry["id"] == TENANT)
    return [
        entry["body"]
        for entry in tenant.get("messages", ())
        if entry["partner_id"] == partner and entry["author"]["type"] == "company"
    ]
