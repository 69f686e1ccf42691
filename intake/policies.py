"""The terms a claim is opened with: the stored policy that fits best, or the defaults."""

from pydantic import ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.case import CaseKind
from domain.policy import ReturnClaimPolicy
from persistence.repositories import policies


class PolicyInvalid(Exception):
    """A stored policy that this code can't read. A person must correct it: no default stands in for it.

    `policy_id` and `version` name the record; `faults` says what is wrong, one text a field.
    """

    def __init__(self, policy_id: int, version: int, faults: tuple[str, ...]) -> None:
        super().__init__(f"policy {policy_id} v{version} is not valid: {'; '.join(faults)}")
        self.policy_id = policy_id
        self.version = version
        self.faults = faults


async def claim_policy(
    session: AsyncSession, shop_id: str, partner_id: str, priority: str = "normal"
) -> ReturnClaimPolicy:
    """The terms of a return claim with this partner; an empty `partner_id` is the merchant's own.

    The most specific record wins as a whole. Its `version` reads `policy 12 v3`; where there is no
    record the defaults hold, as version `default`. Raises PolicyInvalid.
    """
    found = await policies.candidates(
        session,
        shop_id=shop_id,
        lifecycle=CaseKind.RETURN_CLAIM,
        partner_id=partner_id,
        priority=priority,
    )
    if not found:
        return ReturnClaimPolicy()
    record = found[0]
    terms = {**record.terms, "version": f"policy {record.id} v{record.version}"}
    try:
        return ReturnClaimPolicy.model_validate(terms)
    except ValidationError as error:
        faults = tuple(
            f"{'.'.join(map(str, fault['loc'])) or 'terms'}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_input=False, include_context=False)
        )
        raise PolicyInvalid(record.id, record.version, faults) from error
