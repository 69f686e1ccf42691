"""What every matter of the demo is played on: it is announced, it becomes a case, it comes to stand somewhere."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx
from rich.console import Console
from rich.markup import escape

from demo.furnish import Merchant


@dataclass(frozen=True)
class Matter:
    """One thing that happens; `case_id` is where to follow it, `stands_at` the status it comes to."""

    what: str
    case_id: str
    stands_at: str


@dataclass
class Stage:
    merchant: Merchant
    console: Console
    matters: list[Matter] = field(default_factory=list)

    def say(self, what: str) -> None:
        """Announce what happens now."""
        self.console.print(f"[dim]--------[/] [bold green]{escape(what)}[/]", highlight=False)

    def add(self, what: str, case_id: str, stands_at: str) -> Matter:
        """A matter whose case is, or will be, this one."""
        matter = Matter(what, case_id, stands_at)
        self.matters.append(matter)
        return matter

    async def open(self, path: str, body: dict[str, Any], *, key: str) -> str:
        """Ask the API for a case; its id, as soon as there is one. A busy machine answers 202 first.

        Raises:
            RuntimeError: it was not taken, or there is none for a long time.
        """
        api = self.merchant.api
        answer = await self.merchant.post(api, path, body, **{"Idempotency-Key": key})
        if "case_id" in answer:
            return str(answer["case_id"])

        async def look() -> dict[str, Any] | None:
            event: dict[str, Any] = await self.merchant.get(f"/inbound-events/{answer['event_id']}")
            return event if event["case_ids"] else None

        found = await self.eventually(look, f"a case for POST {path}")
        return str(found["case_ids"][0])

    async def case(self, case_id: str) -> dict[str, Any] | None:
        """The case as the API has it; None where it is not there yet."""
        try:
            found: dict[str, Any] = await self.merchant.get(f"/cases/{quote(case_id)}")
        except httpx.HTTPStatusError as error:
            if error.response.status_code != 404:
                raise
            return None
        return found

    async def until(self, case_id: str, status: str, within: float = 60) -> dict[str, Any]:
        """Wait until a case stands there; the case.

        Raises:
            RuntimeError: it does not within so many seconds.
        """

        async def look() -> dict[str, Any] | None:
            found = await self.case(case_id)
            return found if found is not None and found["status"] == status else None

        return await self.eventually(look, f"{case_id} at {status}", within)

    async def eventually(
        self,
        look: Callable[[], Awaitable[dict[str, Any] | None]],
        what: str,
        within: float = 60,
    ) -> dict[str, Any]:
        """Look until there is something.

        Raises:
            RuntimeError: there is nothing within so many seconds; it says `what` was waited for.
        """
        end = asyncio.get_running_loop().time() + within
        while asyncio.get_running_loop().time() < end:
            if (found := await look()) is not None:
                return found
            await asyncio.sleep(0.2)
        raise RuntimeError(f"Not seen within {within:.0f} s: {what}.")


def number(gid: object) -> str:
    """The number of a Shopify GID."""
    return str(gid).rsplit("/", 1)[-1]
