"""Enums of a remote API: open sets, as Shopify says of its own."""

from enum import StrEnum
from typing import Self


class OpenEnum(StrEnum):
    """An enum that keeps a value it does not know, instead of failing the whole response.

    An unknown value compares and hashes by its text, is no listed member (`known` is False) and
    serialises as it came. Compare with `==`, not `is`.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member

    @property
    def known(self) -> bool:
        return self._value_ in type(self)._value2member_map_
