"""Which partner a line belongs to."""

from collections.abc import Iterable
from enum import StrEnum

from domain.message import Message


class MatchKind(StrEnum):
    """What a route looks at; the order here is the order of precedence, the most specific first."""

    SKU_PREFIX = "sku_prefix"
    VENDOR = "vendor"
    LOCATION = "location"
    FULFILLMENT_SERVICE = "fulfillment_service"


_PRECEDENCE = {kind: place for place, kind in enumerate(MatchKind)}


class Route(Message):
    """One row of the routes table, for one shop and lifecycle."""

    kind: MatchKind
    value: str
    partner: str
    tenant: str
    lifecycle: str = "*"
    priority: int = 0
    """The higher is asked first, whatever it looks at."""


class Traits(Message):
    """What is known of a line when it is routed."""

    sku: str = ""
    vendor: str = ""
    location: str = ""
    fulfillment_service: str = ""


def partner_for(traits: Traits, routes: Iterable[Route]) -> Route | None:
    """The route that wins for a line, or None: then it is the merchant's own.

    A higher priority comes first; then SKU prefixes, the longest before the others; then vendor, location, fulfillment
    service; a route for the lifecycle comes
    before one for all. Matching ignores case and surrounding space, since vendors are typed by hand.
    """
    matching = [route for route in routes if _matches(route, traits)]
    if not matching:
        return None
    return min(
        matching,
        key=lambda route: (
            -route.priority,
            _PRECEDENCE[route.kind],
            -len(_wanted(route)),
            route.lifecycle == "*",
            route.partner,
            route.tenant,
            # Alike but for how they are written: still the same one, whatever the table's order.
            route.lifecycle,
            route.value,
        ),
    )


def _wanted(route: Route) -> str:
    return route.value.strip().casefold()


def _matches(route: Route, traits: Traits) -> bool:
    wanted = _wanted(route)
    if not wanted:
        return False
    match route.kind:
        case MatchKind.SKU_PREFIX:
            return traits.sku.strip().casefold().startswith(wanted)
        case MatchKind.VENDOR:
            return traits.vendor.strip().casefold() == wanted
        case MatchKind.LOCATION:
            return traits.location.strip().casefold() == wanted
        case MatchKind.FULFILLMENT_SERVICE:
            return traits.fulfillment_service.strip().casefold() == wanted
