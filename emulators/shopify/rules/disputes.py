"""Disputes: opened by a bank, answered once, decided; an inquiry may become a chargeback.

NEEDS_RESPONSE -submit-> UNDER_REVIEW -decide-> WON or LOST; any open status -decide-> the final ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from emulators.shopify.model.disputes import (
    FILE_FIELDS,
    FINAL,
    Dispute,
    DisputeEvidence,
    DisputeFileUpload,
)
from emulators.shopify.model.orders import Order
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.refusal import Refused, UserError, refuse

TEXT_LIMIT = 20_000
ALL_TEXTS_LIMIT = 150_000
"""Characters; those of the payment processor behind Shopify Payments (assumed to hold here)."""

FILE_LIMIT = 2 * 1024 * 1024
ALL_FILES_LIMIT = 4 * 1024 * 1024
"""Bytes, as merchants report them."""

FILE_KINDS = {
    "application/pdf": b"%PDF",
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
}
"""The types of file that are taken, and how each begins."""


@dataclass(frozen=True)
class FileUpdate:
    """A file to show in a field, or to delete."""

    upload: DisputeFileUpload | None
    destroy: bool = False


def open_dispute(
    act: Action,
    order: Order,
    *,
    kind: str,
    reason: str,
    amount: Decimal,
    due: datetime | None,
    network_reason_code: str | None = None,
) -> Dispute:
    """The customer's bank asks (INQUIRY) or takes the money back (CHARGEBACK)."""
    if not 0 < amount <= order.received:
        raise refuse(f"The amount must be above 0 and at most {order.received}", field=("amount",))
    dispute = Dispute(
        id=act.new_id(),
        order=order,
        type=kind,
        reason=reason,
        amount=amount,
        initiated_at=act.now,
        initiated_as=kind,
        evidence_due_by=due,
        network_reason_code=network_reason_code,
    )
    dispute.evidence.id = act.new_id()
    act.shop.disputes[dispute.id] = dispute
    act.shop.dispute_evidences[dispute.evidence.id] = dispute.evidence
    act.tell("disputes/create", dispute)
    act.touch(order)
    return dispute


def upload(
    act: Action,
    dispute: Dispute,
    *,
    kind: str,
    name: str,
    mime_type: str,
    content: bytes,
    stored: str,
) -> DisputeFileUpload:
    """A new file of a dispute, which no field shows yet."""
    _answerable(act, dispute.evidence)
    made = DisputeFileUpload(
        id=act.new_id(),
        evidence=dispute.evidence,
        dispute_evidence_type=kind,
        file_type=mime_type,
        file_size=len(content),
        original_file_name=name,
        stored=stored,
        created_at=act.now,
    )
    dispute.evidence.uploads.append(made)
    act.shop.dispute_files[made.id] = made
    return made


def remove_upload(act: Action, made: DisputeFileUpload) -> None:
    _answerable(act, made.evidence)
    evidence = made.evidence
    evidence.uploads.remove(made)
    evidence.files = {name: file for name, file in evidence.files.items() if file is not made}
    del act.shop.dispute_files[made.id]


def update_evidence(
    act: Action,
    evidence: DisputeEvidence,
    *,
    texts: Mapping[str, str | None],
    files: Mapping[str, FileUpdate],
    submit: bool = False,
) -> None:
    """Writes the draft, and with ``submit`` sends it, which is final until the dispute changes its type."""
    _answerable(act, evidence)
    wanted = {name: text for name, text in (evidence.texts | dict(texts)).items() if text}
    errors = [
        UserError(("input", name), f"is too long (maximum is {TEXT_LIMIT} characters)", "TOO_LARGE")
        for name, text in texts.items()
        if text is not None and len(text) > TEXT_LIMIT
    ]
    if not errors and sum(map(len, wanted.values())) > ALL_TEXTS_LIMIT:
        message = f"All texts together have more than {ALL_TEXTS_LIMIT} characters."
        errors.append(UserError(("input",), message, "TOO_LARGE"))
    shown = dict(evidence.files)
    destroyed = []
    for name, update in files.items():
        if update.upload is None or update.upload.evidence is not evidence:
            message = "The file was not found."
            errors.append(UserError(("input", name, "id"), message, "FILE_NOT_FOUND"))
        elif update.destroy:
            destroyed.append(update.upload)
        else:
            shown[name] = update.upload
    shown = {name: file for name, file in shown.items() if file not in destroyed}
    if sum(file.file_size for file in {*shown.values()}) > ALL_FILES_LIMIT:
        message = "The files are larger than 4 MB together."
        errors.append(UserError(("input",), message, "FILES_SIZE_EXCEEDED_LIMIT"))
    if errors:
        raise Refused(*errors)
    for file in destroyed:
        remove_upload(act, file)
    evidence.texts, evidence.files = wanted, shown
    for name, file in shown.items():
        file.dispute_evidence_type = FILE_FIELDS[name]
    if submit:
        _submit(act, evidence)


def decide(act: Action, dispute: Dispute, status: str) -> None:
    """The bank decides, the merchant accepts, or the dispute goes away."""
    if not dispute.open:
        raise refuse(f"The dispute is {dispute.status} already")
    dispute.status = status
    if status in FINAL:
        dispute.finalized_on = act.now
    act.tell("disputes/update", dispute)
    act.touch(dispute.order)


def escalate(act: Action, dispute: Dispute, due: datetime | None) -> None:
    """An inquiry becomes a chargeback under the same id, which needs an answer of its own."""
    if dispute.type != "INQUIRY":
        raise refuse("Only an inquiry can become a chargeback")
    dispute.type = "CHARGEBACK"
    dispute.status = "NEEDS_RESPONSE"
    dispute.evidence_due_by = due
    dispute.evidence_sent_on = None
    dispute.finalized_on = None
    dispute.evidence.submitted = False
    act.tell("disputes/update", dispute)
    act.touch(dispute.order)


def move_due(act: Action, dispute: Dispute, due: datetime | None) -> None:
    """The bank gives more time, or less."""
    if dispute.status != "NEEDS_RESPONSE":
        raise refuse(f"The dispute needs no response; it is {dispute.status.lower()}.")
    dispute.evidence_due_by = due
    act.tell("disputes/update", dispute)
    act.touch(dispute.order)


def _submit(act: Action, evidence: DisputeEvidence) -> None:
    dispute = evidence.dispute
    evidence.submitted = True
    dispute.evidence_sent_on = act.now
    dispute.status = "UNDER_REVIEW"
    dispute.submissions[dispute.type] = dispute.submissions.get(dispute.type, 0) + 1
    act.tell("disputes/update", dispute)
    act.touch(dispute.order)


def _answerable(act: Action, evidence: DisputeEvidence) -> None:
    dispute = evidence.dispute
    if evidence.submitted:
        message = "The evidence has already been accepted."
        raise refuse(message, code="EVIDENCE_ALREADY_ACCEPTED", field=("id",))
    if dispute.status != "NEEDS_RESPONSE":
        message = f"The dispute needs no response; it is {dispute.status.lower()}."
        raise refuse(message, code="INVALID", field=("id",))
    if dispute.evidence_due_by is not None and act.now > dispute.evidence_due_by:
        message = "The evidence is past its due date."
        raise refuse(message, code="EVIDENCE_PAST_DUE_DATE", field=("id",))
