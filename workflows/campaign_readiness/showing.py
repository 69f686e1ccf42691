"""Shows where a campaign stands: its worst products in the case, its totals on the metaobject; of a burst of words, few
writes."""

from contextlib import suppress
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.campaign_readiness import CampaignDisplayActivities
    from domain import references
    from domain.campaign_readiness.messages import Summarise, WriteMetaobject
    from domain.campaign_readiness.standing import metaobject_text, standing
    from domain.campaign_readiness.state import CampaignReadinessState
    from domain.case import SHOPIFY
    from workflows.campaign_readiness.context import CampaignContext
    from workflows.options import CASE_RECORD, SHOPIFY_WRITE
    from workflows.waiting import Stopped, hold, until

_LINGER = timedelta(seconds=30)
"""From one write to the next, at the least: what partners say comes in bursts."""


class Showing:
    """Keeps the summary and the metaobject up to date, the latest state only, one write at a time."""

    def __init__(self, ctx: CampaignContext) -> None:
        self._ctx = ctx
        self._stale = False
        self._busy = False
        self._closing = False
        self._shown: WriteMetaobject | None = None

    @property
    def state(self) -> CampaignReadinessState:
        return self._ctx.state

    def moved(self) -> None:
        """Something that is shown may have changed."""
        self._stale = True

    @property
    def idle(self) -> bool:
        return not self._stale and not self._busy

    async def keep(self) -> None:
        """Refresh whenever something moved, until `close`."""
        while True:
            await hold(lambda: self._stale or self._closing)
            if self._closing:
                return
            self._busy = True
            try:
                await self._refresh()
                await until(
                    lambda: self._closing, workflow.now() + _LINGER, "Let more come together"
                )
            except Stopped:
                return
            finally:
                self._busy = False

    async def close(self) -> None:
        """Show the last state."""
        self._closing = True
        await hold(lambda: not self._busy)
        # Refused at the very end it is noted, and the campaign ends all the same.
        with suppress(Stopped):
            await self._refresh()

    async def _refresh(self) -> None:
        ctx, state = self._ctx, self.state
        self._stale = False
        if not state.planned:
            return
        state.summary = await ctx.outside.read(
            CampaignDisplayActivities.summarise,
            Summarise(case_id=ctx.input.case_id),
            CASE_RECORD,
            "Sum up the readiness",
        )
        ctx.show()
        if state.policy.auto_update_metaobject and not state.unshown and state.gone_since is None:
            await self._write()

    async def _write(self) -> None:
        ctx, state = self._ctx, self.state
        create = not state.metaobject_id
        wanted = WriteMetaobject(
            shop=ctx.input.shop,
            case_id=ctx.input.case_id,
            handle=state.handle,
            metaobject_id=state.metaobject_id,
            create=create,
            window=state.window if create else None,
            status=standing(state).status.value,
            text=metaobject_text(state),
            readiness=state.readiness,
            summary=state.summary,
        )
        if wanted == self._shown:
            return
        self._shown = wanted
        written = await ctx.outside.write(
            CampaignDisplayActivities.write_metaobject,
            lambda _: wanted,
            SHOPIFY_WRITE,
            "Show the campaign on its metaobject",
        )
        if written is None:
            return
        if written.gone:
            self._gone()
        elif create and written.metaobject_id:
            state.metaobject_id = written.metaobject_id
            ctx.file.refer(references.METAOBJECT, written.metaobject_id)
            self._shown = wanted.model_copy(
                update={"create": False, "window": None, "metaobject_id": written.metaobject_id}
            )

    def _gone(self) -> None:
        """It was deleted, and Shopify's word of that has not come yet."""
        state = self.state
        if state.outcome is None and state.gone_since is None and not state.unshown:
            state.gone_since = workflow.now()
            words = "The campaign's metaobject is gone from Shopify; the campaign goes on until somebody says stop."
            self._ctx.file.note("shopify", words, actor=SHOPIFY, flagged=True)
            self._ctx.show()
