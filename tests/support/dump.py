"""What a stolen copy of the database holds."""

from tests.support.postgres import StoreInPostgres

_TABLES = "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"


async def dump(store: StoreInPostgres) -> str:
    """Every row of every table as text; bytes in it are hexadecimal."""
    tables = [row["relname"] for row in await store.pool.fetch(_TABLES)]
    rows = [row[0] for table in tables for row in await store.pool.fetch(f"select t::text from {table} as t")]
    return "\n".join(rows)
