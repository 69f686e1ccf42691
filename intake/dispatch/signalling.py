"""How events open cases and tell them to look again, whatever the lifecycle."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError

from domain import operator
from domain.case import CaseKind
from intake.connections import Connections
from intake.events import Event
from intake.failures import is_unknown_workflow
from intake.opening import HasEnded, OpenedCase, Opening, open_case, start
from intake.routes import ROUTES, SHIPPING
from intake.settled import Settled
from persistence.repositories import case_timeline, cases
from persistence.session import Database
from persistence.tables import Case

_LOOKS, _BETWEEN_LOOKS = 10, 0.1  # seconds; for the next run of a case to begin

OWN_SYSTEM = "gridcase"  # external_reference.system of what we make in Trading Grid

_CLOSING = frozenset({"case.updated", "case.resolved", "case.closed"})
_SHIPPING = frozenset(topic for (source, topic), line in ROUTES.items() if line.kinds & SHIPPING)
# What Shopify and Trading Grid send back for what we write ourselves when a case ends.
ECHOES: Mapping[str, frozenset[str]] = {
    CaseKind.RETURN_CLAIM: _CLOSING
    | {
        "returns/approve",
        "returns/decline",
        "returns/cancel",
        "returns/process",
        "returns/update",
        "returns/close",
        "refunds/create",
    },
    CaseKind.ORDER_EXCEPTION: _CLOSING | _SHIPPING,
    CaseKind.PURCHASE_ORDER: _CLOSING
    | _SHIPPING
    | {"inventory_transfers/complete", "inventory_transfers/cancel"},
    CaseKind.SHIPPING_DOCUMENTS: _CLOSING | _SHIPPING,
    CaseKind.INVENTORY_FEED: frozenset({"partner.updated"}),
    CaseKind.DISPUTE: _CLOSING,
    CaseKind.CAMPAIGN_READINESS: _CLOSING | {"metaobjects/create", "metaobjects/update"},
}


class Signalling:
    """Opens and signals cases; what is missing of one (its workflow never started) is made up for on the way."""

    def __init__(
        self, database: Database, connections: Connections, temporal: Client, task_queue: str
    ) -> None:
        self.database = database
        self.connections = connections
        self._temporal = temporal
        self._task_queue = task_queue

    async def open(
        self, event: Event, opening: Opening, *, again: bool = False, partner: str = ""
    ) -> Settled:
        """Open a case, once a business object; a second one only on the operator's word (`again`).

        Where another event has opened it, this one tells it to look again: at `partner`'s matter, or at Shopify.
        """
        async with self.database.read() as session:
            known = await cases.list_of_key(session, opening.key)
        mine = any(case.opened_by_event_id == event.id for case in known)
        another = again and not mine
        if known and all(case.closed_at is not None for case in known) and not another:
            return _ended(known[0], mine=mine)
        try:
            opened = await open_case(
                self.database,
                self._temporal,
                self._task_queue,
                opening,
                event_id=event.id,
                now=datetime.now(UTC),
                again=another,
            )
        except HasEnded as ended:
            return _ended(ended.case, mine=ended.case.opened_by_event_id == event.id)
        if not opened.created and event.source != OWN_SYSTEM:
            # Two events at once: one opened it, this one tells it to look again.
            async with self.database.read() as session:
                case = await cases.get(session, opened.case_id)
            if case.opened_by_event_id != event.id:
                if partner:
                    return await self.partner_changed(event, [case], partner)
                return await self.shopify_changed(event, [case])
        return Settled("dispatched", "", (opened.case_id,), opened=opened)

    async def shopify_changed(self, event: Event, found: Sequence[Case]) -> Settled:
        """Tell the open ones of these cases to look at Shopify again; `found` is not empty."""
        changed = operator.ShopifyChanged(event_id=event.key, topic=event.topic)
        return await self.tell(event, found, operator.SHOPIFY_CHANGED, changed)

    async def partner_changed(self, event: Event, found: Sequence[Case], partner: str) -> Settled:
        """Tell the open ones of these cases to look at Trading Grid again; `found` is not empty."""
        changed = partner_change(event, partner)
        return await self.tell(event, found, operator.PARTNER_CHANGED, changed)

    async def tell(
        self, event: Event, found: Sequence[Case], name: str, argument: object
    ) -> Settled:
        """Signal the open ones of these cases; `found` is not empty."""
        open_ones = [case for case in found if case.closed_at is None]
        if not open_ones:
            return await self.after_the_end(event, found[0])
        for case in open_ones:
            await self._signal(event, case, name, argument)
        return Settled("dispatched", "", tuple(case.id for case in open_ones))

    async def _signal(self, event: Event, case: Case, name: str, argument: object) -> None:
        """Signal a case; where its workflow has ended, or was never started, do what is missing."""
        if await self._reached(case, name, argument):
            return
        runs = await self._start_again(case) or await self._goes_on(case)
        if runs and await self._reached(case, name, argument):
            return
        await self.after_the_end(event, case)

    async def _reached(self, case: Case, name: str, argument: object) -> bool:
        """Whether the signal was taken; false where no such workflow runs."""
        try:
            await self._temporal.get_workflow_handle(case.id).signal(name, argument)
        except RPCError as error:
            if not is_unknown_workflow(error):
                raise
            return False
        return True

    async def _start_again(self, case: Case) -> bool:
        """Start the workflow of a row that never had one: the process died between the two. Whether it runs now.

        A row whose workflow has written to it had one; that it is gone is for the sweep to flag.
        """
        return case.run_id is None and await start(self._temporal, self._task_queue, case)

    async def _goes_on(self, case: Case) -> bool:
        """Whether the case runs, in a new run: while one follows another, the signal may have met the one that closed."""
        handle = self._temporal.get_workflow_handle(case.id)
        for _ in range(_LOOKS):
            try:
                status = (await handle.describe()).status
            except RPCError as error:
                if not is_unknown_workflow(error):
                    raise
                return False
            if status is not WorkflowExecutionStatus.CONTINUED_AS_NEW:
                return status is WorkflowExecutionStatus.RUNNING
            await asyncio.sleep(_BETWEEN_LOOKS)
        return False

    async def after_the_end(self, event: Event, case: Case) -> Settled:
        """What comes after the end stands in the timeline, flagged; but for the echoes of our own last writes."""
        if event.topic in ECHOES.get(case.kind, ()):
            return Settled(
                "dispatched",
                "Its case is closed; this is what our last write sounds like.",
                (case.id,),
            )
        await self.note(event, case, f"{event.topic} came after the case had ended.")
        return Settled("dispatched", "Its case is closed; noted there.", (case.id,))

    async def note(self, event: Event, case: Case, text: str) -> None:
        """A flagged line in the timeline of a case that has ended, once an event."""
        partner = event.text("data", "partner_id")
        async with self.database.begin() as session:
            await case_timeline.flag(
                session,
                case.id,
                event_id=event.key,
                kind="after_the_end",
                at=datetime.now(UTC),
                actor=f"partner:{partner}" if partner else event.source,
                text=text,
            )


def partner_change(event: Event, partner: str) -> operator.PartnerChanged:
    """What a case is told of an event of Trading Grid's."""
    data = event.body.get("data")
    version = data.get("version") if isinstance(data, dict) else None
    return operator.PartnerChanged(
        event_id=event.key,
        event_type=event.topic,
        partner=partner,
        resource_id=event.text("data", "id"),
        version=version if isinstance(version, int) else 0,
    )


def _ended(case: Case, *, mine: bool) -> Settled:
    return Settled(
        "dispatched" if mine else "ignored",
        f"The case {case.id} ended as {case.outcome}; another one opens only on an operator's word.",
        (case.id,),
        opened=OpenedCase(case.id, case.number, created=False),
    )
