"""What keeps a line of a partner's stock from becoming a quantity in the store: one visible problem each."""

from enum import StrEnum


class Problem(StrEnum):
    """Why a SKU's quantity is not written. A problem goes away by itself once it is mended."""

    UNREADABLE = "unreadable"
    """The advice's line can't be read; what the partner said of the SKU before still holds."""
    NAMED_TWICE = "named_twice"
    """The advice names the SKU twice, and not alike; the lower quantity is taken."""
    LOCATION_UNMAPPED = "location_unmapped"
    LOCATION_SHARED = "location_shared"
    """Another code of the partner, or another partner's feed, already writes this SKU at the same location in Shopify."""
    SKU_UNKNOWN = "sku_unknown"
    SKU_NOT_UNIQUE = "sku_not_unique"
    """Several inventory items of the shop have the SKU (`duplicateSkuCount`)."""
    NOT_TRACKED = "not_tracked"
    """Shopify does not track the item's quantity."""
    NOT_STOCKED = "not_stocked"
    """The item has no active level at the location (`isActive`)."""
    EDITED_BY_HAND = "edited_by_hand"
    """Somebody changed the quantity in Shopify, and the policy says to leave that until the merchant decides."""
    KEEPS_CHANGING = "keeps_changing"
    """The level changed under each of the push's tries; the next push tries again."""
    ITEM_REFUSED = "item_refused"
    """Shopify refused the item (INVALID_INVENTORY_ITEM, NON_MUTABLE_INVENTORY_ITEM)."""
    LOCATION_REFUSED = "location_refused"
    """Shopify refused the location (INVALID_LOCATION)."""
    QUANTITY_REFUSED = "quantity_refused"
    """Shopify refused the quantity (INVALID_QUANTITY_...)."""
    CONSTRAINT_UNKNOWN = "constraint_unknown"
    """The partner named a constraint we do not know; it is shown and not applied: the quantity still goes."""

    @property
    def words(self) -> str:
        return _WORDS[self]

    @property
    def holds_back(self) -> bool:
        """Whether the quantity is not written while it stands."""
        return self not in _SHOWN_ONLY

    @property
    def partners(self) -> bool:
        """Whether the partner can mend it, rather than the merchant."""
        return self in {
            Problem.UNREADABLE,
            Problem.NAMED_TWICE,
            Problem.SKU_UNKNOWN,
            Problem.CONSTRAINT_UNKNOWN,
        }


_SHOWN_ONLY = frozenset({Problem.CONSTRAINT_UNKNOWN, Problem.NAMED_TWICE})
_WORDS = {
    Problem.UNREADABLE: "can't be read",
    Problem.NAMED_TWICE: "is named twice in one advice; the lower quantity is taken",
    Problem.LOCATION_UNMAPPED: "the location code is mapped to no location",
    Problem.LOCATION_SHARED: "another code or partner writes it at the same location",
    Problem.SKU_UNKNOWN: "no item of the shop has this SKU",
    Problem.SKU_NOT_UNIQUE: "several items of the shop have this SKU",
    Problem.NOT_TRACKED: "Shopify does not track its quantity",
    Problem.NOT_STOCKED: "not stocked at the location",
    Problem.EDITED_BY_HAND: "changed by hand in Shopify",
    Problem.KEEPS_CHANGING: "changes faster than it can be written",
    Problem.ITEM_REFUSED: "Shopify refuses the item",
    Problem.LOCATION_REFUSED: "Shopify refuses the location",
    Problem.QUANTITY_REFUSED: "Shopify refuses the quantity",
    Problem.CONSTRAINT_UNKNOWN: "has a constraint that is not known here",
}
