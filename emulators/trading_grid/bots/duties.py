"""What bots have yet to do: asyncio tasks inside the server."""

import asyncio
import logging
from collections.abc import Callable

logger = logging.getLogger(__name__)


class Duties:
    """At most one pending task a duty; each looks again at the state before it acts."""

    def __init__(self) -> None:
        self._pending: dict[tuple[str, str], asyncio.Task[None]] = {}

    def plan(
        self,
        key: tuple[str, str],
        delay: float,
        owed: Callable[[], bool],
        act: Callable[[], None],
        anew: bool,
    ) -> None:
        """``key``: what is to be done to which id; ``anew`` starts one that is pending over."""
        pending = self._pending.get(key)
        if pending is not None:
            if not anew:
                return
            pending.cancel()
            del self._pending[key]
        if not owed():
            return

        async def fulfil() -> None:
            await asyncio.sleep(delay)
            # Off the list first: what it does may bring up the same duty again.
            if self._pending.get(key) is asyncio.current_task():
                del self._pending[key]
            try:
                if owed():
                    act()
            except Exception:
                logger.exception("bot failed at %s of %s", *key)

        self._pending[key] = asyncio.get_running_loop().create_task(fulfil())

    async def aclose(self) -> None:
        tasks = list(self._pending.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._pending.clear()
