"""What the demo plays: the matters of a merchant, told step by step as they happen."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from demo.furnish import SHOP, Merchant

_COLOURS = {"partner": "magenta", "shopify": "green", "operator": "yellow", "gridcase": "cyan"}
JERSEY = {"sku": "ALP-JERSEY-M", "quantity": 1, "vendor": "Alpine", "price": "89.00"}
HEADSET = {"sku": "BOR-HEADSET", "quantity": 1, "vendor": "Borealis", "price": "129.00"}
TENT = {"sku": "CED-TENT-2P", "quantity": 1, "vendor": "Cedar", "price": "249.00"}
JACKET = {"sku": "DS-ALP-JACKET", "quantity": 2, "vendor": "Alpine", "price": "149.00"}
SPEAKER = {"sku": "DS-BOR-SPEAKER", "quantity": 1, "vendor": "Borealis", "price": "99.00"}
SCARF = {"sku": "ALP-SCARF", "quantity": 3, "vendor": "Alpine", "price": "29.00"}


@dataclass(frozen=True)
class Matter:
    """One thing that happens; `case_id` is where to follow it."""

    what: str
    case_id: str


class Teller:
    """Prints each new line of every case's timeline, once, in the order it happened."""

    def __init__(self, merchant: Merchant, console: Console) -> None:
        self._merchant = merchant
        self._console = console
        self._told: set[int] = set()
        self._changed: dict[str, str] = {}

    async def tell(self) -> int:
        """Look once; how many lines were new."""
        page = await self._merchant.get("/cases", limit="100")
        fresh: list[tuple[dict[str, Any], dict[str, Any]]] = []
        read: dict[str, str] = {}
        for case in page["items"]:
            if self._changed.get(case["id"]) == case["updated_at"]:
                continue
            read[case["id"]] = case["updated_at"]
            timeline = await self._merchant.get(f"/cases/{quote(case['id'])}/timeline", limit="200")
            fresh += [(case, entry) for entry in timeline["items"] if entry["id"] not in self._told]
        for case, entry in sorted(fresh, key=lambda pair: (pair[1]["at"], pair[1]["id"])):
            self._told.add(entry["id"])
            self._line(case, entry)
        self._changed |= read  # only now: a look that failed halfway is looked again
        return len(fresh)

    def _line(self, case: dict[str, Any], entry: dict[str, Any]) -> None:
        colour = _COLOURS.get(entry["actor"].split(":")[0], "white")
        mark = " [bold red]![/]" if entry["flagged"] else ""
        self._console.print(
            f"[dim]{entry['at'][11:19]}[/] [bold]case {case['number']}[/] "
            f"[{colour}]{escape(entry['actor']):<28}[/]{mark} {escape(entry['text'])}",
            highlight=False,
            soft_wrap=True,
        )

    async def go_on(self) -> None:
        """Tell for ever, until cancelled; a moment without the API is not the end."""
        while True:
            try:
                await self.tell()
            except httpx.HTTPError:
                await asyncio.sleep(1)
            await asyncio.sleep(0.3)


class Scenario:
    """Plays the matters one after the other and waits until each stands where it should."""

    def __init__(self, merchant: Merchant, console: Console) -> None:
        self._merchant = merchant
        self._console = console
        self.matters: list[Matter] = []

    async def play(self) -> None:
        """All of it.

        Raises:
            RuntimeError: a case did not come to stand where it should within a minute.
        """
        steps: tuple[tuple[Callable[[], Awaitable[str]], str], ...] = (
            (self._accepted, "resolved"),
            (self._declined, "resolved"),
            (self._mixed, "awaiting_merchant"),
            (self._left_to_the_reader, "awaiting_partner"),
            (self._damaged, "resolved"),
            (self._two_purchase_orders, "resolved"),
            (self._late, "resolved"),
        )
        opened = [(await open_(), status) for open_, status in steps]
        await asyncio.gather(*(self._until(case_id, status) for case_id, status in opened))
        await self._papers(opened[5][0])

    async def _accepted(self) -> str:
        return await self._return(
            "A customer returns a jersey; Alpine Textiles will accept it", JERSEY
        )

    async def _declined(self) -> str:
        return await self._return(
            "A customer returns a headset; Borealis Electronics will decline", HEADSET
        )

    async def _mixed(self) -> str:
        return await self._return(
            "A customer returns a jersey and a headset: two partners, two opinions", JERSEY, HEADSET
        )

    async def _left_to_the_reader(self) -> str:
        return await self._return(
            "A customer returns a tent; Cedar Outdoor waits for you in the partner portal", TENT
        )

    async def _damaged(self) -> str:
        order = await self._merchant.order(JERSEY)
        what = "Customer service reports a jersey damaged in transit; the customer keeps it"
        self._say(what)
        body = {
            "shop": SHOP,
            "kind": "damage",
            "external_reference": f"TICKET-{_number(order['order_id'])}",
            "order_id": _number(order["order_id"]),
            "lines": [
                {
                    "line_item_id": _number(order["line_items"][0]["id"]),
                    "quantity": 1,
                    "reason_code": "DT",
                }
            ],
            "goods_back": False,
            "note": "The parcel arrived crushed.",
        }
        opened = await self._merchant.post(
            self._merchant.api,
            "/return-claims",
            body,
            **{"Idempotency-Key": f"demo-{_number(order['order_id'])}"},
        )
        self.matters.append(Matter(what, opened["case_id"]))
        return str(opened["case_id"])

    async def _two_purchase_orders(self) -> str:
        what = (
            "A customer buys jackets and a speaker that partners ship: two purchase orders; "
            "Alpine Textiles confirms, Borealis Electronics backorders and later gives a date"
        )
        self._say(what)
        order = await self._merchant.order(JACKET, SPEAKER, fulfill=False)
        case_id = f"purchase-order:{SHOP}:{_number(order['order_id'])}"
        self.matters.append(Matter(what, case_id))
        return case_id

    async def _papers(self, purchase_orders: str) -> None:
        """The shipments of that order with their papers: a case for each purchase order."""
        case = await self._merchant.get(f"/cases/{quote(purchase_orders)}")
        for order in case["snapshot"]["detail"]["purchase_orders"]:
            case_id = f"shipping-documents:{SHOP}:{order['number']}"
            what = f"{order['partner']} ships {order['number']} and sends the papers"
            self.matters.append(Matter(what, case_id))
            await self._until(case_id, "resolved")

    async def _late(self) -> str:
        what = "Scarves cannot ship, staff hold them; Alpine Textiles gives a date"
        self._say(what)
        order = await self._merchant.order(SCARF, fulfill=False)
        await self._merchant.hold(order, reason="INVENTORY_OUT_OF_STOCK", notes="None on the shelf")
        case_id = f"order-exception:{SHOP}:{_number(order['order_id'])}"
        self.matters.append(Matter(what, case_id))
        return case_id

    async def _return(self, what: str, *lines: dict[str, Any]) -> str:
        self._say(what)
        order = await self._merchant.order(*lines)
        return_id = await self._merchant.ask_for_return(
            order, *({"sku": line["sku"], "quantity": 1, "reason": "DEFECTIVE"} for line in lines)
        )
        case_id = f"return-claim:{SHOP}:{return_id}"
        self.matters.append(Matter(what, case_id))
        return case_id

    def _say(self, what: str) -> None:
        self._console.print(f"[dim]--------[/] [bold green]{escape(what)}[/]", highlight=False)

    async def _until(self, case_id: str, status: str, within: float = 60) -> None:
        end = asyncio.get_running_loop().time() + within
        seen = "not there"
        while asyncio.get_running_loop().time() < end:
            try:
                case = await self._merchant.get(f"/cases/{quote(case_id)}")
            except httpx.HTTPStatusError as error:
                if error.response.status_code != 404:
                    raise
            else:
                seen = case["status"]
                if seen == status:
                    return
            await asyncio.sleep(0.2)
        raise RuntimeError(f"{case_id} stands at {seen}, not at {status}, after {within:.0f} s.")


async def summary(merchant: Merchant, matters: list[Matter], console: Console) -> None:
    """Each case, its partners, where it stands, and its address in the Temporal UI."""
    table = Table(title="Where the cases stand", title_justify="left", expand=False)
    for name in ("case", "matter", "partners", "stands at", "waits for"):
        table.add_column(name, overflow="fold")
    links: list[str] = []
    for matter in matters:
        case = await merchant.get(f"/cases/{quote(matter.case_id)}")
        outcome = f": {case['outcome']}" if case["outcome"] else ""
        table.add_row(
            str(case["number"]),
            escape(case["title"]),
            ", ".join(case["partners"]),
            f"{case['status']}{outcome}".replace("_", " "),
            case["waiting_for"] or "",
        )
        links.append(f"case {case['number']:>3}  {case['temporal_ui']}")
    console.print(table)
    console.print("In the Temporal UI:", *links, sep="\n  ", highlight=False, soft_wrap=True)


def _number(gid: str) -> str:
    return str(gid).rsplit("/", 1)[-1]
