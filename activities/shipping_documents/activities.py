"""Reading for shipping documents, an activity each. What a partner got wrong is a value with the reason, not an error."""

from temporalio import activity
from temporalio.client import Client, WorkflowQueryFailedError, WorkflowQueryRejectedError
from temporalio.service import RPCError, RPCStatusCode

from activities.failures import conflict, translated
from activities.pauses import Pauses
from activities.shipping_documents.mapping import invoice_of, notice_of, position_of
from clients.trading_grid.errors import ContractMismatch, Gone, NotFound
from domain.case import CaseKind
from domain.policy import ShippingDocumentsPolicy
from domain.purchase_order.names import POSITION, AskPosition, Position
from domain.shipping_documents.messages import (
    InvoiceRead,
    NoticeRead,
    PositionRead,
    ReadInvoice,
    ReadNotice,
    ReadPosition,
    ReadTerms,
    Terms,
)
from intake.connections import Connections
from intake.policies import policy_for
from persistence.repositories import partners, switches
from persistence.session import Database

_GONE = "it is gone from Trading Grid"


class ShippingDocumentsActivities:
    def __init__(
        self,
        connections: Connections,
        database: Database,
        pauses: Pauses,
        temporal: Client,
        *,
        document_link: str,
    ) -> None:
        """`document_link` is our own address of a stored document, with `{id}` for its id."""
        self._connections = connections
        self._database = database
        self._pauses = pauses
        self._temporal = temporal
        self._document_link = document_link

    @activity.defn(name="shipping_documents.read_terms")
    async def read_terms(self, request: ReadTerms) -> Terms:
        """The partner's name, and the terms with it."""
        async with self._database.read() as session:
            partner = await partners.find(session, request.tenant, request.partner)
            with translated():
                policy = await policy_for(
                    session, ShippingDocumentsPolicy, request.shop, request.partner
                )
            shadow = await switches.in_force(
                session,
                "shadow",
                shop_id=request.shop,
                lifecycle=CaseKind.SHIPPING_DOCUMENTS.value,
            )
        return Terms(
            name=partner.name if partner else request.partner,
            policy=policy,
            shadow=shadow is not None,
            document_link=self._document_link,
        )

    @activity.defn(name="shipping_documents.read_position")
    async def read_position(self, request: ReadPosition) -> PositionRead:
        """The purchase order as its case knows it, open or closed; where none answers, as Trading Grid has it.

        Raises ApplicationError `Conflict` where neither knows it.
        """
        position = await self._ask_case(request)
        if position is not None and position.found:
            return PositionRead(position=position, owned=not position.closed)
        await self._pauses.check(partner=request.partner)
        with translated():
            trading_grid = await self._connections.trading_grid(request.tenant)
            found = await trading_grid.find_purchase_order(po_number=request.po_number)
        if found is None or found.partner_id != request.partner:
            raise conflict(f"There is no purchase order {request.po_number} of {request.partner}.")
        return PositionRead(position=position_of(found, request.tenant))

    async def _ask_case(self, request: ReadPosition) -> Position | None:
        """None where no such case is there any more, or it can't say. One that is closed still answers."""
        if not request.case_id:
            return None
        try:
            answer: Position = await self._temporal.get_workflow_handle(request.case_id).query(
                POSITION, AskPosition(po_number=request.po_number), result_type=Position
            )
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise
        except (WorkflowQueryFailedError, WorkflowQueryRejectedError):
            return None
        return answer

    @activity.defn(name="shipping_documents.read_notice")
    async def read_notice(self, request: ReadNotice) -> NoticeRead:
        """A shipment notice as it is now; one of another partner is refused."""
        await self._pauses.check(partner=request.partner)
        with translated():
            trading_grid = await self._connections.trading_grid(request.tenant)
            try:
                found = await trading_grid.shipment_notice(request.notice_id)
            except (NotFound, Gone):
                return NoticeRead(refused=_GONE)
            except ContractMismatch as error:
                return NoticeRead(refused=f"it can't be read: {error}")
        if found.partner_id is not None and found.partner_id != request.partner:
            return NoticeRead(refused="it is another partner's")
        return NoticeRead(notice=notice_of(found, request.po_number))

    @activity.defn(name="shipping_documents.read_invoice")
    async def read_invoice(self, request: ReadInvoice) -> InvoiceRead:
        """An invoice as it is now; one of another partner, or another purchase order, is refused."""
        await self._pauses.check(partner=request.partner)
        with translated():
            trading_grid = await self._connections.trading_grid(request.tenant)
            try:
                found = await trading_grid.invoice(request.invoice_id)
            except (NotFound, Gone):
                return InvoiceRead(refused=_GONE)
            except ContractMismatch as error:
                return InvoiceRead(refused=f"it can't be read: {error}")
        if found.partner_id is not None and found.partner_id != request.partner:
            return InvoiceRead(refused="it is another partner's")
        if found.po_number != request.po_number:
            return InvoiceRead(refused=f"it is for the purchase order {found.po_number} now")
        return InvoiceRead(invoice=invoice_of(found))
