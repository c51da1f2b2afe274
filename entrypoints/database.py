"""Connections of commands and processes to the database; a failure is one line for the operator."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg

from adapters.postgres.pool import AWAY, Pool, connect, is_lost, open_pool
from entrypoints.errors import CommandError
from entrypoints.settings import SettingsError

OLD_SCHEMA = (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError, asyncpg.UndefinedFunctionError)
"""What is raised where something that this version asks for isn't there."""

UNREACHABLE = (ValueError, *AWAY)
"""What asyncpg raises when it can't connect, or can't even read its URL."""


def in_words(error: Exception) -> str:
    """What a person may read of it: what asyncpg says of a URL it can't read quotes pieces of the URL."""
    if not isinstance(error, ValueError):
        return str(error) or type(error).__name__
    return "it can’t be read; write it like postgresql://user:password@host:5432/database"


class UnreachableError(CommandError):
    """The database can't be reached, and why."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The database can’t be reached: {why}")
        self.why = why


@contextmanager
def reaching() -> Generator[None]:
    """Connect inside.

    Raises UnreachableError: the database can't be reached.
    """
    try:
        yield
    except UNREACHABLE as error:
        raise UnreachableError(in_words(error)) from None


@contextmanager
def named_by(setting: str) -> Generator[None]:
    """Use inside what a setting names.

    Raises SettingsError: the database can't be reached.
    """
    try:
        yield
    except UnreachableError as error:
        raise SettingsError(f"TIMETUNA_{setting} can’t be used: {error.why}") from None


@asynccontextmanager
async def connected(url: str, **options: Any) -> AsyncGenerator[Any]:
    """Hold one connection.

    Raises:
        UnreachableError: the database can't be reached.
        CommandError: it has gone meanwhile, has too little room, or is without its schema.
    """
    with reaching():
        connection = await connect(url, **options)
    try:
        with _using():
            yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def pooled(url: str) -> AsyncGenerator[Pool]:
    """Hold one connection, for whoever takes a pool.

    Raises:
        UnreachableError: the database can't be reached.
        CommandError: it has gone meanwhile, has too little room, or is without its schema.
    """
    with reaching():
        pool = await open_pool(url, min_size=1, max_size=1)
    async with pool:
        with _using():
            yield pool


@contextmanager
def _using() -> Generator[None]:
    try:
        yield
    except OLD_SCHEMA:
        raise CommandError(
            "The database’s schema is missing, or older than this version. Run “timetuna migrate”."
        ) from None
    except asyncpg.InsufficientResourcesError as error:
        raise CommandError(
            f"The database has too little room: {in_words(error)}. It lacks disk, memory or connections; make room, "
            "and run the command again."
        ) from None
    except Exception as error:
        if not is_lost(error):
            raise
        raise CommandError(
            f"The database went away meanwhile: {in_words(error)}. Run the command again once it is back."
        ) from None
