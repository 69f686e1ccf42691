"""What an operator can tell a case: the domain's commands as bodies, without the actor, which the key gives.

A lifecycle adds its own by a line in `COMMANDS`; a command whose argument differs by lifecycle names each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ValidationError, create_model

from api.errors import INVALID, FieldError, Problem, field_errors
from api.pages import Input
from domain import operator
from domain.case import CaseKind
from domain.operator import Command
from domain.return_claim import names
from domain.return_claim.decision import Decide
from domain.return_claim.goods import GoodsReceived

_FOR_ALL = tuple(CaseKind)


@dataclass(frozen=True)
class CommandSpec:
    """An update: its name at Temporal and in the path, its argument by lifecycle, and how it is explained."""

    name: str
    by_kind: Mapping[CaseKind, type[Command]]
    summary: str
    examples: dict[str, Any]

    @property
    def body(self) -> Any:
        """The type of the request's body: one, or any of several."""
        bodies = [body_of(model) for model in dict.fromkeys(self.by_kind.values())]
        joined: Any = bodies[0]
        for other in bodies[1:]:
            joined = joined | other
        return joined

    def command(self, kind: str, body: BaseModel, actor: str) -> Command:
        """The command for a case of this kind; raises a 422 where the body is another lifecycle's."""
        model = self.by_kind.get(CaseKind(kind))
        if model is None:
            raise Problem(INVALID, f"A {kind} knows no {self.name}.")
        try:
            command = model(actor=actor, **body.model_dump(exclude_unset=True))
        except ValidationError as error:
            fields = field_errors(error.errors(), "body")
            detail = "; ".join(f"{field.field}: {field.message}" for field in fields)
            raise Problem(INVALID, detail, errors=fields) from None
        for name in model.model_fields:
            value = getattr(command, name)
            if isinstance(value, datetime) and value.utcoffset() is None:
                missing = FieldError(field=f"body.{name}", message="a time zone is missing")
                raise Problem(
                    INVALID, f"{name} needs a time zone, as 2027-01-15T17:00:00Z.", errors=[missing]
                )
        return command


_BODIES: dict[type[Command], type[BaseModel]] = {}


def body_of(model: type[Command]) -> type[BaseModel]:
    """The model without its actor; unknown fields are refused. One type a command, so that OpenAPI names it once."""
    if model not in _BODIES:
        fields: dict[str, Any] = {
            name: (field.annotation, field)
            for name, field in model.model_fields.items()
            if name != "actor"
        }
        _BODIES[model] = create_model(
            f"{model.__name__}Body",
            __base__=Input,
            __doc__=model.__doc__,
            **fields,
        )
    return _BODIES[model]


def _common(name: str, model: type[Command], summary: str, **example: Any) -> CommandSpec:
    return CommandSpec(
        name, dict.fromkeys(_FOR_ALL, model), summary, {"example": {"value": example}}
    )


COMMANDS: tuple[CommandSpec, ...] = (
    CommandSpec(
        operator.DECIDE,
        {CaseKind.RETURN_CLAIM: Decide},
        "Decide",
        {
            "approve": {"value": {"choice": "approve"}},
            "approve_accepted": {
                "summary": "Take the refused lines out",
                "value": {
                    "choice": "approve_accepted",
                    "lines": [{"line_id": "1001", "accepted": 1}],
                },
            },
            "refund": {
                "value": {"choice": "refund", "amount": {"amount": "42.00", "currency": "EUR"}}
            },
            "decline": {"value": {"choice": "decline", "note": "Outside the time limit."}},
        },
    ),
    _common(
        operator.MESSAGE_PARTNER,
        operator.MessagePartner,
        "Write to a partner",
        partner="acme-textiles",
        text="The pictures are attached.",
        document_ids=[],
        hand_back=True,
    ),
    _common(operator.NUDGE, operator.Nudge, "Remind a partner now", partner="acme-textiles"),
    _common(
        operator.EXTEND,
        operator.Extend,
        "Give more time",
        partner="acme-textiles",
        until="2027-01-15T17:00:00Z",
    ),
    _common(operator.ADD_NOTE, operator.AddNote, "Add a note", text="Called the warehouse."),
    _common(operator.ASSIGN, operator.Assign, "Assign to someone", assignee="maria"),
    _common(operator.CANCEL, operator.Cancel, "Give the case up", reason="Opened by mistake."),
    _common(operator.RETRY, operator.Retry, "Try again what was refused"),
    CommandSpec(
        names.GOODS_RECEIVED,
        {CaseKind.RETURN_CLAIM: GoodsReceived},
        "Say what came back",
        {
            "restocked": {
                "value": {
                    "lines": [
                        {
                            "line_id": "1001",
                            "quantity": 1,
                            "disposition": "RESTOCKED",
                            "location_id": "655441491",
                        }
                    ]
                }
            }
        },
    ),
)
