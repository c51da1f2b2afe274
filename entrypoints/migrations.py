"""Bring a database to the current schema."""

import asyncpg

from adapters.postgres.migrate import MigrationError, migrate
from adapters.postgres.pool import AWAY, connect
from entrypoints.errors import CommandError
from entrypoints.settings import SettingsError

UNREACHABLE = (ValueError, *AWAY)
"""What asyncpg raises when it can't connect, or can't even read its URL."""


def in_words(error: Exception) -> str:
    """What a person may read of it: what asyncpg says of a URL it can't read quotes pieces of the URL."""
    if isinstance(error, asyncpg.PostgresError | asyncpg.TargetServerAttributeNotMatched | OSError):
        return str(error) or type(error).__name__
    return "it can’t be read; write it like postgresql://user:password@host:5432/database"


async def bring_up_to_date(url: str) -> list[str]:
    """Apply what is missing and return its names.

    Raises:
        SettingsError: the database can't be reached with this URL.
        CommandError: a file failed; its changes were rolled back.
    """
    try:
        connection = await connect(url)
    except UNREACHABLE as error:
        raise SettingsError(f"TIMETUNA_DATABASE_URL can’t be used: {in_words(error)}") from None
    try:
        return await migrate(connection)
    except MigrationError as error:
        raise CommandError(str(error)) from None
    finally:
        await connection.close()
