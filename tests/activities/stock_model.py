"""What a partner's words and the customers' orders imply, told again from scratch: the oracle of the model-based tests.

Nothing here is taken from `domain` or `persistence`: it folds all words in their order, whatever order they came in.
"""

from dataclasses import dataclass, field
from datetime import datetime

Place = tuple[str, str]
"""Location code and SKU."""


@dataclass(frozen=True)
class Word:
    """An inventory advice: what it says of each SKU it names. None: closed by a constraint without an end."""

    id: str
    code: str
    snapshot: bool
    as_of: datetime
    sequence: int
    says: dict[str, int | None]


@dataclass
class Sale:
    """An order of one SKU at one location."""

    code: str
    sku: str
    at: datetime
    quantity: int
    hidden: bool = False
    """Whether Shopify's search does not show it yet."""


@dataclass
class Model:
    words: list[Word] = field(default_factory=list)
    """Those the feed has taken in."""
    sales: list[Sale] = field(default_factory=list)

    def said(self) -> dict[Place, tuple[int, datetime]]:
        """What the newest word says of each place it governs, and when that was."""
        found: dict[Place, tuple[int, datetime]] = {}
        for word in sorted(self.words, key=lambda word: (word.as_of, word.sequence, word.id)):
            if word.snapshot:
                for code, sku in list(found):
                    if code == word.code:
                        found[code, sku] = (0, word.as_of)
            for sku, quantity in word.says.items():
                found[word.code, sku] = (max(0, quantity or 0), word.as_of)
        return found

    def allowed(self, *, seen_only: bool = False) -> dict[Place, int]:
        """What the shop may sell: what was said less what was ordered since; orders are told to the second."""
        return {
            place: max(0, quantity - self._ordered(place, as_of, seen_only=seen_only))
            for place, (quantity, as_of) in self.said().items()
        }

    def _ordered(self, place: Place, since: datetime, *, seen_only: bool) -> int:
        second = since.replace(microsecond=0)
        return sum(
            sale.quantity
            for sale in self.sales
            if (sale.code, sale.sku) == place
            and sale.at >= second
            and not (seen_only and sale.hidden)
        )
