"""Customers buy what partners ship, or what cannot ship as promised."""

from demo.furnish import SHOP
from demo.stage import Stage, number

JACKET = {"sku": "DS-ALP-JACKET", "quantity": 2, "vendor": "Alpine", "price": "149.00"}
SPEAKER = {"sku": "DS-BOR-SPEAKER", "quantity": 1, "vendor": "Borealis", "price": "99.00"}
SCARF = {"sku": "ALP-SCARF", "quantity": 3, "vendor": "Alpine", "price": "29.00"}


async def drop_shipped(stage: Stage) -> str:
    what = (
        "A customer buys jackets and a speaker that partners ship: two purchase orders; "
        "Alpine Textiles confirms, Borealis Electronics backorders and later gives a date"
    )
    stage.say(what)
    order = await stage.merchant.order(JACKET, SPEAKER, fulfill=False)
    case_id = f"purchase-order:{SHOP}:{number(order['order_id'])}"
    return stage.add(what, case_id, "resolved").case_id


async def papers(stage: Stage, purchase_orders: str) -> None:
    """The shipments of a case of purchase orders with their papers: a case for each."""
    case = await stage.until(purchase_orders, "resolved")
    for order in case["snapshot"]["detail"]["purchase_orders"]:
        case_id = f"shipping-documents:{SHOP}:{order['number']}"
        what = f"{order['partner']} ships {order['number']} and sends the papers"
        stage.add(what, case_id, "resolved")
        await stage.until(case_id, "resolved")


async def late(stage: Stage) -> str:
    what = "Scarves cannot ship, staff hold them; Alpine Textiles gives a date"
    stage.say(what)
    order = await stage.merchant.order(SCARF, fulfill=False)
    await stage.merchant.hold(order, reason="INVENTORY_OUT_OF_STOCK", notes="None on the shelf")
    case_id = f"order-exception:{SHOP}:{number(order['order_id'])}"
    return stage.add(what, case_id, "resolved").case_id
