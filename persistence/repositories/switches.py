"""Switches: what is paused, and what only shadows."""

from datetime import datetime
from typing import Literal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from persistence.base import ANY
from persistence.statements import upsert
from persistence.tables import Switch

SwitchKind = Literal["pause", "shadow"]

KEY = ("kind", "shop_id", "lifecycle", "partner_id")


async def put(
    session: AsyncSession,
    kind: SwitchKind,
    *,
    shop_id: str = ANY,
    lifecycle: str = ANY,
    partner_id: str = ANY,
    set_by: str,
    reason: str,
    now: datetime,
) -> Switch:
    """Switch on. Where it was on, who and why are renewed and `since` stays."""
    switch = Switch(
        kind=kind,
        shop_id=shop_id,
        lifecycle=lifecycle,
        partner_id=partner_id,
        set_by=set_by,
        reason=reason,
        since=now,
    )
    return await upsert(session, switch, key=KEY, changed={"set_by": set_by, "reason": reason})


async def clear(
    session: AsyncSession,
    kind: SwitchKind,
    *,
    shop_id: str = ANY,
    lifecycle: str = ANY,
    partner_id: str = ANY,
) -> bool:
    """Switch off exactly this key; whether it was on."""
    statement = select(Switch).where(
        Switch.kind == kind,
        Switch.shop_id == shop_id,
        Switch.lifecycle == lifecycle,
        Switch.partner_id == partner_id,
    )
    switch = (await session.exec(statement.with_for_update())).one_or_none()
    if switch is None:
        return False
    await session.delete(switch)
    await session.flush()
    return True


async def list_all(session: AsyncSession, *, kind: SwitchKind | None = None) -> list[Switch]:
    """List what is on, by key."""
    statement = select(Switch).order_by(*(col(getattr(Switch, part)) for part in KEY))
    if kind is not None:
        statement = statement.where(Switch.kind == kind)
    return list((await session.exec(statement)).all())


async def in_force(
    session: AsyncSession, kind: SwitchKind, *, shop_id: str, lifecycle: str, partner_id: str = ANY
) -> Switch | None:
    """Find a switch that covers this shop, lifecycle and partner: of several, the most specific.

    Without a partner, one that was set for a single partner does not count.
    """
    statement = select(Switch).where(
        Switch.kind == kind,
        col(Switch.shop_id).in_([shop_id, ANY]),
        col(Switch.lifecycle).in_([lifecycle, ANY]),
        col(Switch.partner_id).in_([partner_id, ANY]),
    )
    return max((await session.exec(statement)).all(), key=_specificity, default=None)


def _specificity(switch: Switch) -> tuple[int, ...]:
    named = [int(part != ANY) for part in (switch.partner_id, switch.lifecycle, switch.shop_id)]
    return (sum(named), *named)
