"""Purchase orders over REST."""

from contextlib import aclosing
from typing import Any

import httpx
from pydantic import ValidationError

from clients.trading_grid.errors import Conflict
from clients.trading_grid.port.common import ExternalReference
from clients.trading_grid.port.purchase_orders import (
    NewPurchaseOrder,
    NewPurchaseOrderChange,
    PurchaseOrder,
    PurchaseOrderChange,
    PurchaseOrderResponse,
    PurchaseOrderResponseLine,
)
from clients.trading_grid.rest.answers import Body, json_object, parsed, places
from clients.trading_grid.rest.cases import quoted
from clients.trading_grid.rest.creating import holds
from clients.trading_grid.rest.remote import Remote


class RestPurchaseOrders:
    _remote: Remote

    async def create_purchase_order(
        self, new: NewPurchaseOrder, *, idempotency_key: str
    ) -> PurchaseOrder:
        try:
            response = await self._remote.post(
                self._remote.url("purchase_orders"), new, idempotency_key=idempotency_key
            )
        except Conflict:
            # Either of two unique keys may stand against it, and the answer may name only one holder:
            # ours is the one with our reference, whatever its number; another's number stays a conflict.
            found = await self.find_purchase_order(external_reference=new.external_reference)
            if found is None or found.po_number != new.po_number:
                raise
            return found
        return parsed(PurchaseOrder, json_object(response), response)

    async def read_purchase_order(self, order_id: str) -> PurchaseOrder:
        response = await self._remote.get(self._remote.url("purchase_order", order_id=order_id))
        return parsed(PurchaseOrder, json_object(response), response)

    async def find_purchase_order(
        self, *, external_reference: ExternalReference | None = None, po_number: str | None = None
    ) -> PurchaseOrder | None:
        wanted = []
        if external_reference is not None:
            wanted.append(f"external_reference.system eq {quoted(external_reference.system)}")
            wanted.append(f"external_reference.id eq {quoted(external_reference.id)}")
        if po_number is not None:
            wanted.append(f"po_number eq {quoted(po_number)}")
        if not wanted:
            raise ValueError("find_purchase_order needs a reference or a number")
        items = self._remote.items(
            self._remote.url("purchase_orders"), {"filter": " and ".join(wanted)}
        )
        async with aclosing(items):
            async for item, response in items:
                # A server that ignores a filter it does not know answers with other orders.
                if external_reference is not None and not holds(item, external_reference):
                    continue
                if po_number is not None and item.get("po_number") != po_number:
                    continue
                return parsed(PurchaseOrder, item, response)
        return None

    async def change_purchase_order(
        self, order_id: str, new: NewPurchaseOrderChange, *, idempotency_key: str
    ) -> PurchaseOrderChange:
        try:
            response = await self._remote.post(
                self._remote.url("purchase_order_changes", order_id=order_id),
                new,
                idempotency_key=idempotency_key,
            )
        except Conflict:
            for known in await self.read_purchase_order_changes(order_id):
                if _same(known, new):
                    return known
            raise
        return parsed(PurchaseOrderChange, json_object(response), response)

    async def read_purchase_order_changes(self, order_id: str) -> tuple[PurchaseOrderChange, ...]:
        items = self._remote.items(self._remote.url("purchase_order_changes", order_id=order_id))
        return tuple(
            [parsed(PurchaseOrderChange, item, response) async for item, response in items]
        )

    async def purchase_order_responses(self, order_id: str) -> tuple[PurchaseOrderResponse, ...]:
        items = self._remote.items(self._remote.url("purchase_order_responses", order_id=order_id))
        found = [_response(item, response) async for item, response in items]
        return tuple(sorted(found, key=lambda response: response.sequence))


def _same(known: PurchaseOrderChange, new: NewPurchaseOrderChange) -> bool:
    return (known.change_number, known.purpose) == (new.change_number, new.purpose) and [
        line.model_dump() for line in known.lines
    ] == [line.model_dump() for line in new.lines]


def _response(body: Body, response: httpx.Response) -> PurchaseOrderResponse:
    lines = body.get("lines")
    if not isinstance(lines, list):
        return parsed(PurchaseOrderResponse, {**body, "unreadable": ()}, response)
    readable, unreadable = [], []
    for number, line in enumerate(lines):
        problem = _problem(line, number)
        if problem:
            unreadable.append(problem)
        else:
            readable.append(line)
    return parsed(
        PurchaseOrderResponse, {**body, "lines": readable, "unreadable": unreadable}, response
    )


def _problem(line: Any, number: int) -> str:
    """What is wrong with a line, by field; empty where nothing is."""
    try:
        PurchaseOrderResponseLine.model_validate(line)
    except ValidationError as error:
        return places(error, "lines", number)
    return ""
