"""Secrets in rows: sealed on the way in, opened on the way out, sealed anew after a key change."""

from typing import Any

from pydantic import SecretStr
from sqlalchemy import inspect
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from persistence.base import SealedText, Table
from persistence.encryption import SecretBox
from persistence.tables import Shop, Tenant

_TABLES_WITH_SECRETS: tuple[type[Tenant] | type[Shop], ...] = (Tenant, Shop)


def seal_into(box: SecretBox, row: Table, column: str, secret: str | SecretStr | None) -> None:
    """Seal a secret for this place and put it there. The row's primary key must be set."""
    clear = secret.get_secret_value() if isinstance(secret, SecretStr) else secret
    setattr(row, column, None if clear is None else box.seal(clear, place(row, column)))


def open_from(box: SecretBox, row: Table, column: str) -> SecretStr | None:
    """Open what is sealed there. Raises `UnknownKeyError` and `BrokenSealError`."""
    sealed: str | None = getattr(row, column)
    return None if sealed is None else SecretStr(box.open(sealed, place(row, column)))


def place(row: Table, column: str) -> str:
    """Name the place a seal is bound to: table, primary key, column."""
    mapper = inspect(type(row))
    key = "/".join(str(getattr(row, part.key)) for part in mapper.primary_key)
    return f"{mapper.local_table}/{key}/{column}"


async def reseal_all(session: AsyncSession, box: SecretBox) -> int:
    """Seal with the current key what an older one sealed; how many secrets that were.

    After it, the older keys can leave the ring. Raises like `open_from`; nothing is changed then,
    if the transaction is given up.
    """
    count = 0
    for table in _TABLES_WITH_SECRETS:
        columns = [c.key for c in inspect(table).columns if isinstance(c.type, SealedText)]
        rows: list[Any] = list((await session.exec(select(table).with_for_update())).all())
        for row in rows:
            for column in columns:
                sealed = getattr(row, column)
                if sealed is not None and not box.is_current(sealed):
                    seal_into(box, row, column, open_from(box, row, column))
                    count += 1
    await session.flush()
    return count
