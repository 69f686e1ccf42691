"""How pressing a customer's matter is: from the order's tags and the number of the customer's orders, never from a name."""

from collections.abc import Iterable
from enum import StrEnum

from domain.policy import Policy


class Priority(StrEnum):
    """The value stands in policy keys and on the partner's case."""

    NORMAL = "normal"
    HIGH = "high"


def priority_of(tags: Iterable[str], number_of_orders: int, policy: Policy) -> Priority:
    """The priority of an order, by the shop's terms. Tags compare without case and surrounding space."""
    wanted = {tag.strip().casefold() for tag in policy.priority_tags}
    tagged = any(tag.strip().casefold() in wanted for tag in tags)
    loyal = number_of_orders >= policy.priority_from_orders
    return Priority.HIGH if tagged or loyal else Priority.NORMAL
