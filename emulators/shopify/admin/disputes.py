"""Disputes and their evidence."""

from __future__ import annotations

from typing import Any

from emulators.shopify.admin.lookup import find, searched
from emulators.shopify.engine.connections import connect
from emulators.shopify.engine.registry import (
    Args,
    Context,
    access_denied,
    mutation,
    query,
    resolver,
)
from emulators.shopify.model.disputes import (
    FILE_FIELDS,
    TEXT_FIELDS,
    Dispute,
    DisputeEvidence,
    DisputeFileUpload,
)
from emulators.shopify.model.money import Money
from emulators.shopify.model.orders import Order
from emulators.shopify.rules import disputes
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.disputes import FILE_KINDS, FILE_LIMIT, FileUpdate
from emulators.shopify.rules.refusal import refuse
from emulators.shopify.storage import StoredFile

READ = "read_shopify_payments_disputes"
READ_EVIDENCE = "read_shopify_payments_dispute_evidences"
WRITE_EVIDENCE = "write_shopify_payments_dispute_evidences"
SEARCH = {
    "id": lambda d: d.id,
    "initiated_at": lambda d: d.initiated_at,
    "status": lambda d: d.status,
}


@query("dispute", scope=READ)
def dispute(_: Any, context: Context, args: Args) -> Dispute | None:
    return find(context, Dispute, args["id"])


@query("disputes", scope=READ)
def list_disputes(_: Any, context: Context, args: Args) -> dict[str, Any]:
    search = searched(context, "disputes", args, SEARCH)
    return connect([d for d in context.shop.disputes.values() if search.matches(d)], args)


@query("disputeEvidence", scope=READ_EVIDENCE)
def dispute_evidence(_: Any, context: Context, args: Args) -> DisputeEvidence | None:
    return find(context, DisputeEvidence, args["id"])


@resolver("Order", "disputes")
def order_disputes(order: Order, context: Context, __: Args) -> list[dict[str, Any]]:
    return [
        {
            "__typename": "OrderDisputeSummary",
            "id": f"gid://shopify/OrderDisputeSummary/{found.id}",
            "initiatedAs": found.initiated_as,
            "status": found.status,
        }
        for found in context.shop.disputes.values()
        if found.order is order
    ]


@resolver("ShopifyPaymentsDispute", "amount")
def amount(found: Dispute, _: Context, __: Args) -> Money:
    return found.order.money(found.amount)


@resolver("ShopifyPaymentsDispute", "reasonDetails")
def reason_details(found: Dispute, _: Context, __: Args) -> dict[str, Any]:
    return {"reason": found.reason, "networkReasonCode": found.network_reason_code}


@resolver("ShopifyPaymentsDispute", "disputeEvidence")
def evidence_of(found: Dispute, context: Context, __: Args) -> DisputeEvidence:
    if READ_EVIDENCE not in context.scopes:
        raise access_denied("disputeEvidence", READ_EVIDENCE)
    return found.evidence


@resolver("ShopifyPaymentsDisputeEvidence", "disputeFileUploads")
def uploads(evidence: DisputeEvidence, _: Context, __: Args) -> list[DisputeFileUpload]:
    return list(evidence.uploads)


@resolver("ShopifyPaymentsDisputeEvidence", "productDescription")
def product_description(evidence: DisputeEvidence, _: Context, __: Args) -> str:
    return "\n".join(line.name for line in evidence.dispute.order.line_items)


@resolver("ShopifyPaymentsDisputeEvidence", "fulfillments")
def fulfillments(evidence: DisputeEvidence, _: Context, __: Args) -> list[dict[str, Any]]:
    """The order's shipments that were not cancelled."""
    return [
        {
            "__typename": "ShopifyPaymentsDisputeFulfillment",
            "id": f"gid://shopify/ShopifyPaymentsDisputeFulfillment/{f.id}",
            "shippingCarrier": f.tracking[0].company if f.tracking else None,
            "shippingTrackingNumber": f.tracking[0].number if f.tracking else None,
            "shippingDate": f.created_at.date().isoformat(),
        }
        for f in evidence.dispute.order.fulfillments
        if f.status == "SUCCESS"
    ]


@resolver("ShopifyPaymentsDisputeEvidence", "billingAddress")
@resolver("ShopifyPaymentsDisputeEvidence", "shippingAddress")
@resolver("ShopifyPaymentsDisputeEvidence", "customerPurchaseIp")
def nothing_personal(_: DisputeEvidence, __: Context, ___: Args) -> None:
    """Customers of the emulator have neither."""


def _text(name: str) -> None:
    resolver("ShopifyPaymentsDisputeEvidence", name)(lambda found, _, __: found.texts.get(name))


def _file(name: str) -> None:
    resolver("ShopifyPaymentsDisputeEvidence", name)(lambda found, _, __: found.files.get(name))


for field_name in TEXT_FIELDS:
    _text(field_name)
for field_name in FILE_FIELDS:
    _file(field_name)


@resolver("ShopifyPaymentsDisputeFileUpload", "url")
def url(file: DisputeFileUpload, context: Context, _: Args) -> str:
    return context.emulator.storage.address(context.base_url, file.stored)


@mutation("disputeEvidenceUpdate", scope=WRITE_EVIDENCE)
def update_evidence(act: Action, context: Context, args: Args) -> dict[str, Any]:
    evidence = find(context, DisputeEvidence, args["id"])
    if evidence is None:
        message = "The dispute evidence was not found."
        raise refuse(message, code="DISPUTE_EVIDENCE_NOT_FOUND", field=("id",))
    given = args["input"]
    if given.get("shippingAddress") is not None:
        raise access_denied("shippingAddress of ShopifyPaymentsDisputeEvidenceUpdateInput")
    files = {
        name: FileUpdate(
            find(context, DisputeFileUpload, given[name]["id"]), bool(given[name].get("destroy"))
        )
        for name in FILE_FIELDS
        if given.get(name) is not None
    }
    files |= _uploaded(act, context, evidence, given.get("uploadedFiles") or [])
    disputes.update_evidence(
        act,
        evidence,
        texts={name: given[name] for name in TEXT_FIELDS if name in given},
        files=files,
        submit=bool(given.get("submitEvidence")),
    )
    return {"disputeEvidence": evidence}


def _uploaded(
    act: Action, context: Context, evidence: DisputeEvidence, given: list[dict[str, Any]]
) -> dict[str, FileUpdate]:
    """``uploadedFiles``, which only the version ``unstable`` has: staged uploads become files, each shown in its field."""
    storage = context.emulator.storage
    found = []
    for index, entry in enumerate(given):
        at = ("input", "uploadedFiles", str(index), "originalSource")
        staged = storage.find(entry["originalSource"])
        if staged is None or staged.content is None or staged.resource != "DISPUTE_FILE_UPLOAD":
            raise refuse("The file was not found.", code="FILE_NOT_FOUND", field=at)
        if not staged.content.startswith(FILE_KINDS.get(staged.mime_type, b"\0")):
            raise refuse("The file is of a type that is not supported.", code="INVALID", field=at)
        if len(staged.content) > FILE_LIMIT:
            message = "The file is larger than 2 MB."
            raise refuse(message, code="FILES_SIZE_EXCEEDED_LIMIT", field=at)
        found.append((entry, staged, staged.content))
    made = {}
    for entry, staged, content in found:
        kind = entry.get("disputeEvidenceFileType") or "UNCATEGORIZED_FILE"
        upload = disputes.upload(
            act,
            evidence.dispute,
            kind=kind,
            name=entry["originalFileName"],
            mime_type=staged.mime_type,
            content=content,
            stored=storage.add(StoredFile(entry["originalFileName"], staged.mime_type, content)),
        )
        field = next((name for name, type_ in FILE_FIELDS.items() if type_ == kind), None)
        if field is not None:
            made[field] = FileUpdate(upload)
    return made
