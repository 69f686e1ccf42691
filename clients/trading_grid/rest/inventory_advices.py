"""Inventory advices over REST. Their lines come in pages."""

from collections.abc import Sequence
from contextlib import aclosing
from typing import Any

from pydantic import ValidationError

from clients.trading_grid.errors import ContractMismatch
from clients.trading_grid.port.inventory_advices import (
    LINES_A_PAGE,
    AdviceLine,
    InventoryAdvice,
    InventoryAdviceWithLines,
    UnreadableAdviceLine,
)
from clients.trading_grid.rest.answers import (
    Body,
    json_object,
    link,
    parsed,
    places,
    request_id,
)
from clients.trading_grid.rest.cases import quoted
from clients.trading_grid.rest.remote import Remote

_LONGEST_SKU = 255


class RestInventoryAdvices:
    _remote: Remote

    async def inventory_advice(self, advice_id: str) -> InventoryAdvice:
        response = await self._remote.get(
            self._remote.url("inventory_advice", advice_id=advice_id),
            params={"page": "1", "items-per-page": "1"},
        )
        return parsed(InventoryAdvice, json_object(response), response)

    async def inventory_advice_lines(
        self, advice_id: str, *, page: int = 1
    ) -> InventoryAdviceWithLines:
        response = await self._remote.get(
            self._remote.url("inventory_advice", advice_id=advice_id),
            params={"page": str(page), "items-per-page": str(LINES_A_PAGE)},
        )
        body = json_object(response)
        advice = parsed(InventoryAdvice, body, response)
        lines = body.get("lines")
        if not isinstance(lines, list):
            # Read as "no lines", a snapshot would empty the location.
            raise ContractMismatch(
                f"GET {response.request.url.path}: no list of lines",
                status=response.status_code,
                request_id=request_id(response),
            )
        if len(lines) > LINES_A_PAGE:
            raise ContractMismatch(
                f"GET {response.request.url.path}: a page of {len(lines)} lines, asked for {LINES_A_PAGE}",
                status=response.status_code,
                request_id=request_id(response),
            )
        # Unique in the advice whatever the server's pages hold, and exact where they hold what was asked for.
        first = (page - 1) * LINES_A_PAGE
        readable: list[tuple[int, AdviceLine]] = []
        unreadable: list[UnreadableAdviceLine] = []
        for number, line in enumerate(lines, first):
            found = _line(line, number)
            if isinstance(found, AdviceLine):
                readable.append((number, found))
            else:
                unreadable.append(found)
        return InventoryAdviceWithLines(
            advice=advice,
            first_number=first,
            lines=tuple(readable),
            unreadable=tuple(unreadable),
            has_more=link(body, "next") is not None,
        )

    async def newest_inventory_advices(
        self, partner_id: str, *, limit: int = 50
    ) -> Sequence[InventoryAdvice]:
        items = self._remote.items(
            self._remote.url("inventory_advices"),
            {"filter": f"partner_id eq {quoted(partner_id)}", "sortby": "as_of desc"},
        )
        found: list[InventoryAdvice] = []
        async with aclosing(items):
            async for item, _ in items:
                # A server that ignores a filter it does not know answers with other partners' advices.
                if item.get("partner_id") == partner_id and (head := _head(item)) is not None:
                    found.append(head)
                if len(found) == limit:
                    break
        return tuple(found)


def _head(item: Body) -> InventoryAdvice | None:
    try:
        return InventoryAdvice.model_validate(item)
    except ValidationError:
        return None


def _line(line: Any, number: int) -> AdviceLine | UnreadableAdviceLine:
    try:
        found = AdviceLine.model_validate(line)
    except ValidationError as error:
        return UnreadableAdviceLine(
            number=number, sku=_sku(line), problem=places(error, "lines", number)
        )
    if found.available is None and found.constraint is None:
        return UnreadableAdviceLine(
            number=number, sku=found.sku, problem=f"lines.{number}.available: missing"
        )
    return found


def _sku(line: Any) -> str:
    """The SKU of a line that can't be read as a whole; empty where that can't be either."""
    sku = line.get("sku") if isinstance(line, dict) else None
    if isinstance(sku, int) and not isinstance(sku, bool):
        sku = str(sku)
    text = sku.strip() if isinstance(sku, str) else ""
    return text if len(text) <= _LONGEST_SKU else ""
