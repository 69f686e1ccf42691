"""What the tests of purchase orders share: goods, orders, what partners answer and ship, and words of the merchant."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from domain.operator import Cancel, Extend, MessagePartner, Nudge, Receipt, Retry
from domain.purchase_order.decision import Choice, Decide, LineChoice, Reassign
from domain.purchase_order.names import POSITION, SHIPPED, AskPosition, Position, Shipped
from domain.shopify_ids import numeric_id
from emulators.trading_grid.resources.purchase_orders.model import PurchaseOrder as GridOrder
from tests.world import SHOP, TENANT, World

SHIRT = {"sku": "SHIRT-1", "quantity": 5, "vendor": "acme-textiles", "price": "30.00"}
SCARF = {"sku": "SCARF-1", "quantity": 2, "vendor": "acme-textiles", "price": "12.00"}
SHOE = {"sku": "SHOE-1", "quantity": 1, "vendor": "north-shoes", "price": "80.00"}
LAMP = {"sku": "LAMP-1", "quantity": 1, "vendor": "nobody-we-know", "price": "15.00"}
TEXTILES, SHOES = "acme-textiles", "north-shoes"
MARIA = "operator:maria"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SHIP_TO = {"address1": "7 Secret Lane", "city": "Hiddenham", "last_name": "Confidential"}


def day(offset: int) -> str:
    """A day this far from now, as partners write it."""
    return (datetime.now(UTC).date() + timedelta(days=offset)).isoformat()


def on(offset: int) -> date:
    return date.fromisoformat(day(offset))


class Purchase:
    """One order of the shop, and the purchase orders it became."""

    def __init__(self, world: World, order: dict[str, Any], case_id: str) -> None:
        self.world = world
        self.order = order
        self.case_id = case_id
        self.lines = {
            entry["sku"]: numeric_id(entry["id"]) for entry in order.get("line_items", [])
        }
        self.sequences: dict[str, int] = {}

    # What can be seen.

    async def purchase_orders(self, partner: str = "") -> list[dict[str, Any]]:
        """What Trading Grid has, the oldest first."""
        state = (await self.world.trading_grid.get("/_emulator/state")).json()
        tenant = next(entry for entry in state["tenants"] if entry["id"] == TENANT)
        return [
            entry
            for entry in tenant["purchase_orders"]
            if entry["partner_id"] == partner or not partner
        ]

    async def sent(self, partner: str, count: int = 1) -> dict[str, Any]:
        """The partner's newest purchase order, once there are as many and we know of it."""
        found: dict[str, Any] = await self.world.eventually(
            lambda: self.purchase_orders(partner),
            lambda orders: orders[-1] if len(orders) == count else None,
        )
        await self.world.until_told(self.case_id, f"{found['po_number']} sent to")
        return found

    def address(self, po_number: str) -> dict[str, Any]:
        """Where the partner is to send it; no call of the emulator shows that."""
        table = self.world.emulators["trading_grid"].emulator.tenants[TENANT].table(GridOrder)
        order = table.numbered(po_number)
        assert order is not None
        assert order.ship_to is not None
        found: dict[str, Any] = order.ship_to.model_dump()
        return found

    async def changes(self, partner: str) -> list[dict[str, Any]]:
        state = (await self.world.trading_grid.get("/_emulator/state")).json()
        tenant = next(entry for entry in state["tenants"] if entry["id"] == TENANT)
        return [
            entry for entry in tenant["purchase_order_changes"] if entry["partner_id"] == partner
        ]

    async def line(self, sku: str, po_number: str = "") -> dict[str, Any]:
        """A line as the case shows it."""
        detail: Any = (await self.world.current(self.case_id)).detail
        lines = [
            line
            for line in detail["lines"]
            if line["sku"] == sku and po_number in {"", line["po_number"]}
        ]
        return lines[-1] if lines else {}

    async def until_line(self, sku: str, **wanted: Any) -> dict[str, Any]:
        """A line, once it stands like this."""
        found: dict[str, Any] = await self.world.eventually(
            lambda: self.line(sku),
            lambda line: (
                line if all(line.get(key) == value for key, value in wanted.items()) else None
            ),
        )
        return found

    async def questions(self) -> list[dict[str, Any]]:
        try:
            detail: Any = (await self.world.current(self.case_id)).detail
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return []  # it has not been opened yet
        found: list[dict[str, Any]] = detail["questions"]
        return found

    async def until_asked(self, topic: str) -> dict[str, Any]:
        """The first question about this, once it is asked."""
        found: dict[str, Any] = await self.world.eventually(
            self.questions,
            lambda asked: next((one for one in asked if one["topic"] == topic), None),
        )
        return found

    async def holds(self) -> dict[str, dict[str, int]]:
        """By reason, what is held in Shopify under handles of ours, by SKU."""
        order = await self.world.order_in_shopify(self.order)
        found: dict[str, dict[str, int]] = {}
        for one in order["fulfillment_orders"]:
            for hold in one["holds"] if one["status"] == "ON_HOLD" else ():
                if (hold["handle"] or "").startswith("gridcase:"):
                    pieces = found.setdefault(hold["reason"], {})
                    for line in one["line_items"]:
                        if line["remaining_quantity"]:
                            held = pieces.get(line["sku"], 0)
                            pieces[line["sku"]] = held + line["remaining_quantity"]
        return found

    async def until_held(self, wanted: dict[str, dict[str, int]]) -> None:
        await self.world.eventually(self.holds, lambda found: found == wanted)

    async def position(self, po_number: str) -> Position:
        found: Position = await self.world.handle(self.case_id).query(
            POSITION, AskPosition(po_number=po_number), result_type=Position
        )
        return found

    # The partner.

    def said(self, sku: str, code: str, quantity: int | None = None, **more: Any) -> dict[str, Any]:
        return {"line_id": self.lines.get(sku, sku), "ack_code": code, "quantity": quantity} | more

    async def respond(
        self, po_number: str, *lines: dict[str, Any], header: str | None = None, sequence: int = 0
    ) -> None:
        body: dict[str, Any] = {"lines": list(lines)}
        if header:
            body["header_code"] = header
        if sequence:
            body["sequence"] = sequence
        await self.world._post(
            self.world.trading_grid, f"/_emulator/purchase-orders/{po_number}/responses", body
        )

    async def accept(self, po_number: str) -> None:
        """The partner accepts everything as ordered."""
        await self.respond(po_number, header="AT")

    async def acknowledge(self, po_number: str, number: int = 1, *, refuse: str = "") -> None:
        body = {"status": "refused", "note": refuse} if refuse else {"status": "acknowledged"}
        await self.world._post(
            self.world.trading_grid,
            f"/_emulator/purchase-orders/{po_number}/changes/{number}/acknowledge",
            body,
        )

    async def until_change(self, partner: str, count: int = 1) -> dict[str, Any]:
        """The newest change the partner was asked for, once there are as many."""
        found: dict[str, Any] = await self.world.eventually(
            lambda: self.changes(partner),
            lambda changes: changes[-1] if len(changes) == count else None,
        )
        await self.world.until_told(self.case_id, f"Change {found['change_number']} of")
        return found

    async def shipped(
        self,
        po_number: str,
        number: str = "S-1",
        *,
        about_to: bool = False,
        version: int = 0,
        **skus: int,
    ) -> None:
        """The word of the shipping documents on a shipment: `SHIRT_1=2`."""
        handle: WorkflowHandle[Any, Any] = self.world.handle(self.case_id)
        lines = {self.lines[sku.replace("_", "-")]: count for sku, count in skus.items()}
        await handle.signal(
            SHIPPED,
            Shipped(
                event_id=f"{number}/{about_to}/{version}",
                po_number=po_number,
                shipment_number=number,
                version=version,
                lines=lines,
                about_to=about_to,
            ),
        )

    # The merchant.

    async def decide(self, choice: str = "", *lines: tuple[str, str], **more: Any) -> Receipt:
        """One word for all that is asked, or `(SKU, choice)` each."""
        command = Decide(
            actor=MARIA,
            choice=Choice(choice) if choice else None,
            lines=tuple(
                LineChoice(line_id=self.lines.get(sku, sku), choice=Choice(word))
                for sku, word in lines
            ),
            **more,
        )
        return Receipt.model_validate(await self.world.update(self.case_id, "decide", command))

    async def reassign(self, partner: str, *skus: str) -> None:
        command = Reassign(
            actor=MARIA, line_ids=tuple(self.lines[sku] for sku in skus), partner=partner
        )
        await self.world.update(self.case_id, "reassign", command)

    async def cancel(self) -> None:
        await self.world.update(self.case_id, "cancel", Cancel(actor=MARIA, reason="a mistake"))

    async def retry(self) -> None:
        await self.world.update(self.case_id, "retry", Retry(actor=MARIA))

    async def write(self, partner: str, text: str) -> None:
        command = MessagePartner(actor=MARIA, partner=partner, text=text)
        await self.world.update(self.case_id, "message_partner", command)

    async def nudge(self, partner: str) -> None:
        await self.world.update(self.case_id, "nudge", Nudge(actor=MARIA, partner=partner))

    async def extend(self, partner: str, until: datetime) -> None:
        command = Extend(actor=MARIA, partner=partner, until=until)
        await self.world.update(self.case_id, "extend", command)

    # Shopify.

    async def edit(self, *lines: tuple[str, int], add: list[dict[str, Any]] | None = None) -> None:
        """Staff edits the order: `(SKU, quantity left)` each, and new lines."""
        number = numeric_id(self.order["order_id"])
        body = {"lines": [{"sku": sku, "quantity": left} for sku, left in lines], "add": add or []}
        shown = await self.world._post(
            self.world.shopify, f"/_emulator/shops/{SHOP}/orders/{number}/edit", body
        )
        self.lines |= {entry["sku"]: numeric_id(entry["id"]) for entry in shown["line_items"]}

    async def cancel_order(self) -> None:
        number = numeric_id(self.order["order_id"])
        await self.world._post(
            self.world.shopify, f"/_emulator/shops/{SHOP}/orders/{number}/cancel", {}
        )

    async def outcome(self) -> str:
        found: str = (await self.world.result(self.case_id))["outcome"]
        return found


async def ordered(world: World, *lines: dict[str, Any], **more: Any) -> Purchase:
    """A paid order of these lines, whose purchase orders have a case."""
    order = await world.order(*lines, **({"fulfill": False} | more))
    case_id = f"purchase-order:{SHOP}:{numeric_id(order['order_id'])}"
    return Purchase(world, order, case_id)


async def purchased(world: World, *lines: dict[str, Any], **terms: Any) -> Purchase:
    """An order whose partners (the lines' vendors) have their purchase orders, on these terms."""
    await furnish(world, *lines, **terms)
    made = await ordered(world, *lines)
    for vendor in vendors(lines):
        await made.sent(vendor)
    return made


async def furnish(world: World, *lines: dict[str, Any], **terms: Any) -> None:
    """Partners for the lines' vendors, and terms."""
    for vendor in vendors(lines):
        await world.partner(vendor, lifecycle="purchase_order")
    await world.policy(lifecycle="purchase_order", **terms)


def vendors(lines: Any) -> list[str]:
    found = dict.fromkeys(str(line["vendor"]) for line in lines)
    return [vendor for vendor in found if vendor != LAMP["vendor"]]
