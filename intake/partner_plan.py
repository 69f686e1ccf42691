"""Who is asked about which lines, and on which terms: the shop's routes, its partners and its policies, read at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.case import CaseKind
from domain.policy import ANY, Policy
from domain.priority import Priority
from domain.routing import MatchKind, Route, Traits, partner_for
from intake.policies import lifecycle_of, policy_for
from persistence.repositories import partners, routes, switches
from persistence.session import Database

TermsT = TypeVar("TermsT", bound=Policy)


@dataclass(frozen=True)
class PlannedPartner(Generic[TermsT]):
    """A partner that is asked: its tenant, its name for people, the terms with it."""

    partner: str
    tenant: str
    name: str
    policy: TermsT


@dataclass(frozen=True)
class PartnerPlan(Generic[TermsT]):
    """`lines` has a partner's handle for each line given, in their order; empty: the merchant's own.

    `unasked` says in words why a partner that a route names is asked nothing, by partner. `policy` holds for the case as a
    whole: the only partner's own terms, else the shop's.
    """

    lines: tuple[str, ...]
    partners: dict[str, PlannedPartner[TermsT]]
    policy: TermsT
    shadow: bool
    unasked: dict[str, str]


async def plan_partners(
    database: Database,
    shop: str,
    terms: type[TermsT],
    lines: Sequence[Traits],
    *,
    priority: Priority = Priority.NORMAL,
    drop_ship: bool = False,
) -> PartnerPlan[TermsT]:
    """Plan the lines of one case of the lifecycle these are the terms of (`domain.terms.TERMS`).

    A partner that is suspended, retired or unknown here is asked nothing: its lines are the merchant's. With `drop_ship`
    only routes of exactly this lifecycle count (see `routed`).

    Raises:
        PolicyInvalid: a stored policy that can't be read.
    """
    lifecycle = lifecycle_of(terms)
    async with database.read() as session:
        table = await routes_for(session, shop, lifecycle)
        chosen = [routed(traits, table, lifecycle, drop_ship=drop_ship) for traits in lines]
        asked: dict[str, PlannedPartner[TermsT]] = {}
        unasked: dict[str, str] = {}
        for route in chosen:
            if route is None or route.partner in asked or route.partner in unasked:
                continue
            partner = await partners.find(session, route.tenant, route.partner)
            if partner is None:
                unasked[route.partner] = f"The partner {route.partner} is not known here."
            elif partner.status != "active":
                unasked[route.partner] = f"The partner {partner.name} is {partner.status}."
            else:
                asked[route.partner] = PlannedPartner(
                    partner=route.partner,
                    tenant=route.tenant,
                    name=partner.name,
                    policy=await policy_for(session, terms, shop, route.partner, priority),
                )
        whole = await policy_for(session, terms, shop, ANY, priority)
        shadow = await switches.in_force(session, "shadow", shop_id=shop, lifecycle=lifecycle)
    if len(asked) == 1:
        whole = next(iter(asked.values())).policy
    return PartnerPlan(
        lines=tuple(route.partner if route and route.partner in asked else "" for route in chosen),
        partners=asked,
        policy=whole,
        shadow=shadow is not None,
        unasked=unasked,
    )


def routed(
    traits: Traits, table: Sequence[Route], lifecycle: CaseKind, *, drop_ship: bool = False
) -> Route | None:
    """The route of a line. With `drop_ship` only one of exactly this lifecycle: a route for all of them must not turn an
    order's line into a purchase order."""
    if drop_ship:
        table = [route for route in table if route.lifecycle == lifecycle]
    return partner_for(traits, table)


async def routes_for(session: AsyncSession, shop_id: str, lifecycle: CaseKind) -> tuple[Route, ...]:
    """The shop's routes that hold for this lifecycle, those for all of them included."""
    rows = await routes.for_lifecycle(session, shop_id, lifecycle)
    return tuple(
        Route(
            kind=MatchKind(row.match_kind),
            value=row.match_value,
            partner=row.partner_id,
            tenant=row.tenant_id,
            lifecycle=row.lifecycle,
            priority=row.priority,
        )
        for row in rows
    )
