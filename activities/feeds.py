"""What the feeds of a shop are told when something of ours changes that they depend on."""

from temporalio import activity
from temporalio.client import Client

from domain.inventory_feed.messages import CountFeeds, FeedsCounted, FeedsTold, TellFeeds
from domain.inventory_feed.names import Changed, FeedChanged
from intake.feeds import feeds_of_shop, signal_feeds
from persistence.session import Database


class FeedActivities:
    def __init__(self, database: Database, temporal: Client) -> None:
        self._database = database
        self._temporal = temporal

    @activity.defn(name="feeds.count_feeds")
    async def count_feeds(self, request: CountFeeds) -> FeedsCounted:
        async with self._database.read() as session:
            return FeedsCounted(open=len(await feeds_of_shop(session, request.shop)))

    @activity.defn(name="feeds.tell_feeds")
    async def tell_feeds(self, request: TellFeeds) -> FeedsTold:
        """Tell every open feed of the shop but one; a repeat is one more signal under the same id."""
        async with self._database.read() as session:
            found = await feeds_of_shop(session, request.shop)
        change = FeedChanged(event_id=request.event_id, what=Changed.ITEMS)
        told = await signal_feeds(
            self._temporal, [case for case in found if case.id != request.but], change
        )
        return FeedsTold(told=len(told))
