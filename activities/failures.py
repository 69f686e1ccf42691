"""Translates the typed errors of clients into what Temporal needs to know: try again, when, or never.

The only place where an `ApplicationError` is made of an error from outside. Nothing branches on a message.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

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


@contextmanager
def translated() -> Iterator[None]:
    """Run a call to the outside; its typed error leaves as an `ApplicationError`.

    What is not a known error (a bug, our own database) goes through as it is and is retried.
    """
    try:
        yield
    except ShopifyThrottled as error:
        raise ApplicationError(
            str(error), type=THROTTLED, next_retry_delay=timedelta(seconds=error.retry_after)
        ) from error
    except ShopifyUnavailable as error:
        delay = timedelta(seconds=error.retry_after) if error.retry_after else None
        raise ApplicationError(str(error), type=UNAVAILABLE, next_retry_delay=delay) from error
    except ShopifyRefused as error:
        raise ApplicationError(str(error), type=SHOPIFY_REFUSED, non_retryable=True) from error
    except TradingGridUnavailable as error:
        raise ApplicationError(
            str(error), type=UNAVAILABLE, next_retry_delay=error.retry_after
        ) from error
    except TradingGridRefused as error:
        raise ApplicationError(str(error), type=PARTNER_REFUSED, non_retryable=True) from error
    except (NotConfigured, PolicyInvalid) as error:
        raise ApplicationError(str(error), type=NOT_CONFIGURED, non_retryable=True) from error
    except DocumentNotFound as error:
        raise ApplicationError(str(error), type=CONFLICT, non_retryable=True) from error
    except DocumentStoreUnavailable as error:
        raise ApplicationError(str(error), type=UNAVAILABLE) from error


def conflict(message: str) -> ApplicationError:
    """What we were told to do no longer fits what is there; a person must look."""
    return ApplicationError(message, type=CONFLICT, non_retryable=True)
