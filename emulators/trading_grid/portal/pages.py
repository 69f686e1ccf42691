"""What each page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from emulators.trading_grid.emulator import Emulator
from emulators.trading_grid.errors import not_found
from emulators.trading_grid.portal import words
from emulators.trading_grid.portal.forms import Form, answers_to
from emulators.trading_grid.resources.campaigns.desk import CampaignDesk
from emulators.trading_grid.resources.campaigns.model import Campaign
from emulators.trading_grid.resources.cases.model import (
    CAMPAIGN,
    ENDED,
    PROOF,
    REQUESTED_DOCUMENT,
    UNSETTLED,
    Case,
    CaseLine,
    Message,
)
from emulators.trading_grid.resources.cases.states import PARTNER, CaseDesk
from emulators.trading_grid.resources.documents import Document
from emulators.trading_grid.resources.inventory_advices.desk import StockDesk
from emulators.trading_grid.resources.inventory_advices.model import InventoryAdvice
from emulators.trading_grid.resources.partners import Partner
from emulators.trading_grid.resources.purchase_orders.desk import OrderDesk
from emulators.trading_grid.resources.purchase_orders.model import OrderLine, PurchaseOrder
from emulators.trading_grid.resources.return_authorizations import ReturnAuthorization
from emulators.trading_grid.store import Tenant

SOON = timedelta(hours=24)


class Seat:
    """One partner at the portal, with every company that trades with it under this id."""

    def __init__(self, emulator: Emulator, partner_id: str) -> None:
        """Raises ApiError 404."""
        self.emulator = emulator
        self.partner_id = partner_id
        self.places: list[tuple[Tenant, Partner]] = []
        for tenant in emulator.tenants.values():
            partner = tenant.table(Partner).find(partner_id)
            if partner is not None:
                self.places.append((tenant, partner))
        if not self.places:
            raise not_found("partner", partner_id)

    @property
    def name(self) -> str:
        return self.places[0][1].name

    def cases(self) -> list[tuple[Tenant, Case]]:
        return [
            (tenant, case)
            for tenant, _ in self.places
            for case in tenant.table(Case)
            if case.partner_id == self.partner_id
        ]

    def orders(self) -> list[OrderDesk]:
        return [
            OrderDesk(self.emulator, tenant, order)
            for tenant, _ in self.places
            for order in tenant.table(PurchaseOrder)
            if order.partner_id == self.partner_id
        ]

    def order_desk(self, order_id: str) -> OrderDesk:
        """Raises ApiError 404, also for another partner's purchase order."""
        for tenant, _ in self.places:
            order = tenant.table(PurchaseOrder).find(order_id)
            if order is not None and order.partner_id == self.partner_id:
                return OrderDesk(self.emulator, tenant, order)
        raise not_found("purchase order", order_id)

    def campaign_desks(self) -> list[CampaignDesk]:
        return [
            CampaignDesk(self.emulator, tenant, campaign)
            for tenant, _ in self.places
            for campaign in tenant.table(Campaign)
            if campaign.partner_id == self.partner_id
        ]

    def campaign_desk(self, campaign_id: str) -> CampaignDesk:
        """Raises ApiError 404, also for another partner's campaign."""
        for tenant, _ in self.places:
            campaign = tenant.table(Campaign).find(campaign_id)
            if campaign is not None and campaign.partner_id == self.partner_id:
                return CampaignDesk(self.emulator, tenant, campaign)
        raise not_found("campaign", campaign_id)

    def stock_desks(self) -> list[StockDesk]:
        """One a company, in their order."""
        return [StockDesk(self.emulator, tenant, partner) for tenant, partner in self.places]

    def advice(self, advice_id: str) -> tuple[Tenant, InventoryAdvice]:
        """Raises ApiError 404, also for another partner's advice."""
        for tenant, _ in self.places:
            advice = tenant.table(InventoryAdvice).find(advice_id)
            if advice is not None and advice.partner_id == self.partner_id:
                return tenant, advice
        raise not_found("inventory advice", advice_id)

    def desk(self, case_id: str) -> CaseDesk:
        """Raises ApiError 404, also for another partner's case."""
        for tenant, _ in self.places:
            case = tenant.table(Case).find(case_id)
            if case is not None and case.partner_id == self.partner_id:
                return CaseDesk(self.emulator, tenant, case)
        raise not_found("case", case_id)

    def document(self, document_id: str) -> tuple[Tenant, Document]:
        """Raises ApiError 404, also for another partner's document."""
        for tenant, _ in self.places:
            document = tenant.table(Document).find(document_id)
            if document is not None and document.partner_id == self.partner_id:
                return tenant, document
        raise not_found("document", document_id)


def rooms(seat: Seat) -> dict[str, int]:
    """What waits for the partner, by room of the portal."""
    return {
        "cases": sum(case.status == "pending_partner" for _, case in seat.cases()),
        "orders": sum(map(awaits_answer, seat.orders())),
        "campaigns": sum(desk.awaits_word() for desk in seat.campaign_desks()),
    }


def awaits_answer(desk: OrderDesk) -> bool:
    """A line nobody has answered, or a change nobody has acknowledged."""
    if any(change.status == "pending" for change in desk.changes()):
        return True
    if desk.order.status in ("shipped", "cancelled"):
        return False
    standing = desk.standing()
    return any(line.quantity and line.line_id not in standing for line in desk.order.lines)


@dataclass(frozen=True)
class Due:
    """A deadline in words; ``tone`` is late, soon or calm."""

    relative: str
    moment: str
    iso: str
    tone: str


def due(time: datetime | None, now: datetime) -> Due | None:
    if time is None:
        return None
    tone = "late" if time <= now else "soon" if time - now <= SOON else "calm"
    return Due(words.relative(time, now), words.moment(time), time.isoformat(), tone)


def index_page(emulator: Emulator) -> dict[str, Any]:
    ids: dict[str, None] = {
        partner.id: None
        for tenant in emulator.tenants.values()
        for partner in tenant.table(Partner)
    }
    seats = [Seat(emulator, partner_id) for partner_id in ids]
    rows = []
    for seat in sorted(seats, key=lambda one: one.name.lower()):
        statuses = [case.status for _, case in seat.cases()]
        in_work = sum(desk.order.status not in ("shipped", "cancelled") for desk in seat.orders())
        in_work += sum(not desk.is_over() for desk in seat.campaign_desks())
        rows.append(
            {
                "id": seat.partner_id,
                "name": seat.name,
                "companies": ", ".join(tenant.name for tenant, _ in seat.places),
                "waiting": sum(rooms(seat).values()),
                "open": in_work + sum(status in UNSETTLED for status in statuses),
            }
        )
    return {"partners": rows}


def inbox_page(seat: Seat) -> dict[str, Any]:
    """What waits for the partner first, by due time; then other open cases; ended ones last."""
    now = seat.emulator.clock()
    groups: dict[str, list[dict[str, Any]]] = {"waiting": [], "open": [], "ended": []}
    for tenant, case in seat.cases():
        groups[_group(case)].append(_row(tenant, case, now))
    for name in ("waiting", "open"):
        groups[name].sort(key=lambda row: (row["due"] is None, row["case"].due_time or now))
    groups["ended"].sort(key=lambda row: row["case"].update_time, reverse=True)
    return {"seat": seat, "groups": groups, "rooms": rooms(seat)}


def _group(case: Case) -> str:
    if case.status == "pending_partner":
        return "waiting"
    return "open" if case.status in UNSETTLED else "ended"


def _row(tenant: Tenant, case: Case, now: datetime) -> dict[str, Any]:
    return {
        "case": case,
        "company": tenant.name,
        "due": due(case.due_time, now) if case.status in UNSETTLED else None,
        "updated": words.relative(case.update_time, now),
        "articles": articles(case.lines),
    }


def articles(lines: Sequence[CaseLine | OrderLine]) -> str:
    """``2 × LAMP, 4 × CHAIR and 3 more lines``"""
    shown = ", ".join(f"{line.quantity} × {line.sku or line.line_id}" for line in lines[:3])
    more = len(lines) - 3
    return f"{shown} and {more} more line{'' if more == 1 else 's'}" if more > 0 else shown


def wanted(case: Case, documents: Sequence[Document]) -> list[tuple[str, bool]]:
    """The document types the company asks for, and whether the partner has sent one of each."""
    sent = {one.document_type for one in documents if one.author.type == PARTNER}
    return [(kind, kind in sent) for kind in case.referred(REQUESTED_DOCUMENT)]


def _campaigns(seat: Seat, desk: CaseDesk) -> dict[str, Campaign]:
    """The campaigns of the same company that the case names, by id."""
    named = desk.case.referred(CAMPAIGN)
    return {
        one.campaign.id: one.campaign
        for one in seat.campaign_desks()
        if one.tenant is desk.tenant and one.campaign.id in named
    }


def case_page(
    seat: Seat,
    desk: CaseDesk,
    *,
    done: str | None,
    form: Form | None,
    problem: str | None,
) -> dict[str, Any]:
    """``form`` is the one that came back with errors; every other form starts empty."""
    case = desk.case
    now = seat.emulator.clock()
    documents = desk.tenant.table(Document).of(case.id)
    proof = case.case_type in PROOF
    campaigns = _campaigns(seat, desk)
    return {
        "seat": seat,
        "company": desk.tenant.name,
        "case": case,
        "proof": proof,
        "wanted": wanted(case, documents),
        "campaigns": list(campaigns.values()),
        "facts": [
            one
            for one in case.business_references
            if one.type != REQUESTED_DOCUMENT
            and (one.type != CAMPAIGN or one.value not in campaigns)
        ],
        "document_types": words.PROOF_TYPE if proof else words.DOCUMENT_TYPE,
        "due": due(case.due_time, now) if case.status in UNSETTLED else None,
        "may_answer": case.status in UNSETTLED,
        "may_write": case.status not in ENDED,
        "messages": [
            message
            for message in desk.tenant.table(Message).of(case.id)
            if message.visibility == "partner"
        ],
        "documents": documents,
        "authorizations": desk.tenant.table(ReturnAuthorization).of(case.id),
        "quantities": {line.line_id: line.quantity for line in case.lines},
        "skus": {line.line_id: line.sku for line in case.lines},
        "done": done,
        "form": form,
        "problem": problem,
        "form_of": lambda name: form if form is not None and form.name == name else Form(name),
        "answers": answers_to(case),
    }
