"""What goes over the wire to PostgreSQL."""

from adapters.postgres.pool import DatabaseConnection, Pool, Row


class SpyPool:
    """Lends connections of another pool, and notes each round trip by its first word."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.round_trips: list[str] = []

    async def fetch(self, sql: str, /, *args: object) -> list[Row]:
        self._note(sql)
        return await self._pool.fetch(sql, *args)

    async def fetchrow(self, sql: str, /, *args: object) -> Row | None:
        self._note(sql)
        return await self._pool.fetchrow(sql, *args)

    async def acquire(self) -> "SpyConnection":
        return SpyConnection(await self._pool.acquire(), self.round_trips)

    async def release(self, connection: "SpyConnection", /) -> None:
        await self._pool.release(connection.real)

    def _note(self, sql: str) -> None:
        self.round_trips.append(_first_word(sql))


class SpyConnection:
    def __init__(self, real: DatabaseConnection, round_trips: list[str]) -> None:
        self.real = real
        self._round_trips = round_trips

    async def execute(self, sql: str, /, *args: object) -> str:
        self._note(sql)
        return await self.real.execute(sql, *args)

    async def fetchrow(self, sql: str, /, *args: object) -> Row | None:
        self._note(sql)
        return await self.real.fetchrow(sql, *args)

    def is_closed(self) -> bool:
        return self.real.is_closed()

    def is_in_transaction(self) -> bool:
        return self.real.is_in_transaction()

    def _note(self, sql: str) -> None:
        self._round_trips.append(_first_word(sql))


def _first_word(sql: str) -> str:
    return sql.split(maxsplit=1)[0]
