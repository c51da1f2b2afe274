"""How does a unit of work reach the database, in as few round trips as its promises allow?"""

import asyncpg

from adapters.postgres.pool import Connection, Pool, Row
from adapters.postgres.reads import every, first
from adapters.postgres.statements import Write, statements
from application.ports.storage import Busy, KeyTaken, Taken
from domain.errors import SlotTaken


class LazyTransaction:
    """Connects at the first read and begins at the first lock; writes wait for the end.

    Where nothing was locked and one statement holds all writes, that statement is the transaction.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._connection: Connection | None = None
        self._begun = False
        self._writes: list[Write] = []

    async def read(self, sql: str, *args: object) -> Row | None:
        """Fetch one row as it is now, without keeping it from changing."""
        return await first(await self._connected(), sql, *args)

    async def lock(self, sql: str, *args: object) -> Row | None:
        """Run a statement whose locks, or changes, have to last until the end of the unit; fetch its first row.

        Raises:
            Busy: somebody holds a row for too long.
        """
        try:
            return await first(await self._in_transaction(), sql, *args)
        except asyncpg.LockNotAvailableError as error:
            raise Busy from error

    async def lock_all(self, sql: str, *args: object) -> list[Row]:
        """Do the same, and fetch all rows."""
        return await every(await self._in_transaction(), sql, *args)

    def write(self, write: Write) -> None:
        """Store this at the end of the unit."""
        self._writes.append(write)

    async def finish(self) -> bool:
        """Store everything and commit; tell whether work has become due by it.

        Raises:
            SlotTaken, KeyTaken, Taken: a constraint refused a write, and nothing was stored.
        """
        brought_work = any(write.brings_work for write in self._writes)
        pending = list(statements(self._writes))
        if len(pending) > 1:
            await self._in_transaction()
        try:
            for statement in pending:
                row = await (await self._connected()).fetchrow(statement.sql, *statement.args)
                brought_work |= row is not None and any(value is True for value in row)
            if self._begun:
                await (await self._connected()).execute("commit")
                self._begun = False
        except (asyncpg.UniqueViolationError, asyncpg.ExclusionViolationError) as error:
            if (refusal := _refusal(str(getattr(error, "constraint_name", None)))) is None:
                raise
            raise refusal from error
        return brought_work

    async def close(self) -> None:
        """Roll back what wasn't committed, and give the connection back."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if self._begun and not connection.is_closed():
                await connection.execute("rollback")
        finally:
            await self._pool.release(connection)

    async def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = await self._pool.acquire()
        return self._connection

    async def _in_transaction(self) -> Connection:
        connection = await self._connected()
        if not self._begun:
            # From here on, also if this is cancelled, a transaction may be open.
            self._begun = True
            await connection.execute("begin")
        return connection


def _refusal(constraint: str) -> Exception | None:
    match constraint:
        case "bookings_dont_overlap":
            return SlotTaken()
        case "idempotency_keys_are_unique":
            return KeyTaken()
        case "hosts_email_is_unique":
            return Taken("email")
        case "hosts_handle_is_unique":
            return Taken("handle")
        case "booking_pages_slug_is_unique" | "event_types_slug_is_unique":
            return Taken("slug")
        case _:
            return None
