"""How long and how often each kind of call is tried. Bounded by `schedule_to_close`; named once, here.

Six hours without Shopify or Trading Grid are waited out by retries alone; what stays impossible for two days becomes a
trouble on the case, and the operator's `retry` tries it again.
"""

from datetime import timedelta

from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityCancellationType, ActivityConfig

_PATIENT = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2,
    maximum_interval=timedelta(minutes=5),
)

# Heartbeats come by themselves (`activities/heartbeats.py`): a call whose worker died is tried again after this.
_ALIVE = timedelta(seconds=10)

SHOPIFY_READ = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=30),
    heartbeat_timeout=_ALIVE,
    schedule_to_close_timeout=timedelta(days=2),
    retry_policy=_PATIENT,
)
SHOPIFY_WRITE = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=45),
    heartbeat_timeout=_ALIVE,
    schedule_to_close_timeout=timedelta(days=2),
    retry_policy=_PATIENT,
    # A write under way is let finish when the case is cancelled: half known is worse than done.
    cancellation_type=ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
)
PARTNER_CALL = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=45),
    heartbeat_timeout=_ALIVE,
    schedule_to_close_timeout=timedelta(days=2),
    retry_policy=_PATIENT,
    # A write under way is let finish when the case is cancelled: half known is worse than done.
    cancellation_type=ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
)
# A read of many pages: an advice's lines, levels and orders for a push. Tried again, it goes on from its heartbeats.
LONG_READ = ActivityConfig(
    start_to_close_timeout=timedelta(hours=1),
    heartbeat_timeout=_ALIVE,
    schedule_to_close_timeout=timedelta(days=2),
    retry_policy=_PATIENT,
    cancellation_type=ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
)
# A bulk operation at Shopify, from its start to the last line of its file.
BULK_READ = LONG_READ | ActivityConfig(start_to_close_timeout=timedelta(hours=6))


def urgent(config: ActivityConfig, left: timedelta) -> ActivityConfig:
    """The same call where only so much time is left: tried again at short intervals, and for no longer than that."""
    left = max(left, timedelta(seconds=1))
    pause = min(timedelta(minutes=5), max(left / 50, timedelta(seconds=1)))
    bound = min(left, config["schedule_to_close_timeout"] or left)
    return config | ActivityConfig(
        schedule_to_close_timeout=bound,
        retry_policy=RetryPolicy(
            initial_interval=min(timedelta(seconds=1), pause),
            backoff_coefficient=2,
            maximum_interval=pause,
        ),
    )


# Our own database: short steps, and patience for as long as it takes to bring it back.
CASE_RECORD = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=20),
    heartbeat_timeout=_ALIVE,
    schedule_to_close_timeout=timedelta(days=10),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(milliseconds=500),
        backoff_coefficient=2,
        maximum_interval=timedelta(minutes=1),
    ),
)
# A word to people: a few attempts, since a repeat would be spam.
NOTIFICATION = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=60),
    heartbeat_timeout=_ALIVE,
    schedule_to_close_timeout=timedelta(minutes=30),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=10), maximum_attempts=4),
)
