"""Bring a database to the current schema."""

from adapters.postgres.migrate import MigrationError, migrate
from entrypoints.database import connected
from entrypoints.errors import CommandError


async def bring_up_to_date(url: str) -> list[str]:
    """Apply what is missing and return its names.

    Raises:
        UnreachableError: the database can't be reached.
        CommandError: a file failed, or the database went away; its changes were rolled back.
    """
    async with connected(url) as connection:
        try:
            return await migrate(connection)
        except MigrationError as error:
            raise CommandError(str(error)) from None
