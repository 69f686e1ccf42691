"""Translates the typed errors of clients into what Temporal needs to know: try again, when, or never.

The only place where an `ApplicationError` is made of an error from outside. Nothing branches on a message.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from temporalio import activity
from temporalio.exceptions import ApplicationError

from clients.documents.errors import DocumentNotFound, DocumentStoreUnavailable
from clients.shopify.errors import ShopifyRefused, ShopifyThrottled, ShopifyUnavailable
from clients.trading_grid.errors import TradingGridRefused, TradingGridUnavailable
from domain.failures import (
    CONFLICT,
    NOT_CONFIGURED,
    PARTNER_REFUSED,
    SHOPIFY_REFUSED,
    THROTTLED,
    UNAVAILABLE,
)
from intake.connections import NotConfigured
from intake.policies import PolicyInvalid

_LONGEST = timedelta(minutes=5)


@contextmanager
def translated() -> Iterator[None]:
    """Run a call to the outside; its typed error leaves as an `ApplicationError`.

    What is not a known error (a bug, our own database) goes through as it is and is retried.
    """
    try:
        yield
    except ShopifyThrottled as error:
        raise _later(error, THROTTLED, timedelta(seconds=error.retry_after)) from error
    except ShopifyUnavailable as error:
        delay = timedelta(seconds=error.retry_after) if error.retry_after else None
        raise _later(error, UNAVAILABLE, delay) from error
    except ShopifyRefused as error:
        raise ApplicationError(str(error), type=SHOPIFY_REFUSED, non_retryable=True) from error
    except TradingGridUnavailable as error:
        raise _later(error, UNAVAILABLE, error.retry_after) from error
    except TradingGridRefused as error:
        raise ApplicationError(str(error), type=PARTNER_REFUSED, non_retryable=True) from error
    except (NotConfigured, PolicyInvalid) as error:
        raise ApplicationError(str(error), type=NOT_CONFIGURED, non_retryable=True) from error
    except DocumentNotFound as error:
        raise ApplicationError(str(error), type=CONFLICT, non_retryable=True) from error
    except DocumentStoreUnavailable as error:
        raise ApplicationError(str(error), type=UNAVAILABLE) from error


def _later(error: Exception, type_: str, asked_for: timedelta | None) -> ApplicationError:
    """Try again after what the remote asks for, but not sooner than the attempts so far suggest.

    A remote that is down for hours and says "in a second" each time would otherwise be called every second, by every case.
    """
    delay = None
    if asked_for is not None:
        attempt = activity.info().attempt if activity.in_activity() else 1
        delay = max(asked_for, min(timedelta(seconds=2 ** min(attempt - 1, 10)), _LONGEST))
    return ApplicationError(str(error), type=type_, next_retry_delay=delay)


def conflict(message: str) -> ApplicationError:
    """What we were told to do no longer fits what is there; a person must look."""
    return ApplicationError(message, type=CONFLICT, non_retryable=True)
