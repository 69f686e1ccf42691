"""A partner's case in Trading Grid: open, read, write, close. One idempotent call each."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime

from temporalio import activity

from activities.failures import translated
from activities.pauses import Pauses
from clients.documents.errors import DocumentTooLarge, TypeNotAllowed
from clients.documents.file_names import safe_file_name
from clients.documents.port import DocumentStore
from clients.trading_grid.errors import (
    Conflict,
    ForeignLink,
    Gone,
    MalformedAnswer,
    NotFound,
    TooLarge,
)
from clients.trading_grid.port import (
    Answer,
    BusinessReference,
    Document,
    ExternalReference,
    NewCase,
    NewCaseLine,
    NewDocument,
    NewMessage,
    TradingGrid,
)
from clients.trading_grid.port import AnswerLine as RemoteAnswerLine
from clients.trading_grid.port.common import day_or_none
from domain.partner_case import (
    AnswerKind,
    AnswerLine,
    PartnerAnswer,
    PartnerDocument,
    PartnerMessage,
)
from domain.partner_messages import (
    ClosedPartnerCase,
    ClosePartnerCase,
    ExtendedPartnerCase,
    ExtendPartnerCase,
    FetchDocument,
    FetchedDocument,
    OpenedPartnerCase,
    OpenPartnerCase,
    PartnerCaseFacts,
    PostedMessage,
    PostMessage,
    ReadPartnerCase,
    SendDocument,
    SentDocument,
)
from intake.connections import Connections
from intake.dispatch import OWN_SYSTEM
from persistence.repositories import documents
from persistence.session import Database

_FINAL = {"resolved", "closed", "cancelled"}
_TAKES_NOTHING = {"closed", "cancelled"}
_CUT_SHORT = 5
"""A download that still does not match its own checksum at this attempt was not cut on the way: it is what it is."""
PURCHASE_ORDER = "purchase_order"
"""The type of a business reference that names a purchase order."""
_PRIORITIES = {"low", "normal", "high", "urgent"}


class PartnerCaseActivities:
    def __init__(
        self,
        connections: Connections,
        database: Database,
        store: DocumentStore,
        pauses: Pauses,
        *,
        max_document_bytes: int,
    ) -> None:
        self._connections = connections
        self._database = database
        self._store = store
        self._pauses = pauses
        self._max_bytes = max_document_bytes

    @activity.defn(name="partner_case.open_partner_case")
    async def open_partner_case(self, request: OpenPartnerCase) -> OpenedPartnerCase:
        """Open the case; the external reference makes a repeat find the first one, also after 24 hours."""
        await self._pauses.check(partner=request.partner)
        with translated():
            trading_grid = await self._connections.trading_grid(request.tenant)
            case = await trading_grid.open_case(
                NewCase(
                    case_type=request.case_type,
                    subject=request.subject,
                    description=request.description,
                    priority=request.priority if request.priority in _PRIORITIES else "normal",
                    partner_id=request.partner,
                    due_time=request.due,
                    external_reference=_reference(request.reference),
                    business_references=tuple(
                        BusinessReference(type=entry.type, value=entry.value)
                        for entry in request.business_references
                    ),
                    lines=tuple(
                        NewCaseLine(
                            line_id=line.line_id,
                            sku=line.sku or None,
                            quantity=line.quantity,
                            reason_code=line.reason_code or None,
                            note=line.note or None,
                        )
                        for line in request.lines
                    ),
                ),
                idempotency_key=request.idempotency_key,
            )
        return OpenedPartnerCase(remote_id=case.id, status=case.status, version=case.version)

    @activity.defn(name="partner_case.read_partner_case")
    async def read_partner_case(self, request: ReadPartnerCase) -> PartnerCaseFacts:
        """The case with its answer, the partner's messages and documents, as they are now."""
        await self._pauses.check(partner=request.partner)
        with translated():
            trading_grid = await self._connections.trading_grid(request.tenant)
            case = await trading_grid.read_case(request.remote_id)
            messages = await trading_grid.list_messages(request.remote_id)
            papers = await trading_grid.list_case_documents(request.remote_id)
        return PartnerCaseFacts(
            status=case.status,
            version=case.version,
            answer=_answer(case.answer) if case.answer else None,
            messages=tuple(
                PartnerMessage(
                    id=message.id,
                    author=message.author.type,
                    body=message.body,
                    time=message.create_time or datetime.now(UTC),
                )
                for message in messages
                if message.author.type == "partner" and message.visibility == "partner"
            ),
            documents=tuple(
                PartnerDocument(
                    id=paper.id,
                    document_type=paper.document_type,
                    file_name=paper.file_name,
                    mime_type=paper.mime_type,
                    size=paper.content_size or 0,
                    author=paper.author.type if paper.author else "",
                )
                for paper in papers
                if paper.author is None or paper.author.type == "partner"
            ),
        )

    @activity.defn(name="partner_case.post_message")
    async def post_message(self, request: PostMessage) -> PostedMessage:
        """Write to the partner; `hand_back` makes it the partner's turn."""
        await self._pauses.check(partner=request.partner)
        with translated():
            trading_grid = await self._connections.trading_grid(request.tenant)
            try:
                message = await trading_grid.post_message(
                    request.remote_id,
                    NewMessage(
                        body=request.text,
                        hand_back=request.hand_back,
                        external_reference=_reference(request.reference),
                    ),
                    idempotency_key=request.idempotency_key,
                )
            except Conflict:
                if not await takes_nothing(trading_grid, request.remote_id):
                    raise
                return PostedMessage(ended=True)
        return PostedMessage(message_id=message.id)

    @activity.defn(name="partner_case.send_document")
    async def send_document(self, request: SendDocument) -> SentDocument:
        """Upload a stored document and attach it. The attachment's reference makes a repeat find the first one; an upload
        that was not attached belongs to nothing and is harmless."""
        await self._pauses.check(partner=request.partner)
        async with self._database.read() as session:
            paper = await documents.get(session, request.document_id)
        with translated():
            trading_grid = await self._connections.trading_grid(request.tenant)

            def opened() -> AsyncGenerator[bytes]:
                return self._store.read(paper.sha256)

            file = await trading_grid.upload_file(
                opened,
                file_name=paper.file_name,
                mime_type=paper.mime_type,
                idempotency_key=f"{request.idempotency_key}-file",
            )
            try:
                attached = await trading_grid.attach_document(
                    request.remote_id,
                    NewDocument(
                        file_id=file.id,
                        document_type="evidence",
                        file_name=paper.file_name,
                        external_reference=_reference(request.reference),
                    ),
                    idempotency_key=request.idempotency_key,
                )
            except Conflict:
                if not await takes_nothing(trading_grid, request.remote_id):
                    raise
                return SentDocument(ended=True)
        return SentDocument(remote_document_id=attached.id)

    @activity.defn(name="partner_case.fetch_document")
    async def fetch_document(self, request: FetchDocument) -> FetchedDocument:
        """Fetch a partner's document over Trading Grid's own link, check what it really is, store it by its hash.

        What is not the partner's, leads elsewhere, is too large or not of an allowed type is a value with the reason: the
        partner is told, and nothing is kept.
        """
        await self._pauses.check(partner=request.partner)
        with translated():
            trading_grid = await self._connections.trading_grid(request.tenant)
            try:
                paper = await trading_grid.read_document(request.remote_document_id)
            except (NotFound, Gone):
                return FetchedDocument(
                    file_name=request.remote_document_id, refused="it is gone from Trading Grid"
                )
            found = FetchedDocument(
                file_name=safe_file_name(paper.file_name), document_type=paper.document_type
            )
            if why := _not_ours(paper, request):
                return found.model_copy(update={"refused": why})
            try:
                content = trading_grid.download(paper, max_bytes=self._max_bytes)
                async with aclosing(content):
                    stored = await self._store.put(content)
            except (TooLarge, DocumentTooLarge):
                limit = self._max_bytes // 1_000_000
                return found.model_copy(update={"refused": f"it is larger than {limit} MB"})
            except TypeNotAllowed as error:
                why = f"files like this are not accepted ({error})"
                return found.model_copy(update={"refused": why})
            except ForeignLink:
                why = "its link leads away from Trading Grid"
                return found.model_copy(update={"refused": why})
            except MalformedAnswer:
                if not activity.in_activity() or activity.info().attempt < _CUT_SHORT:
                    raise
                why = "its content is not what its size and checksum say"
                return found.model_copy(update={"refused": why})
        async with self._database.begin() as session:
            row, _ = await documents.insert(
                session,
                case_id=request.case_id,
                shop_id=request.shop,
                tenant_id=request.tenant,
                partner_id=request.partner,
                sha256=stored.sha256,
                size=stored.size,
                mime_type=stored.mime_type,
                file_name=found.file_name,
                document_type=paper.document_type,
                direction="from_partner",
                now=datetime.now(UTC),
                remote_id=request.remote_document_id,
            )
        return found.model_copy(update={"document_id": row.id, "mime_type": stored.mime_type})

    @activity.defn(name="partner_case.extend_partner_case")
    async def extend_partner_case(self, request: ExtendPartnerCase) -> ExtendedPartnerCase:
        """Give the partner more time, visibly."""
        await self._pauses.check(partner=request.partner)
        with translated():
            trading_grid = await self._connections.trading_grid(request.tenant)
            try:
                case = await trading_grid.act_on_case(
                    request.remote_id,
                    "extend",
                    due_time=request.due,
                    idempotency_key=request.idempotency_key,
                )
            except Conflict:
                if not await takes_nothing(trading_grid, request.remote_id):
                    raise
                return ExtendedPartnerCase(ended=True)
        return ExtendedPartnerCase(version=case.version)

    @activity.defn(name="partner_case.close_partner_case")
    async def close_partner_case(self, request: ClosePartnerCase) -> ClosedPartnerCase:
        """Resolve or cancel the case; one that is closed already, or was never opened, is left as it is."""
        await self._pauses.check(partner=request.partner)
        with translated():
            trading_grid = await self._connections.trading_grid(request.tenant)
            remote_id = request.remote_id
            if not remote_id:
                found = await trading_grid.find_case(_reference(request.reference))
                if found is None:
                    return ClosedPartnerCase(status="never_opened")
                remote_id = found.id
            try:
                case = await trading_grid.act_on_case(
                    remote_id,
                    "resolve" if request.action == "resolve" else "cancel",
                    resolution=request.resolution,
                    idempotency_key=request.idempotency_key,
                )
            except Conflict:
                case = await trading_grid.read_case(remote_id)
                if case.status not in _FINAL:
                    raise
        return ClosedPartnerCase(status=case.status)


async def takes_nothing(trading_grid: TradingGrid, remote_id: str) -> bool:
    """Whether the partner has ended the case, so that a refused write to it is nobody's mistake."""
    return (await trading_grid.read_case(remote_id)).status in _TAKES_NOTHING


def _not_ours(paper: Document, request: FetchDocument) -> str:
    """Why a document is none of this partner's, or of other purchase orders; empty where it may be fetched."""
    if paper.partner_id is not None and paper.partner_id != request.partner:
        return "it is another partner's"
    named = [entry.value for entry in paper.business_references if entry.type == PURCHASE_ORDER]
    if request.po_number and named and request.po_number not in named:
        return f"it names other purchase orders ({', '.join(named)})"
    return ""


def _reference(value: str) -> ExternalReference:
    return ExternalReference(system=OWN_SYSTEM, id=value)


def _answer(answer: Answer) -> PartnerAnswer:
    """The partner's answer in our words. One without a message id is told apart by its time and content."""
    moment = answer.time or datetime.fromtimestamp(0, UTC)
    return PartnerAnswer(
        message_id=answer.message_id or f"{answer.kind}@{moment.isoformat()}",
        time=moment,
        kind=AnswerKind(answer.kind),
        raw_kind=answer.kind,
        lines=tuple(
            AnswerLine(
                line_id=line.line_id,
                code=line.code or "",
                quantity=line.quantity,
                disposition_code=line.disposition_code or "",
                response_reason_code=line.response_reason_code or "",
                credit_amount=line.credit_amount,
                note=_note(line),
                ship_date=day_or_none(line.ship_date),
                substitute_sku=line.substitute_sku or "",
            )
            for line in answer.lines
        ),
        note=answer.note,
    )


def _note(line: RemoteAnswerLine) -> str:
    """The partner's note; a ship date that is none stays to be read by people."""
    if line.ship_date and day_or_none(line.ship_date) is None:
        return f"{line.note} (ship date given as: {line.ship_date[:100]})".strip()
    return line.note
