"""Events of our own, put into the inbox from inside: what one case asks of another lifecycle."""

from pydantic import Field

from domain.message import Message

CREATE_EXCEPTION = "exceptions/create"
CREATE_REPLENISHMENT = "replenishments/create"
CREATE_CAMPAIGN = "campaigns/create"
SYNC_PARTNER = "sync/partner"  # an operator asks to look at all that a partner has
CAMPAIGN_PLAN = "campaigns/plan"  # other products, or another window, for a campaign that is open


class PutEvent(Message):
    """`delivery_id` makes a repeat a duplicate: unique for the topic in the shop, the same at every attempt.

    The body of an exception: `order_id`, `reason` (its `Reason`), `note`, `line_ids`, `opened_by`.
    """

    shop: str
    topic: str
    delivery_id: str = Field(min_length=1)
    body: dict[str, object]


class EventPut(Message):
    """What became of it: the inbox's status (`received`: it is taken up by the sweep), why, and the cases concerned."""

    event_id: int
    status: str
    reason: str = ""
    case_ids: tuple[str, ...] = ()
