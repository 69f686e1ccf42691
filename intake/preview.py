"""What would Gridcase do with this order: which partner each line goes to, under which terms, and what is in the way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from clients.shopify.admin import AdminApi
from clients.shopify.generated.enums import FulfillmentOrderStatus
from clients.shopify.generated.order_for_routing import OrderForRoutingOrder
from clients.shopify.pages import read_order_for_routing
from domain.case import CaseKind
from domain.message import Message
from domain.policy import (
    ANY,
    OrderExceptionPolicy,
    PurchaseOrderPolicy,
    ReturnClaimPolicy,
    ShippingDocumentsPolicy,
)
from domain.routing import Route, Traits
from domain.shopify_ids import gid, numeric_id
from domain.terms import TERMS
from intake.connections import Connections, NotConfigured
from intake.partner_plan import routed, routes_for
from intake.policies import PolicyInvalid, policy_for
from persistence.repositories import location_mappings, partners, shops, switches, tenants
from persistence.session import Database

_MANY = 5  # names are not unique for ever; more than a few show that it was no name


class OrderNotFound(LookupError):
    """The shop shows us no such order."""


class AmbiguousOrder(LookupError):
    """Several orders have this name; give the id."""


class PartnerShown(Message):
    id: str
    tenant: str
    name: str
    status: str


class LocationShown(Message):
    """A code the partner uses, and the Shopify location it means here. `partner` `*`: of all partners."""

    code: str
    partner: str
    location_gid: str


Terms = OrderExceptionPolicy | PurchaseOrderPolicy | ShippingDocumentsPolicy | ReturnClaimPolicy


class LinePreview(Message):
    """One line, at one place it ships from. Without `route`, or with a partner that is not active, it is the merchant's.

    `policy` is None where the stored one can't be read; `problems` says so.
    """

    line_item_id: str
    name: str
    quantity: int
    traits: Traits
    route: Route | None = None
    partner: PartnerShown | None = None
    policy: Terms | None = None
    locations: tuple[LocationShown, ...] = ()
    problems: tuple[str, ...] = ()


class OrderPreview(Message):
    """`problems` are of the shop or the order as a whole. Ids are Shopify's numbers."""

    shop: str
    lifecycle: CaseKind = CaseKind.RETURN_CLAIM
    order_id: str
    order_name: str
    fulfillment_status: str
    lines: tuple[LinePreview, ...]
    problems: tuple[str, ...] = ()


_NAMES = {
    CaseKind.RETURN_CLAIM: "return claims",
    CaseKind.ORDER_EXCEPTION: "order exceptions",
    CaseKind.PURCHASE_ORDER: "purchase orders",
    CaseKind.SHIPPING_DOCUMENTS: "shipping documents",
}


async def what_would_order_do(
    database: Database,
    connections: Connections,
    shop_id: str,
    order: str,
    lifecycle: CaseKind = CaseKind.RETURN_CLAIM,
) -> OrderPreview:
    """Preview a case of this lifecycle on this order. Reads, and changes nothing.

    `order` is Shopify's id (number or GID) or the order's name, with or without `#`.

    Raises:
        NotFoundError: no such shop.
        OrderNotFound, AmbiguousOrder, NotConfigured, ShopifyError.
    """
    async with database.read() as session:
        shop = await shops.get(session, shop_id)
    admin = await connections.shopify(shop_id)
    found = await _find_order(admin, order)
    preview = _Preview(database, connections, shop_id, lifecycle)
    problems = [] if shop.status == "connected" else ["The shop is not connected yet."]
    if found.cancelled_at is not None:
        problems.append("The order is cancelled.")
    async with database.read() as session:
        problems += await _switch_problems(session, shop_id, lifecycle)
        known = await routes_for(session, shop_id, lifecycle)
    if not known:
        problems.append(
            f"The shop has no routes for {_NAMES[lifecycle]}: every line is the merchant's."
        )
    lines = [
        await preview.line(line_item_id, name, quantity, traits, known)
        for line_item_id, name, quantity, traits in _positions(found)
    ]
    return OrderPreview(
        shop=shop_id,
        lifecycle=lifecycle,
        order_id=numeric_id(found.id),
        order_name=found.name,
        fulfillment_status=str(found.display_fulfillment_status),
        lines=tuple(lines),
        problems=tuple(problems),
    )


async def _find_order(admin: AdminApi, order: str) -> OrderForRoutingOrder:
    asked = order.strip()
    try:
        order_id = gid("Order", asked)
    except ValueError:
        if asked.startswith("gid:"):
            raise OrderNotFound(f"{asked!r} is not the id of an order.") from None
        order_id = await _id_of_name(admin, asked)
    else:
        if asked.startswith("gid:") and asked != order_id:
            raise OrderNotFound(f"{asked!r} is not the id of an order.")
    found = await read_order_for_routing(admin, order_id)
    if found is None and asked.isdigit():
        # A number can be an id, or a name without its sign.
        found = await read_order_for_routing(admin, await _id_of_name(admin, asked))
    if found is None:
        raise OrderNotFound(
            f"The shop shows us no order {asked!r}. Orders older than 60 days need the scope read_all_orders."
        )
    return found


async def _id_of_name(admin: AdminApi, name: str) -> str:
    if not name or any(character in name for character in "'\"\\:*()"):
        raise OrderNotFound(f"{name!r} is neither an order's id nor its name.")
    answer = await admin.orders_with_returns(query=f"name:'{name}'", first=_MANY)
    wanted = name.lstrip("#").casefold()
    # The search is lenient: what only begins like it is another order.
    ids = [one.id for one in answer.orders.nodes if one.name.lstrip("#").casefold() == wanted]
    if not ids:
        raise OrderNotFound(
            f"The shop shows us no order {name!r}. Orders older than 60 days need the scope read_all_orders."
        )
    if len(ids) > 1:
        raise AmbiguousOrder(
            f"Several orders are named {name!r}; give the id: {', '.join(map(numeric_id, ids))}."
        )
    return ids[0]


def _positions(order: OrderForRoutingOrder) -> Iterable[tuple[str, str, int, Traits]]:
    """Each line once a place it ships from: LineItem id, name, quantity, and what routes look at."""
    for line in order.line_items.nodes:
        placed = [
            (item.total_quantity, one.assigned_location.location)
            for one in order.fulfillment_orders.nodes
            if one.status != FulfillmentOrderStatus.CANCELLED
            for item in one.line_items.nodes
            if item.line_item.id == line.id and item.total_quantity > 0
        ]
        for quantity, location in placed or [(line.current_quantity, None)]:
            service = location.fulfillment_service if location else None
            traits = Traits(
                sku=line.sku or "",
                vendor=line.vendor or "",
                location=numeric_id(location.id) if location else "",
                fulfillment_service=service.handle if service else "",
            )
            yield numeric_id(line.id), line.name, quantity, traits


async def _switch_problems(session: AsyncSession, shop_id: str, lifecycle: CaseKind) -> list[str]:
    found, names = [], _NAMES[lifecycle].capitalize()
    pause = await switches.in_force(session, "pause", shop_id=shop_id, lifecycle=lifecycle)
    if pause is not None:
        found.append(f"{names} are paused here by {pause.set_by}: {pause.reason}")
    shadow = await switches.in_force(session, "shadow", shop_id=shop_id, lifecycle=lifecycle)
    if shadow is not None:
        found.append(f"{names} run as a shadow, nothing is written: {shadow.reason}")
    return found


@dataclass(frozen=True)
class _OfPartner:
    """What is known of the partner of a line, and what is in the way."""

    partner: PartnerShown | None = None
    locations: tuple[LocationShown, ...] = ()
    problems: tuple[str, ...] = ()


class _Preview:
    """One order's preview; reads each partner once."""

    def __init__(
        self, database: Database, connections: Connections, shop_id: str, lifecycle: CaseKind
    ) -> None:
        self._database = database
        self._connections = connections
        self._shop_id = shop_id
        self._lifecycle = lifecycle
        self._partners: dict[tuple[str, str], _OfPartner] = {}

    async def line(
        self, line_item_id: str, name: str, quantity: int, traits: Traits, known: Sequence[Route]
    ) -> LinePreview:
        drop_ship = self._lifecycle is CaseKind.PURCHASE_ORDER
        route = routed(traits, known, self._lifecycle, drop_ship=drop_ship)
        unrouted = (
            "No route of purchase orders matches: this line is not drop-shipped."
            if drop_ship
            else "No route matches: the merchant decides about this line."
        )
        found = _OfPartner(problems=(unrouted,))
        if route is not None:
            found = await self._partner(route.tenant, route.partner)
        problems = list(found.problems)
        # A partner that is not active is asked nothing, so the shop's own terms hold.
        asked = found.partner.id if found.partner and found.partner.status == "active" else ANY
        policy = None
        try:
            async with self._database.read() as session:
                policy = await policy_for(session, TERMS[self._lifecycle], self._shop_id, asked)
        except PolicyInvalid as error:
            problems.append(f"The {error}.")
        return LinePreview(
            line_item_id=line_item_id,
            name=name,
            quantity=quantity,
            traits=traits,
            route=route,
            partner=found.partner,
            policy=policy,
            locations=found.locations,
            problems=tuple(problems),
        )

    async def _partner(self, tenant_id: str, partner_id: str) -> _OfPartner:
        key = (tenant_id, partner_id)
        if key not in self._partners:
            self._partners[key] = await self._read_partner(tenant_id, partner_id)
        return self._partners[key]

    async def _read_partner(self, tenant_id: str, partner_id: str) -> _OfPartner:
        async with self._database.read() as session:
            row = await partners.find(session, tenant_id, partner_id)
            tenant = await tenants.find(session, tenant_id)
            mapped = await location_mappings.list_all(
                session, tenant_id=tenant_id, shop_id=self._shop_id
            )
            pause = await switches.in_force(
                session,
                "pause",
                shop_id=self._shop_id,
                lifecycle=self._lifecycle,
                partner_id=partner_id,
            )
        problems = []
        try:
            await self._connections.trading_grid(tenant_id)
        except NotConfigured as error:
            problems.append(str(error))
        if tenant is not None and tenant.subscription_id is None:
            problems.append(
                f"Trading Grid sends no events of {tenant_id} here yet: connect the shop."
            )
        locations = tuple(
            LocationShown(code=one.code, partner=one.partner_id, location_gid=one.location_gid)
            for one in mapped
            if one.partner_id in {partner_id, ANY}
        )
        if row is None:
            problems.append(f"The partner {partner_id} is not known here: the merchant decides.")
            return _OfPartner(None, locations, tuple(problems))
        if row.status != "active":
            problems.append(f"The partner {row.name} is {row.status}: the merchant decides.")
        if pause is not None and pause.partner_id == partner_id:
            problems.append(f"The partner {row.name} is paused by {pause.set_by}: {pause.reason}")
        if not locations and self._lifecycle is CaseKind.RETURN_CLAIM:
            problems.append(
                f"No location codes of {row.name} are mapped: goods reported back at one of them wait for the merchant."
            )
        shown = PartnerShown(id=row.id, tenant=tenant_id, name=row.name, status=row.status)
        return _OfPartner(shown, locations, tuple(problems))
