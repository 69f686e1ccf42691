"""What the activities on an order's fulfillment orders take and give, for every lifecycle that ships or holds.

Each activity makes at most one mutation, reads the order anew before it, and says whether more is to be done: the caller
repeats it until `done`. So a repeat after a lost answer, a crash or a change underneath does nothing twice.
"""

from pydantic import Field

from domain.message import Message
from domain.shop_order import ShopOrder, Tracking


class ReadOrder(Message):
    shop: str
    order_id: str


class OrderRead(Message):
    """`order` is None where the shop has no such order (any more)."""

    order: ShopOrder | None = None


class AlignHolds(Message):
    """Hold these quantities (by LineItem number), and nothing else, under this handle of ours.

    An empty `quantities` releases whatever this handle holds. Holds of others, and of our other cases, are never touched.
    More than the order still has to ship is held as far as it goes. A hold that is there keeps its reason and notes.
    """

    shop: str
    order_id: str
    handle: str
    reason: str  # FulfillmentHoldReason
    notes: str = ""
    quantities: dict[str, int] = Field(default_factory=dict)


class AlignedHolds(Message):
    """`done`: nothing more can be aligned. `held`: what the handle holds now. `unholdable`: wanted, and cannot be held apart
    (or is held by somebody else, or is with a fulfillment service), with the reason in words."""

    done: bool
    changed: bool = False
    held: dict[str, int] = Field(default_factory=dict)
    unholdable: dict[str, str] = Field(default_factory=dict)


class CreateFulfillment(Message):
    """Ship these quantities (by LineItem number) with this tracking.

    `tracking.number` makes a repeat findable, so it must not be empty: what fulfillments of this number have of a line,
    whoever made them, is shipped already; their other lines are not ours. So `quantities` is all that travels
    under the number.
    Our own holds (of any case of ours) on the lines that ship are released first, one mutation a call; a hold of somebody
    else is `blocked`.
    """

    shop: str
    order_id: str
    tracking: Tracking
    quantities: dict[str, int]
    notify_customer: bool = False


class CreatedFulfillment(Message):
    """`done`: nothing is left that could be shipped. `fulfillments`: Fulfillment number -> what it ships, by LineItem,
    those found from before included. `blocked`: LineItem number -> whose hold or what else stands in the way.
    `excess`: LineItem number -> quantity the order has no room for (shipped before, or never ordered)."""

    done: bool
    changed: bool = False
    fulfillments: dict[str, dict[str, int]] = Field(default_factory=dict)
    blocked: dict[str, str] = Field(default_factory=dict)
    excess: dict[str, int] = Field(default_factory=dict)


class UpdateTracking(Message):
    shop: str
    order_id: str
    fulfillment_id: str
    tracking: Tracking
    notify_customer: bool = False


class UpdatedTracking(Message):
    changed: bool


class MoveLines(Message):
    """Have these quantities (by LineItem number) shipped by this location, one fulfillment order a call.

    What the location ships already counts. Our own holds (of any case of ours) on what moves are released first, one
    mutation a call: whoever holds aligns again.
    """

    shop: str
    order_id: str
    location_id: str
    quantities: dict[str, int]


class MovedLines(Message):
    """`refused`: LineItem number -> why Shopify does not move it (a fulfillment request is submitted or accepted, ...)."""

    done: bool
    changed: bool = False
    refused: dict[str, str] = Field(default_factory=dict)
