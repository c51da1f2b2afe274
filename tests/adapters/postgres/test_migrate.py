import asyncio
import shutil
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol, cast
from uuid import uuid4

import asyncpg
import pytest

from adapters.postgres.embedded.server import EmbeddedPostgres
from adapters.postgres.migrate import (
    FailedMigrationError,
    LockPatience,
    MalformedMigrationError,
    MigrationConnection,
    NewerDatabaseError,
    migrate,
    pending,
)
from tests.support.processes import PATIENCE

IMPATIENT = LockPatience(lock_timeout_ms=20, pause_seconds=0.02, tries=3)
PERSISTENT = LockPatience(lock_timeout_ms=20, pause_seconds=0.02)


class ClosingConnection(MigrationConnection, Protocol):
    async def close(self) -> None: ...


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    folder = tmp_path_factory.mktemp("postgres")
    with EmbeddedPostgres(folder, durable=False) as server:
        yield server
    # As root, the data may lie elsewhere.
    home = (folder / "data").resolve().parent
    shutil.rmtree(folder)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
async def url(server: EmbeddedPostgres) -> str:
    name = f"test_{uuid4().hex}"
    async with connected(server.url) as connection:
        await connection.execute(f"create database {name}")
    return server.url.removesuffix("timetuna") + name


@pytest.fixture
async def connection(url: str) -> AsyncIterator[MigrationConnection]:
    async with connected(url) as connection:
        yield connection


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "0002_second.sql", "insert into steps values ('second');")
    write(tmp_path, "0001_first.sql", "create table steps (name text); insert into steps values ('first');")
    return tmp_path


async def test_files_are_applied_in_order_and_named(connection: MigrationConnection, folder: Path) -> None:
    assert ["0001_first.sql", "0002_second.sql"] == await migrate(connection, folder)

    assert ["first", "second"] == await steps(connection)


async def test_a_second_run_changes_nothing(connection: MigrationConnection, folder: Path) -> None:
    await migrate(connection, folder)

    assert [] == await migrate(connection, folder)
    assert ["first", "second"] == await steps(connection)


async def test_a_file_that_came_later_is_applied_alone(connection: MigrationConnection, folder: Path) -> None:
    await migrate(connection, folder)
    write(folder, "0010_third.sql", "insert into steps values ('third');")

    assert ["0010_third.sql"] == await migrate(connection, folder)
    assert ["first", "second", "third"] == await steps(connection)


async def test_what_goes_down_isnt_applied(connection: MigrationConnection, folder: Path) -> None:
    (folder / "0003_third.sql").write_text(
        "-- migrate:up\ninsert into steps values ('third');\n\n-- migrate:down\ndrop table steps;\n"
    )

    await migrate(connection, folder)

    assert ["first", "second", "third"] == await steps(connection)


async def test_what_is_pending_is_told_without_a_change(connection: MigrationConnection, folder: Path) -> None:
    assert ["0001_first.sql", "0002_second.sql"] == await pending(connection, folder)
    assert await connection.fetchval("select to_regclass('schema_migrations') is null")

    await migrate(connection, folder)

    assert [] == await pending(connection, folder)


async def test_the_versions_are_kept_where_dbmate_keeps_them(connection: MigrationConnection, folder: Path) -> None:
    await migrate(connection, folder)

    rows = await connection.fetch("select version from schema_migrations order by version")
    assert ["0001", "0002"] == [row["version"] for row in rows]


async def test_a_database_that_dbmate_migrated_is_taken_over(connection: MigrationConnection, folder: Path) -> None:
    await connection.execute("create table schema_migrations (version varchar(128) primary key)")
    await connection.execute("insert into schema_migrations values ('0001')")
    await connection.execute("create table steps (name text)")

    assert ["0002_second.sql"] == await migrate(connection, folder)


async def test_many_migrators_at_once_apply_everything_once(url: str, folder: Path) -> None:
    async def one() -> list[str]:
        async with connected(url) as connection:
            return await migrate(connection, folder)

    applied = await asyncio.gather(*(one() for _ in range(5)))

    assert ["0001_first.sql", "0002_second.sql"] == sorted(name for names in applied for name in names)
    async with connected(url) as connection:
        assert ["first", "second"] == await steps(connection)


async def test_migrators_at_once_dont_block_an_index_that_is_made_concurrently(url: str, folder: Path) -> None:
    write(folder, "0003_index.sql", "create index concurrently by_name on steps (name);", "transaction:false")

    async def one() -> list[str]:
        async with connected(url) as connection:
            return await migrate(connection, folder)

    applied = await asyncio.gather(*(one() for _ in range(5)))

    assert 1 == sum("0003_index.sql" in names for names in applied)


async def test_a_failing_file_is_rolled_back_and_named_with_its_line(
    connection: MigrationConnection, folder: Path
) -> None:
    (folder / "0003_third.sql").write_text(
        "-- Why this is needed.\n-- migrate:up\ninsert into steps values ('third');\n\nselect nothing_there();\n"
    )

    with pytest.raises(FailedMigrationError, match=r"^0003_third\.sql, line 5: .*nothing_there"):
        await migrate(connection, folder)

    assert ["first", "second"] == await steps(connection)
    assert ["0003_third.sql"] == await pending(connection, folder)


async def test_after_a_failure_another_migrator_can_go_on(url: str, folder: Path) -> None:
    write(folder, "0003_third.sql", "insert into steps values (1 / 0);")
    async with connected(url) as first, connected(url) as second:
        with pytest.raises(FailedMigrationError, match=r"^0003_third\.sql: division by zero"):
            await migrate(first, folder)
        write(folder, "0003_third.sql", "insert into steps values ('third');")

        assert ["0003_third.sql"] == await migrate(second, folder)


async def test_a_failure_that_no_transaction_covers_is_named_too(connection: MigrationConnection, folder: Path) -> None:
    write(folder, "0003_index.sql", "create index concurrently by_age on steps (age);", "transaction:false")

    with pytest.raises(FailedMigrationError, match=r'^0003_index\.sql.*"age" does not exist'):
        await migrate(connection, folder)

    assert ["0003_index.sql"] == await pending(connection, folder)


async def test_a_migration_waits_for_a_session_that_holds_its_table_and_lets_others_pass(
    url: str, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(url) as migrator, connected(url) as holder, connected(url) as reader:
        pid = await holder.fetchval("select pg_backend_pid()")
        await migrate(migrator, folder)
        write(folder, "0003_third.sql", "alter table steps add column at timestamptz;")
        async with holder.transaction():
            await holder.execute("lock table steps in access share mode")
            migration = asyncio.create_task(migrate(migrator, folder, PERSISTENT))
            await until(lambda: len(caplog.messages) >= 2)

            assert ["first", "second"] == await asyncio.wait_for(steps(reader), PATIENCE)
            assert not migration.done()

        assert ["0003_third.sql"] == await migration

    assert caplog.messages[0].startswith(f"0003_third.sql waits for a table that is in use, perhaps by session {pid} ")
    assert "its last query from" in caplog.messages[0]
    assert "lock table" not in caplog.messages[0]


async def test_an_index_that_is_made_concurrently_says_that_it_waits_for_older_transactions(
    url: str, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(url) as migrator, connected(url) as holder:
        await migrate(migrator, folder)
        write(folder, "0003_index.sql", "create index concurrently by_name on steps (name);", "transaction:false")
        async with holder.transaction():
            await holder.execute("lock table steps in row exclusive mode")
            migration = asyncio.create_task(migrate(migrator, folder, LockPatience(report_seconds=0.02)))
            await until(lambda: len(caplog.messages) >= 2)

        assert ["0003_index.sql"] == await migration

    assert "0003_index.sql goes on; it may wait for transactions that began before it" == caplog.messages[0]


async def test_a_migration_that_waited_in_vain_changes_nothing(url: str, folder: Path) -> None:
    async with connected(url) as migrator, connected(url) as holder:
        await migrate(migrator, folder)
        write(folder, "0003_third.sql", "insert into steps values ('third'); alter table steps add column at date;")
        async with holder.transaction():
            await holder.execute("lock table steps in access share mode")

            with pytest.raises(FailedMigrationError, match=r"^0003_third\.sql: .*lock timeout"):
                await migrate(migrator, folder, IMPATIENT)

        assert ["first", "second"] == await steps(migrator)


async def test_whoever_waits_for_another_migration_says_so(
    url: str, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(url) as migrator, connected(url) as other, connected(url) as holder:
        await migrate(other, folder)
        write(folder, "0003_third.sql", "alter table steps add column at timestamptz;")
        async with holder.transaction():
            await holder.execute("lock table steps in access share mode")
            tasks = [asyncio.create_task(migrate(each, folder, PERSISTENT)) for each in (migrator, other)]
            await until(lambda: "Waiting for another migration of this database to end" in caplog.messages)

        applied = await asyncio.gather(*tasks)

    assert [[], ["0003_third.sql"]] == sorted(applied)


@pytest.mark.parametrize("act", [migrate, pending])
async def test_a_database_that_newer_code_migrated_is_refused(
    connection: MigrationConnection, folder: Path, act: "Act"
) -> None:
    await migrate(connection, folder)
    await connection.execute("insert into schema_migrations values ('0007')")

    with pytest.raises(NewerDatabaseError, match="at version 0007"):
        await act(connection, folder)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("third.sql", "-- migrate:up\nselect 1;\n"),
        ("0003_third.sql", "select 1;\n"),
        ("0003_third.sql", "-- migrate:down\nselect 1;\n-- migrate:up\nselect 1;\n"),
        ("0003_third.sql", "-- migrate:up\nselect 1;\n-- migrate:up\nselect 2;\n"),
        ("0003_third.sql", "select 0;\n-- migrate:up\nselect 1;\n"),
        ("0003_third.sql", "-- migrate:up transaction:maybe\nselect 1;\n"),
        ("0002_third.sql", "-- migrate:up\nselect 1;\n"),
    ],
)
async def test_a_malformed_file_is_named_before_anything_is_applied(
    connection: MigrationConnection, folder: Path, name: str, text: str
) -> None:
    (folder / name).write_text(text)

    with pytest.raises(MalformedMigrationError, match=name):
        await migrate(connection, folder)

    assert await connection.fetchval("select to_regclass('steps') is null")


async def test_a_folder_without_migrations_is_a_mistake(connection: MigrationConnection, tmp_path: Path) -> None:
    with pytest.raises(MalformedMigrationError, match="holds no migrations"):
        await migrate(connection, tmp_path)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.01)


class Act(Protocol):
    async def __call__(self, connection: MigrationConnection, folder: Path) -> list[str]: ...


@asynccontextmanager
async def connected(url: str) -> AsyncGenerator[MigrationConnection]:
    # asyncpg has no types.
    opened = await asyncpg.connect(url)
    connection = cast("ClosingConnection", opened)
    try:
        yield connection
    finally:
        await connection.close()


def write(folder: Path, name: str, up: str, options: str = "") -> None:
    (folder / name).write_text(f"-- migrate:up {options}\n{up}\n")


async def steps(connection: MigrationConnection) -> list[str]:
    return [row["name"] for row in await connection.fetch("select name from steps order by name")]
