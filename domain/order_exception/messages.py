"""What an exception's activities take and give: one frozen model in, one out, each used by one activity."""

from pydantic import Field

from domain.message import Message
from domain.order_exception.lines import ExceptionLine
from domain.policy import OrderExceptionPolicy
from domain.priority import Priority


class ReadPlan(Message):
    """`lines` are to be planned; `known` are in the case already, and only asked after among purchase orders.

    `tags` and `number_of_orders` are the order's, for the priority.
    """

    shop: str
    order_id: str
    lines: tuple[ExceptionLine, ...]
    known: tuple[ExceptionLine, ...] = ()
    tags: tuple[str, ...] = ()
    number_of_orders: int = 0


class PlannedPartner(Message):
    partner: str
    tenant: str
    name: str
    policy: OrderExceptionPolicy


class ExceptionPlan(Message):
    """Who is asked about which lines, on which terms. `covered`: LineItem numbers that an open purchase order owns.

    `unasked`: partner -> why a partner that a route names is asked nothing; its lines are the merchant's.
    """

    lines: tuple[ExceptionLine, ...]
    partners: tuple[PlannedPartner, ...]
    policy: OrderExceptionPolicy
    priority: Priority = Priority.NORMAL
    shadow: bool = False
    covered: tuple[str, ...] = ()
    unasked: dict[str, str] = Field(default_factory=dict)


class ReadPartner(Message):
    """`tenant` empty: the shop's own."""

    shop: str
    partner: str
    tenant: str = ""
    priority: Priority = Priority.NORMAL


class PartnerRead(Message):
    """`partner` is None where nobody can be asked; `problem` says why, in words."""

    partner: PlannedPartner | None = None
    problem: str = ""
