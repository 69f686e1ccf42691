"""Sellable quantities that orders take and give back. A location that does not stock the item has none."""

from __future__ import annotations

from emulators.shopify.model.catalog import Location, Variant


def take(variant: Variant, location: Location, quantity: int) -> None:
    if location.id in variant.available:
        variant.available[location.id] -= quantity


def give(variant: Variant, location: Location, quantity: int) -> None:
    if location.id in variant.available:
        variant.available[location.id] += quantity


def stocked_at(variant: Variant, location: Location) -> bool:
    """Whether the location may ship the item; an item with no levels at all may come from anywhere."""
    return not variant.available or location.id in variant.available
