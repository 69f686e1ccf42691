"""How a rule says no: Shopify's user errors."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class UserError:
    """One entry of ``userErrors``. ``code`` is shown only where the payload's error type has one."""

    field: tuple[str, ...] | None
    message: str
    code: str | None = None
    element_index: int | None = None
    element_key: str | None = None


class Refused(Exception):
    """The rule forbids it; nothing was changed."""

    def __init__(self, *errors: UserError) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors


def refuse(
    message: str, *, code: str | None = None, field: tuple[str, ...] | None = None
) -> Refused:
    """A refusal with one user error."""
    return Refused(UserError(field=field, message=message, code=code))
