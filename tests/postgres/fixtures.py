"""A database for each test: the current schema, nothing in it, and gone afterwards."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from itertools import count
from secrets import token_urlsafe
from typing import Any, cast

import asyncpg
import pytest

from adapters.postgres.accounts import (
    PostgresApiTokens,
    PostgresAuthorizations,
    PostgresRateLimiter,
    PostgresSessions,
)
from adapters.postgres.backlog import PostgresBacklog
from adapters.postgres.changes import PostgresBookingChanges
from adapters.postgres.embedded.server import EmbeddedPostgres
from adapters.postgres.migrate import migrate
from adapters.postgres.pool import Pool, open_pool
from adapters.postgres.unit_of_work import PostgresStore
from adapters.postgres.views import PostgresViews

_number = count(1)
_asyncpg = cast("Any", asyncpg)


class CountedIds:
    def new_id(self) -> str:
        return f"id-{next(_number):08}"

    def new_token(self) -> str:
        return token_urlsafe(32)


class LabellingVault:
    """Seals nothing, but opens only what was sealed for the same context."""

    def seal(self, plain: bytes, context: str) -> bytes:
        return f"{context}\n".encode() + plain[::-1]

    def open(self, sealed: bytes, context: str) -> bytes:
        label, _, turned = sealed.partition(b"\n")
        assert context.encode() == label
        return turned[::-1]


class PostgresTestStore:
    """Everything that is stored, in one database; `nudges` counts how often the relay was told of work."""

    def __init__(self, pool: Pool, changes: PostgresBookingChanges) -> None:
        vault, ids = LabellingVault(), CountedIds()
        self.pool = pool
        self.nudges = 0
        self.begin = PostgresStore(pool, vault, self._nudge).begin
        self.backlog = PostgresBacklog(pool)
        self.views = PostgresViews(pool)
        self.changes = changes
        self.sessions = PostgresSessions(pool, ids)
        self.api_tokens = PostgresApiTokens(pool, ids)
        self.authorizations = PostgresAuthorizations(pool, vault)
        self.rate_limiter = PostgresRateLimiter(pool)

    def _nudge(self) -> None:
        self.nudges += 1


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server whose database `template` has the current schema."""
    folder = tmp_path_factory.mktemp("postgres")
    with EmbeddedPostgres(folder, durable=False) as server:
        asyncio.run(_make_template(server.url))
        yield server.url
    # As root, the data may lie elsewhere.
    home = (folder / "data").resolve().parent
    shutil.rmtree(folder)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
async def postgres_url(postgres_server: str) -> AsyncIterator[str]:
    name = f"test_{next(_number)}"
    await _execute(postgres_server, f"create database {name} template template_of_ours strategy file_copy")
    yield _with_name(postgres_server, name)
    await _execute(postgres_server, f"drop database {name} with (force)")


@pytest.fixture
async def postgres_store(postgres_url: str) -> AsyncIterator[PostgresTestStore]:
    async with await open_pool(postgres_url) as pool, PostgresBookingChanges(postgres_url) as changes:
        await changes.listening()
        yield PostgresTestStore(pool, changes)


async def _make_template(url: str) -> None:
    await _execute(url, "create database template_of_ours")
    connection = await _asyncpg.connect(_with_name(url, "template_of_ours"))
    try:
        await migrate(connection)
    finally:
        await connection.close()


async def _execute(url: str, sql: str) -> None:
    connection = await _asyncpg.connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


def _with_name(url: str, name: str) -> str:
    return url.rpartition("/")[0] + f"/{name}"
