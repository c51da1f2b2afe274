"""Look-ups by a name that somebody sent."""

from adapters.postgres.pool import Queries, Row


async def first(queries: Queries, sql: str, *args: object) -> Row | None:
    """Fetch the first row; text that PostgreSQL can't hold names nothing."""
    if not all(_can_be_stored(arg) for arg in args):
        return None
    return await queries.fetchrow(sql, *args)


async def every(queries: Queries, sql: str, *args: object) -> list[Row]:
    """Fetch all rows, as `first` does the first."""
    return await queries.fetch(sql, *args) if all(map(_can_be_stored, args)) else []


def _can_be_stored(arg: object) -> bool:
    if not isinstance(arg, str):
        return True
    if "\0" in arg:
        return False
    # Lone surrogates have no UTF-8.
    return arg.isascii() or not any("\ud800" <= char <= "\udfff" for char in arg)
