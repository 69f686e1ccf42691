"""What the activities of shipping documents take and give: one frozen model in, one out, each used by one activity."""

from domain.message import Message
from domain.policy import ShippingDocumentsPolicy
from domain.purchase_order.names import Position
from domain.shipping_documents.papers import Invoice, Notice


class ReadTerms(Message):
    shop: str
    tenant: str
    partner: str


class Terms(Message):
    """Read once and frozen into the case."""

    name: str
    policy: ShippingDocumentsPolicy
    shadow: bool = False
    document_link: str = ""
    """Our own address of a stored document, behind our login; `{id}` stands for its id."""


class ReadPosition(Message):
    """`case_id`: the case that owns the purchase order."""

    tenant: str
    partner: str
    po_number: str
    case_id: str


class PositionRead(Message):
    """`owned`: the case answered, and it is open; without one, Trading Grid's own purchase order is read."""

    position: Position
    owned: bool = False


class ReadNotice(Message):
    tenant: str
    partner: str
    po_number: str
    notice_id: str


class NoticeRead(Message):
    """`refused` says why it is not taken, in words; `notice` has the items of the purchase order alone."""

    notice: Notice | None = None
    refused: str = ""


class ReadInvoice(Message):
    tenant: str
    partner: str
    po_number: str
    invoice_id: str


class InvoiceRead(Message):
    """`refused` says why it is not taken, in words."""

    invoice: Invoice | None = None
    refused: str = ""
