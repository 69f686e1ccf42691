"""``/cases``: opening, reading, changing and ending cases, by the company."""

from emulators.trading_grid.errors import invalid
from emulators.trading_grid.resources.cases.model import (
    CASE_FIELDS,
    UNSETTLED,
    ActionBody,
    Case,
    CaseBody,
    CasePatch,
    EndAction,
    ExtendAction,
    NoteAction,
    check_lines,
    render_case,
)
from emulators.trading_grid.resources.cases.states import COMPANY, CaseDesk
from emulators.trading_grid.resources.partners import active_partner
from emulators.trading_grid.wire import Answer, Call, Endpoint, model_from_json


def desk(call: Call) -> CaseDesk:
    """The case of the path. Raises ApiError 404."""
    return CaseDesk(call.emulator, call.tenant, call.table(Case).get(call.param("case_id")))


async def list_cases(call: Call) -> Answer:
    return call.list(call.table(Case), CASE_FIELDS, render_case)


async def open_case(call: Call) -> Answer:
    body = call.parse(CaseBody)
    active_partner(call.tenant, body.partner_id)
    check_lines(body.lines)
    case = call.add(Case(**dict(body), create_time=call.now, update_time=call.now))
    call.emulator.publish(call.tenant, "case.updated", case)
    return call.created(case, render_case)


async def get_case(call: Call) -> Answer:
    return call.one(desk(call).case, render_case)


async def patch_case(call: Call) -> Answer:
    opened = desk(call)
    patch = call.parse(CasePatch)
    call.match(opened.case, required=True)
    opened.must_be(UNSETTLED, "changed")
    for name in patch.model_fields_set:
        if getattr(patch, name) is None and name not in CasePatch.MAY_BE_NULL:
            raise invalid(f"{name} can't be null.", name)
    if patch.lines is not None:
        check_lines(patch.lines)
    for name in patch.model_fields_set:
        setattr(opened.case, name, getattr(patch, name))
    opened.moved()
    return call.one(opened.case, render_case)


async def act(call: Call) -> Answer:
    opened = desk(call)
    action = call.parse(ActionBody).action
    call.match(opened.case, required=False)
    if action in ("request_info", "reopen"):
        note = model_from_json(NoteAction, call.request, call.body)
        (opened.request_info if action == "request_info" else opened.reopen)(note)
    elif action == "extend":
        opened.extend(model_from_json(ExtendAction, call.request, call.body))
    else:
        opened.end(model_from_json(EndAction, call.request, call.body), COMPANY)
    return call.one(opened.case, render_case)


ENDPOINTS = [
    Endpoint("/cases", {"GET": list_cases, "POST": open_case}),
    Endpoint("/cases/{case_id}", {"GET": get_case, "PATCH": patch_case, "POST": act}),
]
