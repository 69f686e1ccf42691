"""``/_emulator``: what tests, the demo and a person do to the emulator. No part of the contract."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, Field, model_validator
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulators.trading_grid.bots import Bots, BotSettings
from emulators.trading_grid.emulator import Emulator
from emulators.trading_grid.errors import ApiError, invalid, not_found
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
from emulators.trading_grid.resources.partners import (
    Contact,
    Identifier,
    Partner,
    PartnerStatus,
    Role,
    supplier,
)
from emulators.trading_grid.resources.partners import render as render_partner
from emulators.trading_grid.resources.return_authorizations import (
    AuthorizationPatch,
    ReturnAuthorization,
    change_by_partner,
)
from emulators.trading_grid.resources.return_authorizations import render as render_authorization
from emulators.trading_grid.store import Name, Tenant, Text, Wire
from emulators.trading_grid.wire import error_response, links_for, parse_json, read_body

PREFIX = "/_emulator"
MAX_CONTROL_BODY = 64 * 1024 * 1024

B = TypeVar("B", bound=BaseModel)
ControlHandler = Callable[[Request], Awaitable[Response]]


class TenantBody(Wire):
    """A tenant, made or changed; ``clients`` maps client id to secret."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    name: Name | None = None
    clients: dict[str, str] = Field(min_length=1)


class PartnerBody(BotSettings):
    """A partner, made or changed, with how it behaves. What is left out takes its default for a new
    partner and stays for one that is there."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    name: Name | None = None
    tenant: str | None = None
    status: PartnerStatus = "active"
    identifiers: list[Identifier] = Field(default_factory=list)
    roles: list[Role] = Field(default_factory=supplier)
    capabilities: list[Name] = Field(default_factory=list)
    contacts: list[Contact] = Field(default_factory=list)


class ContentBody(Wire):
    """A document with its bytes, as ``text`` or ``content_base64``."""

    document_type: documents.DocumentType = "other"
    file_name: Name
    mime_type: Name = "application/octet-stream"
    text: str | None = None
    content_base64: str | None = None

    @model_validator(mode="after")
    def _one_content(self) -> "ContentBody":
        if (self.text is None) == (self.content_base64 is None):
            raise ValueError("send either text or content_base64")
        return self

    def content(self) -> documents.Content:
        """Raises ApiError 422."""
        return documents.Content(self.document_type, self.file_name, self.mime_type, self._data())

    def _data(self) -> bytes:
        if self.text is not None:
            return self.text.encode()
        try:
            return base64.b64decode(self.content_base64 or "", validate=True)
        except binascii.Error as error:
            raise invalid("content_base64 is not base64.", "content_base64") from error


class SharedContentBody(ContentBody):
    partner_id: Name
    tenant: str | None = None


class PartnerMessage(Wire):
    body: Text


class EndBody(Wire):
    note: Text | None = None
    resolution: Text | None = None


class WebhookSettings(Wire):
    """Waits before the second, third, ... attempt, and how long one may take; seconds."""

    retry_schedule_s: list[Annotated[float, Field(ge=0)]] | None = None
    timeout_s: Annotated[float, Field(gt=0)] | None = None


class Control:
    def __init__(self, emulator: Emulator, bots: Bots) -> None:
        self._emulator = emulator
        self._bots = bots

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
            ("POST", "/documents", self.document),
            ("POST", "/return-authorizations/{authorization_id}", self.authorization),
            (
                "POST",
                "/return-authorizations/{authorization_id}/goods-received",
                self.goods_received,
            ),
        ]
        return [self._route(method, path, handler) for method, path, handler in calls]

    def _route(self, method: str, path: str, handler: ControlHandler) -> Route:
        async def answer(request: Request) -> Response:
            try:
                return await handler(request)
            except ApiError as error:
                return error_response(self._emulator, request, error)

        route = Route(PREFIX + path, answer, methods=[method])
        route.methods = {method}
        return route

    async def _body(self, request: Request, model: type[B]) -> B:
        """An empty body counts as an empty object."""
        data = await read_body(request, MAX_CONTROL_BODY)
        if not data:
            data = b"{}"
        elif not request.headers.get("content-type", "").startswith("application/json"):
            raise ApiError(415, "unsupported_media_type", "Send application/json.")
        return parse_json(model, data)

    def _desk(self, request: Request) -> CaseDesk:
        """The case, in whichever tenant it is: ids are unique. Raises ApiError 404."""
        case_id = request.path_params["case_id"]
        for tenant in self._emulator.tenants.values():
            case = tenant.table(Case).find(case_id)
            if case is not None:
                return CaseDesk(self._emulator, tenant, case)
        raise not_found("case", case_id)

    def _authorization(self, request: Request) -> tuple[Tenant, ReturnAuthorization]:
        key = request.path_params["authorization_id"]
        for tenant in self._emulator.tenants.values():
            authorization = tenant.table(ReturnAuthorization).find(key)
            if authorization is not None:
                return tenant, authorization
        raise not_found("return authorization", key)

    def _tenant(self, tenant_id: str | None) -> Tenant:
        """The named tenant; without a name, the first. Raises ApiError 404."""
        if tenant_id is None:
            return next(iter(self._emulator.tenants.values()))
        return self._emulator.tenant(tenant_id)

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
        links = links_for(self._emulator, request)
        return JSONResponse(
            {**render_partner(partner, links), "tenant": tenant.id, **settings.model_dump()},
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
        return JSONResponse(render_message(message, links_for(self._emulator, request)), 201)

    async def case_document(self, request: Request) -> Response:
        desk = self._desk(request)
        body = await self._body(request, ContentBody)
        document = documents.add_by_partner(desk, body.content())
        return self._document(request, document)

    async def document(self, request: Request) -> Response:
        body = await self._body(request, SharedContentBody)
        tenant = self._tenant(body.tenant)
        partner = tenant.table(Partner).get(body.partner_id)
        document = documents.publish_by_partner(self._emulator, tenant, partner, body.content())
        return self._document(request, document)

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
        return JSONResponse(render_case(desk.case, links_for(self._emulator, request)))

    def _document(self, request: Request, document: documents.Document) -> Response:
        return JSONResponse(documents.render(document, links_for(self._emulator, request)), 201)

    def _authorization_answer(
        self, request: Request, authorization: ReturnAuthorization
    ) -> Response:
        return JSONResponse(render_authorization(authorization, links_for(self._emulator, request)))
