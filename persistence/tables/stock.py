"""A partner's stock in a shop: what it said, what we wrote of it, and the pushes under way."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from persistence.base import Json, JsonObject, Table, UtcDateTime, one_of

ADVICE_STATES = ("reading", "staged", "applied", "discarded")
ENTRY_STATES = ("planned", "left", "written", "refused")


class StockAdvice(Table, table=True):
    """An inventory advice as far as it was read; its lines are staged until it is applied or discarded."""

    __tablename__ = "stock_advices"
    __table_args__ = (one_of("state", ADVICE_STATES),)

    shop_id: str = Field(primary_key=True, foreign_key="shops.id")
    partner_id: str = Field(primary_key=True)
    advice_id: str = Field(primary_key=True)
    version: int
    location_code: str
    as_of: datetime = Field(sa_type=UtcDateTime)
    sequence: int = Field(sa_type=BigInteger)
    kind: str
    state: str = "reading"
    next_page: int = Field(default=1, description="the page of lines that is read next")
    lines: int = 0
    unreadable: int = 0
    nameless: int = Field(default=0, description="of them, those whose SKU can't be read either")
    result: JsonObject | None = Field(default=None, sa_type=Json, description="what applying did")
    changed_at: datetime = Field(sa_type=UtcDateTime)


class StockAdviceLine(Table, table=True):
    """A staged line. Of a SKU that is named twice, one line is left."""

    __tablename__ = "stock_advice_lines"
    __table_args__ = (Index(None, "shop_id", "partner_id", "advice_id", "sku"),)

    shop_id: str = Field(primary_key=True)
    partner_id: str = Field(primary_key=True)
    advice_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    sku: str
    available: int | None = None
    allocation: int | None = None
    available_date: date | None = None
    constraint_code: str = ""
    constraint_until: date | None = None
    problem: str | None = None


class StockPlace(Table, table=True):
    """The newest snapshot that was applied at a location: of a SKU it did not name there is none, whatever comes later."""

    __tablename__ = "stock_places"

    shop_id: str = Field(primary_key=True)
    partner_id: str = Field(primary_key=True)
    location_code: str = Field(primary_key=True)
    as_of: datetime = Field(sa_type=UtcDateTime)
    sequence: int = Field(sa_type=BigInteger)
    advice_id: str


class InventoryPosition(Table, table=True):
    """What a partner last said of a SKU at one of its locations, and what the shop was last made of it.

    `settled_*` is the word that was last made true in the shop; `anchor` is the level it then had, and `believed` pieces
    more, when `ordered_then` pieces had been ordered since `settled_as_of`. So the level now should be
    `anchor - (ordered now - ordered_then)`: an order that comes in needs no push.
    """

    __tablename__ = "inventory_positions"
    __table_args__ = (
        Index(None, "shop_id", "item_gid", "location_gid"),
        Index(None, "shop_id", "sku"),
    )

    shop_id: str = Field(primary_key=True, foreign_key="shops.id")
    partner_id: str = Field(primary_key=True)
    location_code: str = Field(primary_key=True)
    sku: str = Field(primary_key=True)

    available: int | None = Field(default=None, description="null: no line could be read yet")
    allocation: int | None = None
    available_date: date | None = None
    constraint_code: str = ""
    constraint_until: date | None = None
    as_of: datetime = Field(sa_type=UtcDateTime)
    sequence: int = Field(sa_type=BigInteger)
    advice_id: str
    advice_version: int
    said_problem: str | None = Field(default=None, description="of the newest line itself")
    said_since: datetime | None = Field(default=None, sa_type=UtcDateTime)

    location_gid: str | None = None
    item_gid: str | None = None
    problem: str | None = Field(default=None, description="of bringing it into the shop")
    problem_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    look_again: bool = False
    settled_base: int | None = Field(
        default=None, description="null: never made true, or not there"
    )
    settled_as_of: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unconfirmed: bool = Field(
        default=False, description="made true for the first time: orders may have been missed"
    )
    anchor: int | None = None
    ordered_then: int = 0
    written: int | None = Field(default=None, description="the quantity we last wrote")
    written_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    believed: int = Field(default=0, description="pieces gone that no order explains yet")
    believed_since: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SkuMapping(Table, table=True):
    """An inventory item of a shop, by the bulk operation that last saw it. SKUs are not unique at Shopify."""

    __tablename__ = "sku_mappings"
    __table_args__ = (Index(None, "shop_id", "sku"),)

    shop_id: str = Field(primary_key=True, foreign_key="shops.id")
    item_gid: str = Field(primary_key=True)
    sku: str
    tracked: bool
    seen_at: datetime = Field(sa_type=UtcDateTime)


class ItemRefresh(Table, table=True):
    """A shop's latest reading of all its inventory items. Its operation is kept, so that a retry starts no second."""

    __tablename__ = "item_refreshes"

    shop_id: str = Field(primary_key=True, foreign_key="shops.id")
    requests: list[str] = Field(default_factory=list, sa_type=Json, description="who takes part")
    operation_gid: str | None = None
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    result: JsonObject | None = Field(default=None, sa_type=Json)


class StockPush(Table, table=True):
    """A round of a push that was planned, so that a repeat of a plan whose batches were begun answers as it did.

    `owner` is the run that counts the pushes: another run, or the partner's next case, begins at one again.
    """

    __tablename__ = "stock_pushes"

    shop_id: str = Field(primary_key=True, foreign_key="shops.id")
    partner_id: str = Field(primary_key=True)
    push: int = Field(primary_key=True)
    round: int = Field(primary_key=True)
    owner: str
    plan: JsonObject = Field(sa_type=Json)


class StockPushBatch(Table, table=True):
    """A batch that was begun: what it holds never changes again. `result`: how it went, once that is known."""

    __tablename__ = "stock_push_batches"

    shop_id: str = Field(primary_key=True)
    partner_id: str = Field(primary_key=True)
    push: int = Field(primary_key=True)
    round: int = Field(primary_key=True)
    batch: int = Field(primary_key=True)
    idempotency_key: str
    result: JsonObject | None = Field(default=None, sa_type=Json)


class StockPushEntry(Table, table=True):
    """A quantity to be written, by the round that planned it last; stored before it is sent."""

    __tablename__ = "stock_push_entries"
    __table_args__ = (
        Index(None, "shop_id", "partner_id", "push", "round", "batch"),
        one_of("state", ENTRY_STATES),
    )

    shop_id: str = Field(primary_key=True)
    partner_id: str = Field(primary_key=True)
    push: int = Field(primary_key=True)
    location_code: str = Field(primary_key=True)
    sku: str = Field(primary_key=True)
    round: int
    batch: int
    place: int = Field(description="in its batch, from 0: what an error's field names")
    item_gid: str
    location_gid: str
    change_from: int
    quantity: int
    base: int
    as_of: datetime = Field(sa_type=UtcDateTime)
    ordered: int
    believed: int = 0
    believed_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    edited: bool = Field(default=False, description="it writes over a change by hand")
    first: bool = Field(default=False, description="nothing was made true of the position before")
    advice_id: str
    state: str = "planned"
    problem: str | None = None
