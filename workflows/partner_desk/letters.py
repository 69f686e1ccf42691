"""What is written to a partner's case in Trading Grid, each thing once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.partner_case import PartnerCaseActivities
    from domain.partner_case import PartnerCase
    from domain.partner_messages import (
        ClosePartnerCase,
        ExtendPartnerCase,
        OpenedPartnerCase,
        OpenPartnerCase,
        PostMessage,
        SendDocument,
    )
    from workflows.options import PARTNER_CALL
    from workflows.outside import Outside


@dataclass
class Letters:
    """Opens, writes to, extends and closes one partner's case.

    `request` builds the case to open; `ended` is told what a partner who has ended its case no longer took.
    """

    case: PartnerCase
    case_id: str
    outside: Outside
    request: Callable[[str], OpenPartnerCase]
    ended: Callable[[str], None]

    @property
    def name(self) -> str:
        return self.case.name or self.case.partner

    async def open(self) -> OpenedPartnerCase | None:
        self.case.asked_for = True
        opened = await self.outside.write(
            PartnerCaseActivities.open_partner_case,
            self.request,
            PARTNER_CALL,
            f"Open the case of {self.name}",
        )
        if opened is not None:
            self.case.remote_id, self.case.remote_status = opened.remote_id, opened.status
            self.case.version = opened.version
        return opened

    async def post(self, text: str, *, hand_back: bool = False) -> bool:
        """Write to the partner; whether it was sent."""
        if not self.case.remote_id and not self.outside.shadow:
            return False
        reference = f"{self.case_id}/{self.case.partner}/message-{self.outside.next_number()}"
        posted = await self.outside.write(
            PartnerCaseActivities.post_message,
            lambda key: PostMessage(
                tenant=self.case.tenant,
                partner=self.case.partner,
                remote_id=self.case.remote_id,
                reference=reference,
                idempotency_key=key,
                text=text,
                hand_back=hand_back,
            ),
            PARTNER_CALL,
            f"Write to {self.name}",
        )
        if posted is None:
            return False
        if posted.ended:
            self.ended(f"not sent: {text}")
            return False
        self.case.messages_seen.append(posted.message_id)
        return True

    async def send_document(self, document_id: str) -> None:
        sent = await self.outside.write(
            PartnerCaseActivities.send_document,
            lambda key: SendDocument(
                tenant=self.case.tenant,
                partner=self.case.partner,
                remote_id=self.case.remote_id,
                reference=f"{self.case_id}/{self.case.partner}/document-{document_id}",
                idempotency_key=key,
                document_id=document_id,
            ),
            PARTNER_CALL,
            f"Send a document to {self.name}",
        )
        if sent is not None and sent.ended:
            self.ended("the document was not sent")
        elif sent is not None:
            self.case.documents_seen.append(sent.remote_document_id)

    async def extend(self, due: datetime) -> None:
        """Give the partner more time, where it can see it."""
        if not self.case.remote_id:
            return
        extended = await self.outside.write(
            PartnerCaseActivities.extend_partner_case,
            lambda key: ExtendPartnerCase(
                tenant=self.case.tenant,
                partner=self.case.partner,
                remote_id=self.case.remote_id,
                idempotency_key=key,
                due=due,
            ),
            PARTNER_CALL,
            f"Extend the case of {self.name}",
        )
        if extended is not None and extended.ended:
            self.ended("it got no more time.")

    async def close(self) -> None:
        """Resolve an answered or settled case, cancel any other; one whose opening got no answer is looked for first."""
        action = "resolve" if self.case.answered or self.case.settled else "cancel"
        closed = await self.outside.write(
            PartnerCaseActivities.close_partner_case,
            lambda key: ClosePartnerCase(
                tenant=self.case.tenant,
                partner=self.case.partner,
                remote_id=self.case.remote_id,
                reference=self.request(key).reference if not self.case.remote_id else "",
                idempotency_key=key,
                action=action,
                resolution=self.case.closing,
            ),
            PARTNER_CALL,
            f"Close the case of {self.name}",
        )
        if closed is not None:
            self.case.remote_status = closed.status
            self.case.closed = True
