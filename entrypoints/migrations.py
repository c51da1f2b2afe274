"""Bring a database to the current schema."""

import asyncpg

from adapters.postgres.migrate import migrate
from entrypoints.settings import SettingsError


async def bring_up_to_date(url: str) -> list[str]:
    """Apply what is missing and return its names.

    Raises:
        SettingsError: the database can't be reached with this URL.
        MigrationError: a file failed; its changes were rolled back.
    """
    try:
        connection = await asyncpg.connect(url)
    except (OSError, asyncpg.PostgresError) as error:
        raise SettingsError(f"TIMETUNA_DATABASE_URL can’t be used: {error}") from None
    try:
        return await migrate(connection)
    finally:
        await connection.close()
