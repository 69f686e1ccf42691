"""The port to Trading Grid, in our words; activities and intake depend on this and nothing below.

One module per resource holds its models and its part of the port. A new resource (campaigns) is a new
module and one more base of `TradingGrid`. Each method is one remote call (a list: one a page), one
attempt, and raises from `clients.trading_grid.errors`.
One module per resource holds its models and its part of the port. A new resource (inventory
advices) is a new module and one more base of `TradingGrid`. Each method is one remote call (a list:
one a page), one attempt, and raises from `clients.trading_grid.errors`.
"""

from typing import Protocol

from clients.trading_grid.port.campaigns import (
    Campaign,
    CampaignIssue,
    CampaignPlan,
    CampaignProduct,
    CampaignReadiness,
    Campaigns,
    Commitment,
    NewCampaign,
    NewCampaignProduct,
)
from clients.trading_grid.port.cases import (
    Answer,
    AnswerLine,
    Case,
    CaseAction,
    CaseChange,
    CaseLine,
    Cases,
    Message,
    NewCase,
    NewCaseLine,
    NewMessage,
    Visibility,
)
from clients.trading_grid.port.common import Author, BusinessReference, ExternalReference
from clients.trading_grid.port.documents import (
    Content,
    Document,
    Documents,
    DocumentType,
    File,
    NewDocument,
)
from clients.trading_grid.port.events import (
    Event,
    EventData,
    EventPage,
    Events,
    EventSubscription,
    TestDelivery,
)
from clients.trading_grid.port.inventory_advices import (
    AdviceLine,
    InventoryAdvice,
    InventoryAdvices,
    InventoryAdviceWithLines,
    StockConstraint,
    UnreadableAdviceLine,
)
from clients.trading_grid.port.invoices import Invoice, InvoiceLine, Invoices
from clients.trading_grid.port.partners import (
    Partner,
    PartnerContact,
    PartnerIdentifier,
    Partners,
)
from clients.trading_grid.port.purchase_orders import (
    NewPurchaseOrder,
    NewPurchaseOrderChange,
    NewPurchaseOrderChangeLine,
    NewPurchaseOrderLine,
    PurchaseOrder,
    PurchaseOrderChange,
    PurchaseOrderChangeLine,
    PurchaseOrderLine,
    PurchaseOrderResponse,
    PurchaseOrderResponseLine,
    PurchaseOrders,
    ShipTo,
)
from clients.trading_grid.port.return_authorizations import (
    NewReturnAuthorization,
    NewReturnAuthorizationLine,
    ReturnAddress,
    ReturnAuthorization,
    ReturnAuthorizationLine,
    ReturnAuthorizations,
)
from clients.trading_grid.port.shipment_notices import (
    Package,
    PackageItem,
    ShipmentNotice,
    ShipmentNotices,
)

__all__ = [
    "AdviceLine",
    "Answer",
    "AnswerLine",
    "Author",
    "BusinessReference",
    "Campaign",
    "CampaignIssue",
    "CampaignPlan",
    "CampaignProduct",
    "CampaignReadiness",
    "Campaigns",
    "Case",
    "CaseAction",
    "CaseChange",
    "CaseLine",
    "Cases",
    "Commitment",
    "Content",
    "Document",
    "DocumentType",
    "Documents",
    "Event",
    "EventData",
    "EventPage",
    "EventSubscription",
    "Events",
    "ExternalReference",
    "File",
    "InventoryAdvice",
    "InventoryAdviceWithLines",
    "InventoryAdvices",
    "Invoice",
    "InvoiceLine",
    "Invoices",
    "Message",
    "NewCampaign",
    "NewCampaignProduct",
    "NewCase",
    "NewCaseLine",
    "NewDocument",
    "NewMessage",
    "NewPurchaseOrder",
    "NewPurchaseOrderChange",
    "NewPurchaseOrderChangeLine",
    "NewPurchaseOrderLine",
    "NewReturnAuthorization",
    "NewReturnAuthorizationLine",
    "Package",
    "PackageItem",
    "Partner",
    "PartnerContact",
    "PartnerIdentifier",
    "Partners",
    "PurchaseOrder",
    "PurchaseOrderChange",
    "PurchaseOrderChangeLine",
    "PurchaseOrderLine",
    "PurchaseOrderResponse",
    "PurchaseOrderResponseLine",
    "PurchaseOrders",
    "ReturnAddress",
    "ReturnAuthorization",
    "ReturnAuthorizationLine",
    "ReturnAuthorizations",
    "ShipTo",
    "ShipmentNotice",
    "ShipmentNotices",
    "StockConstraint",
    "TestDelivery",
    "TradingGrid",
    "UnreadableAdviceLine",
    "Visibility",
]


class TradingGrid(
    Partners,
    Cases,
    Documents,
    ReturnAuthorizations,
    PurchaseOrders,
    ShipmentNotices,
    Invoices,
    InventoryAdvices,
    Campaigns,
    Events,
    Protocol,
):
    """Everything we ask of Trading Grid, for one tenant."""

    async def check(self) -> None:
        """The credentials work: fetch a token and use it once. Raises Unauthorized, Forbidden."""
        ...
