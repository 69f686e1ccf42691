"""Cases and messages over REST."""

from contextlib import aclosing
from datetime import UTC, datetime

import httpx

from clients.trading_grid.errors import Conflict, NotFound
from clients.trading_grid.port.cases import (
    Case,
    CaseAction,
    CaseChange,
    Message,
    NewCase,
    NewMessage,
)
from clients.trading_grid.port.common import ExternalReference
from clients.trading_grid.rest.answers import Body, json_object, parsed
from clients.trading_grid.rest.creating import created_or_found, holds
from clients.trading_grid.rest.remote import Remote


class RestCases:
    _remote: Remote

    async def open_case(self, new: NewCase, *, idempotency_key: str) -> Case:
        body, response = await created_or_found(
            self._remote,
            self._remote.url("cases"),
            new,
            external_reference=new.external_reference,
            idempotency_key=idempotency_key,
        )
        return _case(body, response)

    async def read_case(self, case_id: str) -> Case:
        response = await self._remote.get(self._remote.url("case", case_id=case_id))
        return _case(json_object(response), response)

    async def find_case(self, external_reference: ExternalReference) -> Case | None:
        system, key = quoted(external_reference.system), quoted(external_reference.id)
        items = self._remote.items(
            self._remote.url("cases"),
            {
                "filter": (
                    f"external_reference.system eq {system} and external_reference.id eq {key}"
                )
            },
        )
        async with aclosing(items):
            async for item, response in items:
                # A server that ignores a filter it does not know answers with other cases.
                if holds(item, external_reference):
                    return parsed(Case, item, response)
        return None

    async def change_case(self, case_id: str, change: CaseChange, *, etag: str) -> Case:
        response = await self._remote.call(
            "PATCH",
            self._remote.url("case", case_id=case_id),
            body=change,
            headers={"If-Match": etag},
        )
        return _case(json_object(response), response)

    async def act_on_case(
        self,
        case_id: str,
        action: CaseAction,
        *,
        idempotency_key: str,
        note: str | None = None,
        resolution: str | None = None,
        due_time: datetime | None = None,
    ) -> Case:
        given = {
            "action": action,
            "note": note,
            "resolution": resolution,
            "due_time": _utc_text(due_time) if due_time is not None else None,
        }
        response = await self._remote.post(
            self._remote.url("case", case_id=case_id),
            {name: value for name, value in given.items() if value is not None},
            idempotency_key=idempotency_key,
        )
        return _case(json_object(response), response)

    async def list_messages(self, case_id: str) -> tuple[Message, ...]:
        items = self._remote.items(self._remote.url("case_messages", case_id=case_id))
        return tuple([parsed(Message, item, response) async for item, response in items])

    async def post_message(self, case_id: str, new: NewMessage, *, idempotency_key: str) -> Message:
        try:
            body, response = await created_or_found(
                self._remote,
                self._remote.url("case_messages", case_id=case_id),
                new,
                external_reference=new.external_reference,
                idempotency_key=idempotency_key,
            )
        except (Conflict, NotFound):
            # The contract gives a single message no address of its own: look in the list.
            if new.external_reference is None:
                raise
            for message in await self.list_messages(case_id):
                if message.external_reference == new.external_reference:
                    return message
            raise
        return parsed(Message, body, response)


def _case(body: Body, response: httpx.Response) -> Case:
    return parsed(Case, {**body, "etag": response.headers.get("etag")}, response)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _utc_text(time: datetime) -> str:
    if time.tzinfo is None:
        raise ValueError("due_time needs a time zone")
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")
