"""A return in Shopify as activities meet it: read whole, and moved from one status to the next, once."""

from collections.abc import Awaitable, Callable

from activities.failures import conflict
from activities.return_claim.mapping import (
    return_status,
)
from clients.shopify.admin import AdminApi
from clients.shopify.errors import ShopifyUserErrors
from clients.shopify.whole import WholeReturn, read_whole_return
from domain.return_claim.names import ReturnStatus
from domain.shopify_ids import gid

_INVALID_STATE = "INVALID_STATE"


async def move(
    admin: AdminApi,
    return_id: str,
    *,
    when: ReturnStatus,
    write: Callable[[AdminApi], Awaitable[object]],
    then: ReturnStatus,
) -> ReturnStatus:
    """Move a return from one status to the next, once; where it stands afterwards.

    The status is read before, and again when Shopify says that it has moved: what is done already, by us or by
    somebody else, is a value. A refusal of a return that still stands where it stood is an error.
    """
    status = await status_of(admin, return_id)
    if status is not when:
        return status
    try:
        await write(admin)
    except ShopifyUserErrors as error:
        if _INVALID_STATE not in error.codes:
            raise
        status = await status_of(admin, return_id)
        if status is when:
            raise
        return status
    return then


async def status_of(admin: AdminApi, return_id: str) -> ReturnStatus:
    found = (await admin.current_return_status(id=gid("Return", return_id))).return_
    if found is None:
        raise conflict(f"The return {return_id} is gone from Shopify.")
    return return_status(found.status)


async def whole_return(admin: AdminApi, return_id: str) -> WholeReturn:
    found = await read_whole_return(admin, gid("Return", return_id))
    if found is None:
        raise conflict(f"The return {return_id} is gone from Shopify.")
    if found.unverified_lines:
        raise conflict(
            f"The return {found.details.name} has lines that Shopify could not tie to the order; "
            "settle it in Shopify."
        )
    return found
