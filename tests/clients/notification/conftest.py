"""A notification to send."""

from collections.abc import Callable
from typing import Any

import pytest

from clients.notification import Notification


@pytest.fixture
def a_notification() -> Callable[..., Notification]:
    def make(**changes: Any) -> Notification:
        return Notification(
            **{
                "id": "case-7:reminder-1",
                "subject": "Return 1 waits for a decision",
                "text": "The partner has not answered.\n.\nGrüße",
                "severity": "warning",
                "case_id": "return-claim:acme:1",
                "link": "https://gridcase.example.com/cases/7",
                "shop": "acme",
                "audience": "operations",
                **changes,
            }
        )

    return make
