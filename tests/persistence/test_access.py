"""API keys and idempotency keys."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from persistence.errors import BadValueError, IdempotencyMismatchError, NotFoundError
from persistence.repositories import api_keys, idempotency_keys
from persistence.repositories.idempotency_keys import Finished, Running, Started
from persistence.session import Database
from persistence.tables import ApiKey

PEPPER = b"a pepper of enough bytes"


async def make_key(database: Database, now: datetime, **options: Any) -> tuple[ApiKey, str]:
    async with database.begin() as session:
        key, token = await api_keys.create(
            session, PEPPER, name="console", now=now, **{"scopes": ["read"], **options}
        )
    return key, token.get_secret_value()


async def verify(
    database: Database, token: str, now: datetime, pepper: bytes = PEPPER
) -> str | None:
    async with database.read() as session:
        key = await api_keys.verify(session, pepper, token, now)
        return None if key is None else key.id


async def test_a_key_is_known_by_the_secret_that_is_shown_once(
    database: Database, now: datetime
) -> None:
    key, token = await make_key(database, now, scopes=["read", "operate"])
    assert token.startswith(f"gck_{key.prefix}_")
    assert await verify(database, token, now) == key.id
    async with database.read() as session:
        stored = (await session.exec(select(ApiKey))).one()
    secret = token.removeprefix(f"gck_{key.prefix}_")
    assert secret not in str(stored.model_dump())
    assert stored.hash not in repr(stored)
    assert stored.scopes == ["operate", "read"]


async def test_what_is_not_the_key_is_not_known(database: Database, now: datetime) -> None:
    _, token = await make_key(database, now)
    _, other = await make_key(database, now)
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    mixed = other[:15] + token[15:]
    for wrong in ("", "gck_", token[:-1], changed, mixed, token + " ", token.upper(), "gck_a_b"):
        assert await verify(database, wrong, now) is None
    assert await verify(database, token, now, b"another pepper, as long") is None
    assert await verify(database, token, now) is not None


async def test_a_key_ends_when_it_expires(database: Database, now: datetime) -> None:
    key, token = await make_key(database, now, expires_at=now + timedelta(days=1))
    assert await verify(database, token, now + timedelta(hours=23)) == key.id
    assert await verify(database, token, now + timedelta(days=1)) is None


async def test_a_revoked_key_is_refused_and_stays_listed(database: Database, now: datetime) -> None:
    key, token = await make_key(database, now)
    async with database.begin() as session:
        await api_keys.revoke(session, key.id, now)
        again = await api_keys.revoke(session, key.id, now + timedelta(days=1))
        assert again.revoked_at == now
        with pytest.raises(NotFoundError):
            await api_keys.revoke(session, "none", now)
    assert await verify(database, token, now) is None
    async with database.read() as session:
        assert [row.id for row in await api_keys.list_all(session)] == [key.id]
        assert (await api_keys.get(session, key.id)).name == "console"


async def test_use_is_noted_at_most_once_a_minute(database: Database, now: datetime) -> None:
    key, _ = await make_key(database, now)
    written = []
    for seconds in (0, 59, 60, 61, 120):
        at = now + timedelta(seconds=seconds)
        async with database.begin() as session:
            needed = api_keys.needs_touch(await api_keys.get(session, key.id), at)
            written.append(await api_keys.touch(session, key.id, at))
            assert needed == written[-1]
    assert written == [True, False, True, False, True]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["read", "root"]}, "scopes"),
        ({"expires_at": datetime.fromisoformat("2020-01-01T00:00:00Z")}, "in the past"),
    ],
)
async def test_a_key_that_makes_no_sense_is_refused(
    database: Database, now: datetime, options: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(BadValueError, match=complaint):
        await make_key(database, now, **options)


async def test_a_pepper_that_is_too_short_is_refused(database: Database, now: datetime) -> None:
    async with database.begin() as session:
        with pytest.raises(BadValueError, match="pepper"):
            await api_keys.create(session, b"short", name="x", scopes=["read"], now=now)


async def begin(
    database: Database,
    now: datetime,
    *,
    key: str = "k",
    route: str = "POST /cases",
    body: str = "b",
) -> Started | Running | Finished:
    async with database.begin() as session:
        return await idempotency_keys.begin(
            session, actor="ann", key=key, route=route, body_sha256=body, now=now
        )


async def finish(database: Database, status_code: int = 201, response: Any = None) -> None:
    async with database.begin() as session:
        await idempotency_keys.finish(
            session, actor="ann", key="k", status_code=status_code, response=response
        )


async def test_a_repeated_request_gets_the_first_answer(database: Database, now: datetime) -> None:
    assert await begin(database, now) == Started()
    await finish(database, 201, {"id": "case-1"})
    await finish(database, 500, {"error": "the first answer stands"})
    assert await begin(database, now) == Finished(201, {"id": "case-1"})


async def test_an_answer_without_a_body_is_kept_too(database: Database, now: datetime) -> None:
    await begin(database, now)
    await finish(database, 204)
    assert await begin(database, now) == Finished(204, None)


async def test_of_requests_at_once_one_starts(database: Database, now: datetime) -> None:
    results = await asyncio.gather(*(begin(database, now) for _ in range(6)))
    assert results.count(Started()) == 1
    assert results.count(Running(now + timedelta(seconds=60))) == 5


async def test_a_request_whose_process_died_can_be_made_again(
    database: Database, now: datetime
) -> None:
    await begin(database, now)
    assert await begin(database, now + timedelta(seconds=60)) == Started()
    assert isinstance(await begin(database, now + timedelta(seconds=61)), Running)


async def test_a_key_used_for_another_request_is_refused(database: Database, now: datetime) -> None:
    await begin(database, now)
    with pytest.raises(IdempotencyMismatchError, match="another request"):
        await begin(database, now, body="other")
    with pytest.raises(IdempotencyMismatchError):
        await begin(database, now, route="POST /partners")


async def test_a_key_that_was_given_up_is_free(database: Database, now: datetime) -> None:
    await begin(database, now)
    async with database.begin() as session:
        assert await idempotency_keys.forget(session, actor="ann", key="k")
        assert not await idempotency_keys.forget(session, actor="ann", key="k")
    assert await begin(database, now, body="other") == Started()
    await finish(database)
    async with database.begin() as session:
        assert not await idempotency_keys.forget(session, actor="ann", key="k")


async def test_a_key_is_kept_for_a_day(database: Database, now: datetime) -> None:
    await begin(database, now)
    await finish(database)
    day = timedelta(hours=24)
    second = timedelta(seconds=1)
    assert isinstance(await begin(database, now + day - second), Finished)
    assert await begin(database, now + day, body="other") == Started()
    async with database.begin() as session:
        assert await idempotency_keys.purge(session, now + 2 * day - second) == 0
        assert await idempotency_keys.purge(session, now + 2 * day) == 1


async def test_a_key_without_sensible_length_is_refused(database: Database, now: datetime) -> None:
    for key in ("", "x" * 256):
        with pytest.raises(BadValueError):
            await begin(database, now, key=key)


async def test_finishing_what_was_never_begun_is_refused(database: Database) -> None:
    with pytest.raises(NotFoundError):
        await finish(database)
