"""A campaign's metaobject as Shopify has it: what staff wrote in it, read with what is wrong in plain words."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from clients.shopify.admin import AdminApi
from clients.shopify.generated.fragments import CampaignMetaobject
from clients.shopify.generated.input_types import MetaobjectHandleInput
from domain.campaign_readiness import fields as names
from domain.campaign_readiness.plan import MOST_PIECES, TITLE_LENGTH, Window, edited_fields
from domain.campaign_readiness.plan_file import Default
from domain.shopify_ids import gid

PRODUCT_FIELDS = (names.COLLECTIONS, names.PLAN_FILE, names.EXPECTED_QUANTITY, names.READY_BY)
_MOMENTS = frozenset({names.STARTS_AT, names.ENDS_AT})
AS_MADE = "as_made"
"""In our JSON field: the digest of the plan's fields as we made them, so that an edit before the first look is one."""
CASE = "case"


@dataclass(frozen=True)
class StoredCampaign:
    """`fields` are those with a value, by key."""

    metaobject: CampaignMetaobject
    fields: Mapping[str, str]

    @property
    def plan(self) -> dict[str, str]:
        """What staff writes; moments in one spelling, since Shopify chooses its own."""
        return {
            key: _one_spelling(text) if key in _MOMENTS else text
            for key, text in self.fields.items()
            if key in names.PLAN_FIELDS
        }

    @property
    def data(self) -> Mapping[str, object]:
        """Our JSON; empty where it is none, since staff may write there too."""
        try:
            found = json.loads(self.fields.get(names.READINESS_DATA, ""))
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def edited(self, digest_before: str) -> frozenset[str]:
        """The plan's fields that staff has changed since; without a digest, since we made it, or all of them."""
        if not digest_before:
            made = self.data.get(AS_MADE)
            digest_before = made if isinstance(made, str) else ""
        return edited_fields(digest_before, self.plan)


async def find_campaign(admin: AdminApi, metaobject_id: str, handle: str) -> StoredCampaign | None:
    """By its number, else by the handle of its type; None where there is none, or none is named. Raises ShopifyError."""
    if metaobject_id:
        found = (await admin.campaign_by_id(id=gid("Metaobject", metaobject_id))).metaobject
    elif handle:
        key = MetaobjectHandleInput(type_=names.TYPE, handle=handle)
        found = (await admin.campaign_by_handle(handle=key)).metaobject_by_handle
    else:
        return None
    if found is None:
        return None
    return stored(found)


def moment_text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _one_spelling(text: str) -> str:
    try:
        return moment_text(_moment(text))
    except (ValueError, OverflowError):
        return text


def _moment(text: str) -> datetime:
    """A moment as Shopify keeps it, in UTC. Raises ValueError."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def stored(found: CampaignMetaobject) -> StoredCampaign:
    texts = {one.key: one.value for one in found.fields if one.value}
    return StoredCampaign(found, texts)


@dataclass
class Reader:
    """Reads fields, and collects what is wrong with them."""

    fields: Mapping[str, str]
    problems: list[str] = field(default_factory=list)

    def window(self, before: Window | None, edited: Collection[str]) -> Window | None:
        """The window with what staff edited of it; None where a part is missing or can't be."""

        def taken(key: str) -> bool:
            return before is None or key in edited

        title, starts, ends = None, None, None
        if before is not None:
            title, starts, ends = before.title, before.starts_at, before.ends_at
        if taken(names.TITLE):
            title = self._title()
        if taken(names.STARTS_AT):
            starts = self._moment(names.STARTS_AT)
        if taken(names.ENDS_AT):
            ends = self._moment(names.ENDS_AT)
        if title is None or starts is None or ends is None:
            return None
        window = Window(title=title, starts_at=starts, ends_at=ends)
        if window.problem:
            self.problems.append(window.problem)
        return window

    def collections(self) -> list[str]:
        """The GIDs in the list."""
        return self._texts(names.COLLECTIONS, "a list of collections")

    def partners(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._texts(names.PARTNERS, "a list of partners' handles")))

    def default(self) -> Default:
        """What holds for each variant of the collections, and for the lines of the file that leave it open."""
        quantity, day = (
            self.fields.get(names.EXPECTED_QUANTITY, ""),
            self.fields.get(names.READY_BY, ""),
        )
        expected = 0
        if quantity:
            whole = quantity.isascii() and quantity.isdigit() and len(quantity) <= 12
            expected = int(quantity) if whole else 0
            if not 1 <= expected <= MOST_PIECES:
                self.problems.append(f"The expected quantity must be from 1 to {MOST_PIECES}.")
                expected = 0
        ready_by = None
        if day:
            try:
                ready_by = date.fromisoformat(day)
            except ValueError:
                self.problems.append(f"The day {day!r} of 'ready by' can't be read.")
        return Default(expected, ready_by)

    def _title(self) -> str | None:
        title = self.fields.get(names.TITLE, "").strip()
        if not title:
            self.problems.append("The campaign has no title.")
            return None
        return title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1]}…"

    def _moment(self, key: str) -> datetime | None:
        text = self.fields.get(key, "")
        what = "start" if key == names.STARTS_AT else "end"
        if not text:
            self.problems.append(f"The campaign has no {what}.")
            return None
        try:
            return _moment(text)
        except (ValueError, OverflowError):
            self.problems.append(f"The {what} {text!r} can't be read.")
            return None

    def _texts(self, key: str, what: str) -> list[str]:
        text = self.fields.get(key, "")
        if not text:
            return []
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            self.problems.append(f"The field {key} is not {what}.")
            return []
        return [one.strip() for one in found if one.strip()]
