"""Words to people, through the one port for them."""

from temporalio import activity
from temporalio.exceptions import ApplicationError

from clients.notification.errors import NotificationIncomplete, shown
from clients.notification.port import Notification, Notifier
from domain.failures import UNAVAILABLE
from domain.notification import Notified, Notify


class NotificationActivities:
    """`case_link` makes a case's address for people: a template with `{case_id}`."""

    def __init__(self, notifier: Notifier, case_link: str) -> None:
        self._notifier = notifier
        self._case_link = case_link

    @activity.defn(name="notification.notify")
    async def notify(self, notice: Notify) -> Notified:
        """Tell one recipient. One an activity, so that a retry tells nobody twice."""
        notification = Notification(
            id=notice.key,
            subject=notice.subject[:200],
            text=notice.text,
            severity=notice.severity.value,
            case_id=notice.case_id,
            link=self._case_link.format(case_id=notice.case_id),
            shop=notice.shop,
        )
        try:
            await self._notifier.notify(notification, [notice.recipient])
        except NotificationIncomplete as error:
            if error.retryable:
                raise ApplicationError(str(error), type=UNAVAILABLE) from error
            return Notified(recipient=shown(notice.recipient), failure=str(error))
        return Notified(recipient=shown(notice.recipient))
