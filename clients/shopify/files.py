"""Files that the merchant keeps in Shopify."""

from dataclasses import dataclass
from enum import StrEnum

from clients.shopify.admin import AdminApi
from clients.shopify.generated.enums import FileStatus
from clients.shopify.generated.merchant_file import MerchantFileNodeGenericFile

_GENERIC_FILE = "gid://shopify/GenericFile/"


class NoContent(StrEnum):
    """Why a file's content can't be had."""

    MISSING = "missing"
    OTHER_KIND = "other_kind"  # an image, a video, a model
    NOT_READY = "not_ready"  # Shopify still works on it
    FAILED = "failed"
    TOO_LARGE = "too_large"


@dataclass(frozen=True)
class FileContent:
    content: bytes
    mime_type: str


async def read_file_content(admin: AdminApi, file_id: str, *, most: int) -> FileContent | NoContent:
    """The bytes of a merchant's file (by GID) that is no picture or video, or why there are none.

    Raises ShopifyError.
    """
    # The type stands in the id. Asked for another kind, the query's answer would be of a type that our schema does not have.
    if not file_id.startswith(_GENERIC_FILE):
        return NoContent.OTHER_KIND
    file = (await admin.merchant_file(id=file_id)).node
    if not isinstance(file, MerchantFileNodeGenericFile):
        return NoContent.MISSING
    if file.file_status == FileStatus.FAILED:
        return NoContent.FAILED
    if file.url is None:
        return NoContent.NOT_READY
    if (file.original_file_size or 0) > most:
        return NoContent.TOO_LARGE
    content = await admin.download(file.url, most=most)
    if content is None:
        return NoContent.TOO_LARGE
    return FileContent(content, file.mime_type or "")
