"""What each lifecycle's cases are opened with: one small function a lifecycle, and the inbox bodies that ask for them."""

import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from domain import references
from domain.campaign_readiness import names as campaign_readiness
from domain.campaign_readiness.plan import GivenPlan
from domain.case import CaseKind
from domain.dispute import names as dispute
from domain.inventory_feed import names as inventory_feed
from domain.inventory_feed.state import InventoryFeedInput
from domain.operator import PartnerChanged
from domain.order_exception import names as order_exception
from domain.purchase_order import names as purchase_order
from domain.return_claim import names as return_claim
from domain.return_claim.state import ClaimRequest, ReturnClaimInput
from domain.shipping_documents import names as shipping_documents
from intake.opening import Opening
from persistence.repositories.case_references import Reference


def opening_of_return(shop: str, return_id: str, *, order_id: str = "", opened_by: str) -> Opening:
    return Opening(
        kind=CaseKind.RETURN_CLAIM,
        workflow=return_claim.WORKFLOW,
        key=return_claim.return_key(shop, return_id),
        shop=shop,
        summary=f"Return {return_id} · {shop}",
        argument=ReturnClaimInput(
            case_id="", number=0, shop=shop, return_id=return_id, opened_by=opened_by
        ),
        order_id=order_id,
        references=_references(shop, {references.RETURN: return_id, references.ORDER: order_id}),
    )


def opening_of_claim(shop: str, claim: ClaimRequest, *, opened_by: str) -> Opening:
    return Opening(
        kind=CaseKind.RETURN_CLAIM,
        workflow=return_claim.WORKFLOW,
        key=return_claim.claim_key(shop, claim.external_reference),
        shop=shop,
        summary=f"{claim.kind.value.capitalize()} claim {claim.external_reference} · {shop}",
        argument=ReturnClaimInput(
            case_id="", number=0, shop=shop, claim=claim, opened_by=opened_by
        ),
        order_id=claim.order_id,
        references=_references(
            shop,
            {
                references.ORDER: claim.order_id,
                references.EXTERNAL_CLAIM: claim.external_reference,
            },
        ),
    )


def opening_of_exception(
    shop: str,
    order_id: str,
    *,
    reason: order_exception.Reason,
    note: str = "",
    line_ids: Sequence[str] = (),
    opened_by: str,
) -> Opening:
    """Empty `line_ids`: every line that is still to ship and no purchase order covers."""
    return Opening(
        kind=CaseKind.ORDER_EXCEPTION,
        workflow=order_exception.WORKFLOW,
        key=order_exception.order_exception_key(shop, order_id),
        shop=shop,
        summary=f"Order {order_id}, {reason.value.replace('_', ' ')} · {shop}",
        argument=order_exception.OrderExceptionInput(
            case_id="",
            number=0,
            shop=shop,
            order_id=order_id,
            reason=reason,
            note=note,
            line_ids=tuple(line_ids),
            opened_by=opened_by,
        ),
        order_id=order_id,
        references=_references(shop, {references.ORDER: order_id}),
    )


def opening_of_order_purchases(shop: str, order_id: str, *, opened_by: str) -> Opening:
    return Opening(
        kind=CaseKind.PURCHASE_ORDER,
        workflow=purchase_order.WORKFLOW,
        key=purchase_order.order_key(shop, order_id),
        shop=shop,
        summary=f"Purchase orders of order {order_id} · {shop}",
        argument=purchase_order.PurchaseOrderInput(
            case_id="", number=0, shop=shop, order_id=order_id, opened_by=opened_by
        ),
        order_id=order_id,
        references=_references(shop, {references.ORDER: order_id}),
    )


def opening_of_replenishment(
    shop: str, request: purchase_order.ReplenishmentRequest, *, opened_by: str
) -> Opening:
    return Opening(
        kind=CaseKind.PURCHASE_ORDER,
        workflow=purchase_order.WORKFLOW,
        key=purchase_order.replenishment_key(shop, request.number),
        shop=shop,
        summary=f"Replenishment {request.number} · {shop}",
        argument=purchase_order.PurchaseOrderInput(
            case_id="", number=0, shop=shop, replenishment=request, opened_by=opened_by
        ),
        references=_references(shop, {references.REPLENISHMENT: request.number}),
    )


def opening_of_papers(
    shop: str,
    *,
    tenant: str,
    partner: str,
    po_number: str,
    purchase_order_case: str,
    order_id: str = "",
    first: PartnerChanged,
    opened_by: str,
) -> Opening:
    """The papers of one purchase order; empty `order_id` for a replenishment's."""
    return Opening(
        kind=CaseKind.SHIPPING_DOCUMENTS,
        workflow=shipping_documents.WORKFLOW,
        key=shipping_documents.shipping_documents_key(shop, po_number),
        shop=shop,
        summary=f"Papers of {po_number} · {shop}",
        argument=shipping_documents.ShippingDocumentsInput(
            case_id="",
            number=0,
            shop=shop,
            tenant=tenant,
            partner=partner,
            po_number=po_number,
            purchase_order_case=purchase_order_case,
            order_id=order_id,
            first=first,
            opened_by=opened_by,
        ),
        order_id=order_id,
        references=_references(shop, {references.ORDER: order_id}),
    )


def opening_of_feed(
    shop: str,
    *,
    tenant: str,
    partner: str,
    first: PartnerChanged | None = None,
    opened_by: str,
) -> Opening:
    """A partner's stock into a shop; `first` is the advice that opens it, None on an operator's word."""
    return Opening(
        kind=CaseKind.INVENTORY_FEED,
        workflow=inventory_feed.WORKFLOW,
        key=inventory_feed.inventory_feed_key(shop, partner),
        shop=shop,
        summary=f"Stock of {partner} · {shop}",
        argument=InventoryFeedInput(
            case_id="",
            number=0,
            shop=shop,
            tenant=tenant,
            partner=partner,
            first=first,
            opened_by=opened_by,
        ),
        references=(Reference(kind=references.INVENTORY_FEED, value=partner, scope=tenant),),
    )


def opening_of_dispute(
    shop: str,
    dispute_id: str,
    *,
    order_id: str = "",
    due: datetime | None = None,
    opened_by: str,
) -> Opening:
    return Opening(
        kind=CaseKind.DISPUTE,
        workflow=dispute.WORKFLOW,
        key=dispute.dispute_key(shop, dispute_id),
        shop=shop,
        summary=f"Dispute {dispute_id} · {shop}",
        argument=dispute.DisputeInput(
            case_id="", number=0, shop=shop, dispute_id=dispute_id, due=due, opened_by=opened_by
        ),
        order_id=order_id,
        references=_references(shop, {references.DISPUTE: dispute_id, references.ORDER: order_id}),
    )


def opening_of_metaobject(shop: str, metaobject_id: str, *, opened_by: str) -> Opening:
    """A campaign that staff planned in Shopify."""
    return Opening(
        kind=CaseKind.CAMPAIGN_READINESS,
        workflow=campaign_readiness.WORKFLOW,
        key=campaign_readiness.metaobject_key(shop, metaobject_id),
        shop=shop,
        summary=f"Campaign {metaobject_id} · {shop}",
        argument=campaign_readiness.CampaignReadinessInput(
            case_id="", number=0, shop=shop, metaobject_id=metaobject_id, opened_by=opened_by
        ),
        references=_references(shop, {references.METAOBJECT: metaobject_id}),
    )


def opening_of_campaign(
    shop: str, external_reference: str, *, handle: str, plan_event_id: int, opened_by: str
) -> Opening:
    """A campaign that came through the API; `handle` is entered before anything is written under it."""
    return Opening(
        kind=CaseKind.CAMPAIGN_READINESS,
        workflow=campaign_readiness.WORKFLOW,
        key=campaign_readiness.campaign_key(shop, external_reference),
        shop=shop,
        summary=f"Campaign {external_reference} · {shop}",
        argument=campaign_readiness.CampaignReadinessInput(
            case_id="",
            number=0,
            shop=shop,
            external_reference=external_reference,
            handle=handle,
            plan_event_id=plan_event_id,
            opened_by=opened_by,
        ),
        references=_references(shop, {references.CAMPAIGN_HANDLE: handle}),
    )


def _references(shop: str, named: dict[str, str]) -> tuple[Reference, ...]:
    return tuple(
        Reference(kind=kind, value=value, scope=shop) for kind, value in named.items() if value
    )


def claim_body(
    *, return_id: str, claim: ClaimRequest | None, opened_by: str, again: bool
) -> tuple[bytes, str]:
    """The inbox body of an operator's request for a claim, and the delivery id that makes a repeat of it a duplicate."""
    return _body(
        {
            "return_id": return_id,
            "claim": claim.model_dump(mode="json") if claim else None,
            "opened_by": opened_by,
            "again": again,
        }
    )


def exception_body(
    *,
    order_id: str,
    reason: order_exception.Reason,
    note: str = "",
    line_ids: Sequence[str] = (),
    opened_by: str,
    again: bool = False,
) -> tuple[bytes, str]:
    """The inbox body of `exceptions/create`, and the delivery id that makes a repeat of it a duplicate."""
    return _body(
        {
            "order_id": order_id,
            "reason": reason.value,
            "note": note,
            "line_ids": list(line_ids),
            "opened_by": opened_by,
            "again": again,
        }
    )


def dispute_body(*, dispute_id: str, opened_by: str, again: bool = False) -> tuple[bytes, str]:
    """The inbox body of an operator's request for a dispute, and the delivery id that makes a repeat of it a duplicate."""
    return _body({"dispute_id": dispute_id, "opened_by": opened_by, "again": again})


def replenishment_body(
    request: purchase_order.ReplenishmentRequest, *, opened_by: str, again: bool = False
) -> tuple[bytes, str]:
    """The inbox body of `replenishments/create`, and the delivery id that makes a repeat of it a duplicate."""
    return _body(
        {
            "replenishment": request.model_dump(mode="json"),
            "opened_by": opened_by,
            "again": again,
        }
    )


def feed_body(*, partner: str, opened_by: str) -> tuple[bytes, str]:
    """The inbox body of `feeds/create`, and the delivery id that makes a repeat of it a duplicate."""
    return _body({"partner": partner, "opened_by": opened_by})


def campaign_body(
    plan: GivenPlan, *, external_reference: str, opened_by: str, again: bool = False
) -> tuple[bytes, str]:
    """The inbox body of `campaigns/create`, and the delivery id that makes a repeat of it a duplicate."""
    return _body(
        {
            "external_reference": external_reference,
            "plan": plan.model_dump(mode="json"),
            "opened_by": opened_by,
            "again": again,
        }
    )


def campaign_plan_body(plan: GivenPlan, *, case_id: str, actor: str) -> tuple[bytes, str]:
    """The inbox body of `campaigns/plan`, and the delivery id that makes a repeat of it a duplicate."""
    return _body({"case_id": case_id, "plan": plan.model_dump(mode="json"), "actor": actor})


def _body(content: dict[str, object]) -> tuple[bytes, str]:
    body = json.dumps(content, sort_keys=True).encode()
    return body, sha256(body).hexdigest()
