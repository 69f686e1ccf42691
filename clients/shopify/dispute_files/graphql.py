"""By GraphQL, once it is stable: a staged upload, then `uploadedFiles` of the evidence's input, which shows it at once.

Shopify documents `uploadedFiles` for the version `unstable` and says "not supported" for 2026-10. The mutation is written
here and not generated, because no schema we generate from has it.
"""

from typing import Any

from clients.shopify.admin import AdminApi
from clients.shopify.dispute_files import shown
from clients.shopify.dispute_files.port import DraftFile, FileRefused, FilesClosed, NewFile
from clients.shopify.errors import ShopifyRefused, ShopifyReplyUnreadable, ShopifyUserErrors
from clients.shopify.generated.enums import (
    StagedUploadHttpMethodType,
    StagedUploadTargetGenerateUploadResource,
)
from clients.shopify.generated.input_types import StagedUploadInput

OPERATION = "DisputeEvidenceUploadFiles"
MUTATION = """
mutation DisputeEvidenceUploadFiles($id: ID!, $input: ShopifyPaymentsDisputeEvidenceUpdateInput!) {
  disputeEvidenceUpdate(id: $id, input: $input) {
    disputeEvidence {
      disputeFileUploads {
        originalFileName
      }
    }
    userErrors {
      code
      field
      message
    }
  }
}
"""
# What a schema without the field answers, and a token without the scope.
_CLOSED = {"argumentNotAccepted", "undefinedField", "ACCESS_DENIED", "INVALID_VARIABLE"}
_OF_THE_DISPUTE = {"EVIDENCE_ALREADY_ACCEPTED", "EVIDENCE_PAST_DUE_DATE"}


class UploadedFilesRoute:
    """`DisputeFiles` by GraphQL."""

    def __init__(self, admin: AdminApi) -> None:
        self._admin = admin

    async def list(self, dispute_id: str) -> tuple[DraftFile, ...] | None:
        return await shown.listed(self._admin, dispute_id)

    async def put(self, dispute_id: str, evidence_id: str, file: NewFile) -> None:
        source = await self._staged(file)
        uploaded = {
            "disputeEvidenceFileType": file.kind,
            "originalFileName": file.name,
            "originalSource": source,
        }
        variables = {"id": evidence_id, "input": {"uploadedFiles": [uploaded]}}
        try:
            response = await self._admin.execute(MUTATION, OPERATION, variables)
            data = self._admin.get_data(response)
        except ShopifyUserErrors as error:
            if error.codes & _OF_THE_DISPUTE:
                raise
            raise _refused(FileRefused, error) from error
        except ShopifyRefused as error:
            if error.code in _CLOSED:
                raise _refused(FilesClosed, error) from error
            raise
        if file.name not in _names(data):
            # It is there, and a repeat would not find it.
            raise self._unreadable("a file that was sent is not listed under its name")

    async def show(self, evidence_id: str, field: str, file_id: str) -> None:
        await shown.show(self._admin, evidence_id, field, file_id)

    async def remove(self, dispute_id: str, evidence_id: str, field: str, file_id: str) -> None:
        try:
            await self._admin.dispute_evidence_update(
                id=evidence_id, input=shown.of_field(field, {"id": file_id, "destroy": True})
            )
        except ShopifyUserErrors as error:
            if "FILE_NOT_FOUND" not in error.codes:
                raise

    async def _staged(self, file: NewFile) -> str:
        """Where the file lies now, for `originalSource`."""
        try:
            answer = await self._admin.staged_uploads_create(
                input=[
                    StagedUploadInput(
                        resource=StagedUploadTargetGenerateUploadResource.DISPUTE_FILE_UPLOAD,
                        filename=file.name,
                        mime_type=file.mime_type,
                        file_size=len(file.content),
                        http_method=StagedUploadHttpMethodType.POST,
                    )
                ]
            )
        except ShopifyUserErrors as error:
            raise _refused(FileRefused, error) from error
        except ShopifyRefused as error:
            raise (
                _refused(FilesClosed, error) if error.code == "ACCESS_DENIED" else error
            ) from error
        payload = answer.staged_uploads_create
        targets = (payload.staged_targets if payload else None) or []
        target = targets[0] if targets else None
        if target is None or not target.url or not target.resource_url:
            raise self._unreadable("a staged upload without an address")
        fields = {one.name: one.value for one in target.parameters}
        await self._admin.upload_staged(OPERATION, target.url, fields, file.name, file.content)
        return target.resource_url

    def _unreadable(self, problem: str) -> ShopifyReplyUnreadable:
        return ShopifyReplyUnreadable(problem, shop=self._admin.shop, operation=OPERATION)


def _names(data: dict[str, Any]) -> list[str]:
    try:
        files = data["disputeEvidenceUpdate"]["disputeEvidence"]["disputeFileUploads"]
        return [file["originalFileName"] for file in files]
    except (KeyError, TypeError):
        return []


def _refused(kind: type[FileRefused] | type[FilesClosed], error: ShopifyRefused) -> ShopifyRefused:
    return kind(
        error.message,
        shop=error.shop,
        operation=error.operation,
        request_id=error.request_id,
        code=error.code,
        status=error.status,
    )
