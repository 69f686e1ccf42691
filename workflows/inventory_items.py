"""The nightly look at a shop's inventory items, on a Temporal schedule for each shop."""

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.feeds import FeedActivities
    from activities.inventory_feed import InventoryFeedActivities
    from domain.failures import PAUSED
    from domain.housekeeping import REFRESH_ITEMS, RefreshShopItems, ShopItemsRefreshed
    from domain.inventory_feed.messages import CountFeeds, RefreshItems, TellFeeds
    from workflows.options import BULK_READ, CASE_RECORD


@workflow.defn(name=REFRESH_ITEMS)
class RefreshItemsWorkflow:
    """Reads a shop's inventory items again, so that its feeds know new SKUs and find what was changed by hand."""

    @workflow.run
    async def run(self, input: RefreshShopItems) -> ShopItemsRefreshed:
        counted = await workflow.execute_activity_method(
            FeedActivities.count_feeds,
            CountFeeds(shop=input.shop),
            **CASE_RECORD | {"summary": "Count the shop's feeds"},
        )
        if not counted.open:
            return ShopItemsRefreshed(skipped="The shop has no open feed.")
        # Of this night: the schedule gives each run an id of its own.
        request = workflow.info().workflow_id
        try:
            read = await workflow.execute_activity_method(
                InventoryFeedActivities.refresh_items,
                RefreshItems(shop=input.shop, request=request),
                **BULK_READ | {"summary": "Read the shop's inventory items"},
            )
        except ActivityError as error:
            if isinstance(error.cause, ApplicationError) and error.cause.type == PAUSED:
                return ShopItemsRefreshed(skipped=error.cause.message)
            raise
        told = await workflow.execute_activity_method(
            FeedActivities.tell_feeds,
            TellFeeds(shop=input.shop, event_id=request),
            **CASE_RECORD | {"summary": "Tell the shop's feeds"},
        )
        return ShopItemsRefreshed(skus=read.skus, feeds=told.told)
