"""``/cases/{id}/messages``: the thread of a case, written by the company."""

from emulators.trading_grid.errors import invalid, not_found
from emulators.trading_grid.resources.cases.model import (
    MESSAGE_FIELDS,
    UNSETTLED,
    Message,
    MessageBody,
    render_message,
)
from emulators.trading_grid.resources.cases.routes import desk
from emulators.trading_grid.wire import Answer, Call, Endpoint


async def list_messages(call: Call) -> Answer:
    thread = call.table(Message).of(desk(call).case.id)
    return call.list(thread, MESSAGE_FIELDS, render_message)


async def get_message(call: Call) -> Answer:
    case = desk(call).case
    message = call.table(Message).get(call.param("message_id"))
    if message.case_id != case.id:
        raise not_found("message", message.id)
    return call.one(message, render_message)


async def write_message(call: Call) -> Answer:
    opened = desk(call)
    body = call.parse(MessageBody)
    opened.must_take_entries()
    if body.hand_back:
        if body.visibility == "internal":
            raise invalid("A message the partner can't see can't hand back.", "visibility")
        opened.must_be(UNSETTLED, "handed back")
    message = call.add(
        opened.draft(
            body.body, visibility=body.visibility, external_reference=body.external_reference
        )
    )
    opened.tell_message(message)
    if body.hand_back:
        opened.hand_back()
    return call.created(message, render_message)


ENDPOINTS = [
    Endpoint("/cases/{case_id}/messages", {"GET": list_messages, "POST": write_message}),
    Endpoint("/cases/{case_id}/messages/{message_id}", {"GET": get_message}),
]
