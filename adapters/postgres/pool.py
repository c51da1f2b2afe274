"""The pool of connections to PostgreSQL, as far as the adapters use one."""

from collections.abc import Iterator
from types import TracebackType
from typing import Any, Protocol, Self, cast

import asyncpg

# asyncpg has no types of its own.
_asyncpg = cast("Any", asyncpg)

COMMAND_TIMEOUT_SECONDS = 30

SERVER_SETTINGS = {
    "application_name": "timetuna",
    "timezone": "UTC",
    # Compiling costs more than any of these statements takes.
    "jit": "off",
    # Longer than a refresh that works takes, shorter than any job may run.
    "lock_timeout": "12s",
    # Rows that a stuck process has locked come free again.
    "idle_in_transaction_session_timeout": "60s",
}


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


async def open_pool(url: str, *, min_size: int = 2, max_size: int = 10) -> Pool:
    """Connect to a migrated database.

    No adapter may leave state in a session (no `set` but `set local`, no advisory locks but a transaction's):
    connections go from one user to the next as they are.
    """
    return await _asyncpg.create_pool(
        url,
        min_size=min_size,
        max_size=max_size,
        command_timeout=COMMAND_TIMEOUT_SECONDS,
        server_settings=SERVER_SETTINGS,
        reset=_keep_as_it_is,
        # A new connection has to prepare every statement again.
        max_queries=1_000_000_000,
    )


async def _keep_as_it_is(_connection: DatabaseConnection) -> None:
    """Save the round trip that asyncpg's own reset costs; it still rolls back what was left open."""
