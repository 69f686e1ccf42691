"""What an operator can tell any case: the updates all lifecycles share.

Every command carries its actor; its `Idempotency-Key` is the update's id, which Temporal remembers for as long as the run
lasts: a repeat gets the first receipt, and the receipt's digest tells whether it was the same command. A handler only
records; the workflow's `run` acts on it.
"""

from hashlib import sha256

from pydantic import AwareDatetime, Field

from domain.message import Message

MESSAGE_PARTNER = "message_partner"
NUDGE = "nudge"
EXTEND = "extend"
ADD_NOTE = "add_note"
ASSIGN = "assign"
CANCEL = "cancel"
RETRY = "retry"
DECIDE = "decide"  # its argument is the lifecycle's own

SHOPIFY_CHANGED = "shopify_changed"  # signal: look again
PARTNER_CHANGED = "partner_changed"  # signal: look again
CASE_CHANGED = "case_changed"  # signal: another case of ours changed, look again
PAUSE_CHANGED = "pause_changed"  # signal: a pause switch was turned

CURRENT = "current"  # query


class Command(Message):
    """One word of an operator."""

    actor: str = Field(min_length=1, max_length=120)

    def digest(self) -> str:
        """What tells a repeated command from another one sent under the same key."""
        return sha256(f"{type(self).__name__}:{self.model_dump_json()}".encode()).hexdigest()[:32]


class MessagePartner(Command):
    """Text and files for a partner; `hand_back` returns the case to it (an answered question does)."""

    partner: str
    text: str = Field(min_length=1, max_length=10_000)
    document_ids: tuple[str, ...] = Field(default=(), max_length=20)
    hand_back: bool = True


class Nudge(Command):
    """Remind a partner now."""

    partner: str
    text: str = Field(default="", max_length=2_000)


class Extend(Command):
    """Give a partner until `until`; with an empty `partner`, the merchant or the goods, whichever is waited for."""

    partner: str
    until: AwareDatetime


class AddNote(Command):
    text: str = Field(min_length=1, max_length=10_000)


class Assign(Command):
    assignee: str = Field(max_length=120)


class Cancel(Command):
    """Give the case up: partner cases are closed, what is ours is released; nothing is undone in Shopify."""

    reason: str = Field(min_length=1, max_length=1_000)


class Retry(Command):
    """Try again what was refused for good."""


class Receipt(Message):
    """The answer to every command: it is recorded, and this is where the case stands."""

    command: str
    digest: str
    status: str
    waiting_for: str = ""


class ShopifyChanged(Message):
    """Something at Shopify concerns this case; the workflow reads the object again. Never state itself."""

    event_id: str
    topic: str


class PartnerChanged(Message):
    """Something at Trading Grid concerns this case; the workflow reads the resource again. Never state itself."""

    event_id: str
    event_type: str
    partner: str
    resource_id: str = ""
    version: int = 0


class CaseChanged(Message):
    """Another case that this one depends on changed; the workflow asks it again. Never state itself."""

    event_id: str
    case_id: str


class PauseChanged(Message):
    """A pause switch was set or lifted; the workflow looks at once instead of at its next look."""

    event_id: str
