"""The first migration can be taken back."""

from typing import Any, cast

import asyncpg

from adapters.postgres.migrate import MIGRATIONS

_asyncpg = cast("Any", asyncpg)
_LEFT = """
    select relname from pg_class
    where relkind in ('r', 'S', 'v') and relnamespace = 'public'::regnamespace and relname <> 'schema_migrations'
"""


async def test_the_first_migration_can_be_taken_back(database_url: str) -> None:
    text = (MIGRATIONS / "0001_everything.sql").read_text(encoding="utf-8")
    _, _, down = text.partition("-- migrate:down")
    connection = await _asyncpg.connect(database_url)
    try:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(down)
        left = await connection.fetch(_LEFT)
        await transaction.rollback()
    finally:
        await connection.close()

    assert [] == left
