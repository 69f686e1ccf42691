"""Locations and the fulfillment services that own some."""

from __future__ import annotations

from typing import Any

from emulators.shopify.admin.lookup import find
from emulators.shopify.engine.connections import connect
from emulators.shopify.engine.registry import Args, Context, query, reject, resolver
from emulators.shopify.engine.search import parse
from emulators.shopify.model.catalog import FulfillmentService, Location

SEARCH = {
    "name": lambda loc: loc.name,
    "active": lambda loc: loc.is_active,
    "id": lambda loc: loc.id,
}


@query("locations", scope="read_locations")
def locations(_: Any, context: Context, args: Args) -> dict[str, Any]:
    reject(args, *(["includeLegacy"] if args.get("includeLegacy") else []))
    search = parse(args.get("query"), SEARCH, lambda loc: loc.name)
    found = [
        location
        for location in context.shop.locations.values()
        if (location.is_active or args.get("includeInactive")) and search.matches(location)
    ]
    by_name = args.get("sortKey", "NAME") != "ID"
    found.sort(key=lambda loc: (loc.name.casefold() if by_name else "", loc.id))
    return connect(found, args)


@query("location", scope="read_locations")
def location(_: Any, context: Context, args: Args) -> Location | None:
    if args.get("id") is None:
        return next(iter(context.shop.locations.values()), None)
    return find(context, Location, args["id"])


@resolver("Location", "isFulfillmentService")
def is_fulfillment_service(location_: Location, _: Context, __: Args) -> bool:
    return location_.fulfillment_service is not None


@resolver("Location", "address")
def address(location_: Location, _: Context, __: Args) -> dict[str, Any]:
    return {"countryCode": location_.country_code, "formatted": [], "address1": None, "city": None}


@resolver("FulfillmentService", "location")
def service_location(service: FulfillmentService, _: Context, __: Args) -> Location | None:
    return service.location
