"""The migrations can be taken back."""

from typing import Any, cast

import asyncpg

from adapters.postgres.migrate import MIGRATIONS

_asyncpg = cast("Any", asyncpg)
_LEFT = """
    select relname from pg_class
    where relkind in ('r', 'S', 'v') and relnamespace = 'public'::regnamespace and relname <> 'schema_migrations'
"""


async def test_all_migrations_can_be_taken_back_newest_first(database_url: str) -> None:
    connection = await _asyncpg.connect(database_url)
    try:
        transaction = connection.transaction()
        await transaction.start()
        for file in sorted(MIGRATIONS.glob("*.sql"), reverse=True):
            _, _, down = file.read_text(encoding="utf-8").partition("-- migrate:down")
            await connection.execute(down)
        left = await connection.fetch(_LEFT)
        await transaction.rollback()
    finally:
        await connection.close()

    assert [] == left
