"""Answers to cases: claims with their returns, order exceptions, and disputes."""

from datetime import date, timedelta

from emulators.trading_grid.bots import papers
from emulators.trading_grid.bots.duties import Duties
from emulators.trading_grid.bots.settings import BotSettings, SettingsOf
from emulators.trading_grid.emulator import Emulator
from emulators.trading_grid.resources import documents
from emulators.trading_grid.resources.cases.model import (
    CLAIMS,
    ENDED,
    REQUESTED_DOCUMENT,
    AnswerBody,
    AnswerLine,
    Case,
)
from emulators.trading_grid.resources.cases.states import PARTNER, CaseDesk
from emulators.trading_grid.resources.partners import Partner
from emulators.trading_grid.resources.return_authorizations import (
    AuthorizationPatch,
    LinePatch,
    ReturnAuthorization,
    change_by_partner,
)
from emulators.trading_grid.store import Tenant

ANSWERED = (*CLAIMS, "order_exception", "dispute")
LATE_SHIPS_WITHIN = timedelta(days=3)
CANNOT_NOTE = "We are out of these articles and expect no more."
STATEMENT = "The goods were handed over complete and undamaged. The carrier's proof of delivery is with this case."
NO_PROOF_NOTE = "We find no record of this delivery and can prove nothing."
RETURN_WITHIN = timedelta(days=30)
STOCK_LOCATION = "RETURNS-1"
DENIED_NOTE = "The return was asked for after the time we take goods back."
WRITTEN: tuple[documents.DocumentType, ...] = (
    "proof_of_delivery",
    "packing_list",
    "bill_of_lading",
    "invoice",
    "certificate",
    "inspection_report",
    "evidence",
)
"""What a bot can send as a page of text."""


class CaseBot:
    def __init__(self, emulator: Emulator, duties: Duties, settings: SettingsOf) -> None:
        self._emulator = emulator
        self._duties = duties
        self._settings = settings

    def plan(self, tenant: Tenant, case: Case, *, anew: bool = False) -> None:
        settings = self._settings(tenant, case.partner_id)
        if case.case_type not in ANSWERED:
            return
        self._duties.plan(
            ("answer", case.id),
            settings.delay(),
            lambda: self._owes_answer(tenant, case),
            lambda: self._answer(tenant, case),
            anew,
        )
        for authorization in tenant.table(ReturnAuthorization).of(case.id):
            self._plan_authorization(tenant, case, authorization, settings, anew)

    def _plan_authorization(
        self,
        tenant: Tenant,
        case: Case,
        authorization: ReturnAuthorization,
        settings: BotSettings,
        anew: bool,
    ) -> None:
        self._duties.plan(
            ("authorize", authorization.id),
            settings.delay(),
            lambda: self._owes_authorization(tenant, case, authorization),
            lambda: self._authorize(tenant, authorization),
            anew,
        )
        self._duties.plan(
            ("goods", authorization.id),
            settings.goods_delay_s,
            lambda: self._owes_goods(tenant, case, authorization),
            lambda: self.report_goods(tenant, authorization),
            anew,
        )

    def report_goods(self, tenant: Tenant, authorization: ReturnAuthorization) -> None:
        """Everything that was authorised arrived and is back in stock."""
        lines = [
            LinePatch(
                line_id=line.line_id,
                received_quantity=line.quantity,
                disposition_code="RA",
                location_code=STOCK_LOCATION,
            )
            for line in authorization.lines
            if line.received_quantity is None
        ]
        change_by_partner(self._emulator, tenant, authorization, AuthorizationPatch(lines=lines))

    def _owes_answer(self, tenant: Tenant, case: Case) -> bool:
        return self._settings(tenant, case.partner_id).acts() and case.status == "pending_partner"

    def _owes_authorization(
        self, tenant: Tenant, case: Case, authorization: ReturnAuthorization
    ) -> bool:
        return (
            self._settings(tenant, case.partner_id).acts()
            and authorization.status == "requested"
            and case.status not in ENDED
        )

    def _owes_goods(self, tenant: Tenant, case: Case, authorization: ReturnAuthorization) -> bool:
        settings = self._settings(tenant, case.partner_id)
        return (
            settings.accepts()
            and settings.reports_goods
            and authorization.status == "authorized"
            and case.status not in ENDED
            and case.answer is not None
            and case.answer.kind in ("accept", "partial")
            and any(line.received_quantity is None for line in authorization.lines)
        )

    def _answer(self, tenant: Tenant, case: Case) -> None:
        accepts = self._settings(tenant, case.partner_id).accepts()
        desk = CaseDesk(self._emulator, tenant, case)
        if case.case_type == "dispute":
            self._prove(desk, accepts)
        elif case.case_type == "order_exception":
            desk.answer(self._late_lines(case, accepts))
        else:
            desk.answer(self._claim(case, accepts))

    def _prove(self, desk: CaseDesk, accepts: bool) -> None:
        if not accepts:
            desk.answer(AnswerBody(kind="decline", note=NO_PROOF_NOTE))
            return
        for kind in self._missing(desk):
            title = kind.replace("_", " ").capitalize()
            name = f"{kind.replace('_', '-')}-{desk.case.id[:8]}.pdf"
            data = papers.pdf(title, _proof(desk.case, self._emulator.clock().date()))
            documents.add_by_partner(desk, documents.Content(kind, name, papers.PDF, data))
        desk.answer(AnswerBody(kind="accept", note=STATEMENT))

    def _missing(self, desk: CaseDesk) -> list[documents.DocumentType]:
        """A proof of delivery, and what is asked beside it, as far as a page of text can be that and the
        partner hasn't sent it."""
        sent = {
            one.document_type
            for one in desk.tenant.table(documents.Document).of(desk.case.id)
            if one.author.type == PARTNER
        }
        asked = ("proof_of_delivery", *desk.case.referred(REQUESTED_DOCUMENT))
        return [kind for kind in WRITTEN if kind in asked and kind not in sent]

    def _claim(self, case: Case, accepts: bool) -> AnswerBody:
        return AnswerBody(
            kind="accept" if accepts else "decline",
            lines=[
                AnswerLine(
                    line_id=line.line_id,
                    quantity=line.quantity if accepts else 0,
                    disposition_code="RA" if accepts else "RD",
                    response_reason_code=None if accepts else "RT",
                )
                for line in case.lines
            ],
            note="Accepted. Please send the goods back." if accepts else DENIED_NOTE,
        )

    def _late_lines(self, case: Case, accepts: bool) -> AnswerBody:
        day = (self._emulator.clock() + LATE_SHIPS_WITHIN).date().isoformat()
        return AnswerBody(
            kind="accept" if accepts else "decline",
            lines=[
                AnswerLine(
                    line_id=line.line_id,
                    quantity=line.quantity,
                    code="DR" if accepts else "IR",
                    ship_date=day if accepts else None,
                )
                for line in case.lines
            ],
            note=f"Everything ships on {day}." if accepts else CANNOT_NOTE,
        )

    def _authorize(self, tenant: Tenant, authorization: ReturnAuthorization) -> None:
        partner = tenant.table(Partner).get(authorization.partner_id)
        if not self._settings(tenant, partner.id).accepts():
            patch = AuthorizationPatch(
                status="denied",
                lines=[
                    LinePatch(
                        line_id=line.line_id, disposition_code="RD", response_reason_code="RT"
                    )
                    for line in authorization.lines
                ],
            )
        else:
            patch = AuthorizationPatch(
                status="authorized",
                rma_number=f"RMA-{authorization.id[:8].upper()}",
                return_to=f"{partner.name}, Returns, 1 Dock Road, Example Town",
                expires=self._emulator.clock() + RETURN_WITHIN,
            )
        change_by_partner(self._emulator, tenant, authorization, patch)


def _proof(case: Case, today: date) -> list[str]:
    """What stands on a proof: the matter, the articles, and the day; nobody's name."""
    rows = [f"{line.quantity} x {line.sku or line.line_id}" for line in case.lines]
    named = [
        f"{one.type.replace('_', ' ').capitalize()}: {one.value}"
        for one in case.business_references
        if one.type != REQUESTED_DOCUMENT
    ]
    return [case.subject, *named, *rows, f"Issued on {today.isoformat()}"]
