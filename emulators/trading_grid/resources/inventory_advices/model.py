"""What a partner says it has, at one place and one time."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, computed_field, model_validator

from emulators.trading_grid.query import COMMON_FIELDS, Value
from emulators.trading_grid.resources.inventory_advices.generator import Generate
from emulators.trading_grid.resources.inventory_advices.lines import AdviceLine
from emulators.trading_grid.store import Entity, ExternalReference, Name, UtcTime, Wire
from emulators.trading_grid.wire import Links, dump

AdviceKind = Literal["snapshot", "delta"]


class InventoryAdvice(Entity):
    """Never changed: the next advice is another. ``as_of`` and ``sequence`` say which of two is newer,
    whatever order they come in."""

    NAME: ClassVar[str] = "inventory_advice"
    COLLECTION: ClassVar[str] = "inventory-advices"

    partner_id: str
    location_code: Name
    as_of: UtcTime
    sequence: int
    kind: AdviceKind
    lines: list[AdviceLine] = Field(exclude=True)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def line_count(self) -> int:
        return len(self.lines)

    def owners(self) -> tuple[str, ...]:
        return (self.partner_id, place(self.partner_id, self.location_code))

    def newness(self) -> tuple[datetime, int]:
        return (self.as_of, self.sequence)


def place(partner_id: str, location_code: str) -> str:
    """What the advices of one partner about one place are looked up by."""
    return f"{partner_id} {location_code}"


class AdviceBody(Wire):
    """What a partner publishes. ``as_of`` left out is now, ``sequence`` the next of the place. A snapshot
    may be empty, as from a broken file."""

    partner_id: Name
    location_code: Name
    as_of: UtcTime | None = None
    sequence: Annotated[int, Field(ge=0, le=10**15)] | None = None
    kind: AdviceKind = "snapshot"
    lines: list[AdviceLine] | None = None
    generate: Generate | None = None
    external_reference: ExternalReference | None = None

    @model_validator(mode="after")
    def _one_source(self) -> "AdviceBody":
        if (self.lines is None) == (self.generate is None):
            raise ValueError("send either lines or generate")
        return self


ADVICE_FIELDS: dict[str, type[Value]] = {
    **COMMON_FIELDS,
    "location_code": str,
    "as_of": datetime,
    "sequence": int,
    "kind": str,
    "line_count": int,
}


def render_advice(advice: InventoryAdvice, links: Links) -> dict[str, Any]:
    """Without its lines, which only the advice itself shows, in pages."""
    return dump(advice, links)
