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
# Many pages, of which nobody knows beforehand how many: whether it still lives say its heartbeats.
LONG_READ = ActivityConfig(
    start_to_close_timeout=timedelta(hours=2),
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
