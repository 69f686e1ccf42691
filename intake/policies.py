"""The terms a case is opened with: the stored policy that fits best, or the defaults."""

from typing import TypeVar

from pydantic import ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.case import CaseKind
from domain.policy import ANY, Policy
from domain.priority import Priority, priority_of
from domain.shop_order import ShopOrder
from domain.terms import TERMS
from persistence.repositories import policies

TermsT = TypeVar("TermsT", bound=Policy)


class PolicyInvalid(Exception):
    """A stored policy that this code can't read. A person must correct it: no default stands in for it.

    `policy_id` and `version` name the record; `faults` says what is wrong, one text a field.
    """

    def __init__(self, policy_id: int, version: int, faults: tuple[str, ...]) -> None:
        super().__init__(f"policy {policy_id} v{version} is not valid: {'; '.join(faults)}")
        self.policy_id = policy_id
        self.version = version
        self.faults = faults


async def policy_for(
    session: AsyncSession,
    terms: type[TermsT],
    shop_id: str,
    partner_id: str = ANY,
    priority: str = Priority.NORMAL,
) -> TermsT:
    """The terms of one lifecycle (`terms` is its class in `domain.terms.TERMS`) with this partner.

    Without a partner they are the shop's own. The most specific record wins as a whole. Its `version` reads `policy 12 v3`;
    where there is no record the defaults hold, as version `default`. Raises PolicyInvalid.
    """
    found = await policies.candidates(
        session,
        shop_id=shop_id,
        lifecycle=lifecycle_of(terms),
        partner_id=partner_id,
        priority=priority,
    )
    if not found:
        return terms()
    record = found[0]
    kept = {**record.terms, "version": f"policy {record.id} v{record.version}"}
    try:
        return terms.model_validate(kept)
    except ValidationError as error:
        faults = tuple(
            f"{'.'.join(map(str, fault['loc'])) or 'terms'}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_input=False, include_context=False)
        )
        raise PolicyInvalid(record.id, record.version, faults) from error


async def policy_for_order(
    session: AsyncSession, terms: type[TermsT], shop_id: str, order: ShopOrder
) -> TermsT:
    """The shop's own terms for a matter of this order, by the order's priority. Raises PolicyInvalid."""
    usual = await policy_for(session, terms, shop_id)
    priority = priority_of(order.tags, order.number_of_orders, usual)
    if priority is Priority.NORMAL:
        return usual
    return await policy_for(session, terms, shop_id, priority=priority)


def lifecycle_of(terms: type[Policy]) -> CaseKind:
    """The lifecycle these are the terms of."""
    return next(CaseKind(kind) for kind, known in TERMS.items() if known is terms)
