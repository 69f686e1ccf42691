"""What both ways have in common: GraphQL lists the files, and shows one that is there."""

from clients.shopify.admin import AdminApi
from clients.shopify.dispute_files.port import DraftFile, draft_file
from clients.shopify.generated.input_types import ShopifyPaymentsDisputeEvidenceUpdateInput


async def listed(admin: AdminApi, dispute_id: str) -> tuple[DraftFile, ...] | None:
    dispute = (await admin.drafted_evidence(dispute_id=dispute_id)).dispute
    if dispute is None:
        return None
    return tuple(draft_file(one) for one in dispute.dispute_evidence.dispute_file_uploads)


async def show(admin: AdminApi, evidence_id: str, field: str, file_id: str) -> None:
    await admin.dispute_evidence_update(id=evidence_id, input=of_field(field, {"id": file_id}))


def of_field(field: str, value: dict[str, object]) -> ShopifyPaymentsDisputeEvidenceUpdateInput:
    """An input that names nothing but this field."""
    return ShopifyPaymentsDisputeEvidenceUpdateInput.model_validate({field: value})
