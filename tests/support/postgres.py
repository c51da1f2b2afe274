"""One PostgreSQL for all tests of a run, started by the first that needs it.

The first worker that needs the server starts it, with a migrated database to copy from; that worker also stops it, once
no other one uses it any more. Each worker has a database of its own, which is emptied before each test.
"""

import asyncio
import fcntl
import os
import shutil
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import urlsplit

import asyncpg
import msgspec

from adapters.postgres.accounts import PostgresAuthorizations
from adapters.postgres.api_tokens import PostgresBearerTokens
from adapters.postgres.backlog import PostgresBacklog
from adapters.postgres.changes import PostgresChanges
from adapters.postgres.embedded.postmaster import running_server
from adapters.postgres.embedded.reachable_folders import OF, PLACES
from adapters.postgres.embedded.server import EmbeddedPostgres
from adapters.postgres.migrate import migrate
from adapters.postgres.pool import Pool, open_pool
from adapters.postgres.rate_limiter import PostgresRateLimiter
from adapters.postgres.sessions import PostgresSessions
from adapters.postgres.unit_of_work import PostgresStore
from adapters.postgres.views import PostgresViews
from adapters.vault.system import SystemIds
from adapters.vault.tokens import TokenVault
from application.ports.unit_of_work import Begin
from domain.security_events import SecurityEvent

ANOTHER_SERVER = "TESTS_POSTGRES_URL"
"""Names a server that runs already, of another version of PostgreSQL for example."""

_TEMPLATE = "template_for_workers"
_SETTINGS = {"max_connections": "400"}
KEY = bytes(range(32))
"""What seals secrets in tests."""

EMPTY = """
    do $$
    begin
        execute (
            with recursive tables as (
                select oid from pg_class
                where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'schema_migrations'
            ), levels (oid, level) as (
                select oid, 0 from tables
                union all
                select confrelid, level + 1 from levels join pg_constraint on conrelid = levels.oid
                where contype = 'f' and confrelid <> conrelid
            ), deletions as (
                select 'delete from ' || oid::regclass::text as statement, max(level) as level from levels group by oid
            )
            select string_agg(statement, '; ' order by level) from deletions
        );
    end
    $$
"""
"""Rows go before those they refer to. To truncate the tables takes a hundred times as long."""

# asyncpg has no types of its own.
_asyncpg = cast("Any", asyncpg)


class StoreInPostgres(msgspec.Struct):
    """All of PostgreSQL's adapters on one database, under the names that the fake has.

    Attributes:
        told: the security events that were passed on.
    """

    pool: Pool
    begin: Begin
    told: list[SecurityEvent]
    backlog: PostgresBacklog
    views: PostgresViews
    changes: PostgresChanges
    sessions: PostgresSessions
    bearer_tokens: PostgresBearerTokens
    authorizations: PostgresAuthorizations
    rate_limiter: PostgresRateLimiter


@asynccontextmanager
async def store_in(url: str) -> AsyncGenerator[StoreInPostgres]:
    """Open a store on an empty database."""
    vault, ids = TokenVault([KEY]), SystemIds()
    async with await open_pool(url, min_size=1) as pool, PostgresChanges(url) as changes:
        await pool.execute(EMPTY)
        await changes.listening()
        told: list[SecurityEvent] = []
        yield StoreInPostgres(
            pool=pool,
            begin=PostgresStore(pool, vault, watch=told.append).begin,
            told=told,
            backlog=PostgresBacklog(pool),
            views=PostgresViews(pool, vault),
            changes=changes,
            sessions=PostgresSessions(pool, ids),
            bearer_tokens=PostgresBearerTokens(pool),
            authorizations=PostgresAuthorizations(pool, vault),
            rate_limiter=PostgresRateLimiter(pool.fetchrow),
        )


def forget_databases_of(folder: Path) -> None:
    """Remove what demos in this folder have stored elsewhere, as root: they keep it, wherever their folders go."""
    for place in PLACES:
        for marker in place.glob(f"data-*/{OF}"):
            is_ours = Path(marker.read_text(encoding="utf-8")).is_relative_to(folder.resolve())
            if is_ours and running_server(marker.with_name("data")) is None:
                shutil.rmtree(marker.parent, ignore_errors=True)


@contextmanager
def database_of(worker: str, run_folder: Path) -> Generator[str]:
    """Give one worker a migrated database of its own, as a URL; nothing of the server outlives its last user.

    Args:
        run_folder: the same for all workers of a run, and no other run's.
    """
    if another := os.environ.get(ANOTHER_SERVER):
        asyncio.run(_execute(another, f"create database {worker}"))
        asyncio.run(_migrated(_named(another, worker)))
        yield _named(another, worker)
        return
    folder = run_folder / "postgres"
    folder.mkdir(exist_ok=True)
    with (folder / "users.lock").open("w") as users:
        with (folder / "start.lock").open("w") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            # Shared by all users; whoever stops the server wants it alone.
            fcntl.flock(users, fcntl.LOCK_SH)
            server = None if (folder / "url").exists() else _start(folder)
            server_url = (folder / "url").read_text(encoding="ascii")
            asyncio.run(_execute(server_url, f"create database {worker} template {_TEMPLATE}"))
        try:
            yield _named(server_url, worker)
        finally:
            if server is not None:
                _stop(server, folder, users)


def _start(folder: Path) -> EmbeddedPostgres:
    server = EmbeddedPostgres(folder / "server", durable=False, settings=_SETTINGS)
    server.start()
    asyncio.run(_execute(server.url, f"create database {_TEMPLATE}"))
    asyncio.run(_migrated(_named(server.url, _TEMPLATE)))
    (folder / "url").write_text(server.url, encoding="ascii")
    return server


def _stop(server: EmbeddedPostgres, folder: Path, users: IO[str]) -> None:
    fcntl.flock(users, fcntl.LOCK_UN)
    fcntl.flock(users, fcntl.LOCK_EX)
    (folder / "url").unlink()
    server.stop()
    # As root, the data may lie elsewhere, behind a link.
    home = (folder / "server" / "data").resolve().parent
    shutil.rmtree(folder / "server")
    shutil.rmtree(home, ignore_errors=True)


async def _execute(url: str, sql: str) -> None:
    connection = await _asyncpg.connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def _migrated(url: str) -> None:
    connection = await _asyncpg.connect(url)
    try:
        await migrate(connection)
    finally:
        await connection.close()


def _named(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()
