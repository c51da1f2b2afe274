"""The pool of connections to PostgreSQL, as far as the adapters use one."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, NamedTuple, Protocol, Self, cast
from urllib.parse import urlsplit

import asyncpg

# asyncpg has no types of its own.
_asyncpg = cast("Any", asyncpg)

COMMAND_TIMEOUT_SECONDS = 30

NAMES = {"application_name": "timetuna", "timezone": "UTC"}

LIMITS = {
    # Compiling costs more than any of these statements takes.
    "jit": "off",
    # And so does starting parallel workers, which are started for parts of a plan that are never executed, too.
    "max_parallel_workers_per_gather": "0",
    # Longer than a refresh that works takes, shorter than any job may run.
    "lock_timeout": "12s",
    # Rows that a stuck process has locked come free again.
    "idle_in_transaction_session_timeout": "60s",
}

SERVER_SETTINGS = NAMES | LIMITS

CONNECT_SECONDS = 5.0
"""For each host. One that has lost its power says nothing, and the next may have taken over."""

AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What is raised where the database can't be reached, or where none of several hosts is the primary by now."""

LOST = (
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TargetServerAttributeNotMatched,
    asyncpg.InsufficientResourcesError,
    # The next use of a connection that the server has ended and that isn't closed yet.
    asyncpg.InternalClientError,
)
"""As far as these are nothing else: the server has gone or restarts, or it has no disk, memory or connection left for
this; it may be there in a moment.
"""

_GONE = ("connection is closed", "connection has been released back to the pool")


def is_lost(error: Exception) -> bool:
    """Whether this is raised because of the server: it may work in a moment."""
    # Of a connection that has ended between two statements asyncpg tells by words alone.
    return isinstance(error, LOST) or (isinstance(error, asyncpg.InterfaceError) and str(error).endswith(_GONE))


class Row(Protocol):
    def __getitem__(self, column: str | int, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...


class Queries(Protocol):
    """What a connection and the pool have in common; each call is one round trip."""

    async def execute(self, sql: str, /, *args: object) -> str: ...

    async def fetch(self, sql: str, /, *args: object) -> list[Row]: ...

    async def fetchrow(self, sql: str, /, *args: object) -> Row | None: ...

    async def fetchval(self, sql: str, /, *args: object) -> Any: ...


class DatabaseConnection(Queries, Protocol):
    def is_closed(self) -> bool: ...

    def is_in_transaction(self) -> bool: ...


class Pool(Queries, Protocol):
    async def acquire(self) -> DatabaseConnection: ...

    async def release(self, connection: DatabaseConnection, /) -> None: ...

    async def close(self) -> None: ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


IDLE_SECONDS = 60.0
"""A connection that nobody has wanted for so long goes back to asyncpg's pool, which closes it by and by."""


async def connect(url: str, **options: object) -> Any:
    """Connect to the first host of the URL that answers in time and is what `target_session_attrs` asks for.

    Raises:
        AWAY, ValueError: why the first one can't be used.
    """
    first: Exception | None = None
    for each in hosts_of(url):
        try:
            return await _asyncpg.connect(each, **{"timeout": CONNECT_SECONDS, **options})
        except AWAY as error:
            first = first or error
    assert first is not None
    raise first


def port_of(connection: object) -> int | None:
    """The port that this end of a connection has; a socket in a folder has none."""
    name: tuple[str, int] | str | None = cast("Any", connection)._transport.get_extra_info("sockname")  # noqa: SLF001
    return name[1] if isinstance(name, tuple) else None


def hosts_of(url: str) -> Iterator[str]:
    """One URL for each host; by itself asyncpg's patience is one for all of them."""
    parts = urlsplit(url)
    login, at, hosts = parts.netloc.rpartition("@")
    return (parts._replace(netloc=f"{login}{at}{host}").geturl() for host in hosts.split(","))


async def open_pool(
    url: str,
    *,
    min_size: int = 2,
    max_size: int = 10,
    server_settings: Mapping[str, str] = SERVER_SETTINGS,
    **options: object,
) -> Pool:
    """Connect to a migrated database.

    No adapter may leave state in a session (no `set` but `set local`, no advisory locks but a transaction's):
    connections go from one user to the next as they are.
    """
    pool = await _asyncpg.create_pool(
        url,
        connect=connect,
        min_size=min_size,
        max_size=max_size,
        command_timeout=COMMAND_TIMEOUT_SECONDS,
        server_settings=dict(server_settings),
        reset=_keep_as_it_is,
        # A new connection has to prepare every statement again.
        max_queries=1_000_000_000,
        **options,
    )
    return KeptConnections(pool)


async def _keep_as_it_is(_connection: DatabaseConnection) -> None:
    """Save the round trip that asyncpg's own reset costs; it still rolls back what was left open."""


class _Free(NamedTuple):
    since: float
    connection: DatabaseConnection


def is_closed(connection: DatabaseConnection) -> bool:
    """Whether it has ended. asyncpg has taken back then what it lent, and answers no question about it."""
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:
        return True


def _is_open(connection: DatabaseConnection) -> bool:
    """Whether a transaction may be open: where a statement is being cancelled, its `begin` may have gone through."""
    protocol = cast("Any", connection)._protocol  # noqa: SLF001
    return protocol.is_in_transaction() or protocol._is_cancelling()  # noqa: SLF001


class Lending(ABC):
    """Runs a single statement on a connection that is lent for it."""

    @abstractmethod
    async def acquire(self) -> DatabaseConnection: ...

    @abstractmethod
    async def release(self, connection: DatabaseConnection, /) -> None: ...

    @abstractmethod
    async def close(self) -> None:
        """Wait until all are given back, and close them."""

    async def execute(self, sql: str, /, *args: object) -> str:
        connection = await self.acquire()
        try:
            return await connection.execute(sql, *args)
        finally:
            await self.release(connection)

    async def fetch(self, sql: str, /, *args: object) -> list[Row]:
        connection = await self.acquire()
        try:
            return await connection.fetch(sql, *args)
        finally:
            await self.release(connection)

    async def fetchrow(self, sql: str, /, *args: object) -> Row | None:
        connection = await self.acquire()
        try:
            return await connection.fetchrow(sql, *args)
        finally:
            await self.release(connection)

    async def fetchval(self, sql: str, /, *args: object) -> Any:
        connection = await self.acquire()
        try:
            return await connection.fetchval(sql, *args)
        finally:
            await self.release(connection)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        await self.close()


class KeptConnections(Lending):
    """A pool in front of a pool, which makes connections, bounds how many there are, and closes them.

    The real one lends a connection by way of a task, a time-out and a proxy of its own: that takes 22 µs of processor
    time where a small query takes as much again.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._free: list[_Free] = []
        """Used last, lent first."""
        self._waiting = 0
        """How many wait for one of the real pool."""
        self._closing = False

    async def acquire(self) -> DatabaseConnection:
        while self._free:
            connection = self._free.pop().connection
            if not is_closed(connection):
                return connection
            await self._pool.release(connection)
        self._waiting += 1
        try:
            return await self._pool.acquire()
        finally:
            self._waiting -= 1

    async def release(self, connection: DatabaseConnection, /) -> None:
        # The real pool wakes whoever waits, and rolls back what was left open.
        if self._waiting or self._closing or is_closed(connection) or _is_open(connection):
            await self._pool.release(connection)
            return
        now = asyncio.get_running_loop().time()
        self._free.append(_Free(now, connection))
        if self._free[0].since + IDLE_SECONDS < now:
            await self._pool.release(self._free.pop(0).connection)

    async def close(self) -> None:
        self._closing = True
        while self._free:
            await self._pool.release(self._free.pop().connection)
        await self._pool.close()
