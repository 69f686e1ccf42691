"""Partners that answer by themselves: asyncio tasks inside the server, deterministic and settable.

``prompt`` accepts, authorises the return, and reports the goods received; ``slow`` does the same
after a longer delay; ``contrary`` declines with a reason; ``silent`` and ``manual`` do nothing.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from emulators.trading_grid.emulator import Emulator, Event
from emulators.trading_grid.resources.cases.model import CLAIMS, ENDED, AnswerBody, AnswerLine, Case
from emulators.trading_grid.resources.cases.states import CaseDesk
from emulators.trading_grid.resources.partners import Partner
from emulators.trading_grid.resources.return_authorizations import (
    AuthorizationPatch,
    LinePatch,
    ReturnAuthorization,
    change_by_partner,
)
from emulators.trading_grid.store import Tenant, Wire

Behaviour = Literal["prompt", "slow", "silent", "contrary", "manual"]
Delay = Annotated[float, Field(ge=0, le=30 * 24 * 3600)]

ANSWER_DELAY_S: dict[Behaviour, float] = {"prompt": 0.5, "slow": 60.0, "contrary": 0.5}
GOODS_DELAY_S = 5.0
RETURN_WITHIN = timedelta(days=30)
STOCK_LOCATION = "RETURNS-1"
DENIED_NOTE = "The return was asked for after the time we take goods back."

logger = logging.getLogger(__name__)


class BotSettings(Wire):
    """Delays in seconds; ``answer_delay_s`` None takes the behaviour's own. Goods are reported only
    for returns that were accepted and authorised, and only where ``reports_goods``."""

    behaviour: Behaviour = "manual"
    answer_delay_s: Delay | None = None
    goods_delay_s: Delay = GOODS_DELAY_S
    reports_goods: bool = True

    def accepts(self) -> bool:
        return self.behaviour in ("prompt", "slow")

    def acts(self) -> bool:
        return self.behaviour in ANSWER_DELAY_S

    def delay(self) -> float:
        if self.answer_delay_s is not None:
            return self.answer_delay_s
        return ANSWER_DELAY_S[self.behaviour]


class Bots:
    """At most one pending task a duty; each looks again at the state before it acts."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._settings: dict[tuple[str, str], BotSettings] = {}
        self._duties: dict[tuple[str, str], asyncio.Task[None]] = {}
        emulator.listeners.append(self.on_event)

    def settings(self, tenant: Tenant, partner_id: str) -> BotSettings:
        return self._settings.get((tenant.id, partner_id), BotSettings())

    def set(self, tenant: Tenant, partner_id: str, settings: BotSettings) -> None:
        """Also for cases that are waiting for this partner now."""
        self._settings[(tenant.id, partner_id)] = settings
        for case in tenant.table(Case):
            if case.partner_id == partner_id:
                self._plan(tenant, case, anew=True)

    def on_event(self, tenant: Tenant, event: Event) -> None:
        case_id = event.data.get("case_id") or event.data["id"]
        case = tenant.table(Case).find(case_id)
        if case is not None:
            self._plan(tenant, case)

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

    async def aclose(self) -> None:
        tasks = list(self._duties.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._duties.clear()

    async def reset(self) -> None:
        await self.aclose()
        self._settings.clear()

    def _plan(self, tenant: Tenant, case: Case, *, anew: bool = False) -> None:
        settings = self.settings(tenant, case.partner_id)
        if case.case_type not in CLAIMS:
            return
        acts = settings.acts()
        self._duty(
            ("answer", case.id),
            settings.delay() if acts else 0.0,
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
        self._duty(
            ("authorize", authorization.id),
            settings.delay() if settings.acts() else 0.0,
            lambda: self._owes_authorization(tenant, case, authorization),
            lambda: self._authorize(tenant, authorization),
            anew,
        )
        self._duty(
            ("goods", authorization.id),
            settings.goods_delay_s,
            lambda: self._owes_goods(tenant, case, authorization),
            lambda: self.report_goods(tenant, authorization),
            anew,
        )

    def _duty(
        self,
        key: tuple[str, str],
        delay: float,
        owed: Callable[[], bool],
        act: Callable[[], None],
        anew: bool,
    ) -> None:
        pending = self._duties.get(key)
        if pending is not None:
            if not anew:
                return
            pending.cancel()
            del self._duties[key]
        if not owed():
            return

        async def fulfil() -> None:
            await asyncio.sleep(delay)
            # Off the list first: what it does may bring up the same duty again.
            if self._duties.get(key) is asyncio.current_task():
                del self._duties[key]
            try:
                if owed():
                    act()
            except Exception:
                logger.exception("bot failed at %s of %s", *key)

        self._duties[key] = asyncio.get_running_loop().create_task(fulfil())

    def _owes_answer(self, tenant: Tenant, case: Case) -> bool:
        return self.settings(tenant, case.partner_id).acts() and case.status == "pending_partner"

    def _owes_authorization(
        self, tenant: Tenant, case: Case, authorization: ReturnAuthorization
    ) -> bool:
        return (
            self.settings(tenant, case.partner_id).acts()
            and authorization.status == "requested"
            and case.status not in ENDED
        )

    def _owes_goods(self, tenant: Tenant, case: Case, authorization: ReturnAuthorization) -> bool:
        settings = self.settings(tenant, case.partner_id)
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
        accepts = self.settings(tenant, case.partner_id).accepts()
        lines = [
            AnswerLine(
                line_id=line.line_id,
                quantity=line.quantity if accepts else 0,
                disposition_code="RA" if accepts else "RD",
                response_reason_code=None if accepts else "RT",
            )
            for line in case.lines
        ]
        CaseDesk(self._emulator, tenant, case).answer(
            AnswerBody(
                kind="accept" if accepts else "decline",
                lines=lines,
                note="Accepted. Please send the goods back." if accepts else DENIED_NOTE,
            )
        )

    def _authorize(self, tenant: Tenant, authorization: ReturnAuthorization) -> None:
        partner = tenant.table(Partner).get(authorization.partner_id)
        if not self.settings(tenant, partner.id).accepts():
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
