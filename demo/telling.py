"""What the demo prints: every case's timeline as it grows, and where all of them stand in the end."""

import asyncio
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import httpx
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from demo.furnish import Merchant
from demo.stage import Matter

_COLOURS = {"partner": "magenta", "shopify": "green", "operator": "yellow", "gridcase": "cyan"}


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


_WIDE = 200
"""Columns from which an address fits into the table on one line."""


async def summary(merchant: Merchant, matters: Sequence[Matter], console: Console) -> None:
    """Each case, its partners, where it stands, and its address in the Temporal UI."""
    wide = console.width >= _WIDE
    table = Table(title="Where the cases stand", title_justify="left", expand=False)
    table.add_column("case", justify="right")
    table.add_column("matter", overflow="fold")
    table.add_column("partners", no_wrap=True)
    table.add_column("stands at", overflow="fold")
    if wide:
        table.add_column("in the Temporal UI", no_wrap=True)
    addresses: list[str] = []
    for matter in matters:
        case = await merchant.get(f"/cases/{quote(matter.case_id)}")
        address = case["temporal_ui"]
        outcome = f": {case['outcome']}" if case["outcome"] else ""
        waits = f"\nwaits for {case['waiting_for']}" if case["waiting_for"] else ""
        row = (
            str(case["number"]),
            f"{case['kind'].replace('_', ' ')}: {escape(case['title'])}",
            "\n".join(case["partners"]),
            f"{case['status']}{outcome}".replace("_", " ") + waits,
        )
        table.add_row(*row, *([f"[link={address}]{address}[/]"] if wide else []))
        addresses.append(f"case {case['number']:>3}  {address}")
    console.print(table)
    if not wide:
        console.print(
            "In the Temporal UI:", *addresses, sep="\n  ", highlight=False, soft_wrap=True
        )
