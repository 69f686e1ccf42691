"""Control of the emulator itself, its partners, cases and returns."""

from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulators.trading_grid.bots import BotSettings
from emulators.trading_grid.control.bodies import (
    ContentBody,
    EndBody,
    PartnerBody,
    PartnerMessage,
    TenantBody,
    WebhookSettings,
)
from emulators.trading_grid.control.hands import ControlHandler, Hands
from emulators.trading_grid.errors import ApiError
from emulators.trading_grid.faults import FaultPlan
from emulators.trading_grid.options import TenantSpec
from emulators.trading_grid.query import check_parameters, whole_number
from emulators.trading_grid.resources import documents
from emulators.trading_grid.resources.cases.model import (
    AnswerBody,
    Case,
    EndAction,
    render_case,
    render_message,
)
from emulators.trading_grid.resources.cases.states import PARTNER, CaseDesk
from emulators.trading_grid.resources.partners import Partner
from emulators.trading_grid.resources.partners import render as render_partner
from emulators.trading_grid.resources.return_authorizations import (
    AuthorizationPatch,
    ReturnAuthorization,
    change_by_partner,
)
from emulators.trading_grid.resources.return_authorizations import render as render_authorization
from emulators.trading_grid.store import Tenant


class GeneralControl(Hands):
    """State, faults, partners, cases and returns."""

    def routes(self) -> list[Route]:
        calls: list[tuple[str, str, ControlHandler]] = [
            ("POST", "/reset", self.reset),
            ("GET", "/state", self.state),
            ("GET", "/calls", self.calls),
            ("GET", "/deliveries", self.deliveries),
            ("GET", "/faults", self.get_faults),
            ("PUT", "/faults", self.put_faults),
            ("GET", "/webhooks", self.get_webhooks),
            ("PUT", "/webhooks", self.put_webhooks),
            ("POST", "/tenants", self.put_tenant),
            ("POST", "/tenants/{tenant_id}/expire-tokens", self.expire_tokens),
            ("POST", "/partners", self.put_partner),
            ("POST", "/cases/{case_id}/answer", self.answer),
            ("POST", "/cases/{case_id}/messages", self.message),
            ("POST", "/cases/{case_id}/documents", self.case_document),
            ("POST", "/cases/{case_id}/close", self.close),
            ("POST", "/cases/{case_id}/cancel", self.cancel),
            ("POST", "/return-authorizations/{authorization_id}", self.authorization),
            (
                "POST",
                "/return-authorizations/{authorization_id}/goods-received",
                self.goods_received,
            ),
        ]
        return [self._route(method, path, handler) for method, path, handler in calls]

    def _desk(self, request: Request) -> CaseDesk:
        """Raises ApiError 404."""
        tenant, case = self._find(Case, request.path_params["case_id"])
        return CaseDesk(self._emulator, tenant, case)

    def _authorization(self, request: Request) -> tuple[Tenant, ReturnAuthorization]:
        """Raises ApiError 404."""
        return self._find(ReturnAuthorization, request.path_params["authorization_id"])

    async def reset(self, request: Request) -> Response:
        await self._bots.reset()
        await self._emulator.reset()
        return Response(status_code=204)

    async def state(self, request: Request) -> Response:
        return JSONResponse({"tenants": [self._dump(t) for t in self._emulator.tenants.values()]})

    def _dump(self, tenant: Tenant) -> dict[str, Any]:
        feed = self._emulator.feeds[tenant.id]
        dumped = tenant.dump()
        for partner in dumped.get("partners", []):
            partner.update(self._bots.settings(tenant, partner["id"]).model_dump())
        return {
            "id": tenant.id,
            "name": tenant.name,
            "clients": list(tenant.clients),
            **{name.replace("-", "_"): rows for name, rows in dumped.items()},
            "events": [event.in_feed() for event in feed.events],
            "position": feed.stored_position,
        }

    async def calls(self, request: Request) -> Response:
        given = request.query_params
        check_parameters(given, frozenset({"since"}))
        since = whole_number(given, "since", 0, 0, 10**15)
        emulator = self._emulator
        return JSONResponse(
            {
                "calls": [call for call in emulator.calls if call["sequence"] > since],
                "last": emulator.call_count,
            }
        )

    async def deliveries(self, request: Request) -> Response:
        return JSONResponse(
            {"deliveries": [one.dump() for one in self._emulator.deliverer.deliveries]}
        )

    async def get_faults(self, request: Request) -> Response:
        return JSONResponse(self._emulator.faults.plan.model_dump())

    async def put_faults(self, request: Request) -> Response:
        self._emulator.faults.set(await self._body(request, FaultPlan))
        return await self.get_faults(request)

    async def get_webhooks(self, request: Request) -> Response:
        deliverer = self._emulator.deliverer
        return JSONResponse(
            {
                "retry_schedule_s": list(deliverer.retry_schedule_s),
                "timeout_s": deliverer.timeout_s,
            }
        )

    async def put_webhooks(self, request: Request) -> Response:
        settings = await self._body(request, WebhookSettings)
        if settings.timeout_s is not None:
            self._emulator.deliverer.timeout_s = settings.timeout_s
        if settings.retry_schedule_s is not None:
            self._emulator.deliverer.set_retry_schedule(tuple(settings.retry_schedule_s))
        return await self.get_webhooks(request)

    async def put_tenant(self, request: Request) -> Response:
        body = await self._body(request, TenantBody)
        known = body.id in self._emulator.tenants
        tenant = self._emulator.add_tenant(TenantSpec(body.id, body.name or body.id, body.clients))
        return JSONResponse(
            {"id": tenant.id, "name": tenant.name, "clients": list(tenant.clients)},
            200 if known else 201,
        )

    async def expire_tokens(self, request: Request) -> Response:
        """Every token of the tenant stops working now, as one does at its end."""
        tenant = self._emulator.tenant(request.path_params["tenant_id"])
        tokens = self._emulator.tokens
        for key in [key for key, token in tokens.items() if token.tenant is tenant]:
            del tokens[key]
        return Response(status_code=204)

    async def put_partner(self, request: Request) -> Response:
        body = await self._body(request, PartnerBody)
        tenant = self._tenant(body.tenant)
        partner = tenant.table(Partner).find(body.id)
        known = partner is not None
        if partner is None:
            now = self._emulator.clock()
            partner = Partner(
                id=body.id, name=body.name or body.id, create_time=now, update_time=now
            )
            tenant.table(Partner).add(partner)
        named = body.model_fields_set & (Partner.model_fields.keys() - {"id"})
        for name in named:
            value = getattr(body, name)
            if value is not None:
                setattr(partner, name, value)
        if known and named:
            partner.touch(self._emulator.clock())
            self._emulator.publish(tenant, "partner.updated", partner)
        bot_fields = body.model_fields_set & BotSettings.model_fields.keys()
        settings = self._bots.settings(tenant, partner.id).model_copy(
            update={name: getattr(body, name) for name in bot_fields}
        )
        self._bots.set(tenant, partner.id, settings)
        return JSONResponse(
            {
                **render_partner(partner, self._links(request)),
                "tenant": tenant.id,
                **settings.model_dump(),
            },
            200 if known else 201,
        )

    async def answer(self, request: Request) -> Response:
        desk = self._desk(request)
        desk.answer(await self._body(request, AnswerBody))
        return self._case(request, desk)

    async def message(self, request: Request) -> Response:
        desk = self._desk(request)
        body = await self._body(request, PartnerMessage)
        desk.must_take_entries()
        message = desk.say(PARTNER, body.body)
        return JSONResponse(render_message(message, self._links(request)), 201)

    async def case_document(self, request: Request) -> Response:
        desk = self._desk(request)
        body = await self._body(request, ContentBody)
        document = documents.add_by_partner(desk, body.content())
        return JSONResponse(documents.render(document, self._links(request)), 201)

    async def close(self, request: Request) -> Response:
        return await self._end(request, "close")

    async def cancel(self, request: Request) -> Response:
        return await self._end(request, "cancel")

    async def _end(self, request: Request, action: Literal["close", "cancel"]) -> Response:
        desk = self._desk(request)
        body = await self._body(request, EndBody)
        desk.end(EndAction(action=action, resolution=body.resolution, note=body.note), PARTNER)
        return self._case(request, desk)

    async def authorization(self, request: Request) -> Response:
        tenant, authorization = self._authorization(request)
        patch = await self._body(request, AuthorizationPatch)
        change_by_partner(self._emulator, tenant, authorization, patch)
        return self._authorization_answer(request, authorization)

    async def goods_received(self, request: Request) -> Response:
        """As the prompt partner reports it: all that was authorised, back in stock."""
        tenant, authorization = self._authorization(request)
        if authorization.status != "authorized":
            raise ApiError(409, "invalid_state", f"The return is {authorization.status}.")
        self._bots.report_goods(tenant, authorization)
        return self._authorization_answer(request, authorization)

    def _case(self, request: Request, desk: CaseDesk) -> Response:
        return JSONResponse(render_case(desk.case, self._links(request)))

    def _authorization_answer(
        self, request: Request, authorization: ReturnAuthorization
    ) -> Response:
        return JSONResponse(render_authorization(authorization, self._links(request)))
