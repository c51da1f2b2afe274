"""A pool whose connections lead to a pooler that gives out servers by the transaction, as PgBouncer does in that mode.

What is prepared in one transaction isn't there in the next, and neither is a setting: so every statement is in a
transaction, which begins with the settings. That takes two round trips more for each, so only who needs it has it.
"""

from collections.abc import Mapping
from typing import Any, Final

from adapters.postgres.pool import LIMITS, NAMES, DatabaseConnection, Lending, Pool, Row, open_pool

_ENDS: Final = {"commit", "rollback"}


async def open_transaction_pool(url: str, *, min_size: int = 2, max_size: int = 10) -> Pool:
    """Do the same as `open_pool` by way of a pooler."""
    real = await open_pool(url, min_size=min_size, max_size=max_size, server_settings=NAMES, statement_cache_size=0)
    return TransactionPool(real, LIMITS)


class TransactionPool(Lending):
    """Lends connections that are in a transaction from their first statement on."""

    def __init__(self, pool: Pool, settings: Mapping[str, str]) -> None:
        self._pool = pool
        self._begin = "; ".join(("begin", *(f"set local {name} = '{value}'" for name, value in settings.items())))

    async def acquire(self) -> "TransactionConnection":
        return TransactionConnection(await self._pool.acquire(), self._begin)

    async def release(self, connection: DatabaseConnection, /) -> None:
        assert isinstance(connection, TransactionConnection)
        try:
            await connection.finish()
        finally:
            await self._pool.release(connection.real)

    async def close(self) -> None:
        await self._pool.close()


class TransactionConnection:
    """A connection whose statements share one transaction, until it is ended or the connection is given back."""

    def __init__(self, real: DatabaseConnection, begin: str) -> None:
        self.real = real
        self._begin = begin
        self._is_open = False

    def is_closed(self) -> bool:
        return self.real.is_closed()

    def is_in_transaction(self) -> bool:
        return self._is_open

    async def execute(self, sql: str, /, *args: object) -> str:
        if sql in _ENDS:
            self._is_open = False
            return await self.real.execute(sql)
        await self._opened()
        return sql if sql == "begin" else await self.real.execute(sql, *args)

    async def fetch(self, sql: str, /, *args: object) -> list[Row]:
        return await (await self._opened()).fetch(sql, *args)

    async def fetchrow(self, sql: str, /, *args: object) -> Row | None:
        return await (await self._opened()).fetchrow(sql, *args)

    async def fetchval(self, sql: str, /, *args: object) -> Any:
        return await (await self._opened()).fetchval(sql, *args)

    async def finish(self) -> None:
        """Commit what is open; PostgreSQL rolls it back instead where a statement has failed."""
        if self._is_open:
            await self.execute("commit")

    async def _opened(self) -> DatabaseConnection:
        if not self._is_open:
            # From here on, also if this is cancelled, a transaction may be open.
            self._is_open = True
            await self.real.execute(self._begin)
        return self.real
