"""Who is waited for, since when, until when, and what happens then. Derived from the state; for people."""

from domain import standing as common
from domain.case import CaseKind, CaseSnapshot, CaseStatus, Standing, WaitingFor
from domain.order_fields import OrderEntry
from domain.policy import AtDeadline
from domain.shipping_documents.names import ShippingDocumentsInput
from domain.shipping_documents.papers import Paper, paper_words
from domain.shipping_documents.state import Phase, Shipment, ShippingDocumentsState
from domain.standing import (
    awaiting_merchant,
    coming,
    common_fields,
    counted,
    in_trouble,
    short,
)


def standing(state: ShippingDocumentsState) -> Standing:
    """The status others see. The merchant comes before the partner, the partner before others."""
    if state.outcome is not None:
        return Standing(status=state.outcome.status)
    if trouble := in_trouble(state.case):
        return trouble
    if state.phase is Phase.OPENING:
        return Standing(status=CaseStatus.OPENING)
    if state.wants_merchant:
        return awaiting_merchant(state.case, _asked_of_merchant(state), _then_expires(state))
    if state.reading or state.to_write():
        return Standing(status=CaseStatus.APPLYING)
    if state.being_asked:
        return _partner(state)
    if state.missing() or (state.open_lines() and not state.owned):
        return _before_the_chase(state)
    if state.awaits_order:
        return _the_rest(state)
    return Standing(status=CaseStatus.APPLYING)


def _asked_of_merchant(state: ShippingDocumentsState) -> str:
    if waiting := state.waiting_shipments():
        shipment = state.shipments[waiting[0]]
        if shipment.blocked:
            why = next(iter(shipment.blocked.values()))
            return f"shipment {waiting[0]}, which can't be fulfilled in Shopify: {short(why)}"
        return f"the word to fulfil shipment {waiting[0]} in Shopify"
    if question := state.question:
        return f"an answer to {state.partner_name or state.partner}: {short(question)}"
    if missing := state.missing():
        return f"the papers that are missing and do not come: {paper_words(missing)}"
    found = state.open_discrepancies()
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return f"what does not fit: {found[0].about}: {short(found[0].text)}{more}"


def _then_expires(state: ShippingDocumentsState) -> str:
    if state.waiting_shipments() or state.question or state.missing():
        return "the case expires"
    return "the papers are complete, with discrepancies"


def _partner(state: ShippingDocumentsState) -> Standing:
    case = state.chasing
    if case is None or case.clock is None:  # it is being opened
        return Standing(status=CaseStatus.APPLYING)
    last = (
        "the matter is escalated and the wait goes on"
        if state.policy.at_deadline is AtDeadline.KEEP
        else "the merchant is asked"
    )
    return Standing(
        status=CaseStatus.AWAITING_PARTNER,
        waiting_for=WaitingFor(
            who=f"partner {state.partner_name or state.partner}",
            what=short("; ".join(state.wanted_of_partner())),
            since=case.clock.start,
            until=None if case.clock.over else case.clock.due,
            then=coming(case.clock, last),
        ),
    )


def _before_the_chase(state: ShippingDocumentsState) -> Standing:
    since = state.case.opened_at
    if since is None:
        return Standing(status=CaseStatus.AWAITING_PARTNER)
    return Standing(
        status=CaseStatus.AWAITING_PARTNER,
        waiting_for=WaitingFor(
            who=f"partner {state.partner_name or state.partner}",
            what=short("; ".join(state.wanted_of_partner())),
            since=since,
            until=state.chase_at,
            then="the partner is asked for it",
        ),
    )


def _the_rest(state: ShippingDocumentsState) -> Standing:
    pieces = sum(state.open_lines().values())
    what = f"{counted(pieces, 'piece')} to ship"
    since = state.case.opened_at
    return Standing(
        status=CaseStatus.AWAITING_OTHER,
        waiting_for=WaitingFor(
            who="the rest of the shipment" if pieces else "the purchase order",
            what=what if pieces else "the partner's answer to a change of it",
            since=since,
            then="the purchase order watches over it",
        )
        if since
        else None,
    )


def snapshot(papers: ShippingDocumentsInput, state: ShippingDocumentsState) -> CaseSnapshot:
    """What the API, the lists and the console show of shipping documents."""
    stands = standing(state)
    waiting, shipped = state.waiting_shipments(), state.shipped
    case = state.chasing
    return CaseSnapshot(
        case_id=papers.case_id,
        number=papers.number,
        kind=CaseKind.SHIPPING_DOCUMENTS,
        shop=papers.shop,
        status=stands.status,
        outcome=state.outcome.value if state.outcome else "",
        order_id=papers.order_id,
        partners=(papers.partner,),
        waiting_for=stands.waiting_for,
        **common_fields(state.case),
        detail={
            "po_number": papers.po_number,
            "purchase_order_case": papers.purchase_order_case,
            "policy": state.policy.version,
            "notes": list(state.case.notes),
            "lines": [
                line.model_dump(mode="json")
                | {
                    "quantity": line.ordered,
                    "shipped_here": shipped.get(line.line_id, 0),
                    "short": state.short.get(line.line_id, 0),
                }
                for line in state.lines
            ],
            "shipments": [
                _shipment_detail(entry, entry.notice.shipment_number in waiting)
                for entry in state.shipments.values()
            ],
            "invoices": [
                entry.model_dump(mode="json", exclude={"lines"}) | {"lines": len(entry.lines)}
                for entry in state.invoices.values()
            ],
            "documents": [entry.model_dump(mode="json") for entry in state.papers.values()],
            "required": list(state.policy.required_documents),
            "missing": list(state.missing()),
            "waived": list(state.waived),
            "discrepancies": [
                entry.model_dump(mode="json") | {"accepted": entry in state.accepted}
                for entry in state.discrepancies()
            ],
            "chase": {
                "trading_grid_case": case.remote_id,
                "status": case.remote_status,
                "answer": case.answer.model_dump(mode="json") if case.answer else None,
                "question": case.question,
                "silent_since": case.silent_since.isoformat() if case.silent_since else "",
                "due": case.clock.due.isoformat() if case.clock else "",
                "reminders_sent": case.reminders_sent,
                "closed": case.closed,
            }
            if case
            else None,
            "chase_at": state.chase_at.isoformat() if state.chase_at else "",
        },
    )


def _shipment_detail(shipment: Shipment, waits: bool) -> dict[str, object]:
    notice = shipment.notice
    return {
        "shipment_number": notice.shipment_number,
        "version": notice.version,
        "carrier": notice.carrier,
        "ship_date": notice.ship_date,
        "parcels": [parcel.model_dump(mode="json") for parcel in shipment.written],
        "numbers": [parcel.number for parcel in notice.parcels()],
        "blocked": dict(shipment.blocked),
        "waits_for_the_merchant": waits,
    }


def order_entry(seen: CaseSnapshot, state: ShippingDocumentsState) -> OrderEntry | None:
    """What the order in Shopify shows."""
    return common.order_entry(
        seen, state.outcome, detail=facts_for_order(state), result=state.case.result
    )


def facts_for_order(state: ShippingDocumentsState) -> dict[str, str]:
    """By fulfillment: its parcel, and the papers that came with its shipment; then the papers of the whole order."""
    facts: dict[str, str] = {}
    link = state.document_link
    for number, shipment in state.shipments.items():
        theirs = [paper for paper in state.papers.values() if paper.shipment_number == number]
        for parcel in shipment.written:
            for fulfillment in parcel.fulfillments:
                words = [f"shipment {number}, parcel {parcel.number}"]
                facts[f"fulfillment:{fulfillment}"] = "; ".join(words + _links(theirs, link))
    own = [paper for paper in state.papers.values() if paper.shipment_number not in state.shipments]
    if links := _links(own, link):
        facts["documents"] = "; ".join(links)
    if state.invoices:
        facts["invoices"] = ", ".join(state.invoices)
    return facts


def _links(papers: list[Paper], link: str) -> list[str]:
    return [
        f"{paper.document_type.replace('_', ' ')} {link.format(id=paper.document_id)}"
        for paper in papers
        if paper.document_id
    ]
