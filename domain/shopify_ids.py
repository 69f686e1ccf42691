"""Shopify's global ids and the numeric ids that keys are made of.

A GID is `gid://shopify/{Type}/{number}`; keys, messages and tables carry the number, because a GID has slashes.
"""

import re

_GID = re.compile(r"gid://shopify/(?P<type>[A-Za-z]+)/(?P<id>[0-9]+)")
_NUMBER = re.compile(r"[0-9]{1,20}")


def numeric_id(value: str | int) -> str:
    """The number of a GID, or of a bare number.

    Raises:
        ValueError: it is neither.
    """
    text = str(value)
    if match := _GID.fullmatch(text):
        return match["id"]
    if _NUMBER.fullmatch(text):
        return text
    raise ValueError(f"{text!r} is neither a Shopify GID nor a numeric id.")


def gid(type_: str, number: str) -> str:
    """The GID of an object of this type."""
    return f"gid://shopify/{type_}/{numeric_id(number)}"
