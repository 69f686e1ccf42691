"""Reset, state, calls, deliveries, faults, settings, shops, locations."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from emulators.shopify.control.bodies import (
    LimitSettings,
    LocationBody,
    ShopBody,
    WebhookSettings,
)
from emulators.shopify.control.problem import Problem, emulator_of, read, shop_of
from emulators.shopify.control.state import shop_state
from emulators.shopify.faults import FaultPlan
from emulators.shopify.model.catalog import FulfillmentService, Location


async def reset(request: Request) -> Response:
    emulator_of(request).reset()
    return JSONResponse({"status": "empty"})


async def state(request: Request) -> Response:
    emulator = emulator_of(request)
    return JSONResponse(
        {
            "shops": {handle: shop_state(shop) for handle, shop in emulator.shops.items()},
            "faults": emulator.faults.plan.model_dump(),
            "tokens": len(emulator.tokens),
        }
    )


async def calls(request: Request) -> Response:
    """``since`` is a call's number or an ISO 8601 time; calls after it are shown."""
    found = emulator_of(request).calls
    since = request.query_params.get("since")
    if since is not None and since.isdigit():
        found = [call for call in found if call.number > int(since)]
    elif since is not None:
        try:
            moment = datetime.fromisoformat(since)
        except ValueError:
            raise Problem("since must be a number or an ISO 8601 time", 400) from None
        if moment.tzinfo is None:
            raise Problem("since must have a time zone", 400)
        found = [call for call in found if call.at > moment]
    return JSONResponse({"calls": [call.shown() for call in found]})


async def costs(request: Request) -> Response:
    """How many requests the Admin API has answered, and the points they asked for and took."""
    return JSONResponse(emulator_of(request).spent.shown())


async def deliveries(request: Request) -> Response:
    sent = emulator_of(request).courier.deliveries
    return JSONResponse({"deliveries": [delivery.shown() for delivery in sent]})


async def faults(request: Request) -> Response:
    return JSONResponse(emulator_of(request).faults.plan.model_dump())


async def set_faults(request: Request) -> Response:
    """Puts a plan in force; what it leaves out is switched off."""
    plan = await read(request, FaultPlan)
    emulator_of(request).faults.set(plan)
    return JSONResponse(plan.model_dump())


async def set_webhooks(request: Request) -> Response:
    settings = await read(request, WebhookSettings)
    courier = emulator_of(request).courier
    if settings.retry_schedule_s is not None:
        courier.retry_schedule_s = tuple(settings.retry_schedule_s)
    if settings.timeout_s is not None:
        courier.timeout_s = settings.timeout_s
    shown = {"retry_schedule_s": courier.retry_schedule_s, "timeout_s": courier.timeout_s}
    return JSONResponse(shown)


async def set_limits(request: Request) -> Response:
    """Changes every shop's bucket, which is full afterwards; shops that open later get it too."""
    limits = await read(request, LimitSettings)
    emulator = emulator_of(request)
    emulator.set_limits(size=limits.bucket_size, rate=limits.restore_rate)
    return JSONResponse(
        {"bucket_size": emulator.bucket_size, "restore_rate": emulator.restore_rate}
    )


async def expire_tokens(request: Request) -> Response:
    tokens = emulator_of(request).tokens
    count = len(tokens)
    tokens.clear()
    return JSONResponse({"expired": count})


async def create_shop(request: Request) -> Response:
    body = await read(request, ShopBody)
    emulator = emulator_of(request)
    handle = request.path_params["shop"]
    if handle in emulator.shops:
        raise Problem(f"Shop {handle} exists already", 409)
    shop = emulator.open_shop(
        handle, name=body.name, currency=body.currency, zone=body.iana_timezone
    )
    return JSONResponse({"id": shop.gid, "shop": shop.handle, "domain": shop.domain}, 201)


async def uninstall(request: Request) -> Response:
    """The merchant uninstalls the app: it is told, then its tokens and subscriptions are gone."""
    emulator, shop = emulator_of(request), shop_of(request)
    act = emulator.action(shop)
    act.tell("app/uninstalled", shop)
    emulator.publish(act)
    shop.installed = False
    for text in [text for text, token in emulator.tokens.items() if token.shop == shop.handle]:
        del emulator.tokens[text]
    return JSONResponse({"shop": shop.handle, "installed": False})


async def create_location(request: Request) -> Response:
    body = await read(request, LocationBody)
    emulator, shop = emulator_of(request), shop_of(request)
    if shop.location_named(body.name) is not None:
        raise Problem(f"Location {body.name} exists already", 409)
    act = emulator.action(shop)
    location = Location(
        id=act.new_id(),
        name=body.name,
        created_at=act.now,
        updated_at=act.now,
        country_code=body.country_code,
        is_active=body.active,
    )
    if body.fulfillment_service is not None:
        location.fulfillment_service = FulfillmentService(
            id=act.new_id(),
            handle=body.fulfillment_service.lower().replace(" ", "-"),
            service_name=body.fulfillment_service,
            location=location,
        )
    shop.locations[location.id] = location
    act.tell("locations/create", location)
    emulator.publish(act)
    return JSONResponse({"location_id": location.gid}, 201)
