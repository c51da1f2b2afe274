"""The pool of connections to PostgreSQL, as far as the adapters use one."""

from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Protocol, Self, cast
from urllib.parse import urlsplit

import asyncpg

# asyncpg has no types of its own.
_asyncpg = cast("Any", asyncpg)

COMMAND_TIMEOUT_SECONDS = 30

NAMES = {"application_name": "timetuna", "timezone": "UTC"}

LIMITS = {
    # Compiling costs more than any of these statements takes.
    "jit": "off",
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
)
"""As far as these are nothing else: the server has gone or restarts, or it has no disk, memory or connection left for
this; it may be there in a moment.
"""


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


class Pool(Queries, Protocol):
    async def acquire(self) -> DatabaseConnection: ...

    async def release(self, connection: DatabaseConnection, /) -> None: ...

    async def close(self) -> None: ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


async def connect(url: str, **options: object) -> Any:
    """Connect to the first host of the URL that answers in time and is what `target_session_attrs` asks for.

    Raises:
        AWAY, ValueError: why the first one can't be used.
    """
    first: Exception | None = None
    for each in _hosts_of(url):
        try:
            return await _asyncpg.connect(each, **{"timeout": CONNECT_SECONDS, **options})
        except AWAY as error:
            first = first or error
    assert first is not None
    raise first


def _hosts_of(url: str) -> Iterator[str]:
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
    return await _asyncpg.create_pool(
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


async def _keep_as_it_is(_connection: DatabaseConnection) -> None:
    """Save the round trip that asyncpg's own reset costs; it still rolls back what was left open."""
