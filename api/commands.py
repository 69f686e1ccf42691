"""What an operator can tell a case: the domain's commands as bodies, without the actor, which the key gives.

A lifecycle adds its own by a line in `COMMANDS`; a command whose argument differs by lifecycle names each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    create_model,
)

from api.errors import INVALID, FieldError, Problem, field_errors
from api.pages import Input
from domain import operator
from domain.campaign_readiness import decision as campaign_readiness
from domain.campaign_readiness.names import CHANGE, GO, STOP
from domain.case import CaseKind
from domain.dispute import decision as dispute
from domain.dispute.names import ADD_EVIDENCE, SUBMIT
from domain.inventory_feed import decision as inventory_feed
from domain.inventory_feed.names import REFRESH, Refresh
from domain.operator import Command
from domain.order_exception import decision as order_exception
from domain.order_exception.names import REASSIGN
from domain.purchase_order import decision as purchase_order
from domain.return_claim import decision as return_claim
from domain.return_claim import names
from domain.return_claim.goods import GoodsReceived
from domain.shipping_documents import decision as shipping_documents

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
        """The type of the request's body. Which of several it is hangs on the case, so that it is left as it came then."""
        bodies = [body_of(model) for model in dict.fromkeys(self.by_kind.values())]
        joined: Any = bodies[0]
        for other in bodies[1:]:
            joined = joined | other
        return joined if len(bodies) == 1 else Annotated[joined, WrapValidator(_as_it_came)]

    def command(self, kind: str, body: Any, actor: str) -> Command:
        """The command for a case of this kind; a 422 names the fields that are not of it."""
        model = self.by_kind.get(CaseKind(kind))
        if model is None:
            raise Problem(INVALID, f"{_a(kind)} knows no {self.name}.")
        try:
            read = body if isinstance(body, BaseModel) else body_of(model).model_validate(body)
            command = model(actor=actor, **read.model_dump(exclude_unset=True))
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


def _as_it_came(value: Any, _: ValidatorFunctionWrapHandler) -> Any:
    return value


def _a(kind: str) -> str:
    words = kind.replace("_", " ")
    return f"An {words}" if words[0] in "aeiou" else f"A {words}"


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
            _body_name(model),
            __base__=Input,
            __doc__=model.__doc__,
            **fields,
        )
    return _BODIES[model]


def _body_name(model: type[Command]) -> str:
    """`NudgeBody`; of a lifecycle's own, with its noun: `ReturnClaimDecideBody`."""
    noun = model.__module__.split(".")[1]
    own = "".join(part.capitalize() for part in noun.split("_")) if noun in set(CaseKind) else ""
    return f"{own}{model.__name__}Body"


def _common(name: str, model: type[Command], summary: str, **example: Any) -> CommandSpec:
    return CommandSpec(
        name, dict.fromkeys(_FOR_ALL, model), summary, {"example": {"value": example}}
    )


COMMANDS: tuple[CommandSpec, ...] = (
    CommandSpec(
        operator.DECIDE,
        {
            CaseKind.ORDER_EXCEPTION: order_exception.Decide,
            CaseKind.PURCHASE_ORDER: purchase_order.Decide,
            CaseKind.SHIPPING_DOCUMENTS: shipping_documents.Decide,
            CaseKind.INVENTORY_FEED: inventory_feed.Decide,
            CaseKind.RETURN_CLAIM: return_claim.Decide,
            CaseKind.DISPUTE: dispute.Decide,
            CaseKind.CAMPAIGN_READINESS: campaign_readiness.Decide,
        },
        "Decide",
        {
            "return claim: approve": {"value": {"choice": "approve"}},
            "return claim: approve_accepted": {
                "summary": "Return claim: take the refused lines out",
                "value": {
                    "choice": "approve_accepted",
                    "lines": [{"line_id": "1001", "accepted": 1}],
                },
            },
            "return claim: refund": {
                "value": {"choice": "refund", "amount": {"amount": "42.00", "currency": "EUR"}}
            },
            "return claim: decline": {
                "value": {"choice": "decline", "note": "Outside the time limit."}
            },
            "order exception: accept": {
                "summary": "Order exception: take the partner's word for a line",
                "value": {"choice": "accept", "line_ids": ["466157049"]},
            },
            "order exception: accept with a date": {
                "summary": "Order exception: a ship date of the merchant's own",
                "value": {"choice": "accept", "ship_date": "2027-01-15"},
            },
            "order exception: give_up": {
                "value": {"choice": "give_up", "note": "Refunded.", "keep_hold": True}
            },
            "order exception: keep_waiting": {
                "value": {"choice": "keep_waiting", "until": "2027-01-15T17:00:00Z"}
            },
            "purchase order: reject": {
                "summary": "Purchase order: insist on our price for a line",
                "value": {"lines": [{"line_id": "466157049", "choice": "reject"}]},
            },
            "purchase order: accept": {
                "summary": "Purchase order: agree to all that is asked",
                "value": {"choice": "accept", "note": "Agreed with the buyer."},
            },
            "purchase order: wait": {
                "summary": "Purchase order: give one that is silent its time again",
                "value": {
                    "lines": [{"po_number": "ACME-1001-TEXT-1", "line_id": "", "choice": "wait"}]
                },
            },
            "campaign readiness: share": {
                "summary": "Campaign: share the plan with its partners",
                "value": {"choice": "share"},
            },
            "campaign readiness: keep": {
                "summary": "Campaign: go on though its metaobject was deleted",
                "value": {"choice": "keep"},
            },
            "shipping documents: fulfil": {
                "summary": "Shipping documents: write a shipment to Shopify",
                "value": {"choice": "fulfil", "shipment_number": "S-2041"},
            },
            "shipping documents: accept_discrepancies": {
                "value": {"choice": "accept_discrepancies", "note": "Agreed on the phone."}
            },
            "inventory feed: apply": {
                "summary": "Inventory feed: take a held snapshot though it empties much",
                "value": {"choice": "apply", "note": "End of season, says the partner."},
            },
            "inventory feed: overwrite": {
                "summary": "Inventory feed: write over what was changed by hand",
                "value": {"choice": "overwrite", "skus": ["JERSEY-M"]},
            },
            "dispute: concede": {
                "summary": "Dispute: do not contest it; nothing is submitted",
                "value": {"choice": "concede", "note": "The parcel was lost."},
            },
            "dispute: draft": {
                "summary": "Dispute: write what there is into Shopify's draft now",
                "value": {"choice": "draft"},
            },
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
        REASSIGN,
        {
            CaseKind.ORDER_EXCEPTION: order_exception.Reassign,
            CaseKind.PURCHASE_ORDER: purchase_order.Reassign,
        },
        "Give lines to another partner",
        {
            "order exception": {
                "value": {
                    "line_ids": ["466157049"],
                    "partner": "northern-mill",
                    "location_id": "655441491",
                }
            },
            "purchase order": {
                "summary": "Purchase order: cancelled at the first before it is ordered there",
                "value": {"line_ids": ["466157049"], "partner": "northern-mill"},
            },
        },
    ),
    CommandSpec(
        REFRESH,
        {CaseKind.INVENTORY_FEED: Refresh},
        "Read a feed's terms, SKUs and advices again",
        {"example": {"value": {}}},
    ),
    CommandSpec(
        SUBMIT,
        {CaseKind.DISPUTE: dispute.Submit},
        "Submit a dispute's evidence",
        {"submit": {"value": {"note": "Reviewed."}}},
    ),
    CommandSpec(
        ADD_EVIDENCE,
        {CaseKind.DISPUTE: dispute.AddEvidence},
        "Add evidence of your own to a dispute",
        {
            "statement": {"value": {"text": "The customer confirmed the delivery by telephone."}},
            "papers": {
                "summary": "Documents that were uploaded to the case",
                "value": {"document_ids": ["0d1f4a1c-5b0e-4c37-9a7e-5c1f0a2b3c4d"]},
            },
        },
    ),
    CommandSpec(
        GO,
        {CaseKind.CAMPAIGN_READINESS: campaign_readiness.Go},
        "Let a campaign start",
        {"go": {"value": {"note": "The rest comes by air."}}},
    ),
    CommandSpec(
        CHANGE,
        {CaseKind.CAMPAIGN_READINESS: campaign_readiness.Change},
        "Change a campaign",
        {
            "window": {
                "summary": "A later start",
                "value": {
                    "starts_at": "2027-03-08T07:00:00Z",
                    "ends_at": "2027-03-28T19:00:00Z",
                    "note": "The boat is late.",
                },
            },
            "products": {
                "summary": "Other products: the whole plan anew",
                "value": {"products": [{"sku": "JERSEY-M", "expected_quantity": 300}]},
            },
        },
    ),
    CommandSpec(
        STOP,
        {CaseKind.CAMPAIGN_READINESS: campaign_readiness.Stop},
        "Call a campaign off",
        {"stop": {"value": {"reason": "The supplier is gone."}}},
    ),
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
