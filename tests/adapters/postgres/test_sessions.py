"""What a page costs for knowing who is signed in."""

from datetime import timedelta
from typing import cast

from adapters.postgres.pool import Pool, Row
from adapters.postgres.sessions import PostgresSessions
from adapters.vault.system import SystemIds
from tests.support.builders import NOW, a_host
from tests.support.postgres import StoreInPostgres
from tests.support.store import keep

_WRITES = "select xmin::text || ' ' || ctid::text from sessions"


class CountedPool:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.round_trips = 0

    async def fetchrow(self, sql: str, /, *args: object) -> Row | None:
        self.round_trips += 1
        return await self._pool.fetchrow(sql, *args)


async def test_a_session_is_found_in_one_round_trip_and_written_every_five_minutes(
    postgres_store: StoreInPostgres,
) -> None:
    host = a_host()
    await keep(postgres_store, host)
    token = await postgres_store.sessions.open(host.id, NOW)
    pool = CountedPool(postgres_store.pool)
    sessions = PostgresSessions(cast("Pool", pool), SystemIds())

    versions: list[str] = []
    for minutes in (1, 4, 5, 6, 9, 10):
        assert await sessions.find(token, NOW + timedelta(minutes=minutes))
        versions.append(await postgres_store.pool.fetchval(_WRITES))

    assert 6 == pool.round_trips
    assert 3 == len(set(versions))
