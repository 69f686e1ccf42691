"""Customers return goods, or report them damaged."""

from typing import Any

from demo.furnish import SHOP
from demo.stage import Stage, number

JERSEY = {"sku": "ALP-JERSEY-M", "quantity": 1, "vendor": "Alpine", "price": "89.00"}
HEADSET = {"sku": "BOR-HEADSET", "quantity": 1, "vendor": "Borealis", "price": "129.00"}
TENT = {"sku": "CED-TENT-2P", "quantity": 1, "vendor": "Cedar", "price": "249.00"}


async def accepted(stage: Stage) -> str:
    what = "A customer returns a jersey; Alpine Textiles will accept it"
    return await _returned(stage, what, "resolved", JERSEY)


async def declined(stage: Stage) -> str:
    what = "A customer returns a headset; Borealis Electronics will decline"
    return await _returned(stage, what, "resolved", HEADSET)


async def mixed(stage: Stage) -> str:
    what = "A customer returns a jersey and a headset: two partners, two opinions"
    return await _returned(stage, what, "awaiting_merchant", JERSEY, HEADSET)


async def left_to_the_reader(stage: Stage) -> str:
    what = "A customer returns a tent; Cedar Outdoor waits for you in the partner portal"
    return await _returned(stage, what, "awaiting_partner", TENT)


async def damaged(stage: Stage) -> str:
    order = await stage.merchant.order(JERSEY)
    what = "Customer service reports a jersey damaged in transit; the customer keeps it"
    stage.say(what)
    order_id = number(order["order_id"])
    body = {
        "shop": SHOP,
        "kind": "damage",
        "external_reference": f"TICKET-{order_id}",
        "order_id": order_id,
        "lines": [
            {
                "line_item_id": number(order["line_items"][0]["id"]),
                "quantity": 1,
                "reason_code": "DT",
            }
        ],
        "goods_back": False,
        "note": "The parcel arrived crushed.",
    }
    case_id = await stage.open("/return-claims", body, key=f"demo-{order_id}")
    return stage.add(what, case_id, "resolved").case_id


async def _returned(stage: Stage, what: str, stands_at: str, *lines: dict[str, Any]) -> str:
    stage.say(what)
    order = await stage.merchant.order(*lines)
    return_id = await stage.merchant.ask_for_return(
        order, *({"sku": line["sku"], "quantity": 1, "reason": "DEFECTIVE"} for line in lines)
    )
    return stage.add(what, f"return-claim:{SHOP}:{return_id}", stands_at).case_id
