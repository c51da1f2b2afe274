"""Brings a database to the current schema by plain SQL files in dbmate's format.

A file is `NNNN_name.sql` with `-- migrate:up` and, for people, `-- migrate:down`. dbmate itself can take over at any
time: it keeps the same table.
"""

import asyncio
import logging
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import asyncpg
from msgspec import Struct

MIGRATIONS = Path(__file__).parent / "migrations"

_LOCK = 0x74696D6574756E61  # "timetuna"
_LOCK_PAUSE_SECONDS = 0.05
_FILE_NAME = re.compile(r"(?P<version>\d+)_\w+\.sql")
_DIRECTIVE = re.compile(r"^--[ \t]*migrate:(?P<direction>up|down)\b(?P<options>.*)$", re.MULTILINE)
_COMMENTS = re.compile(r"--.*$", re.MULTILINE)

_log = logging.getLogger(__name__)

# Who has had locks on this database's tables for longest. The statement that gave up doesn't say for which table.
_HOLDER = """
    select pid, application_name, extract(epoch from clock_timestamp() - xact_start)::integer as seconds,
        -- Not the query itself, which may hold somebody's name.
        to_char(query_start at time zone 'UTC', 'HH24:MI:SS') as query_began_at
    from pg_stat_activity
    where pid <> pg_backend_pid() and pid in (
        select l.pid from pg_locks as l join pg_database as d on d.oid = l.database
        where l.locktype = 'relation' and l.granted and d.datname = current_database()
    )
    order by xact_start
    limit 1
"""


class MigrationError(Exception):
    """The database couldn't be brought to the current schema; the text is one line for people."""


class MalformedMigrationError(MigrationError):
    """A migration file isn't what dbmate's format asks for."""


class FailedMigrationError(MigrationError):
    """PostgreSQL refused a migration: those before it stay applied, it is rolled back (unless `transaction:false`)."""


class NewerDatabaseError(MigrationError):
    """The database has a version that no file has: newer code ran on it."""


class LockPatience(Struct, frozen=True):
    """How long a migration waits for tables that others use.

    Whoever comes after a statement that waits for a lock waits as well, so it gives up soon and tries again later.

    Attributes:
        lock_timeout_ms: after this a statement gives up, and its file is rolled back.
        pause_seconds: what the others get between two tries.
        tries: after as many the migration has failed.
        report_seconds: how often a file with `transaction:false`, which waits without a limit, says that it goes on.
    """

    lock_timeout_ms: int = 1_000
    pause_seconds: float = 2
    tries: int = 100
    report_seconds: float = 30


PATIENCE = LockPatience()


class Reader(Protocol):
    """What looking takes: a connection or a pool."""

    async def fetch(self, query: str, /, *args: Any) -> Sequence[Any]: ...
    async def fetchval(self, query: str, /, *args: Any) -> Any: ...


class MigrationConnection(Protocol):
    """What this needs of an `asyncpg.Connection`, which has no types of its own."""

    async def execute(self, query: str, *args: Any) -> str: ...
    async def fetch(self, query: str, *args: Any) -> Sequence[Any]: ...
    async def fetchval(self, query: str, *args: Any) -> Any: ...
    def transaction(self) -> AbstractAsyncContextManager[Any]: ...
    def is_closed(self) -> bool: ...


class _Migration(Struct, frozen=True):
    name: str
    version: str
    up: str
    first_line: int
    in_transaction: bool


async def migrate(
    connection: MigrationConnection, folder: Path = MIGRATIONS, patience: LockPatience = PATIENCE
) -> list[str]:
    """Apply what is pending, in order, and return the names of the files applied. Two at once take turns.

    What it waits for is logged.

    Args:
        connection: a dedicated one, not from a pool: it holds a lock for as long as this takes.
        folder: files with `transaction:false` behind `-- migrate:up` hold one statement each.

    Raises:
        MigrationError: by its kinds, see above.
    """
    async with alone(connection):
        return await apply_pending(connection, folder, patience)


async def apply_pending(
    connection: MigrationConnection,
    folder: Path = MIGRATIONS,
    patience: LockPatience = PATIENCE,
    *,
    up_to: str | None = None,
) -> list[str]:
    """Do the same, for who is `alone` already, maybe inside a transaction; leave out what is newer than a version."""
    migrations = _read(folder)
    await connection.execute("create table if not exists schema_migrations (version varchar primary key)")
    owed = [each for each in await _owed(connection, migrations) if up_to is None or int(each.version) <= int(up_to)]
    for migration in owed:
        await _apply(connection, migration, patience)
    return [migration.name for migration in owed]


async def applied(connection: Reader) -> set[str]:
    """The versions of the migrations that a database has had."""
    rows = await connection.fetch("select version from schema_migrations")
    return {str(row["version"]) for row in rows}


async def pending(connection: Reader, folder: Path = MIGRATIONS) -> list[str]:
    """The names of the files that `migrate` would apply; changes nothing.

    Raises:
        MigrationError: as from `migrate`, short of applying.
    """
    return [migration.name for migration in await _owed(connection, _read(folder))]


@asynccontextmanager
async def alone(connection: MigrationConnection) -> AsyncGenerator[None]:
    """Keep other migrations of the database waiting for as long as the block lasts."""
    # Asked again and again: a waiting pg_advisory_lock holds a snapshot, for which the other's
    # `create index concurrently` would wait in turn.
    logged = False
    while not await connection.fetchval("select pg_try_advisory_lock($1)", _LOCK):
        if not logged:
            _log.warning("Waiting for another migration of this database to end")
            logged = True
        await asyncio.sleep(_LOCK_PAUSE_SECONDS)
    try:
        yield
    finally:
        if not connection.is_closed():
            await connection.execute("select pg_advisory_unlock($1)", _LOCK)


async def _owed(connection: Reader, migrations: Sequence[_Migration]) -> list[_Migration]:
    if await connection.fetchval("select to_regclass('schema_migrations')") is None:
        return list(migrations)
    done = await applied(connection)
    if unknown := done - {migration.version for migration in migrations}:
        raise NewerDatabaseError(
            f"The database is at version {max(unknown)}, which this TimeTuna doesn't know: it is older than the"
            " database. Run the newer one."
        )
    return [migration for migration in migrations if migration.version not in done]


async def _apply(connection: MigrationConnection, migration: _Migration, patience: LockPatience) -> None:
    try:
        if migration.in_transaction:
            await _apply_in_transaction(connection, migration, patience)
        else:
            # Without a lock_timeout: `create index concurrently` holds nobody up, and one that gives up leaves half an
            # index behind.
            async with _reported(migration, patience):
                await _run(connection, migration)
    except asyncpg.PostgresError as error:
        raise FailedMigrationError(f"{_place(migration, error)}: {error}") from error


async def _apply_in_transaction(connection: MigrationConnection, migration: _Migration, patience: LockPatience) -> None:
    for tries_left in reversed(range(patience.tries)):
        try:
            async with connection.transaction():
                await connection.execute(f"set local lock_timeout = {patience.lock_timeout_ms}")
                await _run(connection, migration)
        except asyncpg.LockNotAvailableError:
            if tries_left == 0:
                raise
            _log.warning("%s waits for a table that is in use%s", migration.name, await _holder(connection))
            await asyncio.sleep(patience.pause_seconds)
        else:
            return


@asynccontextmanager
async def _reported(migration: _Migration, patience: LockPatience) -> AsyncGenerator[None]:
    async def report() -> None:
        while True:
            await asyncio.sleep(patience.report_seconds)
            _log.warning("%s goes on; it may wait for transactions that began before it", migration.name)

    reporting = asyncio.create_task(report())
    try:
        yield
    finally:
        reporting.cancel()


async def _run(connection: MigrationConnection, migration: _Migration) -> None:
    await connection.execute(migration.up)
    await connection.execute("insert into schema_migrations (version) values ($1)", migration.version)


async def _holder(connection: MigrationConnection) -> str:
    rows = await connection.fetch(_HOLDER)
    return "".join(
        f", perhaps by session {row['pid']} ({row['application_name']}), in a transaction for {row['seconds']} s, "
        f"its last query from {row['query_began_at']} UTC on"
        for row in rows
    )


def _place(migration: _Migration, error: asyncpg.PostgresError) -> str:
    position = getattr(error, "position", None)
    if position is None:
        return migration.name
    line = migration.first_line + migration.up.count("\n", 0, int(position) - 1)
    return f"{migration.name}, line {line}"


def _read(folder: Path) -> list[_Migration]:
    migrations = sorted((_parse(path) for path in folder.glob("*.sql")), key=lambda one: int(one.version))
    if not migrations:
        raise MalformedMigrationError(f"{folder} holds no migrations.")
    for one, next_one in pairwise(migrations):
        if int(one.version) == int(next_one.version):
            raise MalformedMigrationError(f"{one.name} and {next_one.name} have the same version.")
    return migrations


def _parse(path: Path) -> _Migration:
    name = _FILE_NAME.fullmatch(path.name)
    if name is None:
        raise MalformedMigrationError(f"{path.name} isn't named NNNN_name.sql.")
    text = path.read_text(encoding="utf-8")
    directives = list(_DIRECTIVE.finditer(text))
    directions = [directive["direction"] for directive in directives]
    if directions not in (["up"], ["up", "down"]):
        raise MalformedMigrationError(
            f"{path.name} needs one '-- migrate:up', and at most one '-- migrate:down' below."
        )
    up = directives[0]
    if _COMMENTS.sub("", text[: up.start()]).strip():
        raise MalformedMigrationError(f"{path.name} has statements above its '-- migrate:up'.")
    options = up["options"].split()
    if not set(options) <= {"transaction:false", "transaction:true"}:
        raise MalformedMigrationError(f"{path.name} asks for {' '.join(options)}, which isn't known here.")
    return _Migration(
        name=path.name,
        version=name["version"],
        up=text[up.end() : directives[1].start() if len(directives) > 1 else None],
        first_line=text.count("\n", 0, up.end()) + 1,
        in_transaction="transaction:false" not in options,
    )
