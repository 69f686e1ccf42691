"""From the inbox to a case: open one, tell one to look again, or say why neither."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog
from temporalio.client import Client
from temporalio.service import RPCError

from clients.trading_grid.errors import NotFound
from domain import operator, references
from domain.case import CaseKind
from domain.return_claim.names import ReturnStatus, opens_case
from domain.return_claim.state import ClaimRequest
from domain.shopify_ids import gid, numeric_id
from intake import records
from intake.connections import Connections
from intake.events import Event, UnreadableEvent, read_event
from intake.failures import is_unknown_workflow, out_of_reach, refusal
from intake.opening import (
    HasEnded,
    OpenedClaim,
    Opening,
    open_case,
    opening_of_claim,
    opening_of_return,
)
from intake.policies import claim_policy
from intake.routes import Meaning, route
from intake.settled import Settled
from persistence.errors import NotFoundError
from persistence.repositories import case_references, case_timeline, cases, inbound_events, shops
from persistence.repositories.case_references import Reference
from persistence.session import Database
from persistence.tables import Case, InboundEvent

__all__ = ["OWN_SYSTEM", "Dispatcher", "Settled"]

log = structlog.get_logger()

_LEASE_SECONDS = 30.0
_PARK_AGAIN = timedelta(seconds=20)
_RETRY = timedelta(seconds=30)
_LONGEST_RETRY = timedelta(minutes=15)
# What Shopify and Trading Grid send back for what we write ourselves when a case ends.
_ECHOES = frozenset(
    {
        "returns/approve",
        "returns/decline",
        "returns/cancel",
        "returns/process",
        "returns/update",
        "returns/close",
        "refunds/create",
        "case.updated",
        "case.resolved",
        "case.closed",
    }
)
OWN_SYSTEM = "gridcase"  # external_reference.system of what we make in Trading Grid


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
        self._connections = connections
        self._temporal = temporal
        self._task_queue = task_queue

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
                return self._later(row, why)
            if why := refusal(error):
                return Settled("failed", why)
            log.exception("dispatch failed", event_id=row.id, topic=row.topic)
            return Settled("failed", f"{type(error).__name__}: {error}")

    @staticmethod
    def _later(row: InboundEvent, reason: str) -> Settled:
        wait = (
            min(_RETRY * 2 ** min(row.attempts, 10), _LONGEST_RETRY) if row.attempts > 3 else _RETRY
        )
        return Settled("received", reason, again_in=wait)

    async def _place(self, event: Event) -> Settled:
        line = route(event.source, event.topic)
        if line is None:
            return Settled("ignored", f"Nothing here handles {event.topic}.")
        match line.meaning:
            case Meaning.RETURN:
                return await self._return(event, event.object_id(line.body_key))
            case Meaning.ORDER:
                return await self._order(event, event.object_id(line.body_key))
            case Meaning.PARTNER_CASE:
                return await self._partner_case(event)
            case Meaning.PARTNER:
                return await records.read_partner_again(self._database, self._connections, event)
            case Meaning.CLAIM:
                return await self._claim(event, line.body_key)
            case Meaning.UNINSTALLED:
                return await records.note_uninstalled(self._database, self._connections, event)
            case Meaning.SCOPES:
                return await records.check_granted_scopes(self._database, self._connections, event)
            case Meaning.DATA_REQUEST:
                return Settled("dispatched", "Nothing about customers is kept here.")
            case Meaning.REDACT_CUSTOMER:
                return Settled("dispatched", "Nothing about customers is kept here.")
            case Meaning.REDACT_SHOP:
                return await records.redact_shop(self._database, event)
            case Meaning.NOTHING:
                return Settled("ignored", "Kept for the record.")

    # Shopify.

    async def _return(self, event: Event, return_id: str) -> Settled:
        """Tell the return's case to look again; where there is none, read the return and see whether one opens."""
        reference = Reference(kind=references.RETURN, value=return_id, scope=event.scope)
        async with self._database.read() as session:
            found = await case_references.find(session, reference)
        if found:
            return await self._signal_shopify(event, found)
        admin = await self._connections.shopify(event.scope)
        now = (await admin.current_return_status(id=gid("Return", return_id))).return_
        if now is None:
            return Settled("ignored", f"The shop has no return {return_id}.")
        order_id = numeric_id(now.order.id)
        status = ReturnStatus(now.status.value if hasattr(now.status, "value") else now.status)
        async with self._database.read() as session:
            policy = await claim_policy(session, event.scope, "*")
            expecting = await case_references.find(
                session,
                Reference(kind=references.RETURN_EXPECTED, value=order_id, scope=event.scope),
            )
            # A case that was opened meanwhile, by the same return's other event.
            found = await case_references.find(session, reference)
        if found:
            return await self._signal_shopify(event, found)
        if not opens_case(status, open_on_open_return=policy.open_on_open_return):
            return Settled("ignored", f"The return is {status.value}; no case opens for that.")
        if status is ReturnStatus.OPEN and any(case.closed_at is None for case in expecting):
            # Our own returnCreate may be heard of before its answer has reached us.
            return Settled(
                "parked", "A claim is creating a return on this order.", again_in=_PARK_AGAIN
            )
        return await self._open(
            event,
            opening_of_return(event.scope, return_id, order_id=order_id, opened_by=event.source),
        )

    async def _order(self, event: Event, order_id: str) -> Settled:
        reference = Reference(kind=references.ORDER, value=order_id, scope=event.scope)
        async with self._database.read() as session:
            found = await case_references.find(session, reference)
        concerned = [case for case in found if case.closed_at is None]
        if not concerned:
            return Settled("ignored", "No open case concerns this order.")
        return await self._signal_shopify(event, concerned)

    async def _signal_shopify(self, event: Event, found: Sequence[Case]) -> Settled:
        open_ones = [case for case in found if case.closed_at is None]
        if not open_ones:
            return await self._after_the_end(event, found[0])
        for case in open_ones:
            await self._signal(
                event,
                case,
                operator.SHOPIFY_CHANGED,
                operator.ShopifyChanged(event_id=event.key, topic=event.topic),
            )
        return Settled("dispatched", "", tuple(case.id for case in open_ones))

    # Trading Grid.

    async def _partner_case(self, event: Event) -> Settled:
        """Tell our case to look again. Whose it is says our own external reference, else the references table, else
        Trading Grid itself."""
        case_id, partner = _case_and_partner(
            event.text("data", "external_reference", "system"),
            event.text("data", "external_reference", "id"),
        )
        found = await self._find_case(case_id, tenant=event.scope) if case_id else None
        if found is None:
            found = await self._find_by_remote_ids(event)
        if found is None:
            case_id, partner = await self._read_reference(event)
            if not case_id:
                return Settled("ignored", "It belongs to no case of ours.")
            found = await self._find_case(case_id, tenant=event.scope)
            if found is None:
                return Settled("failed", f"It names the case {case_id}, which is not known here.")
        partner = event.text("data", "partner_id") or partner
        if not partner:
            return Settled("failed", "The event names no partner.")
        if found.closed_at is not None:
            return await self._after_the_end(event, found)
        version = event.body["data"].get("version")
        await self._signal(
            event,
            found,
            operator.PARTNER_CHANGED,
            operator.PartnerChanged(
                event_id=event.key,
                event_type=event.topic,
                partner=partner,
                resource_id=event.text("data", "id"),
                version=version if isinstance(version, int) else 0,
            ),
        )
        return Settled("dispatched", "", (found.id,))

    async def _find_case(self, case_id: str, *, tenant: str) -> Case | None:
        """The case of that id, if its shop is this tenant's: another tenant's event has no say in it."""
        async with self._database.read() as session:
            case = await cases.find(session, case_id)
            shop = await shops.find(session, case.shop_id) if case else None
        return case if shop is not None and shop.tenant_id == tenant else None

    async def _find_by_remote_ids(self, event: Event) -> Case | None:
        ids = [event.text("data", "case_id"), event.text("data", "id")]
        wanted = [
            Reference(kind=kind, value=value, scope=event.scope)
            for value in ids
            if value
            for kind in (references.TRADING_GRID_CASE, references.RETURN_AUTHORIZATION)
        ]
        async with self._database.read() as session:
            found = await case_references.find(session, *wanted)
        return found[0] if found else None

    async def _read_reference(self, event: Event) -> tuple[str, str]:
        """Case id and partner by our reference on the case in Trading Grid, read there; empty where it is not ours."""
        remote = event.text("data", "case_id")
        if not remote and event.topic.startswith("case."):
            remote = event.text("data", "id")
        if not remote:
            return "", ""
        trading_grid = await self._connections.trading_grid(event.scope)
        try:
            case = await trading_grid.read_case(remote)
        except NotFound:
            return "", ""
        reference = case.external_reference
        return _case_and_partner(reference.system, reference.id) if reference else ("", "")

    # Our own.

    async def _claim(self, event: Event, body_key: str) -> Settled:
        opened_by = event.text("opened_by") or "gridcase"
        if event.body.get("claim") is not None:
            claim = ClaimRequest.model_validate(event.body["claim"])
            return await self._open(
                event, opening_of_claim(event.scope, claim, opened_by=opened_by)
            )
        return_id = event.object_id(body_key)
        admin = await self._connections.shopify(event.scope)
        now = (await admin.current_return_status(id=gid("Return", return_id))).return_
        if now is None:
            return Settled("failed", f"The shop has no return {return_id}.")
        opening = opening_of_return(
            event.scope, return_id, order_id=numeric_id(now.order.id), opened_by=opened_by
        )
        return await self._open(event, opening, again=bool(event.body.get("again")))

    async def _open(self, event: Event, opening: Opening, *, again: bool = False) -> Settled:
        """Open a case, once a business object; a second one only on the operator's word (`again`)."""
        async with self._database.read() as session:
            known = await cases.list_of_key(session, opening.key)
        mine = any(case.opened_by_event_id == event.id for case in known)
        another = again and not mine
        if known and all(case.closed_at is not None for case in known) and not another:
            return self._ended(known[0], mine=mine)
        try:
            opened = await open_case(
                self._database,
                self._temporal,
                self._task_queue,
                opening,
                event_id=event.id,
                now=datetime.now(UTC),
                again=another,
            )
        except HasEnded as ended:
            return self._ended(ended.case, mine=ended.case.opened_by_event_id == event.id)
        if not opened.created and event.source != OWN_SYSTEM:
            # Two events at once: one opened it, this one tells it to look again.
            async with self._database.read() as session:
                case = await cases.get(session, opened.case_id)
            if case.opened_by_event_id != event.id:
                return await self._signal_shopify(event, [case])
        return Settled("dispatched", "", (opened.case_id,), opened=opened)

    @staticmethod
    def _ended(case: Case, *, mine: bool) -> Settled:
        return Settled(
            "dispatched" if mine else "ignored",
            f"The case {case.id} ended as {case.outcome}; another one opens only on an operator's word.",
            (case.id,),
            opened=OpenedClaim(case.id, case.number, created=False),
        )

    # Signals.

    async def _signal(self, event: Event, case: Case, name: str, argument: object) -> None:
        """Signal a case; where its workflow has ended, or was never started, do what is missing."""
        if await self._reached(case, name, argument):
            return
        if await self._start_again(case) and await self._reached(case, name, argument):
            return
        await self._after_the_end(event, case)

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
        if case.run_id is not None or case.kind != CaseKind.RETURN_CLAIM:
            return False
        opening = await self._opening_of(case)
        if opening is None:
            return False
        try:
            await open_case(
                self._database,
                self._temporal,
                self._task_queue,
                opening,
                event_id=case.opened_by_event_id,
                now=datetime.now(UTC),
            )
        except HasEnded:
            return False
        return True

    async def _opening_of(self, case: Case) -> Opening | None:
        """What a row was opened with, from the event that opened it; None where that is no longer to be known."""
        if case.opened_by_event_id is None:
            return None
        async with self._database.read() as session:
            try:
                event = read_event(await inbound_events.get(session, case.opened_by_event_id))
            except (NotFoundError, UnreadableEvent):
                return None
        line = route(event.source, event.topic)
        opened_by = event.text("opened_by") or event.source
        if event.body.get("claim") is not None:
            claim = ClaimRequest.model_validate(event.body["claim"])
            return opening_of_claim(event.scope, claim, opened_by=opened_by)
        return_id = event.object_id(line.body_key if line else "")
        return opening_of_return(
            event.scope, return_id, order_id=case.order_id or "", opened_by=opened_by
        )

    async def _after_the_end(self, event: Event, case: Case) -> Settled:
        """What comes after the end stands in the timeline, flagged; but for the echoes of our own last writes."""
        if event.topic in _ECHOES:
            return Settled(
                "dispatched",
                "Its case is closed; this is what our last write sounds like.",
                (case.id,),
            )
        partner = event.text("data", "partner_id")
        actor = f"partner:{partner}" if partner else event.source
        async with self._database.begin() as session:
            await case_timeline.flag(
                session,
                case.id,
                event_id=event.key,
                kind="after_the_end",
                at=datetime.now(UTC),
                actor=actor,
                text=f"{event.topic} came after the case had ended.",
            )
        return Settled("dispatched", "Its case is closed; noted there.", (case.id,))


def _case_and_partner(system: str | None, reference: str) -> tuple[str, str]:
    """Case id and partner of our own external reference, `{case id}/{partner}[/...]`; empty where it is not ours."""
    case_id, _, rest = reference.partition("/")
    partner = rest.partition("/")[0]
    return (case_id, partner) if system == OWN_SYSTEM and partner else ("", "")
