"""Takes events out of the inbox and settles them; what each means is its noun's module's."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

import structlog
from temporalio.client import Client

from intake.connections import Connections
from intake.dispatch import (
    campaigns,
    disputes,
    inventory_advices,
    orders,
    own,
    partner_cases,
    purchase_orders,
    records,
    returns,
    shipments,
)
from intake.dispatch.signalling import Signalling
from intake.events import Event, read_event
from intake.failures import out_of_reach, refusal
from intake.routes import Meaning, TopicRoute, route
from intake.settled import Settled
from persistence.repositories import inbound_events
from persistence.session import Database
from persistence.tables import InboundEvent

log = structlog.get_logger()

_LEASE_SECONDS = 30.0
_RETRY = timedelta(seconds=30)
_LONGEST_RETRY = timedelta(minutes=15)

Handler = Callable[[Signalling, Event, TopicRoute], Awaitable[Settled]]

HANDLERS: Mapping[Meaning, Handler] = {
    Meaning.RETURN: returns.changed,
    Meaning.ORDER: orders.changed,
    Meaning.SALE: orders.sold,
    Meaning.TROUBLED_ORDER: orders.troubled,
    Meaning.PARTLY_SHIPPED: orders.partly_shipped,
    Meaning.OVERDUE: orders.overdue,
    Meaning.SYNC_ORDER: orders.sync,
    Meaning.TRANSFER: orders.transfer,
    Meaning.PARTNER_CASE: partner_cases.changed,
    Meaning.PURCHASE_ORDER: purchase_orders.answered,
    Meaning.SHIPMENT_NOTICE: shipments.notice,
    Meaning.INVOICE: shipments.invoice,
    Meaning.DOCUMENT: shipments.document,
    Meaning.INVENTORY_ADVICE: inventory_advices.received,
    Meaning.FEEDS_CHANGED: inventory_advices.changed,
    Meaning.FEED: inventory_advices.asked_for,
    Meaning.CLAIM: own.claim,
    Meaning.EXCEPTION: own.exception,
    Meaning.PURCHASES: own.purchases,
    Meaning.REPLENISHMENT: own.replenishment,
    Meaning.DISPUTE: disputes.changed,
    Meaning.DISPUTE_ASKED: disputes.asked,
    Meaning.CAMPAIGN: campaigns.changed,
    Meaning.READINESS: campaigns.ready,
    Meaning.NEW_CAMPAIGN: campaigns.create,
    Meaning.CAMPAIGN_PLAN: campaigns.plan,
    Meaning.PARTNER: records.read_partner_again,
    Meaning.SYNC_PARTNER: own.sync_partner,
    Meaning.UNINSTALLED: records.note_uninstalled,
    Meaning.SCOPES: records.check_granted_scopes,
    Meaning.NO_CUSTOMERS: records.nothing_of_customers,
    Meaning.REDACT_SHOP: records.redact_shop,
    Meaning.NOTHING: records.keep,
}


class Dispatcher:
    """Places events. Safe to run in several processes: a lease decides who handles a row."""

    def __init__(
        self,
        database: Database,
        connections: Connections,
        temporal: Client,
        task_queue: str,
    ) -> None:
        self._database = database
        self._cases = Signalling(database, connections, temporal, task_queue)

    async def dispatch(self, event_id: int) -> Settled | None:
        """Place one event and settle its row; None where another process has it, or it is settled already.

        Never raises for a bad event: what cannot be read or placed is `failed` or `parked` with the reason. What is out of
        reach for now (Temporal, Shopify, Trading Grid) leaves it `received`, to be taken up again.
        """
        now = datetime.now(UTC)
        async with self._database.begin() as session:
            leased = await inbound_events.lease(
                session,
                event_id,
                now=now,
                seconds=_LEASE_SECONDS,
                statuses=("received", "parked"),
            )
            row = await inbound_events.get(session, event_id) if leased else None
        if row is None:
            return None
        settled = await self._try_to_place(row)
        async with self._database.begin() as session:
            await inbound_events.settle(
                session,
                event_id,
                status=settled.status,
                now=datetime.now(UTC),
                reason=settled.reason or None,
                error=settled.reason if settled.status in {"failed", "received"} else None,
                case_ids=settled.case_ids,
                next_attempt_at=now + settled.again_in if settled.again_in else None,
                waits_for=settled.waits_for if settled.status == "parked" else (),
            )
        log.info(
            "event settled",
            event_id=event_id,
            topic=row.topic,
            scope=row.scope,
            status=settled.status,
            reason=settled.reason,
            cases=list(settled.case_ids),
        )
        return settled

    async def _try_to_place(self, row: InboundEvent) -> Settled:
        try:
            return await self._place(read_event(row))
        except Exception as error:
            if why := out_of_reach(error):
                return _later(row, why)
            if why := refusal(error):
                return Settled("failed", why)
            log.exception("dispatch failed", event_id=row.id, topic=row.topic)
            return Settled("failed", f"{type(error).__name__}: {error}")

    async def _place(self, event: Event) -> Settled:
        line = route(event.source, event.topic)
        if line is None:
            return Settled("ignored", f"Nothing here handles {event.topic}.")
        return await HANDLERS[line.meaning](self._cases, event, line)


def _later(row: InboundEvent, reason: str) -> Settled:
    wait = min(_RETRY * 2 ** min(row.attempts, 10), _LONGEST_RETRY) if row.attempts > 3 else _RETRY
    return Settled("received", reason, again_in=wait)
