"""Reading much of a shop within its limits."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from clients.shopify.admin import AdminApi
from clients.shopify.errors import ShopifyThrottled

T = TypeVar("T")

_LEFT_TO_OTHERS = 0.25
"""The share of the shop's bucket of points that a long read leaves for what else is done in the shop."""
_LONGEST = 30.0  # seconds


async def patiently(admin: AdminApi, read: Callable[[], Awaitable[T]]) -> T:
    """One of many reads of an activity. Throttled, it waits and asks again; what was read before it is not read again.

    A read that fails otherwise fails the activity, which begins anew. A shop of the standard plan gives out three full
    reads of levels in its first seconds and then one in eight: an attempt for each of them would never come to an end.
    """
    while True:
        try:
            found = await read()
        except ShopifyThrottled as error:
            await asyncio.sleep(min(error.retry_after, _LONGEST))
            continue
        await _pause(admin)
        return found


async def _pause(admin: AdminApi) -> None:
    """Until the bucket is as full again as others need it."""
    cost = admin.last_cost
    if cost is None or cost.restore_rate <= 0:
        return
    missing = cost.maximum_available * _LEFT_TO_OTHERS - cost.currently_available
    if missing > 0:
        await asyncio.sleep(min(missing / cost.restore_rate, _LONGEST))
