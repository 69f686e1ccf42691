"""What a partner sends: each notice, invoice and document is read once a version, whatever order its events come in."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.partner_case import PartnerCaseActivities
    from activities.shipping_documents import ShippingDocumentsActivities
    from domain import references
    from domain.notification import Severity
    from domain.operator import PartnerChanged
    from domain.partner_case import PartnerDocument
    from domain.partner_messages import FetchDocument, FetchedDocument
    from domain.shipping_documents.messages import ReadInvoice, ReadNotice
    from domain.shipping_documents.papers import Discrepancy, Invoice, Notice, Paper
    from domain.standing import counted
    from workflows.options import PARTNER_CALL
    from workflows.shipping_documents.context import PapersContext
    from workflows.waiting import Stopped

NOTICES, INVOICES, DOCUMENTS = "shipment_notice.", "invoice.", "document."
"""How the types of the events begin."""


def is_paper(change: PartnerChanged) -> bool:
    return change.event_type.startswith((NOTICES, INVOICES, DOCUMENTS))


def receive(ctx: PapersContext, change: PartnerChanged) -> None:
    """Have a paper read that is announced, unless this version of it was; each by itself, so that one that can't be read
    holds no other up."""
    state = ctx.state
    actor = f"partner:{change.partner}"
    if ctx.is_over() or change.partner != ctx.input.partner:
        why = "after the end" if ctx.is_over() else f"for {change.partner}, who is not asked here"
        ctx.file.note(
            "paper",
            f"{change.event_type} came {why}.",
            actor=actor,
            flagged=True,
            event_id=change.event_id,
        )
        return
    known = state.versions.get(change.resource_id)
    if known is not None and 0 < change.version <= known:
        return
    state.versions[change.resource_id] = max(known or 0, change.version)
    state.reading += 1
    ctx.background.start(_read(ctx, change))


async def _read(ctx: PapersContext, change: PartnerChanged) -> None:
    try:
        if change.event_type.startswith(NOTICES):
            await _read_notice(ctx, change.resource_id)
        elif change.event_type.startswith(INVOICES):
            await _read_invoice(ctx, change.resource_id)
        else:
            await fetch(ctx, change.resource_id)
    except Stopped:
        return
    finally:
        ctx.state.reading -= 1
    say_discrepancies(ctx)
    ctx.show()


def say_discrepancies(ctx: PapersContext) -> None:
    """Write what has come to not fit into the timeline, and tell people of it once."""
    said = ctx.state.said
    new = [entry for entry in ctx.state.open_discrepancies() if entry not in said]
    said += new
    for entry in new:
        ctx.file.note("discrepancy", f"{entry.about}: {entry.text}", flagged=True)
    if new:
        ctx.notices.send(
            ctx.state.policy.notify,
            Severity.WARNING,
            "something does not fit",
            "; ".join(f"{entry.about}: {entry.text}" for entry in new),
        )


async def _read_notice(ctx: PapersContext, notice_id: str) -> None:
    papers = ctx.input
    read = await ctx.outside.read(
        ShippingDocumentsActivities.read_notice,
        ReadNotice(
            tenant=papers.tenant,
            partner=papers.partner,
            po_number=papers.po_number,
            notice_id=notice_id,
        ),
        PARTNER_CALL,
        "Read a shipment notice",
    )
    _keep_refusal(ctx, f"shipment notice {notice_id}", read.refused)
    if read.notice is None:
        return
    _note_version(ctx, read.notice)
    if ctx.state.take_notice(read.notice):
        _say_notice(ctx, read.notice)
        ctx.show()
    for remote_id in read.notice.document_ids:
        await fetch(ctx, remote_id, shipment_number=read.notice.shipment_number)


def _say_notice(ctx: PapersContext, notice: Notice) -> None:
    parcels = notice.parcels()
    pieces = sum(item.quantity for parcel in parcels for item in parcel.items)
    numbers = ", ".join(parcel.number for parcel in parcels)
    how = "corrected" if notice.version > 1 else "announced"
    ctx.file.refer(references.SHIPMENT_NOTICE, f"{ctx.input.tenant}/{notice.id}")
    ctx.file.note(
        "shipment",
        f"Shipment {notice.shipment_number} {how}: {counted(pieces, 'piece')} ({numbers or 'nothing of this order'}).",
        actor=f"partner:{ctx.input.partner}",
    )


async def _read_invoice(ctx: PapersContext, invoice_id: str) -> None:
    papers = ctx.input
    read = await ctx.outside.read(
        ShippingDocumentsActivities.read_invoice,
        ReadInvoice(
            tenant=papers.tenant,
            partner=papers.partner,
            po_number=papers.po_number,
            invoice_id=invoice_id,
        ),
        PARTNER_CALL,
        "Read an invoice",
    )
    _keep_refusal(ctx, f"invoice {invoice_id}", read.refused)
    found = read.invoice
    if found is None:
        return
    _note_version(ctx, found)
    if ctx.state.take_invoice(found):
        ctx.file.refer(references.INVOICE, f"{papers.tenant}/{found.id}")
        ctx.file.note(
            "invoice",
            f"Invoice {found.invoice_number}: {found.total} {found.currency}.",
            actor=f"partner:{papers.partner}",
        )
        ctx.show()
    if found.document_id:
        await fetch(ctx, found.document_id)


def _note_version(ctx: PapersContext, paper: Notice | Invoice) -> None:
    """What was read may be newer than its event: the event of that version is then not read again."""
    versions = ctx.state.versions
    versions[paper.id] = max(versions.get(paper.id, 0), paper.version)


def _keep_refusal(ctx: PapersContext, what: str, refused: str) -> None:
    """Keep why a paper is not taken; a later version that is taken lifts it."""
    state = ctx.state
    state.refused = [entry for entry in state.refused if entry.about != what]
    if refused:
        state.refused.append(Discrepancy(about=what, kind="unreadable", text=refused))


async def fetch(ctx: PapersContext, remote_id: str, *, shipment_number: str = "") -> None:
    """Fetch a document once: it may be published and be named by a notice too."""
    state, papers = ctx.state, ctx.input
    known = state.papers.get(remote_id)
    if known is not None:
        if shipment_number and not known.shipment_number:
            state.papers[remote_id] = known.model_copy(update={"shipment_number": shipment_number})
        return
    state.papers[remote_id] = Paper(id=remote_id, shipment_number=shipment_number)
    fetched = await ctx.outside.read(
        PartnerCaseActivities.fetch_document,
        FetchDocument(
            shop=papers.shop,
            tenant=papers.tenant,
            partner=papers.partner,
            case_id=papers.case_id,
            remote_document_id=remote_id,
            po_number=papers.po_number,
        ),
        PARTNER_CALL,
        "Fetch a document",
    )
    keep_document(ctx, remote_id, fetched)
    who = f"partner:{papers.partner}"
    kind = fetched.document_type.replace("_", " ") or "document"
    if fetched.refused:
        text = f"{fetched.file_name} ({kind}) was not taken: {fetched.refused}"
        ctx.file.note("document", text, actor=who, flagged=True)
    else:
        ctx.file.note("document", f"{fetched.file_name} ({kind})", actor=who)
    ctx.show()


def keep_document(ctx: PapersContext, remote_id: str, fetched: FetchedDocument) -> None:
    known = ctx.state.papers.get(remote_id)
    ctx.state.papers[remote_id] = Paper(
        id=remote_id,
        document_type=fetched.document_type or "other",
        file_name=fetched.file_name,
        document_id=fetched.document_id,
        refused=fetched.refused,
        shipment_number=known.shipment_number if known else "",
    )


def took(ctx: PapersContext, document: PartnerDocument, fetched: FetchedDocument) -> None:
    """A document the partner put into the case that asks for what is missing."""
    keep_document(ctx, document.id, fetched)
    say_discrepancies(ctx)
    ctx.show()
