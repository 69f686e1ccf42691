"""What the activities on a partner's case take and give, for every lifecycle."""

from datetime import datetime

from domain.message import Message
from domain.partner_case import PartnerAnswer, PartnerDocument, PartnerMessage


class RequestedLine(Message):
    """A line of a partner's case, as the partner sees it."""

    line_id: str
    sku: str = ""
    quantity: int = 0
    reason_code: str = ""
    note: str = ""


class BusinessReference(Message):
    """How the partner finds the matter in its own books: an order's name, a return's."""

    type: str
    value: str


class OpenPartnerCase(Message):
    """`reference` is unique for this case and partner: a repeat finds what was opened, even after 24 hours."""

    tenant: str
    partner: str
    reference: str
    idempotency_key: str
    case_type: str
    subject: str
    description: str
    priority: str = "normal"
    due: datetime | None = None
    lines: tuple[RequestedLine, ...] = ()
    business_references: tuple[BusinessReference, ...] = ()


class OpenedPartnerCase(Message):
    remote_id: str
    status: str
    version: int = 0


class ReadPartnerCase(Message):
    tenant: str
    partner: str
    remote_id: str


class PartnerCaseFacts(Message):
    """A partner's case as Trading Grid has it now. Messages and documents are the partner's, oldest first."""

    status: str
    version: int = 0
    answer: PartnerAnswer | None = None
    messages: tuple[PartnerMessage, ...] = ()
    documents: tuple[PartnerDocument, ...] = ()


class PostMessage(Message):
    tenant: str
    partner: str
    remote_id: str
    reference: str
    idempotency_key: str
    text: str
    hand_back: bool = False


class PostedMessage(Message):
    """`ended`: the case takes nothing any more, since the partner has closed or cancelled it; nothing was written."""

    message_id: str = ""
    ended: bool = False


class SendDocument(Message):
    """A stored document for the partner, by our id; uploaded and attached."""

    tenant: str
    partner: str
    remote_id: str
    reference: str
    idempotency_key: str
    document_id: str


class SentDocument(Message):
    """`ended`: as with a message."""

    remote_document_id: str = ""
    ended: bool = False


class FetchDocument(Message):
    """A partner's document, to be fetched, checked and stored.

    `po_number`: where it is given, a document that names other purchase orders alone is refused.
    """

    shop: str
    tenant: str
    partner: str
    case_id: str
    remote_document_id: str
    po_number: str = ""


class FetchedDocument(Message):
    """`refused` says why it was not stored (type, size, whose it is, a checksum that does not match); empty when it was.

    `document_type` is the partner's word for what it is.
    """

    document_id: str = ""
    file_name: str = ""
    mime_type: str = ""
    refused: str = ""
    document_type: str = ""


class ExtendPartnerCase(Message):
    tenant: str
    partner: str
    remote_id: str
    idempotency_key: str
    due: datetime


class ExtendedPartnerCase(Message):
    """`ended`: as with a message."""

    version: int = 0
    ended: bool = False


class ClosePartnerCase(Message):
    """`action`: `resolve` with a resolution, or `cancel` where the matter is gone.

    Where `remote_id` is empty, the answer to our opening never came: the case is looked for by our `reference`.
    """

    tenant: str
    partner: str
    remote_id: str
    reference: str = ""
    idempotency_key: str
    action: str
    resolution: str


class ClosedPartnerCase(Message):
    status: str
