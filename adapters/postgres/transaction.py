"""One transaction of PostgreSQL, begun when it is first needed."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

import asyncpg
import msgspec

from adapters.postgres.pool import AWAY, DatabaseConnection, Pool, Row, is_closed, is_lost
from adapters.postgres.reads import every, first
from application.ports.conflicts import Busy, Conflict
from application.ports.outbox import Lease
from domain.ids import HostId

Refusals = Mapping[str, Callable[[], Exception]]
"""What is raised where a constraint of this name refuses a statement."""

_NONE: Refusals = MappingProxyType({})


def _accept(_row: Row | None) -> None:
    """Accept any result."""


def check_saved(row: Row | None) -> None:
    """Raise Conflict where an update found no row of the version that was read."""
    if row is None:
        raise Conflict


@contextmanager
def _busy() -> Generator[None]:
    try:
        yield
    except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError) as error:
        raise Busy from error


class _Write(msgspec.Struct, frozen=True):
    sql: str
    args: tuple[object, ...]
    refusals: Refusals
    check: Callable[[Row | None], None]


class Transaction:
    """Connects at the first read and begins at the first lock; writes run at the end, in the order they were given.

    A single write without locks needs no `begin` and `commit` around it.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._connection: DatabaseConnection | None = None
        self._begun = False
        self._writes: list[_Write] = []
        self.makes_work_due = False
        """Whether due work has to be looked for after the commit."""
        self.leased: list[Lease] = []
        """Due jobs that are stored as leased, to be sent after the commit."""
        self.unheard: set[HostId] = set()
        """Hosts whose events nobody listens to, as far as that was read along with something else."""

    async def read(self, sql: str, *args: object) -> Row | None:
        """Fetch one row as it is now, without keeping it from changing."""
        return await first(await self._connected(), sql, *args)

    async def read_all(self, sql: str, *args: object) -> list[Row]:
        """Do the same, and fetch all rows."""
        return await every(await self._connected(), sql, *args)

    async def lock(self, sql: str, *args: object) -> Row | None:
        """Run a statement whose locks, or changes, have to last until the end of the unit; fetch its first row.

        Raises:
            Busy: somebody holds a row for too long.
        """
        with _busy():
            return await first(await self._in_transaction(), sql, *args)

    async def lock_all(self, sql: str, *args: object) -> list[Row]:
        """Do the same, and fetch all rows."""
        with _busy():
            return await every(await self._in_transaction(), sql, *args)

    def write(
        self, sql: str, *args: object, refusals: Refusals = _NONE, check: Callable[[Row | None], None] = _accept
    ) -> None:
        """Run a statement at the end of the unit.

        Args:
            refusals: by the names of the constraints that can refuse it.
            check: is given the statement's first row, and raises only where the statement has changed nothing.
        """
        self._writes.append(_Write(sql, args, refusals, check))

    async def finish(self) -> None:
        """Run the writes and commit.

        Raises what a write's constraints and check say, and Busy like `lock`; nothing is stored then.
        """
        if len(self._writes) > 1:
            await self._in_transaction()
        for write in self._writes:
            await self._run(write)
        if self._begun:
            await (await self._connected()).execute("commit")
            self._begun = False

    async def close(self) -> None:
        """Roll back what wasn't committed, and give the connection back."""
        # What checks a write may hold this transaction: only a collection of garbage would free the two.
        self._writes.clear()
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if self._begun and not is_closed(connection):
                await connection.execute("rollback")
        except AWAY as error:
            # With its connection a transaction has gone, too.
            if not is_lost(error):
                raise
        finally:
            await self._pool.release(connection)

    async def _run(self, write: _Write) -> None:
        connection = await self._connected()
        try:
            with _busy():
                row = await connection.fetchrow(write.sql, *write.args)
        except (
            asyncpg.UniqueViolationError,
            asyncpg.ExclusionViolationError,
            asyncpg.ForeignKeyViolationError,
        ) as error:
            if refusal := write.refusals.get(str(getattr(error, "constraint_name", None))):
                raise refusal() from error
            raise
        write.check(row)

    async def _connected(self) -> DatabaseConnection:
        if self._connection is None:
            self._connection = await self._pool.acquire()
        return self._connection

    async def _in_transaction(self) -> DatabaseConnection:
        connection = await self._connected()
        if not self._begun:
            # From here on, also if this is cancelled, a transaction may be open.
            self._begun = True
            await connection.execute("begin")
        return connection
