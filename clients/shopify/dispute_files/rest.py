"""By REST, as it is today: `dispute_file_uploads.json` takes the content in base64; GraphQL then shows the file.

Shopify's own packages type this resource up to 2026-04 and publish no body; this one is as public integrations send it.
Where Shopify refuses the scope or no longer has the route, that is `FilesClosed`.
"""

import base64

import httpx

from clients.shopify.admin import AdminApi
from clients.shopify.dispute_files import shown
from clients.shopify.dispute_files.port import DraftFile, FileRefused, FilesClosed, NewFile
from clients.shopify.errors import ShopifyRefused, ShopifyReplyUnreadable
from domain.shopify_ids import gid, numeric_id

OPERATION = "dispute_file_uploads"
UPLOAD = "ShopifyPaymentsDisputeFileUpload"
_CLOSED = {403, 404, 405, 406, 410, 501}
_FILE = {400, 413, 415, 422}


class RestRoute:
    """`DisputeFiles` by REST."""

    def __init__(self, admin: AdminApi) -> None:
        self._admin = admin

    async def list(self, dispute_id: str) -> tuple[DraftFile, ...] | None:
        return await shown.listed(self._admin, dispute_id)

    async def put(self, dispute_id: str, evidence_id: str, file: NewFile) -> None:
        body = {
            "document_type": file.kind.lower(),
            "filename": file.name,
            "mimetype": file.mime_type,
            "data": base64.b64encode(file.content).decode("ascii"),
        }
        try:
            answer = await self._admin.rest(
                OPERATION, "POST", f"{_path(dispute_id)}.json", {"dispute_file_upload": body}
            )
        except ShopifyRefused as error:
            raise _told_apart(error) from error
        await self.show(evidence_id, file.field, gid(UPLOAD, self._number(answer)))

    async def show(self, evidence_id: str, field: str, file_id: str) -> None:
        await shown.show(self._admin, evidence_id, field, file_id)

    async def remove(self, dispute_id: str, evidence_id: str, field: str, file_id: str) -> None:
        path = f"{_path(dispute_id)}/{numeric_id(file_id)}.json"
        try:
            await self._admin.rest(OPERATION, "DELETE", path)
        except ShopifyRefused as error:
            if error.status not in {404, 410}:
                raise _told_apart(error) from error

    def _number(self, answer: httpx.Response) -> str:
        """Without it a repeat, should Shopify not keep our names either, would send the file for ever."""
        try:
            return numeric_id(answer.json()["dispute_file_upload"]["id"])
        except (ValueError, KeyError, TypeError):
            raise ShopifyReplyUnreadable(
                "an upload without a number", shop=self._admin.shop, operation=OPERATION
            ) from None


def _path(dispute_id: str) -> str:
    return f"shopify_payments/disputes/{numeric_id(dispute_id)}/dispute_file_uploads"


def _told_apart(error: ShopifyRefused) -> ShopifyRefused:
    """By the status alone."""
    kind = (
        FilesClosed if error.status in _CLOSED else FileRefused if error.status in _FILE else None
    )
    if kind is None:
        return error
    return kind(
        error.message,
        shop=error.shop,
        operation=error.operation,
        request_id=error.request_id,
        status=error.status,
    )
