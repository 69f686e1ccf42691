"""Every activity heartbeats while it runs: one whose worker died is tried again in seconds, not after its time-out."""

import asyncio
import contextlib
from typing import Any

from temporalio import activity
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
)


class Heartbeats(Interceptor):
    """Heartbeats in the background of every activity that has a heartbeat time-out; costs no history events."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        return _Heartbeating(next)


class _Heartbeating(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        timeout = activity.info().heartbeat_timeout
        if timeout is None:
            return await super().execute_activity(input)
        work = asyncio.ensure_future(super().execute_activity(input))
        beating = asyncio.create_task(_beat(timeout.total_seconds() / 3))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            # Heartbeats bring a case's cancellation here. A call under way is let finish all the same: half known is
            # worse than done. Only a worker that shuts down gives it up; the next worker tries it again.
            if activity.is_worker_shutdown():
                work.cancel()
            return await work
        finally:
            beating.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await beating


async def _beat(seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        activity.heartbeat()
