"""Calls that are made at once."""

import asyncio
from collections.abc import Awaitable, Iterable


async def all_of(works: Iterable[Awaitable[None]]) -> None:
    """Let all of them come to their end, and only then raise what the first one of those that failed has raised."""
    for ended in await asyncio.gather(*works, return_exceptions=True):
        if ended is not None:
            raise ended
