"""Writes everything in a database to a stream, as of one instant, and fills an empty database from it.

A backup is SQL that `psql` reads, so that nobody needs this program to get at the data: two lines of comment, the
second with the manifest in JSON, a `copy` for each table, parents first, a `setval` for each sequence, and a comment
with the SHA-256 of all that comes before. Data is in COPY's text format, which doesn't depend on the server's version.
"""

import re
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from graphlib import TopologicalSorter
from hashlib import sha256
from typing import Any, Final

import asyncpg
import msgspec

from adapters.postgres.migrate import alone, applied, apply_pending

_TITLE: Final = "TimeTuna backup"
_FORMAT: Final = 1
_CHUNK_BYTES: Final = 256 * 1024

SERVER_SETTINGS: Final = {
    "application_name": "timetuna backup",
    "timezone": "UTC",
    # However long a table takes, and a person's answer.
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}

_TABLES: Final = """
    select c.relname as name,
        array(
            select a.attname::text from pg_attribute as a
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
            order by a.attnum
        ) as columns,
        array(
            select f.relname::text from pg_constraint as k join pg_class as f on f.oid = k.confrelid
            where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid
        ) as parents
    from pg_class as c
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relpersistence = 'p'
        and c.relname <> 'schema_migrations'
    order by c.relname
"""

_SEQUENCES: Final = (
    "select sequencename as name, last_value from pg_sequences where schemaname = current_schema() order by 1"
)

_SEALED: Final = """
    select table_name, column_name from information_schema.columns
    where table_schema = current_schema() and column_name like 'sealed\\_%'
"""

_SOMETHING: Final = """
    select c.relname from pg_class as c
    where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
        and c.relnamespace not in (
            'pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace
        )
        and not exists (
            select from pg_depend as d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
        )
    order by c.relname
    limit 1
"""

_OWED_FOR_LONG: Final = """
    select job, key from outbox
    where job = any($1) and coalesce(owed_since, first_due_at, due_at) < now() - $2::interval
"""

_DROP_JOBS: Final = """
    delete from outbox as o using unnest($1::text[], $2::text[]) as dropped (job, key)
    where o.job = dropped.job and o.key = dropped.key
"""

_COPY: Final = re.compile(rb'copy "(?P<table>\w+)" \((?P<columns>"\w+"(?:, "\w+")*)\) from stdin;\n')
_SETVAL: Final = re.compile(rb"select setval\('\"(?P<name>\w+)\"', (?P<value>-?\d+)\);\n")
_CHECKSUM: Final = re.compile(rb"-- sha256: (?P<digest>[0-9a-f]{64})\n")
_END_OF_DATA: Final = b"\\.\n"


class BackupError(Exception):
    """It can't be made or restored; the message is for the operator, and the database is as it was."""


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself.

    Attributes:
        format: of the backup; this program reads its own alone.
        version: of the program that has made it.
        schema: the versions of the migrations that its database had.
        made_at: the instant that it is of.
        keys: the fingerprints of the secret keys without which something in it can't be read.
        rows: how many each table has.
    """

    format: int
    version: str
    schema: tuple[str, ...]
    made_at: datetime
    keys: tuple[str, ...]
    rows: dict[str, int]


class _Form(msgspec.Struct, frozen=True):
    """As much of a manifest as every format has."""

    format: int


class _Table(msgspec.Struct, frozen=True):
    name: str
    columns: tuple[str, ...]
    parents: tuple[str, ...]


async def write_backup(connection: Any, write: Callable[[bytes], object], *, version: str, key: str) -> Manifest:
    """Write all that the database holds at one instant; processes go on meanwhile.

    Args:
        connection: to the database, of its own, with `SERVER_SETTINGS`.
        write: gets the backup in pieces.
        version: of this program.
        key: the fingerprint of the key that seals new secrets.

    Raises:
        BackupError: the database has no tables.
    """
    names = [_quoted(each.name) for each in await _tables(connection)]
    if not names:
        raise BackupError("There is nothing to back up: the database has no tables. Is it the right one?")
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        # Before the first query, which fixes the instant: a migration comes before all of it, or after.
        await connection.execute(f"lock table {', '.join(names)} in access share mode")
        tables = await _tables(connection)
        manifest = Manifest(
            _FORMAT,
            version,
            tuple(sorted(await applied(connection))),
            await connection.fetchval("select now()"),
            tuple(sorted({key, *await _keys(connection)})),
            {each.name: await connection.fetchval(f"select count(*) from {_quoted(each.name)}") for each in tables},
        )
        digest = sha256()

        def put(piece: bytes) -> None:
            digest.update(piece)
            write(piece)

        put(f"-- {_TITLE}\n-- ".encode() + msgspec.json.encode(manifest) + b"\n")
        for table in _parents_first(tables):
            await _copy_out(connection, table, put)
        for row in await connection.fetch(_SEQUENCES):
            # One that was never used has no value.
            if row["last_value"] is not None:
                put(f"select setval('{_quoted(row['name'])}', {row['last_value']});\n".encode())
        write(f"-- sha256: {digest.hexdigest()}\n".encode())
    return manifest


async def _tables(connection: Any) -> list[_Table]:
    rows = await connection.fetch(_TABLES)
    return [_Table(row["name"], tuple(row["columns"]), tuple(row["parents"])) for row in rows]


def _parents_first(tables: Iterable[_Table]) -> Iterator[_Table]:
    named = {each.name: each for each in tables}
    order = TopologicalSorter({each.name: each.parents for each in named.values()}).static_order()
    return (named[name] for name in order)


async def _keys(connection: Any) -> set[str]:
    """The keys that something is sealed with."""
    found: set[str] = set()
    for row in await connection.fetch(_SEALED):
        column, table = _quoted(row["column_name"]), _quoted(row["table_name"])
        # The name of the key, as the vault puts it into what it seals.
        sql = f"select distinct encode(substring({column} from 2 for 8), 'hex') as key from {table}"
        found |= {each["key"] for each in await connection.fetch(sql)}
    return found


def _quoted(name: str) -> str:
    return f'"{name}"'


async def _copy_out(connection: Any, table: _Table, put: Callable[[bytes], None]) -> None:
    columns = ", ".join(map(_quoted, table.columns))
    put(f"copy {_quoted(table.name)} ({columns}) from stdin;\n".encode())

    async def take(piece: bytes) -> None:
        put(piece)

    # By a query, for it leaves generated columns out under any version.
    await connection.copy_from_query(f"select {columns} from {_quoted(table.name)}", output=take)
    put(_END_OF_DATA)


class Restoring:
    """A database that is being filled, in one transaction: it is committed when the block ends, or stays empty."""

    def __init__(self, connection: Any, manifest: Manifest) -> None:
        self._connection = connection
        self.manifest = manifest

    async def owed_for(self, jobs: Iterable[str], longer_than: timedelta) -> list[tuple[str, str]]:
        """The names of the jobs of these kinds that have been due for so long."""
        rows = await self._connection.fetch(_OWED_FOR_LONG, list(jobs), longer_than)
        return [(row["job"], row["key"]) for row in rows]

    async def drop(self, jobs: Iterable[tuple[str, str]]) -> None:
        """Take jobs out of what is owed."""
        kinds, keys = [*zip(*jobs, strict=True)] or ((), ())
        await self._connection.execute(_DROP_JOBS, kinds, keys)


@asynccontextmanager
async def restoring(
    connection: Any, lines: Iterator[bytes], check: Callable[[Manifest], None]
) -> AsyncGenerator[Restoring]:
    """Fill an empty database with a backup, and bring it to this program's schema.

    Args:
        connection: to the database, of its own, with `SERVER_SETTINGS`.
        lines: of the backup.
        check: raises where the backup isn't to be restored here; called before anything else.

    Raises:
        BackupError: the backup is damaged or made by a newer program, or the database isn't empty.
    """
    backup = _Reader(lines)
    manifest = backup.manifest()
    check(manifest)
    async with alone(connection):
        if something := await connection.fetchval(_SOMETHING):
            raise BackupError(
                f"The database isn’t empty: it has “{something}”. Restore into a new one, and don’t migrate it before."
            )
        async with connection.transaction():
            await _migrated_to(connection, manifest.schema)
            await _load(connection, backup, manifest.rows)
            await apply_pending(connection)
            names = [_quoted(each.name) for each in await _tables(connection)]
            await connection.execute(f"analyze {', '.join(names)}")
            yield Restoring(connection, manifest)


async def _migrated_to(connection: Any, schema: tuple[str, ...]) -> None:
    await apply_pending(connection, up_to=max(schema, key=int))
    if set(schema) != await applied(connection):
        raise BackupError(
            f"The backup’s database was at version {max(schema, key=int)}, which this TimeTuna doesn’t know. "
            "Restore it with the version that made it, or a newer one."
        )


async def _load(connection: Any, backup: "_Reader", rows: Mapping[str, int]) -> None:
    known = {each.name: each for each in await _tables(connection)}
    loaded: dict[str, int] = {}
    try:
        for table, columns in backup.tables():
            if table not in known or not set(columns) <= set(known[table].columns):
                raise BackupError(f"The backup’s table “{table}” isn’t one that this TimeTuna has.")
            status: str = await connection.copy_to_table(table, source=backup.data(), columns=columns, format="text")
            loaded[table] = int(status.removeprefix("COPY "))
        for name, value in backup.sequences():
            await connection.execute("select setval($1, $2)", _quoted(name), value)
    except asyncpg.PostgresError as error:
        raise BackupError(f"The backup is damaged: PostgreSQL refuses what is in it ({error.sqlstate}).") from error
    if loaded != dict(rows):
        raise BackupError("The backup is damaged: its tables don’t have as many rows as its first lines say.")


class _Reader:
    """Reads a backup from its first line to its checksum, which has to be the last."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._line = b""
        self._before = sha256()
        """Of all lines before the current one."""

    def manifest(self) -> Manifest:
        if self._next() != f"-- {_TITLE}\n".encode():
            raise BackupError("This is no backup of TimeTuna.")
        try:
            # Another format may have another manifest.
            form = msgspec.json.decode(self._next().removeprefix(b"-- "), type=_Form).format
            manifest = msgspec.json.decode(self._line.removeprefix(b"-- "), type=Manifest) if form == _FORMAT else None
        except msgspec.DecodeError:
            raise BackupError("The backup is damaged: its second line can’t be read.") from None
        if manifest is None or not manifest.schema or not all(map(str.isdecimal, manifest.schema)):
            raise BackupError("The backup has a form that this TimeTuna doesn’t know. Restore it with a newer one.")
        self._next()
        return manifest

    def tables(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The tables with their columns; the data of each has to be read before the next one is asked for."""
        while found := _COPY.fullmatch(self._line):
            yield found["table"].decode(), tuple(each.strip('"') for each in found["columns"].decode().split(", "))

    async def data(self) -> AsyncGenerator[bytes]:
        piece = bytearray()
        while (line := self._next()) != _END_OF_DATA:
            piece += line
            if len(piece) >= _CHUNK_BYTES:
                yield bytes(piece)
                piece.clear()
        if piece:
            yield bytes(piece)
        self._next()

    def sequences(self) -> Iterator[tuple[str, int]]:
        """The sequences with their values; then the checksum has to follow, and nothing else."""
        while found := _SETVAL.fullmatch(self._line):
            yield found["name"].decode(), int(found["value"])
            self._next()
        found = _CHECKSUM.fullmatch(self._line)
        if found is None or found["digest"].decode() != self._before.hexdigest() or next(self._lines, b""):
            raise BackupError("The backup is damaged: its checksum doesn’t fit what is in it.")

    def _next(self) -> bytes:
        self._before.update(self._line)
        self._line = next(self._lines, b"")
        if not self._line.endswith(b"\n"):
            raise BackupError("The backup is damaged: it ends too early.")
        return self._line
