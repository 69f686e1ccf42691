"""Which terms each lifecycle's cases are opened with."""

from collections.abc import Mapping

from domain.case import CaseKind
from domain.policy import (
    CampaignReadinessPolicy,
    DisputePolicy,
    InventoryFeedPolicy,
    OrderExceptionPolicy,
    Policy,
    PurchaseOrderPolicy,
    ReturnClaimPolicy,
    ShippingDocumentsPolicy,
)

TERMS: Mapping[str, type[Policy]] = {
    CaseKind.ORDER_EXCEPTION: OrderExceptionPolicy,
    CaseKind.PURCHASE_ORDER: PurchaseOrderPolicy,
    CaseKind.SHIPPING_DOCUMENTS: ShippingDocumentsPolicy,
    CaseKind.INVENTORY_FEED: InventoryFeedPolicy,
    CaseKind.RETURN_CLAIM: ReturnClaimPolicy,
    CaseKind.DISPUTE: DisputePolicy,
    CaseKind.CAMPAIGN_READINESS: CampaignReadinessPolicy,
}
