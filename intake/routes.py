"""What each topic means here: one table, one line a topic. A new lifecycle adds its lines."""

from dataclasses import dataclass
from enum import StrEnum, auto


class Meaning(StrEnum):
    """What dispatch does with an event."""

    RETURN = auto()  # a return: open a claim, or tell its case to look again
    ORDER = auto()  # an order: tell the cases that concern it to look again
    PARTNER_CASE = auto()  # something of a case in Trading Grid: tell our case to look again
    PARTNER = auto()  # a partner's own data: read them again
    CLAIM = auto()  # an operator's request for a claim
    UNINSTALLED = auto()
    SCOPES = auto()
    NO_CUSTOMERS = auto()  # a customer's data are asked for, or to be deleted
    REDACT_SHOP = auto()
    NOTHING = auto()  # we subscribe to it for nobody yet; kept for the record


@dataclass(frozen=True)
class TopicRoute:
    """`body_key`: where a payload names the object, when it is not the payload's own id."""

    meaning: Meaning
    body_key: str = ""


ROUTES: dict[tuple[str, str], TopicRoute] = {
    ("shopify", "returns/request"): TopicRoute(Meaning.RETURN),
    ("shopify", "returns/approve"): TopicRoute(Meaning.RETURN),
    ("shopify", "returns/decline"): TopicRoute(Meaning.RETURN),
    ("shopify", "returns/cancel"): TopicRoute(Meaning.RETURN),
    ("shopify", "returns/close"): TopicRoute(Meaning.RETURN),
    ("shopify", "returns/reopen"): TopicRoute(Meaning.RETURN),
    ("shopify", "returns/process"): TopicRoute(Meaning.RETURN),
    ("shopify", "returns/update"): TopicRoute(Meaning.RETURN),
    ("shopify", "refunds/create"): TopicRoute(Meaning.ORDER, body_key="order_id"),
    ("shopify", "orders/cancelled"): TopicRoute(Meaning.ORDER),
    ("shopify", "app/uninstalled"): TopicRoute(Meaning.UNINSTALLED),
    ("shopify", "app/scopes_update"): TopicRoute(Meaning.SCOPES),
    ("shopify", "customers/data_request"): TopicRoute(Meaning.NO_CUSTOMERS),
    ("shopify", "customers/redact"): TopicRoute(Meaning.NO_CUSTOMERS),
    ("shopify", "shop/redact"): TopicRoute(Meaning.REDACT_SHOP),
    ("trading_grid", "case.updated"): TopicRoute(Meaning.PARTNER_CASE),
    ("trading_grid", "case.answered"): TopicRoute(Meaning.PARTNER_CASE),
    ("trading_grid", "case.message_added"): TopicRoute(Meaning.PARTNER_CASE),
    ("trading_grid", "case.document_added"): TopicRoute(Meaning.PARTNER_CASE),
    ("trading_grid", "case.resolved"): TopicRoute(Meaning.PARTNER_CASE),
    ("trading_grid", "case.closed"): TopicRoute(Meaning.PARTNER_CASE),
    ("trading_grid", "return_authorization.updated"): TopicRoute(Meaning.PARTNER_CASE),
    ("trading_grid", "partner.updated"): TopicRoute(Meaning.PARTNER),
    ("trading_grid", "transaction.failed"): TopicRoute(Meaning.NOTHING),
    ("gridcase", "sync/return"): TopicRoute(Meaning.RETURN, body_key="return_id"),
    ("gridcase", "claims/create"): TopicRoute(Meaning.CLAIM, body_key="return_id"),
}


def route(source: str, topic: str) -> TopicRoute | None:
    """The line for a topic; None for one we never asked for."""
    return ROUTES.get((source, topic))
