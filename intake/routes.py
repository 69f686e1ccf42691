"""What each topic means here: one table, one line a topic. A new lifecycle adds its lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from types import MappingProxyType

from domain.case import CaseKind


class Meaning(StrEnum):
    """What dispatch does with an event."""

    RETURN = auto()  # a return: open a claim, or tell its case to look again
    ORDER = auto()  # an order: tell the cases that concern it to look again
    SALE = auto()  # an order that may want purchase orders: open them, or look again
    TROUBLED_ORDER = auto()  # an order that may be an exception: open one, or look again
    PARTLY_SHIPPED = (
        auto()
    )  # an order of which a part has shipped: an exception after the grace, or look again
    OVERDUE = auto()  # the overdue sweep found an order: an exception
    SYNC_ORDER = auto()  # reconciliation found an order: all of the above
    TRANSFER = auto()  # an inventory transfer: tell the replenishment it belongs to
    PARTNER_CASE = auto()  # something of a case in Trading Grid: tell our case to look again
    PURCHASE_ORDER = auto()  # a purchase order's answer in Trading Grid: tell its case
    SHIPMENT_NOTICE = auto()  # papers: open or tell the cases of the purchase orders they name
    INVOICE = auto()
    DOCUMENT = auto()
    INVENTORY_ADVICE = auto()  # a partner's stock: open its feed, or have it read the advice
    FEEDS_CHANGED = auto()  # a partner or a location mapping was edited here: its feeds look again
    CAMPAIGN = auto()  # a campaign's metaobject: open a case, or tell it to look again
    READINESS = (
        auto()
    )  # what a partner said of its share of a campaign in Trading Grid: tell its case
    CAMPAIGN_PLAN = auto()  # another plan for a campaign that is open
    NEW_CAMPAIGN = auto()  # an operator's request for a campaign
    PARTNER = auto()  # a partner's own data: read them again
    SYNC_PARTNER = auto()  # an operator asks after a partner: its data, and every open case with it
    CLAIM = auto()  # an operator's request for a claim
    EXCEPTION = auto()  # a request, of an operator or another case, for an order exception
    PURCHASES = auto()  # an operator's request for the purchase orders of an order
    DISPUTE = auto()  # a dispute: open its case, or tell it to look again
    DISPUTE_ASKED = auto()  # an operator's request for a dispute's case
    REPLENISHMENT = auto()  # an operator's request for a replenishment
    FEED = auto()  # an operator's request for a partner's inventory feed
    UNINSTALLED = auto()
    SCOPES = auto()
    NO_CUSTOMERS = auto()  # a customer's data are asked for, or to be deleted
    REDACT_SHOP = auto()
    NOTHING = auto()  # we subscribe to it for nobody yet; kept for the record


RETURNS = frozenset({CaseKind.RETURN_CLAIM})
SHIPPING = frozenset(
    {CaseKind.ORDER_EXCEPTION, CaseKind.PURCHASE_ORDER, CaseKind.SHIPPING_DOCUMENTS}
)
SALES = frozenset({CaseKind.ORDER_EXCEPTION, CaseKind.PURCHASE_ORDER})
EXCEPTIONS = frozenset({CaseKind.ORDER_EXCEPTION})


@dataclass(frozen=True)
class TopicRoute:
    """`body_key`: where a payload names the object (a path with dots), when it is not the payload's own id.

    `kinds`: the lifecycles whose cases look again at the order; a return claim need not hear of each fulfillment.
    """

    meaning: Meaning
    body_key: str = ""
    kinds: frozenset[CaseKind] = frozenset()


FULFILLMENT_ORDER = "fulfillment_order"
"""The `body_key` of payloads that name a fulfillment order, each in its own place, and no order."""


def _held_up(meaning: Meaning, kinds: frozenset[CaseKind] = SHIPPING) -> TopicRoute:
    return TopicRoute(meaning, body_key=FULFILLMENT_ORDER, kinds=kinds)


_SHOPIFY: Mapping[str, TopicRoute] = {
    "returns/request": TopicRoute(Meaning.RETURN),
    "returns/approve": TopicRoute(Meaning.RETURN),
    "returns/decline": TopicRoute(Meaning.RETURN),
    "returns/cancel": TopicRoute(Meaning.RETURN),
    "returns/close": TopicRoute(Meaning.RETURN),
    "returns/reopen": TopicRoute(Meaning.RETURN),
    "returns/process": TopicRoute(Meaning.RETURN),
    "returns/update": TopicRoute(Meaning.RETURN),
    "refunds/create": TopicRoute(Meaning.ORDER, body_key="order_id", kinds=RETURNS | SALES),
    "orders/create": TopicRoute(Meaning.SALE, kinds=SALES),
    "orders/paid": TopicRoute(Meaning.SALE, kinds=SALES),
    "orders/cancelled": TopicRoute(Meaning.ORDER, kinds=RETURNS | SHIPPING),
    "orders/edited": TopicRoute(Meaning.ORDER, body_key="order_edit.order_id", kinds=SALES),
    # Not orders/updated: each write of ours comes back as one, tags included; other topics say what changed.
    "orders/fulfilled": TopicRoute(Meaning.ORDER, kinds=SHIPPING),
    "orders/partially_fulfilled": TopicRoute(Meaning.PARTLY_SHIPPED, kinds=SHIPPING),
    "orders/risk_assessment_changed": TopicRoute(
        Meaning.TROUBLED_ORDER, body_key="order_id", kinds=SALES
    ),
    "fulfillments/create": TopicRoute(Meaning.ORDER, body_key="order_id", kinds=SHIPPING),
    "fulfillments/update": TopicRoute(Meaning.ORDER, body_key="order_id", kinds=SHIPPING),
    "fulfillment_holds/added": _held_up(Meaning.TROUBLED_ORDER),
    "fulfillment_orders/fulfillment_request_rejected": _held_up(Meaning.TROUBLED_ORDER),
    "fulfillment_orders/fulfillment_service_failed_to_complete": _held_up(Meaning.TROUBLED_ORDER),
    "fulfillment_orders/cancellation_request_rejected": _held_up(Meaning.TROUBLED_ORDER),
    # An exception hears of each hold by fulfillment_holds/added.
    "fulfillment_orders/placed_on_hold": _held_up(Meaning.ORDER, SHIPPING - EXCEPTIONS),
    "fulfillment_orders/hold_released": _held_up(Meaning.ORDER),
    "fulfillment_orders/split": _held_up(Meaning.ORDER),
    "fulfillment_orders/merged": _held_up(Meaning.ORDER),
    "fulfillment_orders/moved": _held_up(Meaning.ORDER),
    "fulfillment_orders/cancelled": _held_up(Meaning.ORDER),
    "fulfillment_orders/rescheduled": _held_up(Meaning.ORDER),
    "disputes/create": TopicRoute(Meaning.DISPUTE),
    "disputes/update": TopicRoute(Meaning.DISPUTE),
    "inventory_transfers/complete": TopicRoute(Meaning.TRANSFER),
    "inventory_transfers/cancel": TopicRoute(Meaning.TRANSFER),
    "metaobjects/create": TopicRoute(Meaning.CAMPAIGN),
    "metaobjects/update": TopicRoute(Meaning.CAMPAIGN),
    "metaobjects/delete": TopicRoute(Meaning.CAMPAIGN),
    "app/uninstalled": TopicRoute(Meaning.UNINSTALLED),
    "app/scopes_update": TopicRoute(Meaning.SCOPES),
    "customers/data_request": TopicRoute(Meaning.NO_CUSTOMERS),
    "customers/redact": TopicRoute(Meaning.NO_CUSTOMERS),
    "shop/redact": TopicRoute(Meaning.REDACT_SHOP),
}

_TRADING_GRID: Mapping[str, TopicRoute] = {
    "case.updated": TopicRoute(Meaning.PARTNER_CASE),
    "case.answered": TopicRoute(Meaning.PARTNER_CASE),
    "case.message_added": TopicRoute(Meaning.PARTNER_CASE),
    "case.document_added": TopicRoute(Meaning.PARTNER_CASE),
    "case.resolved": TopicRoute(Meaning.PARTNER_CASE),
    "case.closed": TopicRoute(Meaning.PARTNER_CASE),
    "return_authorization.updated": TopicRoute(Meaning.PARTNER_CASE),
    "purchase_order.response_received": TopicRoute(Meaning.PURCHASE_ORDER),
    "purchase_order.change_acknowledged": TopicRoute(Meaning.PURCHASE_ORDER),
    "shipment_notice.received": TopicRoute(Meaning.SHIPMENT_NOTICE),
    "invoice.received": TopicRoute(Meaning.INVOICE),
    "document.published": TopicRoute(Meaning.DOCUMENT),
    "inventory_advice.received": TopicRoute(Meaning.INVENTORY_ADVICE),
    "campaign.readiness_updated": TopicRoute(Meaning.READINESS),
    "partner.updated": TopicRoute(Meaning.PARTNER),
    "transaction.failed": TopicRoute(Meaning.NOTHING),
}

_OWN: Mapping[str, TopicRoute] = {
    "claims/create": TopicRoute(Meaning.CLAIM, body_key="return_id"),
    "exceptions/create": TopicRoute(Meaning.EXCEPTION, body_key="order_id"),
    "purchases/create": TopicRoute(Meaning.PURCHASES, body_key="order_id"),
    "replenishments/create": TopicRoute(Meaning.REPLENISHMENT),
    "feeds/create": TopicRoute(Meaning.FEED),
    "feeds/changed": TopicRoute(Meaning.FEEDS_CHANGED),
    "disputes/create": TopicRoute(Meaning.DISPUTE_ASKED, body_key="dispute_id"),
    "sync/dispute": TopicRoute(Meaning.DISPUTE, body_key="dispute_id"),
    "campaigns/create": TopicRoute(Meaning.NEW_CAMPAIGN),
    "campaigns/plan": TopicRoute(Meaning.CAMPAIGN_PLAN),
    "sync/campaign": TopicRoute(Meaning.CAMPAIGN, body_key="campaign_id"),
    "sync/return": TopicRoute(Meaning.RETURN, body_key="return_id"),
    "sync/order": TopicRoute(Meaning.SYNC_ORDER, body_key="order_id", kinds=SHIPPING),
    "sync/fulfillment_order": TopicRoute(Meaning.SYNC_ORDER, body_key="order_id", kinds=SHIPPING),
    "sync/partner": TopicRoute(Meaning.SYNC_PARTNER),
    "overdue/order": TopicRoute(Meaning.OVERDUE, body_key="order_id"),
}

ROUTES: Mapping[tuple[str, str], TopicRoute] = MappingProxyType(
    {
        (source, topic): line
        for source, lines in (
            ("shopify", _SHOPIFY),
            ("trading_grid", _TRADING_GRID),
            ("gridcase", _OWN),
        )
        for topic, line in lines.items()
    }
)


def route(source: str, topic: str) -> TopicRoute | None:
    """The line for a topic; None for one we never asked for."""
    return ROUTES.get((source, topic))
