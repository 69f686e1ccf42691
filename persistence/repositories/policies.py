"""Policies: the terms of cases, by shop, lifecycle, partner and priority."""

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from persistence.base import ANY, JsonObject
from persistence.errors import StaleVersionError
from persistence.statements import insert_new, lock, require, upsert
from persistence.tables import Policy

KEY = ("shop_id", "lifecycle", "partner_id", "priority")


async def put(
    session: AsyncSession,
    terms: JsonObject,
    *,
    now: datetime,
    shop_id: str = ANY,
    lifecycle: str = ANY,
    partner_id: str = ANY,
    priority: str = ANY,
    version: int | None = None,
) -> Policy:
    """Set the terms under a key; the version counts up where there were some.

    With `version`, raises `StaleVersionError` unless that is the version in force; 0 says that
    there must be none yet.
    """
    policy = Policy(
        shop_id=shop_id,
        lifecycle=lifecycle,
        partner_id=partner_id,
        priority=priority,
        terms=terms,
        created_at=now,
        updated_at=now,
    )
    if version is not None:
        created = await insert_new(session, policy) if version == 0 else None
        if created is not None:
            return created
        found = await _find_locked(session, policy)
        in_force = 0 if found is None else found.version
        if in_force != version or version == 0:
            key = "/".join((shop_id, lifecycle, partner_id, priority))
            raise StaleVersionError("policy", key, version, in_force)
    changed = {"terms": terms, "version": col(Policy.version) + 1, "updated_at": now}
    return await upsert(session, policy, key=KEY, changed=changed)


async def get(session: AsyncSession, policy_id: int) -> Policy:
    """Get a policy; raises `NotFoundError`."""
    return await require(session, Policy, policy_id, "policy")


async def candidates(
    session: AsyncSession, *, shop_id: str, lifecycle: str, partner_id: str, priority: str
) -> list[Policy]:
    """List every policy whose key fits, the most specific first.

    A named partner outweighs a named priority, that a named shop, that a named lifecycle; the same
    order as in ``domain.policy``, which decides.
    """
    statement = select(Policy).where(
        col(Policy.shop_id).in_([shop_id, ANY]),
        col(Policy.lifecycle).in_([lifecycle, ANY]),
        col(Policy.partner_id).in_([partner_id, ANY]),
        col(Policy.priority).in_([priority, ANY]),
    )
    return sorted((await session.exec(statement)).all(), key=_specificity, reverse=True)


async def list_all(session: AsyncSession, *, shop_id: str | None = None) -> list[Policy]:
    """List policies by key; of one shop, those that name it."""
    statement = select(Policy).order_by(*(col(getattr(Policy, part)) for part in KEY))
    if shop_id is not None:
        statement = statement.where(Policy.shop_id == shop_id)
    return list((await session.exec(statement)).all())


async def remove(session: AsyncSession, policy_id: int) -> None:
    """Remove a policy; raises `NotFoundError`. Cases keep the terms they were opened with."""
    await session.delete(await lock(session, Policy, policy_id, "policy"))
    await session.flush()


def _specificity(policy: Policy) -> tuple[bool, ...]:
    key = (policy.partner_id, policy.priority, policy.shop_id, policy.lifecycle)
    return tuple(part != ANY for part in key)


async def _find_locked(session: AsyncSession, like: Policy) -> Policy | None:
    statement = select(Policy).where(
        *(col(getattr(Policy, part)) == getattr(like, part) for part in KEY)
    )
    statement = statement.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(statement)).one_or_none()
